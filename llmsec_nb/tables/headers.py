"""What the name of a column says of its values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..rules.pii.name_columns import is_of_people
from ..rules.pii.recognizer import speaks_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..rules.pii.recognizer import Recognizer

_AROUND: Final = re.compile(r"\[\]|\{\}|<[^<>]{0,100}>| \([0-9]{1,9}\)$")
_GENERIC: Final = frozenset(
    {"", "value", "values", "key", "item", "element", "list", "data", "text"}
)
_IDS: Final = re.compile(
    r"(?:(?:^|[^A-Za-z])(?i:ids?|keys?|counts?|types?|hash|uuid|flag|status|token)"
    r"|(?<=[a-z])(?:I[dD]s?|Keys?|Counts?|Types?|Hash|U[Uu][Ii][Dd]|Flag|Status|Token))$"
)


def header_of(path: str) -> str:
    """The last name of a path that says something, with the one above it where it says little."""
    parts = [part for part in _AROUND.sub("", path).split(".") if part] or [path]
    last = parts[-1]
    return " ".join(parts[-2:]) if last.lower() in _GENERIC else last


def named_by(header: str, those: Iterable[Recognizer]) -> dict[Recognizer, int]:
    """The recognizers of which the header speaks, and the length of the word that does."""
    return {
        one: max((len(word) for word in one.words if speaks_of((word,), header)), default=1)
        for one in those
        if speaks_of(one.words, header) and (one.entity != "PERSON" or is_of_people(header))
    }


def is_key(header: str) -> bool:
    """Whether it names an identifier of a row or a number of things, whatever else it speaks of."""
    return _IDS.search(header) is not None
