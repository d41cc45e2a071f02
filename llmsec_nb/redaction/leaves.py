"""What stands inside of nested values, with the paths that tables give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_Leaf = tuple[str, Any]
_CONTAINERS: Final = (dict, list, tuple, set, frozenset)


def is_flat(values: Sequence[Any]) -> bool:
    """Whether no value holds others."""
    kinds = set(map(type, values))
    return not any(
        issubclass(kind, _CONTAINERS) or kind.__hash__ is None or hasattr(kind, "tolist")
        for kind in kinds
    )


def leaves_of(value: Any, path: str, kinds: Mapping[str, str]) -> Iterator[_Leaf]:
    """What stands in a value, with the path that tables give it."""
    if isinstance(value, dict):
        for key, item in value.items():
            if by_pairs(path, kinds):
                yield f"{path}{{}}.key", key
            yield from leaves_of(item, member(path, key, kinds), kinds)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from leaves_of(item, f"{path}[]", kinds)
    elif is_array(value):
        yield from leaves_of(value.tolist(), path, kinds)
    elif value is not None:
        try:
            hash(value)
        except TypeError:
            return
        yield path, value


def by_pairs(path: str, kinds: Mapping[str, str]) -> bool:
    """Whether the names of a dict are values, too."""
    return f"{path}{{}}.key" in kinds


def member(path: str, key: Any, kinds: Mapping[str, str]) -> str:
    """The path of what a dict holds under a key."""
    pairs = f"{path}{{}}.value"
    return pairs if pairs in kinds else f"{path}.{key}"


def is_array(value: Any) -> bool:
    """An array of numpy, not one of its scalars."""
    return hasattr(value, "tolist") and bool(getattr(value, "shape", ()))
