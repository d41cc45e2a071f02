"""What the configuration of a Keras model would import and run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from ..core.rule import Severity
from . import names, rules
from .names import words
from .source import CHUNK
from .values import escaped

if TYPE_CHECKING:
    from .context import Context
    from .source import Source

_OWN: Final = words(
    "keras tf_keras keras_nlp keras_hub keras_cv keras_core keras_tuner tensorflow_addons"
)
_PYTHON: Final = frozenset(
    {"Lambda", "__lambda__", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"}
)
_FUNCTIONS: Final = words("""
    get_file enable_unsafe_deserialization load_model load_weights load_img save_model save_img
    run_module import_module set_floatx disable_traceback_filtering model_to_dot
    python_utils get_source_inputs extract_archive load_weights_only save_weights deserialize
""")  # fmt: skip
_REACHING: Final = words("utils saving datasets preprocessing export config models trainers")
"""Parts of Keras whose functions, other than its classes, read, fetch and set things."""
_DEEP: Final = 60
_START: Final = re.compile(rb'\{\s*+(?:"|\Z)')
_LAMBDA: Final = re.compile(rb'"class_name"\s{0,8}:\s{0,8}"(Lambda|__lambda__|TorchModuleWrapper)"')
_LONGEST: Final = 1 << 24
_SEARCHED: Final = 1 << 31


def check(value: Any, context: Context, deep: int = 0) -> None:
    """Note issues of a decoded configuration, at whatever depth they are."""
    if deep > _DEEP:
        context.note(
            f"the configuration of Keras is nested deeper than {_DEEP}: not read to its end"
        )
    elif isinstance(value, dict):
        _object(value, context)
        for inner in value.values():
            check(inner, context, deep + 1)
    elif isinstance(value, list):
        for inner in value:
            check(inner, context, deep + 1)


def _object(value: dict[Any, Any], context: Context) -> None:
    name = value.get("class_name")
    if not isinstance(name, str):
        return
    config = value.get("config")
    if name in _PYTHON:
        own = config.get("name", "") if isinstance(config, dict) else ""
        layer = escaped(f"{name} {own}".rstrip())
        context.issue(rules.KERAS_CODE, f"Loading the model rebuilds and runs code: layer {layer}")
    module = value.get("module")
    called = config if isinstance(config, str) else value.get("registered_name") or name
    if isinstance(module, str) and module:
        _module(module, name, str(called), context)
    if isinstance(config, dict):
        _vocabulary(config, context)


def _module(module: str, name: str, called: str, context: Context) -> None:
    root = module.partition(".")[0]
    shown = escaped(f"{module}.{called if name == 'function' else name}")
    if root in _OWN or (module.startswith("tensorflow.") and "keras" in module):
        inner = _REACHING.isdisjoint(module.split(".")) or name != "function"
        if called in _FUNCTIONS or ".file_utils" in module or "python_utils" in module or not inner:
            context.issue(rules.KERAS_CODE, f"Loading the model calls {shown}")
        return
    if module == "builtins" and called in {"str", "int", "float", "bool", "list", "dict", "tuple"}:
        return
    if root == "numpy" and name in {"__numpy__", "ndarray", "dtype"}:
        return
    unknown = root not in names.STANDARD and root not in names.HOSTILE and name != "function"
    context.issue(
        rules.KERAS_CODE,
        f"Loading the model imports and calls {shown}",
        severity=Severity.HIGH if unknown else None,
    )


def _vocabulary(config: dict[Any, Any], context: Context) -> None:
    path = config.get("vocabulary")
    if isinstance(path, str) and ("/" in path or "\\" in path):
        context.issue(rules.TRAVERSAL, f"Loading the model reads {escaped(path)} as a vocabulary")


def search(source: Source, context: Context) -> None:
    """Find configurations in the bytes of an HDF5 or protobuf file.

    HDF5 keeps attributes uncompressed and in one piece, whatever version of its structures holds
    them, so that a search for the JSON text finds `model_config` in all of them.
    """
    at = 0
    while at < source.size:
        if at > _SEARCHED:
            context.note(f"only the first {_SEARCHED >> 20} MB were searched for a configuration")
            return
        context.tick()
        window = source.read_at(at, CHUNK * 4 + 64)
        match = _START.search(window)
        for found in _LAMBDA.finditer(window):
            context.issue(
                rules.KERAS_CODE,
                f"Loading the model rebuilds and runs code: layer {found[1].decode()}",
                offset=at + found.start(),
            )
        if match is None:
            at += CHUNK * 4
        else:
            at += match.start()
            at += _decode(source, at, context)


def _decode(source: Source, at: int, context: Context) -> int:
    """Check the JSON text at a place; how many bytes it takes."""
    size = CHUNK
    while True:
        raw = source.read_at(at, size)
        if not context.decodable(raw):
            return len(raw)
        text = raw.split(b"\0", 1)[0].decode("utf-8", "replace")
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except RecursionError:
            context.note("the configuration of Keras is nested too deep: not read")
            return len(raw)
        except ValueError:
            if size >= _LONGEST and b"\0" not in raw:
                context.note("a text that may be a configuration is too long: not read")
            if size >= _LONGEST or b"\0" in raw or len(raw) < size:
                return 1
            size *= 8
            continue
        check(value, context)
        return max(1, len(text[:end].encode("utf-8", "replace")))
