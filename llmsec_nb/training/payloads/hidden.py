"""Hidden characters in a text: those that carry something, and those that are only there.

Sources: Unicode UAX #9 and #31, UTS #39 and #51, CVE-2021-42574.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Final

from ...core.confusables import LOOKALIKES
from .hits import Hit
from .scripts import belongs, near_rtl, selects
from .secretly import bits, private, selected, tags

if TYPE_CHECKING:
    from collections.abc import Iterator

TAGS: Final = "tags"
PRIVATE: Final = "private-use"
SELECTORS: Final = "selectors"
ZERO_WIDTH: Final = "zero-width"
BIDI: Final = "bidi"
SPLIT: Final = "split"
NOISE: Final = "noise"
"""Not explained, and no sign of an intent: left overs of pages and editors."""
LOOKALIKE: Final = "lookalike"

_ZERO: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_PLANES: Final = "\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_RUN: Final = re.compile(
    "(?P<tags>[\U000e0000-\U000e007f]+)"
    "|(?P<selectors>[\ufe00-\ufe0f\U000e0100-\U000e01ef]+)"
    "|(?P<bidi>[\u202b\u202e\u2067]+)"
    f"|(?P<private>[{_PLANES}]{{4,}}|[\ue000-\uf8ff]{{8,}})"
    f"|(?P<zero>[{_ZERO}]+)"
)
GATE: Final = (
    "[\U000e0000-\U000e007f\U000e0100-\U000e01ef\u202b\u202e\u2067\u034f\u115f\u1160\u200b"
    f"\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb{_PLANES}]"
    "|[\ufe00-\ufe0f][\ufe00-\ufe0f]|[\u200c-\u200f\u061c\u00ad][\u200c-\u200f\u061c\u00ad]"
    "|[!-~][\u200c-\u200f]|[A-Za-z][\ufe00-\ufe0f]|[\ue000-\uf8ff]{8}"
)
"""Without a match of it there is nothing to find. Syntax of RE2 and of Python."""
_ALIKE: Final = "".join(LOOKALIKES)
ALIKE_GATE: Final = f"[A-Za-z][{_ALIKE}]|[{_ALIKE}][A-Za-z]"
_WORD: Final = re.compile(r"[^\W\d_]{4,60}")
_FOREIGN: Final = re.compile("[\u0370-\u058f]{3}")
_SCOPE: Final = re.compile("[^\u202c\u2069\n]{0,200}")
_PLAIN: Final = re.compile("[A-Za-z0-9]{2}")
_FLAG: Final = re.compile(
    "\U0001f3f4(?P<place>[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]"
    "{1,3}\U000e007f)\\Z"
)
_FLAGS: Final = 8
"""More flags of regions than that in one text would spell something."""
_LONG: Final = 8
_SPREAD: Final = 16
_DENSE: Final = 24


def find(text: str) -> Iterator[Hit]:
    """All hidden characters that their neighbours do not explain, in order of their places.

    A text that is only strewn with them gets one more hit, which covers them all.
    """
    if text.isascii():
        return
    strewn: list[Hit] = []
    flags: Counter[str] = Counter()
    for found in _RUN.finditer(text):
        hit = _judged(found, flags)
        if hit is None:
            continue
        if hit.kind in {SPLIT, NOISE}:
            strewn.append(hit)
        yield hit
    yield from _message(text, strewn)


def lookalikes(text: str) -> Iterator[Hit]:
    """Words of Latin letters in which some are those of another script."""
    if text.isascii():
        return
    foreign: bool | None = None
    for word in _WORD.finditer(text):
        whole = word[0]
        if whole.isascii():
            continue
        skeleton = "".join(LOOKALIKES.get(char, char) for char in whole)
        latin = sum(map(str.isascii, whole))
        if not skeleton.isascii() or latin * 2 < len(whole):
            continue
        if foreign is None:
            foreign = _FOREIGN.search(text) is not None
        if foreign:  # a text of that script has mistyped words
            return
        yield Hit(LOOKALIKE, word.start(), word.end(), skeleton)


def undisguised(text: str) -> str:
    """The text as a reader takes it: no hidden characters, plain letters for look-alikes."""
    kept = re.sub(f"[{_ZERO}\ufe00-\ufe0f\u202a-\u202e\u2066-\u2069]", "", text)
    return unicodedata.normalize("NFKC", "".join(LOOKALIKES.get(char, char) for char in kept))


def _judged(  # noqa: PLR0911 # one return a kind
    found: re.Match[str], flags: Counter[str]
) -> Hit | None:
    run, text = found[0], found.string
    start, end = found.span()
    kind = found.lastgroup
    if kind == "tags":
        return None if _is_flag(text, start, end, flags) else Hit(TAGS, start, end, tags(run))
    if kind == "selectors":
        return _selectors(run, text, start, end)
    if kind == "bidi":
        return Hit(BIDI, start, end) if _reorders(run, text, end) else None
    if kind == "private":
        said = private(run)
        return Hit(PRIVATE, start, end, said) if said else None
    if len(run) >= _LONG and _second(Counter(run)) * 8 >= len(run):
        return Hit(ZERO_WIDTH, start, end, bits(run))
    if belongs(run, text, start, end):
        return None
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    split = (before + after).isascii() and before.isalpha() and after.isalpha()
    return Hit(SPLIT if split else NOISE, start, end)


def _is_flag(text: str, start: int, end: int, flags: Counter[str]) -> bool:
    """England, Scotland, Wales and other regions of a country: a black flag and tags."""
    flag = _FLAG.match(text, start - 1, end) if start else None
    if flag is None:
        return start > 0 and text[start - 1] == "\U0001f3f4" and _is_cut(text[start:end])
    flags[flag["place"]] += 1
    return len(flags) <= _FLAGS


def _is_cut(run: str) -> bool:
    """A known flag whose end was cut off, as tweets are."""
    return any(name.startswith(tags(run)) for name in ("gbeng", "gbsct", "gbwls"))


def _selectors(run: str, text: str, start: int, end: int) -> Hit | None:
    before = text[max(0, start - 1) : start]
    if len(run) == 1:
        return None if selects(run, before) else Hit(NOISE, start, end)
    if _plain(run):
        return None
    if sum(char > "\uffff" for char in run) >= 2 or len(run) > 2:
        return Hit(SELECTORS, start, end, selected(run))
    return Hit(NOISE, start + selects(run[0], before), end)


def _plain(run: str) -> bool:
    """The selectors of emoji and text are typed twice by accident."""
    return set(run) <= {"\ufe0e", "\ufe0f"} and len(run) < _LONG


def _reorders(run: str, text: str, end: int) -> bool:
    """Whether letters that are read from left to right are shown from right to left."""
    scope = _SCOPE.match(text, end)
    if scope is None or not _PLAIN.search(scope[0]):
        return False
    if "\u202e" not in run and "\u2066" not in scope[0]:
        return False
    return not near_rtl(text, end - len(run), scope.end())


def _message(text: str, strewn: list[Hit]) -> Iterator[Hit]:
    """Hidden characters all over a text, of at least two kinds: they spell something."""
    run = "".join(text[hit.start : hit.end] for hit in strewn)
    if len(run) < _SPREAD:
        return
    start, end = strewn[0].start, strewn[-1].end
    if _second(Counter(run)) * 5 >= len(run) and len(run) * _DENSE >= end - start:
        chosen = all("\ufe00" <= char <= "\ufe0f" or char > "\uffff" for char in run)
        said = selected(run) if chosen else bits(run)
        yield Hit(SELECTORS if chosen else ZERO_WIDTH, start, end, said)


def _second(counts: Counter[str]) -> int:
    """How often the second most frequent one comes: 0 where all are equal."""
    return sorted(counts.values())[-2] if len(counts) > 1 else 0
