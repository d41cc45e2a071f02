"""What is worth a look in a review and no more: each of low confidence by itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .loads import DUMPS, PICKLES
from .look import SHELL_CALLS, SiteDetector, hit, is_remote, last
from .parsing import MARKUP, XML_PARSERS
from .revisions import is_loading, name_of, of_this_machine, says_revision
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit
    from ...core.rule import Rule
    from .look import Around

MODULE: Final = code(
    "COD073",
    "doubtful-module",
    "a module whose protocol or cipher is broken, or that nobody mends any more",
    Severity.INFO,
    "Telnet, FTP and IPMI send passwords as they are, CGI takes headers for settings, and PyCrypto "
    "has had no release since 2013.",
    "Use SSH or HTTPS, a server of WSGI, `cryptography` or PyCryptodome.",
    cwe=477,
    confidence=Confidence.LOW,
    reference="https://docs.python.org/3/library/superseded.html",
    examples=(
        bad("import telnetlib", "import telnetlib"),
        bad("from ftplib import FTP_TLS", "from ftplib import FTP_TLS"),
        bad("def f():\n    import Crypto.Cipher.AES as a", "import Crypto.Cipher.AES as a"),
        good("import ftplib2"),
        good("from Cryptodome.Cipher import AES"),
        good("# import telnetlib"),
    ),
)  # fmt: skip
HERE: Final = code(
    "COD074",
    "loaded-from-here",
    "what is loaded from a folder or from files has no revision that could be pinned",
    Severity.INFO,
    "A folder of this machine, or files read by a builder such as `csv`, hold what was last put there.",
    "Keep a digest of the files beside the notebook, and compare it.",
    cwe=494,
    confidence=Confidence.LOW,
    reference="https://huggingface.co/docs/datasets/loading",
    examples=(
        bad("from datasets import load_dataset\nload_dataset('csv', data_files='a.csv')", "load_dataset('csv', data_files='a.csv')"),
        bad("from transformers import AutoModel\nAutoModel.from_pretrained('./mine')", "AutoModel.from_pretrained('./mine')"),
        good("from transformers import AutoModel\nAutoModel.from_pretrained('a/b')"),
        good("from datasets import load_from_disk\nload_from_disk('mine')"),
        good("import csv\ncsv.reader(f)"),
    ),
)  # fmt: skip
FIXED: Final = code(
    "COD075",
    "exec-of-fixed-text",
    "a text of the notebook itself is run as Python",
    Severity.INFO,
    "What the text does is not seen by whoever reads the notebook, nor by most tools.",
    "Write the code down as code.",
    cwe=95,
    confidence=Confidence.LOW,
    atlas=("AML.T0050",),
    reference="https://docs.python.org/3/library/functions.html#exec",
    examples=(
        bad("exec('x = 1')", "exec('x = 1')"),
        bad("code = 'x = 1'\nexec(code)", "exec(code)"),
        good("exec(code)"),
        good("x = '1'\nint(x)"),
        good("import re\nre.compile('a')"),
    ),
)  # fmt: skip
HARMLESS: Final = code(
    "COD076",
    "harmless-as-it-stands",
    "a call or a value that is dangerous with others than those that are written here",
    Severity.INFO,
    "It does no harm as it stands; copied elsewhere, with another text or for another folder, it may.",
    "Have a look whether what it is given is always the notebook's own.",
    cwe=1177,
    confidence=Confidence.LOW,
    reference="https://cwe.mitre.org/data/definitions/1177.html",
    examples=(
        bad("import pickle\nb = pickle.loads(pickle.dumps(a))", "pickle.loads(pickle.dumps(a))"),
        bad("import os\nos.chmod('run.sh', 0o755)", "os.chmod('run.sh', 0o755)"),
        bad("folder = '/tmp'", "'/tmp'"),  # an example of it
        bad("host = '0.0.0.0'", "'0.0.0.0'"),  # an example of it
        bad("import xml.etree.ElementTree as ET\nET.fromstring('<a/>')", "ET.fromstring('<a/>')"),
        bad("from django.utils.safestring import mark_safe as m\nm('<b>')", "m('<b>')"),
        bad("import os\nos.system('tar cf a.tar *')", "os.system('tar cf a.tar *')"),
        bad("import yaml\nyaml.load(f, Loader=yaml.FullLoader)", "yaml.load(f, Loader=yaml.FullLoader)"),
        good("import os\nos.chmod('a.txt', 0o644)"),
        good("folder = 'data/tmp'"),
        good("version = '0.0.0.1'"),
        good("import os\nos.system('tar cf a.tar b')"),
    ),
)  # fmt: skip

_FOLDERS: Final = frozenset({"/tmp", "/var/tmp", "/dev/shm"})  # noqa: S108  # what is looked for
_EVERYWHERE: Final = frozenset({"0.0.0.0"})  # noqa: S104  # what is looked for
_VALUES: Final = _FOLDERS | _EVERYWHERE
_OFTEN: Final = 20
"""So many values of one unit are enough."""
_WILD: Final = lazy(r"\b(?:chown|chmod|tar|rsync)\b[^;|&\n]{0,200}\s[\w./-]{0,200}\*")
_MODULES: Final = lazy(
    r"(?:telnetlib|ftplib|pyghmi|xmlrpc|xmlrpclib|Crypto|wsgiref\.handlers|twisted\.web\.twcgi)(?:\.[\w.]{1,200})?"
)
_WORDS: Final = ("telnetlib", "ftplib", "pyghmi", "xmlrpc", "Crypto", "wsgiref", "twcgi")
_RUNS: Final = frozenset({"builtins.eval", "builtins.exec"})


class Hints(SiteDetector):
    """COD073 to COD076."""

    rules: ClassVar[tuple[Rule, ...]] = (MODULE, HERE, FIXED, HARMLESS)
    literals: ClassVar[tuple[str, ...]] = (
        "telnetlib", "ftplib", "pyghmi", "xmlrpc", "crypto", "wsgiref", "twcgi", "from_pretrained", "load_dataset", "eval", "exec", "pickle", "chmod", "/tmp", "/dev/shm", "0.0.0.0", "xml", "mark_safe", "markup", "mako", "jinja", "yaml", "tar ", "chown", "rsync",  # noqa: S104, S108  # what is looked for
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is worth a look in a call."""
        if is_loading(site):
            name = name_of(site)
            if name is not None and not says_revision(site) and of_this_machine(site, name, around):
                remote = any(map(is_remote, (site.argument(-1, "data_files"), name)))
                sure = Confidence.MEDIUM if remote else None
                yield hit(HERE, site, "nothing says that it is what it was", confidence=sure)
        elif site.path in _RUNS and site.inner is None:
            pieces = around.functions.pieces(around.calls)
            value = site.argument(0, "source")
            node = site.node.args[0] if site.node.args else None
            if value.is_known or (node is not None and not pieces.origin(node, site)):
                yield hit(FIXED, site, "read what the text does")

        elif _is_harmless(site):
            yield hit(HARMLESS, site, "it does no harm with what it is given here")

    def unit(self, unit: Unit) -> Iterator[Match]:
        """Imports and values, wherever they stand."""
        if unit.program is None or not any(word in unit.source for word in (*_WORDS, *_VALUES)):
            return
        left = _OFTEN
        for tree in unit.program.python.trees:
            for node in ast.walk(tree):
                rule = None
                if isinstance(node, ast.Import | ast.ImportFrom):
                    rule, message = (
                        MODULE if _is_doubtful(node) else None,
                        "use what took its place",
                    )
                elif isinstance(node, ast.Constant) and node.value in _VALUES:
                    rule, message = HARMLESS, "look what is done with it"
                if rule is not None and left > 0:
                    left -= 1
                    start, end = unit.program.python.span(node)  # type: ignore[arg-type]  # both have places
                    yield Match(rule=rule, start=start, end=end, message=message)


