"""What each stock plugin of detect-secrets finds: which lines are worth a look, and the look.

Upstream runs every plugin on every line. Here a plugin is asked only about lines that hold what
its patterns cannot do without, and patterns that can be superlinear (`#868`) are replaced by ones
that find the same values in linear time. All of it holds for the patterns that are known here, by
their digests; a plugin of another version is asked about every line, as upstream does.
"""

from __future__ import annotations

import hashlib
import math
import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from . import keyword

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ODD_CASES: Final = (("\u0130", "i"), ("\u0131", "i"), ("\u017f", "s"), ("\u212a", "k"))
"""Letters that `re.IGNORECASE` takes for ASCII ones."""
_LONGEST_UNKNOWN: Final = 1000
_OPERATOR: Final = r"(?: *+(?:=>|:=|::|=|:) *+| ++)"
_GIVEN: Final = rf"""["']?\]?{_OPERATOR}["']?"""


class Content:
    """A text of many lines, and the same with small letters, character for character."""

    def __init__(self, text: str) -> None:
        """Lines end with a line feed."""
        self.text = text

    @cached_property
    def small(self) -> str:
        """In lower case; falls back to the text itself should the lengths differ."""
        text = self.text
        if not text.isascii():
            for odd, plain in ODD_CASES:
                if odd in text:
                    text = text.replace(odd, plain)
        return text.lower()


Gate = tuple["Callable[[str, int], int]", bool]
"""A search for the next place that is worth a look, and whether in small letters."""
Look = "Callable[[Any, str], Iterable[str]]"
"""What a plugin finds in one line."""


def literal(text: str) -> Gate:
    """A gate that a literal opens, in any case if it is in small letters."""
    return (lambda content, position: content.find(text, position)), text.islower()


def exactly(text: str) -> Gate:
    """A gate that a literal opens as it is."""
    return (lambda content, position: content.find(text, position)), False


def expression(pattern: str, *, small: bool = False) -> Gate:
    """A gate that an expression opens."""
    search = re.compile(pattern).search

    def find(content: str, position: int) -> int:
        found = search(content, position)
        return found.start() if found else -1

    return find, small


def at(needle: str, pattern: str) -> Gate:
    """A gate that a literal opens where the expression matches: quicker than to search for it."""
    match = re.compile(pattern).match

    def find(content: str, position: int) -> int:
        place = content.find(needle, position)
        while place >= 0 and not match(content, place):
            place = content.find(needle, place + 1)
        return place

    return find, True


def _patterns(plugin: Any, line: str) -> Iterator[str]:
    """What the plugin's own patterns find, as upstream takes it."""
    return iter(plugin.analyze_string(line))


