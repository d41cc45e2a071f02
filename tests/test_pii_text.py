"""Personal data in texts: places, tables, what is shown and what is mended."""

from __future__ import annotations

import random

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.config import Config
from llmsec_nb.core.rule import Confidence
from llmsec_nb.rules.pii.recognizer import Scene, is_named, resolve, speaks_of, within
from llmsec_nb.rules.pii.text import analyze, clusters, engine

from .growth import grows_within
from .personal import PERSONAL

PII = Config(select=("pii",))


def made(name: str, seed: int = 1) -> str:
    return PERSONAL[name](random.Random(seed))


def places(text: str, name: str) -> list[tuple[str, int, int, int]]:
    report = check_text(text, name, PII)
    assert report.failures == ()
    return [
        (f.rule, f.location.line, f.location.column, f.location.end_column) for f in report.findings
    ]


def html_table(header: str, values: list[str]) -> str:
    rows = "".join(f"<tr><th>{n}</th><td>{value}</td></tr>" for n, value in enumerate(values))
    return f"<table><thead><tr><th></th><th>{header}</th></tr></thead><tbody>{rows}</tbody></table>"


def test_exact_places() -> None:
    email, card = made("email"), made("card")
    text = f"first line\nwrite to {email}, pay with {card}."
    at = 22 + len(email)
    assert places(text, "a.md") == [
        ("PII101", 1, 9, 9 + len(email)),
        ("PII201", 1, at - 2, at - 2 + len(card)),
    ]


def test_a_table_is_one_finding_for_a_column() -> None:
    values = [made("email", seed) for seed in range(7)]
    report = check_text(html_table("contact", values), "a.html", PII)
    (finding,) = report.findings
    assert finding.message == "E-mail address in clear text in 7 of the 7 rows shown"
    assert finding.location.column == html_table("contact", values).index(values[0])


def test_mail_of_a_role_in_a_table_does_not_hide_the_others() -> None:
    values = [made("email", seed) for seed in range(4)] + ["plain words", "12"]
    (finding,) = check_text(html_table("contact", values), "a.html", PII).findings
    assert finding.message == "E-mail address in clear text in 4 of the 6 rows shown"


def test_text_beside_a_table_is_still_read() -> None:
    values = [made("email", seed) for seed in range(4)]
    page = f"<p>Ask {made('email', 77)}</p>" + html_table("contact", values)
    assert [f.message for f in check_text(page, "a.html", PII).findings] == [
        "E-mail address in clear text",
        "E-mail address in clear text in 4 of the 4 rows shown",
    ]


def test_a_printed_table_is_one_finding_for_a_column() -> None:
    rows = [f"{n}  {made('card', n)}  {n * 17}" for n in range(5)]
    report = check_text("   card                 amount\n" + "\n".join(rows), "a.txt", PII)
    (finding,) = report.findings
    assert finding.message == "Number of a payment card in clear text in 5 lines (Visa)"


def test_masks_of_a_column_leave_nothing() -> None:
    values = [made("email", seed) for seed in range(5)]
    page = html_table("contact", values)
    (finding,) = check_text(page, "a.html", PII).findings
    (fix,) = [fix for fix in finding.fixes if fix.kind == "mask"]
    assert fix.description == "Mask 5 values"
    for edit in reversed(fix.edits):
        page = page[: edit.start] + edit.replacement + page[edit.end :]
    assert not any(value in page for value in values)
    assert check_text(page, "a.html", PII).findings == ()


def test_no_value_in_the_report() -> None:
    email, card = made("email"), made("card")
    report = check_text(f'rows = [("{email}", "{card}")]', "a.py", PII)
    assert {f.rule for f in report.findings} == {"PII101", "PII201"}
    assert email not in repr(report)
    assert card not in repr(report)


def test_personal_data_in_code_is_not_read_from_the_environment() -> None:
    report = check_text(f'owner = "{made("email")}"', "a.py", PII)
    assert {fix.kind.value for fix in report.findings[0].fixes} == {"mask", "ignore"}


@pytest.mark.parametrize(
    "text",
    [
        "0.1234567 1.2345678 -3.1415926 2.7182818",
        "count  1000.000000\nmean      0.012345\nstd       0.987654\nmin     -3.141593",
        "[[ 1.00000000e+00 -2.34567890e-01]\n [ 3.45678901e-02  9.87654321e-01]]",
        "2024-01-01 00:00:00.123456",
        "0x7f3a2c1b9d80",
    ],
)
def test_numbers_are_none(text: str) -> None:
    config = Config(select=("pii",), min_confidence=Confidence.MEDIUM)
    assert check_text(text, "a.txt", config).findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1234567 1.2345678", []), ("call 555 123 4567 now", [(5, 17)]), ("12 34", [])],
)
def test_clusters(text: str, expected: list[tuple[int, int]]) -> None:
    assert list(clusters(text)) == expected


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("homePhone", True), ("phone_number:", True), ("PHONES", True), ("Phone.No", True),
        ("headphones", False), ("microphone", False), ("", False), ("telephony", False),
    ],
)  # fmt: skip
def test_speaks_of(text: str, spoken: bool) -> None:
    assert speaks_of(("phone",), text) is spoken


@pytest.mark.parametrize(
    "header",
    [
        "homePhone", "phone_numbers", "Date of Birth", "dateofbirth", "National Health Service Number",
        "Unnamed: 0", "E-Mail", "cc_num", "social security no", "mother's maiden name", "lat", "IPs",
    ],
)  # fmt: skip
def test_the_index_of_headers_says_what_asking_each_recognizer_does(header: str) -> None:
    asked = {r.entity for r in engine().recognizers if speaks_of(r.words, header)}
    assert {r.entity for r in engine().headers.speaking(header)} == asked


def test_context_is_of_the_line_before_or_of_the_header() -> None:
    def named(scene: Scene) -> bool:
        start = scene.content.index("5")
        return is_named(("phone",), scene, start, start + 3)

    assert named(Scene("my phone: 555"))
    assert named(Scene("phone\n555"))
    assert named(Scene("555 (phone)"))
    assert named(Scene("555", "Phone"))
    assert not named(Scene("phone\nrow 555"))
    assert not named(Scene("phone\n555", cells=True))
    assert not named(Scene("phone" + " " * 80 + "555"))


def test_the_surest_of_overlapping_hits_stays() -> None:
    hits = engine().hits(Scene(f"card {made('card_plain')}"))
    assert [hit.recognizer.entity for hit in resolve([*hits, *hits])] == ["CREDIT_CARD"]


def test_a_search_sees_what_stands_behind_its_window() -> None:
    import re

    content = "a" * 400 + "b"
    pattern = re.compile(r"a{3,500}(?!b)")
    (found,) = within(pattern, content, 0, 1)
    assert found.span() == (0, 399)
    assert list(within(pattern, content, 400, 401)) == []


def test_analyze_gives_kinds_and_spans() -> None:
    email = made("email")
    (entity,) = [e for e in analyze(f"to {email}") if e.kind == "EMAIL_ADDRESS"]
    assert (entity.start, entity.end) == (3, 3 + len(email))


@pytest.mark.parametrize("unit", ["1 ", "1.", "a@", "1234-", "a@b.", "(1) ", "\n1", "12/", "a.b@c"])
def test_hostile_texts_take_linear_time(unit: str) -> None:
    short, long = (unit * (size // len(unit)) for size in (20_000, 200_000))
    assert grows_within(30, lambda text: check_text(text, "a.txt", PII), short, long)
