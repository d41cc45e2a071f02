"""bandit, by way of nbQA, and ruff: how they are asked, and how their answers are read."""

from __future__ import annotations

import json
import re
import sys
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ..core.rule import Confidence, Severity
from ..sources.position import Lines
from .codes import SECRETS, number, usual
from .process import ANSWER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .copies import Copy, Piece

_FILE: Final = re.compile(r"(?P<number>\d{5})(?:\w{0,40}_nbqa_ipynb\.py|\.ipynb)\Z")
_NEWEST: Final = 13
"""The minor version of Python that every supported ruff knows."""
MOST: Final = 5000
"""Findings of one tool in one piece; there are no more of a file in a report."""
Key = tuple[int, int]
"""The number of a copy, and of a piece in it."""


class Hit(NamedTuple):
    """What a tool says of characters `start` to `end` of the code that `lines` are of."""

    code: str
    start: int
    end: int
    severity: Severity
    confidence: Confidence
    message: str
    lines: Lines
    cwe: int | None = None


class Answer(NamedTuple):
    """What a tool found by piece, for each of which it is proven that it was read whole.

    Of a piece there are at most MOST and one.
    """

    hits: dict[Key, list[Hit]]


class Tool(Protocol):
    """A program that looks at notebooks."""

    name: str
    modules: tuple[str, ...]

    def words(self) -> list[str]:
        """Arguments of Python that let it look at all notebooks of the folder `n`."""

    def answer(self, output: bytes, copies: Sequence[Copy], token: str) -> Answer:
        """What it says. Raises ValueError, LookupError or TypeError where that is not known."""


def mark(token: str, key: Key, end: str) -> str:
    """The word that stands before (`a`) and after (`z`) a piece."""
    return f"{token}-{key[0]}-{key[1]}-{end}"


class Bandit:
    """Tells lines of the script that nbQA makes of a notebook; columns in bytes of UTF-8."""

    name: str = "bandit"
    modules: tuple[str, ...] = ("bandit", "nbqa")

    def words(self) -> list[str]:
        """Without configuration and without heed to `# nosec`, which is dealt with here."""
        options = ["--quiet", "--format=json", "--ignore-nosec", "--number=1", "--exit-zero"]
        options.append(f"--output={ANSWER}")  # nbQA takes long to go through what it would print
        return ["-m", "nbqa", "bandit", "n", *options]

    def answer(self, output: bytes, copies: Sequence[Copy], token: str) -> Answer:
        """The marks say where each piece begins in the script, and that nothing moved in it."""
        results: list[dict[str, Any]] = json.loads(output)["results"]
        sign = re.compile(rf"{token}-(\d+)-(\d+)-([az])")
        lines: dict[tuple[Key, str], int] = {}
        for result in results:
            found = sign.search(result["issue_text"])
            if found is not None:
                key = int(found[1]), int(found[2])
                lines[key, found[3]] = result["line_number"]
        placed = {
            key: line
            for (key, end), line in lines.items()
            if end == "a" and lines.get((key, "z")) == line + _distance(_piece(copies, key))
        }
        starts: dict[int, list[tuple[int, Key]]] = {}
        for key, line in sorted(placed.items()):
            starts.setdefault(key[0], []).append((line, key))
        answer = Answer({key: [] for key in placed})
        for result in results:
            if number(result["test_id"]) not in SECRETS:
                _bandit_hit(result, copies, starts, answer)
        return answer


def _piece(copies: Sequence[Copy], key: Key) -> Piece:
    return copies[key[0]][key[1]]


def _distance(piece: Piece) -> int:
    """How many lines the mark behind a piece is below the one before it."""
    return piece.above + piece.lines


