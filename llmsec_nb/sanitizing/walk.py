"""The texts within a value: itself, or those in lists and dicts, such as the turns of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEPTH: Final = 12

Place = tuple[Any, ...]


def texts_in(value: Any, depth: int = _DEPTH) -> Iterator[tuple[Place, str]]:
    """Texts and the keys and numbers that lead to them; keys of dicts are no texts."""
    if isinstance(value, str):
        yield (), value
    elif depth and isinstance(value, dict):
        for key, inner in value.items():
            for place, text in texts_in(inner, depth - 1):
                yield (key, *place), text
    elif depth and isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            for place, text in texts_in(inner, depth - 1):
                yield (number, *place), text
    elif depth and type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        yield from texts_in(value.tolist(), depth)


def changed(value: Any, news: Mapping[Place, str], at: Place = ()) -> Any:
    """A copy of the value with other texts in some places; what has none is shared."""
    if isinstance(value, str):
        return news.get(at, value)
    if isinstance(value, dict):
        return {key: changed(inner, news, (*at, key)) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        made = [changed(inner, news, (*at, number)) for number, inner in enumerate(value)]
        if isinstance(value, tuple):
            return type(value)(*made) if hasattr(value, "_fields") else tuple(made)
        return made
    if type(value).__module__ == "numpy" and hasattr(value, "tolist") and value.shape:
        import numpy as np

        made_too = np.empty(len(value), value.dtype)
        for number, inner in enumerate(value.tolist()):
            made_too[number] = changed(inner, news, (*at, number))
        return made_too
    return value


def shown(column: str, place: Place) -> str:
    """The column and the path within it."""
    return column + "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in place)
