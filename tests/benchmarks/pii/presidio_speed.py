"""Presidio behind gates against plain Presidio: the same findings, and how many times faster.

    python tests/benchmarks/pii/presidio_speed.py [--notebooks DIRECTORY] [--scale 1.0]

Both have the same registry, recognizers and NLP engine. Texts are analyzed in turn, batch by
batch, so that a change in the machine's speed hits both; times are CPU seconds of this process.
Prints one line a corpus with the ratio and the number of texts on which they differ.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import sysconfig
import time
import unicodedata
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]  # the parser's own names
from re import _parser as parser  # type: ignore[attr-defined]  # as above
from typing import TYPE_CHECKING, Any

from llmsec_nb.presidio.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

_BATCH = 500
_ODD = {"s": "ſ", "k": "\u212a", "i": "ıİ"}  # equal to the letter when case is ignored
_DIGITS = [chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Nd"]
_NAMES = ["Ada", "Bo", "Chen", "Dana", "Eli", "Fatou", "Gus", "Hana", "Ivo", "June"]
_CONTEXT = [
    "",
    "my number is ",
    "SSN: ",
    "call ",
    "passport# ",
    "account ",
    "driver license ",
    "ip = ",
    "card ",
    "e-mail: ",
    "IBAN ",
    "born on ",
    "x",
    "(",
    '"',
]
_AFTER = ["", ".", " ", ")", "x", "1", "\n", '"', ", thanks", " for the bank"]


class Drawer:
    """Draws strings from a pattern's parse tree; look-arounds are left to chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._groups: dict[int, str] = {}

    def draw(self, pattern: str) -> str:
        return self._sequence(parser.parse(pattern.replace("(?i)", ""), 2))

    def _sequence(self, items: Any) -> str:
        return "".join(self._one(code, what) for code, what in items)

    def _one(self, code: Any, what: Any) -> str:
        if code is op.LITERAL:
            return self._varied(chr(what))
        if code is op.BRANCH:
            return self._sequence(self.random.choice(what[1]))
        if code is op.SUBPATTERN:
            text = self._sequence(what[3])
            self._groups[what[0]] = text
            return text
        if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            low, high, inside = what
            count = self.random.randint(low, min(int(high), low + 4))
            return "".join(self._sequence(inside) for _ in range(count))
        if code is op.GROUPREF:
            return self._groups[what]
        if code is op.IN:
            return self._of_class(what)
        return self.random.choice("aZ0 é") if code in (op.ANY, op.NOT_LITERAL) else ""

    def _of_class(self, items: Any) -> str:
        code, what = self.random.choice(items)
        if items[0][0] is op.NEGATE:
            return self.random.choice("aZ09-_é")
        if code is op.RANGE:
            return self._varied(chr(self.random.randint(*what)))
        if code is op.LITERAL:
            return self._varied(chr(what))
        if what is op.CATEGORY_DIGIT:
            odd = self.random.random() < 0.05
            return self.random.choice(_DIGITS if odd else "0123456789")
        return self.random.choice("ab9_Zßд") if what is op.CATEGORY_WORD else " "

    def _varied(self, character: str) -> str:
        chance = self.random.random()
        if chance < 0.04 and character.lower() in _ODD:
            return self.random.choice(_ODD[character.lower()])
        if chance < 0.04 and character.isdigit():
            return self.random.choice(_DIGITS)
        return character.swapcase() if chance > 0.7 else character


def planted(patterns: list[str], count: int, seed: int = 1) -> list[str]:
    """Sentences with values drawn from recognizers' patterns, and phone numbers."""
    drawer = Drawer(seed)
    dice = drawer.random
    texts = []
    for _ in range(count):
        parts = [dice.choice(_NAMES), " said: "]
        for _ in range(dice.randint(1, 3)):
            phone = f"+{dice.randint(1, 99)} {dice.randint(100, 999)} {dice.randint(10**5, 10**8)}"
            value = drawer.draw(dice.choice(patterns)) if dice.random() < 0.8 else phone
            parts += [dice.choice(_CONTEXT), value, dice.choice(_AFTER), " and "]
        texts.append("".join(parts))
    return texts


def fuzzed(patterns: list[str], count: int, seed: int = 2) -> list[str]:
    """The same with random code points in between, and texts of nothing but those."""
    dice = random.Random(seed)
    texts = []
    for text in planted(patterns, count, seed):
        characters = list(text) if dice.random() < 0.8 else ["1"] * dice.randint(0, 30)
        for _ in range(dice.randint(1, 6)):
            odd = dice.choice([*"ſKıİ⁰½…\u0301\u200d\u00ad\x1c\x85\u2028\r\n\t-.:/@", *_DIGITS])
            wild = chr(dice.choice([dice.randint(0, 0x2FFF), dice.randint(0xE000, 0x10FFFF)]))
            characters.insert(dice.randint(0, len(characters)), dice.choice([odd, wild]))
        texts.append("".join(characters))
    return texts


def numeric(count: int, seed: int = 3) -> list[str]:
    """What tables and arrays of numbers look like when they are printed."""
    dice = random.Random(seed)
    return [
        "\n".join(
            f"{row}  " + "  ".join(f"{dice.gauss(0, 10 ** dice.randint(0, 5)):.4f}" for _ in "abcd")
            for row in range(dice.randint(2, 8))
        )
        for _ in range(count)
    ]


