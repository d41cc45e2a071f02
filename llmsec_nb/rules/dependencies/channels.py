"""What conda's channels call the projects of PyPI, and which versions a requirement lets in.

Conda-forge names most packages as PyPI does (https://conda-forge.org/docs/maintainer/adding_pkgs/):
what is known of such a version is told with less confidence. Some names belong to others there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...advisories.versions import Bounds, parsed
from ...core.lazy import lazy
from .known import ranks
from .requirement import normalized

if TYPE_CHECKING:
    from packaging.version import Version

    from .requirement import Requirement

_CALLED: Final = {
    "dask-core": "dask", "matplotlib-base": "matplotlib", "msgpack-python": "msgpack",
    "opencv": "opencv-python", "py-opencv": "opencv-python", "py-xgboost": "xgboost",
    "pytables": "tables", "python-graphviz": "graphviz", "pytorch": "torch",
    "pytorch-cpu": "torch", "pytorch-gpu": "torch", "ray-core": "ray", "ray-default": "ray",
    "redis-py": "redis", "tensorflow-base": "tensorflow", "tensorflow-gpu": "tensorflow",
}  # fmt: skip
"""Names of channels, and what PyPI calls the same project."""
_OTHERS: Final = frozenset(
    {
        "git",
        "graphviz",
        "node",
        "nodejs",
        "openssl",
        "pip",
        "postgresql",
        "python",
        "redis",
        "tesseract",
    }
)
"""Names that PyPI has for something else than channels do, or that are no package of Python."""
_CLAUSE: Final = lazy(
    r"\s{0,20}(?P<sign>~=|={1,3}|[<>]=?|!=)?\s{0,20}(?P<version>\d[\w.!+-]{0,60}?)(?P<any>\.?\*)?"
    r"(?P<build>=\S{1,60})?\s{0,20}\Z"
)
_WHOLE: Final = 2
"""Dots of a version that is the beginning of no other."""
_MOST: Final = 10
"""Clauses of a specifier."""


def name_of(each: Requirement) -> str:
    """What PyPI calls what conda is asked for; empty where that is something else, or unknown."""
    name = normalized(each.name)
    name = _CALLED.get(name, "" if name in _OTHERS else name)
    return name if name in ranks() else ""


def bounds_of(each: Requirement) -> Bounds | None:
    """The versions that a requirement lets in; None where it is one, any, or nobody can say."""
    text = each.specifier.strip().strip("[]'\"")
    if not text or each.is_open or (each.version and not _is_loose(each)):
        return None
    low, high = "", ""
    is_closed = False
    for clause in text.split(",")[:_MOST]:
        own = _bounds(clause, is_conda=each.is_conda)
        if own is None:
            return None
        if own.low and (not low or _is_less(low, own.low)):
            low = own.low
        if own.high and (not high or _is_less(own.high, high)):
            high, is_closed = own.high, own.is_closed
    return Bounds(low, high, is_closed) if high else None


def _is_loose(each: Requirement) -> bool:
    """Whether conda takes it for the beginning of several versions: `numpy=1.19`."""
    text = each.specifier.strip()
    is_beginning = not text.startswith("==") and "=" not in text[1:]
    return each.is_conda and is_beginning and each.version.count(".") < _WHOLE


def _bounds(clause: str, *, is_conda: bool) -> Bounds | None:
    found = _CLAUSE.match(clause)
    if found is None:
        return None
    sign, version = found["sign"] or "", found["version"].rstrip(".")
    own = parsed(version)
    if own is None:
        return None
    is_prefix = found["any"] is not None or (is_conda and sign in {"", "="} and not found["build"])
    if sign in {"", "=", "=="} and is_prefix:
        return Bounds(version, _next(own, len(own.release)))
    if sign == "~=" and len(own.release) > 1:
        return Bounds(version, _next(own, len(own.release) - 1))
    known = {
        "==": Bounds(version, version, is_closed=True), "=": Bounds(version, version, is_closed=True),
        "===": Bounds(version, version, is_closed=True), ">=": Bounds(version), ">": Bounds(version),
        "<": Bounds("", version), "<=": Bounds("", version, is_closed=True), "!=": Bounds(),
    }  # fmt: skip
    return known.get(sign)


def _next(version: Version, length: int) -> str:
    """The first version that does not begin with so many numbers of this one."""
    release = list(version.release[:length])
    release[-1] += 1
    return f"{version.epoch}!" * bool(version.epoch) + ".".join(map(str, release))


def _is_less(left: str, right: str) -> bool:
    one, other = parsed(left), parsed(right)
    return one is not None and other is not None and one < other
