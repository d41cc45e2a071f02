"""PII121: addresses of web pages, which are personal only where the page is somebody's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof, within
from .rules import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene

RULE: Final = replace(
    personal(
        "PII121",
        "web-address",
        "Address of a web page",
        Severity.INFO,
        (
            Example(
                source="See https://ada.example.org/cv, please.",
                flagged=("https://ada.example.org/cv",),
                kind=Kind.TEXT,
            ),
            Example(
                source="go to www.kovalevski.fr.", flagged=("www.kovalevski.fr",), kind=Kind.TEXT
            ),
            Example(source="import os.path, numpy.linalg", kind=Kind.CODE),
            Example(source="It ended.The next began.", kind=Kind.TEXT),
        ),
        default=False,
    ),
    confidence=Confidence.LOW,
)
_HOST: Final = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}"
_REST: Final = r"(?::\d{1,5})?(?:[/?#][^\s<>\"'`]{0,2000})?"
_PAGE: Final = lazy(
    rf"(?<![\w@.])(?:(?:https?|ftp)://(?:{_HOST}|localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}}){_REST}|www\d?\.{_HOST}{_REST})",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:!?)]}*_"
_BARE: Final = lazy(rf"(?:(?:https?|ftp)://)?{_HOST}{_REST}", re.IGNORECASE)


class WebAddresses:
    """Pages with a scheme or `www.`; without one a dotted name is mostly code."""

    rule = RULE
    entity = "URL"
    words = ("url", "website", "web site", "homepage", "web page", "link")
    digits = 0
    signs = ("://", "www")
    rank = 2
    gate = r"(?i)://|www\d?\."

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in within(_PAGE, scene.content, start, end):
            size = len(found[0].rstrip(_TRAILING))
            yield Hit(found.start(), found.start() + size, self, Confidence.LOW, Proof.FORM)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is an address; without a scheme if its column says so."""
        pattern = _BARE if named else _PAGE
        if not pattern.fullmatch(value):
            return None
        return Hit(0, len(value), self, Confidence.LOW, Proof.FORM, named=named)
