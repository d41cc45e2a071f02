"""Which kinds stand in a column at all, in how many rows: rare cells, and texts that hold some."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence
from ..rules.pii.recognizer import Hit, Proof, Scene, strength
from ..rules.pii.text import engine
from .forms import is_nobodys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..rules.pii.recognizer import Recognizer
    from .bench import Part, View
    from .kinds import Kind

_SHORT: Final = 24
_KEPT: Final = 12
_CHANCE: Final = 0.5
_ENOUGH: Final = 10
_NUMBER: Final = re.compile(r"[0-9](?:[ ./:()-]{0,2}[0-9]){6,60}")
_PROSE: Final = frozenset({"text", "words"})


class Tally:
    """What was counted of one rule in one column. `values` are raw: memory only."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.rows = 0.0
        self.exact = True
        self.inside = 0
        self.confidences: Counter[Confidence] = Counter()
        self.countries: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.values: list[str] = []
        self.recognizer: Recognizer | None = None

    def add(self, value: str, hit: Hit) -> None:
        """One distinct value."""
        self.recognizer = self.recognizer or hit.recognizer
        self.confidences[hit.confidence] += 1
        self.countries[hit.country] += 1
        self.notes[hit.note] += 1
        found = value[hit.start : hit.end]
        self.inside += len(found) < len(value)
        if len(self.values) < _KEPT:
            self.values.append(found)

    def absorb(self, other: Tally) -> None:
        """Take in what else there is of the rule."""
        self.rows += other.rows
        self.exact &= other.exact
        self.inside += other.inside
        self.confidences += other.confidences
        self.countries += other.countries
        self.notes += other.notes
        self.values = (self.values + other.values)[:_KEPT]

    @property
    def confidence(self) -> Confidence:
        """That of most values."""
        return self.confidences.most_common(1)[0][0]


def tallies(view: View, kind: Kind | None, those: Sequence[Recognizer]) -> dict[str, Tally]:
    """By the id of the rule what stands in the column."""
    counted: dict[tuple[str, bool], Tally] = {}
    view.column.sampled = {}
    for part in view.parts:
        fruitful = _count(view, part, kind, those, counted)
        text = part.name and not part.name.endswith("digits") and view.form in _PROSE
        if text and not (fruitful or part.exact):
            view.column.sampled[part.name] = len(part.items), part.distinct
    found = {rule: _whole(rule, counted) for rule in dict.fromkeys(rule for rule, _ in counted)}
    if kind is not None and not kind.unproven and kind.recognizer.rule.id in found:
        tally = found[kind.recognizer.rule.id]
        if tally.confidence is kind.confidence:
            tally.rows += _deeper(view, kind)
            tally.exact |= view.column.sample.exact
    return found


def _whole(rule: str, counted: dict[tuple[str, bool], Tally]) -> Tally:
    """What is sure, and the rest of the rule if most of that is likely: else it would hide it."""
    sure, rest = (counted.get((rule, is_sure)) for is_sure in (True, False))
    if sure is None or rest is None:
        return sure or rest or Tally()
    if rest.confidence.at_least(Confidence.MEDIUM):
        sure.absorb(rest)
    return sure


def _deeper(view: View, kind: Kind) -> float:
    """What the larger samples say beyond the smaller ones: rows of the column's own kind."""
    more = 0.0
    for part in view.parts:
        if len(part.deep) > len(part.items) > 0:
            more += part.rows * (_share(part.deep, kind) - _share(part.items, kind))
    return more


def _share(items: Sequence[tuple[str, int]], kind: Kind) -> float:
    fitting = sum(
        count for text, count in items if kind.recognizer.judge(text, named=True) is not None
    )
    return fitting / sum(count for _, count in items)


def _count(
    view: View,
    part: Part,
    kind: Kind | None,
    those: Sequence[Recognizer],
    found: dict[tuple[str, bool], Tally],
) -> bool:
    """Add what stands in a part; whether there is anything that is at least likely."""
    values: dict[tuple[str, bool], list[tuple[str, int, Hit]]] = {}
    passed: Counter[tuple[int, bool]] = Counter()
    total = 0
    for text, count in part.items:
        total += count
        flagged = view.flags.get(text, ())
        plain = _is_plain(text)
        passed.update((number, plain) for number in flagged)
        for hit in _hits(view, text, flagged, kind, those):
            values.setdefault((hit.recognizer.rule.id, plain), []).append((text, count, hit))
    fruitful = False
    for (rule, plain), own in values.items():
        by_chance = _is_chance([hit for *_, hit in own], passed, plain, kind, those)
        for text, count, hit in own:
            if by_chance and not _is_sure(hit):
                continue
            tally = found.setdefault((rule, _is_sure(hit)), Tally())
            tally.rows += part.rows * count / total
            tally.exact &= part.exact
            tally.add(text, hit)
            fruitful |= hit.confidence.at_least(Confidence.MEDIUM)
    return fruitful


def _is_plain(text: str) -> bool:
    """Whether the first long number of a text has its digits in one run."""
    found = _NUMBER.search(text)
    return found is not None and found[0].isdecimal()


def _is_sure(hit: Hit) -> bool:
    return hit.confidence is Confidence.HIGH or (hit.named and hit.confidence is Confidence.MEDIUM)


def _is_chance(
    own: Sequence[Hit],
    passed: Counter[tuple[int, bool]],
    plain: bool,
    kind: Kind | None,
    those: Sequence[Recognizer],
) -> bool:
    """Whether no more check digits fit among numbers of one shape than chance makes fit."""
    one = own[0].recognizer
    if kind is not None and one is kind.recognizer:
        return False
    numbers = [number for number, other in enumerate(those) if other is one]
    alike = max((passed[number, plain] for number in numbers), default=0)
    checked = sum(hit.proof is Proof.CHECKSUM for hit in own)
    return alike >= _ENOUGH and 2 * checked >= len(own) and len(own) < _CHANCE * alike


def _hits(
    view: View,
    text: str,
    flagged: Sequence[int],
    kind: Kind | None,
    those: Sequence[Recognizer],
) -> Iterator[Hit]:
    """What one value is, or holds; each rule once."""
    if kind is not None and (hit := _of_kind(kind, text, flagged, those)):
        yield hit
        return
    if view.numeric:
        return
    able = (those[number] for number in flagged)
    judged = [hit for one in able if (hit := one.judge(text, named=one in view.named))]
    if judged:
        found = [min(judged, key=strength)]
    elif len(text) > _SHORT or " " in text:
        found = engine().hits(Scene(text, view.header))
    else:
        found = []
    taken: dict[str, Hit] = {}
    for hit in found:
        if hit.named or hit.confidence is Confidence.HIGH or not is_nobodys(text, view.form):
            taken.setdefault(hit.recognizer.rule.id, hit)
    yield from taken.values()


def _of_kind(
    kind: Kind, text: str, flagged: Sequence[int], those: Sequence[Recognizer]
) -> Hit | None:
    """Whether a value is of the column's kind, as sure as the column is."""
    one = kind.recognizer
    if kind.unproven:
        if not any(those[number] is one for number in flagged):
            return None
        return Hit(0, len(text), one, kind.confidence, named=True)
    hit = one.judge(text, named=True)
    return hit and hit._replace(confidence=kind.confidence, named=kind.named)
