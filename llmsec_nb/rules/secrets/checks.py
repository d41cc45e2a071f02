"""Offline validity: what a token's own structure proves.

A check takes a value and gives a confidence; a failed one lowers it and never hides the value.
None is for what only looks like a token: a name, a word, another language's syntax.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import re
import time
import zlib
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence
from .values import is_plausible_token, is_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_EQUALS: Final = lazy(r"\\?=|%3[Dd]|\\u003[Dd]")
_REFERENCE: Final = re.compile(rb"reftkn:\d{1,4}:\d{1,20}:[\w/+-]{1,100}\Z")
_SLACK: Final = lazy(
    r"xoxb-[0-9]{9,14}-(?:[0-9]{9,14}-)?[A-Za-z0-9]{18,34}\Z"
    r"|xox[pe](?:-[0-9]{9,14}){3}-[A-Za-z0-9]{28,34}\Z"
    r"|xox[os]-[0-9]{1,14}-[0-9]{1,14}-[0-9]{1,14}-[0-9A-Fa-f]{6,80}\Z"
    r"|xox[ar]-(?:[0-9]{1,2}-)?(?=[A-Za-z-]{0,47}[0-9])[A-Za-z0-9-]{8,80}\Z"
    r"|xoxe-[0-9]-[A-Za-z0-9]{140,150}\Z"
)
_PUBLIC_KEYS: Final = frozenset(
    {
        "0b476bdf9acf",
        "2037abcaffb2",
        "27a9a42931df",
        "37f8f09bdf12",
        "3a8b61d0f636",
        "3f370c9dd822",
        "49f777db995e",
        "4c98242dcadc",
        "8731261cb72d",
        "a19f89ab3555",
        "a6c814bc555a",
        "dc0fcf046c61",
        "e4a5542bb7fd",
        "ea9bb1082cf9",
        "eb540d2b6ee2",
        "f56e323494a6",
    }
)
"""Digests of keys that are published on purpose."""
_TEMPLATE: Final = lazy(
    r"(?i:x{4}|\*{3}|\.{3}|[<>{}$%\[\]]|your|change.?me|replace|placeholder|redacted|masked|hidden"
    r"|insert|enter[_-]|fill.?(?:me|in)|todo|_here|lorem|dummy"
    r"|(?:my|the|some|a)[_-](?:api|secret|key|token|password))"
)
"""What is to be filled in, or was taken out."""
_MACAROON_END: Final = 0
_MACAROON_SIGNATURE: Final = 6


def sure(holds: bool) -> Confidence:
    """The confidence that goes with the answer of a check."""
    return Confidence.HIGH if holds else Confidence.MEDIUM


def trust(body: str, told: Confidence) -> Confidence | None:
    """How sure it is that the random part of a token is one, when its form tells `told`.

    What was typed along the alphabet is made up, but may be the key of a test system; what says
    that it is an example, or repeats a letter, hardly is. None is for what is to be filled in.
    """
    if is_plausible_token(body):
        return told
    if is_typed(body):
        return told if Confidence.MEDIUM.at_least(told) else Confidence.MEDIUM
    return None if _TEMPLATE.search(body) else Confidence.LOW


def base62_crc32(body: str) -> str:
    """CRC-32 of `body` as six base-62 digits, as GitHub and npm append it.

    Source: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
    """
    number = zlib.crc32(body.encode())
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")


def crc32_suffix(value: str) -> Confidence:
    """GitHub's and npm's tokens end in the checksum of their random part."""
    body = value.partition("_")[2]
    return sure(base62_crc32(body[:-6]) == body[-6:])


def grafana_suffix(value: str) -> Confidence:
    """Grafana's service-account tokens end in the CRC-32 of what stands before it.

    It is written low byte first: https://github.com/grafana/grafana (`satokengen`).
    """
    body, _, check = value.rpartition("_")
    return sure(zlib.crc32(body.encode()).to_bytes(4, "little").hex() == check.lower())


def grafana_payload(value: str) -> Confidence:
    """Grafana's older keys are base64 of a JSON object with a name and a key."""
    payload = _json_object(value.removeprefix("glc_"))
    return sure(payload is not None and "n" in payload and "k" in payload)


