"""PII202: international bank account numbers, and the codes of banks beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Format, Hit, Proof, Verdict, Written, is_named, within
from .rules import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene

RULE: Final = personal(
    "PII202",
    "iban",
    "International bank account number",
    Severity.HIGH,
    (
        Example(source="IBAN: {iban}.", flagged=("{iban}",), kind=Kind.TEXT),
        Example(source='pay(to="{iban_plain}")', flagged=("{iban_plain}",)),
        Example(source="an {iban} oder bar", flagged=("{iban}",), kind=Kind.MARKDOWN),
        Example(source="iban GB00 0000 0000 0000", kind=Kind.TEXT),
        Example(source="sha256 de44{hex60}", kind=Kind.STREAM),
    ),
    reference="https://www.swift.com/standards/data-standards/iban-international-bank-account-number",
)
_REGISTRY: Final = """
AD 8n12c AE 19n AL 8n16c AT 16n AZ 4a20c BA 16n BE 12n BG 4a6n8c BH 4a14c BI 23n BR 23n1a1c BY 4c4n16c
CH 5n12c CR 18n CY 8n16c CZ 20n DE 18n DJ 23n DK 14n DO 4c20n EE 16n EG 25n ES 20n FI 14n FK 2a12n FO 14n
FR 10n11c2n GB 4a14n GE 2a16n GI 4a15c GL 14n GR 7n16c GT 24c HN 4a20n HR 17n HU 24n IE 4a14n IL 19n
IQ 4a15n IS 22n IT 1a10n12c JO 4a4n18c KW 4a22c KZ 3n13c LB 4n20c LC 4a24c LI 5n12c LT 16n LU 3n13c
LV 4a13c LY 21n MC 10n11c2n MD 20c ME 18n MK 3n10c2n MN 16n MR 23n MT 4a5n18c MU 4a19n3a NI 4a20n NL 4a10n
NO 11n OM 3n16c PK 4a16c PL 24n PS 4a21c PT 21n QA 4a21c RO 4a16c RS 18n RU 14n15c SA 2n18c SC 4a20n3a
SD 14n SE 20n SI 15n SK 20n SM 1a10n12c SO 19n ST 21n SV 4a20n TL 19n TN 20n TR 6n16c UA 6n19c VA 18n
VG 4a16n XK 16n YE 4a4n18c DZ 22n AO 21n BJ 2c22n BF 2c22n CM 23n CV 21n CF 23n TD 23n KM 23n CG 23n
CI 2c22n GQ 23n GA 23n GW 2c19n IR 22n MG 23n ML 2c22n MA 24n MZ 21n NE 2c22n SN 2c22n TG 2c22n
"""
"""Country, and what follows the check digits: n digits, a letters, c both. The registry's, and
those that banks of countries outside of it use (https://www.iban.com/structure)."""
_KINDS: Final = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_PIECE: Final = lazy(r"([0-9]+)([nac])")


def _structures() -> dict[str, tuple[int, re.Pattern[str]]]:
    """By country: the length of the whole number and the form of its inner part."""
    entries = _REGISTRY.split()
    found = {}
    for country, form in zip(entries[::2], entries[1::2], strict=True):
        pieces = _PIECE.findall(form)
        pattern = "".join(f"{_KINDS[kind]}{{{count}}}" for count, kind in pieces)
        found[country] = 4 + sum(int(count) for count, _ in pieces), re.compile(pattern)
    return found


_COUNTRIES: Final = _structures()
_BEGIN: Final = lazy(r"[A-Za-z](?<![A-Za-z0-9][A-Za-z])(?<!_[A-Za-z])[A-Za-z][0-9]{2}")
_SPREAD: Final = lazy(r"[A-Za-z0-9](?:[ \u00a0-]?[A-Za-z0-9]){14,33}")


def is_mod97(number: str) -> bool:
    """ISO 7064, MOD 97-10, over the number with its first four characters at its end."""
    return int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1


def iban_at(content: str, start: int) -> int | None:
    """Where the number ends that begins at a place; None: there is none."""
    country = content[start : start + 2].upper()
    if country not in _COUNTRIES:
        return None
    length, form = _COUNTRIES[country]
    found = _SPREAD.match(content, start)
    if found is None:
        return None
    kept: list[str] = []
    end = start
    while len(kept) < length and end < found.end():
        if content[end].isalnum():
            kept.append(content[end])
        end += 1
    number = "".join(kept)
    if len(number) < length or content[end : end + 1].isalnum():
        return None
    if number.upper() != number and number.lower() != number:
        return None
    number = number.upper()
    return end if form.fullmatch(number[4:]) and is_mod97(number) else None


class Ibans:
    """Numbers of accounts, of all countries, spaced or not."""

    rule = RULE
    entity = "IBAN_CODE"
    words = ("iban", "bank account", "bankverbindung", "konto", "cuenta", "compte", "rib", "conto")
    digits = 7
    signs = ("iban",)
    rank = 9
    gate = r"[A-Za-z]{2}[0-9]{2}(?:[ \x{a0}-]?[A-Za-z0-9]){11}"

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in within(_BEGIN, scene.content, start, end):
            last = iban_at(scene.content, found.start())
            if last is not None:
                named = is_named(self.words, scene, found.start(), last)
                yield self._hit(scene.content[found.start() : last], found.start(), named=named)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        return self._hit(value, 0, named=named) if iban_at(value, 0) == len(value) else None

    def _hit(self, value: str, start: int, *, named: bool) -> Hit:
        """Small letters and few of them digits: part of a hash, once in a while."""
        sure = named or value[:2].isupper() or " " in value
        confidence = Confidence.HIGH if sure else Confidence.MEDIUM
        end, country = start + len(value), value[:2].upper()
        return Hit(start, end, self, confidence, Proof.CHECKSUM, country, named=named)


def bank_code(value: str) -> Verdict | None:
    """ISO 9362: its fifth and sixth letter are a country."""
    country = value[4:6]
    return Verdict(Proof.STRUCTURE, country, "BIC") if country in _BANKING else None


_BANKING: Final = frozenset(_COUNTRIES) | frozenset(
    [
        "US", "CA", "AU", "NZ", "JP", "CN", "HK", "SG", "IN", "KR", "TW", "TH", "MY", "ID",
        "PH", "VN", "ZA", "NG", "KE", "GH", "EG", "MX", "AR", "CL", "CO", "PE", "UY", "JE",
        "GG", "IM",
    ]
)  # fmt: skip
BIC: Final = Written(
    RULE,
    "BIC_CODE",
    (
        Format(
            pattern=r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?",
            check=bank_code,
            named=Confidence.LOW,
        ),
    ),
    words=("bic", "swift code", "bic code", "swift bic", "bic swift"),
    digits=0,
    rank=1,
)
RECOGNIZERS: Final = (Ibans(), BIC)
