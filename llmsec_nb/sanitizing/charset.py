"""Which scripts the letters of a text are of."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from .problems import CannotSanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

_NAMED: Final = {
    "CJK": "HAN", "IDEOGRAPHIC": "HAN", "KATAKANA-HIRAGANA": "KATAKANA", "HALFWIDTH": "KATAKANA",
    "FULLWIDTH": "LATIN", "MODIFIER": "", "MICRO": "", "FEMININE": "LATIN", "MASCULINE": "LATIN",
    "KELVIN": "LATIN", "ANGSTROM": "LATIN", "OHM": "GREEK", "MATHEMATICAL": "", "DOUBLE-STRUCK": "",
    "SCRIPT": "", "BLACK-LETTER": "", "PLANCK": "", "ALEF": "", "SUPERSCRIPT": "", "SUBSCRIPT": "",
}  # fmt: skip
"""First words of names of letters that are no script; empty: a sign that all of them use."""
KNOWN: Final = frozenset(
    {
        "LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "HEBREW", "ARABIC", "SYRIAC", "THAANA",
        "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
        "MALAYALAM", "SINHALA", "THAI", "LAO", "TIBETAN", "MYANMAR", "GEORGIAN", "HANGUL",
        "ETHIOPIC", "KHMER", "MONGOLIAN", "HAN", "HIRAGANA", "KATAKANA", "BOPOMOFO",
    }
)  # fmt: skip


def scripts(wanted: Iterable[str]) -> frozenset[str]:
    """Names of scripts as Unicode has them, in capitals. Raises CannotSanitize on others."""
    given = [wanted] if isinstance(wanted, str) else list(wanted)
    names = frozenset(str(name).upper() for name in given)
    unknown = sorted(names - KNOWN)
    if unknown or not names:
        listed = ", ".join(sorted(name.title() for name in KNOWN))
        raise CannotSanitize(f"scripts: no script {', '.join(unknown)!r}: there are {listed}")
    return names


def strange(text: str, allowed: AbstractSet[str]) -> Iterator[tuple[int, int, str]]:
    """Runs of letters of another script, and its name."""
    if text.isascii() and "LATIN" in allowed:
        return
    place = 0
    for name, run in groupby(text, _script):
        size = sum(1 for _ in run)
        if name and name not in allowed:
            yield place, place + size, name.title()
        place += size


@lru_cache(maxsize=1 << 16)
def _script(char: str) -> str:
    if not char.isalpha():
        return ""
    first = unicodedata.name(char, "").partition(" ")[0]
    return _NAMED.get(first, first)
