"""Presidio behind gates: the same findings as without them, no network, and nothing hidden."""

from __future__ import annotations

import json
import logging
import random
import re
import subprocess
import sys
import threading
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import SimpleNamespace
from typing import Any

import pytest

from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context, Detector, Incomplete, Unavailable
from llmsec_nb.core.location import InFile
from llmsec_nb.core.rule import Confidence, Kind
from llmsec_nb.presidio import ENTITY, NAME, PresidioRecognizers, custom, models
from llmsec_nb.presidio import build as building
from llmsec_nb.presidio.build import build
from llmsec_nb.presidio.charsets import Characters, CharSet
from llmsec_nb.presidio.fast import Analyzer
from llmsec_nb.presidio.gates import Gate, gate_for
from llmsec_nb.presidio.hits import Problem
from llmsec_nb.presidio.members import Member, PatternMember, PhoneMember
from llmsec_nb.presidio.phones import Regions, gate, lines_of
from llmsec_nb.presidio.units import Units

from .benchmarks.pii.presidio_speed import (
    Drawer,
    columns,
    fuzzed,
    numeric,
    patterns_of,
    planted,
    prose,
    seen,
)

pytest.importorskip("presidio_analyzer")

PLACE = InFile(line=0, column=0, end_line=0, end_column=0)
DICE = random.Random(11)
regex: Any = import_module("regex")
ALL_FLAGS = 0x2 | 0x8 | 0x10  # IGNORECASE, MULTILINE, DOTALL: what Presidio passes
EVERYTHING = "".join(map(chr, range(sys.maxunicode + 1)))


def digits(count: int) -> str:
    return "".join(DICE.choice("0123456789") for _ in range(count))


SSN = f"{DICE.randint(100, 599)}-{DICE.randint(11, 98)}-{DICE.randint(1001, 9998)}"
MAIL = f"ada{digits(3)}@example.com"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return build().analyzer


def text_of(source: str, kind: Kind = Kind.TEXT) -> Text:
    return Text.of(Part(place=PLACE, text=source, kind=kind))


def detected(detector: Detector, source: str) -> list[tuple[str, str, str, Confidence | None]]:
    matches = detector.detect(text_of(source), None, Context())
    return [
        (match.rule.id, match.message, source[match.start : match.end], match.confidence)
        for match in matches
    ]


def plain(analyzer: Analyzer, text: str, language: str = "en", **more: Any) -> Any:
    return seen(analyzer.engine.analyze(text, language, **{"score_threshold": 0.0, **more}))


def assert_same(analyzer: Analyzer, texts: list[str], language: str = "en") -> int:
    problems: list[Problem] = []
    ours = analyzer.analyze(texts, language, problems=problems)
    assert problems == []
    found = 0
    for text, results in zip(texts, ours, strict=True):
        assert seen(results) == plain(analyzer, text, language), text
        found += len(results)
    return found


# --- Sets of characters and gates


@pytest.mark.parametrize("flags", [0, 0x2])
@pytest.mark.parametrize(
    "pattern",
    [
        r"\d",
        r"\w",
        r"\s",
        r"\D",
        r"\W",
        r"\S",
        ".",
        "s",
        "k",
        "i",
        "I",
        "é",
        "ß",
        "ǅ",
        "[A-Z]",
        "[a-f]",
        "[^a-z]",
        r"[^\s()]",
        "[À-ÿ]",
        r"[^\d]",
        r"[^\W]",
        r"[\w.-]",
        r"[^\S\n]",
        "[^k]",
        r"[^\s\w]",
    ],
)
def test_a_derived_set_holds_all_that_regex_matches(pattern: str, flags: int) -> None:
    derived = gate_for(pattern, flags)
    assert derived is not None
    matched = "".join(regex.findall(pattern, EVERYTHING, flags=flags))
    assert matched
    assert re.fullmatch(f"(?:{derived.python})*", matched)


def test_an_ascii_set_is_exact() -> None:
    derived = gate_for(r"[^\w\s]", 0)
    assert derived is not None
    for code in range(0x80):
        known = bool(re.match(derived.python, chr(code)))
        assert known == bool(regex.match(r"[^\w\s]", chr(code))) or 0x1C <= code <= 0x1F


