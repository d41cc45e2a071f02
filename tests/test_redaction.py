"""Redaction: what is replaced is gone, all else stays, joins survive, and nothing raw is said."""

from __future__ import annotations

import copy
import dataclasses
import io
import json
import pickle
import random
import stat
import traceback
import warnings
from collections import OrderedDict, deque
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.redaction import (
    CannotRedact,
    StillThere,
    describe,
    redact,
    redact_notebook,
    redact_text,
)
from llmsec_nb.redaction.codes import Codes
from llmsec_nb.redaction.dates import read_date
from llmsec_nb.redaction.feistel import Domain
from llmsec_nb.redaction.forms import luhn
from llmsec_nb.redaction.key import Key, find_key
from llmsec_nb.redaction.pseudonyms import Pseudonyms
from llmsec_nb.redaction.siphash import siphash, state_of
from llmsec_nb.rules.pii.text import analyze

from .personal import PERSONAL
from .samples import Maker

if TYPE_CHECKING:
    from collections.abc import Callable

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")
np = pytest.importorskip("numpy")

KEY = bytes(range(40, 72))
OTHER = bytes(range(50, 82))
CODES = Codes(Key(KEY, "test"))
RANDOM = random.Random(20)
N = 60
EMAILS = [PERSONAL["email"](RANDOM) for _ in range(N)]
CARDS = [PERSONAL["card"](RANDOM) for _ in range(N)]
PHONES = [f"+4917{RANDOM.randrange(10**8, 10**9)}" for _ in range(N)]


def ours(values: Any) -> Any:
    """Redacted under the tests' key."""
    return redact(values, kinds={"value": "US_SSN"}, key=KEY)


# The permutation


def test_siphash_is_the_published_one() -> None:
    word = int.from_bytes(bytes(range(8)), "little")
    expected = 0x93F5F5799A932462
    assert siphash(state_of(bytes(range(16))), word) == expected
    many = siphash(state_of(bytes(range(16))), np.full(3, word, dtype=np.uint64))
    assert many.tolist() == [expected] * 3


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_number_of_a_length_gets_one_of_its_own(size: Any) -> None:
    low = 10 ** (size - 1)
    numbers = [str(n) for n in range(low, 10 * low)]
    news = CODES.numbers(numbers)
    assert sorted(news) == numbers
    assert not [new for new, old in zip(news, numbers, strict=True) if new == old]


@pytest.mark.parametrize("size", [2, 3, 5, 29, 127, 46751])
def test_nothing_stands_for_itself(size: Any) -> None:
    news = CODES.permuted(range(size), size, "test")
    assert sorted(news) == list(range(size))
    assert not [n for n, new in enumerate(news) if n == new]
    bounded = Pseudonyms(Key(KEY, "test")).integers(range(100, 128), 127)
    assert sorted(bounded) == list(range(100, 128))
    assert not [old for old, new in enumerate(bounded, 100) if old == new]
    uneven = [f"{n:012d}" for n in range(10**11, 10**11 + 2000)]  # some could be cards'
    assert not [new for new, old in zip(CODES.numbers(uneven), uneven, strict=True) if new == old]


@given(st.lists(st.from_regex(r"\A[0-9]{6,24}\Z"), min_size=2, max_size=40, unique=True))
@settings(max_examples=60, deadline=None)
def test_digits_are_injective_deterministic_and_of_the_same_form(values: Any) -> None:
    news = CODES.numbers(values)
    assert len(set(news)) == len(values)
    assert [len(new) for new in news] == [len(value) for value in values]
    for value, new in zip(values, news, strict=True):
        assert len(new) - len(new.lstrip("0")) == len(value) - len(value.lstrip("0"))
    again = Codes(Key(KEY, "again"))
    assert [again.numbers([value])[0] for value in values] == news  # one by one as all at once


@given(st.lists(st.from_regex(r"\A[1-9][0-9]{9,17}\Z"), min_size=5, max_size=20, unique=True))
@settings(max_examples=30, deadline=None)
def test_another_key_gives_others(values: Any) -> None:
    assert Codes(Key(OTHER, "other")).numbers(values) != CODES.numbers(values)


@given(st.from_regex(r"\A[A-Z]{2}[0-9]{2}[A-Z0-9]{4,26}\Z"))
@settings(max_examples=60, deadline=None)
def test_ids_keep_their_form(value: Any) -> None:
    new = CODES.code(value)
    assert new is not None
    assert [char.isdecimal() for char in new] == [char.isdecimal() for char in value]
    assert new.isalnum()
    assert new.isupper()
    assert CODES.code(value.lower()) == new.lower()


def test_many_ids_at_once_are_those_one_by_one() -> None:
    ids = [f"DE{RANDOM.randrange(10**20):020d}" for _ in range(50)]
    assert CODES.codes(ids) == [CODES.code(one) for one in ids]
    assert len(set(CODES.codes(ids))) == 50


def test_halves_beyond_64_bits_are_permuted_too() -> None:
    domain = Domain(KEY, "wide", 10**30, 10**30)
    values = [10**59 + n for n in range(20)]
    assert len({domain.walk(value) for value in values}) == 20
    assert max(map(domain.walk, values)) < 10**60


def test_no_card_becomes_a_card() -> None:
    plain = [card.replace(" ", "") for card in CARDS]
    assert all(luhn(card) == 0 for card in plain)
    news = CODES.numbers(plain)
    assert all(luhn(new) for new in news)
    assert len(set(news)) == len(set(plain))


def test_notation_does_not_matter() -> None:
    names = Pseudonyms(Key(KEY, "test"))
    card = CARDS[0]
    spaced, plain, dashed = names.texts(
        "CREDIT_CARD", [card, card.replace(" ", ""), card.replace(" ", "-")]
    )
    assert spaced.replace(" ", "") == plain == dashed.replace("-", "")
    assert [char == " " for char in spaced] == [char == " " for char in card]
    one, two = names.texts("PHONE_NUMBER", ["+49 (171) 234-5678", "0049 171 2345678"])
    assert one[1:].translate(str.maketrans("", "", " ()-")) == two[2:].replace(" ", "")
    assert one[0] == "+"
    assert len({*names.texts("EMAIL_ADDRESS", ["Ada@X.org", "ada@x.ORG", "ada@x.org "])}) == 1
    assert names.texts("AGE", ["٣٧"]) == names.texts("AGE", ["37"])


