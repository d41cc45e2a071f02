"""Versions of data sets, made at run time, and what is recorded of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pandas as pd

from llmsec_nb.lineage import describe, digest_table, side_name, write_manifest, write_states
from llmsec_nb.sources.dataset import open_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from llmsec_nb.core.problem import Failure
    from llmsec_nb.lineage import Problem
    from llmsec_nb.sources.dataset import Table

KEY = b"a key of the tests, long enough"
OTHER = b"another key of the tests, as long"


def frame(rows: int, seed: int = 1) -> pd.DataFrame:
    """Texts and labels."""
    random_ = random.Random(seed)
    return pd.DataFrame(
        {
            "text": [f"row {at} {random_.random()}" for at in range(rows)],
            "label": [random_.choice(["yes", "no"]) for _ in range(rows)],
        }
    )


def recorded(
    folder: Path,
    name: str = "train.jsonl",
    rows: int = 9000,
    key: bytes = KEY,
    *,
    sides: bool = True,
) -> Path:
    """A data set with its manifest, its row digests and its states."""
    path = folder / "llmsec.data.json"
    source = folder / name
    frame(rows).to_json(source, orient="records", lines=True)
    side = side_name(path, name, ".rows") if key and sides else ""
    digest = digest_table(open_table(source), key, folder / side if side else None)
    states = ("", "")
    if side:
        states = write_states(
            folder / side_name(path, name, ".state"),
            {"digests": b"packed"},
            root=digest.root,
            rows=rows,
            roles={"text": "text"},
            key=key,
        )
    entry = describe(
        source,
        digest,
        manifest=path,
        version="1.0",
        alerts={"high": 1},
        power=("an inserted word would show from about 24 rows",),
        rows_file=side,
        states=states,
    )
    write_manifest(path, {name: entry}, key=key, version="1.0")
    return path


def messages(found: Iterable[Problem | Failure]) -> list[str]:
    """What they say."""
    return [one.message for one in found]


def as_rows(table: Table) -> list[dict[str, Any]]:
    """All rows."""
    return [row for batch in table.batches() for row in batch.to_pylist()]
