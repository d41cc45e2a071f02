"""Pseudonyms: the same one for the same value, in whatever column, frame, file or notation.

Who holds the key can tell whose they are; without it they tell of a value its kind and, for
numbers and ids, its form. Short numbers have few pseudonyms to choose from.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from .codes import Codes
from .dates import read_date
from .kinds import Family, family_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .key import Key

_FIRST: Final = date(1900, 1, 1).toordinal()
_SPAN: Final = date(2028, 1, 1).toordinal() - _FIRST
_LAST: Final = date.max.toordinal()
_TOKENS: Final = {
    Family.EMAIL: "user_{}@example.invalid",
    Family.NAME: "person_{}",
    Family.ADDRESS: "address_{}",
    Family.PLACE: "place_{}",
    Family.URL: "https://example.invalid/{}",
    Family.TRAIT: "trait_{}",
    Family.SECRET: "secret_{}",
}
"""What has no form that is worth keeping. RFC 2606: nobody is reached at example.invalid."""
_ID: Final = "id_{}"
_V6: Final = "2001:db8:"  # RFC 3849: no address of anybody
_MAC: Final = (12, 16)
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Pseudonyms:
    """Pseudonyms under one key."""

    __slots__ = ("__key", "_codes")

    def __init__(self, key: Key) -> None:
        self.__key = key.derive("tokens")
        self._codes = Codes(key)

    def texts(self, kind: str, values: Sequence[str]) -> list[str]:
        """A pseudonym for each text."""
        family = family_of(kind)
        if family in _TOKENS:
            form = _TOKENS[family]
            return [form.format(self.token(value)) for value in values]
        if family in _SPECIAL:
            return [_SPECIAL[family](self, value) or self._other(value) for value in values]
        codes = self._codes.codes(values)
        return [
            self._no_code(value) if code is None or _UUID.fullmatch(value) else code
            for value, code in zip(values, codes, strict=True)
        ]

    def integers(self, values: Sequence[int], largest: int) -> list[int]:
        """Integers with as many digits and the same sign, none beyond `largest`.

        One that would be is replaced again, so that two values never become one.
        """
        found = [int(new) for new in self._codes.numbers([str(abs(value)) for value in values])]
        for n, new in enumerate(found):
            while abs(found[n]) > largest:
                found[n] = int(self._codes.numbers([str(found[n])])[0])
            if values[n] < 0 <= new:
                found[n] = -found[n]
        return found

    def days(self, ordinals: Sequence[int]) -> list[int]:
        """Other days, as proleptic Gregorian ordinals, each of the same 128 years since 1900."""
        blocks: dict[int, dict[int, int]] = {}
        for ordinal in ordinals:
            blocks.setdefault((ordinal - _FIRST) // _SPAN, {})[ordinal] = ordinal
        known: dict[int, int] = {}
        for block, own in blocks.items():
            low = max(1, _FIRST + block * _SPAN)
            size = min(_LAST, _FIRST + block * _SPAN + _SPAN - 1) - low + 1
            news = self._codes.permuted([ordinal - low for ordinal in own], size, "day")
            known |= {ordinal: low + new for ordinal, new in zip(own, news, strict=True)}
        return [known[ordinal] for ordinal in ordinals]

    def token(self, value: str) -> str:
        """13 letters and digits (64 bits); capitals, blanks and look-alike forms do not matter."""
        plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
        data = plain.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(data, key=self.__key, digest_size=8).digest()
        return base64.b32encode(digest).decode().rstrip("=").lower()

    def _other(self, value: str) -> str:
        return self._codes.code(value) or self._no_code(value)

    def _no_code(self, value: str) -> str:
        if _UUID.fullmatch(value):
            return self._codes.hexadecimal(value)
        return _ID.format(self.token(value))

    def _date(self, value: str) -> str | None:
        written = read_date(value)
        if written is None:
            return None
        return written.again(
            date(1, 1, 1) + timedelta(self.days((written.day.toordinal(),))[0] - 1)
        )

    def _address(self, value: str) -> str | None:
        """An IPv4 address becomes any other, an IPv6 one an address for documentation."""
        bare, slash, suffix = value.partition("/")
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            return None
        if address.version == 4:
            new = str(
                ipaddress.IPv4Address(self._codes.permuted((int(address),), 1 << 32, "ip")[0])
            )
        else:
            digest = hashlib.blake2b(address.packed, key=self.__key, digest_size=12).hexdigest()
            new = _V6 + ":".join(digest[start : start + 4] for start in range(0, 24, 4))
        return new + slash + suffix

    def _mac(self, value: str) -> str | None:
        plain = "".join(filter(str.isalnum, value))
        known = len(plain) in _MAC and all(char in "0123456789abcdefABCDEF" for char in plain)
        return self._codes.hexadecimal(value) if known else None


_SPECIAL: Final = {
    Family.DATE: Pseudonyms._date,  # noqa: SLF001 (of the class above)
    Family.IP: Pseudonyms._address,  # noqa: SLF001 (as above)
    Family.MAC: Pseudonyms._mac,  # noqa: SLF001 (as above)
}
