"""From what was counted to what is said: the report of a table, free of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.finding import Failure
from ..core.rule import Confidence
from ..core.table import Also, ColumnReport, Risk, TableReport
from ..rules.pii.catalogue import recognizers
from .bench import views
from .kinds import kind_of
from .mask import masks
from .names import Names
from .presence import tallies
from .state import COLUMNS, settle
from .traits import risk_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..rules.pii.recognizer import Recognizer
    from .bench import View
    from .kinds import Kind
    from .presence import Tally
    from .state import State

_UNNAMED: Final = "(no name)"


def conclude(
    state: State,
    name: str = "",
    *,
    rows: int | None = None,
    complete: bool = True,
    problems: Iterable[Failure] = (),
    those: Sequence[Recognizer] | None = None,
    names: Names | None = None,
) -> TableReport:
    """What the rows seen so far say. `rows` is how many there should be, if that is known.

    `those` are the recognizers to judge with, all of them by default; `names` are those of the
    columns, if they were looked at already. The state stays usable.
    """
    from msgspec.structs import replace

    settle(state)
    those = recognizers() if those is None else those
    names = names_of(state) if names is None else names
    told = [replace(problem, message=names.hide(problem.message)) for problem in problems]
    if state.beyond:
        told.append(too_many(name, state.beyond))
    complete = complete and (rows is None or state.rows >= rows)
    if not complete:
        told.append(incomplete(name, state.rows, rows))
    return TableReport(
        name=name,
        rows=rows if rows is not None or not complete else state.rows,
        rows_seen=state.rows,
        complete=complete,
        columns=tuple(_column(view, those, names) for view in views(state, those)),
        risk=_shown(risk_of(state), names),
        problems=tuple(told),
    )


def names_of(state: State) -> Names:
    """The names of the columns that were seen."""
    return Names({path: column.names for path, column in state.columns.items()})


def too_many(name: str, beyond: int) -> Failure:
    """That there are more columns than are judged."""
    return Failure(
        path=name,
        message=f"{beyond:,} more columns than the {COLUMNS:,} that are judged",
        remedy="check the others as a table of their own",
    )


def _shown(risk: Risk | None, names: Names) -> Risk | None:
    from msgspec.structs import replace

    if risk is None:
        return None
    traits = [replace(trait, path=names.shown(trait.path)) for trait in risk.traits]
    return replace(risk, traits=tuple(traits))


def incomplete(name: str, seen: int, rows: int | None) -> Failure:
    """That the silence about the rest proves nothing."""
    of = "" if rows is None else f" of {rows:,}"
    return Failure(
        path=name,
        message=f"INCOMPLETE: {seen:,}{of} rows seen",
        remedy="let it run to the end",
    )


def _column(view: View, those: Sequence[Recognizer], names: Names) -> ColumnReport:
    column = view.column
    plain = ColumnReport(
        path=names.shown(view.path) or _UNNAMED,
        dtype=view.dtype,
        form=view.form,
        rows=column.rows,
        nulls=column.empty,
        distinct=column.sample.distinct,
        note="; ".join([*_named(view, names), *_notes(view)]),
    )
    kind = kind_of(view, those) if view.values else None
    found = tallies(view, kind, those)
    if not found:
        return plain
    order = sorted(found, key=lambda rule: _order(rule, found[rule], kind))
    lead = _told(view, found[order[0]])
    main = kind if kind is not None and kind.recognizer.rule.id == order[0] else None
    note = "; ".join(filter(None, [*_about(found[order[0]], main), plain.note]))
    return _with(plain, lead, [_told(view, found[rule]) for rule in order[1:]], view, note)


def _order(rule: str, tally: Tally, kind: Kind | None) -> tuple[bool, int, float]:
    is_main = kind is not None and kind.recognizer.rule.id == rule
    return not is_main, tally.confidence.rank, -tally.rows


def _told(view: View, tally: Tally) -> Also:
    one = tally.recognizer
    assert one is not None  # noqa: S101 # a tally begins with a hit
    countries = [country for country, _ in tally.countries.most_common() if country]
    return Also(
        kind=one.entity,
        rule=one.rule.id,
        hits=min(view.present, max(1, round(tally.rows))),
        confidence=tally.confidence,
        severity=one.rule.severity,
        country=countries[0] if len(countries) == 1 else "",
        masked=masks(tally.values, one.entity),
        exact=tally.exact,
    )


def _with(
    plain: ColumnReport, lead: Also, others: list[Also], view: View, note: str
) -> ColumnReport:
    from msgspec.structs import replace

    return replace(
        plain,
        kind=lead.kind,
        rule=lead.rule,
        hits=lead.hits,
        share=lead.hits / max(1, view.present),
        exact=lead.exact,
        confidence=lead.confidence,
        severity=lead.severity,
        country=lead.country,
        masked=lead.masked,
        note=note,
        also=tuple(others),
    )


def _about(tally: Tally, kind: Kind | None) -> Iterator[str]:
    """What there is to know of the kind that leads."""
    notes = [note for note, _ in tally.notes.most_common() if note]
    if len(notes) == 1:
        yield notes[0]
    if kind is not None and kind.unproven:
        yield "by name and form; the values do not pass its check: made up, masked or damaged"
    elif kind is not None and kind.raised and kind.confidence is Confidence.MEDIUM:
        yield "all check digits fit, the name says nothing"
    if 2 * tally.inside > sum(tally.confidences.values()):
        yield "inside of longer texts"


def _named(view: View, names: Names) -> Iterator[str]:
    if names.holds(view.path):
        yield "its name is data"


def _notes(view: View) -> Iterator[str]:
    """What was not looked at, or not as a whole."""
    column = view.column
    if column.unread:
        yield f"{column.unread:,} values of a type without text were not looked at"
    if column.firsts:
        yield "of lists of floats only the first member was looked at"
    if column.cut:
        yield "of texts beyond 2,000 characters the places around an @ or digits were looked at"
    if view.numeric and not column.sample.exact:
        yield f"numbers: judged by a sample of {len(view.values):,} values"
