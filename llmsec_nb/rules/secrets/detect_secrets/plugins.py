"""SEC4xx: the patterns of Yelp/detect-secrets, run by this engine with exact spans.

The package's own scan is never called: its settings are one object per process, and its default
filters drop every secret in a call. Only the compiled patterns of its plugins are used, and a
plugin is imported only when a text holds what its pattern cannot do without (the `gate`).
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ....core.detector import Context, Cost, Match, Unavailable
from ....core.rule import Confidence, Example, Family, Kind, Rule, Severity
from ..values import entropy, is_placeholder, is_plausible_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ....core.artifact import Text

_LONGEST_LINE: Final = 4096
_BLANKS: Final = 8
_RUN_OF_BLANKS: Final = re.compile(r"[ \t]{9,}")


class Plugin:
    """A plugin of detect-secrets: where its patterns are, and what they cannot match without."""

    def __init__(
        self, rule: Rule, module: str, classname: str, literals: tuple[str, ...], gate: str
    ) -> None:
        """`literals` are lower-case, of which one must occur; `gate` is a regular expression."""
        self.rule = rule
        self.module = module
        self.classname = classname
        self.literals = literals
        self._gate = gate

    @cached_property
    def gate(self) -> re.Pattern[str]:
        """The gate, compiled when a literal occurs for the first time."""
        return re.compile(self._gate)


def _plugin(
    number: int,
    name: str,
    what: str,
    module: str,
    classname: str,
    literals: str,
    gate: str,
    *,
    sure: bool = True,
    severity: Severity = Severity.HIGH,
    examples: tuple[Example, ...] = (),
) -> Plugin:
    rule = Rule(
        id=f"SEC{number}",
        name=f"ds-{name}",
        family=Family.SECRET,
        summary=f"{what} (detect-secrets)",
        why=(
            f"The pattern of detect-secrets' {classname} matches. Off by default: "
            "noisy, or covered by a rule with checks."
        ),
        remediation="Revoke it where it was issued; read the new one from the environment.",
        severity=severity,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        cwe=(798,),
        owasp=("LLM02:2025",),
        reference="https://github.com/Yelp/detect-secrets",
        default=False,
        examples=examples,
    )
    return Plugin(rule, module, classname, tuple(literals.split()), gate)


def _one(source: str, *flagged: str) -> tuple[Example, ...]:
    return (Example(source=source, flagged=flagged),)


PLUGINS: Final = (
    _plugin(401, "artifactory", "Artifactory credentials", "artifactory", "ArtifactoryDetector", "akc ap",
            r"AKC[a-zA-Z0-9]{10}|AP[0-9A-F][a-zA-Z0-9]{8}",
            examples=_one('jfrog = "AKC{alnum40}"', "AKC{alnum40}")),
    _plugin(402, "aws", "AWS access key", "aws", "AWSKeyDetector", "a3t abia acca akia asia aws",
            r"(?:A3T|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{10}|(?i:aws)",
            sure=False, examples=_one('key = "{aws_id}"', "{aws_id}")),
    _plugin(403, "azure-storage", "Azure storage key", "azure_storage_key",
            "AzureStorageKeyDetector", "accountkey=", r"AccountKey=", sure=False, examples=_one('x = "AccountKey=<key>"')),
    _plugin(404, "basic-auth", "Basic auth credentials", "basic_auth", "BasicAuthDetector", "://",
            r"://[^\s:/?#\[\]@!$&'()*+,;=]{1,200}:[^\s:/?#\[\]@!$&'()*+,;=]{1,200}@",
            sure=False, examples=_one('u = "https://user:password@host"')),
    _plugin(405, "cloudant", "Cloudant credentials", "cloudant", "CloudantDetector", "cl",
            r"(?i)cl(?:oudant|ou)?[_-]?(?:api)?[_-]?(?:key|pwd|pw|pass|token)|cloudant.com", examples=_one("cloudant_apikey = '{lower24}'", "{lower24}")),
    _plugin(406, "discord", "Discord bot token", "discord", "DiscordBotTokenDetector", ".",
            r"\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}",
            examples=_one('t = "M{alnum24}.{alnum6}.{alnum27}"', "M{alnum24}.{alnum6}.{alnum27}")),
    _plugin(407, "github", "GitHub token", "github_token", "GitHubTokenDetector", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_",
            sure=False, examples=_one('t = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"')),
    _plugin(408, "gitlab", "GitLab token", "gitlab_token", "GitLabTokenDetector", "glpat- gldt- glft- glsoat- glrt- glcbt- glimt- glptt- glagent- gloas- gr1348941",
            r"gl[a-z]{2,8}-|GR1348941", sure=False, examples=_one('t = "glpat-xxxxxxxxxxxxxxxxxxxx"')),
    _plugin(409, "ibm-cloud-iam", "IBM Cloud IAM key", "ibm_cloud_iam", "IbmCloudIamDetector", "key pwd pass token",
            r"[=: '\"](?![-_]{8})[\w^\[\]\\`-]{44}",
            examples=_one("ibm_cloud_api_key = '{alnum44}'", "{alnum44}")),
    _plugin(410, "ibm-cos-hmac", "IBM COS HMAC credentials", "ibm_cos_hmac", "IbmCosHmacDetector", "secret",
            r"(?i)secret[-_]?(?:access)?[-_]?key[^\n]{0,24}?[a-f0-9]{48}",
            examples=_one("cos_hmac_secret_access_key = '{hex48}'", "{hex48}")),
    _plugin(411, "jwt", "JSON Web Token", "jwt", "JwtTokenDetector", "eyj", r"eyJ[A-Za-z0-9_=-]",
            sure=False, examples=_one('h = "eyJhbGciOiJIUzI1NiJ9"')),
    _plugin(412, "mailchimp", "Mailchimp key", "mailchimp", "MailchimpDetector", "-us", r"[0-9a-z]-us\d",
            examples=_one('k = "{hex32}-us12"', "{hex32}-us12")),
    _plugin(413, "npm", "npm token", "npm", "NpmDetector", "_authtoken", r"_authToken",
            examples=_one('x = "_authToken=none"')),
    _plugin(414, "openai", "OpenAI key", "openai", "OpenAIDetector", "t3blbkfj", r"T3BlbkFJ",
            sure=False, examples=_one('x = "T3BlbkFJ"')),
    _plugin(415, "private-key", "Private key", "private_key", "PrivateKeyDetector", "private putty ssh2",
            r"PRIVATE KEY|PuTTY|SSH2", sure=False, examples=_one('x = "PUBLIC KEY"')),
    _plugin(416, "pypi", "PyPI token", "pypi_token", "PypiTokenDetector", "pypi-ag", r"pypi-Ag",
            sure=False, examples=_one('x = "pypi-agent"')),
    _plugin(417, "sendgrid", "SendGrid key", "sendgrid", "SendGridDetector", "sg.", r"SG\.[\w-]{22}\.",
            sure=False, examples=_one('x = "SG.short"')),
    _plugin(418, "slack", "Slack token", "slack", "SlackDetector", "xox slack",
            r"(?i)xox[a-z]|hooks\.slack\.com", sure=False, examples=_one('x = "xoxb-"')),
    _plugin(419, "softlayer", "SoftLayer credentials", "softlayer", "SoftlayerDetector", "softlayer sl",
            r"(?i)(?:softlayer|sl)[_-]?(?:api)?[_-]?(?:key|pwd|pass|token)|softlayer.com/soap",
            examples=_one("softlayer_api_key = '{lower64}'", "{lower64}")),
    _plugin(420, "square", "Square OAuth secret", "square_oauth", "SquareOAuthDetector", "sq0csp-",
            r"sq0csp-", examples=_one('s = "sq0csp-{alnum43}"', "sq0csp-{alnum43}")),
    _plugin(421, "stripe", "Stripe key", "stripe", "StripeDetector", "_live_", r"[sr]k_live_",
            sure=False, examples=_one('x = "sk_live_"')),
    _plugin(422, "telegram", "Telegram bot token", "telegram_token", "TelegramBotTokenDetector", ":",
            r"\d{8}:[0-9A-Za-z_-]{35}",
            examples=_one("{digits9}:A{alnum34}", "{digits9}:A{alnum34}")),
    _plugin(423, "twilio", "Twilio key", "twilio", "TwilioKeyDetector", "ac sk", r"(?:AC|SK)[a-z0-9]{32}",
            examples=_one('t = "SK{hex32}"', "SK{hex32}")),
    _plugin(424, "ip-public", "Public IP address", "ip_public", "IPPublicDetector", ".",
            r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}", sure=False, severity=Severity.INFO,
            examples=_one('host = "8.8.4.4"', "8.8.4.4")),
    _plugin(425, "base64-entropy", "High-entropy base64 text", "high_entropy_strings",
            "Base64HighEntropyString", "' \"", r"[\"'][A-Za-z0-9+/=_-]{8,}[\"']", sure=False,
            severity=Severity.LOW, examples=_one('x = "{alnum40}"', "{alnum40}")),
    _plugin(426, "hex-entropy", "High-entropy hexadecimal text", "high_entropy_strings",
            "HexHighEntropyString", "' \"", r"[\"'][0-9a-fA-F]{8,}[\"']", sure=False,
            severity=Severity.LOW, examples=_one('x = "{hex40}"', "{hex40}")),
    _plugin(427, "keyword", "Value of a secret-sounding name", "keyword", "KeywordDetector", "key pass pwd secret contrase",
            r"(?i)api_?-?key|auth_?-?key|service_?-?key|account_?-?key|db_?-?key|database_?-?key"
            r"|priv_?-?key|private_?-?key|client_?-?key|db_?-?pass|database_?-?pass|key_?-?pass"
            r"|password|passwd|pwd|secret|contraseña|contrasena",
            sure=False, severity=Severity.LOW,
            examples=_one('my_password = "{alnum40}"', "{alnum40}")),
)  # fmt: skip


class DetectSecretsPlugins:
    """Runs the patterns of each plugin whose gate is open, line by line as upstream does."""

    rules: ClassVar = tuple(plugin.rule for plugin in PLUGINS)
    cost: ClassVar[Cost] = Cost.TYPING
    literals: ClassVar[tuple[str, ...]] = ()
    unusual: ClassVar = None
    by_fields: ClassVar[bool] = False
    searches: ClassVar[bool] = False

    def __init__(self, enabled: frozenset[str]) -> None:
        """Run the plugins whose rule ids are in `enabled`."""
        self.plugins = [plugin for plugin in PLUGINS if plugin.rule.id in enabled]

    def search(self, content: str) -> Iterable[int]:
        """Never asked."""
        return ()

    def screen(self, content: str) -> list[Plugin] | None:
        """The plugins whose literals occur and whose gates are open; none is imported yet."""
        lowered = content.lower()
        return [
            plugin
            for plugin in self.plugins
            if any(map(lowered.__contains__, plugin.literals)) and plugin.gate.search(content)
        ] or None

    def detect(self, text: Text, hint: list[Plugin], context: Context) -> Iterator[Match]:
        """Yield what the open plugins match."""
        if text.kind is Kind.BINARY:
            return
        for plugin in hint:
            if plugin.gate.search(text.text):
                yield from _run(plugin, text.text)


def _run(plugin: Plugin, content: str) -> Iterator[Match]:
    gate = plugin.gate
    position = 0
    instance = _load(plugin.module, plugin.classname)
    for line in content.splitlines(keepends=True):
        start, position = position, position + len(line)
        if gate.search(line) is None:
            continue
        for begin, end in _spans(plugin, instance, line):
            yield Match(
                rule=plugin.rule,
                start=start + begin,
                end=start + end,
            )


def _spans(plugin: Plugin, instance: Any, line: str) -> Iterator[tuple[int, int]]:
    """Spans of secrets in a line; long runs of blanks are shortened, as one pattern is cubic in them."""
    if len(line) > _LONGEST_LINE:
        for found in plugin.gate.finditer(line):
            begin = max(0, found.start() - 256)
            for first, last in _spans(plugin, instance, line[begin : found.end() + 512]):
                yield begin + first, begin + last
        return
    if _RUN_OF_BLANKS.search(line):
        yield from _spans_without_blanks(plugin, instance, line)
        return
    for pattern in _patterns(instance):
        for found in pattern.finditer(line):
            span = _secret_span(plugin, found)
            if _accepted(plugin, instance, line[slice(*span)]):
                yield span


def _spans_without_blanks(plugin: Plugin, instance: Any, line: str) -> Iterator[tuple[int, int]]:
    kept = [
        (found.end() - found.start() - _BLANKS, found.end())
        for found in _RUN_OF_BLANKS.finditer(line)
    ]
    shorter = _RUN_OF_BLANKS.sub(" " * _BLANKS, line)

    def back(offset: int) -> int:
        for removed, end in kept:
            if offset + removed < end:
                break
            offset += removed
        return offset

    for begin, end in _spans(plugin, instance, shorter):
        yield back(begin), back(end)


def _patterns(instance: Any) -> Iterator[re.Pattern[str]]:
    if hasattr(instance, "denylist"):
        yield from instance.denylist
    elif hasattr(instance, "regex"):
        yield instance.regex
    else:
        module = import_module(type(instance).__module__)
        yield from module.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP


def _secret_span(plugin: Plugin, found: re.Match[str]) -> tuple[int, int]:
    """The last group that took part, or the match; entropy patterns keep it in group 2."""
    if plugin.module == "high_entropy_strings":
        return found.span(2)
    if plugin.module == "keyword":
        from detect_secrets.plugins import keyword

        return found.span(keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP[found.re])
    if plugin.module in _WHOLE or not found.re.groups:
        begin, end = found.span()
        text = found[0]
        lead = len(text) - len(text.lstrip(" \t=:\"'"))
        return begin + lead, end - (len(text) - len(text.rstrip(" \t\r\n\"'")))
    return next((found.span(i) for i in range(found.re.groups, 0, -1) if found[i]), found.span())


_WHOLE: Final = frozenset({"github_token", "gitlab_token", "private_key", "slack"})
_MINIMUM: Final = {"Base64HighEntropyString": 4.5, "HexHighEntropyString": 3.0}


def _accepted(plugin: Plugin, instance: Any, value: str) -> bool:
    if not value or is_placeholder(value):
        return False
    limit = _MINIMUM.get(plugin.classname)
    if limit is not None:
        return entropy(value) >= limit
    if plugin.module in {"ip_public", "keyword"}:
        return True
    if plugin.module == "artifactory" and not value.startswith("AKC"):
        return any(map(str.islower, value)) and any(map(str.isupper, value)) and len(value) >= 20
    if plugin.module == "basic_auth" and len(value) < 8:
        return False
    return is_plausible_token(value)


@cache
def _load(module: str, classname: str) -> Any:
    try:
        return getattr(import_module(f"detect_secrets.plugins.{module}"), classname)()
    except ImportError as error:
        raise Unavailable(
            f"detect-secrets cannot be imported ({error.name}): pip install detect-secrets"
        ) from None
