"""Judging a value: a real secret, or a placeholder, a name, an id."""

from __future__ import annotations

import math
import re
from typing import Final

_PLACEHOLDER: Final = re.compile(
    r"""
      example | placeholder | change_?-?me | replace_?-?(?:me|with|this) | redacted | insert[_-]
    | your[_-]?\w | <[^<>]{1,60}> | \{[^{}]{0,60}\} | \*{3} | \.{3} | x{4} | \$\( | \$\{ | %\( | dummy | lorem | todo
    | (?:my|the|some|a)[_-](?:api|secret|key|token|password) | masked | hidden[_-] | _here\b
    | fill[_-]?(?:me|in) | secret[_-]?(?:key|token)?[_-]?here | enter[_-]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SEQUENCE: Final = re.compile(
    r"0123456789|1234567890|abcdefgh|qwertyui|987654321|(.)\1{5}|deadbeef|(.{2,6}?)\2{3}",
    re.IGNORECASE,
)
_COMMON: Final = frozenset(
    [
        "password",
        "passwd",
        "pass",
        "pwd",
        "secret",
        "token",
        "none",
        "null",
        "true",
        "false",
        "string",
        "str",
        "test",
        "testing",
        "tester",
        "admin",
        "root",
        "user",
        "username",
        "guest",
        "default",
        "postgres",
        "mysql",
        "mongo",
        "mongodb",
        "redis",
        "neo4j",
        "rabbitmq",
        "elastic",
        "minio",
        "sa",
        "hunter2",
        "letmein",
        "changeit",
        "welcome",
        "foobar",
        "foo",
        "bar",
        "baz",
        "demo",
        "sample",
        "value",
        "unknown",
        "empty",
        "undefined",
        "optional",
        "required",
        "apikey",
        "api_key",
        "key",
        "bearer",
        "basic",
        "auth",
        "token123",
        "password1",
        "password123",
        "pass123",
        "test123",
        "admin123",
        "secret123",
        "123456",
        "12345678",
        "123456789",
        "1234",
        "qwerty",
        "abc123",
        "p@ssw0rd",
        "p@ssword",
        "passw0rd",
        "required",
    ]
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z_.]*(?:[_.-][A-Za-z]+)*\d{0,3}\Z")
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_PATH: Final = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|[./~]{0,2}/|[A-Za-z]:\\|\.{1,2}/)")
_FILE: Final = re.compile(r"[\w./ -]+\.[a-z][a-z0-9]{1,5}\Z")


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    total = len(value)
    counts = (value.count(char) for char in set(value))
    return -sum(count / total * math.log2(count / total) for count in counts) if total else 0.0


def is_placeholder(value: str) -> bool:
    """Whether a value is made to be replaced: lexicon, runs, sequences."""
    return (
        _PLACEHOLDER.search(value) is not None
        or _SEQUENCE.search(value) is not None
        or value.lower().strip("'\"`") in _COMMON
    )


def is_plausible_token(body: str) -> bool:
    """Whether the random part of a token of known format looks drawn at random."""
    return len(set(body)) >= min(6, len(body) // 2) and not is_placeholder(body)


def is_uuid(value: str) -> bool:
    """Whether the value is a UUID."""
    return _UUID.match(value) is not None


def is_plausible_secret(value: str) -> bool:
    """Whether a value of unknown format looks like a machine-made secret."""
    if not 16 <= len(value) <= 512 or any(char.isspace() for char in value):
        return False
    if is_placeholder(value) or _IDENTIFIER.match(value) or _is_reference(value):
        return False
    digits = sum(char.isdigit() for char in value)
    if not digits or digits == len(value) or not value.isascii():
        return False
    return entropy(value) >= (2.6 if len(value) < 24 else 3.0) and not _is_words(value)


def is_drawn(value: str) -> bool:
    """Whether it mixes cases and digits as only a random draw does."""
    kinds = (str.islower, str.isupper, str.isdigit)
    return (
        len(value) >= 24 and all(any(map(kind, value)) for kind in kinds) and entropy(value) > 3.7
    )


def is_plausible_password(value: str) -> bool:
    """Whether a value looks like a password that somebody uses."""
    if not 6 <= len(value) <= 128 or is_placeholder(value) or _is_reference(value):
        return False
    return len(set(value)) >= 5 and not value.isspace()


def is_strong_password(value: str) -> bool:
    """Whether it mixes letters with digits or signs, as names and prose rarely do."""
    letters = sum(char.isalpha() for char in value)
    digits = sum(char.isdigit() for char in value)
    signs = sum(not char.isalnum() and char not in "_- ." for char in value)
    cased = any(map(str.islower, value)) and any(map(str.isupper, value)) and digits > 0
    mixed = letters >= 2 and (digits + signs >= 2 or cased)
    return mixed and " " not in value and _IDENTIFIER.match(value) is None


def _is_reference(value: str) -> bool:
    """A path, an address, a file name or an expression instead of a value."""
    return (
        _PATH.match(value) is not None
        or _FILE.match(value) is not None
        or value[:1] in "$%{<("
        or ("(" in value and ")" in value)
    )


def _is_words(value: str) -> bool:
    """Words joined by separators, with few digits: a name, not a secret."""
    words = re.split(r"[_.\-/:=]", value)
    named = sum(
        len(word) for word in words if word.isalpha() and (word.islower() or word.istitle())
    )
    return len(words) > 2 and named * 2 > len(value)
