"""PII501-PII506: patients, physicians, health insurance."""

from __future__ import annotations

from typing import Final

from ....core.lazy import lazy
from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import cross_sums, luhn
from .numbered import Numbered, examples
from .us import formed

_LETTER: Final = "[AC-HJKMNP-RT-Y]"
_MBI: Final = lazy(
    rf"[1-9]{_LETTER}(?:{_LETTER}|[0-9])[0-9]{_LETTER}(?:{_LETTER}|[0-9])[0-9]{_LETTER}{{2}}[0-9]{{2}}"
)
_DEA: Final = lazy(r"[A-HJ-NP-UX][A-Z9][0-9]{7}")
_HEX: Final = frozenset("0123456789ABCDEF")
_ISSUER: Final = "80840"
_EUROPEANS: Final = frozenset(
    "040 056 100 191 196 203 208 233 246 250 276 280 300 348 352 372 380 428 438 440 442 470 528 578 616 620 642 703 705 724 752 756 826".split()  # noqa: SIM905 # a table
)


def npi(value: str) -> Proof | None:
    """Begins with 1 or 2; Luhn with 80840 before it."""
    return Proof.CHECKSUM if value[0] in "12" and luhn(_ISSUER + value) else None


def dea(value: str) -> Proof | None:
    """Kind, surname's letter; odd places plus twice the even ones, modulo 10."""
    digits = [int(digit) for digit in value[2:]]
    total = sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])
    return Proof.CHECKSUM if _DEA.fullmatch(value) and total % 10 == digits[6] else None


def mbi(value: str) -> Proof | None:
    """Letters without S, L, O, I, B, Z, each in its place; only those up to F may be a hash."""
    if not _MBI.fullmatch(value):
        return None
    return Proof.FORM if _HEX.issuperset(value) else Proof.STRUCTURE


def kvnr(value: str) -> Proof | None:
    """The letter as two digits; weights 1 and 2 in turn, cross sums modulo 10."""
    digits = f"{ord(value[0]) - 64:02}{value[1:]}"
    return Proof.CHECKSUM if cross_sums(digits[:10], (1, 2) * 5) % 10 == int(value[9]) else None


def ehic(value: str) -> Proof | None:
    """80 for health, the country of the issuer."""
    return Proof.STRUCTURE if value[:2] == "80" and value[2:5] in _EUROPEANS else None


RECORD: Final = Numbered(
    personal(
        "PII501",
        "medical-record-number",
        "Medical record number",
        Severity.HIGH,
        examples(
            yes=("MRN: {mrn}", "medical record number {mrn_letters}", "mrn={mrn}"),
            no=("record {mrn}", "mrn missing in 2019", "hospital beds {digits7}"),
        ),
        reference="https://www.hhs.gov/hipaa/for-professionals/special-topics/de-identification/index.html",
    ),
    "MEDICAL_RECORD_NUMBER",
    dict.fromkeys(
        (
            *("9" * size for size in range(5, 13)),
            *("A" + "9" * size for size in range(5, 11)),
            *("AA" + "9" * size for size in range(4, 10)),
            *("AAA" + "9" * size for size in range(4, 10)),
            "AAA-999999", "AAA-9999999", "AAA-99999999", "AA-999999", "A-999999", "999-999", "99-99-99",
            "999-99-99", "999-999-999", "9999-9999", "999 99 99", "A-9999999", "AAA-99999", "AA-9999999",
        )
    ),
    formed,
    words=(
        "medical record", "mrn", "medical record number", "med rec", "hospital number", "patient number",
        "medical rec no", "health record number", "chart number", "patientennummer", "patient no",
        "historia clínica", "historia clinica", "medical record no", "medical record id",
    ),
    literals=("mrn", "medical rec", "medical_rec", "patient num", "patient no", "hospital num", "chart num"),
    full=Proof.FORM,
    close=True,
    rank=4,
)  # fmt: skip
NPI: Final = Numbered(
    personal(
        "PII502",
        "us-npi",
        "US National Provider Identifier",
        Severity.HIGH,
        examples(
            yes=("NPI {us_npi}", "npi={us_npi}", "provider NPI: {us_npi}"),
            no=("t = {us_npi}", "npi {digits9}"),
        ),
        reference="https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf",
    ),
    "US_NPI",
    {"9999999999": None},
    npi,
    words=("npi", "national provider", "provider identifier", "npi number"),
    country="US",
    rank=5,
)
DEA: Final = Numbered(
    personal(
        "PII503",
        "us-dea",
        "US DEA registration number of a prescriber",
        Severity.HIGH,
        examples(
            yes=("DEA: {us_dea}", "dea_number={us_dea}", "prescriber DEA {us_dea}"),
            no=("part {us_dea}", "dea ZZ1234567"),
        ),
        reference="https://en.wikipedia.org/wiki/DEA_number",
    ),
    "MEDICAL_LICENSE",
    {"AX9999999": Confidence.LOW},
    dea,
    words=(
        "dea",
        "prescriber",
        "dea number",
        "medical license",
        "medical licence",
        "physician license",
    ),
    country="US",
    rank=5,
)
MBI: Final = Numbered(
    personal(
        "PII504",
        "us-mbi",
        "US Medicare beneficiary identifier",
        Severity.HIGH,
        examples(
            yes=("Medicare: {us_mbi}", "MBI {us_mbi_plain}", "mbi={us_mbi_plain}"),
            no=("medicare 1SG4TE5MK73", "sku {us_mbi_plain}9"),
        ),
        reference="https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi.pdf",
    ),
    "US_MBI",
    {
        "9AX9-AX9-AA99": Confidence.HIGH,
        "9AX9 AX9 AA99": Confidence.MEDIUM,
        "9AX9AX9AA99": Confidence.MEDIUM,
    },
    mbi,
    words=("mbi", "medicare", "beneficiary"),
    country="US",
    full=Proof.STRUCTURE,
    rank=5,
)
KVNR: Final = Numbered(
    personal(
        "PII505",
        "de-health-insurance",
        "German health insurance number",
        Severity.HIGH,
        examples(
            yes=("Krankenversichertennummer {de_kvnr}", "kvnr={de_kvnr}"),
            no=("part {de_kvnr}", "kvnr A1234567"),
        ),
        reference="https://de.wikipedia.org/wiki/Krankenversichertennummer",
    ),
    "DE_HEALTH_INSURANCE",
    {"A999999999": Confidence.LOW, "A 999 999 999": Confidence.LOW},
    kvnr,
    words=(
        "kvnr", "krankenversichertennummer", "krankenversicherung", "versichertennummer", "krankenkasse",
        "versicherten-nr", "kv-nummer", "health insurance", "krankenversicherungsnummer",
    ),
    country="DE",
    rank=5,
)  # fmt: skip
EHIC: Final = Numbered(
    personal(
        "PII506",
        "ehic",
        "Number of a European health insurance card",
        Severity.HIGH,
        examples(
            yes=("EHIC {ehic}", "health insurance card: {ehic}"),
            no=("order {ehic}", "ehic {digits19}"),
        ),
        reference="https://en.wikipedia.org/wiki/European_Health_Insurance_Card",
    ),
    "EHIC",
    {"9" * 20: None, "99999 99999 9999999999": None, "99999 99999 99999 99999": None},
    ehic,
    words=(
        "ehic",
        "health insurance card",
        "european health",
        "ekvk",
        "ceam",
        "tessera sanitaria",
        "team card",
    ),
    full=Proof.STRUCTURE,
)

RECOGNIZERS: Final = (RECORD, NPI, DEA, MBI, KVNR, EHIC)
