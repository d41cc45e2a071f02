"""A data set as the detectors want it: nested fields and chats as columns, joined prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..sources.dataset import Table
from .guess import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

_SPEAKERS: Final = ("role", "from", "speaker")
_WORDS: Final = ("content", "value", "text")
_ANSWERS: Final = ("assistant", "gpt", "model", "bot", "chatgpt", "bing", "bard", "ai")
_DEPTH: Final = 4
JOIN: Final = "+"
"""`--prompt instruction+input` reads several columns as one."""


def view(table: Table) -> Table:
    """The same rows with fields of structs as columns `a.b`, and chats as `a.user`, `a.assistant`.

    `instruction` with `input` and `output` is joined to `instruction+input`.
    """
    return _over(table, _seen)


def joined(table: Table, columns: Sequence[str]) -> Table:
    """The table with one column more, that holds what is in `columns`, line by line."""

    def add(batch: pa.RecordBatch) -> pa.RecordBatch:
        return _with_join(batch, columns)

    return _over(table, add)


def prepared(table: Table, joins: Sequence[Sequence[str]] = ()) -> Table:
    """The view of a table, with joined columns."""
    made = view(table)
    for columns in joins:
        made = joined(made, columns)
    return made


def _over(table: Table, change: Any) -> Table:
    import pyarrow as pa

    empty = pa.RecordBatch.from_pylist([], schema=table.schema)

    def read(size: int) -> Iterator[pa.RecordBatch]:
        for batch in table.batches(size):
            changed.part = table.part
            yield change(batch)

    changed = Table(
        table.name,
        change(empty).schema,
        read,
        problems=table.problems_found,
        rows=table.rows,
        once=table.once,
    )
    changed.skips = table.skips
    changed.metadata = table.metadata
    return changed


def _seen(batch: pa.RecordBatch) -> pa.RecordBatch:
    names: list[str] = []
    arrays: list[Any] = []
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        for path, values in _parts(name, array, _DEPTH):
            names.append(path)
            arrays.append(values)
    import pyarrow as pa

    made = pa.RecordBatch.from_arrays(arrays, names) if names else batch
    if {"instruction", "input", "output"} <= set(names):
        return _with_join(made, ("instruction", "input"))
    return made


def _parts(name: str, array: pa.Array, depth: int) -> Iterator[tuple[str, pa.Array]]:
    """A struct as its fields, a chat as its two sides, anything else as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_struct(kind) and depth:
        for at in range(kind.num_fields):
            field = pc.struct_field(array, indices=[at])
            yield from _parts(f"{name}.{kind.field(at).name}", field, depth - 1)
        return
    keys = _chat(kind)
    if keys is None:
        yield name, array
        return
    asked, answered = _sides(array, *keys)
    yield f"{name}.user", asked
    yield f"{name}.assistant", answered


def _chat(kind: pa.DataType) -> tuple[str, str] | None:
    """The fields of who speaks and of what, if a type is a list of turns."""
    import pyarrow as pa

    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return None
    inner = kind.value_type
    if not pa.types.is_struct(inner):
        return None
    fields = {inner.field(at).name: inner.field(at).type for at in range(inner.num_fields)}
    who = next((name for name in _SPEAKERS if name in fields and is_text(fields[name])), None)
    what = next((name for name in _WORDS if name in fields and is_text(fields[name])), None)
    return (who, what) if who and what else None


def _sides(array: pa.Array, who: str, what: str) -> tuple[pa.Array, pa.Array]:
    """What was asked (all but the answers), and what was answered, the turns line by line."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    turns = array.flatten()
    texts = pc.struct_field(turns, what).cast(pa.large_string()).fill_null("")
    speakers = pc.struct_field(turns, who).cast(pa.large_string())
    answers = pc.is_in(pc.utf8_lower(speakers), pa.array(_ANSWERS, pa.large_string()))
    parents = pc.list_parent_indices(array).to_numpy()
    chosen = answers.to_numpy(zero_copy_only=False).astype(bool)

    def side(mask: Any) -> pa.Array:
        counts = np.bincount(parents[mask], minlength=len(array))
        places = np.concatenate([[0], np.cumsum(counts)])
        lists = pa.LargeListArray.from_arrays(pa.array(places, pa.int64()), texts.filter(mask))
        return pc.binary_join(lists, pa.scalar("\n", pa.large_string()))

    return side(~chosen), side(chosen)


def _with_join(batch: pa.RecordBatch, columns: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    from ..sources.dataset.leaves import as_text

    texts = []
    for name in columns:
        place = batch.schema.get_field_index(name)
        values = None if place < 0 else as_text(batch.column(place))
        if values is not None:
            texts.append(values.cast(pa.large_string()).fill_null(""))
    if not texts:
        whole = pa.nulls(batch.num_rows, pa.large_string())
    else:
        whole = pc.binary_join_element_wise(*texts, pa.scalar("\n", pa.large_string()))
    return batch.append_column(JOIN.join(columns), whole)
