"""What texts say beside their markup, and how they begin and end: what near-copies are told by.

Addresses, tags and entities are the same in rows that have nothing else in common. A head or a
foot that a site puts on all of its texts makes no copies of them either: so the two ends of a text
have signatures of their own, and texts that are alike at only one end are boilerplate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .signature import FEWEST, WIDTH, centre, signatures, signatures_of
from .wording import UNSPACED, Wording, worded, wording_of

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rows import Rows
    from .signature import Signatures
    from .wording import Hashes, Places

END: Final = 8
"""Bins of the signature of one end."""
_LEAST: Final = 4
_MOST: Final = 64
_PART: Final = 4
"""An end is a quarter of the words of a text: 4 at least, 64 at most."""
_ALIKE: Final = 0.35
"""Texts are alike at one end where they agree in so many bins of it."""
_MARKED: Final = r"[<&]|://|[Ww]{3}\.|\b(?:lt|gt|quot|amp|apos|nbsp);|#[0-9]{1,6};"
_CLEANED: Final = (
    (r"&amp;", "&"),
    # Scraped texts often have lost the first sign of entities.
    (r"(?:&|\b)(?:lt|#0{0,4}60|#[xX]3[cC]);", "<"),
    (r"(?:&|\b)(?:gt|#0{0,4}62|#[xX]3[eE]);", ">"),
    (r"(?:&|\b)(?:quot|#0{0,4}34);", '"'),
    (r"&(?:[A-Za-z][A-Za-z0-9]{1,20}|#[xX]?[0-9A-Fa-f]{1,7});", " "),
    (r"(?:\b(?:amp|apos|nbsp)|#[0-9]{1,6});", " "),
    (r"""(?i)(?:\b[a-z][a-z0-9+.-]{1,15}://|\bwww\.)[!#-;=?-~]{1,1000}""", " "),
    (r"<[/!?]?[A-Za-z][^<>]{0,500}>", " "),
)
"""RE2, one after the other: entities of signs are signs, then addresses and tags are blanks."""


@dataclass(frozen=True, slots=True)
class Content:
    """What n texts say: their words, signatures (n, BINS) and `ends` (n, 2 x END), uint16.

    `enough` (n,): which are long enough to be compared. A character of a script without spaces
    is half a word.
    """

    wording: Wording
    signature: Signatures
    enough: NDArray[np.bool_]
    ends: Signatures


def content_of(rows: Rows, column: str, seed: int) -> Content:
    """The content of a column of a batch, made once for it."""
    return rows.once(("likeness: content", column, seed), lambda: _content(rows, column, seed))


def balance(ends: Signatures) -> float:
    """How alike texts are at the end where they are less so, by the other end: 0 to 1."""
    same = (ends == centre(ends)).mean(axis=0)
    low, high = sorted((float(same[:END].mean()), float(same[END:].mean())))
    return low / high if high >= _ALIKE else 1.0


def cleaned(texts: pa.Array) -> pa.Array:
    """Texts without addresses, tags and entities."""
    import pyarrow.compute as pc

    for pattern, replacement in _CLEANED:
        texts = pc.replace_substring_regex(texts, pattern=pattern, replacement=replacement)
    return texts


def ends_of(wording: Wording, seed: int) -> Signatures:
    """The signatures of the first and of the last words, shape (n, 2 x END): of single words.

    One that is filled in spoils two pairs: most of what a short end has.
    """
    import numpy as np

    sizes = np.minimum(wording.sizes, np.clip(wording.sizes // _PART, _LEAST, _MOST))
    first, last = wording.offsets[:-1], wording.offsets[1:] - sizes
    ends = (_cut(wording.ids, starts, sizes) for starts in (first, last))
    return np.hstack([signatures(end, seed, 1, END, 1)[0] for end in ends])


def _content(rows: Rows, column: str, seed: int) -> Content:
    wording = wording_of(rows, column, seed)
    signature, enough = signatures_of(rows, column, seed)
    signature, enough = signature.copy(), enough.copy()
    texts = rows.texts(column)
    marked = _places(texts, _MARKED)
    if marked.size:
        part = worded(cleaned(texts.take(marked)), seed)
        signature[marked], enough[marked] = signatures(part, seed)
        wording = _replaced(wording, marked, part)
    unspaced = _places(texts, UNSPACED)
    enough[unspaced] &= wording.sizes[unspaced] - WIDTH >= FEWEST + _count(texts, unspaced) // 2
    return Content(wording, signature, enough, ends_of(wording, seed))


def _places(texts: pa.Array, pattern: str) -> Places:
    """Where texts have something of a kind."""
    import numpy as np
    import pyarrow.compute as pc

    found = pc.match_substring_regex(texts.fill_null(""), pattern)
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))


def _count(texts: pa.Array, places: Places) -> Places:
    """How many characters of scripts without spaces some texts have."""
    import pyarrow.compute as pc

    counts: Places = pc.count_substring_regex(texts.take(places), UNSPACED).to_numpy()
    return counts


def _replaced(wording: Wording, places: Places, part: Wording) -> Wording:
    """Some texts have other words."""
    import numpy as np

    starts, sizes = wording.offsets[:-1].copy(), wording.sizes
    starts[places] = part.offsets[:-1] + len(wording.ids)
    sizes[places] = part.sizes
    return _cut(np.concatenate([wording.ids, part.ids]), starts, sizes)


def _cut(ids: Hashes, starts: Places, sizes: Places) -> Wording:
    """Texts of so many of these words, from given places on."""
    import numpy as np

    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    places = np.arange(offsets[-1], dtype=np.int64) + np.repeat(starts - offsets[:-1], sizes)
    return Wording(ids[places], offsets)
