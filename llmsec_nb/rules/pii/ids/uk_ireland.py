"""PII305-PII307, PII371, PII346: persons in the United Kingdom and in Ireland."""

from __future__ import annotations

from typing import Final

from ....core.lazy import lazy
from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import is_day, weighted
from .numbered import Numbered, examples
from .us import formed

_NINO: Final = lazy(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?\Z")
_IRISH: Final = "WABCDEFGHIJKLMNOPQRSTUV"


def nino(value: str) -> Proof | None:
    """Prefixes that are issued; the suffix is A to D."""
    if not _NINO.match(value):
        return None
    return Proof.STRUCTURE if len(value) == 9 else Proof.FORM


def nhs(value: str) -> Proof | None:
    """Modulo 11, weights 10 to 2; 10 is never issued."""
    check = -weighted(value, range(10, 1, -1)) % 11
    return Proof.CHECKSUM if check == int(value[9]) else None


def driving(value: str) -> Proof | None:
    """Surname filled with 9, decade, month (women + 50), day, year, initials."""
    month = int(value[6:8]) % 50
    surname = value[:5].rstrip("9")
    fits = is_day(month, value[8:10]) and surname.isalpha() and int(value[6:8]) < 63
    return Proof.STRUCTURE if fits else None


def pps(value: str) -> Proof | None:
    """Modulo 23, weights 8 to 2, a second letter weighs 9."""
    total = weighted(value[:7], range(8, 1, -1))
    if len(value) == 9 and value[8] != "W":
        total += 9 * (ord(value[8]) - 64)
    return Proof.CHECKSUM if _IRISH[total % 23] == value[7] else None


NINO: Final = Numbered(
    personal(
        "PII305",
        "uk-nino",
        "UK National Insurance number",
        Severity.HIGH,
        examples(
            yes=("National Insurance: {uk_nino}", "nino = {uk_nino_plain}"),
            no=("nino GB123456A", "order AB12345678C", "sku QQ 12 34 56 C"),
        ),
        reference="https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110",
    ),
    "UK_NINO",
    {
        "AA 99 99 99 A": Confidence.HIGH,
        "AA-99-99-99-A": Confidence.HIGH,
        "AA 999999 A": Confidence.MEDIUM,
        "AA999999A": Confidence.LOW,
        "AA999999 A": Confidence.MEDIUM,
        "AA 99 99 99": None,
        "AA999999": None,
    },
    nino,
    literals=("national insurance", "national_insurance", "nino", "ni number"),
    words=("national insurance", "nino", "ni number", "ni no", "nin", "insurance number"),
    country="GB",
    full=Proof.STRUCTURE,
)
NHS: Final = Numbered(
    personal(
        "PII306",
        "uk-nhs",
        "UK NHS number",
        Severity.HIGH,
        examples(
            yes=("NHS number {uk_nhs}", "nhs_number: {uk_nhs_plain}"),
            no=("call {uk_nhs}", "nhs {digits9}", "t = {uk_nhs_plain}"),
        ),
        reference="https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    ),
    "UK_NHS",
    {"999 999 9999": Confidence.LOW, "999-999-9999": None, "9999999999": None},
    nhs,
    words=("nhs", "national health service", "health service number", "nhs number"),
    country="GB",
    rank=5,
)
PASSPORT: Final = Numbered(
    personal(
        "PII307",
        "uk-passport",
        "UK passport number",
        Severity.MEDIUM,
        examples(
            yes=("UK passport {us_passport}", "British passport no {us_passport}"),
            no=("order {digits9}", "passport photos: 12345"),
        ),
        reference="https://www.gov.uk/government/publications/basic-passport-checks",
    ),
    "UK_PASSPORT",
    {"999999999": None},
    formed,
    words=("passport", "hmpo"),
    specific=("uk passport", "british passport", "u.k. passport", "gb passport"),
    country="GB",
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
    rank=2,
)
DRIVING: Final = Numbered(
    personal(
        "PII371",
        "uk-driving-licence",
        "Number of a UK driving licence",
        Severity.MEDIUM,
        examples(
            yes=("Driving licence {uk_driving}", "driver_licence={uk_driving}"),
            no=("hash ABCDE999999AB1CD", "driving licence ABCDE 12"),
        ),
        reference="https://en.wikipedia.org/wiki/Driving_licence_in_the_United_Kingdom",
    ),
    "UK_DRIVING_LICENCE",
    {"AXXXX999999AX9AA": Confidence.MEDIUM, "AXXXX 999999 AX9AA": Confidence.MEDIUM},
    driving,
    words=(
        "driving licence",
        "driver licence",
        "driver's licence",
        "driver number",
        "licence number",
        "dvla",
    ),
    country="GB",
    full=Proof.STRUCTURE,
)
PPS: Final = Numbered(
    personal(
        "PII346",
        "ie-pps",
        "Irish personal public service number",
        Severity.HIGH,
        examples(
            yes=("PPS number: {ie_pps}", "ppsn={ie_pps}"),
            no=("part {ie_pps}", "pps 1234567Z"),
        ),
        reference="https://en.wikipedia.org/wiki/Personal_Public_Service_Number",
    ),
    "IE_PPS",
    {
        "9999999A": Confidence.LOW,
        "9999999AA": Confidence.LOW,
        "9999999 A": None,
        "9999999 AA": None,
    },
    pps,
    words=("pps", "ppsn", "personal public service", "pps number"),
    country="IE",
)

RECOGNIZERS: Final = (NINO, NHS, PASSPORT, DRIVING, PPS)
