"""The proof of every record: its pattern is linear, finite, anchored, and finds what it should."""

from __future__ import annotations

import json
import re
import time
from re import _constants as sre  # type: ignore[attr-defined]  # the parser's own names
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.config import Config
from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context
from llmsec_nb.core.location import InCell, InFile, InOutput
from llmsec_nb.core.rule import Confidence, Kind
from llmsec_nb.rules import all_rules
from llmsec_nb.rules.secrets.checks import CHECKS, NOTES
from llmsec_nb.rules.secrets.records import PACK, Format, Record, packed, records, rules_of_records
from llmsec_nb.rules.secrets.token import TokenDetector, TokenFormat
from llmsec_nb.screen import Screen

from .samples import Filler, Maker

ALL_FORMATS = [
    pytest.param(entry, id=f"{record.id}-{number}")
    for record in records()
    for number, entry in enumerate(record.formats)
]
OWN_PATTERNS = [
    pytest.param(record, entry, id=f"{record.id}-{number}")
    for record in records()
    for number, entry in enumerate(record.formats)
    if entry.pattern
]
RECORDS = [pytest.param(record, id=record.id) for record in records()]
WIDEST = 20_000
ASCII = frozenset(map(chr, range(128)))
REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT}


def parsed(entry: Format) -> Any:
    return parser.parse(entry.pattern or entry.value)


def of_set(items: Any) -> frozenset[str]:
    """The ASCII characters of a set."""
    found: set[str] = set()
    for op, argument in items:
        if op is sre.LITERAL:
            found.add(chr(argument))
        elif op is sre.RANGE:
            found.update(map(chr, range(argument[0], min(argument[1], 127) + 1)))
        elif op is sre.CATEGORY:
            found |= ASCII
    negated = items[0][0] is sre.NEGATE
    return ASCII - found if negated else frozenset(found)


def starts(sequence: Any) -> frozenset[str]:
    """The characters with which a part of a pattern can begin."""
    found: frozenset[str] = frozenset()
    for op, argument in sequence:
        if op in {sre.ASSERT, sre.ASSERT_NOT, sre.AT}:
            continue
        found |= of_item(op, argument)
        if not (op in REPEATS and argument[0] == 0):
            break
    return found


def of_item(op: Any, argument: Any) -> frozenset[str]:
    if op is sre.LITERAL:
        return frozenset({chr(argument), chr(argument).swapcase()})
    if op is sre.NOT_LITERAL:
        return ASCII - {chr(argument)}
    if op is sre.IN:
        return of_set(argument)
    if op in REPEATS:
        return starts(argument[2])
    if op is sre.SUBPATTERN:
        return starts(argument[-1])
    if op is sre.BRANCH:
        return frozenset().union(*map(starts, argument[1]))
    return ASCII


def children(op: Any, argument: Any) -> list[Any]:
    if op in REPEATS:
        return [argument[2]]
    if op is sre.SUBPATTERN:
        return [argument[-1]]
    return list(argument[1]) if op is sre.BRANCH else []


def varies(sequence: Any) -> bool:
    """Whether the length of what a part matches can vary."""
    low, high = sequence.getwidth()
    return bool(low != high)


def separates(item: Any, others: list[Any]) -> bool:
    """Whether a character stands at one end of a repeat that occurs nowhere else in it."""
    return item[0] not in REPEATS and not any(of_item(*item) & of_item(*o) for o in others)


def ambiguous(sequence: Any) -> list[str]:
    """The repeats that could match the same text in more ways than one."""
    found = []
    for op, argument in sequence:
        for child in children(op, argument):
            found += ambiguous(child)
        if op not in REPEATS or argument[1] < 2 or not varies(argument[2]):
            continue
        body = list(argument[2])
        branches = [item for item in body if item[0] is sre.BRANCH]
        if len(body) == 1 and branches:
            firsts = [starts(branch) for branch in branches[0][1][1]]
            if sum(map(len, firsts)) > len(frozenset().union(*firsts)):
                found.append(f"branches overlap under a repeat: {body}")
            continue
        if not (separates(body[0], body[1:]) or separates(body[-1], body[:-1])):
            found.append(f"nested repeats overlap: {body}")
    return found


@pytest.mark.parametrize("entry", ALL_FORMATS)
def test_pattern_is_linear_and_finite(entry: Format) -> None:
    tree = parsed(entry)
    low, high = tree.getwidth()
    assert 8 <= low <= high <= WIDEST
    assert ambiguous(tree) == []
    assert not any(op is sre.GROUPREF for op, _ in tree)
    re.compile(entry.pattern or entry.value)


def text_of(source: str) -> Text:
    place = InFile(line=0, column=0, end_line=0, end_column=0)
    return Text.of(Part(place=place, text=source, kind=Kind.CODE))


