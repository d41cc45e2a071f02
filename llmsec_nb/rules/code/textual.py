"""Repairs that need no tree: of a setting, and of what stands in a shell as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ..repair import Repair

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..repair import Edit

_PLAIN: Final = lazy(r"(?P<open>[rbuRBU]{0,2}[\"']{0,3})http://", re.IGNORECASE)
_SHORT_FLAG: Final = lazy(r"-[A-Za-z]{0,9}k[A-Za-z]{0,9}\Z")
_BLANK: Final = frozenset(" \t\n")
_ON: Final = {
    "False": "True",
    "CERT_NONE": "CERT_REQUIRED",
    "_create_unverified_context": "create_default_context",
}
_SETTING: Final = lazy(
    r"[^=\n#'\"]{1,200}[.\]][^=\n#'\"]{0,80}=[ \t]{0,8}(?:[\w.]{1,80}\.)?(?P<off>False|CERT_NONE|_create_unverified_context)"
)


def _unchecked(source: str, start: int, end: int) -> Repair | None:
    """A flag of a shell, or `context.verify_mode = ssl.CERT_NONE`."""
    if source.startswith("-", start):
        return _shell_flag(source, start, end)
    found = _SETTING.fullmatch(source, start, end)
    if found is None:
        return None
    edit = (*found.span("off"), _ON[found["off"]])
    return _one(edit, "check the server's certificate")


def _encrypted(source: str, start: int, end: int) -> Repair | None:
    found = _PLAIN.match(source, start, end)
    if found is None:
        return None
    place = found.end("open")
    return _one((place, place + len("http"), "https"), "download over https")


def _shell_flag(source: str, start: int, end: int) -> Repair | None:
    """`curl -sk` becomes `curl -s`, and a flag of its own goes with the blank before it."""
    flag = source[start:end]
    if flag != "-k" and _SHORT_FLAG.match(flag):
        at = start + flag.index("k")
        edit = (at, at + 1, "")
    elif source[start - 1 : start] in _BLANK and source[end : end + 1] in {*_BLANK, ""}:
        blank = start - 1 if source[start - 1 : start] != "\n" else start
        edit = (blank, end, "")
    else:
        return None
    return _one(edit, "check the server's certificate")


def _one(edit: Edit, description: str) -> Repair:
    return Repair([edit], is_safe=False, description=description)


TEXTUAL: Final[dict[str, Callable[[str, int, int], Repair | None]]] = {
    "COD040": _unchecked,
    "COD041": _encrypted,
}
"""Those that need no tree: what stands in a shell, too."""
