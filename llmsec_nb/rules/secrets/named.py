"""Values judged by their name: provider keys without a format of their own, passwords, secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import ByLiterals, Context, Cost, Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .assignment import Assignment, How, Reader, of_fields
from .classifier import drawn
from .code import read_code
from .commands import BEARER, basics, commanded
from .commands import LITERALS as COMMANDS
from .names import WORDS, Sort, is_unreal, sort_of, words_of
from .prose import LITERALS as PHRASES
from .prose import told
from .provider import key_words, names_provider, provided
from .records import contextual
from .table import columns
from .values import (
    Strength,
    is_encoded_text,
    is_hash,
    is_label,
    is_uuid,
    is_variable,
    likelihood,
    strength,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.artifact import Text
    from ...core.detector import Sign

_LINE: Final = 400
_SURE: Final = 0.5
_FAIRLY_SURE: Final = 0.8
_VERY_SURE: Final = 0.9
_LITERAL: Final = lazy(r"([\"'])([^\s\"'\\]{6,600})\1")

PASSWORD: Final = Rule(
    id="SEC301",
    name="hardcoded-password",
    family=Family.SECRET,
    summary="Password in clear text",
    why="The password is known to whoever sees this file, its history or its outputs.",
    remediation="Change the password; ask for it with getpass() or read it from the environment.",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(259, 798),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(source='db_password = "{password}"', flagged=("{password}",)),
        Example(source='connect(host="db", password="{password}")', flagged=("{password}",)),
        Example(source='{"user": "ada", "password": "{password}"}', flagged=("{password}",)),
        Example(source="POSTGRES_PASSWORD={password}", flagged=("{password}",), kind=Kind.CONFIG),
        Example(source="password: `{password}`", flagged=("{password}",), kind=Kind.MARKDOWN),
        Example(source='password = getpass("Password for the DB: ")'),
        Example(source='password = os.environ["DB_PASSWORD"]'),
        Example(source='password = "YOUR_PASSWORD_HERE"'),
        Example(source='password="changeme"'),
        Example(source="Forgot your password? Click here to reset it.", kind=Kind.MARKDOWN),
        Example(source='passed = "12 of 13 tests"'),
    ),
)
SECRET: Final = Rule(
    id="SEC302",
    name="hardcoded-secret",
    family=Family.SECRET,
    summary="Key, token or secret in clear text",
    why="The value is known to whoever sees this file, its history or its outputs.",
    remediation="Revoke it where it was issued; read the new one from the environment.",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(798, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(source='ACME_API_KEY = "{alnum32}"', flagged=("{alnum32}",)),
        Example(source='os.environ["ACME_TOKEN"] = "{alnum40}"', flagged=("{alnum40}",)),
        Example(source='Client(client_secret="{alnum32}")', flagged=("{alnum32}",)),
        Example(source="%env ACME_SECRET={alnum32}", flagged=("{alnum32}",)),
        Example(source="export ACME_TOKEN={alnum40}", flagged=("{alnum40}",), kind=Kind.CONFIG),
        Example(source='api_key = "YOUR_API_KEY_HERE_1234567890"'),
        Example(source='tokenizer.pad_token = "<|endoftext|>"'),
        Example(source='cache_key = "user:42:profile:v2:2024-01-01"'),
        Example(source="token = tokenizer.decode([1, 2, 3])"),
        Example(source='foreign_key = "orders_customer_id_2024_v2"'),
        Example(source='api_key = userdata.get("OPENAI_API_KEY_2")'),
        Example(source='model_key = "meta-llama/Llama-3.1-8B-Instruct"'),
    ),
)
PROSE: Final = Rule(
    id="SEC303",
    name="told-password",
    family=Family.SECRET,
    summary="Password told in a sentence",
    why="Instructions with a password are read, copied and indexed like every other text.",
    remediation="Change the password; write where to ask for it instead.",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(256, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(source="The password is {password}.", flagged=("{password}",), kind=Kind.MARKDOWN),
        Example(
            source="Log in with ada / {password}, please",
            flagged=("{password}",),
            kind=Kind.MARKDOWN,
        ),
        Example(source="Das Passwort lautet {password}", flagged=("{password}",), kind=Kind.STREAM),
        Example(
            source="Le mot de passe est `{password}`.", flagged=("{password}",), kind=Kind.MARKDOWN
        ),
        Example(source="Use {password} as the password", flagged=("{password}",), kind=Kind.TEXT),
        Example(source="# the password for the lab is {password}", flagged=("{password}",)),
        Example(source="The password is required and 8-12 characters long.", kind=Kind.MARKDOWN),
        Example(source="Log in with your account and/or e-mail.", kind=Kind.MARKDOWN),
        Example(source="if password is None or token is token2: pass"),
    ),
)
HEADER: Final = Rule(
    id="SEC304",
    name="authorization-header",
    family=Family.SECRET,
    summary="Authorization header in clear text",
    why="The header holds a token, or user and password in base64, which is no encryption.",
    remediation="Revoke the token or change the password; read it from the environment.",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(798, 312),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    examples=(
        Example(
            source="> authorization: Bearer {alnum40}", flagged=("{alnum40}",), kind=Kind.STREAM
        ),
        Example(source='!curl -H "Authorization: Bearer {alnum40}" x', flagged=("{alnum40}",)),
        Example(source='fetch(url, f"Bearer {alnum40}")', flagged=("{alnum40}",)),
        Example(source='headers = {"X": "Bearer YOUR_TOKEN"}'),
        Example(source='headers = {"X": f"Bearer {bearer}"}'),
        Example(source="Basic knowledge of Python"),
    ),
)
_BARE_PASSWORD: Final = lazy(r"(?=[^0-9]{0,64}[0-9])[\w!#%@^*+~-]{6,64}\Z")
_TOLD: Final = lazy(r"(?=[^0-9]{0,64}[0-9])[^;()=<>|{}]{6,64}\Z")
_ARMOURED: Final = lazy(r"[A-Za-z0-9+/]{16,76}={0,2}\Z")
_LONGEST_KEY: Final = 8_000
_OTP: Final = lazy(r"(?:[TH]OTP|[th]otp|\botp)\.new|authenticator\.generate|pyotp|(?:TOTP|HOTP)\Z")
_RANKS: Final = {"SEC303": 4, "SEC304": 6}
_SETTERS: Final = frozenset(
    {"set", "with", "change", "update", "use", "enter", "type", "send", "add"}
)
_CALLS: Final = frozenset(
    {"login", "client", "api", "bot", "auth", "authenticate", "session", "token", "key"}
)


class NamedValues(ByLiterals):
    """One reading of the names and values of a text, judged by every rule that goes by names."""

    cost: ClassVar[Cost] = Cost.TYPING
    by_fields: ClassVar[bool] = True

    def __init__(self) -> None:
        """Take the contextual formats of the records."""
        self.words = frozenset((*WORDS, *key_words()))
        self.literals = tuple(dict.fromkeys((*WORDS, *key_words(), *PHRASES, *COMMANDS)))
        named = {entry.rule.id: entry.rule for entry in contextual()}
        self.rules = (*named.values(), PASSWORD, SECRET, PROSE, HEADER)

    def detect(self, text: Text, hint: Sequence[Sign], context: Context) -> Iterator[Match]:
        """Judge each assignment: by provider first, then as password, then as secret."""
        signs = sorted(sign for sign in hint if sign.start < len(text.text))
        reader = Reader(text, context.path)
        places = [sign.start for sign in signs if sign.literal in self.words]
        for found in _assignments(reader, signs, places):
            match = _by_provider(reader, found, context.path) or _generic(reader, found)
            if match is not None:
                yield match
        for header in basics(text.text, signs):
            kind = strength(header.password)
            if kind is not Strength.NONE and header.password != header.user:
                sure = Confidence.LOW if kind is Strength.KNOWN else Confidence.MEDIUM
                yield _match(HEADER, header.start, header.end, sure, 6)


def _by_provider(reader: Reader, found: Assignment, path: str) -> Match | None:
    told = provided(reader.content, found, path)
    if told is None:
        return None
    return _match(told.entry.rule, found.start, found.end, told.confidence, 20)


def _match(rule: Rule, start: int, end: int, confidence: Confidence, rank: int) -> Match:
    return Match(rule=rule, start=start, end=end, confidence=confidence, rank=rank)


def _assignments(reader: Reader, signs: Sequence[Sign], places: list[int]) -> Iterator[Assignment]:
    """What is read in each way; of two readings of a literal that of the syntax tree."""
    text = reader.text
    known: set[int] = set()
    for found in of_fields(text):
        known.add(found.start)
        yield found
    if text.kind is Kind.BINARY:
        return
    content = text.text
    read = list(reader.read(places))
    if text.kind is Kind.CODE and _is_worth_parsing(content, read):
        parsed = read_code(content) or []
        named = {found.start for found in read if sort_of(found.name) is not Sort.NOTHING}
        parsed = [one for one in parsed if one.start not in named or sort_of(one.name)]
        known.update(found.start for found in parsed)
        yield from parsed
    yield from (found for found in read if found.start not in known)
    yield from commanded(content, signs)
    if reader.takes_bare and text.kind is not Kind.CONFIG:
        yield from columns(content, places)
    if not reader.is_source or text.kind is Kind.CODE:
        yield from told(content, signs)


def _is_worth_parsing(source: str, read: list[Assignment]) -> bool:
    """Whether any literal may be a secret, wherever it stands."""
    if any(sort_of(found.name) is Sort.PASSWORD for found in read):
        return True
    return any(
        likelihood(found[2]) > _SURE or strength(found[2]) is Strength.MIXED
        for found in _LITERAL.finditer(source)
    )


def _generic(reader: Reader, found: Assignment) -> Match | None:
    sort = sort_of(found.name.strip("-."))
    if sort is not Sort.PASSWORD:
        rule, confidence = SECRET, _secret(sort, found)
        if confidence and _is_doubtful(reader.content, found):
            confidence = Confidence.LOW
        rule = HEADER if found.name == BEARER else rule
    elif found.how is How.PROSE:
        rule, confidence = PROSE, _told(reader, found)
    else:
        rule, confidence = PASSWORD, _password(reader, found)
    if confidence is None:
        return None
    if is_unreal(found.name):
        confidence = Confidence.LOW
    return _match(rule, found.start, found.end, confidence, _RANKS.get(rule.id, 5))


def _told(reader: Reader, found: Assignment) -> Confidence | None:
    if reader.text.kind is Kind.CODE:
        line = max(reader.line_of(found.start)[0], found.start - _LINE)
        if not {"#", '"', "'"} & set(reader.content[line : found.start]):
            return None
    is_password = strength(found.value) is Strength.MIXED and _TOLD.match(found.value)
    return Confidence.MEDIUM if is_password else None


def _is_doubtful(content: str, found: Assignment) -> bool:
    """No form that the named provider's keys have, or a piece of something larger."""
    if names_provider(found.name) and not is_encoded_text(found.value):
        return True
    return _is_in_key(content, found)


