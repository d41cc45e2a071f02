"""Servers and storage that strangers can reach."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .look import SiteDetector, hit, is_true, keyword_span, last, node_span
from .policies import open_policies
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import AssignSite, CallSite
    from ...cells.unit import Unit
    from ...cells.values import Value
    from ...core.rule import Rule
    from .look import Around

PUBLIC: Final = code(
    "COD050",
    "public-tunnel",
    "the notebook's server is put on the Internet",
    Severity.MEDIUM,
    "Anyone who has or guesses the address can use the app, your model and what it can reach.",
    "Leave the tunnel out, or ask for a password: `launch(auth=...)`.",
    cwe=668,
    owasp=("LLM06:2025",),
    reference="https://www.gradio.app/guides/sharing-your-app",
    examples=(
        bad("import gradio as gr\ndemo = gr.Interface(f, 'text', 'text')\ndemo.launch(share=True)", "share=True"),
        bad("from pyngrok import ngrok\nurl = ngrok.connect(8000)", "ngrok.connect(8000)"),
        bad("!npx localtunnel --port 8501", "npx localtunnel"),
        bad("!npm install localtunnel && npx localtunnel --port 8501", "npx localtunnel"),
        good("!npm install -g localtunnel"),
        good("import gradio as gr\ndemo = gr.Interface(f, 'text', 'text')\ndemo.launch(share=False)"),
        good("plot(df, share=True)"),
        good("import matplotlib.pyplot as plt\nplt.subplots(2, sharex=True)"),
    ),
)  # fmt: skip
OPEN: Final = code(
    "COD051",
    "open-to-network",
    "a server that listens on all addresses, or without a password",
    Severity.MEDIUM,
    "Everyone in the same network can reach it; a Jupyter server without token runs anyone's code.",
    "Listen on 127.0.0.1; keep Jupyter's token.",
    cwe=1327,
    owasp=("LLM06:2025",),
    reference="https://jupyter-server.readthedocs.io/en/latest/operators/security.html",
    examples=(
        bad("import uvicorn\nuvicorn.run(app, host='0.0.0.0')", "host='0.0.0.0'"),
        bad("demo.launch(server_name='0.0.0.0')", "server_name='0.0.0.0'"),
        bad("import socket\ns = socket.socket()\ns.bind(('', 80))\ns.bind(('0.0.0.0', 80))", "('', 80)", "('0.0.0.0', 80)"),
        bad("!jupyter lab --ServerApp.token=''", "--ServerApp.token=''"),
        bad("!vllm serve a/b --host 0.0.0.0", "--host 0.0.0.0"),
        bad("!python app.py --server_name 0.0.0.0", "--server_name 0.0.0.0"),
        good("!python app.py --server_name 127.0.0.1"),
        good("import uvicorn\nuvicorn.run(app, host='127.0.0.1')"),
        good("print('0.0.0.0')"),
        good("!jupyter lab --no-browser"),
        good("ip = '0.0.0.0'"),
    ),
)  # fmt: skip
DEBUG: Final = code(
    "COD052",
    "debug-server",
    "a web server in debug mode",
    Severity.MEDIUM,
    "Its debugger lets whoever sees an error page run code.",
    "Take `debug=True` out.",
    cwe=489,
    owasp=("LLM06:2025",),
    reference="https://flask.palletsprojects.com/en/stable/debugging/",
    examples=(
        bad("from flask import Flask\napp = Flask('a')\napp.run(debug=True)", "debug=True"),
        bad("import dash\napp = dash.Dash()\napp.run_server(debug=True)", "debug=True"),
        good("from flask import Flask\napp = Flask('a')\napp.run(debug=False)"),
        good("import asyncio\nasyncio.run(f(), debug=True)"),
    ),
)  # fmt: skip
STORAGE: Final = code(
    "COD053",
    "public-storage",
    "a bucket or file that anyone may read",
    Severity.HIGH,
    "Data sets and models in it can be copied by anyone, or changed, where writing is open, too.",
    "Keep it private and give signed addresses that expire.",
    cwe=732,
    owasp=("LLM02:2025",),
    atlas=("AML.T0035",),
    reference="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    examples=(
        bad("s3.put_object(Bucket=b, Key=k, ACL='public-read')", "ACL='public-read'"),
        bad("s3.upload_file(a, b, c, ExtraArgs={'ACL': 'public-read-write'})", "'public-read-write'"),
        bad("from google.cloud import storage\nblob = storage.Client().bucket(b).blob(k)\nblob.make_public()", "blob.make_public()"),
        bad("!aws s3 cp a s3://b --acl public-read", "--acl public-read"),
        bad("!gsutil iam ch allUsers:objectViewer gs://b", "allUsers"),
        bad("container = service.create_container('x', public_access='container')", "public_access='container'"),
        bad("p = {'Statement': [{'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject'}]}", "'Principal': '*'"),
        bad('p = """{"Statement": {"Principal": {"AWS": "*"}, "Effect": "Allow"}}"""', '"Principal": {"AWS": "*"'),
        bad("p = {'Effect': 'Allow', 'Principal': '*', 'Condition': {'IpAddress': {'aws:SourceIp': net}}}", "'Principal': '*'"),
        good("p = {'Effect': 'Allow', 'Principal': '*', 'Condition': {'StringEquals': {'aws:PrincipalOrgID': org}}}"),
        good("p = {'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Condition': {'ArnLike': {'aws:SourceArn': topic}}}"),
        good("p = {'Statement': [{'Effect': 'Deny', 'Principal': '*', 'Action': 's3:*'}]}"),
        good("p = [{'Effect': 'Allow', 'Principal': {'AWS': role}}, {'Effect': 'Deny', 'Principal': '*'}]"),
        good("blob = service.create_container('x', public_access=None)"),
        good("s3.put_object(Bucket=b, Key=k, ACL='private')"),
        good("print('public-read')"),
        good("blob.make_private()"),
    ),
)  # fmt: skip

_APPS: Final = lazy(
    r"(?:gradio|mesop|chainlit|panel)\b.*|\?(?:\w{0,20}(?:demo|app|iface|interface|ui)\w{0,10})\b.*|",
    re.IGNORECASE,
)
_TUNNELS: Final = lazy(
    r"pyngrok\.ngrok\.connect|ngrok\.(?:connect|forward)|\?ngrok\.(?:connect|forward)|flask_ngrok\.run_with_ngrok|localtunnel\.\w{1,30}|pycloudflared\.try_cloudflare"
)
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # what is looked for
_SERVING: Final = frozenset({"host", "server_name", "address", "ip", "bind", "listen", "http_host", "dashboard_host", "interface", "hostname"})  # fmt: skip
_DEBUG: Final = lazy(
    r"(?:flask|dash|quart|sanic|bottle|aiohttp)\b.*\.(?:run|run_server)|\?(?:\w{0,20}app|server)\.(?:run|run_server)",
    re.IGNORECASE,
)
_ACL: Final = lazy(r"public-read(?:-write)?|authenticated-read|publicRead(?:Write)?|website")
_OPEN_CONTAINERS: Final = frozenset({"container", "blob", "Container", "Blob"})
_SHELL: Final = lazy(
    r"(?P<tunnel>\bngrok[ ](?:http|tcp|start)\b|\b(?:npx[ ]+)?(?:localtunnel\b|lt[ ]--port\b)|\bcloudflared[ ]tunnel\b|\bssh\b[^|;&\n]{0,80}?\s-R\s[^\n]{0,80}?serveo\.net)"
    r"|(?P<open>--(?:host|ip|bind|address|server\.address|bind_all|listen|server[_-]name|ServerApp\.ip|NotebookApp\.ip)[= ]['\"]?0\.0\.0\.0['\"]?)"
    r"|(?P<token>--(?:\w{0,20}App\.|IdentityProvider\.|PasswordIdentityProvider\.)(?:token|password)=(?:''|\"\"|(?=\s|$))|--\w{1,20}App\.disable_check_xsrf=True)"
    r"|(?P<acl>--acl[= ]public-read(?:-write)?|\ballUsers\b|\ballAuthenticatedUsers\b|--public-access[= ](?:blob|container)\b)"
)
_INSTALLS: Final = lazy(
    r"\b(?:npm|pnpm|yarn|bun|pip3?|apt|apt-get|brew|conda)[ ][^\n;&|]{0,200}?\b(?:install|i|add)[ ][^\n;&|]{0,200}\Z"
)
"""Words that bring a program, before its name: nothing is started."""
_RULES: Final = {
    "tunnel": (PUBLIC, "the port is put on the Internet"),
    "open": (OPEN, "everyone in the network can reach it"),
    "token": (OPEN, "whoever reaches it can run code"),
    "acl": (STORAGE, "anyone may read it"),
}


_BEFORE: Final = 500
"""Characters before a tunnel in which an installation is looked for."""


class Exposure(SiteDetector):
    """COD050 to COD053."""

    rules: ClassVar[tuple[Rule, ...]] = (PUBLIC, OPEN, DEBUG, STORAGE)
    literals: ClassVar[tuple[str, ...]] = (
        "share", "ngrok", "tunnel", "0.0.0.0", "bind(", "debug", "public", "allusers", "allauthenticated", "token", "acl", "serveo", "principal", "disable_check_xsrf", "lt --port", "config",  # noqa: S104  # what is looked for
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        method = last(site.path)
        if is_true(site, "share") and method in {"launch", "queue"} and _APPS.fullmatch(site.path):
            yield hit(
                PUBLIC,
                site,
                "the app is put on the Internet",
                span=keyword_span(site, "share", around),
            )
        if _TUNNELS.fullmatch(site.path):
            yield hit(PUBLIC, site, "the port is put on the Internet")
        for name in _SERVING & site.keywords.keys():
            if site.keywords[name].constant in _EVERYWHERE:
                yield hit(
                    OPEN,
                    site,
                    "everyone in the network can reach it",
                    span=keyword_span(site, name, around),
                )
        if method == "bind" and site.node.args:
            yield from _bind(site, around)
        if is_true(site, "debug") and _DEBUG.fullmatch(site.path):
            yield hit(
                DEBUG,
                site,
                "its debugger runs anyone's code",
                span=keyword_span(site, "debug", around),
            )
        if site.path == "logging.config.listen":
            message = "whoever reaches the port chooses what is called here"
            yield hit(OPEN, site, message, severity=Severity.LOW)
        yield from _storage(site, around)

    def assign(self, site: AssignSite, around: Around) -> Iterator[Match]:
        """`c.ServerApp.token = ''`."""
        value = site.value.constant
        no_token = re.search(r"App\.(?:token|password)\Z", site.path) and value == ""
        anywhere = site.path.endswith("App.ip") and (value in _EVERYWHERE or value == "*")
        if no_token or anywhere:
            yield hit(OPEN, site, "whoever reaches it can run code")

    def unit(self, unit: Unit) -> Iterator[Match]:
        """`"Principal": "*"`, wherever a policy is written down."""
        if "Principal" in unit.source:
            yield from open_policies(STORAGE, unit.source)

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`ngrok http 80`."""
        for found in _SHELL.finditer(text, start, end):
            before = text[max(start, found.start() - _BEFORE) : found.start()]
            if found["tunnel"] and _INSTALLS.search(before):
                continue
            rule, message = _RULES[found.lastgroup or ""]
            yield Match(rule=rule, start=found.start(), end=found.end(), message=message)


