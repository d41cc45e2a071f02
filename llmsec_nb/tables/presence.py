"""Which kinds stand in a column at all, in how many rows: rare cells, and texts that hold some."""

from __future__ import annotations

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

    @property
    def confidence(self) -> Confidence:
        """That of most values."""
        return self.confidences.most_common(1)[0][0]


def tallies(view: View, kind: Kind | None, those: Sequence[Recognizer]) -> dict[str, Tally]:
    """By the id of the rule what stands in the column."""
    found: dict[str, Tally] = {}
    for part in view.parts:
        _count(view, part, kind, those, found)
    if kind is not None and not kind.unproven and kind.recognizer.rule.id in found:
        tally = found[kind.recognizer.rule.id]
        tally.rows += _deeper(view, kind)
        tally.exact |= view.column.sample.exact
    return found


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
    found: dict[str, Tally],
) -> None:
    weights: Counter[str] = Counter()
    values: dict[str, list[tuple[str, Hit]]] = {}
    passed: Counter[int] = Counter()
    total = 0
    for text, count in part.items:
        total += count
        flagged = view.flags.get(text, ())
        passed.update(flagged)
        for hit in _hits(view, text, flagged, kind, those):
            rule = hit.recognizer.rule.id
            weights[rule] += count
            values.setdefault(rule, []).append((text, hit))
    for rule, own in values.items():
        if _is_chance(own, passed, kind, those):
            continue
        tally = found.setdefault(rule, Tally())
        tally.rows += part.rows * weights[rule] / total
        tally.exact &= part.exact
        for text, hit in own:
            tally.add(text, hit)


def _is_chance(
    own: list[tuple[str, Hit]],
    passed: Counter[int],
    kind: Kind | None,
    those: Sequence[Recognizer],
) -> bool:
    """Whether no more check digits fit among numbers alike than chance makes fit."""
    one = own[0][1].recognizer
    if kind is not None and one is kind.recognizer:
        return False
    alike = max((passed[number] for number, other in enumerate(those) if other is one), default=0)
    checked = sum(hit.proof is Proof.CHECKSUM for _, hit in own)
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
