"""The detector of files of pictures: what is wrong with each, and which are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from msgspec import Struct

from ...core.rule import Confidence
from ...rules.poisoning import images as rules
from .. import packing
from ..detector import Conclusion, Located, Suspect
from ..features.state import State, Tally
from ..features.values import MISSING, mixed, values_of
from . import looks
from .again import crowds, is_torn
from .pixels import decoded, demand, look_hash, pictures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..detector import Plan, Scene, Span
    from ..rows import Rows

_NAMES: Final = ("path", "file_name", "filename", "file", "name")
_FLAWS: Final = {
    looks.CORRUPT: (rules.CORRUPT, "cannot be decoded to the end"),
    looks.TRAILING: (rules.TRAILING, "have bytes after their end"),
    looks.POLYGLOT: (rules.POLYGLOT, "are a program, an archive or a document as well"),
    looks.TEXT: (rules.TEXT, "hold instructions, code or hidden characters in their metadata"),
    looks.BOMB: (rules.BOMB, "have more pixels than is safe to decode"),
    looks.MISNAMED: (rules.MISNAMED, "are of another type than their names say"),
}


class Look(NamedTuple):
    """What one row gave: flaws, the digest, how it looks; hashes are 0 for none."""

    row: int
    flaws: frozenset[int]
    digest: int
    looks: int


class Flaw(Struct, frozen=True):
    """What rows of a suspect are known by: a flaw, or hashes of digests or of looks."""

    seed: int
    flaw: int = -1
    digests: frozenset[int] = frozenset()
    looks: frozenset[int] = frozenset()


class ImageFiles:
    """Corrupt, polyglot and oversized files, odd metadata, the same picture again.

    The state has a few numbers for each distinct picture.
    """

    name: ClassVar[str] = "image-files"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = tuple(
        rule for rule in rules.RULES if rule is not rules.PATCH
    )

    def applies(self, plan: Plan) -> str:
        """Asks for pictures, and Pillow."""
        if not plan.roles.image:
            return "no column holds pictures"
        demand()
        return ""

    def empty(self, plan: Plan) -> State:
        """The state of no rows."""
        import numpy as np

        return State(
            phase=1,
            known={"seed": plan.seed},
            sums={"flaws": np.zeros(looks.KINDS, np.int64), "rows": np.zeros(2, np.int64)},
            tallies={"digests": Tally.none(3), "looks": Tally.none(3)},
        ).settle()

    def observe(self, state: State, rows: Rows) -> None:
        """Look at each file of a batch."""
        import numpy as np

        seed = state.known["seed"]
        found = looked(rows, seed)
        state.sums["rows"] += [len(rows), len(found)]
        for look in found:
            for flaw in look.flaws:
                state.sums["flaws"][flaw] += 1
        labels = _label_numbers(rows, seed)
        numbers = labels[[look.row for look in found]]
        counts = np.stack([np.ones_like(numbers), numbers, numbers**2], axis=1)
        for name, keys in (
            ("digests", np.array([look.digest for look in found], np.uint64)),
            ("looks", np.array([look.looks for look in found], np.uint64)),
        ):
            state.tallies[name].add(keys[keys > 0], counts[keys > 0])

    def merge(self, left: State, right: State) -> State:
        """The state of both."""
        left.absorb(right)
        return left

    def advance(self, state: State, plan: Plan) -> None:
        """There is one pass."""

    def pack(self, state: State) -> bytes:
        """Canonical bytes."""
        return packing.pack(self.name, self.version, state.settle())

    def unpack(self, data: bytes) -> State:
        """What `pack` wrote. Raises ValueError."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One suspect a kind of flaw."""
        seed, column = state.known["seed"], scene.plan.roles.image
        found = [
            _suspect(rule, f"{number:,} pictures {told}", column, number, Flaw(seed, flaw))
            for flaw, (rule, told) in _FLAWS.items()
            if (number := int(state.sums["flaws"][flaw]))
        ]
        found += _repeats(state, column)
        rows, read = state.sums["rows"].tolist()
        unread = f"{rows - read:,} rows that hold no picture: paths and addresses are not followed"
        return Conclusion(suspects=found, notes=[unread] if rows > read else [])

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterable[Located]:
        """The rows of each suspect, looked at again."""
        import numpy as np

        for suspect in suspects:
            key: Flaw = suspect.key
            mine = [
                look.row
                for look in looked(rows, key.seed)
                if key.flaw in look.flaws or look.digest in key.digests or look.looks in key.looks
            ]
            if mine:
                yield Located(suspect, np.array(mine, np.int64))

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """Nothing in a text."""
        return []


