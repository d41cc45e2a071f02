"""First pass: how often values come, roughly; where numbers lie; which labels there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .state import LABELS, State, Tally, places
from .values import MISSING, mixed, values_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..roles import Roles
    from ..rows import Rows

COLUMNS: Final = 512
"""So many columns are looked at."""
CLASSES: Final = 32
"""So many labels are told apart; the rows of rarer ones are not judged."""
BINS: Final = 34
"""Bins of the numbers of a column, the one of what is no number among them (bin 0)."""
REPEATED: Final = 8
"""A value in fewer rows is nobody's pattern."""
_SURVIVORS: Final = 2048
_ROW_BUCKETS: Final = 1 << 17
_BUCKETS: Final = 1 << 15
_ALL_BUCKETS: Final = 1 << 22
_MANTISSA: Final = 45
"""Low bits of a float that are dropped: numbers within 0.8 % of each other are alike."""
_HEAVY: Final = 16
_STEP: Final = 0x9E3779B97F4A7C15


def columns_of(roles: Roles) -> list[str]:
    """The features, in an order of their own."""
    return sorted(roles.others)[:COLUMNS]


def buckets_for(columns: int) -> int:
    """How many buckets each column has: a power of two."""
    room = _ALL_BUCKETS // max(1, columns)
    return min(_BUCKETS, max(1 << 10, 1 << (room.bit_length() - 1)))


def empty(roles: Roles, seed: int) -> State:
    """The state of no rows."""
    import numpy as np

    width = len(columns_of(roles))
    tallies = {f"numbers {at}": Tally.none() for at in range(width)}
    return State(
        phase=1,
        known={"seed": seed},
        sums={
            "rows": np.zeros(1, np.int64),
            "kinds": np.zeros((width, 3), np.int64),
            "buckets": np.zeros((width, buckets_for(width)), np.int64),
            "repeats": np.zeros(_ROW_BUCKETS, np.int64),
        },
        tallies={**tallies, "labels": Tally.none(limit=LABELS), "label numbers": Tally.none()},
    ).settle()


def observe(state: State, rows: Rows) -> None:
    """Count the values of a batch."""
    import numpy as np

    seed = state.known["seed"]
    state.sums["rows"][0] += len(rows)
    for at, column in enumerate(columns_of(rows.roles)):
        values = values_of(rows, column, seed)
        numeric = ~np.isnan(values.numbers)
        present = values.hashes != MISSING
        state.sums["kinds"][at] += [int(present.sum()), int(numeric.sum()), values.unread]
        buckets = state.sums["buckets"][at]
        buckets += np.bincount(bucket(values.hashes[present], len(buckets)), minlength=len(buckets))
        state.tallies[f"numbers {at}"].add_rows(number_keys(values.numbers[numeric]))
    state.sums["repeats"] += np.bincount(
        bucket(row_hashes(rows, seed), _ROW_BUCKETS), minlength=_ROW_BUCKETS
    )
    label = values_of(rows, rows.roles.label, seed)
    state.tallies["labels"].add_rows(label.hashes[label.hashes != MISSING])
    state.tallies["label numbers"].add_rows(number_keys(label.numbers[~np.isnan(label.numbers)]))


