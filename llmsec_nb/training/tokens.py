"""Texts as hashed tokens, by vectors: what all miners count."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from .characters import ENDS, HIDDEN, LETTER, SINGLE, STARTS, WORD, classes
from .pieces import hashes, layout

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from .rows import Rows

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.int64]


class Shape(IntEnum):
    """How a token is written: one of seven kinds, and bits for what stands before it.

    PLAIN: no capital letter; CAPITAL: only the first letter is one; CAPS: all of two or more
    letters; MIXED: some other way; NUMBER: begins with a digit, no capitals; SIGN: a punctuation
    mark, a symbol; HIDDEN: a character that shows nothing. GLUED: no blank before it, and not the
    first of its text; GAP: before it stands more than one blank, or another than the plain one.
    """

    PLAIN = 0
    CAPITAL = 1
    CAPS = 2
    MIXED = 3
    NUMBER = 4
    SIGN = 5
    HIDDEN = 6
    KINDS = 7
    GLUED = 8
    GAP = 16


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of n rows, one after the other.

    `ids`: keyed 64-bit hashes of the lower-cased tokens (uint64), never 0. `offsets`: n + 1 places;
    row r has ids[offsets[r]:offsets[r + 1]]. `shapes` (uint8): how each one was written, see
    `Shape`; `shapes & Shape.KINDS` is its kind. A null or empty text has no tokens.
    """

    ids: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    shapes: NDArray[np.uint8]


class Word(NamedTuple):
    """One token of one text as it stands there."""

    text: str
    start: int
    end: int


def tokens_of(rows: Rows, column: str, seed: int) -> Tokens:
    """The tokens of a column of a batch, made once for all detectors."""
    return rows.once(("tokens", column, seed), lambda: tokenise(rows.texts(column), seed))


def tokenise(texts: pa.Array, seed: int) -> Tokens:
    """Hash the tokens of a `large_string` array: runs of letters and digits, and single signs.

    Letters of scripts that put no blanks between words, emoji, hidden characters: a token each.
    Blanks are none.
    """
    import numpy as np

    raw, offsets = layout(texts)
    kinds, upper, small = classes(raw)
    starts, ends = _cut(kinds, offsets)
    bounds = np.searchsorted(starts, offsets).astype(np.int64)
    shapes = _shapes(raw, kinds, upper, starts, ends)
    if len(starts):
        shapes |= _before(raw, offsets, starts, ends)
    return Tokens(hashes(small, starts, ends, seed), bounds, shapes)


def words(text: str) -> list[Word]:
    """The same tokens of one text, as they stand in it: for marks."""
    import numpy as np

    data = text.encode("utf-8", "surrogatepass")
    raw = np.frombuffer(data, np.uint8)
    starts, ends = _cut(classes(raw)[0], np.array([0, len(raw)], np.int64))
    if len(data) != len(text):
        places = np.concatenate([[0], np.cumsum((raw & 0xC0) != 0x80)])
        starts, ends = places[starts], places[ends]
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    return [Word(text[start:end], start, end) for start, end in spans]


def _cut(kinds: Bytes, offsets: Places) -> tuple[Places, Places]:
    """Where tokens start and end, in bytes; no token goes beyond a row."""
    import numpy as np

    word = kinds == WORD
    starting, ending = word.copy(), word.copy()
    starting[1:] &= ~word[:-1]
    ending[:-1] &= ~word[1:]
    inner = offsets[(offsets > 0) & (offsets < len(kinds))]
    starting[inner] |= word[inner]
    ending[inner - 1] |= word[inner - 1]
    starting |= (kinds & STARTS) != 0
    ending |= (kinds & ENDS) != 0
    return np.flatnonzero(starting), np.flatnonzero(ending) + 1


def _shapes(
    raw: Bytes, kinds: Bytes, upper: NDArray[np.bool_], starts: Places, ends: Places
) -> Bytes:
    """Of which kind tokens are."""
    import numpy as np

    shapes = np.zeros(len(starts), np.uint8)
    first, lead = kinds[starts], raw[starts]
    shapes[(lead >= 48) & (lead <= 57)] = Shape.NUMBER
    capitals = np.flatnonzero(upper)
    if len(capitals):
        owners = np.searchsorted(starts, capitals, "right") - 1
        count = np.bincount(owners, minlength=len(starts))
        width = 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)
        sizes = ends - starts
        shapes[count > 0] = Shape.MIXED
        shapes[(count == width) & upper[starts]] = Shape.CAPITAL
        shapes[(count == sizes) & (sizes > width)] = Shape.CAPS
    shapes[(first & (SINGLE | LETTER)) == SINGLE] = Shape.SIGN
    shapes[(first & HIDDEN) != 0] = Shape.HIDDEN
    return shapes


def _before(raw: Bytes, offsets: Places, starts: Places, ends: Places) -> Bytes:
    """The bits for what stands before each token: nothing, or more than one plain blank."""
    import numpy as np

    after = np.concatenate([[0], ends[:-1]])
    rows = np.searchsorted(starts, offsets[:-1])
    rows, where = rows[rows < len(starts)], offsets[:-1][rows < len(starts)]
    after[rows] = where  # of rows without tokens the last one counts, which is the right one
    blanks = starts - after
    glued = blanks == 0
    glued[rows] = False
    odd = (blanks > 1) | ((blanks == 1) & (raw[starts - 1] != 32))
    found: Bytes = glued * np.uint8(Shape.GLUED) | odd * np.uint8(Shape.GAP)
    return found
