"""Models and data from a hub: code that comes with them, and revisions that are not pinned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.rule import Severity
from .look import SiteDetector, hit, is_local, is_remote, is_true, keyword_span, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import AssignSite, CallSite
    from ...cells.values import Value
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
        bad("flag = True\nload_dataset(name, trust_remote_code=flag)", "trust_remote_code=flag"),
        bad("kwargs = {}\nkwargs['trust_remote_code'] = True", "kwargs['trust_remote_code'] = True"),
        good("AutoModel.from_pretrained(name, trust_remote_code=False, revision='0123456789abcdef')"),
        good("print('trust_remote_code=True')"),
    ),
)  # fmt: skip
UNPINNED: Final = code(
    "COD011",
    "hub-revision",
    "a model or data set from a hub without a fixed revision",
    Severity.LOW,
    "What a name stands for can change from one run to the next, and with it what is loaded.",
    "Pin the commit: `revision='<commit>'`.",
    cwe=494,
    atlas=("AML.T0010.002", "AML.T0010.003"),
    reference="https://huggingface.co/docs/huggingface_hub/guides/download",
    examples=(
        bad("from transformers import AutoModel\nm = AutoModel.from_pretrained('a/b')", "AutoModel.from_pretrained('a/b')"),
        bad("from datasets import load_dataset\nload_dataset('a/b', revision='main')", "load_dataset('a/b', revision='main')"),
        bad("import huggingface_hub as h\nh.snapshot_download(repo_id=name)", "h.snapshot_download(repo_id=name)"),
        bad("!hf download a/b --local-dir c", "hf download a/b"),
        good("!huggingface-cli download a/b --revision 0123456789abcdef"),
        good("from transformers import AutoModel\nm = AutoModel.from_pretrained('./mine')"),
        good("from pathlib import Path\nfrom transformers import AutoModel\nm = AutoModel.from_pretrained(Path('mine'))"),
        good("from transformers import AutoModel\nm = AutoModel.from_pretrained('a/b', revision='0123456789abcdef')"),
        good("from vertexai.language_models import TextEmbeddingModel\nTextEmbeddingModel.from_pretrained('text-embedding-004')"),
        good("from datasets import load_dataset\nload_dataset('csv', data_files='a.csv')"),
        good("from transformers import AutoModel\nmodel.save_pretrained('mine')\nAutoModel.from_pretrained('mine')"),
    ),
)  # fmt: skip

_HUB: Final = re.compile(
    r"(?:transformers|diffusers|peft|optimum|trl|setfit|timm|sentence_transformers|auto_gptq|unsloth|adapters"
    r"|span_marker|gliner|open_clip|speechbrain|accelerate|evaluate|huggingface_hub|datasets|kernels|tokenizers)\b.*"
    r"\.(?:from_pretrained|load_dataset|load_dataset_builder|hf_hub_download|snapshot_download|cached_download)"
    r"|sentence_transformers\.(?:SentenceTransformer|CrossEncoder|SparseEncoder)"
)
_BY_NAME: Final = re.compile(
    r"\?(?:self\.)?(?:load_dataset|hf_hub_download|snapshot_download)"
    r"|\?(?:Auto[A-Z]\w{0,60}|[A-Z]\w{0,60}(?:Tokenizer|TokenizerFast|Processor|FeatureExtractor|Config|Pipeline|LanguageModel|Transformer"
    r"|For[A-Z]\w{0,60}|LMHeadModel)|(?:Peft|Bert|Roberta|CLIP|T5|GPT2|ViT|UNet2DCondition|Whisper)\w{0,30}Model)\.from_pretrained"
)
"""What no cell has imported, but is called as those of the hub are."""
_DOWNLOAD: Final = re.compile(
    r"\b(?:huggingface-cli|hf)[ \t]+download[ \t]+(?:--[\w-]{1,40}[ \t]+[\w./-]{1,200}[ \t]+){0,4}(?P<name>[\w-]{1,100}/[\w.-]{1,100})[^\n;|&]{0,400}"
)
_REVISION: Final = re.compile(r"--revision[ =][0-9a-f]{7,40}\b")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}")
_BUILDERS: Final = frozenset(
    {"json", "csv", "parquet", "text", "imagefolder", "audiofolder", "videofolder", "arrow", "pandas", "xml", "webdataset", "sql", "generator"}
)  # fmt: skip
_SAVES: Final = frozenset(
    {"save_pretrained", "save_model", "save_to_disk", "save", "save_lora", "TrainingArguments", "SFTConfig", "output_dir", "makedirs"}
)  # fmt: skip


class Hub(SiteDetector):
    """COD007, COD010, COD011."""

    rules: ClassVar[tuple[Rule, ...]] = (TORCH_HUB, REMOTE_CODE, UNPINNED)
    literals: ClassVar[tuple[str, ...]] = (
        "from_pretrained", "trust_remote_code", "load_dataset", "_download", "sentencetransformer", "crossencoder", "sparseencoder", "hub.load", "hf download", "cli download",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if is_true(site, "trust_remote_code"):
            span = keyword_span(site, "trust_remote_code", around)
            local = is_local(_name(site))
            pinned = _is_commit(site.keywords.get("revision"))
            severity = Severity.MEDIUM if local or pinned else None
            yield hit(
                REMOTE_CODE,
                site,
                "the repository's own Python runs here",
                severity=severity,
                span=span,
            )
        if site.path == "torch.hub.load":
            yield from _torch_hub(site)
        elif _HUB.fullmatch(site.path) or _BY_NAME.fullmatch(site.path):
            yield from _unpinned(site, around)

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`hf download a/b`."""
        for found in _DOWNLOAD.finditer(text, start, end):
            if _REVISION.search(found[0]) is None:
                message = "no revision is given"
                yield Match(
                    rule=UNPINNED, start=found.start(), end=found.end("name"), message=message
                )

    def assign(self, site: AssignSite, around: Around) -> Iterator[Match]:
        """The arguments of a later call."""
        if site.key.constant == "trust_remote_code" and site.value.constant is True:
            yield hit(REMOTE_CODE, site, "the repository's own Python runs here")