def atlassian_checksum(value: str) -> Confidence:
    """Atlassian's tokens and Bitbucket's app passwords end in their CRC-32, as eight digits."""
    return sure(_ends_in_crc32(_EQUALS.sub("=", value)))


def cloudflare_checksum(value: str) -> Confidence:
    """Cloudflare's newer tokens end in the CRC-32 of their random part."""
    return sure(_ends_in_crc32(value.partition("_")[2]))


def _ends_in_crc32(value: str) -> bool:
    return f"{zlib.crc32(value[:-8].encode()):08x}" == value[-8:].lower()


def jfrog_api_key(value: str) -> Confidence:
    """JFrog's API keys are 54 bytes in base 58."""
    if any(char not in _BASE58 for char in value):
        return Confidence.MEDIUM
    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    return sure((number.bit_length() + 7) // 8 == 54)


def jfrog_reference(value: str) -> Confidence:
    """JFrog's reference tokens are base64 of `reftkn:`, two numbers and a name."""
    data = decoded(value)
    return sure(data is not None and _REFERENCE.match(data) is not None)


def openai_marker(value: str) -> Confidence:
    """OpenAI's keys hold the base64 of its name; without it another vendor may own the format."""
    return sure("T3BlbkFJ" in value)


def mixed_key(value: str) -> Confidence | None:
    """`sk-` and letters alone are a style class; a key holds digits and both cases or hex."""
    body = value.removeprefix("sk-")
    if "T3BlbkFJ" in body:
        return Confidence.HIGH
    has_digits = sum(char.isdigit() for char in body) >= 3
    has_letters = sum(char.isalpha() for char in body) >= 3
    return Confidence.MEDIUM if has_digits and has_letters else None


def mixed(value: str) -> Confidence | None:
    """Behind a short prefix only what mixes digits with letters is drawn at random."""
    body = value[3:]
    digits = sum(char.isdigit() for char in body)
    letters = sum(char.isalpha() for char in body)
    return Confidence.HIGH if digits and letters and digits < len(body) - 2 else None


def anthropic_ending(value: str) -> Confidence:
    """Anthropic's keys are 93 characters of base64 and AA, the rest of it."""
    body = value.split("-", 3)[-1]
    if value.startswith(("sk-ant-api", "sk-ant-admin")) and len(body) != 95:
        return Confidence.LOW
    return Confidence.HIGH if value.endswith("AA") else Confidence.LOW


def google_prefix(value: str) -> Confidence | None:
    """Google's keys go on with Sy; those that its own pages and programs show open nothing."""
    if hashlib.sha256(value.encode()).hexdigest()[:12] in _PUBLIC_KEYS:
        return None
    return sure(value.startswith("AIzaSy"))


def huggingface_letters(value: str) -> Confidence:
    """Hugging Face draws 34 letters."""
    body = value.rpartition("_")[2]
    return sure(len(body) == 34 and body.isalpha())


def slack_parts(value: str) -> Confidence:
    """The parts of a Slack token are numbers of team and user, and a secret of known length."""
    return Confidence.HIGH if _SLACK.match(value) else Confidence.LOW


def slack_session(value: str) -> Confidence:
    """A number of one digit is nobody's."""
    is_typed = any(len(set(part)) == 1 for part in value.split("-"))
    return Confidence.LOW if is_typed else Confidence.HIGH


def stripe_body(value: str) -> Confidence:
    """Stripe draws 24 characters, or about a hundred since 2021."""
    return sure(len(value.rpartition("_")[2]) >= 24)


_SHORTEST_RSA: Final = 171  # a key of 1,024 bits
_SIGNATURES: Final = {
    "HS256": 43, "HS384": 64, "HS512": 86, "ES256": 86, "ES256K": 86, "ES384": 128, "ES512": 176, "EdDSA": 86,
}  # fmt: skip


def json_web_token(value: str) -> Confidence | None:
    """The header of a JWT is a JSON object that names its algorithm; an expired one is spent.

    An encrypted one (RFC 7516) tells nothing, and a signature of the wrong length opens nothing.
    """
    encoded, _, signature = value.split(".", maxsplit=2)
    header = _json_object(encoded)
    if header is None:
        return None
    if "enc" in header or not _may_sign(header.get("alg"), len(signature)):
        return Confidence.LOW
    return sure("alg" in header and not _has_expired(value))


def _may_sign(algorithm: object, length: int) -> bool:
    """Whether a signature by this algorithm (RFC 7518, RFC 8037) may have this many characters."""
    if not isinstance(algorithm, str):
        return True
    if algorithm[:2] in {"RS", "PS"}:
        return length >= _SHORTEST_RSA
    return length == _SIGNATURES.get(algorithm, length)


def jwt_note(summary: str, value: str) -> str:
    """When a JWT expired, if it did."""
    expiry = _expiry(value)
    if expiry is None or not _has_expired(value):
        return summary
    return f"{summary}, expired on {time.strftime('%Y-%m-%d', time.gmtime(expiry))}"


def _has_expired(value: str) -> bool:
    expiry = _expiry(value)
    return expiry is not None and expiry < time.time()


def _expiry(value: str) -> float | None:
    parts = value.split(".")
    payload = _json_object(parts[1]) if len(parts) == 3 else None
    expiry = payload.get("exp") if payload else None
    known = isinstance(expiry, int | float) and 0 < expiry < 1e11
    return float(expiry) if known and isinstance(expiry, int | float) else None


def pypi_macaroon(value: str) -> Confidence:
    """PyPI's tokens are macaroons: the place in clear, caveats, a signature of 32 bytes."""
    data = decoded(value.removeprefix("pypi-"))
    return sure(data is not None and _is_macaroon(data))


def _is_macaroon(data: bytes) -> bool:
    """Whether `data` is a macaroon of the binary format 2 for PyPI.

    Source: https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt
    """
    fields: list[tuple[int, bytes]] = []
    position = 1
    while position < len(data):
        kind = data[position]
        position += 1
        if kind == _MACAROON_END:
            continue
        length, shift = 0, 0
        while position < len(data):
            byte = data[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        fields.append((kind, data[position : position + length]))
        position += length
    return (
        data[:1] == b"\x02"
        and position == len(data)
        and len(fields) >= 3
        and fields[0][1] in {b"pypi.org", b"test.pypi.org"}
        and fields[-1][0] == _MACAROON_SIGNATURE
        and len(fields[-1][1]) == 32
    )


def aws_alphabet(value: str) -> Confidence:
    """AWS access key ids are base32, so 0, 1, 8 and 9 never occur."""
    return sure(all(char in _BASE32 for char in value[4:]))


def aws_note(summary: str, value: str) -> str:
    """The end of the number of the account to which the key belongs.

    Ids since 2019 hold it, and are known by their first bit:
    https://awsteele.com/blog/2020/09/26/aws-access-key-format.html
    """
    account = aws_account(value)
    return f"{summary}, of the account that ends in {account[-4:]}" if account else summary


def aws_account(value: str) -> str:
    """The twelve digits of the account in an access key id, or nothing."""
    body = value[4:14]
    if len(body) < 10 or any(char not in _BASE32 for char in body) or _BASE32.index(body[0]) < 16:
        return ""
    number = 0
    for char in body:
        number = number << 5 | _BASE32.index(char)
    account = number >> 9 & 0xFF_FFFF_FFFF
    return f"{account:012d}" if account < 10**12 else ""


def decoded(text: str) -> bytes | None:
    """The bytes of a base64 text of either alphabet, padded or not."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain) % 4))
    except ValueError:
        return None


def _json_object(text: str) -> dict[str, object] | None:
    data = decoded(text)
    try:
        value = json.loads(data) if data is not None else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


CHECKS: Final[Mapping[str, Callable[[str], Confidence | None]]] = {
    check.__name__: check
    for check in (
        anthropic_ending,
        atlassian_checksum,
        aws_alphabet,
        cloudflare_checksum,
        crc32_suffix,
        google_prefix,
        grafana_payload,
        grafana_suffix,
        huggingface_letters,
        jfrog_api_key,
        jfrog_reference,
        json_web_token,
        mixed,
        mixed_key,
        openai_marker,
        pypi_macaroon,
        slack_parts,
        slack_session,
        stripe_body,
    )
}
"""The checks that records name."""

NOTES: Final[Mapping[str, Callable[[str, str], str]]] = {
    "aws_alphabet": aws_note,
    "json_web_token": jwt_note,
}
"""By check: what a rule's summary and a value come to, where the value says more."""
