"""HTML that runs, and HTML that hides: scripts, frames, handlers; comments, invisible elements."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from .hits import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTIVE: Final = "active"
HIDDEN_MARKUP: Final = "hidden-markup"

GATE: Final = (
    r"(?i)<\s*/?\s*script\b|<\s*(?:iframe|object|embed|applet|frame|base|meta)\s"
    r"|<[a-z][^<>]*[\s/\"']on[a-z]+\s*=|(?:javascript|vbscript)\s*:|data:text/html"
    r"|<!--|style\s*=|\shidden"
)
"""Without a match of it there is nothing to find. Syntax of RE2 and of Python."""
MARKUP: Final = r"(?i)</?(?:p|div|br|span|a|b|i|ul|ol|li|td|tr|table|h[1-6]|html|body|img)[\s/>]"
"""A sign of HTML that does nothing. Syntax of RE2 and of Python."""
TAG: Final = re.compile(
    r"<[A-Za-z](?:[^<>\"']{1,400}+|\"[^\"<]{0,2000}+\"|'[^'<]{0,2000}+'){0,60}+>?"
)
"""An opening tag with its attributes, quotes with angle brackets in them apart."""
ELEMENT: Final = re.compile(
    r"<\s{0,4}(?:script(?:\s[^<>]{0,1000}+)?>|/\s{0,4}script\s{0,4}>|script\s[^<>]{0,1000}\bsrc\s{0,4}="
    r"|iframe(?:\s[^<>]{0,1000}+)?>|iframe\s[^<>]{0,1000}\bsrc|frame\s[^<>]{0,400}\bsrc"
    r"|object\s[^<>]{0,400}\b(?:data|classid|type)\s{0,4}=|embed\s[^<>]{0,400}\bsrc\s{0,4}="
    r"|applet\s[^<>]{0,400}\bcode|base\s[^<>]{0,400}\bhref\s{0,4}="
    r"|meta\s[^<>]{0,400}\bhttp-equiv\s{0,4}=\s{0,4}[\"']?refresh)",
    re.IGNORECASE,
)
HANDLER: Final = re.compile(
    r"(?<=[\s/\"'])on[a-z]{3,24}\s{0,8}=\s{0,8}(?:\"[^\"]{1,2000}+\"|'[^']{1,2000}+'|[^\s\"'>]{1,2000}+)",
    re.IGNORECASE,
)
"""An attribute that runs its value; only within a tag."""
ADDRESS: Final = re.compile(
    r"(?:(?:href|src|action|formaction|data|xlink:href|poster)\s{0,4}=\s{0,4}[\"']?|\]\(\s{0,4}<?)"
    r"\s{0,8}(?P<url>(?:j[\s]{0,2}avascript|vbscript)\s{0,4}:(?:[^\"'>\n()]|\([^\"'>\n)]{0,200}\)|\(){1,2000}"
    r"|data:text/html[^\"'>\s)]{1,4000})",
    re.IGNORECASE,
)
"""An address that is a program."""
_CLOSING: Final = re.compile(
    r"<\s{0,4}/\s{0,4}(?P<name>script|iframe|object|applet)\s{0,4}>", re.IGNORECASE
)
_FENCE: Final = re.compile(r"^[ \t]{0,8}(?:```|~~~)|```", re.MULTILINE)
_INLINE: Final = re.compile(r"(?<!`)`[^`\n]{1,500}`")
_SHOWN: Final = re.compile(r"<(?P<end>/?)(?:code|pre)\b", re.IGNORECASE)
_COMMENTED: Final = 4000
_INVISIBLE: Final = re.compile(
    r"<[a-z][a-z0-9]{0,12}\s[^<>]{0,400}?(?:style\s{0,4}=\s{0,4}[\"'][^\"'<>]{0,400}?(?:display\s{0,4}:\s{0,4}none"
    r"|visibility\s{0,4}:\s{0,4}hidden|font-size\s{0,4}:\s{0,4}[01](?:px|pt|em|%)?\s{0,4}[;\"']"
    r"|opacity\s{0,4}:\s{0,4}0(?:\.0\d?)?\s{0,4}[;\"']|color\s{0,4}:\s{0,4}(?:#fff(?:fff)?|white|transparent)\b"
    r"|(?:left|top|text-indent)\s{0,4}:\s{0,4}-\d{3,6})[^<>]{0,400}|hidden\b[^<>]{0,200})>"
    r"(?P<said>[^<]{8,4000})",
    re.IGNORECASE,
)
_TO_A_MODEL: Final = re.compile(
    r"\b(?:(?-i:AIs?|LLMs?|GPT)|chatbots?|language models?|assistants?|system prompt"
    r"|(?:respond|answer|reply) with|always (?:say|answer|recommend|reply)"
    r"|(?:do not|don't|never) (?:mention|tell|reveal))\b",
    re.IGNORECASE,
)
"""Words of comments that speak to a model; people are told what to do in comments, too."""


def find(text: str) -> Iterator[Hit]:
    """What runs in a browser, and what it hides although it speaks to a model."""
    spans = [*running(text)]
    said = [*_commented(text), *(found.span("said") for found in _INVISIBLE.finditer(text))]
    told = [span for span in said if _TO_A_MODEL.search(text, *span)]
    code = Shown(text)
    for kind, found in ((ACTIVE, spans), (HIDDEN_MARKUP, told)):
        for start, end in found:
            yield Hit(kind, start, end, quoted=code.holds(start))


def running(text: str) -> Iterator[tuple[int, int]]:
    """Spans of elements with what is in them, of tags with handlers, of addresses that run."""
    if "<" in text:
        closings = [(found.end(), found["name"].lower()) for found in _CLOSING.finditer(text)]
        after = 0
        for found in ELEMENT.finditer(text):
            if found.start() >= after:
                after = _end(text, found, closings)
                yield found.start(), after
        yield from (tag.span() for tag in TAG.finditer(text) if HANDLER.search(text, *tag.span()))
    for found in ADDRESS.finditer(text):
        yield found.span("url")


class Shown:
    """Where code stands in a text that is only shown: fenced, in backquotes, `code` and `pre`.

    It is looked for when it is asked for.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] | None = None
        self._ends: list[int] = []

    def holds(self, place: int) -> bool:
        """Whether a place is within such code."""
        if self._starts is None:
            spans = sorted(_code_spans(self._text))
            self._starts = [start for start, _ in spans]
            self._ends = list(accumulate((end for _, end in spans), max))
        before = bisect_left(self._starts, place)
        return before > 0 and place < self._ends[before - 1]


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    if "`" in text or "~~~" in text:
        fences = [found.start() for found in _FENCE.finditer(text)]
        yield from zip(fences[::2], [*fences[1::2], len(text)], strict=False)
        yield from (found.span() for found in _INLINE.finditer(text))
    opened = -1
    for found in _SHOWN.finditer(text) if "<" in text else ():
        if found["end"] and opened >= 0:
            yield opened, found.start()
            opened = -1
        elif not found["end"] and opened < 0:
            opened = found.start()


def _end(text: str, found: re.Match[str], closings: list[tuple[int, str]]) -> int:
    """Where an element ends: behind its closing tag, or else behind its own."""
    name = found[0].lstrip("< \t\r\n")[:6].lower()
    first = bisect_left(closings, (found.end(),))
    if first < len(closings) and name.startswith(closings[first][1][:6]):
        return closings[first][0]
    own = text.find(">", found.end() - 1, found.end() + 2000)
    return own + 1 if own >= 0 else found.end()


def _commented(text: str) -> Iterator[tuple[int, int]]:
    """The insides of comments."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield start + 4, min(end, start + 4 + _COMMENTED)
        start = text.find("<!--", end)
