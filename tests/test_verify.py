"""`--verify`: one request for a value, to its provider alone, and only when it is asked for."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from llmsec_nb import cli
from llmsec_nb.api import Outcome, check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Skip, Validity, Verification
from llmsec_nb.core.rule import Confidence
from llmsec_nb.engine import Scanned
from llmsec_nb.inquiry import verify
from llmsec_nb.inquiry.providers import PROVIDERS, Provider, provider_of
from llmsec_nb.inquiry.verify import Verifier
from llmsec_nb.report import render

from .conftest import Run, write_notebook
from .samples import Maker

BY_NAME = {provider.name: provider for provider in PROVIDERS}
ASKED = {
    "SEC103": "GitHub",
    "SEC104": "GitHub",
    "SEC105": "GitLab",
    "SEC106": "Slack",
    "SEC108": "OpenAI",
    "SEC110": "Anthropic",
    "SEC111": "Hugging Face",
    "SEC112": "Google",
    "SEC117": "Stripe",
    "SEC119": "npm",
    "SEC123": "Groq",
    "SEC124": "Replicate",
    "SEC134": "SendGrid",
}


class Providers:
    """All providers at once, on a loopback address: what they answer, and what they were asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str]] = {}
        self.asked: list[tuple[str, str, str, dict[str, str]]] = []
        self.location = ""

    def connect(self, host: str, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    port = 0


@pytest.fixture
def providers() -> Iterator[Providers]:
    known = Providers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"]
            known.asked.append((self.command, host, self.path, dict(self.headers)))
            status, body = known.answers.get(host, (500, "{}"))
            self.send_response(status)
            if known.location:
                self.send_header("Location", known.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815 (http.server's name)

        def log_message(self, *words: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.port = server.server_port
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield known
        server.shutdown()


def asked(folder: Path, verifier: Verifier, *sources: str, **config: Any) -> Outcome:
    write_notebook(folder / "a.ipynb", *sources)
    return check_paths([str(folder)], Config(**config), inquiries=[verifier])


def only(found: Outcome) -> Verification:
    (finding,) = found.report.findings
    assert finding.verification is not None
    return finding.verification


def token_of(rule: str) -> str:
    """A token of a rule that its provider is asked about: not all of them can be."""
    maker = Maker(7)
    return next(token for _ in range(999) if provider_of(token := maker.token(rule)))


def secret_of(provider: Provider, maker: Maker) -> str:
    return maker.matching(provider.pattern)


@pytest.mark.parametrize("rule", sorted(ASKED))
def test_rules_and_providers_agree(rule: str) -> None:
    maker = Maker(5)
    names = {found.name for _ in range(400) if (found := provider_of(maker.token(rule)))}
    assert names == {ASKED[rule]}


def test_ten_providers_and_where_their_facts_are_from() -> None:
    assert len({provider.host for provider in PROVIDERS}) == len(PROVIDERS) >= 10
    for provider in PROVIDERS:
        assert provider.path.startswith("/")
        assert all(re.match(r"https://[a-z.]+/", source) for source in provider.sources)
        assert {answer.validity for answer in provider.answers} == {
            Validity.ACTIVE,
            Validity.INACTIVE,
        }


@pytest.mark.parametrize(
    ("rule", "answer", "validity", "severity", "reason"),
    [
        ("SEC108", (200, "{}"), "active", "critical", "api.openai.com accepts it (200)"),
        ("SEC108", (401, '{"error": {"code": "invalid_api_key"}}'), "inactive", "high", "api.openai.com refuses it (401)"),
        ("SEC108", (401, '{"error": {"code": "ip_not_authorized"}}'), "unknown", "critical", "api.openai.com gave no clear answer (401)"),
        ("SEC108", (403, '{"error": {"message": "You have insufficient permissions for this"}}'), "active", "critical", "api.openai.com accepts it (403)"),
        ("SEC108", (403, '{"error": {"code": "unsupported_country_region_territory"}}'), "unknown", "critical", "api.openai.com gave no clear answer (403)"),
        ("SEC110", (200, "{}"), "active", "critical", "api.anthropic.com accepts it (200)"),
        ("SEC110", (401, '{"error": {"type": "authentication_error"}}'), "inactive", "high", "api.anthropic.com refuses it (401)"),
        ("SEC110", (403, '{"error": {"type": "forbidden"}}'), "unknown", "critical", "api.anthropic.com gave no clear answer (403)"),
        ("SEC111", (200, "{}"), "active", "critical", "huggingface.co accepts it (200)"),
        ("SEC111", (401, "{}"), "inactive", "high", "huggingface.co refuses it (401)"),
        ("SEC104", (200, "{}"), "active", "critical", "api.github.com accepts it (200)"),
        ("SEC104", (401, "{}"), "inactive", "critical", "api.github.com refuses it (401); an Enterprise server may still accept it"),
        ("SEC104", (403, "{}"), "unknown", "critical", "api.github.com gave no clear answer (403)"),
        ("SEC117", (200, "{}"), "active", "critical", "api.stripe.com accepts it (200)"),
        ("SEC117", (401, "{}"), "inactive", "high", "api.stripe.com refuses it (401)"),
        ("SEC117", (403, "{}"), "active", "critical", "api.stripe.com accepts it (403)"),
        ("SEC134", (200, "{}"), "active", "critical", "api.sendgrid.com accepts it (200)"),
        ("SEC134", (401, "{}"), "inactive", "critical", "api.sendgrid.com refuses it (401); its regional server may still accept it"),
        ("SEC119", (200, "{}"), "active", "critical", "registry.npmjs.org accepts it (200)"),
        ("SEC119", (401, "{}"), "inactive", "high", "registry.npmjs.org refuses it (401)"),
        ("SEC123", (200, "{}"), "active", "critical", "api.groq.com accepts it (200)"),
        ("SEC123", (401, "{}"), "inactive", "high", "api.groq.com refuses it (401)"),
        ("SEC124", (200, "{}"), "active", "critical", "api.replicate.com accepts it (200)"),
        ("SEC124", (401, "{}"), "inactive", "high", "api.replicate.com refuses it (401)"),
        ("SEC124", (500, "{}"), "unknown", "critical", "api.replicate.com gave no clear answer (500)"),
        ("SEC124", (429, "{}"), "unknown", "critical", "api.replicate.com asks to wait (429)"),
    ],
)  # fmt: skip
def test_answers(
    providers: Providers,
    tmp_path: Path,
    rule: str,
    answer: tuple[int, str],
    validity: str,
    severity: str,
    reason: str,
) -> None:
    token = token_of(rule)
    provider = BY_NAME[ASKED[rule]]
    providers.answers[provider.host] = answer
    found = asked(tmp_path, Verifier(providers.connect), f"k = '{token}'")
    (finding,) = found.report.findings
    usual = check_paths([str(tmp_path)], Config()).report.findings[0].severity
    assert only(found) == Verification(validity=Validity(validity), reason=reason)
    if usual == "critical":
        assert finding.severity == severity
    ((method, host, path, headers),) = providers.asked
    assert (method, host, path) == ("GET", provider.host, provider.path)
    assert headers[provider.header] == provider.scheme + token
    assert [name for name, value in headers.items() if token in value] == [provider.header]
    assert found.report.summary.by_severity == {finding.severity.value: 1}


@pytest.mark.parametrize(
    ("name", "method", "answer", "validity"),
    [
        ("Slack", "POST", (200, '{"ok":true,"team":"x"}'), "active"),
        ("Slack", "POST", (200, '{"ok": false, "error": "token_revoked"}'), "inactive"),
        ("Slack", "POST", (200, '{"ok":false,"error":"invalid_auth"}'), "inactive"),
        ("Slack", "POST", (200, '{"ok":false,"error":"internal_error"}'), "unknown"),
        ("GitLab", "GET", (200, '{"active":true}'), "active"),
        ("GitLab", "GET", (401, "{}"), "inactive"),
        ("Google", "GET", (200, "{}"), "active"),
        ("Google", "GET", (400, '{"error":{"details":[{"reason": "API_KEY_INVALID"}]}}'), "inactive"),
        ("Google", "GET", (403, '{"error":{"details":[{"reason": "API_KEY_SERVICE_BLOCKED"}]}}'), "active"),
        ("Google", "GET", (400, "{}"), "unknown"),
    ],
)  # fmt: skip
def test_answers_that_a_word_decides(
    providers: Providers, name: str, method: str, answer: tuple[int, str], validity: str
) -> None:
    provider = BY_NAME[name]
    value = secret_of(provider, Maker(3))
    providers.answers[provider.host] = answer
    verification, _ = Verifier(providers.connect)._ask(value, provider)
    assert verification.validity == validity
    ((told, host, path, headers),) = providers.asked
    assert (told, host, path) == (method, provider.host, provider.path)
    assert headers[provider.header] == provider.scheme + value


def test_each_value_is_sent_once_with_a_pause_for_each_host(
    providers: Providers, tmp_path: Path
) -> None:
    maker = Maker(9)
    tokens = [maker.token("SEC104") for _ in range(3)] + [maker.token("SEC124")]
    pauses: list[float] = []
    verifier = Verifier(providers.connect, sleep=pauses.append)
    source = "\n".join(f"k{n} = '{token}'" for n, token in enumerate(tokens))
    found = asked(tmp_path, verifier, source, source, f"print('{tokens[0]}')")
    assert len(found.report.findings) == 9
    sent = [headers["Authorization"] for *_, headers in providers.asked]
    assert sorted(sent) == sorted(f"Bearer {token}" for token in tokens)
    assert [host for _, host, *_ in providers.asked][:2] == ["api.github.com", "api.replicate.com"]
    assert len(pauses) == 2
    assert 0.5 < pauses[0] <= 1 < pauses[1] <= 2  # the test's clock stands still while it "sleeps"


def test_no_more_than_so_many(providers: Providers, tmp_path: Path) -> None:
    maker = Maker(9)
    source = "\n".join(f"k{n} = '{maker.token('SEC104')}'" for n in range(4))
    verifier = Verifier(providers.connect, most=3, sleep=lambda _: None)
    found = asked(tmp_path, verifier, source)
    assert len(providers.asked) == 3
    assert [f.verification is None for f in found.report.findings] == [False, False, False, True]
    assert [(s.path, s.message) for s in found.report.skips] == [
        ("--verify", "1 values were not verified: a run sends at most 3")
    ]


def test_a_host_that_fails_is_left_alone(tmp_path: Path) -> None:
    maker = Maker(9)
    calls: list[str] = []
    secret = maker.token("SEC104")

    def refuse(host: str, timeout: float) -> http.client.HTTPConnection:
        calls.append(host)
        raise ConnectionRefusedError(f"cannot send {secret}")

    source = f"a = '{secret}'\nb = '{maker.token('SEC104')}'"
    found = asked(tmp_path, Verifier(refuse), source)
    reason = "api.github.com cannot be asked (ConnectionRefusedError)"
    assert [f.verification for f in found.report.findings] == [
        Verification(validity=Validity.UNKNOWN, reason=reason)
    ] * 2
    assert calls == ["api.github.com"]
    shown = "".join(render(found, form) for form in ("text", "json", "sarif", "github"))
    assert secret not in shown
    assert secret[-12:] not in shown
    assert f"= not verified: {reason}\n" in render(found, "text")


def test_redirects_are_not_followed(providers: Providers, tmp_path: Path) -> None:
    providers.answers["api.replicate.com"] = (302, "")
    providers.location = f"http://127.0.0.1:{providers.port}/elsewhere"
    found = asked(tmp_path, Verifier(providers.connect), f"k = '{token_of('SEC124')}'")
    assert only(found).reason == "api.replicate.com gave no clear answer (302)"
    assert [path for _, _, path, _ in providers.asked] == ["/v1/account"]


def test_proxies_and_netrc_are_not_used(
    providers: Providers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text("default login wrong password wrong\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    providers.answers["api.replicate.com"] = (200, "{}")
    token = token_of("SEC124")
    assert only(asked(tmp_path, Verifier(providers.connect), f"k = '{token}'")).validity == "active"
    assert providers.asked[0][3]["Authorization"] == f"Bearer {token}"
    assert isinstance(verify.secured("api.replicate.com", 1), http.client.HTTPSConnection)


def test_a_certificate_that_nobody_signed_gets_no_value(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "k", tmp_path / "c"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    asked_for: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked_for.append(self.path)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # it is refused
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        there = partial(_there, f"localhost:{server.server_port}")
        found = asked(tmp_path, Verifier(there), f"k = '{token_of('SEC124')}'")
        server.shutdown()
    assert only(found).reason == "api.replicate.com cannot be asked (SSLCertVerificationError)"
    assert asked_for == []


def _there(address: str, host: str, timeout: float) -> http.client.HTTPConnection:
    return verify.secured(address, timeout)


def test_nobody_is_asked_about_what_is_suppressed_or_unsure(
    providers: Providers, tmp_path: Path
) -> None:
    maker = Maker(2)
    ignored = f"k = '{maker.token('SEC104')}'  # llmsec: ignore[SEC104] an example"
    found = asked(tmp_path, Verifier(providers.connect), ignored, "password = 'Tr0ub4dor!x'")
    assert [f.verification for f in found.report.findings] == [None, None]
    assert providers.asked == []


def test_a_defect_of_an_inquiry_hides_no_finding(tmp_path: Path) -> None:
    token = token_of("SEC124")
    write_notebook(tmp_path / "a.ipynb", f"k = '{token}'")
    seen: list[str] = []

    def broken(results: Sequence[Scanned]) -> list[Skip]:
        seen.extend(
            value for result in results for held in result.values.values() for value in held
        )
        assert token not in repr(results)
        raise RuntimeError(token)

    report = check_paths([str(tmp_path)], Config(), inquiries=[broken]).report
    assert seen == [token]
    assert [f.rule for f in report.findings] == ["SEC124"]
    assert [s.message for s in report.skips] == [
        "not all was asked: it stopped with RuntimeError; please report it"
    ]


def test_what_fits_no_header_is_no_candidate() -> None:
    for provider in PROVIDERS:
        value = secret_of(provider, Maker(3))
        assert provider_of(value) is provider
        for bad in ("\r\nHost: x", "\n", " ", "\u00e9", "\0"):
            assert provider_of(value + bad) is None


def test_valid_is_sure(providers: Providers, tmp_path: Path) -> None:
    providers.answers["api.github.com"] = (200, "{}")
    token = token_of("SEC103")
    wrong = token[:-6] + token[-6:].swapcase().translate(str.maketrans("0123456789", "1234567890"))
    found = asked(
        tmp_path, Verifier(providers.connect), f"k = '{wrong}'", min_confidence=Confidence.LOW
    )
    assert [(f.confidence, f.verification is not None) for f in found.report.findings] == [
        (Confidence.HIGH, True)
    ]


def test_the_command_tells_and_shows(
    providers: Providers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(verify, "Verifier", partial(Verifier, providers.connect))
    token = token_of("SEC124")
    write_notebook(tmp_path / "a.ipynb", f"k = '{token}'")
    providers.answers["api.replicate.com"] = (200, "{}")
    assert cli.main(["check", "--verify"]) == 1
    shown = capsysbinary.readouterr()
    assert shown.err == b"llmsec: asking api.replicate.com about 1 found values\n"
    assert b" [critical, active]\n" in shown.out
    assert b"  = verified: active, api.replicate.com accepts it (200)\n" in shown.out
    assert token.encode() not in shown.out + shown.err
    assert cli.main(["check", "--verify", "--format", "json"]) == 1
    (finding,) = json.loads(capsysbinary.readouterr().out)["findings"]
    reason = "api.replicate.com accepts it (200)"
    assert finding["verification"] == {"validity": "active", "reason": reason}
    assert cli.main(["check", "--verify", "--format", "sarif"]) == 1
    log = json.loads(capsysbinary.readouterr().out)
    assert log["runs"][0]["results"][0]["properties"]["verification"]["validity"] == "active"


def test_not_in_ci_unless_that_is_said(
    providers: Providers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(verify, "Verifier", partial(Verifier, providers.connect))
    monkeypatch.chdir(tmp_path)
    write_notebook(tmp_path / "a.ipynb", f"k = '{token_of('SEC124')}'")
    monkeypatch.setenv("CI", "true")
    assert cli.main(["check", "--verify"]) == 2
    assert capsys.readouterr().err == (
        "llmsec: --verify sends what it finds to the providers, so it does not run where CI is "
        "set; --verify-in-ci says that it shall\n"
    )
    assert providers.asked == []
    for words, ci in ((["--verify-in-ci"], "true"), (["--verify"], "false"), (["--verify"], "")):
        monkeypatch.setenv("CI", ci)
        cli.main(["check", "-q", *words])
    assert len(providers.asked) == 3


@pytest.mark.parametrize("text", ["verify = true\n", 'verify = "ci"\n', "verify-in-ci = true\n"])
def test_no_configuration_switches_it_on(llmsec: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "llmsec.toml").write_text(text)
    done = llmsec("check", ".")
    assert done.returncode == 2
    assert "unknown key" in done.stderr


_HOOKED = """\
import sys
def hook(event, args):
    if event.split(".")[0] in {"socket", "ssl", "http", "urllib"}:
        print("NETWORK", event, flush=True)
        raise SystemExit(9)
sys.addaudithook(hook)
from llmsec_nb.cli import main
sys.exit(main(["check", "--jobs", "1", *sys.argv[1:], "."]))
"""


@pytest.mark.parametrize(
    ("words", "code", "touched"),
    [((), 1, False), (("--history",), 1, False), (("--verify-in-ci",), 9, True)],
)
def test_no_socket_without_the_word(
    tmp_path: Path, words: tuple[str, ...], code: int, touched: bool
) -> None:
    maker = Maker(6)
    write_notebook(tmp_path / "a.ipynb", *(f"k = '{maker.token(rule)}'" for rule in sorted(ASKED)))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "llmsec.toml").write_text('select = ["SEC"]\n')
    done = subprocess.run(
        [sys.executable, "-c", _HOOKED, *words],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, "NETWORK" in done.stdout) == (code, touched), done.stderr
    assert touched or f"{len(ASKED)} findings" in done.stdout
