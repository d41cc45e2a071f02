"""The views of a text: what is written in it once colours, markup and encodings are undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from ..core.artifact import Piece, Scale, Text
from ..core.confusables import INVISIBLE, LOOKALIKES
from ..core.lazy import lazy
from ..core.rule import Kind
from .markup import markup_views
from .media import embedded_texts
from .payloads import DATA_URI, decoded, readable, runs
from .rewrite import Rewriter
from .spelling import spellings

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from ..core.artifact import Part

_DEPTH: Final = 3
_BUDGET: Final = 1 << 26
ANSI: Final = lazy(r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][0-9]{0,4};?|[()][A-Z0-9]|\\)?|\x07")
_INVISIBLE: Final = lazy(f"[{INVISIBLE}]+")
BROKEN: Final = lazy(f"[{INVISIBLE}](?<=[!-~].)[{INVISIBLE}]*[!-~]")
_ALIKE: Final = "".join(LOOKALIKES)
MIXED: Final = lazy(f"[{_ALIKE}](?:(?<=[!-~].)|(?=[!-~]))")
_TO_ASCII: Final = str.maketrans(LOOKALIKES)
_KINDS: Final = {
    "text/html": Kind.HTML,
    "image/svg+xml": Kind.HTML,
    "text/xml": Kind.HTML,
    "application/xml": Kind.HTML,
    "application/xhtml+xml": Kind.HTML,
    "text/markdown": Kind.MARKDOWN,
    "application/javascript": Kind.SCRIPT,
    "text/javascript": Kind.SCRIPT,
    "application/vnd.jupyter.stdout": Kind.STREAM,
    "application/vnd.jupyter.stderr": Kind.STREAM,
    "application/vnd.jupyter.error": Kind.STREAM,
}


def kind_of(mime: str) -> Kind:
    """How text of a MIME type is to be read."""
    return _KINDS.get(mime, Kind.TEXT)


def is_binary(mime: str) -> bool:
    """Whether notebooks store this MIME type as base64."""
    top = mime.partition("/")[0]
    if top in {"image", "audio", "video", "font"}:
        return mime != "image/svg+xml"
    return mime in {"application/pdf", "application/octet-stream", "application/zip"}


def is_json(mime: str) -> bool:
    """Whether notebooks store this MIME type as a JSON value."""
    return mime == "application/json" or mime.endswith("+json")


class Budget:
    """How many characters of encoded text may still be looked at in one part."""

    __slots__ = ("left",)

    def __init__(self, left: int = _BUDGET) -> None:
        """Start with `left` characters."""
        self.left = left

    def spend(self, size: int) -> None:
        """Take `size` characters. Raises ValueError when there are not as many."""
        self.left -= size
        if self.left < 0:
            raise ValueError("more encoded text than is looked at; the rest was not scanned")


def views(text: Text, depth: int = 0, budget: Budget | None = None) -> Iterator[Text]:
    """The text itself, cleaned, and everything that is encoded in it, down to three levels.

    Raises ValueError when there is more embedded than is looked at.
    """
    budget = budget or Budget()
    if "\x1b" in text.text:
        text = Rewriter(text.text).apply(ANSI, lambda _: "").view(text)
    if depth < _DEPTH and "data:" in text.text:
        text, payloads = _without_data_uris(text)
        for payload in payloads:
            yield from _payload_views(payloads.source, payload, depth + 1, budget)
    yield text
    if not text.text.isascii():
        yield from _undeceived(text)
    if text.kind is Kind.HTML:
        yield from markup_views(text)
    if text.kind is not Kind.BINARY:
        for spelling in spellings(text):
            yield spelling
            if depth < _DEPTH:
                yield from _run_views(spelling, depth + 1, budget)
    if depth < _DEPTH:
        yield from _run_views(text, depth + 1, budget)


def _undeceived(text: Text) -> Iterator[Text]:
    """The text without invisible characters and with ASCII letters for their look-alikes.

    A token stays a token for whoever copies it, however it was broken up.
    """
    if BROKEN.search(text.text):
        text = Rewriter(text.text).apply(_INVISIBLE, lambda _: "").view(text)
        yield text
    if MIXED.search(text.text):
        plain = text.text.translate(_TO_ASCII)
        yield Text(plain, text.kind, text.pieces, text.fields)


_Payload = tuple[str, bytes, int, int, bool]


class _Payloads(list[_Payload]):
    """Decoded data URIs: MIME type, bytes, span in `source`, and whether it is plain base64."""

    def __init__(self, source: Text) -> None:
        super().__init__()
        self.source = source


def _without_data_uris(text: Text) -> tuple[Text, _Payloads]:
    payloads = _Payloads(text)

    def cut(match: re.Match[str]) -> str | None:
        mime = (match["mime"] or "text/plain").lower()
        if match["base64"] is None:
            start, end = match.span("plain")
            payloads.append((mime, unquote_to_bytes(match["plain"]), start, end, False))
            return match[0]
        data = decoded(match["base64"])
        if data is None:
            return None
        start, end = match.span("base64")
        payloads.append((mime, data, start, end, "%" not in match["base64"]))
        return match[0][: start - match.start()]

    rewriter = Rewriter(text.text).apply(DATA_URI, cut)
    return (rewriter.view(text) if payloads else text), payloads


def _payload_views(source: Text, payload: _Payload, depth: int, budget: Budget) -> Iterator[Text]:
    mime, data, start, end, regular = payload
    yield from binary_views(
        source, data, start, end, mime, regular=regular, depth=depth, budget=budget
    )


def binary_views(
    text_of: Text,
    data: bytes,
    start: int,
    end: int,
    mime: str,
    *,
    regular: bool,
    depth: int = 0,
    budget: Budget | None = None,
) -> Iterator[Text]:
    """The texts inside a decoded payload that stands at [start, end) of `text_of`.

    `regular` says that the payload is base64 with nothing in between, so that each character
    can be traced back to the four characters that encode it.
    """
    budget = budget or Budget()
    budget.spend(len(data))
    plain = None if is_binary(mime) else readable(data)
    if plain is not None:
        scale = Scale.BASE64 if regular and len(plain) == len(data) else Scale.WHOLE
        piece = Piece(0, _nobody(text_of), start, end - start, scale)
        yield from views(text_of.derive(plain, [piece], kind_of(mime)), depth, budget)
        return
    for found in embedded_texts(data):
        lead = found.start % 3
        exact = found.verbatim and regular
        offset = start + (found.start - lead) // 3 * 4
        piece = (
            Piece(0, _nobody(text_of), offset, end - offset, Scale.BASE64)
            if exact
            else Piece(0, _nobody(text_of), start, end - start, Scale.WHOLE)
        )
        shown = "\0" * lead + found.text if exact else found.text
        yield text_of.derive(shown, [piece], Kind.BINARY)


def _nobody(text: Text) -> Part:
    return text.pieces[0].part


def _run_views(text: Text, depth: int, budget: Budget) -> Iterator[Text]:
    for run in runs(text.text):
        budget.spend(len(run.data))
        regular = Scale.HEX if run.is_hex else Scale.BASE64
        piece = Piece(
            0,
            _nobody(text),
            run.start,
            run.end - run.start,
            Scale.WHOLE if run.wide else regular,
        )
        kind = Kind.HTML if "</" in run.plain else Kind.TEXT
        yield from views(text.derive(run.plain, [piece], kind), depth, budget)
