"""What is to be judged of all columns, put through the gates of the recognizers in one go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..rules.pii.catalogue import recognizers
from .forms import form_of
from .gates import for_re2, gates, grouped, matches
from .headers import header_of, named_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..rules.pii.recognizer import Recognizer
    from .state import Column, State

    Item = tuple[str, int]

FIRST: Final = 100
"""Values by which most kinds are ruled out."""
DEEP: Final = 400
"""Values by which the others are weighed."""
_WHOLE: Final = 1000
_DEEPER: Final = 600
_REST: Final = 300
_SAMPLED: Final = 120
_BUDGET: Final = 3000
"""So many candidates of a column are judged in all, where not all are kept."""
_NUMERIC: Final = ("int", "uint", "float", "double", "half", "decimal", "bool")


class Part(NamedTuple):
    """Candidates of one group. `rows` have such a value; `exact`: the items are all of them.

    `deep` are more items where there are some, for a kind that is quickly judged. `name` is that
    of the group, `distinct` how many values it has.
    """

    rows: int
    items: Sequence[Item]
    exact: bool
    deep: Sequence[Item]
    name: str = ""
    distinct: int = 0


class View:
    """A column as it is judged: sampled values without blanks around them, parts, its name."""

    def __init__(self, path: str, column: Column, those: Sequence[Recognizer]) -> None:
        """Nothing is judged yet."""
        self.path = path
        self.column = column
        self.dtype = " | ".join(sorted(column.dtypes))
        self.numeric = all(kind.startswith(_NUMERIC) for kind in column.dtypes)
        self.header = header_of(path)
        self.named: Mapping[Recognizer, int] = named_by(self.header, those)
        self.values: Sequence[Item] = [
            (stripped, count) for text, count in column.sample.items() if (stripped := text.strip())
        ]
        self.flags: Mapping[str, Sequence[int]] = {}

    @property
    def present(self) -> int:
        """Values that are there."""
        return self.column.rows - self.column.empty - self.column.unread

    @cached_property
    def form(self) -> str:
        """What most values look like."""
        texts = [text for text, _ in self.values]
        return form_of(texts, self.dtype, self.column.sample.rows, self.column.sample.distinct)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All values that are there, by groups of candidates, and those that are in no group."""
        column = self.column
        if not column.groups:
            whole = column.sample.exact and len(self.values) <= _WHOLE
            some = self.values if whole else self.values[:_REST]
            return (Part(column.sample.rows, some, whole, self._deep(self.values)),)
        held = sum(group.rows for group in column.groups.values())
        known = self._grouped()
        rest = known.get("", [])
        whole = column.sample.exact and len(rest) <= _WHOLE
        items: Sequence[Item] = rest if whole else rest[:_REST]
        made = [Part(column.sample.rows - held, items, whole, self._deep(rest))] if rest else []
        sampled = max(_SAMPLED, _BUDGET // len(column.groups))
        for name, group in column.groups.items():
            items = [(text.strip(), count) for text, count in group.items()]
            deep = items if group.exact else max(items, known.get(name, []), key=len)
            most = len(items) if group.exact else sampled
            part = Part(group.rows, items[:most], group.exact, self._deep(deep))
            made.append(part._replace(name=name, distinct=group.distinct))
        return tuple(made)

    def texts(self) -> Iterator[str]:
        """What the gates are to see."""
        if self.numeric and not self.named and self.form == "number":
            return
        yield from (text for text, _ in self.values[:FIRST])
        if not self.numeric or self.named:
            for part in self.parts:
                yield from (text for text, _ in part.items)

    def _deep(self, items: Sequence[Item]) -> Sequence[Item]:
        return items if self.column.sample.exact else items[:_DEEPER]

    def _grouped(self) -> dict[str, list[Item]]:
        """The sampled values by the groups that they fall into; "" is none."""
        import pyarrow as pa

        texts = pa.array([text for text, _ in self.values], pa.string())
        found: dict[str, list[Item]] = {}
        left = set(range(len(self.values)))
        for name, places in grouped(texts, gates()):
            if places.size:
                found[name] = [self.values[place] for place in places.tolist()]
                left.difference_update(places.tolist())
        found[""] = [self.values[place] for place in sorted(left)]
        return found


def views(state: State, those: Sequence[Recognizer] | None = None) -> list[View]:
    """The columns of a state, each with the recognizers whose gates let its values pass."""
    those = recognizers() if those is None else those
    made = [View(path, column, those) for path, column in state.columns.items()]
    texts = list(dict.fromkeys(text for view in made for text in view.texts()))
    passing = _passing(texts, those)
    for view in made:
        view.flags = passing
    return made


def _passing(texts: Sequence[str], those: Sequence[Recognizer]) -> dict[str, list[int]]:
    """By text the numbers of the recognizers that may take it."""
    import pyarrow as pa

    found: dict[str, list[int]] = {text: [] for text in texts}
    if not texts:
        return found
    column: Any = pa.array(texts, pa.large_string())
    for number, one in enumerate(those):
        pattern = for_re2(one.gate)
        if not pattern:
            for text in texts:
                found[text].append(number)
            continue
        for place in matches(column, pattern).nonzero()[0].tolist():
            found[texts[place]].append(number)
    return found
