"""Where a finding is: a symbolic place that survives edits, and its span.

Lines and columns are 0-based. Columns count Unicode characters (code points).
`line`/`column` are inside the part that the place names; `file_*` are inside the file itself.
"""

from __future__ import annotations

from msgspec import Struct


class Span(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What every place has: the file, the JSON pointer of the part, and the span in it."""

    line: int
    column: int
    end_line: int
    end_column: int
    path: str | None = None
    pointer: str | None = None
    file_line: int | None = None
    file_column: int | None = None
    file_end_line: int | None = None
    file_end_column: int | None = None


class _CellSpan(Span, frozen=True, kw_only=True, omit_defaults=True):
    cell: int | None = None
    cell_id: str | None = None
    execution: int | None = None


class InCell(_CellSpan, frozen=True, kw_only=True, omit_defaults=True, tag="cell"):
    """In the source of a cell."""


class InOutput(_CellSpan, frozen=True, kw_only=True, omit_defaults=True, tag="output"):
    """In one MIME representation of one output of a cell."""

    output: int
    mime: str


class InMetadata(_CellSpan, frozen=True, kw_only=True, omit_defaults=True, tag="metadata"):
    """In the metadata of a notebook, a cell or an output."""

    output: int | None = None
    mime: str | None = None


class InAttachment(_CellSpan, frozen=True, kw_only=True, omit_defaults=True, tag="attachment"):
    """In a file attached to a cell."""

    mime: str


class InFile(Span, frozen=True, kw_only=True, omit_defaults=True, tag="file"):
    """In a plain file."""


class InColumn(Span, frozen=True, kw_only=True, omit_defaults=True, tag="column"):
    """In a column of a table."""

    column_name: str


Location = InCell | InOutput | InMetadata | InAttachment | InFile | InColumn
