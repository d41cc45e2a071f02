"""PII120: dates, in all usual notations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof
from .rules import personal
from .seek import near, seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene, Window

RULE: Final = personal(
    "PII120",
    "date",
    "Date",
    Severity.INFO,
    (
        Example(source="Seen on {date_iso}.", flagged=("{date_iso}",), kind=Kind.TEXT),
        Example(source="On {date_words} it rained", flagged=("{date_words}",), kind=Kind.TEXT),
        Example(source="since 1987, every Monday", flagged=("1987", "Monday"), kind=Kind.TEXT),
        Example(source="ratio 1/2/3, 10.20.30.40, v1.2.2019", kind=Kind.TEXT),
        Example(source="2019 rows, 31.31.2019, 2019-13-01, May I?", kind=Kind.TEXT),
        Example(source="uuid 20190101-aaaa", kind=Kind.TEXT),
    ),
    why="With a place and a sex a date singles out a person; alone it says little.",
    default=False,
)
_NAMES: Final = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari januar stycznia",
    "february feb februar février fevrier févr febrero febbraio fevereiro fev februari lutego",
    "march mar märz maerz mrz mars marzo março marco maart mrt marca",
    "april apr avril avr abril abr aprile kwietnia",
    "may mai mayo maggio mag maio mei maj maja",
    "june jun juni juin junio giugno giu junho czerwca",
    "july jul juli juillet juil julio luglio lug julho lipca",
    "august aug août aout agosto ago augustus augusti sierpnia",
    "september sep sept septembre septiembre settembre set setembro września",
    "october oct oktober okt octobre octubre ottobre ott outubro out oktober października",
    "november nov novembre noviembre novembro listopada",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember grudnia",
)
MONTHS: Final = {name: number for number, line in enumerate(_NAMES, 1) for name in line.split()}
_MONTH: Final = "|".join(sorted(MONTHS, key=len)[::-1])
_DAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "jueves", "viernes",
)  # fmt: skip
_TIME: Final = r"(?:,?[T ](?:at )?[0-2]?[0-9]:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\b)?(?: ?Z| ?UTC| ?[+-][0-9]{2}:?[0-9]{2})?)?"
_YEAR: Final = "(?:1[89]|20)[0-9]{2}"
_BEFORE: Final = r"(?<![\w.,+/#$:-])"
_AFTER: Final = r"(?![\w/#]|[.,:-][0-9]|-\w)"
_FORMS: Final = (
    rf"(?P<y>{_YEAR})(?P<s>[-/.])(?P<m>[01]?[0-9])(?P=s)(?P<d>[0-3]?[0-9]){_TIME}",
    rf"(?P<a>[0-3]?[0-9])(?P<s>[-/.])(?P<b>[0-3]?[0-9])(?P=s)(?P<y>{_YEAR}|[0-9]{{2}}){_TIME}",
    rf"(?P<d>[0-3]?[0-9])(?:st|nd|rd|th|\.|º|er)?[ -](?:(?:of|de|d[eu]l) )?(?P<n>{_MONTH})\b\.?(?:,?[ -](?:(?:of|de|d[eu]l) )?(?P<y>{_YEAR}|'?[0-9]{{2}}(?![0-9])))?{_TIME}",
    rf"(?P<n>{_MONTH})\b\.?[ -](?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?:(?:,? |-)(?P<y>{_YEAR}|'[0-9]{{2}}))?{_TIME}",
    rf"(?P<n>{_MONTH})\b\.?(?:,? (?:of |de )?|-)(?P<y>{_YEAR}|'[0-9]{{2}})",
    rf"(?P<m>0[1-9]|1[0-2])/(?P<y>{_YEAR})",
)
_COMPILED: Final = tuple(lazy(f"{_BEFORE}{form}{_AFTER}", re.IGNORECASE) for form in _FORMS)
_LOOSE: Final = lazy(
    rf"{_BEFORE}(?:(?:{'|'.join(_DAYS)})\b(?!-)"
    rf"|(?:(?<=\bin )|(?<=in the )|(?<=since )|(?<=year )|(?<=\bby )|(?<=until )|(?<=\bof )|(?<=from )|(?<=during )|(?<=before )|(?<=after ))"
    rf"{_YEAR}s?){_AFTER}",
    re.IGNORECASE,
)
_SIGN: Final = lazy(
    r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}|[01][0-9]/[12][0-9]{3}|[12][0-9]{3}(?![0-9.])"
    r"|[0-9](?:st|nd|rd|th)? (?:of )?(?:[Mm]a(?:y|r(?:ch)?)|[Dd]ec)\b"
)
_COMMON: Final = frozenset({"may", "march", "mar", "dec"})
"""In English words by themselves: signs only before a number."""
_TAKEN: Final = frozenset(
    [
        "set", "out", "gen", "mag", "lug", "ago", "dic", "mei", "maj", "mai", "mars", "ene",
        "abr", "ott", "giu", "fev",
    ]
)  # fmt: skip
"""Words, or much used in code: these months need a year."""
_SIGNS: Final = tuple(
    dict.fromkeys(
        [
            *(name for name in MONTHS if name.isascii() and name not in _COMMON | _TAKEN),
            *(f"{name} {digit}" for name in sorted(_COMMON & set(MONTHS)) for digit in range(10)),
            *_DAYS,
        ]
    )
)
_CENTURY: Final = 100
_BEHIND: Final = 12
_LEAD: Final = 28
_LENGTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Date(NamedTuple):
    """What a span says: a year of four digits or None, a month, a day or None."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None


