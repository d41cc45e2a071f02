"""What the kinds of personal data have in common when they are replaced."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Final


class Family(Enum):
    """Kinds that are replaced alike."""

    EMAIL = "email"
    NAME = "name"
    ADDRESS = "address"
    DATE = "date"
    AGE = "age"
    POSTCODE = "postcode"
    PLACE = "place"
    COORDINATE = "coordinate"
    IP = "ip"
    MAC = "mac"
    URL = "url"
    TRAIT = "trait"
    SECRET = "secret"  # noqa: S105 (a word)
    NUMBER = "number"
    """Everything else: numbers and ids of people, things and accounts."""


_FAMILIES: Final = (
    (r"E_?MAIL", Family.EMAIL),
    (r"SECRET|PASSWORD|API_KEY|TOKEN", Family.SECRET),
    (r"IP(?:V[46])?(?:_ADDRESS)?", Family.IP),
    (r"MAC(?:_ADDRESS)?", Family.MAC),
    (r"URL|URI|DOMAIN(?:_NAME)?|WEBSITE", Family.URL),
    (r"BIRTH(?:_?DAY|DATE)?|DOB|DATE(?:_TIME|TIME)?|DAY", Family.DATE),
    (r"AGE", Family.AGE),
    (r"ZIP(?:_?CODE)?|POST(?:AL)?(?:_?CODE)?|PLZ", Family.POSTCODE),
    (r"COORDINATES?|LAT(?:ITUDE)?|LO?NG?(?:ITUDE)?|GEO\w{0,20}|GPS", Family.COORDINATE),
    (r"STREET|ADDRESS", Family.ADDRESS),
    (r"LOCATION|CITY|TOWN|PLACE|GPE|COUNTRY|REGION|STATE", Family.PLACE),
    (r"PERSON|NAME|USERNAME|SURNAME", Family.NAME),
    (r"NRP|GENDER|SEX|ETHNICITY|RACE|RELIGION|NATIONALITY|OCCUPATION|JOB", Family.TRAIT),
)
_PATTERNS: Final = tuple(
    (re.compile(rf"(?:\A|_)(?:{words})(?:\Z|_)"), family) for words, family in _FAMILIES
)
_INDIRECT: Final = frozenset(
    {
        Family.DATE,
        Family.AGE,
        Family.POSTCODE,
        Family.PLACE,
        Family.COORDINATE,
        Family.TRAIT,
    }
)


@cache
def family_of(kind: str) -> Family:
    """How a kind such as US_SSN is replaced, by the words of its name."""
    for pattern, family in _PATTERNS:
        if pattern.search(kind.upper()):
            return family
    return Family.NUMBER


def is_direct(kind: str) -> bool:
    """Whether it names one person, or a thing of one; others do so only together."""
    return family_of(kind) not in _INDIRECT
