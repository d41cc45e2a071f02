"""JSON values out of a stream of text: lines of JSON, arrays of objects, objects one by one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .problems import Problems

LONGEST: Final = 32 << 20
"""Bytes of one value; a longer one is read as text, in pieces."""

_SPACE: Final = re.compile(r"[\s,]*")
_PIECE: Final = 1 << 16


class Broken(NamedTuple):
    """Text that is no JSON: it is looked at as it is."""

    text: str


def lines(chunks: Iterable[bytes], problems: Problems) -> Iterator[tuple[Any, int]]:
    """The value of each line and its length; `Broken` for a line that is none, which is stated."""
    number = 0
    for block in _line_blocks(chunks):
        for line in block.split(b"\n"):
            number += 1
            if content := line.strip():
                value = decode(content)
                if isinstance(value, Broken):
                    problems.count("lines that are not JSON, read as text", f"line {number}")
                yield value, len(content)
        number -= block.endswith(b"\n")


def decode(line: bytes) -> Any:
    """The value that a line holds, or `Broken`; NaN and Infinity are let pass."""
    import msgspec

    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return Broken(line.decode("utf-8", "replace"))


def sequence(chunks: Iterable[bytes], problems: Problems) -> Iterator[tuple[Any, int]]:
    """The members of a top-level array, or values that follow each other; and their lengths."""
    scan = json.JSONDecoder().raw_decode
    text, at, done = "", 0, 0
    parts = iter(chunks)
    is_last = False
    started = False
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr] # it matches the empty text
        if not started and at < len(text):
            started = True
            at += text[at] == "["
            continue
        value, end = _next(scan, text, at)
        if end and (end < len(text) or is_last):
            yield value, end - at
            at = end
            continue
        if started and text[at : at + 1] == "]" and not text[at + 1 :].strip():
            at += 1
        hopeless = isinstance(value, Broken) or len(text) - at > LONGEST
        if is_last or hopeless:
            break
        done += at
        more = _decoded(parts, max(1 << 20, len(text) - at))
        is_last = not more
        text, at = text[at:] + more, 0
    if text[at:].strip():
        problems.state(f"no JSON from character {done + at + 1} on: read as text")
        yield from _pieces(text[at:], parts)


def _next(scan: Any, text: str, at: int) -> tuple[Any, int]:
    """The value at a place and where it ends; 0 if its end is not there yet, Broken if never."""
    if at >= len(text):
        return None, 0
    try:
        return scan(text, at)  # type: ignore[no-any-return] # raw_decode's pair
    except json.JSONDecodeError as error:
        open_end = error.msg.startswith("Unterminated") or error.pos >= len(text) - 16
        return (None, 0) if open_end else (Broken(""), 0)
    except (ValueError, RecursionError):
        return Broken(""), 0


def _decoded(parts: Iterator[bytes], size: int) -> str:
    """At least so many characters more, of chunks that may end inside of one."""
    taken: list[bytes] = []
    number = 0
    for chunk in parts:
        taken.append(chunk)
        number += len(chunk)
        if number >= size:
            break
    return b"".join(taken).decode("utf-8", "replace")


def _pieces(text: str, parts: Iterator[bytes]) -> Iterator[tuple[Broken, int]]:
    """What is left as pieces that end where a line does, or after 64 KB."""
    at = 0
    while True:
        if len(text) - at < _PIECE:
            text, at = text[at:] + _decoded(parts, _PIECE), 0
        if at >= len(text):
            return
        stop = at + _PIECE
        cut = text.rfind("\n", at, stop) + 1 or text.rfind(",", at, stop) + 1 or stop
        if piece := text[at:cut].strip():
            yield Broken(piece), len(piece)
        at = cut


def _line_blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines; one of more than 32 MB in pieces."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join([*waiting, chunk[:cut]])
            waiting, size = [], 0
        waiting.append(chunk[cut:])
        size += len(chunk) - cut
        if size > LONGEST:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)
