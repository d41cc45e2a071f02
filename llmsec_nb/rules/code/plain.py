"""What is downloaded over http://, and how much it matters: a table is read, a script is run."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .look import hit, last, node_span
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from .look import Around
    from .pieces import Pieces

PLAIN: Final = code(
    "COD041",
    "http-download",
    "a file is downloaded without encryption",
    Severity.MEDIUM,
    "Over http:// anyone on the way can put another file in its place.",
    "Use https://, and compare the file's SHA-256.",
    cwe=319,
    reference="https://cwe.mitre.org/data/definitions/319.html",
    examples=(
        bad("import urllib.request as r\nr.urlretrieve('http://example.org/m.pt', 'm.pt')", "'http://example.org/m.pt'"),
        bad("import pandas as pd\npd.read_csv('http://example.org/a.csv')", "'http://example.org/a.csv'"),
        bad("!wget http://example.org/a.zip", "http://example.org/a.zip"),
        bad("import requests\nr = requests.get('http://example.org/a', timeout=9)\nopen('a', 'wb').write(r.content)", "'http://example.org/a'"),
        good("import pandas as pd\npd.read_csv('https://example.org/a.csv')"),
        good("import requests\nrequests.get('http://localhost:8000/a', timeout=9)"),
        good("!curl http://127.0.0.1:8080/health"),
        good("xmlns = 'http://www.w3.org/2000/svg'"),
    ),
)  # fmt: skip

_FETCHING: Final = lazy(
    r"(?:requests|httpx)\.(?:(?:Session|Client)\(\)\.)?(?:get|post|request)|urllib\.request\.(?:urlopen|urlretrieve|Request)|urllib\.urlretrieve"
    r"|wget\.download|gdown\.download|(?:pandas|polars|geopandas|cudf|dask\.dataframe)\.(?:read|scan)_\w{1,20}"
    r"|torch\.hub\.\w{1,40}|(?:tensorflow\.)?keras\.utils\.get_file|numpy\.(?:load|loadtxt|genfromtxt)|(?:skimage|imageio)\.\S{0,20}imread"
    r"|torchvision\.datasets\.utils\.\w{1,40}|fsspec\.open|smart_open\.open|joblib\.load|PIL\.Image\.open|datasets\.load_dataset|mlflow\.set_tracking_uri"
)
_ANSWERS: Final = lazy(r"(?:requests|httpx)\..*|urllib\.request\.(?:urlopen|Request)")
"""What gives an answer, not a file."""
_HTTP: Final = lazy(
    r"http://(?!localhost\b|127\.|0\.0\.0\.0|\[::1?\]|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|host\.docker\.internal|[\w-]{1,60}(?:[:/'\"\s]|$)|[\w.-]{1,80}\.(?:local|internal|svc|test|lan)\b)"
    r"[\w.-]{1,200}",
    re.IGNORECASE,
)
"""An address of another machine: those of one's own network are left out."""
_SHELL_PLAIN: Final = lazy(
    r"\b(?P<tool>wget|curl|aria2c|axel)\b[^|;&\n]{0,300}?(?P<url>http://[^\s'\"|;&)]{3,500})"
)
_REST: Final = lazy(r"[^|;&\n]{0,300}(?:\|[ \t]{0,20}(?P<next>(?:sudo[ \t]{1,9})?[\w./-]{1,80}))?")
_OUTPUT: Final = lazy(
    r"\s(?:-[a-zA-Z]{0,8}[oO]|--output(?:-document)?)[ =]{1,9}['\"]?(?P<name>[^\s'\"]{1,300})"
)
_KEPT: Final = lazy(r"\s-[a-zA-Z]{0,8}[oO]\b|\s--output|\s--remote-name|>")
_RUNS: Final = lazy(
    r"(?:sudo\s+)?(?:\S{0,60}/)?(?:ba|z|da|k)?sh|sudo|(?:\S{0,60}/)?(?:python[\d.]{0,6}|perl|node|ruby|tar|R|Rscript)"
)
_SHOWN: Final = lazy(
    r"\.(?:csv|tsv|te?xt|jsonl?|ndjson|geojson|xml|kml|x?html?|md|rst|jpe?g|png|gif|bmp|tiff?|webp|svg|pdf|ya?ml|parquet|feather|arrow|xlsx?|dat|data|arff|names|log"
    r"|wav|mp3|mp4|ogg|flac|m4a|avi|mov|webm|fasta|fa|pdb|srt|tex|bib|php|aspx?|jsp)(?:\.gz|\.bz2)?\Z",
    re.IGNORECASE,
)
"""What is decoded, not run."""
_SUFFIX: Final = lazy(r"\.(?!com\Z|org\Z|net\Z|\d)[A-Za-z][A-Za-z0-9]{0,11}\Z")
_DECODERS: Final = lazy(
    r"(?:pandas|polars|geopandas|cudf|dask\.dataframe)\.(?:read|scan)_(?!pickle|hdf)\w{1,20}|numpy\.(?:loadtxt|genfromtxt)"
    r"|(?:skimage|imageio)\.\S{0,20}imread|PIL\.Image\.open"
)
_TEXT: Final = frozenset(
    {"json", "text", "status_code", "ok", "headers", "raise_for_status", "url", "encoding", "reason", "iter_lines", "cookies", "elapsed", "decode", "getcode", "status"}
)  # fmt: skip
"""Members of an answer that are a text, or say something of it."""
_RAW: Final = frozenset({"content", "raw", "read", "iter_content", "iter_bytes", "data"})
_WRAPPERS: Final = frozenset(
    {"BytesIO", "StringIO", "TextIOWrapper", "BufferedReader", "bytearray", "bytes"}
)
_READERS: Final = lazy(
    r"(?:.*\.)?(?:json\.loads?|Image\.open|imread|imdecode|frombuffer|fromstring|BeautifulSoup|read_(?!pickle|hdf)\w{1,20}|genfromtxt|loadtxt|Image|Audio|Video|HTML"
    r"|Markdown|display|print|len|str|PdfReader|decode_image|decode_jpeg|b64encode|imshow|load_image|yaml\.safe_load|csv\.reader)"
)
_DEEPEST: Final = 8