@pytest.mark.parametrize(
    "pattern",
    [
        "a{e<=1}",
        "[[:alpha:]]+",
        r"\p{Lu}x",
        r"(?<n>a)(?&n)",
        "(?e)abc",
        "(?|a|b)",
        r"\mword",
        "x*",
        "a(?i)b",
        r"\b",
        "(?=a)",
        r"(?P<x>a)?(?(x)b|c)",
        r"\Ka",
        "\ud800",
        "(?V1)[a--b]",
        "(a",
        r"a\X",
    ],
)
def test_what_is_not_understood_has_no_gate(pattern: str) -> None:
    assert gate_for(pattern, 0) is None


@pytest.mark.parametrize("flags", [0x100, 0x4000, 0x1000])  # VERSION1, FULLCASE, BESTMATCH
def test_unknown_flags_have_no_gate(flags: int) -> None:
    assert gate_for("abc", flags) is None


@pytest.mark.parametrize(
    ("pattern", "by_line", "by_word"),
    [
        (r"\b[0-9]{9}\b", True, True),
        (r"[0-9]{3} [0-9]{4}", True, False),
        (r"a\sb", False, False),
        (r"a[^b]c", False, False),
        (r"(?m)^ab$", True, False),
        (r"^ab$", False, False),
        (r"ab\Z", False, False),
        (r"ab(?!\n\nc)", False, False),
        (r"(?<!\d)ab(?!c1\d{12}(?!\d))", True, True),
        (r"(a)b\1", True, True),
        (r"(?s:a.b)", False, False),
        (r"ab(?=\W)", True, True),
    ],
)
def test_what_stays_on_a_line_and_in_a_word(pattern: str, by_line: bool, by_word: bool) -> None:
    derived = gate_for(pattern, 0)
    assert derived is not None
    assert (derived.by_line, derived.by_word) == (by_line, by_word)


def test_big_alternatives_keep_their_beginnings() -> None:
    words = [f"{a}{b}{c}" for a in "abc" for b in "defgh" for c in "ijklmnop"]
    for pattern in (rf"x\.(?:{'|'.join(words)})", rf"x\.(?:{'|'.join(words)})!"):
        derived = gate_for(pattern, 0)
        assert derived is not None
        assert len(derived.re2) < 200
        assert re.search(derived.python, "x.adi!")
        assert not re.search(derived.python, "x.xdi!")


def passes(derived: Gate, text: str) -> bool:
    pc = import_module("pyarrow.compute")
    pa = import_module("pyarrow")
    array = pa.array([re.sub("[\ud800-\udfff]", "\ufffd", text)])
    verdicts = {
        bool(pc.match_substring_regex(array, derived.re2)[0].as_py()),
        bool(re.search(derived.python, text)),
    }
    if text.isascii():
        verdicts.add(bool(pc.match_substring_regex(array, derived.ascii)[0].as_py()))
    assert len(verdicts) == 1
    assert derived.may_match(Characters(text)) or verdicts == {False}
    return verdicts.pop()


def every_recognizer() -> list[Any]:
    module: Any = import_module("presidio_analyzer.predefined_recognizers")
    base: Any = import_module("presidio_analyzer").PatternRecognizer
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type)]
    return [kind() for kind in kinds if issubclass(kind, base) and hasattr(kind, "PATTERNS")]


def test_every_pattern_of_presidio_passes_its_own_gate() -> None:
    recognizers = every_recognizer()
    assert len(recognizers) > 60
    drawer = Drawer(5)
    matched = 0
    for recognizer in recognizers:
        for pattern in recognizer.patterns:
            derived = gate_for(pattern.regex, ALL_FLAGS)
            assert derived is not None, pattern.regex
            compiled = regex.compile(pattern.regex, flags=ALL_FLAGS)
            for _ in range(12):
                text = f"{drawer.random.choice(['', 'no ', '9', '('])}{drawer.draw(pattern.regex)} "
                if compiled.search(text):
                    matched += 1
                    assert passes(derived, text), (pattern.regex, text)
    assert matched > 500