def looked(rows: Rows, seed: int) -> list[Look]:
    """What each picture of a batch is like, made once."""
    return rows.once(("image looks", seed), lambda: [*_looks(rows, seed)])


def _looks(rows: Rows, seed: int) -> Iterable[Look]:
    import hashlib

    key = (seed & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")
    names = _names(rows)
    for row, data in pictures_of(rows):
        if data is None:
            continue
        flaws = looks.wrong_with(data, names[row] or "")
        shown = 0
        if not flaws & {looks.BOMB, looks.CORRUPT}:
            picture = decoded(data)
            if picture is None:
                flaws |= {looks.CORRUPT}
            else:
                shown = look_hash(picture)
        digest = hashlib.blake2b(data, digest_size=8, key=key).digest()
        yield Look(row, flaws, int.from_bytes(digest, "little") | 1, shown)


def _names(rows: Rows) -> list[str | None]:
    for name in _NAMES:
        if name in rows.batch.schema.names:
            found: list[str | None] = rows.texts(name).to_pylist()
            return found
    return [None] * len(rows)


def _label_numbers(rows: Rows, seed: int) -> NDArray[np.int64]:
    """A number of each label, below 2**15, 0 for none; equal ones are nearly always the same."""
    import numpy as np

    if not rows.roles.label:
        return np.zeros(len(rows), np.int64)
    hashes = values_of(rows, rows.roles.label, seed).hashes
    numbers = (mixed(hashes, seed) >> np.uint64(49)).astype(np.int64)
    return np.where(hashes == MISSING, 0, numbers)


def _suspect(
    rule: Rule, message: str, column: str, rows: int, key: Flaw, sure: Confidence | None = None
) -> Suspect:
    return Suspect(
        rule=rule, message=message, columns=(column,), key=key, rows=rows, identity=rule.name,
        confidence=sure,
    )  # fmt: skip


def _repeats(state: State, column: str) -> list[Suspect]:
    """Pictures that come again, with one label or with several."""
    seed = state.known["seed"]
    alike: dict[bool, list[tuple[str, Any, int]]] = {False: [], True: []}
    digests = state.tallies["digests"]
    for key, counts in zip(digests.keys.tolist(), digests.counts.tolist(), strict=True):
        if counts[0] > 1:
            alike[is_torn(counts)].append(("digests", key, counts[0]))
    for keys, counts in crowds(state.tallies["looks"]):
        if counts[0] > 1:
            alike[is_torn(counts)] += [("looks", key, number) for key, number in keys]
    found = []
    for torn, rule in ((True, rules.TWO_LABELS), (False, rules.REPEATED)):
        if not alike[torn]:
            continue
        sets = {
            name: frozenset(key for kind, key, _ in alike[torn] if kind == name)
            for name in ("digests", "looks")
        }
        seen = sum(number for kind, _, number in alike[torn] if kind == "looks")
        rows = max(seen, sum(number for kind, _, number in alike[torn] if kind == "digests"))
        exact = bool(sets["digests"])
        told = "several labels" if torn else "the same content"
        message = f"{rows:,} pictures of which another looks the same, with {told}"
        sure = (Confidence.HIGH if exact else Confidence.LOW) if torn else None
        found.append(_suspect(rule, message, column, rows, Flaw(seed, -1, **sets), sure))
    return found
