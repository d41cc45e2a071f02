"""Addresses that are opened without anybody having said which: by a variable, by a model."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import REMOTE, SiteDetector, hit
from .pieces import Origin
from .rules import bad, code, good
from .sources import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.detector import Match
    from ...core.rule import Rule
    from .look import Around

_REPLY: Final = "import ollama, requests\nr = ollama.generate(model=m, prompt=q)['response']\n"

ANY_SCHEME: Final = code(
    "COD071",
    "any-url-scheme",
    "urllib opens an address of any kind, files of this machine as well",
    Severity.LOW,
    "urlopen takes file:// and ftp:// too, and nothing of what it fetches is compared with anything.",
    "Check that the address begins with https://, or use `requests`; compare the file's SHA-256.",
    cwe=939,
    confidence=Confidence.LOW,
    reference="https://docs.python.org/3/library/urllib.request.html",
    examples=(
        bad("from urllib.request import urlopen\nurlopen(url, timeout=9)", "urlopen(url, timeout=9)"),
        bad("import urllib.request as u\nu.urlretrieve('https://example.org/a.csv', 'a.csv')", "u.urlretrieve('https://example.org/a.csv', 'a.csv')"),
        bad("import urllib.request as u\no = u.FancyURLopener()", "u.FancyURLopener()"),
        good("import requests\nrequests.get(url, timeout=9)"),
        good("import urllib.request as u\nr = u.Request(url)"),
        good("from urllib.parse import urlparse\nurlparse(url)"),
    ),
)  # fmt: skip
OF_MODEL: Final = code(
    "COD072",
    "address-of-model-output",
    "an address that a model gave is opened",
    Severity.MEDIUM,
    "Whoever can put words into the prompt chooses it: a service of your own network, or one that "
    "reads in the address what the model knows.",
    "Allow the hosts that you expect, by name, and no redirects to others.",
    cwe=918,
    confidence=Confidence.MEDIUM,
    owasp=("LLM05:2025",),
    atlas=("AML.T0050",),
    reference="https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
    examples=(
        bad(f"{_REPLY}requests.get(r, timeout=9)", "requests.get(r, timeout=9)"),
        bad(f"{_REPLY}from urllib.request import urlopen as o\no(url=r.strip(), timeout=9)", "o(url=r.strip(), timeout=9)"),
        good(f"{_REPLY}requests.post('https://example.org', json={{'text': r}}, timeout=9)"),
        good(f"{_REPLY}requests.get(f'https://example.org/{{r}}', timeout=9)"),
        good(f"{_REPLY}requests.get('https://example.org/' + r, timeout=9)"),
    ),
)  # fmt: skip
_OPENING: Final = lazy(
    r"(?:six\.moves\.)?(?:urllib\.)?request\.(?:urlopen|urlretrieve|URLopener|FancyURLopener)"
    r"|(?:six\.moves\.)?urllib\.(?:request\.)?(?:urlopen|urlretrieve|URLopener|FancyURLopener)|urllib2\.(?:urlopen|Request)"
)
_MAKING: Final = ("URLopener",)
_ASKING: Final = lazy(
    r"(?:requests|httpx|aiohttp)\.(?:(?:Session|session|Client|AsyncClient|ClientSession)\(\)\.)?(?:get|post|put|patch|delete|head|request|stream)"
)
_WITH_METHOD: Final = (".request", ".stream")


class Addresses(SiteDetector):
    """COD071 and COD072."""

    rules: ClassVar[tuple[Rule, ...]] = (ANY_SCHEME, OF_MODEL)
    literals: ClassVar[tuple[str, ...]] = ("urlopen", "urlretrieve", "urllib2", "requests", "httpx", "aiohttp")  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        opens = _OPENING.fullmatch(site.path)
        if not opens and not _ASKING.fullmatch(site.path):
            return
        place = 1 if site.path.endswith(_WITH_METHOD) and "url" not in site.keywords else 0
        node = _node(site, place)
        value = site.keywords.get("url", site.argument(place, "fullurl"))
        if MODEL in value.taints and not _begins_fixed(node, site, around):
            yield hit(OF_MODEL, site, "the model chooses what is asked")
        elif opens:
            yield from _any_scheme(site, node, around)


def _any_scheme(site: CallSite, node: ast.expr | None, around: Around) -> Iterator[Match]:
    """Least where the address is fixed, or begins so."""
    if site.path.endswith(_MAKING):
        yield hit(ANY_SCHEME, site, "it opens files of this machine, too", severity=Severity.INFO)
    elif _begins_fixed(node, site, around):
        message = "nothing says that what is fetched is what was meant"
        yield hit(ANY_SCHEME, site, message, severity=Severity.INFO)
    elif node is not None:
        pieces = around.functions.pieces(around.calls)
        others = Origin.OUTSIDE in pieces.origin(node, site)
        message = "an address such as file:///etc/passwd is opened, too"
        severity = None if others else Severity.INFO
        yield hit(ANY_SCHEME, site, message, severity=severity, confidence=Confidence.MEDIUM)


def _node(site: CallSite, place: int) -> ast.expr | None:
    named = (one.value for one in site.node.keywords if one.arg in {"url", "fullurl"})
    given = site.node.args[place] if place < len(site.node.args) else None
    return next(named, given)


def _begins_fixed(node: ast.expr | None, site: CallSite, around: Around) -> bool:
    """Whether an address begins with a host that is written down."""
    if node is None:
        return False
    bound = around.functions.pieces(around.calls).bound(node, site) if _is_name(node) else [node]
    return bool(bound) and all(_is_host(one) for one in bound)


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def _is_host(node: ast.expr) -> bool:
    """Whether it begins with a literal that has a scheme and a whole host."""
    while isinstance(node, ast.BinOp):
        node = node.left
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr not in {"format", "Request"}:
            return False
        node = node.func.value if node.func.attr == "format" else (node.args or [node])[0]
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    text = first.value if isinstance(first, ast.Constant) else None
    return (
        isinstance(text, str) and REMOTE.match(text) is not None and _HOST.match(text) is not None
    )


_HOST: Final = lazy(r"[a-zA-Z][\w+.-]{0,20}://[^/\s{}%]{1,200}(?:/|\Z)")

DETECTORS: Final = (Addresses(),)
