"""How many times faster than detect-secrets, with its own findings: none missing, none added.

    python tests/benchmarks/secrets/parity.py DIRECTORY... [--megabytes N]

Both see the same decoded lines: sources and text outputs of notebooks, other files as they are,
and, so that there is something to find, samples of what the plugins look for, sown among them.
CPU seconds of this process, text by text in turn. Fails if the findings differ.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detect_secrets.core import scan
from detect_secrets.settings import default_settings

from llmsec_nb.rules.secrets.detect_secrets.parity import scan_text
from llmsec_nb.rules.secrets.detect_secrets.stock import classes

sys.path.insert(0, str(Path(__file__).parents[3]))  # the samples of the tests

from tests.samples import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIXES = (".ipynb", ".py", ".md", ".rst", ".txt", ".js", ".yaml", ".toml", ".cfg", ".json")
_LARGEST = 400_000


def texts(folders: list[Path], size: int) -> Iterator[tuple[str, str]]:
    """Names and decoded texts, in a random order that is the same each time, up to `size`."""
    files = sorted(
        file for folder in folders for file in folder.rglob("*") if file.suffix in _SUFFIXES
    )
    random.Random(4).shuffle(files)
    files.sort(key=lambda file: file.suffix != ".ipynb")
    total = 0
    for file in files:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for part in decoded(text) if file.suffix == ".ipynb" else [text]:
            if 0 < len(part) <= _LARGEST:
                total += len(part)
                yield file.name, part
        if total >= size:
            return


def decoded(text: str) -> Iterator[str]:
    """Sources and text outputs of a notebook, cell by cell."""
    try:
        cells = json.loads(text).get("cells", [])
    except ValueError:
        return
    for cell in cells:
        yield "".join(cell.get("source", ""))
        for output in cell.get("outputs", []):
            data: dict[str, Any] = output.get("data", {})
            for value in (
                output.get("text", ""),
                data.get("text/plain", ""),
                data.get("text/html", ""),
            ):
                yield "".join(value)


def sown(parts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each twentieth text gets a line that a plugin may match."""
    maker = Maker(9)
    patterns = [
        pattern.pattern
        for plugin in classes().values()
        for pattern in getattr(plugin(), "denylist", ())
    ]
    for number, (name, part) in enumerate(parts):
        if number % 20:
            yield name, part
            continue
        try:
            sample = maker.matching(maker.random.choice(patterns))
        except AssertionError:
            sample = f"password = '{maker.password()}'"
        yield name, f"{part}\n{sample}\nk = '{maker.of(40)}'\n"


def upstream(text: str, name: str) -> set[tuple[str, int, str]]:
    """What detect-secrets finds in the lines."""
    lines = [f"{line}\n" for line in text.split("\n")]
    found = scan._process_line_based_plugins(list(enumerate(lines, 1)), name)
    return {(hit.type, hit.line_number, str(hit.secret_value)) for hit in found}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--megabytes", type=float, default=20)
    options = parser.parse_args()
    scan_text("warm = 1\n", "a.py")
    theirs = ours = 0.0
    size = missing = added = 0
    types: Counter[str] = Counter()
    with default_settings():
        for name, text in sown(texts(options.directories, int(options.megabytes * 1e6))):
            start = time.process_time()
            expected = upstream(text, name)
            middle = time.process_time()
            found = {(hit.type, hit.line, hit.value) for hit in scan_text(text, name)}
            ours += time.process_time() - middle
            theirs += middle - start
            size += len(text)
            missing += len(expected - found)
            added += len(found - expected)
            types.update(kind for kind, _, _ in expected)
    megabytes = size / 1e6
    print(f"{megabytes:.1f} MB of decoded text, {types.total()} findings of {len(types)} types")
    print(f"detect-secrets  {theirs:8.2f} s  {megabytes / theirs:8.3f} MB/s")
    print(f"llmsec-nb       {ours:8.2f} s  {megabytes / ours:8.3f} MB/s")
    print(f"ratio           {theirs / ours:8.1f}   missing {missing}, added {added}")
    sys.exit(int(bool(missing or added)))


if __name__ == "__main__":
    main()
