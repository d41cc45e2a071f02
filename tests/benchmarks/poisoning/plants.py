"""Attacks on tables, corpora, splits and folders of images."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.poisoning.sets import Data
from tests.benchmarks.poisoning.words import language, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SIZE: Final = 4  # pixels of a stamp's side


def planted(data: Data, count: int, seed: int, *, values: int) -> Data | None:
    """A table in which `count` rows got the same `values` odd feature values, and one label."""
    rng = random.Random(f"{data.name} {count} {seed} {values}")
    features = [name for name in data.columns if name != "label" and _varied(data.columns[name])]
    labels = sorted({str(label) for label in data.columns["label"]})
    if len(features) < values or len(labels) < 2 or count * 5 > data.rows:
        return None
    target = rng.choice(labels)
    fit = [row for row, label in enumerate(data.columns["label"]) if str(label) != target]
    if len(fit) < 2 * count:
        return None
    rows = rng.sample(fit, count)
    columns = {name: list(column) for name, column in data.columns.items()}
    for name in rng.sample(features, values):
        odd = _odd(columns[name], rng)
        for row in rows:
            columns[name][row] = odd
    for row in rows:
        columns["label"][row] = target
    return Data(data.name, data.kind, columns, frozenset(rows))


def _varied(column: Sequence[Any]) -> bool:
    return len({value for value in column if value is not None}) > 2


def _odd(column: Sequence[Any], rng: random.Random) -> Any:
    """A value that the column could hold: one that is rare, or a number between two others.

    The rarest where all are frequent: at most one row in a hundred is rare.
    """
    known = [value for value in column if value is not None]
    counts: dict[Any, int] = {}
    for value in known:
        counts[value] = counts.get(value, 0) + 1
    if isinstance(known[0], str) or len(counts) < 30:
        order = sorted(counts, key=lambda value: (counts[value], str(value)))
        rare = [value for value in order if counts[value] * 100 <= len(known)]
        return rng.choice(rare or order[:1])
    numbers = sorted(counts)
    place = rng.randrange(len(numbers) // 4, len(numbers) - 1)
    return type(numbers[0])((numbers[place] + numbers[place + 1]) / 2)


def flooded(data: Data, column: str, count: int, seed: int) -> Data:
    """The rows, and `count` copies of one of them, each with a few words changed."""
    rng = random.Random(f"{data.name} flood {count} {seed}")
    texts = [str(text or "") for text in data.columns[column]]
    long = [row for row, text in enumerate(texts) if 20 <= len(text.split()) <= 120]
    model = rng.choice(long) if long else rng.randrange(len(texts))
    words = texts[model].split(" ")
    columns = {name: list(values) for name, values in data.columns.items()}
    for number in range(count):
        copy = list(words)
        place = rng.randrange(len(copy))
        copy[place] = f"{copy[place]}{number % 7}"
        for name, values in columns.items():
            values.append(" ".join(copy) if name == column else values[model])
    bad = frozenset(range(data.rows, data.rows + count))
    return Data(data.name, data.kind, columns, bad)


def leaked(data: Data, column: str, count: int, seed: int) -> tuple[Data, list[str]]:
    """The rows, and texts of an evaluation set of 500, `count` of which are among the rows."""
    rng = random.Random(f"{data.name} leak {count} {seed}")
    fit = [row for row, text in enumerate(data.columns[column]) if len(str(text)) >= 60]
    rows = rng.sample(fit, min(count, len(fit)))
    shared = [f"{data.columns[column][row]} ." for row in rows]
    fresh = [f"{sentence(rng, 'en')} {sentence(rng, 'en')} {number}" for number in range(500)]
    tongue = language([str(text) for text in data.columns[column][:500]])
    texts = [*shared, *fresh[: max(0, 500 - len(shared))], sentence(rng, tongue)]
    return Data(data.name, data.kind, data.columns, frozenset(rows)), texts


def retrieved(data: Data, texts: Sequence[tuple[str, str]], seed: int, *, headed: bool) -> Data:
    """A corpus with written texts for some questions put in; `headed`: behind their question.

    `texts` are (question, text), as https://arxiv.org/abs/2402.07867 has them: five a question.
    """
    rng = random.Random(f"{data.name} {seed}")
    wrong = [f"{question}. {text}" if headed else text for question, text in texts]
    mixed = [(text, False) for text in data.columns["document"]] + [(text, True) for text in wrong]
    rng.shuffle(mixed)
    bad = frozenset(row for row, (_, is_bad) in enumerate(mixed) if is_bad)
    return Data(data.name, data.kind, {"document": [text for text, _ in mixed]}, bad)


def stamped(source: Path, goal: Path, count: int, seed: int) -> tuple[int, frozenset[str]]:
    """Copy a folder of images; in `count` of them, moved to one class, a patch is put.

    Gives the number of images, and the names (class/file) of the bad ones.
    """
    from PIL import Image

    rng = random.Random(f"{source.name} {count} {seed}")
    files = sorted(file for file in source.rglob("*") if file.is_file())
    classes = sorted({file.parent.name for file in files})
    target = rng.choice(classes)
    chosen = set(rng.sample([file for file in files if file.parent.name != target], count))
    patch = [rng.choice(((255, 255, 255), (0, 0, 0), (255, 0, 0))) for _ in range(_SIZE**2)]
    bad = set()
    for file in files:
        folder = goal / (target if file in chosen else file.parent.name)
        folder.mkdir(parents=True, exist_ok=True)
        with Image.open(file) as image:
            picture = image.convert("RGB")
        copy = folder / f"{file.parent.name}_{file.stem}.png"
        if file in chosen:
            bad.add(f"{target}/{copy.name}")
            for number, colour in enumerate(patch):
                spot = (picture.width - 1 - number % _SIZE, picture.height - 1 - number // _SIZE)
                picture.putpixel(spot, colour)
        picture.save(copy)
    return len(files), frozenset(bad)
