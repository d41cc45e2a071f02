"""Secrets in the columns of a data set, by the detectors that read texts."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from .core.artifact import Field, Part, Text
from .core.detector import Context
from .core.finding import Failure, Finding
from .core.location import InColumn
from .core.rule import Confidence, Family, Kind
from .engine import resolved
from .findings import Candidate
from .rules.secrets.named import NamedValues
from .screen import screen_for
from .sources.dataset.leaves import as_text, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from .core.detector import Match
    from .core.evidence import Concealer, Evidence
    from .core.rule import Rule
    from .policy import Policy
    from .tables.names import Names

_PIECE: Final = 1_000_000
"""Characters that are looked at in one go."""
_LONGEST: Final = 2_000_000


class Seen:
    """One rule in one column: how many rows, and the evidence of the first."""

    __slots__ = ("confidence", "evidence", "rows", "rule")

    def __init__(self, rule: Rule, evidence: Evidence, confidence: Confidence) -> None:
        """Start without a row."""
        self.rule = rule
        self.evidence = evidence
        self.confidence = confidence
        self.rows = 0


class ColumnSecrets:
    """Looks at batches, column by column. Holds no raw value."""

    def __init__(self, policy: Policy, concealer: Concealer, path: str) -> None:
        """`path` is the name of the data set."""
        self._screen = screen_for(policy.selected)
        self._selected = policy.selected
        self._concealer = concealer
        self._context = Context(path=path)
        self.found: dict[tuple[str, str], Seen] = {}
        self.cut: set[str] = set()
        """Columns of which values were too long to be looked at whole."""

    def observe(self, batch: pa.RecordBatch) -> None:
        """Look at the texts of a batch."""
        import pyarrow as pa

        for leaf in leaves(batch):
            kind = leaf.values.type
            if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
                texts = as_text(leaf.values)
                if texts is not None:
                    self._column(leaf.path, texts)

    def _column(self, column: str, values: pa.Array) -> None:
        texts = [value for value in values.to_pylist() if value]
        if any(len(value) > _LONGEST for value in texts):
            self.cut.add(column)
            texts = [value[:_LONGEST] for value in texts]
        for piece in _pieces(texts):
            self._look(column, piece)

    def findings(self, names: Names) -> Iterator[Finding]:
        """One for each rule and column; `names` says how each may be shown."""
        for (path, _), seen in sorted(self.found.items()):
            column = names.shown(path)
            rule = seen.rule
            rows = f"{seen.rows:,} value{'' if seen.rows == 1 else 's'}"
            yield Finding(
                rule=rule.id,
                name=rule.name,
                family=rule.family,
                severity=rule.severity,
                confidence=seen.confidence,
                message=f"{rule.summary} in the column {column}: {rows}",
                location=in_column(self._context.path, column),
                evidence=seen.evidence,
                fingerprint=fingerprint(rule.id, self._context.path, column),
            )

    def failures(self, names: Names) -> Iterator[Failure]:
        """What was not looked at whole."""
        for column in map(names.shown, sorted(self.cut)):
            told = f"column {column}: only the first {_LONGEST:,} characters of a value are read"
            yield Failure(path=self._context.path, message=told)

    def _look(self, column: str, values: Sequence[str]) -> None:
        starts = [0, *accumulate(len(value) + 1 for value in values)]
        content = "\n".join(values)
        named = (
            [
                Field(column, start, start + len(value))
                for start, value in zip(starts, values, strict=False)
            ]
            if any(word in column.lower() for word in NamedValues().words)
            else []
        )
        place = in_column(self._context.path, column)
        part = Part(place=place, text=content, kind=Kind.DATA)
        whole = Text.of(part)
        text = Text(content, Kind.DATA, whole.pieces, named)
        counted: set[tuple[str, int]] = set()
        for candidate in resolved(list(self._candidates(text))):
            match = candidate.match
            row = match.rule.id, bisect_right(starts, match.start)
            if row not in counted:
                counted.add(row)
                self._note(column, match, candidate.value)

    def _candidates(self, text: Text) -> Iterator[Candidate]:
        for detector, given in self._screen.assign([text]):
            if detector.rules[0].family is not Family.SECRET:
                continue
            for one, hint in given:
                for match in detector.detect(one, hint, self._context):
                    if match.rule.id in self._selected:
                        yield Candidate(match, one)

    def _note(self, column: str, match: Match, value: str) -> None:
        confidence = match.confidence or match.rule.confidence
        key = column, match.rule.id
        seen = self.found.get(key)
        if seen is None or confidence.rank < seen.confidence.rank:
            evidence = self._concealer.conceal(value, match.public)
            rows = seen.rows if seen else 0
            seen = self.found[key] = Seen(match.rule, evidence, confidence)
            seen.rows = rows
        seen.rows += 1


def in_column(path: str, column: str) -> InColumn:
    """The place of a column."""
    return InColumn(path=path, column_name=column, line=0, column=0, end_line=0, end_column=0)


def fingerprint(rule: str, path: str, column: str) -> str:
    """The same in every run; holds no value."""
    told = f"{rule}\x00{path}\x00{column}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(told).hexdigest()[:32]


def _pieces(texts: Sequence[str]) -> Iterator[list[str]]:
    """Runs of texts of about a million characters."""
    piece: list[str] = []
    size = 0
    for text in texts:
        piece.append(text)
        size += len(text) + 1
        if size > _PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece
