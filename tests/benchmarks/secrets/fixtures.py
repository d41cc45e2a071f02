"""How many of other scanners' own samples we find, as plain files and inside notebooks.

    python -m tests.benchmarks.secrets.fixtures FILE.jsonl [--every N] [--list-missed N]
        [--peer NAME ...] [--path DIRECTORIES]

The lines are what extract.py writes. Each sample is scanned twice: alone in a file, and in a cell
of a notebook (code, markdown and printed text in turn) as Jupyter would store it. A positive is
found when a secret is reported, at medium confidence or above, whose place overlaps what the
other scanner captures there (any secret, where that is not known). A negative is hit when any
secret is reported at that confidence. Asserts nothing. Of a held-out file it shows totals only.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.benchmarks.secrets import peers
from tests.benchmarks.secrets.scanning import Hit, hits, occurrences, offset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.benchmarks.secrets.extract import Sample

_LISTED: Final = 40
_PLACES: Final = ("code", "markdown", "stdout")


class Case(NamedTuple):
    """A sample, as a file and in a notebook."""

    sample: Sample
    name: str
    plain: bytes
    place: str
    notebook: bytes
    pointer: str


class Verdict(NamedTuple):
    """Whether something is reported in the file, and in the notebook; `low` counts the unsure."""

    plain: bool
    notebook: bool
    plain_low: bool
    notebook_low: bool
    rule: str = ""


def case(sample: Sample, number: int) -> Case:
    """The two forms of a sample; its place in the notebook goes round."""
    place = _PLACES[number % len(_PLACES)]
    notebook, pointer = in_notebook(sample["text"], place)
    name = sample["path"] or "sample.txt"
    return Case(sample, name, _bytes(sample["text"]), place, notebook, pointer)


def in_notebook(text: str, place: str) -> tuple[bytes, str]:
    """A notebook with the text in one place, and the pointer of that place."""
    lines = text.splitlines(keepends=True)
    cells: list[dict[str, Any]] = [_markdown(["# Notes\n"]), _code(["import os\n"], [])]
    if place == "markdown":
        cells.append(_markdown(lines))
    elif place == "code":
        cells.append(_code(lines, []))
    else:
        stream = {"name": "stdout", "output_type": "stream", "text": lines}
        cells.append(_code(["show()"], [stream]))
    tree = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    data = json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return _bytes(data), "/cells/2/source" if place != "stdout" else "/cells/2/outputs/0/text"


_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.12.1"},
}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _markdown(lines: list[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": lines}


def _code(lines: list[str], outputs: list[dict[str, Any]]) -> dict[str, Any]:
    cell = {"cell_type": "code", "execution_count": 1, "id": "c", "metadata": {}}
    return cell | {"outputs": outputs, "source": lines}


def by_us(item: Case) -> Verdict:
    """What we report. Raises RuntimeError where the scan stopped with an error of ours."""
    plain, notebook = hits(item.plain, item.name), hits(item.notebook, "sample.ipynb")
    if item.sample["positive"]:
        text, secret = item.sample["text"], item.sample["secret"]
        plain = _overlapping(plain, text, secret, "")
        notebook = _overlapping(notebook, text, secret, item.pointer)
    sure = [[hit for hit in found if hit.is_sure] for found in (plain, notebook)]
    rule = sure[0][0].rule if sure[0] else ""
    return Verdict(bool(sure[0]), bool(sure[1]), bool(plain), bool(notebook), rule)


def _overlapping(found: Iterable[Hit], text: str, secret: str | None, pointer: str) -> list[Hit]:
    """The hits in the text that touch the secret, or all of them where that is unknown."""
    inside = [hit for hit in found if hit.pointer.startswith(pointer)]
    places = occurrences(text, secret or "")
    if not places:
        return inside
    spans = [(hit, offset(text, hit.start), offset(text, hit.end)) for hit in inside]
    return [hit for hit, start, end in spans if any(start < b and a < end for a, b in places)]


def by_peer(peer: str, cases: Sequence[Case], path: str) -> list[Verdict]:
    """What a peer reports in the same files. Raises Unusable."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve()
        plain = [
            root / "plain" / f"{number:05}" / PurePosixPath(item.name).name
            for number, item in enumerate(cases)
        ]
        notebooks = [root / "notebook" / f"{number:05}.ipynb" for number in range(len(cases))]
        for item, file, notebook in zip(cases, plain, notebooks, strict=True):
            file.parent.mkdir(parents=True)
            notebook.parent.mkdir(exist_ok=True)
            file.write_bytes(item.plain)
            notebook.write_bytes(item.notebook)
        found = peers.run(peer, root / "plain", path).found
        found |= peers.run(peer, root / "notebook", path).found
        verdicts = []
        for item, file, notebook in zip(cases, plain, notebooks, strict=True):
            plainly = _told(item, found.get(file, []))
            inside = _told(item, found.get(notebook, []))
            verdicts.append(Verdict(plainly, inside, plainly, inside))
    return verdicts


