"""Kinds of numbers with a written shape, and one walk over a text that finds all of them.

A mask shows a shape: `9` stands for a digit, `A` for a letter, `X` for either, every other
character for itself (a dash for any dash). The words of a text are turned into their shapes and
looked up: a hundred kinds cost little more than one.
"""

from __future__ import annotations

import re
import string
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from ....core.lazy import lazy
from ....core.rule import Confidence, Example, Kind
from ..recognizer import Hit, Proof, is_named, speaks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ....core.rule import Rule
    from ..recognizer import Scene
    from .walk import Walk

    Check = Callable[[str], Proof | None]

DASHES: Final = "\u2010\u2011\u2012\u2013"
SHAPE: Final = str.maketrans(
    dict.fromkeys(string.digits, "9")
    | dict.fromkeys(string.ascii_letters, "A")
    | dict.fromkeys(DASHES, "-")
    | {"\u00a0": " ", "\u202f": " "}
)
_SEPARATORS: Final = str.maketrans("", "", f" -./()\u00a0\u202f{DASHES}")
BLANKS: Final = " \u00a0\u202f"
_CLOSE: Final = 32
_PLACE: Final = lazy(r"\{\w+\}")
_ADVERTISED: Final = frozenset(
    "".join(parts)
    for parts in (("078", "05", "1120"), ("219", "09", "9999"), ("457", "55", "5462"))
)
"""Numbers that stood in advertisements, see https://www.ssa.gov/history/ssn/misused.html."""
_COUNTED: Final = ("01234567890123456789", "98765432109876543210")
_LEAST: Final = 6
_EDGES: Final = ("(?:^|[^0-9A-Za-z])", "(?:[^0-9A-Za-z]|$)")
_LETTERS: Final = lazy(r"[^\W\d_]+")


class Shape(NamedTuple):
    """One way of writing a number, and how sure it is without words."""

    kind: Numbered
    alone: Confidence | None


def examples(
    yes: tuple[str, ...], no: tuple[str, ...], kind: Kind = Kind.TEXT
) -> tuple[Example, ...]:
    """Texts in which each placeholder is to be found, and such with nothing."""
    return (
        *(Example(source=text, flagged=tuple(_PLACE.findall(text)), kind=kind) for text in yes),
        *(Example(source=text, kind=kind) for text in no),
    )


def compact(value: str) -> str:
    """Without separators, in capitals."""
    return value.translate(_SEPARATORS).upper()


def is_sample(value: str) -> bool:
    """Whether it is nobody's: all digits alike or in order, or known from an advertisement."""
    digits = "".join(filter(str.isdecimal, value))
    if len(digits) < _LEAST:
        return False
    return len(set(digits)) == 1 or digits in _ADVERTISED or any(digits in run for run in _COUNTED)


class Numbered:
    """One kind of number. Its `Walk` searches for it, together with all others.

    `masks` give the confidence of each way of writing without words that speak of it; None: then
    it is nothing in a text. `check` is given the value without separators, in capitals.
    What proves less than `full` is a step less sure. `specific` are words that name this very
    kind, where `words` speak of several. `close` kinds, of which hardly more is known than their
    form, need the words shortly before them. `literals` draw attention where neither seven
    digits stand close together nor capitals and digits in one word.
    """

    digits = 0
    signs: tuple[str, ...] = ()

    def __init__(  # noqa: PLR0913 # one for each trait of a kind
        self,
        rule: Rule,
        entity: str,
        masks: Mapping[str, Confidence | None],
        check: Check,
        *,
        words: tuple[str, ...],
        specific: tuple[str, ...] = (),
        literals: tuple[str, ...] = (),
        country: str = "",
        full: Proof = Proof.CHECKSUM,
        named: Confidence = Confidence.HIGH,
        close: bool = False,
        rank: int = 4,
    ) -> None:
        """Take what makes the kind."""
        self.rule = rule
        self.entity = entity
        self.masks = masks
        self.check = check
        self.words = (*specific, *words)
        self.specific = specific
        self.literals = literals
        self.country = country
        self.rank = rank
        self._full = full
        self._named = named
        self._close = close
        first = [_LETTERS.findall(word)[0] for word in self.words]
        self._stems = frozenset((*first, *(f"{word}s" for word in first)))

    @property
    def gate(self) -> str:
        """The masks as one regex."""
        masks = "|".join(dict.fromkeys(_regex(mask) for mask in self.masks))
        return f"{_EDGES[0]}(?:{masks}){_EDGES[1]}"

    @cached_property
    def _walk(self) -> Walk:
        from .walk import Walk

        return Walk((self,))

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        return self._walk.find(scene, start, end)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one; a check digit that fits counts in a column."""
        for shape in self._walk.shapes(value.translate(SHAPE)):
            hit = self.hit(shape, value, 0, named=named, specific=False)
            if hit is None and (proof := self.check(compact(value))) is Proof.CHECKSUM:
                hit = Hit(0, len(value), self, Confidence.LOW, proof, self.country)
            if hit is not None:
                return hit
        return None

    def at(self, shape: Shape, scene: Scene, start: int, end: int, near: set[str]) -> Hit | None:
        """The hit of a span; `near` are the words near it in lower case."""
        named = not self._stems.isdisjoint(near) and self._spoken(self.words, scene, start, end)
        value = scene.content[start:end]
        if not named and (shape.alone is None or (not value.isupper() and not _plain(value))):
            return None
        if not named and _in_number(scene.content, start, end):
            return None
        specific = bool(self.specific) and named and self._spoken(self.specific, scene, start, end)
        return self.hit(shape, value, start, named=named, specific=specific)

    def _spoken(self, words: tuple[str, ...], scene: Scene, start: int, end: int) -> bool:
        if not self._close:
            return is_named(words, scene, start, end)
        before = scene.content[max(0, start - _CLOSE) : start].rpartition("\n")[2]
        return speaks_of(words, before) or bool(scene.header and speaks_of(words, scene.header))

    def hit(
        self, shape: Shape, value: str, start: int, *, named: bool, specific: bool
    ) -> Hit | None:
        """What the check makes of a value of the right shape."""
        if not named and shape.alone is None:
            return None
        proof = self.check(compact(value))
        if proof is None:
            return None
        sure = self._named if named else shape.alone or Confidence.LOW
        if proof > self._full:
            sure = Confidence.MEDIUM if named else Confidence.LOW
        if specific and proof <= self._full:
            sure = Confidence.HIGH
        if is_sample(value):
            sure = Confidence.LOW
        return Hit(start, start + len(value), self, sure, proof, self.country, named=named)


def _regex(mask: str) -> str:
    kinds = {
        "9": "[0-9]",
        "A": "[A-Za-z]",
        "X": "[0-9A-Za-z]",
        "-": f"[{DASHES}-]",
        " ": f"[{BLANKS}]",
    }
    runs = re.finditer(r"(.)\1*", mask)
    return "".join(
        kinds.get(run[1], re.escape(run[1])) + (f"{{{len(run[0])}}}" if len(run[0]) > 1 else "")
        for run in runs
    )


def _plain(value: str) -> bool:
    return not any(map(str.isalpha, value))


def _in_number(content: str, start: int, end: int) -> bool:
    """Whether a comma makes it a part of a number."""
    before, after = content[max(0, start - 2) : start], content[end : end + 2]
    left = before[-1:] == "," and before[:1].isdecimal()
    right = after[:1] == "," and after[1:].isdecimal()
    return (left or right) and content[start:end].isdecimal()
