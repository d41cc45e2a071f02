"""The report as JSON, and its schema, both made from the types."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ..core.finding import Report


def render(report: Report) -> str:
    """Indented JSON; characters that UTF-8 cannot hold are replaced."""
    return msgspec.json.format(msgspec.json.encode(encodable(report)), indent=2).decode() + "\n"


def builtins(report: Report) -> dict[str, Any]:
    """The report as plain dictionaries, for a MIME bundle."""
    plain: dict[str, Any] = msgspec.to_builtins(encodable(report))
    return plain


def schema() -> dict[str, Any]:
    """JSON Schema of the report."""
    found: dict[str, Any] = dedented(msgspec.json.schema(Report))
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return found


def dedented(value: Any) -> Any:
    """A schema that is the same in all Pythons: from 3.13 on docstrings are stored unindented."""
    if isinstance(value, str):
        return re.sub("\n +", "\n", value)
    if isinstance(value, dict):
        return {name: dedented(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [dedented(member) for member in value]
    return value


def encodable(report: object) -> Any:
    """Lone surrogates, which JSON text may hold as escapes, become U+FFFD."""
    return _clean(msgspec.to_builtins(report))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _clean(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(member) for member in value]
    return value
