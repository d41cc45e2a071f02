"""Python values of any kind, mixed as they come, as Arrow arrays: nothing is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    import pyarrow as pa

_DEPTH: Final = 24
"""Deeper nesting is read as JSON text."""
_REPR: Final = 10_000
"""So many characters of an object that is shown by its own `str()`."""
_PLAIN: Final = frozenset(
    {"datetime", "date", "time", "timedelta", "Decimal", "Fraction", "UUID", "Timestamp"}
    | {"Timedelta", "complex", "PosixPath", "WindowsPath", "Period", "Interval"}
)
"""Types whose `str()` says all."""
_WIDEST: Final = 2000
"""A dict of more keys is a map."""
_CONTAINERS: Final = frozenset({list, tuple, dict})
_MOST: Final = 200_000
"""So many containers are followed at each depth."""
_MISSING: Final = frozenset({"NAType", "NaTType", "NoneType"})


def to_array(values: list[Any], noted: Counter[str], depth: int = 0) -> pa.Array:
    """`values` as an array of the same length.

    Where Arrow finds no type for all of them: dicts become a struct (a map, when they have many
    keys that others lack), lists a list, everything else strings. `noted` counts by type what was
    read by its `str()`.
    """
    import pyarrow as pa

    try:
        if not (_is_wide(values) or is_deep(values)):
            return one(pa.array(values, from_pandas=True))
    except Exception:  # noqa: BLE001, S110 # values bring code of their own: it may raise anything
        pass
    values = [None if is_missing(value) else value for value in values]
    kinds = {_kind(value) for value in values if value is not None}
    if depth < _DEPTH:
        if kinds == {"dict"}:
            return _structs(values, noted, depth + 1)
        if kinds == {"list"}:
            return _lists(values, noted, depth + 1)
    return pa.array([_text(value, noted) for value in values], pa.large_string())


def is_missing(value: object) -> bool:
    """Whether it stands for no value: None, NaN, pandas' NA and NaT."""
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 # so are NaNs told
    return type(value).__name__ in _MISSING


def is_sparse(rows: int, members: int, keys: int) -> bool:
    """Whether dicts are maps in fact, with keys that are data: most lack most of the keys."""
    return keys > 64 and rows * keys > 16 * members


def _is_wide(values: list[Any]) -> bool:
    """Whether there is a dict of so many keys that a column for each is too much."""
    return any(isinstance(value, dict) and len(value) > _WIDEST for value in values)


def is_deep(values: Iterable[Any]) -> bool:
    """Whether containers stand in containers without end, or nearly: Arrow would not come back."""
    level = [value for value in values if type(value) in _CONTAINERS]
    for _ in range(_DEPTH):
        if not level:
            return False
        level = [
            inner
            for value in level
            if not _CONTAINERS.isdisjoint(map(type, _members(value)))
            for inner in _members(value)
            if type(inner) in _CONTAINERS
        ][:_MOST]
    return bool(level)


def _members(value: Any) -> Iterable[Any]:
    return value.values() if type(value) is dict else value


def members(values: list[Any]) -> tuple[dict[Any, None], int]:
    """The keys of dicts in the order in which they come, and how many members there are."""
    keys: dict[Any, None] = {}
    number = 0
    for value in values:
        if value:
            keys.update(dict.fromkeys(value))
            number += len(value)
    return keys, number


def to_map(values: list[Any], noted: Counter[str], depth: int = 0) -> pa.Array:
    """Dicts as a map from text; a missing one has no member."""
    import pyarrow as pa

    offsets, keys, items = [0], [], []
    for value in values:
        for key, item in (value or {}).items():
            keys.append(_text(key, noted) or "")
            items.append(item)
        offsets.append(len(keys))
    return pa.MapArray.from_arrays(
        pa.array(offsets, pa.int32()), pa.array(keys, pa.string()), to_array(items, noted, depth)
    )


def utf8(text: str) -> str:
    """`text` without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode()


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "dict"
    if isinstance(value, list | tuple | set | frozenset) or type(value).__name__ == "ndarray":
        return "list"
    return "value"


def _structs(values: list[Any], noted: Counter[str], depth: int) -> pa.Array:
    import pyarrow as pa

    keys, number = members(values)
    textual = all(isinstance(key, str) for key in keys)
    if not keys or not textual or len(keys) > _WIDEST or is_sparse(len(values), number, len(keys)):
        return to_map(values, noted, depth)
    children = [
        to_array([None if value is None else value.get(key) for value in values], noted, depth)
        for key in keys
    ]
    missing = pa.array([value is None for value in values], pa.bool_())
    return pa.StructArray.from_arrays(children, names=[utf8(key) for key in keys], mask=missing)


def _lists(values: list[Any], noted: Counter[str], depth: int) -> pa.Array:
    import pyarrow as pa

    offsets: list[int | None] = []
    flat: list[Any] = []
    for value in values:
        offsets.append(None if value is None else len(flat))
        if value is not None:
            flat.extend(value.tolist() if hasattr(value, "tolist") else value)
    offsets.append(len(flat))
    return pa.LargeListArray.from_arrays(
        pa.array(offsets, pa.int64()), to_array(flat, noted, depth)
    )


def _text(value: object, noted: Counter[str]) -> str | None:  # noqa: PLR0911 # one a kind
    """One value as text; what is not plain is cut at 10,000 characters."""
    if value is None:
        return None
    if isinstance(value, str):
        return utf8(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, int) and value.bit_length() > 8192:  # str() refuses longer ones
        return f"{value:#x}"
    if isinstance(value, dict | list | tuple | set | frozenset):
        return _nested(value, noted)
    return _shown(value, noted)


def _nested(value: object, noted: Counter[str]) -> str:
    try:
        return utf8(json.dumps(value, ensure_ascii=False, default=str))
    except (TypeError, ValueError, RecursionError):
        return _shown(value, noted)


def _shown(value: object, noted: Counter[str]) -> str:
    kind = type(value).__name__
    if kind not in _PLAIN and not isinstance(value, int | float):
        noted[kind] += 1
    try:
        return utf8(str(value)[:_REPR])
    except Exception:  # noqa: BLE001 # foreign code: whatever it raises, the rest is to be read
        return ""


def one(array: Any) -> pa.Array:
    """An array as one piece, whether it came in chunks or not."""
    import pyarrow as pa

    if not isinstance(array, pa.ChunkedArray):
        return array
    if array.num_chunks == 0:
        return pa.nulls(0).cast(array.type)
    return array.chunk(0) if array.num_chunks == 1 else pa.concat_arrays(array.chunks)
