"""The numbering plans of the world's telephone networks, as the package `phonenumbers` knows them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from phonenumbers.phonemetadata import PhoneMetadata

_NORTH_AMERICA: Final = "1"
_KEPT: Final = 256
"""Numbers whose country is remembered while several forms look at them."""
_KINDS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
)  # fmt: skip


class Plan(NamedTuple):
    """Which numbers a country gives out, and the prefix that is dialled within it."""

    numbers: re.Pattern[str]
    trunk: str


@cache
def plan(region: str) -> Plan | None:
    """The plan of a country; None: there is none."""
    from phonenumbers import PhoneMetadata as Metadata

    data: PhoneMetadata | None = Metadata.metadata_for_region(region)
    if data is None:
        return None
    kinds = [getattr(data, kind, None) for kind in _KINDS]
    forms = [kind.national_number_pattern for kind in kinds if kind]
    joined = "|".join(f"(?:{form})" for form in forms if form and form != "NA")
    return Plan(re.compile(joined), data.national_prefix or "")


@cache
def regions(code: str) -> tuple[str, ...]:
    """The countries that share a country code such as "49"; none: nobody has it."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return tuple(COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()))


@lru_cache(_KEPT)
def country_abroad(digits: str) -> str | None:
    """The country of a number that begins with a country code; None: it is no valid one."""
    if digits.startswith("0"):
        return None
    for size in (1, 2, 3):
        own = regions(digits[:size])
        if own:
            found = next((r for r in own if is_of(r, digits[size:])), None)
            rest = digits[size:].removeprefix("0")
            return found or next((r for r in own if r != "IT" and is_of(r, rest)), None)
    return None


def is_of(region: str, national: str) -> bool:
    """Whether a country gives out a number, which is written without its trunk prefix."""
    known = plan(region)
    return known is not None and known.numbers.fullmatch(national) is not None


@lru_cache(_KEPT)
def country_at_home(digits: str, countries: tuple[str, ...]) -> str | None:
    """The country within which a number is dialled like this; None: it is none of these.

    Empty if it is more than one of them.
    """
    fitting = (region for region in countries if is_dialled(region, digits))
    first = next(fitting, None)
    return first if first is None or next(fitting, None) is None else ""


def is_dialled(region: str, digits: str) -> bool:
    """Whether a number is one of a country, trunk prefix included."""
    known = plan(region)
    if known is None or not digits.startswith(known.trunk):
        return False
    return known.numbers.fullmatch(digits.removeprefix(known.trunk)) is not None


@lru_cache(_KEPT)
def country_in_america(digits: str) -> str | None:
    """The country of ten digits of the North American plan."""
    return next((region for region in regions(_NORTH_AMERICA) if is_of(region, digits)), None)
