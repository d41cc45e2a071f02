"""What is known of a table after some of its rows."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct, field

from .crowd import Crowd
from .sample import Sample

_FEWEST: Final = 300
_MOST: Final = 3000
_CELLS: Final = 300_000
"""So many values are kept in all, when columns are many."""
_FEWEST_CANDIDATES: Final = 50
_MOST_CANDIDATES: Final = 1000
_CANDIDATES: Final = 25_000
"""So many candidates are kept of each group of all columns together."""
COLUMNS: Final = 2000
"""So many columns are judged of a table."""


class Limits(Struct, frozen=True):
    """How many distinct values are kept of a column, and of each group of candidates in it."""

    values: int = _MOST
    candidates: int = 1000

    @classmethod
    def of(cls, columns: int) -> Limits:
        """For a table of so many columns."""
        count = max(1, columns)
        values = min(_MOST, max(_FEWEST, _CELLS // count))
        return cls(values, min(_MOST_CANDIDATES, max(_FEWEST_CANDIDATES, _CANDIDATES // count)))


class Column(Struct, kw_only=True):
    """One leaf. `rows` counts its values; `empty` those that are missing or blank.

    `groups` hold the candidates. `unread` counts values of types that hold no text. `firsts` says
    that of lists of floats only the first members were looked at, `cut` that of long texts only
    some places are kept. `names` are those that its path is made of. `sampled` says of
    groups in which nothing was found how many were judged, and of how many.
    """

    sample: Sample
    rows: int = 0
    empty: int = 0
    unread: int = 0
    nested: bool = False
    firsts: bool = False
    cut: bool = False
    dtypes: dict[str, None] = field(default_factory=dict)
    groups: dict[str, Sample] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    sampled: dict[str, tuple[int, int]] = field(default_factory=dict)

    def absorb(self, other: Column) -> None:
        """Take in what another part of the rows gave."""
        self.rows += other.rows
        self.empty += other.empty
        self.unread += other.unread
        self.nested |= other.nested
        self.firsts |= other.firsts
        self.cut |= other.cut
        self.dtypes |= other.dtypes
        self.sample.absorb(other.sample)
        for name, group in other.groups.items():
            self.group(name, group.size).absorb(group)

    def group(self, name: str, size: int) -> Sample:
        """The candidates of a name."""
        return self.groups.setdefault(name, Sample(size=size))


class State(Struct, kw_only=True):
    """A mergeable state. Its samples hold raw values, its `seed` keys the hashes: memory only.

    `beyond` counts the columns that were not judged, because there are so many others.
    """

    seed: int
    limits: Limits = field(default_factory=Limits)
    rows: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    crowd: Crowd = field(default_factory=Crowd)
    traits: dict[str, None] = field(default_factory=dict)
    beyond: int = 0


def settle(state: State) -> None:
    """The form that depends on the rows alone, not on the order of batches."""
    state.crowd.settle()
    state.traits = dict(sorted(state.traits.items()))
    for column in state.columns.values():
        column.sample.settle()
        for group in column.groups.values():
            group.settle()
        column.groups = dict(sorted(column.groups.items()))
        column.dtypes = dict(sorted(column.dtypes.items()))


def pack(state: State, *, values: bool = True) -> bytes:
    """The state as MessagePack, to be sent to a process of the same scan, never to a file.

    Without `values` it holds no raw value and no key; such a state can be looked at, not merged.
    """
    settle(state)
    made = msgspec.msgpack.encode(state, enc_hook=_encoded)
    if values:
        return made
    tree = msgspec.msgpack.decode(made)
    tree["seed"] = 0
    tree["crowd"] |= {"keys": b"", "counts": b""}
    for column in tree["columns"].values():
        for sample in (column["sample"], *column["groups"].values()):
            sample["values"] = {}
            sample["counts"] = {}
    return msgspec.msgpack.encode(tree)


def unpack(data: bytes) -> State:
    """What `pack` wrote. Raises msgspec.ValidationError on anything else."""
    import numpy as np

    state = msgspec.msgpack.decode(data, type=State)
    for name in ("keys", "counts"):
        setattr(state.crowd, name, np.frombuffer(getattr(state.crowd, name), np.uint64))
    return state


def _encoded(value: Any) -> Any:
    import numpy as np

    if isinstance(value, np.ndarray):
        return value.tobytes()
    raise NotImplementedError(type(value).__name__)
