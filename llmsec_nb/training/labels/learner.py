"""What a plain model that has not seen a row says of its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS: Final = 5
FEATURES: Final = 1 << 18


def features(words: NDArray[np.uint32], offsets: NDArray[np.int64]) -> Any:
    """TF-IDF of words and of pairs of words, hashed into FEATURES columns: a sparse matrix."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfTransformer

    sizes = np.diff(offsets)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    inside = rows[1:] == rows[:-1]
    pairs = words[:-1] * np.uint32(0x9E3779B1) + words[1:]
    pairs = (pairs ^ (pairs >> np.uint32(15)))[inside]
    columns = np.concatenate([words, pairs]) % np.uint32(FEATURES)
    places = np.concatenate([rows, rows[1:][inside]])
    counts = csr_matrix(
        (np.ones(len(columns), np.float32), (places, columns.astype(np.int64))),
        shape=(len(sizes), FEATURES),
    )
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts)


def probabilities(matrix: Any, classes: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Probability of each class for each row, by models that were fitted without it, (n, k).

    The folds are shuffled: rows often stand in the order of their labels, or of their sources.
    Each class has at least FOLDS rows.
    """
    import numpy as np
    from sklearn.linear_model import SGDClassifier
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros((len(classes), int(classes.max()) + 1))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learnt, asked in folds.split(np.zeros(len(classes)), classes):
        model = SGDClassifier(
            loss="log_loss", alpha=3e-5, max_iter=15, tol=None, average=True, random_state=seed
        )
        found[asked] = model.fit(matrix[learnt], classes[learnt]).predict_proba(matrix[asked])
    return found


def doubted(classes: NDArray[np.int64], chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places of the labels that are most likely wrong, the worst first (confident learning)."""
    import numpy as np
    from cleanlab.filter import find_label_issues

    found = find_label_issues(
        classes, chances, return_indices_ranked_by="self_confidence", n_jobs=1
    )
    return np.asarray(found, np.int64)
