"""The detector of stamped patches: the same block at the same place in pictures of one label.

Many blocks of honest pictures do so: the stroke of a digit, the sky. So the rest of the picture is
looked at as the rest of a row of a table is: where a block grew, the rest of the picture knows of
it; where it was stamped, the rest looks like that of any picture.

Out of reach: patches at random places, blended patterns and noise over the whole picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from msgspec import Struct

from ...rules.poisoning.images import PATCH
from .. import packing
from ..detector import Conclusion, Located, Suspect
from ..features import cases, counts, model, pairs, planted, profile
from ..features.bounds import lower, weight
from ..features.candidates import Case, decoys
from ..features.judge import verdicts
from ..features.state import State, Tally
from ..features.values import mixed
from ..roles import Roles
from ..rows import Rows
from .blocks import blocks_of, place_of
from .pixels import decoded, demand, pictures_of, thumbnail

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..detector import Plan, Scene, Span
    from ..features.judge import Verdict

NAME: Final = "image-patches"
_SIDE: Final = 8
_BUCKETS: Final = 1 << 19
_HEAVY: Final = 1 << 15
_REPEATED: Final = 8
_MOST: Final = 120
_EACH: Final = 2
_PART: Final = 16
_EXCESS: Final = 0.6
_SURPRISE: Final = 3.0
_SHARE: Final = 0.4
_SALTS: Final = (0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
_COLUMNS: Final = tuple(f"{at:02}" for at in range(_SIDE * _SIDE))
_SEVERAL: Final = 4
_WHAT: Final = "a patch stamped at one place of pictures, the label changed,"


class Stamp(Struct, frozen=True, kw_only=True):
    """What pictures of a suspect are known by: their label, and hashes of blocks they hold."""

    seed: int
    target: int
    known: dict[str, Any]
    blocks: tuple[int, ...]


class Seen(Struct):
    """The pictures of a batch: `rows` as a table of grey means, and their blocks.

    `at` are their rows in the batch, `sizes` the sums of their heights and widths; the blocks of
    picture i are blocks[offsets[i]:offsets[i + 1]].
    """

    rows: Any
    at: Any
    sizes: Any
    blocks: Any
    offsets: Any


class ImagePatches:
    """Four passes, as for tables; the state has about 8 MB, most of it empty."""

    name: ClassVar[str] = NAME
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (PATCH,)

    def applies(self, plan: Plan) -> str:
        """Asks for pictures, labels and Pillow."""
        if not plan.roles.image:
            return "no column holds pictures"
        if not plan.roles.label:
            return "no column is the label"
        demand()
        return ""

    def empty(self, plan: Plan) -> State:
        """The state of no rows."""
        import numpy as np

        state = profile.empty(_roles(plan.roles.label), plan.seed)
        state.sums["blocks"] = np.zeros((len(_SALTS), _BUCKETS), np.int64)
        state.sums["sizes"] = np.zeros(2, np.int64)
        return state.settle()

    def observe(self, state: State, rows: Rows) -> None:
        """Look at the pictures of a batch, as the pass wants it."""
        seen = seen_in(rows, state.known["seed"])
        if not len(seen.at):
            return
        if state.phase == 1:
            profile.observe(state, seen.rows)
            _count(state, seen)
        elif state.phase == 2:
            counts.observe(state, seen.rows)
            _count_exactly(state, seen)
        elif state.phase == 3:
            pairs.observe(state, seen.rows)
        else:
            cases.observe(state, seen.rows, lambda *those: _member(seen, *those))

    def merge(self, left: State, right: State) -> State:
        """The state of both."""
        left.absorb(right)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """The next pass; None after the fourth, or when there is nothing to judge."""
        if state.phase == 1:
            known = profile.learned(state)
            if known["why"]:
                return None
            known["full"] = _full(state.sums["blocks"])
            known["sizes"] = state.sums["sizes"].tolist()
            known["pictures"] = known["rows"]
            following = counts.empty(known)
            following.tallies["blocks"] = Tally.none(known["classes"])
            return following.settle()
        if state.phase == 2:
            known = model.learned(state)
            del known["full"]
            tally = state.tallies["blocks"]
            kept = tally.counts.sum(axis=1) >= _REPEATED
            known["block keys"], known["block counts"] = tally.keys[kept], tally.counts[kept]
            return pairs.empty(known, alone=True)
        if state.phase == 3:
            known = dict(state.known)
            keys, table = known.pop("block keys"), known.pop("block counts")
            found = _cases(known, keys, table)
            tests = max(1, len(keys) * int(known["classes"]))
            return cases.start(known, state, [*found, *decoys(known)], tests)
        return None

    def pack(self, state: State) -> bytes:
        """Canonical bytes."""
        return packing.pack(self.name, self.version, state.settle())

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote. Raises ValueError."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One suspect a patch, and the power."""
        if state.phase == 1:
            why = profile.learned(state)["why"] if int(state.sums["rows"][0]) else ""
            return Conclusion(notes=[why] if why else [])
        every = verdicts(state)
        real = [verdict for verdict in every if not verdict.case.size]
        groups = planted.groups_of(real, state.sums["overlap"])
        drawn = [verdict for verdict in every if verdict.case.size]
        return Conclusion(
            suspects=[_suspect(state, scene.plan, group) for group in groups],
            power=planted.power_of(NAME, _WHAT, drawn),
        )

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """The pictures that hold one of the blocks, and have the label."""
        import numpy as np

        for suspect in suspects:
            key: Stamp = suspect.key
            seen = seen_in(rows, key.seed)
            if not len(seen.at):
                continue
            labels = profile.labels_of(State(phase=0, known=key.known), seen.rows)
            held = [_holders(seen, block) for block in key.blocks]
            mine, times = np.unique(np.concatenate(held), return_counts=True)
            mine = mine[times > (len(held) >= _SEVERAL)]  # one block may stand there by chance
            found = mine[labels[mine] == key.target]
            if found.size:
                if not suspect.target:
                    row = int(seen.at[found[0]])
                    suspect.target = planted.written(rows, rows.roles.label, row)
                    suspect.message += f", {suspect.rows:,} of them labelled {suspect.target}"
                yield Located(suspect, seen.at[found])

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """Nothing in a text."""
        return []


