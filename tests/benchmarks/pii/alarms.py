"""What is said of personal data in directories of notebooks: counts, and places without values.

    python -m tests.benchmarks.pii.alarms DIRECTORY… [--places]

Everything down to low confidence counts. An output is numeric if more than 60 % of its characters,
blanks apart, are digits or punctuation: an identifier that is found there is most likely a figure.
`--places` lists where each finding is, for notebooks that one may read.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from llmsec_nb.api import check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Failure, Finding
from llmsec_nb.core.location import InOutput
from llmsec_nb.core.rule import Confidence, Family

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from llmsec_nb.core.location import Span

_NUMERIC: Final = 0.6
_TAG: Final = re.compile(r"<(?:style.{0,4000}?</style|/?[a-z][^<>]{0,500})>", re.DOTALL)


def _part(document: Any, pointer: str) -> str:
    """The text that a JSON pointer names; empty if there is none."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name)] if isinstance(document, list) else document[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return ""
    return "".join(map(str, document)) if isinstance(document, list) else str(document)


def is_numeric(text: str) -> bool:
    """Whether it is mostly figures; the tags of a table are not looked at."""
    shown = _TAG.sub(" ", text)
    filled = [character for character in shown if not character.isspace()]
    return sum(not character.isalpha() for character in filled) > _NUMERIC * max(1, len(filled))


class Documents:
    """The notebooks of a directory, the last one kept."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: tuple[str, Any] = ("", None)

    def holds_figures(self, place: Span) -> bool:
        """Whether the finding is in an output of figures."""
        if not isinstance(place, InOutput) or place.path is None or place.pointer is None:
            return False
        if self._last[0] != place.path:
            self._last = (place.path, json.loads((self._root / place.path).read_bytes()))
        return is_numeric(_part(self._last[1], place.pointer))


def _found(root: Path) -> tuple[list[Finding], list[Failure], int]:
    config = Config(min_confidence=Confidence.LOW)
    report = check_paths([str(root)], config, root=root).report
    events = [*report.findings, *report.failures]
    found = [one for one in events if isinstance(one, Finding) and one.family is Family.PII]
    return found, [one for one in events if isinstance(one, Failure)], report.summary.files


def _table(title: str, keys: Iterable[str], files: int) -> None:
    print(f"\n{title}")
    for key, count in sorted(Counter(keys).items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"{count:6} {100 * count / max(1, files):8.1f} per 100  {key}")


def _measure(root: Path, *, places: bool) -> None:
    found, failures, files = _found(root)
    documents = Documents(root)
    figures = [one for one in found if documents.holds_figures(one.location)]
    sure = [one for one in found if one.confidence.at_least(Confidence.MEDIUM)]
    print(f"\n== {root.name}: {files} files, {len(failures)} failures")
    for name, some in (("all", found), ("medium+", sure)):
        values = len({one.evidence.digest for one in some})
        notebooks = len({one.location.path for one in some})
        numeric = sum(one in some for one in figures)
        print(
            f"{name:8} {len(some):6} findings, {100 * len(some) / max(1, files):.1f} per 100, "
            f"{values} values, in {notebooks} files, {numeric} in outputs of figures"
        )
    if found:
        _groups(found, figures, files)
    if places:
        _places(found, figures)


def _groups(found: Sequence[Finding], figures: Sequence[Finding], files: int) -> None:
    _table("by rule", (f"{one.rule} {one.name}" for one in found), files)
    _table("by confidence and severity", map(_weight, found), files)
    _table("by rule and confidence", (f"{one.rule} {one.confidence}" for one in found), files)
    _table("by place", (type(one.location).__name__ for one in found), files)
    _table("in outputs of figures", (f"{one.rule} {one.confidence}" for one in figures), files)


def _weight(finding: Finding) -> str:
    return f"{finding.confidence} confidence, {finding.severity} severity"


def _places(found: Sequence[Finding], figures: Sequence[Finding]) -> None:
    for one in found:
        place = one.location
        cell = getattr(place, "cell", None)
        note = " figures" if one in figures else ""
        kind = type(place).__name__
        print(
            f"{one.confidence:6} {one.rule} {one.name} {place.path} cell {cell} "
            f"line {place.line + 1} {kind}{note}"
        )


def main() -> None:
    """Scan and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directories", type=Path, nargs="+", metavar="DIRECTORY")
    parser.add_argument("--places", action="store_true")
    arguments = parser.parse_args()
    for directory in arguments.directories:
        _measure(directory.resolve(), places=arguments.places)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the module's docstring."""


if __name__ == "__main__":
    main()
