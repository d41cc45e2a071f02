"""Fake secrets, made at run time from the rules' own patterns; none stands in a file."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import zlib
from collections.abc import Callable
from re import _constants as sre  # type: ignore[attr-defined]  # the parser's own names
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

from llmsec_nb.rules.secrets.checks import CHECKS, base62_crc32
from llmsec_nb.rules.secrets.records import Format, records
from llmsec_nb.rules.secrets.token import leading
from llmsec_nb.rules.secrets.values import is_plausible_token

from .personal import PERSONAL

FORMATS = {record.id: record.formats for record in records()}
TOKEN_RULES = sorted(
    rule_id
    for rule_id, formats in FORMATS.items()
    if all(entry.pattern and not entry.near for entry in formats)
)
"""Rules whose tokens are known wherever they stand."""
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_CATEGORIES = {sre.CATEGORY_DIGIT: string.digits, sre.CATEGORY_SPACE: " "}


class Maker:
    """Draws strings that match patterns."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)

    def of(self, length: int, alphabet: str = ALNUM) -> str:
        while True:
            text = "".join(self.random.choice(alphabet) for _ in range(length))
            if length < 12 or is_plausible_token(text):
                return text

    def matching(self, pattern: str) -> str:
        """A string that the pattern matches whole; assertions about neighbours are ignored."""
        return self._all(parser.parse(pattern))

    def _all(self, parsed: Any) -> str:
        return "".join(self._one(op, argument) for op, argument in parsed)

    def _one(self, op: Any, argument: Any) -> str:
        if op is sre.LITERAL:
            return chr(argument)
        if op is sre.IN:
            return self.random.choice(self._set(argument))
        if op in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            low, high, inner = argument
            count = self.random.randint(low, min(int(high), low + 8))
            return "".join(self._all(inner) for _ in range(count))
        if op is sre.SUBPATTERN:
            return self._all(argument[-1])
        if op is sre.BRANCH:
            return self._all(self.random.choice(argument[1]))
        if op in {sre.ASSERT, sre.ASSERT_NOT, sre.AT}:
            return ""
        if op is sre.ANY:
            return "x"
        raise AssertionError(op)

    def _set(self, items: Any) -> str:
        found = ""
        if items[0][0] is sre.NEGATE:
            excluded = self._set(items[1:])
            return "".join(char for char in ALNUM if char not in excluded)
        for op, argument in items:
            if op is sre.LITERAL:
                found += chr(argument)
            elif op is sre.RANGE:
                found += "".join(map(chr, range(argument[0], argument[1] + 1)))
            elif op is sre.CATEGORY:
                found += _CATEGORIES.get(argument, ALNUM)
        return found

    def token(self, rule_id: str) -> str:
        """A token of a rule's formats, with a right checksum where there is one."""
        return self.sample(self.random.choice(FORMATS[rule_id]))[0]

    def sample(self, entry: Format) -> tuple[str, str]:
        """A whole match of a format and the secret in it, which passes the format's check."""
        pattern = entry.pattern or entry.value
        for _ in range(500):
            whole = self.matching(pattern)
            if entry.check in SIGNERS:
                whole = SIGNERS[entry.check](self, whole)
            found = re.fullmatch(pattern, whole)
            assert found is not None, pattern
            secret = found["secret"] if "secret" in found.re.groupindex else whole
            judged = not entry.check or CHECKS[entry.check](secret) is not None
            if is_plausible_token(secret[_public(entry, whole, secret) :]) and judged:
                return whole, secret
        raise AssertionError(f"no plausible sample of {pattern}")

    def pem(self, label: str = "RSA PRIVATE KEY") -> str:
        body = base64.b64encode(b"\x30\x82\x01\x2c" + self.random.randbytes(300)).decode()
        lines = [body[i : i + 64] for i in range(0, len(body), 64)]
        return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"])

    def jwt(self) -> str:
        parts = [json.dumps({"alg": "HS256", "typ": "JWT"}), json.dumps({"sub": self.of(16)})]
        shown = [base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts]
        return ".".join([*shown, self.of(43)])

    def password(self) -> str:
        return self.of(6, string.ascii_letters) + self.of(3, string.digits) + self.of(2, "!+~")

    def uuid(self) -> str:
        return "-".join(self.of(n, HEX) for n in (8, 4, 4, 4, 12))


def _public(entry: Format, whole: str, secret: str) -> int:
    """How many characters of the secret are the anchor at its beginning."""
    anchors = entry.anchors or ((leading(entry.pattern),) if entry.pattern else ())
    known = [len(a) for a in anchors if whole == secret and secret.lower().startswith(a.lower())]
    return max(known, default=0)