def _bandit_hit(
    result: dict[str, Any],
    copies: Sequence[Copy],
    starts: dict[int, list[tuple[int, Key]]],
    answer: Answer,
) -> None:
    first, last = _range(result)
    own = starts.get(_number(result["filename"]), [])
    index = bisect_right(own, first, key=lambda one: one[0]) - 1
    if index < 0:
        return
    line, key = own[index]
    piece = _piece(copies, key)
    above = line + piece.above
    hits = answer.hits[key]
    if first - above >= piece.lines or len(hits) > MOST:
        return  # it stands behind the piece, in one that was not read; or there is no end
    lines = Lines(piece.code) if not hits else hits[0].lines
    start = _by_bytes(lines, first - above, result.get("col_offset", 0))
    end = _by_bytes(lines, last - above, result.get("end_col_offset", 0))
    cwe = (result.get("issue_cwe") or {}).get("id")
    hits.append(
        Hit(
            result["test_id"],
            start,
            end if end > start else lines.span(first - above)[1],
            Severity(result["issue_severity"].lower()),
            Confidence(result["issue_confidence"].lower()),
            result["issue_text"],
            lines,
            cwe if isinstance(cwe, int) else None,
        )
    )


def _range(result: dict[str, Any]) -> tuple[int, int]:
    """The lines of what is meant; some checks tell the line alone."""
    line: int = result["line_number"]
    known: list[int] = result.get("line_range") or [line]
    return (min(known), max(known)) if min(known) <= line <= max(known) else (line, line)


def _number(name: str) -> int:
    found = _FILE.search(name)
    return int(found["number"]) if found else -1


def _by_bytes(lines: Lines, line: int, column: int) -> int:
    """The offset of a column that counts bytes."""
    start, end = _span(lines, line)
    text = lines.text[start:end]
    if column < 0 or text.isascii():
        return start + min(max(column, 0), len(text))
    return start + len(text.encode()[:column].decode("utf-8", "ignore"))


def _span(lines: Lines, line: int) -> tuple[int, int]:
    """A line, counted from 0; the last one where there is none of that number."""
    return lines.span(min(line, lines.text.count("\n")))


class Ruff:
    """Tells cell, line and column, the last two from 1 on."""

    name: str = "ruff"
    modules: tuple[str, ...] = ("ruff",)

    def words(self) -> list[str]:
        """The rules of bandit that it knows, without configuration, `noqa` and files left out."""
        version = f"py3{min(sys.version_info.minor, _NEWEST)}"
        options = ["--isolated", "--no-cache", "--no-respect-gitignore", "--no-fix", "--exit-zero"]
        form = ["--select=S", "--output-format=json", f"--output-file={ANSWER}", "--ignore-noqa"]
        return ["-m", "ruff", "check", *options, *form, f"--target-version={version}", "n"]

    def answer(self, output: bytes, copies: Sequence[Copy], token: str) -> Answer:
        """A piece is read whole if both marks are found where they were put."""
        results: list[dict[str, Any]] = json.loads(output)
        marks: set[tuple[Key, int]] = set()
        told: dict[Key, list[dict[str, Any]]] = {}
        for result in results:
            key = _number(result["filename"]), (result.get("cell") or 0) - 1
            code = result.get("code") or ""
            if not code.startswith("S"):
                continue  # an error that may cost what comes after it: the marks tell
            if number(code) == 105:
                marks.add((key, result["location"]["row"]))
            elif number(code) not in SECRETS:
                told.setdefault(key, []).append(result)
        answer = Answer({})
        for index, copy in enumerate(copies):
            for place, piece in enumerate(copy):
                key = index, place
                if {(key, 1), (key, 1 + _distance(piece))} <= marks:
                    lines = Lines(piece.code)
                    own = told.get(key, [])[: MOST + 1]
                    answer.hits[key] = [_ruff_hit(one, lines, piece.above) for one in own]
        return answer


def _ruff_hit(result: dict[str, Any], lines: Lines, above: int) -> Hit:
    start, end = (
        _by_characters(lines, place["row"] - 1 - above, place["column"] - 1)
        for place in (result["location"], result["end_location"])
    )
    code = result["code"]
    said = result["message"]
    return Hit(code, start, max(start, end), usual(code), Confidence.MEDIUM, said, lines)


def _by_characters(lines: Lines, line: int, column: int) -> int:
    start, end = _span(lines, max(line, 0))
    return min(start + column, end)
