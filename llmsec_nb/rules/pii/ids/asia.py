"""PII337, PII338, PII358-PII362: persons in Singapore, Korea, China, Japan, Taiwan, Hong Kong, Thailand."""

from __future__ import annotations

from typing import Final

from ....core.rule import Confidence, Severity
from ..recognizer import Proof
from ..rules import personal
from .checksums import is_birthday, mod_11_2, weighted, yymmdd
from .numbered import Numbered, examples

_SINGAPORE: Final = (2, 7, 6, 5, 4, 3, 2)
_SERIES: Final = {
    "S": (0, "JZIHGFEDCBA"),
    "T": (4, "JZIHGFEDCBA"),
    "F": (0, "XWUTRQPNMLK"),
    "G": (4, "XWUTRQPNMLK"),
    "M": (3, "XWUTRQPNJLK"),
}
_KOREAN: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_PROVINCES: Final = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split()  # noqa: SIM905 # a table
)
_JAPANESE: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_TAIWANESE: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_TAIWAN_WEIGHTS: Final = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


def singaporean(value: str) -> Proof | None:
    """The series sets off the weighted sum, whose rest of 11 gives the letter."""
    if value[0] not in _SERIES:
        return None
    offset, letters = _SERIES[value[0]]
    fits = letters[(weighted(value[1:8], _SINGAPORE) + offset) % 11] == value[8]
    return Proof.CHECKSUM if fits else None


def korean(value: str) -> Proof | None:
    """Birth date, sex and century; a check digit until 2020, by 13 for foreigners."""
    if value[6] == "0" or not yymmdd(value):
        return None
    base = 13 if value[6] in "5678" else 11
    fits = (base - weighted(value, _KOREAN) % 11) % 10 == int(value[12])
    return Proof.CHECKSUM if fits else Proof.STRUCTURE


def chinese(value: str) -> Proof | None:
    """Province, birth date, serial; ISO 7064 MOD 11-2."""
    if value[:2] not in _PROVINCES or not is_birthday(int(value[6:10]), value[10:12], value[12:14]):
        return None
    return Proof.CHECKSUM if value[17] in "0123456789X" and mod_11_2(value) else None


def japanese(value: str) -> Proof | None:
    """Modulo 11, what is above 9 counts as 0."""
    return Proof.CHECKSUM if -weighted(value, _JAPANESE) % 11 % 10 == int(value[11]) else None


def taiwanese(value: str) -> Proof | None:
    """The letter counts as two digits, then sex; a weighted sum that is a multiple of 10."""
    if value[1] not in "1289":
        return None
    digits = f"{10 + _TAIWANESE.index(value[0])}{value[1:]}"
    return Proof.CHECKSUM if weighted(digits, _TAIWAN_WEIGHTS) % 10 == 0 else None


def hong_kong(value: str) -> Proof | None:
    """One or two letters (a missing one counts as 36); weights 9 to 1, modulo 11, A is 10."""
    filled = [36, *(int(char, 36) for char in value)][-9:]
    if value[-1] not in "0123456789A":
        return None
    total = sum(rank * weight for rank, weight in zip(filled, range(9, 0, -1), strict=True))
    return Proof.CHECKSUM if total % 11 == 0 else None


def thai(value: str) -> Proof | None:
    """Begins with 1 to 8; weights 13 to 2, modulo 11."""
    key = (11 - weighted(value, range(13, 1, -1)) % 11) % 10
    return Proof.CHECKSUM if value[0] not in "09" and key == int(value[12]) else None


