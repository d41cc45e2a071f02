"""Other spellings of the same text: escapes resolved, pieces of strings put together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.artifact import Scale
from ..core.lazy import lazy
from ..core.rule import Kind
from .rewrite import Change, Rewriter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..core.artifact import Text

ESCAPED: Final = lazy(
    r"\\(?:x[0-9a-fA-F]{2}|u\{?[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\"/]|(?:[0-7]{3}\\){2})"
)
"""What makes a text worth unescaping."""
_ESCAPE: Final = lazy(
    r"(?P<x>(?:\\x[0-7][0-9a-fA-F])+)|(?P<u>(?:\\u00[0-7][0-9a-fA-F])+)"
    r"|\\(?:u\{0{0,4}(?P<braced>[0-7][0-9a-fA-F])\}|U000000(?P<long>[0-7][0-9a-fA-F])"
    r"|(?P<octal>[01][0-7]{2})|(?P<plain>[\"'/\\nrt]))"
)
"""Escapes of ASCII alone: one of something else hides nothing that is looked for."""
_PLAIN: Final = {"n": "\n", "r": "\r", "t": "\t"}

PERCENT: Final = lazy(r"%[0-7][0-9A-Fa-f]")
"""An octet of a URL that is ASCII."""
_OCTETS: Final = lazy(r"(?:%[0-7][0-9A-Fa-f])+")

JUNCTION: Final = lazy(
    r"[\"'`][ \t]{0,8}(?:[+&][ \t]{0,8}(?:\\?\r?\n[ \t]{0,80})?"
    r"|\\?\r?\n[ \t]{0,80}(?:[+.][ \t]{0,8})?|[ \t]\.[ \t]|[ \t])[rbufRBUF]{0,2}[\"'`]"
)
"""From the closing quote of a string to the opening quote of the one that it is joined with."""
_EMPTY: Final = frozenset("\"'`")
JOIN: Final = lazy(
    r"[rbufRBUF]?(?P<quote>[\"'])(?P<sep>[^\"'\\\r\n]{0,4})(?P=quote)[ \t]{0,4}"
    r"\.join\([ \t\r\n]{0,80}[\[(]"
)
_ITEM: Final = lazy(
    r"[ \t\r\n]{0,80}(?P<quote>[\"'])(?P<item>[^\"'\\\r\n]{0,400})(?P=quote)"
    r"[ \t\r\n]{0,80}(?P<comma>,?)"
)
_JOINED: Final = lazy(r"[ \t\r\n]{0,80}[\])][ \t\r\n]{0,80}\)")
_CONSTANT: Final = lazy(
    r"^[ \t]{0,40}(?P<name>[A-Za-z_]\w{0,60})[ \t]{0,8}=[ \t]{0,8}(?P<quote>[\"'])"
    r"(?P<value>[^\"'\\\r\n{}]{1,200})(?P=quote)[ \t]{0,8}(?:[#;]|\r?$)",
    re.MULTILINE,
)
_NAMED: Final = lazy(r"\{(?P<name>[A-Za-z_]\w{0,60})\}")
_SUM: Final = lazy(
    r"=[ \t]{0,8}(?P<sum>[A-Za-z_]\w{0,60}(?:[ \t]{0,4}\+[ \t]{0,4}[A-Za-z_]\w{0,60}){1,8})"
    r"[ \t]{0,8}\r?$",
    re.MULTILINE,
)
"""A sum of names."""
_BEFORE: Final = lazy(r"[\w-]{6}\Z")
_AFTER: Final = lazy(r"[\w-]{6}|\{")
_FOLDED: Final = frozenset({Kind.CODE, Kind.SCRIPT, Kind.MARKDOWN, Kind.TEXT, Kind.STREAM})


def spellings(text: Text) -> Iterator[Text]:
    """The views of a text in which escapes and joined strings read as what they stand for."""
    content = text.text
    if "\\" in content and ESCAPED.search(content):
        yield Rewriter(content).change(map(_unescaped, _ESCAPE.finditer(content))).view(text)
    if "%" in content and PERCENT.search(content):
        yield Rewriter(content).change(map(_unquoted, _OCTETS.finditer(content))).view(text)
    if text.kind in _FOLDED:
        changes = _folds(content)
        if changes:
            yield Rewriter(content).change(changes).view(text)


def may_fold(kind: Kind, content: str) -> bool:
    """Whether `spellings` may put strings of a text together."""
    if kind not in _FOLDED:
        return False
    if JUNCTION.search(content) or ".join(" in content:
        return True
    named = ("{" in content and next(_parts(content), None) is not None) or (
        "+" in content and _SUM.search(content) is not None
    )
    return named and _CONSTANT.search(content) is not None


def _parts(content: str) -> Iterator[re.Match[str]]:
    """Names in an f-string that are only a part of a word."""
    for found in _NAMED.finditer(content):
        start, end = found.span()
        if _BEFORE.search(content[max(0, start - 6) : start]) or _AFTER.match(content, end):
            yield found


def _unescaped(found: re.Match[str]) -> Change:
    start, end = found.span()
    kind = found.lastgroup or ""
    if kind == "x":
        return Change(start, end, _characters(found[0].replace("\\x", "")), Scale.ESCAPE)
    if kind == "u":
        return Change(start, end, _characters(found[0].replace("\\u00", "")), Scale.UNICODE)
    if kind == "plain":
        return Change(start, end, _PLAIN.get(found[kind], found[kind]))
    return Change(start, end, chr(int(found[kind], 8 if kind == "octal" else 16)))


def _unquoted(found: re.Match[str]) -> Change:
    return Change(*found.span(), _characters(found[0].replace("%", "")), Scale.PERCENT)


def _characters(digits: str) -> str:
    return bytes.fromhex(digits).decode("ascii")


def _folds(content: str) -> list[Change]:
    """The changes that fold a source's strings, in order and apart from each other."""
    changes = [Change(*found.span(), "") for found in JUNCTION.finditer(content) if _joins(found)]
    if ".join(" in content:
        changes += (change for found in JOIN.finditer(content) for change in _join(found))
    changes += _with_constants(content)
    changes.sort()
    apart: list[Change] = []
    for change in changes:
        if not apart or change.start >= apart[-1].end:
            apart.append(change)
    return apart


def _joins(found: re.Match[str]) -> bool:
    """Not an empty string, nor one in three quotes."""
    content = found.string
    before = content[found.start() - 1 : found.start()]
    return before not in _EMPTY and content[found.end() : found.end() + 1] not in _EMPTY


def _join(found: re.Match[str]) -> list[Change]:
    changes: list[Change] = []
    position, last = found.end(), found.start()
    glue = found["quote"]
    while (item := _ITEM.match(found.string, position)) is not None:
        start, end = item.span("item")
        changes.append(Change(last, start, glue))
        glue, last, position = found["sep"], end, item.end()
        if not item["comma"]:
            break
    closing = _JOINED.match(found.string, position)
    if closing is None or not changes:
        return []
    return [*changes, Change(last, closing.end(), found["quote"])]


def _with_constants(content: str) -> list[Change]:
    known = {found["name"]: found["value"] for found in _CONSTANT.finditer(content)}
    changes = [
        Change(*found.span(), known[found["name"]])
        for found in (_parts(content) if known else ())
        if found["name"] in known
    ]
    for found in _SUM.finditer(content) if known else ():
        names = [name.strip() for name in found["sum"].split("+")]
        if all(name in known for name in names):
            whole = "".join(known[name] for name in names)
            changes.append(Change(*found.span("sum"), f'"{whole}"'))
    return changes
