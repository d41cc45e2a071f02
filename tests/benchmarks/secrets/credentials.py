"""Forty kinds of credentials that people who work with data and models hold, drawn by a seed.

The formats are facts of the providers, written here anew and not taken from our own rules, so
that a rule with a wrong format is seen.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
import zlib
from typing import Final, NamedTuple

_ALNUM: Final = string.ascii_letters + string.digits
_ALPHABETS: Final = {
    "n": _ALNUM,
    "l": string.ascii_letters,
    "x": string.digits + "abcdef",
    "d": string.digits,
    "w": _ALNUM + "_-",
    "B": string.ascii_uppercase + "234567",
    "s": _ALNUM + "+/",
}
_RUN: Final = re.compile(r"<([a-zA-Z])(\d+)>")


class Kind(NamedTuple):
    """A kind of credential: the variable and keyword people use for it, and its format.

    In a format `<n20>` stands for 20 letters and digits, `<x32>` for 32 hexadecimal digits, and
    so on. `call` is how a client takes it.
    """

    name: str
    variable: str
    keyword: str
    call: str
    format: str


class Credential(NamedTuple):
    """One drawn credential. `value` is what stands in the notebook, `secret` what must be found."""

    kind: Kind
    value: str
    secret: str


KINDS: Final = (
    Kind("openai", "OPENAI_API_KEY", "api_key", "OpenAI", "sk-proj-<w74>T3BlbkFJ<w74>"),
    Kind("openai-legacy", "OPENAI_API_KEY", "api_key", "ChatOpenAI", "sk-<n20>T3BlbkFJ<n20>"),
    Kind("anthropic", "ANTHROPIC_API_KEY", "api_key", "Anthropic", "sk-ant-api03-<w93>AA"),
    Kind("huggingface", "HF_TOKEN", "token", "InferenceClient", "hf_<l34>"),
    Kind("google", "GOOGLE_API_KEY", "api_key", "genai.configure", "AIzaSy<w33>"),
    Kind("aws-id", "AWS_ACCESS_KEY_ID", "aws_access_key_id", "boto3.Session", "AKIA<B16>"),
    Kind("aws-secret", "AWS_SECRET_ACCESS_KEY", "aws_secret_access_key", "boto3.Session", "<s40>"),
    Kind("azure-openai", "AZURE_OPENAI_API_KEY", "api_key", "AzureOpenAI", "<x32>"),
    Kind("cohere", "COHERE_API_KEY", "api_key", "cohere.Client", "<n40>"),
    Kind("mistral", "MISTRAL_API_KEY", "api_key", "Mistral", "<n32>"),
    Kind("groq", "GROQ_API_KEY", "api_key", "Groq", "gsk_<n52>"),
    Kind("xai", "XAI_API_KEY", "api_key", "xai_sdk.Client", "xai-<n80>"),
    Kind("openrouter", "OPENROUTER_API_KEY", "api_key", "ChatOpenRouter", "sk-or-v1-<x64>"),
    Kind("perplexity", "PPLX_API_KEY", "api_key", "ChatPerplexity", "pplx-<n48>"),
    Kind("nvidia", "NVIDIA_API_KEY", "api_key", "ChatNVIDIA", "nvapi-<w64>"),
    Kind("together", "TOGETHER_API_KEY", "api_key", "Together", "tgp_v1_<w43>"),
    Kind("fireworks", "FIREWORKS_API_KEY", "api_key", "Fireworks", "fw_<n24>"),
    Kind("replicate", "REPLICATE_API_TOKEN", "api_token", "replicate.Client", "r8_<n37>"),
    Kind("deepseek", "DEEPSEEK_API_KEY", "api_key", "ChatDeepSeek", "sk-<x32>"),
    Kind("elevenlabs", "ELEVENLABS_API_KEY", "api_key", "ElevenLabs", "sk_<x48>"),
    Kind("tavily", "TAVILY_API_KEY", "api_key", "TavilyClient", "tvly-dev-<n32>"),
    Kind("pinecone", "PINECONE_API_KEY", "api_key", "Pinecone", "pcsk_<n5>_<n63>"),
    Kind("langsmith", "LANGSMITH_API_KEY", "api_key", "langsmith.Client", "lsv2_pt_<x32>_<x10>"),
    Kind(
        "langfuse",
        "LANGFUSE_SECRET_KEY",
        "secret_key",
        "Langfuse",
        "sk-lf-<x8>-<x4>-<x4>-<x4>-<x12>",
    ),
    Kind("wandb", "WANDB_API_KEY", "key", "wandb.login", "<x40>"),
    Kind("kaggle", "KAGGLE_KEY", "key", "kaggle.authenticate", "<x32>"),
    Kind("comet", "COMET_API_KEY", "api_key", "comet_ml.Experiment", "<n25>"),
    Kind("databricks", "DATABRICKS_TOKEN", "access_token", "sql.connect", "dapi<x32>"),
    Kind("github", "GITHUB_TOKEN", "token", "Github", "ghp_"),
    Kind("github-fine", "GH_TOKEN", "token", "Github", "github_pat_<n22>_<n59>"),
    Kind("gitlab", "GITLAB_TOKEN", "private_token", "gitlab.Gitlab", "glpat-<w20>"),
    Kind("npm", "NPM_TOKEN", "token", "publish", "npm_"),
    Kind("pypi", "TWINE_PASSWORD", "password", "upload", "pypi-AgEIcHlwaS5vcmc<w160>"),
    Kind("slack", "SLACK_BOT_TOKEN", "token", "WebClient", "xoxb-<d12>-<d12>-<n24>"),
    Kind("stripe", "STRIPE_SECRET_KEY", "api_key", "stripe.StripeClient", "sk_live_<n24>"),
    Kind("sendgrid", "SENDGRID_API_KEY", "api_key", "SendGridAPIClient", "SG.<w22>.<w43>"),
    Kind("telegram", "TELEGRAM_BOT_TOKEN", "token", "Bot", "<d10>:AA<w33>"),
    Kind("jwt", "SUPABASE_SERVICE_ROLE_KEY", "supabase_key", "create_client", "jwt"),
    Kind("password", "DB_PASSWORD", "password", "psycopg2.connect", "<l7><d3>!<l2>"),
    Kind(
        "dsn",
        "DATABASE_URL",
        "url",
        "create_engine",
        "postgresql://app:<l5><d4><l5>@db.acme.io:5432/prod",
    ),
)


def draw(kind: Kind, source: random.Random) -> Credential:
    """One credential of a kind."""
    if kind.name in {"github", "npm"}:
        body = _run(source, "n", 30)
        value = f"{kind.format}{body}{_base62(zlib.crc32(body.encode()))}"
    elif kind.format == "jwt":
        value = _jwt(source)
    else:
        value = _RUN.sub(lambda run: _run(source, run[1], int(run[2])), kind.format)
    secret = value.split(":", 2)[2].split("@")[0] if kind.name == "dsn" else value
    return Credential(kind, value, secret)


def _run(source: random.Random, alphabet: str, length: int) -> str:
    """Random characters; a letter or digit at both ends, as a copied token has."""
    drawn = [source.choice(_ALPHABETS[alphabet]) for _ in range(length)]
    for index in (0, -1):
        while not drawn[index].isalnum():
            drawn[index] = source.choice(_ALPHABETS[alphabet])
    return "".join(drawn)


def _base62(number: int) -> str:
    digits = string.digits + string.ascii_uppercase + string.ascii_lowercase
    shown = ""
    while number:
        number, digit = divmod(number, 62)
        shown = digits[digit] + shown
    return shown.rjust(6, "0")


def _jwt(source: random.Random) -> str:
    head = {"alg": "HS256", "typ": "JWT"}
    body = {
        "iss": "supabase",
        "ref": _run(source, "n", 20),
        "role": "service_role",
        "iat": 1700000000,
    }
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in (head, body)]
    shown = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts]
    return ".".join([*shown, _run(source, "w", 43)])
