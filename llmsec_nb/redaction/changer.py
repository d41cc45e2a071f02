"""One column under change: whole values where it is of a kind, else the places in its texts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from .leaves import by_pairs, is_array, is_flat, leaves_of, member
from .look import may_hold
from .report import Change, Left
from .scalars import MISSING, Scalars
from .spans import Splicer, beyond, find_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .replacer import Replacer
    from .spans import Place

_SAMPLE: Final = 100
_COVERED: Final = 0.7
_FEW: Final = 0.2


class Changer:
    """Changes the values of one column, counts, and looks at what came of it."""

    def __init__(
        self,
        replacer: Replacer,
        path: str,
        kinds: Mapping[str, str],
        strategy: Callable[[str, str], str],
        *,
        sure: bool = False,
        numbers: bool = False,
    ) -> None:
        """`kinds` are those of leaves by path, `strategy` says how for a path and a kind.

        `sure` says that the kinds are those of whole values, which else is looked at. `numbers`
        says that some numbers of the column are of kinds that are found in texts.
        """
        self._replacer = replacer
        self._path = path
        self._kinds = dict(kinds)
        self._sure = sure
        self._strategy = strategy
        self._numbers = numbers
        self._values: Counter[tuple[str, str]] = Counter()
        self._distinct: Counter[tuple[str, str]] = Counter()
        self._raw: dict[str, set[Any]] = {}
        self._made: dict[str, set[Any]] = {}
        self._own: dict[tuple[str, str], Sequence[tuple[int, int]]] = {}

    def __call__(self, values: Sequence[Any], counts: Sequence[int], largest: int) -> list[Any]:
        """New values for the different values of the column."""
        if is_flat(values):
            return self._changed(self._path, values, counts, largest)
        leaves: dict[str, dict[Any, int]] = {}
        for value, count in zip(values, counts, strict=True):
            for path, leaf in leaves_of(value, self._path, self._kinds):
                own = leaves.setdefault(path, {})
                key = type(leaf), leaf
                own[key] = own.get(key, 0) + count
        news: dict[str, dict[Any, Any]] = {}
        for path, own in leaves.items():
            found = self._changed(path, [leaf for _, leaf in own], list(own.values()), largest)
            news[path] = dict(zip(own, found, strict=True))
        return [self._rebuilt(value, self._path, news) for value in values]

    def _changed(
        self, path: str, leaves: Sequence[Any], counts: Sequence[int], largest: int
    ) -> list[Any]:
        kind = self._kinds.get(path, "")
        if kind and not self._sure and is_prose(leaves, path):
            kind = ""
            del self._kinds[path]
        if kind:
            return self._whole(path, kind, leaves, counts, largest)
        found = list(leaves)
        places = [n for n, leaf in enumerate(leaves) if type(leaf) is str]
        self._splice(path, places, counts, found)
        for n, leaf in enumerate(leaves) if self._numbers else ():
            single = _number_kind(leaf, path)
            if single:
                found[n] = self._whole(path, single, [leaf], [counts[n]], largest)[0]
        return found

    def _whole(
        self, path: str, kind: str, leaves: Sequence[Any], counts: Sequence[int], largest: int
    ) -> list[Any]:
        scalars = Scalars(self._replacer, self._strategy(path, kind), kind, largest)
        news = scalars(leaves)
        self._raw.setdefault(path, set()).update(leaves)
        self._made.setdefault(path, set()).update(news)
        # What is the same is blank or zero, or as little precise already.
        changed = [
            count
            for leaf, new, count in zip(leaves, news, counts, strict=True)
            if new is MISSING or new != leaf
        ]
        self._values[path, kind] += sum(changed)
        self._distinct[path, kind] += len(changed)
        return news

    def _splice(
        self, path: str, places: Sequence[int], counts: Sequence[int], found: list[Any]
    ) -> None:
        """Replace what is found in the texts at `places`."""
        splicer = Splicer(
            self._replacer,
            lambda kind: self._strategy(path, kind),
            lambda text: find_in(text, path),
            may_hold,
        )
        for n, done in zip(places, splicer([found[n] for n in places]), strict=True):
            if done is None:
                continue
            found[n] = done.text
            self._own[path, done.text] = done.own
            for kind in dict.fromkeys(done.kinds):
                self._values[path, kind] += counts[n]
                self._distinct[path, kind] += 1

    def _rebuilt(self, value: Any, path: str, news: Mapping[str, Mapping[Any, Any]]) -> Any:
        """A value with its leaves changed; a container stays one of its type."""
        if isinstance(value, dict):
            return {
                self._below(key, f"{path}{{}}.key", news)
                if by_pairs(path, self._kinds)
                else key: self._below(item, member(path, key, self._kinds), news)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple | set | frozenset):
            items = [self._below(item, f"{path}[]", news) for item in value]
            return type(value)(items)
        if is_array(value):
            new = value.copy()
            for n, item in enumerate(value.tolist()):
                new[n] = self._below(item, f"{path}[]", news)
            return new
        return self._leaf(value, path, news)

    def _below(self, value: Any, path: str, news: Mapping[str, Mapping[Any, Any]]) -> Any:
        """Inside a container nothing is left out: None stands for it."""
        new = self._rebuilt(value, path, news)
        return None if new is MISSING else new

    @staticmethod
    def _leaf(value: Any, path: str, news: Mapping[str, Mapping[Any, Any]]) -> Any:
        try:
            return news.get(path, {}).get((type(value), value), value)
        except TypeError:
            return value

    def changes(self, rows: int) -> list[Change]:
        """What was done, by leaf and kind."""
        return [
            Change(
                path=path,
                kind=kind,
                strategy=self._strategy(path, kind),
                values=self._values[path, kind],
                distinct=self._distinct[path, kind],
                kept=max(0, rows - self._values[path, kind]),
            )
            for path, kind in sorted(self._values)
            if self._values[path, kind]
        ]

    def left(self, values: Sequence[Any], counts: Sequence[int]) -> dict[tuple[str, str], int]:
        """Look at the different values of the new column: what is there that was not put there."""
        found: Counter[tuple[str, str]] = Counter()
        if is_flat(values) and self._path in self._kinds:
            kept = self._raw.get(self._path, set()) - self._made.get(self._path, set())
            if kept.isdisjoint(values):
                return found
        leaves = [
            (path, leaf, count)
            for value, count in zip(values, counts, strict=True)
            for path, leaf in leaves_of(value, self._path, self._kinds)
        ]
        texts = [leaf for path, leaf, _ in leaves if type(leaf) is str and path not in self._kinds]
        likely = dict(zip(texts, may_hold(texts), strict=True)) if texts else {}
        for path, leaf, count in leaves:
            if type(leaf) is not str or likely.get(leaf, True):
                for kind in self._kinds_left(path, leaf):
                    found[path, kind] += count
        return found

    def _kinds_left(self, path: str, leaf: Any) -> Iterator[str]:
        kind = self._kinds.get(path, "")
        if kind:
            if leaf in self._raw.get(path, ()) and leaf not in self._made.get(path, ()):
                yield kind
        elif isinstance(leaf, str):
            places: Sequence[Place] = find_in(leaf, path)
            own = self._own.get((path, leaf), ())
            yield from {place.kind for place in beyond(places, own)}
        elif self._numbers and leaf not in self._made.get(path, ()):
            number = _number_kind(leaf, path)
            if number:
                yield number


def is_prose(values: Sequence[Any], path: str) -> bool:
    """Whether what is found are places in texts, rather than whole values."""
    texts = [value.strip() for value in values if isinstance(value, str)][:_SAMPLE]
    found = [(text, find_in(text, path)) for text in texts]
    known = [(text, places) for text, places in found if places]
    within = [
        text
        for text, places in known
        if sum(place.end - place.start for place in places) < _COVERED * len(text)
    ]
    return len(within) > _FEW * len(known)


def _number_kind(value: Any, path: str) -> str:
    """The kind of which a whole number is by its own digits; empty for all else."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    text = str(value)
    places = find_in(text, path)
    return places[0].kind if places and places[0].end - places[0].start == len(text) else ""


def left_of(found: Mapping[tuple[str, str], int], why: str = "") -> list[Left]:
    """For the report."""
    from .kinds import is_direct

    return [
        Left(path=path, kind=kind, values=values, direct=is_direct(kind), why=why)
        for (path, kind), values in sorted(found.items())
        if values
    ]
