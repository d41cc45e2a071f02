"""What a scan says, as replies to a front end: as much as it can bear, each beside its cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.finding import Event, Failure, Finding, Skip
from ..engine import Scanned
from ..wire import CellReply

if TYPE_CHECKING:
    from ..wire import CodeInput

_MOST_CHARACTERS: Final = 10_000_000
_OF_A_FINDING: Final = 800
_OF_CELL: Final = re.compile(r"cell\[(?P<cell>\d{1,9})\] ")
"""How what was left out of a document says in which cell."""


def shared_out(cells: tuple[CodeInput, ...], path: str, scanned: Scanned) -> tuple[CellReply, ...]:
    """What a scan of a program says, shared out among the cells; the last is about the whole."""
    keys = {item.index: item.key for item in cells}
    own: dict[str, Scanned] = {"": Scanned(low_confidence=scanned.low_confidence)}
    fitting = reply("", path, scanned)
    events: list[Event] = [*fitting.findings, *fitting.failures, *fitting.skips]
    for event in events:
        cell, told = _cell_of(event)
        key = "" if cell is None else keys.get(cell, "")
        own.setdefault(key, Scanned()).events.append(told)
    whole = own.pop("")
    return tuple(reply(key, path, part) for key, part in [*own.items(), ("", whole)])


def _cell_of(event: Event) -> tuple[int | None, Event]:
    """The number of the cell that an event is about, and the event as told beside that cell."""
    if isinstance(event, Finding):
        return getattr(event.location, "cell", None), event
    if isinstance(event, Failure):
        return event.cell, event
    found = _OF_CELL.match(event.message)
    if found is None:
        return None, event
    return int(found["cell"]), Skip(path=event.path, message=event.message[found.end() :])


def late(path: str, cell: int | None) -> Failure:
    """What was not reached in time: a cell, or with None the code of all."""
    return Failure(
        path=path,
        message="not scanned: the time of the request was spent",
        remedy="scan the file with llmsec check",
        cell=cell,
    )


def reply(key: str, path: str, scanned: Scanned) -> CellReply:
    """What a scan of `path` says of the cell that the front end calls `key`."""
    findings = [event for event in scanned.events if isinstance(event, Finding)]
    failures = [event for event in scanned.events if isinstance(event, Failure)]
    shown = _fitting(findings)
    if len(shown) < len(findings):
        message = f"{len(findings) - len(shown)} more findings are not shown: there are too many"
        failures.append(Failure(path=path, message=message, remedy="use llmsec check"))
    return CellReply(
        key=key,
        findings=tuple(shown),
        failures=tuple(dict.fromkeys(failures)),
        skips=tuple(event for event in scanned.events if isinstance(event, Skip)),
        low_confidence=scanned.low_confidence,
    )


def _fitting(findings: list[Finding]) -> list[Finding]:
    """As many as a front end can bear. Names in a notebook can be long, and each repeats them."""
    room = _MOST_CHARACTERS
    for number, finding in enumerate(findings):
        place = finding.location
        names = [getattr(place, name, None) for name in ("pointer", "cell_id", "mime")]
        edits = [edit for fix in finding.fixes for edit in fix.edits]
        names += [fix.pointer for fix in finding.fixes] + [edit.replacement for edit in edits]
        room -= _OF_A_FINDING + sum(len(name or "") for name in names)
        if room < 0:
            return findings[:number]
    return findings
