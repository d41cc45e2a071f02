"""Addresses of images and links that take data along: what a chat shows, it sends."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from .hits import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

EXFILTRATION: Final = "exfiltration"

GATE: Final = (
    r"(?i)(?:\]\(|\]:|url\(|(?:src|href)\s*=\s*[\"']?)\s*<?(?:https?:)?//[^\s)>]*[?&={$\[%]"
)
"""Without a match of it there is nothing to find. Syntax of RE2 and of Python."""
_LINK: Final = re.compile(
    r"(?:(?P<image>!)?\[[^\[\]\n]{0,300}\]\(\s{0,4}<?"
    r"|(?P<tag><img\s[^<>]{0,400}?\bsrc\s{0,4}=\s{0,4}[\"']?|\burl\(\s{0,4}[\"']?)"
    r"|<a\s[^<>]{0,400}?\bhref\s{0,4}=\s{0,4}[\"']?"
    r"|\[[^\[\]\n]{1,100}\]:\s{0,4}<?)(?P<url>(?:https?:)?//[^\s>\"')]{3,4000})\)?",
    re.IGNORECASE,
)
_PRIVATE: Final = (
    r"(?:conversation|chat|history|prompt|context|system|secret|password|passwd|credential|cookie|"
    r"session|api_?key|token|user_?(?:input|data|query|message|info|name)|message|summary|email|"
    r"leak|exfil|stolen|private|ssn|data|info|content|answer|response|text|memory)"
)
_HOLE: Final = re.compile(
    r"\{\{?\s{0,4}[\w .$-]{1,60}\}?\}|\$\{[\w .]{1,60}\}|%7B[\w .%-]{1,60}?%7D"
    r"|\[[A-Z_ ]{3,60}\]|<[A-Za-z_ ]{3,60}>|\{\s{0,2}\}",
    re.IGNORECASE,
)
"""Where something is to be filled in."""
_NAMED_HOLE: Final = re.compile(rf"[^\w]{{1,4}}[\w ]{{0,24}}{_PRIVATE}", re.IGNORECASE)
_FIELD: Final = re.compile(r"[?&](?P<name>[\w.\[\]-]{1,60})=(?P<value>[^&#\s)]{0,4000})")
_TELLING: Final = re.compile(rf"(?:\w{{0,24}}_)?{_PRIVATE}s?(?:_\w{{0,24}})?\Z", re.IGNORECASE)
_WORDS: Final = re.compile(r"(?:[^\W\d_]{2,20}[ ,.:;!?]{1,3}){3}")
_MAIL: Final = re.compile(r"[\w.+-]{2,40}@[\w-]{2,40}\.\w{2,10}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{16,4000}={0,2}\Z")
_OPEN: Final = frozenset({"q", "d", "data", "payload", "p", "x", "exfil", "leak", "secret", "msg"})


def find(text: str) -> Iterator[Hit]:
    """Images and links with a place to fill in, or with words of the conversation in a field."""
    for found in _LINK.finditer(text):
        url = found["url"]
        image = bool(found["image"] or found["tag"])
        if _carries(url, image=image):
            yield Hit(EXFILTRATION, found.start(), found.end())


def _carries(url: str, *, image: bool) -> bool:
    fields = list(_FIELD.finditer(url))
    query = url[url.find("?") :] if "?" in url else ""
    holes = [hole[0] for hole in _HOLE.finditer(query)]
    if any(_NAMED_HOLE.match(hole) for hole in holes) or (image and holes):
        return True
    for field in fields:
        value = field["value"]
        telling = _TELLING.match(field["name"]) is not None
        plain = unquote_plus(value)
        if _says(_unpacked(value)) or (image and telling and _says(plain)):
            return True
        if image and not value and (telling or field["name"].lower() in _OPEN):
            return True
    return False


def _says(plain: str) -> bool:
    """Whether it is running text, or somebody's address."""
    return _WORDS.search(plain) is not None or _MAIL.search(plain) is not None


def _unpacked(value: str) -> str:
    if not _BASE64.match(value):
        return ""
    try:
        return base64.urlsafe_b64decode(
            value.rstrip("=").replace("+", "-").replace("/", "_")
            + "=" * (-len(value.rstrip("=")) % 4)
        ).decode()
    except (binascii.Error, ValueError):
        return ""
