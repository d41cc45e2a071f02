"""One column under change: whole values where it is of a kind, else the places in its texts."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from .judge import is_prose, number_kind
from .leaves import (
    by_pairs,
    dict_again,
    is_array,
    is_flat,
    is_record,
    items_again,
    leaves_of,
    member,
    opaque,
    record,
    record_again,
    text_of,
)
from .look import may_hold
from .report import Change
from .scalars import MISSING, Scalars
from .spans import Splicer, beyond, find_in, named_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .replacer import Replacer
    from .spans import Place


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
        keyed: bool = False,
    ) -> None:
        """`kinds` are those of leaves by path, `strategy` says how for a path and a kind.

        `sure` says that the kinds are those of whole values, which else is looked at. `numbers`
        says that some numbers of the column are of kinds that are found in texts, `keyed` that keys
        of dicts are values.
        """
        self._replacer = replacer
        self._path = path
        self._kinds = dict(kinds)
        self._sure = sure
        self._strategy = strategy
        self._numbers = numbers
        self._keyed = keyed
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
            for path, leaf in leaves_of(value, self._path, self._kinds, keyed=self._keyed):
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
        for n, leaf in enumerate(leaves):
            # Nobody has looked at what no row has.
            single = number_kind(leaf, path) if self._numbers or not counts[n] else ""
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
            return self._dict(value, path, news)
        if isinstance(value, list | tuple | set | frozenset | deque):
            return items_again(value, [self._below(item, f"{path}[]", news) for item in value])
        if is_record(value):
            fields = record(value).items()
            made = {name: self._below(item, f"{path}.{name}", news) for name, item in fields}
            return record_again(value, made)
        if is_array(value):
            new = value.copy()
            for n, item in enumerate(value.tolist()):
                new[n] = self._below(item, f"{path}[]", news)
            return new
        return self._leaf(value, path, news)

    def _dict(self, value: dict[Any, Any], path: str, news: Mapping[str, Mapping[Any, Any]]) -> Any:
        """A dict with other members; keys that would become one are numbered."""
        made: dict[Any, Any] = {}
        for key, item in value.items():
            new, keys = key, f"{path}{{}}.key"
            if self._keyed or by_pairs(path, self._kinds):
                new = self._below(key, keys, news)
            if new in made:
                own = self._own.get((keys, new), ()) if isinstance(new, str) else ()
                new = f"{new} {len(made) + 1}"
                self._own[keys, new] = own
            made[new] = self._below(item, member(path, key, self._kinds), news)
        return dict_again(value, made)

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
            if self._distinct[path, kind]
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
            for path, leaf in leaves_of(value, self._path, self._kinds, keyed=self._keyed)
        ]
        for name in sorted(opaque(leaf for _, leaf, _ in leaves)):
            self._replacer.note(
                f"{named_apart(self._path)}: of values of the type {name} only the text was looked "
                "at; what else they hold is as it was"
            )
        shown = [None if path in self._kinds else text_of(leaf) for path, leaf, _ in leaves]
        texts = list({text: None for text in shown if text is not None})
        likely = dict(zip(texts, may_hold(texts), strict=True)) if texts else {}
        for (path, leaf, count), text in zip(leaves, shown, strict=True):
            if text is None or likely[text]:
                for kind in self._kinds_left(path, leaf, text, unused=not count):
                    found[path, kind] += count or 1
        return found

    def _kinds_left(self, path: str, leaf: Any, text: str | None, *, unused: bool) -> Iterator[str]:
        kind = self._kinds.get(path, "")
        if kind:
            if leaf in self._raw.get(path, ()) and leaf not in self._made.get(path, ()):
                yield kind
        elif text is not None:
            places: Sequence[Place] = find_in(text, path)
            own = self._own.get((path, text), ())
            yield from {place.kind for place in beyond(places, own)}
        elif (self._numbers or unused) and leaf not in self._made.get(path, ()):
            number = number_kind(leaf, path)
            if number:
                yield number
