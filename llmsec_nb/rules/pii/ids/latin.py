"""PII363-PII366: persons in Mexico, Argentina and Chile."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import weighted, yymmdd
from .numbered import Numbered, examples

_CUIT: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_PERSONS: Final = frozenset({"20", "23", "24", "25", "26", "27"})
_COMPANIES: Final = frozenset({"30", "33", "34"})
_CURP: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_RFC: Final = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_STATES: Final = frozenset(
    "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE".split()  # noqa: SIM905 # a table
)


def curp(value: str) -> Proof | None:
    """Name, birth date, sex, state, consonants; weights 18 to 2, modulo 10."""
    if not yymmdd(value[4:10]) or value[10] not in "HMX" or value[11:13] not in _STATES:
        return None
    total = sum(_CURP.index(char) * (18 - place) for place, char in enumerate(value[:17]))
    return Proof.CHECKSUM if str(-total % 10) == value[17] else None


def rfc(value: str) -> Proof | None:
    """Name, birth date, two characters; weights 13 to 2, modulo 11, A is 10."""
    if not yymmdd(value[4:10]):
        return None
    total = sum(_RFC.index(char) * (13 - place) for place, char in enumerate(value[:12]))
    return Proof.CHECKSUM if "0123456789A"[-total % 11] == value[12] else Proof.STRUCTURE


def cuit(value: str) -> Proof | None:
    """Prefix of persons or companies; modulo 11, 10 counts as 9."""
    if value[:2] not in _PERSONS | _COMPANIES:
        return None
    key = -weighted(value, _CUIT) % 11
    return Proof.CHECKSUM if min(key, 9) == int(value[10]) else None


def rut(value: str) -> Proof | None:
    """Modulo 11, weights 2 to 7 from the right, K is 10."""
    key = -weighted(value[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11
    return Proof.CHECKSUM if "0123456789K"[key] == value[-1] else None


CURP: Final = Numbered(
    personal(
        "PII363",
        "mx-curp",
        "Mexican CURP",
        Severity.HIGH,
        examples(
            yes=("CURP: {mx_curp}", "curp={mx_curp}"),
            no=("curp ABCD991399HDFXYZ01", "sku ABCD990101HXXXYZ01"),
        ),
        reference="https://es.wikipedia.org/wiki/Clave_Única_de_Registro_de_Población",
    ),
    "MX_CURP",
    {"AAAA999999AAAAAAX9": Confidence.HIGH},
    curp,
    literals=("curp",),
    words=("curp", "registro de población"),
    country="MX",
    rank=6,
)
RFC: Final = Numbered(
    personal(
        "PII364",
        "mx-rfc",
        "Mexican taxpayer number of a person",
        Severity.HIGH,
        examples(
            yes=("RFC: {mx_rfc}", "rfc={mx_rfc}"),
            no=("RFC ABCD991399AB1", "see RFC 2606"),
        ),
        reference="https://es.wikipedia.org/wiki/Registro_Federal_de_Contribuyentes",
    ),
    "MX_RFC",
    {"AAAA999999XXX": Confidence.MEDIUM, "AAAA-999999-XXX": Confidence.MEDIUM},
    rfc,
    words=("rfc", "registro federal", "contribuyente"),
    country="MX",
)
CUIT: Final = Numbered(
    personal(
        "PII365",
        "ar-cuit",
        "Argentine CUIT or CUIL number",
        Severity.HIGH,
        examples(
            yes=("CUIT: {ar_cuit}", "cuil={ar_cuit_plain}", "x {ar_cuit} y"),
            no=("order {ar_cuit_plain}", "cuit 99-12345678-1"),
        ),
        reference="https://es.wikipedia.org/wiki/Clave_Única_de_Identificación_Tributaria",
    ),
    "AR_CUIT",
    {"99-99999999-9": Confidence.MEDIUM, "99999999999": None},
    cuit,
    words=("cuit", "cuil", "cuit/cuil"),
    country="AR",
)
RUT: Final = Numbered(
    personal(
        "PII366",
        "cl-rut",
        "Chilean RUT number",
        Severity.HIGH,
        examples(
            yes=("RUT: {cl_rut}", "rut={cl_rut_plain}", "x {cl_rut} y"),
            no=("order {cl_rut_plain}", "rut {digits9}0"),
        ),
        reference="https://es.wikipedia.org/wiki/Rol_Único_Tributario",
    ),
    "CL_RUT",
    {
        "99.999.999-X": Confidence.MEDIUM,
        "9.999.999-X": Confidence.MEDIUM,
        "99999999-X": Confidence.LOW,
        "9999999-X": None,
    },
    rut,
    words=("rut", "run", "rol único", "rol unico"),
    country="CL",
)

RECOGNIZERS: Final = (CURP, RFC, CUIT, RUT)
