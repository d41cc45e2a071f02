"""The labelled texts: what is read from where, and what is frozen.

DATA holds `text/synth_dataset_v2.json` and `text/generated_large.json` (presidio-research) and
`text/wikigold.conll.txt` (https://doi.org/10.6084/m9.figshare.5462500).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Their names of types, and what the finders call them.
_SYNTH_KINDS: Final = {"DOMAIN_NAME": "URL", "GPE": "LOCATION"}
_WIKIGOLD_KINDS: Final = {"PER": "PERSON", "LOC": "LOCATION"}
TEXT_FILES: Final = ("synth_dataset_v2.json", "generated_large.json", "wikigold.conll.txt")


class Span(NamedTuple):
    """One value: offsets count characters; the score is 1 for what people labelled."""

    kind: str
    start: int
    end: int
    score: float = 1.0


class Sample(NamedTuple):
    """A text, and what people found in it."""

    text: str
    spans: tuple[Span, ...]
    template: str


def digests(paths: Iterable[Path]) -> Iterator[str]:
    """One line a file: its SHA-256 and its name. Missing files raise OSError."""
    for path in paths:
        yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"


def _template(masked: str) -> str:
    """The letters of a template, whatever its placeholders are called."""
    return re.sub(r"[^a-z]", "", re.sub(r"\{\{\w+\}\}", "X", masked).lower())


def _rows(path: Path) -> Iterator[Sample]:
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    for row in rows:
        spans = tuple(
            Span(
                _SYNTH_KINDS.get(span["entity_type"], span["entity_type"]),
                span["start_position"],
                span["end_position"],
            )
            for span in row["spans"]
        )
        yield Sample(row["full_text"], spans, _template(row["masked"]))


def synth(data: Path) -> list[Sample]:
    """The 1500 texts of synth_dataset_v2."""
    return list(_rows(data / "text" / TEXT_FILES[0]))


def generated(data: Path) -> list[Sample]:
    """The texts of generated_large: their types bear other names, only the texts are used."""
    return list(_rows(data / "text" / TEXT_FILES[1]))


def unseen(samples: Iterable[Sample], known: Iterable[Sample]) -> list[Sample]:
    """Those whose template occurs in none of the known."""
    templates = {sample.template for sample in known}
    return [sample for sample in samples if sample.template not in templates]


def wikigold(data: Path) -> list[Sample]:
    """Sentences, tokens joined by blanks; neighbouring tokens of one tag are one name."""
    content = (data / "text" / TEXT_FILES[2]).read_text("utf-8")
    return [_sentence(block) for block in content.split("\n\n") if block.strip()]


def _sentence(block: str) -> Sample:
    text = ""
    spans: list[Span] = []
    before = "O"
    for line in block.strip().splitlines():
        token, _, tag = line.rpartition(" ")
        start = len(text) + bool(text)
        text += f" {token}" if text else token
        kind = _WIKIGOLD_KINDS.get(tag[2:], "")
        if kind and tag == before:
            spans[-1] = spans[-1]._replace(end=len(text))
        elif kind:
            spans.append(Span(kind, start, len(text)))
        before = tag
    return Sample(text, tuple(spans), "")
