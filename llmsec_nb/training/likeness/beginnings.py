"""Heads of documents by their hashes: how often each comes, and what goes on after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from .questions import BODY, HEAD, PREFIX, Head, echo, heads, normal
from .signature import BINS, signatures
from .targets import labels
from .wording import worded

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rows import Rows
    from .wording import Hashes, Places

FEWEST: Final = 3
CELLS: Final = 1 << 22
MOST: Final = 1 << 16
_BODIES: Final = 8
_QUESTION: Final = 300
_STATEMENT: Final = 600
"""Thousandths of the telling words of a head that the text after it takes up, on average."""


class Group(Struct, kw_only=True):
    """Documents of one head of so many `words`; of `own` of them no other head counts.

    `asked`: those in which it has the form of a question. `echo`: the sum of what their texts take
    up of it, in thousandths. `bodies`: the lowest hashes of these texts.
    """

    rows: int = 0
    own: int = 0
    words: int = 0
    asked: int = 0
    echo: int = 0
    bodies: list[int] = field(default_factory=list)


class State(Struct, kw_only=True):
    """What is known of the heads, by hashes only.

    First pass: `cells` (uint8, 4 MB) count heads up to three. Second pass: `known` are the first
    three figures of the first one, `heavy` says which cells count, `groups` has at most 2 ** 16
    heads, those of the lowest hashes.
    """

    seed: int
    column: str
    rows: int = 0
    asking: int = 0
    stuffed: int = 0
    known: tuple[int, int, int] = (0, 0, 0)
    cells: Any = None
    heavy: Any = None
    groups: dict[int, Group] = field(default_factory=dict)
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The heads of a batch: in which `row` (int64) each stands, its `key` (uint64), how it reads.

    `starts`: the first characters of each document.
    """

    heads: list[Head]
    row: Places
    key: Hashes
    starts: list[str]


def beginnings(rows: Rows, column: str, seed: int) -> Beginnings:
    """The heads of all documents of a batch, made once for it."""
    return rows.once(("likeness: heads", column, seed), lambda: _beginnings(rows, column, seed))


def _beginnings(rows: Rows, column: str, seed: int) -> Beginnings:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    starts = pc.utf8_slice_codeunits(rows.texts(column), 0, HEAD + BODY).fill_null("").to_pylist()
    found: list[Head] = []
    row: list[int] = []
    for place, start in enumerate(starts):
        for head in heads(start):
            found.append(head)
            row.append(place)
    key = labels(pa.array([normal(head) for head in found], pa.large_string()), seed)
    return Beginnings(found, np.array(row, np.int64), key, starts)


def count(state: State, found: Beginnings) -> None:
    """First pass: how often heads come, and how many documents begin with a question."""
    import numpy as np

    asking = np.array([head.asks for head in found.heads], np.bool_)
    state.asking += len(np.unique(found.row[asking]))
    places, counts = np.unique(_cell(found.key), return_counts=True)
    state.cells[places] = np.minimum(state.cells[places] + np.minimum(counts, FEWEST), FEWEST)


def gather(state: State, found: Beginnings) -> None:
    """Second pass: look at the documents whose head comes three times."""
    import numpy as np
    import pyarrow as pa

    cells = _cell(found.key)
    chosen = np.flatnonzero((state.heavy[cells >> 3] >> (cells & 7).astype(np.uint8)) & 1)
    if not chosen.size:
        return
    places = chosen.tolist()
    bodies = [found.starts[found.row[at]][found.heads[at].end :] for at in places]
    sketches = _sketches(pa.array(bodies, pa.large_string()), state.seed)
    before = -1
    for at, body in zip(places, sketches.tolist(), strict=True):
        head, row = found.heads[at], int(found.row[at])
        part = Group(
            rows=1,
            own=int(row != before),
            words=len(normal(head).split()),
            asked=int(head.asks),
            echo=round(1000 * echo(head, found.starts[row])),
            bodies=[body] if body else [],
        )
        join(state.groups.setdefault(int(found.key[at]), Group()), part)
        before = row
    bound(state)


def suspects_of(groups: dict[int, Group]) -> list[int]:
    """The heads by which documents were made to be found, in the order of their hashes.

    Titles of articles that are cut into passages look like heads that are no questions, and some
    of them like questions: where they prevail, only long questions count.
    """
    shared = {key: group for key, group in sorted(groups.items()) if _answered(group)}
    asked = [key for key, group in shared.items() if 2 * group.asked >= group.rows]
    if 2 * len(asked) >= len(shared):
        return list(shared)
    return [key for key in asked if shared[key].words >= PREFIX]


def _answered(group: Group) -> bool:
    """Whether several texts go on differently, and answer what their head says."""
    if group.rows < FEWEST or len(group.bodies) < FEWEST:
        return False
    asked = 2 * group.asked >= group.rows
    return group.echo >= group.rows * (_QUESTION if asked else _STATEMENT)


def join(group: Group, other: Group) -> None:
    """Take in other documents of the same head."""
    group.rows += other.rows
    group.own += other.own
    group.words = max(group.words, other.words)
    group.asked += other.asked
    group.echo += other.echo
    group.bodies = sorted({*group.bodies, *other.bodies})[:_BODIES]


def bound(state: State) -> None:
    """Let go of heads beyond the bound, those of the highest hashes."""
    if len(state.groups) > MOST:
        state.left_out = True
        kept = sorted(state.groups)[:MOST]
        state.groups = {key: state.groups[key] for key in kept}


def _sketches(texts: pa.Array, seed: int) -> NDArray[np.uint64]:
    """Hashes that near-copies mostly share: a part of the signature; 0 for a short text."""
    import numpy as np

    signature, enough = signatures(worded(texts, seed), seed)
    made = signature[:, : BINS // 8].astype(np.uint64) @ np.array(
        [1, 1 << 16, 1 << 32, 1 << 48], np.uint64
    )
    return np.where(enough, made, np.uint64(0))


def _cell(keys: Hashes) -> Places:
    import numpy as np

    return (keys & np.uint64(CELLS - 1)).astype(np.int64)
