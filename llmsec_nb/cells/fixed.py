"""What is written down although it is put together: joined paths, f-strings, one of a few literals.

Everything here gets values and gives values; `values` says how they are reached.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core.lazy import lazy
from .folding import LONGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_ITEMS: Final = 60
"""Of a dictionary that is remembered item by item."""
_MOST_ELEMENTS: Final = 20
_JOINING: Final = frozenset(
    {"os.path.join", "posixpath.join", "ntpath.join", "os.fspath", "builtins.str"}
)
_PATHS: Final = lazy(r"(?:pathlib\.|\?)(?:Pure)?(?:Posix|Windows)?Path\b")
_FILES: Final = lazy(r"(?:builtins|io|gzip|bz2|lzma|codecs)\.open|.*\.(?:GFile|FileIO)")
_PURE: Final = frozenset(
    f"builtins.{name}"
    for name in (
        "enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "frozenset", "range",
        "str", "repr", "iter", "next", "min", "max", "dict", "format", "bytes",
    )
) | {"random.choice", "random.sample", "random.choices", "itertools.product", "itertools.chain",
     "itertools.cycle", "copy.copy", "copy.deepcopy"}  # fmt: skip
"""What gives back only what it is given."""
_NUMERIC: Final = lazy(r"builtins\.(?:round|sum|pow|divmod)|math\.\w{1,20}|time\.time(?:_ns)?")


class Value(NamedTuple):
    """`path` is empty when unknown. `taints` are the kinds of sources that had a part in it.

    `constant` is the value of a literal; None where it is none (or None itself), and `is_constant`
    tells. `is_fixed`: put together from literals alone, but which of them is not known: a list of
    them, or one of a list. `items` are those of a dictionary by their names, None for what is
    none. `file` is the literal name of the file that it was read from, or reads. `elements` are
    those of a short list, where they are known; empty: nothing is.
    """

    path: str = ""
    taints: frozenset[str] = frozenset()
    constant: str | int | float | bool | bytes | None = None
    is_constant: bool = False
    is_fixed: bool = False
    items: tuple[tuple[str, Value], ...] | None = None
    file: str = ""
    elements: tuple[Value, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is made of literals alone."""
        return self.is_constant or self.is_fixed


UNKNOWN: Final = Value()


def literal(constant: object) -> Value:
    """What a literal stands for."""
    plain = constant if isinstance(constant, str | int | float | bool | bytes) else None
    return Value(constant=plain, is_constant=True)


def together(parts: Sequence[Value], number: str = "") -> frozenset[str]:
    """The taints of what is put together. It is no number as soon as something else is in it."""
    found = frozenset[str]().union(*(part.taints for part in parts))
    if number in found and not all(number in part.taints or part.is_known for part in parts):
        return found - {number}
    return found


def several(parts: Sequence[Value], number: str = "") -> Value:
    """Things side by side, or one of them."""
    return Value(
        taints=together(parts, number),
        is_fixed=bool(parts) and all(part.is_known for part in parts),
    )


def either(values: Sequence[Value]) -> Value:
    """One of several values, nobody knows which; the last is the newest.

    They are not compared: values may hold one another, and that takes as long as it likes.
    """
    last = values[-1]
    if all(one is last for one in values):
        return last
    taints = frozenset[str]().union(*(one.taints for one in values))
    if all(one.is_known for one in values):
        return last._replace(taints=taints)
    telling = next((one for one in reversed(values) if one.taints == taints and one.path), last)
    unknown = next((one for one in reversed(values) if not one.is_known), last)
    path = telling.path if taints else unknown.path
    items = next((one.items for one in reversed(values) if one.items is not None), None)
    file = next((one.file for one in reversed(values) if one.file), "")
    return Value(path, taints, items=items, file=file)


def listed(parts: Sequence[Value], number: str = "") -> Value:
    """A list or tuple."""
    elements = tuple(parts) if len(parts) <= _MOST_ELEMENTS else ()
    return several(parts, number)._replace(elements=elements)


def element(held: Value, place: object) -> Value | None:
    """What a list has at a place; None where that is not known."""
    if isinstance(place, int) and -len(held.elements) <= place < len(held.elements):
        return held.elements[place]
    return None


def concatenated(parts: Sequence[Value], number: str = "") -> Value:
    """Texts one behind the other: a literal, if all are."""
    whole = several(parts, number)
    texts: list[Any] = [part.constant for part in parts]
    if all(isinstance(one, str) for one in texts) and sum(map(len, texts)) <= LONGEST:
        return Value(taints=whole.taints, constant="".join(texts), is_constant=True)
    rest = [part.path for part in parts if not part.is_known]
    if len(rest) == 1 and rest[0].startswith("?"):  # it comes from there, whatever is around it
        return whole._replace(path=rest[0])
    return whole


