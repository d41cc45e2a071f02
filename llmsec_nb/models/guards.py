"""Names of Python that are harmless for some arguments, and for others are taken for an attack."""

from __future__ import annotations

from typing import Any, Final

from . import names
from .naming import named
from .values import Global, Made

_ENCODINGS: Final = frozenset({"latin1", "latin-1", "iso-8859-1", "utf-8", "utf8", "ascii"})


def _first_class(arguments: Any) -> bool:
    return isinstance(arguments, tuple) and bool(arguments) and isinstance(arguments[0], Global)


def _first_callable(arguments: Any) -> bool:
    """Whether the first argument is a global, or a method that `getattr` may take."""
    if _first_class(arguments):
        return True
    first = arguments[0] if isinstance(arguments, tuple) and arguments else None
    found = attribute(first) if isinstance(first, Made) else None
    return found is not None and named(found) is None


def _type_with_arguments(arguments: Any) -> bool:
    """Whether a type of `typing` is given its arguments, as in `Optional[int]`."""
    return _first_class(arguments) and arguments[0].module in _TYPINGS


def _union(arguments: Any) -> bool:
    """Whether types are joined by `|`, as in `int | None`."""
    return _first_class(arguments) and arguments[0].path in {"operator.or_", "_operator.or_"}


_TYPINGS: Final = frozenset({"typing", "collections.abc", "typing_extensions"})


def _of_model(arguments: Any) -> bool:
    """Whether `getattr` takes an attribute of plain data, or of something in a model package."""
    if not isinstance(arguments, tuple) or len(arguments) != 2:
        return False
    owner, name = arguments
    if not isinstance(name, str) or not name.isidentifier():
        return False
    if isinstance(owner, list | dict | tuple):
        return not name.startswith("_")
    maker = owner.maker if isinstance(owner, Made) else owner
    if not isinstance(maker, Global):
        return False
    if maker.module == "re" and maker is not owner:
        return name in _MATCHING and maker.path in names.ALLOWED
    return _of_global(maker, name)


def _of_global(owner: Global, name: str) -> bool:
    module = names.RENAMED.get(owner.module, owner.module)
    path = f"{module}.{owner.name}"
    if f"{path}.{name}" in names.ALLOWED:
        return True
    if path in names.PLAIN:
        return not name.startswith("_")
    plain = not name.startswith("__") and name not in names.RUNNING
    return module.partition(".")[0] in names.TRUSTED and plain and named(owner) is None


_MATCHING: Final = names.words("match fullmatch search findall finditer split sub subn")
"""Methods of a pattern that tokenizers keep."""


def _encoding(arguments: Any) -> bool:
    if not isinstance(arguments, tuple) or len(arguments) != 2:
        return False
    return isinstance(arguments[1], str) and arguments[1] in _ENCODINGS


def _type_of_constant(arguments: Any) -> bool:
    return arguments in {(None,), (Ellipsis,), (NotImplemented,)} if _flat(arguments) else False


def _flat(arguments: Any) -> bool:
    return isinstance(arguments, tuple) and len(arguments) == 1 and arguments[0] is None


def attribute(made: Made) -> Global | None:
    """What a `getattr` that is allowed gives, as a global with a dot in its name."""
    maker = made.maker
    if not isinstance(maker, Global) or maker.name != "getattr" or not _of_model(made.arguments):
        return None
    owner, name = made.arguments
    owner = owner.maker if isinstance(owner, Made) else owner
    if not isinstance(owner, Global):
        return None
    return Global(owner.module, f"{owner.name}.{name}")


GUARDED: Final = {
    "_codecs.encode": _encoding,
    "builtins.getattr": _of_model,
    "builtins.type": _type_of_constant,
    "copyreg._reconstructor": _first_class,
    "copyreg.__newobj__": _first_class,
    "copyreg.__newobj_ex__": _first_class,
    "functools.partial": _first_callable,
    "operator.getitem": _type_with_arguments,
    "functools.reduce": _union,
    "builtins.reduce": _union,
}
"""What tells by the arguments whether a call is harmless."""
