"""What a text is put together from: literals of the notebook, its own values, or what others send.

A name is asked for all that is bound to it in its function, else in the whole document, in
whatever order: what is said to be fixed is so by every one of them.
"""

from __future__ import annotations

import ast
import warnings
from enum import IntFlag
from typing import TYPE_CHECKING, Final

from ...cells.values import dotted
from ...core.lazy import lazy
from .names import Names
from .sources import DOWNLOAD, INPUT, MODEL, NUMBER, QUOTED, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...cells.flow import CallSite
    from ...cells.unit import Unit
    from .names import Bound


class Origin(IntFlag):
    """Of all pieces together; 0: literals and numbers only, or what is quoted."""

    FIXED = 0
    OWN = 1
    """Of the notebook, but not written down: the result of a call, a name that is not known."""
    FETCHED = 2
    """The path of a file that was downloaded: a path of this machine."""
    OUTSIDE = 4
    """Typed in, sent, read from a file, or given to a function."""


FETCHING: Final = lazy(
    r"urllib\.(?:request\.)?urlretrieve|wget\.download|gdown\.download\w{0,20}|kagglehub\.\w{1,40}|.*\.utils\.get_file"
    r"|(?:huggingface_hub\.)(?:\w{1,20}\(\)\.)?(?:hf_hub_download|snapshot_download|cached_download)|pooch\.retrieve"
)
"""What gives back the path of what it has downloaded."""
_READING: Final = lazy(
    r".*open\(\)\.(?:read|readline|readlines)|.*\.(?:read_text|read_bytes|readlines)|(?:json|yaml|toml|tomllib|pickle)\.(?:safe_)?load"
    r"|(?:pandas|polars)\.read_\w{1,20}|.*\.parse_(?:known_)?args|.*getpass\.getpass|builtins\.open|.*\.(?:recv|get_json)"
)
_PLAIN: Final = lazy(
    r"builtins\.(?:str|repr|format|list|tuple|set|dict|sorted|reversed|enumerate|zip|map|filter|min|max|next|iter|range|round|sum)"
    r"|os\.path\.\w{1,20}|pathlib\.\w{1,20}|random\.(?:choice|choices|sample)|itertools\.\w{1,40}|json\.dumps|(?:re\.sub)"
)
"""What makes nothing of its own, only of what it is given."""
_METHODS: Final = frozenset(
    {
        "join", "format", "strip", "lstrip", "rstrip", "lower", "upper", "title", "replace", "split", "splitlines", "items", "values", "keys",
        "get", "encode", "decode", "as_posix", "resolve", "joinpath", "with_suffix", "copy", "pop", "removeprefix", "removesuffix", "zfill",
    }
)  # fmt: skip
_DEEPEST: Final = 40


class Pieces(Names):
    """Says of expressions what they are put together from."""

    def __init__(self, units: Iterable[Unit], calls: Iterable[CallSite]) -> None:
        """As for `Names`."""
        super().__init__(units, calls)
        self._known: dict[int, Origin] = {}
        self._asked: set[int] = set()

    def origin(self, node: ast.expr | None, site: CallSite) -> Origin:
        """Of an expression at a site, a part of its call say."""
        return Origin.OWN if node is None else self._of(node, self._chain(site), 0)

    def origin_of(self, text: str) -> Origin:
        """Of the expression that a text is, outside of all functions."""
        try:
            with warnings.catch_warnings():  # of escapes: they are the author's business
                warnings.simplefilter("ignore")
                node = ast.parse(text.strip(), mode="eval").body
            return self._of(node, (0,), 0)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return Origin.OWN

    def _of(self, node: ast.expr, chain: tuple[int, ...], depth: int) -> Origin:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return Origin.OWN
        if isinstance(node, ast.Constant | ast.Compare | ast.Slice | ast.Lambda):
            return Origin.FIXED
        if isinstance(node, ast.Name):
            return self._name(node.id, chain, depth)
        if isinstance(node, ast.Attribute):
            return self._member(node, chain, depth)
        if isinstance(node, ast.Call):
            return self._call(node, chain, depth)
        return self._all(_parts(node), chain, depth)

    def _all(self, nodes: Iterable[ast.expr], chain: tuple[int, ...], depth: int) -> Origin:
        found = Origin.FIXED
        for node in nodes:
            found |= self._of(node, chain, depth + 1)
        return found

    def _name(self, name: str, chain: tuple[int, ...], depth: int) -> Origin:
        bound = self._find(name, chain)
        key = id(bound)
        if bound and (key in self._asked or key in self._known):
            return self._known.get(key, Origin.FIXED)  # asked: bound to itself and something else
        self._asked.add(key)
        found = Origin.FIXED if bound else Origin.OWN
        for one in bound:
            if one.owner is not None:
                found |= self._parameter(one, depth)
            elif one.value is None:
                found |= Origin.OWN
            else:
                found |= self._of(one.value, one.chain, depth + 1)
        self._asked.discard(key)
        if bound and not self._asked:  # else it may hang on what is still being asked
            self._known[key] = found
        return found

    def _parameter(self, bound: Bound, depth: int) -> Origin:
        """What the calls of a function give it; anything, where none is seen."""
        owner = bound.owner
        if owner is None or bound.place < 0 or owner.decorator_list or len(bound.chain) > 1:
            return Origin.OUTSIDE
        name = owner.args.args[bound.place].arg
        found = Origin.FIXED
        calls = self._calls.get(owner.name, [])
        for call, chain in calls:
            if any(isinstance(one, ast.Starred) for one in call.args):
                return Origin.OUTSIDE
            given = next((one.value for one in call.keywords if one.arg in {name, None}), None)
            if given is None and bound.place < len(call.args):
                given = call.args[bound.place]
            given = given or bound.value
            found |= Origin.OUTSIDE if given is None else self._of(given, chain, depth + 1)
        return found if calls else Origin.OUTSIDE

    def _member(self, node: ast.Attribute, chain: tuple[int, ...], depth: int) -> Origin:
        name = dotted(node)
        if name in {"sys.executable", "os.sep", "os.linesep"}:
            return Origin.FIXED
        if name == "sys.argv":
            return Origin.OUTSIDE
        if name and self._find(name, chain):
            return self._name(name, chain, depth)
        base = self._of(node.value, chain, depth + 1)
        return base if isinstance(node.value, ast.Call) else base or Origin.OWN

    def _call(self, node: ast.Call, chain: tuple[int, ...], depth: int) -> Origin:
        path = self._paths.get(id(node), "") or dotted(node.func)
        if FETCHING.fullmatch(path):
            return Origin.FETCHED
        kind = source(path)
        if kind in {NUMBER, QUOTED}:
            return Origin.FIXED
        if kind in {DOWNLOAD, INPUT, MODEL} or _READING.fullmatch(path):
            return Origin.OUTSIDE
        given = [*node.args, *(one.value for one in node.keywords)]
        found = self._all(given, chain, depth)
        if _PLAIN.fullmatch(path):
            return found
        if isinstance(node.func, ast.Attribute):
            found |= self._of(node.func.value, chain, depth + 1)
            if node.func.attr in _METHODS:
                return found
        return found | Origin.OWN


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that an expression takes its value from."""
    if isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield node.elt
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and _repeated(node):
        yield from _repeated(node)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield child


def _repeated(node: ast.BinOp) -> list[ast.expr]:
    """The text or list in `"?" * count`."""
    sides = (node.left, node.right)
    return [
        one
        for one in sides
        if isinstance(one, ast.List)
        or (isinstance(one, ast.Constant) and isinstance(one.value, str))
    ]
