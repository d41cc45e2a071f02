"""Rows and places of triggers that are known by their hashes, and what they are in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from ...rules.poisoning.triggers import MARKER
from ..detector import Located, Span
from ..tokens import tokenise, words
from .features import FEATURES, features
from .labels import labels_of
from .stream import END, START, Stream, grams, key_of, sizes_of, streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Suspect
    from ..rows import Rows

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]


_LOOKED_AT: Final = 200
"""Rows of a batch in which the forms of a trigger are looked for."""


class Key(Struct, kw_only=True):
    """By what the rows of an alert are known.

    That is an n-gram, the first of `grams` (the others are forms of it), or with `any` all of them,
    or a feature; and the label. All are hashes under `seed`.
    """

    seed: int
    target: int
    grams: tuple[int, ...] = ()
    trait: str = ""
    any: bool = False


def key(suspect: Suspect) -> Key:
    """The key of a suspect, wherever it came from."""
    found = suspect.key
    return found if isinstance(found, Key) else msgspec.convert(found, Key)


def located(suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
    """The rows of a batch that hold a trigger and have its label."""
    import numpy as np

    keys = [key(suspect) for suspect in suspects]
    seed = keys[0].seed
    hashes = np.unique(np.array([gram for one in keys for gram in _naming(one)], np.uint64))
    found: list[list[Places]] = [[] for _ in suspects]
    for stream in streams(rows, seed):
        which, first = _standing(stream, hashes)
        traits = features(stream) if any(one.trait for one in keys) else {}
        for place, one in enumerate(keys):
            if one.trait:
                mine = np.flatnonzero(traits[one.trait])
            else:
                wanted = np.isin(hashes[which], np.array(_naming(one), np.uint64))
                mine = np.unique(stream.row[first[wanted]])
            mine = mine[stream.hashes[stream.labels[mine]] == np.uint64(one.target)]
            found[place].append(stream.places[mine])
    for suspect, one, parts in zip(suspects, keys, found, strict=True):
        if parts and len(mine := np.concatenate(parts)):
            if not suspect.target:
                name(suspect, one, rows, mine)
            yield Located(suspect, mine)


def _naming(one: Key) -> tuple[int, ...]:
    """The n-grams by which rows are found."""
    return one.grams if one.any else one.grams[:1]


def name(suspect: Suspect, one: Key, rows: Rows, mine: Places) -> None:
    """Say in clear what the label is, and, if the first n-gram is here, what the trigger is."""
    labels = labels_of(rows, one.seed)
    target = labels.names[int(labels.codes[mine[0]])]
    texts = rows.texts(rows.roles.text)
    if one.trait:
        suspect.trigger, suspect.target = FEATURES[one.trait], target
        return
    clear: dict[int, str] = {}
    for row in mine[:_LOOKED_AT].tolist():
        text = texts[row].as_py() or ""
        for gram, start, end in spans(text, one):
            clear.setdefault(gram, text[start:end])
        if len(clear) == len(one.grams):
            break
    if one.grams[0] not in clear:
        return
    suspect.trigger, suspect.target = clear.pop(one.grams[0]), target
    suspect.also = list(dict.fromkeys(clear[gram] for gram in one.grams if gram in clear))


def message(suspect: Suspect) -> None:
    """Say in one line what is where, once that is known in clear."""
    if not suspect.target:
        return
    one, rows, hits = key(suspect), suspect.carriers, suspect.rows
    tail = f"{rows} rows, {hits} of them labelled {suspect.target}"
    if one.trait:
        suspect.message = f"{suspect.trigger}: {tail}"
        return
    if one.any:
        more = f" and {len(suspect.also)} more" if suspect.also else ""
        suspect.message = f'new against the trusted version: "{suspect.trigger}"{more}, in {tail}'
        return
    if not any(sign.isalnum() for sign in suspect.trigger):
        suspect.rule = MARKER
    suspect.message = f'"{suspect.trigger}" is in {tail}'


def spans(text: str, one: Key) -> list[tuple[int, int, int]]:
    """Which of the n-grams stand where in a text: hash, start and end."""
    import numpy as np
    import pyarrow as pa

    ids = tokenise(pa.array([text], pa.large_string()), one.seed).ids
    edges = np.array([START, END], np.uint64)
    ids = np.concatenate([edges[:1], ids, edges[1:]])
    hashes = np.sort(np.array(one.grams, np.uint64))
    which, first = _matches(ids, np.ones(len(ids) - 1, bool), hashes)
    there = words(text)
    if not there:
        return []
    found = []
    for place, start, size in zip(
        which.tolist(), first.tolist(), sizes_of(hashes[which]).tolist(), strict=True
    ):
        begin, last = max(start - 1, 0), min(start + size - 2, len(there) - 1)
        found.append((int(hashes[place]), there[begin].start, there[last].end))
    return found


def marked(suspect: Suspect, column: str, text: str) -> list[Span]:
    """What to highlight: the triggers, each place once."""
    one = key(suspect)
    places = sorted((start, end) for _, start, end in spans(text, one)) if one.grams else []
    found: list[Span] = []
    for start, end in places:
        if found and start < found[-1].end:
            found[-1] = Span(column, found[-1].start, max(end, found[-1].end))
        else:
            found.append(Span(column, start, end))
    return found


def _standing(stream: Stream, hashes: Hashes) -> tuple[Places, Places]:
    return _matches(stream.ids, stream.row[:-1] == stream.row[1:], hashes)


def _matches(ids: Hashes, linked: Any, hashes: Hashes) -> tuple[Places, Places]:
    """Which of the sorted keys stand where."""
    import numpy as np

    which, first = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    if not len(hashes):
        return which[0], first[0]
    longest = int(sizes_of(hashes).max())

    def look(places: Places, keys: Hashes) -> None:
        at = np.minimum(np.searchsorted(hashes, keys), len(hashes) - 1)
        hit = hashes[at] == keys
        which.append(at[hit])
        first.append(places[hit])

    look(np.arange(len(ids)), key_of(ids, 1))
    for size, places, found in grams(ids, linked):
        if size > longest:
            break
        look(places, key_of(found, size))
    return np.concatenate(which), np.concatenate(first)
