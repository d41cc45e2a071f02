"""The scan of one model file, from its path or from its bytes."""

from __future__ import annotations

import errno
import hashlib
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from . import beside, formats, packed, suffixes
from .context import Context, Over
from .issue import Budget, ModelIssue, ModelScan
from .item import Item
from .look import Looker
from .source import CHUNK, File, Memory

if TYPE_CHECKING:
    import os

    from .source import Source

_DEFAULT: Final = Budget()
_HEAD: Final = 512
_CONFIGURATION: Final = 1 << 18
_MODELS: Final = frozenset(
    {"pickle", "npy", "hdf5", "gguf", "safetensors", "tflite", "7z", "tar", "rar"}
)


def is_model_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one to be scanned: by its suffix, its name, or its first bytes.

    Raises OSError if it cannot be read; a folder is none.
    """
    file = Path(path)
    if not file.is_file():
        return False
    if suffixes.suffix(file.name) in suffixes.SUFFIXES or suffixes.NAMES.fullmatch(file.name):
        return True
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        if suffixes.suffix(file.name) in suffixes.CONFIGURATIONS:
            return suffixes.is_configuration(file.name, head + opened.read(_CONFIGURATION))
    kind = formats.sniff(head, file.stat().st_size)
    if kind == "zip":
        return suffixes.suffix(file.name) in {".bin", ".zip", ".model", ""}
    if kind in packed.FORMATS:
        return suffixes.packs_model(file.name)
    return kind in _MODELS


def scan_model(
    path: str | os.PathLike[str], *, budget: Budget = _DEFAULT, hashed: bool = True
) -> ModelScan:
    """Scan a file: nothing is imported, executed, or written.

    Content of any kind gives a ModelScan; only a file that cannot be read raises, an OSError.
    Where it need not be `hashed`, its digest is made only to be compared with one beside it, and
    within the budget.
    """
    file = Path(path)
    if stat.S_IFMT(file.stat().st_mode) not in {stat.S_IFREG, stat.S_IFDIR}:
        raise OSError(errno.EINVAL, "not a regular file", str(file))  # a pipe would never end
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        opened.seek(0)
        source = Memory(opened.read()) if size <= CHUNK else File(opened, size)
        context = Context(budget)
        bounded = source if hashed else _Bounded(source, context)
        scan = _scan(bounded, file.name, context)
        digest, wanted = "", beside.wanted(file)
        try:
            digest = _digest(bounded) if hashed or wanted else ""
        except Over:
            context.spent("not compared with the digest beside it")
    told = beside.check(file, scan.format, digest, wanted)
    return replace(
        scan,
        issues=tuple(sorted((*scan.issues, *told), key=_order)),
        complete=not context.notes,
        notes=tuple(context.notes),
        is_cut=context.is_cut,
        digest=digest,
    )


def scan_bytes(data: bytes, name: str, *, budget: Budget = _DEFAULT) -> ModelScan:
    """Scan what would be a file called `name`."""
    source = Memory(data)
    return replace(_scan(source, name, Context(budget)), digest=_digest(source))


class _Bounded:
    """A source that is read within the time and the bytes of a budget. Raises Over."""

    __slots__ = ("_context", "_source", "_taken", "size")

    def __init__(self, source: Source, context: Context) -> None:
        """Nothing of it was read."""
        self._source, self._context = source, context
        self._taken = 0
        self.size = source.size

    def read_at(self, offset: int, count: int) -> bytes:
        """At most `count` bytes from `offset`."""
        self._context.tick()
        piece = self._source.read_at(offset, count)
        self._taken += len(piece)
        most = self._context.budget.read
        if most is not None and self._taken > most:
            raise Over(f"more than {most:,} bytes of it would have to be read")
        return piece


def _scan(source: Source, name: str, context: Context) -> ModelScan:
    looker = Looker(context)
    kind = ""
    try:
        kind = looker.look(Item(name, source))
    except Over as over:
        context.spent(str(over))
    except (RecursionError, MemoryError):
        context.note("nested too deep: not read to its end")
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (hostile bytes must end in an answer, never clean)
        context.note(f"not read to its end: {type(error).__name__} in the reader")
    return ModelScan(
        format=kind or _sniffed(source) or "unknown",
        issues=tuple(sorted(context.issues, key=_order)),
        complete=not context.notes,
        notes=tuple(context.notes),
        is_cut=context.is_cut,
        members=context.members,
        size=source.size,
    )


def _sniffed(source: Source) -> str:
    try:
        return formats.sniff(source.read_at(0, _HEAD), source.size)
    except Over:
        return ""


def _order(issue: ModelIssue) -> tuple[int, str, int]:
    return issue.severity.rank, issue.member, issue.offset


def _digest(source: Source) -> str:
    total = hashlib.sha256()
    at = 0
    while at < source.size:
        piece = source.read_at(at, CHUNK)
        if not piece:
            break
        total.update(piece)
        at += len(piece)
    return total.hexdigest()