def _bind(site: CallSite, around: Around) -> Iterator[Match]:
    address = site.node.args[0]
    first = address.elts[0] if isinstance(address, ast.Tuple) and address.elts else None
    if isinstance(first, ast.Constant) and (first.value == "" or first.value in _EVERYWHERE):
        span = node_span(site, address, around)
        yield hit(OPEN, site, "everyone in the network can reach it", span=span)


def _names_everyone(value: Value) -> bool:
    """`"container"`, or `PublicAccess.Container`."""
    name = value.constant if value.is_constant else last(value.path)
    return name in _OPEN_CONTAINERS


def _storage(site: CallSite, around: Around) -> Iterator[Match]:
    for name in ("ACL", "acl", "predefined_acl"):
        value = site.keywords.get(name)
        if value is not None and isinstance(value.constant, str) and _ACL.fullmatch(value.constant):
            yield hit(STORAGE, site, "anyone may read it", span=keyword_span(site, name, around))
    container = site.keywords.get("public_access")
    if container is not None and _names_everyone(container):
        span = keyword_span(site, "public_access", around)
        yield hit(STORAGE, site, "anyone may read it", span=span)
    if last(site.path) == "make_public":
        yield hit(STORAGE, site, "anyone may read it")
    for keyword in site.node.keywords:
        if keyword.arg == "ExtraArgs" and isinstance(keyword.value, ast.Dict):
            for key, one in zip(keyword.value.keys, keyword.value.values, strict=True):
                named = isinstance(key, ast.Constant) and key.value == "ACL"
                if named and isinstance(one, ast.Constant) and _ACL.fullmatch(str(one.value)):
                    yield hit(
                        STORAGE, site, "anyone may read it", span=node_span(site, one, around)
                    )


DETECTORS: Final = (Exposure(),)
