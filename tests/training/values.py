"""Train the model that tells drawn values from names: `python -m tests.training.values`.

Secrets are generated; names, words, paths, versions and ids come from the standard library's own
source and from generators. Nothing is fetched, and the same Python gives the same asset.
"""

from __future__ import annotations

import base64
import json
import keyword
import math
import random
import re
import string
import sysconfig
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from llmsec_nb.rules.secrets.classifier import ASSET, STEP, features

ALNUM = string.ascii_letters + string.digits
LOWER = string.ascii_lowercase + string.digits
BASE32 = string.ascii_uppercase + "234567"
_ALPHABETS = (
    (string.hexdigits[:16], (12, 16, 20, 24, 32, 32, 40, 48, 64)),
    (string.hexdigits[:16].upper(), (16, 32, 40)),
    (ALNUM, (10, 12, 16, 20, 24, 28, 32, 40, 48, 64)),
    (ALNUM + "-_", (16, 20, 24, 32, 43, 64)),
    (ALNUM + "+/", (20, 24, 28, 40, 44, 64, 88)),
    (LOWER, (10, 12, 13, 16, 20, 24, 25, 32, 40)),
    (BASE32, (16, 26, 32, 52)),
    (string.ascii_uppercase + string.digits, (12, 16, 20, 32)),
    (ALNUM + "!@#$%^&*+~", (10, 12, 14, 16, 20, 24)),
    (string.ascii_letters, (20, 24, 32, 40)),
    (string.ascii_lowercase, (16, 20, 24, 32)),
)
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,40}")
_STRING = re.compile(r"\"([^\"\s\\]{4,60})\"|'([^'\s\\]{4,60})'")
_MODULES = 220


def library() -> list[str]:
    """Sources of the standard library, always the same ones."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    files = [path for path in sorted(folder.glob("*.py")) if path.name[0] not in "_t"]
    return [path.read_text("utf-8", "replace") for path in files[:_MODULES]]


def names(sources: Iterable[str]) -> list[str]:
    """Every identifier and string without blanks in the sources, once."""
    found: set[str] = set()
    for source in sources:
        found.update(_IDENTIFIER.findall(source))
        found.update(one or other for one, other in _STRING.findall(source))
    return sorted(name for name in found if not keyword.iskeyword(name) and not _is_drawn(name))


def _is_drawn(name: str) -> bool:
    """Alphabets, hashes and tables that the library's strings hold."""
    return len(name) > 24 and not re.search(r"[_.\-/ :]", name)


