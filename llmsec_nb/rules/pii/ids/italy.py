"""PII316-PII320: persons in Italy."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import is_day, luhn
from .numbered import Numbered, examples
from .us import formed

_MONTHS: Final = "ABCDEHLMPRST"
_TWINS: Final = str.maketrans("LMNPQRSTUV", "0123456789")
"""Where two people would have the same code, digits are replaced by letters."""
_NUMBERS: Final = (6, 7, 9, 10, 12, 13, 14)
_ODD: Final = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)
_FISCAL_WORDS: Final = (
    "codice fiscale",
    "cod fiscale",
    "cod. fiscale",
    "c.f.",
    "cf",
    "fiscal code",
    "codfisc",
    "tax code",
)


def fiscal_code(value: str) -> Proof | None:
    """Name, year, month's letter, day (women + 40), place; the letter is a sum modulo 26."""
    numbers = "".join(value[place] for place in _NUMBERS).translate(_TWINS)
    day = int(numbers[2:4]) if numbers.isdecimal() else 0
    month = _MONTHS.find(value[8]) + 1
    if not is_day(month, day - 40 if day > 40 else day):
        return None
    total = sum(_ODD[_rank(char)] for char in value[:15:2]) + sum(map(_rank, value[1:15:2]))
    return Proof.CHECKSUM if chr(65 + total % 26) == value[15] else None


def _rank(char: str) -> int:
    return int(char) if char.isdecimal() else ord(char) - 65


def vat(value: str) -> Proof | None:
    """Office 001 to 100, 120, 121, 888, 999; Luhn."""
    digits = value.removeprefix("IT")
    office = int(digits[7:10])
    known = 1 <= office <= 100 or office in {120, 121, 888, 999}
    return Proof.CHECKSUM if known and luhn(digits) and int(digits[:7]) else None


CODE: Final = Numbered(
    personal(
        "PII316",
        "it-fiscal-code",
        "Italian fiscal code",
        Severity.HIGH,
        examples(
            yes=("Codice fiscale: {it_code}", "cod_fiscale={it_code}"),
            no=("sku ABCDEF99A99A999A", "codice fiscale RSSMRA85T99A562S"),
        ),
        reference="https://it.wikipedia.org/wiki/Codice_fiscale",
    ),
    "IT_FISCAL_CODE",
    {
        "AAAAAAXXAXXAXXXA": Confidence.HIGH,
        "AAA AAA 99A99 A999A": Confidence.HIGH,
        "AAAAAA 99A99 A999A": Confidence.HIGH,
    },
    fiscal_code,
    words=_FISCAL_WORDS,
    literals=(
        "codice fiscale",
        "codice_fiscale",
        "cod fiscale",
        "cod_fiscale",
        "fiscal code",
        "fiscal_code",
    ),
    country="IT",
    rank=6,
)
VAT: Final = Numbered(
    personal(
        "PII317",
        "it-vat-code",
        "Italian VAT number",
        Severity.LOW,
        examples(
            yes=("Partita IVA {it_vat}", "p_iva = {it_vat}"),
            no=("order {it_vat}", "partita iva 12345678901"),
        ),
        reference="https://it.wikipedia.org/wiki/Partita_IVA",
    ),
    "IT_VAT_CODE",
    {"99999999999": None, "AA99999999999": None},
    vat,
    words=("partita iva", "p iva", "p.iva", "p. iva", "piva", "vat", "vat number"),
    country="IT",
)
CARD: Final = Numbered(
    personal(
        "PII318",
        "it-identity-card",
        "Number of an Italian identity card",
        Severity.HIGH,
        examples(
            yes=("Carta d'identità n. {it_card}", "carta identita: {it_card_old}"),
            no=("ref {it_card}", "carta d'identità 2019"),
        ),
        reference="https://it.wikipedia.org/wiki/Carta_d%27identità_elettronica_italiana",
    ),
    "IT_IDENTITY_CARD",
    {"AA99999AA": None, "AA9999999": None, "9999999AA": None},
    formed,
    words=(
        "carta d'identità",
        "carta d'identita",
        "carta identità",
        "carta identita",
        "carta di identità",
        "cie",
        "identity card",
    ),
    country="IT",
    full=Proof.FORM,
    close=True,
)
PASSPORT: Final = Numbered(
    personal(
        "PII319",
        "it-passport",
        "Italian passport number",
        Severity.MEDIUM,
        examples(
            yes=("Passaporto {it_passport}", "passport no. {it_passport}"),
            no=("ref {it_passport}", "passaporto 2019"),
        ),
        reference="https://it.wikipedia.org/wiki/Passaporto_italiano",
    ),
    "IT_PASSPORT",
    {"AA9999999": None},
    formed,
    words=("passaporto", "passport"),
    country="IT",
    full=Proof.FORM,
    close=True,
)
LICENSE: Final = Numbered(
    personal(
        "PII320",
        "it-driver-license",
        "Number of an Italian driving licence",
        Severity.MEDIUM,
        examples(
            yes=("Patente di guida: {it_license}", "patente {it_license_new}"),
            no=("ref {it_license}", "patente B 2019"),
        ),
        reference="https://it.wikipedia.org/wiki/Patente_di_guida_italiana",
    ),
    "IT_DRIVER_LICENSE",
    {
        "AA9999999A": None,
        "A9AAA9999A": None,
        "A9X99999XA": None,
        "A9A99999AA": None,
        "A9A999999A": None,
    },
    formed,
    words=("patente", "patente di guida", "driver license", "driving licence"),
    country="IT",
    full=Proof.FORM,
    close=True,
)

RECOGNIZERS: Final = (CODE, VAT, CARD, PASSPORT, LICENSE)
