"""PII301-PII304: persons in the United States."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .numbered import Numbered, examples

_LICENSE_WORDS: Final = (
    "driver license", "driver's license", "drivers license", "driver licence",
    "driver's licence", "drivers licence", "driving license", "driver lic", "drivers lic", "dl number",
    "dl no", "dl #", "dln", "license number", "license no", "licence number", "lic no", "lic. no",
)  # fmt: skip
_LICENSES: Final = (
    "9999999", "99999999", "999999999", "9999999999", "999999999999", "9999999999999",
    "99999999999999", "9999999999999999", "A999999", "A9999999", "A99999999", "A999999999",
    "A9999999999", "A99999999999", "A999999999999", "A9999999999999", "A99999999999999",
    "A999999999999999999", "AA99999", "AA999999", "AA9999999", "AA999999A", "AAA999999",
    "99AAA99999", "999AA9999", "9999999A", "99999999AA", "999999999A", "A9A9A", "A999999A",
    "A999-9999-9999", "A999-9999-9999-99", "A999-999-99-999-9", "A-999-999-999-999", "A999-999-999-999",
    "A99-99-9999", "99-999-9999", "999-999-999", "999 999 999", "99 999 999", "A9999 99999 99999",
    "A9999-99999-99999", "AAAAAAA999AA",
)  # fmt: skip


def ssn(value: str) -> Proof | None:
    """Area not 000, 666, 9xx, group not 00, serial not 0000."""
    area, group, serial = value[:3], value[3:5], value[5:]
    if area in {"000", "666"} or area[0] == "9" or group == "00" or serial == "0000":
        return None
    return Proof.STRUCTURE


def itin(value: str) -> Proof | None:
    """Area 9xx, group 50-65, 70-88, 90-92, 94-99."""
    group = int(value[3:5])
    fits = 50 <= group <= 65 or (70 <= group <= 99 and group not in {89, 93})
    return Proof.STRUCTURE if value[0] == "9" and fits else None


def formed(value: str) -> Proof | None:
    """More than the form is not known."""
    return Proof.FORM if len(set(value)) > 2 else None


SSN: Final = Numbered(
    personal(
        "PII301",
        "us-ssn",
        "US social security number",
        Severity.HIGH,
        examples(
            yes=("Her SSN is {us_ssn}.", "Ada,{us_ssn},Boston", "ssn={us_ssn_plain}"),
            no=("build 000-12-3456", "order 666-12-3456 and 912-34-5678", "total {digits9}"),
        ),
        reference="https://www.ssa.gov/employer/randomization.html",
    ),
    "US_SSN",
    {
        "999-99-9999": Confidence.MEDIUM,
        "999 99 9999": Confidence.LOW,
        "999.99.9999": Confidence.LOW,
        "999999999": None,
    },
    ssn,
    words=("ssn", "social security", "soc sec", "ss#", "ssns", "social sec"),
    country="US",
    full=Proof.STRUCTURE,
    rank=7,
)
ITIN: Final = Numbered(
    personal(
        "PII302",
        "us-itin",
        "US individual taxpayer identification number",
        Severity.HIGH,
        examples(
            yes=("ITIN: {us_itin}", "Taxpayer id {us_itin}"),
            no=("part 912-34-5678", "itin {digits9}00", "999-00-1234"),
        ),
        reference="https://www.irs.gov/irm/part3/irm_03-021-263r",
    ),
    "US_ITIN",
    {"999-99-9999": Confidence.MEDIUM, "999 99 9999": Confidence.LOW, "999999999": None},
    itin,
    words=("itin", "taxpayer", "tax id", "individual taxpayer", "tin", "ssn", "social security"),
    country="US",
    full=Proof.STRUCTURE,
    rank=6,
)
PASSPORT: Final = Numbered(
    personal(
        "PII303",
        "us-passport",
        "US passport number",
        Severity.MEDIUM,
        examples(
            yes=("Passport No. {us_passport}", "US passport: {us_passport_new}"),
            no=("order {digits9}", "the passport office sold\n{digits9} of them"),
        ),
        reference="https://travel.state.gov/content/travel/en/passports.html",
    ),
    "US_PASSPORT",
    {"999999999": None, "A99999999": None},
    formed,
    words=("passport", "passport number"),
    specific=("us passport", "american passport", "u.s. passport", "usa passport"),
    country="US",
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
    rank=5,
)
LICENSE: Final = Numbered(
    personal(
        "PII304",
        "us-driver-license",
        "Number of a US driver license",
        Severity.MEDIUM,
        examples(
            yes=("Driver's license: {us_license}", "drivers_license = {us_license}"),
            no=(
                "chromedriver {digits9}",
                "license Apache-2.0, build {digits9}",
                "serial {digits8}",
            ),
        ),
        reference="https://ntsi.com/drivers-license-format/",
    ),
    "US_DRIVER_LICENSE",
    dict.fromkeys(_LICENSES),
    formed,
    words=_LICENSE_WORDS,
    literals=(
        "driver license",
        "driver's lic",
        "drivers lic",
        "driver_lic",
        "drivers_lic",
        "driving lic",
        "dl no",
        "dl num",
        "license num",
    ),
    country="US",
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
    rank=3,
)

RECOGNIZERS: Final = (SSN, ITIN, PASSPORT, LICENSE)