def below(left: Value, right: Value, number: str = "") -> Value:
    """`Path("a") / "b"`, a path of the same kind; else a quotient."""
    whole = several([left, right], number)
    if _PATHS.match(left.path) is None and _PATHS.match(right.path) is None:
        return whole
    name = _joined([left, right])
    if name:
        return Value(left.path or right.path, whole.taints, name, is_constant=True)
    return whole._replace(path=left.path or right.path)


def merged(held: Value, given: Sequence[Value], named: Sequence[tuple[str | None, Value]]) -> Value:
    """A dictionary after `update`, whether what it was given is known or not."""
    for value in given:
        pairs = ((None, value),) if value.items is None else value.items
        for key, one in pairs:
            held = stored(held, key, one)
    for key, one in named:
        held = stored(held, key, one)
    return held


def dictionary(pairs: Sequence[tuple[str | None, Value]], number: str = "") -> Value:
    """What `{"a": 1}` and `dict(a=1)` are; a name that is None is one that is not known."""
    whole = several([value for _, value in pairs], number)
    items = tuple((name, value) for name, value in pairs if name is not None)
    return whole._replace(items=items[-_MOST_ITEMS:])


def item(held: Value, key: object) -> Value | None:
    """What a dictionary has under a name; None where that is not known."""
    if held.items is None or not isinstance(key, str):
        return None
    return next((value for name, value in reversed(held.items) if name == key), None)


def stored(held: Value, key: object, value: Value) -> Value:
    """A thing after something was put into it, under a name if that is known."""
    taints = held.taints | value.taints
    is_empty = held.items == () and not held.path
    is_fixed = (held.is_fixed or is_empty) and value.is_known
    if held.items is not None and isinstance(key, str):
        items = (*(one for one in held.items if one[0] != key), (key, value))
        return Value(held.path, taints, is_fixed=is_fixed, items=items[-_MOST_ITEMS:])
    return Value(held.path, taints, is_fixed=is_fixed, file=held.file)


def result(
    function: Value, given: Sequence[Value], named: Sequence[tuple[str | None, Value]]
) -> Value | None:
    """What a call gives that only puts together what it is given; None for another call.

    `given` are its arguments by place, `named` those by name. The path of the value is not set.
    """
    role = _role(function.path)
    if not role and not function.is_fixed and not function.file:
        return None
    if role == _DICT and len(given) <= 1:
        own = given[0].items if given else ()
        return None if own is None else dictionary([*own, *named])
    is_below = bool(function.file) and function.path.endswith(".joinpath")
    if not named and given and (is_below or role == _JOIN):
        name = _joined([literal(function.file), *given] if is_below else given)
        if name:
            return Value(taints=together(given), constant=name, is_constant=True)
    every = [*given, *(value for _, value in named)]
    if role == _FILE and given and isinstance(given[0].constant, str):
        return Value(taints=together(every), file=given[0].constant[:LONGEST])
    is_pure = function.is_fixed or (bool(every) and function.path in _PURE)
    if is_pure and all(value.is_known for value in every):
        return Value(taints=function.taints | together(every), is_fixed=True)
    return None


_DICT, _JOIN, _FILE, _OTHER = "dict", "join", "file", "other"


@lru_cache(maxsize=4096)
def _role(path: str) -> str:
    """What a call of this path does with what it is given; empty: nothing that is known here."""
    if path == "builtins.dict":
        return _DICT
    if path in _JOINING or _PATHS.fullmatch(path):
        return _JOIN
    if _FILES.fullmatch(path):
        return _FILE
    return _OTHER if path in _PURE else ""


@lru_cache(maxsize=4096)
def is_numeric(path: str) -> bool:
    """Whether a call gives a number, whatever it is given."""
    return _NUMERIC.fullmatch(path) is not None


def reader(base: Value) -> str:
    """The file that a member of a value has to do with: `Path("a").open`, `open("a").read`."""
    if base.file:
        return base.file
    return base.constant if isinstance(base.constant, str) and _PATHS.match(base.path) else ""


def _joined(parts: Sequence[Value]) -> str:
    """The path that literals make; empty where one of them is none."""
    names = [part.constant for part in parts if isinstance(part.constant, str)]
    if len(names) < len(parts) or sum(map(len, names)) > LONGEST:
        return ""
    return posixpath.join(*names)
