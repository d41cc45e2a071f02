"""Models and data from a hub: code that comes with them, and revisions that are not pinned."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.fixed import item
from ...cells.values import Value
from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .look import SiteDetector, hit, keyword_span, last
from .revisions import UNPINNED, by_words, is_commit, is_loading, is_own, name_of, unpinned
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import AssignSite, CallSite
    from ...cells.unit import Unit
    from ...core.rule import Rule
    from .look import Around

TORCH_HUB: Final = code(
    "COD007",
    "torch-hub-unpinned",
    "torch.hub runs a repository's newest code",
    Severity.HIGH,
    "torch.hub.load downloads a repository of GitHub and runs its `hubconf.py`; a branch can change.",
    "Name a commit, `owner/repo:<commit>`, or load a local clone with `source='local'`.",
    cwe=494,
    atlas=("AML.T0010.001",),
    reference="https://pytorch.org/docs/stable/hub.html",
    examples=(
        bad("import torch\nm = torch.hub.load('owner/repo', 'model')", "torch.hub.load('owner/repo', 'model')"),
        bad("import torch\nm = torch.hub.load('owner/repo:main', 'model')", "torch.hub.load('owner/repo:main', 'model')"),
        bad("import torch\nm = torch.hub.load('owner/repo:v1.2', 'model')", "torch.hub.load('owner/repo:v1.2', 'model')"),
        good("import torch\nm = torch.hub.load('owner/repo:0123456789abcdef0123456789abcdef01234567', 'model')"),
        good("import torch\nm = torch.hub.load('/opt/repo', 'model', source='local')"),
    ),
)  # fmt: skip
REMOTE_CODE: Final = code(
    "COD010",
    "trust-remote-code",
    "code from a hub runs with trust_remote_code=True",
    Severity.HIGH,
    "The repository's own Python is downloaded and runs here, today's and tomorrow's.",
    "Use a model that needs none, or read its code and pin it: `revision='<commit>'`.",
    cwe=829,
    atlas=("AML.T0010.003",),
    reference="https://huggingface.co/docs/transformers/models#custom-models",
    examples=(
        bad("AutoModel.from_pretrained(name, trust_remote_code=True)", "trust_remote_code=True"),
        bad("AutoModel.from_pretrained(name, trust_remote_code=1)", "trust_remote_code=1"),
        bad("AutoModel.from_pretrained(name, trust_remote_code='True')", "trust_remote_code='True'"),
        good("AutoModel.from_pretrained(name, trust_remote_code=0, revision='0123456789abcdef0123456789abcdef01234567')"),
        good("AutoModel.from_pretrained(name, trust_remote_code='false', revision='0123456789abcdef0123456789abcdef01234567')"),
        bad("flag = True\nload_dataset(name, trust_remote_code=flag)", "trust_remote_code=flag"),
        bad("kwargs = {}\nkwargs['trust_remote_code'] = True", "kwargs['trust_remote_code'] = True"),
        bad("emb = HuggingFaceEmbeddings(model_kwargs={'device': d, 'trust_remote_code': True})", "model_kwargs={'device': d, 'trust_remote_code': True}"),
        bad("how = {'trust_remote_code': True}\nAutoModel.from_pretrained(name, **how)", "**how"),
        bad("how = dict(trust_remote_code=True)\nAutoModel.from_pretrained(name, **how)", "trust_remote_code=True"),
        bad("config.trust_remote_code = True", "config.trust_remote_code = True"),
        bad("!vllm serve a/b --trust-remote-code --port 8", "--trust-remote-code"),
        bad("%%bash\npython -m vllm a/b --trust_remote_code\n", "--trust_remote_code"),
        bad("words = ['vllm', 'serve', name, '--trust-remote-code']\nsubprocess.Popen(words)", "'--trust-remote-code'"),
        good("emb = HuggingFaceEmbeddings(model_kwargs={'trust_remote_code': False})"),
        good("how = {'trust_remote_code': True}\nhow['trust_remote_code'] = False\nAutoModel.from_pretrained(name, **how)"),
        good("!vllm serve a/b --trust-remote-code=false"),
        good("parser.add_argument('--trust-remote-code', action='store_true')"),
        good("AutoModel.from_pretrained(name, trust_remote_code=False, revision='0123456789abcdef')"),
        good("print('trust_remote_code=True')"),
    ),
)  # fmt: skip

_NAME: Final = "trust_remote_code"
_RUNS: Final = "the repository's own Python runs here"
_SETTINGS: Final = lazy(r"\w{0,60}(?:args|config|params|settings|options)")
"""Arguments that are handed on."""
_FLAG: Final = lazy(
    r"(?<![\w-])--trust[-_]remote[-_]code(?![\w-])(?![ =](?:[Ff]alse|0|no)\b)(?:[ =][Tt]rue\b)?"
    r"|\btrust_remote_code=[Tt]rue\b(?=[,\s\"'])"
)
_TAG: Final = lazy(r"[vV]?\d{1,4}(?:\.\d{1,9}){0,4}[\w.+-]{0,40}")


class Hub(SiteDetector):
    """COD007, COD010, COD011."""

    rules: ClassVar[tuple[Rule, ...]] = (TORCH_HUB, REMOTE_CODE, UNPINNED)
    literals: ClassVar[tuple[str, ...]] = (
        "from_pretrained", "trust_remote_code", "trust-remote-code", "huggingface", "pipeline", "hf.co", "load_dataset", "_download", "sentencetransformer", "crossencoder", "sparseencoder", "hub.load", "hf download", "cli download",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        yield from _remote_code(site, around)
        if site.path == "torch.hub.load":
            yield from _torch_hub(site)
        elif is_loading(site):
            yield from unpinned(site, around)

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`hf download a/b`, `serve --trust-remote-code`."""
        yield from by_words(text, start, end)
        for found in _FLAG.finditer(text, start, end):
            yield Match(rule=REMOTE_CODE, start=found.start(), end=found.end(), message=_RUNS)

    def assign(self, site: AssignSite, around: Around) -> Iterator[Match]:
        """The arguments of a later call, or the settings for it."""
        name = site.key.constant or last(site.path)
        if name == _NAME and _is_set(site.value):
            yield hit(REMOTE_CODE, site, _RUNS)

    def unit(self, unit: Unit) -> Iterator[Match]:
        """The words of a command in a list, wherever it goes."""
        if unit.program is None or "--trust" not in unit.source:
            return
        for tree in unit.program.python.trees:
            for node in ast.walk(tree):
                for one in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
                    if isinstance(one, ast.Constant) and _FLAG.fullmatch(str(one.value)):
                        start, end = unit.program.python.span(one)
                        yield Match(rule=REMOTE_CODE, start=start, end=end, message=_RUNS)