def _told(item: Case, values: Sequence[str]) -> bool:
    secret = item.sample["secret"]
    if not item.sample["positive"] or secret is None:
        return bool(values)
    forms = (secret, json.dumps(secret, ensure_ascii=False)[1:-1])
    return any(peers.touches(value, forms) for value in values)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


def show(title: str, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> None:
    """Print the totals of each source, and of each place in a notebook."""
    titles = ("plain", "notebook", "differ", "plain+low", "nb+low", "alarms", "nb alarms")
    print(f"\n{title:20}{'samples':>14}" + "".join(f"{name:>11}" for name in titles))
    pairs = list(zip(cases, verdicts, strict=True))
    sources = sorted({item.sample["source"] for item in cases})
    for source in [*sources, "all"]:
        chosen = [pair for pair in pairs if source in {pair[0].sample["source"], "all"}]
        _row(source, chosen)
    for place in _PLACES:
        chosen = [pair for pair in pairs if pair[0].place == place and pair[0].sample["positive"]]
        found = sum(verdict.notebook for _, verdict in chosen)
        shown = _share(found, len(chosen))
        print(f"in notebooks, {place:10}{found:6} of {len(chosen):6}{shown:>11}")


def _row(title: str, pairs: Sequence[tuple[Case, Verdict]]) -> None:
    positives = [verdict for item, verdict in pairs if item.sample["positive"]]
    negatives = [verdict for item, verdict in pairs if not item.sample["positive"]]
    found = [sum(getattr(verdict, way) for verdict in positives) for way in Verdict._fields[:4]]
    plain, notebook, plain_low, notebook_low = found
    cells = [
        _share(count, len(positives))
        for count in (plain, notebook, notebook - plain, plain_low, notebook_low)
    ]
    cells.append(_share(sum(verdict.plain for verdict in negatives), len(negatives)))
    cells.append(_share(sum(verdict.notebook for verdict in negatives), len(negatives)))
    print(
        f"{title:20}{len(positives):7}+{len(negatives):5}-"
        + "".join(f"{cell:>11}" for cell in cells)
    )


def show_worst(cases: Sequence[Case], verdicts: Sequence[Verdict], listed: int) -> None:
    """Print the rules that lose most, those that lose in notebooks only, and false alarms."""
    rules: dict[str, Counter[str]] = {}
    alarms: Counter[str] = Counter()
    for item, verdict in zip(cases, verdicts, strict=True):
        name = f"{item.sample['source']} {item.sample['rule']}"
        if item.sample["positive"]:
            counts = rules.setdefault(name, Counter())
            counts["all"] += 1
            counts["plain"] += verdict.plain
            counts["notebook"] += verdict.notebook
            counts[item.place] += verdict.plain and not verdict.notebook
        elif verdict.plain:
            alarms[f"{name}: {verdict.rule}"] += 1
    lost = sorted((of["plain"] - of["all"], name) for name, of in rules.items())
    losing = [name for loss, name in lost if loss]
    print(f"\nrules that lose most: {len(losing)} of {len(rules)} (plain, in notebooks, of)")
    for name in losing[:listed]:
        of = rules[name]
        print(f"{of['plain']:5}{of['notebook']:5}{of['all']:5}  {name}")
    differ = [
        (sum(of[place] for place in _PLACES), name, {p: of[p] for p in _PLACES if of[p]})
        for name, of in rules.items()
    ]
    print("\nfound in files, lost in notebooks")
    for count, name, places in sorted(differ, key=lambda row: (-row[0], row[1]))[:listed]:
        if count:
            print(f"{count:5}  {name} {places}")
    print("\nnegatives hit in files: their rule, our rule")
    for name, count in alarms.most_common(listed):
        print(f"{count:5}  {name}")


def _list(
    title: str,
    wanted: Callable[[Case, Verdict], bool],
    found: Iterable[tuple[Case, Verdict]],
    to: int,
) -> None:
    for item, verdict in [pair for pair in found if wanted(*pair)][:to]:
        low = " (low only)" if verdict.plain_low and not verdict.plain else ""
        sample = item.sample
        print(f"\n{title}{low}: {sample['source']} {sample['rule']}\n{sample['text']}")


def _samples(options: argparse.Namespace) -> list[Sample]:
    with options.file.open(encoding="utf-8") as lines:
        rows: list[Sample] = [json.loads(line) for line in lines]
    chosen = [row for row in rows if row["text"].strip()][:: options.every]
    return [row for row in chosen if options.rule in f"{row['source']} {row['rule']}"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth sample")
    parser.add_argument("--rule", default="", help="only rules whose 'source rule' contains this")
    parser.add_argument("--worst", type=int, default=_LISTED, metavar="N", help="rules to list")
    parser.add_argument("--list-missed", type=int, default=0, metavar="N", help="show N of them")
    parser.add_argument("--list-differing", type=int, default=0, metavar="N")
    parser.add_argument("--list-alarms", type=int, default=0, metavar="N", help="show N of them")
    parser.add_argument("--peer", action="append", default=[], choices=sorted(peers.PEERS))
    parser.add_argument("--path", default=os.environ.get("PATH", ""), help="where peers are")
    options = parser.parse_args()
    looks = options.list_missed or options.list_alarms or options.list_differing or options.rule
    if "held" in options.file.name and looks:
        parser.error("a held-out file is measured, not looked at")
    return options


def main() -> None:
    """Measure and print."""
    options = _options()
    cases, verdicts, broken = [], [], 0
    start = time.process_time()
    for number, sample in enumerate(_samples(options)):
        item = case(sample, number)
        try:
            verdict = by_us(item)
        except RuntimeError:
            broken += 1
            wrong = not sample["positive"]
            verdict = Verdict(wrong, wrong, wrong, wrong)
        cases.append(item)
        verdicts.append(verdict)
    took = time.process_time() - start
    show("ours", cases, verdicts)
    print(f"{len(cases)} samples in {took:.1f} s; stopped with an error of ours: {broken}")
    for peer in options.peer:
        try:
            show(peer, cases, by_peer(peer, cases, options.path))
        except peers.Unusable as reason:
            print(reason)
    if "held" not in options.file.name:
        show_worst(cases, verdicts, options.worst)
    pairs = list(zip(cases, verdicts, strict=True))
    positive = [pair for pair in pairs if pair[0].sample["positive"]]
    negative = [pair for pair in pairs if not pair[0].sample["positive"]]
    _list("missed", lambda _, v: not v.plain, positive, options.list_missed)
    _list("lost", lambda _, v: v.plain and not v.notebook, positive, options.list_differing)
    _list("alarm", lambda _, v: v.plain, negative, options.list_alarms)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