def test_dates_become_dates_in_the_same_notation() -> None:
    names = Pseudonyms(Key(KEY, "test"))
    written = ["1987-03-12", "12.03.1987", "03/12/1987", "12 March 1987", "19870312"]
    news = [read_date(new) for new in names.texts("DATE_OF_BIRTH", written)]
    days = {new.day for new in news if new}
    assert len(days) == 1
    assert days != {date(1987, 3, 12)}
    assert 1900 <= days.pop().year < 2028
    ordinals = range(date(2001, 1, 1).toordinal(), date(2003, 1, 1).toordinal())
    assert len(set(names.days(ordinals))) == len(ordinals)
    assert names.days(ordinals)[5] == names.days(ordinals[5:6])[0]


@pytest.mark.parametrize("text", ["13/45/1987", "2021-02-30", "12 Foo 1987", "1.2", ""])
def test_what_is_no_date_is_none(text: Any) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("kind", "value", "form"),
    [
        ("EMAIL_ADDRESS", "a@b.org", r"user_[a-z2-7]{13}@example\.invalid"),
        ("PERSON", "Ada", r"person_[a-z2-7]{13}"),
        ("US_SSN", "123-45-6789", r"[1-9]\d\d-\d\d-\d{4}"),
        ("MAC_ADDRESS", "00:1b:44:11:3a:b7", r"[0-9a-f]{2}(:[0-9a-f]{2}){5}"),
        ("IP_ADDRESS", "10.1.2.3/8", r"\d{1,3}(\.\d{1,3}){3}/8"),
        ("IP_ADDRESS", "fe80::1", r"2001:db8(:[0-9a-f]{4}){6}"),
        ("URL", "https://ada.org", r"https://example\.invalid/[a-z2-7]{13}"),
        ("MEDICAL", "no digits", r"id_[a-z2-7]{13}"),
        (
            "X",
            "123e4567-e89b-12d3-a456-426614174000",
            r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        ),
    ],
)
def test_pseudonyms_have_a_form(kind: Any, value: Any, form: Any) -> None:
    import re

    assert re.fullmatch(form, Pseudonyms(Key(KEY, "test")).texts(kind, [value])[0])


# The key


def test_a_weak_key_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for key, told in ((b"short", "5 bytes"), (b"ababababababababab", "same few bytes")):
        with pytest.raises(CannotRedact, match=told) as caught:
            redact_text("x", key=key)
        assert "\n" not in str(caught.value)
        assert key.decode() not in str(caught.value)
    with pytest.raises(CannotRedact, match="as bytes, not as str"):
        redact_text("x", key="a text of many characters")  # type: ignore[arg-type]
    monkeypatch.setenv("LLMSEC_KEY", "tiny")
    with pytest.raises(CannotRedact, match="LLMSEC_KEY"):
        redact_text(f"to {EMAILS[0]}", "pseudonym")
    assert redact_text(f"to {EMAILS[0]}", "mask").report.key == ""  # needs none


def frames_of(error: BaseException) -> str:
    """The locals of all frames of a traceback that are of the package."""
    stack = traceback.TracebackException.from_exception(error, capture_locals=True).stack
    ours = [frame for frame in stack if "llmsec_nb" in (frame.filename or "")]
    assert ours
    return "".join(str(frame.locals) for frame in ours)


@pytest.mark.parametrize("weak", [b"wk7Qz", b"wk7wk7wk7wk7wk7wk7wk7", bytearray(b"wk7Qz"), "wk7Qz"])
def test_a_refused_key_is_in_no_frame(weak: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Callable[[], Any]] = [
        lambda: redact(EMAILS, key=weak),
        lambda: redact_text("x", key=weak),
        lambda: redact_notebook({}, key=weak),
        lambda: find_key(weak),
    ]
    if isinstance(weak, bytes):
        calls.append(lambda: Key(weak, "given"))
    for call in calls:
        with pytest.raises(CannotRedact) as caught:
            call()
        assert "wk7" not in frames_of(caught.value)
    monkeypatch.setenv("LLMSEC_KEY", "wk7Qz")
    with pytest.raises(CannotRedact) as caught:
        redact_text(EMAILS[0], "pseudonym")
    assert "wk7" not in frames_of(caught.value)
    assert repr(Key(KEY, "test")) == "Key(test)"