def test_pieces_give_what_the_whole_gives(analyzer: Analyzer) -> None:
    lines = planted(patterns_of(analyzer.engine), 120, seed=21)
    whole = "\n".join(lines)
    assert len(whole) > 2_000
    for recognizer in analyzer.engine.registry.recognizers:
        for pattern in getattr(recognizer, "patterns", []):
            derived = gate_for(pattern.regex, ALL_FLAGS)
            assert derived is not None
            assert derived.by_line
            compiled = regex.compile(pattern.regex, flags=ALL_FLAGS)
            expected = [match.span() for match in compiled.finditer(whole)]
            found = [
                match.span()
                for _, spans in Units([whole]).passing(derived)
                for start, end in spans
                for match in compiled.finditer(whole, start, end)
            ]
            assert found == expected


def test_units_pass_only_lines_that_matter() -> None:
    text = "nothing here\n" * 200 + "id 12345678\n" + "nothing\n" * 200
    derived = gate_for(r"\b[0-9]{8}\b", 0)
    assert derived is not None
    ((index, spans),) = Units([text]).passing(derived)
    assert index == 0
    assert [text[start:end] for start, end in spans] == ["id 12345678\n"]


def test_without_pyarrow_the_characters_decide(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llmsec_nb.presidio.units._arrow", [None])
    assert assert_same(analyzer, prose(40) + fuzzed(patterns_of(analyzer.engine), 40, seed=31)) > 20


def test_character_sets_join_and_compare() -> None:
    small, large = CharSet(0b11), CharSet(0b111, ((0x80, 0x90),))
    assert small.within(large)
    assert not large.within(small)
    assert small.joined(CharSet(0, ((0x91, 0x95), (0x80, 0x90)))).wide == ((0x80, 0x95),)
    assert large.has(0x85)
    assert not large.has(0x95)


# --- The same findings


def test_planted_values_are_found_as_by_presidio(analyzer: Analyzer) -> None:
    assert assert_same(analyzer, planted(patterns_of(analyzer.engine), 150, seed=41)) > 250


def test_fuzzed_unicode_is_analyzed_as_by_presidio(analyzer: Analyzer) -> None:
    assert assert_same(analyzer, fuzzed(patterns_of(analyzer.engine), 250, seed=42)) > 200


def test_prose_and_numbers_are_analyzed_as_by_presidio(analyzer: Analyzer) -> None:
    assert assert_same(analyzer, prose(150) + numeric(5)) > 100


def test_columns_are_analyzed_as_by_presidio(analyzer: Analyzer) -> None:
    assert assert_same(analyzer, [one for made in columns(12).values() for one in made]) > 100


def test_one_by_one_is_the_same(analyzer: Analyzer) -> None:
    for text in planted(patterns_of(analyzer.engine), 40, seed=43) + prose(30):
        assert seen(analyzer.analyze([text])[0]) == plain(analyzer, text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "\0", "\ud800", "1\ud8001", "\udfff" + SSN, "İ 1"]
)
def test_strange_texts_are_analyzed_as_by_presidio(analyzer: Analyzer, text: str) -> None:
    assert_same(analyzer, [text])
    assert_same(analyzer, [text, *["filler 12345678 text " * 20] * 10])


def test_long_texts_are_analyzed_as_by_presidio(analyzer: Analyzer) -> None:
    text = "\n".join(planted(patterns_of(analyzer.engine), 60, seed=44) + numeric(1) + prose(60))
    assert len(text) > 8_000
    assert assert_same(analyzer, [text, text.replace("\n", " ")[:3_000]]) > 100


@pytest.mark.parametrize("language", ["de", "es", "it", "pl", "ko", "sv", "xx"])
def test_other_languages_are_analyzed_as_by_presidio(language: str) -> None:
    other = build([language]).analyzer
    texts = planted(patterns_of(other.engine), 40, seed=45)
    assert assert_same(other, texts, language) > 20


