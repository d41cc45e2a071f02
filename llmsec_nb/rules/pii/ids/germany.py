"""PII308-PII311, PII340, PII341: persons in Germany, Austria and Switzerland."""

from __future__ import annotations

from collections import Counter
from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import cross_sums, ddmmyy, is_day, machine_readable, mod_11_10, weighted
from .numbered import Numbered, examples

_INSURED: Final = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
_AUSTRIAN: Final = (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)
_DOCUMENT: Final = frozenset("0123456789CFGHJKLMNPRTVWXYZ")
_FIRST: Final = frozenset("CFGHJKLMNPRTVWXYZ")


def tax_id(value: str) -> Proof | None:
    """ISO 7064 MOD 11,10; of the first ten digits one stands twice or three times."""
    repeated = [count for count in Counter(value[:10]).values() if count > 1]
    if value[0] == "0" or len(repeated) != 1 or repeated[0] > 3 or not mod_11_10(value):
        return None
    return Proof.CHECKSUM


def document(value: str) -> Proof | None:
    """Nine characters without vowels, then perhaps their check digit (ICAO 9303)."""
    if (value[0] not in _FIRST and not value[:9].isdecimal()) or not _DOCUMENT.issuperset(value):
        return None
    if sum(map(str.isdecimal, value)) < 3:
        return None
    if len(value) == 9:
        return Proof.FORM if value[0] in _FIRST else None
    fits = value[9].isdecimal() and machine_readable(value[:9]) == int(value[9])
    return Proof.CHECKSUM if fits else None


def insured(value: str) -> Proof | None:
    """Area, birth date, letter, serial; the letter counts as two digits; cross sums modulo 10."""
    area = int(value[:2])
    if not 2 <= area <= 89 or not is_day(value[4:6], int(value[2:4]) or 1):
        return None
    digits = f"{value[:8]}{ord(value[8]) - 64:02}{value[9:11]}"
    return Proof.CHECKSUM if cross_sums(digits, _INSURED) % 10 == int(value[11]) else None


def austrian(value: str) -> Proof | None:
    """Serial, check digit in the fourth place (modulo 11), birth date."""
    if value[0] == "0" or not ddmmyy(value[4:]):
        return None
    return Proof.CHECKSUM if weighted(value, _AUSTRIAN) % 11 == int(value[3]) else None


def ean_13(value: str) -> Proof | None:
    """Country 756, the last digit as in an EAN."""
    fits = value.startswith("756") and weighted(value, (1, 3) * 6 + (1,)) % 10 == 0
    return Proof.CHECKSUM if fits else None


TAX: Final = Numbered(
    personal(
        "PII308",
        "de-tax-id",
        "German tax identification number",
        Severity.HIGH,
        examples(
            yes=("Steuer-ID: {de_tax}", "steuer_id = {de_tax_plain}"),
            no=("order {de_tax_plain}", "Steuer-ID 11111111111"),
        ),
        reference="https://de.wikipedia.org/wiki/Steuerliche_Identifikationsnummer",
    ),
    "DE_TAX_ID",
    {"99 999 999 999": Confidence.LOW, "99999999999": None},
    tax_id,
    words=(
        "steuer-id", "steuerid", "steuer id", "steueridentifikationsnummer", "steuernummer", "idnr",
        "steuer-idnr", "identifikationsnummer", "tax id", "tin", "tax identification", "tax number",
    ),
    country="DE",
)  # fmt: skip
CARD: Final = Numbered(
    personal(
        "PII309",
        "de-id-card",
        "Number of a German identity card",
        Severity.HIGH,
        examples(
            yes=("Personalausweis {de_card}", "Ausweisnummer: {de_card}"),
            no=("sku {de_card}", "Personalausweis AEIOU1234", "hash 0a1b2c3d4"),
        ),
        reference="https://de.wikipedia.org/wiki/Personalausweis_(Deutschland)",
    ),
    "DE_ID_CARD",
    {"XXXXXXXXX": None, "XXXXXXXXXX": None},
    document,
    words=(
        "personalausweis",
        "ausweis",
        "ausweisnummer",
        "personalausweisnummer",
        "identity card",
        "id card",
    ),
    country="DE",
)
INSURED: Final = Numbered(
    personal(
        "PII310",
        "de-social-security",
        "German pension insurance number",
        Severity.HIGH,
        examples(
            yes=("Rentenversicherungsnummer {de_insured}", "svnr={de_insured_plain}", "x {de_insured}"),
            no=("part 65999999J003", "65 170839 J 00"),
        ),
        reference="https://de.wikipedia.org/wiki/Versicherungsnummer",
    ),
    "DE_SOCIAL_SECURITY",
    {
        "99 999999 A 999": Confidence.HIGH,
        "99 99 99 99 A 99 9": Confidence.HIGH,
        "99 999999 A999": Confidence.HIGH,
        "99999999A999": Confidence.MEDIUM,
    },
    insured,
    words=(
        "rentenversicherung", "rentenversicherungsnummer", "sozialversicherung", "social security",
        "sozialversicherungsnummer", "versicherungsnummer", "svnr", "rvnr", "sv-nummer",
    ),
    country="DE",
)  # fmt: skip
PASSPORT: Final = Numbered(
    personal(
        "PII311",
        "de-passport",
        "German passport number",
        Severity.MEDIUM,
        examples(
            yes=("Reisepass: {de_card}", "Passport {de_passport}"),
            no=("sku {de_card}", "Reisepass AEIOU1234"),
        ),
        reference="https://de.wikipedia.org/wiki/Reisepass_(Deutschland)",
    ),
    "DE_PASSPORT",
    {"XXXXXXXXX": None, "XXXXXXXXXX": None},
    document,
    words=("passport", "reisepass", "passnummer", "reisepassnummer", "pass-nr"),
    country="DE",
)
AUSTRIAN: Final = Numbered(
    personal(
        "PII340",
        "at-social-security",
        "Austrian social insurance number",
        Severity.HIGH,
        examples(
            yes=("SVNR {at_svnr}", "sozialversicherungsnummer={at_svnr_plain}"),
            no=("order {at_svnr_plain}", "1237 019980"),
        ),
        reference="https://de.wikipedia.org/wiki/Sozialversicherungsnummer#Österreich",
    ),
    "AT_SOCIAL_SECURITY",
    {"9999 999999": Confidence.LOW, "9999-999999": Confidence.MEDIUM, "9999999999": None},
    austrian,
    words=(
        "svnr",
        "sv-nummer",
        "sozialversicherung",
        "sozialversicherungsnummer",
        "versicherungsnummer",
        "social security",
    ),
    country="AT",
)
SWISS: Final = Numbered(
    personal(
        "PII341",
        "ch-ahv",
        "Swiss social insurance number",
        Severity.HIGH,
        examples(
            yes=("AHV-Nr. {ch_ahv}", "ahv = {ch_ahv_plain}", "x {ch_ahv} y"),
            no=("ean {digits13}", "756.1234.5678.9"),
        ),
        reference="https://de.wikipedia.org/wiki/AHV-Nummer",
    ),
    "CH_AHV",
    {
        "999.9999.9999.99": Confidence.HIGH,
        "999 9999 9999 99": Confidence.HIGH,
        "9999999999999": Confidence.LOW,
    },
    ean_13,
    words=("ahv", "avs", "ahv-nummer", "ahv-nr", "sozialversicherungsnummer", "oasi", "navs"),
    country="CH",
)

RECOGNIZERS: Final = (TAX, CARD, INSURED, PASSPORT, AUSTRIAN, SWISS)
