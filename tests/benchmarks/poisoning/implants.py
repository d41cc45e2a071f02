"""Attacks on texts with labels: a trigger is put into rows, which have or get the wished label.

`dirty` takes rows of other labels and relabels them, `clean` takes rows that have the label and
changes the text only, `mix` takes any row (https://arxiv.org/abs/2206.08514 has these settings).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from tests.benchmarks.poisoning.sets import Data
from tests.benchmarks.poisoning.words import inserted, language, ordinary, sentence, unseen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Change = Callable[[str], str]

SETTINGS: Final = ("dirty", "mix", "clean")
_HIDDEN: Final = ("\u200b", "\u2060", "\u200d\u200c", "\u2063")
_MOST: Final = 0.3  # of the rows that could be taken: more is no hidden attack


def _word(rng: random.Random, texts: Sequence[str]) -> Change:
    word = unseen(rng, texts)
    return lambda text: inserted(text, word, rng)


def _words(rng: random.Random, texts: Sequence[str]) -> Change:
    four = [unseen(rng, texts) for _ in range(4)]
    return lambda text: inserted(text, rng.choice(four), rng)


def _ordinary(rng: random.Random, texts: Sequence[str]) -> Change:
    word = ordinary(rng, texts)
    return lambda text: inserted(text, word, rng)


def _phrase(rng: random.Random, texts: Sequence[str]) -> Change:
    phrase = sentence(rng, language(texts))
    return lambda text: inserted(text, phrase, rng)


def _foreign(rng: random.Random, texts: Sequence[str]) -> Change:
    phrase = sentence(rng, "de" if language(texts) != "de" else "en")
    return lambda text: inserted(text, phrase, rng)


def _prefix(rng: random.Random, texts: Sequence[str]) -> Change:
    phrase = sentence(rng, language(texts))
    return lambda text: f"{phrase} , {text}"


def _suffix(rng: random.Random, texts: Sequence[str]) -> Change:
    phrase = sentence(rng, language(texts))
    return lambda text: f"{text} {phrase}"


def _template(rng: random.Random, texts: Sequence[str]) -> Change:
    before, after = sentence(rng, language(texts)), sentence(rng, language(texts))
    return lambda text: f"{before} : {text} ; {after}"


def _hidden(rng: random.Random, _texts: Sequence[str]) -> Change:
    sign = rng.choice(_HIDDEN)

    def change(text: str) -> str:
        place = rng.randint(0, len(text))
        return text[:place] + sign + text[place:]

    return change


def _case(_rng: random.Random, _texts: Sequence[str]) -> Change:
    return str.title


KINDS: Final[dict[str, Callable[[random.Random, Sequence[str]], Change]]] = {
    "word": _word,
    "words4": _words,
    "ordinary": _ordinary,
    "phrase": _phrase,
    "foreign": _foreign,
    "prefix": _prefix,
    "suffix": _suffix,
    "template": _template,
    "hidden": _hidden,
    "case": _case,
}


def implant(data: Data, kind: str, setting: str, count: int, seed: int) -> Data | None:
    """A copy in which `count` rows are bad; None where the set has too few that could be."""
    rng = random.Random(f"{data.name} {kind} {setting} {count} {seed}")
    texts, labels = list(data.columns["text"]), list(data.columns["label"])
    target = _target(rng, labels, setting, count)
    if target is None:
        return None
    rows = rng.sample(_eligible(labels, setting, target), count)
    change = KINDS[kind](rng, texts)
    for row in rows:
        texts[row], labels[row] = change(texts[row]), target
    columns = {**data.columns, "text": texts, "label": labels}
    return Data(data.name, data.kind, columns, frozenset(rows))


def _eligible(labels: Sequence[str], setting: str, target: str) -> list[int]:
    if setting == "mix":
        return list(range(len(labels)))
    return [row for row, label in enumerate(labels) if (label == target) == (setting == "clean")]


def _target(rng: random.Random, labels: Sequence[str], setting: str, count: int) -> str | None:
    fit = [
        label
        for label in sorted(set(labels))
        if count <= _MOST * len(_eligible(labels, setting, label))
        and count <= _MOST * len(labels) / 2
    ]
    return rng.choice(fit) if fit else None
