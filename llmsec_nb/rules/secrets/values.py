"""Judging a value: a real secret, or a placeholder, a name, an id."""

from __future__ import annotations

import base64
import math
import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from ...core.lazy import lazy
from .classifier import drawn
from .lexicon import lexicon

_PLACEHOLDER: Final = lazy(
    r"""
      example | placeholder | change_?-?(?:me|this|it) | replace_?-?(?:me|with|this) | redacted | insert[_-]
    | your[_ -]?\w | %[A-Z_]{4,60}% | <[^<>]{1,60}> | \{[^{}]{0,60}\} | \*{3} | \.{3} | x{4} | \$\( | \$\{ | %\( | dummy | lorem | todo
    | (?:my|the|some|a)[_-](?:api|secret|key|token|password) | masked | hidden[_-] | _here\b
    | fill[_-]?(?:me|in) | secret[_-]?(?:key|token)?[_-]?here | enter[_-] | \[[a-z_ -]{2,40}\]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SEQUENCE: Final = lazy(
    r"0123456789|1234567890|abcdefgh|qwertyui|987654321|(.)\1{5}|deadbeef|(.{2,6}?)\2{3}",
    re.IGNORECASE,
)
_SEPARATOR: Final = lazy(r"[-_.:/|]")
_SAME: Final = lazy(r"(.)\1{5}")
_COMMON: Final = lexicon(
    "password passwd pass pwd passphrase secret token none null nil true false string str test "
    "testing tester admin root user username guest default postgres mysql mongo mongodb redis "
    "neo4j rabbitmq elastic minio sa hunter2 letmein changeit welcome foobar foo bar baz demo "
    "sample value unknown empty undefined optional required apikey api_key key bearer basic auth "
    "token123 password1 password123 pass123 test123 admin123 secret123 123456 12345678 123456789 "
    "1234 12345 qwerty abc123 p@ssw0rd p@ssword passw0rd p4ssw0rd"
)
_TRIVIAL: Final = _COMMON | lexicon(
    "function object number boolean integer text email hidden anonymous reset confirm asdf "
    "asdfasdf credentials client query accesstoken wrong invalid not-set not_set unset notset"
)
_STOCK: Final = lazy(
    r"(?:my|new|old|test(?:ing)?|super|top|secret|the|a|bad|good|some|wrong|admin|root|user|pass(?:word|wd|phrase)?s?|pwd"
    r"|p[a@4]ss?w[o0]rd|p[a@4]\$\$w[o0]rd|letmein|one|two|three|abc|qwerty|welcome|demo|example|default|db|local|dev|hello|not|very|secure|strong"
    r"|your|changed?|updated?|correct|incorrect|valid|invalid|[0-9]{1,4}|[-_!@#$. ]|[a-c]\Z){1,12}\Z",
    re.IGNORECASE,
)
_WORD: Final = lazy(r"[A-Za-z_][A-Za-z_.]*(?:[_.-][A-Za-z]+)*\d{0,3}\Z")
_VARIABLE: Final = lazy(r"[A-Za-z_$@][\w$]*(?:(?:\.|->|::)[A-Za-z_]\w*)*[;,]?\Z")
_UUID: Final = lazy(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z", re.IGNORECASE)
_HASH: Final = lazy(r"(?:[0-9a-f]{7}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})\Z")
_PATH: Final = lazy(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|arn:aws|[./~]{0,2}/[A-Za-z._-]|[A-Za-z]:\\|\.{1,2}/)"
)
_FILE: Final = lazy(r"[\w./ -]+\.[a-z][a-z0-9]{1,5}\Z")
_MAIL: Final = lazy(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}\Z")
_NUMBER: Final = lazy(r"(?:[A-Za-z_]{3,40}=|0x[0-9A-Fa-f]{1,32}|[0-9.]{1,40})\Z")
_DOTTED: Final = lazy(r"[A-Za-z_]+(?:(?:\.|->|::?)[A-Za-z_]+)+\Z")
_PHRASE: Final = lazy(r"[a-z]{2,12}(?: [a-z]{2,12}){1,2}\Z")
_TALK: Final = lazy(
    r"pass|word|enter|your|must|type|confirm|change|new|old|repeat|forgot|not|login|error|required"
)
_CALL: Final = lazy(r"[\w.$:>-]*[A-Za-z_\])]\(.*\)?\Z")
_LABEL: Final = lazy(r"[A-Z][a-z]+(?: [A-Za-z]+)*[:?.!]?\Z")
_BASE64: Final = lazy(r"[A-Za-z0-9+/]{16,4000}={0,2}\Z")
_LEAD: Final = lazy(r"(?:[A-Za-z0-9]{1,12}[_.:-]){1,2}(?=[A-Za-z0-9+/=_-]{12})")
UUID: Final = 0.6
"""The likelihood of a UUID: drawn, but most often to tell things apart."""
_LONGEST_RUN: Final = 80
"""Characters; a longer value that was drawn may hold a run by chance."""
_SHORTEST_SECRET: Final = 8
_LONGEST_SECRET: Final = 4_000
_LONGEST_PASSWORD: Final = 128


class Strength(IntEnum):
    """What kind of password a value makes."""

    NONE = 0
    """A placeholder, a reference, a label."""
    KNOWN = 1
    """One of those that everybody uses where it does not matter."""
    PLAIN = 2
    """A word, or several."""
    MIXED = 3
    """Letters with digits or signs, as names and prose rarely have them."""


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    total = len(value)
    counts = (value.count(char) for char in set(value))
    return -sum(count / total * math.log2(count / total) for count in counts) if total else 0.0


@lru_cache(16384)
def is_placeholder(value: str) -> bool:
    """Whether a value is made to be replaced: lexicon, runs, sequences."""
    return (
        _is_worded(value)
        or (len(value) <= _LONGEST_RUN and _SEQUENCE.search(value) is not None)
        or value.lower().strip("'\"`") in _COMMON
    )


def _is_worded(value: str) -> bool:
    """Whether a word of the lexicon stands in it, in one of the cases in which people write."""
    return any(
        found[0].islower() or found[0].isupper() or found[0].istitle() or not found[0].isalpha()
        for found in _PLACEHOLDER.finditer(value)
    )


def is_plausible_token(body: str) -> bool:
    """Whether the random part of a token of known format looks drawn at random."""
    return len(set(body)) >= min(6, len(body) // 2) and not is_placeholder(body)


def is_typed(body: str) -> bool:
    """Whether the random part of a token runs along the alphabet: typed, but no word of it says so."""
    longest = max(_SEPARATOR.split(body), key=len)
    return (
        len(set(longest)) >= min(6, len(body) // 2)
        and not _is_worded(body)
        and _SAME.search(longest) is None
        and body.lower() not in _COMMON
    )


def is_uuid(value: str) -> bool:
    """Whether the value is a UUID."""
    return _UUID.match(value) is not None


def is_encoded_text(value: str) -> bool:
    """Whether the value is base64 of readable text."""
    if len(value) % 4 or not _BASE64.match(value):
        return False
    try:
        return base64.b64decode(value).decode("ascii").isprintable()
    except ValueError:
        return False


def is_hash(value: str) -> bool:
    """Whether the value has the form of a digest, a commit or a UUID."""
    return _HASH.match(value) is not None or is_uuid(value)


def is_variable(value: str) -> bool:
    """Whether the value reads as the name of a variable or a member."""
    return _VARIABLE.match(value) is not None


@lru_cache(16384)
def likelihood(value: str) -> float:
    """How likely a value of unknown format is a machine-made secret, from 0 to 1."""
    if not _SHORTEST_SECRET <= len(value) <= _LONGEST_SECRET or not value.isascii():
        return 0.0
    if any(map(str.isspace, value)) or is_placeholder(value) or is_reference(value):
        return 0.0
    if len(set(value)) < 5 or value.isdigit():
        return 0.0
    if is_uuid(value):
        return UUID
    return max(drawn(value), drawn(without_lead(value)))


def without_lead(value: str) -> str:
    """The value without the short words that mark its sort: `sk_live_`, `acc-`."""
    lead = _LEAD.match(value)
    return value[lead.end() :] if lead else value


@lru_cache(16384)
def strength(value: str) -> Strength:
    """What kind of password a value makes."""
    bare = value.lower().strip("'\"`")
    if not 4 <= len(value) <= _LONGEST_PASSWORD or len(set(value)) < 3 or is_reference(value):
        return Strength.NONE
    if bare in _TRIVIAL or _STOCK.match(bare):
        return Strength.KNOWN
    if _is_no_password(value):
        return Strength.NONE
    if _is_mixed(value):
        return Strength.MIXED
    is_plain = " " not in value or (_PHRASE.match(value) and not _TALK.search(value))
    return Strength.PLAIN if is_plain else Strength.NONE


def _is_no_password(value: str) -> bool:
    """A placeholder, a number, or a word of another script."""
    return (
        is_placeholder(value)
        or value.isspace()
        or _DOTTED.match(value) is not None
        or _NUMBER.match(value) is not None
        or any(char.isalpha() and not char.isascii() for char in value)
    )


def is_label(value: str) -> bool:
    """A word with a capital, as forms show it."""
    return _LABEL.match(value) is not None


def _is_mixed(value: str) -> bool:
    letters = sum(map(str.isalpha, value))
    digits = sum(map(str.isdigit, value))
    signs = sum(not char.isalnum() and char not in "_- ." for char in value)
    cased = any(map(str.islower, value)) and any(map(str.isupper, value))
    told = digits >= 2 or (digits and (signs or cased)) or (signs >= 2 and len(value) >= 8)
    if len(value) < 5 or letters < 2 or not told or value.count(" ") > 2:
        return False
    return _WORD.match(value) is None or (digits > 0 and drawn(value) > 0.9)


def is_reference(value: str) -> bool:
    """A path, an address, a file name or an expression instead of a value."""
    return (
        _PATH.match(value) is not None
        or (_FILE.match(value) is not None and not any(map(str.isdigit, value.rpartition(".")[0])))
        or _MAIL.match(value) is not None
        or value[:1] in "$%{<("
        or _CALL.match(value) is not None
    )
