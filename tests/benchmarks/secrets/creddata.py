"""Recall and precision on CredData: labelled lines of real repositories, judged by people.

    python -m tests.benchmarks.secrets.creddata --root DIRECTORY --split tune [--errors 20 [--show]]
    python -m tests.benchmarks.secrets.creddata --root DIRECTORY --split held

DIRECTORY holds `meta/<repository>.csv` (the labels), `repos/<repository>/…` (the files that they
speak of, under their own paths) and `tune.json` and `held.json` (lists of repositories: what one
may look at while developing, and what is only measured). The files may hold their own values or
those that CredData puts in their place; peers are usually quoted on the latter.

What counts: a row that says T is found if a finding shares a character with its span, else it is
missed. A finding that shares none with any such row is a false alarm if it lies on a line that
somebody has labelled; on a line without a label nobody knows, so these are counted apart. Findings
that overlap are one. Rows whose only category names no credential (a UUID, the name of a bucket)
are left out of the second figure, and so are findings on them.

The other scanners say less of where a value is: detect-secrets names the line, so that any row on
it counts as found.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Failure, Finding
from llmsec_nb.core.rule import Confidence, Family
from llmsec_nb.engine import scan_read
from llmsec_nb.policy import Policy
from llmsec_nb.sources.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

IDENTIFIERS: Final = frozenset(
    {"UUID", "AWS S3 Bucket", "Firebase Domain", "Tencent WeChat API App ID"}
)
"""Categories that CredData labels true although knowing the value gives no access."""
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
_BESIDE: Final = "(beside a true one)"


class Row(NamedTuple):
    """One label: what somebody says of a span of a file."""

    true: bool
    start: int
    end: int
    line: int
    last: int
    categories: tuple[str, ...]

    @property
    def identifier(self) -> bool:
        """Whether every category of it names something that is no credential."""
        return IDENTIFIERS.issuperset(self.categories)


class Found(NamedTuple):
    """One finding: a span of a file, and the rule that reports it."""

    start: int
    end: int
    rule: str


class Labelled:
    """A file, its labels and its lines as CredData counts them."""

    def __init__(self, repository: str, path: Path, shown: str, records: list[dict[str, str]]):
        self.repository = repository
        self.path = path
        self.shown = shown
        self.records = records

    @cached_property
    def data(self) -> bytes:
        """The content."""
        return self.path.read_bytes()

    @cached_property
    def text(self) -> str:
        """The content, decoded so that nothing is lost."""
        return self.data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")

    @cached_property
    def starts(self) -> list[int]:
        """Offsets at which lines begin."""
        return [0, *(found.end() for found in _NEWLINE.finditer(self.text))]

    @cached_property
    def rows(self) -> list[Row]:
        """The labels, each span once."""
        return list(dict.fromkeys(map(self._row, self.records)))

    @cached_property
    def lines(self) -> frozenset[int]:
        """Numbers of the lines that carry a label."""
        return frozenset(n for row in self.rows for n in range(row.line, row.last + 1))

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; lines and columns from 0."""
        return min(self.starts[min(line, len(self.starts) - 1)] + column, self._end_of(line))

    def whole(self, line: int) -> tuple[int, int]:
        """The span of a line, counted from 0."""
        return self.offset(line, 0), self._end_of(line)

    def numbers(self, start: int, end: int) -> range:
        """The lines that a span touches."""
        first = bisect_right(self.starts, start) - 1
        return range(first, max(first, bisect_right(self.starts, max(start, end - 1)) - 1) + 1)

    def _end_of(self, line: int) -> int:
        if line + 1 >= len(self.starts):
            return len(self.text)
        return self.starts[line + 1] - 1

    def _row(self, record: dict[str, str]) -> Row:
        line, last = int(record["LineStart"]) - 1, int(record["LineEnd"]) - 1
        start, end = self.whole(line)[0], self.whole(last)[1]
        first, stop = int(record["ValueStart"] or -1), int(record["ValueEnd"] or -1)
        if first >= 0:
            start = self.offset(line, first)
        if stop >= 0:
            end = self.offset(last, stop)
        true = record["GroundTruth"] == "T"
        categories = tuple(sorted(record["Category"].split(":")))
        return Row(true, start, max(end, start), line, last, categories)


@dataclass
class Tally:
    """Counts of one group."""

    hit: int = 0
    missed: int = 0
    false: int = 0

    def __str__(self) -> str:
        precision = self.hit / (self.hit + self.false) if self.hit + self.false else 0.0
        recall = self.hit / (self.hit + self.missed) if self.hit + self.missed else 0.0
        mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return (
            f"TP {self.hit:5}  FP {self.false:5}  FN {self.missed:5}  "
            f"P {precision:.3f}  R {recall:.3f}  F1 {mean:.3f}"
        )


