"""What the values of a column are: of a kind as a whole, texts with places in them, or left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .kinds import is_direct
from .report import Left
from .spans import find_in, named_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SAMPLE: Final = 100
_COVERED: Final = 0.7
_FEW: Final = 0.2


def is_prose(values: Sequence[Any], path: str) -> bool:
    """Whether what is found are places in texts, rather than whole values."""
    texts = [value.strip() for value in values if isinstance(value, str)][:_SAMPLE]
    found = [(text, find_in(text, path)) for text in texts]
    known = [(text, places) for text, places in found if places]
    within = [
        text
        for text, places in known
        if sum(place.end - place.start for place in places) < _COVERED * len(text)
    ]
    return len(within) > _FEW * len(known)


def number_kind(value: Any, path: str) -> str:
    """The kind of which a whole number is by its own digits; empty for all else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    text = str(value)
    places = find_in(text, path)
    return places[0].kind if places and places[0].end - places[0].start == len(text) else ""


def left_of(found: Mapping[tuple[str, str], int], why: str = "") -> list[Left]:
    """For the report."""
    return [
        Left(path=named_apart(path), kind=kind, values=values, direct=is_direct(kind), why=why)
        for (path, kind), values in sorted(found.items())
        if values
    ]