def test_entities_and_thresholds_are_those_of_presidio(analyzer: Analyzer) -> None:
    texts = planted(patterns_of(analyzer.engine), 60, seed=46)
    for entities in (["US_SSN"], ["US_SSN", "PHONE_NUMBER", "URL"], ["NO_SUCH", "IP_ADDRESS"]):
        for threshold in (0.0, 0.4, 0.9, None):
            ours = analyzer.analyze(texts, "en", entities, threshold)
            for text, results in zip(texts, ours, strict=True):
                wanted = plain(analyzer, text, entities=entities, score_threshold=threshold)
                assert seen(results) == wanted


def test_thresholds_of_recognizers_are_kept() -> None:
    built = build().analyzer
    for recognizer in built.engine.registry.recognizers:
        recognizer.score_thresholds = {"default": 0.3, "US_SSN": 0.86, "DATE_TIME": 0.61}
    texts = [*planted(patterns_of(built.engine), 80, seed=47), f"social security {SSN}"]
    results = built.analyze(texts, score_threshold=None)
    for text, found in zip(texts, results, strict=True):
        assert seen(found) == plain(built, text, score_threshold=None)


def test_an_unknown_language_is_refused_as_by_presidio(analyzer: Analyzer) -> None:
    for language, entities in (("xx", None), ("en", ["NO_SUCH"])):
        with pytest.raises(ValueError, match="No matching recognizers"):
            analyzer.engine.analyze("a", language, entities)
        with pytest.raises(ValueError, match="No matching recognizers"):
            analyzer.analyze(["a"], language, entities)


def test_repeated_texts_share_nothing_but_their_findings(analyzer: Analyzer) -> None:
    one, other, third = analyzer.analyze([f"mail {MAIL}", "nothing", f"mail {MAIL}"])
    assert seen(one) == seen(third) == plain(analyzer, f"mail {MAIL}")
    assert other == []
    assert one[0] is not third[0]


def test_words_before_a_value_raise_its_score(analyzer: Analyzer) -> None:
    (results,) = analyzer.analyze([f"social security: {SSN}"], entities=["US_SSN"])
    assert [(one.start, one.score) for one in results] == [(17, 0.85)]
    (results,) = analyzer.analyze([f"serial of item: {SSN}"], entities=["US_SSN"])
    assert [one.score for one in results] == [0.5]


