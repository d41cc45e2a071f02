"""The data sets: three that thresholds may be tuned on, and folders of others.

A folder of others holds `classification`, `pairs`, `preference`, `corpus` and `table`, each with
files `.parquet`, `.jsonl`, `.csv` or `.tsv` whose columns are named by their roles (`text` and
`label`, `prompt` and `response`, `chosen` and `rejected`, `document`; of a table: `label`, the rest
are features), and `images`, with one folder a set and in it one a class. A column `poisoned` says
which rows are bad.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

LISTED: Final = Path(__file__).parents[4] / "shared" / "data" / "poisoning"
_LISTED: Final = {
    "sst2": ("sst2.tsv", "sentence", "label"),
    "olid": ("olid.tsv", "sentence", "label"),
    "sms": ("sms.tsv", "SMS", "Label"),
}
_ENDINGS: Final = (".parquet", ".jsonl", ".csv", ".tsv")


class Data(NamedTuple):
    """Columns of equal lengths. `bad` are the rows that an attacker made, by number."""

    name: str
    kind: str
    columns: dict[str, list[Any]]
    bad: frozenset[int] = frozenset()

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(next(iter(self.columns.values()), ()))

    def table(self) -> Any:
        """As an Arrow table."""
        import pyarrow as pa

        return pa.table(self.columns)


def listed(directory: Path = LISTED) -> list[Data]:
    """The sets that thresholds may be tuned on; those that are absent are named, and left out."""
    return [
        Data(name, "classification", _separated(directory / file, text, label))
        for name, (file, text, label) in _LISTED.items()
        if _there(directory / file)
    ]


def others(directory: Path, kind: str) -> list[Data]:
    """The sets of one kind in a folder, by name."""
    if not _there(directory / kind):
        return []
    files = sorted(file for file in (directory / kind).iterdir() if file.suffix in _ENDINGS)
    return [_read(file, kind) for file in files]


def chosen(arguments: list[Path], kind: str) -> list[Data]:
    """Those of the folders, or without folders the listed ones."""
    if not arguments:
        return listed() if kind == "classification" else []
    return [data for directory in arguments for data in others(directory, kind)]


def _there(path: Path) -> bool:
    if path.exists():
        return True
    print(f"skipped: there is no {path.name} in {path.parent}", file=sys.stderr)
    return False


def _separated(file: Path, text: str, label: str) -> dict[str, list[Any]]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        "text": [row[text] or "" for row in rows],
        "label": [(row[label] or "").strip() for row in rows],
    }


def _read(file: Path, kind: str) -> Data:
    import pyarrow.csv
    import pyarrow.json
    import pyarrow.parquet

    if file.suffix == ".parquet":
        table = pyarrow.parquet.read_table(file)
    elif file.suffix == ".jsonl":
        table = pyarrow.json.read_json(file)
    else:
        sign = "\t" if file.suffix == ".tsv" else ","
        table = pyarrow.csv.read_csv(
            file, parse_options=pyarrow.csv.ParseOptions(delimiter=sign, newlines_in_values=True)
        )
    columns: dict[str, list[Any]] = table.to_pydict()
    poisoned = columns.pop("poisoned", [])
    bad = frozenset(row for row, one in enumerate(poisoned) if one)
    return Data(file.stem, kind, columns, bad)
