"""What was changed, what was warned of, what was set aside: everything, and masked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from .rules import FIX, HALT, QUARANTINE, WARN

_SHOWN: Final = 20
_LONGEST: Final = 80
_CHARACTERS: Final = 4
_SPELT: Final = frozenset({"nfc", "lookalikes"})
_HEADER: Final = ("row", "column", "rule", "where", "what")


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """What a rule found in a row, and what was done: `fix`, `warn`, `quarantine` or `halt`.

    `row` counts from 0 in the data as given; `column` is its name, with the path within nested
    values. Characters `start` to `end` of the text as it was. `taken` is raw, `what` may be shown.
    """

    row: int
    column: str
    rule: str
    action: str
    start: int
    end: int
    taken: str = ""
    given: str = ""
    decoded: str = ""

    @property
    def what(self) -> str:
        """Hidden characters by their names, others escaped, secrets and personal data masked."""
        named = names(self.taken)
        told = named or self._quoted(self.taken) if self.taken else ""
        if self.decoded:
            said = quoted(self.decoded) if self.taken else self.decoded
            told = f"{told}: {said}" if told else said
        if self.action == FIX and self.given:
            told += f" -> {names(self.given) or self._quoted(self.given)}"
        return told

    def _quoted(self, text: str) -> str:
        """Where the matter is how a letter is written, it is written out."""
        told = quoted(text)
        return ascii(told)[1:-1] if self.rule in _SPELT else told

    def __repr__(self) -> str:
        return (
            f"Change(row={self.row}, column={quoted(self.column)!r}, rule={self.rule!r}, "
            f"action={self.action!r}, start={self.start}, end={self.end}, what={self.what!r})"
        )


class SanitizeReport:
    """All changes, in order of rows. `len()` counts them; it is shown as text and as HTML."""

    __slots__ = ("changes", "name", "notes", "quarantined", "rows")

    def __init__(
        self,
        name: str,
        rows: int,
        changes: tuple[Change, ...],
        quarantined: int,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.rows = rows
        self.changes = changes
        self.quarantined = quarantined
        self.notes = notes

    def __len__(self) -> int:
        return len(self.changes)

    def __bool__(self) -> bool:
        return True  # a report of no change is one, too

    def counts(self) -> dict[tuple[str, str], int]:
        """How many changes there are, by rule and action."""
        return dict(sorted(Counter((one.rule, one.action) for one in self.changes).items()))

    def __str__(self) -> str:
        lines = [self._caption(), *self._summary()]
        rows = [_HEADER, *map(_row, self.changes[:_SHOWN])] if self.changes else []
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [
            "  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows
        ]  # fmt: skip
        return "\n".join([*lines, *self._rest()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{cell}</th>" for cell in _HEADER)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _row(change)) + "</tr>"
            for change in self.changes[:_SHOWN]
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        listed = "".join(f"<li>{escape(line.strip())}</li>" for line in self._summary())
        return (
            f"<div><strong>{escape(self._caption())}</strong>"
            + (f"<ul>{listed}</ul>{table}" if self.changes else "")
            + "".join(f"<p>{escape(line)}</p>" for line in self._rest())
            + "</div>"
        )

    def _caption(self) -> str:
        size = f"{self.rows:,} row{'' if self.rows == 1 else 's'}"
        if not self.changes:
            return f"Sanitized {self.name}, {size}: nothing to do"
        touched = len({one.row for one in self.changes if one.action == FIX})
        aside = f", {self.quarantined:,} set aside" if self.quarantined else ""
        return f"Sanitized {self.name}, {size}: {touched:,} changed{aside}"

    def _summary(self) -> list[str]:
        return [
            f"  {rule}: {number:,} {_DONE[action]}"
            for (rule, action), number in self.counts().items()
        ]

    def _rest(self) -> list[str]:
        more = len(self.changes) - _SHOWN
        lines = [f"... and {more:,} more in .report.changes"] if more > 0 else []
        if self.changes:
            lines.append("`.restore()` gives back the data as it was.")
        return [*lines, *self.notes]


_DONE: Final = {
    FIX: "fixed",
    WARN: "warned of, left as they are",
    QUARANTINE: "found, their rows set aside",
    HALT: "found",
}


def names(text: str) -> str:
    """The code points of a text that shows nothing, or of marks alone; otherwise empty."""
    if not text or any(char.isascii() and char.isprintable() for char in text):
        return ""
    if any(char.isalnum() for char in text):
        return ""
    told = ", ".join(f"U+{ord(char):04X}" for char in text[:_CHARACTERS])
    more = len(text) - _CHARACTERS
    return f"{told} and {more} more" if more > 0 else told


@lru_cache(maxsize=1 << 12)
def quoted(text: str) -> str:
    """The head of a text, escaped, secrets and personal data masked."""
    from ..redaction.spans import named_apart

    shown = named_apart(text[: 4 * _LONGEST])
    plain = ascii(shown)[1:-1] if not shown.isprintable() else shown
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _row(change: Change) -> tuple[str, ...]:
    where = f"{change.start}-{change.end}"
    column = quoted(change.column)
    return (str(change.row), column, f"{change.rule} ({change.action})", where, change.what)
