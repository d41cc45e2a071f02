"""What stands beside the rows of a table, as texts: metadata of a schema, `attrs` of a frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

_PANDAS: Final = "pandas"
_OWN: Final = "PANDAS_ATTRS"
_ATTRS: Final = "attributes"
_OURS: Final = frozenset({"ARROW:schema", "ARROW:extension:name", "PARQUET:field_id"})
"""What Arrow itself writes: the schema again, kinds of types, numbers."""


def described(attrs: Mapping[Any, Any]) -> Iterator[str]:
    """Each member as `key: value`."""
    from .values import utf8

    for key, value in attrs.items():
        try:
            shown = value if isinstance(value, str) else json.dumps(value, default=str)
        except (TypeError, ValueError, RecursionError):
            shown = f"({type(value).__name__})"
        yield utf8(f"{key}: {shown}")


def of_schema(schema: pa.Schema) -> Iterator[str]:
    """The metadata of a schema and of all fields in it.

    Of those of pandas only the `attrs`: the others are the names of the columns once more.
    """
    yield from _texts(schema.metadata or {})
    pending = list(schema)
    while pending:
        field = pending.pop()
        yield from _texts(field.metadata or {})
        kind = field.type
        pending += [kind.field(index) for index in range(getattr(kind, "num_fields", 0))]


def _texts(metadata: Mapping[bytes, bytes]) -> Iterator[str]:
    for raw, value in metadata.items():
        key = raw.decode("utf-8", "replace")
        text = value.decode("utf-8", "replace")
        attrs = _attrs(text, whole=key == _OWN) if key in {_PANDAS, _OWN} else None
        if attrs is not None:
            yield from described(attrs)
        elif key not in _OURS:
            yield f"{key}: {text}"


def _attrs(text: str, *, whole: bool) -> dict[str, Any] | None:
    """The `attrs` of a frame that pandas wrote, alone or beside the names of its columns.

    None if it is no such text.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if whole and isinstance(found, dict):
        return found
    if not isinstance(found, dict) or "columns" not in found:
        return None
    attrs = found.get(_ATTRS)
    return attrs if isinstance(attrs, dict) else {}
