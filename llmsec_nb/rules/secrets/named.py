"""Values judged by their name: provider keys without a format of their own, passwords, secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from ...core.detector import Context, Cost, Match
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .assignment import Assignment, assignments, has_telling_word
from .token import TokenFormat
from .values import (
    is_drawn,
    is_placeholder,
    is_plausible_password,
    is_plausible_secret,
    is_plausible_token,
    is_strong_password,
    is_uuid,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.artifact import Text

_CONTEXT: Final = 240


def _rule(
    rule_id: str, name: str, what: str, variable: str, rotate: str, *examples: Example
) -> Rule:
    return Rule(
        id=rule_id,
        name=name,
        family=Family.SECRET,
        summary=f"{what} in clear text",
        why=f"Whoever sees this file or its history can use the {what}.",
        remediation=f"Revoke it at {rotate}, then read the new one from the environment.",
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        cwe=(798, 312),
        owasp=("LLM02:2025",),
        atlas=("AML.T0055",),
        reference=rotate,
        variable=variable,
        examples=examples,
    )


class Named(NamedTuple):
    """A key of one provider: the form of its value, and the words that must stand around it."""

    rule: Rule
    value: re.Pattern[str]
    name: re.Pattern[str]
    around: re.Pattern[str]


def _named(rule: Rule, value: str, name: str, around: str) -> Named:
    flags = re.IGNORECASE
    return Named(
        rule, re.compile(rf"(?:{value})\Z"), re.compile(name, flags), re.compile(around, flags)
    )


_KEY: Final = r"key|token|secret|login|client|auth"
AWS_SECRET: Final = _rule(
    "SEC102", "aws-secret-access-key", "AWS secret access key", "AWS_SECRET_ACCESS_KEY",
    "https://console.aws.amazon.com/iam/home#/security_credentials",
    Example(source='aws_secret_access_key = "{aws}"', flagged=("{aws}",)),
    Example(source='boto3.client("s3", aws_secret_access_key="{aws}")', flagged=("{aws}",)),
    Example(source="AWS_SECRET_ACCESS_KEY={aws}", flagged=("{aws}",), kind=Kind.CONFIG),
    Example(source='aws_secret_access_key = os.environ["AWS_SECRET_ACCESS_KEY"]'),
)  # fmt: skip
AZURE_STORAGE: Final = _rule(
    "SEC150", "azure-storage-key", "Azure storage account key", "AZURE_STORAGE_KEY",
    "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage",
    Example(source='conn = "AccountName=x;AccountKey={azure};EndpointSuffix=core"', flagged=("{azure}",)),
    Example(source='account_key = "{azure}"', flagged=("{azure}",)),
    Example(source='conn = "AccountName=x;AccountKey=<your key>"'),
)  # fmt: skip
WANDB: Final = _rule(
    "SEC151", "wandb-key", "Weights & Biases API key", "WANDB_API_KEY", "https://wandb.ai/settings",
    Example(source='wandb.login(key="{hex40}")', flagged=("{hex40}",)),
    Example(source='wandb_settings = {"project": "x", "api_key": "{hex40}"}', flagged=("{hex40}",)),
    Example(source="%env WANDB_API_KEY={hex40}", flagged=("{hex40}",)),
    Example(source='wandb.init(project="x")\ncommit = "{hex40}"'),
)  # fmt: skip
KAGGLE: Final = _rule(
    "SEC152", "kaggle-key", "Kaggle API key", "KAGGLE_KEY", "https://www.kaggle.com/settings",
    Example(source='{"username":"ada","key":"{hex32}"}', flagged=("{hex32}",)),
    Example(source='os.environ["KAGGLE_KEY"] = "{hex32}"', flagged=("{hex32}",)),
    Example(source='cache = {"key": "{hex32}"}'),
)  # fmt: skip
COHERE: Final = _rule(
    "SEC153", "cohere-api-key", "Cohere API key", "CO_API_KEY", "https://dashboard.cohere.com/api-keys",
    Example(source='co = cohere.Client("{alnum40}")', flagged=("{alnum40}",)),
    Example(source='COHERE_API_KEY = "{alnum40}"', flagged=("{alnum40}",)),
    Example(source='cohere_model_token_id = "command-r-plus"'),
)  # fmt: skip
PINECONE: Final = _rule(
    "SEC154", "pinecone-legacy-key", "Pinecone API key", "PINECONE_API_KEY", "https://app.pinecone.io",
    Example(source='pinecone.init(api_key="{uuid}")', flagged=("{uuid}",)),
    Example(source='pinecone_index_id = "{uuid}"'),
)  # fmt: skip
MISTRAL: Final = _rule(
    "SEC155", "mistral-api-key", "Mistral API key", "MISTRAL_API_KEY", "https://console.mistral.ai/api-keys",
    Example(source='MISTRAL_API_KEY = "{alnum32}"', flagged=("{alnum32}",)),
    Example(source='mistral_token_ids = "[INST]"'),
)  # fmt: skip
AZURE_OPENAI: Final = _rule(
    "SEC156", "azure-ai-key", "Azure AI key", "AZURE_OPENAI_API_KEY", "https://portal.azure.com",
    Example(source='AZURE_OPENAI_API_KEY = "{hex32}"', flagged=("{hex32}",)),
    Example(source='azure_openai_key_name = "deployment-gpt-4o"'),
)  # fmt: skip
SPEECH: Final = _rule(
    "SEC157", "speech-api-key", "speech API key", "", "https://console.deepgram.com",
    Example(source='DEEPGRAM_API_KEY = "{hex40}"', flagged=("{hex40}",)),
    Example(source='deepgram_key = "model-nova-2-general"'),
)  # fmt: skip

_AWS_VALUE: Final = r"[A-Za-z0-9/+]{40}"
CONNECTION_STRING: Final = TokenFormat(
    AZURE_STORAGE, r"AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)", ("AccountKey=",)
)
_PROVIDERS: Final = (
    _named(AWS_SECRET, _AWS_VALUE, r"secret|aws", r"aws|amazon|boto|s3|AKIA|ASIA|bedrock|sagemaker"),
    _named(AZURE_STORAGE, r"[A-Za-z0-9+/]{86}==", r"key|credential", r"account|azure|storage|blob"),
    _named(WANDB, r"[0-9a-f]{40}", _KEY, r"wandb|weights.{0,8}biases"),
    _named(KAGGLE, r"[0-9a-f]{32}", r"key", r"kaggle|\busername\b"),
    _named(COHERE, r"[A-Za-z0-9]{40}", _KEY, r"cohere|\bco\b"),
    _named(PINECONE, r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", r"api.?key|apikey", r"pinecone"),
    _named(MISTRAL, r"[A-Za-z0-9]{32}", _KEY, r"mistral"),
    _named(AZURE_OPENAI, r"[0-9a-f]{32}", r"key", r"azure|cognitive"),
    _named(SPEECH, r"[0-9a-f]{40}|[0-9a-f]{32}", r"key", r"deepgram|assembly"),
)  # fmt: skip

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
        Example(source='!curl -H "Authorization: Bearer {alnum40}" x', flagged=("{alnum40}",)),
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
_PASSWORD_NAME: Final = re.compile(
    r"(?i:(?:^|[_.-]|(?<=[a-z]))(?:password|passwd|passphrase|passwort|passcode|pwd)(?:[_-]?[0-9]{1,2})?\Z)"
    r"|(?i:(?:^|(?:db|user|admin|root|smtp|mail|mysql|pg|postgres|ftp|ssh|sudo|login|proxy)[_-])pass\Z)"
    r"|(?<=[a-z])Pass\Z"
)
_SECRET_NAME: Final = re.compile(
    r"(?:api|access|auth|secret|private|service|account|encryption|signing|master|app|admin|client"
    r"|subscription|license|storage|shared|ssh|session|jwt|bearer|refresh|bot|user|hub|write|read"
    r"|consumer|[a-z0-9]{2,30}_api)[_.-]?(?:key|token|secret)s?\Z"
    r"|(?:^|[_.-]|(?<=[a-z]))(?:apikey|secret|credentials?|authorization|access_?key_?id)\Z"
    r"|(?:^|[_.-])(?:key|token|secret)\Z|(?<=[a-z])(?:Key|Token|Secret)\Z",
    re.IGNORECASE,
)
_NOT_SECRET: Final = re.compile(
    r"(?:^|[_.-])(?:public|primary|foreign|sort|partition|cache|pad|eos|bos|unk|mask|sep|cls|next|prev|page"
    r"|continuation|max|min|num|special|image|stop|start|end|input|output|prompt|new|old|dict|row|col|index"
    r"|hash|digest|sha|commit|revision|run|experiment|job|sheet|spreadsheet|artifact|dataset|group|join"
    r"|idempotency|type|natural|composite|model|data|config|object|s3|file|bucket|state|label|feature"
    r"|text|target|lookup|sampling|count|event|item|id|name|seed|sample|checkpoint)(?=[_.-]|\Z)",
    re.IGNORECASE,
)
_ALONE: Final = frozenset({"token", "secret"})
_TELLING: Final = re.compile(r"api|auth|access|secret|private|bearer|credential", re.IGNORECASE)


class NamedValues:
    """One reading of the names and values of a text, judged by every rule that goes by names."""

    rules: ClassVar = (*(entry.rule for entry in _PROVIDERS), PASSWORD, SECRET)
    cost: ClassVar[Cost] = Cost.TYPING

    def screen(self, content: str) -> bool | None:
        """Whether any telling word occurs."""
        return has_telling_word(content) or None

    def detect(self, text: Text, hint: bool, context: Context) -> Iterator[Match]:
        """Judge each assignment: by provider first, then as password, then as secret."""
        for found in assignments(text):
            match = _by_provider(text, context, found) or _generic(found)
            if match is not None:
                yield match


def _by_provider(text: Text, context: Context, found: Assignment) -> Match | None:
    if not 32 <= len(found.value) <= 600:
        return None
    last = found.name.rpartition(".")[2]
    if _NOT_SECRET.search(last) and not _TELLING.search(last):
        return None
    for entry in _PROVIDERS:
        if not entry.value.match(found.value) or not entry.name.search(found.name):
            continue
        around = text.text[max(0, found.start - _CONTEXT) : found.end + 40]
        seen = f"{found.name} {around} {context.path}"
        if entry.around.search(seen) and is_plausible_token(found.value):
            return Match(rule=entry.rule, start=found.start, end=found.end, rank=20)
    return None


def _generic(found: Assignment) -> Match | None:
    name = found.name.strip("-.")
    last = name.rpartition(".")[2]
    if _PASSWORD_NAME.search(last) and not found.call:
        return _password(found)
    if found.call or not _SECRET_NAME.search(last):
        return None
    if _NOT_SECRET.search(last) and not _TELLING.search(last):
        return None
    if not is_plausible_secret(found.value):
        return None
    telling = _TELLING.search(last) is not None and not is_uuid(found.value)
    sure = telling or "_" in last or (last.lower() in _ALONE and is_drawn(found.value))
    return Match(
        rule=SECRET,
        start=found.start,
        end=found.end,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
        rank=5,
    )


def _password(found: Assignment) -> Match | None:
    if not is_plausible_password(found.value) or is_placeholder(found.value):
        return None
    strong = is_strong_password(found.value)
    return Match(
        rule=PASSWORD,
        start=found.start,
        end=found.end,
        confidence=Confidence.MEDIUM if strong else Confidence.LOW,
        rank=5,
    )