def dates_in(content: str, start: int, end: int) -> Iterator[Date]:
    """The dates that begin in [start, end) of a text, longer forms first."""
    for pattern in _COMPILED:
        for found in near(pattern, content, start, end):
            date = _read(found)
            if date is not None:
                yield date


def date_of(value: str) -> Date | None:
    """The date that a whole value is."""
    for pattern in _COMPILED:
        found = pattern.fullmatch(value)
        date = found and _read(found)
        if date:
            return date
    return None


def _read(found: re.Match[str]) -> Date | None:
    parts = found.groupdict()
    year = _year(parts.get("y"))
    if parts.get("a"):
        months = [(int(parts["a"]), int(parts["b"])), (int(parts["b"]), int(parts["a"]))]
        month, day = next((pair for pair in months if _is_day(*pair)), (0, 0))
        if found["s"] == "." and not _is_day(int(parts["b"]), int(parts["a"])):
            return None
    else:
        month = MONTHS[parts["n"].lower()] if parts.get("n") else int(parts["m"])
        day = int(parts["d"]) if parts.get("d") else 0
    if not _is_day(month, day or 1) or (parts.get("d") and not day):
        return None
    return Date(found.start(), found.end(), year, month, day or None)


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= len(_LENGTHS) and 1 <= day <= _LENGTHS[month - 1]


def _year(told: str | None) -> int | None:
    """Two digits are of the last hundred years, as seen from 2030."""
    if told is None:
        return None
    year = int(told.lstrip("'"))
    if year >= _CENTURY:
        return year
    return year + (2000 if year <= 30 else 1900)


class Dates:
    """All dates, weekdays, and years that are spoken of: of low confidence, whatever they are."""

    rule = RULE
    entity = "DATE_TIME"
    words = ("date", "datum", "fecha", "timestamp", "datetime")
    digits = 0
    signs = _SIGNS
    rank = 0
    gate = "[0-9]|(?i:day|tag|di|es)"

    def search(self, content: str) -> Iterator[Window]:
        """Around all that looks like a date in digits, or like a year."""
        return seek(_SIGN, content, _LEAD, _BEHIND)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for date in dates_in(scene.content, start, end):
            yield self._hit(date.start, date.end)
        for found in near(_LOOSE, scene.content, start, end):
            yield self._hit(found.start(), found.end())

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        whole = date_of(value) or _LOOSE.fullmatch(value)
        return self._hit(0, len(value)) if whole else None

    def _hit(self, start: int, end: int) -> Hit:
        return Hit(start, end, self, Confidence.LOW, Proof.FORM)
