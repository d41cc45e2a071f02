"""PII314, PII315, PII342, PII370: persons in Spain and Portugal."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import weighted
from .numbered import Numbered, examples
from .us import formed

_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"


def nif(value: str) -> Proof | None:
    """The number modulo 23 gives the letter."""
    return Proof.CHECKSUM if _LETTERS[int(value[:8]) % 23] == value[8] else None


def nie(value: str) -> Proof | None:
    """As for a NIF: X, Y, Z stand for 0, 1, 2."""
    first = "XYZ".find(value[0])
    return nif(f"{first}{value[1:]}") if first >= 0 else None


def portuguese(value: str) -> Proof | None:
    """Persons begin with 1, 2, 3 or 45; modulo 11, weights 9 to 2, 10 counts as 0."""
    if value[0] not in "123" and value[:2] != "45":
        return None
    check = -weighted(value, range(9, 1, -1)) % 11 % 10
    return Proof.CHECKSUM if check == int(value[8]) else None


NIF: Final = Numbered(
    personal(
        "PII314",
        "es-nif",
        "Spanish national identity number",
        Severity.HIGH,
        examples(
            yes=("DNI: {es_nif}", "nif = {es_nif_dashed}", "Ana, {es_nif_dashed}, Lugo"),
            no=("part {es_nif}", "DNI 12345678A", "{digits8}I"),
        ),
        reference="https://es.wikipedia.org/wiki/Documento_nacional_de_identidad_(España)",
    ),
    "ES_NIF",
    {
        "99.999.999-A": Confidence.HIGH,
        "99.999.999A": Confidence.MEDIUM,
        "99999999-A": Confidence.MEDIUM,
        "99999999 A": Confidence.LOW,
        "99999999A": Confidence.LOW,
    },
    nif,
    words=(
        "dni",
        "nif",
        "documento nacional",
        "documento de identidad",
        "identificación fiscal",
        "identificacion fiscal",
        "cédula",
    ),
    country="ES",
    rank=5,
)
NIE: Final = Numbered(
    personal(
        "PII315",
        "es-nie",
        "Spanish identity number of a foreigner",
        Severity.HIGH,
        examples(
            yes=("NIE {es_nie}", "nie={es_nie_dashed}", "Ana, {es_nie_dashed}, Lugo"),
            no=("NIE X1234567A", "part W1234567L"),
        ),
        reference="https://es.wikipedia.org/wiki/Número_de_identidad_de_extranjero",
    ),
    "ES_NIE",
    {
        "A9999999A": Confidence.MEDIUM,
        "A-9999999-A": Confidence.HIGH,
        "A9999999-A": Confidence.MEDIUM,
    },
    nie,
    words=("nie", "extranjero", "identidad de extranjero", "nif", "dni"),
    country="ES",
    rank=5,
)
PASSPORT: Final = Numbered(
    personal(
        "PII370",
        "es-passport",
        "Spanish passport number",
        Severity.MEDIUM,
        examples(
            yes=("Pasaporte: {es_passport}", "passport {es_passport}"),
            no=("ref {es_passport}", "pasaporte 2019"),
        ),
        reference="https://es.wikipedia.org/wiki/Pasaporte_español",
    ),
    "ES_PASSPORT",
    {"AAA999999": None},
    formed,
    words=("pasaporte", "passport"),
    country="ES",
    full=Proof.FORM,
    close=True,
)
PORTUGUESE: Final = Numbered(
    personal(
        "PII342",
        "pt-nif",
        "Portuguese tax identification number",
        Severity.HIGH,
        examples(
            yes=("NIF: {pt_nif}", "contribuinte {pt_nif_spaced}"),
            no=("order {pt_nif}", "nif {digits8}"),
        ),
        reference="https://pt.wikipedia.org/wiki/Número_de_identificação_fiscal",
    ),
    "PT_NIF",
    {"999 999 999": None, "999999999": None},
    portuguese,
    words=("nif", "contribuinte", "identificação fiscal", "identificacao fiscal", "número fiscal"),
    country="PT",
)

RECOGNIZERS: Final = (NIF, NIE, PASSPORT, PORTUGUESE)
