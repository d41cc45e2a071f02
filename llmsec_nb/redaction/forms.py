"""Texts of one form as pairs of numbers, and back: one by one, or as arrays."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .feistel import Domain

_ALPHABETS: Final = {
    "n": "123456789",
    "d": "0123456789",
    "l": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "h": "0123456789ABCDEF",
}
_MANY: Final = 16
"""From so many values on an array is quicker."""
_CHUNK: Final = 8192
"""So many values at once stay in the processor's cache."""
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class Form(NamedTuple):
    """The alphabet of each character, and how many texts the two halves can be."""

    alphabets: tuple[str, ...]
    left: int
    right: int


@cache
def form_of(name: str) -> Form:
    """`n`: a digit that begins a number, `d`: a digit, `l`: a letter, `h`: hexadecimal."""
    alphabets = tuple(_ALPHABETS[sign] for sign in name)
    half = len(alphabets) // 2
    return Form(alphabets, _size(alphabets[:half]), _size(alphabets[half:]))


def _size(alphabets: Sequence[str]) -> int:
    size = 1
    for alphabet in alphabets:
        size *= len(alphabet)
    return size


def replaced(form: Form, domain: Domain, texts: Sequence[str]) -> list[str]:
    """The texts that stand for texts of the form."""
    numpy = numpy_if(len(texts)) if domain.small else None
    if numpy is None:
        return [_one(form, domain, text) for text in texts]
    return [
        new
        for start in range(0, len(texts), _CHUNK)
        for new in _array(numpy, form, domain, texts[start : start + _CHUNK])
    ]


def walked(domain: Domain, values: Sequence[int]) -> list[int]:
    """The numbers that stand for numbers below 2**63."""
    np = numpy_if(len(values)) if domain.small else None
    if np is None:
        return [domain.walk(value) for value in values]
    whole = np.array(values, dtype=np.uint64)
    left, right = domain.pairs(whole // domain.right, whole % domain.right)
    found: list[int] = (left * domain.right + right).tolist()
    return found


def _one(form: Form, domain: Domain, text: str) -> str:
    value = 0
    for char, alphabet in zip(text, form.alphabets, strict=True):
        value = value * len(alphabet) + alphabet.index(char)
    value = domain.walk(value)
    found: list[str] = []
    for alphabet in reversed(form.alphabets):
        value, rank = divmod(value, len(alphabet))
        found.append(alphabet[rank])
    return "".join(reversed(found))


def _array(np: Any, form: Form, domain: Domain, texts: Sequence[str]) -> list[str]:
    """The same, a column for each character. Hexadecimal digits are read one by one."""
    size, half = len(form.alphabets), len(form.alphabets) // 2
    chars = _matrix(np, texts, size)
    lows = [ord(alphabet[0]) for alphabet in form.alphabets]
    ranks = (chars - np.array(lows, dtype=np.uint8)).astype(np.uint64)
    bases = [len(alphabet) for alphabet in form.alphabets]
    sides = []
    for first, last in ((0, half), (half, size)):
        value = np.zeros(len(texts), dtype=np.uint64)
        for place in range(first, last):
            value = value * bases[place] + ranks[:, place]
        sides.append(value)
    left, right = domain.pairs(*sides)
    for first, last, value in ((0, half, left), (half, size, right)):
        for place in range(last - 1, first - 1, -1):
            chars[:, place] = value % bases[place] + lows[place]
            value = value // bases[place]  # noqa: PLW2901 (digit by digit)
    whole = chars.tobytes().decode("ascii")
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def _matrix(np: Any, texts: Sequence[str], size: int) -> Any:
    data = bytearray("".join(texts).encode("ascii"))
    return np.frombuffer(data, dtype=np.uint8).reshape(len(texts), size)


def luhn(digits: str) -> int:
    """What must be added to the last digit, modulo 10, so that it fits; 0: it fits."""
    ranks = list(map(int, digits))
    return -(sum(ranks[-1::-2]) + sum(_DOUBLED[rank] for rank in ranks[-2::-2])) % 10


def luhn_all(texts: Sequence[str]) -> list[int]:
    """`luhn` of texts that all have the same number of digits."""
    np = numpy_if(len(texts))
    if np is None:
        return [luhn(text) for text in texts]
    ranks = _matrix(np, texts, len(texts[0])) - ord("0")
    doubled = np.array(_DOUBLED, dtype=np.uint8)[ranks[:, -2::-2]]
    sums = ranks[:, -1::-2].sum(axis=1, dtype=np.int64) + doubled.sum(axis=1, dtype=np.int64)
    found: list[int] = (-sums % 10).tolist()
    return found


def numpy_if(count: int) -> Any:
    """Numpy where it is worth it and installed, else None: then it is slower."""
    if count < _MANY:
        return None
    try:
        import numpy as np
    except ImportError:
        return None
    return np
