"""What a recognizer of personal data is: used alike for texts, for columns and for repair."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Callable
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, runtime_checkable

from msgspec import Struct

from ...core.lazy import lazy
from ...core.rule import Confidence, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Proof(IntEnum):
    """What the inner structure of a value says, strongest first."""

    CHECKSUM = 0
    """A check digit fits, of which chance fits one in ten or fewer."""
    STRUCTURE = 1
    """Only values of this structure are issued."""
    FORM = 2
    """It has the form, no more can be told."""


class Verdict(NamedTuple):
    """What a check says of a value that is of the form."""

    proof: Proof
    country: str = ""
    note: str = ""


Check = Callable[[str], Verdict | None]
"""Looks at the value as it stands, separators included; None: it is none."""


class Hit(NamedTuple):
    """A span of a text, or a whole value, that a recognizer takes for its own.

    `named` says that words nearby speak of it. `country` is ISO 3166-1 alpha-2, if known.
    """

    start: int
    end: int
    recognizer: Recognizer
    confidence: Confidence
    proof: Proof = Proof.FORM
    country: str = ""
    note: str = ""
    named: bool = False


class Scene(NamedTuple):
    """A text to search, and what names it: the header of its column, the key it stands under.

    `cells` says that its lines are cells of a table, which say nothing of each other.
    """

    content: str
    header: str = ""
    cells: bool = False


class Recognizer(Protocol):
    """Finds one kind of personal data."""

    @property
    def rule(self) -> Rule:
        """The rule that its findings are of."""

    @property
    def entity(self) -> str:
        """Presidio's name of the kind where it has one, such as CREDIT_CARD."""

    @property
    def words(self) -> tuple[str, ...]:
        """Lower-case words that speak of it in a sentence, a name or a header; any language."""

    @property
    def digits(self) -> int:
        """A cluster of so many digits makes it worth a search; 0: only its signs do."""

    @property
    def signs(self) -> tuple[str, ...]:
        """Lower-case ASCII literals around which it is searched, beside clusters of digits."""

    @property
    def rank(self) -> int:
        """Between equally sure hits on the same characters the higher one stays."""

    @property
    def gate(self) -> str:
        """A regex in RE2's syntax that every value of this kind contains a match of."""

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value, without blanks around it, is one; `named`: its column says so."""


class Window(NamedTuple):
    """A span in which hits may begin, and where the sign stands that made it worth a look.

    Texts are searched many at once: the sign says in which of them it is.
    """

    start: int
    end: int
    sign: int


@runtime_checkable
class Searching(Recognizer, Protocol):
    """A recognizer that finds by itself where it has to look."""

    def search(self, content: str) -> Iterator[Window]:
        """Windows; they may overlap."""


class Format(Struct, frozen=True, kw_only=True):
    """One way of writing a value.

    `alone` is the confidence without words nearby that speak of it; None: then it is nothing.
    A value that `check` proves by CHECKSUM may be given more in `proven`.
    """

    pattern: str
    check: Check | None = None
    alone: Confidence | None = None
    proven: Confidence | None = None
    named: Confidence = Confidence.HIGH


_BEFORE: Final = r"(?<![\w.,+/#$-])"
_AFTER: Final = r"(?![\w/#]|[.,-]\w)"
_LOOK: Final = lazy(r"\(\?<?[=!][^()]*\)")
_NEAR: Final = 64
_LONGEST: Final = 320
"""Characters; what a search sees behind the place where a value may begin."""
_BEHIND: Final = 24


class Written:
    """A recognizer that goes by formats: what most kinds are."""

    def __init__(
        self,
        rule: Rule,
        entity: str,
        formats: tuple[Format, ...],
        *,
        words: tuple[str, ...],
        country: str = "",
        digits: int = 7,
        signs: tuple[str, ...] = (),
        rank: int = 0,
        flags: int = 0,
    ) -> None:
        """`words` are what must stand nearby where the form alone says too little.

        A kind with `digits=0` and no `signs` is searched around its words.
        """
        self.rule = rule
        self.entity = entity
        self.formats = formats
        self.words = words
        self.country = country
        self.digits = digits
        self.signs = signs if digits or signs else words
        self.rank = rank
        self._flags = flags

    @cached_property
    def _compiled(self) -> tuple[tuple[re.Pattern[str], Format], ...]:
        return tuple(
            (re.compile(f"{_BEFORE}(?:{entry.pattern}){_AFTER}", self._flags), entry)
            for entry in self.formats
        )

    @property
    def gate(self) -> str:
        """The formats without what RE2 cannot look at."""
        joined = "|".join(f"(?:{_LOOK.sub('', entry.pattern)})" for entry in self.formats)
        return f"(?i){joined}" if self._flags & re.IGNORECASE else joined

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for pattern, entry in self._compiled:
            for found in within(pattern, scene.content, start, end):
                named = is_named(self.words, scene, found.start(), found.end())
                hit = self._hit(entry, found[0], found.start(), named=named)
                if hit is not None:
                    yield hit

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        hits = [
            hit
            for pattern, entry in self._compiled
            if (found := pattern.fullmatch(value))
            and (hit := self._hit(entry, found[0], 0, named=named))
        ]
        return min(hits, key=strength, default=None)

    def _hit(self, entry: Format, value: str, start: int, *, named: bool) -> Hit | None:
        verdict = entry.check(value) if entry.check else Verdict(Proof.FORM)
        if verdict is None:
            return None
        confidence = entry.named if named else entry.alone
        if not named and verdict.proof is Proof.CHECKSUM and entry.proven is not None:
            confidence = entry.proven
        if confidence is None:
            return None
        return Hit(
            start,
            start + len(value),
            self,
            confidence,
            verdict.proof,
            verdict.country or self.country,
            verdict.note,
            named,
        )


def strength(hit: Hit) -> tuple[int, int, int, int]:
    """Orders hits on the same characters, the one to keep first."""
    return hit.confidence.rank, hit.proof.value, -(hit.end - hit.start), -hit.recognizer.rank


def within(pattern: re.Pattern[str], content: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The matches that begin in [start, end); the rest of a long text is not searched."""
    limit = min(len(content), end + _LONGEST)
    for found in pattern.finditer(content, start, limit):
        if found.start() >= end:
            return
        if found.end() < limit or limit == len(content):
            yield found
        elif (whole := pattern.match(content, found.start())) is not None:
            yield whole


