"""From sums to alerts: what is said of the triggers that were found, and of those that were not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ...core.dataset import Point, Power
from ...rules.poisoning.triggers import ANCHORED, INSERTED, MARKER
from ..detector import Conclusion, Suspect
from .charts import charts
from .choice import evidence
from .decoys import decoys, ground, insertion
from .features import FEATURES
from .first import LABELS, UNIT, First
from .groups import SHARED, groups, shared, widest
from .locate import Key
from .measures import measured, priors, ranks, taken
from .novelty import fresh, novelty
from .score import LIFT, THRESHOLD, Model, against, judged
from .stream import sizes_of
from .suspects import made_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..detector import Plan, Scene
    from .decoys import Ground
    from .measures import Measures
    from .third import Third

    Reals = NDArray[np.float64]

NAME: Final = "triggers"
_MOST: Final = 25
"""So many alerts; more triggers than that are said in a note."""
_POINTS: Final = 300
_ROWS: Final = (8, 10, 12, 15, 20, 25, 30, 40, 50, 70, 100, 150, 200)
_DECOYS: Final = 40
_ENOUGH: Final = 0.95
_MARGIN: Final = 1.0
"""Decoys have to be so much clearer (nats) than alerts: real triggers vary more."""


def unfit(state: First) -> str:
    """Why there is nothing to mine, in one line; empty if there is."""
    labels = len(state.labels.keys)
    if not state.rows:
        return "no row has both a text and a label"
    if labels < 2:  # nothing to tell apart
        return "all rows have the same label"
    if labels > LABELS or state.labels.coarse:
        return f"more than {LABELS} different labels: no column of classes"
    return ""


def concluded(state: Third, scene: Scene) -> Conclusion:
    """Judge the third pass."""
    seed = scene.plan.seed
    every, field = measured(state), ground(state)
    found = taken(every, every.closed)
    made = Conclusion(notes=notes(state), charts=charts(state.known.sizes, state.known.lengths))
    if not len(found):
        made.power = _powers(None, field, seed)
        return made
    trusted = scene.trusted.first if scene.trusted is not None else None
    new = None if trusted is None or not trusted.rows else novelty(state, found, trusted)
    model, scores = judged(found, insertion(field, seed), new)
    sizes = sizes_of(state.chosen.keys[found.places])
    found_groups = groups(found, scores, state.sketch[found.places], sizes)
    named = [_named(state, every, int(found.places[group[0]])) for group in found_groups]
    # what holds of a longer form alone is what stands beside it by chance
    sure = ~every.anchored | against(every)
    found_groups = [group for group, name in zip(found_groups, named, strict=True) if sure[name]]
    made.suspects = [
        _suspect(state, every, found, scores, group, scene.plan) for group in found_groups[:_MOST]
    ]
    if len(found_groups) > _MOST:
        made.notes.append(f"{len(found_groups) - _MOST} further triggers are not listed")
    if new is not None:
        inside = {place for group in found_groups for place in group}
        made.suspects += fresh(state, found, new, inside, scene.plan)
    taken_up = [state.sketch[found.places[group[0]]] for group in found_groups]
    made.suspects += _traits(state, model, taken_up, scene.plan)
    _qualify(made.suspects)
    made.points = _points(found, found_groups[:_MOST])
    made.power = _powers(model, field, seed)
    return made


def notes(state: Third) -> list[str]:
    """What was not looked at."""
    found = []
    if state.known.cut:
        found.append(f"of {state.known.cut} rows only the first 4,096 words were read")
    if state.chosen.beyond:
        found.append(f"{state.chosen.beyond} words and phrases that tell least of the labels")
    if state.chosen.coarse:
        found.append("words and phrases with labels, of which there are too many to be told apart")
    if state.known.coarse:
        found.append("rare words, of which there are too many to be told apart")
    return found


def _named(state: Third, every: Measures, place: int) -> int:
    """The form by which a trigger goes."""
    return widest(every, place, state.sketch, sizes_of(state.chosen.keys))


def _suspect(
    state: Third, every: Measures, found: Measures, scores: Reals, group: list[int], plan: Plan
) -> Suspect:
    places = found.places[group].tolist()
    first = _named(state, every, places[0])
    forms = dict.fromkeys([first, *places])
    rows, hits = state.rows[first].tolist()
    return made_of(
        ANCHORED if every.anchored[first] else INSERTED,
        f"a phrase is in {rows} rows, {hits} of them with one label",
        plan,
        Key(
            seed=plan.seed,
            target=int(state.known.labels[every.target[first]]),
            grams=tuple(state.chosen.keys[list(forms)].tolist()),
        ),
        (rows, hits, float(every.prior[first])),
        support=float(every.support[first]),
        insertion=-float(every.insertion[first]),
        score=float(max(scores[group])),
    )


def _traits(
    state: Third, model: Model, sketches: list[NDArray[np.uint64]], plan: Plan
) -> list[Suspect]:
    """Ways of writing whose rows speak against their label; `sketches` are of known triggers."""
    import numpy as np

    known = state.known
    if model.opposed is None:
        return []
    prior = priors(state)
    standing = ranks(state.classes)
    made = []
    for number, name in enumerate(FEATURES):
        hits = state.traits[number].sum(1) / UNIT
        rows = max(1, round(float(hits.sum())))
        for target in np.flatnonzero(hits >= known.least).tolist():
            mine, share = round(float(hits[target])), float(prior[target])
            lift = (mine / rows - share) / max(1 - share, 1e-9)
            if lift < LIFT:
                continue
            support = float((state.traits[number, target] * standing[target]).sum() / UNIT / mine)
            surprise = model.opposed.surprise(np.array([-support]), np.array([float(mine)]))
            tells = float(evidence(np.array(rows), np.array(mine), np.array(share)))
            score = float(surprise[0]) - math.log(len(FEATURES) * len(prior))
            hashed = int(known.labels[target])
            mark = state.marks[number * len(known.labels) + target]
            told = any(shared(mark, other) >= SHARED for other in sketches)
            if score <= THRESHOLD or tells <= THRESHOLD or told:
                continue
            made.append(
                made_of(
                    MARKER,
                    f"{FEATURES[name]}: {rows} rows, {mine} of them with one label",
                    plan,
                    Key(seed=plan.seed, target=hashed, trait=name),
                    (rows, mine, share),
                    support=support,
                    score=score,
                )
            )
    return made


def _qualify(suspects: list[Suspect]) -> None:
    """The expected share of false ones among all as strong as each."""
    suspects.sort(key=lambda one: -(one.score or 0))
    for rank, one in enumerate(suspects, 1):
        one.q_value = min(1.0, math.exp(-(one.score or 0)) / rank)


def _points(found: Measures, alerts: list[list[int]]) -> list[Point]:
    """The triggers, and the natural words that tell most of a label."""
    import numpy as np

    listed = {place: str(number) for number, group in enumerate(alerts) for place in group[:1]}
    inside = {place for group in alerts for place in group}
    rest = np.argsort(-found.label, kind="stable").tolist()
    places = [*listed, *(place for place in rest if place not in inside)][:_POINTS]
    return [
        Point(
            text="",
            count=int(found.rows[place]),
            purity=float(found.hits[place] / found.rows[place]),
            target="",
            insertion=-float(found.insertion[place]),
            alert=listed.get(place, ""),
        )
        for place in places
    ]


def _powers(model: Model | None, field: Ground | None, seed: int) -> list[Power]:
    """From how many rows on decoys are seen."""
    return [
        _power(model, field, seed, what, changed=changed)
        for what, changed in (
            ("an inserted word or phrase whose rows had another label", True),
            ("an inserted word or phrase whose rows keep their label", False),
        )
    ]


def _power(
    model: Model | None, field: Ground | None, seed: int, what: str, *, changed: bool
) -> Power:
    curve: list[tuple[int, float]] = []
    if model is not None and field is not None:
        for rows in _ROWS:
            scores = model.score(decoys(field, rows, _DECOYS, seed, changed=changed))
            curve.append((rows, float((scores > THRESHOLD + _MARGIN).mean())))
    for place in range(len(curve) - 2, -1, -1):  # no fewer rows are said to show more than more do
        rows, share = curve[place]
        curve[place] = rows, min(share, curve[place + 1][1])
    enough: int | None = None
    for rows, share in reversed(curve):
        if share < _ENOUGH:
            break
        enough = rows
    return Power(
        detector=NAME,
        what=what,
        rows=enough,
        share=dict(curve).get(enough or 0, 0.0),
        decoys=_DECOYS,
        curve=tuple(curve),
        false_alerts=math.exp(-THRESHOLD),
    )
