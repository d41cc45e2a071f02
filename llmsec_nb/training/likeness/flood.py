"""Floods of near-copies: one text in many slightly changed forms, or one again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct

from ...core.dataset import Chart
from ...core.rule import Confidence
from ...rules.poisoning.integrity import NEAR_COPY_FLOOD, REPEATED_TEXT
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from ..roles import Roles
from .clusters import LOOSE, NEAR, evenly, groups
from .content import balance, content_of
from .decoys import power
from .firmness import CLEAR, FRAMED, firm
from .sample import SIZE, Sample, Texts, absorb, no_texts, offer, second, settle
from .signature import alike, centre, signatures
from .tail import SURE, outstanding
from .targets import input_of, target_of, targets
from .wording import identities_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..rows import Rows
    from .decoys import Measured
    from .signature import Signatures
    from .wording import Hashes, Places

FEWEST: Final = 20
"""So many different near-copies are a flood, at least."""
REPEATED: Final = 50
_SHARE: Final = 0.001
"""A text that is repeated is in so many rows at least, and in this share of them."""
_MEMBER: Final = 0.2
"""Rows that share so much with the centre of a flood belong to it; unrelated ones share nothing."""
_SHORT: Final = 5
"""Shingles of a copy that was shortened; it has to share more."""
_ONE: Final = 0.95
_SHOWN: Final = 2000


class State(Struct, kw_only=True):
    """Keyed hashes only: at most 2 ** 17 texts as signatures (17 MB), and 16 MB of cells."""

    seed: int
    roles: Roles
    sample: Sample


@dataclass(frozen=True, slots=True)
class Flood:
    """What is known of one flood: the centre of its texts, or the hash of the one text."""

    texts: int
    rows: int
    purity: float | None
    centre: Signatures | None
    hash: int


class NearCopies:
    """Finds texts that come in more near-copies than the rest of the set would explain.

    Compared are texts of nine words and more beside their markup, by the words that follow each
    other. What is alike at one end only is boilerplate, which is said, and no flood. Of pairs of
    prompt and response, only copies count that mostly have one response: templates have many.
    What is close to the edge is an alert of its own, of low confidence.
    """

    name: ClassVar[str] = "near-copies"
    version: ClassVar[int] = 2
    rules: ClassVar[tuple[Rule, ...]] = (NEAR_COPY_FLOOD, REPEATED_TEXT)

    def applies(self, plan: Plan) -> str:
        """There has to be a column of text."""
        return "" if input_of(plan.roles) else "there is no column of text"

    def empty(self, plan: Plan) -> State:
        """No texts."""
        return State(seed=plan.seed, roles=plan.roles, sample=Sample(texts=no_texts()))

    def observe(self, state: State, rows: Rows) -> None:
        """Offer the texts that are long enough to the sample."""
        column = input_of(rows.roles)
        content = content_of(rows, column, state.seed)
        hashes = identities_of(rows, column, state.seed)
        taught = targets(rows, state.seed)
        offer(state.sample, hashes, taught, content, state.seed)

    def merge(self, left: State, right: State) -> State:
        """Both samples in one."""
        absorb(left.sample, right.sample, left.seed)
        return left

    def advance(self, state: State, plan: Plan) -> State | None:
        """A second pass only where not all texts could be kept."""
        settle(state.sample, state.seed)
        if state.sample.cells is None:
            return None
        return State(seed=state.seed, roles=state.roles, sample=second(state.sample))

    def pack(self, state: State) -> bytes:
        """In the order of the hashes."""
        settle(state.sample, state.seed)
        return packing.pack(self.name, self.version, state)

    def unpack(self, data: bytes) -> State:
        """Raises ValueError on anything else."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One alert for all floods of near-copies, one for all texts that are repeated."""
        settle(state.sample, state.seed)
        sample, roles = state.sample, state.roles
        found, framed = apart(sample.texts, groups(sample.texts.signature, state.seed))
        rate = (sample.limit + 1) / (1 << 64)
        known = measured(sample.texts, found)
        made = Conclusion(
            power=[power(sample, known, state.seed)],
            charts=[_chart(sample.texts, found)],
        )
        for rule, floods, confidence in judged(sample, found, known, roles):
            if floods:
                made.suspects.append(_suspect(rule, floods, state, rate, confidence))
        if framed >= FEWEST:
            made.remarks.append(
                f"{framed:,} texts of {input_of(roles)} have only their beginning or their end in "
                "common with others: boilerplate, no near-copies"
            )
        if rate < 1:
            made.notes.append(f"only {SIZE:,} of about {SIZE / rate:,.0f} texts were compared")
        return made

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
        """Rows that are close to a centre, or whose text is the repeated one."""
        import numpy as np

        for suspect in suspects:
            seed, floods = suspect.key
            column = suspect.columns[0]
            near = _belongs(rows, column, seed, floods)
            places = np.flatnonzero(near)
            if places.size:
                _show(suspect, rows, places)
                yield Located(suspect, places)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The whole text, as far as it is shown."""
        column = suspect.columns[0]
        return [Span(column, 0, min(_SHOWN, len(row.get(column, ""))))]


def apart(texts: Texts, found: list[Places]) -> tuple[list[Places], int]:
    """The groups that are alike from beginning to end, and how many texts are in the others."""
    framed = [len(group) >= LOOSE and balance(texts.ends[group]) < FRAMED for group in found]
    kept = [group for group, other in zip(found, framed, strict=True) if not other]
    return kept, sum(map(len, found)) - sum(map(len, kept))


def judged(
    sample: Sample, found: list[Places], known: Measured, roles: Roles
) -> Iterator[tuple[Rule, list[Flood], Confidence | None]]:
    """Clear floods of near-copies, others, and repeated texts in none of them; largest first."""
    import numpy as np

    texts, (sizes, even) = sample.texts, known
    rows = sample.rows * (sample.limit + 1) / (1 << 64)
    labelled = bool(roles.text) or not target_of(roles)
    clear = [
        place
        for place in outstanding(sizes, CLEAR, even, SURE).tolist()
        if even[place] or firm(texts.signature[found[place]], texts.ends[found[place]])
    ]
    floods: list[tuple[bool, Flood]] = []
    taken = np.zeros(len(texts), np.bool_)
    for place in outstanding(sizes, FEWEST, even).tolist():
        group = found[place]
        flood = _flood(texts.chosen(group), roles)
        if 2 * flood.rows > rows:
            continue  # the form of the whole set
        if labelled or (flood.purity or 0) >= 0.5:
            floods.append((place in clear, flood))
            taken[group] = True
    yield NEAR_COPY_FLOOD, [flood for sure, flood in floods if sure], None
    yield NEAR_COPY_FLOOD, [flood for sure, flood in floods if not sure], Confidence.LOW
    repeated = []
    for place in outstanding(texts.counts, max(REPEATED, round(rows * _SHARE))):
        flood = _flood(texts.chosen(slice(place, place + 1)), roles)
        if not taken[place] and (labelled or flood.purity == 1):
            repeated.append(flood)
    yield REPEATED_TEXT, repeated, None


def measured(texts: Texts, found: list[Places]) -> Measured:
    """Sizes of groups, and which of them differ at any place, as forms do not."""
    import numpy as np

    sizes = np.array([len(group) for group in found], np.int64)
    even = [len(group) >= LOOSE and evenly(texts.signature[group]) for group in found]
    return sizes, np.array(even, np.bool_)


def _flood(texts: Texts, roles: Roles) -> Flood:
    import numpy as np

    rows = int(texts.counts.sum())
    purity = None
    if target_of(roles):
        clear = texts.lows == texts.highs
        _, codes = np.unique(texts.lows[clear], return_inverse=True)
        weights = np.bincount(codes, texts.counts[clear])
        purity = float(weights.max() / rows) if weights.size else 0.0
    middle = centre(texts.signature) if len(texts) > 1 else None
    return Flood(len(texts), rows, purity, middle, int(texts.hashes[0]))


def _suspect(
    rule: Rule, floods: list[Flood], state: State, rate: float, confidence: Confidence | None
) -> Suspect:
    roles = state.roles
    rows = round(sum(flood.rows for flood in floods) / rate)
    largest = max(floods, key=lambda flood: flood.rows)
    size = round(largest.rows / rate)
    kind = "near-copies" if rule is NEAR_COPY_FLOOD else "equal rows"
    more = f"; {len(floods) - 1} other texts do the same" if len(floods) > 1 else ""
    column, target = input_of(roles), target_of(roles)
    return Suspect(
        rule=rule,
        message=f"one text of {column} comes in {size:,} {kind}{_taught(largest, roles)}{more}",
        columns=(column, target) if target else (column,),
        rows=rows,
        carriers=rows,
        purity=largest.purity,
        key=(state.seed, floods),
        confidence=confidence,
    )


def _taught(flood: Flood, roles: Roles) -> str:
    if flood.purity is None:
        return ""
    kind = "label" if roles.text else "response"
    if flood.purity >= _ONE:
        return f", with one {kind}"
    return f", with contradicting {kind}s" if roles.text else f", most with one {kind}"


def _belongs(rows: Rows, column: str, seed: int, floods: list[Flood]) -> NDArray[np.bool_]:
    import numpy as np

    content = content_of(rows, column, seed)
    signature, some = signatures(content.wording, seed, _SHORT)
    needed = np.where(content.enough, _MEMBER, NEAR)
    hashes: Hashes = identities_of(rows, column, seed)
    near = np.zeros(len(rows), np.bool_)
    for flood in floods:
        if flood.centre is None:
            near |= hashes == np.uint64(flood.hash)
        else:
            near |= some & (alike(signature, flood.centre) >= needed)
    return near


def _show(suspect: Suspect, rows: Rows, places: Places) -> None:
    """Name the suspect by the first of its texts in the alphabet, whatever the order of rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = rows.texts(suspect.columns[0]).take(pa.array(places))
    first = str(pc.min(texts).as_py() or "")[:_SHOWN]
    suspect.trigger = min(suspect.trigger, first) if suspect.trigger else first


def _chart(texts: Texts, found: list[Places]) -> Chart:
    """How many texts come alone, and in groups of which sizes."""
    import numpy as np

    sizes = np.array([len(group) for group in found], np.int64)
    names = ("alone", "2", "3-5", "6-20", "21-100", "more")
    places = np.searchsorted([3, 6, 21, 101], sizes, "right") + 1
    counts = np.bincount(places, sizes, len(names)).astype(np.int64)
    counts[0] = len(texts) - int(sizes.sum())
    title = "Texts by the number of their near-copies"
    return Chart(kind="copies", title=title, names=names, counts=tuple(counts.tolist()))