def _is_harmless(site: CallSite) -> bool:
    """Whether a call is one that would be told if it were given something else."""
    path, first = site.path, site.argument(0, "source")
    if last(path) in {"chmod", "lchmod", "fchmod"}:
        modes = (*site.arguments[-1:], *site.keywords.values())
        return any(isinstance(one.constant, int) and one.constant & 0o032 == 0o010 for one in modes)
    if path in {"yaml.load", "yaml.load_all"}:
        return site.argument(1, "Loader").path.endswith("FullLoader")
    if path == "jinja2.Environment":
        return "autoescape" in site.keywords and not site.keywords["autoescape"].is_constant
    if path in SHELL_CALLS:
        return isinstance(first.constant, str) and _WILD.search(first.constant) is not None
    own = PICKLES.fullmatch(path) and DUMPS.fullmatch(first.path.removesuffix("()"))
    written = XML_PARSERS.fullmatch(path) and "<" in str(first.constant or "")
    return bool(own or written) or (path in MARKUP and first.is_constant)


def _is_doubtful(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return any(_MODULES.fullmatch(alias.name) for alias in node.names)
    whole = [f"{node.module}.{alias.name}" for alias in node.names]
    return not node.level and any(_MODULES.fullmatch(name) for name in [node.module or "", *whole])


DETECTORS: Final = (Hints(),)