def _torch_hub(site: CallSite) -> Iterator[Match]:
    repository = site.argument(0, "repo_or_dir")
    if site.keywords.get("source", repository).constant == "local":
        return
    name = repository.constant
    if isinstance(name, str) and _COMMIT.fullmatch(name.partition(":")[2]):
        return
    yield hit(TORCH_HUB, site, "a repository's code of today and tomorrow runs here")


def _unpinned(site: CallSite, around: Around) -> Iterator[Match]:
    revision = site.keywords.get("revision")
    if revision is not None and (not revision.is_constant or _is_commit(revision)):
        return
    name = _name(site)
    if is_local(name) or _is_builder(site, name) or _is_own(name, around):
        return
    named = revision is not None and revision.constant is not None
    message = "a branch or tag is no fixed revision" if named else "no revision is given"
    yield hit(UNPINNED, site, message)


def _name(site: CallSite) -> Value:
    """What is asked for."""
    for keyword in (
        "pretrained_model_name_or_path",
        "repo_id",
        "path",
        "model_name_or_path",
        "model_name",
    ):
        if keyword in site.keywords:
            return site.keywords[keyword]
    return site.argument(0, "model_id")


def _is_commit(revision: Value | None) -> bool:
    constant = revision.constant if revision is not None else None
    return isinstance(constant, str) and _COMMIT.fullmatch(constant) is not None


def _is_builder(site: CallSite, name: Value) -> bool:
    """Whether `load_dataset` reads files by their format, and those are local."""
    if last(site.path).lstrip("?") != "load_dataset" or name.constant not in _BUILDERS:
        return False
    files = site.keywords.get("data_files")
    return files is None or not is_remote(files)


def _is_own(name: Value, around: Around) -> bool:
    """Whether the notebook has written it itself, by the same name."""
    if not isinstance(name.constant, str):
        return False
    return any(
        value.constant == name.constant
        for site in around.calls
        if last(site.path).lstrip("?") in _SAVES
        for value in (*site.arguments, *site.keywords.values())
    )


DETECTORS: Final = (Hub(),)
