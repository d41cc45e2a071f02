"""Credentials where a syntax of its own, not a name, says what they are: commands, SQL, headers."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .assignment import Assignment, How

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.detector import Sign

_WORD: Final = r"(?:\\?[\"'](?P<value>[^\"'\r\n\\]{3,200})\\?[\"']|(?P<bare>[^\s\"'<>|;\\]{3,200}))"
_USER: Final = r"\\?[\"']?[^\s:\"'<>{}$]{1,80}:(?P<value>[^\s\"'<>\\]{3,200})"
_OPEN: Final = r"[ \t\r\n]{0,80}\\?[\"']"
_COMMAND: Final = lazy(r"(?:[^\r\n\\]|\\\r?\n|\\.){0,4000}")


def _option(name: str, value: str = _WORD) -> re.Pattern[str]:
    return re.compile(rf"(?<=[ \t])(?:{name})[ \t=]{{1,3}}{value}")


_PASSWORD: Final = _option("-p|--password")
_GLUED: Final = lazy(rf"(?<=[ \t])-p{_WORD}")
OPTIONS: Final = {
    "curl": lazy(rf"(?<=[ \t])(?:-u|-U|--user|--proxy-user)[ \t=]{{0,3}}{_USER}"),
    "wget": _option("--(?:http-|ftp-|proxy-)?password"),
    "sshpass": lazy(rf"(?<=[ \t])-p[ \t]{{0,3}}{_WORD}"),
    "mysql": _GLUED,
    "docker login": _PASSWORD,
    "podman login": _PASSWORD,
    "az login": _PASSWORD,
    "redis-cli": _option("-a|--pass"),
    "mongo": _PASSWORD,
    "ldapsearch": _option("-w"),
    "htpasswd": lazy(rf"htpasswd[ \t]{{1,3}}-[a-z]{{0,4}}b[a-z]{{0,4}}[ \t]{{1,3}}\S{{1,200}}[ \t]{{1,3}}\S{{1,80}}[ \t]{{1,3}}{_WORD}"),
}  # fmt: skip
"""Commands, and their options that take a password."""
STATEMENTS: Final = {
    "securestring": lazy(rf"(?i:securestring(?:[ \t]{{1,3}}-(?:string|asplaintext|force)){{0,3}})[ \t]{{1,3}}{_WORD}"),
    "identified": lazy(r"(?i:identified[ \t]{1,3}(?:with[ \t]{1,3}\S{1,60}[ \t]{1,3})?by[ \t]{1,3}(?:password[ \t]{1,3})?)\\?[\"'](?P<value>[^\"'\r\n\\]{3,200})"),
    "credential": lazy(rf"(?i:credentials?)\({_OPEN}[^\"'\r\n]{{1,120}}[\"'],{_OPEN}(?P<value>[^\"'\r\n]{{3,200}})[\"']"),
    "bearer": lazy(r"(?i:bearer)[ ]{1,3}(?P<value>[A-Za-z0-9._~+/-]{8,4000}={0,2})"),
}  # fmt: skip
"""Literals, and what follows them."""
BEARER: Final = "bearer_token"
"""The name of the token of an authorization header."""
BASIC: Final = "basic "
LITERALS: Final = (*OPTIONS, *STATEMENTS, BASIC)
_BASIC: Final = lazy(r"(?i:basic)[ ]{1,3}(?P<value>[A-Za-z0-9+/_-]{8,400}={0,2})(?![A-Za-z0-9+/=])")


class Basic(NamedTuple):
    """A header of basic authentication: where its payload is, and what it says."""

    start: int
    end: int
    user: str
    password: str


def commanded(content: str, signs: Iterable[Sign]) -> Iterator[Assignment]:
    """The values that commands and statements take; each command is read once."""
    done: dict[str, int] = {}
    for start, literal in signs:
        if literal in STATEMENTS:
            found = STATEMENTS[literal].match(content, start)
            if found is not None:
                yield _made(BEARER if literal == "bearer" else "password", found)
        elif literal in OPTIONS and start >= done.get(literal, 0):
            command = _COMMAND.match(content, start)
            done[literal] = end = command.end() if command else start
            for found in OPTIONS[literal].finditer(content, start, end):
                yield _made("password", found)


def _made(name: str, found: re.Match[str]) -> Assignment:
    group = "value" if found["value"] else "bare"
    return Assignment(name, *found.span(group), found[group], How.QUOTED)


def basics(content: str, signs: Iterable[Sign]) -> Iterator[Basic]:
    """The headers of basic authentication whose payload is a user and a password."""
    for start, literal in signs:
        found = _BASIC.match(content, start) if literal == BASIC else None
        if found is not None:
            user, colon, password = _decoded(found["value"]).partition(":")
            if colon and user and password.isprintable():
                yield Basic(*found.span("value"), user, password)


def _decoded(payload: str) -> str:
    plain = payload.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8")
    except ValueError:
        return ""
