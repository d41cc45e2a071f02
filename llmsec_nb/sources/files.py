"""Files of every kind as documents: what can be read is read, what cannot says why."""

from __future__ import annotations

import json
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from ..core.artifact import Part, Text
from ..core.finding import Failure, Skip
from ..core.location import InFile
from ..core.rule import Kind
from .decode import views
from .document import Document
from .jsontree import json_text
from .notebook import NotANotebook, read_notebook

if TYPE_CHECKING:
    from .skim import Suspects

_KINDS: Final = {
    ".py": Kind.CODE,
    ".pyi": Kind.CODE,
    ".md": Kind.MARKDOWN,
    ".qmd": Kind.MARKDOWN,
    ".rmd": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".svg": Kind.HTML,
    ".js": Kind.SCRIPT,
    ".env": Kind.CONFIG,
    ".yaml": Kind.CONFIG,
    ".yml": Kind.CONFIG,
    ".toml": Kind.CONFIG,
    ".ini": Kind.CONFIG,
    ".cfg": Kind.CONFIG,
    ".sh": Kind.CONFIG,
}
_BOM: Final = "\ufeff"
_WIDE: Final = frozenset({b"\xff\xfe", b"\xfe\xff"})


def read_file(path: Path, shown: str, max_size: int, suspects: Suspects | None = None) -> Document:
    """Read a file. Never raises: what is wrong with it becomes a Failure of the document."""
    try:
        status = path.stat()
        problem = _unreadable(status.st_mode, status.st_size, max_size)
        if problem is not None:
            return _failed(shown, *problem)
        data = path.read_bytes()
    except FileNotFoundError:
        return _failed(shown, "no such file")
    except OSError as error:
        return _failed(shown, f"cannot be read: {error.strerror or type(error).__name__}")
    return read_bytes(data, shown, suspects)


def read_bytes(data: bytes, shown: str, suspects: Suspects | None = None) -> Document:
    """Read the content of a file whose name is `shown`; Windows also writes UTF-16."""
    try:
        raw = data.decode("utf-16" if data[:2] in _WIDE else "utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _failed(
            shown, f"not valid UTF-8 at byte {error.start}, line {line}", "save it as UTF-8"
        )
    return read_text(raw.removeprefix(_BOM), shown, suspects)


def read_text(raw: str, shown: str, suspects: Suspects | None = None) -> Document:
    """Read decoded text; standard input is a notebook if it looks like one.

    With `suspects` only those cells of a notebook are read in which something may be found.
    """
    suffix = PurePath(shown).suffix.lower()
    if suffix == ".ipynb" or (shown == "-" and _looks_like_notebook(raw)):
        try:
            return read_notebook(raw, shown, suspects)
        except NotANotebook as error:
            return _failed(shown, str(error))
    if suffix == ".json":
        return _read_json(raw, shown)
    return _plain(raw, shown)


def kind_of_name(shown: str) -> Kind:
    """How a plain file is to be read, by its name."""
    name = PurePath(shown).name.lower()
    if name.startswith((".env", "requirements")) or name.endswith(".env"):
        return Kind.CONFIG
    return _KINDS.get(PurePath(name).suffix, Kind.TEXT)


def _unreadable(mode: int, size: int, max_size: int) -> tuple[str, str] | None:
    if stat.S_ISDIR(mode):
        return "is a directory, not a file", "give the files in it by name"
    if not stat.S_ISREG(mode):
        return "is not a regular file", ""
    if size > max_size:
        return (
            f"too large: {size / 1e6:.1f} MB, the limit is {max_size / 1e6:.0f} MB",
            "raise max-file-size in the configuration",
        )
    return None


def _failed(shown: str, message: str, remedy: str = "") -> Document:
    return Document(path=shown, failures=[Failure(path=shown, message=message, remedy=remedy)])


def _looks_like_notebook(raw: str) -> bool:
    return raw.lstrip().startswith("{") and '"nbformat"' in raw


def _plain(raw: str, shown: str) -> Document:
    document = Document(path=shown, raw=raw)
    place = InFile(line=0, column=0, end_line=0, end_column=0)
    part = Part(place=place, text=raw, kind=kind_of_name(shown))
    try:
        document.texts.extend(views(Text.of(part)))
    except ValueError as error:
        document.texts.append(Text.of(part))
        document.failures.append(Failure(path=shown, message=str(error)))
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError on a name that occurs twice: as JSON the first value would be lost."""
    known = dict(pairs)
    if len(known) != len(pairs):
        raise ValueError("a member occurs twice")
    return known


def _read_json(raw: str, shown: str) -> Document:
    try:
        tree = json.loads(raw, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        document = _plain(raw, shown)
        document.skips.append(Skip(path=shown, message="not plain JSON: read as text"))
        return document
    document = Document(path=shown, raw=raw, json=True)
    text = json_text(tree, (), InFile(line=0, column=0, end_line=0, end_column=0))
    if text is not None:
        document.texts.extend(views(text))
    return document
