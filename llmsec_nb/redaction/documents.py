"""A document under redaction: places found, replaced, and looked for again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.detector import Unavailable
from ..core.rule import Kind
from ..sources.decode import is_binary
from ..sources.files import read_text
from .edits import applied, edits_of, merged
from .kinds import is_direct
from .places import SECRET, repeated, stands_in
from .problems import CannotRedact
from .replacer import DROP, REPLACE, Replacer, checked
from .report import Change, Left

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..core.artifact import Part
    from ..sources.document import Document
    from .places import Stand

_PASSES: Final = 3
_STARS: Final = "***"


class Done(NamedTuple):
    """The new text and what is to be said of it."""

    text: str
    changes: tuple[Change, ...]
    remaining: tuple[Left, ...]
    notes: tuple[str, ...]


class Redaction:
    """One redaction of one document."""

    def __init__(
        self,
        name: str,
        replacer: Replacer,
        strategy: str,
        strategies: Mapping[str, str],
        wanted: Callable[[Part], bool] | None = None,
    ) -> None:
        """`name` tells how it is read; parts that are not `wanted` stay as they are."""
        self.name = name
        self.replacer = replacer
        self.default = checked(strategy)
        self.strategies = {kind: checked(one) for kind, one in strategies.items()}
        self.wanted = wanted or _any
        self.made: set[str] = set()
        self._joined = 0, ""
        self._known: dict[tuple[str, str], str] = {}
        self.values: Counter[tuple[str, str]] = Counter()
        self.distinct: dict[tuple[str, str], set[str]] = {}

    def done(self, raw: str) -> Done:
        """Replace, and look again until nothing new is found. Raises CannotRedact."""
        for turn in range(_PASSES + 1):
            document, stands = self._look(raw)
            within = [
                stand
                for stand in stands
                if self.wanted(stand.part) and _editable(stand) and not self._ours(stand)
            ]
            if not within or turn == _PASSES:
                break
            parts = {id(text.pieces[0].part): text.pieces[0].part for text in document.texts}
            looked = [part for part in parts.values() if self.wanted(part) and _readable(part)]
            within += [stand for stand in repeated(within, looked) if not self._ours(stand)]
            self._count(within)
            self._prepare(within)
            raw = applied(document, edits_of(within, self._new))
        return Done(raw, tuple(self._changes()), tuple(self._left(stands)), self._notes(document))

    def _look(self, raw: str) -> tuple[Document, list[Stand]]:
        document = read_text(raw, self.name)
        if not document.texts and document.failures:
            raise CannotRedact(f"{self.name}: {document.failures[0].message}")
        try:
            return document, list(stands_in(document))
        except Unavailable as reason:
            raise CannotRedact(f"{self.name}: {reason}") from None

    def _prepare(self, stands: Iterable[Stand]) -> None:
        """All values of a kind at once: that is much quicker."""
        by_kind: dict[str, dict[str, None]] = {}
        for stand in stands:
            by_kind.setdefault(stand.kind, {})[stand.value] = None
        for kind, values in by_kind.items():
            if kind != SECRET:
                strategy = self.strategies.get(kind, self.default)
                news = self.replacer.texts(strategy, kind, list(values))
                for value, new in zip(values, news, strict=True):
                    self._known[kind, value] = new or ""

    def _new(self, kind: str, value: str) -> str:
        strategy = self.strategies.get(kind, self.default)
        if kind == SECRET:
            new = {REPLACE: f"<{SECRET}>", DROP: ""}.get(strategy, _STARS)
        elif (kind, value) in self._known:
            new = self._known[kind, value]
        else:
            new = self.replacer.text(strategy, kind, value)
        self.made.add(new)
        return new

    def _ours(self, stand: Stand) -> bool:
        """Whether a place holds what was put there, or a part of it."""
        if stand.value in self.made:
            return True
        if self._joined[0] != len(self.made):
            self._joined = len(self.made), "\n".join(self.made)
        return stand.value in self._joined[1]

    def _count(self, stands: Iterable[Stand]) -> None:
        by_part: dict[int, list[Stand]] = {}
        for stand in stands:
            by_part.setdefault(id(stand.part), []).append(stand)
        for own in by_part.values():
            for stand in merged(own):
                key = _where(stand.part), stand.kind
                self.values[key] += 1
                self.distinct.setdefault(key, set()).add(stand.value)

    def _changes(self) -> Iterable[Change]:
        for (where, kind), values in sorted(self.values.items()):
            strategy = self.strategies.get(kind, self.default)
            different = len(self.distinct[where, kind])
            yield Change(
                path=where, kind=kind, strategy=strategy, values=values, distinct=different
            )

    def _left(self, stands: Iterable[Stand]) -> Iterable[Left]:
        found: Counter[tuple[str, str, str]] = Counter()
        for stand in stands:
            if self._ours(stand):
                continue
            why = ""
            if not self.wanted(stand.part):
                why = "not an output: only those were to be changed"
            elif not _editable(stand):
                why = "inside of an image or another file"
            found[_where(stand.part), stand.kind, why] += 1
        for (where, kind, why), values in sorted(found.items()):
            direct = kind == SECRET or is_direct(kind)
            yield Left(path=where, kind=kind, values=values, direct=direct, why=why)

    def _notes(self, document: Document) -> tuple[str, ...]:
        said = [failure.message for failure in document.failures]
        said += [skip.message for skip in document.skips]
        return tuple(dict.fromkeys([*self.replacer.notes, *said]))


def _any(part: Part) -> bool:
    return True


def _editable(stand: Stand) -> bool:
    """A picture would be broken by a change inside of it."""
    mime = getattr(stand.part.place, "mime", None) or ""
    return not is_binary(mime)


def _readable(part: Part) -> bool:
    return part.kind is not Kind.BINARY and not is_binary(getattr(part.place, "mime", None) or "")


def _where(part: Part) -> str:
    place = part.place
    cell = getattr(place, "cell", None)
    if cell is None:
        return "metadata" if type(place).__name__ == "InMetadata" else "text"
    what = type(place).__name__.removeprefix("In").lower()
    return f"cell {cell}" if what == "cell" else f"cell {cell}, {what}"


__all__ = ["Done", "Redaction"]
