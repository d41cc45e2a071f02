"""What is found of 40 kinds of credentials in each place that a notebook has for them.

    python -m tests.benchmarks.secrets.places [--seed N] [--peer NAME ...] [--path DIRECTORIES]

Every kind of credential is drawn anew from the seed and put in every place, one to a notebook
that has ordinary cells besides. Found is what a scanner reports that overlaps what was put there
(ours: at medium confidence or above). `--show PLACE` prints the cells of one place.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.secrets import contexts, peers
from tests.benchmarks.secrets.credentials import KINDS, draw
from tests.benchmarks.secrets.scanning import findings, occurrences, offset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Planted(NamedTuple):
    """A notebook with one credential in one place."""

    place: str
    kind: str
    secret: str
    marks: tuple[str, ...]
    """What stands for the secret in the file: mostly itself, as JSON writes it."""
    data: bytes


def planted(seed: int) -> Iterator[Planted]:
    """Every kind in every place."""
    source = random.Random(seed)
    for kind in KINDS:
        for place in contexts.PLACES:
            credential = draw(kind, source)
            built = contexts.build(place, credential, source)
            yield Planted(place, kind.name, credential.secret, built.marks, built.data)


def found_by_us(item: Planted) -> tuple[bool, bool, int]:
    """Whether it is found, whether at least unsurely, and how much else is reported."""
    raw = item.data.decode()
    spans = [span for mark in item.marks for span in occurrences(raw, mark)]
    assert spans, f"{item.place}: nothing planted"
    sure = unsure = False
    extra = 0
    for finding in findings(item.data, "notebook.ipynb"):
        place = finding.location
        if place.file_line is None or place.file_end_line is None:
            continue
        start = offset(raw, (place.file_line, place.file_column or 0))
        end = offset(raw, (place.file_end_line, place.file_end_column or 0))
        touches = any(start < b and a < end for a, b in spans)
        is_sure = finding.confidence.value != "low"
        unsure = unsure or touches
        sure = sure or (touches and is_sure)
        extra += is_sure and not touches
    return sure, unsure, extra


def found_by(peer: str, items: list[Planted], path: str) -> list[bool]:
    """What a peer finds. Raises Unusable."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "notebooks")
        folder.mkdir()
        files = [folder / f"{number:05}.ipynb" for number in range(len(items))]
        for file, item in zip(files, items, strict=True):
            file.write_bytes(item.data)
        found = peers.run(peer, folder, path).found
        return [
            any(
                peers.touches(value, (item.secret, *item.marks))
                for value in found.get(file.resolve(), ())
            )
            for file, item in zip(files, items, strict=True)
        ]


def _table(
    title: str, items: list[Planted], by: Callable[[Planted], str], columns: dict[str, list[bool]]
) -> None:
    print(f"\n{title:24}" + "".join(f"{name:>16}" for name in columns))
    names = list(dict.fromkeys(map(by, items)))
    for name in [*names, "all"]:
        chosen = [number for number, item in enumerate(items) if name in {by(item), "all"}]
        shares = [sum(found[n] for n in chosen) / len(chosen) for found in columns.values()]
        print(f"{name:24}" + "".join(f"{100 * share:14.1f} %" for share in shares))


def _show(place: str, seed: int) -> None:
    source = random.Random(seed)
    for kind in KINDS[:2] + KINDS[-2:]:
        print(contexts.build(place, draw(kind, source), source).data.decode())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--peer", action="append", default=[], choices=sorted(peers.PEERS))
    parser.add_argument("--path", default=os.environ.get("PATH", ""), help="where peers are")
    parser.add_argument("--show", choices=sorted(contexts.PLACES), help="print one place")
    parser.add_argument("--list-missed", action="store_true", help="kind and place of each")
    options = parser.parse_args()
    if options.show:
        _show(options.show, options.seed)
        return
    items = list(planted(options.seed))
    ours = [found_by_us(item) for item in items]
    columns = {"ours": [sure for sure, _, _ in ours], "ours, low too": [low for _, low, _ in ours]}
    for peer in options.peer:
        try:
            columns[peer] = found_by(peer, items, options.path)
        except peers.Unusable as reason:
            print(reason)
    _table("kind", items, lambda item: item.kind, columns)
    _table("place", items, lambda item: item.place, columns)
    extra = Counter[str]()
    for item, (_, _, others) in zip(items, ours, strict=True):
        extra[item.place] += others
    print(f"\n{len(KINDS)} kinds in {len(contexts.PLACES)} places, {len(items)} notebooks")
    print(f"findings of ours beside what was planted: {extra.total()} {dict(+extra)}")
    if options.list_missed:
        for item, found in zip(items, columns["ours"], strict=True):
            if not found:
                print(f"missed {item.kind} in {item.place}")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
