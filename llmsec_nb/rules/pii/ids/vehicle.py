"""PII601, PII602: vehicles."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import weighted
from .numbered import Numbered, examples
from .us import formed

_RANKS: Final = str.maketrans("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789")
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_FEW_LETTERS: Final = 3
_HEX: Final = frozenset("0123456789ABCDEF")
_MAKERS: Final = frozenset(
    [
        "1B",
        "1C",
        "1F",
        "1G",
        "1H",
        "1J",
        "1L",
        "1M",
        "1N",
        "1V",
        "1Z",
        "2C",
        "2F",
        "2G",
        "2H",
        "2T",
        "3C",
        "3F",
        "3G",
        "3H",
        "3N",
        "3V",
        "4J",
        "4S",
        "4T",
        "4U",
        "5F",
        "5J",
        "5L",
        "5N",
        "5T",
        "5U",
        "5X",
        "5Y",
        "7S",
        "6F",
        "6G",
        "6T",
        "93",
        "9B",
        "JA",
        "JD",
        "JF",
        "JH",
        "JK",
        "JM",
        "JN",
        "JS",
        "JT",
        "JY",
        "KL",
        "KM",
        "KN",
        "KP",
        "LB",
        "LF",
        "LG",
        "LR",
        "LS",
        "LV",
        "MA",
        "ME",
        "MM",
        "NM",
        "SA",
        "SB",
        "SC",
        "SH",
        "TM",
        "TR",
        "TS",
        "UU",
        "VF",
        "VN",
        "VS",
        "VV",
        "W0",
        "W1",
        "WA",
        "WB",
        "WD",
        "WE",
        "WF",
        "WM",
        "WP",
        "WU",
        "WV",
        "XT",
        "XW",
        "YS",
        "YV",
        "ZA",
        "ZC",
        "ZD",
        "ZF",
        "ZH",
        "ZL",
    ]  # a table
)
"""How the numbers of well-known makers begin."""


def vin(value: str) -> Proof | None:
    """No I, O, Q; letters count as digits; modulo 11, X is 10; it ends in four digits.

    Outside of North America the ninth place may hold anything.
    """
    letters = sum(map(str.isalpha, value))
    if set("IOQ") & set(value) or not value[13:].isdecimal() or letters < _FEW_LETTERS:
        return None
    if not any(map(str.isalpha, value[:3])) or value[0] == "0":
        return None
    check = weighted(value.translate(_RANKS), _WEIGHTS) % 11
    fits = "0123456789X"[check] == value[8] and value[:2] in _MAKERS and not _HEX.issuperset(value)
    return Proof.CHECKSUM if fits else Proof.STRUCTURE


VIN: Final = Numbered(
    personal(
        "PII601",
        "vin",
        "Vehicle identification number",
        Severity.MEDIUM,
        examples(
            yes=("VIN: {vin}", "chassis number {vin_european}", "vin={vin}"),
            no=("vin {hex17}Q", "sku {alnum16}", "VIN 1HGCM82633A00435I"),
        ),
        reference="https://en.wikipedia.org/wiki/Vehicle_identification_number",
    ),
    "VIN",
    {"X" * 17: Confidence.MEDIUM},
    vin,
    words=(
        "vin",
        "chassis",
        "vehicle",
        "vehicle identification",
        "fahrgestellnummer",
        "fin",
        "car",
        "fahrgestell",
        "bastidor",
        "telaio",
    ),
)
PLATE: Final = Numbered(
    personal(
        "PII602",
        "license-plate",
        "License plate of a vehicle",
        Severity.LOW,
        examples(
            yes=("License plate: {plate_us}", "Kennzeichen {plate_de}", "number plate {plate_uk}"),
            no=("room {plate_us}", "template AB12CDE", "B-AB 1234"),
        ),
        reference="https://en.wikipedia.org/wiki/Vehicle_registration_plate",
    ),
    "LICENSE_PLATE",
    dict.fromkeys(
        (
            "AA99 AAA", "AA99AAA", "A999 AAA", "A999AAA", "AAA 999A", "A-AA 9999", "A-AA 999", "A-AA 99",
            "A-A 9999", "A-A 999", "AA-AA 9999", "AA-AA 999", "AA-AA 99", "AA-A 9999", "AA-A 999",
            "AAA-AA 999", "AAA-AA 99", "AAA-A 999", "AAA-A 99", "A-AA-9999", "AA-AA-999", "AA-999-AA",
            "AA999AA", "AA 999 AA", "9999 AAA", "9999-AAA", "9999AAA", "9AAA999", "AAA9999", "AAA-9999",
            "AAA 9999", "AAA999", "AAA-999", "AAA 999", "999-AAA", "999 AAA", "999AAA", "AA-9999",
            "AA99999", "AA 99999", "AAA-99A", "99-AA-99", "99-AA-AA", "AA-99-AA", "9-AAA-99", "99-AAA-9",
            "AA-999-A", "9-AAA-999", "AA9 999", "9999 AA", "999-99A", "AAA 99A", "AAA9A99",
        )
    ),
    formed,
    words=(
        "license plate", "licence plate", "number plate", "plate number", "plate no", "kennzeichen",
        "registration plate", "vehicle registration", "immatriculation", "plaque", "matrícula", "targa",
        "kenteken", "licenseplate", "nummerplaat", "registration number", "reg plate", "car plate", "placa",
    ),
    literals=("license plate", "licence plate", "license_plate", "number plate", "plate no", "plate num", "plate_num", "kennzeichen", "registration pl", "registration num", "immatriculation", "targa", "kenteken", "placa"),
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
    rank=2,
)  # fmt: skip

RECOGNIZERS: Final = (VIN, PLATE)
