"""A table folded into a state, batch by batch: on one core, on many, on an engine of others.

`merge(observe(A), observe(B))` is the state of A and B together, however rows are split. Nothing
is judged while folding: values are counted, sampled and put through the gates, all by vectors.
"""

from __future__ import annotations

import secrets
import zlib
from typing import TYPE_CHECKING, Final

from ..sources.dataset.leaves import as_text, leaves
from .gates import excerpt, gates, grouped
from .hashing import mixed, of_numbers, of_texts
from .sample import LONGEST, Sample
from .state import COLUMNS, Column, Limits, State
from .traits import is_trait

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..sources.dataset.leaves import Leaf
    from .hashing import Hashes

_PROBE: Final = 2000
_FEW: Final = 300
"""So few distinct ones among the first `_PROBE` values: each is looked at once, and counted."""


def empty(schema: pa.Schema | None = None, *, seed: int | None = None) -> State:
    """A state of no rows. States that shall be merged need the same seed and schema.

    The schema only says for how many columns memory has to do; batches may bring others.
    """
    count = 0 if schema is None else len(schema)
    drawn = secrets.randbits(63) if seed is None else seed
    return State(seed=drawn, limits=Limits.of(count))


def observe(state: State, batch: pa.RecordBatch) -> None:
    """Take in a batch."""
    import numpy as np

    classes = np.zeros(batch.num_rows, np.uint64)
    told = False
    for leaf in _within(state, batch):
        hashes = _observe(state, leaf)
        if leaf.rows is None and hashes is not None and is_trait(leaf.path):
            state.traits[leaf.path] = None
            told = True
            classes += _salted(hashes, leaf.path)
    if told:
        state.crowd.add(mixed(classes, state.seed))
    state.rows += batch.num_rows


def skim(state: State, batch: pa.RecordBatch) -> None:
    """Count a batch and take the names of its columns, nothing else."""
    for leaf in _within(state, batch):
        state.columns.setdefault(leaf.path, Column(sample=Sample(size=1), names=leaf.names))
    state.rows += batch.num_rows


def merge(left: State, right: State) -> State:
    """The state of both; `left` is it, `right` is used up."""
    left.beyond = max(left.beyond, right.beyond)
    left.rows += right.rows
    left.traits |= right.traits
    left.crowd.absorb(right.crowd)
    for path, column in right.columns.items():
        mine = left.columns.get(path)
        if mine is None:
            left.columns[path] = column
        else:
            mine.absorb(column)
    return left


def _within(state: State, batch: pa.RecordBatch) -> Iterator[Leaf]:
    """The leaves of a batch that are judged: those of the first columns."""
    beyond = 0
    for leaf in leaves(batch):
        if leaf.path in state.columns or len(state.columns) < COLUMNS:
            yield leaf
        else:
            beyond += 1
    state.beyond = max(state.beyond, beyond)


def _observe(state: State, leaf: Leaf) -> Hashes | None:
    """Count and sample one leaf; what its value adds to the class of each row, 0 for nothing."""
    import pyarrow as pa

    column = state.columns.get(leaf.path)
    if column is None:
        column = state.columns[leaf.path] = Column(
            sample=Sample(size=state.limits.values), names=leaf.names
        )
    values, kind = leaf.values, leaf.values.type
    column.rows += len(values)
    column.nested |= leaf.rows is not None
    column.dtypes[str(kind)] = None
    if pa.types.is_null(kind):
        column.empty += len(values)
        return None
    if _is_numeric(kind):
        if leaf.rows is not None and pa.types.is_floating(kind):
            values = _firsts(column, leaf)
        return _numbers(state, column, values)
    texts = values
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        texts = as_text(values)
        unread = (len(values) if texts is None else texts.null_count) - values.null_count
        column.unread += unread
        column.empty -= unread
        if texts is None:
            column.empty += len(values)
            return None
    return _texts(state, column, texts)


