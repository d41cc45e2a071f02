"""Rows taken out of batches of any types: Arrow itself refuses some."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


def picked(batch: pa.RecordBatch, places: NDArray[np.int64]) -> pa.RecordBatch:
    """The rows at these places, which ascend."""
    import pyarrow as pa

    try:
        return batch.take(pa.array(places))
    except pa.ArrowNotImplementedError:
        columns = [_picked(column, places) for column in batch.columns]
        return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _picked(column: pa.Array, places: NDArray[np.int64]) -> pa.Array:
    """Arrow cannot take single values of runs or unions, but put slices of them together."""
    import numpy as np
    import pyarrow as pa

    try:
        return column.take(pa.array(places))
    except pa.ArrowNotImplementedError:
        pass
    cuts = np.flatnonzero(np.diff(places) != 1) + 1
    stretches = [part for part in np.split(places, cuts) if len(part)]
    slices = [column.slice(int(part[0]), len(part)) for part in stretches]
    return pa.concat_arrays(slices or [column.slice(0, 0)])
