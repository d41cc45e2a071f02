"""Other scanners' own samples as JSON lines, two thirds to work with and one third kept unread.

    python -m tests.benchmarks.secrets.extract --into DIRECTORY \
        --yaml noseyparker=CHECKOUT --yaml kingfisher=CHECKOUT \
        --lines gitleaks=FILE.jsonl --lines betterleaks=FILE.jsonl

`--yaml` reads the `examples` and `negative_examples` of every rule file below a directory.
`--lines` takes samples that are JSON lines already: `rule`, `text`, `positive`, and, where known,
`secret` and `path`. Writes `dev.jsonl`, `held.jsonl` (texts whose SHA-256 is divisible by three,
to be measured once, at the end) and `dev_rules.txt`. Prints counts, never a sample.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FLAGS: Final = re.compile(r"\(\?([a-z]+)\)")
_CLASSES: Final = {"[:alnum:]": "a-zA-Z0-9", "[:alpha:]": "a-zA-Z", "[:digit:]": "0-9"}
_HELD_OUT_OF: Final = 3


class Sample(TypedDict):
    """One text, and whether a scanner has to find something in it."""

    source: str
    rule: str
    text: str
    positive: bool
    secret: str | None
    path: str | None


def captured(pattern: str, text: str) -> str | None:
    """What the rule's own expression takes for the secret; None if Python cannot run it."""
    for name, characters in _CLASSES.items():
        pattern = pattern.replace(name, characters)
    flags = "".join(sorted(set("".join(_FLAGS.findall(pattern)))))
    body = _FLAGS.sub("", pattern).replace(r"\z", r"\Z").replace("(?<TOKEN>", "(?P<TOKEN>")
    ending = "\n" if "x" in flags else ""  # closes a comment in the last line
    try:
        match = re.search(f"(?{flags}:{body}{ending})" if flags else body, text)
    except re.error:
        return None
    if match is None:
        return None
    named = match.groupdict().get("TOKEN")
    return named or next((group for group in match.groups() if group), match[0])


def from_yaml(source: str, directory: Path) -> Iterator[Sample]:
    """The examples of the rule files below a directory."""
    import yaml  # type: ignore[import-untyped,unused-ignore]

    for file in sorted([*directory.rglob("*.yml"), *directory.rglob("*.yaml")]):
        try:
            tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        rules = tree.get("rules") if isinstance(tree, dict) else None
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, dict):
                yield from _of_rule(source, rule)


def _of_rule(source: str, rule: dict[str, Any]) -> Iterator[Sample]:
    for member, positive in (("examples", True), ("negative_examples", False)):
        for text in rule.get(member) or ():
            value = text if isinstance(text, str) else str(text)
            secret = captured(str(rule.get("pattern", "")), value) if positive else None
            yield Sample(
                source=source,
                rule=str(rule.get("id")),
                text=value,
                positive=positive,
                secret=secret,
                path=None,
            )


def from_lines(source: str, file: Path) -> Iterator[Sample]:
    """Samples that are JSON lines already."""
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield Sample(
                source=source,
                rule=row["rule"],
                text=row["text"],
                positive=row["positive"],
                secret=row.get("secret"),
                path=row.get("path"),
            )


def is_held_out(text: str) -> bool:
    """Whether a text belongs to the third that nobody looks at."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return int(digest, 16) % _HELD_OUT_OF == 0


def write(samples: Iterable[Sample], into: Path) -> None:
    """Write both parts, in an order that depends on the samples alone, and the list of rules."""
    parts: dict[bool, list[str]] = {False: [], True: []}
    rules: Counter[tuple[str, str, str]] = Counter()
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for sample in samples:
        held = is_held_out(sample["text"])
        parts[held].append(json.dumps(sample, sort_keys=True))
        counts[sample["source"], sample["positive"], held] += 1
        if not held:
            sign = "positive" if sample["positive"] else "negative"
            rules[sample["source"], sample["rule"], sign] += 1
    into.mkdir(parents=True, exist_ok=True)
    for held, name in ((False, "dev.jsonl"), (True, "held.jsonl")):
        (into / name).write_text("".join(f"{row}\n" for row in sorted(parts[held])), "utf-8")
    listed = [f"{count:5} {' '.join(key)}\n" for key, count in sorted(rules.items())]
    (into / "dev_rules.txt").write_text("".join(listed), "utf-8")
    for source in sorted({key[0] for key in counts}):
        for positive in (True, False):
            sign = "positive" if positive else "negative"
            dev, kept = counts[source, positive, False], counts[source, positive, True]
            print(f"{source:14}{sign:10}{dev + kept:6}  to work with {dev:6}  held out {kept:6}")


def main() -> None:
    """Read every source that is named and write the two parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--yaml", action="append", default=[], metavar="SOURCE=DIRECTORY")
    parser.add_argument("--lines", action="append", default=[], metavar="SOURCE=FILE")
    options = parser.parse_args()
    samples: list[Sample] = []
    for given, read in ((options.yaml, from_yaml), (options.lines, from_lines)):
        for item in given:
            source, _, path = item.partition("=")
            samples.extend(read(source, Path(path)))
    write(samples, options.into)


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
