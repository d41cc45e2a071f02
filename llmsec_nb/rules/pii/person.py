"""PII105: names of people, by lists; best effort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...core.rule import Confidence, Example, Kind, Severity
from .gazetteer import fold
from .name_columns import PEOPLE, person_in
from .name_cues import BACK, CUES, LOWER_CUES, cue_before
from .name_parts import enumerated, is_thing, person_at, place_at, titles_at
from .recognizer import Hit, Proof, Window
from .rules import personal
from .runs import groups, runs, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene

RULE: Final = replace(
    personal(
        "PII105",
        "person-name",
        "Name of a person",
        Severity.LOW,
        (
            Example(
                source="Please call {person} about it.", flagged=("{person}",), kind=Kind.MARKDOWN
            ),
            Example(source='owner = "{person}"', flagged=("{person}",)),
            Example(source="I met Dr. {stranger} there.", flagged=("{stranger}",), kind=Kind.TEXT),
            Example(source="My name is {stranger}.", flagged=("{stranger}",), kind=Kind.TEXT),
            Example(source="{family}, {given}", flagged=("{family}, {given}",), kind=Kind.TEXT),
            Example(source="the Pearson correlation and the Adam optimizer", kind=Kind.MARKDOWN),
            Example(source="from transformers import AdamW, LlamaForCausalLM"),
            Example(source="Hugging Face, Morgan Stanley, San Francisco", kind=Kind.MARKDOWN),
            Example(source="Train Model On The Iris Data In May", kind=Kind.MARKDOWN),
        ),
        default=False,
    ),
    confidence=Confidence.LOW,
)


class PersonNames:
    """Names that the lists know, with what stands beside them; never more than likely."""

    rule = RULE
    entity = "PERSON"
    words = PEOPLE
    digits = 0
    signs: tuple[str, ...] = ()
    rank = 1
    gate = r"\pL{2}"

    def search(self, content: str) -> Iterator[Window]:
        """Spans of capitalised words that hold something of a name, or follow what speaks of one."""
        for start, end in groups(content, CUES):
            yield Window(start, end, start)
            line = content.find("\n", start, end)
            while line >= 0:  # what begins behind it may be another text
                yield Window(line + 1, end, line + 1)
                line = content.find("\n", line + 1, end)
        for cue in LOWER_CUES:
            place = content.find(cue)
            while place >= 0:
                first = place + len(cue)
                yield Window(first, first + 1, place)
                place = content.find(cue, place + 1)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits of the runs that begin in [start, end) of a text, or right after it."""
        content = scene.content
        told = end - start == 1 or content[start:end].rpartition(" ")[2].lower() in CUES
        for first, last in runs(content, start, end + BACK if told else end):
            if first < end or cue_before(content, first):
                yield from self._in_run(content, first, last)
            if first >= end:
                return

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is a name; of a column of names also a part of one."""
        confidence = person_in(value) if named else self._whole(value)
        if confidence is None:
            return None
        return Hit(0, len(value), self, confidence, Proof.FORM, named=named)

    def _whole(self, value: str) -> Confidence | None:
        if " " not in value or next(runs(value), None) != (0, len(value)):
            return None
        hits = self._in_run(value, 0, len(value))
        whole = any((hit.start, hit.end) == (0, len(value)) for hit in hits)
        return Confidence.LOW if whole else None

    def _in_run(self, content: str, start: int, end: int) -> Iterator[Hit]:
        run = tokens(content, start, end)
        cue = cue_before(content, start)
        if len(run) == 1 and not cue and not run[0].sure:
            return
        index = enumerated(content, run)
        while index < len(run):
            place = place_at(run, index)
            count = 0 if place else person_at(run, index, cue)
            if count:
                first = index + (run[index].title and titles_at(run, index))
                chosen = run[first : index + count]
                if not is_thing(content, chosen):
                    span = chosen[0].start, chosen[-1].end
                    yield Hit(*span, self, Confidence.LOW, Proof.FORM)
            index += place or count or 1
            told = index < len(run) and fold(run[index - 1].text) in CUES
            cue = cue_before(content, run[index].start) if told else 0
