"""The result of a scan of training data, as people use it."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ..api import Outcome
from ..engine import assemble
from ..report.html import render_html
from ..report.text import render_text
from ..sources.dataset import Table, open_table
from .plot import Plot
from .present import Presented, counts, flagged

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from ..core.dataset import Alert
    from ..core.finding import Report
    from ..engine import Scanned


class UnknownAlert(KeyError):
    """An alert is named that is not in the report."""

    def __str__(self) -> str:
        """The message alone, without the quotes of a KeyError."""
        return str(self.args[0])


class DataScan:
    """What is wrong with a data set, and with which of its rows.

    `report` and `whole` hold nothing raw: `report` speaks of the samples, `whole` holds its
    findings and those of the columns: personal data, secrets. `source` is what was scanned,
    `states` are the packed states for later scans under the same `seed`; `total` counts all rows
    of what its row numbers are about.
    """

    def __init__(
        self,
        presented: Presented,
        parts: Sequence[Scanned],
        source: object,
        states: Mapping[str, bytes],
        seed: int,
    ) -> None:
        """`parts` are what the scan of the samples and that of the columns gave."""
        self.report = presented.report
        self.parts = tuple(parts)
        self.source = source
        self.states = dict(states)
        self.seed = seed
        self.total = presented.report.rows
        self._rows = presented.rows

    @cached_property
    def whole(self) -> Report:
        """All findings, failures and skips in the form that every scan gives."""
        report = assemble(self.parts)[0]
        return replace(report, summary=replace(report.summary, files=1))

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts, the strongest first."""
        return self.report.alerts

    @property
    def mask(self) -> Any:
        """True for each row of an alert that counts: a NumPy array of bool, one value a row.

        `df[~report.mask]` is the rest.
        """
        import numpy as np

        found = np.zeros(self.total, bool)
        found[flagged(self.report.alerts, self._rows)] = True
        return found

    def rows(self, alert: str) -> Any:
        """The numbers of the rows of an alert, from 0: a sorted NumPy array of int64."""
        if alert not in self._rows:
            known = ", ".join(self._rows) or "none"
            raise UnknownAlert(f'there is no alert "{alert}" in this report; there are: {known}')
        return self._rows[alert]

    def reasons(self) -> dict[int, list[str]]:
        """Ids of the alerts that count by the number of the row."""
        found: dict[int, list[str]] = {}
        for alert in self.report.alerts:
            if counts(alert):
                for row in self._rows[alert.id].tolist():
                    found.setdefault(row, []).append(alert.id)
        return found

    def quarantine(self, path: str | os.PathLike[str], *, force: bool = False) -> int:
        """Write the rows of the alerts that count to a file (csv, jsonl, Parquet), with reasons.

        Beside it lies what says where they come from. Gives the number of rows. Raises
        LineageError, in one line: a file that is there is written over only by `force`.
        """
        from .. import __version__
        from ..lineage import digest_table, quarantine
        from .keys import lineage_key

        key = lineage_key()
        written = quarantine(
            self._table(),
            self.reasons(),
            Path(path),
            data_root=digest_table(self._table(), key).root,
            version=__version__,
            alerts={alert.id: alert.fingerprint for alert in self.alerts},
            key=key,
            force=force,
        )
        return written.rows

    def clean(self, path: str | os.PathLike[str], *, force: bool = False) -> int:
        """Write all other rows to a file. Gives their number. Raises LineageError, in one line."""
        from ..lineage import clean

        return clean(self._table(), self.mask, Path(path), force=force)

    def accept(
        self,
        alert: str,
        reason: str,
        manifest: str | os.PathLike[str],
        *,
        data: str = "",
        by: str = "",
    ) -> None:
        """Record in a manifest that an alert is meant to be there; later scans with it are silent.

        `data` names the data set if the manifest holds several. Signed with the user's key
        (LLMSEC_KEY) if there is one. Raises UnknownAlert, LineageError.
        """
        from .. import __version__
        from ..lineage import accept
        from .keys import lineage_key

        rows = len(self.rows(alert))
        chosen = next(one for one in self.alerts if one.id == alert)
        accept(
            Path(manifest),
            data,
            chosen.fingerprint,
            reason,
            rows=rows,
            key=lineage_key(),
            by=by,
            version=__version__,
        )

    def renumbered(self, numbers: Any, rows: int, source: object) -> DataScan:
        """The same as rows of `source`, which has `rows` rows: row i is its row `numbers[i]`."""
        moved = {name: numbers[own] for name, own in self._rows.items()}
        alerts = tuple(
            replace(
                alert,
                samples=tuple(replace(one, row=int(numbers[one.row])) for one in alert.samples),
            )
            for alert in self.alerts
        )
        report = replace(self.report, alerts=alerts)
        parts = [
            dataclasses.replace(part, data=[report] if part.data else []) for part in self.parts
        ]
        made = DataScan(Presented(report, moved), parts, source, self.states, self.seed)
        made.total = rows
        return made

    def _table(self) -> Table:
        return self.source if isinstance(self.source, Table) else open_table(self.source)

    def plot(self) -> Plot:
        """Purity against count with the triggers in red, and the power of the scan."""
        return Plot(self.report)

    def __repr__(self) -> str:
        """The report as text."""
        return render_text(Outcome(self.whole, {})).rstrip()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        return render_html(Outcome(self.whole, {}))
