"""Passwords that sentences tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .assignment import Assignment, How

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.detector import Sign

LITERALS: Final = (
    "log in", "logged in", "logging in", "logs in", "sign in", "anmeld", "einlogg", "zugangsdaten", "identifiants",
    "mot de passe", "wachtwoord",
)  # fmt: skip
_NOUNS: Final = frozenset(
    {"pass", "pwd", "kennwort", "contrase", "senha", "clave", "mot de passe", "wachtwoord"}
)
_LOGINS: Final = frozenset({*LITERALS[:9], "login", "credential"})
_NOUN: Final = (
    r"(?:pass ?words?|passwd|pass ?phrase|pass ?code|passwort|kennwort|mot de passe|contrase(?:ñ|n)a"
    r"|senha|clave|wachtwoord|pwd)"
)
_VERB: Final = r"(?:is|was|are|will be|to|as|ist|lautet|wurde|auf|est|es|era|should be|must be|remains|stays|=|-+>|→)"
_VALUE: Final = r"[\"'`\u201c\u2018«*]{0,3}(?P<value>[^\s\"'`\u201c\u201d\u2018\u2019«»<>*]{4,64})"
_AFTER: Final = lazy(
    rf"{_NOUN}(?:[*\"'`]{{0,2}}[ ](?:for|of|on|to|at|für|von|du|de|para)[ ][^\r\n:=]{{1,50}}?)?"
    rf"(?:[ ]{{1,3}}{_VERB}|[ ]{{0,2}}:)(?:[ ](?:now|set|still|always|currently|simply|just|jetzt|to)){{0,2}}[ \t]{{1,4}}{_VALUE}",
    re.IGNORECASE,
)
_BEFORE: Final = lazy(
    rf"\b(?:use|using|with|enter|try|type|set|verwende|nimm|mit|avec|con|gib)[ ]{_VALUE}[\"'`\u201d\u2019»*]{{0,3}}[ ]"
    r"(?:as|is|for|als|comme|como)[ ](?:(?:the|my|your|our|a|das|le|la)[ ])?(?:[a-z]{2,20}[ ])?\Z",
    re.IGNORECASE,
)
_BACK: Final = 140
_LINK: Final = lazy(r" (?:as|is|for|als|comme|como) ", re.IGNORECASE)
_LINKED: Final = 40
_PAIR: Final = lazy(
    r"[^\r\n]{3,50}?[ ][\"'`*]{0,2}[\w.@+-]{2,40}[\"'`*]{0,2}"
    rf"(?:[ ]?[/|][ ]?|:(?![ /])|[ ](?:and|und|et|y)[ ]){_VALUE}"
)


def told(content: str, signs: Iterable[Sign]) -> Iterator[Assignment]:
    """What may be a password by the words around it."""
    for start, literal in signs:
        if literal in _NOUNS:
            found = _AFTER.match(content, start)
            if found is not None:
                yield _made(found, 0)
            before = content[max(0, start - _BACK) : start]
            if before.endswith(" ") and _LINK.search(before, len(before) - _LINKED):
                found = _BEFORE.search(before)
                if found is not None:
                    yield _made(found, start - len(before))
        elif literal in _LOGINS:
            found = _PAIR.match(content, start)
            if found is not None:
                yield _made(found, 0)


def _made(found: re.Match[str], base: int) -> Assignment:
    value = found["value"].rstrip(".,;:!?)]")
    start = base + found.start("value")
    return Assignment("password", start, start + len(value), value, How.PROSE)
