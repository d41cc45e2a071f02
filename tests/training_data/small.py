"""Small detectors for tests of the runner: repeated texts in one pass, bearers of a word in two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import msgspec
import numpy as np

from llmsec_nb.core.rule import Rule, Severity
from llmsec_nb.rules.poisoning.rules import poison
from llmsec_nb.training.detector import Conclusion, Located, Plan, Scene, Span, Suspect
from llmsec_nb.training.packing import pack, unpack
from llmsec_nb.training.rows import Rows

RULE: Rule = poison("POI990", "for-tests", "a rule of tests", Severity.LOW, "tests need one")


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


class Count(msgspec.Struct):
    rows: int = 0
    counts: dict[str, int] = msgspec.field(default_factory=dict)


class Repeats:
    """Texts that stand in three rows or more. One pass."""

    name: ClassVar[str] = "repeats"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (RULE,)

    def applies(self, plan: Plan) -> str:
        return "" if plan.roles.text else "no column of texts"

    def empty(self, plan: Plan) -> Count:
        return Count()

    def observe(self, state: Count, rows: Rows) -> None:
        state.rows += len(rows)
        for text in rows.texts(rows.roles.text).to_pylist():
            if text is not None:
                state.counts[text] = state.counts.get(text, 0) + 1

    def merge(self, left: Count, right: Count) -> Count:
        left.rows += right.rows
        for text, number in right.counts.items():
            left.counts[text] = left.counts.get(text, 0) + number
        return left

    def advance(self, state: Count, plan: Plan) -> Count | None:
        return None

    def pack(self, state: Count) -> bytes:
        return pack(self.name, self.version, Count(state.rows, _sorted(state.counts)))

    def unpack(self, data: bytes) -> Count:
        return unpack(self.name, self.version, data, Count)

    def conclude(self, state: Count, scene: Scene) -> Conclusion:
        before = scene.trusted.counts if scene.trusted else {}
        often = [text for text, number in state.counts.items() if number - before.get(text, 0) >= 3]
        return Conclusion(
            suspects=[
                Suspect(rule=RULE, message="again and again", columns=("text",), key=text)
                for text in often
            ]
        )

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        texts = np.array(rows.texts(rows.roles.text).to_pylist(), object)
        for suspect in suspects:
            found = np.flatnonzero(texts == suspect.key)
            if len(found) and not suspect.trigger:
                suspect.trigger = str(texts[found[0]])
            yield Located(suspect, found)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        start = row["text"].find(suspect.trigger)
        return [Span("text", start, start + len(suspect.trigger))]


class Words(msgspec.Struct):
    """`wanted` is empty in the first pass; in the second one `lengths` are by wanted word."""

    wanted: list[str] = msgspec.field(default_factory=list)
    counts: dict[str, int] = msgspec.field(default_factory=dict)
    lengths: Any = None


class Bearers(Repeats):
    """The commonest word (pass 1), and the characters of all rows that have it (pass 2)."""

    name: ClassVar[str] = "bearers"

    def empty(self, plan: Plan) -> Words:  # type: ignore[override]  # another state
        return Words(lengths=np.zeros(0, np.int64))

    def observe(self, state: Words, rows: Rows) -> None:  # type: ignore[override]  # as above
        for text in rows.texts(rows.roles.text).to_pylist():
            words = (text or "").split()
            if not state.wanted:
                for word in words:
                    state.counts[word] = state.counts.get(word, 0) + 1
            else:
                for at, word in enumerate(state.wanted):
                    state.lengths[at] += len(text) if word in words else 0

    def merge(self, left: Words, right: Words) -> Words:  # type: ignore[override]  # as above
        for word, number in right.counts.items():
            left.counts[word] = left.counts.get(word, 0) + number
        left.lengths = left.lengths + right.lengths
        return left

    def advance(self, state: Words, plan: Plan) -> Words | None:  # type: ignore[override]
        if state.wanted or not state.counts:
            return None
        most = max(state.counts, key=lambda word: (state.counts[word], word))
        return Words(wanted=[most], lengths=np.zeros(1, np.int64))

    def pack(self, state: Words) -> bytes:  # type: ignore[override]  # another state
        return pack(
            self.name, self.version, Words(state.wanted, _sorted(state.counts), state.lengths)
        )

    def unpack(self, data: bytes) -> Words:  # type: ignore[override]  # another state
        return unpack(self.name, self.version, data, Words)

    def conclude(self, state: Words, scene: Scene) -> Conclusion:  # type: ignore[override]
        return Conclusion(
            suspects=[
                Suspect(rule=RULE, message="common", columns=("text",), key=word, score=float(size))
                for word, size in zip(state.wanted, state.lengths.tolist(), strict=True)
            ]
        )

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        texts = rows.texts(rows.roles.text).to_pylist()
        for suspect in suspects:
            found = [at for at, text in enumerate(texts) if suspect.key in (text or "").split()]
            suspect.trigger = suspect.key if found else suspect.trigger
            yield Located(suspect, np.array(found, np.int64))


class Broken(Repeats):
    """Raises in the step of its choice, with a row in the message."""

    name: ClassVar[str] = "broken"

    def __init__(self, step: str) -> None:
        self.step = step

    def __getattribute__(self, name: str) -> Any:
        if name == object.__getattribute__(self, "__dict__").get("step"):

            def fail(*_: object) -> None:
                raise RuntimeError("hunter2 is in row 7")

            return fail
        return object.__getattribute__(self, name)


class Naming(Repeats):
    """Names its suspects by the first text in the alphabet of all rows that have its key first."""

    name: ClassVar[str] = "naming"

    def conclude(self, state: Count, scene: Scene) -> Conclusion:
        heads = sorted({text.split()[0] for text in state.counts if text})
        return Conclusion(
            suspects=[Suspect(rule=RULE, message="", columns=("text",), key=head) for head in heads]
        )

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        texts = rows.texts(rows.roles.text).to_pylist()
        for suspect in suspects:
            found = [at for at, text in enumerate(texts) if (text or "-").split()[0] == suspect.key]
            for at in found:
                suspect.trigger = min(suspect.trigger or texts[at], texts[at])
                suspect.target = suspect.target or texts[at]
                longest = max([*suspect.also, texts[at]], key=lambda text: (len(text), text))
                suspect.also = [longest]
            yield Located(suspect, np.array(found, np.int64))
