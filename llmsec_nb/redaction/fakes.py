"""Values that look real and are nobody's: Faker's, drawn anew for each value under the key.

The same value gets the same fake, but two values may get one: for joins there are pseudonyms.
Where ranges are reserved for examples they are used: RFC 2606 (example.com), RFC 5737 and 3849
(addresses), RFC 7042 (MAC), 555-0100 to 555-0199 (North American telephones), and test numbers of
cards. What Faker makes of a seed may change with its version.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from .dates import read_date
from .kinds import Family, family_of
from .problems import CannotRedact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .key import Key
    from .pseudonyms import Pseudonyms

_CARDS: Final = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")
_FIRST: Final = date(1930, 1, 1)
_LAST: Final = date(2009, 12, 31)


class Fakes:
    """Fakes under one key; kinds that have none get pseudonyms."""

    def __init__(self, key: Key, pseudonyms: Pseudonyms) -> None:
        """Raises CannotRedact where Faker is not installed."""
        try:
            from faker import Faker
        except ImportError:
            raise CannotRedact(
                "fakes are made by Faker, which is not installed: pip install 'llmsec-nb[fake]'"
            ) from None
        self.__key = key.derive("fakes")
        self._pseudonyms = pseudonyms
        self._faker: Any = Faker()
        self._known: dict[tuple[str, str], str] = {}

    def texts(self, kind: str, values: Sequence[str]) -> list[str]:
        """A fake for each text."""
        if not self.has(kind):
            return self._pseudonyms.texts(kind, values)
        return [self._text(kind, value) for value in values]

    def has(self, kind: str) -> bool:
        """Whether a kind has fakes."""
        return kind in _KINDS or family_of(kind) in _FAMILIES

    def _text(self, kind: str, value: str) -> str:
        known = self._known.get((kind, value))
        if known is None:
            plain = " ".join(value.casefold().split())
            data = f"{kind}|{plain}".encode("utf-8", "surrogatepass")
            seed = hashlib.blake2b(data, key=self.__key, digest_size=8).digest()
            self._faker.seed_instance(int.from_bytes(seed, "little"))
            make = _KINDS.get(kind) or _FAMILIES[family_of(kind)]
            known = self._known[kind, value] = make(self._faker, value)
        return known


def _email(faker: Any, value: str) -> str:
    local = f"{faker.first_name()}.{faker.last_name()}{faker.random_int(1, 9999)}"
    return f"{local.lower().replace(' ', '')}@example.com"


def _phone(faker: Any, value: str) -> str:
    return f"({faker.random_int(200, 989)}) 555-01{faker.random_int(0, 99):02d}"


def _card(faker: Any, value: str) -> str:
    return str(faker.random_element(_CARDS))


def _ssn(faker: Any, value: str) -> str:
    """No number with 666 in front is issued."""
    return f"666-{faker.random_int(1, 99):02d}-{faker.random_int(1, 9999):04d}"


def _address(faker: Any, value: str) -> str:
    return str(faker.address()).replace("\n", ", ")


def _name(faker: Any, value: str) -> str:
    return str(faker.first_name() if len(value.split()) == 1 else faker.name())


def _ip(faker: Any, value: str) -> str:
    if ":" in value:
        return f"2001:db8::{faker.random_int(0, 65535):x}:{faker.random_int(0, 65535):x}"
    net = faker.random_element(("192.0.2", "198.51.100", "203.0.113"))
    return f"{net}.{faker.random_int(1, 254)}"


def _mac(faker: Any, value: str) -> str:
    return f"00:00:5e:00:53:{faker.random_int(0, 255):02x}"


def _date(faker: Any, value: str) -> str:
    written = read_date(value)
    day = faker.date_between_dates(_FIRST, _LAST)
    return written.again(day) if written else str(day)


def _city(faker: Any, value: str) -> str:
    return str(faker.city())


def _postcode(faker: Any, value: str) -> str:
    return str(faker.postcode())


def _age(faker: Any, value: str) -> str:
    return str(faker.random_int(18, 89))


def _url(faker: Any, value: str) -> str:
    return f"https://example.com/{faker.slug()}"


_FAMILIES: Final = {
    Family.EMAIL: _email,
    Family.NAME: _name,
    Family.ADDRESS: _address,
    Family.IP: _ip,
    Family.MAC: _mac,
    Family.DATE: _date,
    Family.PLACE: _city,
    Family.POSTCODE: _postcode,
    Family.AGE: _age,
    Family.URL: _url,
}
_KINDS: Final = {"PHONE_NUMBER": _phone, "CREDIT_CARD": _card, "US_SSN": _ssn}
