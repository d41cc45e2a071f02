"""Bytes of text files as UTF-8, whatever wrote them, in pieces."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from .sound import mend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .problems import Problems

_ODD: Final = re.compile("[\udc80-\udcff]")
_NOT_UTF8: Final = "bytes that are not UTF-8, read as Windows-1252"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding of a text that starts so, and the length of its byte order mark."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, len(mark)
    sample = head[:1024]
    half = len(sample) // 2
    if half > 1:  # UTF-16 of Latin letters without a mark: every other byte is zero
        if sample[1::2].count(0) > half * 0.8 and b"\0" not in sample[::2]:
            return "utf-16-le", 0
        if sample[::2].count(0) > half * 0.8 and b"\0" not in sample[1::2]:
            return "utf-16-be", 0
    return "utf-8", 0


def as_utf8(chunks: Iterable[bytes], problems: Problems) -> Iterator[bytes]:
    """The chunks in UTF-8, without a byte order mark; what is odd in them is stated."""
    decoder: codecs.IncrementalDecoder | None = None
    done = pending = 0
    wide = False
    for chunk in _long_first(chunks):
        data = chunk
        if decoder is None:
            encoding, mark = encoding_of(data)
            wide = encoding != "utf-8"
            errors = "replace" if wide else "surrogateescape"
            decoder = codecs.getincrementaldecoder(encoding)(errors)
            data = data[mark:]
            done += mark
        if pending or wide or not data.isascii():
            text = decoder.decode(data)
            pending = len(decoder.getstate()[0])
            yield _checked(text, problems, done, wide=wide)
        else:
            yield data
        done += len(data)
    if decoder is not None and (rest := decoder.decode(b"", final=True)):
        yield _checked(rest, problems, done, wide=wide)


def _long_first(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, the first of them long enough to tell the encoding."""
    start = b""
    started = False
    for chunk in chunks:
        if started:
            yield chunk
            continue
        start += chunk
        if len(start) >= 4096:
            started = True
            yield start
    if not started and start:
        yield start


def _checked(text: str, problems: Problems, done: int, *, wide: bool) -> bytes:
    if wide:
        if odd := text.count("\ufffd"):
            problems.count("characters that could not be decoded", f"after byte {done}", odd)
        return text.encode("utf-8", "replace")
    try:
        return text.encode()
    except UnicodeEncodeError:
        problems.count(_NOT_UTF8, f"after byte {done}", len(_ODD.findall(text)))
        return mend(text).encode()
