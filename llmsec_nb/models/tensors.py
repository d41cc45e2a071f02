"""Files of tensors that hold no code: safetensors and GGUF. What is wrong is in their headers."""

from __future__ import annotations

import json
import re
import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ..core.rule import Confidence, Severity
from . import rules, templates
from .source import Stream, Truncated, chunks_of
from .telling import CODE
from .values import escaped

if TYPE_CHECKING:
    from .context import Context
    from .source import Source

_MOST: Final = 100_000_000
_READ: Final = 1 << 25
_BITS: Final = {
    name: bits
    for bits, names in (
        (8, "BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0"),
        (16, "I16 U16 F16 BF16"),
        (32, "I32 U32 F32"),
        (64, "I64 U64 F64 C64"),
    )
    for name in names.split()
}
_CALLBACK: Final = re.compile(r"(?i)callback|exfil|webhook|download_url|payload|beacon")


def is_safetensors(head: bytes, size: int) -> bool:
    """Whether a file starts with a length and a JSON object, as the format does."""
    return (
        len(head) > 9
        and head[8:9] == b"{"
        and int.from_bytes(head[:8], "little") <= max(size, _MOST)
    )


def safetensors(source: Source, context: Context) -> None:
    """Check the header: its length, its keys, the places of all tensors, the metadata."""
    length = int.from_bytes(source.read_at(0, 8), "little")
    if length > _MOST or length + 8 > source.size:
        _header(context, f"the header is said to have {length} bytes, of {source.size} in all")
        return
    if length > _READ:
        context.note(f"the header has {length} bytes: not read")
        return
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = sorted(key for key, _ in items)
            twice.extend(key for key, after in pairwise(keys) if key == after)
        return found

    raw = source.read_at(8, length)
    if not context.decodable(raw):
        return
    try:
        header = json.loads(raw, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        _header(context, "the header is no JSON")
        return
    if twice:
        _header(context, f"the key {escaped(twice[0])} is given twice")
    if not isinstance(header, dict):
        _header(context, "the header is no JSON object")
        return
    _metadata(header.pop("__metadata__", None), context)
    _places(header, source.size - 8 - length, context)


def _header(context: Context, what: str) -> None:
    context.issue(rules.HEADER, f"The header is odd: {what}")


def _metadata(values: Any, context: Context) -> None:
    if values is None:
        return
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        _header(context, "the metadata are not texts by name")
        return
    for key, value in values.items():
        match = CODE.search(value[:_READ])
        if match is not None:
            shown = escaped(value[max(0, match.start() - 10) : match.end() + 40])
            context.issue(
                rules.HEADER,
                f"The metadata {escaped(key)} hold code: {shown}",
                severity=Severity.CRITICAL,
                confidence=Confidence.MEDIUM,
            )
        elif _CALLBACK.search(key) and value.startswith(("http:", "https:", "ftp:")):
            context.issue(
                rules.HEADER,
                f"The metadata {escaped(key)} name an address: {escaped(value)}",
                severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
            )
        templates.check_values(value, f"the metadata {escaped(key)}", context)


def _places(header: dict[str, Any], size: int, context: Context) -> None:
    spans = []
    for name, tensor in header.items():
        span = _span(tensor)
        if span is None:
            _header(context, f"the tensor {escaped(name)} is not described as the format asks")
            return
        if span[1] > size:
            _header(context, f"the tensor {escaped(name)} ends behind the end of the file")
            return
        spans.append((*span, name))
    end = 0
    for first, last, name in sorted(spans):
        if first != end:
            what = "overlaps another" if first < end else "leaves a hole before it"
            _header(context, f"the tensor {escaped(name)} {what}")
            return
        end = last
    if end != size:
        _header(context, f"{size - end} bytes follow the last tensor")


def _span(tensor: Any) -> tuple[int, int] | None:
    if not isinstance(tensor, dict):
        return None
    offsets, shape = tensor.get("data_offsets"), tensor.get("shape")
    numbers = [*offsets, *shape] if isinstance(offsets, list) and isinstance(shape, list) else [-1]
    if not all(type(n) is int and 0 <= n < 1 << 48 for n in numbers) or len(numbers) > 64:
        return None
    if len(numbers) - len(shape or []) != 2 or numbers[0] > numbers[1]:
        return None
    bits = _BITS.get(str(tensor.get("dtype")))
    count = 1
    for length in numbers[2:]:
        count *= length
    if bits is not None and count * bits != 8 * (numbers[1] - numbers[0]):
        return None
    return numbers[0], numbers[1]


_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_VERSIONS: Final = (2, 3)
_KEYS: Final = 1 << 16
_TEXT: Final = 1 << 24
_DIMENSIONS: Final = 8
_PADDING: Final = 1 << 16
"""Bytes after the header that are there for the alignment alone."""


def gguf(source: Source, context: Context) -> None:
    """Check the templates among the keys and values of a GGUF file."""
    stream = Stream(chunks_of(source))
    stream.skip(4)
    try:
        version, tensors, keys = struct.unpack("<IQQ", stream.take(20))
        if version > 1 << 16:
            context.note("the file is for machines of the other byte order: not read")
            return
        if version not in _VERSIONS:
            context.note(f"version {version} of GGUF: not read")
            return
        if keys > _KEYS or tensors > 1 << 24:
            _header(context, f"{keys} keys and {tensors} tensors are more than any model has")
            return
        for _ in range(keys):
            _pair(stream, context)
        _tensors(stream, tensors, source.size, context)
    except Truncated:
        _header(context, "a value ends behind the end of the file")
    except ValueError as error:
        _header(context, str(error))


def _tensors(stream: Stream, count: int, size: int, context: Context) -> None:
    """Check where the tensors are, of which the header has `count` descriptions."""
    furthest = 0
    for index in range(count):
        if not index & 0xFFF:
            context.tick()
        furthest = max(furthest, _place(stream))
    rest = size - stream.tell()
    if furthest > rest:
        _header(context, "a tensor begins behind the end of the file")
    elif not count and rest > _PADDING:
        _header(context, f"{rest} bytes follow, and no tensor is named")


def _place(stream: Stream) -> int:
    """Pass what is said of a tensor; the bytes before it."""
    stream.skip(_length(stream, _KEYS))
    dimensions = int.from_bytes(stream.take(4), "little")
    if dimensions > _DIMENSIONS:
        raise ValueError(f"a tensor of {dimensions} dimensions")
    stream.skip(8 * dimensions + 4)
    return int.from_bytes(stream.take(8), "little")


def _length(stream: Stream, most: int) -> int:
    length = int.from_bytes(stream.take(8), "little")
    if length > most:
        raise ValueError(f"a length of {length}")
    return length


def _pair(stream: Stream, context: Context) -> None:
    key = stream.take(_length(stream, _KEYS)).decode("utf-8", "replace")
    kind = int.from_bytes(stream.take(4), "little")
    if kind == 8:
        value = stream.take(_length(stream, _TEXT)).decode("utf-8", "replace")
        templates.check_values(value, escaped(key), context)
    elif kind == 9:
        _array(stream, context, escaped(key), 0)
    elif kind in _SIZES:
        stream.skip(_SIZES[kind])
    else:
        raise ValueError(f"{escaped(key)} has the unknown type {kind}")


def _array(stream: Stream, context: Context, key: str, deep: int) -> None:
    kind = int.from_bytes(stream.take(4), "little")
    count = _length(stream, 1 << 32)
    if kind in _SIZES:
        stream.skip(_SIZES[kind] * count)
    elif kind in {8, 9} and deep < 3:
        for index in range(count):
            if not index & 0xFFF:
                context.tick()
            if kind == 9:
                _array(stream, context, key, deep + 1)
                continue
            size = _length(stream, _TEXT)
            if "template" in key:
                templates.check_values(stream.take(size).decode("utf-8", "replace"), key, context)
            else:
                stream.skip(size)
    else:
        raise ValueError(f"{key} is an array of the unknown type {kind}")
