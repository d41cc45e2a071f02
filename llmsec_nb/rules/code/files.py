"""Files that others can replace, weak ciphers; with them archives and digests."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .archives import EXTRACT, unpacked
from .digests import DIGEST, digests
from .look import SiteDetector, hit, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit
    from ...core.rule import Rule
    from .look import Around

CIPHER: Final = code(
    "COD066",
    "weak-cipher",
    "a broken cipher, mode or key",
    Severity.MEDIUM,
    "DES, RC4, ECB and short keys are broken.",
    "Use AES-GCM or Fernet of `cryptography`, RSA from 3072 bits.",
    cwe=327,
    reference="https://cryptography.io/en/latest/hazmat/primitives/symmetric-encryption/",
    examples=(
        bad("from Crypto.Cipher import DES\nc = DES.new(key)", "DES.new(key)"),
        bad("from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_ECB)", "AES.new(key, AES.MODE_ECB)"),
        bad("from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(65537, key_size=1024)", "rsa.generate_private_key(65537, key_size=1024)"),
        good("from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_GCM)"),
        good("from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(65537, key_size=3072)"),
    ),
)  # fmt: skip
MKTEMP: Final = code(
    "COD063",
    "mktemp",
    "a temporary name that another can take first",
    Severity.LOW,
    "Between the name and the opening another process can put a file or a link there.",
    "Use `tempfile.mkstemp()` or `NamedTemporaryFile()`.",
    cwe=377,
    reference="https://docs.python.org/3/library/tempfile.html#tempfile.mktemp",
    examples=(
        bad("import tempfile\nn = tempfile.mktemp()", "tempfile.mktemp()"),
        bad("import os\nn = os.tempnam()", "os.tempnam()"),
        good("import tempfile\nn = tempfile.mkstemp()"),
        good("import tempfile\nn = tempfile.mkdtemp()"),
    ),
)  # fmt: skip
FIXED: Final = code(
    "COD064",
    "fixed-temporary-name",
    "a fixed name in a directory that all may write to",
    Severity.LOW,
    "On a shared machine another user can put a file or a link there first, or read what you write.",
    "Use `tempfile.TemporaryDirectory()`.",
    cwe=377,
    confidence=Confidence.MEDIUM,
    reference="https://cwe.mitre.org/data/definitions/377.html",
    examples=(
        bad("f = open('/tmp/cache.pkl', 'wb')", "'/tmp/cache.pkl'"),
        bad("p = f'/tmp/{name}.txt'", "f'/tmp/{name}.txt'"),
        bad("import os\nos.environ['HF_HOME'] = '/dev/shm/hf'", "'/dev/shm/hf'"),
        good("import tempfile\nd = tempfile.TemporaryDirectory()"),
        good("f = open('tmp/cache.pkl', 'wb')"),
        good("f = open('/data/tmp/cache.pkl', 'wb')"),
        good("'''\n/tmp/a is where it goes\n'''"),
    ),
)  # fmt: skip
MODE: Final = code(
    "COD069",
    "file-mode",
    "a file that everyone may write to",
    Severity.MEDIUM,
    "Others on the machine can change what you will load or run.",
    "Give rights to yourself alone: `0o600`, `0o700`.",
    cwe=732,
    reference="https://docs.python.org/3/library/os.html#os.chmod",
    examples=(
        bad("import os\nos.chmod(path, 0o777)", "os.chmod(path, 0o777)"),
        bad("from pathlib import Path\nPath('a').chmod(0o666)", "Path('a').chmod(0o666)"),
        bad("!chmod -R 777 data", "chmod -R 777"),
        bad("%%bash\nsudo chmod a+w /opt/x", "chmod a+w"),
        good("!chmod +x run.sh\n!chmod 755 run.sh\n!chmod 1777 /tmp"),
        good("import os\nos.chmod(path, 0o600)"),
        good("import os\nos.chmod(path, 0o755)"),
    ),
)  # fmt: skip

_CIPHERS: Final = lazy(
    r"(?:Crypto|Cryptodome)\.Cipher\.(?:ARC2|ARC4|Blowfish|DES3?|XOR|CAST)\.new"
    r"|cryptography\.hazmat\.(?:primitives|decrepit)\.ciphers\.(?:algorithms\.(?:ARC4|Blowfish|IDEA|CAST5|SEED|TripleDES)|modes\.ECB)"
)
_KEYS: Final = lazy(
    r".*\.(?:rsa|dsa)\.generate_private_key|(?:Crypto|Cryptodome)\.PublicKey\.(?:RSA|DSA)\.generate"
)
_OLD_CRYPT: Final = frozenset({"METHOD_CRYPT", "METHOD_MD5", "METHOD_BLOWFISH"})
_CHMOD: Final = lazy(
    r"\bchmod[ \t]+(?:-{1,2}[A-Za-z-]{1,20}[ \t]+){0,4}(?:0?[0-7]{2}[2367]|[ugo]{0,3}[ao][ugoa]{0,3}[+=][rxX]{0,2}w[rwxX]{0,2})(?=\s|$)"
)
_TEMPORARY: Final = ("/tmp/", "/var/tmp/", "/dev/shm/")  # noqa: S108  # what is looked for
_FREE: Final = lazy(r"[^\s<>*?:]{2,300}")
_OFTEN: Final = 20
"""So many findings of one unit are enough."""


class Files(SiteDetector):
    """COD060, COD062 to COD064, COD066, COD069."""

    rules: ClassVar[tuple[Rule, ...]] = (DIGEST, EXTRACT, MKTEMP, FIXED, CIPHER, MODE)
    literals: ClassVar[tuple[str, ...]] = (
        "md5", "sha", "extract", "unpack_archive", "mktemp", "tempnam", "/tmp", "/dev/shm", "cipher", "crypt", "chmod", "generate_private_key", "hashes",  # noqa: S108  # what is looked for
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        path = site.path
        yield from digests(site, around)
        yield from unpacked(site, around)
        if _is_broken(site):
            yield hit(CIPHER, site, "it is broken")
        elif _KEYS.fullmatch(path) and _is_short(site):
            yield hit(CIPHER, site, "the key is too short")
        elif path in {"tempfile.mktemp", "os.tempnam", "os.tmpnam"}:
            yield hit(MKTEMP, site, "another process can take the name first")
        elif last(path) in {"chmod", "lchmod", "fchmod"}:
            given = [*site.arguments[-1:], *(v for k, v in site.keywords.items() if k == "mode")]
            if any(isinstance(v.constant, int) and v.constant & 0o002 for v in given):
                yield hit(MODE, site, "everyone may write to it")

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`chmod 777`."""
        for found in _CHMOD.finditer(text, start, end):
            message = "everyone may write to it"
            yield Match(rule=MODE, start=found.start(), end=found.end(), message=message)

    def unit(self, unit: Unit) -> Iterator[Match]:
        """Fixed names, wherever they stand."""
        if unit.program is None or not any(one in unit.source for one in _TEMPORARY):
            return
        count = 0
        for tree in unit.program.python.trees:
            inside = {
                id(part)
                for node in ast.walk(tree)
                if isinstance(node, ast.JoinedStr)
                for part in ast.walk(node)
                if part is not node
            }
            for node in ast.walk(tree):
                if id(node) in inside or not isinstance(node, ast.Constant | ast.JoinedStr):
                    continue
                if _is_temporary(node) and count < _OFTEN:
                    count += 1
                    start, end = unit.program.python.span(node)
                    yield Match(
                        rule=FIXED,
                        start=start,
                        end=end,
                        message="another user can put a file there first",
                    )


def _is_temporary(node: ast.Constant | ast.JoinedStr) -> bool:
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    text = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(text, str) or not text.startswith(_TEMPORARY):
        return False
    return isinstance(node, ast.JoinedStr) or _FREE.fullmatch(text) is not None


def _is_broken(site: CallSite) -> bool:
    """Whether a cipher, the way it is used, or a hash of passwords is broken."""
    if _CIPHERS.fullmatch(site.path):
        return True
    if site.path in {"crypt.crypt", "crypt.mksalt"}:
        given = (*site.arguments, *site.keywords.values())
        return any(last(one.path) in _OLD_CRYPT for one in given)
    return site.path.endswith("AES.new") and "MODE_ECB" in site.argument(1, "mode").path


def _is_short(site: CallSite) -> bool:
    sizes = [site.keywords.get("key_size"), site.keywords.get("bits"), *site.arguments[:2]]
    return any(
        one is not None and isinstance(one.constant, int) and 0 < one.constant < 2048
        for one in sizes
    )


DETECTORS: Final = (Files(),)
