"""What stands inside of nested values, with the paths that tables give it."""

from __future__ import annotations

import copy
import dataclasses
import ipaddress
import re
from collections import deque
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_Leaf = tuple[str, Any]
_ITEMS: Final = (list, tuple, set, frozenset, deque)
_PLAIN: Final = (
    *(str, bytes, int, float, complex, type(None), date, time, timedelta, Decimal, Fraction, UUID),
    *(ipaddress.IPv4Address, ipaddress.IPv6Address),
)
_SCALARS: Final = frozenset({"Timestamp", "Timedelta", "Period", "Interval", "NAType", "NaTType"})
"""Those of pandas."""
_NAME: Final = re.compile(r"[^\W\d][\w -]{0,63}")


class Unread(NamedTuple):
    """Stands for a value that cannot be compared: the name of its type, and its text."""

    kind: str
    text: str


def is_flat(values: Sequence[Any]) -> bool:
    """Whether no value holds others."""
    return all(map(_is_plain, set(map(type, values))))


def leaves_of(
    value: Any, path: str, kinds: Mapping[str, str], *, keyed: bool = False
) -> Iterator[_Leaf]:
    """What stands in a value, with the path that tables give it.

    `keyed` says that the keys of dicts are values, too. What cannot be compared is an Unread.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            if keyed or by_pairs(path, kinds):
                yield from leaves_of(key, f"{path}{{}}.key", kinds, keyed=keyed)
            yield from leaves_of(item, member(path, key, kinds), kinds, keyed=keyed)
    elif isinstance(value, _ITEMS):
        for item in value:
            yield from leaves_of(item, f"{path}[]", kinds, keyed=keyed)
    elif is_array(value):
        yield from leaves_of(value.tolist(), path, kinds, keyed=keyed)
    elif is_record(value):
        for name, item in record(value).items():
            yield from leaves_of(item, f"{path}.{name}", kinds, keyed=keyed)
    elif value is not None:
        yield path, _comparable(value)


def _comparable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return Unread(type(value).__name__, text_of(value) or "")
    return value


def by_pairs(path: str, kinds: Mapping[str, str]) -> bool:
    """Whether the names of a dict are values, too."""
    return f"{path}{{}}.key" in kinds


def member(path: str, key: Any, kinds: Mapping[str, str]) -> str:
    """The path of what a dict holds under a key; a key that is no name does not stand in it."""
    pairs, own = f"{path}{{}}.value", f"{path}.{key}" if isinstance(key, str | int) else ""
    if pairs in kinds or not own:
        return pairs
    return own if own in kinds or _NAME.fullmatch(str(key)) else pairs


def is_array(value: Any) -> bool:
    """An array of numpy, not one of its scalars."""
    module = type(value).__module__.partition(".")[0]
    return module == "numpy" and hasattr(value, "tolist") and bool(getattr(value, "shape", ()))


def is_record(value: Any) -> bool:
    """An object of a dataclass."""
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def record(value: Any) -> dict[str, Any]:
    """The fields of an object of a dataclass, and whatever else was put into it."""
    names = [field.name for field in dataclasses.fields(value)]
    names += [name for name in getattr(value, "__dict__", ()) if name not in names]
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def is_opaque(value: Any) -> bool:
    """Whether nothing but its text is known of a leaf."""
    if isinstance(value, Enum):
        return False
    return not _is_plain(type(value)) or bool(getattr(value, "__dict__", None))


def text_of(value: Any) -> str | None:
    """The text of a leaf that is more than a number or a date; None for those."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Unread):
        return value.text
    if isinstance(value, bytes | bytearray):
        return value.decode("utf-8", "replace")
    if _is_plain(type(value)):
        return None
    try:
        return str(value)
    except Exception:  # noqa: BLE001 (code of others; that it is opaque is said anyway)
        return ""


def items_again(value: Any, items: Sequence[Any]) -> Any:
    """A list, tuple, set or queue of its type with other items; itself if they are the same."""
    if all(new is old for new, old in zip(items, value, strict=True)):
        return value
    if hasattr(value, "_make"):  # a named tuple
        return value._make(items)
    return deque(items, value.maxlen) if isinstance(value, deque) else type(value)(items)


def dict_again(value: dict[Any, Any], made: dict[Any, Any]) -> Any:
    """A dict of its type with other members; itself if they are the same."""
    if type(value) is dict:
        return made
    if [*map(id, made), *map(id, made.values())] == [*map(id, value), *map(id, value.values())]:
        return value
    new = copy.copy(value)
    new.clear()
    new.update(made)
    return new


def record_again(value: Any, made: Mapping[str, Any]) -> Any:
    """An object of a dataclass with other fields; itself if they are the same."""
    if all(new is getattr(value, name) for name, new in made.items()):
        return value
    again = copy.copy(value)
    for name, new in made.items():
        object.__setattr__(again, name, new)  # frozen ones, too
    return again


def opaque(leaves: Iterable[Any]) -> set[str]:
    """The names of the types of leaves that nothing but the text is known of."""
    return {
        leaf.kind if isinstance(leaf, Unread) else type(leaf).__name__
        for leaf in leaves
        if is_opaque(leaf)
    }


def _is_plain(kind: type) -> bool:
    """Whether values of a type hold no others and are all that their type says."""
    if hasattr(kind, "_fields") or kind.__hash__ is None:
        return False
    if issubclass(kind, _PLAIN):
        return True
    module = kind.__module__.partition(".")[0]
    if module == "numpy":
        return kind.__name__ != "void" and not hasattr(kind, "__array_finalize__")
    return module == "pandas" and kind.__name__ in _SCALARS
