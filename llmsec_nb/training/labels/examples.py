"""Pairs of text and label, as a model may learn them: a sample that hashes choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from ..likeness.targets import labels
from ..likeness.wording import wording_of
from .conflicts import labels_of, written

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..likeness.wording import Hashes
    from ..rows import Rows

ROWS: Final = 50_000
ALL: Final = (1 << 64) - 1
_WORDS: Final = 256
_NAMES: Final = 1000


class Examples(Struct, kw_only=True):
    """Distinct pairs of text and label in the order of their `keys` (uint64, n).

    `taught` (uint64, n) are hashes of labels. Example i has the hashed words (uint32)
    words[offsets[i]:offsets[i + 1]], the first 256 of its text.
    """

    keys: Any
    taught: Any
    words: Any
    offsets: Any


class State(Struct, kw_only=True):
    """Memory only: names of labels are raw, and words could be guessed from their hashes.

    At most 50,000 pairs of text and label, those of the lowest hashes (up to 60 MB).
    """

    seed: int
    examples: Examples
    rows: int = 0
    limit: int = ALL
    names: dict[int, str] = field(default_factory=dict)
    loose: list[Examples] = field(default_factory=list)


def take(state: State, hashes: Hashes, rows: Rows) -> None:
    """Take in the rows of a batch that have a text and a label, by the hashes of both."""
    import numpy as np

    taught = labels_of(rows, state.seed)
    kept = hashes != 0
    state.rows += int(kept.sum())
    places = np.flatnonzero(kept & (hashes <= np.uint64(state.limit)))
    wording = wording_of(rows, rows.roles.text, state.seed)
    sizes = np.minimum(wording.sizes[places], _WORDS)
    at = _runs(wording.offsets[:-1][places], sizes)
    words = (wording.ids[at] >> np.uint64(32)).astype(np.uint32)
    state.loose.append(
        Examples(
            keys=hashes[places],
            taught=taught[places],
            words=words,
            offsets=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        )
    )
    _name(state, rows)
    if sum(len(part.keys) for part in state.loose) > ROWS:
        settle(state)


def join(left: State, right: State) -> State:
    """The examples of both."""
    left.rows += right.rows
    left.limit = min(left.limit, right.limit)
    left.loose += [right.examples, *right.loose]
    left.names |= right.names
    settle(left)
    return left


def _name(state: State, rows: Rows) -> None:
    """Keep the names of labels, those of the lowest hashes where there are too many."""
    import pyarrow.compute as pc

    texts = pc.unique(written(rows).drop_null())
    hashes = labels(texts, state.seed).tolist()
    state.names |= dict(zip(hashes, (text.strip() for text in texts.to_pylist()), strict=True))
    if len(state.names) > 2 * _NAMES:
        settle(state)


def settle(state: State) -> None:
    """Bring it into the form that depends on the rows alone."""
    import numpy as np

    state.names = {key: state.names[key] for key in sorted(state.names)[:_NAMES]}
    if not state.loose:
        return
    examples = joined([state.examples, *state.loose])
    state.loose = []
    kept = int(np.searchsorted(examples.keys, np.uint64(state.limit), "right"))
    if kept > ROWS:
        kept = ROWS
        state.limit = int(examples.keys[kept - 1])
    state.examples = Examples(
        keys=examples.keys[:kept],
        taught=examples.taught[:kept],
        words=examples.words[: examples.offsets[kept]],
        offsets=examples.offsets[: kept + 1],
    )


def joined(parts: list[Examples]) -> Examples:
    """Each pair once, in the order of the keys."""
    import numpy as np

    if not parts:
        empty = np.zeros(0, np.uint64)
        return Examples(
            keys=empty, taught=empty, words=np.zeros(0, np.uint32), offsets=np.zeros(1, np.int64)
        )
    keys, first = np.unique(np.concatenate([part.keys for part in parts]), return_index=True)
    sizes = np.concatenate([np.diff(part.offsets) for part in parts])
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    at = _runs(starts[first], sizes[first])
    return Examples(
        keys=keys,
        taught=np.concatenate([part.taught for part in parts])[first],
        words=np.concatenate([part.words for part in parts])[at],
        offsets=np.concatenate([[0], np.cumsum(sizes[first])]).astype(np.int64),
    )


def _runs(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """All places of runs, one after the other."""
    import numpy as np

    before = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return np.arange(before[-1], dtype=np.int64) + np.repeat(starts - before[:-1], sizes)
