"""Encoded pieces of text that hold an instruction, a script or a command once they are undone."""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from ...sources.payloads import decoded, run_mask, runs, spans
from . import active, leaks, orders
from .hits import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

ENCODED: Final = "encoded"

GATE: Final = (
    r"[A-Za-z0-9+/_-]{24}|(?:%[0-9A-Fa-f]{2}[A-Za-z]*){6}|(?:&#x?[0-9A-Fa-f]+;?){6}"
    r"|(?:\\x[0-9A-Fa-f]{2}){6}|(?:\\u00[0-9A-Fa-f]{2}){6}"
    r"|(?i:vtaber|qvfertneq|flfgrz cebzcg|vafgehpgvba"
    r"|snoitcurtsni|tpmorp metsys|erongi|dragersid)"
)
"""Without a match of it there is nothing to find. Syntax of RE2 and of Python."""
_LINES: Final = re.compile(r"(?<=[A-Za-z0-9+/]{56})\r?\n(?=[A-Za-z0-9+/=]{4})")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2}[\w.,;:!?()-]{0,20}){4,2000}")
_ENTITIES: Final = re.compile(r"(?:&#(?:x[0-9A-Fa-f]{1,6}+|[0-9]{1,7}+);?[\w ]{0,2}){6,4000}")
_ESCAPES: Final = re.compile(r"(?:(?:\\x[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2})[ ]?){6,4000}")
_DIGITS: Final = re.compile(r"\\(?:x|u00)([0-9A-Fa-f]{2})")
_ROTATED: Final = re.compile(r"vtaber|qvfertneq|flfgrz cebzcg|vafgehpgvba", re.IGNORECASE)
_REVERSED: Final = re.compile(r"snoitcurtsni|tpmorp metsys|erongi|dragersid", re.IGNORECASE)
_COMMAND: Final = re.compile(
    r"(?:curl|wget)\s[^\n|]{1,300}\|\s{0,4}(?:sudo\s)?(?:ba|z)?sh\b|os\.system\(|subprocess\.(?:run|call|Popen)"
    r"|\b(?:eval|exec)\(|powershell|/bin/(?:ba)?sh\b|rm -rf|__import__\(|nc -e|Invoke-Expression",
    re.IGNORECASE,
)
_LONGEST: Final = 1 << 16
_DEPTH: Final = 2


def find(text: str) -> Iterator[Hit]:
    """Each encoded piece that holds something, with what it holds."""
    for start, end, plain in pieces(text):
        said = _harm(plain, _DEPTH)
        if said:
            yield Hit(ENCODED, start, end, said)


def pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of the text that are encoded, and what they stand for."""
    yield from _runs(text)
    if "%" in text:
        yield from ((*found.span(), unquote(found[0])) for found in _PERCENT.finditer(text))
    if "&#" in text:
        yield from ((*found.span(), html.unescape(found[0])) for found in _ENTITIES.finditer(text))
    if "\\" in text:
        for found in _ESCAPES.finditer(text):
            digits = "".join(_DIGITS.findall(found[0]))
            yield (*found.span(), bytes.fromhex(digits).decode("latin-1"))
    if _ROTATED.search(text):
        yield 0, len(text), codecs.decode(text, "rot13")
    if _REVERSED.search(text):
        yield 0, len(text), text[::-1]


def _harm(plain: str, depth: int) -> str:
    """The piece of a decoded text that is harmful; empty for none."""
    for finder in (orders.find, leaks.find):
        for hit in finder(plain):
            return plain[hit.start : hit.end]
    for start, end in active.running(plain):
        return plain[start:end]
    command = _COMMAND.search(plain)
    if command:
        return plain[max(0, command.start() - 20) : command.end() + 60]
    if depth:
        for _, _, inner in pieces(plain):
            said = _harm(inner, depth - 1)
            if said:
                return said
    return ""


def _runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Base64 and hexadecimal; lines that were wrapped are joined first."""
    cuts = [found.span() for found in _LINES.finditer(text)] if "\n" in text else []
    if not cuts:
        yield from _decoded(text)
        return
    starts, stops = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    bounds = list(zip(starts, stops, strict=True))
    ends = list(accumulate(end - start for start, end in bounds))
    for first_place, last_place, plain in _decoded("".join(text[a:b] for a, b in bounds)):
        first, last = bisect_right(ends, first_place), bisect_left(ends, last_place)
        start = bounds[first][1] - ends[first] + first_place
        yield start, bounds[last][1] - ends[last] + last_place, plain


def _decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs that decode to ASCII, and those that decode to text of another script."""
    mask = run_mask(text)
    yield from ((run.start, run.end, run.plain) for run in runs(text, mask))
    for start, end in spans(mask):
        data = decoded(text[start : min(end, start + _LONGEST)])
        if data is not None and not data.isascii():
            plain = data.decode("utf-8", "ignore")
            if sum(map(str.isalpha, plain)) * 2 > len(plain) > len(data) // 4:
                yield start, end, plain