def _roles(label: str) -> Roles:
    return Roles(label=label, others=_COLUMNS)


def seen_in(rows: Rows, seed: int) -> Seen:
    """What is to be seen in the pictures of a batch, made once."""
    return rows.once(("image blocks", seed), lambda: _seen(rows, seed))


def _seen(rows: Rows, seed: int) -> Seen:
    import numpy as np
    import pyarrow as pa

    at, means, blocks, sizes = [], [], [], np.zeros(2, np.int64)
    for row, data in pictures_of(rows):
        picture = None if data is None else decoded(data)
        if picture is not None:
            at.append(row)
            means.append(thumbnail(picture, _SIDE))
            blocks.append(blocks_of(picture, seed))
            sizes += picture.colours.shape[:2]
    places = np.array(at, np.int64)
    table = np.array(means, np.int64).reshape(len(at), len(_COLUMNS))
    columns = [pa.array(table[:, place]) for place in range(table.shape[1])]
    label = rows.column(rows.roles.label)
    labels = pa.nulls(len(at)) if label is None else label.take(pa.array(places))
    names = [*_COLUMNS, rows.roles.label]
    batch = pa.RecordBatch.from_arrays([*columns, labels], names=names)
    offsets = np.cumsum([0, *map(len, blocks)])
    every = np.concatenate([np.zeros(0, np.uint64), *blocks])
    return Seen(Rows(batch, _roles(rows.roles.label)), places, sizes, every, offsets)


def _count(state: State, seen: Seen) -> None:
    import numpy as np

    state.sums["sizes"] += seen.sizes
    for at, salt in enumerate(_SALTS):
        buckets = profile.bucket(mixed(seen.blocks, salt), _BUCKETS)
        state.sums["blocks"][at] += np.bincount(buckets, minlength=_BUCKETS)