def secret(draw: random.Random) -> str:
    """A value as a machine draws it."""
    alphabet, lengths = draw.choice(_ALPHABETS)
    value = "".join(draw.choice(alphabet) for _ in range(draw.choice(lengths)))
    if "+" in alphabet and len(value) % 4 == 0 and draw.random() < 0.3:
        return base64.b64encode(
            draw.randbytes(len(value) * 3 // 4 - draw.choice((0, 1, 2)))
        ).decode()
    if draw.random() < 0.08:
        value = draw.choice(("sk_", "key-", "pk.", "tok_", "app-", "v1.")) + value
    return value


class Names:
    """Draws what is no secret, made of the words of the sources."""

    def __init__(self, draw: random.Random, known: list[str]) -> None:
        self.draw = draw
        self.known = known
        words = {word.lower() for name in known for word in re.findall(r"[A-Za-z][a-z]+", name)}
        self.words = sorted(word for word in words if 2 < len(word) < 15)
        self.makers = (
            *[self._known] * 5, self._snake, self._snake, self._kebab, self._camel, self._dotted, self._path,
            self._file, self._version, self._date, self._number, self._tagged, self._model, self._host,
            self._shouted, self._tagged,
        )  # fmt: skip

    def __call__(self) -> str:
        return self.draw.choice(self.makers)()

    def _some(self, low: int, high: int) -> list[str]:
        return [self.draw.choice(self.words) for _ in range(self.draw.randint(low, high))]

    def _known(self) -> str:
        return self.draw.choice(self.known)

    def _snake(self) -> str:
        return "_".join(self._some(2, 5))

    def _kebab(self) -> str:
        return "-".join(self._some(2, 5))

    def _camel(self) -> str:
        return "".join(word.title() for word in self._some(2, 4))

    def _shouted(self) -> str:
        return "_".join(self._some(2, 4)).upper()

    def _dotted(self) -> str:
        return ".".join([*self._some(1, 3), self._camel()])

    def _path(self) -> str:
        return "/".join(["", *self._some(2, 4)])

    def _file(self) -> str:
        ending = self.draw.choice(
            ("csv", "json", "py", "parquet", "txt", "h5", "pkl", "tar.gz", "md")
        )
        return f"{self._snake()}{self.draw.choice(('', '_v2', '_2024', '-01'))}.{ending}"

    def _version(self) -> str:
        parts = [str(self.draw.randint(0, 30)) for _ in range(self.draw.randint(2, 4))]
        return self.draw.choice(("", "v", "release-", "rc", "py3-")) + ".".join(parts)

    def _date(self) -> str:
        year, month, day = (
            self.draw.randint(1990, 2030),
            self.draw.randint(1, 12),
            self.draw.randint(1, 28),
        )
        form = self.draw.choice(
            ("{}-{:02}-{:02}", "{}{:02}{:02}", "{}-{:02}-{:02}T12:30:05Z", "{}/{:02}/{:02}")
        )
        return form.format(year, month, day)

    def _number(self) -> str:
        return str(self.draw.randint(0, 10 ** self.draw.randint(4, 18)))

    def _tagged(self) -> str:
        glue = self.draw.choice("_-:.")
        return glue.join([*self._some(1, 3), str(self.draw.randint(0, 9999))])

    def _model(self) -> str:
        sizes = ("7b", "70B", "8x7b", "small", "3.1", "4o", "2024-08-06", "v0.3", "fp16", "q4")
        tail = self.draw.sample(sizes, self.draw.randint(1, 3))
        return "-".join([*self._some(1, 2), *tail, *self._some(0, 1)])

    def _host(self) -> str:
        return ".".join([*self._some(1, 3), self.draw.choice(("com", "org", "io", "corp", "net"))])


def surprises(known: list[str]) -> bytes:
    """How surprising each letter is after two others in words, in steps of the asset."""
    counts: Counter[tuple[int, int, int]] = Counter()
    for name in known:
        for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name):
            codes = [0, 0, *(ord(char) - 96 for char in word.lower()), 0]
            counts.update(zip(codes, codes[1:], codes[2:], strict=False))
    steps = bytearray()
    for first in range(27):
        for second in range(27):
            row = [counts[first, second, third] for third in range(27)]
            backing = sum(row) + 2.7
            steps += bytes(
                min(255, round(-math.log2((count + 0.1) / backing) * STEP)) for count in row
            )
    return bytes(steps)


def fitted(samples: list[tuple[list[float], int]], draw: random.Random) -> list[float]:
    """Weights by gradient descent, one sample at a time."""
    weights = [0.0] * len(samples[0][0])
    for epoch in range(24):
        draw.shuffle(samples)
        rate = 0.4 / (1 + epoch)
        for values, label in samples:
            total = sum(map(float.__mul__, weights, values))
            error = label - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            weights = [w + rate * error * v for w, v in zip(weights, values, strict=True)]
    return weights


def asset(count: int = 12_000) -> bytes:
    """The trained model as the file that is shipped."""
    draw = random.Random(20240501)
    known = names(library())
    surprise = surprises(known)
    innocent = Names(draw, known)
    samples = [(features(secret(draw), surprise), 1) for _ in range(count)]
    samples += [(features(innocent(), surprise), 0) for _ in range(count)]
    weights = [round(weight, 3) for weight in fitted(samples, draw)]
    packed = base64.b85encode(surprise).decode()
    return (json.dumps({"weights": weights, "surprise": packed}) + "\n").encode()


if __name__ == "__main__":
    ASSET.write_bytes(asset())
