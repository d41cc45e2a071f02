"""MD5 and SHA-1: a proof that is none for files, a mere key for texts."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from ...cells.values import dotted
from ...core.lazy import lazy
from ...core.rule import Severity
from .look import hit, is_false
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.detector import Match
    from .look import Around

DIGEST: Final = code(
    "COD060",
    "weak-digest",
    "MD5 or SHA-1",
    Severity.LOW,
    "Two files with the same MD5 or SHA-1 can be made: it proves nothing of where a file comes from.",
    "Use SHA-256; where it is a mere key, say so: `usedforsecurity=False`.",
    cwe=328,
    reference="https://docs.python.org/3/library/hashlib.html",
    examples=(
        bad("import hashlib\nh = hashlib.md5(data)", "hashlib.md5(data)"),
        bad("import hashlib\nh = hashlib.new('sha1', data)", "hashlib.new('sha1', data)"),
        bad("from hashlib import sha1\nsha1(data).hexdigest()", "sha1(data)"),
        good("import hashlib\nh = hashlib.md5(data, usedforsecurity=False)"),
        good("import hashlib\nh = hashlib.sha256(data)"),
        good("md5 = load('md5.txt')\nmd5(data)"),
    ),
)  # fmt: skip

_DIGESTS: Final = lazy(
    r"hashlib\.(?:md5|sha1)|(?:Crypto|Cryptodome)\.Hash\.(?:MD[245]|SHA1?|SHA)\.new|cryptography\.hazmat\.primitives\.hashes\.(?:MD5|SHA1)"
)
_NAMES: Final = frozenset({"md4", "md5", "sha", "sha1"})
_SECRET: Final = lazy(r"passw|pwd|secret|token|salt|signature", re.IGNORECASE)
_READ: Final = lazy(r"read\w{0,20}|content|getvalue")
_DEEPEST: Final = 5


def digests(site: CallSite, around: Around) -> Iterator[Match]:
    """A weak digest; of a text it is most often the key of a cache, and weighs nothing."""
    if not _is_weak(site):
        return
    place = 1 if site.path == "hashlib.new" else 0
    given = site.node.args[place : place + 1]
    given = given or [one.value for one in site.node.keywords if one.arg in {"string", "data"}]
    given = given or around.functions.pieces(around.calls).updates(site)
    if given and all(_is_text(one, site, around, 0) for one in given):
        yield hit(DIGEST, site, "a key, if it proves nothing", severity=Severity.INFO)
    else:
        yield hit(DIGEST, site, "it proves nothing of where a file comes from")


def _is_weak(site: CallSite) -> bool:
    if is_false(site, "usedforsecurity"):
        return False
    if site.path == "hashlib.new":
        return str(site.argument(0, "name").constant).lower() in _NAMES
    return _DIGESTS.fullmatch(site.path) is not None


def _is_text(node: ast.expr, site: CallSite, around: Around, depth: int) -> bool:
    """Whether it is an encoded text that is neither a file's nor a secret."""
    if depth > _DEEPEST:
        return False
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Call):
        return _is_encoded(node) and not _is_grave(node, site, around)
    if isinstance(node, ast.BinOp):
        return all(_is_text(one, site, around, depth + 1) for one in (node.left, node.right))
    if isinstance(node, ast.Name):
        bound = around.functions.pieces(around.calls).bound(node, site)
        return bool(bound) and all(_is_text(one, site, around, depth + 1) for one in bound)
    return False


def _is_encoded(node: ast.Call) -> bool:
    """`text.encode()`, or `bytes(text, "utf-8")`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "encode"
    return dotted(node.func) == "bytes" and len(node.args) > 1


def _is_grave(node: ast.expr, site: CallSite, around: Around) -> bool:
    """Whether a file's content or a secret has a part in it."""
    waiting = [(node, 0)]
    while waiting:
        one, depth = waiting.pop()
        for part in ast.walk(one):
            if not isinstance(part, ast.Name | ast.Attribute):
                continue
            word = part.id if isinstance(part, ast.Name) else part.attr
            if _SECRET.search(word) or _READ.fullmatch(word):
                return True
            if isinstance(part, ast.Name) and depth < _DEEPEST:
                bound = around.functions.pieces(around.calls).bound(part, site)
                waiting += [(value, depth + 1) for value in bound if value is not one]
        if len(waiting) > 100:
            return True
    return False
