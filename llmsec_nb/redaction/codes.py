"""Other digits and letters for those of a number or an id, of the same form.

Within a form it is a permutation (feistel.py): two values never become one. Check digits are
deliberately NOT made to fit. A number that could be a card's by its check digit (ISO/IEC 7812-1)
never becomes another such number.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from .feistel import Domain
from .forms import form_of, luhn_all, replaced, walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .key import Key

LONGEST: Final = 64
"""So many digits and letters are replaced one by one; what is longer has no form to keep."""
_CARD: Final = range(12, 20)
_LEFT_OUT: Final = {code: None for code in range(128) if not chr(code).isalnum()}
_FORM: Final = {code: "d" if chr(code).isdecimal() else "l" for code in range(128)}
_MARK: Final = "\1"
_RUNS: Final = re.compile(f"{_MARK}+")
_MARKS: Final = {code: _MARK for code in range(128) if chr(code).isalnum()}


class Codes:
    """Permutations of numbers and of ids under one key."""

    __slots__ = ("__key", "_domains")

    def __init__(self, key: Key) -> None:
        self.__key = key.derive("codes")
        self._domains: dict[str, Domain] = {}

    def permuted(self, values: Sequence[int], size: int, name: str) -> list[int]:
        """Other numbers below `size` for some below `size`; `name` tells domains apart."""
        left = 1 << (size.bit_length() // 2)
        domain = self._domain(f"{name} {size}", left, -(-size // left))
        found = list(values)
        places = list(range(len(found)))
        while places:
            news = walked(domain, [found[n] for n in places])
            for n, new in zip(places, news, strict=True):
                found[n] = new
            places = [n for n, new in zip(places, news, strict=True) if new >= size]
        return found

    def code(self, text: str) -> str | None:
        """See `codes`."""
        return self.codes((text,))[0]

    def codes(self, texts: Sequence[str]) -> list[str | None]:
        """For each an id of the same form, its separators kept, and the zeros in front of a number.

        So a number means the same as text, with zeros in front, and as a number. Capital letters
        stay capital; they do not tell values apart. None for one without digits, one that is too
        long, and one with letters that are not ASCII.
        """
        plain = list(map(_plain, texts))
        found: list[str | None] = [None] * len(texts)
        forms: dict[str, list[int]] = {}
        for n, one in enumerate(plain):
            if one:
                form = "d" if one.isdecimal() else one.translate(_FORM)
                forms.setdefault(form, []).append(n)
        for form, places in forms.items():
            given = [plain[n] or "" for n in places]
            news = self.numbers(given) if form == "d" else self._of_form(form, given)
            for n, new in zip(places, news, strict=True):
                found[n] = _in_form(texts[n], new)
        return found

    def hexadecimal(self, text: str) -> str:
        """Hexadecimal digits for those of a text, its separators kept; at most `LONGEST`."""
        plain = text.translate(_LEFT_OUT).upper()
        new = _in_form(text.upper(), self._of_form("h" * len(plain), [plain])[0])
        return new if text == text.upper() else new.lower()

    def numbers(self, texts: Sequence[str]) -> list[str]:
        """ASCII digits for ASCII digits: as many, and as many zeros in front."""
        found = list(texts)
        sizes: dict[int, list[int]] = {}
        for n, text in enumerate(texts):
            sizes.setdefault(len(text.lstrip("0")), []).append(n)
        for size, places in sizes.items():
            if size:
                given = [texts[n][-size:] for n in places]
                change = self._no_cards if size in _CARD else self._of_size
                for n, new in zip(places, change(given), strict=True):
                    found[n] = new.zfill(len(texts[n]))
        return found

    def _of_size(self, texts: list[str]) -> list[str]:
        return self._of_form("n" + "d" * (len(texts[0]) - 1), texts)

    def _no_cards(self, texts: list[str]) -> list[str]:
        """Those whose check digit does not fit stay among themselves, the others come to them."""
        lacks = luhn_all(texts)
        found = list(texts)
        fitting = [n for n, lack in enumerate(lacks) if not lack]
        if fitting:
            heads = self._of_size([texts[n][:-1] for n in fitting])
            for n, head, last in zip(
                fitting, heads, luhn_all([f"{head}0" for head in heads]), strict=True
            ):
                found[n] = f"{head}{(last + int(head) % 9 + 1) % 10}"
        places = [n for n, lack in enumerate(lacks) if lack]
        while places:
            news = self._of_size([found[n] for n in places])
            for n, new in zip(places, news, strict=True):
                found[n] = new
            places = [n for n, lack in zip(places, luhn_all(news), strict=True) if not lack]
        return found

    def _of_form(self, name: str, texts: list[str]) -> list[str]:
        form = form_of(name)
        return replaced(form, self._domain(name, form.left, form.right), texts)

    def _domain(self, name: str, left: int, right: int) -> Domain:
        domain = self._domains.get(name)
        if domain is None:
            domain = self._domains[name] = Domain(self.__key, name, left, right)
        return domain


def _plain(text: str) -> str | None:
    """The digits and letters, capitals; None where they make no id."""
    if not text.isascii():
        text = "".join(map(_ascii, text))
    if not text.isalnum():
        text = text.translate(_LEFT_OUT)
    if len(text) > LONGEST or not text.isascii():
        return None
    if text.isdecimal():
        return text
    return text.upper() if any(map(str.isdecimal, text)) else None


def _ascii(char: str) -> str:
    """Digits of all scripts as digits, separators as one."""
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char if char.isascii() or char.isalnum() else " "


def _in_form(text: str, new: str) -> str:
    """The characters of `new` where the digits and letters of `text` stand."""
    if len(text) != len(new):
        marked = text.translate(_MARKS)
        if not text.isascii():
            marked = "".join(_MARK if char.isalnum() else char for char in marked)
        template, slices = _template(marked)
        new = template.format(*(new[one] for one in slices))
    if text.upper() == text:
        return new
    pairs = zip(text, new, strict=True)
    return "".join(char.lower() if old.islower() else char for old, char in pairs)


@lru_cache(maxsize=1000)
def _template(marked: str) -> tuple[str, tuple[slice, ...]]:
    """A text of marks and separators as a format, and which characters go where."""
    runs = [len(run) for run in _RUNS.findall(marked)]
    template = _RUNS.sub("{}", marked.replace("{", "{{").replace("}", "}}"))
    ends = list(accumulate(runs))
    return template, tuple(slice(end - run, end) for run, end in zip(runs, ends, strict=True))
