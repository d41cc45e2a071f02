"""PII369: machine readable lines of passports, visas and identity cards (ICAO 9303)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ....core.rule import Confidence, Severity
from ..recognizer import Hit, Proof, Window
from ..rules import personal
from .checksums import machine_readable
from .numbered import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..recognizer import Scene

RULE: Final = personal(
    "PII369",
    "passport-mrz",
    "Machine readable lines of a passport or an identity card",
    Severity.HIGH,
    examples(
        yes=("{mrz_passport}", "scan: {mrz_second} ok", "{mrz_card}"),
        no=("<<<<<<< HEAD of a branch", "P<UTO" + "<" * 39, "A" * 20 + "<" * 24),
    ),
    reference="https://www.icao.int/publications/Documents/9303_p3_cons_en.pdf",
)
_RUN: Final = lazy(
    r"(?<![A-Za-z0-9<])(?:[A-Z0-9<]{44}|[A-Z0-9<]{36}|[A-Z0-9<]{30})(?![A-Za-z0-9<])"
)
_BOOK: Final = lazy(r"[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z0-9<]{16}|"
                          r"[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z0-9<]{8}")  # fmt: skip
_CARD_FIRST: Final = lazy(r"[ACI][A-Z<][A-Z<]{3}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}")
_CARD_SECOND: Final = lazy(r"[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9][A-Z<]{3}[A-Z0-9<]{11}[0-9]")
_NAMES: Final = lazy(r"[A-Z]{1,40}(?:<[A-Z]{1,40}){0,9}<<[A-Z<]{1,40}")
_FILLER: Final = lazy("<<(?<=[A-Z0-9]<<)[A-Z0-9<]")
_LINE: Final = 46


def _agrees(line: str, fields: tuple[tuple[int, int], ...]) -> bool:
    """Whether the digit after each field is its check digit."""
    return all(machine_readable(line[first:last]) == int(line[last]) for first, last in fields)


def _is_book(line: str) -> bool:
    """Second line of a passport or a visa, or of a card with two lines."""
    return bool(_BOOK.fullmatch(line)) and _agrees(line, ((0, 9), (13, 19), (21, 27)))


def _is_card(line: str) -> bool:
    """Second line of a card with three lines."""
    return bool(_CARD_SECOND.fullmatch(line)) and _agrees(line, ((0, 6), (8, 14)))


class MachineReadable:
    """The line with numbers proves itself by three check digits; its neighbours go with it."""

    rule = RULE
    entity = "PASSPORT_MRZ"
    words = ("mrz", "machine readable", "passport")
    digits = 0
    signs: tuple[str, ...] = ()
    rank = 9
    gate = r"[0-9<]{6}[0-9][MFX<][0-9]{6}[0-9]"

    def search(self, content: str) -> Iterator[Window]:
        """From the filler of one of the lines: names have it, or are followed by it."""
        for found in _FILLER.finditer(content):
            sign = found.start()
            yield Window(max(0, sign - 2 * _LINE), sign + 2 * _LINE, sign)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        content = scene.content
        for found in _RUN.finditer(content, start, end + 2 * _LINE):
            first, last = found.span()
            if first >= end:
                return
            for proven, edges in ((_is_book, (1, 0)), (_is_card, (1, 1))):
                if proven(found[0]):
                    yield self._hit(*_around(content, first, last, edges))

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is such a line, or all of them."""
        lines = value.split()
        if not 1 <= len(lines) <= 3 or not any(_is_book(line) or _is_card(line) for line in lines):
            return None
        return self._hit(0, len(value))

    def _hit(self, start: int, end: int) -> Hit:
        return Hit(start, end, self, Confidence.HIGH, Proof.CHECKSUM)


def _around(content: str, first: int, last: int, edges: tuple[int, int]) -> tuple[int, int]:
    """The span with the lines before and after that belong to it."""
    before, after = edges
    size = last - first
    above = content[max(0, first - size - 2) : first].rstrip("\r\n")[-size:]
    if before and len(above) == size and _belongs(above):
        first -= size + (2 if content[first - 2 : first] == "\r\n" else 1)
    below = content[last : last + size + 2].lstrip("\r\n")[:size]
    if after and len(below) == size and _belongs(below):
        last += size + (2 if content[last : last + 2] == "\r\n" else 1)
    return first, last


def _belongs(line: str) -> bool:
    """Whether it is a line with names, or the first one of a card."""
    return bool(_CARD_FIRST.fullmatch(line) or _NAMES.fullmatch(line))


RECOGNIZERS: Final = (MachineReadable(),)
