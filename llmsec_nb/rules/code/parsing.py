"""XML that grows without bound, and templates that do not escape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import SiteDetector, hit, is_false, last
from .rules import bad, code, good
from .sources import DOWNLOAD, ESCAPED, MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.values import Value
    from ...core.detector import Match
    from ...core.rule import Rule
    from .look import Around

XML: Final = code(
    "COD065",
    "xml-entities",
    "XML of others is parsed with a parser that follows entities",
    Severity.LOW,
    "A few lines of nested entities fill the memory; some parsers also read files that a document names.",
    "Use `defusedxml` in its place.",
    cwe=776,
    confidence=Confidence.MEDIUM,
    reference="https://docs.python.org/3/library/xml.html#xml-security",
    examples=(
        bad("import xml.etree.ElementTree as ET\nt = ET.parse(path)", "ET.parse(path)"),
        bad("from xml.dom.minidom import parseString\nt = parseString(text)", "parseString(text)"),
        good("import defusedxml.ElementTree as ET\nt = ET.parse(path)"),
        bad("import xml.etree.ElementTree as ET\nt = ET.parse('a.xml')", "ET.parse('a.xml')"),
        good("import xml.etree.ElementTree as ET\nt = ET.fromstring('<a/>')"),
        good("import xml.etree.ElementTree as ET\nt = ET.Element('a')"),
    ),
)  # fmt: skip
TEMPLATE: Final = code(
    "COD070",
    "template-not-escaped",
    "a template engine that does not escape, or a template that is not fixed",
    Severity.MEDIUM,
    "What is put into a page becomes part of it; a template of others can call Python.",
    "Give `autoescape=True`; for templates of others use `jinja2.sandbox.ImmutableSandboxedEnvironment`.",
    cwe=1336,
    owasp=("LLM05:2025",),
    reference="https://jinja.palletsprojects.com/en/stable/sandbox/",
    examples=(
        bad("import jinja2\ne = jinja2.Environment(autoescape=False)", "jinja2.Environment(autoescape=False)"),
        bad("from jinja2 import Template\nimport ollama\nt = Template(ollama.generate(model=m)['response'])", "Template(ollama.generate(model=m)['response'])"),
        bad("from markupsafe import Markup\nm = Markup(text)", "Markup(text)"),
        good("import jinja2\ne = jinja2.Environment(autoescape=True)"),
        good("import jinja2\ne = jinja2.Environment(autoescape=jinja2.select_autoescape())"),
        good("from jinja2 import Template\nt = Template('{{ a }}')"),
        good("from string import Template\nt = Template(text)"),
    ),
)  # fmt: skip

XML_PARSERS: Final = lazy(
    r"xml\.(?:etree\.c?ElementTree|sax|sax\.expatreader|dom\.(?:minidom|pulldom|expatbuilder))\.(?:parse|parseString|iterparse|fromstring|XML|XMLParser|make_parser|create_parser|fromstringlist)"
    r"|lxml\.etree\.(?:parse|fromstring|XML|iterparse|RestrictedElement|GlobalParserTLS)|\?ET\.(?:parse|fromstring|iterparse)|xmlrpc\.client\.\w{1,30}"
)
_TEMPLATES: Final = frozenset({"jinja2.Template", "jinja2.Environment().from_string"})
MARKUP: Final = frozenset(
    {"markupsafe.Markup", "jinja2.Markup", "flask.Markup", "django.utils.safestring.mark_safe", "django.utils.safestring.SafeText", "django.utils.safestring.SafeString", "mako.template.Template"}
)  # fmt: skip
_HTML: Final = lazy(
    r"\.html?\b|\.j(?:inja)?2?\.html|\bHTML\(|\bHTMLResponse\b|\bmake_response\(|\brender_template|<(?:html|body|div|table|span|p|h1)\b",
    re.IGNORECASE,
)
"""What tells of pages."""
_BUILDERS: Final = frozenset({"create_parser", "make_parser", "XMLParser"})


class Parsing(SiteDetector):
    """COD065 and COD070."""

    rules: ClassVar[tuple[Rule, ...]] = (XML, TEMPLATE)
    literals: ClassVar[tuple[str, ...]] = ("xml", "et.", "jinja", "template", "mark_safe", "markup")

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        value = site.argument(0, "source")
        if XML_PARSERS.fullmatch(site.path):
            made = site.arguments or last(site.path) in _BUILDERS
            severity = Severity.MEDIUM if DOWNLOAD in value.taints else None
            if made and "<" not in str(value.constant or ""):
                yield hit(XML, site, "nested entities can fill the memory", severity=severity)
        elif site.path == "jinja2.Environment":
            yield from _environment(site, around)
        elif site.path in _TEMPLATES and value.taints & {MODEL, DOWNLOAD}:
            message = "a template that others wrote can call Python"
            yield hit(TEMPLATE, site, message, severity=Severity.HIGH)
        elif site.path in MARKUP and site.arguments and not _is_escaped(value):
            yield hit(TEMPLATE, site, "what is put into a page is not escaped")


def _is_escaped(value: Value) -> bool:
    return value.is_constant or ESCAPED in value.taints


def _environment(site: CallSite, around: Around) -> Iterator[Match]:
    """Without a word on it nothing is escaped, either: right for prompts and settings."""
    given = "autoescape" in site.keywords
    if not given or is_false(site, "autoescape"):
        pages = any(_HTML.search(unit.source) for unit in around.units.values())
        severity = None if given else Severity.LOW if pages else Severity.INFO
        yield hit(TEMPLATE, site, "what is put into a page is not escaped", severity=severity)


DETECTORS: Final = (Parsing(),)
