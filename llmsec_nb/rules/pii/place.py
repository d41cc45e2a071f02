"""PII106: names of places, by lists; best effort."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .gazetteer import (
    FAMILY,
    NAME,
    WORD,
    beginnings,
    either,
    first_word,
    fold,
    peoples,
    places,
    words,
)
from .recognizer import Hit, Proof, Window
from .rules import personal
from .runs import CAPITALISED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene

RULE: Final = replace(
    personal(
        "PII106",
        "place-name",
        "Name of a place",
        Severity.INFO,
        (
            Example(source="She lives in Reykjavík.", flagged=("Reykjavík",), kind=Kind.MARKDOWN),
            Example(source="Austin, TX 78701", flagged=("Austin", "TX"), kind=Kind.TEXT),
            Example(
                source="from Rio de Janeiro to South Korea",
                flagged=("Rio de Janeiro", "South Korea"),
                kind=Kind.TEXT,
            ),
            Example(source="Reading a book is nice. Mobile first.", kind=Kind.MARKDOWN),
            Example(source="Jack London taught at Boston University", kind=Kind.MARKDOWN),
            Example(source="Chad and Florence use Java, OK", kind=Kind.TEXT),
        ),
        default=False,
    ),
    confidence=Confidence.LOW,
)
STATES: Final = either(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI"
    " SC SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS ON PE QC SK YT NSW VIC QLD TAS ACT"
)
"""Postal codes of states and provinces: https://pe.usps.com/text/pub28/28apb.htm"""
_WORDISH: Final = frozenset({"OK", "IN", "OR", "ME", "HI", "ID"})
_CODES: Final = either(
    "US GB UK DE FR ES IT NL BE AT CH SE NO DK FI PL CZ SK HU RO BG GR PT IE RU UA TR IL IN CN JP KR VN TH ID MY SG PH AU NZ CA MX"
    " BR AR CL CO PE VE ZA NG KE EG MA ET GH SA AE IR IQ PK BD LK NP HK TW USA GBR DEU FRA ESP ITA NLD BEL AUT CHE SWE NOR DNK FIN"
    " POL CZE HUN ROU GRC PRT IRL RUS UKR TUR ISR IND CHN JPN KOR VNM THA IDN MYS SGP PHL AUS NZL CAN MEX BRA ARG CHL COL ZAF NGA KEN EGY"
)
"""ISO 3166-1, the larger ones."""
_WORD: Final = lazy(rf"(?:U\.S\.A\.|U\.S\.(?!\w)|U\.K\.(?!\w)|{CAPITALISED})")
_STATE: Final = lazy(
    rf"({CAPITALISED}(?:[ ]{CAPITALISED}){{0,2}}),[ ](?!(?:OK|IN|OR|ME|HI|ID)\b(?![ ]{{1,2}}\d{{5}}))([A-Z]{{2,3}})(?=[ ]{{1,2}}\d{{5}}\b|[ ]*(?:[,.;:)|\"']|$))",
    re.MULTILINE,
)
_TOWARDS: Final = lazy(
    r"(?:\b(?:in|from|to|at|near|of|around|visit|visited|visiting|via|outside|toward|towards|leaving|across|through|for|nach|aus|à|en|de|a|em|city|town|capital|lives in)"
    r"[ ](?:the |downtown |central |northern |southern |eastern |western )?|\b(?:City|Town|Country|State|Location|Address|Region|Province|Birthplace|Nationality):[ ]{0,3}"
    r"|,[ ])$"
)
_FOLLOWED: Final = lazy(rf",[ ]({CAPITALISED}(?:[ ]{CAPITALISED}){{0,2}})")
_NEXT: Final = lazy(rf"[ ]({CAPITALISED})")
_LAST: Final = lazy(rf"({CAPITALISED})[ ]$")
_CLOSED: Final = lazy(r"[\w(\[@\\]|[./-]\w|=\S")
_ORGANISATIONS: Final = either(
    "university college institute school times post herald tribune street road avenue airport university's hotel bank company inc corp ltd gmbh press airlines club review journal house hall stock"
)
_BACK: Final = 24
_LONGEST: Final = 120


