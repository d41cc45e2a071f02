"""What lies beside a model file: its digest, and the same model in a format that runs nothing."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from . import rules
from .issue import ModelIssue
from .suffixes import PICKLES, suffix
from .values import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..core.rule import Rule

_LISTS: Final = ("SHA256SUMS", "SHA256SUMS.txt", "sha256sums.txt", "sha256sum.txt", "checksums.txt")
_GNU: Final = re.compile(r"\\?([0-9A-Fa-f]{64})[ \t]{1,4}[*]?([^\n]{1,1000})")
_BSD: Final = re.compile(r"SHA256 ?\(([^\n]{1,1000})\) ?= ?([0-9A-Fa-f]{64})")
_ALONE: Final = re.compile(r"\s{0,8}([0-9A-Fa-f]{64})\s{0,8}")
_BLOB: Final = re.compile(r"[0-9a-f]{64}")
_LONGEST: Final = 1 << 20
_SHOWN: Final = 12
_SHARD: Final = re.compile(r"-\d{5}-of-\d{5}")
_WEIGHTS: Final = frozenset({"pytorch_model", "model", "adapter_model", "diffusion_pytorch_model"})
"""Stems under which one library saves the same weights in either format."""
_UNSAFE: Final = PICKLES | {".bin"}


Wanted = tuple[str, str]
"""Where a digest of the file is written, and the digest."""


def check(path: Path, kind: str, digest: str, wanted: Sequence[Wanted]) -> Iterator[ModelIssue]:
    """Issues of a file of that kind that only its folder tells.

    `digest` is its SHA-256, which is compared with those that are `wanted`; empty: it is not known.
    """
    try:
        if digest:
            yield from _digests(digest, wanted)
        if kind in {"pickle", "torch"} and suffix(path.name) in _UNSAFE:
            yield from _safer(path)
    except OSError:
        return  # nothing is claimed of a folder that cannot be read


def _issue(rule: Rule, message: str) -> ModelIssue:
    return ModelIssue(
        rule=rule, message=message, severity=rule.severity, confidence=rule.confidence
    )


def _digests(digest: str, wanted: Sequence[Wanted]) -> Iterator[ModelIssue]:
    for source, one in wanted:
        if one.lower() != digest:
            yield _issue(
                rules.DIGEST,
                f"Its SHA-256 is {digest[:_SHOWN]}…, not the {one.lower()[:_SHOWN]}… "
                f"that {escaped(source)} says",
            )


def wanted(path: Path) -> list[Wanted]:
    """The digests that are written beside a file; none of a folder that cannot be read."""
    try:
        return list(_wanted(path))
    except OSError:
        return []


def _wanted(path: Path) -> Iterator[Wanted]:
    own = f"{path.name}.sha256"
    alone = _ALONE.fullmatch(_read(path, own))
    if alone is not None:
        yield own, alone[1]
    for beside in (own, *_LISTS):
        for line in _read(path, beside).splitlines():
            found = _GNU.fullmatch(line)
            bsd = None if found else _BSD.fullmatch(line)
            name, wanted = (found[2], found[1]) if found else (bsd[1], bsd[2]) if bsd else ("", "")
            if name.strip().removeprefix("./") == path.name:
                yield beside, wanted
    if path.is_symlink():  # a cache of the Hub links to files that are named by their digest
        target = path.resolve()
        if target.parent.name == "blobs" and _BLOB.fullmatch(target.name):
            yield "the name of the file that it links to", target.name


def _read(path: Path, name: str) -> str:
    beside = os.path.join(path.parent, name)  # noqa: PTH118 (a path object costs more than the look)
    if not os.path.isfile(beside):  # noqa: PTH113 (as above)
        return ""
    with open(beside, "rb") as file:  # noqa: PTH123 (as above)
        return file.read(_LONGEST).decode("utf-8", "replace")


def _safer(path: Path) -> Iterator[ModelIssue]:
    stem = _SHARD.sub("", path.name[: -len(suffix(path.name))])
    for other in os.listdir(path.parent):  # noqa: PTH208 (names are enough)
        if not other.endswith(".safetensors"):
            continue
        name = _SHARD.sub("", other.removesuffix(".safetensors"))
        if name == stem or {name, stem} <= _WEIGHTS:
            yield _issue(
                rules.SAFER_FORMAT, f"{escaped(other)} beside it holds the model without code"
            )
            return
