"""Data of R, whose expressions run when they are read or used: searched for what runs code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence
from . import rules

if TYPE_CHECKING:
    from .context import Context
    from .source import Stream

HEAD: Final = re.compile(rb"(?:RD[XA][23]\n)?[XA]\n(?:\0\0\0[\2\3]|[23]\n)")
_NAMES: Final = rb"(system2?|shell(?:\.exec)?|dyn\.load|socketConnection|download\.file)"
_BINARY: Final = re.compile(rb"\0[\0-\xff]\0\x09\0\0\0([\x04-\x20])" + _NAMES)
_TEXT: Final = re.compile(rb"\n\d{1,9}\n(\d{1,2})\n" + _NAMES + rb"\n")
_REACH: Final = 64


def check(stream: Stream, context: Context) -> None:
    """Note the functions that are named; the values themselves are not read."""
    context.note("data of R: only searched for the names of functions that run commands")
    while stream.want(1):
        stream.want(_REACH * 64)
        window = stream.buffer[stream.pos :]
        for pattern in (_BINARY, _TEXT):
            for match in pattern.finditer(window):
                size = match[1][0] if pattern is _BINARY else int(match[1])
                if size == len(match[2]):
                    _named(match[2].decode(), stream.tell() + match.start(), context)
        context.tick()
        keep = 0 if stream.ended else min(_REACH, len(window) - 1)
        stream.skip(len(window) - keep)


def _named(name: str, offset: int, context: Context) -> None:
    context.issue(
        rules.PICKLE_CODE,
        f"The data of R name the function {name}",
        offset=offset,
        confidence=Confidence.MEDIUM,
    )
