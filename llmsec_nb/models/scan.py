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


def scan_model(path: str | os.PathLike[str], *, budget: Budget = _DEFAULT) -> ModelScan:
    """Scan a file: nothing is imported, executed, or written.

    Content of any kind gives a ModelScan; only a file that cannot be read raises, an OSError.
    """
    file = Path(path)
    if stat.S_IFMT(file.stat().st_mode) not in {stat.S_IFREG, stat.S_IFDIR}:
        raise OSError(errno.EINVAL, "not a regular file", str(file))  # a pipe would never end
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        opened.seek(0)
        source = Memory(opened.read()) if size <= CHUNK else File(opened, size)
        scan = _scan(source, file.name, budget)
    told = beside.check(file, scan.format, scan.digest)
    return replace(scan, issues=tuple(sorted((*scan.issues, *told), key=_order)))


def scan_bytes(data: bytes, name: str, *, budget: Budget = _DEFAULT) -> ModelScan:
    """Scan what would be a file called `name`."""
    return _scan(Memory(data), name, budget)


def _scan(source: Source, name: str, budget: Budget) -> ModelScan:
    context = Context(budget)
    looker = Looker(context)
    kind = ""
    try:
        kind = looker.look(Item(name, source))
    except Over as over:
        context.note(str(over))
    except (RecursionError, MemoryError):
        context.note("nested too deep: not read to its end")
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (hostile bytes must end in an answer, never clean)
        context.note(f"not read to its end: {type(error).__name__} in the reader")
    digest = _digest(source)
    return ModelScan(
        format=kind or formats.sniff(source.read_at(0, _HEAD), source.size) or "unknown",
        issues=tuple(sorted(context.issues, key=_order)),
        complete=not context.notes,
        notes=tuple(context.notes),
        digest=digest,
        members=context.members,
        size=source.size,
    )


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