@dataclass
class Score:
    """Everything that one run counts."""

    everything: Tally = field(default_factory=Tally)
    credentials: Tally = field(default_factory=Tally)
    by_category: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_repository: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_rule: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[tuple[Labelled, Row]] = field(default_factory=list)
    alarms: list[tuple[Labelled, Found, str]] = field(default_factory=list)
    unknown: list[tuple[Labelled, Found]] = field(default_factory=list)

    def add(self, file: Labelled, found: list[Found]) -> None:
        """Compare the findings in one file with its labels."""
        found = merged(found)
        trues = [row for row in file.rows if row.true]
        for row in trues:
            self._row(file, row, [one for one in found if _meet(row, one)])
        for one in found:
            self._finding(file, one, [row for row in trues if _meet(row, one)])

    def _row(self, file: Labelled, row: Row, finders: list[Found]) -> None:
        tallies = [self.everything, *(self.by_category[name] for name in row.categories)]
        if not row.identifier:
            tallies += [self.credentials, self.by_repository[file.repository]]
            if not finders:
                self.misses.append((file, row))
        for tally in tallies:
            tally.hit += bool(finders)
            tally.missed += not finders
        for one in finders[:1]:
            self.by_rule[one.rule].hit += 1

    def _finding(self, file: Labelled, one: Found, meant: list[Row]) -> None:
        numbers = file.numbers(one.start, one.end)
        if meant:
            return
        if file.lines.isdisjoint(numbers):
            self.unknown.append((file, one))
            return
        names = {
            name
            for row in file.rows
            if not row.true and row.line <= numbers[-1] and row.last >= numbers[0]
            for name in row.categories
        } or {_BESIDE}
        self.alarms.append((file, one, ":".join(sorted(names))))
        for tally in (
            self.everything,
            self.credentials,
            self.by_repository[file.repository],
            self.by_rule[one.rule],
            *(self.by_category[name] for name in names),
        ):
            tally.false += 1


def _meet(row: Row, one: Found) -> bool:
    return row.start < one.end and one.start < row.end


def merged(found: Iterable[Found]) -> list[Found]:
    """Findings that overlap, as one; it keeps the rule of the first."""
    kept: list[Found] = []
    for one in sorted(set(found)):
        if kept and one.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, one.end))
        else:
            kept.append(one)
    return kept


def labelled_files(root: Path, repositories: Iterable[str]) -> tuple[list[Labelled], int]:
    """The files of some repositories with their labels, and how many labels lack their file."""
    files: list[Labelled] = []
    lost = 0
    for repository in repositories:
        records: dict[str, list[dict[str, str]]] = defaultdict(list)
        with (root / "meta" / f"{repository}.csv").open(encoding="utf-8", newline="") as stream:
            for record in csv.DictReader(stream):
                records[record["FileID"]].append(record)
        base = root / "repos" / repository
        for path in sorted(base.rglob("*")):
            shown = path.relative_to(base).as_posix()
            known = records.pop(hashlib.sha256(shown.encode()).hexdigest()[:8], None)
            if known and path.is_file():
                files.append(Labelled(repository, path, shown, known))
        lost += sum(map(len, records.values()))
    return files, lost


class Ours:
    """This project's scanner, in this process."""

    def __init__(self, root: Path, confidence: Confidence) -> None:
        config = Config(select=(Family.SECRET.value,), min_confidence=confidence)
        self.policy = Policy(config, root)
        self.concealer = Concealer()
        self.failures: list[Failure] = []
        self.placeless = 0

    def __call__(self, files: Iterable[Labelled]) -> Iterator[tuple[Labelled, list[Found]]]:
        """Scan the files one by one."""
        for file in files:
            read = partial(read_bytes, file.data, file.shown)
            events = scan_read(file.shown, read, self.policy, self.concealer).events
            self.failures += [event for event in events if isinstance(event, Failure)]
            found = [event for event in events if isinstance(event, Finding)]
            active = [finding for finding in found if finding.suppression is None]
            self.placeless += sum(finding.location.file_line is None for finding in active)
            yield file, list(_places(file, active))


def _places(file: Labelled, findings: Iterable[Finding]) -> Iterator[Found]:
    for finding in findings:
        place = finding.location
        if place.file_line is not None and place.file_end_line is not None:
            start = file.offset(place.file_line, place.file_column or 0)
            end = file.offset(place.file_end_line, place.file_end_column or 0)
            yield Found(start, max(end, start + 1), finding.rule)


def detect_secrets(root: Path, files: list[Labelled]) -> Iterator[tuple[Labelled, list[Found]]]:
    """Upstream with its default plugins, without the network; whole lines."""
    for repository, members in _by_repository(files):
        base = root / "repos" / repository
        command = [sys.executable, "-m", "detect_secrets", "scan", "--all-files", "--no-verify"]
        shown = subprocess.run([*command, "."], cwd=base, capture_output=True, check=True).stdout
        results: dict[str, list[dict[str, Any]]] = json.loads(shown)["results"]
        for file in members:
            yield (
                file,
                [
                    Found(*file.whole(one["line_number"] - 1), one["type"])
                    for one in results.get(file.shown, ())
                ],
            )


