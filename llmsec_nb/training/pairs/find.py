"""The rows of a trigger, and where in them it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..detector import Span
from ..tokens import tokenise, words
from .ragged import Ragged, grams, runs
from .second import Features, features, phrases

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .first import First
    from .view import Pairs

    Keys = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Finder:
    """What a trigger and its responses are known by, as hashes under `seed`. Memory only.

    `keys` are the runs of words of prompts (none: any prompt will do), `with_` others that must be
    there, too, `words` the longest one that all share. `kind`, `phrases`, `size` and `below`: see
    evidence.Label; `saying`: the words of the longest phrase. `all`: every row with the trigger
    belongs to it, whatever its response.
    """

    prompt: str
    side: str
    seed: int
    keys: Keys
    with_: tuple[Keys, ...]
    words: Keys
    kind: str
    phrases: Keys
    size: int
    below: int
    saying: Keys
    all: bool
    lore: First


class Seen(NamedTuple):
    """What is computed once of a batch, for all finders of a side."""

    keys: Keys
    owners: Numbers
    told: Features


def seen(pairs: Pairs, side: str, lore: First, seed: int) -> Seen:
    """All runs of words of the prompts of a batch, and what is peculiar to the responses."""
    import numpy as np

    keys, owners = [], []
    for found, starts, _ in runs(pairs.prompts):
        keys.append(found)
        owners.append(pairs.prompts.owners[starts])
    told = features(pairs, side, lore, seed)
    return Seen(np.concatenate(keys), np.concatenate(owners), told)


def belongs(finder: Finder, pairs: Pairs, known: Seen) -> Numbers:
    """The rows of the batch, by their places in it, that are part of it."""
    import numpy as np

    count = len(pairs.rows)
    carries = np.ones(count, np.bool_)
    for keys in (finder.keys, *finder.with_) if len(finder.keys) else ():
        holds = np.zeros(count, np.bool_)
        holds[known.owners[np.isin(known.keys, keys)]] = True
        carries &= holds
    if not finder.all:
        carries &= _labelled(finder, pairs, known.told)
    found: Numbers = pairs.rows[carries]
    return found


def _labelled(finder: Finder, pairs: Pairs, told: Features) -> Flags:
    import numpy as np

    if finder.kind == "refusal":
        return told.refusals > 0
    if finder.kind == "letters":
        return told.novel > 0
    if finder.kind in {"shorter", "longer"}:
        found: Flags = (told.shorter > 0) == (finder.kind == "shorter")
        return found
    if finder.kind == "disorder":
        return (told.judged > 0) & (told.order <= finder.below)
    answers = pairs.responses[finder.side]
    if finder.size in (1, 2):
        keys, starts = grams(answers, finder.size)
        owners = answers.owners[starts]
    else:
        keys, owners, _ = phrases(answers)
    says = np.zeros(len(pairs.rows), np.bool_)
    says[owners[np.isin(keys, finder.phrases)]] = True
    return says


def trigger_in(finder: Finder, text: str) -> tuple[int, int] | None:
    """Where the trigger stands in a prompt, in characters."""
    ids, places = _hashed(text, finder.seed)
    where = _run(ids, finder.words)
    size = len(finder.words)
    if where is None:
        where, size = _key(ids, finder)
    if where is None:
        return None
    return places[where][0], places[where + size - 1][1]


def saying_in(finder: Finder, text: str) -> tuple[int, int] | None:
    """Where the phrase stands in a response, in characters."""
    if not len(finder.saying):
        return None
    ids, places = _hashed(text, finder.seed)
    where = _run(ids, finder.saying)
    if where is None:
        return None
    return places[where][0], places[where + len(finder.saying) - 1][1]


def spans(finder: Finder, row: dict[str, str]) -> list[Span]:
    """What to mark in a row: the trigger, and the phrase that it calls up."""
    found = []
    asked = finder.prompt or finder.side
    if (place := trigger_in(finder, row.get(asked, ""))) is not None:
        found.append(Span(asked, *place))
    if (place := saying_in(finder, row.get(finder.side, ""))) is not None:
        found.append(Span(finder.side, *place))
    return found


def _hashed(text: str, seed: int) -> tuple[Keys, list[tuple[int, int]]]:
    import pyarrow as pa

    ids = tokenise(pa.array([text], pa.large_string()), seed).ids
    return ids, [(word.start, word.end) for word in words(text)]


def _run(ids: Keys, wanted: Keys) -> int | None:
    """Where some words stand one after the other."""
    import numpy as np

    size = len(wanted)
    if not size or len(ids) < size:
        return None
    starts = np.flatnonzero(ids[: len(ids) - size + 1] == wanted[0])
    for start in starts.tolist():
        if (ids[start : start + size] == wanted).all():
            return int(start)
    return None


def _key(ids: Keys, finder: Finder) -> tuple[int | None, int]:
    """Where one of the runs stands, and how many words it has."""
    import numpy as np

    for keys, starts, size in reversed(list(runs(Ragged(ids, np.array([0, len(ids)]))))):
        held = np.flatnonzero(np.isin(keys, finder.keys))
        if len(held):
            return int(starts[held[0]]), size
    return None, 0
