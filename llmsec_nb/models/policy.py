"""How bad a call is, of a global or of what another call gave."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from . import names
from .encoded import of_text
from .guards import GUARDED, attribute
from .naming import CALL, CLASS, CODE, CUSTOM, LIKELY, STRANGE, Verdict, named, risky, standard
from .telling import tells
from .values import Blob, Global, Made

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADERS: Final = frozenset({"torch.storage._load_from_bytes", "spacy.vocab.unpickle_vocab"})
"""Functions that unpickle bytes which they are given: they must be there to be read."""
_TYPES: Final = frozenset({"NEWOBJ"})
"""Ways of calling that the unpickler refuses for what is not a class."""
_ARGUMENTS: Final = 8
_CHAIN: Final = 20
_DEEP: Final = 4
_BROAD: Final = 64


def called(maker: Any, arguments: Any, how: str) -> Verdict | None:
    """What to say of a call."""
    if isinstance(maker, Made):
        return _called_result(maker, arguments)
    if not isinstance(maker, Global):
        return None
    module = names.RENAMED.get(maker.module, maker.module)
    path = f"{module}.{maker.name}"
    guard = GUARDED.get(path)
    if guard is not None:
        return None if guard(arguments) else CODE
    verdict = named(maker)
    if verdict is CODE or standard(module.partition(".")[0]):
        return verdict
    hidden = path in _LOADERS and not _readable(arguments)
    verdict = LIKELY if hidden else _called_of_package(module, maker.name, path, how)
    if how not in _TYPES and verdict in {None, CUSTOM, CALL} and path not in names.BUILDERS:
        return _with(arguments, verdict)
    return verdict


def _with(arguments: Any, verdict: Verdict | None) -> Verdict | None:
    """The verdict of a call of a class, or of what rebuilds objects, that is given `arguments`.

    To make an object from data touches nothing; from the name of a file or an address it does.
    """
    if not tells(arguments):
        return verdict
    return LIKELY if verdict is None else CALL if verdict is CUSTOM else STRANGE


@lru_cache(maxsize=4096)
def _called_of_package(module: str, name: str, path: str, how: str) -> Verdict | None:
    last = name.rpartition(".")[2]
    is_class = bool(CLASS.fullmatch(last)) or how in _TYPES
    trusted = module.partition(".")[0] in names.TRUSTED
    if not trusted:
        if is_class or module == "__main__":
            return CUSTOM
        return CALL if names.MAKES.fullmatch(last) else STRANGE
    if path in names.BUILDERS:
        return None
    if risky(module, name) and (how not in _TYPES or last in names.AT_ONCE):
        return LIKELY
    if is_class or names.REBUILDS.fullmatch(last):
        return None
    return LIKELY


def _readable(arguments: Any) -> bool:
    """Whether all bytes that are passed stand in the file, and begin as a file of torch does."""
    return isinstance(arguments, tuple) and all(map(_stands_there, arguments))


def _stands_there(value: Any) -> bool:
    if isinstance(value, Made):
        given = encodes(value.maker, value.arguments)
        if not given:
            maker = value.maker
            return not isinstance(maker, Global) or not standard(maker.module.partition(".")[0])
        value = given
    head = value.head if isinstance(value, Blob) else value
    return not isinstance(head, bytes) or head.startswith((b"\x80", b"PK\x03\x04"))


def encodes(maker: Any, arguments: Any) -> bytes | Blob:
    """The bytes that a call of `_codecs.encode` gives, as old protocols keep bytes; else none."""
    if not isinstance(maker, Global) or maker.path != "_codecs.encode" or not _ENCODES(arguments):
        return b""
    text = arguments[0]
    if isinstance(text, Blob):
        return Blob(of_text(text.head), text.size)
    return text.encode("latin-1", "replace") if isinstance(text, str) else b""


_ENCODES: Final = GUARDED["_codecs.encode"]


def _called_result(maker: Made, arguments: Any) -> Verdict | None:
    """A call of what another call gave: as bad as what it leads back to, and no better than odd."""
    source = maker.maker
    if source is None:
        return None
    taken = attribute(maker)
    if taken is not None:
        return called(taken, arguments, "REDUCE")
    for _ in range(_CHAIN):
        if not isinstance(source, Made):
            break
        source = source.maker
    if not isinstance(source, Global):
        return CALL
    given = maker.arguments
    if runs(given) or runs(maker.state):
        return LIKELY
    if source.name == "partial" and isinstance(given, tuple) and given:
        return called(given[0], (*given[1:], *_tuple(arguments)), "REDUCE") or CALL
    verdict = named(source)
    of_python = standard(source.module.partition(".")[0])
    return CODE if verdict is CODE or of_python else CALL


def runs(value: Any, deep: int = 0) -> Global | None:
    """A function that loads or runs things, among what a call is given."""
    if isinstance(value, Global):
        is_known = f"{value.module}.{value.name}" in names.BUILDERS
        return value if named(value) is CALL and not is_known else None
    if isinstance(value, Made):
        value = (value.arguments, value.state)  # the call that made it was judged by itself
    if deep >= _DEEP or not isinstance(value, tuple | list | dict):
        return None
    inner = value.values() if isinstance(value, dict) else value
    return next(filter(None, (runs(part, deep + 1) for part in islice(inner, _BROAD))), None)


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
    if not isinstance(arguments, tuple) or len(arguments) < 2:
        return None
    module, name = arguments[:2]
    known = isinstance(module, str) and isinstance(name, str)
    return Global(module, name) if known else None


_IMPORTERS: Final = frozenset({"_ufunc_reconstruct", "_convert_to_ufunc", "unpickle_function"})
"""Functions of numpy and scipy that import what they are given the names of."""
