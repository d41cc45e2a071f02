"""Cython read as Python: what only it has becomes as many blanks, or a harmless statement.

Source: https://cython.readthedocs.io/en/latest/src/userguide/language_basics.html
"""

from __future__ import annotations

import re
from typing import Final

from ..core.lazy import lazy

_FUNCTION: Final = lazy(
    r"^(?P<indent>[ \t]{0,200})(?P<head>(?:cdef|cpdef|def)\b[^\n=:#()]{0,200}"
    r"\([^\n()]{0,1000}\)[^\n:#]{0,200}):",
    re.MULTILINE,
)
"""A function whose parameters have types of C, or that gives one back."""
_CLASS: Final = lazy(
    r"^(?P<indent>[ \t]{0,200})(?P<head>(?:cdef|cpdef|ctypedef)\b[^\n=:()]{0,200}"
    r"(?:\([^\n()]{0,300}\))?):[ \t]*$",
    re.MULTILINE,
)
"""A block of declarations, a class, a structure."""
_IMPORT: Final = lazy(
    r"^[ \t]{0,200}(?:from[ \t]{1,9}[\w.]{1,200}[ \t]{1,9})?cimport\b[^\n]{0,500}"
    r"|^[ \t]{0,200}(?:ctypedef\b|include[ \t]+[\"']|DEF[ \t]+\w)[^\n:]{0,500}$",
    re.MULTILINE,
)
_VARIABLE: Final = lazy(
    r"^(?P<indent>[ \t]{0,200})(?P<head>cdef\b(?:[^\n=:(#\[]|\[[^\n\]]{0,60}\]){1,200}?)"
    r"(?P<name>[A-Za-z_]\w{0,80})[ \t]{0,9}(?P<rest>=|$)",
    re.MULTILINE,
)
_CAST: Final = lazy(r"<[ \t]{0,9}[A-Za-z_][\w. \t]{0,60}(?:\*|\[:\])?[ \t]{0,9}>(?=[\w(&])")
_PARAMETER: Final = r"[ \t]{0,9}\*{0,2}\w{1,80}[ \t]{0,9}(?:=[^,()]{1,80})?"
_PLAIN: Final = lazy(
    rf"def[ \t]{{1,9}}\w{{1,80}}\((?:{_PARAMETER}(?:,{_PARAMETER}){{0,60}})?,?[ \t]{{0,9}}\)"
    r"[ \t]{0,9}"
)


def as_python(text: str) -> str:
    """The text with as many characters, each at its place, of which Python can read the most."""
    text = _IMPORT.sub(lambda found: _statement(found[0], "0"), text)
    text = _FUNCTION.sub(_function, text)
    text = _CLASS.sub(lambda found: f"{found['indent']}{_padded('if 1', found['head'])}:", text)
    text = _VARIABLE.sub(_variable, text)
    return _CAST.sub(lambda found: " " * len(found[0]), text)


def _function(found: re.Match[str]) -> str:
    """`if 1:` in place of what is no head of Python: what stands below is read all the same."""
    if _PLAIN.fullmatch(found["head"]):
        return found[0]
    return f"{found['indent']}{_padded('if 1', found['head'])}:"


def _variable(found: re.Match[str]) -> str:
    head = _padded("0;", found["head"])
    return f"{found['indent']}{head}{found[0][len(found['indent']) + len(head) :]}"


def _statement(line: str, word: str) -> str:
    blank = len(line) - len(line.lstrip())
    return line[:blank] + _padded(word, line[blank:])


def _padded(word: str, instead: str) -> str:
    return word.ljust(len(instead))
