"""HTML and SVG as a person sees it: tags gone, character references resolved, tables read."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from ..core.rule import Kind
from .rewrite import Rewriter
from .tables import table_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.artifact import Text

_REFERENCE: Final = r"&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ENTITY: Final = lazy(_REFERENCE.replace("\\#", "#"))
_MARKUP: Final = lazy(
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
_SPLIT: Final = lazy(
    rf"<(?<=[^\s>]<)(?:!--|/?(?:{'|'.join(sorted(_INLINE))})\b[^<>]{{0,65536}}>[^\s<])",
    re.IGNORECASE,
)
_UNCOMMON: Final = lazy(
    r"&(?!lt;|gt;|amp;|quot;|nbsp;|apos;|\#39;|\#x27;|\#34;)\#?[A-Za-z0-9]{2,32};", re.IGNORECASE
)


def may_split(content: str) -> bool:
    """Whether markup stands inside of a word."""
    return _SPLIT.search(content) is not None or _UNCOMMON.search(content) is not None


def markup_views(text: Text) -> Iterator[Text]:
    """The visible text, the markup with its character references resolved, and the tables."""
    table = table_view(text) if "<t" in text.text.lower() else None
    if "<" in text.text:
        visible = _rewritten(text, _MARKUP, _seen, Kind.TEXT)
        visible.tabled = () if table is None else _read_as(table)
        yield visible
    if "&" in text.text:
        yield _rewritten(text, _ENTITY, lambda match: html.unescape(match[0]), Kind.HTML)
    if table is not None:
        yield table


def _read_as(table: Text) -> list[tuple[int, int]]:
    """The spans of the part that a view of tables was made of."""
    merged: list[tuple[int, int]] = []
    for piece in table.pieces:
        start, end = piece.offset, piece.offset + piece.length
        if merged and start == merged[-1][1]:
            start = merged.pop()[0]
        merged.append((start, end))
    return sorted(merged)


def _seen(match: re.Match[str]) -> str:
    if match["reference"]:
        return html.unescape(match[0])
    name = (match["name"] or "").lower()
    if name in _INLINE:
        return ""
    return "\t" if name in {"td", "th"} else "\n"


def _rewritten(text: Text, pattern: re.Pattern[str], replace: Replace, kind: Kind | None) -> Text:
    return Rewriter(text.text).apply(pattern, replace).view(text, kind)


if TYPE_CHECKING:
    from collections.abc import Callable

    Replace = Callable[[re.Match[str]], str | None]
