"""The first pass: how often words stand next to each other, in prompts and in responses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from . import sketch
from .ragged import BEGIN, END, Ragged, grams, joined, runs, wholes
from .view import pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Plan
    from ..rows import Rows

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]

PHRASE: Final = 4
"""Runs of so many words of responses are what motifs are made of."""
_BACKED: Final = 0.3
"""The share of the next word that does not hang on the one before."""
_SALT: Final = 0x6C8E9CF570932BD5
"""Whole responses are counted among phrases, as if they were one."""


class First(Struct, kw_only=True):
    """Counts of `rows` rows, `cut` of which are longer than what is looked at.

    `asked`: runs of words of prompts, see `runs`, and their edges; `words` of them in all.
    `said`: single words and pairs of the responses of one side; `spoken` words in all. `phrases`:
    runs of four words, and whole responses.
    """

    rows: int = 0
    cut: int = 0
    words: int = 0
    spoken: int = 0
    asked: sketch.Sketch
    said: sketch.Sketch
    phrases: sketch.Sketch


def empty(plan: Plan) -> First:
    """No rows. Sizes hang on the plan alone."""
    known = plan.rows if plan.rows is not None else 1 << 16
    bits = min(21, max(14, known.bit_length() + 7))
    return First(asked=sketch.empty(bits), said=sketch.empty(bits), phrases=sketch.empty(bits))


def observe(state: First, rows: Rows, seed: int, side: str) -> None:
    """Count a batch."""
    pairs = pairs_of(rows, seed)
    answers = pairs.responses[side]
    state.rows += len(pairs.rows)
    state.cut += pairs.cut
    state.words += len(pairs.prompts.ids)
    state.spoken += len(answers.ids)
    for keys, _, _ in runs(pairs.prompts):
        sketch.add(state.asked, keys)
    sketch.add(state.asked, edges(pairs.prompts))
    for size in (1, 2):
        sketch.add(state.said, grams(answers, size)[0])
    sketch.add(state.phrases, grams(answers, PHRASE)[0])
    sketch.add(state.phrases, whole(answers)[answers.sizes > 0])


def whole(answers: Ragged) -> Keys:
    """The keys of whole responses, one a row."""
    return wholes(answers, _SALT & 0xFFFF)


def edges(rows: Ragged) -> Keys:
    """First and last words as pairs with what stands before and after, and that itself."""
    import numpy as np

    full = rows.sizes > 0
    firsts = rows.ids[rows.offsets[:-1][full]]
    lasts = rows.ids[rows.offsets[1:][full] - 1]
    begin = np.full(len(firsts), BEGIN, np.uint64)
    end = np.full(len(firsts), END, np.uint64)
    return np.concatenate([joined(begin, firsts), joined(lasts, end), begin, end])


def merge(left: First, right: First) -> First:
    """The counts of both."""
    for name in ("rows", "cut", "words", "spoken"):
        setattr(left, name, getattr(left, name) + getattr(right, name))
    for name in ("asked", "said", "phrases"):
        setattr(left, name, sketch.merge(getattr(left, name), getattr(right, name)))
    return left


def stored(state: First) -> First:
    """The form to be stored."""
    return _changed(state, sketch.sparse)


def revived(state: First) -> First:
    """What `stored` was given. Raises ValueError on what it never makes."""
    return _changed(state, sketch.dense)


def _changed(state: First, change: Callable[[sketch.Sketch], sketch.Sketch]) -> First:
    return structs.replace(
        state,
        asked=change(state.asked),
        said=change(state.said),
        phrases=change(state.phrases),
    )


def pull(
    counts: sketch.Sketch, total: int, left: Keys, right: Keys, own: int = 1
) -> NDArray[np.float64]:
    """How much more often `right` follows `left` than by chance (nats), `own` times not counted.

    A pair that comes only here gives the log of the share that does not hang on the left word
    (Jelinek-Mercer smoothing), about -1.2.
    """
    import numpy as np

    pair = np.maximum(sketch.look_up(counts, joined(left, right)) - own, 0)
    first = sketch.look_up(counts, left) - own
    return backed(pair, total, first, sketch.look_up(counts, right) - own)


def backed(
    pair: Numbers, total: int, first: Numbers | int, second: Numbers | int
) -> NDArray[np.float64]:
    """How much more often a pair comes than by chance (nats), of how often it and its parts do."""
    import numpy as np

    ratio = pair * (float(total) / np.maximum(first, 1)) / np.maximum(second, 1)
    found: NDArray[np.float64] = np.log((1 - _BACKED) * ratio + _BACKED)
    return found