def prose(count: int) -> list[str]:
    """Paragraphs of licences, read-mes and docstrings of what is installed."""
    paragraphs: list[str] = []
    packages = Path(sysconfig.get_path("purelib"))
    for pattern in ("*.rst", "METADATA", "LICENSE*"):
        for file in filter(Path.is_file, sorted(packages.rglob(pattern))):
            paragraphs += file.read_text("utf-8", "replace").split("\n\n")
    for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        paragraphs += file.read_text("utf-8", "replace").split('"""')[1::2]
    chosen = sorted({one for one in paragraphs if 20 < len(one) < 4_000})
    random.Random(4).shuffle(chosen)
    return chosen[:count]


def cells(directory: Path, count: int) -> list[str]:
    """Sources and printed outputs of notebooks."""
    texts: list[str] = []
    for file in sorted(directory.rglob("*.ipynb")):
        for cell in json.loads(file.read_text("utf-8")).get("cells", []):
            texts.append("".join(cell.get("source", "")))
            for output in cell.get("outputs", []):
                said = output.get("text") or output.get("data", {}).get("text/plain", "")
                texts.append("".join(said))
    chosen = sorted({text for text in texts if text and len(text) < 3_000})
    random.Random(5).shuffle(chosen)
    return chosen[:count]


def columns(count: int, seed: int = 6) -> dict[str, list[str]]:
    """Columns of one kind of value."""
    dice = random.Random(seed)

    def digits(length: int) -> str:
        return "".join(dice.choice("0123456789") for _ in range(length))

    kinds: dict[str, Callable[[], str]] = {
        "ssn": lambda: f"{digits(3)}-{digits(2)}-{digits(4)}",
        "phone": lambda: f"({dice.randint(201, 989)}) {digits(3)}-{digits(4)}",
        "phone abroad": lambda: f"+44 20 {digits(4)} {digits(4)}",
        "card": lambda: "4" + digits(15),
        "ip": lambda: ".".join(str(dice.randint(0, 255)) for _ in range(4)),
        "e-mail": lambda: f"{dice.choice(_NAMES).lower()}{digits(2)}@host{digits(2)}.com",
        "iban": lambda: "DE" + digits(20),
        "name": lambda: f"{dice.choice(_NAMES)} {dice.choice(_NAMES)}son",
        "integer": lambda: str(dice.randint(0, 10**6)),
        "float": lambda: repr(dice.random() * 100),
        "date": lambda: (
            f"{dice.randint(1950, 2020)}-{dice.randint(1, 12):02}-{dice.randint(1, 28)}"
        ),
        "uuid": lambda: f"{digits(8)}-{digits(4)}-4a{digits(2)}-b{digits(3)}-{digits(12)}",
        "url": lambda: f"https://www.host{digits(3)}.org/{digits(5)}",
        "code": lambda: f"{dice.choice('ABCXYZ')}{digits(7)}",
    }
    return {f"column {name}": [make() for _ in range(count)] for name, make in kinds.items()}


def patterns_of(engine: Any) -> list[str]:
    """The patterns of all recognizers that the parser of `re` can read."""
    recognizers = engine.registry.recognizers
    return [pattern.regex for one in recognizers for pattern in getattr(one, "patterns", [])]


def seen(results: list[Any]) -> list[tuple[str, int, int, float]]:
    """What must be equal."""
    return [(one.entity_type, one.start, one.end, one.score) for one in results]


def compare(analyzer: Any, texts: list[str], *, single: bool = False) -> tuple[float, float, int]:
    """CPU seconds of plain Presidio and of ours, and on how many texts they differ."""
    plain = fast = 0.0
    differing = 0
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        begin = time.process_time()
        theirs = [analyzer.engine.analyze(text, "en", score_threshold=0.0) for text in batch]
        middle = time.process_time()
        problems: list[Any] = []
        if single:
            ours = [analyzer.analyze([text], problems=problems)[0] for text in batch]
        else:
            ours = analyzer.analyze(batch, problems=problems)
        end = time.process_time()
        plain += middle - begin
        fast += end - middle
        differing += sum(seen(a) != seen(b) for a, b in zip(theirs, ours, strict=True))
        differing += len(problems)
    return plain, fast, differing


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--notebooks", type=Path)
    options.add_argument("--scale", type=float, default=1.0)
    chosen = options.parse_args()

    def sized(count: int) -> int:
        return max(1, int(count * chosen.scale))

    analyzer = build().analyzer
    patterns = patterns_of(analyzer.engine)
    corpora = {
        "planted": planted(patterns, sized(2_000)),
        "fuzzed Unicode": fuzzed(patterns, sized(3_000)),
        "prose": prose(sized(2_000)),
        "numeric outputs": numeric(sized(200)),
        **columns(sized(500)),
    }
    if chosen.notebooks:
        corpora["notebook cells"] = cells(chosen.notebooks, sized(2_000))
    warm = ["a@example.com 212-555-0100 " * 100, *prose(50)]
    compare(analyzer, warm)
    compare(analyzer, warm)
    total = [0.0, 0.0, 0, 0]
    for name, texts in [*corpora.items(), ("prose, one by one", corpora["prose"][:500])]:
        plain, fast, differing = compare(analyzer, texts, single=name.endswith("one by one"))
        print(
            f"{name:20} {len(texts):6} texts {plain / len(texts) * 1e6:8.0f}"
            f" -> {fast / len(texts) * 1e6:7.0f} us  x {plain / fast:6.1f}  {differing} differ",
            flush=True,
        )
        total = [total[0] + plain, total[1] + fast, total[2] + len(texts), total[3] + differing]
    print(f"all: {total[2]} texts, x {total[0] / total[1]:.1f}, {total[3]} differ")


if __name__ == "__main__":
    main()
