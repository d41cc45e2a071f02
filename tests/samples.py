"""Fake secrets, made at run time from the rules' own patterns; none stands in a file."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import zlib
from re import _constants as sre  # type: ignore[attr-defined]  # the parser's own names
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import Any

from llmsec_nb.rules.secrets.checks import base62_crc32
from llmsec_nb.rules.secrets.providers import FORMATS
from llmsec_nb.rules.secrets.values import is_plausible_token

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
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
        entry = self.random.choice([f for f in FORMATS if f.rule.id == rule_id])
        anchors = tuple(entry.anchors)
        for _ in range(200):
            token = self._signed(rule_id, self.matching(entry.pattern))
            anchor = next(a for a in sorted(anchors, key=len, reverse=True) if token.startswith(a))
            judged = entry.check is None or entry.check(token) is not None
            if is_plausible_token(token[len(anchor) :]) and judged:
                return token
        raise AssertionError(f"no plausible sample of {rule_id}")

    def _signed(self, rule_id: str, token: str) -> str:
        if rule_id in {"SEC103", "SEC119"}:
            prefix, _, body = token.partition("_")
            return f"{prefix}_{body[:-6]}{base62_crc32(body[:-6])}"
        if rule_id == "SEC137":
            head = token.rpartition("_")[0]
            return f"{head}_{zlib.crc32(head.encode()):08x}"
        return token

    def pem(self, label: str = "RSA PRIVATE KEY") -> str:
        body = base64.b64encode(b"\x30\x82" + self.random.randbytes(300)).decode()
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


_PLACE = re.compile(
    r"\{(token|placeholder|pem|jwt|password|aws|aws_id|azure|uuid|(?:alnum|hex|lower|digits)\d+)\}"
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
        if name == "token":
            return maker.token(self.rule_id)
        if name == "placeholder":
            token = maker.token(self.rule_id)
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