def seconds(detector: TokenDetector, source: str) -> float:
    (found,) = [hits for _, hits in Screen([detector]).assign([text_of(source)])]
    started = time.process_time()
    for text, hint in found:
        list(detector.detect(text, hint, Context()))
    return time.process_time() - started


@pytest.mark.parametrize(("record", "entry"), OWN_PATTERNS)
def test_time_grows_with_the_text(record: Record, entry: Format) -> None:
    """Four times the text never takes sixteen times as long."""
    rule = rules_of_records()[record.id]
    made = TokenFormat(
        rule, entry.pattern, entry.anchors, back=entry.back, near=entry.near, check=entry.check
    )
    detector = TokenDetector([made])
    whole, _ = Maker(1).sample(entry)
    word = entry.near[0] if entry.near else ""
    for unit in (f"{whole[:-1]}!{word} ", f"{word}{made.anchors[0]}", whole[:-1]):
        short, long = (unit * (size // len(unit)) for size in (5_000, 20_000))
        for _ in range(3):
            floor = max(seconds(detector, short), 0.002)
            if seconds(detector, long) < 10 * floor:
                break
        else:
            pytest.fail(f"grows too fast on {unit[:20]!r}…")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("record", "entry"), OWN_PATTERNS)
def test_samples_hold_an_anchor(record: Record, entry: Format, seed: int) -> None:
    made = TokenFormat(rules_of_records()[record.id], entry.pattern, entry.anchors)
    whole, _ = Maker(seed).sample(entry)
    lowered = whole.lower()
    places = [lowered.find(anchor.lower()) for anchor in made.anchors]
    assert any(0 <= place <= entry.back for place in places)
    assert all(len(anchor) >= 3 or entry.near for anchor in made.anchors)
    assert all(word == word.lower() and len(word) >= 3 for word in entry.near)


def notebook(sources: list[str]) -> str:
    """Each source in a cell of its own, and as what the cell printed."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{number}",
            "metadata": {},
            "execution_count": 1,
            "source": source.splitlines(keepends=True),
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [source]}],
        }
        for number, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def piece(source: str, place: InCell | InOutput) -> str:
    """What stands at a place of one line or several."""
    lines = source.splitlines(keepends=True)[place.line : place.end_line + 1]
    lines[-1] = lines[-1][: place.end_column]
    lines[0] = lines[0][place.column :]
    return "".join(lines)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("record", RECORDS)
def test_found_in_a_notebook_at_its_exact_place(record: Record, seed: int) -> None:
    rule = rules_of_records()[record.id]
    sources, expected = [], []
    for number, example in enumerate(rule.examples):
        if example.flagged and example.kind is Kind.CODE:
            fill = Filler(record.id, Maker(seed * 100 + number))
            sources.append(fill(example.source))
            expected.append(fill(example.flagged[0]))
    report = check_text(notebook(sources), "x.ipynb", Config(min_confidence=Confidence.LOW))
    found: dict[type, set[tuple[int, str]]] = {InCell: set(), InOutput: set()}
    for finding in report.findings:
        place = finding.location
        if isinstance(place, InCell | InOutput) and place.cell is not None:
            found[type(place)].add((place.cell, piece(sources[place.cell], place)))
    wanted = set(enumerate(expected))
    assert wanted <= found[InCell]
    assert wanted <= found[InOutput]


@pytest.mark.parametrize("record", RECORDS)
def test_record_is_complete(record: Record) -> None:
    rule = all_rules()[record.id]
    assert rule.name == record.name
    assert record.rotate.startswith("https://")
    assert record.negatives or any(not example.flagged for example in rule.examples)
    assert record.formats
    for entry in record.formats:
        assert bool(entry.pattern) != bool(entry.value)
        assert bool(entry.value) == bool(entry.names)
        assert not entry.check or entry.check in CHECKS
        assert all(name == name.lower() and len(name) >= 3 for name in entry.names)


def test_notes_belong_to_checks() -> None:
    assert NOTES.keys() <= CHECKS.keys()


def test_ids_and_names_are_unique() -> None:
    found = records()
    assert len({record.id for record in found}) == len(found)
    assert len({record.name for record in found}) == len(found)
    assert [record.id for record in found] == sorted(record.id for record in found)


def test_no_format_is_told_twice() -> None:
    seen: dict[object, str] = {}
    for record in records():
        for entry in record.formats:
            words = frozenset((*entry.near, *entry.names))
            key = (entry.pattern, entry.value, words)
            assert key not in seen, (record.id, seen[key])
            seen[key] = record.id


def test_there_are_at_least_350_rules() -> None:
    assert len(records()) >= 350


def test_pack_is_up_to_date() -> None:
    assert PACK.read_bytes() == packed()
