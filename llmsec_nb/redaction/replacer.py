"""What stands for a value: the strategies in one place, for texts and for other types."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from . import plain
from .fakes import Fakes
from .key import DRAWN, find_key
from .kinds import Family, family_of
from .problems import CannotRedact
from .pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .key import Key

MASK: Final = "mask"
REPLACE: Final = "replace"
PSEUDONYM: Final = "pseudonym"
FAKE: Final = "fake"
GENERALISE: Final = "generalise"
DECADE: Final = "generalise:decade"
DROP: Final = "drop"
STRATEGIES: Final = (MASK, REPLACE, PSEUDONYM, FAKE, GENERALISE, DECADE, DROP)


def checked(strategy: str) -> str:
    """The strategy, if it is one. Raises CannotRedact."""
    strategy = strategy.replace("generalize", GENERALISE)
    if strategy not in STRATEGIES:
        raise CannotRedact(f"no strategy {strategy!r}; there are {', '.join(STRATEGIES)}")
    return strategy


class Replacer:
    """Knows the key, once something needs one; `notes` say what was done otherwise than asked."""

    def __init__(self, key: Key | None = None) -> None:
        """An absent key is looked for only when it is needed."""
        self._key = key
        self.notes: dict[str, None] = {}

    @property
    def origin(self) -> str:
        """Where the key is from; empty if none was needed."""
        return self._key.origin if self._key and "pseudonyms" in self.__dict__ else ""

    @property
    def fleeting(self) -> bool:
        """Whether other pseudonyms will be made in the next run."""
        return self.origin == DRAWN

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """Made at the first need."""
        self._key = self._key or find_key()
        return Pseudonyms(self._key)

    @cached_property
    def _fakes(self) -> Fakes:
        pseudonyms = self.pseudonyms
        return Fakes(self._key or find_key(), pseudonyms)

    def note(self, text: str) -> None:
        """Say something once."""
        self.notes[text] = None

    def texts(self, strategy: str, kind: str, values: Sequence[str]) -> list[str | None]:
        """What stands for texts of a kind; None: nothing."""
        if strategy == DROP:
            return [None] * len(values)
        if strategy == REPLACE:
            return [plain.named(kind)] * len(values)
        if strategy == MASK or family_of(kind) is Family.SECRET:
            return [plain.masked(value) for value in values]
        if family_of(kind) is Family.COORDINATE and strategy in {PSEUDONYM, FAKE}:
            self.note("coordinates have no pseudonyms: they are generalised")
            strategy = GENERALISE
        if strategy in {GENERALISE, DECADE}:
            return [self._general(strategy, kind, value) for value in values]
        return list(self._made(strategy, kind, values))

    def _made(self, strategy: str, kind: str, values: Sequence[str]) -> list[str]:
        """With the key."""
        if strategy == PSEUDONYM:
            return self.pseudonyms.texts(kind, values)
        if not self._fakes.has(kind):
            self.note(f"no fakes are made of {kind}: they are pseudonyms")
        return self._fakes.texts(kind, values)

    def text(self, strategy: str, kind: str, value: str) -> str:
        """What stands for one text, empty for nothing."""
        return self.texts(strategy, kind, (value,))[0] or ""

    def _general(self, strategy: str, kind: str, value: str) -> str:
        found = plain.general(kind, value, decade=strategy == DECADE)
        if found is None:
            self.note(f"some {kind} have no less precise form: they are masked")
            return plain.masked(value)
        return found

    def integers(
        self, strategy: str, kind: str, values: Sequence[int], largest: int
    ) -> list[int | None]:
        """What stands for integers: integers. Stars are none, so pseudonyms take their place."""
        if strategy == DROP:
            return [None] * len(values)
        if strategy in {GENERALISE, DECADE} or family_of(kind) is Family.COORDINATE:
            return [int(plain.general_number(kind, value)) for value in values]
        if strategy != PSEUDONYM:
            self.note(
                f"{strategy} gives no number: {kind} are pseudonyms, so that they stay numbers"
            )
        return list(self.pseudonyms.integers(values, largest))

    def fraction(self, kind: str, value: float) -> float:
        """What stands for a number that is not whole."""
        self.note(f"{kind} that are no whole numbers are generalised")
        return plain.general_number(kind, value)


def is_whole(value: Any) -> bool:
    """Whether a floating point number stands for an integer, as where some are missing."""
    return float(value).is_integer() and abs(value) <= LARGEST_FLOAT


LARGEST_FLOAT: Final = 1 << 53
"""Beyond it a floating point number does not tell integers apart."""