def _groups(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    """As upstream takes what a pattern finds: all groups that hold something, or the match."""
    for found in pattern.findall(line):
        if isinstance(found, tuple):
            yield from filter(None, found)
        else:
            yield found


def _near(
    hint: str, before: int, after: int
) -> Callable[[Iterable[re.Pattern[str]], str], Iterator[str]]:
    """Run patterns only in windows around hints: a match holds one, and reaches no further."""
    search = re.compile(hint)

    def windows(line: str) -> Iterator[tuple[int, int]]:
        start = end = -1
        for found in search.finditer(line):
            first, last = max(0, found.start() - before), found.end() + after
            if first > end:
                if end >= 0:
                    yield start, end
                start = first
            end = last
        if end >= 0:
            yield start, end

    def look(patterns: Iterable[re.Pattern[str]], line: str) -> Iterator[str]:
        for start, end in windows(line):
            for pattern in patterns:
                for found in pattern.finditer(line, start, min(end, len(line))):
                    yield from filter(None, found.groups() or (found[0],))

    return look


# --- assignments: three runs of blanks in a row make upstream's expression cubic ---------------

_BEGIN: Final = r"""(?:(?<=\W)|(?<=^))\[?["']?"""
_SOLID: Final = {
    "SoftlayerDetector": r"(?:softlayer|sl)[_-]?(?:api)?[_-]?(?:key|pwd|password|pass|token)",
    "IbmCloudIamDetector": (
        r"(?:(?:ibm[_-]?)?cloud[_-]?iam|ibm[_-]?cloud|ibm[_-]?iam|ibm|iam|cloud|)"
        r"[_-]?(?:api)?[_-]?(?:key|pwd|password|pass|token)"
    ),
    "IbmCosHmacDetector": (
        r"(?:(?:ibm)?[-_]?cos[-_]?(?:hmac)?|)[_-]?secret[-_]?(?:access)?[-_]?key"
    ),
    "CloudantDetector": r"(?:cloudant|clou|cl)[_-]?(?:api)?(?:key|pwd|password|pass|pw|token)",
}
_VALUES: Final = {
    "SoftlayerDetector": (r"([a-z0-9]{64})",),
    "IbmCloudIamDetector": (r"([a-zA-Z0-9_\-]{44}(?![a-zA-Z0-9_\-]))",),
    "IbmCosHmacDetector": (r"([a-f0-9]{48}(?![a-f0-9]))",),
    "CloudantDetector": (r"([0-9a-f]{64})", r"([a-z]{24})"),
}
_KEY: Final = r"(?:key|pwd|password|pass|pw|token)"
_BEFORE: Final = 48


def _assignments(classname: str) -> Callable[[Any, str], Iterator[str]]:
    """From the end of the name: what follows first, since it is the rarer."""
    head = re.compile(_BEGIN + _SOLID[classname] + r"\Z", re.IGNORECASE)
    tails = [
        re.compile(rf"{_KEY}(?={_GIVEN}{value}[\"']?)", re.IGNORECASE)
        for value in _VALUES[classname]
    ]

    def look(plugin: Any, line: str) -> Iterator[str]:
        for tail in tails:
            done = 0
            for key in tail.finditer(line):
                start = max(done, key.start() - _BEFORE)
                if key.end() > start and head.search(line, start, key.end()):
                    yield key[1]
                    done = key.end(1) + (line[key.end(1) : key.end(1) + 1] in {'"', "'"})
        for pattern in plugin.denylist[len(tails) :]:
            yield from _groups(pattern, line)

    return look


# --- values that run on: only the first place of a run can start a match ------------------------

_JWT_RUN: Final = re.compile(r"eyJ(?:([A-Za-z0-9_=-]++)(\.[A-Za-z0-9_=-]++\.?)?+)?+")


def _jwt(plugin: Any, line: str) -> Iterator[str]:
    for found in _JWT_RUN.finditer(line):
        if found[2] and _is_token(plugin, found[0]):
            yield found[0]


def _is_token(plugin: Any, value: str) -> bool:
    try:
        return bool(plugin.is_formally_valid(value))
    except RecursionError:  # upstream stops here, with all of the scan
        return False


_OPENAI_RUN: Final = re.compile(r"[A-Za-z0-9_-]++")
_OPENAI_MARK: Final = re.compile(r"(?<=[A-Za-z0-9]{20})T3BlbkFJ(?=[A-Za-z0-9]{20})")


def _openai(plugin: Any, line: str) -> Iterator[str]:
    for run in _OPENAI_RUN.finditer(line):
        start = run[0].find("sk-")
        if start < 0:
            continue
        marks = [mark.start() for mark in _OPENAI_MARK.finditer(run[0], start + 3)]
        if marks and marks[-1] >= start + 23:
            yield run[0][start : marks[-1] + 28]


_NPM: Final = "/:_authToken="
_NPM_VALUE: Final = re.compile(r"\s*+((npm_.+)|([A-Fa-f0-9-]{36}))")


def _npm(plugin: Any, line: str) -> Iterator[str]:
    first = line.find("//")
    if first < 0:
        return
    at = line.rfind(_NPM)
    while at > first + 2:
        found = _NPM_VALUE.match(line, at + len(_NPM))
        if found:
            yield from filter(None, found.groups())
            return
        at = line.rfind(_NPM, 0, at)


_AWS_SECRET: Final = re.compile(r"['\"](?=(?i:[0-9a-z/+]{40})['\"])")
_AWS_NAME: Final = re.compile(r"(?=(key|pwd|password|pass|pw|token))", re.IGNORECASE)
_AWS: Final = re.compile("(?=aws)", re.IGNORECASE)
_AWS_REACH: Final = 20
_AWS_LONGEST: Final = 3 + _AWS_REACH + 8 + _AWS_REACH


def _aws(plugin: Any, line: str) -> Iterator[str]:
    yield from _groups(plugin.denylist[0], line)
    done = 0
    for quote in _AWS_SECRET.finditer(line):
        start = max(done, quote.start() - _AWS_LONGEST)
        if quote.start() < start or not _names_aws(line, start, quote.start()):
            continue
        found = plugin.denylist[1].search(line, start, min(len(line), quote.start() + 42))
        if found:
            yield found[1]
            done = found.end()


def _names_aws(line: str, start: int, end: int) -> bool:
    """Whether `aws`, then the name of a key, stand near before a quote."""
    starts = [found.start() + 3 for found in _AWS.finditer(line, start, end)]
    if not starts:
        return False
    return any(
        end - name.end(1) <= _AWS_REACH
        and any(0 <= name.start() - after <= _AWS_REACH for after in starts)
        for name in _AWS_NAME.finditer(line, start, end)
    )


# --- entropy ------------------------------------------------------------------------------------


def _entropy(plugin: Any, line: str) -> Iterator[str]:
    limit = plugin.entropy_limit - 1e-6
    for _, value, _ in plugin.regex.findall(line):
        if math.log2(len(set(value))) < limit:
            continue
        if plugin.calculate_shannon_entropy(value) > plugin.entropy_limit:
            yield value


def _quoted(characters: str, limit: float) -> Gate:
    """Quoted runs long enough for an entropy above the limit."""
    shortest = max(1, math.floor(2 ** (limit - 1e-6)))
    return expression(rf"[\"'][{characters}]{{{shortest},}}+[\"']")


# --- the table ----------------------------------------------------------------------------------

_NAMED: Final = (
    literal("pwd"),
    literal("secret"),
    literal("contrase"),
    at("pass", r"passw(?:or)?d|(?:(?<=[bey])|(?<=[bey]_))pass"),
    at("key", r"(?:(?<=[ihetbv])|(?<=[ihetbv]_))key"),
)
_ASSIGNED: Final = expression(
    rf"""(?:key|pwd?|pass(?:word)?|token)(?={_GIVEN}[a-z0-9_-]{{24}})""", small=True
)

_DISCORD: Final = _near(r"\.[a-zA-Z\d_-]{6}(?=\.[a-zA-Z\d_-]{27})", 26, 28)
_MAILCHIMP: Final = _near(r"-us[0-9]", 32, 1)
_TELEGRAM: Final = _near(r":(?=[0-9A-Za-z_-]{35})", 10, 35)


def _denylist(
    look: Callable[[Iterable[re.Pattern[str]], str], Iterator[str]],
) -> Callable[[Any, str], Iterator[str]]:
    return lambda plugin, line: look(plugin.denylist, line)


_KNOWN: Final[dict[str, tuple[tuple[Gate, ...], Callable[[Any, str], Iterable[str]]]]] = {
    "ArtifactoryDetector": (
        (exactly("AKC"), expression(r"AP[\dA-F][a-zA-Z0-9]{8}")),
        _patterns,
    ),
    "AWSKeyDetector": (
        (
            expression(r"A(?:3T[A-Z0-9]|BIA|CCA|KIA|SIA)[0-9A-Z]{16}"),
            at("aws", r"aws[^\n]{2,48}['\"][0-9a-z/+]{40}['\"]"),
        ),
        _aws,
    ),
    "AzureStorageKeyDetector": ((exactly("AccountKey="),), _patterns),
    "BasicAuthDetector": (
        (expression(r"://[^:/?#\[\]@!$&'()*+,;=\s]++:[^:/?#\[\]@!$&'()*+,;=\s]++@"),),
        _patterns,
    ),
    "CloudantDetector": ((_ASSIGNED, literal("cloudant.com")), _assignments("CloudantDetector")),
    "DiscordBotTokenDetector": (
        (expression(r"\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}"),),
        _denylist(_DISCORD),
    ),
    "GitHubTokenDetector": ((expression(r"gh[pousr]_[A-Za-z0-9_]{36}"),), _patterns),
    "GitLabTokenDetector": (
        (
            expression(r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-"),
            exactly("GR1348941"),
        ),
        _patterns,
    ),
    "IbmCloudIamDetector": ((_ASSIGNED,), _assignments("IbmCloudIamDetector")),
    "IbmCosHmacDetector": ((_ASSIGNED,), _assignments("IbmCosHmacDetector")),
    "IPPublicDetector": (
        (expression(r"\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"),),
        _patterns,
    ),
    "JwtTokenDetector": ((exactly("eyJ"),), _jwt),
    "MailchimpDetector": ((expression(r"-us[0-9]"),), _denylist(_MAILCHIMP)),
    "NpmDetector": ((exactly(_NPM),), _npm),
    "OpenAIDetector": ((exactly("T3BlbkFJ"),), _openai),
    "PrivateKeyDetector": (
        (exactly(" PRIVATE KEY"), exactly("SSH2 ENC"), exactly("PuTTY-User")),
        _patterns,
    ),
    "PypiTokenDetector": ((exactly("pypi-AgE"),), _patterns),
    "SendGridDetector": ((expression(r"SG\.[a-zA-Z0-9_-]{22}\."),), _patterns),
    "SlackDetector": (
        (literal("xox"), literal("hooks.slack.com")),
        _patterns,
    ),
    "SoftlayerDetector": (
        (_ASSIGNED, at("softlayer", r"softlayer.com/soap/v3")),
        _assignments("SoftlayerDetector"),
    ),
    "SquareOAuthDetector": ((exactly("sq0csp-"),), _patterns),
    "StripeDetector": ((exactly("k_live_"),), _patterns),
    "TelegramBotTokenDetector": (
        (expression(r":[0-9A-Za-z_-]{35}"),),
        _denylist(_TELEGRAM),
    ),
    "TwilioKeyDetector": (
        (expression(r"AC[a-z0-9]{32}"), expression(r"SK[a-z0-9]{32}")),
        _patterns,
    ),
}


_DIGESTS: Final = {
    "ArtifactoryDetector": "b13bc6ea",
    "AWSKeyDetector": "59198230",
    "AzureStorageKeyDetector": "ac68f193",
    "BasicAuthDetector": "de5fffcc",
    "CloudantDetector": "d87486cf",
    "DiscordBotTokenDetector": "dc80721b",
    "GitHubTokenDetector": "6ea92949",
    "GitLabTokenDetector": "3ebea492",
    "IbmCloudIamDetector": "b696e3fa",
    "IbmCosHmacDetector": "a207bfa2",
    "JwtTokenDetector": "1da2f4c6",
    "MailchimpDetector": "0857f510",
    "NpmDetector": "bd7551f7",
    "OpenAIDetector": "0a000092",
    "PrivateKeyDetector": "c1f0723b",
    "PypiTokenDetector": "005f82b9",
    "SendGridDetector": "725d9495",
    "SlackDetector": "3caab812",
    "SoftlayerDetector": "4ffb1896",
    "SquareOAuthDetector": "7cf23da8",
    "StripeDetector": "95a6dee8",
    "TelegramBotTokenDetector": "8b3efd86",
    "TwilioKeyDetector": "e9ca8ef0",
    "IPPublicDetector": "72bea2fa",
    "Base64HighEntropyString": "9d1d9af3",
    "HexHighEntropyString": "df65921b",
    "KeywordDetector": "8399983d",
}


class Stock:
    """A stock plugin, ready to look."""

    __slots__ = ("gates", "look", "plugin", "secret_type")

    def __init__(self, plugin: Any, filename: str) -> None:
        """`filename` decides what the KeywordDetector looks for."""
        self.plugin = plugin
        self.secret_type: str = plugin.secret_type
        self.gates: tuple[Gate, ...] | None = None
        self.look: Callable[[Any, str], Iterable[str]] = _unknown(filename)
        name = type(plugin).__name__
        if _DIGESTS.get(name) != digest(plugin):
            return
        if name == "KeywordDetector":
            finders = keyword.finders_for(filename)
            self.gates, self.look = _NAMED, lambda _, line: keyword.values(line, finders)
        elif name in _CHARACTERS:
            self.gates = (_quoted(_CHARACTERS[name], plugin.entropy_limit),)
            self.look = _entropy
        else:
            self.gates, self.look = _KNOWN[name]

    def values(self, line: str) -> Iterable[str]:
        """The values that the plugin finds in a line, without filters; some may come twice."""
        return self.look(self.plugin, line)

    def eager_values(self, line: str) -> Iterable[str]:
        """The same as for a line that was given by hand: entropy needs no quotes, nor a limit."""
        characters = _CHARACTERS.get(type(self.plugin).__name__)
        if characters is None or self.plugin.regex.search(line):
            return self.values(line)
        return re.findall(f"[{characters}]+", line)


_CHARACTERS: Final = {
    "Base64HighEntropyString": r"a-zA-Z0-9+/\\_=-",
    "HexHighEntropyString": r"0-9a-fA-F",
}


def _unknown(filename: str) -> Callable[[Any, str], Iterable[str]]:
    """Upstream's own look, at lines that cannot take it long."""

    def look(plugin: Any, line: str) -> Iterable[str]:
        if len(line) > _LONGEST_UNKNOWN:
            return ()
        return {str(hit.secret_value) for hit in plugin.analyze_line(filename=filename, line=line)}

    return look


def digest(plugin: Any) -> str:
    """What the patterns of a plugin are, in eight digits."""
    patterns: list[re.Pattern[str]] = []
    if hasattr(plugin, "denylist"):
        patterns.extend(plugin.denylist)
    elif hasattr(plugin, "regex"):
        patterns.append(plugin.regex)
    else:
        from detect_secrets.plugins.keyword import REGEX_BY_FILETYPE

        patterns.extend(pattern for forms in REGEX_BY_FILETYPE.values() for pattern in forms)
    shown = "\n".join(f"{pattern.flags} {pattern.pattern}" for pattern in patterns)
    return hashlib.sha256(shown.encode()).hexdigest()[:8]


@cache
def classes() -> dict[str, Any]:
    """The stock plugins by their names, in upstream's order; nothing of a baseline is loaded."""
    from importlib import import_module

    from .plugins import PLUGINS

    return {
        plugin.classname: getattr(
            import_module(f"detect_secrets.plugins.{plugin.module}"), plugin.classname
        )
        for plugin in PLUGINS
    }
