"""Asked by `peers.py`, under an interpreter with adversarial-robustness-toolbox and scikit-learn.

Reads {texts, labels, expected, seed} as JSON, and prints {name: [rows, CPU seconds]}. ART looks at
activations of a network of PyTorch, Keras or MXNet; `_Model` gives it those of a scikit-learn
network with 64 hidden units on 100 components of TF-IDF.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any, Final

_DEFAULT: Final = 0.33  # what SpectralSignatureDefense takes when it is not told
_BATCH: Final = 128


class _Model:
    """As much of an ART classifier as its poison detectors use."""

    def __init__(self, features: Any, codes: Any, seed: int) -> None:
        network = import_module("sklearn.neural_network")
        self._network = network.MLPClassifier((64,), max_iter=40, random_state=seed)
        self._network.fit(features, codes)
        self.nb_classes = int(codes.max()) + 1
        self.layer_names = ["hidden"]

    def predict(self, x: Any, *_: Any, **__: Any) -> Any:
        return self._network.predict_proba(x)

    def get_activations(self, x: Any, *_: Any, **__: Any) -> Any:
        import numpy as np

        return np.maximum(x @ self._network.coefs_[0] + self._network.intercepts_[0], 0)


def _features(texts: list[str], seed: int) -> Any:
    import numpy as np

    text = import_module("sklearn.feature_extraction.text")
    counts = text.TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(texts)
    shrink = import_module("sklearn.decomposition").TruncatedSVD(100, random_state=seed)
    return np.asarray(shrink.fit_transform(counts), dtype=np.float32)


def _kept(defence: Any, **options: Any) -> list[int]:
    """The rows that a defence throws out."""
    _, kept = defence.detect_poison(**options)
    return [row for row, good in enumerate(kept) if not good]


def main() -> None:
    """Ask the defences once each."""
    import numpy as np

    asked = json.load(sys.stdin)
    poison = import_module("art.defences.detector.poison")
    started = time.process_time()
    names, codes = np.unique(np.array(asked["labels"]), return_inverse=True)
    features = _features(asked["texts"], asked["seed"])
    model = _Model(features, codes, asked["seed"])
    hot = np.eye(len(names), dtype=np.float32)[codes]
    training = time.process_time() - started
    answer: dict[str, tuple[list[int], float]] = {}
    for name, rate in (("spectral, told", asked["expected"]), ("spectral", _DEFAULT)):
        started = time.process_time()
        defence = poison.SpectralSignatureDefense(
            model, features, hot, batch_size=_BATCH, expected_pp_poison=rate
        )
        answer[name] = (_kept(defence), training + time.process_time() - started)
    started = time.process_time()
    rows = _kept(
        poison.ActivationDefence(model, features, hot),
        nb_clusters=2,
        nb_dims=10,
        reduce="PCA",
        cluster_analysis="smaller",
    )
    answer["activations"] = (rows, training + time.process_time() - started)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
