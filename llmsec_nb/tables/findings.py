"""Findings of a table: one for each kind in each column."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..core.evidence import STARS, Concealer, Evidence
from ..core.finding import Finding
from ..core.location import InColumn
from ..rules.pii.catalogue import recognizers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ..core.rule import Rule
    from ..core.table import Also, ColumnReport, TableReport
    from .names import Told


def findings(
    report: TableReport,
    concealer: Concealer | None = None,
    enabled: Collection[str] | None = None,
) -> list[Finding]:
    """In the order of the columns, the kind that leads first; `enabled` are ids of rules, or all.

    The digest stands for the column, not for a value: none of them is known any more.
    """
    concealer = concealer or Concealer()
    rules = {one.rule.id: one.rule for one in recognizers()}
    return [
        _finding(report.name, column, kind, rules[kind.rule], concealer)
        for column in report.columns
        for kind in _kinds(column)
        if kind.rule in rules and (enabled is None or kind.rule in enabled)
    ]


def told_findings(
    name: str, told: Iterable[Told], where: str, concealer: Concealer
) -> list[Finding]:
    """One for each rule in the names of columns or in the metadata; `where` says which."""
    made = []
    for one in told:
        key = f"{one.rule.id}|{where}|{name}"
        more = f": {one.number:,}" if one.number > 1 else ""
        made.append(
            Finding(
                rule=one.rule.id,
                name=one.rule.name,
                family=one.rule.family,
                severity=one.rule.severity,
                confidence=one.confidence,
                message=f"{_what(one.rule)} in {where}{more}",
                location=_place(name, one.column),
                evidence=Evidence(masked=one.masked, digest=concealer.digest(key)),
                fingerprint=_fingerprint(key),
            )
        )
    return made


def _kinds(column: ColumnReport) -> Iterator[Also]:
    from ..core.table import Also

    if column.confidence is not None and column.severity is not None:
        yield Also(
            kind=column.kind,
            rule=column.rule,
            hits=column.hits,
            confidence=column.confidence,
            severity=column.severity,
            country=column.country,
            masked=column.masked,
            exact=column.exact,
        )
    yield from column.also


def _finding(
    name: str, column: ColumnReport, kind: Also, rule: Rule, concealer: Concealer
) -> Finding:
    key = f"{kind.rule}|InColumn|{name}|{column.path}"
    return Finding(
        rule=kind.rule,
        name=rule.name,
        family=rule.family,
        severity=kind.severity,
        confidence=kind.confidence,
        message=message(column, kind, rule),
        location=_place(name, column.path),
        evidence=Evidence(
            masked=kind.masked[0] if kind.masked else STARS, digest=concealer.digest(key)
        ),
        fingerprint=_fingerprint(key),
    )


def _place(name: str, column: str) -> InColumn:
    return InColumn(
        line=0, column=0, end_line=0, end_column=0, path=name or None, column_name=column
    )


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _what(rule: Rule) -> str:
    return rule.summary.removesuffix(" in clear text")


def message(column: ColumnReport, kind: Also, rule: Rule) -> str:
    """Such as "E-mail address in column `email`: 9,812 of 10,000 rows"."""
    about = "" if kind.exact else "about "
    unit = "values" if "[]" in column.path or "{}" in column.path else "rows"
    country = f" ({kind.country})" if kind.country else ""
    told = f"{about}{kind.hits:,} of {column.rows:,} {unit}{country}"
    return f"{_what(rule)} in column `{column.path}`: {told}"