def _is_in_key(content: str, found: Assignment) -> bool:
    """Whether the value is a line of a key in PEM armour, which is found as a whole."""
    if not _ARMOURED.match(found.value):
        return False
    begin = content.rfind("-----BEGIN", max(0, found.start - _LONGEST_KEY), found.start)
    return begin >= 0 and content.find("-----END", begin, found.start) < 0


def _secret(sort: Sort, found: Assignment) -> Confidence | None:
    sure = likelihood(found.value)
    if sure < _SURE or (found.how is How.SOURCE and is_variable(found.value)):
        return None
    if sort is Sort.SECRET:
        return Confidence.MEDIUM if found.how is not How.PROSE or sure > _VERY_SURE else None
    if sort is Sort.VAGUE:
        return _vague(found, sure)
    words = words_of(found.name.rpartition(".")[2])
    if found.how in {How.CALL, How.QUOTED} and _OTP.search(found.name) and len(found.value) >= 16:
        return Confidence.MEDIUM
    if found.how is How.CALL and words and words[-1] in _CALLS and sure > _VERY_SURE:
        is_long = len(found.value) >= 20 and not is_hash(found.value)
        return Confidence.MEDIUM if is_long else Confidence.LOW
    return None


def _vague(found: Assignment, sure: float) -> Confidence:
    """A key or token of no known sort: it has to be long, and no id."""
    value, words = found.value, words_of(found.name.rpartition(".")[2])
    if is_uuid(value):
        return Confidence.MEDIUM if words[-1] == "token" and len(words) > 1 else Confidence.LOW
    if sure < _FAIRLY_SURE or len(value) < 12:
        return Confidence.LOW
    if "token" in words[-1]:
        return Confidence.MEDIUM
    if sure < _VERY_SURE:
        return Confidence.LOW
    is_long = len(value) >= 20 and not is_hash(value)
    return Confidence.MEDIUM if is_long and (len(words) > 1 or sure > 0.99) else Confidence.LOW


