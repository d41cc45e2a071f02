"""`redact`: a table in, a table of the same type out, and a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from .adapters import frame_of
from .changer import Changer
from .judge import is_prose, left_of
from .key import find_key
from .kinds import is_direct
from .look import as_unsure, look, risk
from .problems import CannotRedact
from .replacer import DROP, PSEUDONYM, Replacer, checked
from .report import Change, Left, RedactionReport
from .result import Redacted, finished
from .spans import find_in, named_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .encoded import Column, Encoded
    from .look import Seen

T = TypeVar("T")


def redact(
    data: T,
    strategy: str = PSEUDONYM,
    *,
    columns: Iterable[Any] | None = None,
    kinds: Mapping[Any, str | None] | None = None,
    strategies: Mapping[Any, str] | None = None,
    key: bytes | None = None,
) -> Redacted[T]:
    """Replace the personal data of a table; the result has its type, dtypes, index and gaps.

    `data`: a DataFrame or Series of pandas or polars; a Table, RecordBatch or array of Arrow.
    `strategy`: mask, replace, pseudonym, fake, generalise, generalise:decade or drop.
    `columns`: only these; all by default. `kinds` says of columns what they hold, such as
    `{"email": "EMAIL_ADDRESS"}`, None that one holds nothing; the others are looked at.
    `strategies`: others for some columns or kinds. `key`: at least 16 bytes; by default that of
    the environment variable LLMSEC_KEY or of the keyring.

    Raises CannotRedact with one clear line. Warns with StillThere of direct identifiers that the
    scan of the result finds.
    """
    try:
        held = None if key is None else find_key(key)
    finally:
        del key  # a traceback may show it
    work = _Work(data, Replacer(held), strategy, columns, kinds or {}, strategies or {})
    return finished(*work.done())


class _Work:
    """One redaction of one table."""

    def __init__(
        self,
        data: Any,
        replacer: Replacer,
        strategy: str,
        columns: Iterable[Any] | None,
        kinds: Mapping[Any, str | None],
        strategies: Mapping[Any, str],
    ) -> None:
        self.name, self.frame = frame_of(data)
        self.replacer = replacer
        self.default = checked(strategy)
        self.strategies = {name: checked(one) for name, one in strategies.items()}
        self.kinds = kinds
        labels = {column.label for column in self.frame.columns}
        labels |= {column.path for column in self.frame.columns}
        self.wanted = None if columns is None else set(columns)
        for label in (*(self.wanted or ()), *kinds):
            if label not in labels and not any(_inside(label, known) for known in labels):
                raise CannotRedact(f"no column {named_apart(str(label))}")
        self.changed: dict[int, Any] = {}
        self.dropped: set[int] = set()
        self.changes: list[Change] = []
        self.remaining: list[Left] = []
        self.unsure: list[Left] = []
        self.untouched: list[str] = []

    def done(self) -> tuple[Any, RedactionReport]:
        """The new table and the report."""
        for at, column in enumerate(self.frame.columns):
            self._column(at, column)
        data = self.frame.rebuilt(self.changed, self.dropped)
        self._names()
        notes = (
            *self.replacer.notes,
            *self.frame.notes,
            *(risk(data) if self.frame.droppable else ()),
        )
        report = RedactionReport(
            name=self.name,
            rows=self.frame.rows,
            changes=tuple(self.changes),
            untouched=tuple(self.untouched),
            remaining=tuple(self.remaining),
            unsure=tuple(self.unsure),
            notes=notes,
            key=self.replacer.origin,
            fleeting=self.replacer.fleeting,
        )
        return data, report

    def _column(self, at: int, column: Column) -> None:
        shown = named_apart(column.path)
        given, said = self._given(column)
        if said and not given:
            self.untouched.append(shown)
            return
        seen = [] if given else self._looked(column)
        if self.wanted is not None and not {column.label, column.path} & self.wanted:
            self.untouched.append(shown)
            self._left_out(column, given, seen)
            return
        kinds = given or {leaf.path: leaf.kind for leaf in seen if leaf.kind}
        if self._drops(column, kinds, sure=bool(given)):
            self._drop(at, shown, kinds[column.path])
            return
        self._change(at, column, kinds, seen)

    def _change(
        self, at: int, column: Column, kinds: Mapping[str, str], seen: Sequence[Seen]
    ) -> None:
        encoded = self._encoded(column, needed=bool(kinds))
        if encoded is None:
            return
        changer = Changer(
            self.replacer,
            column.path,
            kinds,
            lambda path, kind: self._strategy(column, path, kind),
            sure=not seen,
            numbers=any(leaf.also for leaf in seen),
            keyed=encoded.keyed,
        )
        try:
            news = changer(encoded.values, encoded.counts, encoded.largest)
            changes = changer.changes(self.frame.rows)
            if changes:
                new = encoded.decode(news)
                self.changed[at] = new
                encoded = self.frame.encode(column._replace(values=new))
        except CannotRedact:
            raise
        except (*self.frame.errors, RecursionError) as error:
            raise CannotRedact(
                f"column {named_apart(column.path)}: its type cannot hold what would stand there "
                f"({type(error).__name__}); drop it with strategies={{...: 'drop'}}"
            ) from None
        self.changes += [_shown(change) for change in changes]
        self.remaining += left_of(changer.left(encoded.values, encoded.counts))
        if not changes:
            self.untouched.append(named_apart(column.path))
        for leaf in seen:
            if leaf.unsure and leaf.path not in kinds:
                self.unsure.append(as_unsure(leaf))

    def _encoded(self, column: Column, *, needed: bool) -> Encoded | None:
        """Its different values; None where Python cannot have them and nothing asks for it."""
        shown = named_apart(column.path)
        try:
            found: Encoded = self.frame.encode(column)
        except self.frame.errors as error:
            why = f"column {shown}: its values cannot be read ({type(error).__name__})"
            if needed:
                raise CannotRedact(f"{why}; drop it before") from None
            self.replacer.note(f"{why}: it is as it was")
            self.untouched.append(shown)
            return None
        return found

    def _looked(self, column: Column) -> list[Seen]:
        seen, problems = look(column)
        for problem in problems:
            self.replacer.note(problem)
        return seen

    def _given(self, column: Column) -> tuple[dict[str, str], bool]:
        """What the caller says of a column and of paths in it; and whether anything."""
        found: dict[str, str] = {}
        said = False
        for label, kind in self.kinds.items():
            if label in (column.label, column.path) or _inside(label, column.path):
                said = True
                path = column.path if label in (column.label, column.path) else str(label)
                if kind:
                    found[path] = kind.upper()
        return found, said

    def _strategy(self, column: Column, path: str, kind: str) -> str:
        for name in (path, column.label, column.path, kind):
            if name in self.strategies:
                found = self.strategies[name]
                break
        else:
            found = self.default
        if found == DROP and column.level:
            self.replacer.note("an index is not dropped: its values are pseudonyms")
            return PSEUDONYM
        return found

    def _drops(self, column: Column, kinds: Mapping[str, str], *, sure: bool) -> bool:
        """Whether the column goes as a whole; of texts only what was found in them does."""
        kind = kinds.get(column.path, "")
        if not kind or column.level or not self.frame.droppable:
            return False
        if self._strategy(column, column.path, kind) != DROP:
            return False
        return sure or not is_prose(self.frame.encode(column).values, column.path)

    def _drop(self, at: int, shown: str, kind: str) -> None:
        self.dropped.add(at)
        self.changes.append(
            Change(path=shown, kind=kind, strategy=DROP, values=self.frame.rows, kept=0)
        )

    def _left_out(self, column: Column, given: Mapping[str, str], seen: Sequence[Seen]) -> None:
        """What a column holds that was not to be changed."""
        why = "not among the columns that were named"
        found = [(path, kind, self.frame.rows) for path, kind in given.items()]
        for leaf in seen:
            found += [(leaf.path, leaf.kind, leaf.values)] if leaf.kind else []
            found += [(leaf.path, kind, values) for kind, values in leaf.also]
        known = {(path, kind) for path, kind, _ in found}
        found += [one for one in self._hidden(column, given) if one[:2] not in known]
        for path, kind, values in found:
            shown = named_apart(path)
            direct = is_direct(kind)
            self.remaining.append(
                Left(path=shown, kind=kind, values=values, direct=direct, why=why)
            )

    def _hidden(self, column: Column, given: Mapping[str, str]) -> list[tuple[str, str, int]]:
        """What the look at a column does not see: what no row uses, and the keys of dicts."""
        encoded = self._encoded(column, needed=False)
        if encoded is None:
            return []
        pairs = [
            (value, count)
            for value, count in zip(encoded.values, encoded.counts, strict=True)
            if encoded.keyed or not count
        ]
        changer = Changer(
            self.replacer, column.path, {}, lambda path, kind: path + kind, keyed=encoded.keyed
        )
        found = changer.left([value for value, _ in pairs], [count for _, count in pairs])
        known = [(path, kind, values) for (path, kind), values in found.items()]
        if any(not count for _, count in pairs):
            known += [(path, kind, 1) for path, kind in given.items()]
        return known

    def _names(self) -> None:
        """Names of columns and what is attached to a table are not changed."""
        texts = [
            (named_apart(column.path), column.path, "in the name of a column, which is not changed")
            for column in self.frame.columns
        ]
        texts.append(("attributes", self.frame.attached, "they are not changed"))
        for shown, text, why in texts:
            for place in find_in(text):
                direct = is_direct(place.kind)
                self.remaining.append(
                    Left(path=shown, kind=place.kind, values=1, direct=direct, why=why)
                )


def _inside(label: Any, path: str) -> bool:
    """Whether a label is the path of something inside of a column."""
    return isinstance(label, str) and label.startswith((f"{path}.", f"{path}[", f"{path}{{"))


def _shown(change: Change) -> Change:
    from msgspec.structs import replace

    return replace(change, path=named_apart(change.path))
