"""What every text of every batch is put through: which values may hold something at all.

Each value falls into at most one group, by what is cheapest to see first: an @, in an address or
elsewhere; so many digits close together, in groups or not; words that recognizers go by; forms
that have neither. What falls into none is judged by the sample of the column alone. Digits and
letters are those of ASCII.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..rules.pii.catalogue import recognizers
from ..rules.pii.recognizer import Searching
from .hashing import layout
from .sample import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..rules.pii.recognizer import Recognizer

    Group = tuple[str, NDArray[np.int64]]

_FEWEST_DIGITS: Final = 7
_SHORTEST_TEXT: Final = 7
"""Bytes; nothing shorter is personal by itself."""
_MOST_DIGITS: Final = 20
_LONG: Final = 64
"""Bytes; a text that is longer is no single value, however many digits it has."""
_CLUSTER: Final = r"[0-9](?:[ ./:()-]{0,2}[0-9]){6}"
_ADDRESS: Final = r"[^\s@]@(?:[^\s@.]{1,63}\.){1,8}[\pL]{2}"
"""What mail goes to; not `@`, `@user.name` or `package@1.2.3`."""
_IN_GROUPS: Final = r"[0-9][ .:/()-]{1,2}[0-9]{1,6}[ .:/()-]{1,2}[0-9]"
_PLACES: Final = re.compile(f"@|{_CLUSTER}")
_AROUND: Final = 200
_BACK: Final = re.compile(r"\\[1-9]")
_SHORTEST: Final = 3
_SHORT_WORD: Final = 4
"""Characters; a longer word may be the beginning of another."""
_ORDINARY: Final = ("item 7", "Product 123456 deluxe", "v1.20.3", "faded facade", "monday")
_HARDWARE: Final = r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}"
"""Addresses of network cards, which may have fewer than seven digits."""


class Gates(NamedTuple):
    """Regexes for RE2; an empty one is not asked."""

    at: bool
    digits: bool
    words: str
    forms: str

    @property
    def others(self) -> str:
        """Words or forms."""
        return "|".join(f"(?:{part})" for part in (self.words, self.forms) if part)


@cache
def gates() -> Gates:
    """Those of all recognizers."""
    return made(recognizers())


def made(those: Sequence[Recognizer]) -> Gates:
    """The gates of some recognizers."""
    signs = {sign for one in those for sign in one.signs}
    words = sorted(sign for sign in signs if sign[:1].isalnum() and len(sign) >= _SHORTEST)
    told = "|".join(_quoted(word) + (r"\b" if len(word) <= _SHORT_WORD else "") for word in words)
    forms = [
        gate
        for one in those
        if isinstance(one, Searching) or not {"@", *words}.issuperset(one.signs)
        if (gate := for_re2(one.gate)) and not _is_weak(gate)
    ]
    return Gates(
        at="@" in signs,
        digits=any(one.digits for one in those),
        words=rf"(?i)\b(?:{told})" if words else "",
        forms="|".join(f"(?:{gate})" for gate in dict.fromkeys([*forms, _HARDWARE])),
    )


def _quoted(word: str) -> str:
    return re.escape(word).replace(r"\ ", " ").replace(r"\-", "-")


def _is_weak(gate: str) -> bool:
    """Whether it lets pass what has nothing of its own."""
    import pyarrow as pa

    return bool(matches(pa.array(_ORDINARY), gate).any())


def excerpt(text: str) -> str:
    """A text as it is kept: of a long one what stands around an @ or digits, else both its ends."""
    if len(text) <= LONGEST:
        return text
    pieces: list[str] = []
    last = 0
    for found in _PLACES.finditer(text):
        if found.start() >= last:
            last = found.start() + _AROUND
            pieces.append(text[max(0, found.start() - _AROUND) : last])
            if len(pieces) * 2 * _AROUND >= LONGEST:
                break
    return "\n".join(pieces or [text[: LONGEST // 2], text[-LONGEST // 2 :]])


@cache
def for_re2(pattern: str) -> str:
    """The pattern as RE2 takes it, perhaps wider; empty if it cannot: then it says nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    nothing = pa.array([""])
    for tried in (pattern, _BACK.sub(".{0,40}", pattern)):
        try:
            pc.match_substring_regex(nothing, tried)
        except pa.ArrowInvalid:
            continue
        return tried
    return ""


def matches(texts: pa.Array, pattern: str) -> NDArray[np.bool_]:
    """Which texts hold a match; null does not."""
    import pyarrow.compute as pc

    found = pc.match_substring_regex(texts, pattern)
    return _flags(found)


def grouped(texts: pa.Array, known: Gates) -> Iterator[Group]:
    """Groups by name, and the positions of their values, ascending."""
    import numpy as np

    raw, offsets = layout(texts)
    lengths = np.diff(offsets)
    rest = np.arange(len(texts))
    if known.at and rest.size and bool((raw == ord("@")).any()):
        held = _holds(texts, "@")
        yield from _split(texts, rest[held], _ADDRESS, "@ in an address", "@")
        rest = rest[~held]
    if known.digits and rest.size:
        count = _digits(raw, offsets)
        enough = (count >= _FEWEST_DIGITS)[rest]
        if (long := np.flatnonzero(enough & (lengths[rest] > _LONG))).size:
            enough[long] = matches(_taken(texts, rest[long]), _CLUSTER)
        for name, own in _by_digits(count, lengths, rest[enough]):
            if name.endswith("digits"):
                yield name, own
            else:
                yield from _split(texts, own, _IN_GROUPS, f"{name}, in groups", name)
        rest = rest[~enough]
    rest = rest[lengths[rest] >= _SHORTEST_TEXT]
    if known.others and rest.size:
        rest = rest[matches(_taken(texts, rest), known.others)]
        if not known.words or not rest.size:
            yield "forms", rest
            return
        yield from _split(texts, rest, known.words, "words", "forms")


def _split(
    texts: pa.Array, places: NDArray[np.int64], pattern: str, fitting: str, others: str
) -> Iterator[Group]:
    """By whether there is a match of a pattern."""
    told = matches(_taken(texts, places), pattern)
    yield fitting, places[told]
    yield others, places[~told]


def _digits(raw: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many digits each of the texts has; none of them may be empty."""
    import numpy as np

    found = (raw - np.uint8(48)) < 10
    if not found.any():
        return np.zeros(len(offsets) - 1, np.int64)
    return np.add.reduceat(found, offsets[:-1], dtype=np.int64)


def _by_digits(
    digits: NDArray[np.int64], lengths: NDArray[np.int64], places: NDArray[np.int64]
) -> Iterator[Group]:
    """By how many digits there are, and whether there is something else."""
    import numpy as np

    digits, lengths = digits[places], lengths[places]
    code = np.minimum(digits, _MOST_DIGITS) * 2 + (digits < lengths)
    code[lengths > _LONG] = 0
    for value in np.flatnonzero(np.bincount(code)).tolist():
        name = f"{value // 2} digits{' and more' * (value % 2)}" if value else "digits in text"
        yield name, places[code == value]


def _holds(texts: pa.Array, sign: str) -> NDArray[np.bool_]:
    import pyarrow.compute as pc

    return _flags(pc.match_substring(texts, sign))


def _taken(texts: pa.Array, places: NDArray[np.int64]) -> pa.Array:
    import pyarrow as pa

    return texts if len(places) == len(texts) else texts.take(pa.array(places))


def _flags(found: pa.Array) -> NDArray[np.bool_]:
    import numpy as np

    flags: NDArray[np.bool_] = found.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003 # Arrow's API
    return np.asarray(flags, bool)
