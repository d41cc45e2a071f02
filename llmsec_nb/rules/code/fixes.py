"""What can be done about a finding of these rules, as edits of the source that it is in."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from ...cells.program import read
from ...cells.python import Python
from ...core.lazy import lazy
from ..repair import Edit, Repair
from .arguments import Calls, Target, added, dropped, removed, with_value
from .doubts import is_of_tar, makes_pages, saves_models
from .textual import TEXTUAL

UNKNOWN_COMMIT: Final = "0" * 40
"""No repository has it: a download with it fails until someone puts the right one in."""
_YAML: Final = {
    "load": "safe_load",
    "load_all": "safe_load_all",
    "unsafe_load": "safe_load",
    "unsafe_load_all": "safe_load_all",
}
_YAML_LOADERS: Final = frozenset({"Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader"})
"""Those of PyYAML itself: what they read beyond plain values is what is refused."""
_TAR: Final = lazy(r"\.(?:tar(?:\.\w{1,4})?|t[gbx]z2?)[\"']\Z", re.IGNORECASE)
_ON_BY_DEFAULT: Final = frozenset({"verify", "ssl", "verify_certs"})
"""Arguments of TLS whose absence means that certificates are checked."""
_EMBEDDINGS: Final = lazy(r"HuggingFace\w{0,20}Embeddings")
_SECOND: Final = lazy(r"\bPeft\w{0,40}\.from_pretrained\Z|\bpipeline\Z")
"""Calls whose second argument is the name; the first is a model, or a task."""
_NAMES: Final = (
    "pretrained_model_name_or_path", "repo_id", "path", "model_name_or_path", "model_name",
)  # fmt: skip


class Asked(NamedTuple):
    """What a call asks a hub for: `kind` is `models`, `datasets` or `spaces`."""

    kind: str
    name: str
    revision: str


class Known(NamedTuple):
    """What is known beside the source: versions of packages, and commits of what was loaded.

    `beside` gives the other sources of the document.
    """

    packages: Mapping[str, str] = {}
    commit: Callable[[Asked], str] = lambda _: ""
    beside: Callable[[], Iterable[str]] = tuple


class Code(NamedTuple):
    """The Python of a source, and the calls in it."""

    python: Python
    calls: Calls

    @classmethod
    def of(cls, python: Python) -> Code:
        """Look for the calls."""
        return cls(python, Calls(python))


def fix_for(
    rule_id: str,
    source: str,
    start: int,
    end: int,
    *,
    code: Code | None = None,
    known: Known | None = None,
) -> Repair | None:
    """The repair of the finding of `rule_id` at characters `start` to `end`; None: there is none.

    `source` is that of a cell or a file, and `code` its Python if it is at hand.
    """
    if not 0 <= start < end <= len(source):
        return None
    textual = TEXTUAL.get(rule_id)
    found = textual(source, start, end) if textual is not None else None
    make = _MAKERS.get(rule_id)
    if found is not None or make is None:
        return found
    code = code or Code.of(read(source).python)
    call = code.calls.at(start, end)
    if call is None or not source.startswith(")", code.python.span(call)[1] - 1):
        return None
    return make(Target(source, code.python, call, start, end), known or Known())


def _repair(edits: list[Edit] | None, description: str, *, is_safe: bool = False) -> Repair | None:
    return Repair(edits, is_safe, description) if edits else None


def _weights_only(target: Target, known: Known) -> Repair | None:
    """Since PyTorch 2.6 it is the default: nothing changes but where an older one is in use.

    Where whole models are saved, what is loaded may be one, and is then refused.
    """
    given = target.keyword("weights_only") is not None
    is_old = _older(known.packages.get("torch", ""), (2, 6))
    text = "load tensors only: weights_only=True"
    is_safe = not given and not is_old
    is_safe = is_safe and not saves_models([target.source, *known.beside()])
    return _repair(with_value(target, "weights_only", "True"), text, is_safe=is_safe)


def _older(version: str, than: tuple[int, int]) -> bool:
    found = re.match(r"(\d{1,4})\.(\d{1,4})", version)
    return found is not None and (int(found[1]), int(found[2])) < than


def _allow_pickle(target: Target, _: Known) -> Repair | None:
    return _repair(dropped(target, "allow_pickle", "False"), "load plain arrays only")


def _yaml(target: Target, _: Known) -> Repair | None:
    function = target.call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _YAML:
        return None
    end = target.span(function)[1]
    edits: list[Edit] = [(end - len(function.attr), end, _YAML[function.attr])]
    keyword = target.keyword("Loader")
    positional = target.call.args[1] if len(target.call.args) > 1 else None
    is_own = True
    if keyword is not None or positional is not None:
        loader: ast.expr | ast.keyword | None = keyword or positional
        value = keyword.value if keyword is not None else positional
        without = removed(target, loader) if loader is not None else None
        if without is None:
            return None
        edits += without
        is_own = getattr(value, "attr", getattr(value, "id", "")) in _YAML_LOADERS
    return Repair(edits, is_own, "build plain values only: safe_load")


def _revision(target: Target, known: Known) -> Repair | None:
    asked = _asked(target)
    commit = known.commit(asked) if asked is not None else ""
    text = f"pin the revision that is in the cache here: {commit[:12]}"
    if not commit:
        commit, text = UNKNOWN_COMMIT, "pin the revision: put its commit in"
    if _EMBEDDINGS.fullmatch(target.called):  # has no argument of its own for it
        handed = f'{{"revision": "{commit}"}}'
        is_free = target.keyword("model_kwargs") is None
        return _repair(added(target, f"model_kwargs={handed}") if is_free else None, text)
    return _repair(with_value(target, "revision", f'"{commit}"'), text)


def _asked(target: Target) -> Asked | None:
    """What the call loads, where it says so itself."""
    named = next(filter(None, map(target.keyword, _NAMES)), None)
    place = 1 if _SECOND.search(target.source, *target.span(target.call.func)) else 0
    is_pipeline = target.called == "pipeline"
    named = target.keyword("model") if is_pipeline and named is None else named
    positional = target.call.args[place] if place < len(target.call.args) else None
    name = _text(named.value if named is not None else positional)
    revision, kind = target.keyword("revision"), target.keyword("repo_type")
    branch = _text(revision.value) if revision is not None else "main"
    is_data = target.called.startswith("load_dataset")
    usual = "dataset" if is_data else "model"
    which = _text(kind.value) if kind is not None else usual
    if not name or not branch or not which:
        return None
    return Asked(f"{which}s", name, branch)


def _text(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def _not_for_security(target: Target, _: Known) -> Repair | None:
    """`hashlib` alone knows the argument, by these names."""
    first = target.call.args[0] if target.call.args else None
    if target.called not in {"md5", "sha1"} and not (target.called == "new" and _text(first)):
        return None
    text = "say that it is a key, not a proof: usedforsecurity=False"
    return _repair(with_value(target, "usedforsecurity", "False"), text)


def _filter(target: Target, _: Known) -> Repair | None:
    """Only a tar file takes it, and someone may have chosen another."""
    text = "refuse paths and links that lead outside: filter='data'"
    first = target.call.args[0] if target.call.args else None
    if target.called == "unpack_archive":
        span = target.span(first) if first is not None else (0, 0)
        form = target.keyword("format")
        third = target.call.args[2] if len(target.call.args) > 2 else None
        is_tar = _TAR.search(target.source, *span) is not None
        is_tar = is_tar or _text(form.value if form is not None else third).endswith("tar")
    else:
        is_tar = is_of_tar(target)
    if not is_tar:
        return None
    is_safe = target.keyword("filter") is None
    return _repair(with_value(target, "filter", '"data"'), text, is_safe=is_safe)


def _timeout(target: Target, _: Known) -> Repair | None:
    return _repair(with_value(target, "timeout", "60"), "give up after 60 seconds")


def _named(target: Target) -> str:
    """The keyword that is flagged."""
    return target.found.partition("=")[0].strip()


def _flag(value: str, description: str) -> Callable[[Target, Known], Repair | None]:
    """Drop the keyword that is flagged; `value` is its harmless one."""

    def make(target: Target, _: Known) -> Repair | None:
        return _repair(dropped(target, _named(target), value), description)

    return make


def _remote_code(target: Target, _: Known) -> Repair | None:
    """The setting is dropped, or turned off in the dictionary that holds it."""
    text = "run no code of the repository"
    name = _named(target)
    if name == "trust_remote_code":
        return _repair(dropped(target, name, "False"), text)
    keyword = target.keyword(name)
    held = keyword.value if keyword is not None else None
    if not isinstance(held, ast.Dict):
        return None
    pairs = zip(held.keys, held.values, strict=True)
    edits = [
        (*target.span(one), "False") for key, one in pairs if _text(key) == "trust_remote_code"
    ]
    return _repair(edits, text)


def _checked(target: Target, _: Known) -> Repair | None:
    """Certificates are checked: by default, or because it says so."""
    name = _named(target)
    keyword = target.keyword(name)
    if keyword is None:
        return None
    start, end = target.span(keyword.value)
    off = target.source.find("CERT_NONE", start, end)
    edits: list[Edit] | None = [(start, end, "True")]
    if off >= 0:
        edits = [(off, off + len("CERT_NONE"), "CERT_REQUIRED")]
    elif name in _ON_BY_DEFAULT:
        edits = dropped(target, name, "True")
    return _repair(edits, "check the server's certificate")


def _unsafe_layers(target: Target, _: Known) -> Repair | None:
    return _repair(dropped(target, "safe_mode", "True"), "refuse code in the model")


def _loopback(target: Target, _: Known) -> Repair | None:
    name = _named(target)
    if target.keyword(name) is None:
        return None
    return _repair(with_value(target, name, '"127.0.0.1"'), "listen on this machine only")


def _private(target: Target, _: Known) -> Repair | None:
    name = _named(target)
    if name not in {"ACL", "acl", "predefined_acl"} or target.keyword(name) is None:
        return None
    return _repair(with_value(target, name, '"private"'), "let nobody else read it")


def _known_hosts(target: Target, _: Known) -> Repair | None:
    found = re.search(r"\b(?:AutoAdd|Warning)Policy\b", target.found)
    if found is None:
        return None
    edit = (target.start + found.start(), target.start + found.end(), "RejectPolicy")
    return _repair([edit], "refuse hosts that are not known: RejectPolicy")


def _escaped(target: Target, known: Known) -> Repair | None:
    """What is no page, a prompt say, would be changed by it."""
    if target.called != "Environment" or not makes_pages([target.source, *known.beside()]):
        return None
    return _repair(with_value(target, "autoescape", "True"), "escape what is put into a page")


_MAKERS: Final[dict[str, Callable[[Target, Known], Repair | None]]] = {
    "COD001": _weights_only,
    "COD003": _allow_pickle,
    "COD004": _yaml,
    "COD005": _unsafe_layers,
    "COD010": _remote_code,
    "COD011": _revision,
    "COD040": _checked,
    "COD042": _timeout,
    "COD050": _flag("False", "do not put the app on the Internet"),
    "COD051": _loopback,
    "COD052": _flag("False", "no debugger for visitors"),
    "COD053": _private,
    "COD060": _not_for_security,
    "COD062": _filter,
    "COD068": _known_hosts,
    "COD070": _escaped,
}
