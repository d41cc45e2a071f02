"""What a redaction says of itself: counts and kinds, never a value."""

from __future__ import annotations

from html import escape
from typing import Final

from msgspec import Struct

PROMISE: Final = (
    "The result is pseudonymised: rows may still be told apart by what was left. k-anonymity is "
    "not promised."
)
FLEETING: Final = (
    "No key was given: pseudonyms will differ in the next run, so nothing that is made then joins "
    "with this. Set LLMSEC_KEY, or keep a key in the keyring (service llmsec-nb)."
)


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done to a column, or to a part of a notebook.

    `values` counts the values that were changed, `distinct` how many different ones they were,
    `kept` the rows that stay as they are, missing ones among them.
    """

    path: str
    kind: str
    strategy: str
    values: int
    distinct: int = 0
    kept: int = 0
    notes: tuple[str, ...] = ()


class Left(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is still there. `direct`: it names a person by itself; `why` it is there, if known."""

    path: str
    kind: str
    values: int
    direct: bool
    why: str = ""


class RedactionReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that there is to say. `unsure` is what was left because it only looks like it.

    `key` says where the key is from; `fleeting` that it ends with this process.
    """

    name: str
    rows: int | None = None
    changes: tuple[Change, ...] = ()
    untouched: tuple[str, ...] = ()
    remaining: tuple[Left, ...] = ()
    unsure: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    key: str = ""
    fleeting: bool = False

    @property
    def clean(self) -> bool:
        """Whether the scan of the result found nothing that it is sure of."""
        return not self.remaining

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """The report for a terminal."""
        size = "" if self.rows is None else f", {self.rows} rows"
        lines = [f"Redaction of {self.name}{size}"]
        lines += _aligned([_HEADER, *map(_row, self.changes)]) if self.changes else ["  no change"]
        lines += [f"  {note}" for change in self.changes for note in change.notes]
        lines += [self._verdict()]
        lines += [f"  ! {_told(left)}" for left in self.remaining]
        lines += [f"  ? {_told(left)}" for left in self.unsure]
        if self.untouched:
            lines.append(f"Left as they are: {', '.join(self.untouched)}")
        return [*lines, *self.statements()]

    def _verdict(self) -> str:
        direct = sum(left.direct for left in self.remaining)
        if direct:
            return f"STILL THERE: direct identifiers at {direct} place{'' if direct == 1 else 's'}"
        if self.remaining:
            return "Still there:"
        return "A scan of the result found nothing left."

    def statements(self) -> list[str]:
        """What holds for the whole."""
        lines = list(self.notes)
        if self.key:
            lines.append(FLEETING if self.fleeting else f"Key: {self.key}.")
        return [*lines, PROMISE]

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _row(change)) + "</tr>"
            for change in self.changes
        )
        head = "".join(f"<th>{escape(cell)}</th>" for cell in _HEADER)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        shown = [note for change in self.changes for note in change.notes]
        loud = "color:#b00020;font-weight:bold" if self.remaining else ""
        items = [f"! {_told(left)}" for left in self.remaining]
        items += [f"? {_told(left)}" for left in self.unsure]
        listed = "".join(f"<li>{escape(item)}</li>" for item in [*items, *shown])
        untouched = f"<p>Left as they are: {escape(', '.join(self.untouched))}</p>"
        return (
            f"<div><strong>{escape(self.lines()[0])}</strong>"
            + (table if self.changes else "<p>no change</p>")
            + f'<p style="{loud}">{escape(self._verdict())}</p>'
            + (f"<ul>{listed}</ul>" if listed else "")
            + (untouched if self.untouched else "")
            + "".join(f"<p>{escape(line)}</p>" for line in self.statements())
            + "</div>"
        )


_HEADER: Final = ("where", "kind", "strategy", "changed", "distinct", "kept")


def _row(change: Change) -> tuple[str, ...]:
    counts = (str(change.values), str(change.distinct), str(change.kept))
    return (change.path, change.kind, change.strategy, *counts)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _told(left: Left) -> str:
    why = f" ({left.why})" if left.why else ""
    return f"{left.path}: {left.kind}, {left.values:,} value{'' if left.values == 1 else 's'}{why}"
