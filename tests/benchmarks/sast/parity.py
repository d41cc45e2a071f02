"""How many findings of bandit our rules have, too, and which notebooks ruff passes over.

    python -m tests.benchmarks.sast.parity DIR [DIR ...] [--list]

bandit and ruff are shown all readable cells, as `--sast` does it. A finding of medium or high
severity is had by ours where a rule that says the same is reported for one of its lines, at any
severity; `hidden` are those that we believe too little to show. ruff alone is given each notebook
as it is, with one more cell in which it must find something. `--list` names what ours do not have.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from llmsec_nb.api import check_paths
from llmsec_nb.config import Config
from llmsec_nb.core.finding import Finding
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.sast.codes import says_the_same
from llmsec_nb.sast.look import Looked, look
from llmsec_nb.sast.process import ANSWER, private_folder, run
from llmsec_nb.sast.reading import read_code
from llmsec_nb.sast.seen import Seen

SIZE = 200_000_000
"""Bytes of the largest notebook."""
SIGN = "password = 'llmsec sign of life'\n"
OURS = Config(select=("COD", "DEP", "MOD"), min_confidence=Confidence.LOW, max_file_size=SIZE)


class Parity(NamedTuple):
    """Findings of bandit of medium or high severity, by what ours say of their lines."""

    same: list[tuple[str, Seen]]
    hidden: list[tuple[str, Seen]]
    other: list[tuple[str, Seen]]
    missed: list[tuple[str, Seen]]


def compare(looked: Looked, findings: tuple[Finding, ...]) -> Parity:
    """Whose lines are reported by a rule that says the same, by another one, by none."""
    lines: dict[tuple[str, int | None, int], list[Finding]] = {}
    for finding in findings:
        place = finding.location
        for line in range(place.line, place.end_line + 1):
            key = (place.path or "", getattr(place, "cell", None), line)
            lines.setdefault(key, []).append(finding)
    parity = Parity([], [], [], [])
    for path, seen in looked.seen.items():
        for one in seen:
            if one.tool != "bandit" or one.severity not in {Severity.HIGH, Severity.MEDIUM}:
                continue
            ours = [
                own
                for line in range(one.line, one.end_line + 1)
                for own in lines.get((path, one.cell, line), ())
            ]
            same = [own for own in ours if says_the_same(own.rule, one.code)]
            sure = [own for own in same if own.confidence is not Confidence.LOW]
            home = "same" if sure else "hidden" if same else "other" if ours else "missed"
            getattr(parity, home).append((path, one))
    return parity


def passed_over(files: list[Path]) -> int:
    """Notebooks of which ruff, as it is, says nothing at all, whatever is in them."""
    with private_folder() as folder:
        for number, file in enumerate(files):
            tree = json.loads(file.read_text(encoding="utf-8"))
            sign: dict[str, object] = {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": SIGN,
            }
            if tree.get("nbformat_minor", 0) >= 5:
                sign["id"] = "sign"
            sheets = tree.get("worksheets") or [tree]
            if "worksheets" in tree:  # format 3 calls the source of a cell its input
                sign = {
                    "cell_type": "code",
                    "language": "python",
                    "metadata": {},
                    "outputs": [],
                    "input": SIGN,
                }
            sheets[0].setdefault("cells", []).insert(0, sign)
            (folder / "n" / f"{number:05}.ipynb").write_text(json.dumps(tree), encoding="utf-8")
        words = ["-m", "ruff", "check", "--isolated", "--no-cache", "--select=S", "--exit-zero"]
        output = run([*words, "--output-format=json", f"--output-file={ANSWER}", "n"], folder, 600)
    signs = {
        one["filename"]
        for one in json.loads(output)
        if one["code"] == "S105" and one["cell"] == 1 and one["location"]["row"] == 1
    }
    return len(files) - len(signs)


def spent() -> float:
    """Seconds of processor time of this process and those that it has waited for."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    files = sorted(file for folder in options.folders for file in folder.rglob("*.ipynb"))
    start, used = time.perf_counter(), spent()
    documents = []
    other = 0
    for file in files:
        document, skips = read_code(file, str(file), SIZE)
        other += len(skips)
        if document is not None:
            documents.append(document)
    looked = look(documents)
    took = time.perf_counter() - start, spent() - used
    used = spent()
    report = check_paths([str(file) for file in files], OURS, jobs=1).report
    parity = compare(looked, report.findings)
    whole = sum(map(len, parity)) or 1
    had = len(parity.same) + len(parity.hidden)
    print(f"notebooks {len(files)}, not of Python {other}, shown to the tools {len(documents)}")
    print(
        f"second look: {took[0]:.1f} s, {took[1]:.1f} s of processor; ours {spent() - used:.1f} s"
    )
    print(f"pieces that a tool did not read {len(looked.failures)}; no Python {len(looked.skips)}")
    print(f"bandit, medium and high: {sum(map(len, parity))}")
    print(f"  ours have {had} ({100 * had / whole:.1f} %), of these hidden {len(parity.hidden)}")
    print(f"  another rule of ours for the line {len(parity.other)}, none {len(parity.missed)}")
    print("  ", dict(Counter(one.code for _, one in (*parity.same, *parity.hidden))))
    ruff = {one for seen in looked.seen.values() for one in seen if one.tool == "ruff"}
    print(f"ruff says {len(ruff)} things that bandit does not")
    print(
        f"notebooks that ruff alone passes over: {passed_over([Path(d.path) for d in documents])}"
    )
    lost = {one.path for one in looked.failures if one.message.startswith("ruff")}
    print(f"notebooks of which ruff did not read all here: {len(lost)}")
    if options.list:
        for name in ("hidden", "other", "missed"):
            for path, one in getattr(parity, name):
                where = f"{path}:cell[{one.cell}]:{one.line + 1}:{one.column + 1}"
                print(f"{name} {one.code} {one.severity} {one.confidence} {where}")
        told = [(one.path, one.message) for one in looked.failures]
        told += [(one.path, one.message) for one in looked.skips]
        for path, message in told:
            print(f"{path}: {message}")


if __name__ == "__main__":
    main()
