"""Settings that let a document, a model or an index bring code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.values import UNKNOWN
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import SiteDetector, hit, is_false, is_true, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.detector import Match
    from ...core.rule import Rule
    from .look import Around

YAML: Final = code(
    "COD004",
    "yaml-load",
    "YAML loaded with a loader that builds any object",
    Severity.HIGH,
    "`yaml.load` with Loader, UnsafeLoader or none at all lets a document call any function.",
    "Use `yaml.safe_load`.",
    cwe=502,
    atlas=("AML.T0011.000",),
    reference="https://pyyaml.org/wiki/PyYAMLDocumentation",
    examples=(
        bad("import yaml\nc = yaml.load(text)", "yaml.load(text)"),
        bad("import yaml\nc = yaml.load(text, Loader=yaml.Loader)", "yaml.load(text, Loader=yaml.Loader)"),
        bad("from yaml import load, UnsafeLoader\nload(text, UnsafeLoader)", "load(text, UnsafeLoader)"),
        bad("from ruamel.yaml import YAML\nc = YAML(typ='unsafe').load(text)", "YAML(typ='unsafe')"),
        good("from ruamel.yaml import YAML\nc = YAML(typ='safe').load(text)"),
        good("import yaml\nc = yaml.safe_load(text)"),
        good("import yaml\nc = yaml.load(text, Loader=yaml.SafeLoader)"),
        good("from yaml import load, CSafeLoader\nload(text, Loader=CSafeLoader)"),
    ),
)  # fmt: skip
KERAS: Final = code(
    "COD005",
    "keras-unsafe",
    "Keras allowed to load code with a model",
    Severity.HIGH,
    "A Lambda layer is Python that is stored with the model; `safe_mode=False` lets it run.",
    "Leave `safe_mode` on; ask for a model without Lambda layers.",
    cwe=94,
    atlas=("AML.T0018.002",),
    reference="https://keras.io/api/models/model_saving_apis/",
    examples=(
        bad("import keras\nkeras.models.load_model(path, safe_mode=False)", "keras.models.load_model(path, safe_mode=False)"),
        bad("import tensorflow as tf\ntf.keras.config.enable_unsafe_deserialization()", "tf.keras.config.enable_unsafe_deserialization()"),
        good("import keras\nkeras.models.load_model(path)"),
    ),
)  # fmt: skip
ALLOWED: Final = code(
    "COD031",
    "dangerous-deserialization",
    "an index is loaded as a pickle",
    Severity.HIGH,
    "`allow_dangerous_deserialization=True` unpickles what lies beside the index.",
    "Build the index anew, or load only one that you have made yourself.",
    cwe=502,
    atlas=("AML.T0011.000",),
    reference="https://python.langchain.com/api_reference/community/vectorstores/langchain_community.vectorstores.faiss.FAISS.html",
    examples=(
        bad("db = FAISS.load_local('index', emb, allow_dangerous_deserialization=True)", "FAISS.load_local('index', emb, allow_dangerous_deserialization=True)"),
        bad("how = {'allow_dangerous_deserialization': True}\ndb = FAISS.load_local('index', emb, **how)", "FAISS.load_local('index', emb, **how)"),
        good("db = FAISS.load_local('index', emb, allow_dangerous_deserialization=False)"),
        good("db = FAISS.load_local('index', emb)"),
    ),
)  # fmt: skip

_YAML_SAFE: Final = lazy(r"(?:.*\.)?\??C?(?:Safe|Base)Loader|.*\.FullLoader|.*\.CFullLoader")
_KERAS: Final = lazy(
    r"(?:.*\.)?(?:load_model|model_from_json|model_from_config|deserialize\w{0,30}|from_config)"
)


class Objects(SiteDetector):
    """COD004, COD005 and COD031."""

    rules: ClassVar[tuple[Rule, ...]] = (YAML, KERAS, ALLOWED)
    literals: ClassVar[tuple[str, ...]] = (
        "yaml",
        "unsafe_deserialization",
        "safe_mode",
        "allow_dangerous",
    )

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if site.path.startswith("yaml."):
            yield from _yaml(site)
        elif (
            site.path == "ruamel.yaml.YAML"
            and site.keywords.get("typ", UNKNOWN).constant == "unsafe"
        ):
            yield hit(YAML, site, "a document can call any function")
        elif last(site.path) == "enable_unsafe_deserialization":
            yield hit(KERAS, site, "every model that is loaded from here on may run code")
        if is_false(site, "safe_mode") and _KERAS.fullmatch(site.path or ".from_config"):
            yield hit(KERAS, site, "safe_mode=False: Lambda layers in the file run")
        if is_true(site, "allow_dangerous_deserialization"):
            saves = any(last(path).lstrip("?") == "save_local" for path in around.paths)
            message = "what lies beside the index is unpickled"
            if saves:
                message += "; the notebook writes one itself"
            severity = Severity.LOW if saves else None
            yield hit(ALLOWED, site, message, severity=severity)


def _yaml(site: CallSite) -> Iterator[Match]:
    method = last(site.path)
    if method in {"unsafe_load", "unsafe_load_all"}:
        yield hit(YAML, site, "a document can call any function")
    elif method in {"load", "load_all"} and site.path.count(".") == 1:
        loader = site.argument(1, "Loader")
        if _YAML_SAFE.fullmatch(loader.path) is None:
            sure = None if loader.path or len(site.node.args) < 2 else Confidence.LOW
            yield hit(YAML, site, "a document can call any function", confidence=sure)


DETECTORS: Final = (Objects(),)
