"""How bad a global is: named only, or called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core.rule import Confidence, Rule, Severity
from . import names, rules
from .values import Global, Made

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLASS: Final = re.compile(r"_*[A-Z]\w{0,100}")
_TYPES: Final = frozenset({"NEWOBJ"})
"""Ways of calling that the unpickler refuses for what is not a class."""
_ENCODINGS: Final = frozenset({"latin1", "latin-1", "iso-8859-1", "utf-8", "utf8", "ascii"})


_ARGUMENTS: Final = 8
_CHAIN: Final = 20
_LONGEST: Final = 400
"""No honest name has more characters."""


class Verdict(NamedTuple):
    """A rule, and how it applies here."""

    rule: Rule
    severity: Severity
    confidence: Confidence


CODE: Final = Verdict(rules.PICKLE_CODE, Severity.CRITICAL, Confidence.HIGH)
_LIKELY: Final = Verdict(rules.PICKLE_CODE, Severity.CRITICAL, Confidence.MEDIUM)
_CALL: Final = Verdict(rules.UNKNOWN_CALL, Severity.HIGH, Confidence.MEDIUM)
_CUSTOM: Final = Verdict(rules.CUSTOM_CLASS, Severity.MEDIUM, Confidence.MEDIUM)
_NAMED: Final = Verdict(rules.CUSTOM_CLASS, Severity.LOW, Confidence.MEDIUM)


def named(found: Global) -> Verdict | None:
    """What to say of a global that is imported, whether or not it is called."""
    if len(found.module) + len(found.name) > _LONGEST:
        return CODE
    return _named(found.module, found.name)


@lru_cache(maxsize=4096)
def _named(module: str, name: str) -> Verdict | None:
    module = names.RENAMED.get(module, module)
    root = module.partition(".")[0]
    if _standard(root):
        return None if _harmless(module, name) else CODE
    if root in names.HOSTILE or module in names.HOSTILE or _reaches(name):
        return CODE
    last = name.rpartition(".")[2]
    if root in names.TRUSTED:
        if last in names.STANDARD and last not in _HOMONYMS:
            return CODE
        return _CALL if _risky(module, name) and not _CLASS.fullmatch(last) else None
    if not _CLASS.fullmatch(last):
        return _NAMED
    return _CUSTOM


_HOMONYMS: Final = names.words("""
    array random copy select trace statistics string fractions types time math operator test heapq
    numbers queue sched signal bisect calendar