class PlaceNames:
    """Places that the lists know; those that are words or names, too, only where a place may stand."""

    rule = RULE
    entity = "LOCATION"
    words = (
        "city", "town", "country", "state", "province", "region", "location", "place", "nationality", "birthplace",
        "stadt", "ort", "land", "ville", "pays", "ciudad", "pais", "país", "cidade", "città", "citta", "paese", "hometown",
    )  # fmt: skip
    digits = 0
    signs: tuple[str, ...] = ()
    rank = 0
    gate = r"\pL{2}"

    def search(self, content: str) -> Iterator[Window]:
        """Spans of first words of places, and of the codes of states."""
        first = beginnings()
        for found in _WORD.finditer(content):
            word = found[0]
            low = word.lower() if word.isascii() else fold(word)
            if low in first or word in STATES or first_word(low) in first:
                yield Window(found.start(), found.start() + 1, found.start())

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        content = scene.content
        for found in _WORD.finditer(content, start, end + _LONGEST):
            if found.start() >= end:
                return
            length = _longest(content, found.start(), found[0])
            if length and _stands(content, found.start(), found.start() + length):
                yield self._hit(found.start(), found.start() + length)
            elif found[0] in STATES:
                yield from self._state(content, found.start())

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is a place; in a column of places also a code or a people."""
        folded = fold(value)
        known = folded in places()
        if named and (known or value in STATES or value in _CODES or folded in peoples()):
            return self._hit(0, len(value), Confidence.MEDIUM, named=True)
        if known and not named and value[:1].isupper() and not places()[folded].ambiguous:
            return self._hit(0, len(value))
        return None

    def _state(self, content: str, start: int) -> Iterator[Hit]:
        """The code of a state, and the town before it that the lists lack."""
        line = content.rfind("\n", max(0, start - 100), start) + 1 or max(0, start - 100)
        for found in _STATE.finditer(content, line, min(len(content), start + 12)):
            if found.start(2) != start:
                continue
            town = found[1]
            if not any(words().get(fold(part), 0) & WORD for part in town.split()):
                if not _longest(content, found.start(1), town.split()[0]):
                    yield self._hit(*found.span(1))
                yield self._hit(*found.span(2))
            elif _longest(content, found.start(1), town.split()[0]) == len(town):
                yield self._hit(*found.span(2))

    def _hit(
        self, start: int, end: int, sure: Confidence = Confidence.LOW, *, named: bool = False
    ) -> Hit:
        return Hit(start, end, self, sure, Proof.FORM, named=named)


def _longest(content: str, start: int, word: str) -> int:
    """The length of the longest place that begins here; 0: none does."""
    for size in beginnings().get(first_word(fold(word)), ()):
        piece = content[start : start + size]
        if fold(piece) in places() and not _CLOSED.match(content, start + size):
            return len(piece)
    return 0


def _stands(content: str, start: int, end: int) -> bool:
    """Whether a place may be meant: no person's name, no firm, and not just a word."""
    follower = _NEXT.match(content, end)
    after = fold(follower[1]) if follower else ""
    if after in _ORGANISATIONS:
        return False
    if " " in content[start:end]:
        return True
    leader = _LAST.search(content, max(0, start - _BACK), start)
    if leader and words().get(fold(leader[1]), 0) & NAME:
        return False
    if not places()[fold(content[start:end])].ambiguous:
        return True
    return not words().get(after, 0) & FAMILY and _is_placed(content, start, end)


def _is_placed(content: str, start: int, end: int) -> bool:
    """Whether the words around a name speak of a place."""
    if _TOWARDS.search(content, max(0, start - _BACK), start):
        return content[start - 2 : start] != ", " or _after_place(content, start)
    after = _FOLLOWED.match(content, end)
    return after is not None and (after[1] in STATES - _WORDISH or fold(after[1]) in places())


def _after_place(content: str, start: int) -> bool:
    """Whether a place and a comma stand before."""
    before = re.split(r"[,.;:(\n]", content[max(0, start - 40) : start - 2])[-1].split()
    return any(fold(" ".join(before[-count:])) in places() for count in (1, 2, 3))
