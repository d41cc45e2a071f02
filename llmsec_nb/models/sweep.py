"""Names of functions in bytes that are not read as a pickle, but may be by someone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .values import Global

if TYPE_CHECKING:
    from collections.abc import Iterator

REACH: Final = 512
"""No name with what is around it takes more bytes."""
_LINES: Final = re.compile(rb"[ci]([A-Za-z_][\w.]{1,80})\n([A-Za-z_][\w.]{0,80})\n")
_NAME: Final = re.compile(rb"[A-Za-z_][\w.]{0,80}")
_LONGEST: Final = 80
_TEXT: Final = b"\x8cU"
_STACK_GLOBAL: Final = 0x93
_WORD: Final = re.compile(rb"\w\Z")


def named(window: bytes) -> Iterator[tuple[int, Global]]:
    """Globals by the opcodes GLOBAL, INST and STACK_GLOBAL, with their places."""
    for match in _LINES.finditer(window):
        yield match.start(), Global(match[1].decode(), match[2].decode())
    at = window.find(b"\x93")
    while at >= 0:
        found = _before(window, at)
        if found is not None:
            yield at, found
        at = window.find(b"\x93", at + 1)


def _before(window: bytes, at: int) -> Global | None:
    """The global of a STACK_GLOBAL, whose two texts stand before it, remembered or not."""
    name = _text_before(window, at)
    if name is None:
        return None
    module = _text_before(window, name[0])
    return None if module is None else Global(module[1].decode(), name[1].decode())


def _text_before(window: bytes, at: int) -> tuple[int, bytes] | None:
    """The short text that ends at a place, or before an opcode that remembers it."""
    for end in (at, at - 1, at - 2, at - 5):
        if end < 3 or not _remembers(window[end:at]):
            continue
        if not _WORD.match(window[end - 1 : end]):
            continue
        for size in range(1, min(_LONGEST, end - 2) + 1):
            if window[end - size - 1] != size or window[end - size - 2] not in _TEXT:
                continue
            text = window[end - size : end]
            if _NAME.fullmatch(text):
                return end - size - 2, text
    return None


def _remembers(between: bytes) -> bool:
    return not between or between == b"\x94" or between[:1] in (b"q", b"r")


def first(head: bytes) -> Global | None:
    """The global that a pickle starts with, if it does with one."""
    match = _LINES.match(head)
    if match is not None:
        return Global(match[1].decode(), match[2].decode())
    if head[:1] != b"\x8c":
        return None
    return next((found for _, found in named(head[:200])), None)
