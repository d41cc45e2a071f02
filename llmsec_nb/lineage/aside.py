"""Rows set aside: written to a file of their own, with the reasons, and the rest to another.

Nothing is deleted: the numbers of the rows and the digests say where they came from. The files are
for their owner only (0600), and hold what is dangerous as it is: a spreadsheet program runs cells
that begin with `=`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct, field

from .digests import digest_of, row_digests, row_secret
from .keys import key_id, sign
from .manifest import now
from .picking import picked
from .problems import LineageError
from .state import Digests, taken
from .storage import demand_free, sha256_of, write_whole
from .writers import opened_writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..sources.dataset import Table

ROW: Final = "llmsec_row"
REASONS: Final = "llmsec_reasons"
SIDECAR: Final = ".llmsec.json"


class Quarantined(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the sidecar, the JSON file beside the rows.

    `rows` were set aside of `of_rows`; `reasons` counts them by reason, `alerts` are fingerprints
    by the id of their alert. `data_root` is the digest of the whole data set, `parent` that of the
    version before it, `root` and `sha256` are those of the rows here (keyed) and of their file.
    """

    rows: int
    of_rows: int
    file: str
    sha256: str
    data: str
    data_root: str
    parent: str
    version: str
    date: str
    root: str = ""
    reasons: dict[str, int] = field(default_factory=dict)
    alerts: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    key_id: str = ""
    signature: str = ""
    schema: int = 1


def quarantine(
    table: Table,
    rows: Mapping[int, Sequence[str]] | NDArray[np.bool_],
    path: Path,
    *,
    data_root: str,
    version: str,
    parent: str = "",
    alerts: Mapping[str, str] | None = None,
    key: bytes = b"",
    date: str = "",
    force: bool = False,
) -> Quarantined:
    """Write the chosen rows of a table to `path` (.parquet, .jsonl or .csv), and the sidecar.

    `rows` are reasons (ids of alerts) by row number, or a mask. The rows keep their columns; two
    are added, their number and their reasons. `alerts` are fingerprints by id.

    Raises LineageError (also when a file is there already, unless `force`), DatasetError.
    """
    import pyarrow as pa

    beside = path.with_name(path.name + SIDECAR)
    demand_free(beside, force=force)
    chosen = _Chosen(rows)
    state = Digests()
    secret = row_secret(key)
    columns = ((ROW, pa.int64()), (REASONS, pa.string()))
    with opened_writer(path, table, force=force, extra=columns) as output:
        for batch, numbers in chosen.of(table):
            taken(state, state.rows, row_digests(batch, secret), {})
            output.write(batch, _added(numbers, chosen))
        chosen.demand_all()
    unsigned = Quarantined(
        rows=state.rows,
        of_rows=chosen.seen,
        file=path.name,
        sha256=sha256_of(path)[1],
        data=table.name,
        data_root=data_root,
        parent=parent,
        version=version,
        date=date or now(),
        root=digest_of(state, key).root if key else "",
        reasons=dict(sorted(chosen.counts.items())),
        alerts=dict(alerts or {}),
        problems=tuple(problem.message for problem in table.problems),
        key_id=key_id(key),
    )
    made = msgspec.structs.replace(unsigned, signature=sign(key, "quarantine", unsigned))
    text = msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=1)
    write_whole(beside, text + b"\n")
    return made


def clean(table: Table, mask: NDArray[np.bool_], path: Path, *, force: bool = False) -> int:
    """Write the rows that are not in `mask` to `path`; gives their number.

    Raises LineageError (also when the file is there already, unless `force`, or the table has
    another number of rows than the mask), DatasetError.
    """
    chosen = _Chosen(~mask)
    written = 0
    with opened_writer(path, table, force=force) as output:
        for batch, _ in chosen.of(table):
            output.write(batch)
            written += batch.num_rows
        if chosen.seen != len(mask):
            raise LineageError(
                f"{table.name}: has {chosen.seen:,} rows now and had {len(mask):,} when it was "
                "scanned: nothing was written"
            )
    return written


class _Chosen:
    """The rows to write, by number."""

    def __init__(self, rows: Mapping[int, Sequence[str]] | NDArray[np.bool_]) -> None:
        import numpy as np

        self.reasons: Mapping[int, Sequence[str]] = {}
        if isinstance(rows, np.ndarray):
            self._numbers = np.flatnonzero(rows)
        else:
            self.reasons = rows
            self._numbers = np.array(sorted(rows), np.int64)
        self.counts: Counter[str] = Counter()
        self.seen = 0

    def of(self, table: Table) -> Iterator[tuple[pa.RecordBatch, NDArray[np.int64]]]:
        """The chosen rows batch by batch, and their numbers."""
        import numpy as np

        for batch in table.batches():
            end = self.seen + batch.num_rows
            first, last = np.searchsorted(self._numbers, (self.seen, end))
            numbers = self._numbers[first:last]
            if len(numbers):
                yield picked(batch, numbers - self.seen), numbers
            self.seen = end

    def demand_all(self) -> None:
        """Raises LineageError when rows were chosen that the table does not have (any more)."""
        if len(self._numbers) and int(self._numbers[-1]) >= self.seen:
            raise LineageError(
                f"row {int(self._numbers[-1]):,} was chosen, but there are only {self.seen:,}: "
                "the data have changed since the scan"
            )


def _added(numbers: NDArray[np.int64], chosen: _Chosen) -> list[pa.Array]:
    """The values of the columns that are added."""
    import pyarrow as pa

    texts = []
    for number in numbers.tolist():
        reasons = list(chosen.reasons.get(number, ()))
        chosen.counts.update(reasons)
        texts.append("; ".join(reasons))
    return [pa.array(numbers), pa.array(texts, pa.string())]
