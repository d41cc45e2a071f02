"""Documents shown to the tools, and what those see in them, at its place.

Many notebooks are one run. Of a notebook that a tool does not read to its end each cell is shown
again on its own, so that one that breaks the tool costs only itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.detector import NotInstalled
from ..core.finding import Failure, Skip
from ..sources.position import Lines
from .codes import number
from .copies import copies_of
from .process import LIMIT, Stopped, missing, private_folder
from .runs import Round
from .seen import Seen, Waivers, plain
from .tools import Bandit, Ruff, Tool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ..sources.document import Document
    from .copies import Copy, Piece
    from .tools import Hit

TOOLS: Final[tuple[Tool, ...]] = (Bandit(), Ruff())
REMEDY: Final = "pip install 'llmsec-nb[sast]'"


class Looked(NamedTuple):
    """What the tools see, by path, in the order of the places; and what they did not look at."""

    seen: dict[str, list[Seen]]
    failures: list[Failure]
    skips: list[Skip]


def look(
    documents: Iterable[Document], limit: float = LIMIT, tools: Sequence[Tool] = TOOLS
) -> Looked:
    """Show documents to the tools; `limit` is in seconds, for each run of one.

    A tool that is not there is one Skip.
    """
    copies: list[Copy] = []
    looked = Looked({}, [], [])
    for document in documents:
        own, unread = copies_of(document)
        copies += own
        looked.skips.extend(unread)
    if copies:
        with private_folder() as folder:
            for tool in tools:
                _ask(tool, folder, copies, limit, looked)
    for path, found in looked.seen.items():
        looked.seen[path] = sorted(_once(found), key=_order)
    return looked


def _ask(tool: Tool, folder: Path, copies: Sequence[Copy], limit: float, looked: Looked) -> None:
    """Add what one tool says of all copies."""
    try:
        _need(tool, folder)
    except NotInstalled as reason:
        looked.skips.append(Skip(path="--sast", message=str(reason)))
        return
    except Stopped as reason:
        looked.failures.append(Failure(path="--sast", message=f"{tool.name}: {reason}"))
        return
    asked = Round(tool, folder, limit)
    asked.all(copies)
    looked.failures.extend(asked.failures)
    for piece, hits in asked.found:
        if not hits:
            continue
        lines = Lines(piece.text.text)
        waivers = Waivers(tool.name, lines)
        for hit in hits:
            looked.seen.setdefault(piece.path, []).append(_seen(tool, piece, hit, lines, waivers))


def _need(tool: Tool, folder: Path) -> None:
    """Raises NotInstalled, or Stopped where Python itself cannot be started."""
    absent = missing(folder, *tool.modules)
    if absent:
        names = " and ".join(sorted(absent))
        be = "is" if len(absent) == 1 else "are"
        raise NotInstalled(
            f"{names} {be} not installed: nothing was shown to {tool.name}; {REMEDY}"
        )


def _seen(tool: Tool, piece: Piece, hit: Hit, lines: Lines, waivers: Waivers) -> Seen:
    start, end = piece.span(hit.start, hit.end)
    line, column = lines.position(start)
    end_line, end_column = lines.position(max(start, end))
    seen = Seen(
        tool.name,
        hit.code,
        piece.cell,
        line,
        column,
        end_line,
        end_column,
        hit.severity,
        hit.confidence,
        plain(hit.message),
        hit.cwe,
    )
    return seen._replace(waived=waivers.of(seen))


def _once(found: Sequence[Seen]) -> Iterator[Seen]:
    """Without what ruff says of a line of which bandit says the same."""
    told = {
        (number(one.code), one.cell, line)
        for one in found
        if one.tool == "bandit"
        for line in one.lines
    }
    for one in dict.fromkeys(found):
        if one.tool == "bandit" or not any(
            (number(one.code), one.cell, line) in told for line in one.lines
        ):
            yield one


def _order(one: Seen) -> tuple[int, int, int, str, str]:
    cell = -1 if one.cell is None else one.cell
    return cell, one.line, one.column, one.tool, one.code
