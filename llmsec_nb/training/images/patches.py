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
from ..features.candidates import decoys
from ..features.judge import verdicts
from ..features.state import State, Tally
from .blocks import place_of
from .pixels import demand
from .seen import (
    BUCKETS,
    REPEATED,
    SALTS,
    count,
    count_exactly,
    full,
    holders,
    member,
    roles_of,
    seen_in,
)
from .stamps import stamps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...core.rule import Rule
    from ..detector import Plan, Scene, Span
    from ..features.judge import Verdict
    from ..rows import Rows

NAME: Final = "image-patches"
_SEVERAL: Final = 4
_WHAT: Final = "a patch stamped at one place of pictures, the label changed,"


class Stamp(Struct, frozen=True, kw_only=True):
    """What pictures of a suspect are known by: their label, and hashes of blocks they hold."""

    seed: int
    target: int
    known: dict[str, Any]
    blocks: tuple[int, ...]


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

        state = profile.empty(roles_of(plan.roles.label), plan.seed)
        state.sums["blocks"] = np.zeros((len(SALTS), BUCKETS), np.int64)
        state.sums["sizes"] = np.zeros(2, np.int64)
        return state.settle()

    def observe(self, state: State, rows: Rows) -> None:
        """Look at the pictures of a batch, as the pass wants it."""
        seen = seen_in(rows, state.known["seed"])
        if not len(seen.at):
            return
        if state.phase == 1:
            profile.observe(state, seen.rows)
            count(state, seen)
        elif state.phase == 2:
            counts.observe(state, seen.rows)
            count_exactly(state, seen)
        elif state.phase == 3:
            pairs.observe(state, seen.rows)
        else:
            cases.observe(state, seen.rows, lambda *those: member(seen, *those))

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
            known["full"] = full(state.sums["blocks"])
            known["sizes"] = state.sums["sizes"].tolist()
            known["pictures"] = known["rows"]
            following = counts.empty(known)
            following.tallies["blocks"] = Tally.none(known["classes"])
            return following.settle()
        if state.phase == 2:
            known = model.learned(state)
            del known["full"]
            tally = state.tallies["blocks"]
            kept = tally.counts.sum(axis=1) >= REPEATED
            known["block keys"], known["block counts"] = tally.keys[kept], tally.counts[kept]
            return pairs.empty(known, alone=True)
        if state.phase == 3:
            known = dict(state.known)
            keys, table = known.pop("block keys"), known.pop("block counts")
            found = stamps(known, keys, table)
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
            held = [holders(seen, block) for block in key.blocks]
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