def _is_numeric(kind: pa.DataType) -> bool:
    """Numbers, dates, times, truth values: what a hash of 64 bits can be made of at once."""
    import pyarrow as pa

    types = pa.types
    if types.is_interval(kind):
        return False
    return bool(
        types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_decimal(kind)
        or types.is_boolean(kind)
        or types.is_temporal(kind)
    )


def _firsts(column: Column, leaf: Leaf) -> pa.Array:
    """Of lists of floats, embeddings mostly, the first member of each."""
    import numpy as np
    import pyarrow as pa

    rows = leaf.rows.to_numpy()  # type: ignore[union-attr] # a leaf inside of lists has them
    places = np.flatnonzero(np.diff(rows, prepend=-1))
    if len(places) < len(rows):
        column.firsts = True
    return leaf.values.take(pa.array(places))


def _numbers(state: State, column: Column, values: pa.Array) -> Hashes:
    import numpy as np
    import pyarrow as pa

    def written(places: NDArray[np.int64]) -> list[str]:
        taken = values.take(pa.array(there[places]))
        texts = None if pa.types.is_floating(taken.type) else as_text(taken)
        return list(map(_plain, taken.to_pylist())) if texts is None else texts.to_pylist()

    known = values.is_valid()
    if pa.types.is_floating(values.type):
        import pyarrow.compute as pc

        known = pc.and_not(known, pc.is_nan(values).fill_null(False))  # noqa: FBT003 # Arrow's API
    flags = known.to_numpy(zero_copy_only=False)
    there = np.flatnonzero(flags)
    column.empty += len(values) - len(there)
    hashes = of_numbers(values, state.seed)
    column.sample.offer(hashes[there] if len(there) < len(hashes) else hashes, None, written)
    hashes[~flags] = 0
    return hashes


def _plain(number: object) -> str:
    """As `123` where a float is whole: so pandas writes integers when some are missing."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    return str(number)


def _texts(state: State, column: Column, texts: pa.Array) -> Hashes:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(texts) > _PROBE and len(texts.slice(0, _PROBE).unique()) <= _FEW:
        coded = texts.dictionary_encode()
        codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy()
        values = coded.dictionary
        weights = np.bincount(codes, minlength=len(values) + 1)[:-1]
        column.empty += texts.null_count
    else:
        codes, values, weights = None, texts, None
    hashes = of_texts(values, state.seed)
    lengths = pc.binary_length(values).fill_null(0).to_numpy()
    column.cut |= bool(lengths.max(initial=0) > LONGEST)
    flags = lengths > 0
    there = np.flatnonzero(flags)
    if len(there) < len(values):
        column.empty += int((~flags).sum() if weights is None else weights[~flags].sum())
        own = None if weights is None else weights[there]
        _collect(state, column, values.take(pa.array(there)), hashes[there], own)
        hashes[~flags] = 0
    else:
        _collect(state, column, values, hashes, weights)
    return hashes if codes is None else np.append(hashes, np.uint64(0))[codes]


def _collect(
    state: State,
    column: Column,
    values: pa.Array,
    hashes: Hashes,
    weights: NDArray[np.int64] | None,
) -> None:
    """Sample the values, and those that fall into a group of candidates once more there."""
    import pyarrow as pa

    def texts(places: NDArray[np.int64]) -> list[str]:
        return list(map(excerpt, values.take(pa.array(places)).to_pylist()))

    column.sample.offer(hashes, weights, texts)
    size = state.limits.candidates
    for name, places in grouped(values, gates()):
        if places.size:
            own = None if weights is None else weights[places]

            def inside(chosen: NDArray[np.int64], places: NDArray[np.int64] = places) -> list[str]:
                return texts(places[chosen])

            column.group(name, size).offer(hashes[places], own, inside)


def _salted(hashes: Hashes, path: str) -> Hashes:
    """What a column adds to the classes; a missing value nothing, as a missing column."""
    found = mixed(hashes, zlib.crc32(path.encode("utf-8", "surrogatepass")))
    found[hashes == 0] = 0
    return found
