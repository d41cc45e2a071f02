"""Names with values: what a text calls a key, a token or a password, and what it sets it to."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.rule import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.artifact import Text

_WORDS: Final = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "credential",
    "authorization",
    "login",
    "client",
)
_WORD: Final = re.compile("|".join(_WORDS), re.IGNORECASE)
_NAME_CHARS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
_LONGEST_NAME: Final = 80
_QUOTED: Final = (
    r"""(?P<quote>\"\"\"|'''|\\?["'`])(?P<quoted>(?:\\[^\r\n]|[^\\\r\n]){1,600}?)(?P=quote)"""
)
_PREFIX: Final = r"[rbufRBUF]{0,2}"
_OPERATOR: Final = re.compile(
    r"""(?P<close>\\?["'`]?)\]?
        (?:
            [ \t]{0,16}(?::[ \t]{0,4}[A-Za-z_.\[\] |]{1,40}[ \t]{0,4})?(?P<sign>:=|=>|={1,3}|:|<-)[ \t]{0,16}
          | (?<!\])[ \t]{0,8},[ \t]{0,8}(?P<comma>)
          | [ \t]{0,4}\([ \t\r\n]{0,40}(?P<call>)
          | (?P<space>[ \t]{1,4})(?=[^\s=:])
        )""",
    re.VERBOSE,
)
_STRING: Final = re.compile(r"(?:\([ \t]{0,16})?(?:\\?\r?\n[ \t]{0,80})?" + _PREFIX + _QUOTED)
_BARE: Final = re.compile(
    r"""(?:(?:Bearer|Basic|Token)[ ]{1,4})?(?P<bare>[^\s"'`,;<>()\[\]{}|]{4,600})"""
)
_LINE: Final = re.compile(r"(?P<bare>[^\s\"'#<>\[{|&*!][^\r\n#]{3,600})")
_SCHEME: Final = re.compile(r"(?:Bearer|Basic|Token|token|bearer)[ ]{1,4}")
_SHELL_LINE: Final = re.compile(
    r"[ \t]{0,16}(?:%(?:set_)?env\b|[!%]|export\b|set\b|ENV\b|ARG\b|[#][ \t]*%|\$[ ]|curl\b|docker\b)"
)
_BARE_KINDS: Final = frozenset({Kind.CONFIG, Kind.STREAM, Kind.TEXT, Kind.MARKDOWN})
_ENV: Final = re.compile(r"[ \t]{0,16}%(?:set_)?env[ ]")
_FLAG: Final = re.compile(r"--?[A-Za-z]")


class Assignment(NamedTuple):
    """A value that a text gives to a name, and how."""

    name: str
    start: int
    end: int
    value: str
    quoted: bool
    call: bool


def assignments(text: Text) -> Iterator[Assignment]:
    """Every value that stands where a name with a telling word expects one."""
    content = text.text
    for field in text.fields:
        if _is_telling(field.name):
            yield _of_field(content, field.name, field.start, field.end)
    if text.fields or text.kind is Kind.BINARY or not has_telling_word(content):
        return
    last_end = -1
    for word in _WORD.finditer(content):
        if word.start() < last_end:
            continue
        start, end = _name_around(content, word.start(), word.end())
        last_end = end
        if end - start <= _LONGEST_NAME:
            yield from _after_name(text, content, start, end)


@lru_cache(4096)
def _is_telling(name: str) -> bool:
    return _WORD.search(name) is not None


def has_telling_word(content: str) -> bool:
    """Whether a word occurs that names of secrets hold."""
    lowered = content.lower()
    return any(word in lowered for word in _WORDS)


def _of_field(content: str, name: str, start: int, end: int) -> Assignment:
    scheme = _SCHEME.match(content, start, end)
    first = scheme.end() if scheme else start
    return Assignment(name, first, end, content[first:end], quoted=True, call=False)


def _name_around(content: str, start: int, end: int) -> tuple[int, int]:
    lowest = max(0, start - _LONGEST_NAME)
    while start > lowest and content[start - 1] in _NAME_CHARS:
        start -= 1
    highest = min(len(content), end + _LONGEST_NAME)
    while end < highest and content[end] in _NAME_CHARS:
        end += 1
    return start, end


def _after_name(text: Text, content: str, start: int, end: int) -> Iterator[Assignment]:
    operator = _OPERATOR.match(content, end)
    if operator is None:
        return
    name = content[start:end]
    quoted_name = bool(operator["close"])
    if operator["comma"] is not None and not quoted_name:
        return
    if operator["space"] is not None and not _takes_space(content, start, name):
        return
    string = _STRING.match(content, operator.end())
    call = operator["call"] is not None
    if string is not None:
        first, last = string.span("quoted")
        scheme = _SCHEME.match(content, first, last)
        first = scheme.end() if scheme else first
        yield Assignment(name, first, last, content[first:last], quoted=True, call=call)
    elif not call and operator["comma"] is None and _bare_allowed(text, content, start):
        pattern = _LINE if text.kind is Kind.CONFIG and operator["sign"] else _BARE
        bare = pattern.match(content, operator.end())
        if bare is not None:
            first, last = bare.span("bare")
            last -= len(bare["bare"]) - len(bare["bare"].rstrip(".,;: \t"))
            yield Assignment(name, first, last, content[first:last], quoted=False, call=False)


def _takes_space(content: str, start: int, name: str) -> bool:
    """Whether a blank separates name and value: `--password x`, `%env NAME x`."""
    line = content.rfind("\n", 0, start) + 1
    return _FLAG.match(name) is not None or _ENV.match(content, line, start) is not None


def _bare_allowed(text: Text, content: str, start: int) -> bool:
    if text.kind in _BARE_KINDS:
        return True
    line = content.rfind("\n", 0, start) + 1
    if _SHELL_LINE.match(content, line):
        return True
    head = content[:200].lstrip()
    return head.startswith(("%%bash", "%%sh", "%%script", "%%writefile .env", "%%writefile env"))
