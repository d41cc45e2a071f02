"""HTML and SVG as a person sees it: tags gone, character references resolved."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from ..core.artifact import Piece, Scale
from ..core.rule import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.artifact import Part, Text

_REFERENCE: Final = r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ENTITY: Final = re.compile(_REFERENCE.replace("\\#", "#"))
_MARKUP: Final = re.compile(
    rf"""
      <!--(?:.*?-->|.*\Z)
    | <(?P<raw>script|style)\b[^<>]{{0,65536}}>(?:.*?</(?P=raw)\s{{0,64}}>|.*\Z)
    | </?(?P<name>[a-zA-Z][a-zA-Z0-9:-]{{0,64}})[^<>]{{0,65536}}>
    | (?P<reference>{_REFERENCE})
    """,
    re.DOTALL | re.VERBOSE | re.IGNORECASE,
)
_INLINE: Final = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "ins", "kbd", "mark", "s", "samp", "small"}
    | {"span", "strong", "sub", "sup", "tspan", "tt", "u", "var", "wbr"}
)


def markup_views(text: Text) -> Iterator[Text]:
    """The visible text, and the markup with its character references resolved."""
    if "<" in text.text:
        yield _visible(text)
    if "&" in text.text:
        yield _resolved(text)


def _visible(text: Text) -> Text:
    return _rewritten(text, _MARKUP, _seen, Kind.TEXT)


def _resolved(text: Text) -> Text:
    return _rewritten(text, _ENTITY, lambda match: html.unescape(match[0]), Kind.HTML)


def _seen(match: re.Match[str]) -> str:
    if match["reference"]:
        return html.unescape(match[0])
    name = (match["name"] or "").lower()
    if name in _INLINE:
        return ""
    return "\t" if name in {"td", "th"} else "\n"


def _rewritten(text: Text, pattern: re.Pattern[str], replace: Replace, kind: Kind | None) -> Text:
    return Rewriter(text.text).apply(pattern, replace).view(text, kind)


class Rewriter:
    """A text under replacement that remembers where each of its runs came from."""

    __slots__ = ("chunks", "pieces", "size", "source")

    def __init__(self, source: str) -> None:
        """Start from `source`."""
        self.source = source
        self.chunks: list[str] = []
        self.pieces: list[tuple[int, int, int, Scale]] = []
        self.size = 0

    def apply(self, pattern: re.Pattern[str], replace: Replace) -> Rewriter:
        """Replace each match by what `replace` says; None leaves it as it is."""
        kept_to = 0
        for match in pattern.finditer(self.source):
            replacement = replace(match)
            if replacement is None:
                continue
            self._keep(kept_to, match.start())
            self._put(replacement, match.start(), match.end())
            kept_to = match.end()
        self._keep(kept_to, len(self.source))
        return self

    def view(self, text: Text, kind: Kind | None = None) -> Text:
        """The result as a view of `text`, whose characters `source` was."""
        nobody: Part = text.pieces[0].part
        pieces = [Piece(at, nobody, of, length, scale) for at, of, length, scale in self.pieces]
        return text.derive("".join(self.chunks), pieces or [Piece(0, nobody, 0, 0)], kind)

    def _keep(self, start: int, end: int) -> None:
        if end > start:
            self._add(self.source[start:end], start, end - start, Scale.EXACT)

    def _put(self, replacement: str, start: int, end: int) -> None:
        if replacement:
            self._add(replacement, start, end - start, Scale.WHOLE)

    def _add(self, chunk: str, offset: int, length: int, scale: Scale) -> None:
        self.pieces.append((self.size, offset, length, scale))
        self.chunks.append(chunk)
        self.size += len(chunk)


if TYPE_CHECKING:
    from collections.abc import Callable

    Replace = Callable[[re.Match[str]], str | None]