def test_the_keyring_is_asked_only_at_need(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.delenv("LLMSEC_KEY", raising=False)
    monkeypatch.setattr("llmsec_nb.redaction.key._from_keyring", lambda: asked.append(1))
    for strategy in ("mask", "replace", "drop", "generalise"):
        redact_text(f"to {EMAILS[0]}", strategy)
        redact_notebook(notebook("none"), strategy, outputs_only=False)
        redact(pd.DataFrame({"email": EMAILS}), strategy)
    assert asked == []
    redact_text(f"to {EMAILS[0]}", "pseudonym")
    assert asked == [1]


def test_the_keyring_is_not_loaded_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    from llmsec_nb.redaction import key

    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("os.getuid", lambda: 987654, raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "keyring", None)  # an import would fail
    assert not key._may_be_kept()
    assert key._from_keyring() == b""
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").touch()
    assert key._may_be_kept()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not key._may_be_kept()


def test_the_key_is_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "tR7" + Maker(5).of(30)
    key = Key(secret.encode(), "test")
    assert secret not in repr(key)
    for leave in (pickle.dumps, copy.copy):
        if leave is pickle.dumps:
            with pytest.raises(TypeError, match="not pickled"):
                leave(key)
    result = redact(pd.Series(EMAILS, name="email"), key=secret.encode())
    assert secret not in repr(result) + result._repr_html_() + describe(result)
    monkeypatch.setattr(Codes, "codes", lambda *_: 1 / 0)
    try:
        redact(pd.Series(PHONES, name="p"), kinds={"p": "PHONE_NUMBER"}, key=secret.encode())
    except ZeroDivisionError as error:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
        inside = [frame for frame in frames.stack if "redaction" in (frame.filename or "")]
        ours = [frame for frame in inside if not frame.filename.endswith("test_redaction.py")]
        assert ours
        assert secret not in "".join(str(frame.locals) for frame in ours)
        assert key.derive("codes").hex()[:8] not in "".join(str(frame.locals) for frame in ours)


def test_where_the_key_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LLMSEC_KEY", raising=False)
    monkeypatch.setattr("llmsec_nb.redaction.key._from_keyring", lambda: b"")
    drawn = redact(pd.Series(EMAILS, name="email"))
    assert drawn.report.fleeting
    assert "will differ in the next run" in str(drawn)
    assert redact(pd.Series(EMAILS, name="email")).data.equals(drawn.data)  # in one process
    monkeypatch.setattr("llmsec_nb.redaction.key._from_keyring", lambda: KEY)
    kept = redact(pd.Series(EMAILS, name="email"))
    assert kept.report.key == "keyring, service llmsec-nb"
    assert kept.data.equals(redact(pd.Series(EMAILS, name="email"), key=KEY).data)
    monkeypatch.setenv("LLMSEC_KEY", OTHER.decode())
    named = redact(pd.Series(EMAILS, name="email"))
    assert named.report.key == "environment variable LLMSEC_KEY"
    assert named.data.equals(redact(pd.Series(EMAILS, name="email"), key=OTHER).data)
    assert not named.data.equals(kept.data)


def test_find_key_takes_a_key_as_it_is() -> None:
    key = find_key(KEY)
    assert find_key(key) is key


# Tables


def test_joins_survive_over_two_frames_and_a_file() -> None:
    left = pd.DataFrame({"email": EMAILS, "phone": PHONES, "n": range(N)})
    right = pd.DataFrame(
        {
            "contact": [email.upper() for email in EMAILS[: N // 2]],
            "mobile": [int(phone[1:]) for phone in PHONES[: N // 2]],
        }
    )
    told = {"phone": "PHONE_NUMBER", "mobile": "PHONE_NUMBER", "contact": "EMAIL_ADDRESS"}
    one = redact(left, kinds={"phone": told["phone"]}, key=KEY).data
    two = redact(right, kinds={name: told[name] for name in right}, key=KEY).data
    file = io.StringIO()
    left.to_csv(file, index=False)
    file.seek(0)
    three = redact(pd.read_csv(file), kinds={"phone": "PHONE_NUMBER"}, key=KEY).data
    assert not set(one["email"]) & set(EMAILS)
    assert len(one.merge(two, left_on="email", right_on="contact")) == N // 2
    one["number"] = one["phone"].str[1:].astype("int64")
    assert len(one.merge(two, left_on="number", right_on="mobile")) == N // 2
    assert one["email"].tolist() == three["email"].tolist()
    assert one["number"].tolist() == three["phone"].tolist()  # read_csv made it a number
    assert two["mobile"].dtype == right["mobile"].dtype


def typed(kind: str) -> Any:
    """A series of numbers as `kind`, with a gap where the type has one."""
    numbers = [123456789 + n * 1001 for n in range(N)]
    values: list[Any] = [*numbers, numbers[0]]
    if kind in {"int64", "uint32"}:
        return pd.Series(values, dtype=kind, name="value", index=range(5, N + 6))
    texts = [str(value) for value in values]
    if kind == "float64":
        return pd.Series([*values, np.nan], dtype=kind, name="value")
    if kind in {"Int64", "Float64", "UInt32", "int64[pyarrow]"}:
        return pd.Series([*values, pd.NA], dtype=kind, name="value")
    if kind == "category":
        made = pd.Categorical([*texts, None], categories=[*sorted(set(texts)), "000"], ordered=True)
        return pd.Series(made, name="value")
    if kind == "category of numbers":
        return pd.Series(pd.Categorical(values), name="value")
    if kind == "Sparse":
        return pd.Series(pd.arrays.SparseArray([*values, 0, 0], fill_value=0), name="value")
    return pd.Series([*texts, None], dtype=kind, name="value")


@pytest.mark.parametrize(
    "kind",
    [
        *("int64", "uint32", "float64", "Int64", "Float64", "UInt32", "int64[pyarrow]"),
        *("str", "object", "string[python]", "string[pyarrow]", "category"),
        *("category of numbers", "Sparse"),
    ],
)
def test_dtype_index_name_and_gaps_stay(kind: Any) -> None:
    series = typed(kind)
    before = series.copy()
    result = ours(series)
    new = result.data
    assert type(new) is type(series)
    if kind.startswith("category"):
        assert new.dtype.ordered == series.dtype.ordered
        assert new.dtype.categories.dtype == series.dtype.categories.dtype
        assert len(new.dtype.categories) == len(series.dtype.categories)
        assert not set(new.dtype.categories) & set(series.dtype.categories) - {"000"}
    else:
        assert new.dtype == series.dtype
    assert new.index.equals(series.index)
    assert new.name == series.name
    assert new.isna().tolist() == series.isna().tolist()
    gone = {str(value) for value in series.dropna()} - {"0"}
    assert not gone & {str(value) for value in new.dropna()}
    there = series.notna()
    assert new[there].nunique() == series[there].nunique()
    assert [len(str(one)) for one in new[there]] == [len(str(one)) for one in series[there]]
    assert series.equals(before)  # the given one is not touched
    assert result.report.clean


@pytest.mark.parametrize(
    "kind", ["datetime64[ns]", "datetime64[s]", "datetime64[us, Europe/Berlin]", "period[D]"]
)
def test_times_stay_times(kind: Any) -> None:
    days = pd.date_range("1950-01-01", periods=300, freq="31D")
    series = pd.Series([*days, pd.NaT], name="born")
    if "Berlin" in kind:
        series = series.dt.tz_localize("Europe/Berlin").astype(kind)
    else:
        series = series.astype(kind)
    new = redact(series, kinds={"born": "DATE_OF_BIRTH"}, key=KEY).data
    assert new.dtype == series.dtype
    assert new.isna().tolist() == series.isna().tolist()
    assert new.nunique() == series.nunique()
    assert (new[:-1] != series[:-1]).mean() > 0.99
    years = redact(
        series, "generalise", kinds={"born": "DATE_OF_BIRTH"}, strategies={"born": "generalise"}
    ).data
    assert years.dtype == series.dtype
    assert [one.year for one in years[:-1]] == [one.year for one in series[:-1]]
    assert {(one.month, one.day) for one in years[:-1]} == {(1, 1)}


def test_objects_keep_their_types_and_their_kinds_of_nothing() -> None:
    from decimal import Decimal
    from uuid import UUID

    rows = [
        "123-45-6789",
        123456789,
        None,
        float("nan"),
        pd.NA,
        pd.NaT,
        np.int64(123456789),
        Decimal(123456789),
        b"123-45-6789",
        ["123-45-6789", {"a": "123-45-6789"}],
        UUID(int=77),
        "",
    ]
    series = pd.Series(rows, dtype=object, name="value")
    new = ours(series).data
    assert [type(one) for one in new] == [type(one) for one in rows]
    assert new[2] is None
    assert np.isnan(new[3])
    assert new[4] is pd.NA
    assert new[5] is pd.NaT
    assert new[11] == ""
    assert new[0].replace("-", "") == str(new[1]) == str(new[6]) == str(new[7])
    assert new[8].decode() == new[0]
    assert new[1] != 123456789
    assert new[10] != UUID(int=77)


def test_index_duplicate_names_and_order_stay() -> None:
    index = pd.MultiIndex.from_arrays([EMAILS, range(N)], names=["email", "n"])
    frame = pd.DataFrame(
        [[card, phone, card] for card, phone in zip(CARDS, PHONES, strict=True)],
        index=index,
        columns=["a", "b", "a"],
    )
    new = redact(frame, kinds={"a": "CREDIT_CARD", "b": "PHONE_NUMBER"}, key=KEY).data
    assert new.columns.tolist() == ["a", "b", "a"]
    assert new.iloc[:, 0].tolist() == new.iloc[:, 2].tolist()
    assert new.index.names == ["email", "n"]
    assert new.index.get_level_values("n").tolist() == list(range(N))
    emails = new.index.get_level_values("email")
    assert not set(emails) & set(EMAILS)
    direct = redact(pd.Series(EMAILS, name="email"), key=KEY).data
    assert emails.tolist() == direct.tolist()
    dropped = redact(frame, "drop", kinds={"a": "CREDIT_CARD"}, key=KEY)
    assert dropped.data.columns.tolist() == ["b"] or dropped.data.columns.tolist() == []
    assert dropped.data.index.nlevels == 2
    assert not set(dropped.data.index.get_level_values("email")) & set(EMAILS)


def test_only_the_places_in_prose_are_replaced() -> None:
    notes = [f"Write to {email} about room {n}" for n, email in enumerate(EMAILS)]
    frame = pd.DataFrame({"note": notes, "email": EMAILS})
    result = redact(frame, key=KEY)
    for n, (note, email) in enumerate(result.data.itertuples(index=False)):
        assert note == f"Write to {email} about room {n}"
    assert result.report.clean
    assert {change.path: change.values for change in result.report.changes} == {
        "note": N,
        "email": N,
    }
    masked = redact(frame, "replace").data
    assert masked["note"][3] == "Write to <EMAIL_ADDRESS> about room 3"
    gone = redact(frame, "drop").data
    assert gone.columns.tolist() == ["note"]
    assert gone["note"][3] == "Write to  about room 3"


def test_a_rare_value_is_found_and_replaced() -> None:
    notes = [f"all is well in {n}" for n in range(5000)]
    notes[4321] = f"ask {EMAILS[0]}"
    result = redact(pd.DataFrame({"note": notes}), "mask")
    assert result.data["note"][4321].startswith("ask *")
    assert "@" in result.data["note"][4321]
    assert result.data["note"].tolist()[:4321] == notes[:4321]
    assert result.report.clean


def test_the_report_says_all_and_shows_nothing() -> None:
    frame = pd.DataFrame({"email": [*EMAILS, None], "card": [*CARDS, CARDS[0]], "x": 1.5})
    frame[EMAILS[0]] = 1
    with pytest.warns(StillThere, match="EMAIL_ADDRESS"):
        result = redact(frame, key=KEY)
    shown = str(result) + result._repr_html_() + repr(result.report) + describe(result)
    for value in (*EMAILS, *CARDS, *result.data["email"].dropna()):
        assert value not in shown
    email = next(change for change in result.report.changes if change.path == "email")
    assert (email.kind, email.strategy) == ("EMAIL_ADDRESS", "pseudonym")
    assert (email.values, email.distinct, email.kept) == (N, N, 1)
    card = next(change for change in result.report.changes if change.path == "card")
    assert (card.values, card.distinct, card.kept) == (N + 1, N, 0)
    assert [(left.path, left.direct) for left in result.report.remaining] == [
        ("<EMAIL_ADDRESS>", True)
    ]
    assert "STILL THERE" in str(result)
    assert "k-anonymity is not promised" in str(result)
    assert "anonymous" not in str(result) + result._repr_html_()


def test_what_was_not_to_be_changed_is_said_loudly() -> None:
    frame = pd.DataFrame({"email": EMAILS, "card": CARDS})
    with pytest.warns(StillThere, match="CREDIT_CARD"):
        result = redact(frame, columns=["email"], key=KEY)
    assert result.data["card"].tolist() == CARDS
    assert [(left.path, left.kind, left.values) for left in result.report.remaining] == [
        ("card", "CREDIT_CARD", N)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quiet = redact(frame, kinds={"card": None}, key=KEY)  # the caller says: it is none
    assert quiet.data["card"].tolist() == CARDS


def test_a_scan_of_the_result_finds_nothing() -> None:
    frame = pd.DataFrame({"email": EMAILS, "card": CARDS})
    for strategy in ("mask", "replace", "pseudonym", "drop", "generalise"):
        result = redact(frame, strategy, key=KEY)
        assert result.report.clean, strategy
        shown = result.data.to_csv()
        again = [entity for entity in analyze(shown) if entity.confidence != "low"]
        raw = frame.to_csv()
        assert not [entity for entity in again if shown[entity.start : entity.end] in raw], strategy
        assert again == [] or strategy == "pseudonym"  # a part of one may look like a card


def test_generalise_is_less_precise() -> None:
    frame = pd.DataFrame(
        {
            "age": [37, 95, 4],
            "zip": ["02134", "90210", "1010"],
            "born": ["1987-03-12", "12.03.1987", "?"],
            "ip": ["192.168.7.9", "2001:db8:1:2::3", "none"],
            "lat": [52.52001, -33.8688, np.nan],
            "income": [48213, 1250, 7],
        }
    )
    kinds = {"age": "AGE", "zip": "ZIP_CODE", "born": "DATE_OF_BIRTH", "ip": "IP_ADDRESS"}
    result = redact(
        frame,
        "generalise",
        kinds={**kinds, "lat": "LATITUDE", "income": "INCOME"},
        strategies={"born": "generalise:decade"},
    )
    new = result.data
    assert new["age"].tolist() == [30, 90, 0]
    assert new["zip"].tolist() == ["021**", "902**", "10**"]
    assert new["born"].tolist() == ["1980s", "1980s", "?"]
    assert new["ip"].tolist() == ["192.168.7.0/24", "2001:db8:1::/48", "****"]
    assert new["lat"].tolist()[:2] == [52.5, -33.9]
    assert new["income"].tolist() == [40000, 1000, 7]
    assert [str(kind) for kind in new.dtypes] == [str(kind) for kind in frame.dtypes]


def test_strategies_by_column_and_by_kind() -> None:
    frame = pd.DataFrame({"email": EMAILS, "second": EMAILS, "card": CARDS})
    result = redact(
        frame,
        "mask",
        kinds={"second": "EMAIL_ADDRESS"},
        strategies={"CREDIT_CARD": "drop", "second": "replace"},
    )
    assert result.data.columns.tolist() == ["email", "second"]
    assert set(result.data["second"]) == {"<EMAIL_ADDRESS>"}
    assert set("".join(result.data["email"])) == set("*.@")


def test_numbers_stay_numbers_whatever_is_asked() -> None:
    frame = pd.DataFrame({"phone": [int(phone[1:]) for phone in PHONES]})
    for strategy in ("mask", "replace", "pseudonym"):
        result = redact(frame, strategy, kinds={"phone": "PHONE_NUMBER"}, key=KEY)
        assert result.data["phone"].dtype == "int64"
        assert not set(result.data["phone"]) & set(frame["phone"])
    assert "pseudonyms, so that they stay numbers" in str(
        redact(frame, "mask", kinds={"phone": "PHONE_NUMBER"}, key=KEY)
    )
    small = pd.Series([2147483647, 1999999999], dtype="int32", name="value")
    assert ours(small).data.dtype == "int32"
    alone = redact(small, "drop", kinds={"value": "US_SSN"}).data
    assert str(alone.dtype) == "Int64"
    assert alone.isna().all()


def test_fakes_are_consistent_and_reserved() -> None:
    pytest.importorskip("faker")
    frame = pd.DataFrame({"email": [*EMAILS, EMAILS[0]], "phone": [*PHONES, PHONES[0]]})
    told = {"email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER"}
    new = redact(frame, "fake", kinds=told, key=KEY).data
    assert new["email"].str.endswith("@example.com").all()
    assert new["phone"].str.contains(r"\) 555-01\d\d$").all()
    assert new["email"].iloc[0] == new["email"].iloc[-1]
    assert new.equals(redact(frame, "fake", kinds=told, key=KEY).data)
    assert not new.equals(redact(frame, "fake", kinds=told, key=OTHER).data)


def test_polars_keeps_its_types() -> None:
    pl = pytest.importorskip("polars")
    names = sorted(EMAILS)
    frame = pl.DataFrame(
        {
            "email": [*EMAILS, None],
            "number": pl.Series([int(phone[1:]) for phone in PHONES] + [None], dtype=pl.Int64),
            "group": pl.Series([*EMAILS, None], dtype=pl.Categorical),
            "fixed": pl.Series([*EMAILS, None], dtype=pl.Enum([*names, "spare"])),
            "many": [[email] for email in EMAILS] + [None],
            "other": range(N + 1),
        }
    )
    told = {"number": "PHONE_NUMBER", "group": "EMAIL_ADDRESS", "fixed": "EMAIL_ADDRESS"}
    result = redact(frame, kinds=told, key=KEY)
    new = result.data
    assert new.columns == frame.columns
    assert [type(kind) for kind in new.dtypes] == [type(kind) for kind in frame.dtypes]
    assert not set(new["fixed"].dtype.categories) & set(names)
    assert new.null_count().equals(frame.null_count())
    assert new["email"].to_list() == new["group"].to_list() == new["fixed"].to_list()
    assert [one[0] for one in new["many"].to_list()[:-1]] == new["email"].to_list()[:-1]
    assert new["other"].to_list() == frame["other"].to_list()
    with pytest.raises(CannotRedact, match="collect"):
        redact(frame.lazy())


def test_arrow_keeps_its_schema() -> None:
    numbers = [int(phone[1:]) for phone in PHONES]
    schema = pa.schema(
        [
            pa.field("email", pa.large_string(), metadata={"a": "b"}),
            pa.field("code", pa.dictionary(pa.int8(), pa.string())),
            pa.field("n", pa.int64(), nullable=False),
            pa.field("deep", pa.struct([("mails", pa.list_(pa.string())), ("k", pa.int8())])),
            pa.field("view", pa.string_view()),
        ],
        metadata={"who": "we"},
    )
    rows = {
        "email": [*EMAILS[:-1], None],
        "code": pa.array([*EMAILS[:-1], None]).dictionary_encode().cast(schema.field("code").type),
        "n": numbers,
        "deep": [{"mails": [email, None], "k": 1} for email in EMAILS],
        "view": EMAILS,
    }
    table = pa.table({name: pa.array(rows[name], schema.field(name).type) for name in schema.names})
    table = table.cast(schema)
    told = {"n": "PHONE_NUMBER", "code": "EMAIL_ADDRESS", "view": "EMAIL_ADDRESS"}
    new = redact(table, kinds=told, key=KEY).data
    assert new.schema.equals(schema, check_metadata=True)
    assert new["email"].null_count == 1
    emails = new["email"].to_pylist()
    assert new["code"].to_pylist() == emails
    assert [one["mails"] for one in new["deep"].to_pylist()][:-1] == [
        [e, None] for e in emails[:-1]
    ]
    assert not set(new["n"].to_pylist()) & set(numbers)
    batch = redact(table.to_batches()[0], kinds=told, key=KEY).data
    assert isinstance(batch, pa.RecordBatch)
    assert batch.schema.equals(schema)
    array = redact(pa.array(EMAILS), "mask").data
    assert isinstance(array, pa.Array)
    assert "@" in array[0].as_py()


ARROW_TYPES = [
    *(pa.null(), pa.bool_(), pa.int8(), pa.uint64(), pa.float16(), pa.float64(), pa.binary()),
    *(pa.string(), pa.large_string(), pa.string_view(), pa.binary(4), pa.large_binary()),
    *(pa.date32(), pa.date64(), pa.time32("s"), pa.time64("us"), pa.timestamp("us")),
    *(pa.timestamp("ms", "Europe/Berlin"), pa.duration("us"), pa.decimal128(12, 2)),
    *(pa.list_(pa.int8()), pa.large_list(pa.string()), pa.list_(pa.string(), 2)),
    *(pa.struct([("a", pa.string())]), pa.map_(pa.string(), pa.string())),
    *(pa.dictionary(pa.int8(), pa.string()), pa.run_end_encoded(pa.int32(), pa.string())),
    *(pa.month_day_nano_interval(), pa.uuid(), pa.list_view(pa.string())),
]


@pytest.mark.parametrize("kind", ARROW_TYPES, ids=str)
def test_every_arrow_type_passes_and_is_dropped(kind: Any) -> None:
    table = pa.table({"x": pa.nulls(3, kind), "email": EMAILS[:3]})
    new = redact(table, "mask").data
    assert new.schema.equals(table.schema)
    assert new["x"].null_count == table["x"].null_count
    gone = redact(table, "drop", kinds={"x": "US_SSN"}).data
    assert "x" not in gone.schema.names


def test_all_that_is_attached_is_looked_at() -> None:
    frame = pd.DataFrame({"n": [1]})
    frame.attrs["owner"] = EMAILS[0]
    with pytest.warns(StillThere):
        result = redact(frame)
    assert [(left.path, left.kind) for left in result.report.remaining] == [
        ("attributes", "EMAIL_ADDRESS")
    ]


def test_a_result_is_pickled_without_the_key() -> None:
    raw = pickle.dumps(redact(pd.DataFrame({"email": EMAILS}), key=KEY))
    assert KEY not in raw
    assert not any(email.encode() in raw for email in EMAILS)


def test_maps_and_dicts_are_changed_by_path() -> None:
    kind = pa.map_(pa.string(), pa.string())
    array = pa.array([[(EMAILS[0], EMAILS[1])], None, []], kind)
    new = redact(pa.table({"m": array}), key=KEY).data["m"].to_pylist()
    both = redact(pd.Series(EMAILS, name="email"), key=KEY).data
    assert new == [[(both[0], both[1])], None, []]
    rows = pd.Series([{"id": 123456789, "n": 5}, {"id": 987654321, "n": 6}], name="who")
    told = redact(rows, kinds={"who.id": "US_SSN"}, key=KEY).data
    assert [row["n"] for row in told] == [5, 6]
    assert [row["id"] for row in told] == [
        int(one) for one in CODES.numbers(["123456789", "987654321"])
    ]


def test_what_cannot_be_done_is_said_in_a_line() -> None:
    frame = pd.DataFrame({"email": EMAILS})
    for wrong, told in (
        ({"strategy": "anonymise"}, "no strategy 'anonymise'; there are mask"),
        ({"columns": ["mail"]}, "no column mail"),
        ({"kinds": {"mail": "PERSON"}}, "no column mail"),
        ({"strategies": {"email": "shred"}}, "no strategy 'shred'"),
    ):
        with pytest.raises(CannotRedact) as caught:
            redact(frame, **wrong)
        assert str(caught.value).startswith(told)
        assert "\n" not in str(caught.value)
    with pytest.raises(CannotRedact, match=r"builtins\.dict cannot be redacted"):
        redact({})


@dataclasses.dataclass(frozen=True)
class Person:
    """For tests: an object that holds values."""

    mail: str
    more: list[str] = dataclasses.field(default_factory=list, compare=False)


class Pair(NamedTuple):
    """For tests: a named tuple."""

    first: str
    second: int


class Closed:
    """For tests: shows a value, and holds it where nobody looks."""

    def __init__(self, mail: str) -> None:
        self.mail = mail

    def __str__(self) -> str:
        return f"<{self.mail}>"


def held(data: Any) -> list[str]:
    """Those of the tests' addresses that are in a pickle."""
    raw = pickle.dumps(data)
    return [email for email in EMAILS if email.encode() in raw]


def test_nothing_is_left_in_what_no_row_uses() -> None:
    pl = pytest.importorskip("polars")
    kind = pd.CategoricalDtype(["a", "b", *EMAILS[:3], f"of {EMAILS[3]}"])
    column = pd.Series(["a", "b", "a"], dtype=kind, name="c")
    numbers = pd.Categorical([1, 1], categories=[1, int(CARDS[0].replace(" ", ""))])
    for data in (
        column,
        column.to_frame(),
        pd.DataFrame({"n": [1, 2, 3]}, index=pd.CategoricalIndex(column, name="c")),
        pl.Series("c", ["a", "b"], dtype=pl.Enum(["a", "b", *EMAILS[:3]])),
        pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["a", "b", *EMAILS])),
    ):
        result = redact(data, key=KEY)
        assert result.report.clean
        assert held(result.data) == []
    new = redact(column, key=KEY).data
    assert new.tolist() == ["a", "b", "a"]
    assert len(new.dtype.categories) == 6
    cards = redact(pd.Series(numbers, name="n"), key=KEY).data
    assert cards.dtype.categories[0] == 1
    assert CARDS[0].replace(" ", "") not in map(str, cards.dtype.categories)
    with pytest.warns(StillThere):
        result = redact(column.to_frame().assign(x=1), columns=["x"], key=KEY)
    assert [(left.path, left.kind, left.values) for left in result.report.remaining] == [
        ("c", "EMAIL_ADDRESS", 4)
    ]


def test_levels_that_no_row_has_are_dropped() -> None:
    index = pd.MultiIndex.from_arrays([[*EMAILS[:6], "a", "b"], range(8)], names=["k", "n"])
    result = redact(pd.DataFrame({"x": range(8)}, index=index).iloc[6:], key=KEY)
    assert result.data.index.tolist() == [("a", 6), ("b", 7)]
    assert held(result.data) == []
    wide = pd.DataFrame([range(8)], columns=index).iloc[:, 6:]
    assert held(redact(wide, key=KEY).data) == []


def test_objects_are_changed_in_all_their_parts() -> None:
    one, two, three = EMAILS[:3]
    rows = [
        {one: 1},
        {"m": one, two: 2},
        {(one, 1): {two}},
        Person(one, [two]),
        deque([one, two], maxlen=5),
        Pair(three, 3),
        OrderedDict({one: two}),
        [None, 1.5, {"k": Pair("x", 1)}],
    ]
    new = redact(pd.Series(rows, name="o", dtype=object), key=KEY)
    names = redact(pd.Series(EMAILS, name="email"), key=KEY).data
    assert held(new.data) == []
    assert [type(row) for row in new.data] == [type(row) for row in rows]
    assert new.data[1] == {"m": names[0], names[1]: 2}
    assert new.data[3].more == [names[1]]
    assert list(new.data[4]) == [names[0], names[1]]
    assert new.data[4].maxlen == 5
    assert new.data[5] == Pair(names[2], 3)
    assert new.data[7] == rows[7]
    assert new.report.clean
    masked = redact(pd.Series([{one: 1, two: 2}], name="o"), "replace").data[0]
    assert masked == {"<EMAIL_ADDRESS>": 1, "<EMAIL_ADDRESS> 2": 2}
    assert held(rows) == [one, two, three]  # the given ones are not touched


def test_what_is_only_known_by_its_text_is_said() -> None:
    rows = [Closed(EMAILS[0]), "x", "y", "z"]
    with pytest.warns(StillThere):
        result = redact(pd.Series(rows, name="o"), key=KEY)
    assert {left.kind for left in result.report.remaining} == {"EMAIL_ADDRESS"}
    assert "of the type Closed only the text was looked at" in str(result)
    assert EMAILS[0] not in str(result)
    with pytest.warns(StillThere):
        result = redact(pd.Series([bytearray(EMAILS[0].encode()), 1, 2], name="o"), key=KEY)
    assert not result.report.clean


def hidden(kind: Any) -> Any:
    """An array of Arrow that holds an address in its memory, cut off and below a missing value."""
    whole = pa.array(["a", EMAILS[0], "b", EMAILS[1]], pa.string())
    valid = pa.py_buffer(bytes([0b0101]))
    missing = pa.Array.from_buffers(pa.string(), 4, [valid, *whole.buffers()[1:]])[:3]
    if kind == "struct":
        return pa.StructArray.from_arrays([whole], ["m"], mask=pa.array([False, True] * 2))[:3]
    if kind == "list":
        return pa.ListArray.from_arrays(pa.array([0, 1, 3, 4]), whole)[:1]
    return missing


@pytest.mark.parametrize("kind", ["string", "struct", "list"])
def test_memory_that_no_row_shows_is_not_kept(kind: Any) -> None:
    pl = pytest.importorskip("polars")
    array = hidden(kind)
    assert held(array)
    for data in (array, pa.chunked_array([array]), pa.table({"x": array})):
        new = redact(data, key=KEY)
        assert held(new.data) == []
        assert new.data.equals(data)
        assert new.report.clean
    frame = pd.DataFrame({"x": pd.arrays.ArrowExtensionArray(pa.chunked_array([array]))})
    new = redact(frame, key=KEY).data
    assert held(new) == []
    assert new["x"].dtype == frame["x"].dtype
    polar = pl.DataFrame({"x": pl.from_arrow(array)})
    assert held(redact(polar, key=KEY).data) == []
    assert redact(polar, key=KEY).data.equals(polar)
    texts = pd.Series([*EMAILS, "a", None], dtype="string[pyarrow]", name="t").iloc[N:]
    assert held(redact(texts, key=KEY).data) == []


def test_a_mask_hides_no_number() -> None:
    series = pd.Series([4915112345678, 5, 6], dtype="Int64", name="n")
    series[0] = pd.NA
    raw = (4915112345678).to_bytes(8, "little")
    assert raw in pickle.dumps(series)
    new = redact(series, key=KEY).data
    assert raw not in pickle.dumps(new)
    assert new.equals(series)


def test_all_remarks_and_names_are_looked_at() -> None:
    mail = EMAILS[0]
    frame = pd.DataFrame({"n": [1]})
    keyed, named, ranged = frame.copy(), frame.copy(), frame.copy()
    keyed.attrs[mail] = 1
    named.columns.name = mail
    ranged.index.name = mail
    field = pa.field("n", pa.int64(), metadata={mail: "x"})
    deep = pa.struct([pa.field(mail, pa.int64())])
    for data in (
        *(keyed, named, ranged),
        pa.table({"n": [1]}, schema=pa.schema([field])),
        pa.table({"n": [1]}).replace_schema_metadata({"x": mail}),
        pa.table({"n": [1]}).replace_schema_metadata({mail: "x"}),
        pa.Table.from_pandas(keyed),
        pa.table({"n": pa.nulls(1, deep)}),
    ):
        with pytest.warns(StillThere):
            result = redact(data, key=KEY)
        assert "EMAIL_ADDRESS" in {left.kind for left in result.report.remaining}
        assert mail not in str(result)


# Texts and notebooks


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("replace", "Write to <EMAIL_ADDRESS> today"),
        ("drop", "Write to  today"),
    ],
)
def test_text(strategy: Any, expected: Any) -> None:
    result = redact_text(f"Write to {EMAILS[0]} today", strategy)
    assert result.data == expected
    assert result.report.clean


def test_text_pseudonyms_are_those_of_tables() -> None:
    result = redact_text(f"{EMAILS[0]}, card {CARDS[0]}", "pseudonym", key=KEY)
    table = redact(pd.DataFrame({"email": EMAILS, "card": CARDS}), key=KEY).data
    assert result.data == f"{table['email'][0]}, card {table['card'][0]}"
    assert result.report.clean


def test_secrets_are_never_more_than_stars() -> None:
    token = Maker(9).token("SEC101")
    for strategy in ("pseudonym", "mask", "generalise"):
        new = redact_text(f"token = '{token}' of {EMAILS[0]}", strategy, key=KEY)
        assert "***'" in new.data
        assert token not in new.data
        assert token[4:12] not in str(new)
    assert redact_text(f"token = '{token}'").data == "token = '<SECRET>'"


def notebook(token: str) -> dict[str, Any]:
    email, card = EMAILS[0], CARDS[0]
    rows = "".join(f"<tr><td>{one}</td><td>&lt;{n}</td></tr>" for n, one in enumerate(EMAILS[:4]))
    page = (
        f"<table><thead><tr><th>email</th><th>n</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<p title='{email}'>{email.replace('@', '<b>@</b>')}</p>"
    )
    data = {
        "text/plain": ["  email\n", f"0 {email}\n", "café"],
        "text/html": page,
        "text/markdown": f"**{email}**",
        "application/json": {email: [card], EMAILS[1]: 2.50},
        "image/png": "iVBORw0KGgo=",
    }
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": ["a\n", f"\x1b[31m{card}\x1b[0m\n"]},
        {"output_type": "stream", "name": "stderr", "text": f"key={token}\n"},
        {"output_type": "error", "ename": "E", "evalue": email, "traceback": [f"x {email}", "y"]},
    ]
    cell = {"cell_type": "code", "id": "a1", "execution_count": 3, "metadata": {"z": 1, "b": 2}}
    return {
        "nbformat_minor": 5,
        "cells": [{**cell, "source": f"send('{email}')", "outputs": outputs}],
        "metadata": {"n": 1.50},
        "nbformat": 4,
    }


def write(path: Path, token: str) -> str:
    raw = json.dumps(notebook(token), indent=3, ensure_ascii=False).replace(
        '"a\\n"', '"\\u0061\\n"'
    )
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    return path.read_bytes().decode()


def test_outputs_of_a_notebook(tmp_path: Path) -> None:
    import nbformat

    token = Maker(9).token("SEC101")
    path = tmp_path / "n.ipynb"
    before = write(path, token)
    with pytest.warns(StillThere, match="EMAIL_ADDRESS"):
        result = redact_notebook(path)
    assert result.data == tmp_path / "n.redacted.ipynb"
    assert path.read_bytes().decode() == before
    after = result.data.read_bytes().decode()
    assert stat.S_IMODE(result.data.stat().st_mode) == 0o640
    new = json.loads(after)
    data = new["cells"][0]["outputs"][0]["data"]
    assert data["text/plain"] == ["  email\n", "0 <EMAIL_ADDRESS>\n", "café"]
    assert data["text/markdown"] == "**&lt;EMAIL_ADDRESS&gt;**"
    assert list(data["application/json"]) == ["<EMAIL_ADDRESS>", "<EMAIL_ADDRESS> 2"]
    assert "<td>&lt;EMAIL_ADDRESS&gt;</td><td>&lt;0</td>" in data["text/html"]
    assert data["text/html"].endswith(
        "<p title='&lt;EMAIL_ADDRESS&gt;'>&lt;EMAIL_ADDRESS&gt;<b></b></p>"
    )
    assert new["cells"][0]["outputs"][1]["text"] == ["a\n", "\x1b[31m<CREDIT_CARD>\x1b[0m\n"]
    assert token not in after
    assert new["cells"][0]["outputs"][3]["traceback"] == ["x <EMAIL_ADDRESS>", "y"]
    assert new["cells"][0]["source"] == f"send('{EMAILS[0]}')"
    changed = {
        number
        for number, (old, now) in enumerate(zip(before.split("\n"), after.split("\n"), strict=True))
        if old != now
    }
    held = [EMAILS[0], *EMAILS[:4], CARDS[0], token]
    touched = {
        number
        for number, line in enumerate(before.split("\n"))
        if any(value in line for value in held) and "send(" not in line
    }
    assert changed == touched
    assert '"\\u0061\\n"' in after
    nbformat.validate(nbformat.from_dict(new))
    assert [(left.path, left.kind) for left in result.report.remaining] == [
        ("cell 0", "EMAIL_ADDRESS")
    ]
    assert "1 image or file in the outputs left alone" in str(result)
    for value in (*EMAILS[:4], CARDS[0], token):
        assert value not in str(result) + result._repr_html_()


def test_a_whole_notebook_in_place(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    write(path, "none")
    kept = tmp_path / ".ipynb_checkpoints"
    kept.mkdir()
    (kept / "n-checkpoint.ipynb").write_text("{}")
    result = redact_notebook(path, "pseudonym", outputs_only=False, in_place=True, key=KEY)
    assert result.report.clean
    after = path.read_text()
    for value in (*EMAILS[:4], CARDS[0]):
        assert value not in after
    assert after.count(redact_text(EMAILS[0], "pseudonym", key=KEY).data) >= 6
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(one.name for one in tmp_path.iterdir()) == [".ipynb_checkpoints", "n.ipynb"]
    assert "holds the old text" in str(result)
    once = path.read_bytes()
    redact_notebook(path, "pseudonym", outputs_only=False, in_place=True, key=KEY)
    assert path.read_bytes() != b""
    assert len(path.read_bytes()) == len(once)


def test_a_parsed_notebook_stays_of_its_type() -> None:
    import nbformat

    node = nbformat.from_dict(notebook("none"))
    with pytest.warns(StillThere):
        result = redact_notebook(node)
    assert type(result.data) is type(node)
    assert EMAILS[0] in json.dumps(node)
    assert EMAILS[0] not in json.dumps(result.data.cells[0].outputs)
    plain = redact_notebook(notebook("none"), outputs_only=False)
    assert type(plain.data) is dict
    assert EMAILS[0] not in json.dumps(plain.data)


def test_files_that_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.ipynb"
    write(path, "none")
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    (tmp_path / "broken.ipynb").write_text('{"cells": [')
    (tmp_path / "latin.ipynb").write_bytes(b"\xff\xfe\xfa")
    for name, told in (
        ("link.ipynb", "is a symbolic link"),
        ("none.ipynb", "no such file"),
        ("broken.ipynb", "broken JSON"),
        ("latin.ipynb", "not valid UTF-8"),
    ):
        with pytest.raises(CannotRedact, match=told):
            redact_notebook(tmp_path / name)
    with pytest.raises(CannotRedact, match="is a symbolic link"):
        redact_notebook(path, output=link, outputs_only=False)
    with pytest.raises(CannotRedact, match="either output or in_place"):
        redact_notebook(path, output=path, in_place=True)
    assert EMAILS[0] in path.read_text()


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "n.ipynb"
    before = write(path, "none")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        redact_notebook(path, outputs_only=False, in_place=True)
    assert [one.name for one in tmp_path.iterdir()] == ["n.ipynb"]
    assert path.read_bytes().decode() == before