def _is_set(value: Value) -> bool:
    """Whether it counts as true where it is asked for: `True`, `1`, `"True"`."""
    constant = value.constant
    if isinstance(constant, str):
        return constant.lower() in {"true", "yes", "1"}
    return isinstance(constant, bool | int) and bool(constant)


def _remote_code(site: CallSite, around: Around) -> Iterator[Match]:
    """The setting as an argument, or in a dictionary that is one."""
    given = site.keywords.get(_NAME)
    name = _NAME if given is not None and _is_set(given) else _handing(site)
    written = {one.arg for one in site.node.keywords}
    if not name or (_NAME not in written and _is_told(around)):
        return
    asked = name_of(site)
    is_here = asked is not None and is_own(site, asked, around)
    severity = Severity.MEDIUM if is_here or is_commit(site.keywords.get("revision")) else None
    span = keyword_span(site, name, around)
    yield hit(REMOTE_CODE, site, _RUNS, severity=severity, span=span)


def _is_told(around: Around) -> bool:
    """Whether a dictionary gets the setting in a way that is told where it happens."""
    made = around.by_path.get("builtins.dict", ())
    return _NAME in around.assigned or any(
        _is_set(site.keywords[_NAME]) for site in made if _NAME in site.keywords
    )


def _handing(site: CallSite) -> str:
    """The argument that is a dictionary with the setting in it; empty if there is none."""
    for name, value in site.keywords.items():
        if value.items and _SETTINGS.fullmatch(name):
            asked = item(value, _NAME)
            if asked is not None and _is_set(asked):
                return name
    return ""


def _torch_hub(site: CallSite) -> Iterator[Match]:
    repository = site.argument(0, "repo_or_dir")
    if site.keywords.get("source", repository).constant == "local":
        return
    name = repository.constant if isinstance(repository.constant, str) else ""
    owner, _, version = name.partition(":")
    if is_commit(Value(constant=version)):
        return
    if _TAG.fullmatch(version):
        severity = Severity.LOW if owner.startswith("pytorch/") else Severity.MEDIUM
        message = "a tag can be moved to other code, which then runs here"
        yield hit(TORCH_HUB, site, message, severity=severity)
    else:
        yield hit(TORCH_HUB, site, "a repository's code of today and tomorrow runs here")


DETECTORS: Final = (Hub(),)
