"""What the tools have seen, as matches: they take the way of every other finding.

So suppressions hold for them, secrets beside them are masked, and places are told as always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ..core.detector import ByLiterals, Context, Cost, Match
from ..core.location import InCell, InFile
from ..rules import all_rules
from ..sources.position import Lines
from .codes import rules_like
from .rules import BANDIT, RUFF, RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..core.artifact import Text
    from ..core.detector import Hint
    from ..core.rule import Confidence, Rule, Severity
    from .seen import Seen

_RULE_OF: Final = {"bandit": BANDIT, "ruff": RUFF}
Place = tuple[str, int | None, int, int, int, int]
"""Tool, cell, and the span in it."""


class AsSeen(ByLiterals):
    """Repeats what the tools say of the documents of one scan, by path."""

    rules: ClassVar[tuple[Rule, ...]] = RULES
    literals: ClassVar[tuple[str, ...]] = ()
    cost: ClassVar[Cost] = Cost.SCAN

    def __init__(self, seen: Mapping[str, Sequence[Seen]]) -> None:
        """Several words of a tool on the same characters become one."""
        self._cells: dict[tuple[str, int | None], dict[Place, list[Seen]]] = {}
        for path, found in seen.items():
            for one in found:
                own = self._cells.setdefault((path, one.cell), {})
                own.setdefault(place_of(one), []).append(one)

    def detect(self, text: Text, hint: Hint, context: Context) -> Iterator[Match]:
        """The matches of the source of a cell, or of a file."""
        part = text.pieces[0].part
        if len(text.pieces) != 1 or text.text is not part.text:
            return
        if isinstance(part.place, InCell | InFile):
            cell = getattr(part.place, "cell", None)
            lines = Lines(text.text)
            for found in self._cells.get((context.path, cell), {}).values():
                yield _match(found, lines)


def place_of(one: Seen) -> Place:
    """What tells a place within a document."""
    return one.tool, one.cell, one.line, one.column, one.end_line, one.end_column


def waived(found: Iterable[Seen]) -> dict[Place, str]:
    """Where all that a tool says is waived by the author, and by which word."""
    words: dict[Place, set[str]] = {}
    for one in found:
        words.setdefault(place_of(one), set()).add(one.waived)
    return {place: max(said) for place, said in words.items() if "" not in said}


def severity_of(one: Seen) -> Severity:
    """Never above the mildest of our rules for it: those let pass what is told here."""
    ranks = [all_rules()[rule].severity for rule in rules_like(one.code)]
    return max((one.severity, *ranks), key=lambda severity: severity.rank)


def _match(found: Sequence[Seen], lines: Lines) -> Match:
    first = found[0]
    start = lines.span(first.line)[0] + first.column
    end = lines.span(first.end_line)[0] + first.end_column
    said = [one for one in found if not one.waived] or found
    return Match(
        rule=_RULE_OF[first.tool],
        start=start,
        end=end,
        message=f"{first.tool} " + "; ".join(f"{one.code}: {one.message}" for one in said),
        severity=min((severity_of(one) for one in said), key=lambda level: level.rank),
        confidence=_surest(said),
    )


def _surest(found: Sequence[Seen]) -> Confidence:
    return min((one.confidence for one in found), key=lambda level: level.rank)
