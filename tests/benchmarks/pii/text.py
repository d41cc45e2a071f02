"""Personal data in labelled texts: precision, recall, F1, against Presidio without a model.

    python -m tests.benchmarks.pii.text --data DATA --python PYTHON [--only-rivals]

PYTHON is an interpreter with presidio-analyzer. Spans match where their intersection over union is at
least a half, kinds must agree, F1 is over all spans together. `resolved`: of findings that overlap
only the strongest stays. The rules were written without reading these texts; the subset shares no
template with the second file of the same generator, which some people tune on.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.benchmarks.pii.eval_data import (
    TEXT_FILES,
    Sample,
    digests,
    generated,
    synth,
    unseen,
    wikigold,
)
from tests.benchmarks.pii.eval_peers import Presidio
from tests.benchmarks.pii.eval_rivals import KINDS
from tests.benchmarks.pii.eval_score import resolved, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.pii.eval_data import Span

_DATELESS: Final = tuple(kind for kind in KINDS if kind != "DATE_TIME")
_NAMES: Final = ("PERSON", "LOCATION")
# Presidio's own default is 0; 0.4 is what its notebooks and the table of columns use.
_THRESHOLD: Final = 0.4
Found = list[list["Span"]]


def _strong(found: Found, least: float) -> Found:
    return [[span for span in spans if span.score >= least] for spans in found]


def _one_each(found: Found) -> Found:
    return [resolved(spans) for spans in found]


def _rivals(python: str, texts: Sequence[str]) -> Iterator[tuple[str, Found]]:
    for engine in ("noop", "context"):
        with Presidio(python, engine) as presidio:
            found, _ = presidio.find(texts)
        strong = _strong(found, _THRESHOLD)
        yield f"presidio {engine}", strong
        yield f"presidio {engine} resolved", _one_each(strong)


def _ours(texts: Sequence[str]) -> Iterator[tuple[str, Found]]:
    from tests.benchmarks.pii import eval_ours

    found = eval_ours.texts(texts)
    yield "llmsec all", found
    yield "llmsec all resolved", _one_each(found)
    yield "llmsec medium+", _strong(found, eval_ours.MEDIUM)


def _print(samples: Sequence[Sample], finders: dict[str, Found], kinds: Sequence[str]) -> None:
    gold = [sample.spans for sample in samples]
    print(f"{'':28} {'F1':>6} {'P':>6} {'R':>6} {'found':>6} {'false':>6} {'missed':>6}")
    for name, found in finders.items():
        f1, precision, recall, *counts = tally(gold, found, kinds).figures(kinds)
        numbers = " ".join(f"{count:6}" for count in counts)
        print(f"{name:28} {f1:6.3f} {precision:6.3f} {recall:6.3f} {numbers}")


def _by_kind(samples: Sequence[Sample], finders: dict[str, Found], kinds: Sequence[str]) -> None:
    gold = [sample.spans for sample in samples]
    print(f"{'found/false/missed':28} " + " ".join(f"{kind[:13]:>13}" for kind in kinds))
    for name, found in finders.items():
        counts = tally(gold, found, kinds)
        cells = (
            f"{counts.found[kind]}/{counts.false[kind]}/{counts.missed[kind]}" for kind in kinds
        )
        print(f"{name:28} " + " ".join(f"{cell:>13}" for cell in cells))


def _structured(samples: Sequence[Sample], finders: dict[str, Found], rest: set[str]) -> None:
    print("\nnine structured kinds")
    _print(samples, finders, KINDS)
    _by_kind(samples, finders, KINDS)
    print("\nwithout DATE_TIME")
    _print(samples, finders, _DATELESS)
    print(f"\ntemplates that the other file does not have: {len(rest)}")
    few = [index for index, sample in enumerate(samples) if sample.template in rest]
    part = {name: [found[index] for index in few] for name, found in finders.items()}
    print(f"{len(few)} texts, nine kinds")
    _print([samples[index] for index in few], part, KINDS)
    print("without DATE_TIME")
    _print([samples[index] for index in few], part, _DATELESS)


def _names(samples: Sequence[Sample], ours: dict[str, Found]) -> None:
    for kind in _NAMES:
        print(f"\n{kind}")
        _print(samples, ours, (kind,))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--only-rivals", action="store_true")
    arguments = parser.parse_args()
    print("\n".join(digests(arguments.data / "text" / name for name in TEXT_FILES)))
    samples = synth(arguments.data)
    texts = [sample.text for sample in samples]
    ours = {} if arguments.only_rivals else dict(_ours(texts))
    rest = {sample.template for sample in unseen(samples, generated(arguments.data))}
    print(f"\nsynth_dataset_v2: {len(samples)} texts")
    _structured(samples, dict(_rivals(arguments.python, texts)) | ours, rest)
    if not arguments.only_rivals:
        print("\nsynth_dataset_v2, names")
        _names(samples, ours)
        sentences = wikigold(arguments.data)
        print(f"\nwikigold, names: {len(sentences)} sentences")
        _names(sentences, dict(_ours([sample.text for sample in sentences])))


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the module's docstring."""


if __name__ == "__main__":
    main()
