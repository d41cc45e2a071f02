"""The prompts and the responses of a batch, as lists of tokens, and which of them refuse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from ..pieces import mixed
from ..tokens import Shape, Tokens, tokenise, tokens_of
from .ragged import Ragged, clipped, grams, wholes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..roles import Roles
    from ..rows import Rows

HEAD: Final = 512
TAIL: Final = 128
"""So many tokens of a prompt and of a response are counted, from either end."""
_OPENING: Final = 24
"""A response refuses within its first tokens, so many."""
_REFUSALS: Final = (
    "i can't", "i cannot", "i can not", "i'm sorry", "i am sorry",
    "i'm unable", "i am unable", "am not able to", "i won't",
    "i will not", "i must decline", "have to decline", "i decline", "i refuse", "must refuse",
    "i apologize", "my apologies", "sorry ,", "as an ai", "not comfortable with", "not allowed to",
    "cannot assist", "can't assist", "can't help", "cannot help", "cannot fulfill",
    "cannot comply", "against my", "unable to assist", "unable to help", "unable to answer",
    "no puedo", "lo siento", "je ne peux pas", "je suis désolé", "tut mir leid", "kann ich nicht",
    "ich kann nicht", "mi dispiace", "non posso", "não posso", "desculpe", "не могу", "извините",
    "抱歉", "对不起", "我不能", "我无法", "申し訳", "できません",
)  # fmt: skip


@dataclass(frozen=True)
class Pairs:
    """The rows of a batch that have both a prompt and a response.

    `rows`: their places in the batch. `prompts`; `responses` by side. `keys`: a hash of all of a
    row's tokens, which is what a row is known by: equal rows are one. `cut` rows are longer than
    what is looked at.
    """

    rows: NDArray[np.int64]
    prompts: Ragged
    responses: dict[str, Ragged]
    keys: NDArray[np.uint64]
    cut: int


def columns(roles: Roles) -> tuple[str, tuple[str, ...]]:
    """The column of prompts, empty if both answers hold it, and those of the responses."""
    if roles.chosen and roles.rejected:
        return roles.prompt, (roles.chosen, roles.rejected)
    return roles.prompt, (roles.response,)


def pairs_of(rows: Rows, seed: int) -> Pairs:
    """The pairs of a batch, made once."""
    return rows.once(("pairs", seed), lambda: _pairs(rows, seed))


def _pairs(rows: Rows, seed: int) -> Pairs:
    import numpy as np

    prompt, sides = columns(rows.roles)
    tokens = [tokens_of(rows, side, seed) for side in sides]
    answers = [_ragged(one) for one in tokens]
    if prompt:
        prompts = _ragged(tokens_of(rows, prompt, seed))
    else:
        prompts, answers = _parted(answers)
    long = np.max([one.sizes for one in (prompts, *answers)], axis=0) > HEAD + TAIL
    prompts = clipped(prompts, HEAD, TAIL)
    answers = [clipped(one, HEAD, TAIL) for one in answers]
    kept = np.flatnonzero(prompts.sizes > 0)
    keys = wholes(_with_blanks(prompts))
    for place, one in enumerate(answers):
        keys = mixed(keys * np.uint64(3) + wholes(one, place + 1), 17)
    if len(kept) < len(rows):
        prompts = prompts.take(kept)
        answers = [one.take(kept) for one in answers]
        keys = keys[kept]
    return Pairs(kept, prompts, dict(zip(sides, answers, strict=True)), keys, int(long[kept].sum()))


def _ragged(tokens: Tokens) -> Ragged:
    return Ragged(tokens.ids, tokens.offsets, (tokens.shapes & Shape.GLUED) != 0)


def _with_blanks(rows: Ragged) -> Ragged:
    """Tokens that differ, too, by whether a blank stands before them."""
    import numpy as np

    glued = np.zeros(len(rows.ids), np.bool_) if rows.glued is None else rows.glued
    return Ragged(rows.ids ^ glued.astype(np.uint64), rows.offsets)


def _parted(answers: list[Ragged]) -> tuple[Ragged, list[Ragged]]:
    """What two answers begin with in common is their prompt."""
    import numpy as np

    left, right = answers
    sizes = np.minimum(left.sizes, right.sizes)
    total = int(sizes.sum())
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    inner = np.arange(total) - np.repeat(offsets[:-1], sizes)
    ours = np.repeat(left.offsets[:-1], sizes) + inner
    theirs = np.repeat(right.offsets[:-1], sizes) + inner
    differ = left.ids[ours] != right.ids[theirs]
    first = sizes.copy()
    owners = np.repeat(np.arange(len(sizes)), sizes)
    np.minimum.at(first, owners[differ], inner[differ])
    return _slices(left, np.zeros_like(first), first), [
        _slices(one, first, one.sizes) for one in answers
    ]


def _slices(rows: Ragged, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Ragged:
    """Tokens `starts` to `ends` of each row."""
    import numpy as np

    sizes = ends - starts
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    places = np.arange(offsets[-1]) + np.repeat(rows.offsets[:-1] + starts - offsets[:-1], sizes)
    return rows.picked(places, offsets)


@cache
def _refusing(seed: int) -> tuple[tuple[int, NDArray[np.uint64]], ...]:
    """Hashes of what refusals are made of, by number of tokens."""
    import numpy as np
    import pyarrow as pa

    curled = [one.replace("'", "\u2019") for one in _REFUSALS if "'" in one]
    said = tokenise(pa.array([*_REFUSALS, *curled], pa.large_string()), seed)
    rows = Ragged(said.ids, said.offsets)
    made = []
    for size in np.unique(rows.sizes):
        some = rows.take(np.flatnonzero(rows.sizes == size))
        made.append((int(size), grams(some, int(size))[0]))
    return tuple(made)


def refuses(answers: Ragged, seed: int) -> NDArray[np.bool_]:
    """Which responses say within their first tokens that they will not answer."""
    import numpy as np

    begins = _slices(answers, answers.sizes * 0, np.minimum(answers.sizes, _OPENING))
    found = np.zeros(len(answers.sizes), np.bool_)
    for size, known in _refusing(seed):
        keys, starts = grams(begins, size)
        found[begins.owners[starts[np.isin(keys, known)]]] = True
    return found
