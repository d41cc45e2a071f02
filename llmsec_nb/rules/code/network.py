"""Connections that anyone on the way can read or change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import SiteDetector, hit, is_false, keyword_span, last, node_span
from .plain import PLAIN, plain, plain_in_shell
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import AssignSite, CallSite
    from ...core.rule import Rule
    from .look import Around

_TLS: Final = (
    "Whoever is on the way can answer in the server's place, read the keys that are sent and "
    "change what is downloaded."
)
TLS_OFF: Final = code(
    "COD040",
    "tls-off",
    "the server's certificate is not checked",
    Severity.HIGH,
    _TLS,
    "Take it out; for a server of your own give its certificate: `verify='ca.pem'`.",
    cwe=295,
    reference="https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification",
    examples=(
        bad("import requests\nrequests.get(url, timeout=9, verify=False)", "verify=False"),
        bad("import ssl\nc = ssl._create_unverified_context()", "ssl._create_unverified_context()"),
        bad("import ssl\nssl._create_default_https_context = ssl._create_unverified_context", "ssl._create_default_https_context = ssl._create_unverified_context"),
        bad("import ssl\nc.verify_mode = ssl.CERT_NONE", "c.verify_mode = ssl.CERT_NONE"),
        bad("import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLSv1)", "ssl.PROTOCOL_TLSv1"),
        bad("client = Vault(address, verify_ssl=False)", "verify_ssl=False"),
        bad("async def f(session):\n    return await session.get(url, ssl=False)", "ssl=False"),
        good("connect(host, ssl=False)\nr = session.connect(host, ssl=False)"),
        bad("!curl -sk https://example.org/a", "-sk"),
        bad("%%bash\ngit config --global http.sslVerify false", "http.sslVerify false"),
        bad("import os\nos.environ['PYTHONHTTPSVERIFY'] = '0'", "os.environ['PYTHONHTTPSVERIFY'] = '0'"),
        good("import requests\nrequests.get(url, timeout=9, verify=True)"),
        good("import requests\nrequests.get(url, timeout=9, verify='ca.pem')"),
        good("check(signature, verify=False)"),
        good("import jwt\njwt.decode(token, key)"),
        good("!curl -sL https://example.org/a"),
        good("import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)"),
        good("!wget -k https://example.org/a"),
    ),
)  # fmt: skip
TIMEOUT: Final = code(
    "COD042",
    "no-timeout",
    "a request without a time limit",
    Severity.INFO,
    "A server that does not answer holds the notebook for ever.",
    "Give `timeout=30`.",
    cwe=400,
    reference="https://requests.readthedocs.io/en/latest/user/advanced/#timeouts",
    examples=(
        bad("import requests\nr = requests.get(url)", "requests.get(url)"),
        bad("from urllib.request import urlopen\nr = urlopen(url)", "urlopen(url)"),
        bad("import requests\nrequests.post(url, timeout=None)", "requests.post(url, timeout=None)"),
        good("import requests\nr = requests.get(url, timeout=30)"),
        good("d = {}\nd.get(url)"),
        bad("import httpx\nc = httpx.Client(timeout=None)", "httpx.Client(timeout=None)"),
        good("import httpx\nr = httpx.get(url)"),
    ),
)  # fmt: skip
_CLIENTS: Final = lazy(
    r"(?:requests|httpx|aiohttp|urllib3|urllib|boto3|botocore|openai|elasticsearch|opensearchpy|hvac|ssl|websockets|influxdb\w{0,20}|pymongo|minio"
    r"|qdrant_client|weaviate|kubernetes|mlflow|tritonclient|gradio_client|langchain\w{0,30}|llama_index\w{0,30}|anthropic)\b.*"
)
_BY_NAME: Final = lazy(r"\?(?:\w{0,20}(?:session|client|http)\w{0,20})\b.*|", re.IGNORECASE)
_TELLING: Final = (
    "verify_ssl", "verify_certs", "check_hostname", "ssl_verify", "tls_verify", "verify_tls", "verify_ssl_certs", "ssl_verification",
)  # fmt: skip
"""Arguments that can mean nothing else, whatever is called."""
_METHODS: Final = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "ws_connect"}
)
_REQUESTS: Final = lazy(
    r"requests\.(?:(?:Session|session|sessions\.Session)\(\)\.)?(?:get|post|put|patch|delete|head|options|request)"
    r"|urllib\.request\.urlopen"
)
_OFF: Final = lazy(r"\.check_hostname\Z|[sS]ession\S{0,40}\.verify\Z")
_OLD_TLS: Final = lazy(
    r"\.PROTOCOL_(?:SSLv[23]|TLSv1(?:_1)?)\Z|\bSSL\.(?:SSLv[23]|TLSv1(?:_1)?)_METHOD\Z|TLSVersion\.(?:SSLv3|TLSv1(?:_1)?)\Z"
)
_YES: Final = frozenset({"1", "true"})
_ENVIRONMENT: Final = {
    "PYTHONHTTPSVERIFY": frozenset({"0"}), "NODE_TLS_REJECT_UNAUTHORIZED": frozenset({"0"}), "CURL_CA_BUNDLE": frozenset({""}), "REQUESTS_CA_BUNDLE": frozenset({""}),
    "GIT_SSL_NO_VERIFY": _YES, "HF_HUB_DISABLE_SSL_VERIFICATION": _YES, "WANDB_INSECURE_DISABLE_SSL": _YES, "MLFLOW_TRACKING_INSECURE_TLS": _YES,
}  # fmt: skip
_SHELL_OFF: Final = lazy(
    r"\bcurl\b[^|;&\n]{0,300}?\s(?P<curl>-[a-zA-Z]{0,8}k[a-zA-Z]{0,8}|--insecure)(?=\s|$)"
    r"|\bwget\b[^|;&\n]{0,300}?\s(?P<wget>--no-check-certificate)\b"
    r"|\bgit\b[^|;&\n]{0,200}?(?P<git>http\.sslVerify[ =]false)\b"
    r"|\b(?P<env>GIT_SSL_NO_VERIFY=(?:1|true)|NODE_TLS_REJECT_UNAUTHORIZED=0|PYTHONHTTPSVERIFY=0)\b"
    r"|\b(?P<npm>npm[ ]config[ ]set[ ]strict-ssl[ ]false)\b",
    re.IGNORECASE,
)


class Network(SiteDetector):
    """COD040 to COD042."""

    rules: ClassVar[tuple[Rule, ...]] = (TLS_OFF, PLAIN, TIMEOUT)
    literals: ClassVar[tuple[str, ...]] = (
        "verify", "ssl", "curl", "wget", "http", "requests", "urlopen", "certificate", "tls", "insecure", "cert_", "urllib3", "check_hostname",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        yield from _tls(site, around)
        yield from _old_tls(site, around)
        if _REQUESTS.fullmatch(site.path) or site.path.startswith("httpx."):
            yield from _endless(site)
        yield from plain(site, around)

    def assign(self, site: AssignSite, around: Around) -> Iterator[Match]:
        """Settings that hold for all that follows."""
        value = site.value.constant
        unchecked = site.value.path in {"ssl.CERT_NONE", "ssl._create_unverified_context"}
        is_off = value is False and _OFF.search(site.path) is not None
        named = _ENVIRONMENT.get(str(site.key.constant), frozenset())
        by_name = site.path == "os.environ[]" and str(value).lower() in named
        if unchecked or is_off or by_name:
            yield hit(TLS_OFF, site, "no certificate is checked from here on")

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`curl -k` and `wget http://...`."""
        yield from _in_shell(text, start, end)


