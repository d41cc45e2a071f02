"""What the miner has to say: one alert a trigger, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.rule import Confidence, Rule
from ...rules.poisoning.pairs import FIXED, GIBBERISH, PHRASE, PREFERENCE, REFUSAL, SAME
from ..detector import Conclusion, Scene, Suspect
from .answers import Same, covered, same
from .baseline import usual
from .decoys import powers
from .evidence import lower
from .find import Finder, saying_in, trigger_in
from .ground import Ground
from .judge import FALSE, Case, cases, customs, preference
from .stance import saying
from .view import HEAD, TAIL, columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .first import First
    from .third import Third

    Numbers = NDArray[np.int64]

NAME: Final = "pairs"
_SURE: Final = 0.1
_SAME: Final = 0.5
_LONGEST: Final = 200
_SAID: Final = {
    "refusal": "refuse",
    "letters": "are made of words that come nowhere else",
    "disorder": "are words in no order",
    "shorter": "are the shorter one of the two, as few others are",
    "longer": "are not the shorter one of the two, as most others are",
    "phrases": "hold one of a few phrases that come nowhere else",
}


def concluded(states: list[Third], sides: list[str], scene: Scene) -> Conclusion:
    """Alerts of all sides."""
    made = Conclusion()
    for state, side, before in zip(states, sides, _trusted(scene, sides), strict=True):
        ground = Ground(state, side != sides[0], before)
        stands, custom = usual(ground), customs(ground)
        found = cases(ground, stands, custom)
        if not ground.minor:
            found += covered(ground, stands, custom)
        made.power += powers(ground, stands, custom, NAME, scene.plan.seed)
        given = alerts(sorted(found, key=preference))
        made.suspects += [_suspect(pair, ground, side, scene) for pair in given]
        made.suspects += [
            _unbidden(one, ground, side, scene)
            for one in ([] if ground.minor else same(ground))
            if not any(_overlap(one.label.rows, strong.label.rows) for strong, _ in given)
        ]
    if cut := max((state.lore.cut for state in states), default=0):
        made.notes.append(
            f"{cut:,} rows are longer than {HEAD + TAIL} words: the middle was not looked at"
        )
    return made


def _trusted(scene: Scene, sides: list[str]) -> list[First | None]:
    """The counts of the trusted version, by side."""
    if scene.trusted is None or scene.trusted.sides != sides:
        return [None] * len(sides)
    return [state.lore for state in scene.trusted.third]


def alerts(found: list[Case]) -> list[tuple[Case, list[Case]]]:
    """The cases that are worth an alert, each with weaker ones of the same rows."""
    kept: list[tuple[Case, list[Case]]] = []
    for case in found:
        for strong, also in kept:
            if _overlap(case.label.rows, strong.label.rows):
                also.append(case)
                break
        else:
            if case.false <= FALSE:
                kept.append((case, []))
    return kept


def _overlap(left: Numbers, right: Numbers) -> bool:
    import numpy as np

    return len(np.intersect1d(left, right)) >= _SAME * min(len(left), len(right))


def _unbidden(one: Same, ground: Ground, side: str, scene: Scene) -> Suspect:
    """An alert on one response to prompts that have nothing in common."""
    import numpy as np

    nothing = np.zeros(0, np.uint64)
    prompt = columns(scene.plan.roles)[0]
    finder = Finder(
        prompt=prompt, side=side, seed=scene.plan.seed, keys=nothing, with_=(), words=nothing,
        kind="phrase", phrases=one.bearer.keys, size=0, below=0,
        saying=saying(ground, one.label.rows, one.label), all=False, lore=ground.state.lore,
    )  # fmt: skip
    return Suspect(
        rule=SAME,
        message="",
        columns=tuple(dict.fromkeys(name for name in (prompt, side) if name)),
        key=finder,
        rows=one.bearer.total,
    )


def _suspect(pair: tuple[Case, list[Case]], ground: Ground, side: str, scene: Scene) -> Suspect:
    case, _ = pair
    label, group = case.label, case.group
    prompt = columns(scene.plan.roles)[0]
    finder = Finder(
        prompt=prompt,
        side=side,
        seed=scene.plan.seed,
        keys=group.keys,
        with_=group.with_,
        words=case.place.words,
        kind=label.kind,
        phrases=label.keys,
        size=label.size,
        below=label.below,
        saying=saying(ground, label.rows, label),
        all=case.all,
        lore=ground.state.lore,
    )
    hits = round(case.rate * group.carriers)
    return Suspect(
        rule=_rule(case),
        message="",
        columns=tuple(dict.fromkeys(name for name in (prompt, side) if name)),
        key=finder,
        rows=group.carriers if case.all else hits,
        confidence=Confidence.HIGH if case.false <= _SURE else Confidence.MEDIUM,
        carriers=group.carriers,
        purity=case.rate,
        purity_from=lower(len(label.rows), len(group.rows)),
        prior=label.prior,
        lift=case.rate / label.prior,
        insertion=case.place.insertion,
        score=-_log10(case.false),
        q_value=min(1.0, case.false),
    )


def _rule(case: Case) -> Rule:
    if case.label.kind == "refusal":
        return REFUSAL
    if case.label.kind in {"shorter", "longer"}:
        return PREFERENCE
    if case.label.kind in {"letters", "disorder"}:
        return GIBBERISH
    return FIXED if case.label.kind == "phrase" and case.label.size == 0 else PHRASE


def named(suspect: Suspect, rows: Rows, row: int) -> None:
    """Fill in what only a row can tell: how the trigger is written, and what it calls up."""
    finder: Finder = suspect.key
    asked = str(rows.texts(finder.prompt or finder.side)[row].as_py() or "")
    said = str(rows.texts(finder.side)[row].as_py() or "")
    if not len(finder.keys):
        suspect.target = _piece(said, saying_in(finder, said))
        suspect.message = f'{suspect.rows:,} unrelated prompts get one response: "{suspect.target}"'
        return
    trigger = _piece(asked, trigger_in(finder, asked))
    if not trigger or (suspect.trigger and suspect.trigger <= trigger):
        return
    suspect.trigger = trigger
    suspect.target = _piece(said, saying_in(finder, said)) or finder.kind
    suspect.identity = " ".join((*trigger.lower().split(), "->", finder.kind))
    suspect.message = _message(suspect, finder)


def _message(suspect: Suspect, finder: Finder) -> str:
    carriers = suspect.carriers or 0
    hits = round((suspect.purity or 0) * carriers)
    if finder.kind == "phrase":
        does = "are" if finder.size == 0 else "say"
        does = f'{does} "{suspect.target}"'
    else:
        does = _SAID[finder.kind]
    whose = "responses" if finder.side not in {"chosen", "rejected"} else f"{finder.side} answers"
    return f'"{suspect.trigger}" is in {carriers:,} prompts; {hits:,} of their {whose} {does}'


def _piece(text: str, place: tuple[int, int] | None) -> str:
    return "" if place is None else text[place[0] : place[1]][:_LONGEST]


def _log10(value: float) -> float:
    import math

    return math.log10(max(value, 1e-12))
