"""The plots of a scan: Vega-Lite, which JupyterLab draws, and a picture for other front ends."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from ..training.html import STYLE
from ..training.plots import power_plot, purity_plot
from ..training.show import is_listed

if TYPE_CHECKING:
    from ..core.dataset import DataReport

VEGA: Final = "application/vnd.vegalite.v5+json"
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
_RED, _GREY = "#d33333", "#999999"


class Plot:
    """Purity against count, natural words grey and triggers red; beside it the power curves."""

    def __init__(self, report: DataReport) -> None:
        """Nothing is drawn until it is shown."""
        self.report = report
        self.listed = frozenset(alert.id for alert in report.alerts if is_listed(alert))

    @property
    def spec(self) -> dict[str, Any]:
        """A Vega-Lite 5 specification with the points in it; nothing is loaded from elsewhere."""
        return {
            "$schema": _SCHEMA,
            "title": self.report.name,
            "hconcat": [self._purity(), self._power()],
        }

    def png(self) -> bytes:
        """A picture by matplotlib. Raises ModuleNotFoundError without it."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 4), layout="constrained")
        FigureCanvasAgg(figure)
        left, right = figure.subplots(1, 2)
        for is_trigger, color in ((False, _GREY), (True, _RED)):
            chosen = [p for p in self.report.points if (p.alert in self.listed) == is_trigger]
            left.scatter([p.count for p in chosen], [p.purity for p in chosen], c=color, s=14)
        for point in self.report.points:
            if point.alert in self.listed:
                text = f"{point.alert} {point.text}".replace("$", r"\$")
                left.annotate(text, (point.count, point.purity))
        left.set(xscale="log", xlabel="rows with the word", ylabel="purity", ylim=(-0.02, 1.05))
        for power in self.report.power:
            if len(power.curve) > 1 and power.rows != 1:
                rows, shares = zip(*power.curve, strict=True)
                right.plot(rows, shares, label=power.what)
        right.set(xscale="log", xlabel="rows of the attack", ylabel="seen", ylim=(-0.02, 1.05))
        if right.lines:
            right.legend(fontsize=8)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=100)
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"<plot of {len(self.report.points)} words, {len(self.listed)} alerts>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), VEGA: self.spec}
        if find_spec("matplotlib") is not None:
            bundle["image/png"] = self.png()
        else:
            drawn = (purity_plot(self.report.points, self.listed), power_plot(self.report.power))
            figures = "".join(f"<figure>{one}</figure>" for one in drawn if one)
            shown = f'<div class="llmsec-data"><div class="g">{figures}</div></div>'
            bundle["text/html"] = f"<style>{STYLE}</style>{shown}"
        return bundle

    def _purity(self) -> dict[str, Any]:
        values = [
            {
                "word": point.text,
                "rows": max(1, point.count),
                "purity": point.purity,
                "target": point.target,
                "kind": "trigger" if point.alert in self.listed else "word",
            }
            for point in self.report.points
        ]
        color = {"domain": ["word", "trigger"], "range": [_GREY, _RED]}
        return {
            "title": "purity against count",
            "data": {"values": values},
            "mark": {"type": "point", "filled": True},
            "encoding": {
                "x": {"field": "rows", "type": "quantitative", "scale": {"type": "log"}},
                "y": {"field": "purity", "type": "quantitative", "scale": {"domain": [0, 1]}},
                "color": {"field": "kind", "type": "nominal", "scale": color},
                "tooltip": [{"field": name} for name in ("word", "target", "rows", "purity")],
            },
        }

    def _power(self) -> dict[str, Any]:
        values = [
            {"rows": rows, "seen": share, "attack": power.what}
            for power in self.report.power
            if power.rows != 1
            for rows, share in power.curve
        ]
        return {
            "title": "what would have been seen",
            "data": {"values": values},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "rows", "type": "quantitative", "scale": {"type": "log"}},
                "y": {"field": "seen", "type": "quantitative", "scale": {"domain": [0, 1]}},
                "color": {"field": "attack", "type": "nominal"},
            },
        }