def test_two_threads_at_once_find_the_same(analyzer: Analyzer) -> None:
    shared = Analyzer(analyzer.engine)
    texts = planted(patterns_of(analyzer.engine), 80, seed=48)
    found: dict[int, Any] = {}

    def work(number: int) -> None:
        found[number] = list(map(seen, shared.analyze(texts)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == [plain(analyzer, text) for text in texts]


# --- Phone numbers


def phone_lines() -> list[str]:
    phonenumbers: Any = import_module("phonenumbers")
    lines = []
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    for region in DICE.sample(regions, 80):
        for kind in DICE.sample(range(11), 3):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is None:
                continue
            form = phonenumbers.format_number(number, DICE.choice([0, 1, 2, 3]))
            if DICE.random() < 0.3:
                form = form.replace(DICE.choice(form), DICE.choice("0123456789"), 1)
            if DICE.random() < 0.2:
                form = "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in form)
            if DICE.random() < 0.2:
                form = f"{DICE.choice(['00', '011', '1', '0', '+', '044', '0049'])}{form}"
            ends = DICE.choice(["", " x12", " ext. 5", "/" + form, "-1", "a", " 12:30", "#"])
            lines.append(f"{DICE.choice(['', 'call ', 'x', '(', '$', '1 '])}{form}{ends}, then")
    return lines


@pytest.mark.parametrize(
    "regions",
    [("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"), ("IT", "AR", "MX", "JP", "RU", "GG", "CA")],
)
def test_phone_numbers_are_those_of_the_library(regions: tuple[str, ...]) -> None:
    phonenumbers: Any = import_module("phonenumbers")
    lines = phone_lines() + numeric(2) + ["1990-05-12 10:30", "pp. 12-15 (1999)", "3/4/2020"]
    mine = Regions(regions)
    found = 0
    for text in lines:
        expected = {
            (match.start, match.end)
            for region in regions
            for match in phonenumbers.PhoneNumberMatcher(text, region)
        }
        pieces = list(lines_of(text, iter([(0, len(text))])))
        assert mine.find(pieces, float("inf")) == sorted(expected), text
        found += len(expected)
    assert found > 60


def test_the_failed_tries_are_counted_as_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    phonenumbers: Any = import_module("phonenumbers")
    text = " , ".join(["12-34"] * 40 + ["(415) 555-2671"])
    for module in ("phones", "walks"):
        monkeypatch.setattr(f"llmsec_nb.presidio.{module}.MOST_TRIES", 45)
    monkeypatch.setattr("llmsec_nb.presidio.phones.EXHAUSTIVE", 0)
    most = phonenumbers.PhoneNumberMatcher(text, "US", max_tries=45)
    assert Regions(("US",)).find([(0, text)], float("inf")) == [(m.start, m.end) for m in most]


def test_no_number_has_less_than_four_digits() -> None:
    phonenumbers: Any = import_module("phonenumbers")
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        for region in regions:
            metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            assert len(str(code)) + min(metadata.general_desc.possible_length) >= 4
    derived = gate(("US", "DE"))
    assert derived is not None
    assert derived.by_line
    assert passes(derived, "1-2a3b4")
    assert not passes(derived, "1-2a3\n4")
    assert gate(("US", "NO_SUCH")) is None


def test_the_fast_ways_are_taken(analyzer: Analyzer) -> None:
    kinds = {type(member) for member in analyzer._plan("en", ()).members}
    assert kinds == {Member, PatternMember, PhoneMember}
    slow = [one.name for one in analyzer._plan("en", ()).members if type(one) is Member]
    assert slow == ["IbanRecognizer"]


# --- What goes wrong is told


def recognizer(pattern: str, **more: Any) -> Any:
    presidio: Any = import_module("presidio_analyzer")
    return presidio.PatternRecognizer(
        supported_entity=more.pop("entity", "MINE"),
        name=more.pop("name", "Mine"),
        patterns=[presidio.Pattern("mine", pattern, 0.6)],
        **more,
    )


def with_own(*recognizers: Any, seconds: float | None = None) -> Analyzer:
    engine = build().analyzer.engine
    engine.registry.recognizers = [*engine.registry.recognizers, *recognizers]
    return Analyzer(engine, seconds)


def test_a_pattern_without_end_is_a_problem_and_the_others_are_heard() -> None:
    slow = with_own(recognizer("(?:x|xx)+y"), seconds=0.2)
    problems: list[Problem] = []
    (results,) = slow.analyze([f"{MAIL} {'x' * 4_000}"], problems=problems)
    assert problems == []  # no "y" in it: the gate is closed
    (results,) = slow.analyze([f"{MAIL} {'x' * 4_000} xy"], problems=problems)
    assert problems == [Problem(0, "Mine", "took too long")]
    assert "EMAIL_ADDRESS" in [one.entity_type for one in results]


def test_a_time_out_is_logged_when_nobody_asks(caplog: pytest.LogCaptureFixture) -> None:
    slow = with_own(recognizer("(?:x|xx)+y"), seconds=0.2)
    with caplog.at_level(logging.WARNING):
        slow.analyze(["fine", f"{'x' * 4_000} xy"])
    assert [one.getMessage() for one in caplog.records] == ["Mine took too long on text 1"]


def test_phone_numbers_without_end_are_a_problem() -> None:
    quick = Analyzer(build().analyzer.engine, seconds=0.05)
    problems: list[Problem] = []
    quick.analyze(["7 " * 400_000], problems=problems)
    quick.analyze(["+49 30 12345x, " * 40_000], problems=problems)
    assert ("PhoneRecognizer", "took too long") in {(one.recognizer, one.what) for one in problems}


@pytest.mark.parametrize(
    "unit", ["a", "1", "@", ":", "(", "a.b", "0.1 ", "ſ", "٣", "\ud800", "'a."]
)
def test_a_hostile_line_ends(unit: str) -> None:
    quick = Analyzer(build().analyzer.engine, seconds=0.1)
    problems: list[Problem] = []
    quick.analyze([unit * (100_000 // len(unit))], problems=problems)
    assert {one.what for one in problems} <= {"took too long"}


def custom_class(analyze: Any) -> Any:
    presidio: Any = import_module("presidio_analyzer")
    methods = {"analyze": analyze, "load": lambda self: None}
    kind: Any = type("Custom", (presidio.EntityRecognizer,), methods)
    return kind(supported_entities=["CUSTOM"], name="Custom", context=["badge"])


def test_a_recognizer_with_code_of_its_own_always_runs() -> None:
    presidio: Any = import_module("presidio_analyzer")

    def analyze(self: Any, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
        assert [token.text for token in nlp_artifacts.tokens][:1] == ["no"]
        assert nlp_artifacts.tokens[0].lemma_ == "no"
        why = presidio.AnalysisExplanation("Custom", 0.3)
        return [presidio.RecognizerResult("CUSTOM", 3, 7, 0.3, why)]

    own = with_own(custom_class(analyze))
    assert "CUSTOM" in own.engine.get_supported_entities("en")
    for text in ("no sign", "no badge sign"):
        (results,) = own.analyze([text])
        assert seen(results) == plain(own, text)
    assert seen(results) == [("CUSTOM", 3, 7, 0.6499999999999999)]


def test_an_error_of_a_recognizer_is_told_without_what_it_quotes() -> None:
    def analyze(self: Any, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
        raise KeyError(text)

    problems: list[Problem] = []
    (results,) = with_own(custom_class(analyze)).analyze([MAIL], problems=problems)
    assert problems == [Problem(0, "Custom", "stopped with KeyError")]
    assert results[0].entity_type == "EMAIL_ADDRESS"


def test_what_presidio_only_logs_is_heard() -> None:
    def analyze(self: Any, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
        logging.getLogger("presidio-analyzer").warning("Pattern '%s' timed out, skipping.", "x")
        return []

    problems: list[Problem] = []
    with_own(custom_class(analyze)).analyze(["a", "b"], problems=problems)
    assert problems == [Problem(at, "Custom", "took too long") for at in (0, 1)]


def test_a_recognizer_with_its_own_way_with_context_is_left_to_presidio() -> None:
    def raised(self: Any, text: str, raw_recognizer_results: list[Any], **more: Any) -> list[Any]:
        for one in raw_recognizer_results:
            one.score = 0.9
        return raw_recognizer_results

    mine = recognizer("a[0-9]{4}")
    mine.__class__ = type("Own", (type(mine),), {"enhance_using_context": raised})
    own = with_own(mine)
    texts = [f"a1234 and {MAIL}", "nothing"]
    assert [seen(one) for one in own.analyze(texts)] == [plain(own, text) for text in texts]
    assert ("MINE", 0, 5, 0.9) in seen(own.analyze(texts)[0])


def test_checks_and_deny_lists_of_users_are_as_by_presidio() -> None:
    presidio: Any = import_module("presidio_analyzer")

    class Checked(presidio.PatternRecognizer):  # type: ignore[misc]
        def validate_result(self, pattern_text: str) -> bool | None:
            return {"a": True, "b": False}.get(pattern_text[0])

        def invalidate_result(self, pattern_text: str) -> bool:
            return pattern_text.endswith("9")

    checked = Checked("CHECKED", patterns=[presidio.Pattern("p", "[abc][0-9]{2,3}", 0.4)])
    denied = presidio.PatternRecognizer("DENIED", deny_list=["Mr.", "x+y", "straße", "ſecret"])
    own = with_own(checked, denied)
    texts = ["a12 b12 c12 c19 a129", "Mr. X, x+y; STRASSE Straße", "SECRET ſecret secret", "xx+y"]
    assert assert_same(own, texts) > 6


def test_the_log_keeps_no_value(caplog: pytest.LogCaptureFixture, analyzer: Analyzer) -> None:
    iban = f"DE{digits(2)}\u212a{digits(17)}"
    with caplog.at_level(logging.DEBUG):
        analyzer.analyze([f"account {iban}"])
    assert iban not in caplog.text
    assert "Failed to validate a value" in caplog.text


# --- Offline, and put together


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_socket_is_opened() -> None:
    code = """
import json, sys
def hook(event, arguments):
    if event.startswith("socket."):
        sys.stderr.write(event)
        import os; os._exit(9)
sys.addaudithook(hook)
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context
from llmsec_nb.core.location import InFile
from llmsec_nb.core.rule import Kind
from llmsec_nb.presidio import PresidioRecognizers
place = InFile(line=0, column=0, end_line=0, end_column=0)
source = "mail ada@example.co.uk, see https://example.org/a, or call +44 20 7946 0958"
text = Text.of(Part(place=place, text=source, kind=Kind.TEXT))
found = PresidioRecognizers().detect(text, True, Context())
print(json.dumps(sorted({one.message.split()[0] for one in found})))
"""
    assert json.loads(run(code)) == ["EMAIL_ADDRESS", "PHONE_NUMBER", "URL"]


def test_importing_the_package_is_cheap() -> None:
    heavy = ["presidio_analyzer", "spacy", "pyarrow", "phonenumbers", "regex", "tldextract"]
    code = f"import sys, llmsec_nb.presidio; print([m for m in {heavy} if m in sys.modules])"
    assert run(code) == "[]"


def test_tldextract_itself_stays_as_it_is(analyzer: Analyzer) -> None:
    tldextract: Any = import_module("tldextract")
    module: Any = import_module("presidio_analyzer.predefined_recognizers.generic.email_recognizer")
    assert module.tldextract is not tldextract
    assert module.tldextract.extract.suffix_list_urls == ()
    assert module.tldextract.extract("ada@example.co.uk").fqdn == "example.co.uk"
    assert tldextract.tldextract.TLD_EXTRACTOR.suffix_list_urls


def test_the_detector_says_what_and_how_sure() -> None:
    detector = PresidioRecognizers()
    source = f"social security {SSN}, mail {MAIL}"
    assert detected(detector, source) == [
        ("PII900", "US_SSN found by Presidio", SSN, Confidence.HIGH),
        ("PII900", "EMAIL_ADDRESS found by Presidio", MAIL, Confidence.HIGH),
        ("PII900", "URL found by Presidio", "example.com", Confidence.MEDIUM),
    ]
    assert detected(detector, "") == []
    assert list(detector.detect(text_of(MAIL, Kind.BINARY), None, Context())) == []
    assert detected(PresidioRecognizers(entities=["URL"], least=0.6), source) == []


def test_the_first_load_may_be_in_the_background() -> None:
    detector = PresidioRecognizers(["en", "de"])
    thread = detector.warm()
    assert thread.daemon
    assert [one[0] for one in detected(detector, f"mail {MAIL}")] == ["PII900", "PII900"]
    thread.join()
    assert detector.failures == ()


def test_rules_are_off_unless_presidio_is_on() -> None:
    assert [(rule.id, rule.name, rule.default) for rule in PresidioRecognizers.rules] == [
        ("PII900", "presidio-entity", False),
        ("PII901", "presidio-name", False),
    ]
    assert (ENTITY.severity, NAME.severity) == ("medium", "low")


def test_a_missing_package_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "find_spec", lambda name: None)
    detector = PresidioRecognizers()
    detector.warm().join()
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"^presidio-analyzer is not installed: pip install"):
            detected(detector, MAIL)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            "spacy:en_no_such",
            "the spaCy model en_no_such is not installed: python -m spacy download",
        ),
        ("transformers:some/model", "transformers is not installed, which the model some/model"),
        ("gliner:some/model", "gliner is not installed, which the model some/model needs"),
        ("bert", "Presidio's model 'bert' is none of spacy:NAME, transformers:NAME or gliner:NAME"),
        ("spacy:", "is none of spacy:NAME"),
    ],
)
def test_a_missing_model_is_one_line(
    model: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = {"transformers", "gliner", "torch"}
    spec = ModuleSpec("any", None)
    monkeypatch.setattr(models, "find_spec", lambda name: None if name in absent else spec)
    with pytest.raises(Unavailable, match=re.escape(said)) as caught:
        detected(PresidioRecognizers(model=model), MAIL)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_in_the_cache_is_not_downloaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []

    def snapshot_download(name: str, *, local_files_only: bool) -> str:
        asked.append(local_files_only)
        raise OSError(name)

    hub = SimpleNamespace(snapshot_download=snapshot_download)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    monkeypatch.setattr(models, "find_spec", lambda name: ModuleSpec(name, None))
    with pytest.raises(Unavailable, match="the model a/b is not on this machine: hf download a/b"):
        models.load("gliner:a/b", ["en"])
    assert asked == [True]


@pytest.mark.filterwarnings("ignore")
def test_a_model_of_spacy_finds_names(tmp_path: Any) -> None:
    spacy: Any = import_module("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ada"}])
    nlp.to_disk(tmp_path / "model")
    model = f"spacy:{tmp_path / 'model'}"
    source = f"Ada wrote {MAIL}"
    found = detected(PresidioRecognizers(model=model), source)
    assert found[0] == ("PII901", "PERSON found by Presidio", "Ada", Confidence.HIGH)
    assert [one[0] for one in found[1:]] == ["PII900", "PII900"]
    assert assert_same(build(model=model).analyzer, [source, "Ada", "nobody", f"card {SSN}"]) > 4


@pytest.mark.filterwarnings("ignore")
def test_a_broken_model_is_one_line(tmp_path: Any) -> None:
    with pytest.raises(Unavailable, match=r"^the spaCy model .* cannot be loaded \(\w+\): "):
        detected(PresidioRecognizers(model=f"spacy:{tmp_path}"), MAIL)


# --- Recognizers of users


class Entry:
    """An entry point that gives something, or fails."""

    def __init__(self, name: str, given: Any) -> None:
        self.name = name
        self.value = f"pack.{name}:thing"
        self._given = given

    def load(self) -> Any:
        if isinstance(self._given, Exception):
            raise self._given
        return self._given


def entries(monkeypatch: pytest.MonkeyPatch, *given: Any) -> None:
    made = [Entry(f"e{number}", one) for number, one in enumerate(given)]
    monkeypatch.setattr(custom, "entry_points", lambda group: made if group == custom.GROUP else [])


def test_entry_points_give_classes_instances_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = type("Kind", (type(recognizer("k")),), {"__init__": lambda self: None})
    entries(monkeypatch, recognizer("emp-[0-9]{5}"), [recognizer("x[0-9]{6}", entity="SIX")])
    found = detected(PresidioRecognizers(), "emp-12345 then x123456")
    assert [one[1:3] for one in found] == [
        ("MINE found by Presidio", "emp-12345"),
        ("SIX found by Presidio", "x123456"),
        ("US_DRIVER_LICENSE found by Presidio", "x123456"),
    ]
    mac: Any = import_module("presidio_analyzer.predefined_recognizers").UsMbiRecognizer
    entries(monkeypatch, mac, [kind])
    given, failures = custom.custom_recognizers()
    assert [type(one).__name__ for one in given] == ["UsMbiRecognizer", "Kind"]
    assert failures == []


def test_a_broken_entry_point_is_named_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    entries(monkeypatch, ImportError(SSN), recognizer("emp-[0-9]{5}"), 7, [object])
    detector = PresidioRecognizers()
    assert ("PII900", "MINE found by Presidio", "emp-12345", Confidence.MEDIUM) in detected(
        detector, "emp-12345"
    )
    assert [one.split(",")[0] for one in detector.failures] == [
        "Presidio recognizer e0 (pack.e0:thing) cannot be used (ImportError)",
        "Presidio recognizer e2 (pack.e2:thing) cannot be used (TypeError)",
        "Presidio recognizer e3 (pack.e3:thing) cannot be used (TypeError)",
    ]


def test_a_recognizer_that_fails_leaves_the_others_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def analyze(self: Any, text: str, entities: list[str], nlp_artifacts: Any) -> list[Any]:
        raise KeyError(text)

    entries(monkeypatch, custom_class(analyze))
    matches = PresidioRecognizers().detect(text_of(MAIL), None, Context())
    assert next(matches).message == "EMAIL_ADDRESS found by Presidio"
    with pytest.raises(Incomplete, match=r"everything: Custom stopped with KeyError$"):
        list(matches)
