"""Offline validity: what a token's own structure proves. A failed check lowers confidence."""

from __future__ import annotations

import binascii
import json
import zlib
from typing import Final

from ...core.rule import Confidence

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62_crc32(body: str) -> str:
    """CRC-32 of `body` as six base-62 digits, as GitHub and npm append it.

    Source: https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
    """
    number = zlib.crc32(body.encode("ascii"))
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")


def crc32_suffix(value: str) -> Confidence:
    """GitHub's and npm's tokens end in the checksum of their random part."""
    body = value.partition("_")[2]
    return Confidence.HIGH if base62_crc32(body[:-6]) == body[-6:] else Confidence.MEDIUM


def grafana_suffix(value: str) -> Confidence:
    """Grafana's service-account tokens end in the CRC-32 of what stands before it."""
    body, _, check = value.rpartition("_")
    return Confidence.HIGH if f"{zlib.crc32(body.encode()):08x}" == check else Confidence.MEDIUM


def openai_marker(value: str) -> Confidence:
    """OpenAI's keys hold the base64 of its name; without it another vendor may own the format."""
    return Confidence.HIGH if "T3BlbkFJ" in value else Confidence.MEDIUM


def mixed_key(value: str) -> Confidence | None:
    """`sk-` and letters alone are a style class; a key holds digits and both cases or hex."""
    body = value.removeprefix("sk-")
    if "T3BlbkFJ" in body:
        return Confidence.HIGH
    has_digits = sum(char.isdigit() for char in body) >= 3
    has_letters = sum(char.isalpha() for char in body) >= 3
    return Confidence.MEDIUM if has_digits and has_letters else None


def anthropic_ending(value: str) -> Confidence:
    """Anthropic's keys end in AA, the rest of their base64."""
    return Confidence.HIGH if value.endswith("AA") else Confidence.MEDIUM


def json_web_token(value: str) -> Confidence | None:
    """The header of a JWT is a JSON object that names its algorithm."""
    header = _json_object(value.split(".", maxsplit=1)[0])
    if header is None:
        return None
    return Confidence.HIGH if "alg" in header else Confidence.MEDIUM


def pypi_macaroon(value: str) -> Confidence:
    """PyPI's tokens are base64 macaroons with the location in clear."""
    data = _base64(value.removeprefix("pypi-"))
    return Confidence.HIGH if data is not None and b"pypi.org" in data else Confidence.MEDIUM


def pem_body(value: str) -> Confidence | None:
    """The body of a PEM block is base64 that starts an ASN.1 sequence or an OpenSSH key."""
    lines = value.replace("\\n", "\n").splitlines()
    body = "".join(line.strip() for line in lines if ":" not in line and "--" not in line)
    data = _base64(body[: len(body) // 4 * 4])
    if data is None or len(data) < 24:
        return Confidence.LOW
    known = data[0] == 0x30 or data.startswith(b"openssh-key-v1") or "PGP" in lines[0]
    return Confidence.HIGH if known or "ENCRYPTED" in value else Confidence.MEDIUM


def aws_alphabet(value: str) -> Confidence:
    """AWS access key ids are base32, so 0, 1, 8 and 9 never occur."""
    return Confidence.MEDIUM if any(char in "0189" for char in value[4:]) else Confidence.HIGH


def _base64(text: str) -> bytes | None:
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain) % 4))
    except ValueError:
        return None


def _json_object(text: str) -> dict[str, object] | None:
    data = _base64(text)
    try:
        value = json.loads(data) if data is not None else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