SINGAPOREAN: Final = Numbered(
    personal(
        "PII337",
        "sg-nric-fin",
        "Singapore NRIC or FIN number",
        Severity.HIGH,
        examples(
            yes=("NRIC: {sg_nric}", "fin={sg_fin}", "Lee, {sg_nric}, Bedok"),
            no=("part S1234567A", "part B1234567D"),
        ),
        reference="https://en.wikipedia.org/wiki/National_Registration_Identity_Card",
    ),
    "SG_NRIC_FIN",
    {"A9999999A": Confidence.MEDIUM},
    singaporean,
    words=("nric", "fin", "identity card", "ic number", "nric no", "singpass"),
    country="SG",
    rank=5,
)
KOREAN: Final = Numbered(
    personal(
        "PII338",
        "kr-rrn",
        "Korean resident registration number",
        Severity.HIGH,
        examples(
            yes=("주민등록번호: {kr_rrn}", "rrn={kr_rrn_plain}", "Kim, {kr_rrn}, Busan"),
            no=("order {kr_rrn_plain}", "part 991399-1234567"),
        ),
        reference="https://en.wikipedia.org/wiki/Resident_registration_number",
    ),
    "KR_RRN",
    {"999999-9999999": Confidence.MEDIUM, "9999999999999": None},
    korean,
    words=(
        "주민등록번호",
        "주민번호",
        "외국인등록번호",
        "rrn",
        "resident registration",
        "주민등록",
    ),
    country="KR",
    rank=5,
)
CHINESE: Final = Numbered(
    personal(
        "PII358",
        "cn-resident-id",
        "Chinese resident identity number",
        Severity.HIGH,
        examples(
            yes=("身份证: {cn_id}", "id_card={cn_id}", "Wang, {cn_id}, Wuhan"),
            no=("order 110105194912310000", "{digits18}"),
        ),
        reference="https://en.wikipedia.org/wiki/Resident_Identity_Card",
    ),
    "CN_RESIDENT_ID",
    {"99999999999999999X": Confidence.MEDIUM},
    chinese,
    words=(
        "身份证",
        "身份证号",
        "公民身份",
        "resident identity",
        "id card",
        "idcard",
        "sfz",
        "shenfenzheng",
    ),
    country="CN",
    rank=5,
)
JAPANESE: Final = Numbered(
    personal(
        "PII359",
        "jp-my-number",
        "Japanese individual number",
        Severity.HIGH,
        examples(
            yes=("マイナンバー: {jp_number}", "my_number={jp_number_plain}"),
            no=("order {jp_number_plain}", "card {jp_number}"),
        ),
        reference="https://en.wikipedia.org/wiki/Individual_Number",
    ),
    "JP_MY_NUMBER",
    {"9999 9999 9999": None, "9999-9999-9999": None, "999999999999": None},
    japanese,
    words=("マイナンバー", "個人番号", "my number", "individual number", "mynumber"),
    country="JP",
)
TAIWANESE: Final = Numbered(
    personal(
        "PII360",
        "tw-id",
        "Taiwanese identity number",
        Severity.HIGH,
        examples(
            yes=("身分證字號: {tw_id}", "national id {tw_id}"),
            no=("part {tw_id}", "national id A512345678"),
        ),
        reference="https://en.wikipedia.org/wiki/National_identification_card_(Taiwan)",
    ),
    "TW_ID",
    {"A999999999": Confidence.LOW},
    taiwanese,
    words=("身分證", "身分證字號", "身份證", "national id", "taiwan id", "統一證號", "居留證"),
    country="TW",
)
HONG_KONG: Final = Numbered(
    personal(
        "PII361",
        "hk-id",
        "Hong Kong identity card number",
        Severity.HIGH,
        examples(
            yes=("HKID: {hk_id}", "hkid={hk_id_plain}", "Chan, {hk_id}, Kowloon"),
            no=("part A123456(5)", "part {hk_id_plain}"),
        ),
        reference="https://en.wikipedia.org/wiki/Hong_Kong_identity_card",
    ),
    "HK_ID",
    {
        "A999999(X)": Confidence.MEDIUM,
        "AA999999(X)": Confidence.MEDIUM,
        "A999999X": None,
        "AA999999X": None,
        "A999999-X": None,
    },
    hong_kong,
    words=("hkid", "hong kong id", "hong kong identity", "香港身份證", "身份證", "identity card"),
    literals=("hkid", "hong kong id"),
    country="HK",
)
THAI: Final = Numbered(
    personal(
        "PII362",
        "th-tnin",
        "Thai national identity number",
        Severity.HIGH,
        examples(
            yes=("เลขประจำตัวประชาชน {th_id}", "thai id {th_id_plain}", "x {th_id} y"),
            no=("ean {th_id_plain}", "1-2345-67890-12-0"),
        ),
        reference="https://en.wikipedia.org/wiki/Thai_identity_card",
    ),
    "TH_TNIN",
    {
        "9-9999-99999-99-9": Confidence.HIGH,
        "9 9999 99999 99 9": Confidence.MEDIUM,
        "9999999999999": None,
    },
    thai,
    words=("เลขประจำตัวประชาชน", "ประชาชน", "thai id", "thai national", "national id", "tnin"),
    country="TH",
)

RECOGNIZERS: Final = (SINGAPOREAN, KOREAN, CHINESE, JAPANESE, TAIWANESE, HONG_KONG, THAI)
