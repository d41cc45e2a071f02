"""`sanitize`: a table or texts in, the same out, fit to be trained on, and all that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from .charset import scripts as known_scripts
from .clean import Wishes, fixed, judged
from .frames import frame_of
from .gate import gates
from .problems import CannotSanitize, Halted
from .report import Change, SanitizeReport, quoted
from .result import Quarantine, Sanitized
from .rules import DUPLICATES, EMPTY, FIX, HALT, LENGTH, OFF, QUARANTINE, policies
from .walk import changed, shown, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .clean import Found
    from .edits import Edited
    from .frames import Column, Frame
    from .walk import Place

T = TypeVar("T")


def sanitize(
    data: T,
    policy: str | Mapping[str, str] | None = None,
    *,
    columns: Iterable[Any] | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
    scripts: Iterable[str] | None = None,
    keep_code: bool = False,
) -> Sanitized[T]:
    """Take out what does no good in a text to train on, and warn of what may do harm.

    `data`: a DataFrame or Series of pandas or polars, a Table or array of Arrow, a Dataset of
    Hugging Face, a list of texts or one text; texts in lists and dicts are looked at, too. It
    is not changed. `policy` says of rules (see `DEFAULTS`) what is to be done: `fix`, `warn`,
    `quarantine` (the row is set aside), `halt` (Halted is raised), `off`; one word is for all.
    By default hidden and control characters and active content are taken out, NFC is made, and the
    rest is warned of. `columns`: only these. Lengths count characters, `scripts` are those that
    letters may be of. `keep_code`: active content in blocks of code stays.

    Raises CannotSanitize or Halted with one clear line.
    """
    wishes = _wishes(policy, min_length, max_length, scripts, keep_code=keep_code)
    name, frame = frame_of(data)
    return _Work(name, frame, wishes, columns).done()


def _wishes(
    policy: str | Mapping[str, str] | None,
    shortest: int | None,
    longest: int | None,
    scripts: Iterable[str] | None,
    *,
    keep_code: bool,
) -> Wishes:
    if shortest is not None and longest is not None and shortest > longest:
        raise CannotSanitize(f"min_length is {shortest}, more than max_length, {longest}")
    allowed = None if scripts is None else known_scripts(scripts)
    return Wishes(policies(policy), shortest, longest, allowed, keep_code)


class _Work:
    """One table on its way."""

    def __init__(
        self, name: str, frame: Frame, wishes: Wishes, columns: Iterable[Any] | None
    ) -> None:
        self.name = name
        self.frame = frame
        self.wishes = wishes
        wanted = None if columns is None else list(columns)
        for label in wanted or ():
            if label not in frame.labels:
                known = _listed(frame.labels)
                raise CannotSanitize(f"no column {quoted(str(label))!r}: there are {known}")
        self.chosen = [
            (number, column)
            for number, column in enumerate(frame.columns)
            if wanted is None or column.label in wanted
        ]
        self.changes: list[Change] = []
        self.news: dict[int, dict[int, Any]] = {}

    def done(self) -> Sanitized[Any]:
        """Everything, or Halted."""
        for number, column in self.chosen:
            self._column(number, column)
        self._whole_rows()
        self.changes.sort(key=lambda one: (one.row, one.column, one.start))
        self._halt()
        aside: dict[int, dict[str, None]] = {}
        for one in self.changes:
            if one.action == QUARANTINE:
                aside.setdefault(one.row, {})[one.rule] = None
        data, before = self.frame.rebuilt(self._kept(aside)), self.frame.snapshot()
        if aside or isinstance(before, str):
            rows = [row for row in range(self.frame.rows) if row not in aside]
            data = self.frame.take(data, rows)
        held = Quarantine(
            self.frame.take(before, sorted(aside)),
            tuple(sorted(aside)),
            tuple(tuple(aside[row]) for row in sorted(aside)),
        )
        listed = tuple(one for one in self.changes if one.action != FIX or one.row not in aside)
        report = SanitizeReport(self.name, self.frame.rows, listed, len(aside))
        return Sanitized(data, report, held, before)

    def _kept(self, aside: Mapping[int, object]) -> dict[int, dict[int, Any]]:
        """New values of the rows that stay, where there are any."""
        kept = {
            number: {row: new for row, new in own.items() if row not in aside}
            for number, own in self.news.items()
        }
        return {number: own for number, own in kept.items() if own}

    def _column(self, number: int, column: Column) -> None:
        places: list[tuple[int, Place]] = []
        texts: list[str] = []
        for row, value in enumerate(column.values):
            if type(value) is str:
                places.append((row, ()))
                texts.append(value)
            elif value is not None and not isinstance(value, float | int):
                for place, text in texts_in(value):
                    places.append((row, place))
                    texts.append(text)
        news: dict[int, dict[Place, str]] = {}
        for at, edited, found in self._cleaned(texts):
            row, place = places[at]
            path = shown(column.path, place)
            self.changes += [self._change(row, path, one) for one in found]
            if edited.text != texts[at]:
                news.setdefault(row, {})[place] = edited.text
        if news:
            self.news[number] = {row: changed(column.values[row], own) for row, own in news.items()}

    def _cleaned(self, texts: list[str]) -> Iterator[tuple[int, Edited, list[Found]]]:
        """Each text in which something was found. What was changed goes through the gates again."""
        opened = dict(gates(texts))
        wishes = self.wishes
        limited = wishes.shortest is not None or wishes.longest is not None
        places: Iterable[int] = sorted(opened)
        if wishes.scripts is not None or (limited and wishes.policy[LENGTH] != OFF):
            places = range(len(texts))
        done = [(at, *fixed(texts[at], wishes, opened.get(at, frozenset()))) for at in places]
        fresh = [(at, edited.text) for at, edited, _ in done if edited.text != texts[at]]
        opened.update(dict.fromkeys((at for at, _ in fresh), frozenset()))
        opened |= {fresh[at][0]: names for at, names in gates([text for _, text in fresh])}
        for at, edited, repaired in done:
            found = repaired + judged(edited, wishes, opened.get(at, frozenset()))
            if found:
                yield at, edited, found

    def _change(self, row: int, path: str, one: Found) -> Change:
        action = FIX if one.fixed else self.wishes.policy[one.rule]
        return Change(
            row, path, one.rule, action, one.start, one.end, one.old, one.new, one.decoded
        )

    def _whole_rows(self) -> None:
        """Rows without any text, and those whose texts came before."""
        policy = self.wishes.policy
        if policy[EMPTY] == OFF and policy[DUPLICATES] == OFF:
            return
        seen: dict[tuple[str, ...], int] = {}
        for row in range(self.frame.rows):
            texts = tuple(
                repr(self.news.get(number, {}).get(row, column.values[row]))
                for number, column in self.chosen
            )
            full = any(
                text.strip()
                for number, column in self.chosen
                for _, text in texts_in(self.news.get(number, {}).get(row, column.values[row]))
            )
            if not full:
                self._note(row, EMPTY, "no text")
                continue
            first = seen.setdefault(texts, row)
            if first != row:
                self._note(row, DUPLICATES, f"the same as row {first}")

    def _note(self, row: int, rule: str, why: str) -> None:
        action = self.wishes.policy[rule]
        if action != OFF:
            self.changes.append(Change(row, "", rule, action, 0, 0, decoded=why))

    def _halt(self) -> None:
        for one in self.changes:
            if one.action == HALT:
                where = f", column {quoted(one.column)}" if one.column else ""
                raise Halted(
                    f"row {one.row}{where}: {one.rule}: {one.what or 'found'} "
                    f"(its policy is halt; say warn or quarantine to go on)"
                )


def _listed(labels: list[Any]) -> str:
    names = [quoted(str(label)) for label in labels[:10]]
    return ", ".join(names) + (" ..." if len(labels) > 10 else "")
