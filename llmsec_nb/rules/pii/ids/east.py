"""PII322, PII347-PII354: persons in Poland, Czechia, Slovakia, Romania, Bulgaria, Croatia, Greece, Hungary."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import ddmmyy, is_birthday, is_day, luhn, mod_11_10, weighted
from .numbered import Numbered, examples

_PESEL: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
_POLISH_CENTURIES: Final = (1900, 2000, 2100, 2200, 1800)
_ROMANIAN: Final = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
_BULGARIAN: Final = (2, 4, 8, 5, 10, 9, 7, 3, 6)


def pesel(value: str) -> Proof | None:
    """Birth date, the month tells the century; weights 1, 3, 7, 9, modulo 10."""
    century, month = divmod(int(value[2:4]), 20)
    if not is_birthday(_POLISH_CENTURIES[century] + int(value[:2]), month, value[4:6]):
        return None
    return Proof.CHECKSUM if weighted(value, _PESEL) % 10 == 0 else None


def birth_number(value: str) -> Proof | None:
    """Birth date, the month of women + 50, + 20 where numbers ran out; a multiple of 11."""
    month = int(value[2:4]) % 50
    if int(value[2:4]) > 82 or not is_day(month - 20 if month > 20 else month, value[4:6]):
        return None
    if len(value) == 9:
        return Proof.STRUCTURE if int(value[:2]) < 54 and value[6:] != "000" else None
    fits = int(value) % 11 == 0 or (int(value[:9]) % 11 == 10 and value[9] == "0")
    return Proof.CHECKSUM if fits else None


def cnp(value: str) -> Proof | None:
    """Sex and century, birth date, county, serial; modulo 11, 10 counts as 1."""
    county = int(value[7:9])
    known = 1 <= county <= 48 or county in {51, 52, 70, 80}
    if value[0] == "0" or not known or not is_day(value[3:5], value[5:7]):
        return None
    key = weighted(value, _ROMANIAN) % 11
    return Proof.CHECKSUM if (1 if key == 10 else key) == int(value[12]) else None


def egn(value: str) -> Proof | None:
    """Birth date, month + 20 before 1900 and + 40 after 1999; modulo 11, 10 counts as 0."""
    century, month = divmod(int(value[2:4]), 20)
    if century > 2 or not is_birthday(
        (1900, 1800, 2000)[century] + int(value[:2]), month, value[4:6]
    ):
        return None
    return Proof.CHECKSUM if weighted(value, _BULGARIAN) % 11 % 10 == int(value[9]) else None


def oib(value: str) -> Proof | None:
    """ISO 7064 MOD 11,10."""
    return Proof.CHECKSUM if mod_11_10(value) else None


def amka(value: str) -> Proof | None:
    """Birth date and Luhn."""
    return Proof.CHECKSUM if ddmmyy(value) and luhn(value) else None


def afm(value: str) -> Proof | None:
    """Powers of two, modulo 11, 10 counts as 0."""
    key = weighted(value, (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10
    return Proof.CHECKSUM if key == int(value[8]) else None


def taj(value: str) -> Proof | None:
    """Weights 3 and 7 in turn, modulo 10."""
    return Proof.CHECKSUM if weighted(value, (3, 7) * 4) % 10 == int(value[8]) else None


def hungarian_tax(value: str) -> Proof | None:
    """Begins with 8; weights 1 to 9, modulo 11."""
    fits = value[0] == "8" and weighted(value, range(1, 10)) % 11 == int(value[9])
    return Proof.CHECKSUM if fits else None


PESEL: Final = Numbered(
    personal(
        "PII322",
        "pl-pesel",
        "Polish PESEL number",
        Severity.HIGH,
        examples(
            yes=("PESEL: {pl_pesel}", "pesel={pl_pesel}"),
            no=("order {pl_pesel}", "pesel 44131401359"),
        ),
        reference="https://pl.wikipedia.org/wiki/PESEL",
    ),
    "PL_PESEL",
    {"99999999999": Confidence.LOW, "999999 99999": None},
    pesel,
    words=("pesel", "numer pesel", "nr pesel"),
    country="PL",
    rank=5,
)
BIRTH_NUMBER: Final = Numbered(
    personal(
        "PII347",
        "cz-sk-birth-number",
        "Czech or Slovak birth number",
        Severity.HIGH,
        examples(
            yes=("Rodné číslo: {cz_rc}", "rodne_cislo={cz_rc_plain}"),
            no=("order {cz_rc_plain}", "rodné číslo 851301/1234"),
        ),
        reference="https://cs.wikipedia.org/wiki/Rodné_číslo",
    ),
    "CZ_SK_BIRTH_NUMBER",
    {"999999/9999": Confidence.LOW, "999999/999": None, "9999999999": None},
    birth_number,
    words=("rodné číslo", "rodne cislo", "rodného čísla", "r.č.", "rč", "birth number", "rodčís"),
)
CNP: Final = Numbered(
    personal(
        "PII348",
        "ro-cnp",
        "Romanian personal numeric code",
        Severity.HIGH,
        examples(yes=("CNP {ro_cnp}", "cnp={ro_cnp}"), no=("order {ro_cnp}", "cnp 1801301221144")),
        reference="https://ro.wikipedia.org/wiki/Cod_numeric_personal_(România)",
    ),
    "RO_CNP",
    {"9999999999999": None},
    cnp,
    words=("cnp", "cod numeric personal", "codul numeric", "personal numeric code"),
    country="RO",
)
EGN: Final = Numbered(
    personal(
        "PII349",
        "bg-egn",
        "Bulgarian unified civil number",
        Severity.HIGH,
        examples(yes=("ЕГН: {bg_egn}", "egn={bg_egn}"), no=("order {bg_egn}", "egn 7599169263")),
        reference="https://bg.wikipedia.org/wiki/Единен_граждански_номер",
    ),
    "BG_EGN",
    {"9999999999": None},
    egn,
    words=("егн", "egn", "единен граждански", "civil number"),
    country="BG",
)
OIB: Final = Numbered(
    personal(
        "PII350",
        "hr-oib",
        "Croatian personal identification number",
        Severity.HIGH,
        examples(yes=("OIB: {hr_oib}", "oib={hr_oib}"), no=("order {hr_oib}", "oib {digits9}")),
        reference="https://hr.wikipedia.org/wiki/Osobni_identifikacijski_broj",
    ),
    "HR_OIB",
    {"99999999999": None},
    oib,
    words=("oib", "osobni identifikacijski", "osobni broj"),
    country="HR",
)
AMKA: Final = Numbered(
    personal(
        "PII351",
        "gr-amka",
        "Greek social security number",
        Severity.HIGH,
        examples(
            yes=("ΑΜΚΑ: {gr_amka}", "amka={gr_amka}"),  # noqa: RUF001 # Greek
            no=("order {gr_amka}", "amka 99019912345"),
        ),
        reference="https://www.amka.gr",
    ),
    "GR_AMKA",
    {"99999999999": None},
    amka,
    words=("αμκα", "α.μ.κ.α", "amka"),  # noqa: RUF001 # Greek
    country="GR",
)
AFM: Final = Numbered(
    personal(
        "PII352",
        "gr-afm",
        "Greek tax number",
        Severity.HIGH,
        examples(yes=("ΑΦΜ: {gr_afm}", "afm={gr_afm}"), no=("order {gr_afm}", "afm {digits8}")),
        reference="https://el.wikipedia.org/wiki/Αριθμός_Φορολογικού_Μητρώου",
    ),
    "GR_AFM",
    {"999999999": None},
    afm,
    words=("αφμ", "α.φ.μ", "afm"),  # noqa: RUF001 # Greek
    country="GR",
)
TAJ: Final = Numbered(
    personal(
        "PII353",
        "hu-taj",
        "Hungarian social security number",
        Severity.HIGH,
        examples(
            yes=("TAJ-szám: {hu_taj}", "taj={hu_taj_plain}"), no=("order {hu_taj}", "taj {digits8}")
        ),
        reference="https://hu.wikipedia.org/wiki/Társadalombiztosítási_azonosító_jel",
    ),
    "HU_TAJ",
    {"999 999 999": None, "999-999-999": None, "999999999": None},
    taj,
    words=("taj", "taj-szám", "taj szám", "tajszám", "társadalombiztosítási"),
    country="HU",
)
HU_TAX: Final = Numbered(
    personal(
        "PII354",
        "hu-tax-id",
        "Hungarian tax identification number",
        Severity.HIGH,
        examples(
            yes=("Adóazonosító jel: {hu_tax}", "adoazonosito={hu_tax}"),
            no=("order {hu_tax}", "adóazonosító {digits9}"),
        ),
        reference="https://hu.wikipedia.org/wiki/Adóazonosító_jel",
    ),
    "HU_TAX_ID",
    {"9999999999": None},
    hungarian_tax,
    words=("adóazonosító", "adóazonosító jel", "adoazonosito", "adószám", "tax id"),
    country="HU",
)

RECOGNIZERS: Final = (PESEL, BIRTH_NUMBER, CNP, EGN, OIB, AMKA, AFM, TAJ, HU_TAX)
