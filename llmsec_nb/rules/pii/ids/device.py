"""PII603-PII606: telephones, their cards, and what apps know them by."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import luhn
from .numbered import Numbered, examples

_HEX: Final = frozenset("0123456789ABCDEF")
_DIVERSE: Final = 6


def imei(value: str) -> Proof | None:
    """Reporting body, model, serial; Luhn."""
    return Proof.CHECKSUM if luhn(value) and value[:2] != "00" else None


def iccid(value: str) -> Proof | None:
    """89 for telecommunication; Luhn, which some networks leave out."""
    if not value.startswith("89") or value[2] == "0":
        return None
    return Proof.CHECKSUM if luhn(value) else Proof.STRUCTURE


def imsi(value: str) -> Proof | None:
    """Country codes begin with 2 to 7."""
    return Proof.STRUCTURE if value[0] in "234567" and len(set(value)) > 3 else None


def device_id(value: str) -> Proof | None:
    """32 or 40 hexadecimal digits that are drawn, or what newer iPhones have."""
    drawn = _HEX.issuperset(value) and len(set(value)) > _DIVERSE
    return Proof.FORM if drawn else None


IMEI: Final = Numbered(
    personal(
        "PII603",
        "imei",
        "IMEI of a telephone",
        Severity.MEDIUM,
        examples(
            yes=("IMEI: {imei_plain}", "imei={imei_plain}", "phone {imei} lost"),
            no=("order {imei_plain}", "imei {digits13}"),
        ),
        reference="https://en.wikipedia.org/wiki/International_Mobile_Equipment_Identity",
    ),
    "IMEI",
    {
        "99-999999-999999-9": Confidence.MEDIUM,
        "99 999999 999999 9": Confidence.MEDIUM,
        "999999999999999": None,
        "999999-99-999999-9": Confidence.MEDIUM,
    },
    imei,
    words=("imei", "imei1", "imei2", "meid", "handset", "equipment identity"),
)
ICCID: Final = Numbered(
    personal(
        "PII604",
        "iccid",
        "Number of a SIM card",
        Severity.LOW,
        examples(
            yes=("ICCID {iccid}", "sim_card: {iccid}"),
            no=("order {iccid}", "iccid {digits13}"),
        ),
        reference="https://en.wikipedia.org/wiki/SIM_card#ICCID",
    ),
    "ICCID",
    {"9" * 19: None, "9" * 20: None},
    iccid,
    words=("iccid", "sim card", "sim", "sim number"),
)
IMSI: Final = Numbered(
    personal(
        "PII605",
        "imsi",
        "IMSI of a mobile subscriber",
        Severity.LOW,
        examples(
            yes=("IMSI: {imsi}", "imsi={imsi}"),
            no=("order {imsi}", "imsi {digits13}"),
        ),
        reference="https://en.wikipedia.org/wiki/International_mobile_subscriber_identity",
    ),
    "IMSI",
    {"9" * 15: None},
    imsi,
    words=("imsi", "mobile subscriber"),
    full=Proof.STRUCTURE,
    named=Confidence.MEDIUM,
)
DEVICE: Final = Numbered(
    personal(
        "PII606",
        "device-id",
        "Advertising or device identifier",
        Severity.LOW,
        examples(
            yes=("IDFA: {device_uuid}", "device_id={device_uuid}", "udid {device_udid}"),
            no=(
                "run {device_uuid}",
                "commit {device_udid}",
                "device id 00000000-0000-0000-0000-000000000000",
            ),
        ),
        reference="https://en.wikipedia.org/wiki/Identifier_for_Advertisers",
    ),
    "DEVICE_ID",
    {"XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX": None, "X" * 40: None, "X" * 8 + "-" + "X" * 16: None},
    device_id,
    words=(
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "adid",
        "advertising id",
        "advertiser id",
        "device id",
        "device identifier",
        "udid",
        "android id",
    ),
    literals=(
        "idfa",
        "idfv",
        "gaid",
        "aaid",
        "advertising id",
        "advertising_id",
        "device id",
        "device_id",
        "deviceid",
        "udid",
        "android id",
        "android_id",
    ),
    full=Proof.FORM,
    named=Confidence.MEDIUM,
    close=True,
)

RECOGNIZERS: Final = (IMEI, ICCID, IMSI, DEVICE)
