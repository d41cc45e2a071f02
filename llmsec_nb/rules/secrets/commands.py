"""Credentials where a syntax of its own, not a name, says what they are: commands, SQL, headers."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .assignment import Assignment, How

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.detector import Sign

_ARGUMENTS: Final = r"(?:[^\r\n\\|&;]|\\\r?\n|\\[^\r\n]){0,400}?[ \t]"
_WORD: Final = r"(?:\\?[\"'](?P<value>[^\"'\r\n\\]{3,200})\\?[\"']|(?P<bare>[^\s\"'<>|;\\]{3,200}))"
_USER: Final = r"\\?[\"']?[^\s:\"'<>{}$]{1,80}:(?P<value>[^\s\"'<>\\]{3,200})"


class Syntax(NamedTuple):
    """What follows a literal, and what the value is called."""

    name: str
    pattern: re.Pattern[str]


def _syntax(name: str, pattern: str) -> Syntax:
    return Syntax(name, re.compile(pattern, re.IGNORECASE))


_GLUED_P: Final = _syntax("password", rf"\w{{2,10}}\b{_ARGUMENTS}(?-i:-p){_WORD}")
SYNTAXES: Final = {
    "curl": _syntax("password", rf"curl\b{_ARGUMENTS}(?-i:-u|-U|--user|--proxy-user)[ \t=]{{0,3}}{_USER}"),
    "wget": _syntax("password", rf"wget\b{_ARGUMENTS}--(?:http-|ftp-)?password[ \t=]{_WORD}"),
    "sshpass": _syntax("password", rf"sshpass[ \t]{{1,3}}-p[ \t]{{0,3}}{_WORD}"),
    "mysql": _GLUED_P,
    "mysqldump": _GLUED_P,
    "docker login": _syntax("password", rf"docker[ ]login\b{_ARGUMENTS}(?:-p|--password)[ \t=]{{1,3}}{_WORD}"),
    "podman login": _syntax("password", rf"podman[ ]login\b{_ARGUMENTS}(?:-p|--password)[ \t=]{{1,3}}{_WORD}"),
    "az login": _syntax("password", rf"az[ ]login\b{_ARGUMENTS}(?:-p|--password)[ \t=]{{1,3}}{_WORD}"),
    "redis-cli": _syntax("password", rf"redis-cli\b{_ARGUMENTS}-a[ \t]{{1,3}}{_WORD}"),
    "mongo": _syntax("password", rf"mongo(?:sh|dump|restore|import|export)?\b{_ARGUMENTS}-p[ \t]{{1,3}}{_WORD}"),
    "ldapsearch": _syntax("password", rf"ldapsearch\b{_ARGUMENTS}-w[ \t]{{1,3}}{_WORD}"),
    "htpasswd": _syntax("password", rf"htpasswd[ \t]{{1,3}}-[a-z]{{0,4}}b[a-z]{{0,4}}[ \t]{{1,3}}\S{{1,200}}[ \t]{{1,3}}\S{{1,80}}[ \t]{{1,3}}{_WORD}"),
    "securestring": _syntax("password", rf"securestring[ \t]{{1,3}}(?:-string[ \t]{{1,3}})?(?:-asplaintext[ \t]{{1,3}})?(?:-force[ \t]{{1,3}})?{_WORD}"),
    "identified": _syntax("password", r"identified[ \t]{1,3}(?:with[ \t]{1,3}\S{1,60}[ \t]{1,3})?by[ \t]{1,3}(?:password[ \t]{1,3})?\\?[\"'](?P<value>[^\"'\r\n\\]{3,200})"),
    "credential": _syntax("password", r"credentials?\([ \t\r\n]{0,80}[\"'][^\"'\r\n]{1,120}[\"'],[ \t\r\n]{0,80}[\"'](?P<value>[^\"'\r\n]{3,200})[\"']"),
    "bearer": _syntax("bearer_token", r"bearer[ ]{1,3}(?P<value>[A-Za-z0-9._~+/=-]{8,2000})"),
}  # fmt: skip
BASIC: Final = "basic "
LITERALS: Final = (*SYNTAXES, BASIC)
_BASIC: Final = re.compile(r"(?i:basic)[ ]{1,3}(?P<value>[A-Za-z0-9+/_-]{8,400}={0,2})(?![A-Za-z0-9+/=])")


class Basic(NamedTuple):
    """A header of basic authentication: where its payload is, and the password in it."""

    start: int
    end: int
    password: str


def commanded(content: str, signs: Iterable[Sign]) -> Iterator[Assignment]:
    """The values that commands and statements take."""
    for start, literal in signs:
        syntax = SYNTAXES.get(literal)
        found = syntax.pattern.match(content, start) if syntax else None
        if syntax and found and not content[max(0, start - 1) : start].isidentifier():
            group = "value" if found["value"] else "bare"
            yield Assignment(syntax.name, *found.span(group), found[group], How.QUOTED)


def basics(content: str, signs: Iterable[Sign]) -> Iterator[Basic]:
    """The headers of basic authentication whose payload is a user and a password."""
    for start, literal in signs:
        found = _BASIC.match(content, start) if literal == BASIC else None
        if found is not None:
            user, colon, password = _decoded(found["value"]).partition(":")
            if colon and user and password.isprintable():
                yield Basic(*found.span("value"), password)


def _decoded(payload: str) -> str:
    try:
        raw = base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_" if "-" in payload or "_" in payload else None)
        return raw.decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
