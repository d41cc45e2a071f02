"""How likely a value was drawn at random: a logistic model over a few features and letter triples.

The model is the small asset beside this file; `python -m tests.training.values` makes it.
"""

from __future__ import annotations

import json
import math
from base64 import b85decode
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

ASSET: Final = Path(__file__).with_name("classifier.json")
STEP: Final = 16.0
"""The asset keeps surprises in sixteenths of a bit."""
_LETTERS: Final = 27
_LONGEST: Final = 128
_CODES: Final = {char: code for code, char in enumerate("abcdefghijklmnopqrstuvwxyz", 1)}
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_CALM: Final = 3.0
"""Bits of surprise a letter, above which letters hardly make a word."""


class Model(NamedTuple):
    """The surprise of each letter after two others, in steps, and the weight of each feature."""

    surprise: bytes
    weights: tuple[float, ...]


@cache
def model() -> Model:
    """The asset."""
    raw = json.loads(ASSET.read_bytes())
    return Model(b85decode(raw["surprise"]), tuple(raw["weights"]))


@lru_cache(16384)
def drawn(value: str) -> float:
    """The probability that the value was drawn at random, from 0 to 1."""
    if not value:
        return 0.0
    known = model()
    found = features(value[:_LONGEST], known.surprise)
    total = sum(weight * feature for weight, feature in zip(known.weights, found, strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def features(value: str, surprise: bytes) -> list[float]:
    """What the model looks at, all of it about from 0 to 1."""
    length = len(value)
    digits = sum(map(str.isdigit, value))
    upper = sum(map(str.isupper, value))
    lower = sum(map(str.islower, value))
    signs = length - digits - upper - lower
    mean, strange, longest = _letters(value, surprise)
    letters = upper + lower
    changes = _changes(value)
    kinds = (digits > 0) + (upper > 0) + (lower > 0)
    size = min(1.0, math.log2(length + 1) / 7)
    hexadecimal = _HEX.issuperset(value) and 0 < digits < length
    return [
        1.0,
        mean / 8,
        strange / length,
        digits / length,
        signs / length,
        changes / length,
        size,
        size * changes / length,
        len(set(value)) / min(length, 40),
        float(hexadecimal),
        hexadecimal * size,
        float(kinds == 3),
        float(kinds == 3) * changes / length,
        longest / length,
        min(upper, lower) / max(1, letters),
        float(digits == length),
        float(digits == 0),
        float(digits == 0) * strange / length,
    ]


def _letters(value: str, surprise: bytes) -> tuple[float, int, int]:
    """Mean surprise of the letters, how many stand in strange words, and the longest calm word."""
    total = count = strange = longest = 0
    first = second = run = bits = 0
    previous_upper = True
    for char in value + "\0":
        code = _CODES.get(char.lower(), 0)
        boundary = code and char.isupper() and not previous_upper
        if run and (not code or boundary):
            bits += surprise[(first * _LETTERS + second) * _LETTERS]
            if bits > _CALM * STEP * (run + 1):
                strange += run
            else:
                longest = max(longest, run)
            total += bits
            count += run + 1
            first = second = run = bits = 0
        previous_upper = char.isupper()
        if code:
            bits += surprise[(first * _LETTERS + second) * _LETTERS + code]
            first, second, run = second, code, run + 1
    return (total / count / STEP if count else 0.0), strange, longest


def _changes(value: str) -> int:
    """How often letters and digits, or small and capital letters after the first, take turns."""
    changes = 0
    before = ""
    for char in value:
        kind = "d" if char.isdigit() else "u" if char.isupper() else "l" if char.islower() else ""
        if kind and before and kind != before and not (before == "u" and kind == "l"):
            changes += 1
        before = kind
    return changes
