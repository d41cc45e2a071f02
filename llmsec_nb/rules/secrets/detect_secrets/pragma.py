"""`pragma: allowlist secret`, in every comment style that detect-secrets knows."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import Final

PRAGMA: Final = "pragma:"
_COMMENTS: Final = ((r"#", ""), (r"//", ""), (r"/\*", "*/"), (r"'", ""), (r"--", ""))
_SAME: Final = r" *+pragma: ?(?:allow|white)list[ -]secret"
_NEXT: Final = r" *+pragma: ?allowlist[ -]nextline[ -]secret"
_MARKUP: Final = r"<!--[# \t]*+"


Styles = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _styles(words: str, begin: str) -> Styles:
    styles = [(re.compile(begin + start + words), end) for start, end in _COMMENTS]
    markup = re.compile(begin + _MARKUP + words.removeprefix(" *+"))
    return (*styles, (markup, "-->"))


_YAML: Final = ".yaml"


def allows_line(line: str, filename: str = "") -> tuple[int, int] | None:
    """Where a comment on the line says that its secrets are allowed."""
    return _found(line, _SAME, "", filename)


def allows_next_line(line: str, filename: str = "") -> tuple[int, int] | None:
    """Where a comment that is alone on the line says so of the next one."""
    return _found(line, _NEXT, r"^[ \t]*+", filename)


def _found(line: str, words: str, begin: str, filename: str) -> tuple[int, int] | None:
    if PRAGMA not in line:
        return None
    styles = _styles(words, begin)
    if os.path.splitext(filename)[1] == _YAML:  # noqa: PTH122 (as upstream takes a suffix)
        styles = styles[:1]
    for pattern, end in styles:
        found = pattern.search(line)
        if found and _ends(line, found.end(), end):
            return found.span()
    return None


def _ends(line: str, position: int, end: str) -> bool:
    """The comment is closed where the line ends; nothing but a line feed may follow."""
    rest = line[position:].removesuffix("\n")
    return "\n" not in rest and rest.rstrip(" \t").endswith(end)