def _crc32(maker: Maker, token: str) -> str:
    prefix, _, body = token.partition("_")
    return f"{prefix}_{body[:-6]}{base62_crc32(body[:-6])}"


def _openai(maker: Maker, token: str) -> str:
    return f"{token[:-8]}T3BlbkFJ{maker.of(20)}"


def _grafana(maker: Maker, token: str) -> str:
    head = token.rpartition("_")[0]
    return f"{head}_{zlib.crc32(head.encode()).to_bytes(4, 'little').hex()}"


def _slack(maker: Maker, token: str) -> str:
    return f"xoxb-{maker.of(12, string.digits)}-{maker.of(12, string.digits)}-{maker.of(24)}"


def _anthropic(maker: Maker, token: str) -> str:
    return f"sk-ant-api03-{maker.of(93)}AA"


def _reference(maker: Maker, token: str) -> str:
    text = f"reftkn:01:{maker.of(10, string.digits)}:{maker.of(28)}"
    return base64.b64encode(text.encode()).decode().rstrip("=")


def _base58(maker: Maker, token: str) -> str:
    number = int.from_bytes(b"\x0a" + maker.random.randbytes(53), "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "AKCp" + digits[-69:]


def _macaroon(maker: Maker, token: str) -> str:
    place = b"pypi.org" if "AgEIcHlwaS5vcmc" in token else b"test.pypi.org"
    caveat = b"\x02\x24" + maker.uuid().encode()
    data = b"\x02\x01" + bytes([len(place)]) + place + caveat + b"\x00" + caveat + b"\x00\x00"
    data += b"\x06\x20" + maker.random.randbytes(32)
    return "pypi-" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def _atlassian(maker: Maker, token: str) -> str:
    return f"{token[:-8]}{zlib.crc32(token[:-8].encode()):08X}"


def _cloudflare(maker: Maker, token: str) -> str:
    body = token.partition("_")[2][:-8]
    return f"{token[:-8]}{zlib.crc32(body.encode()):08x}"


SIGNERS: dict[str, Callable[[Maker, str], str]] = {
    "crc32_suffix": _crc32,
    "grafana_suffix": _grafana,
    "openai_marker": _openai,
    "atlassian_checksum": _atlassian,
    "cloudflare_checksum": _cloudflare,
    "jfrog_api_key": _base58,
    "jfrog_reference": _reference,
    "pypi_macaroon": _macaroon,
    "anthropic_ending": _anthropic,
    "slack_parts": _slack,
}
"""By check: how a drawn token is made valid."""

_PLACE = re.compile(
    r"\{((?:"
    + "|".join(sorted(PERSONAL, key=len, reverse=True))
    + r")|(?:token|credential)\d*|placeholder|pem|jwt|password|aws|aws_id|azure|uuid|(?:alnum|hex|lower|digits)\d+)\}"
)
_ALPHABETS = {"alnum": ALNUM, "hex": HEX, "lower": string.ascii_lowercase, "digits": string.digits}


class Filler:
    """Fills the places of one example; the same name gives the same value within it."""

    def __init__(self, rule_id: str, maker: Maker) -> None:
        self.rule_id = rule_id
        self.maker = maker
        self.known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return _PLACE.sub(lambda match: self.value(match[1]), text)

    def value(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = self._new(name)
        return self.known[name]

    def _new(self, name: str) -> str:
        maker = self.maker
        if name in PERSONAL:
            return PERSONAL[name](maker.random)
        if name.startswith(("token", "credential")):
            formats = FORMATS[self.rule_id]
            number = name.lstrip(string.ascii_letters)
            entry = formats[int(number)] if number else formats[0]
            token, credential = maker.sample(entry)
            self.known |= {f"token{number}": token, f"credential{number}": credential}
            return self.known[name]
        if name == "placeholder":
            token, _ = maker.sample(FORMATS[self.rule_id][0])
            return token[:6] + "x" * (len(token) - 6)
        if name in {"pem", "jwt", "password", "uuid"}:
            return str(getattr(maker, name)())
        if name == "aws":
            return maker.of(40, ALNUM + "/+")
        if name == "aws_id":
            return "AK" + "IA" + maker.of(16, string.ascii_uppercase + "234567")
        if name == "azure":
            return maker.of(86) + "=="
        kind = name.rstrip(string.digits)
        return maker.of(int(name[len(kind) :]), _ALPHABETS[kind])
