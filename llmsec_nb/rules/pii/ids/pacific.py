"""PII329-PII332, PII367: persons and companies in Australia and New Zealand."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import weighted
from .numbered import Numbered, examples

_TFN: Final = (1, 4, 3, 7, 5, 8, 6, 9, 10)
_MEDICARE: Final = (1, 3, 7, 9, 1, 3, 7, 9)
_ABN: Final = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_IRD: Final = ((3, 2, 7, 6, 5, 4, 3, 2), (7, 4, 3, 2, 5, 2, 7, 6))


def tfn(value: str) -> Proof | None:
    """A weighted sum that is a multiple of 11."""
    return Proof.CHECKSUM if weighted(value, _TFN) % 11 == 0 else None


def medicare(value: str) -> Proof | None:
    """Begins with 2 to 6; the ninth digit is a weighted sum modulo 10, the tenth counts cards."""
    fits = value[0] in "23456" and weighted(value, _MEDICARE) % 10 == int(value[8])
    return Proof.CHECKSUM if fits and value[9] != "0" else None


def abn(value: str) -> Proof | None:
    """One less in the first place; a weighted sum that is a multiple of 89."""
    return Proof.CHECKSUM if value[0] != "0" and (weighted(value, _ABN) - 10) % 89 == 0 else None


def acn(value: str) -> Proof | None:
    """Weights 8 to 1, modulo 10."""
    return Proof.CHECKSUM if -weighted(value, range(8, 0, -1)) % 10 == int(value[8]) else None


def ird(value: str) -> Proof | None:
    """Modulo 11; where the first weights give 10, by the second."""
    digits = value.zfill(9)
    if not 10_000_000 <= int(digits) <= 150_000_000:
        return None
    for weights in _IRD:
        key = -weighted(digits, weights) % 11
        if key < 10:
            return Proof.CHECKSUM if key == int(digits[8]) else None
    return None


TFN: Final = Numbered(
    personal(
        "PII329",
        "au-tfn",
        "Australian tax file number",
        Severity.HIGH,
        examples(
            yes=("TFN: {au_tfn}", "tax file number {au_tfn_plain}"),
            no=("order {au_tfn}", "tfn {digits8}"),
        ),
        reference="https://en.wikipedia.org/wiki/Tax_file_number",
    ),
    "AU_TFN",
    {"999 999 999": Confidence.LOW, "999-999-999": None, "999999999": None},
    tfn,
    words=("tfn", "tax file number", "tax file"),
    country="AU",
)
MEDICARE: Final = Numbered(
    personal(
        "PII330",
        "au-medicare",
        "Australian Medicare number",
        Severity.HIGH,
        examples(
            yes=("Medicare card {au_medicare}", "medicare={au_medicare_plain}"),
            no=("order {au_medicare_plain}", "medicare 9123456701"),
        ),
        reference="https://www.clearwater.com.au/code/medicare",
    ),
    "AU_MEDICARE",
    {"9999 99999 9": Confidence.LOW, "9999-99999-9": Confidence.LOW, "9999999999": None},
    medicare,
    words=("medicare", "medicare number", "medicare card"),
    country="AU",
)
ABN: Final = Numbered(
    personal(
        "PII331",
        "au-abn",
        "Australian business number",
        Severity.LOW,
        examples(
            yes=("ABN {au_abn}", "abn={au_abn_plain}"),
            no=("order {au_abn_plain}", "abn 51 824 753 557"),
        ),
        reference="https://abr.business.gov.au/Help/AbnFormat",
    ),
    "AU_ABN",
    {"99 999 999 999": Confidence.LOW, "99999999999": None},
    abn,
    words=("abn", "australian business number"),
    country="AU",
)
ACN: Final = Numbered(
    personal(
        "PII332",
        "au-acn",
        "Australian company number",
        Severity.LOW,
        examples(
            yes=("ACN {au_acn}", "acn={au_acn_plain}"),
            no=("order {au_acn}", "acn {digits8}"),
        ),
        reference="https://asic.gov.au/for-business/registering-a-company/steps-to-register-a-company/australian-company-numbers/",
    ),
    "AU_ACN",
    {"999 999 999": None, "999999999": None},
    acn,
    words=("acn", "australian company number"),
    country="AU",
)
IRD: Final = Numbered(
    personal(
        "PII367",
        "nz-ird",
        "New Zealand IRD number",
        Severity.HIGH,
        examples(
            yes=("IRD number {nz_ird}", "ird={nz_ird_plain}"),
            no=("order {nz_ird}", "ird {digits9}0"),
        ),
        reference="https://www.ird.govt.nz/digital-service-providers/services-catalogue",
    ),
    "NZ_IRD",
    {
        "999-999-999": None,
        "99-999-999": None,
        "999 999 999": None,
        "999999999": None,
        "99999999": None,
    },
    ird,
    words=("ird", "ird number", "inland revenue"),
    country="NZ",
)

RECOGNIZERS: Final = (TFN, MEDICARE, ABN, ACN, IRD)