def credsweeper(root: Path, files: list[Labelled]) -> Iterator[tuple[Labelled, list[Found]]]:
    """CredSweeper with its defaults, from `<root>/venv`; values are hashed in its report."""
    for repository, members in _by_repository(files):
        base = (root / "repos" / repository).resolve()
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            command = [str(root / "venv/bin/credsweeper"), "--hashed", "--path", str(base)]
            command += ["--no-stdout", "--save-json", str(report), "--log", "fatal"]
            subprocess.run(command, cwd=folder, capture_output=True, check=True)
            results = json.loads(report.read_text()) if report.exists() else []
        places: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for one in results:
            places[Path(one["line_data_list"][0]["path"]).relative_to(base).as_posix()].append(one)
        for file in members:
            yield file, list(starmap(_swept, ((file, one) for one in places[file.shown])))


def _swept(file: Labelled, one: dict[str, Any]) -> Found:
    parts = sorted(one["line_data_list"], key=lambda part: (part["line_num"], part["value_start"]))
    first, last = parts[0], parts[-1]
    start = file.offset(first["line_num"] - 1, max(0, first["value_start"]))
    end = file.offset(last["line_num"] - 1, max(0, last["value_end"]))
    return Found(start, max(end, start + 1), one["rule"])


def _by_repository(files: list[Labelled]) -> Iterator[tuple[str, list[Labelled]]]:
    groups: dict[str, list[Labelled]] = defaultdict(list)
    for file in files:
        groups[file.repository].append(file)
    yield from groups.items()


def _print_tables(score: Score) -> None:
    tables: dict[str, dict[str, Tally]] = {
        "category": score.by_category,
        "repository (credentials)": score.by_repository,
        "rule (each true row once; no FN)": score.by_rule,
    }
    for title, table in tables.items():
        print(f"\nby {title}")
        for name, tally in sorted(
            table.items(), key=lambda item: -item[1].hit - item[1].missed - item[1].false
        ):
            print(f"  {name[:44]:44} {tally}")
    rules = Counter(one.rule for _, one in score.unknown)
    most = ", ".join(f"{rule} {count}" for rule, count in rules.most_common(12))
    print(f"\non lines without a label: {len(score.unknown)} ({most})")


def _print_errors(score: Score, count: int, *, show: bool, only: str) -> None:
    def place(file: Labelled, start: int) -> str:
        return f"{file.repository}/{file.shown}:{file.numbers(start, start)[0] + 1}"

    def text(file: Labelled, start: int, end: int) -> str:
        if not show:
            return ""
        first, last = file.whole(file.numbers(start, start)[0])
        return f"\n      {file.text[max(first, start - 100) : min(last, max(end, start) + 40)]}"

    misses = [
        f"  missed {place(file, row.start)} {':'.join(row.categories)}"
        + text(file, row.start, row.end)
        for file, row in score.misses
    ]
    alarms = [
        f"  false  {place(file, one.start)} {one.rule} on {names}" + text(file, one.start, one.end)
        for file, one, names in score.alarms
    ]
    unknown = [
        f"  nobody says {place(file, one.start)} {one.rule}" + text(file, one.start, one.end)
        for file, one in score.unknown
    ]
    for lines in (misses, alarms, unknown):
        chosen = [line for line in lines if only in line]
        step = max(1, len(chosen) // count)  # some of each repository, the same in every run
        print(f"\n{len(chosen)} of this kind, every {step}. shown")
        print("\n".join(chosen[::step][:count]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Recall and precision on CredData.")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--split", choices=("tune", "held"), required=True)
    parser.add_argument(
        "--scanner", choices=("llmsec", "detect-secrets", "credsweeper"), default="llmsec"
    )
    parser.add_argument("--confidence", type=Confidence, default=Confidence.MEDIUM)
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="of each kind")
    parser.add_argument("--only", default="", help="errors whose description holds this text")
    parser.add_argument("--show", action="store_true", help="with the text of the line")
    options = parser.parse_args()
    if options.errors and options.split != "tune":
        parser.error("--errors is for the tune split: nobody looks at the other one")

    root: Path = options.root.resolve()
    repositories = json.loads((root / f"{options.split}.json").read_text())
    files, lost = labelled_files(root, repositories)
    ours = Ours(root, options.confidence)
    scanners: dict[str, Callable[[], Iterable[tuple[Labelled, list[Found]]]]] = {
        "llmsec": partial(ours, files),
        "detect-secrets": partial(detect_secrets, root, files),
        "credsweeper": partial(credsweeper, root, files),
    }
    score = Score()
    for file, found in scanners[options.scanner]():
        score.add(file, found)

    print(f"{options.scanner} on {options.split}: {len(repositories)} repositories, ", end="")
    print(f"{len(files)} files; {lost} labels without their file, left out")
    for message, count in Counter(failure.message for failure in ours.failures).items():
        print(f"  failure in {count} files: {message}")
    if ours.placeless:
        print(f"  {ours.placeless} findings without a place in the file, not counted")
    _print_tables(score)
    if options.errors:
        _print_errors(score, options.errors, show=options.show, only=options.only)
    print(f"\nas labelled  {score.everything}")
    print(f"credentials  {score.credentials}")


if __name__ == "__main__":
    main()
