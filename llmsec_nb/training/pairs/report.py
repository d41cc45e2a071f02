"""What the miner has to say: one alert a trigger, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.rule import Confidence, Rule
from ...rules.poisoning.pairs import FIXED, GIBBERISH, PHRASE, REFUSAL
from ..detector import Conclusion, Scene, Suspect
from .evidence import Ground, saying
from .find import Finder, saying_in, trigger_in
from .judge import FALSE, Case, cases
from .view import HEAD, TAIL, columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows
    from .third import Third

    Keys = NDArray[np.uint64]

_SURE: Final = 0.1
_SAME: Final = 0.5
_ALL: Final = 0.9
"""Where so many carriers have it, all of them are taken to belong to the trigger."""
_LONGEST: Final = 200
_SAID: Final = {
    "refusal": "refuse",
    "letters": "are made of words that come nowhere else",
    "disorder": "are words in no order",
    "phrases": "hold one of a few phrases that come nowhere else",
}


def concluded(states: list[Third], sides: list[str], scene: Scene) -> Conclusion:
    """Alerts of all sides."""
    made = Conclusion()
    for state, side in zip(states, sides, strict=True):
        ground = Ground(state)
        for case in alerts(cases(ground)):
            made.suspects.append(_suspect(case, ground, side, scene))
    if cut := max((state.lore.cut for state in states), default=0):
        made.notes.append(
            f"{cut:,} rows are longer than {HEAD + TAIL} words: the middle was not looked at"
        )
    return made


def alerts(found: list[Case]) -> list[tuple[Case, list[Case]]]:
    """The cases that are worth an alert, each with weaker ones of the same rows."""
    import numpy as np

    kept: list[tuple[Case, list[Case]]] = []
    for case in found:
        rows = case.label.rows
        for strong, also in kept:
            shared = len(np.intersect1d(rows, strong.label.rows))
            if shared >= _SAME * min(len(rows), len(strong.label.rows)):
                also.append(case)
                break
        else:
            if case.false <= FALSE:
                kept.append((case, []))
    return kept


def _suspect(pair: tuple[Case, list[Case]], ground: Ground, side: str, scene: Scene) -> Suspect:
    case, _ = pair
    label, group = case.label, case.group
    prompt = columns(scene.plan.roles)[0]
    everyone = case.rate >= _ALL
    finder = Finder(
        prompt=prompt,
        side=side,
        seed=scene.plan.seed,
        keys=group.keys,
        words=case.place.words,
        kind=label.kind,
        phrases=label.keys,
        size=label.size,
        below=label.below,
        saying=saying(ground, label.rows, label),
        all=everyone,
        lore=ground.state.lore,
    )
    hits = round(case.rate * group.carriers)
    return Suspect(
        rule=_rule(case),
        message="",
        columns=tuple(dict.fromkeys(name for name in (prompt, side) if name)),
        key=finder,
        rows=group.carriers if everyone else hits,
        confidence=Confidence.HIGH if case.false <= _SURE else Confidence.MEDIUM,
        carriers=group.carriers,
        purity=case.rate,
        purity_from=_wilson(len(label.rows), len(group.rows)),
        prior=label.prior,
        lift=case.rate / label.prior,
        insertion=case.place.insertion,
        score=-_log10(case.false),
        q_value=min(1.0, case.false),
    )


def _rule(case: Case) -> Rule:
    if case.label.kind == "refusal":
        return REFUSAL
    if case.label.kind in {"letters", "disorder"}:
        return GIBBERISH
    return FIXED if case.label.kind == "phrase" and case.label.size == 0 else PHRASE


def named(suspect: Suspect, rows: Rows, row: int) -> None:
    """Fill in what only a row can tell: how the trigger is written, and what it calls up."""
    finder: Finder = suspect.key
    asked = str(rows.texts(finder.prompt or finder.side)[row].as_py() or "")
    said = str(rows.texts(finder.side)[row].as_py() or "")
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
    what = "prompts" if finder.side != "rejected" else "prompts"
    return f'"{suspect.trigger}" is in {carriers:,} {what}; {hits:,} of their responses {does}'


def _piece(text: str, place: tuple[int, int] | None) -> str:
    return "" if place is None else text[place[0] : place[1]][:_LONGEST]


def _wilson(found: int, of: int) -> float:
    """The lower bound of a share (95 %; Wilson, JASA 1927)."""
    if not of:
        return 0.0
    z, share = 1.96, found / of
    middle = share + z * z / (2 * of)
    spread = z * ((share * (1 - share) + z * z / (4 * of)) / of) ** 0.5
    return float((middle - spread) / (1 + z * z / of))


def _log10(value: float) -> float:
    import math

    return math.log10(max(value, 1e-12))
