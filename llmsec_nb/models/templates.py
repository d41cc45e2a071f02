"""Chat templates that reach from Jinja into Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ..core.rule import Confidence
from . import rules
from .values import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context

_OPENS: Final = re.compile(r"\{[{%]")
_LONGEST: Final = 20_000
_CODE: Final = re.compile(
    r"__(?:class|base|bases|mro|subclasses|globals|builtins|import|init|getattr|getattribute|dict"
    r"|code|self|module|loader|reduce|call|func|closure)__"
    r"|\\+x5f\\+x5f|\\+u005f\\+u005f|\\+137\\+137"
    r"|\b(?:os|posix|subprocess|builtins|sys|pty|importlib)\b\s{0,4}(?:\.|\[)\s{0,4}['\"]?(?:system|popen|exec\w*"
    r"|spawn\w*|run|call|check_output|Popen|environ|modules|import_module)"
    r"|\bimport\s{1,4}(?:os|subprocess|sys|socket|builtins)\b"
    r"|\b(?:eval|exec|getattr|__import__|globals)\s{0,4}\(|\.\s{0,4}(?:popen|system)\s{0,4}\("
    r"|\|\s{0,4}attr\s{0,4}\("
    r"|\b(?:lipsum|cycler|joiner|self|request|config|url_for|get_flashed_messages)\s{0,4}[.\[]\s{0,4}['\"]?_"
    r"|\brequest\s{0,4}[.\[]\s{0,4}['\"]?(?:application|environ|args)"
    r"|\bmro\s{0,4}\(|\bfunc_globals\b|\bgi_frame\b|\bf_globals\b|_module\s{0,2}\.\s{0,2}_"
)
_PIECES: Final = re.compile(r"\\.|['\"]|\}\}|%\}", re.DOTALL)
_STRING: Final = re.compile(r"'[^'\\]{0,300}'|\"[^\"\\]{0,300}\"")
_JOINED: Final = re.compile(
    r"['\"]__['\"]\s{0,4}(?:[~+]|,\s{0,4}['\"]\w{2,20}['\"]\s{0,4},\s{0,4}['\"]__)"
    r"|['\"]_['\"]\s{0,4}(?:\*\s{0,4}2|[~+]\s{0,4}['\"]_)|['\"]%c"
    r"|__['\"]\s{0,4}(?:\|\s{0,4}reverse\b|\[\s{0,4}:\s{0,4}:\s{0,4}-)"
    r"|\|\s{0,4}format\s{0,4}\(\s{0,4}95"
    r"|\w\s{0,4}\[\s{0,4}(?:['\"][^'\"]{0,40}['\"]|\w{1,40})\s{0,4}~"
)
"""Names of Python's insides that are put together from parts, and attributes so named."""
_CONTEXT: Final = 24


def check(text: str, where: str, context: Context) -> None:
    """Note an issue if an expression or a statement of the template reaches into Python.

    What stands outside of `{{ }}` and `{% %}` is text for a model, and may speak of anything;
    so may literals inside, unless they spell names of Python's insides.
    """
    for inside in _blocks(text):
        bare = _STRING.sub(_insides_only, inside)
        match = _CODE.search(bare) or _JOINED.search(inside)
        if match is not None:
            start = max(0, match.start() - _CONTEXT)
            shown = escaped(" ".join(match.string[start : match.end() + _CONTEXT].split()))
            context.issue(
                rules.TEMPLATE_CODE,
                f"The template in {where} would run {shown}",
                confidence=Confidence.HIGH,
            )
            return


def _blocks(text: str) -> Iterator[str]:
    """What stands in `{{ }}` and `{% %}`; of one that never ends, its start."""
    at = 0
    while (match := _OPENS.search(text, at)) is not None:
        start = match.end()
        end = _end(text, start, "}}" if match[0] == "{{" else "%}")
        if end < 0:
            yield text[start : start + _LONGEST]
            return
        yield text[start:end]
        at = end + 2


def _end(text: str, start: int, mark: str) -> int:
    """Where a block ends, which a mark within a literal does not; -1 if nowhere."""
    plain = text.find(mark, start)
    if plain < 0:
        return -1
    quote = ""
    for piece in _PIECES.finditer(text, start):
        found = piece[0]
        if found == quote:
            quote = ""
        elif not quote and found in {"'", '"'}:
            quote = found
        elif not quote and found == mark:
            return piece.start()
    return plain  # a literal that never ends: Jinja refuses it


def _insides_only(match: re.Match[str]) -> str:
    value = match[0]
    return value if "__" in value or len(value) < 12 else "''"


def check_values(value: Any, where: str, context: Context, deep: int = 0) -> None:
    """Check every text in a decoded JSON value that may be a template."""
    if isinstance(value, str):
        if "{{" in value or "{%" in value:
            check(value, where, context)
    elif isinstance(value, dict) and deep < 20:
        for key, inner in value.items():
            name = escaped(str(key)) if isinstance(key, str) else where
            check_values(inner, name if isinstance(inner, str) else where, context, deep + 1)
    elif isinstance(value, list) and deep < 20:
        for inner in value:
            check_values(inner, where, context, deep + 1)
