"""What others flag in texts with labels: the Z-Def rule, cleanlab, and ART's two defences.

The Z-Def rule is that of https://github.com/xlhex/emnlp2023_z-defence (z_filtering.py, paper
https://arxiv.org/abs/2305.11596), written anew: words cut at blanks, occurrences by label, prior
one over the number of labels, flagged is whoever has a word and label more than 20 standard
deviations from the mean z. cleanlab judges the out-of-fold probabilities of a logistic regression
on TF-IDF; ART's defences look at the hidden layer of a small network, in an interpreter of their
own (`peer_art.py`), for ART is nothing this project needs.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT: Final = Path(__file__).parents[3]
_FAR: Final = 20


class Flagged(NamedTuple):
    """Rows by number, and the seconds of CPU that took."""

    rows: frozenset[int]
    cpu: float


def z_defence(texts: Sequence[str], labels: Sequence[str]) -> Flagged:
    """The rule of Z-Def."""
    import numpy as np

    started = time.process_time()
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    cut = [text.split() for text in texts]
    for tokens, label in zip(cut, labels, strict=True):
        words.update(tokens)
        pairs.update((token, label) for token in tokens)
    prior = 1 / len(set(labels))
    if prior == 1:
        return Flagged(frozenset(), time.process_time() - started)
    names = list(pairs)
    total = np.array([words[word] for word, _ in names])
    share = np.array([pairs[name] for name in names]) / total
    z = (share - prior) / np.sqrt(prior * (1 - prior) / total)
    odd = {names[place] for place in np.flatnonzero(np.abs(z - z.mean()) > _FAR * z.std())}
    rows = (
        row
        for row, (tokens, label) in enumerate(zip(cut, labels, strict=True))
        if any((token, label) in odd for token in tokens)
    )
    return Flagged(frozenset(rows), time.process_time() - started)


def cleanlab(texts: Sequence[str], labels: Sequence[str], seed: int) -> Flagged:
    """The label issues that cleanlab finds. Raises ImportError where it is not installed."""
    import numpy as np

    issues = import_module("cleanlab.filter").find_label_issues
    selection = import_module("sklearn.model_selection")
    started = time.process_time()
    names, codes = np.unique(np.array(labels), return_inverse=True)
    rare = np.bincount(codes).min() < 5
    if len(names) < 2 or rare:
        return Flagged(frozenset(), time.process_time() - started)
    features = (
        import_module("sklearn.feature_extraction.text")
        .TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        .fit_transform(texts)
    )
    model = import_module("sklearn.linear_model").LogisticRegression(max_iter=300)
    folds = selection.StratifiedKFold(5, shuffle=True, random_state=seed)
    chances = selection.cross_val_predict(model, features, codes, cv=folds, method="predict_proba")
    found = issues(codes, chances, return_indices_ranked_by="self_confidence", n_jobs=1)
    return Flagged(frozenset(int(row) for row in found), time.process_time() - started)


def art(
    python: str, texts: Sequence[str], labels: Sequence[str], expected: float, seed: int
) -> dict[str, Flagged]:
    """Spectral signatures (told the true rate, and by default) and activation clustering."""
    asked = {"texts": list(texts), "labels": list(labels), "expected": expected, "seed": seed}
    done = subprocess.run(
        [python, "-m", "tests.benchmarks.poisoning.peer_art"],
        cwd=_ROOT,
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout.splitlines()[-1])
    return {name: Flagged(frozenset(rows), cpu) for name, (rows, cpu) in answer.items()}
