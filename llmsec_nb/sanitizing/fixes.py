"""What takes things out of one text, each as a function from the text to edits."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from ..training.payloads import active, hidden
from ..training.payloads.controls import CONTROLS
from .edits import Edit, Edited, apart

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL: Final = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[()][A-Z0-9])?"
    f"|[{CONTROLS}]|[\ud800-\udfff]"
)
_BREAKS: Final = frozenset("\v\f")
_WINDOWS: Final = {
    chr(code): bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D}
}
"""What these codes mean in texts of Windows; HTML reads them so, too (WHATWG, 13.2.5.80)."""
_SPREAD: Final = frozenset({hidden.ZERO_WIDTH, hidden.SELECTORS})
_VISIBLE: Final = re.compile(r"[^\W_]|[ -/:-@\[-`{-~\n]")
_NAME: Final = re.compile(r"<\s{0,4}/?\s{0,4}script", re.IGNORECASE)
_TAIL: Final = re.compile(r"<\s{0,4}/\s{0,4}(?:iframe|object|applet)\s{0,4}>", re.IGNORECASE)
_OWN: Final = 2000


def hidden_edits(text: str) -> list[Edit]:
    """Hidden characters that nothing around them explains."""
    return apart(
        [
            Edit(hit.start, hit.end)
            for hit in hidden.find(text)
            if hit.kind not in _SPREAD or not _VISIBLE.search(text, hit.start, hit.end)
        ]
    )


def control_edits(text: str) -> list[Edit]:
    """Control characters and halves of surrogate pairs; colours of terminals as a whole.

    Codes 128 to 159 are what Windows means by them; vertical tabs and page breaks end lines.
    """
    return [Edit(*found.span(), _instead(found[0])) for found in _CONTROL.finditer(text)]


def active_edits(text: str, *, keep_code: bool = False) -> list[Edit]:
    """Scripts with what they hold; the tags of frames and objects, handlers, addresses that run."""
    shown = active.Shown(text)
    found = [
        edit for edit in _active(text) if not (keep_code and shown.holds(edit.start))
    ]  # fmt: skip
    return apart(found)


def nfc_edits(text: str) -> list[Edit]:
    """The pieces of a text that NFC writes otherwise."""
    if unicodedata.is_normalized("NFC", text):
        return []
    edits: list[Edit] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        new = unicodedata.normalize("NFC", piece)
        if new != piece:
            edits.append(Edit(start, end, new))
    whole = Edited(text)
    whole.apply(edits)
    normal = unicodedata.normalize("NFC", text)
    return edits if whole.text == normal else [Edit(0, len(text), normal)]


def _instead(run: str) -> str:
    if run in _BREAKS:
        return "\n"
    if "\ud800" <= run <= "\udfff":
        return "\ufffd"
    return _WINDOWS.get(run, "")


def _active(text: str) -> Iterator[Edit]:
    if "<" in text:
        ends = dict(active.running(text))
        for found in active.ELEMENT.finditer(text):
            script = _NAME.match(found[0]) is not None
            end = ends.get(found.start(), found.end()) if script else _tag_end(text, found)
            yield Edit(found.start(), end)
        yield from (Edit(*found.span()) for found in _TAIL.finditer(text))
        for tag in active.TAG.finditer(text):
            for handler in active.HANDLER.finditer(text, *tag.span()):
                start = handler.start() - text[handler.start() - 1].isspace()
                yield Edit(start, handler.end())
    yield from (Edit(*found.span("url")) for found in active.ADDRESS.finditer(text))


def _tag_end(text: str, found: re.Match[str]) -> int:
    end = text.find(">", found.end() - 1, found.end() + _OWN)
    return end + 1 if end >= 0 else found.end()


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Pieces that no composition crosses: each begins where ASCII does, at the latest.

    An ASCII letter composes with marks that follow, so it begins the next piece.
    """
    start = 0
    for found in _BORDER.finditer(text):
        if found.start() > start:
            yield start, found.start()
            start = found.start()
    if start < len(text):
        yield start, len(text)


_BORDER: Final = re.compile(r"[\x00-\x7f](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[\x00-\x7f]|(?<=\s)\S")