def resolve(hits: Iterable[Hit]) -> list[Hit]:
    """Those that keep their characters: of hits that overlap the strongest."""
    kept: list[tuple[int, int]] = []
    chosen: list[Hit] = []
    for hit in sorted(hits, key=strength):
        index = bisect_left(kept, (hit.end, hit.end))
        if index and kept[index - 1][1] > hit.start:
            continue
        insort(kept, (hit.start, hit.end))
        chosen.append(hit)
    return sorted(chosen, key=lambda hit: hit.start)


def is_named(words: tuple[str, ...], scene: Scene, start: int, end: int) -> bool:
    """Whether one of the words stands shortly before a span, right after it, or in the header."""
    if scene.header and speaks_of(words, scene.header):
        return True
    before = scene.content[max(0, start - _NEAR) : start]
    line = before.rfind("\n")
    if line >= 0 and (scene.cells or before[line + 1 :].strip()):
        before = before[line + 1 :]
    after = scene.content[end : end + _BEHIND].partition("\n")[0]
    return speaks_of(words, before) or speaks_of(words, after)


def speaks_of(words: tuple[str, ...], text: str) -> bool:
    """Whether one of the words stands in a text, as a word of its own or a part of a name.

    `homePhone`, `phone_number` and `Phone:` all speak of a phone, `headphones` does not.
    """
    if not words:
        return False
    return _spoken(words).search(_CAMEL.sub(r"\1 \2", text).lower()) is not None


_CAMEL: Final = lazy(r"([a-z])([A-Z])")
_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}


def _spoken(words: tuple[str, ...]) -> re.Pattern[str]:
    """`_` and blanks are alike between words."""
    made = _PATTERNS.get(words)
    if made is None:
        told = "|".join(
            re.escape(word).replace(r"\ ", r"[ _.-]{0,2}") for word in sorted(words, key=len)[::-1]
        )
        made = _PATTERNS[words] = re.compile(rf"(?<![^\W_])(?:{told})s?(?![^\W_])")
    return made
