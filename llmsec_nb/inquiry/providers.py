"""Whom to ask about a credential: one documented request for each provider that changes nothing.

The facts of each record are those of the pages that it names.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from ..core.finding import Validity

_ACTIVE: Final = Validity.ACTIVE
_INACTIVE: Final = Validity.INACTIVE
_JSON: Final = (("Accept", "application/json"),)


class Answer(Struct, frozen=True):
    """What an HTTP status means, if the body holds `says` (white space left out).

    `but` is what a refusal leaves open: then the value may still be good.
    """

    status: int
    validity: Validity
    says: str = ""
    but: str = ""


class Provider(Struct, frozen=True, kw_only=True):
    """A request that tells whether a value is valid, with the value in one header alone.

    Only a value that matches the `pattern` as a whole is sent, and it fits a header. The first of
    the `answers` that fits counts; any other answer says nothing.
    """

    name: str
    pattern: str
    host: str
    path: str
    answers: tuple[Answer, ...]
    sources: tuple[str, ...]
    method: str = "GET"
    header: str = "Authorization"
    scheme: str = "Bearer "
    headers: tuple[tuple[str, str], ...] = _JSON


_OK: Final = Answer(200, _ACTIVE)
_REFUSED: Final = Answer(401, _INACTIVE)

PROVIDERS: Final = (
    Provider(
        name="OpenAI",
        pattern=r"sk-(?:(?:proj|svcacct)-[\w-]{10,150}|[A-Za-z0-9]{20})T3BlbkFJ[\w-]{20,150}",
        host="api.openai.com",
        path="/v1/models",
        answers=(
            _OK,
            Answer(401, _INACTIVE, '"invalid_api_key"'),
            Answer(401, _INACTIVE, '"account_deactivated"'),
            Answer(403, _ACTIVE, "insufficient permissions"),
        ),
        sources=(
            "https://platform.openai.com/docs/api-reference/models/list",
            "https://platform.openai.com/docs/guides/error-codes",
        ),
    ),
    Provider(
        name="Anthropic",
        pattern=r"sk-ant-api[0-9]{2}-[\w-]{60,130}",
        host="api.anthropic.com",
        path="/v1/models",
        header="x-api-key",
        scheme="",
        headers=(*_JSON, ("anthropic-version", "2023-06-01")),
        answers=(
            _OK,
            Answer(401, _INACTIVE, '"authentication_error"'),
            Answer(403, _ACTIVE, '"permission_error"'),
        ),
        sources=(
            "https://docs.claude.com/en/api/models-list",
            "https://docs.claude.com/en/api/errors",
        ),
    ),
    Provider(
        name="Hugging Face",
        pattern=r"(?:hf|api_org)_[\w-]{30,60}",
        host="huggingface.co",
        path="/api/whoami-v2",
        answers=(_OK, _REFUSED),
        sources=("https://huggingface.co/docs/hub/api",),
    ),
    Provider(
        name="Google",
        pattern=r"AIza[\w-]{35,40}",
        host="generativelanguage.googleapis.com",
        path="/v1beta/models",
        header="x-goog-api-key",
        scheme="",
        answers=(
            _OK,
            Answer(400, _INACTIVE, '"API_KEY_INVALID"'),
            Answer(403, _ACTIVE, '"API_KEY_SERVICE_BLOCKED"'),
            Answer(403, _ACTIVE, '"SERVICE_DISABLED"'),
        ),
        sources=(
            "https://ai.google.dev/api/models",
            "https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto",
        ),
    ),
    Provider(
        name="GitHub",
        # Tokens of installations, and those that refresh others, name no user.
        pattern=r"(?:gh[pou]|github_pat)_\w{36,100}",
        host="api.github.com",
        path="/user",
        headers=(
            ("Accept", "application/vnd.github+json"),
            ("X-GitHub-Api-Version", "2022-11-28"),
        ),
        answers=(
            _OK,
            Answer(401, _INACTIVE, but="an Enterprise server may still accept it"),
        ),
        sources=("https://docs.github.com/en/rest/users/users#get-the-authenticated-user",),
    ),
    Provider(
        name="GitLab",
        pattern=r"glpat-[\w.-]{20,320}",
        host="gitlab.com",
        path="/api/v4/personal_access_tokens/self",
        header="PRIVATE-TOKEN",
        scheme="",
        answers=(_OK, Answer(401, _INACTIVE, but="another GitLab may still accept it")),
        sources=("https://docs.gitlab.com/api/personal_access_tokens/",),
    ),
    Provider(
        name="Slack",
        pattern=r"xox[bp]-[\w-]{10,260}",
        host="slack.com",
        path="/api/auth.test",
        method="POST",
        answers=(
            Answer(200, _ACTIVE, '"ok":true'),
            Answer(200, _INACTIVE, '"token_revoked"'),
            Answer(200, _INACTIVE, '"token_expired"'),
            Answer(200, _INACTIVE, '"account_inactive"'),
            Answer(200, _INACTIVE, '"invalid_auth"', "it may be refused only from this address"),
        ),
        sources=("https://docs.slack.dev/reference/methods/auth.test",),
    ),
    Provider(
        name="Stripe",
        pattern=r"[rs]k_(?:live|test)_[\w-]{10,250}",
        host="api.stripe.com",
        path="/v1/balance",
        answers=(_OK, _REFUSED, Answer(403, _ACTIVE)),
        sources=(
            "https://docs.stripe.com/api/balance/balance_retrieve",
            "https://docs.stripe.com/api/errors",
        ),
    ),
    Provider(
        name="SendGrid",
        pattern=r"SG\.[\w-]{16,40}\.[\w-]{16,60}",
        host="api.sendgrid.com",
        path="/v3/scopes",
        answers=(
            _OK,
            Answer(401, _INACTIVE, but="its regional server may still accept it"),
        ),
        sources=("https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions",),
    ),
    Provider(
        name="npm",
        pattern=r"npm_[\w-]{36,80}",
        host="registry.npmjs.org",
        path="/-/whoami",
        answers=(_OK, _REFUSED),
        sources=("https://docs.npmjs.com/cli/commands/npm-whoami",),
    ),
    Provider(
        name="Groq",
        pattern=r"gsk_[\w-]{40,80}",
        host="api.groq.com",
        path="/openai/v1/models",
        answers=(_OK, _REFUSED),
        sources=(
            "https://console.groq.com/docs/api-reference#models-list",
            "https://console.groq.com/docs/errors",
        ),
    ),
    Provider(
        name="Replicate",
        pattern=r"r8_[\w-]{37,60}",
        host="api.replicate.com",
        path="/v1/account",
        answers=(_OK, _REFUSED),
        sources=("https://replicate.com/docs/reference/http#account.get",),
    ),
)


def provider_of(value: str) -> Provider | None:
    """Whom to ask about a value; None if nobody can be asked."""
    for provider in PROVIDERS:
        if re.fullmatch(provider.pattern, value, re.ASCII):
            return provider
    return None