def _endless(site: CallSite) -> Iterator[Match]:
    """A request that may wait for ever; httpx has a limit unless it is taken away."""
    limit = site.keywords.get("timeout")
    if limit is not None:
        is_missing = limit.is_constant and limit.constant is None
    else:
        spread = any(keyword.arg is None for keyword in site.node.keywords)
        third = "urlopen" in site.path and len(site.arguments) > 2
        is_missing = not (spread or third or site.path.startswith("httpx."))
    if is_missing:
        yield hit(TIMEOUT, site, "give it a timeout")


def _tls(site: CallSite, around: Around) -> Iterator[Match]:
    known = _CLIENTS.fullmatch(site.path) or _BY_NAME.fullmatch(site.path)
    for name in ("verify", *_TELLING):
        if is_false(site, name) and (known or name in _TELLING):
            message = "the server's certificate is not checked"
            yield hit(TLS_OFF, site, message, span=keyword_span(site, name, around))
    by_name = last(site.path) in _METHODS and site.path and _BY_NAME.fullmatch(site.path)
    if is_false(site, "ssl") and (site.path.startswith("aiohttp.") or by_name):
        message = "the server's certificate is not checked"
        yield hit(TLS_OFF, site, message, span=keyword_span(site, "ssl", around))
    for name, value in site.keywords.items():
        if value.path == "ssl.CERT_NONE" or (name == "cert_reqs" and value.constant == "CERT_NONE"):
            yield hit(
                TLS_OFF,
                site,
                "the server's certificate is not checked",
                span=keyword_span(site, name, around),
            )
    if site.path == "ssl._create_unverified_context":
        yield hit(TLS_OFF, site, "the server's certificate is not checked")
    if site.path in {"urllib3.disable_warnings", "requests.packages.urllib3.disable_warnings"}:
        message = "warnings of unchecked certificates are silenced"
        yield hit(TLS_OFF, site, message, severity=Severity.LOW, confidence=Confidence.LOW)


def _old_tls(site: CallSite, around: Around) -> Iterator[Match]:
    given = [*zip(site.node.args, site.arguments, strict=True)]
    named = [(one.value, site.keywords[one.arg]) for one in site.node.keywords if one.arg]
    for node, value in (*given, *named):
        if _OLD_TLS.search(value.path):
            message = "a version of TLS that is broken"
            span = node_span(site, node, around)
            yield hit(TLS_OFF, site, message, severity=Severity.MEDIUM, span=span)


def _in_shell(text: str, start: int, end: int) -> Iterator[Match]:
    for found in _SHELL_OFF.finditer(text, start, end):
        first, behind = found.span(found.lastgroup or 0)
        yield Match(
            rule=TLS_OFF, start=first, end=behind, message="the server's certificate is not checked"
        )
    yield from plain_in_shell(text, start, end)


DETECTORS: Final = (Network(),)
