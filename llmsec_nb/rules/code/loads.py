"""Files that run code when they are loaded: pickles of every kind, and what holds them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import REMOTE, SiteDetector, hit, is_fixed, is_local, is_remote, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...cells.values import Value
    from ...core.detector import Match
    from ...core.rule import Rule
    from .look import Around

_PICKLE: Final = (
    "A pickle is a program: loading it calls whatever it names, before anything of it is seen. "
    "Who can change the file can run code as you."
)
_SAFE_FORMAT: Final = (
    "Load safetensors, ONNX, Parquet, JSON or skops instead; else check the file first with "
    "`%llmsec check`, and load only what you have made yourself."
)
_LOADING: Final[dict[str, Any]] = {"cwe": 502, "atlas": ("AML.T0011.000", "AML.T0018.002")}

TORCH: Final = code(
    "COD001",
    "torch-load",
    "torch.load of a file that may run code",
    Severity.HIGH,
    "Without `weights_only=True` torch.load unpickles: a checkpoint can run any code. Since PyTorch "
    "2.6 it is the default; older versions, and `weights_only=False`, are open.",
    "Pass `weights_only=True`, or use safetensors.",
    **_LOADING,
    reference="https://pytorch.org/docs/stable/generated/torch.load.html",
    examples=(
        bad("import torch\nm = torch.load(path, weights_only=False)", "torch.load(path, weights_only=False)"),
        bad("from torch import load as l\nl('model.pt')", "l('model.pt')"),
        bad("import torch\nhow = dict(weights_only=False)\ntorch.load(name, **how)", "torch.load(name, **how)"),
        good("import torch\nhow = {'weights_only': True}\ntorch.load(name, **how)"),
        bad("torch.load(huggingface_hub.hf_hub_download('a/b', 'c.pt'))"),
        good("import torch\ntorch.load('model.pt', weights_only=True)"),
        good("safe = dict(weights_only=True)\nmodel.load('model.pt')"),
        good("import safetensors.torch\nsafetensors.torch.load_file('model.safetensors')"),
    ),
)  # fmt: skip
PICKLE: Final = code(
    "COD002",
    "pickle-load",
    "loading a pickle runs the code in it",
    Severity.HIGH,
    _PICKLE,
    _SAFE_FORMAT,
    **_LOADING,
    reference="https://docs.python.org/3/library/pickle.html",
    examples=(
        bad("import pickle\npickle.loads(data)", "pickle.loads(data)"),
        bad("import pandas as pd\ndf = pd.read_pickle('https://example.org/a.pkl')", "pd.read_pickle('https://example.org/a.pkl')"),
        bad("import joblib\nwith open('a', 'rb') as f:\n    m = joblib.load(f)", "joblib.load(f)"),
        bad("import pickle\npickle.Unpickler(f).load()", "pickle.Unpickler(f).load()"),
        bad("import boto3, pickle\nboto3.client('s3').download_file('bucket', 'key', 'x.pkl')\nm = pickle.load(open('x.pkl', 'rb'))", "pickle.load(open('x.pkl', 'rb'))"),
        bad("!wget https://example.org/a.pkl\nimport joblib\nm = joblib.load('./a.pkl')", "joblib.load('./a.pkl')"),
        bad("m = Net.load_from_checkpoint('https://example.org/a.ckpt')", "Net.load_from_checkpoint('https://example.org/a.ckpt')"),
        bad("import skops.io as sio\nm = sio.load('m.skops', trusted=True)", "sio.load('m.skops', trusted=True)"),
        bad("from skops.io import load, get_untrusted_types\nload(f, trusted=get_untrusted_types(file=f))", "load(f, trusted=get_untrusted_types(file=f))"),
        good("import skops.io as sio\nm = sio.load('m.skops', trusted=['sklearn.metrics._dist_metrics.EuclideanDistance'])"),
        good("m = Net.load_from_checkpoint('lightning_logs/a.ckpt')"),
        good("import json\njson.loads(data)"),
        good("import pickle\npickle.dumps(data)"),
        good("import pickle\npickle.loads(pickle.dumps(model))"),
    ),
)  # fmt: skip
NUMPY: Final = code(
    "COD003",
    "numpy-allow-pickle",
    "np.load with allow_pickle=True",
    Severity.MEDIUM,
    "An array of objects is a pickle, and a pickle runs code when it is loaded.",
    "Leave `allow_pickle` out; save plain arrays, or Parquet for tables.",
    **_LOADING,
    reference="https://numpy.org/doc/stable/reference/generated/numpy.load.html",
    examples=(
        bad("import numpy as np\na = np.load(path, allow_pickle=True)", "np.load(path, allow_pickle=True)"),
        good("import numpy as np\na = np.load('a.npy')"),
        good("import numpy as np\na = np.load('a.npy', allow_pickle=False)"),
    ),
)  # fmt: skip
MLFLOW: Final = code(
    "COD006",
    "mlflow-load",
    "an MLflow model from elsewhere is loaded",
    Severity.MEDIUM,
    "Most MLflow flavours are pickles: whoever can write to the registry runs code here.",
    "Load by a version that you have checked, from a registry that you trust.",
    **_LOADING,
    confidence=Confidence.MEDIUM,
    reference="https://mlflow.org/docs/latest/models.html",
    examples=(
        bad("import mlflow\nm = mlflow.pyfunc.load_model('models:/a/1')", "mlflow.pyfunc.load_model('models:/a/1')"),
        bad("import mlflow.sklearn\nm = mlflow.sklearn.load_model(uri)", "mlflow.sklearn.load_model(uri)"),
        good("import mlflow\nmlflow.pyfunc.log_model(model, 'a')"),
    ),
)  # fmt: skip
PICKLES: Final = lazy(
    r"(?:pickle|_pickle|cPickle|dill|cloudpickle|joblib|pickle5|compress_pickle|hickle|marshal|jsonpickle"
    r"|sklearn\.externals\.joblib|jsonpickle\.unpickler|six\.moves\.cPickle|torch\.utils\.serialization)\."
    r"(?:load|loads|decode|unpickle|Unpickler\(\)\.(?:load|decode)|load_session|load_module)"
    r"|(?:pandas|polars|cudf|modin\.pandas|geopandas|dask\.dataframe)\.(?:io\.pickle\.)?read_pickle"
    r"|shelve\.(?:open|DbfilenameShelf)|pickle\._Unpickler\(\)\.load|numpy\.core\.multiarray\._load"
)
DUMPS: Final = lazy(
    r"(?:pickle|_pickle|cPickle|dill|cloudpickle|joblib|marshal|pickle5|jsonpickle)\."
    r"(?:dumps?|encode|Pickler|dump_session)|.*\.to_pickle"
)


class Loads(SiteDetector):
    """COD001 to COD003 and COD006."""

    rules: ClassVar[tuple[Rule, ...]] = (TORCH, PICKLE, NUMPY, MLFLOW)
    literals: ClassVar[tuple[str, ...]] = ("load", "pickle", "shelve")

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        path = site.path
        if path in {"torch.load", "torch.serialization.load"}:
            yield from _torch(site, around)
        elif PICKLES.fullmatch(path):
            yield from _pickle(site, around)
        elif path == "numpy.load" and _given(site, "allow_pickle", 2).constant is True:
            own = "numpy.save" in around.paths
            yield _weighed(NUMPY, site, "what is loaded may be a pickle", around, own=own)
        elif path in {"skops.io.load", "skops.io.loads"} and _trusts_all(site):
            yield hit(PICKLE, site, "whatever types the file asks for are trusted")
        elif last(path) == "load_from_checkpoint" and _from_elsewhere(
            site, _given(site, "checkpoint_path", 0), around
        ):
            yield hit(PICKLE, site, "a checkpoint is a pickle, and it comes from elsewhere")
        elif path.startswith("mlflow.") and last(path) in {"load_model", "load_pyfunc"}:
            yield from _mlflow(site)


def _torch(site: CallSite, around: Around) -> Iterator[Match]:
    only = site.keywords.get("weights_only")
    file = _given(site, "f", 0)
    if only is not None and only.constant is True:
        return
    if only is not None and only.constant is False:
        own = "torch.save" in around.paths and not _from_elsewhere(site, file, around)
        message = "weights_only=False: the file may run any code"
        yield hit(TORCH, site, message, severity=Severity.MEDIUM if own else None)
    elif _from_elsewhere(site, file, around):
        yield hit(TORCH, site, "a file from elsewhere, and before PyTorch 2.6 it may run any code")
    else:
        message = "before PyTorch 2.6 the file may run any code: pass weights_only=True"
        yield hit(TORCH, site, message, severity=Severity.LOW)


def _pickle(site: CallSite, around: Around) -> Iterator[Match]:
    if site.path.startswith("shelve.") and is_fixed(_given(site, "filename", 0)):
        yield hit(PICKLE, site, "a shelf holds pickles", severity=Severity.LOW)
        return
    first = _given(site, "file", 0)
    if "Unpickler()" in site.path:
        first = site.owner
    if DUMPS.fullmatch(first.path.removesuffix("()")) is not None:
        return
    own = any(DUMPS.fullmatch(path) for path in around.paths)
    yield _weighed(PICKLE, site, "what is loaded runs the code in it", around, own=own, value=first)


def _from_elsewhere(site: CallSite, file: Value, around: Around) -> bool:
    """Whether a file is an address, or was downloaded: here, or before under the same name."""
    return is_remote(file) or around.is_fetched(site, file)


def _weighed(
    rule: Rule,
    site: CallSite,
    message: str,
    around: Around,
    *,
    own: bool,
    value: Value | None = None,
) -> Match:
    """Worst is what comes from elsewhere, least what the same notebook has written itself."""
    first = value if value is not None else _given(site, "file", 0)
    if _from_elsewhere(site, first, around):
        return hit(rule, site, f"{message}, and it comes from elsewhere", severity=Severity.HIGH)
    if own:
        return hit(rule, site, message, severity=Severity.LOW)
    from_file = "open()" in first.path or bool(first.file) or is_fixed(first) or is_local(first)
    from_file = from_file or _is_joined(site)
    return hit(rule, site, message, severity=Severity.MEDIUM if from_file else None)


def _is_joined(site: CallSite) -> bool:
    """Whether a name is put together here, `f"{folder}/model.pkl"`, and no address."""
    node = site.node.args[0] if site.node.args else None
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    while isinstance(first, ast.BinOp):
        first = first.left
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        return REMOTE.match(first.value) is None
    return isinstance(node, ast.JoinedStr | ast.BinOp)


def _trusts_all(site: CallSite) -> bool:
    trusted = _given(site, "trusted", 1)
    return trusted.constant is True or "get_untrusted_types()" in trusted.path


def _mlflow(site: CallSite) -> Iterator[Match]:
    uri = _given(site, "model_uri", 0)
    if is_remote(uri):
        yield hit(MLFLOW, site, "whoever can write there runs code here")
    elif not is_fixed(uri) and not is_local(uri):
        yield hit(MLFLOW, site, "whoever can write there runs code here", severity=Severity.LOW)


def _given(site: CallSite, name: str, place: int) -> Value:
    return site.argument(place, name)


DETECTORS: Final = (Loads(),)