def _password(reader: Reader, found: Assignment) -> Confidence | None:
    value = found.value
    kind = strength(value)
    if kind is Strength.NONE or not _may_be_password(found):
        return None
    if kind is Strength.KNOWN or _is_name(value, found.name):
        return Confidence.LOW
    if kind is Strength.MIXED:
        return Confidence.MEDIUM
    is_set = found.how is How.BARE and (reader.is_config or drawn(value) > _FAIRLY_SURE)
    is_own = not is_label(value) and (found.how in {How.QUOTED, How.DATA} or is_set)
    return Confidence.MEDIUM if is_own else Confidence.LOW


def _may_be_password(found: Assignment) -> bool:
    """Whether the value is one, and what is called takes one."""
    if found.how is How.SOURCE:
        return _is_bare_password(found.value)
    return found.how is not How.CALL or not _SETTERS.isdisjoint(words_of(found.name)[:-1])


def _is_bare_password(value: str) -> bool:
    """Whether bare words of a source are no expression."""
    return _BARE_PASSWORD.match(value) is not None and not is_variable(value)


def _is_name(value: str, name: str) -> bool:
    """Whether the value only repeats its name, or names something itself."""
    plain = value.lower().rstrip("=: ").replace("-", "_")
    if plain in name.lower().replace("-", "_"):
        return True
    return sort_of(value) is not Sort.NOTHING and ("_" in plain or value != value.lower())
