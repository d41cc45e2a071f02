"""Check digits and dates inside numbers of persons and things; all take digits as text.

Sources: https://en.wikipedia.org/wiki/Luhn_algorithm, …/Verhoeff_algorithm, …/ISO/IEC_7064,
https://www.icao.int/publications/Documents/9303_p3_cons_en.pdf (section 4.9).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_TURNS: Final = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_SHUFFLE: Final = "1576283094"
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_OLDEST: Final = 120


def luhn(digits: str) -> bool:
    """Luhn: every second digit from the right is doubled, the sum of digits ends in 0."""
    odd = sum(map(int, digits[-1::-2]))
    return (odd + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def verhoeff(digits: str) -> bool:
    """Verhoeff: turns and reflections of a pentagon, each place shuffled once more."""
    state = "0"
    for place, digit in enumerate(reversed(digits)):
        moved = digit
        for _ in range(place % 8):
            moved = _SHUFFLE[int(moved)]
        state = _TURNS[int(state)][int(moved)]
    return state == "0"


def weighted(digits: str, weights: Sequence[int]) -> int:
    """Sum of digits times weights; what is longer than the weights is left out."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def mod_11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10, the last digit is the check digit."""
    product = 10
    for digit in digits[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def mod_11_2(value: str) -> bool:
    """ISO/IEC 7064 MOD 11-2, the last character is a digit or X for ten."""
    total = 0
    for digit in value[:-1]:
        total = (total + int(digit)) * 2 % 11
    return (total + (10 if value[-1] == "X" else int(value[-1]))) % 11 == 1


def cross_sums(digits: str, weights: Sequence[int]) -> int:
    """Sum of the digits of each product."""
    return sum(
        sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, weights, strict=False)
    )


def machine_readable(value: str) -> int:
    """ICAO 9303: weights 7, 3, 1 over digits, letters from A = 10, and `<` = 0; modulo 10."""
    return (
        sum(
            (7, 3, 1)[place % 3] * (int(char, 36) if char != "<" else 0)
            for place, char in enumerate(value)
        )
        % 10
    )


@cache
def _now() -> int:
    return datetime.now(tz=UTC).year


def is_day(month: str | int, day: str | int) -> bool:
    """Whether there is such a day in a leap year."""
    month, day = int(month), int(day)
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def is_birthday(year: int, month: str | int, day: str | int) -> bool:
    """Whether someone who may live was born then; the year has its century."""
    return _now() - _OLDEST <= year <= _now() and is_day(month, day)


def yymmdd(digits: str) -> bool:
    """Whether six digits are year, month and day."""
    return is_day(digits[2:4], digits[4:6])


def ddmmyy(digits: str) -> bool:
    """Whether six digits are day, month and year."""
    return is_day(digits[2:4], digits[:2])
