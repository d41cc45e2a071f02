"""The table of provider tokens. A line each: id, name, what it is, format, where to revoke it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.rule import Severity
from .checks import (
    anthropic_ending,
    aws_alphabet,
    crc32_suffix,
    grafana_suffix,
    mixed_key,
    openai_marker,
    pypi_macaroon,
)
from .token import token

if TYPE_CHECKING:
    from .token import TokenFormat

_HIGH: Final = Severity.HIGH
_MEDIUM: Final = Severity.MEDIUM
_UUID: Final = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_GITHUB: Final = "https://github.com/settings/tokens"
_SLACK: Final = "https://api.slack.com/apps"
_OPENAI: Final = "https://platform.openai.com/api-keys"
_GOOGLE: Final = "https://console.cloud.google.com/apis/credentials"
_STRIPE: Final = "https://dashboard.stripe.com/apikeys"

_TABLE: Final[tuple[list[TokenFormat], ...]] = (
    token(
        "SEC101", "aws-access-key-id", "AWS access key id",
        r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}",
        anchors=("AKIA", "ASIA", "ABIA", "ACCA", "A3T"), severity=_HIGH, check=aws_alphabet,
        variable="AWS_ACCESS_KEY_ID", rotate="https://console.aws.amazon.com/iam/home#/security_credentials",
    ),
    token(
        "SEC103", "github-token", "GitHub token",
        r"gh[pousr]_[A-Za-z0-9]{36}",
        anchors=("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), check=crc32_suffix, variable="GITHUB_TOKEN", rotate=_GITHUB,
    ),
    token(
        "SEC104", "github-fine-grained-token", "GitHub fine-grained token",
        r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}", variable="GITHUB_TOKEN", rotate=_GITHUB,
    ),
    token(
        "SEC105", "gitlab-token", "GitLab token",
        r"glpat-[A-Za-z0-9_-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{7,9})?",
        r"gldt-[A-Za-z0-9_-]{20,64}", r"glft-[A-Za-z0-9_-]{20,64}", r"glrt-[A-Za-z0-9_-]{20,64}",
        r"glptt-[0-9a-f]{40}", r"glsoat-[A-Za-z0-9_-]{20,64}", r"glcbt-[A-Za-z0-9_-]{20,64}",
        r"gloas-[0-9a-f]{64}",
        r"glimt-[A-Za-z0-9_-]{25,64}",
        r"glagent-[A-Za-z0-9_-]{20,64}",
        r"GR1348941[A-Za-z0-9_-]{20,64}",
        variable="GITLAB_TOKEN", rotate="https://gitlab.com/-/user_settings/personal_access_tokens",
    ),
    token(
        "SEC106", "slack-token", "Slack token",
        r"xox[abopers]-(?:[0-9]{1,2}-)?[A-Za-z0-9-]{10,250}",
        r"xapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8,16}-[a-z0-9]{32,80}",
        r"xoxe\.xox[bp]-[0-9]-[A-Za-z0-9]{100,200}",
        anchors=("xoxa-", "xoxb-", "xoxo-", "xoxp-", "xoxe-", "xoxr-", "xoxs-", "xapp-", "xoxe.xox"),
        variable="SLACK_BOT_TOKEN", rotate=_SLACK,
    ),
    token(
        "SEC107", "slack-webhook", "Slack webhook",
        r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_]{6,16}/[A-Za-z0-9_/]{10,80}",
        anchors=("https://hooks.slack.com/",), severity=_HIGH, variable="SLACK_WEBHOOK_URL", rotate=_SLACK,
    ),
    token(
        "SEC108", "openai-api-key", "OpenAI API key",
        r"sk-proj-[A-Za-z0-9_-]{20,220}", r"sk-svcacct-[A-Za-z0-9_-]{20,220}",
        r"sk-admin-[A-Za-z0-9_-]{20,220}", check=openai_marker, variable="OPENAI_API_KEY", rotate=_OPENAI,
    ),
    token(
        "SEC109", "openai-legacy-key", "OpenAI or compatible API key",
        r"sk-[A-Za-z0-9]{32,64}", check=mixed_key, variable="OPENAI_API_KEY", rotate=_OPENAI,
    ),
    token(
        "SEC110", "anthropic-api-key", "Anthropic API key",
        r"sk-ant-(?:api|admin|oat|ort|sid)[0-9]{2}-[A-Za-z0-9_-]{60,130}",
        anchors=("sk-ant-",), check=anthropic_ending,
        variable="ANTHROPIC_API_KEY", rotate="https://console.anthropic.com/settings/keys",
    ),
    token(
        "SEC111", "huggingface-token", "Hugging Face token",
        r"hf_[A-Za-z0-9]{34,40}", r"api_org_[A-Za-z0-9]{34}",
        variable="HF_TOKEN", rotate="https://huggingface.co/settings/tokens",
    ),
    token(
        "SEC112", "google-api-key", "Google API key",
        r"AIza[A-Za-z0-9_-]{35}", r"AQ\.Ab8RN6[A-Za-z0-9_-]{44}",
        severity=_HIGH, variable="GOOGLE_API_KEY", rotate=_GOOGLE,
    ),
    token(
        "SEC113", "google-oauth-secret", "Google OAuth secret or access token",
        r"GOCSPX-[A-Za-z0-9_-]{28}", r"ya29\.[A-Za-z0-9_-]{30,400}",
        severity=_HIGH, rotate=_GOOGLE,
    ),
    token(
        "SEC115", "databricks-token", "Databricks token",
        r"dapi[0-9a-f]{32}(?:-[0-9])?", variable="DATABRICKS_TOKEN", rotate="https://docs.databricks.com/dev-tools/auth/pat",
    ),
    token(
        "SEC116", "wandb-api-key", "Weights & Biases API key",
        r"wandb_v1_[A-Za-z0-9_]{60,100}", variable="WANDB_API_KEY", rotate="https://wandb.ai/settings",
    ),
    token(
        "SEC117", "stripe-live-key", "Stripe live key",
        r"sk_live_[A-Za-z0-9]{16,250}", r"rk_live_[A-Za-z0-9]{16,250}", variable="STRIPE_API_KEY", rotate=_STRIPE,
    ),
    token(
        "SEC118", "stripe-test-key", "Stripe test key or webhook secret",
        r"sk_test_[A-Za-z0-9]{16,250}", r"rk_test_[A-Za-z0-9]{16,250}",
        r"whsec_[A-Za-z0-9+/]{32,64}", severity=_MEDIUM, variable="STRIPE_API_KEY", rotate=_STRIPE,
    ),
    token(
        "SEC119", "npm-token", "npm token",
        r"npm_[A-Za-z0-9]{36}", check=crc32_suffix,
        variable="NPM_TOKEN", rotate="https://docs.npmjs.com/revoking-access-tokens",
    ),
    token(
        "SEC120", "pypi-token", "PyPI token",
        r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,400}", r"pypi-AgENdGVzdC5weXBpLm9yZ[A-Za-z0-9_-]{50,400}",
        check=pypi_macaroon, rotate="https://pypi.org/manage/account/token/",
    ),
    token(
        "SEC121", "kaggle-token", "Kaggle API token",
        r"KGAT_[0-9a-f]{32}", variable="KAGGLE_API_TOKEN", rotate="https://www.kaggle.com/settings",
    ),
    token(
        "SEC122", "langsmith-api-key", "LangSmith API key",
        r"lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}", r"lsv2_sk_[0-9a-f]{32}_[0-9a-f]{10}",
        r"ls__[0-9a-f]{32}", variable="LANGSMITH_API_KEY", rotate="https://smith.langchain.com/settings",
    ),
    token(
        "SEC123", "groq-api-key", "Groq API key",
        r"gsk_[A-Za-z0-9]{48,56}", variable="GROQ_API_KEY", rotate="https://console.groq.com/keys",
    ),
    token(
        "SEC124", "replicate-api-token", "Replicate API token",
        r"r8_[A-Za-z0-9]{37,40}", variable="REPLICATE_API_TOKEN", rotate="https://replicate.com/account/api-tokens",
    ),
    token(
        "SEC126", "pinecone-api-key", "Pinecone API key",
        r"pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{50,70}", variable="PINECONE_API_KEY", rotate="https://app.pinecone.io",
    ),
    token("SEC127", "xai-api-key", "xAI API key", r"xai-[A-Za-z0-9]{70,84}", variable="XAI_API_KEY", rotate="https://console.x.ai"),
    token(
        "SEC128", "openrouter-api-key", "OpenRouter API key",
        r"sk-or-v1-[0-9a-f]{64}", variable="OPENROUTER_API_KEY", rotate="https://openrouter.ai/keys",
    ),
    token(
        "SEC129", "perplexity-api-key", "Perplexity API key",
        r"pplx-[A-Za-z0-9]{48,56}", variable="PERPLEXITY_API_KEY", rotate="https://www.perplexity.ai/settings/api",
    ),
    token(
        "SEC130", "nvidia-api-key", "NVIDIA API key",
        r"nvapi-[A-Za-z0-9_-]{60,72}", variable="NVIDIA_API_KEY", rotate="https://build.nvidia.com",
    ),
    token(
        "SEC131", "together-api-key", "Together AI API key",
        r"tgp_v1_[A-Za-z0-9_-]{43}", variable="TOGETHER_API_KEY", rotate="https://api.together.ai/settings/api-keys",
    ),
    token(
        "SEC132", "langfuse-secret-key", "Langfuse secret key",
        rf"sk-lf-{_UUID}", variable="LANGFUSE_SECRET_KEY", rotate="https://cloud.langfuse.com",
    ),
    token(
        "SEC133", "tavily-api-key", "Tavily API key",
        r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{30,34}", anchors=("tvly-",), severity=_HIGH,
        variable="TAVILY_API_KEY", rotate="https://app.tavily.com",
    ),
    token(
        "SEC134", "sendgrid-api-key", "SendGrid API key",
        r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
        variable="SENDGRID_API_KEY", rotate="https://app.sendgrid.com/settings/api_keys",
    ),
    token(
        "SEC135", "jina-api-key", "Jina AI API key",
        r"jina_[0-9a-f]{32}[A-Za-z0-9_-]{28}", severity=_HIGH, variable="JINA_API_KEY", rotate="https://jina.ai/api-dashboard",
    ),
    token(
        "SEC136", "firecrawl-api-key", "Firecrawl API key",
        r"fc-[0-9a-f]{32}", severity=_HIGH, variable="FIRECRAWL_API_KEY", rotate="https://www.firecrawl.dev/app/api-keys",
    ),
    token(
        "SEC137", "grafana-token", "Grafana service account token",
        r"glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}", check=grafana_suffix,
        variable="GRAFANA_SERVICE_ACCOUNT_TOKEN", rotate="https://grafana.com/docs/grafana/latest/administration/service-accounts/",
    ),
    token(
        "SEC138", "digitalocean-token", "DigitalOcean token",
        r"dop_v1_[0-9a-f]{64}", r"doo_v1_[0-9a-f]{64}",
        variable="DIGITALOCEAN_ACCESS_TOKEN", rotate="https://cloud.digitalocean.com/account/api/tokens",
    ),
    token(
        "SEC139", "docker-token", "Docker Hub token",
        r"dckr_pat_[A-Za-z0-9_-]{27}", rotate="https://app.docker.com/settings/personal-access-tokens",
    ),
    token(
        "SEC140", "vault-token", "HashiCorp Vault token",
        r"hvs\.[A-Za-z0-9_-]{24,200}", variable="VAULT_TOKEN", rotate="https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    token(
        "SEC141", "supabase-token", "Supabase key",
        r"sbp_[0-9a-f]{40}", r"sb_secret_[A-Za-z0-9_-]{20,64}",
        variable="SUPABASE_KEY", rotate="https://supabase.com/dashboard/account/tokens",
    ),
    token(
        "SEC142", "elevenlabs-api-key", "ElevenLabs API key",
        r"sk_[0-9a-f]{48}", variable="ELEVENLABS_API_KEY", rotate="https://elevenlabs.io/app/settings/api-keys",
    ),
    token(
        "SEC143", "runpod-api-key", "RunPod API key",
        r"rpa_[A-Z0-9]{40,50}", variable="RUNPOD_API_KEY", rotate="https://console.runpod.io/user/settings",
    ),
    token(
        "SEC144", "cerebras-api-key", "Cerebras API key",
        r"csk-[a-z0-9]{48}", variable="CEREBRAS_API_KEY", rotate="https://cloud.cerebras.ai",
    ),
    token(
        "SEC145", "aws-bedrock-key", "Amazon Bedrock API key",
        r"ABSK[A-Za-z0-9+/]{100,160}={0,2}", variable="AWS_BEARER_TOKEN_BEDROCK", rotate="https://console.aws.amazon.com/bedrock",
    ),
    token(
        "SEC146", "neon-api-key", "Neon API key",
        r"napi_[a-z0-9]{60,68}", variable="NEON_API_KEY", rotate="https://console.neon.tech/app/settings/api-keys",
    ),
)  # fmt: skip

FORMATS: Final = tuple(entry for entries in _TABLE for entry in entries)
