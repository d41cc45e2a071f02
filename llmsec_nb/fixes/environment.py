"""A secret in code becomes a read of the environment."""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING, Final

from ..core.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.rule import Rule
    from .source import Literal, Source, Tokens

_PLAIN: Final = frozenset({"", "r", "u"})
_TELLING: Final = re.compile(r"KEY|TOKEN|SECRET|PASS|PWD|CRED|AUTH")
_VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,59}\Z")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST_LITERAL: Final = 20_000
_BRACES: Final = re.compile(r"[{}]")


def replacement(
    source: Source, start: int, end: int, rule: Rule, redact: Callable[[str], str]
) -> tuple[str, tuple[Edit, ...]] | None:
    """The variable and the edits that read it, or None where it cannot be done for sure."""
    tokens = source.tokens
    if source.tree is None or tokens is None or source.is_magic(start, end):
        return None
    literal = tokens.literal(start, end)
    if literal is None or literal.end - literal.start > _LONGEST_LITERAL:
        return None
    if _stands_alone(tokens, literal) or _names_a_string(tokens, literal):
        return None
    whole = literal.body == (start, end)
    given = _assigned(tokens, literal.number) if whole else ""
    variable = _variable(rule, given if redact(given) == given else "")
    edits = _read(tokens, literal, start, end, variable)
    if edits is None:
        return None
    line = source.lines.position(literal.start)[0]
    if source.imports_os is None or source.imports_os > line:
        at = source.import_at
        if at is None or at > literal.start:
            return None
        newline = "\r\n" if "\r\n" in source.text else "\n"
        edits = _merged(Edit(start=at, end=at, replacement=f"import os{newline}"), edits)
    return (variable, edits) if source.compiles(edits) else None


def _read(
    tokens: Tokens, literal: Literal, start: int, end: int, variable: str
) -> tuple[Edit, ...] | None:
    text, prefix = tokens.text, literal.prefix.lower()
    neighbours = {tokens.type(literal.number - 1), tokens.type(literal.number + 1)}
    blank = " " if text[literal.start - 1 : literal.start].isidentifier() else ""
    if literal.body == (start, end) and prefix in _PLAIN and tokenize.STRING not in neighbours:
        read = f'{blank}os.environ["{variable}"]'
        return (Edit(start=literal.start, end=literal.end, replacement=read),)
    quote = "'" if literal.quote[0] == '"' else '"'
    value = Edit(start=start, end=end, replacement=f"{{os.environ[{quote}{variable}{quote}]}}")
    first, last = literal.body
    if "f" in prefix:
        return (value,) if _in_text(text, first, start) and not _braced(text, start, end) else None
    if prefix or _braced(text, first, start) or _braced(text, end, last):
        return None
    at = literal.start
    return Edit(start=at, end=at, replacement=f"{blank}f"), value


def _merged(first: Edit, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Two edits at one place are one, so that their order is beyond doubt."""
    second, *others = edits
    if second.start > first.start:
        return first, *edits
    text = first.replacement + second.replacement
    return Edit(start=first.start, end=second.end, replacement=text), *others


def _braced(text: str, start: int, end: int) -> bool:
    return _BRACES.search(text, start, end) is not None


def _in_text(text: str, start: int, end: int) -> bool:
    """Whether the end of the span lies in the text of an f-string, not in one of its fields."""
    plain = text[start:end].replace("{{", "").replace("}}", "")
    return plain.count("{") == plain.count("}")


def _stands_alone(tokens: Tokens, literal: Literal) -> bool:
    """A docstring, or a text that is only shown: there is nothing to read it for."""
    before, after = tokens.type(literal.number - 1), tokens.type(literal.number + 1)
    return before == after == tokenize.NEWLINE


def _names_a_string(tokens: Tokens, literal: Literal) -> bool:
    """The key of a string: the variable's name would then look like that string's name."""
    follows = tokens.string(literal.number + 1) in {":", "=="}
    return follows and tokens.type(literal.number + 2) == tokenize.STRING


def _assigned(tokens: Tokens, index: int) -> str:
    """The name that the value gets: `name =`, `name: type =`, `"name":`, `x["name"] =`."""
    index -= 1
    while tokens.string(index) == "(":
        index -= 1
    sign = tokens.string(index)
    if sign not in {"=", ":=", ":"}:
        return ""
    index -= 1
    if sign == "=" and tokens.string(index - 1) == ":" and tokens.type(index - 2) == tokenize.NAME:
        index -= 2
    if tokens.string(index) == "]":
        index -= 1
    known = tokens.type(index) in {tokenize.NAME, tokenize.STRING}
    return tokens.string(index).strip("\"'") if known else ""


def _variable(rule: Rule, given: str) -> str:
    name = re.sub(r"\W+", "_", _HUMP.sub("_", given), flags=re.ASCII).upper()
    telling = _VARIABLE.match(name) is not None and _TELLING.search(name) is not None
    if telling and (not rule.variable or name.endswith("_API_KEY")):
        return name
    return rule.variable or rule.name.removeprefix("ds-").replace("-", "_").upper()
