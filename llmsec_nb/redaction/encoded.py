"""A column as its different values, and the way back to a column of the same type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

LARGEST: Final = (1 << 63) - 1


ERRORS: Final = (TypeError, ValueError, OverflowError, NotImplementedError)
"""What libraries raise where a type cannot hold a value."""


class Encoded(NamedTuple):
    """The different values of a column, missing ones left out, and how often each occurs.

    `decode` makes a column of as many new values; scalars.MISSING stands for a missing one.
    `largest` bounds integers. `keyed` says that keys of dicts are values, not names of the type.
    """

    values: list[Any]
    counts: list[int]
    decode: Callable[[list[Any]], Any]
    largest: int = LARGEST
    keyed: bool = False


class Column(NamedTuple):
    """A column of a table, or a level of its index.

    `label` is its name as the library has it, `path` as text, `values` an object of it. `level`
    says that it is one of the index.
    """

    label: Any
    path: str
    values: Any
    level: bool = False
