"""Files that a notebook downloads under a name that is written down, and where it does that."""

from __future__ import annotations

import ast
import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.values import Value

_DESTINATIONS: Final = {
    "urlretrieve": (1, "filename"),
    "wget.download": (1, "out"),
    "gdown.download": (1, "output"),
    "download_url_to_file": (1, "dst"),
    "download_to_filename": (0, "filename"),
    "download_file": (-1, "Filename"),
    "download_fileobj": (-1, "Fileobj"),
    "fget_object": (2, "file_path"),
}
"""By the end of a call's path: which argument is the file, by place (-1: the last) and name."""
_ADDRESS: Final = lazy(r"(?:https?|ftp|s3|gs)://", re.IGNORECASE)
_TOOLS: Final = lazy(
    r"\b(?P<tool>wget|curl|gdown|aws[ \t]{1,9}s3[ \t]{1,9}cp|gsutil[ \t]{1,9}(?:-m[ \t]{1,9})?cp)[ \t]+"
    r"(?P<words>(?:\\\n|[^\n;|&]){1,1000})"
)
_NAMED: Final = lazy(r"-[a-zA-Z]{0,6}o|--output")
_GETS: Final = lazy(r"-[a-zA-Z]{0,6}O[a-zA-Z]{0,6}|--remote-name")
_MOST: Final = 500


def name_of(value: Value) -> str:
    """The literal name of a file, or of one that was opened or read; empty if there is none."""
    name = value.file or (value.constant if isinstance(value.constant, str) else "")
    return posixpath.normpath(name) if name and len(name) < _MOST else ""


def by_call(site: CallSite) -> str:
    """The file that a call puts a download into; empty for another call."""
    method = site.path.rpartition(".")[2].lstrip("?")
    if method in {"write", "write_bytes"}:
        is_download = any("download" in value.taints for value in site.arguments)
        return name_of(site.owner) if is_download else ""
    place = _DESTINATIONS.get(method) or _DESTINATIONS.get(site.path)
    if place is None:
        return ""
    at, name = place
    at = len(site.arguments) - 1 if at < 0 else at
    found = name_of(site.argument(at, name))
    return "" if _ADDRESS.match(found) else found


def handed(site: CallSite) -> str:
    """The words that a call gives a shell, or a program, as far as they are written down."""
    first = site.node.args[0] if site.node.args else None
    if isinstance(first, ast.List | ast.Tuple):
        return " ".join(str(one.value) for one in first.elts if isinstance(one, ast.Constant))
    constant = site.argument(0, "args").constant
    return constant if isinstance(constant, str) else ""


def by_words(text: str) -> Iterator[tuple[int, str]]:
    """Where words for a shell download something, and the names of the files that they make."""
    for found in _TOOLS.finditer(text):
        words = [one.strip("\"'") for one in found["words"].split() if one != "\\"]
        for name in _named(found["tool"].split()[0], words):
            yield found.start(), posixpath.normpath(name)


def _named(tool: str, words: list[str]) -> Iterator[str]:
    """The files that a command makes."""
    addresses = [word for word in words if _ADDRESS.match(word)]
    after = dict(pairwise(words))
    redirected = after.get(">")
    if tool in {"aws", "gsutil"}:
        if len(addresses) == 1 and not _ADDRESS.match(words[-1]):
            yield _into(words[-1], addresses[0])
        return
    if tool == "curl":
        chosen = next((after.get(word) for word in words if _NAMED.fullmatch(word)), redirected)
        gets = any(map(_GETS.fullmatch, words))
    else:
        chosen = next((after.get(word) for word in words if word in _OUTPUTS), None)
        gets = tool == "wget"
    if chosen:
        yield chosen
    elif gets:
        folder = next((after.get(word) for word in words if word in _FOLDERS), None)
        for address in addresses:
            yield _into(f"{folder}/" if folder else ".", address)


_OUTPUTS: Final = frozenset({"-O", "-qO", "-nvO", "-cO", "--output-document", "--output"})
_FOLDERS: Final = frozenset({"-P", "-qP", "-nP", "--directory-prefix", "--output-dir"})


def _into(folder: str, address: str) -> str:
    """The name that a download gets in a folder; a name of its own stays."""
    if folder != "." and not folder.endswith("/"):
        return folder
    return posixpath.join(folder, address.partition("?")[0].rpartition("/")[2])
