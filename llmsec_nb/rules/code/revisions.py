"""What is loaded from a hub by its name, and by no fixed revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...cells.values import dotted
from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import hit, is_local, is_remote, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.values import Value
    from .look import Around

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
        bad("!git clone https://huggingface.co/a/b", "git clone https://huggingface.co/a/b"),
        bad("emb = HuggingFaceEmbeddings(model_name='a/b')", "HuggingFaceEmbeddings(model_name='a/b')"),
        bad("from transformers import pipeline\np = pipeline('fill-mask', model='a/b')", "pipeline('fill-mask', model='a/b')"),
        bad("from peft import PeftModel\nPeftModel.from_pretrained(base, 'a/b')", "PeftModel.from_pretrained(base, 'a/b')"),
        good("from transformers import pipeline\np = pipeline('fill-mask', model=model, tokenizer=tokenizer)"),
        good("from transformers import pipeline\np = pipeline('fill-mask')"),
        good("from sklearn.pipeline import Pipeline as pipeline\np = pipeline('fill-mask', model='a/b')"),
        good("emb = HuggingFaceEmbeddings(model_name='a/b', model_kwargs={'revision': '0123456789abcdef'})"),
        good("from peft import PeftModel\nPeftModel.from_pretrained(base, './adapter')"),
        good("from sentence_transformers import SentenceTransformer as S\nS(modules=[a, b])"),
        good("from transformers import AutoModel\ndef get(where):\n    return AutoModel.from_pretrained(where)\nget('./a')\nget(where='/b/c')"),
        good("%%bash\ngit clone https://huggingface.co/a/b\ncd b\ngit checkout 0123456789abcdef"),
        good("!git clone https://github.com/a/huggingface.co"),
        good("!huggingface-cli download a/b --revision 0123456789abcdef"),
        good("from transformers import AutoModel\nm = AutoModel.from_pretrained('./mine')"),
        good("from pathlib import Path\nfrom transformers import AutoModel\nm = AutoModel.from_pretrained(Path('mine'))"),
        good("from transformers import AutoModel\nm = AutoModel.from_pretrained('a/b', revision='0123456789abcdef')"),
        good("from vertexai.language_models import TextEmbeddingModel\nTextEmbeddingModel.from_pretrained('text-embedding-004')"),
        good("from datasets import load_dataset\nload_dataset('csv', data_files='a.csv')"),
        good("from transformers import AutoModel\nmodel.save_pretrained('mine')\nAutoModel.from_pretrained('mine')"),
    ),
)  # fmt: skip

_HUB: Final = lazy(
    r"(?:transformers|diffusers|peft|optimum|trl|setfit|timm|sentence_transformers|auto_gptq|unsloth|adapters"
    r"|span_marker|gliner|open_clip|speechbrain|accelerate|evaluate|huggingface_hub|datasets|kernels|tokenizers)\b.*"
    r"\.(?:from_pretrained|load_dataset|load_dataset_builder|hf_hub_download|snapshot_download|cached_download)"
    r"|sentence_transformers\.(?:\w{1,40}\.){0,3}(?:SentenceTransformer|CrossEncoder|SparseEncoder)"
)
_BY_NAME: Final = lazy(
    r"\?(?:self\.)?(?:load_dataset|hf_hub_download|snapshot_download)|\?(?:SentenceTransformer|CrossEncoder|SparseEncoder)"
    r"|\?(?:Auto[A-Z]\w{0,60}|[A-Z]\w{0,60}(?:Tokenizer|TokenizerFast|Processor|FeatureExtractor|Config|Pipeline|LanguageModel|Transformer"
    r"|For[A-Z]\w{0,60}|LMHeadModel)|(?:Peft|Bert|Roberta|CLIP|T5|GPT2|ViT|UNet2DCondition|Whisper)\w{0,30}Model)\.from_pretrained"
)
"""What no cell has imported, but is called as those of the hub are."""
_EMBEDDING: Final = lazy(
    r"(?:(?:langchain|llama_index)\w{0,40}\.[\w.]{0,120}|\?)HuggingFace(?:Bge|Instruct)?Embeddings?"
)
_PIPELINE: Final = lazy(r"transformers\.(?:pipelines\.)?pipeline|\?pipeline")
_ADAPTER: Final = lazy(r"\bPeft\w{0,40}\.from_pretrained\Z")
"""The first argument is the model that the adapter is for."""
_NAMES: Final = (
    "pretrained_model_name_or_path", "repo_id", "path", "model_name_or_path", "model_name",
    "model_id",
)  # fmt: skip
_DOWNLOAD: Final = lazy(
    r"\b(?:huggingface-cli|hf)[ \t]+download[ \t]+(?:--[\w-]{1,40}[ \t]+[\w./-]{1,200}[ \t]+){0,4}(?P<name>[\w-]{1,100}/[\w.-]{1,100})[^\n;|&]{0,400}"
)
_CLONE: Final = lazy(
    r"\bgit[ \t]+(?:lfs[ \t]+)?clone\b[^\n;|&]{0,200}?\bhttps?://(?:[^\s/@]{1,200}@)?(?:huggingface\.co|hf\.co)"
    r"(?P<name>(?:/[\w.{}$-]{1,100}){1,3})[^\n;|&]{0,200}"
)
_PINNED: Final = lazy(r"--revision[ =][0-9a-f]{7,40}\b")
_CHECKED_OUT: Final = lazy(
    r"\bgit\b[^\n;|&]{0,100}[ \t](?:checkout|reset[ \t]--hard)[ \t]+[0-9a-f]{7,40}\b"
)
_COMMIT: Final = lazy(r"[0-9a-f]{7,40}")
_NEAR: Final = 1_000
"""Characters in which what is cloned is checked out."""
_BUILDERS: Final = frozenset(
    {"json", "csv", "parquet", "text", "imagefolder", "audiofolder", "videofolder", "arrow", "pandas", "xml", "webdataset", "sql", "generator"}
)  # fmt: skip
_SAVES: Final = frozenset(
    {"save_pretrained", "save_model", "save_to_disk", "save", "save_lora", "TrainingArguments", "SFTConfig", "output_dir", "makedirs"}
)  # fmt: skip


def is_loading(site: CallSite) -> bool:
    """Whether a call loads something from a hub, by a name."""
    path = site.path
    return any(one.fullmatch(path) for one in (_HUB, _BY_NAME, _EMBEDDING, _PIPELINE))


def unpinned(site: CallSite, around: Around) -> Iterator[Match]:
    """What is wrong with a call that loads something."""
    revision = _revision(site)
    if says_revision(site):
        return
    name = name_of(site)
    if name is None or of_this_machine(site, name, around):
        return
    is_saved = not name.is_constant and _words(site, name) in around.given_to(_SAVES)
    if _PIPELINE.fullmatch(site.path) and not isinstance(name.constant, str):
        return  # a model that is there already
    named = revision is not None and revision.constant is not None
    message = "a branch or tag is no fixed revision" if named else "no revision is given"
    # A name may have got another value since something was saved by it: the least is said.
    yield hit(UNPINNED, site, message, confidence=Confidence.LOW if is_saved else None)


def by_words(text: str, start: int, end: int) -> Iterator[Match]:
    """`hf download a/b`, `git clone https://huggingface.co/a/b`."""
    for pattern in (_DOWNLOAD, _CLONE):
        for found in pattern.finditer(text, start, end):
            rest = text[found.start() : min(end, found.end() + _NEAR)]
            if _PINNED.search(found[0]) or _CHECKED_OUT.search(rest):
                continue
            message = "no revision is given"
            span = found.start(), found.end("name")
            yield Match(rule=UNPINNED, start=span[0], end=span[1], message=message)


def says_revision(site: CallSite) -> bool:
    """Whether a call asks for a revision that is, or may be, fixed."""
    revision = _revision(site)
    return revision is not None and (not revision.is_constant or is_commit(revision))


def of_this_machine(site: CallSite, name: Value, around: Around) -> bool:
    """Whether a folder of this machine, or files by a builder, are loaded."""
    return is_own(site, name, around) or _is_builder(site, name)


def is_own(site: CallSite, name: Value, around: Around) -> bool:
    """Whether a path of this machine is loaded, or what the notebook has written itself."""
    if _is_here(name, around):
        return True
    passed = around.passed(site, name)
    return bool(passed) and all(_is_here(value, around) for value in passed)


def _is_here(name: Value, around: Around) -> bool:
    if is_local(name):
        return True
    return isinstance(name.constant, str) and name.constant in around.given_to(_SAVES)


def _words(site: CallSite, name: Value) -> str:
    """The words that the name stands there as, `args.output_dir` say."""
    given = [*zip(site.node.args, site.arguments, strict=True)]
    given += [(one.value, site.keywords[one.arg]) for one in site.node.keywords if one.arg]
    return next((dotted(node) for node, value in given if value is name), "")


def _revision(site: CallSite) -> Value | None:
    """The revision that is asked for, by the call or by what it hands on."""
    handed = site.keywords.get("model_kwargs")
    inner = dict(handed.items or ()).get("revision") if handed is not None else None
    return site.keywords.get("revision", inner)


def name_of(site: CallSite) -> Value | None:
    """What is asked for; None where that is nothing by a name."""
    for keyword in _NAMES:
        if keyword in site.keywords:
            return site.keywords[keyword]
    is_pipeline = _PIPELINE.fullmatch(site.path) is not None
    if is_pipeline and "model" in site.keywords:
        return site.keywords["model"]
    place = 1 if is_pipeline or _ADAPTER.search(site.path) else 0
    return site.arguments[place] if place < len(site.arguments) else None


def is_commit(revision: Value | None) -> bool:
    """Whether it is the digest of a commit, or the beginning of one."""
    constant = revision.constant if revision is not None else None
    return isinstance(constant, str) and _COMMIT.fullmatch(constant) is not None


def _is_builder(site: CallSite, name: Value) -> bool:
    """Whether `load_dataset` reads files by their format, and those are local."""
    if last(site.path).lstrip("?") != "load_dataset" or name.constant not in _BUILDERS:
        return False
    files = site.keywords.get("data_files")
    return files is None or not is_remote(files)