def _full(buckets: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Which buckets may hold a block that repeats, as bits: the fullest ones."""
    import numpy as np

    least = [max(_REPEATED, int(np.partition(row, -_HEAVY)[-_HEAVY])) for row in buckets]
    return np.packbits(buckets >= np.array(least)[:, None], axis=1)


def _count_exactly(state: State, seen: Seen) -> None:
    import numpy as np

    full = np.unpackbits(state.known["full"], axis=1).astype(bool)
    labels = np.repeat(profile.labels_of(state, seen.rows), np.diff(seen.offsets))
    kept = labels >= 0
    for at, salt in enumerate(_SALTS):
        kept &= full[at][profile.bucket(mixed(seen.blocks, salt), _BUCKETS)]
    state.tallies["blocks"].add_rows(seen.blocks[kept], labels[kept])


def _cases(known: dict[str, Any], keys: NDArray[np.uint64], table: NDArray[np.int64]) -> list[Case]:
    """The blocks that come with one label, the most surprising of each part of the picture."""
    import numpy as np

    labels = known["labels count"]
    prior = labels / max(1, labels.sum())
    totals = table.sum(axis=1, keepdims=True)
    odd = lower(table, totals) > prior + _EXCESS * (1 - prior)
    odd &= totals <= _SHARE * max(1, int(labels.sum()))
    places, targets = odd.nonzero()
    scores = weight(table[places, targets], totals[places, 0], prior[targets])
    found: list[Case] = []
    taken: dict[Any, int] = {}
    for one in np.lexsort((keys[places], -scores)).tolist():
        key, target = int(keys[places[one]]), int(targets[one])
        place = place_of(key)
        part = (place.corner, place.side, place.top // _PART, place.left // _PART, target)
        if scores[one] < _SURPRISE or len(found) >= _MOST:
            break
        if taken.get(part, 0) < _EACH:
            taken[part] = taken.get(part, 0) + 1
            first, *bound = _columns(known, key)
            found.append(Case(first=first, target=target, value=key, bound=tuple(bound)))
    return found


def _columns(known: dict[str, Any], key: int) -> list[int]:
    """The parts of the thumbnail that a block and what is around it touch, its middle first."""
    place = place_of(key)
    sizes = [max(1, int(total) // max(1, known["pictures"])) for total in known["sizes"]]
    ranges = []
    for size, near, is_far in zip(
        sizes, (place.top, place.left), (place.corner & 2, place.corner & 1), strict=True
    ):
        start = size - near - place.side if is_far else near
        around = max(place.side // 2, size // _SIDE)
        parts = [
            min(_SIDE - 1, max(0, at * _SIDE // size))
            for at in (start + place.side // 2, start - around, start + place.side + around - 1)
        ]
        ranges.append(parts)
    (middle, top, low), (centre, left, right) = ranges
    found = [
        row * _SIDE + column
        for row in range(top, low + 1)
        for column in range(left, right + 1)
        if (row, column) != (middle, centre)
    ]
    return [middle * _SIDE + centre, *found]


def _member(
    seen: Seen, state: State, rows: Rows, case: Case, labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The pictures of a case; those of a decoy are drawn by hashes."""
    if case.size:
        return cases.member(state, rows, case, labels)
    found = _holders(seen, case.value)
    return found[labels[found] >= 0]


def _holders(seen: Seen, key: int) -> NDArray[np.int64]:
    """The pictures that hold a block."""
    import numpy as np

    places = np.flatnonzero(seen.blocks == np.uint64(key))
    return np.searchsorted(seen.offsets, places, side="right") - 1


def _suspect(state: State, plan: Plan, group: list[Verdict]) -> Suspect:
    head, known = group[0], state.known
    labels = known["labels count"]
    prior = float(labels[head.case.target] / max(1, labels.sum()))
    place = place_of(head.case.value)
    side = ("top left", "top right", "bottom left", "bottom right")[place.corner]
    where = f"{place.left} and {place.top} pixels from the {side}"
    purity = head.hits / max(1, head.carriers)
    names = ("binned", "labels", "label edges", "seed")
    return Suspect(
        rule=PATCH,
        message=f"the same patch stands {where} in {head.carriers:,} pictures",
        columns=(plan.roles.image,),
        key=Stamp(
            seed=known["seed"],
            target=head.case.target,
            known={name: known[name] for name in names if name in known},
            blocks=tuple(_alike(head, group)),
        ),
        trigger=f"patch {where}",
        rows=head.hits,
        confidence=planted.confidence_of(group),
        carriers=head.carriers,
        purity=purity,
        purity_from=head.purity_from,
        prior=prior,
        lift=purity / max(prior, 1e-9),
        support=head.support,
        score=head.weight,
    )


def _alike(head: Verdict, group: list[Verdict]) -> list[int]:
    """The blocks that mark the pictures: those about as good as the best one."""
    return [one.case.value for one in group if one.planted and one.weight >= head.weight / 2]
