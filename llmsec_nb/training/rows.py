"""A batch of rows as the detectors see it: columns by role, as texts, each made once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from .roles import Roles

Made = TypeVar("Made")


class Rows:
    """Some rows in their order. `start` is the number of the first one in the data set.

    On a cluster `start` counts from the first row of the partition.
    """

    def __init__(self, batch: pa.RecordBatch, roles: Roles, start: int = 0) -> None:
        """Nothing is converted until it is asked for."""
        self.batch = batch
        self.roles = roles
        self.start = start
        self._made: dict[Any, Any] = {}

    def __len__(self) -> int:
        """How many rows."""
        return int(self.batch.num_rows)

    def texts(self, column: str) -> pa.Array:
        """A column as `large_string`, one value a row; null where there is none or no text."""
        return self.once(("texts", column), lambda: self._texts(column))

    def column(self, column: str) -> pa.Array | None:
        """A column as it is, None where this batch has none of that name."""
        place = self.batch.schema.get_field_index(column)
        return None if place < 0 else self.batch.column(place)

    def once(self, key: Any, make: Callable[[], Made]) -> Made:
        """What `make` gives, made once for this batch: tokens, hashes, shingles."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    def _texts(self, column: str) -> pa.Array:
        import pyarrow as pa

        from ..sources.dataset.leaves import as_text

        values = self.column(column)
        texts = None if values is None else as_text(values)
        if texts is None:
            return pa.nulls(len(self), pa.large_string())
        return texts.cast(pa.large_string())
