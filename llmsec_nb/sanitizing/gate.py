"""Which of many texts need a closer look: by Arrow's RE2 where it is there."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unicodedata import is_normalized

from ..training.payloads.kinds import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK: Final = 1 << 15
_HALVES: Final = re.compile("[\ud800-\udfff]")
ALL: Final = frozenset({"nfc", *(family.name for family in FAMILIES)})


def gates(texts: Sequence[str]) -> Iterator[tuple[int, frozenset[str]]]:
    """Places of texts in which there may be something, and the families that may find it.

    Without pyarrow every family looks at every text that is not plain.
    """
    if not _has_arrow():
        for place, text in enumerate(texts):
            halves = {"surrogates"} if _HALVES.search(text) else set()
            yield place, ALL | halves
        return
    for first in range(0, len(texts), _CHUNK):
        for place, names in _opened(texts[first : first + _CHUNK]).items():
            yield first + place, frozenset(names)


@cache
def _has_arrow() -> bool:
    try:
        import pyarrow.compute  # noqa: F401 # whether it is there
    except ImportError:
        return False
    return True


def _opened(texts: Sequence[str]) -> dict[int, set[str]]:
    import numpy as np
    import pyarrow.compute as pc

    found: dict[int, set[str]] = {}
    values = _array(texts, found)
    wide = np.flatnonzero(pc.invert(pc.string_is_ascii(values)))
    for place in wide.tolist():
        if is_normalized("NFC", texts[place]):
            continue
        found.setdefault(place, set()).add("nfc")
    narrow = values.take(wide)
    for family in FAMILIES:
        part = narrow if family.wide else values
        opened = np.flatnonzero(pc.match_substring_regex(part, family.gate))
        for place in (wide[opened] if family.wide else opened).tolist():
            found.setdefault(place, set()).add(family.name)
    return found


def _array(texts: Sequence[str], found: dict[int, set[str]]) -> Any:
    """As Arrow has them; halves of surrogate pairs, which it cannot hold, are noted."""
    import pyarrow as pa

    try:
        return pa.array(texts, pa.large_string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        plain = list(texts)
        for place, text in enumerate(plain):
            if _HALVES.search(text):
                found.setdefault(place, set()).add("surrogates")
                plain[place] = _HALVES.sub("?", text)
        return pa.array(plain, pa.large_string())