""")  # fmt: skip
"""Modules whose names functions of those packages bear as well."""


def _standard(root: str) -> bool:
    """Whether a module is of Python itself, as those with an underscore are in some version."""
    return root in names.STANDARD or (root.startswith("_") and root not in _PRIVATE)


_PRIVATE: Final = names.TRUSTED | {"__main__", "__torch__", "__mp_main__"}


def _harmless(module: str, name: str) -> bool:
    path = f"{module}.{name}"
    if path in names.ALLOWED or (path in _GUARDED and path != "builtins.getattr"):
        return True
    if module in names.WHOLE:
        return name.isidentifier() and not name.startswith("_")
    return module in {"builtins", "exceptions"} and bool(names.EXCEPTION.fullmatch(name))


def _reaches(name: str) -> bool:
    """Whether a name leads through modules of Python or into the insides of it."""
    parts = name.split(".")
    if any(part.startswith("__") and not names.REBUILDS.fullmatch(part) for part in parts):
        return any(part.endswith("__") for part in parts) or len(parts) > 1
    return any(part in names.STANDARD or part in names.HOSTILE for part in parts[:-1])


def _risky(module: str, name: str) -> bool:
    parts = name.split(".")
    path = {*module.split("."), *parts[:-1]}
    return parts[-1] in names.RUNNING or not names.RISKY.isdisjoint(path)


def called(maker: Any, arguments: Any, how: str) -> Verdict | None:
    """What to say of a call."""
    if isinstance(maker, Made):
        return _called_result(maker, arguments)
    if not isinstance(maker, Global):
        return None
    module = names.RENAMED.get(maker.module, maker.module)
    path = f"{module}.{maker.name}"
    guard = _GUARDED.get(path)
    if guard is not None:
        return None if guard(arguments) else CODE
    verdict = named(maker)
    if verdict is CODE or _standard(module.partition(".")[0]):
        return verdict
    if verdict is not None and len(path) > _LONGEST:
        return verdict
    return _called_of_package(module, maker.name, path, how)


@lru_cache(maxsize=4096)
def _called_of_package(module: str, name: str, path: str, how: str) -> Verdict | None:
    last = name.rpartition(".")[2]
    is_class = bool(_CLASS.fullmatch(last)) or how in _TYPES
    trusted = module.partition(".")[0] in names.TRUSTED
    if not trusted:
        return _CUSTOM if is_class or module == "__main__" else _CALL
    if path in names.BUILDERS:
        return None
    if _risky(module, name) and (how not in _TYPES or last in names.RUNNING):
        return _LIKELY
    if is_class or names.REBUILDS.fullmatch(last):
        return None
    return _LIKELY


def _called_result(maker: Made, arguments: Any) -> Verdict | None:
    """A call of what another call gave: as bad as what it leads back to, and no better than odd."""
    source = maker.maker
    if source is None:
        return None
    attribute = _attribute(maker)
    if attribute is not None:
        return called(attribute, arguments, "REDUCE")
    for _ in range(_CHAIN):
        if not isinstance(source, Made):
            break
        source = source.maker
    if not isinstance(source, Global):
        return _CALL
    given = maker.arguments
    if source.name == "partial" and isinstance(given, tuple) and given:
        return called(given[0], (*given[1:], *_tuple(arguments)), "REDUCE") or _CALL
    verdict = named(source)
    standard = _standard(source.module.partition(".")[0])
    return CODE if verdict is CODE or standard else _CALL


def _attribute(made: Made) -> Global | None:
    """What a `getattr` that is allowed gives, as a global with a dot in its name."""
    maker = made.maker
    if not isinstance(maker, Global) or maker.name != "getattr" or not _of_model(made.arguments):
        return None
    owner, name = made.arguments
    owner = owner.maker if isinstance(owner, Made) else owner
    return Global(owner.module, f"{owner.name}.{name}")


def _tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else ()


def passed(maker: Any, arguments: Any) -> Iterator[tuple[Any, Any, str]]:
    """The calls that a call makes of what it is given: callable, arguments, and how."""
    if not isinstance(maker, Global) or not isinstance(arguments, tuple) or not arguments:
        return
    last = maker.name.rpartition(".")[2]
    if last == "_reconstructor" and len(arguments) == 3:
        yield arguments[1], arguments[2:], "REDUCE"
    if last in {"_reconstructor", "__newobj__", "__newobj_ex__", "_new_Index", "_reconstruct"}:
        yield arguments[0], arguments[1:], "NEWOBJ"
    elif last == "_rebuild_from_type_v2" and len(arguments) > 2:
        yield arguments[0], arguments[2], "REDUCE"
    elif last.endswith("_ctor") or last.startswith("__pyx_unpickle_"):
        for value in arguments[:_ARGUMENTS]:
            if isinstance(value, Global):
                yield value, (), "NEWOBJ" if last.startswith("__pyx") else "REDUCE"


def imports(maker: Any, arguments: Any) -> Global | None:
    """The global that a call imports by the names it is given."""
    if not isinstance(maker, Global) or maker.name not in _IMPORTERS:
        return None
    if not isinstance(arguments, tuple) or len(arguments) != 2:
        return None
    module, name = arguments
    known = isinstance(module, str) and isinstance(name, str)
    return Global(module, name) if known else None


_IMPORTERS: Final = frozenset({"_ufunc_reconstruct", "_convert_to_ufunc"})
"""Functions of numpy that import what they are given the names of."""


def _first_class(arguments: Any) -> bool:
    return isinstance(arguments, tuple) and bool(arguments) and isinstance(arguments[0], Global)


def _of_model(arguments: Any) -> bool:
    """Whether `getattr` takes an attribute of something in a package for models."""
    if not isinstance(arguments, tuple) or len(arguments) != 2:
        return False
    owner, name = arguments
    if isinstance(owner, Made):
        owner = owner.maker
    if not isinstance(owner, Global) or not isinstance(name, str):
        return False
    root = owner.module.partition(".")[0]
    path = f"{owner.module}.{owner.name}"
    if f"{path}.{name}" in names.ALLOWED:
        return True
    plain = not name.startswith("__") and "." not in name and name not in names.RUNNING
    return root in names.TRUSTED and plain and _named(owner.module, owner.name) is None


def _encoding(arguments: Any) -> bool:
    if not isinstance(arguments, tuple) or len(arguments) != 2:
        return False
    return isinstance(arguments[1], str) and arguments[1] in _ENCODINGS


def _type_of_constant(arguments: Any) -> bool:
    return arguments in {(None,), (Ellipsis,), (NotImplemented,)} if _flat(arguments) else False


def _flat(arguments: Any) -> bool:
    return isinstance(arguments, tuple) and len(arguments) == 1 and arguments[0] is None


_GUARDED: Final = {
    "_codecs.encode": _encoding,
    "builtins.getattr": _of_model,
    "builtins.type": _type_of_constant,
    "copyreg._reconstructor": _first_class,
    "copyreg.__newobj__": _first_class,
    "copyreg.__newobj_ex__": _first_class,
    "functools.partial": _first_class,
}
"""Names that are harmless for some arguments; for others they are taken for an attack."""
