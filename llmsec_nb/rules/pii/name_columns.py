"""Columns of names of people: by their header, and by values taken one by one."""

from __future__ import annotations

from typing import Final

from ...core.lazy import lazy
from ...core.rule import Confidence
from . import gazetteer
from .gazetteer import NAME, WORD, either, fold, words
from .recognizer import speaks_of
from .runs import TITLES

PEOPLE: Final = (
    "name", "full name", "first name", "last name", "given name", "family name", "middle name", "maiden name",
    "surname", "forename", "firstname", "lastname", "fullname", "fname", "lname", "vorname", "nachname",
    "familienname", "prénom", "prenom", "nom", "nombre", "apellido", "cognome", "nome", "sobrenome", "voornaam",
    "achternaam", "imię", "nazwisko", "jméno", "příjmení", "förnamn", "efternamn", "person", "patient", "customer",
    "employee", "passenger", "author", "contact", "owner", "manager", "doctor", "physician", "nurse", "student",
    "teacher", "actor", "player", "recipient", "sender", "guardian", "spouse", "holder", "member", "assignee",
)  # fmt: skip
_OTHERS: Final = (
    "file", "host", "domain", "product", "item", "model", "column", "field", "table", "class", "function", "event",
    "company", "organization", "organisation", "school", "city", "country", "state", "place", "street", "brand",
    "team", "project", "package", "module", "dataset", "feature", "id", "email", "phone", "type", "count", "age",
)  # fmt: skip
_PARTS: Final = lazy(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
_FOREIGN: Final = lazy(r"[\d@_/\\{}<>=+*%#:;!?|\n]")
_LONGEST: Final = 80
_MOST: Final = 8
_PARTICLES: Final = either(
    "van von der den de la las los del della di da do dos das du des le el al ter ten bin bint ibn ben af av y e zu zum jr sr ii iii iv phd md"
)


def is_of_people(header: str) -> bool:
    """Whether a header speaks of names of people, and of nothing else that has names."""
    return speaks_of(PEOPLE, header) and not speaks_of(_OTHERS, header)


def person_in(value: str) -> Confidence | None:
    """How sure a whole value of a column of names is one, in any case and order.

    MEDIUM: half of its words are names, and none is a common word that is no name.
    """
    if len(value) > _LONGEST or _FOREIGN.search(value):
        return None
    parts = [fold(part.rstrip(".")) for part in _PARTS.findall(value)]
    parts = [part for part in parts if part not in TITLES]
    parts = [part for part in parts if part not in _PARTICLES or len(parts) == 1]
    if not 1 <= len(parts) <= _MOST:
        return None
    names = sum(_is_name(part) for part in parts)
    letters = sum(len(part) == 1 for part in parts)
    others = sum(_is_word(part) for part in parts)
    if not names or others or names + letters < len(parts) / 2:
        return None
    return Confidence.MEDIUM


def _is_name(part: str) -> bool:
    known = words()
    return any(known.get(piece, 0) & NAME for piece in (part, *part.split("-")))


def _is_word(part: str) -> bool:
    bits = words().get(part, 0)
    return bool(bits & (WORD | gazetteer.PEOPLE)) and not bits & NAME
