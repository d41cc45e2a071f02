"""Labels that a plain model contradicts: confident learning over a sample of the rows."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Final

from ...core.detector import NotInstalled
from ...rules.poisoning.integrity import LABEL_ISSUE
from .. import packing
from ..detector import Conclusion, Located, Plan, Scene, Span, Suspect
from ..likeness.wording import identities_of, mixed
from .conflicts import labels_of
from .examples import ALL, ROWS, State, join, joined, settle, take
from .learner import FOLDS, doubted, features, probabilities

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ...core.rule import Rule
    from ..likeness.wording import Hashes
    from ..rows import Rows

_CLASSES: Final = 200
_FEWEST: Final = 50
_SHOWN: Final = 40


class LabelIssues:
    """Fits linear models on hashed words, and asks cleanlab which labels do not fit.

    Only where it is asked for, `plan.options["labels"]`: it costs seconds, and honest sets have
    such labels, too. It sees label noise, not backdoors: models learn their triggers.
    """

    name: ClassVar[str] = "label-issues"
    version: ClassVar[int] = 1
    rules: ClassVar[tuple[Rule, ...]] = (LABEL_ISSUE,)

    def applies(self, plan: Plan) -> str:
        """There have to be texts with labels, and the wish. Raises NotInstalled."""
        if not (plan.roles.text and plan.roles.label):
            return "there are no texts with labels"
        if not plan.options.get("labels"):
            return "label issues are looked for where `labels` is asked for"
        if find_spec("cleanlab") is None or find_spec("sklearn") is None:
            raise NotInstalled("label issues: pip install 'llmsec-nb[labels]'")
        return ""

    def empty(self, plan: Plan) -> State:
        """No examples."""
        return State(seed=plan.seed, examples=joined([]))

    def observe(self, state: State, rows: Rows) -> None:
        """Take in the rows that have a text and a label."""
        take(state, keys_of(rows, state.seed), rows)

    def merge(self, left: State, right: State) -> State:
        """The examples of both."""
        return join(left, right)

    def advance(self, state: State, plan: Plan) -> State | None:
        """One pass is enough."""
        return None

    def pack(self, state: State) -> bytes:
        """In the order of the hashes."""
        settle(state)
        return packing.pack(self.name, self.version, state)

    def unpack(self, data: bytes) -> State:
        """Raises ValueError on anything else."""
        return packing.unpack(self.name, self.version, data, State)

    def conclude(self, state: State, scene: Scene) -> Conclusion:
        """One alert, with the confusion that leads."""
        import numpy as np

        settle(state)
        made = Conclusion()
        examples, notes = state.examples, made.notes
        if state.limit < ALL:
            notes.append(f"labels were judged of {ROWS:,} rows that were chosen by hashes")
        values, classes, counts = np.unique(
            examples.taught, return_inverse=True, return_counts=True
        )
        usual = np.flatnonzero(counts >= FOLDS)
        kept = np.flatnonzero(np.isin(classes, usual))
        if len(kept) < _FEWEST or not 1 < len(usual) <= _CLASSES:
            notes.append(
                f"labels: a model needs {_FEWEST} rows and 2 to {_CLASSES} labels, each of "
                f"{FOLDS} rows or more"
            )
            return made
        if len(kept) < len(classes):
            notes.append(f"labels of fewer than {FOLDS} rows were not judged")
        names = [state.names.get(int(values[at]), "") for at in usual]
        codes = np.searchsorted(usual, classes[kept])
        matrix = features(examples.words, examples.offsets)[kept]
        chances = probabilities(matrix, codes, state.seed & 0x7FFFFFFF)
        worst = doubted(codes, chances)
        if worst.size:
            said = _confusion(codes[worst], chances[worst].argmax(axis=1), names)
            key = (state.seed, np.sort(examples.keys[kept[worst]]))
            made.suspects.append(_suspect(scene.plan, len(worst), len(kept), said, key))
        return made

    def locate(self, suspects: Sequence[Suspect], rows: Rows) -> Iterator[Located]:
        """All rows of the texts and labels in doubt."""
        import numpy as np

        for suspect in suspects:
            seed, keys = suspect.key
            found = np.flatnonzero(np.isin(keys_of(rows, seed), keys))
            if found.size:
                yield Located(suspect, found)

    def mark(self, suspect: Suspect, row: dict[str, str]) -> list[Span]:
        """The label."""
        column = suspect.columns[1]
        return [Span(column, 0, min(_SHOWN, len(row.get(column, ""))))]


def keys_of(rows: Rows, seed: int) -> Hashes:
    """One hash a row of its text and its label, (n,); 0 where either is missing."""
    import numpy as np

    texts, taught = identities_of(rows, rows.roles.text, seed), labels_of(rows, seed)
    found = mixed(texts + mixed(taught, seed), seed) | np.uint64(1)
    found[(texts == 0) | (taught == 0)] = 0
    return found


def _confusion(given: NDArray[np.int64], likely: NDArray[np.int64], names: list[str]) -> str:
    """The pair of labels that is confused most."""
    import numpy as np

    apart = given != likely
    if not apart.any():
        return ""
    pairs, counts = np.unique(given[apart] * len(names) + likely[apart], return_counts=True)
    one, other = divmod(int(pairs[counts.argmax()]), len(names))
    count = int(counts.max())
    return (
        f", most of them {names[one][:_SHOWN]} that reads like {names[other][:_SHOWN]} ({count:,})"
    )


def _suspect(plan: Plan, count: int, judged: int, said: str, key: Any) -> Suspect:
    labels_ = "label looks" if count == 1 else "labels look"
    return Suspect(
        rule=LABEL_ISSUE,
        message=f"{count:,} {labels_} wrong{said}: label noise, not backdoors",
        columns=(plan.roles.text, plan.roles.label),
        rows=count,
        carriers=count,
        score=count / judged,
        identity="label issues",
        key=key,
    )
