"""What a value looks like, without the value: letters and digits are stars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

STARS: Final = "***"
_LONGEST: Final = 40
_RUN: Final = re.compile(r"\*{5,}")
_KEPT: Final = frozenset(" -./:@()+,_*")
_CALLING: Final = re.compile(r"\+([0-9]{1,3})")
_TWO: Final = frozenset(
    str(code)
    for first, last in (
        *((20, 20), (27, 27), (30, 34), (36, 36), (39, 41), (43, 49), (51, 58)),
        *((60, 66), (81, 82), (84, 84), (86, 86), (90, 95), (98, 98)),
    )
    for code in range(first, last + 1)
)
"""Calling codes of two digits (ITU-T E.164, list of assigned codes)."""
_ENDINGS: Final = frozenset({"com", "org", "net", "edu", "gov", "io", "info", "biz"})


def masked(value: str, entity: str) -> str:
    """A mask, from which the value cannot be told: at most an ending or a calling code is left."""
    if entity == "EMAIL_ADDRESS":
        ending = value.rpartition(".")[2].lower()
        return f"{STARS}@{STARS}.{ending if ending in _ENDINGS else STARS}"
    if entity == "PHONE_NUMBER" and (code := _code(value)):
        return f"+{code} {STARS}"
    stars = "".join(char if char in _KEPT else "*" for char in value[:_LONGEST])
    return _RUN.sub(STARS, stars) or STARS


def masks(values: Iterable[str], entity: str, most: int = 3) -> tuple[str, ...]:
    """The masks of some values, each once."""
    return tuple(dict.fromkeys(masked(value, entity) for value in values))[:most]


def _code(value: str) -> str:
    found = _CALLING.match(value)
    if not found:
        return ""
    digits = found[1]
    if digits[0] in "17":
        return digits[0]
    return digits[:2] if digits[:2] in _TWO else digits[:3]
