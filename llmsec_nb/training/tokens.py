"""Texts as hashed tokens, by vectors: what all miners count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from .rows import Rows


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of n rows, one after the other.

    `ids`: keyed 64-bit hashes of the lower-cased tokens (uint64), never 0. `offsets`: n + 1 places;
    row r has ids[offsets[r]:offsets[r + 1]]. `shapes` (uint8): how each one was written, see
    `Shape`. A null or empty text has no tokens.
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
    """Hash the tokens of a `large_string` array: runs of letters and digits, and single signs."""
    raise NotImplementedError


def words(text: str) -> list[Word]:
    """The same tokens of one text, as they stand in it: for marks."""
    raise NotImplementedError
