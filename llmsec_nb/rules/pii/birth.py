"""PII104: dates of birth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .dates import date_of, dates_in
from .recognizer import Hit, Proof, is_named
from .rules import personal
from .seek import seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .dates import Date
    from .recognizer import Scene, Window

RULE: Final = personal(
    "PII104",
    "date-of-birth",
    "Date of birth",
    Severity.MEDIUM,
    (
        Example(source="Born on {birth_words} in Rome", flagged=("{birth_words}",), kind=Kind.TEXT),
        Example(source='dob = "{birth_iso}"', flagged=("{birth_iso}",)),
        Example(source="geb. {birth_de}", flagged=("{birth_de}",), kind=Kind.TEXT),
        Example(source="updated on {birth_iso}", kind=Kind.TEXT),
        Example(source="the idea was born. {birth_iso}: first release", kind=Kind.TEXT),
        Example(source="born 1234-12-12", kind=Kind.TEXT),
        Example(source="births_by_date = 2012-01-01, births on 2012-01-02", kind=Kind.CODE),
        Example(source='birthday_problem(23, "2020-02-30")', kind=Kind.CODE),
    ),
    why="With a postcode and a sex it singles out most people.",
)
_WORDS: Final = (
    "date of birth", "day of birth", "birth day", "birth dt", "birth date", "birthdate", "birthday", "bday", "b-day", "dob", "d.o.b", "born",
    "born on", "geburtsdatum", "geburtstag", "geboren", "geboren am", "geb", "geb.dat", "geburt",
    "date de naissance", "naissance", "né le", "née le", "né", "née", "ddn",
    "fecha de nacimiento", "nacimiento", "nacido", "nacida", "nació", "nacido el", "nacida el",
    "data di nascita", "nascita", "nato", "nata", "nato il", "nata il",
    "data de nascimento", "nascimento", "nascido", "nascida", "nascido em",
    "geboortedatum", "geboorte", "data urodzenia", "urodzenia", "urodzony", "urodzona",
    "födelsedatum", "född", "fødselsdato", "født", "syntymäaika",
)  # fmt: skip
_COMPACT: Final = lazy(r"(?<![\w.,+/#$-])(?:18|19|20)[0-9]{6}(?![\w/#]|[.,-]\w)")
_EARLIEST: Final = 1890
_LATEST: Final = 2030
_OTHER_END: Final = lazy(
    r"[.!?] |\b(?:died|death|dod|deceased|gest|updated|hired|joined|visit)", re.IGNORECASE
)
_ACCENTED: Final = lazy(r"n(?:ée? |ació)|f[øö]d(?:t|d|sel|else)|syntym")
_GEB: Final = lazy(r"\bgeb\. ?\Z|\bd\.o\.b\.:? ?\Z", re.IGNORECASE)


class BirthDates:
    """Dates that words nearby, or the header of their column, call a date of birth."""

    rule = RULE
    entity = "DATE_OF_BIRTH"
    words = _WORDS
    digits = 0
    signs = ("birth", *(word for word in _WORDS if word.isascii() and " " not in word))
    rank = 4
    gate = "[0-9]"

    def search(self, content: str) -> Iterator[Window]:
        """Behind words that are no signs, for they have letters beyond ASCII."""
        return iter(()) if content.isascii() else seek(_ACCENTED, content, 0, 80)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for date in dates_in(scene.content, start, end):
            if self._is_birth(scene, date):
                yield self._hit(date.start, date.end)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one, if its column is called so."""
        if not named:
            return None
        if _COMPACT.fullmatch(value):
            value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
            date = date_of(value)
            return self._hit(0, len(value) - 2) if date and _is_of_a_life(date) else None
        date = date_of(value)
        return self._hit(0, len(value)) if date and _is_of_a_life(date) else None

    def _is_birth(self, scene: Scene, date: Date) -> bool:
        if not _is_of_a_life(date) or not is_named(self.words, scene, date.start, date.end):
            return False
        before = scene.content[max(0, date.start - 64) : date.start]
        last = before.rpartition("\n")[2] or before
        other = max((found.end() for found in _OTHER_END.finditer(last)), default=-1)
        return (
            other < 0
            or bool(_GEB.search(before))
            or is_named(
                self.words,
                scene._replace(content=last[other:] + "0"),
                len(last) - other,
                len(last) - other,
            )
        )

    def _hit(self, start: int, end: int) -> Hit:
        return Hit(start, end, self, Confidence.HIGH, Proof.FORM, named=True)


def _is_of_a_life(date: Date) -> bool:
    """A year in which somebody alive may have been born, and a day."""
    return date.day is not None and date.year is not None and _EARLIEST <= date.year <= _LATEST
