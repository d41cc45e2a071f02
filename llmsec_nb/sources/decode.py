"""The views of a text: what is written in it once colours, markup and encodings are undone."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from ..core.artifact import Piece, Scale, Text
from ..core.confusables import INVISIBLE, LOOKALIKES
from ..core.rule import Kind
from .markup import Rewriter, markup_views
from .media import embedded_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.artifact import Part

_DEPTH: Final = 3
_ANSI: Final = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][0-9]{0,4};?|[()][A-Z0-9]|\\)?|\x07"
)
_DATA_URI: Final = re.compile(
    r"data:(?P<mime>[\w.+-]{1,64}/[\w.+-]{1,100})?(?:;(?!base64)[\w.=+-]{1,64}){0,4}"
    r"(?:;base64,(?P<base64>[A-Za-z0-9+/=_%-]{8,})|,(?P<plain>[^\s\"'<>`)]{8,65536}))"
)
_LITERAL: Final = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/]{24,65536}={0,2}(?![A-Za-z0-9+/=_-])"
)
_LOOKS_BASE64: Final = re.compile(r"[A-Za-z0-9+/\r\n]{16,}={0,2}\s{0,4}\Z")
_INVISIBLE: Final = re.compile(f"[{INVISIBLE}]+")
_BROKEN: Final = re.compile(f"[!-~][{INVISIBLE}]+[!-~]")
_ALIKE: Final = "".join(LOOKALIKES)
_MIXED: Final = re.compile(f"[!-~][{_ALIKE}]|[{_ALIKE}][!-~]")
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
_WITH_PAYLOADS: Final = frozenset({Kind.HTML, Kind.SCRIPT, Kind.CODE, Kind.DATA, Kind.MARKDOWN})


def kind_of(mime: str) -> Kind:
    """How text of a MIME type is to be read."""
    return _KINDS.get(mime, Kind.TEXT)


def is_binary(mime: str) -> bool:
    """Whether notebooks store this MIME type as base64."""
    top = mime.partition("/")[0]
    if top in {"image", "audio", "video", "font"}:
        return mime != "image/svg+xml"
    return mime in {"application/pdf", "application/octet-stream", "application/zip"}


def views(text: Text, depth: int = 0) -> Iterator[Text]:
    """The text itself, cleaned, and everything that is encoded in it, down to three levels.

    Raises ValueError when an embedded payload is too large to look at.
    """
    if "\x1b" in text.text:
        text = Rewriter(text.text).apply(_ANSI, lambda _: "").view(text)
    if depth < _DEPTH and "data:" in text.text:
        text, payloads = _without_data_uris(text)
        for mime, data, start, end, regular in payloads:
            yield from binary_views(
                text_of=payloads.source,
                data=data,
                start=start,
                end=end,
                mime=mime,
                regular=regular,
                depth=depth + 1,
            )
    yield text
    if not text.text.isascii():
        yield from _undeceived(text)
    if text.kind is Kind.HTML:
        yield from markup_views(text)
    if depth < _DEPTH and text.kind in _WITH_PAYLOADS:
        yield from _literal_views(text, depth + 1)


def _undeceived(text: Text) -> Iterator[Text]:
    """The text without invisible characters and with ASCII letters for their look-alikes.

    A token stays a token for whoever copies it, however it was broken up.
    """
    if _BROKEN.search(text.text):
        text = Rewriter(text.text).apply(_INVISIBLE, lambda _: "").view(text)
        yield text
    if _MIXED.search(text.text):
        plain = text.text.translate(_TO_ASCII)
        yield Text(plain, text.kind, text.pieces, text.fields)


class _Payloads(list[tuple[str, bytes, int, int, bool]]):
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

    rewriter = Rewriter(text.text).apply(_DATA_URI, cut)
    return (rewriter.view(text) if payloads else text), payloads


def decoded(payload: str) -> bytes | None:
    """The bytes of a base64 text, URL-safe and percent-escaped ones too; None if it is none."""
    if "%" in payload:
        payload = unquote_to_bytes(payload).decode("latin-1")
    plain = payload.translate(_URL_SAFE)
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain.rstrip("=")) % 4))
    except ValueError:
        return None


_URL_SAFE: Final = str.maketrans("-_", "+/", "\r\n")


def binary_views(
    text_of: Text, data: bytes, start: int, end: int, mime: str, *, regular: bool, depth: int = 0
) -> Iterator[Text]:
    """The texts inside a decoded payload that stands at [start, end) of `text_of`.

    `regular` says that the payload is base64 with nothing in between, so that each character
    can be traced back to the four characters that encode it.
    """
    plain = None if is_binary(mime) else _readable(data)
    if plain is not None:
        scale = Scale.BASE64 if regular and plain.isascii() else Scale.WHOLE
        piece = Piece(0, _nobody(text_of), start, end - start, scale)
        yield from views(text_of.derive(plain, [piece], kind_of(mime)), depth)
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


def _readable(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    controls = sum(text.count(chr(code)) for code in (0, 1, 2, 3, 4, 5, 6, 8))
    return None if controls else text


def _literal_views(text: Text, depth: int) -> Iterator[Text]:
    for match in _LITERAL.finditer(text.text):
        head = decoded(match[0][:16])
        if head is None or not _printable(head):
            continue
        data = decoded(match[0])
        plain = _readable(data) if data is not None and _printable(data) else None
        if data is not None and plain is not None:
            yield from binary_views(
                text, data, *match.span(), _sniffed(plain), regular=True, depth=depth
            )


def _sniffed(plain: str) -> str:
    return "text/html" if "</" in plain else "text/plain"


_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\r\n"


def _printable(data: bytes) -> bool:
    return len(data.translate(None, _PRINTABLE)) * 20 <= len(data)


def looks_base64(text: str) -> bool:
    """Whether the whole text is one base64 payload."""
    return _LOOKS_BASE64.match(text) is not None
