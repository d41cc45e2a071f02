"""What can be done about a finding of these rules, as edits of the source that it is in.

Safe: honest input gives what it gave before, anything else fails with a message. Unsafe: someone
has to say that this is what they want, or has to fill something in.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.program import read
from ...cells.python import Python

if TYPE_CHECKING:
    from collections.abc import Callable

Edit = tuple[int, int, str]
"""Characters `start` to `end` become the text."""
UNKNOWN_COMMIT: Final = "0" * 40
"""No repository has it: a download with it fails until someone puts the right one in."""
_YAML: Final = {
    "load": "safe_load",
    "load_all": "safe_load_all",
    "unsafe_load": "safe_load",
    "unsafe_load_all": "safe_load_all",
}
_SKIPPED: Final = re.compile(r"#[^\n]*|[^#)]|\)")


class Repair(NamedTuple):
    """Edits in the order of their places; `description` is what a person reads before."""

    edits: list[Edit]
    is_safe: bool
    description: str


class _Target(NamedTuple):
    """The call that a finding is in: `start` and `end` are those of the finding."""

    source: str
    python: Python
    call: ast.Call
    start: int
    end: int


def fix_for(
    rule_id: str, source: str, start: int, end: int, *, commit: str = UNKNOWN_COMMIT
) -> Repair | None:
    """The repair of the finding of `rule_id` at characters `start` to `end`; None: there is none.

    `source` is that of a cell or a file. `commit` is what a revision is pinned to.
    """
    if rule_id == "COD040" and source[start:end].startswith("-"):
        return _shell_flag(source, start, end)
    make = _MAKERS.get(rule_id)
    if make is None or not 0 <= start < end <= len(source):
        return None
    python = read(source).python
    call = _call_at(python, start, end)
    if call is None:
        return None
    return make(_Target(source, python, call, start, end), commit)


def apply(source: str, edits: list[Edit]) -> str:
    """The source with the edits made."""
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source


def _call_at(python: Python, start: int, end: int) -> ast.Call | None:
    """The call that is the span, or that has an argument there: nothing in a literal is either."""
    for tree in python.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                parts: list[ast.expr | ast.keyword] = [node, *node.args, *node.keywords]
                if any(python.span(one) == (start, end) for one in parts):
                    return node
    return None


def _keyword(target: _Target, name: str) -> ast.keyword | None:
    return next((one for one in target.call.keywords if one.arg == name), None)


def _span(target: _Target, node: ast.expr | ast.keyword) -> tuple[int, int]:
    python = target.python
    start = python.offset(node.lineno, node.col_offset)
    return start, python.offset(node.end_lineno or 0, node.end_col_offset or 0)


def _given(target: _Target) -> list[ast.expr | ast.keyword]:
    """All arguments in the order in which they stand there."""
    both: list[ast.expr | ast.keyword] = [*target.call.args, *target.call.keywords]
    return sorted(both, key=lambda node: _span(target, node))


def _with(target: _Target, argument: str) -> list[Edit] | None:
    """The call with one more keyword argument; None where it cannot take one as it stands."""
    given = _given(target)
    closing = _span(target, target.call)[1] - 1
    if not given:
        opening = _span(target, target.call.func)[1]
        place = target.source.find("(", opening, closing)
        return [(place + 1, place + 1, argument)] if place >= 0 else None
    if len(given) == 1 and isinstance(given[0], ast.GeneratorExp):
        return None
    place = _span(target, given[-1])[1]
    for found in _SKIPPED.finditer(target.source, place, closing):
        if found[0] == ")":
            place = found.end()
    return [(place, place, f", {argument}")]


def _without(target: _Target, node: ast.expr | ast.keyword) -> list[Edit] | None:
    """The call without an argument; None where a comment stands in the way."""
    given = _given(target)
    index = given.index(node)
    start, end = _span(target, node)
    if index + 1 < len(given):
        following = _span(target, given[index + 1])[0]
        return None if "#" in target.source[end:following] else [(start, following, "")]
    if index:
        comma = target.source.rfind(",", _span(target, given[index - 1])[1], start)
        return None if comma < 0 or "#" in target.source[comma:start] else [(comma, end, "")]
    trailing = re.compile(r"\s*,").match(target.source, end)
    return [(start, trailing.end() if trailing else end, "")]


def _set(target: _Target, name: str, value: str) -> list[Edit] | None:
    """The call with `name=value`, whether it is given now or not."""
    keyword = _keyword(target, name)
    if keyword is None:
        return _with(target, f"{name}={value}")
    return [(*_span(target, keyword.value), value)]


def _dropped(target: _Target, name: str, value: str) -> list[Edit] | None:
    """The call without the keyword, or with the harmless value where that is not possible."""
    keyword = _keyword(target, name)
    if keyword is None:
        return None
    return _without(target, keyword) or [(*_span(target, keyword.value), value)]


def _repair(edits: list[Edit] | None, description: str, *, is_safe: bool) -> Repair | None:
    return Repair(edits, is_safe, description) if edits else None


def _weights_only(target: _Target, _: str) -> Repair | None:
    given = _keyword(target, "weights_only") is not None
    text = "load tensors only: weights_only=True"
    return _repair(_set(target, "weights_only", "True"), text, is_safe=not given)


def _allow_pickle(target: _Target, _: str) -> Repair | None:
    edits = _dropped(target, "allow_pickle", "False")
    return _repair(edits, "load plain arrays only", is_safe=False)


def _yaml(target: _Target, _: str) -> Repair | None:
    function = target.call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _YAML:
        return None
    end = _span(target, function)[1]
    edits: list[Edit] = [(end - len(function.attr), end, _YAML[function.attr])]
    loader: ast.expr | ast.keyword | None = _keyword(target, "Loader")
    if loader is None and len(target.call.args) > 1:
        loader = target.call.args[1]
    if loader is not None:
        removed = _without(target, loader)
        if removed is None:
            return None
        edits += removed
    return Repair(edits, True, "build plain values only: safe_load")  # noqa: FBT003  # a tuple's member


def _revision(target: _Target, commit: str) -> Repair | None:
    known = commit != UNKNOWN_COMMIT
    text = f"pin the revision to {commit[:12]}" if known else "pin the revision: put its commit in"
    return _repair(_set(target, "revision", f'"{commit}"'), text, is_safe=False)


def _not_for_security(target: _Target, _: str) -> Repair | None:
    text = "say that it is a key, not a proof: usedforsecurity=False"
    return _repair(_set(target, "usedforsecurity", "False"), text, is_safe=False)


def _filter(target: _Target, _: str) -> Repair | None:
    edits = _set(target, "filter", '"data"')
    return _repair(edits, "refuse paths and links that lead outside", is_safe=True)


def _timeout(target: _Target, _: str) -> Repair | None:
    return _repair(_set(target, "timeout", "60"), "give up after 60 seconds", is_safe=True)


def _flag(
    value: str, description: str, *, is_safe: bool
) -> Callable[[_Target, str], Repair | None]:
    """Drop the keyword that is flagged; `value` is its harmless one."""

    def make(target: _Target, _: str) -> Repair | None:
        name = target.source[target.start : target.end].partition("=")[0].strip()
        return _repair(_dropped(target, name, value), description, is_safe=is_safe)

    return make


def _unsafe_layers(target: _Target, _: str) -> Repair | None:
    edits = _dropped(target, "safe_mode", "True")
    return _repair(edits, "refuse code in the model", is_safe=False)


def _loopback(target: _Target, _: str) -> Repair | None:
    name = target.source[target.start : target.end].partition("=")[0].strip()
    if _keyword(target, name) is None:
        return None
    text = "listen on this machine only"
    return _repair(_set(target, name, '"127.0.0.1"'), text, is_safe=False)


def _encrypted(target: _Target, _: str) -> Repair | None:
    place = target.source.find("http://", target.start, target.end)
    edits: list[Edit] | None = [(place, place + 7, "https://")] if place >= 0 else None
    return _repair(edits, "download over https", is_safe=False)


def _shell_flag(source: str, start: int, end: int) -> Repair:
    """`curl -sk` becomes `curl -s`."""
    flag = source[start:end]
    short = flag.replace("k", "", 1) if not flag.startswith("--") else "-"
    edit = (start, end, short) if short != "-" else (source.rfind(" ", 0, start), end, "")
    return Repair([edit], False, "check the server's certificate")  # noqa: FBT003  # a tuple's member


_MAKERS: Final[dict[str, Callable[[_Target, str], Repair | None]]] = {
    "COD001": _weights_only,
    "COD003": _allow_pickle,
    "COD004": _yaml,
    "COD005": _unsafe_layers,
    "COD010": _flag("False", "run no code of the repository", is_safe=False),
    "COD011": _revision,
    "COD040": _flag("True", "check the server's certificate", is_safe=False),
    "COD041": _encrypted,
    "COD042": _timeout,
    "COD050": _flag("False", "do not put the app on the Internet", is_safe=False),
    "COD051": _loopback,
    "COD052": _flag("False", "no debugger for visitors", is_safe=True),
    "COD060": _not_for_security,
    "COD062": _filter,
}
