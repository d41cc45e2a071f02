"""PII312, PII313, PII321, PII339, PII372: persons in France, Belgium and the Netherlands."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import is_day, weighted
from .numbered import Numbered, examples
from .us import formed

_CORSICA: Final = {"2A": "19", "2B": "18"}
_ALPHABET: Final = frozenset("0123456789CFGHJKLMNPRTVWXYZ")


def nir(value: str) -> Proof | None:
    """Sex, year, month, place, serial; the key is 97 minus the rest of 97; Corsica 19 and 18."""
    month, place = int(value[3:5]), value[5:7]
    if value[0] not in "123478" or not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return None
    place = _CORSICA.get(place, place)
    if not place.isdecimal() or place == "00":
        return None
    if len(value) == 13:
        return Proof.STRUCTURE
    body = int(value[:5] + place + value[7:13])
    return Proof.CHECKSUM if 97 - body % 97 == int(value[13:]) else None


def card(value: str) -> Proof | None:
    """Since 2021 nine characters without vowels, before twelve digits: year, month, ..."""
    if value.isdecimal():
        return Proof.FORM if len(value) == 12 and 1 <= int(value[2:4]) <= 12 else None
    mixed = value[0].isalpha() and sum(map(str.isdecimal, value)) > 2
    return Proof.FORM if mixed and _ALPHABET.issuperset(value) and len(value) == 9 else None


def belgian(value: str) -> Proof | None:
    """Birth date, serial, 97 minus the rest of 97; with 2 before it for those born since 2000."""
    if value[2:6] != "0000" and not is_day(value[2:4], int(value[4:6]) or 1):
        return None
    keys = (97 - int(century + value[:9]) % 97 for century in ("", "2"))
    return Proof.CHECKSUM if int(value[9:]) in keys else None


def bsn(value: str) -> Proof | None:
    """The eleven test: weights 9 to 2, then -1."""
    digits = value.zfill(9)
    fits = weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0
    return Proof.CHECKSUM if fits and digits[:2] != "00" else None


NIR: Final = Numbered(
    personal(
        "PII312",
        "fr-nir",
        "French social security number",
        Severity.HIGH,
        examples(
            yes=("Sécu : {fr_nir}", "nir={fr_nir_plain}", "Jean, {fr_nir}, Lyon", "NIR {fr_nir_corsica}"),
            no=("imei-like {fr_nir_plain}", "1 85 05 78 006", "9 99 99 99 999 999 99"),
        ),
        reference="https://fr.wikipedia.org/wiki/Numéro_de_sécurité_sociale_en_France",
    ),
    "FR_NIR",
    {
        "9 99 99 9X 999 999 99": Confidence.HIGH,
        "9 99 99 9X 999 999": Confidence.LOW,
        "999999X99999999": Confidence.LOW,
        "999999X999999 99": Confidence.MEDIUM,
        "9.99.99.9X.999.999.99": Confidence.HIGH,
        "9-99-99-9X-999-999-99": Confidence.HIGH,
        "999999X999999": None,
    },
    nir,
    words=(
        "nir", "sécurité sociale", "securite sociale", "sécu", "secu", "insee", "numéro de sécu",
        "num secu", "n° ss", "social security", "numero ss", "assuré social",
    ),
    country="FR",
    rank=6,
)  # fmt: skip
CARD: Final = Numbered(
    personal(
        "PII313",
        "fr-cni",
        "Number of a French identity card",
        Severity.HIGH,
        examples(
            yes=("Carte nationale d'identité {fr_cni}", "CNI n° {fr_cni_old}"),
            no=("sku {fr_cni}", "cni {digits9}", "t {fr_cni_old}"),
        ),
        reference="https://fr.wikipedia.org/wiki/Carte_nationale_d%27identité_en_France",
    ),
    "FR_CNI",
    {"XXXXXXXXX": None, "999999999999": None},
    card,
    words=(
        "cni",
        "carte nationale",
        "carte d'identité",
        "carte d'identite",
        "carte identite",
        "cnie",
    ),
    country="FR",
    full=Proof.FORM,
    close=True,
)
PASSPORT: Final = Numbered(
    personal(
        "PII372",
        "fr-passport",
        "French passport number",
        Severity.MEDIUM,
        examples(
            yes=("Passeport : {fr_passport}", "passport {fr_passport}"),
            no=("ref {fr_passport}", "passeport 2019"),
        ),
        reference="https://fr.wikipedia.org/wiki/Passeport_français",
    ),
    "FR_PASSPORT",
    {"99AA99999": None},
    formed,
    words=("passeport", "passport"),
    country="FR",
    full=Proof.FORM,
    close=True,
)
BELGIAN: Final = Numbered(
    personal(
        "PII339",
        "be-national-number",
        "Belgian national number",
        Severity.HIGH,
        examples(
            yes=("Rijksregisternummer {be_nn}", "niss={be_nn_plain}", "x {be_nn} y"),
            no=("order {be_nn_plain}", "v 85.07.30-033.29", "93.51.84-223.61"),
        ),
        reference="https://en.wikipedia.org/wiki/National_identification_number#Belgium",
    ),
    "BE_NATIONAL_NUMBER",
    {
        "99.99.99-999.99": Confidence.HIGH,
        "99.99.99-999-99": Confidence.HIGH,
        "99.99.99 999 99": Confidence.MEDIUM,
        "999999-999-99": Confidence.MEDIUM,
        "999999-999.99": Confidence.MEDIUM,
        "999999 999 99": Confidence.LOW,
        "99999999999": None,
    },
    belgian,
    words=(
        "rijksregister", "rijksregisternummer", "registre national", "numéro national", "insz", "niss",
        "numero national", "national number", "national register", "rrn", "nrn", "bsn belgium",
    ),
    country="BE",
)  # fmt: skip
BSN: Final = Numbered(
    personal(
        "PII321",
        "nl-bsn",
        "Dutch citizen service number",
        Severity.HIGH,
        examples(
            yes=("BSN {nl_bsn}", "burgerservicenummer: {nl_bsn_dotted}"),
            no=("order {nl_bsn}", "bsn 123456789"),
        ),
        reference="https://nl.wikipedia.org/wiki/Burgerservicenummer",
    ),
    "NL_BSN",
    {
        "9999.99.999": Confidence.LOW,
        "999.999.999": None,
        "9999 99 999": None,
        "999 999 999": None,
        "999999999": None,
        "99999999": None,
    },
    bsn,
    words=(
        "bsn",
        "burgerservicenummer",
        "burger service",
        "sofinummer",
        "sofi",
        "citizen service number",
        "persoonsnummer",
    ),
    country="NL",
)

RECOGNIZERS: Final = (NIR, CARD, PASSPORT, BELGIAN, BSN)
