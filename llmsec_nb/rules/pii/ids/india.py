"""PII324-PII328: persons and vehicles in India."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import verhoeff
from .numbered import Numbered, examples

_STATES: Final = frozenset(
    "AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TN TR TS UK UP UA WB".split()  # noqa: SIM905 # a table
)


def aadhaar(value: str) -> Proof | None:
    """Begins with 2 to 9; Verhoeff."""
    return Proof.CHECKSUM if value[0] not in "01" and verhoeff(value) else None


def pan(value: str) -> Proof | None:
    """The fourth letter says whose it is, P a person's."""
    if value[3] not in "ABCFGHJLPT" or value[5:9] == "0000":
        return None
    return Proof.STRUCTURE if value[3] == "P" else Proof.FORM


def passport(value: str) -> Proof | None:
    """A letter but O, Q, X and Z, a digit but 0, six more that end in no 0."""
    return Proof.FORM if value[0] not in "OQXZ" and value[1] != "0" and value[-1] != "0" else None


def voter(value: str) -> Proof | None:
    """Three letters and seven digits."""
    return Proof.FORM if len(set(value[3:])) > 2 else None


def vehicle(value: str) -> Proof | None:
    """State, district, series, number."""
    return Proof.STRUCTURE if value[:2] in _STATES and value[-4:] != "0000" else None


AADHAAR: Final = Numbered(
    personal(
        "PII324",
        "in-aadhaar",
        "Indian Aadhaar number",
        Severity.HIGH,
        examples(
            yes=("Aadhaar: {in_aadhaar}", "aadhaar_no={in_aadhaar_plain}", "UIDAI {in_aadhaar}"),
            no=("card {in_aadhaar}", "order {in_aadhaar_plain}", "years 2019 2020 2021"),
        ),
        reference="https://uidai.gov.in/en/my-aadhaar/about-your-aadhaar.html",
    ),
    "IN_AADHAAR",
    {"9999 9999 9999": Confidence.LOW, "9999-9999-9999": Confidence.LOW, "999999999999": None},
    aadhaar,
    words=("aadhaar", "aadhar", "adhaar", "adhar", "uidai", "uid", "आधार"),
    country="IN",
)
PAN: Final = Numbered(
    personal(
        "PII325",
        "in-pan",
        "Indian permanent account number",
        Severity.HIGH,
        examples(
            yes=("PAN: {in_pan}", "pan_number={in_pan}", "Permanent Account Number {in_pan}"),
            no=("japan ABCDE1234F", "pan ABCXE1234F", "sku {in_pan}0"),
        ),
        reference="https://en.wikipedia.org/wiki/Permanent_account_number",
    ),
    "IN_PAN",
    {"AAAAA9999A": Confidence.MEDIUM},
    pan,
    words=("pan", "permanent account", "income tax", "pan card", "pancard"),
    country="IN",
    full=Proof.STRUCTURE,
)
PASSPORT: Final = Numbered(
    personal(
        "PII326",
        "in-passport",
        "Indian passport number",
        Severity.MEDIUM,
        examples(
            yes=("Passport number {in_passport}", "passport_no={in_passport}"),
            no=("ref {in_passport}", "passport Q0123456"),
        ),
        reference="https://en.wikipedia.org/wiki/Indian_passport",
    ),
    "IN_PASSPORT",
    {"A9999999": None, "A 9999999": None, "A99 99999": None},
    passport,
    words=("passport",),
    specific=("indian passport", "passport india"),
    country="IN",
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
)
VOTER: Final = Numbered(
    personal(
        "PII327",
        "in-voter",
        "Indian voter identity number",
        Severity.HIGH,
        examples(
            yes=("Voter ID {in_voter}", "epic_no={in_voter}"),
            no=("ref {in_voter}", "voter turnout 1234567"),
        ),
        reference="https://en.wikipedia.org/wiki/Voter_ID_(India)",
    ),
    "IN_VOTER",
    {"AAA9999999": None},
    voter,
    words=("voter", "voter id", "epic", "elector", "epic no", "electoral"),
    country="IN",
    full=Proof.FORM,
    close=True,
)
VEHICLE: Final = Numbered(
    personal(
        "PII328",
        "in-vehicle-registration",
        "Registration number of an Indian vehicle",
        Severity.LOW,
        examples(
            yes=("Vehicle no. {in_vehicle}", "number plate {in_vehicle_spaced}"),
            no=("sku {in_vehicle}", "vehicle XX12AB1234"),
        ),
        reference="https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_India",
    ),
    "IN_VEHICLE_REGISTRATION",
    {
        "AA99AA9999": Confidence.LOW,
        "AA 99 AA 9999": Confidence.LOW,
        "AA-99-AA-9999": Confidence.LOW,
        "AA99A9999": Confidence.LOW,
        "AA 99 A 9999": Confidence.LOW,
        "AA-99-A-9999": Confidence.LOW,
        "AA9AA9999": Confidence.LOW,
        "AA99 AA9999": Confidence.LOW,
        "AA99AAA9999": Confidence.LOW,
    },
    vehicle,
    words=("vehicle", "registration", "plate", "car", "rc number", "vehicle no", "reg no"),
    literals=(
        "vehicle no",
        "vehicle num",
        "registration num",
        "registration no",
        "number plate",
        "reg no",
    ),
    country="IN",
    full=Proof.STRUCTURE,
)

RECOGNIZERS: Final = (AADHAAR, PAN, PASSPORT, VOTER, VEHICLE)
