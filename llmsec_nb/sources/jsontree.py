"""A JSON value as one text: each string a line, with its member's name as the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.artifact import Field, Part, Piece, Text
from ..core.rule import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.artifact import Pointer
    from ..core.location import Location

_SHORTEST_NAME: Final = 12
_LONGEST_NAME: Final = 200
_NAMES: Final = 3
_MASKING_WIDGET: Final = "PasswordModel"


def json_text(value: object, pointer: Pointer, place: Location) -> Text | None:
    """All strings in `value`, which stands at `pointer`; None when it holds none.

    All of them are at `place`, told apart by their pointers. Long member names are included:
    a name can be a secret, too.
    """
    chunks: list[str] = []
    pieces: list[Piece] = []
    fields: list[Field] = []
    size = 0
    for at, names, string, is_key in _strings(value, pointer, ()):
        part = Part(place=place, text=string, kind=Kind.DATA, pointer=at, is_key=is_key)
        pieces.append(Piece(size, part, 0, len(string)))
        if not is_key and names:
            fields.append(Field(".".join(names), size, size + len(string)))
        chunks.append(string)
        size += len(string) + 1
    return Text("\n".join(chunks), Kind.DATA, pieces, fields) if pieces else None


def _strings(
    value: object, pointer: Pointer, names: tuple[str, ...]
) -> Iterator[tuple[Pointer, tuple[str, ...], str, bool]]:
    if isinstance(value, str):
        yield pointer, names, value, False
    elif isinstance(value, dict):
        masked = value.get("model_name") == _MASKING_WIDGET
        for name, member in value.items():
            at = (*pointer, name)
            if len(name) >= _SHORTEST_NAME or not name.isascii():
                yield at, (), name, True
            below = (*names[1 - _NAMES :], name[:_LONGEST_NAME])
            if masked and name == "state" and isinstance(member, dict):
                yield from _strings(member.get("value"), (*at, "value"), ("password",))
                rest = {other: kept for other, kept in member.items() if other != "value"}
                yield from _strings(rest, at, below)
            else:
                yield from _strings(member, at, below)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            if isinstance(member, str | dict | list):
                yield from _strings(member, (*pointer, index), names)
