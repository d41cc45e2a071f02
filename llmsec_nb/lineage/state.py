"""What is known of the digests of rows seen so far: mergeable, in one canonical form."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from msgspec import Struct, field

from .merkle import CAP, SIZE, Node, blocks, combined, root

_MODULUS: Final = 1 << 8 * SIZE


class Run(Struct):
    """Rows `start` to `end`, of which the state holds the largest aligned nodes, in order."""

    start: int
    end: int
    nodes: bytes


class Digests(Struct):
    """The state of a fold over rows and their digests.

    `total` is the sum of all row digests modulo 2^256 (little endian), whatever their order. `runs`
    are sorted and apart from each other. `overlap`: rows of the same number came twice, as those of
    partitions do that count from 0 each; there is no order then, and no root. `kinds` are the tags
    of the values of each column (see encoding.py), sorted.
    """

    rows: int = 0
    total: bytes = bytes(SIZE)
    runs: list[Run] = field(default_factory=list)
    overlap: bool = False
    kinds: dict[str, str] = field(default_factory=dict)


def taken(state: Digests, start: int, digests: bytes, kinds: dict[str, set[str]]) -> None:
    """Take in the digests of rows that begin with number `start`, one after the other."""
    rows = len(digests) // SIZE
    total = sum(_numbers(digests))
    nodes = b"".join(digest for _, _, digest in blocks(start, digests))
    new = Digests(
        rows=rows,
        total=(total % _MODULUS).to_bytes(SIZE, "little"),
        runs=[Run(start, start + rows, nodes)] if rows else [],
        kinds={name: "".join(sorted(tags)) for name, tags in kinds.items()},
    )
    both = merged(state, new)
    state.rows, state.total, state.runs = both.rows, both.total, both.runs
    state.overlap, state.kinds = both.overlap, both.kinds


def _numbers(digests: bytes) -> list[int]:
    view = memoryview(digests)
    return [int.from_bytes(view[at : at + SIZE], "little") for at in range(0, len(view), SIZE)]


def merged(left: Digests, right: Digests) -> Digests:
    """The state of the rows of both."""
    total = int.from_bytes(left.total, "little") + int.from_bytes(right.total, "little")
    names = sorted({*left.kinds, *right.kinds})
    runs, overlap = _laid(left.runs, right.runs)
    overlap = overlap or left.overlap or right.overlap
    return Digests(
        rows=left.rows + right.rows,
        total=(total % _MODULUS).to_bytes(SIZE, "little"),
        runs=[] if overlap else runs,
        overlap=overlap,
        kinds={
            name: "".join(sorted({*left.kinds.get(name, ""), *right.kinds.get(name, "")}))
            for name in names
        },
    )


def _laid(left: list[Run], right: list[Run]) -> tuple[list[Run], bool]:
    """All runs in order, adjacent ones made one; and whether two of them overlap."""
    runs: list[Run] = []
    for run in sorted([*left, *right], key=lambda run: run.start):
        if runs and run.start < runs[-1].end:
            return [], True
        if runs and run.start == runs[-1].end:
            runs[-1] = _one(runs[-1], run)
        else:
            runs.append(run)
    return runs, False


def _one(left: Run, right: Run) -> Run:
    """Two adjacent runs as one. Only what shares a block of the cap is combined anew."""
    before = max(left.start, left.end >> CAP << CAP)
    after = min(right.end, -(-right.start >> CAP) << CAP)
    kept, tail = _cut(left, before)
    head, rest = _cut(right, after)
    mixed = [*nodes_of(Run(before, left.end, tail)), *nodes_of(Run(right.start, after, head))]
    nodes = b"".join(digest for _, _, digest in combined(mixed, CAP))
    return Run(left.start, right.end, kept + nodes + rest)


def _cut(run: Run, at: int) -> tuple[bytes, bytes]:
    """The nodes before and from row `at`: an end of the run, or the edge of a block of the cap."""
    if at == run.end:
        return run.nodes, b""
    count = (run.end - at).bit_count() if at == run.end >> CAP << CAP else 0
    if at == run.start:
        return b"", run.nodes
    if not count:  # the first edge in the run
        place = (at - run.start).bit_count() * SIZE
        return run.nodes[:place], run.nodes[place:]
    return run.nodes[: -count * SIZE], run.nodes[-count * SIZE :]


def nodes_of(run: Run) -> list[Node]:
    """The nodes of a run, with their places."""
    found: list[Node] = []
    at = run.start
    for place in range(0, len(run.nodes), SIZE):
        level = CAP if at == 0 else min(CAP, (at & -at).bit_length() - 1)
        while at + (1 << level) > run.end:
            level -= 1
        found.append((level, at >> level, run.nodes[place : place + SIZE]))
        at += 1 << level
    return found


def root_of(state: Digests) -> str:
    """The root over all rows, as hex; empty where some are missing or their order is unknown."""
    if state.overlap or len(state.runs) > 1:
        return ""
    if not state.runs:
        return root([]).hex()
    run = state.runs[0]
    return "" if run.start else root(nodes_of(run)).hex()


def multiset_of(state: Digests) -> str:
    """The digest (hex) of the rows whatever their order.

    The sum is hashed: the difference of two sums would be the digest of a row. Without a key,
    someone with great means can make other rows of the same sum; it then says "probably".
    """
    made = blake2b(digest_size=SIZE, person=b"llmsec rows 1")
    made.update(state.rows.to_bytes(8, "little") + state.total)
    return made.hexdigest()


def shards_of(state: Digests, most: int) -> tuple[int, list[bytes]]:
    """How many rows a shard has (a power of two), and the digests of at most `most` shards."""
    if state.overlap or len(state.runs) != 1 or state.runs[0].start:
        return 0, []
    level = CAP
    while -(-state.rows >> level) > most:
        level += 1
    nodes = combined(nodes_of(state.runs[0]), level)
    whole = [digest for at, _, digest in nodes if at == level]
    rest = [one for one in nodes if one[0] < level]
    return 1 << level, whole + ([root(rest)] if rest else [])
