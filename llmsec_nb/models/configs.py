"""Configuration files beside the weights: JSON, YAML, and templates of Jinja."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ..core.rule import Severity
from . import keras, naming, rules, templates
from .values import Global, escaped

if TYPE_CHECKING:
    from .context import Context

TEXTS: Final = (".jinja", ".jinja2", ".j2", ".template", ".yaml", ".yml")
"""Suffixes of templates, and of texts that may hold them."""
_CODE_KEYS: Final = frozenset({"auto_map", "custom_pipelines"})
_TAG: Final = re.compile(
    r"(?:!!|tag:yaml\.org,2002:)python/(?:object|name|module)[\w/]{0,40}:?[\w.]{0,100}"
    r"|%TAG[ \t]{1,20}\S{1,40}[ \t]{1,20}tag:yaml\.org,2002:p\S{0,100}"
    r"|!!\S{0,40}?%[0-9A-Fa-f]{2}\S{0,100}"
)
"""Tags for Python, as they are, behind a handle of their own, or with escaped letters."""
_TARGET: Final = re.compile(
    r"^[ \t\-]{0,200}['\"]?_target_['\"]?[ \t]{0,9}:[ \t]{0,9}['\"]?([A-Za-z_][\w.]{1,200})",
    re.MULTILINE,
)
_DEEP: Final = 40


def check_json(raw: bytes, context: Context) -> bool:
    """Check a JSON text: whether it was one."""
    if not context.decodable(raw):
        return True
    try:
        value = _decode(raw)
    except ValueError:
        context.note("no JSON that can be read: only searched for templates")
        templates.check(raw.decode("utf-8", "replace"), "the file", context)
        return False
    except RecursionError:
        context.note("JSON nested too deep: not read")
        return True
    templates.check_values(value, "the file", context)
    _remote(value, context, 0)
    keras.check(value, context)
    _skops(value, context, 0)
    return True


def _decode(raw: bytes) -> Any:
    """Any text that Python's own reader takes: of other encodings, and with NaN, too."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(raw)


def check_text(raw: bytes, context: Context) -> None:
    """Check a template, or a text that may hold templates."""
    text = raw.decode("utf-8", "replace")
    templates.check(text, "the file", context)
    tag = _TAG.search(text)
    if tag is not None:
        context.issue(
            rules.REMOTE_CODE,
            f"A YAML loader that is not safe makes {escaped(tag[0])}",
            severity=Severity.CRITICAL,
        )
    for match in _TARGET.finditer(text):
        _target(match[1], context)


def _target(path: str, context: Context) -> None:
    """What Hydra and NeMo call when they make an object of a configuration."""
    module, _, name = path.rpartition(".")
    if module and naming.named(Global(module, name)) is naming.CODE:
        context.issue(
            rules.REMOTE_CODE,
            f"Making the object that it describes calls {escaped(path)}",
            severity=Severity.CRITICAL,
        )


def _remote(value: Any, context: Context, deep: int) -> None:
    if not isinstance(value, dict) or deep > _DEEP:
        return
    for key, inner in value.items():
        if key in _CODE_KEYS and inner:
            context.issue(
                rules.REMOTE_CODE,
                f"{key} names Python code to be loaded: {escaped(_first(inner))}",
            )
        elif key == "_target_" and isinstance(inner, str):
            _target(inner, context)
        elif key == "trust_remote_code" and inner is True:
            context.issue(rules.REMOTE_CODE, "trust_remote_code is set to true")
        elif isinstance(inner, dict):
            _remote(inner, context, deep + 1)


def _first(value: Any) -> str:
    while isinstance(value, dict | list) and value:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return str(value)


def _skops(value: Any, context: Context, deep: int) -> None:
    """The types that a file of skops names, as its `schema.json` does."""
    if deep > _DEEP:
        return
    if isinstance(value, dict):
        module, name = value.get("__module__"), value.get("__class__")
        if isinstance(module, str) and isinstance(name, str) and "__loader__" in value:
            found = Global(module, name)
            if naming.named(found) is naming.CODE and value["__loader__"] != "TypeNode":
                context.issue(
                    rules.PICKLE_CODE,
                    f"Loading it makes a {escaped(found.path)}, if that type is trusted",
                    severity=Severity.HIGH,
                )
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        if isinstance(part, dict | list):
            _skops(part, context, deep + 1)
