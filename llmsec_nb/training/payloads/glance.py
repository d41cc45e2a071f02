"""One batch looked at: a gate over all rows by Arrow's RE2, then Python where it opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from .kinds import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from ..roles import Roles
    from ..rows import Rows
    from .hits import Hit
    from .kinds import Family

WIDEST: Final = 500
"""So many columns of a table are looked at."""


@dataclass(slots=True)
class Seen:
    """The payloads of one row: columns by kind, where they are out of place, where at home."""

    found: dict[str, set[int]] = field(default_factory=dict)
    at_home: dict[str, set[int]] = field(default_factory=dict)


def columns_of(roles: Roles) -> tuple[str, ...]:
    """What may hold text: the roles first, then the features of a table."""
    return tuple(dict.fromkeys((*roles.texts, *roles.others)))


def answers_of(roles: Roles) -> frozenset[str]:
    """The columns that a model is to answer with."""
    return frozenset({roles.response, roles.chosen, roles.rejected} - {""})


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds texts; numbers and dates hold no payload."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        return is_text(kind.value_type)
    tests = (types.is_string, types.is_large_string, types.is_string_view)
    return any(test(kind) for test in tests)


def texts_of(rows: Rows) -> dict[int, Any]:
    """The texts of a batch by the number of their column."""
    found = {}
    for number, name in enumerate(columns_of(rows.roles)[:WIDEST]):
        values = rows.column(name)
        if values is not None and is_text(values.type):
            found[number] = rows.texts(name)
    return found


def nested_in(rows: Rows) -> list[int]:
    """Columns of lists and the like, which are not looked into."""
    import pyarrow as pa

    names = columns_of(rows.roles)[:WIDEST]
    held = ((number, rows.column(name)) for number, name in enumerate(names))
    return [
        number for number, values in held if values is not None and pa.types.is_nested(values.type)
    ]


def glance(rows: Rows) -> dict[int, Seen]:
    """What is in the rows of a batch, by their places, where there is anything."""
    return rows.once("payloads", lambda: _glance(rows))


def look(text: str, family: Family, *, answer: bool = False) -> list[Hit]:
    """All hits of a family in one text."""
    finder = family.answer if answer and family.answer is not None else family.find
    return list(finder(text))


def is_at_home(family: Family, hits: Iterable[Hit], texts: dict[int, str], column: int) -> bool:
    """Whether the row speaks of such things, the hits themselves apart; or shows them as code."""
    if family.at_home is None:
        return False
    hits = list(hits)
    if all(hit.quoted for hit in hits):
        return True
    own, kept, place = texts[column], [], 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        kept.append(own[place : hit.start])
        place = max(place, hit.end)
    own = " ".join((*kept, own[place:]))
    others = (text for number, text in texts.items() if number != column)
    return any(family.at_home.search(text) for text in (own, *others))


def _glance(rows: Rows) -> dict[int, Seen]:
    texts = texts_of(rows)
    names = columns_of(rows.roles)
    answers = answers_of(rows.roles)
    seen: dict[int, Seen] = {}
    for number, values in texts.items():
        answer = names[number] in answers
        for family, places in _gated(values, answer=answer):
            own = values.take(places).to_pylist()
            for place, text in zip(places.tolist(), own, strict=True):
                hits = look(text, family, answer=answer)
                if hits:
                    row = {at: column[place].as_py() for at, column in texts.items()}
                    there = {at: one for at, one in row.items() if one}
                    home = is_at_home(family, hits, there, number)
                    _note(seen.setdefault(place, Seen()), hits, number, home=home)
    return seen


def _note(seen: Seen, hits: Sequence[Hit], number: int, *, home: bool) -> None:
    table = seen.at_home if home else seen.found
    for hit in hits:
        table.setdefault(hit.kind, set()).add(number)


def _gated(values: pa.Array, *, answer: bool) -> Iterable[tuple[Family, NDArray[np.int64]]]:
    """The families whose gate opens, and the rows in which it does.

    Texts that are all ASCII are known by their bytes: there nothing hidden is looked for.
    """
    import numpy as np
    import pyarrow.compute as pc

    wide = np.flatnonzero(pc.fill_null(pc.invert(pc.string_is_ascii(values)), fill_value=False))
    there = np.flatnonzero(pc.fill_null(pc.greater(pc.binary_length(values), 3), fill_value=False))
    for family in FAMILIES:
        base = wide if family.wide else there
        if not len(base):
            continue
        part = values if len(base) == len(values) else values.take(base)
        opened = pc.match_substring_regex(part, family.gate)
        if answer and family.answer_gate:
            opened = pc.or_(opened, pc.match_substring_regex(part, family.answer_gate))
        places = base[np.flatnonzero(opened)]
        if len(places):
            yield family, places
