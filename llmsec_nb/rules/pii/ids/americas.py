"""PII333-PII336: persons in Canada and Brazil."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import is_day, luhn, weighted
from .numbered import Numbered, examples

_COLUMBIAN: Final = (0, 2, 4, 8, 5, 10, 9, 7, 3)
_CNPJ: Final = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)


def sin(value: str) -> Proof | None:
    """Begins with no 0 or 8; Luhn."""
    return Proof.CHECKSUM if value[0] not in "08" and luhn(value) else None


def health(value: str) -> Proof | None:
    """Ontario: Luhn; British Columbia: 9 and modulo 11; Québec: name, birth date (month + 50)."""
    if value[:4].isalpha():
        month = int(value[6:8])
        return Proof.STRUCTURE if is_day(month - 50 if month > 50 else month, value[8:10]) else None
    if not luhn(value[:10]):
        key = -weighted(value, _COLUMBIAN) % 11
        return (
            Proof.CHECKSUM
            if value[0] == "9" and len(value) == 10 and key == int(value[9])
            else None
        )
    return Proof.CHECKSUM


def _brazilian(digits: str, weights: tuple[int, ...]) -> bool:
    count = len(digits) - 2
    for size in (count, count + 1):
        key = -weighted(digits[:size], weights[-size:]) % 11
        if key % 10 != int(digits[size]):
            return False
    return True


def cpf(value: str) -> Proof | None:
    """Two check digits modulo 11, weights down to 2, 10 counts as 0."""
    return Proof.CHECKSUM if _brazilian(value, (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) else None


def cnpj(value: str) -> Proof | None:
    """As a CPF, the weights go from 9 to 2 again and again."""
    return Proof.CHECKSUM if _brazilian(value, _CNPJ) else None


SIN: Final = Numbered(
    personal(
        "PII333",
        "ca-sin",
        "Canadian social insurance number",
        Severity.HIGH,
        examples(
            yes=("SIN: {ca_sin}", "social insurance number {ca_sin_plain}"),
            no=("order {ca_sin}", "np.sin({digits8})", "sin 046 454 286"),
        ),
        reference="https://en.wikipedia.org/wiki/Social_insurance_number",
    ),
    "CA_SIN",
    {"999 999 999": Confidence.LOW, "999-999-999": Confidence.LOW, "999999999": None},
    sin,
    words=("sin", "social insurance", "sin number", "assurance sociale", "nas"),
    country="CA",
    rank=5,
)
HEALTH: Final = Numbered(
    personal(
        "PII334",
        "ca-health-number",
        "Canadian health number",
        Severity.HIGH,
        examples(
            yes=(
                "Health card {ca_health}",
                "OHIP: {ca_health_version}",
                "RAMQ {ca_ramq}",
                "PHN {ca_phn}",
            ),
            no=("order {ca_phn}", "call {digits3}-{digits3}-{digits4}", "RAMQ ABCD 1299 1234"),
        ),
        reference="https://en.wikipedia.org/wiki/Health_card_(Canada)",
    ),
    "CA_HEALTH_NUMBER",
    {
        "9999-999-999": None,
        "9999-999-999-AA": Confidence.LOW,
        "9999 999 999": None,
        "9999 999 999 AA": None,
        "9999999999": None,
        "9999999999AA": None,
        "AAAA 9999 9999": Confidence.LOW,
        "AAAA99999999": None,
    },
    health,
    words=(
        "health card",
        "health number",
        "ohip",
        "phn",
        "personal health number",
        "ramq",
        "assurance maladie",
        "health insurance",
    ),
    country="CA",
)
CPF: Final = Numbered(
    personal(
        "PII335",
        "br-cpf",
        "Brazilian CPF number",
        Severity.HIGH,
        examples(
            yes=("CPF: {br_cpf}", "Ana, {br_cpf}, Recife", "cpf={br_cpf_plain}"),
            no=("order {br_cpf_plain}", "v 111.222.333-44", "111.111.111-11"),
        ),
        reference="https://pt.wikipedia.org/wiki/Cadastro_de_Pessoas_Físicas",
    ),
    "BR_CPF",
    {"999.999.999-99": Confidence.HIGH, "999999999-99": Confidence.MEDIUM, "99999999999": None},
    cpf,
    words=("cpf", "cadastro de pessoas"),
    country="BR",
    rank=6,
)
CNPJ: Final = Numbered(
    personal(
        "PII336",
        "br-cnpj",
        "Brazilian company number",
        Severity.LOW,
        examples(
            yes=("CNPJ {br_cnpj}", "cnpj={br_cnpj_plain}", "x {br_cnpj} y"),
            no=("order {br_cnpj_plain}", "11.222.333/0001-00"),
        ),
        reference="https://pt.wikipedia.org/wiki/Cadastro_Nacional_da_Pessoa_Jurídica",
    ),
    "BR_CNPJ",
    {
        "99.999.999/9999-99": Confidence.HIGH,
        "99999999/9999-99": Confidence.MEDIUM,
        "99999999999999": None,
    },
    cnpj,
    words=("cnpj", "cadastro nacional"),
    country="BR",
    rank=6,
)
RECOGNIZERS: Final = (SIN, HEALTH, CPF, CNPJ)
