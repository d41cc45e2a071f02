"""PII323, PII343-PII345, PII368: persons in Sweden, Denmark, Norway, Finland, the Baltic."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import ddmmyy, is_birthday, is_day, luhn, weighted
from .numbered import Numbered, examples

_DANISH: Final = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_NORWEGIAN: Final = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
_FINNISH: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_CENTURIES: Final = frozenset("ABCDEFYXWVU")
_BALTIC: Final = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))


def swedish(value: str) -> Proof | None:
    """Birth date (the day + 60 for a samordningsnummer), Luhn over the last ten digits."""
    digits = value.replace("+", "")[-10:]
    day = int(digits[4:6])
    if len(value) == 12 and value[:2] not in {"18", "19", "20"}:
        return None
    return (
        Proof.CHECKSUM
        if is_day(digits[2:4], day - 60 if day > 60 else day) and luhn(digits)
        else None
    )


def danish(value: str) -> Proof | None:
    """Birth date; modulo 11 for most, since 2007 not for all."""
    if not ddmmyy(value):
        return None
    return Proof.CHECKSUM if weighted(value, _DANISH) % 11 == 0 else Proof.STRUCTURE


def norwegian(value: str) -> Proof | None:
    """Birth date (D numbers: day + 40, H numbers: month + 40), two check digits modulo 11."""
    day, month = int(value[:2]), int(value[2:4])
    if not is_day(month - 40 if month > 40 else month, day - 40 if day > 40 else day):
        return None
    fits = all(weighted(value, weights) % 11 == 0 for weights in _NORWEGIAN)
    return Proof.CHECKSUM if fits else None


def finnish(value: str) -> Proof | None:
    """Birth date, sign of the century, serial; date and serial modulo 31 give the last one."""
    if len(value) == 11 and value[6] not in _CENTURIES:
        return None
    if not ddmmyy(value) or not value[-4:-1].isdecimal():
        return None
    return Proof.CHECKSUM if _FINNISH[int(value[:6] + value[-4:-1]) % 31] == value[-1] else None


def baltic(value: str) -> Proof | None:
    """Sex and century, birth date; modulo 11 by one row of weights, or by another."""
    first = int(value[0])
    if not 1 <= first <= 6 or not is_birthday(
        1800 + (first - 1) // 2 * 100 + int(value[1:3]), value[3:5], value[5:7]
    ):
        return None
    keys = [weighted(value, weights) % 11 for weights in _BALTIC]
    key = keys[0] if keys[0] < 10 else keys[1] % 10
    return Proof.CHECKSUM if key == int(value[10]) else None


SWEDISH: Final = Numbered(
    personal(
        "PII323",
        "se-personnummer",
        "Swedish personal identity number",
        Severity.HIGH,
        examples(
            yes=(
                "Personnummer: {se_pnr}",
                "pnr={se_pnr_long}",
                "Samordningsnummer {se_coordination}",
            ),
            no=("order {se_pnr_plain}", "personnummer 811399-9876", "part 123456-1234"),
        ),
        reference="https://sv.wikipedia.org/wiki/Personnummer_i_Sverige",
    ),
    "SE_PERSONNUMMER",
    {
        "99999999-9999": Confidence.LOW,
        "999999-9999": Confidence.LOW,
        "999999 9999": None,
        "9999999999": None,
        "999999999999": None,
    },
    swedish,
    words=(
        "personnummer",
        "personnr",
        "person nr",
        "pnr",
        "samordningsnummer",
        "personal identity number",
        "personal number",
    ),
    country="SE",
    rank=5,
)
DANISH: Final = Numbered(
    personal(
        "PII343",
        "dk-cpr",
        "Danish personal identification number",
        Severity.HIGH,
        examples(
            yes=("CPR-nummer {dk_cpr}", "cpr={dk_cpr_plain}"),
            no=("order {dk_cpr_plain}", "cpr 401370-1234"),
        ),
        reference="https://da.wikipedia.org/wiki/CPR-nummer",
    ),
    "DK_CPR",
    {"999999-9999": Confidence.LOW, "999999 9999": None, "9999999999": None},
    danish,
    words=("cpr", "cpr-nummer", "cpr-nr", "personnummer", "cprnr"),
    country="DK",
)
NORWEGIAN: Final = Numbered(
    personal(
        "PII344",
        "no-fodselsnummer",
        "Norwegian national identity number",
        Severity.HIGH,
        examples(
            yes=("Fødselsnummer {no_fnr}", "fnr: {no_fnr_spaced}"),
            no=("order {no_fnr}", "fnr 40017012345"),
        ),
        reference="https://no.wikipedia.org/wiki/Fødselsnummer",
    ),
    "NO_FODSELSNUMMER",
    {"999999 99999": None, "999999-99999": Confidence.MEDIUM, "99999999999": None},
    norwegian,
    words=(
        "fødselsnummer",
        "fodselsnummer",
        "fnr",
        "personnummer",
        "d-nummer",
        "national identity number",
    ),
    country="NO",
)
FINNISH: Final = Numbered(
    personal(
        "PII345",
        "fi-personal-identity-code",
        "Finnish personal identity code",
        Severity.HIGH,
        examples(
            yes=("Henkilötunnus {fi_hetu}", "hetu={fi_hetu_new}", "Aino, {fi_hetu_letter}, Turku"),
            no=("part 131052-308A", "hetu 321352-308T"),
        ),
        reference="https://dvv.fi/en/personal-identity-code",
    ),
    "FI_PERSONAL_IDENTITY_CODE",
    {
        "999999-999A": Confidence.HIGH,
        "999999-9999": Confidence.LOW,
        "999999A999X": Confidence.MEDIUM,
    },
    finnish,
    words=(
        "hetu",
        "henkilötunnus",
        "henkilotunnus",
        "personbeteckning",
        "personal identity code",
        "sotu",
    ),
    country="FI",
    rank=3,
)
BALTIC: Final = Numbered(
    personal(
        "PII368",
        "baltic-personal-code",
        "Estonian or Lithuanian personal code",
        Severity.HIGH,
        examples(
            yes=("Isikukood {ee_code}", "asmens kodas: {ee_code}"),
            no=("order {ee_code}", "isikukood 39913320000"),
        ),
        reference="https://et.wikipedia.org/wiki/Isikukood",
    ),
    "EE_LT_PERSONAL_CODE",
    {"99999999999": None},
    baltic,
    words=("isikukood", "asmens kodas", "personal code", "asmens kodo", "isikukoodi"),
)

RECOGNIZERS: Final = (SWEDISH, DANISH, NORWEGIAN, FINNISH, BALTIC)
