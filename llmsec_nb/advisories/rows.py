"""What is kept of advisories, as it is read again: a row that nobody wrote so is no row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from ..core.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROWS: Final = (
    "select advisory.id, aliases, summary, severity, malicious, modified, versions, events"
    " from affected join advisory on affected.id = advisory.id"
)
"""The question for all rows."""

Ranges = list[list[tuple[str, str]]]
_Stored = tuple[str, str, str, str, int, str, str, str]


class Row(NamedTuple):
    """What one advisory says of one package."""

    id: str
    aliases: tuple[str, ...]
    summary: str
    severity: Severity | None
    is_malicious: bool
    modified: str
    versions: str
    events: Ranges


def read(rows: Iterable[object]) -> Iterator[Row]:
    """Rows as they are meant. Raises ValueError for one that was not written by this program."""
    for row in rows:
        id_, aliases, summary, severity, malicious, modified, versions, events = msgspec.convert(
            row, _Stored
        )
        yield Row(
            id=id_,
            aliases=msgspec.json.decode(aliases, type=tuple[str, ...]),
            summary=summary,
            severity=Severity(severity) if severity else None,
            is_malicious=bool(malicious),
            modified=modified,
            versions=versions,
            events=msgspec.json.decode(events, type=Ranges),
        )
