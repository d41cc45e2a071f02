"""The result of a scan of training data, as people use it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ..api import Outcome
from ..engine import assemble
from ..report.html import render_html
from ..report.text import render_text
from .plot import Plot
from .present import counts, flagged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.dataset import Alert
    from ..core.finding import Report
    from ..engine import Scanned
    from .present import Presented


class UnknownAlert(KeyError):
    """An alert is named that is not in the report."""

    def __str__(self) -> str:
        """The message alone, without the quotes of a KeyError."""
        return str(self.args[0])


class DataScan:
    """What is wrong with a data set, and with which of its rows.

    `report` and `whole` hold nothing raw: `report` speaks of the samples, `whole` holds its
    findings and those of the columns: personal data, secrets. `source` is what was scanned,
    `states` are the packed states for later scans under the same `seed`.
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

        found = np.zeros(self.report.rows, bool)
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
