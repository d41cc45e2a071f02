"""The report of a table for people: as text, and as HTML with bars; no script, all escaped."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.table import ColumnReport, Risk, TableReport

_HEADS: Final = ("column", "kind", "rows", "share", "distinct", "sample", "note")
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_BAR: Final = 8
_WIDEST: Final = 40
_MOST: Final = 500
_NUMBERS: Final = frozenset({2, 4})
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_STYLE: Final = """
.llmsec-table{font-family:var(--jp-ui-font-family,system-ui,sans-serif);font-size:13px;
color:var(--jp-ui-font-color1,var(--vscode-editor-foreground,inherit));overflow-x:auto}
.llmsec-table table{border-collapse:collapse;background:none;color:inherit;margin:.3em 0}
.llmsec-table caption{caption-side:top;text-align:left;font-weight:600;color:inherit;padding:.2em 0}
.llmsec-table.llmsec-table table th,.llmsec-table.llmsec-table table td{
text-align:left;vertical-align:top;padding:.15em .6em;
border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.4));color:inherit}
.llmsec-table.llmsec-table table td.n{text-align:right;font-variant-numeric:tabular-nums}
.llmsec-table code{font-family:var(--jp-code-font-family,monospace);background:none;color:inherit}
.llmsec-table .b{display:inline-block;width:6em;height:.7em;border-radius:2px;overflow:hidden;
background:var(--jp-layout-color2,rgba(128,128,128,.2))}
.llmsec-table .b i{display:block;height:100%}
.llmsec-table .critical i,.llmsec-table .high i{background:var(--jp-error-color1,#d33)}
.llmsec-table .medium i{background:var(--jp-warn-color1,#e80)}
.llmsec-table .low i,.llmsec-table .info i{background:var(--jp-info-color1,#08a)}
.llmsec-table .p{opacity:.75}
.llmsec-table .f{border-left:4px solid var(--jp-warn-color1,#e80);padding-left:.6em;margin:.3em 0}
"""


def as_text(report: TableReport) -> str:
    """An aligned table, one line a column, further kinds below it; then risk and problems."""
    rows = [cells for column in report.columns[:_MOST] for cells in _lines(column)]
    widths = [min(_WIDEST, max(map(_width, cells))) for cells in zip(_HEADS, *rows, strict=True)]
    lines = [_caption(report), *(_aligned(row, widths) for row in (_HEADS, *rows))]
    lines += [f"… and {len(report.columns) - _MOST} more columns"] * (len(report.columns) > _MOST)
    lines += [told for told in (risk_line(report.risk),) if told]
    lines += [f"failed: {_problem(report, at)}" for at in range(len(report.problems))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_html(report: TableReport) -> str:
    """A block that can stand in any notebook output."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADS)
    body = "".join(row for column in report.columns[:_MOST] for row in _rows(column))
    notes = []
    if len(report.columns) > _MOST:
        notes.append(f'<div class="p">… and {len(report.columns) - _MOST} more columns</div>')
    if told := risk_line(report.risk):
        notes.append(f"<div>{escape(told)}</div>")
    notes += [
        f'<div class="f">Failed: {escape(_problem(report, at))}</div>'
        for at in range(len(report.problems))
    ]
    return (
        f'<style>{_STYLE}</style><div class="llmsec-table" role="region" aria-label="columns">'
        f"<table><caption>{escape(_caption(report))}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{''.join(notes)}</div>"
    )


def risk_line(risk: Risk | None) -> str:
    """Who can be told apart, in one sentence; empty if nothing speaks for it."""
    if risk is None:
        return ""
    names = ", ".join(clean(trait.path) for trait in risk.traits)
    about = "about " if risk.estimated else ""
    most = "at most " if risk.estimated else ""
    return (
        f"Re-identification by {names}: {about}{_percent(risk.unique)} of the rows are unique, "
        f"{about}{_percent(risk.below_five)} share their values with fewer than 4 others "
        f"(smallest class: {most}{risk.smallest:,}, {about}{risk.classes:,} classes)"
    )


def clean(text: str) -> str:
    """Control and invisible characters as code points, so that a name cannot deceive."""
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) in _UNSEEN else char for char in text
    )


def bar(share: float) -> str:
    """A share as eight characters; what is there at all is seen."""
    eighths = max(1, round(share * _BAR * 8)) if share > 0 else 0
    full, part = divmod(min(eighths, _BAR * 8), 8)
    return ("█" * full + (_EIGHTHS[part] if part else "")).ljust(_BAR)


def _caption(report: TableReport) -> str:
    personal = sum(map(_is_sure, report.columns))
    seen = f"{report.rows_seen:,} rows"
    if not report.complete:
        of = "" if report.rows is None else f" of {report.rows:,}"
        seen = f"INCOMPLETE: {report.rows_seen:,}{of} rows"
    number = f"{personal} of {len(report.columns)} columns hold personal data"
    return f"{clean(report.name) or 'table'}: {number}, {seen}"


def _is_sure(column: ColumnReport) -> bool:
    kinds = [column.confidence, *(kind.confidence for kind in column.also)]
    return any(sure is not None and sure is not Confidence.LOW for sure in kinds)


def _lines(column: ColumnReport) -> Iterator[tuple[str, ...]]:
    if not column.kind:
        yield (
            clean(column.path),
            f"({column.form})",
            "",
            "",
            f"{column.distinct:,}",
            "",
            column.note,
        )
        return
    yield (
        clean(column.path),
        _kind(column.kind, column.country, column.confidence),
        _hits(column.hits, exact=column.exact),
        f"{bar(column.share)} {_percent(column.share)}",
        f"{column.distinct:,}",
        _sample(column.masked),
        column.note,
    )
    for kind in column.also:
        share = _share(kind.hits, column)
        yield (
            "",
            f"+ {_kind(kind.kind, kind.country, kind.confidence)}",
            _hits(kind.hits, exact=kind.exact),
            f"{bar(share)} {_percent(share)}",
            "",
            _sample(kind.masked),
            "",
        )


def _rows(column: ColumnReport) -> Iterator[str]:
    levels = [column.severity, *(kind.severity for kind in column.also)]
    shares = [column.share, *(_share(kind.hits, column) for kind in column.also)]
    for cells, level, share in zip(_lines(column), levels, shares, strict=False):
        made = []
        for at, cell in enumerate(cells):
            shown = escape(cell)
            if at == 3 and cell:
                width = max(2, round(share * 100))
                percent = _percent(share).replace(" ", "&nbsp;")
                shown = (
                    f'<span class="b {level}" role="img" aria-label="{_percent(share)} of rows">'
                    f'<i style="width:{width}%"></i></span>&nbsp;{percent}'
                )
            elif at in {0, 5} and cell:
                shown = f"<code>{shown}</code>"
            made.append(f'<td class="n">{shown}</td>' if at in _NUMBERS else f"<td>{shown}</td>")
        yield f"<tr>{''.join(made)}</tr>"


def _kind(kind: str, country: str, confidence: Confidence | None) -> str:
    sure = "" if confidence is Confidence.HIGH or confidence is None else f", {confidence.value}"
    return f"{kind}{f' {country}' if country else ''}{sure}"


def _hits(hits: int, *, exact: bool) -> str:
    return f"{hits:,}" if exact else f"~{hits:,}"


def _share(hits: int, column: ColumnReport) -> float:
    return min(1.0, hits / max(1, column.rows - column.nulls))


def _percent(share: float) -> str:
    if 0 < share < 0.001:
        return "<0.1 %"
    return f"{100 * share:.1f} %" if share < 0.1 else f"{100 * share:.0f} %"


def _sample(masked: Sequence[str]) -> str:
    return clean(", ".join(masked[:2]))


def _problem(report: TableReport, at: int) -> str:
    failure = report.problems[at]
    remedy = f" ({failure.remedy})" if failure.remedy else ""
    return clean(f"{failure.path}: {failure.message}{remedy}")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    return "  ".join(
        cell if at == last else _padded(cell, widths[at], right=at in _NUMBERS)
        for at, cell in enumerate(cells)
    )


def _padded(cell: str, width: int, *, right: bool) -> str:
    while _width(cell) > width:
        cell = f"{cell[:-2]}…"
    gap = " " * (width - _width(cell))
    return gap + cell if right else cell + gap


def _width(text: str) -> int:
    """Cells of a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