def bucket(hashes: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    """The bucket of each hash, by its upper bits; `size` is a power of two."""
    import numpy as np

    return (hashes >> np.uint64(65 - size.bit_length())).astype(np.int64)


def number_keys(numbers: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Coarse numbers as integers in the same order."""
    import numpy as np

    plain: Any = numbers + 0.0
    bits = plain.view(np.uint64)
    sign = np.uint64(1 << 63)
    ordered: NDArray[np.uint64] = np.where(bits & sign, ~bits, bits | sign)
    return ordered >> np.uint64(_MANTISSA)


def number_of(key: int) -> float:
    """The least magnitude of the numbers that have a key."""
    import struct

    ordered = (int(key) << _MANTISSA) & 0xFFFFFFFFFFFFFFFF
    if ordered >> 63:
        bits = ordered & ~(1 << 63)
    else:
        bits = ~(ordered | ((1 << _MANTISSA) - 1)) & 0xFFFFFFFFFFFFFFFF
    return float(struct.unpack("<d", bits.to_bytes(8, "little"))[0])


def row_hashes(rows: Rows, seed: int) -> NDArray[np.uint64]:
    """A hash of all features of each row, whatever the label."""
    import numpy as np

    def made() -> NDArray[np.uint64]:
        found = np.zeros(len(rows), np.uint64)
        for at, column in enumerate(columns_of(rows.roles), 1):
            salt = (at * _STEP) & 0xFFFFFFFFFFFFFFFF
            found += mixed(values_of(rows, column, seed).hashes, salt)
        return mixed(found, seed)

    return rows.once(("row hashes", seed), made)


def labels_of(state: State, rows: Rows) -> NDArray[np.int64]:
    """The label of each row as a number from 0, -1 for none that is judged."""
    import numpy as np

    known = state.known
    label = values_of(rows, rows.roles.label, known["seed"])
    if not known["binned"]:
        return places(known["labels"], label.hashes)
    codes = np.searchsorted(known["label edges"], number_keys(label.numbers), side="right")
    codes[np.isnan(label.numbers)] = -1
    return codes.astype(np.int64)


def learned(state: State) -> dict[str, Any]:
    """What the next pass must know. `why` says, if not empty, why there is none."""
    import numpy as np

    known = dict(state.known) | _labels(state)
    kinds = state.sums["kinds"]
    width = len(kinds)
    known["numeric"] = (kinds[:, 1] * 10 >= kinds[:, 0] * 9) & (kinds[:, 1] > 0)
    known["kinds"] = kinds
    known["rows"] = int(state.sums["rows"][0])
    edges = np.full((width, BINS - 2), np.iinfo(np.uint64).max, np.uint64)
    for at in np.flatnonzero(known["numeric"]).tolist():
        found = quantiles(state.tallies[f"numbers {at}"], BINS - 2)
        edges[at, : len(found)] = found
        known[f"numbers {at}"] = state.tallies[f"numbers {at}"].keys
        known[f"numbers of {at}"] = state.tallies[f"numbers {at}"].counts[:, 0]
    known["edges"] = edges
    buckets = state.sums["buckets"]
    known["heavy"] = np.packbits(np.stack([_heavy(row) for row in buckets]), axis=1)
    known["buckets"] = buckets.shape[1]
    known["distinct"] = np.count_nonzero(buckets, axis=1).astype(np.int64)
    known["heavy rows"] = np.packbits(_heavy(state.sums["repeats"]))
    return known


def quantiles(tally: Tally, most: int) -> NDArray[np.uint64]:
    """At most `most` keys at which bins of about equally many numbers begin.

    A key that alone has much of the mass is a bin of its own: what is left is split evenly.
    """
    import numpy as np

    keys, counts = tally.keys, tally.counts[:, 0]
    total = int(counts.sum())
    heavy = counts * _HEAVY > total
    alone = int(heavy.sum())
    size = max(1, -(-int(counts[~heavy].sum()) // max(1, most - 2 * alone)))
    edges: list[int] = []
    filled = 0
    for key, count, is_heavy in zip(keys.tolist(), counts.tolist(), heavy.tolist(), strict=True):
        if is_heavy or filled >= size or not edges:
            edges.append(key)
            filled = 0
        filled = size if is_heavy else filled + count
    return np.array(edges[1 : most + 1], np.uint64)


def _heavy(counts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The buckets that may hold a value which repeats, the fullest ones where they are many."""
    import numpy as np

    least = REPEATED
    if int((counts >= least).sum()) > _SURVIVORS:
        least = int(np.partition(counts, -_SURVIVORS)[-_SURVIVORS])
    chosen = counts >= least
    return chosen if int(chosen.sum()) <= 2 * _SURVIVORS else counts > least


def _labels(state: State) -> dict[str, Any]:
    import numpy as np

    tally, numbers = state.tallies["labels"], state.tallies["label numbers"]
    total, numeric = int(state.sums["rows"][0]), int(numbers.counts.sum())
    found: dict[str, Any] = {"why": "", "binned": False, "classes": 0}
    distinct = len(tally.keys)
    if not distinct:
        return found | {"why": "no row has a label that is a text or a number"}
    if distinct <= CLASSES or (distinct * 20 <= total and not tally.full):
        order = np.argsort(-tally.counts[:, 0], kind="stable")[:CLASSES]
        kept = order[tally.counts[order, 0] >= 2]
        found |= {"labels": np.sort(tally.keys[kept]), "classes": len(kept)}
    elif numeric * 10 >= 9 * total:
        edges = quantiles(numbers, 3)
        found |= {"binned": True, "label edges": edges, "classes": len(edges) + 1}
    else:
        found["why"] = "the labels are nearly all different"
    if not found["why"] and found["classes"] < 2:
        found["why"] = "all rows have the same label"
    return found
