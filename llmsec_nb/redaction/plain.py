"""Strategies that need no key: stars, the name of the kind, less precise values."""

from __future__ import annotations

import ipaddress
import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from .dates import read_date
from .kinds import Family, family_of

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,20})?")
_YEAR: Final = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])")
_BAND: Final = 10
_OLDEST: Final = 90
_PREFIX: Final = 3
_MINUTES: Final = re.compile(r"[°'\"]")


def masked(value: str) -> str:
    """Stars for letters and digits; separators and the length stay."""
    return "".join("*" if char.isalnum() else char for char in value)


def named(kind: str) -> str:
    """What stands for a value of a kind."""
    return f"<{kind}>"


def general(kind: str, value: str, *, decade: bool = False) -> str | None:
    """A less precise text; None where a kind has none, or the text is not understood."""
    change = _TEXTS.get(family_of(kind))
    if change is None:
        return None
    return _date(value, decade=decade) if change is _date else change(value)


def general_day(day: date, *, decade: bool = False) -> date:
    """The first day of its year or decade, at midnight."""
    year = max(1, day.year - day.year % 10) if decade else day.year
    day = day.replace(year=year, month=1, day=1)
    if isinstance(day, datetime):
        more: dict[str, Any] = {"nanosecond": 0} if hasattr(day, "nanosecond") else {}  # pandas'
        return day.replace(hour=0, minute=0, second=0, microsecond=0, **more)
    return day


def general_number(kind: str, value: float) -> float:
    """The lower end of the band in which a number is; a coordinate with one decimal."""
    family = family_of(kind)
    if family is Family.COORDINATE:
        return round(value, 1)
    if family is Family.AGE:
        return min(value // _BAND * _BAND, _OLDEST)
    if family is Family.POSTCODE and value >= 1:
        return value // (step := 10.0 ** max(0, len(str(int(value))) - _PREFIX)) * step
    if value == 0 or not math.isfinite(value):
        return value
    step = 10.0 ** math.floor(math.log10(abs(value)))
    return math.copysign(abs(value) // step * step, value)


def _date(value: str, *, decade: bool = False) -> str | None:
    written = read_date(value)
    found = _YEAR.search(value)
    if written is None and found is None:
        return None
    year = written.day.year if written else int(found[0]) if found else 0
    return f"{year // 10 * 10}s" if decade else str(year)


def _age(value: str) -> str | None:
    if not value.strip().isdecimal():
        return None
    low = int(value) // _BAND * _BAND
    return f"{_OLDEST}+" if low >= _OLDEST else f"{low}-{low + _BAND - 1}"


def _postcode(value: str) -> str | None:
    """The first half, at most three characters; the rest as stars."""
    total = sum(map(str.isalnum, value))
    left = min(_PREFIX, (total + 1) // 2)
    chars: list[str] = []
    for char in value:
        if char.isalnum():
            left -= 1
        chars.append("*" if char.isalnum() and left < 0 else char)
    return "".join(chars)


def _network(value: str) -> str | None:
    """/24 of an IPv4 address, /48 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(value.partition("/")[0])
    except ValueError:
        return None
    size = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{size}", strict=False))


def _coordinate(value: str) -> str | None:
    if _MINUTES.search(value) or not _NUMBER.search(value):
        return None
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", value)


_TEXTS: Final[dict[Family, Callable[[str], str | None]]] = {
    Family.DATE: _date,
    Family.AGE: _age,
    Family.POSTCODE: _postcode,
    Family.IP: _network,
    Family.COORDINATE: _coordinate,
}