def plain(site: CallSite, around: Around) -> Iterator[Match]:
    """Addresses without encryption among the first two arguments of a call that fetches."""
    if not _FETCHING.fullmatch(site.path):
        return
    for node, value in zip(site.node.args[:2], site.arguments[:2], strict=True):
        if isinstance(value.constant, str) and _HTTP.match(value.constant):
            span = node_span(site, node, around) if isinstance(node, ast.Constant) else None
            severity = Severity.LOW if _is_decoded(site, value.constant, around) else None
            message = "anyone on the way can change the file"
            yield hit(PLAIN, site, message, span=span, severity=severity)


def _is_decoded(site: CallSite, address: str, around: Around) -> bool:
    """Whether what arrives is a text, a table or a picture, as far as reading tells."""
    if _DECODERS.fullmatch(site.path):
        return True
    if _ANSWERS.fullmatch(site.path):
        uses = set(_uses(site.node, around.functions.pieces(around.calls), site, 0, raw=False))
        if "kept" in uses:
            return _weighs(address) is False
        return "decoded" in uses or _weighs(address) is not True
    target = site.argument(1, "filename").constant
    named = _weighs(target) if isinstance(target, str) and target != address else None
    return (_weighs(address) if named is None else named) is False


def _weighs(address: str) -> bool | None:
    """Whether a name's suffix is that of something to be unpacked, loaded or run; None: no suffix."""
    whole = re.split(r"[?#]", address, maxsplit=1)[0]
    scheme, _, rest = whole.rpartition("://")
    name = (rest.partition("/")[2] if scheme else whole)[-60:]
    if _SHOWN.search(name):
        return False
    return True if _SUFFIX.search(name) else None


def _uses(
    node: ast.expr, pieces: Pieces, site: CallSite, depth: int, *, raw: bool
) -> Iterator[str]:
    """What is done with an answer, or (`raw`) with its bytes: `decoded`, or `kept`."""
    inner: ast.AST = node
    for _ in range(_DEEPEST):
        outer = pieces.parent(inner)
        if isinstance(outer, ast.Assign | ast.withitem | ast.NamedExpr):
            for one in pieces.uses(outer, site) if depth < 3 else ():
                yield from _uses(one, pieces, site, depth + 1, raw=raw)
            return
        step = _step(inner, outer, pieces)
        if step == "decoded":
            yield step
            return
        if step == "unknown":
            break
        raw = raw or step == "raw"
        inner = outer or inner
    if raw:
        yield "kept"


def _step(inner: ast.AST, outer: ast.AST | None, pieces: Pieces) -> str:
    """What becomes of a node in the one around it: `decoded`, `raw` bytes, the `same`, `unknown`."""
    if isinstance(outer, ast.Attribute):
        return "decoded" if outer.attr in _TEXT else "raw" if outer.attr in _RAW else "same"
    if isinstance(outer, ast.Call) and outer.func is not inner:
        path = pieces.called(outer)
        if _READERS.fullmatch(path):
            return "decoded"
        if last(path) in _WRAPPERS:
            return "raw"
        return "same" if last(path) in {"urlopen", "Request"} else "unknown"
    passing = ast.Call | ast.Subscript | ast.Await | ast.keyword
    return "same" if isinstance(outer, passing) else "unknown"


def plain_in_shell(text: str, start: int, end: int) -> Iterator[Match]:
    """`wget http://...`."""
    for found in _SHELL_PLAIN.finditer(text, start, end):
        if _HTTP.match(found["url"]):
            yield Match(
                rule=PLAIN,
                start=found.start("url"),
                end=found.end("url"),
                message="anyone on the way can change the file",
                severity=Severity.LOW if _is_shown(found, text, end) else None,
            )


def _is_shown(found: re.Match[str], text: str, end: int) -> bool:
    """Whether a command only shows what it fetches, or keeps what is decoded."""
    rest = _REST.match(text, found.end(), end)
    words = text[found.start() : rest.end() if rest else found.end()]
    output = _OUTPUT.search(words)
    name = output["name"] if output and not output["name"].startswith("http") else ""
    if rest and rest["next"] and _RUNS.fullmatch(rest["next"]):
        return False
    if name == "-" or (found["tool"] == "curl" and not _KEPT.search(words)):
        return True
    return _weighs(name or found["url"]) is False
