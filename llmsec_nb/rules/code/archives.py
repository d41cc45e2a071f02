"""Archives that are unpacked without a look at their paths.

The unpacker of zip files skips what leads outside and knows no `filter`: only tar files are meant.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Severity
from .look import hit, is_remote
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.detector import Match
    from .look import Around

EXTRACT: Final = code(
    "COD062",
    "archive-extract",
    "an archive is unpacked without a look at its paths",
    Severity.MEDIUM,
    "A tar file can hold `../` and links: unpacked, it writes anywhere. Since Python 3.14 the filter "
    "`data` is the default.",
    "Give `filter='data'` where it is a tar file.",
    cwe=22,
    reference="https://docs.python.org/3/library/tarfile.html#extraction-filters",
    examples=(
        bad("import tarfile\nwith tarfile.open(name) as t:\n    t.extractall()", "t.extractall()"),
        bad("import tarfile\ntarfile.open(name).extractall('d', filter='fully_trusted')", "tarfile.open(name).extractall('d', filter='fully_trusted')"),
        bad("import shutil\nshutil.unpack_archive('a.tar.gz', 'd')", "shutil.unpack_archive('a.tar.gz', 'd')"),
        bad("import shutil\nshutil.unpack_archive(path, 'd', 'gztar')", "shutil.unpack_archive(path, 'd', 'gztar')"),
        good("import tarfile\ntarfile.open(name).extractall('d', filter='data')"),
        good("import zipfile\nwith zipfile.ZipFile('a.zip') as z:\n    z.extractall()"),
        good("import shutil\nshutil.unpack_archive('a.tar.gz', 'd', filter='data')"),
        good("import shutil\npath = f'{folder}/data.ZIP'\nshutil.unpack_archive(path, 'd')"),
        good("import shutil\nshutil.unpack_archive(folder / 'a.zip')\nshutil.unpack_archive(path, format='zip')"),
        good("import shutil\nif path.endswith('.zip'):\n    shutil.unpack_archive(path, 'd')"),
        good("import shutil, urllib.request\npath, _ = urllib.request.urlretrieve(url, 'a.zip')\nshutil.unpack_archive(path)"),
    ),
)  # fmt: skip

_TAR: Final = lazy(
    r"tarfile\.(?:open|TarFile|TarFile\.open|TarFile\.gzopen)\(\)\.(?:extractall|extract)|\?(?:tar|tf|tar_file|tarf|tar_ref)\.extractall"
)
_UNPACK: Final = "shutil.unpack_archive"
_KINDS: Final = lazy(r"(?P<zip>zip)|(?P<tar>(?:gz|bz|xz|zst)?tar)")
_SUFFIX: Final = lazy(
    r"\.(?:(?P<zip>zip)|(?P<tar>tar(?:\.\w{2,5})?|tgz|tbz2?|txz|tzst))(?:\?.{0,300})?\Z",
    re.IGNORECASE,
)
_JOINING: Final = frozenset(
    {"join", "joinpath", "Path", "str", "fspath", "urlretrieve", "download"}
)
_DEEPEST: Final = 6


def unpacked(site: CallSite, around: Around) -> Iterator[Match]:
    """What is wrong with a call that unpacks something; nothing for another call."""
    kind = site.keywords.get("filter")
    if kind is not None and kind.constant not in {"fully_trusted", "tar"}:
        return
    if _TAR.fullmatch(site.path):
        yield _tar(site)
    elif site.path == _UNPACK:
        kinds = _kinds(site, around)
        if kinds == {"tar"}:
            yield _tar(site)
        elif kinds != {"zip"}:
            message = "if it is a tar file, a path in it can lead anywhere"
            yield hit(EXTRACT, site, message, severity=Severity.LOW)


def _tar(site: CallSite) -> Match:
    remote = is_remote(site.owner) or is_remote(site.argument(0, "filename"))
    message = "a path in it can lead anywhere: give filter='data'"
    return hit(EXTRACT, site, message, severity=Severity.HIGH if remote else None)


def _kinds(site: CallSite, around: Around) -> set[str]:
    """What the archive may be, as far as its format, its name, or a test before says so."""
    named = _KINDS.fullmatch(str(site.argument(2, "format").constant))
    if named is not None:
        return {named.lastgroup or ""}
    keyword = next((one.value for one in site.node.keywords if one.arg == "filename"), None)
    node = site.node.args[0] if site.node.args else keyword
    name = site.argument(0, "filename").constant
    words = [name] if isinstance(name, str) else list(_endings(node, site, around, 0))
    found = {one for word in words for one in _of_name(word)}
    return found or _tested(site, around)


def _of_name(word: str) -> set[str]:
    suffix = _SUFFIX.search(word[-310:])
    return {suffix.lastgroup or ""} if suffix else set()


def _endings(node: ast.expr | None, site: CallSite, around: Around, depth: int) -> Iterator[str]:
    """The literals that the text of an expression can end in."""
    if node is None or depth > _DEEPEST:
        return
    inner: list[ast.expr] = []
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        inner = node.values[-1:]
    elif isinstance(node, ast.BinOp):
        inner = [node.right]
    elif isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        inner = node.args[-1:] if called in _JOINING else []
    elif isinstance(node, ast.Name | ast.Attribute):
        inner = around.functions.pieces(around.calls).bound(node, site)
        inner = [one for one in inner if one is not node]
    for one in inner:
        yield from _endings(one, site, around, depth + 1)


def _tested(site: CallSite, around: Around) -> set[str]:
    """What an `if` around the call asks for: `path.endswith(".zip")`, `is_tarfile(path)`."""
    found: set[str] = set()
    for test in around.functions.pieces(around.calls).tests(site):
        for part in ast.walk(test):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found |= _of_name(f".{part.value.lstrip('.')}")
            elif isinstance(part, ast.Attribute | ast.Name):
                word = part.attr if isinstance(part, ast.Attribute) else part.id
                found |= {kind for kind in ("zip", "tar") if word == f"is_{kind}file"}
    return found
