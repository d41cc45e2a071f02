"""PII355-PII357: persons in Türkiye, Israel and South Africa."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import luhn, yymmdd
from .numbered import Numbered, examples


def turkish(value: str) -> Proof | None:
    """The tenth digit from odd and even places, the eleventh from the sum of all before."""
    digits = [int(digit) for digit in value]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    fits = digits[0] != 0 and digits[9] == tenth and digits[10] == sum(digits[:10]) % 10
    return Proof.CHECKSUM if fits else None


def israeli(value: str) -> Proof | None:
    """Luhn."""
    return Proof.CHECKSUM if luhn(value) and int(value) > 1_000_000 else None


def south_african(value: str) -> Proof | None:
    """Birth date, sex, citizen (0) or resident (1) or refugee (2), 8 or 9; Luhn."""
    fits = yymmdd(value) and value[10] in "012" and value[11] in "89" and luhn(value)
    return Proof.CHECKSUM if fits else None


TURKISH: Final = Numbered(
    personal(
        "PII355",
        "tr-tckn",
        "Turkish identity number",
        Severity.HIGH,
        examples(
            yes=("TC Kimlik No: {tr_tckn}", "tckn={tr_tckn}"),
            no=("order {tr_tckn}", "tckn 01234567890"),
        ),
        reference="https://tr.wikipedia.org/wiki/Türkiye_Cumhuriyeti_kimlik_numarası",  # noqa: RUF001 # Turkish
    ),
    "TR_TCKN",
    {"99999999999": None},
    turkish,
    words=("tckn", "tc kimlik", "t.c. kimlik", "kimlik no", "kimlik numarası", "tc no", "kimlik"),  # noqa: RUF001 # Turkish
    country="TR",
)
ISRAELI: Final = Numbered(
    personal(
        "PII356",
        "il-id",
        "Israeli identity number",
        Severity.HIGH,
        examples(
            yes=("תעודת זהות {il_id}", "teudat_zehut={il_id}"),
            no=("order {il_id}", "teudat zehut 12345"),
        ),
        reference="https://en.wikipedia.org/wiki/Israeli_identity_card",
    ),
    "IL_ID",
    {"999999999": None},
    israeli,
    words=("תעודת זהות", "מספר זהות", "teudat zehut", "israeli id", "israel id", 'ת"ז'),
    country="IL",
)
SOUTH_AFRICAN: Final = Numbered(
    personal(
        "PII357",
        "za-id",
        "South African identity number",
        Severity.HIGH,
        examples(
            yes=("SA ID number {za_id}", "rsa_id={za_id}", "ID number: {za_id_spaced}"),
            no=("ean {za_id}", "sa id 8013015009087"),
        ),
        reference="https://en.wikipedia.org/wiki/South_African_identity_card",
    ),
    "ZA_ID",
    {
        "9999999999999": None,
        "999999 9999 999": Confidence.MEDIUM,
        "999999 9999 99 9": Confidence.MEDIUM,
    },
    south_african,
    words=("sa id", "rsa id", "id number", "south african id", "identity number", "id no"),
    country="ZA",
)

RECOGNIZERS: Final = (TURKISH, ISRAELI, SOUTH_AFRICAN)
