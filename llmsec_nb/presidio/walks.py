"""One line of text as the matcher of `phonenumbers` walks over it, for many regions at once."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .phones import Region

MOST_TRIES: Final = 65_535
"""After so many failed tries the library's matcher gives a text up."""
_PLAIN: Final = re.compile(r"[0-9 \-./()\[\]]{1,250}\Z")
_ALSO: Final = (
    r"\u00a0\u00ad\u2010-\u2015\u200b\u2060\u2212\u3000\u30fc\uff08\uff09\uff0d-\uff0f\uff3b\uff3d"
)
_PLAIN_WIDE: Final = re.compile(rf"[\d \-./()\[\]{_ALSO}]{{1,250}}\Z")
_PLUS: Final = re.compile(r"\+[0-9 \-./()\[\]]{1,250}\Z")
_NO_DIGITS: Final = re.compile(r"[^0-9]+")


class Part(NamedTuple):
    """A part of a candidate that the library would try, and where it stands in the line."""

    text: str
    start: int


class _Parts(NamedTuple):
    """How many parts of a candidate are tried, and for each region those that may be numbers.

    Regions for which none may be one are not in `open`.
    """

    tries: int
    open: dict[str, list[tuple[int, Part]]]


class Late(Exception):
    """The time for one text is over."""


class Walk:
    """One line: its candidates, their parts and the verdicts on them, each made out once."""

    def __init__(self, line: str, regions: Sequence[Region], codes: frozenset[str]) -> None:
        self._line = line
        self._regions = regions
        self._codes = codes
        self._lister = _lister_class()(line)
        self._parts: dict[tuple[int, str], _Parts] = {}
        self._verdicts: dict[tuple[Part, str], bool] = {}
        self._judges: dict[str, Any] = {}

    def spans(
        self, left: dict[str, int], end_of_time: float, *, counting: bool
    ) -> Iterator[tuple[int, int]]:
        """What is found for any region; takes from `left` the tries that failed, if counting."""
        waiting: dict[int, Sequence[Region]] = {0: self._regions}
        while waiting:
            if time.monotonic() > end_of_time:
                raise Late
            index = min(waiting)
            group = [region for region in waiting.pop(index) if left[region.code] > 0]
            candidate = self._lister.candidate(index) if group else None
            if candidate is None:
                continue
            parts = self._parts.get(candidate) or self._listed(candidate)
            after = candidate[0] + len(candidate[1])
            if not parts.open and not counting:
                waiting[after] = [*waiting.get(after, ()), *group]
                continue
            for region in group:
                number, part = self._first(parts, region, left[region.code])
                if counting:
                    # The whole candidate is tried for nothing, a failed part of it costs a try.
                    left[region.code] -= max(0, number - 1) + (part is None)
                end = after
                if part is not None:
                    end = part.start + len(part.text)
                    yield part.start, end
                waiting[end] = [*waiting.get(end, ()), region]

    def _first(self, parts: _Parts, region: Region, left: int) -> tuple[int, Part | None]:
        """The first part that is a number of the region, and how many were tried before it."""
        for number, part in parts.open.get(region.code, ()):
            if left > number - 1 and self._holds(part, region):
                return number, part
        return parts.tries, None

    def _listed(self, candidate: tuple[int, str]) -> _Parts:
        listed = self._lister.parts(*candidate)
        seen: dict[str, tuple[str, ...]] = {}
        still: dict[str, list[tuple[int, Part]]] = {}
        for number, part in enumerate(listed):
            codes = seen.get(part.text)
            if codes is None:
                codes = seen[part.text] = self._regions_for(part.text)
            for code in codes:
                still.setdefault(code, []).append((number, part))
        self._parts[candidate] = parts = _Parts(len(listed), still)
        return parts

    def _regions_for(self, text: str) -> tuple[str, ...]:
        """The regions that cannot rule a part out by its digits."""
        digits = _digits_of(text)
        if not digits:
            return tuple(region.code for region in self._regions)
        return tuple(region.code for region in self._regions if region.may_hold(digits))

    def _holds(self, part: Part, region: Region) -> bool:
        """Whether the part is a number of the region."""
        key = part, self._scope(part.text, region)
        verdict = self._verdicts.get(key)
        if verdict is None:
            verdict = self._verdicts[key] = self._asked(part, region)
        return verdict

    def _scope(self, text: str, region: Region) -> str:
        """What the verdict depends on beside the part: all, the calling code, or the region."""
        if _PLUS.match(text):
            digits = _NO_DIGITS.sub("", text)
            known = any(digits[:length] in self._codes for length in (1, 2, 3))
            return "" if known else region.code
        digits = _digits_of(text)
        return region.calling if digits and not region.strips(digits) else region.code

    def _asked(self, part: Part, region: Region) -> bool:
        judge = self._judges.get(region.code)
        if judge is None:
            from phonenumbers import PhoneNumberMatcher

            judge = self._judges[region.code] = PhoneNumberMatcher(self._line, region.code)
        return judge._parse_and_verify(*part) is not None  # noqa: SLF001 (tested against the whole)


def _digits_of(text: str) -> str:
    """The digits of a part that holds nothing but digits and their punctuation; else none."""
    if _PLAIN.match(text):
        return _NO_DIGITS.sub("", text)
    if not _PLAIN_WIDE.match(text):
        return ""
    from phonenumbers import normalize_digits_only

    return normalize_digits_only(text)


_made: list[Any] = []


def _lister_class() -> Any:
    """A matcher that lists what it would try; made once, for its base is imported late."""
    if not _made:
        from phonenumbers import PhoneNumberMatcher

        class Lister(PhoneNumberMatcher):
            """The library's matcher, told that nothing is a number."""

            def __init__(self, line: str) -> None:
                super().__init__(line, None)
                self._seen: list[Part] = []
                self._first: tuple[int, str] | None = None
                self._listing = False

            def candidate(self, index: int) -> tuple[int, str] | None:
                self._first = None
                self._find(index)
                return self._first

            def parts(self, start: int, text: str) -> list[Part]:
                self._seen = []
                self._max_tries = MOST_TRIES
                self._listing = True
                self._extract_match(text, start)
                self._listing = False
                return self._seen

            def _extract_match(self, candidate: str, offset: int) -> Any:
                if self._listing:
                    return super()._extract_match(candidate, offset)
                self._first = offset, candidate
                return self

            def _parse_and_verify(self, candidate: str, offset: int) -> None:
                self._seen.append(Part(candidate, offset))

        _made.append(Lister)
    return _made[0]
