"""The findings of detect-secrets itself: same types, same values, same lines, many times quicker.

Differs from upstream in these points only, each for safety: network verification is never run; a
plugin whose patterns are not those known here skips lines of more than 1,000 characters; a file
of more than 200 kB is read line by line, without upstream's rewriting of YAML and INI files.
"""

from __future__ import annotations

import io
import os
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .filters import DEFAULT, KNOWN, Filters
from .stock import Content, Stock, classes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

ADHOC: Final = "adhoc-string-scan"
_LONGEST_REWRITTEN: Final = 200_000


class Hit(NamedTuple):
    """One finding of detect-secrets; holds the raw value."""

    type: str
    line: int
    value: str


Plugins = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
"""Class names with their options."""


class Setup(NamedTuple):
    """Plugins by class name with their options, and the paths of filters: a baseline's settings."""

    plugins: Plugins
    filters: tuple[str, ...] = DEFAULT

    @classmethod
    def default(cls) -> Setup:
        """All stock plugins and the default filters, as `detect-secrets scan --no-verify` has."""
        return cls(tuple((name, ()) for name in classes()))

    @classmethod
    def of(
        cls, plugins: Iterable[Mapping[str, Any]], filters: Iterable[str] | None
    ) -> tuple[Setup, list[str]]:
        """The settings of a baseline as far as they can be had here, and what cannot be.

        Nothing that the baseline names is imported.
        """
        known, strange = [], []
        for plugin in plugins:
            name = str(plugin.get("name"))
            options = {key: plugin[key] for key in plugin if key != "name"}
            if name in classes() and not options.keys() - _OPTIONS and _plain(options):
                told = {key: value for key, value in options.items() if value != ""}
                known.append((name, tuple(sorted(told.items()))))
            else:
                strange.append(name)
        paths = DEFAULT if filters is None else tuple(filters)
        strange.extend(path for path in paths if path not in KNOWN)
        return cls(tuple(known), paths), strange


_OPTIONS: Final = frozenset({"limit", "keyword_exclude"})


def _plain(options: Mapping[str, Any]) -> bool:
    """An entropy limit is a number; an expression of the baseline's is not run."""
    limit = options.get("limit", 0)
    return isinstance(limit, int | float) and 0 <= limit <= 8 and not options.get("keyword_exclude")


@lru_cache(maxsize=8)
def _filters(paths: tuple[str, ...]) -> Filters:
    return Filters(paths)


@lru_cache(maxsize=64)
def _plugins(given: Plugins, suffix: str) -> tuple[Stock, ...]:
    known = classes()
    return tuple(Stock(known[name](**dict(options)), f"x{suffix}") for name, options in given)


class Scanner:
    """The plugins and filters of one setup, for files of one kind of name."""

    def __init__(self, setup: Setup, filename: str) -> None:
        """`filename` decides on forms and filters; the file itself is not opened."""
        self.filename = filename
        self.filters = _filters(setup.filters)
        self.plugins = _plugins(setup.plugins, os.path.splitext(filename)[1])  # noqa: PTH122

    def scan(self, text: str) -> Iterator[Hit]:
        """What is found in the lines of a text, in their order."""
        if self.filters.drop_file(self.filename):
            return
        number, counted = 1, 0
        lines = self._candidates(text)
        for start in sorted(lines):
            number += text.count("\n", counted, start)
            counted = start
            line = _line(text, start)
            hits = self._line(line, lines[start])
            if not hits or self.filters.drop_line(line, _before(text, start), self.filename):
                continue
            for plugin, value in hits:
                if not self.filters.drop_value(value, line, plugin.plugin):
                    yield Hit(plugin.secret_type, number, value)

    def _line(self, line: str, plugins: Sequence[Stock]) -> list[tuple[Stock, str]]:
        return [
            (plugin, value) for plugin in plugins for value in dict.fromkeys(plugin.values(line))
        ]

    def _candidates(self, text: str) -> dict[int, list[Stock]]:
        """Starts of lines that are worth a look, and by which plugins."""
        content = Content(text)
        found: dict[int, list[Stock]] = {}
        opened: dict[int, set[int]] = {}
        for plugin in self.plugins:
            starts: set[int] = set()
            if plugin.gates is None:
                starts.update(_starts(text))
            for gate in plugin.gates or ():
                known = opened.get(id(gate))
                if known is None:
                    find, small = gate
                    known = opened[id(gate)] = set(
                        _opened(text, content.small if small else text, find)
                    )
                starts |= known
            for start in starts:
                found.setdefault(start, []).append(plugin)
        return found


def _opened(text: str, content: str, find: Any) -> Iterator[int]:
    """Starts of the lines in which a gate opens, each once."""
    if len(content) != len(text):
        yield from _starts(text)
        return
    position = 0
    while True:
        at = find(content, position)
        if at < 0:
            return
        start = text.rfind("\n", position, at) + 1 or position
        yield start
        end = text.find("\n", at)
        if end < 0:
            return
        position = end + 1


def _starts(text: str) -> Iterator[int]:
    position = 0
    while position < len(text):
        yield position
        position = text.find("\n", position) + 1 or len(text)


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end].rstrip()


def _before(text: str, start: int) -> str:
    if start == 0:
        return ""
    return text[text.rfind("\n", 0, start - 1) + 1 : start - 1]


def scan_text(text: str, filename: str = "text.txt", setup: Setup | None = None) -> list[Hit]:
    """What upstream finds in the lines of a text that a file of this name would hold."""
    return list(Scanner(setup or Setup.default(), filename).scan(text))


def scan_line(line: str, setup: Setup | None = None) -> list[Hit]:
    """What upstream's `scan_line` finds, which has no line numbers and takes unquoted runs."""
    scanner = Scanner(setup or Setup.default(), ADHOC)
    if scanner.filters.allowed(line, "", ADHOC):
        return []
    return [
        Hit(plugin.secret_type, 0, value)
        for plugin in scanner.plugins
        for value in dict.fromkeys(plugin.eager_values(line))
        if not scanner.filters.drop_value(value, line, plugin.plugin)
    ]


def scan_file(path: Path, filename: str, setup: Setup | None = None) -> list[Hit]:
    """What upstream finds in a file that it knows as `filename`.

    Raises OSError, and UnicodeDecodeError where upstream finds nothing and says nothing.
    """
    with path.open(encoding="utf-8") as file:  # with line ends as upstream reads them
        return scan_content(file.read(), filename, setup)


def scan_content(text: str, filename: str, setup: Setup | None = None) -> list[Hit]:
    """What upstream finds in the content of a file: as it rewrites it, or in its lines."""
    scanner = Scanner(setup or Setup.default(), filename)
    for content in forms(text, filename):
        found = list(scanner.scan(content))
        if found:
            return found
    return []


def forms(text: str, filename: str) -> Iterator[str]:
    """The lines of a file as upstream looks at them: until something is found in one form."""
    yield _rewritten(text, filename, eager=False) or text
    again = _rewritten(text, filename, eager=True)
    if again:
        yield again


_FIRST: Final = re.compile(r"^[^\S\n]*+([^#;\s][^\n]*)", re.MULTILINE)
_REWRITTEN_KINDS: Final = (".yaml", ".yml", ".eyaml")


def _rewritten(text: str, filename: str, *, eager: bool) -> str | None:
    """YAML and INI files as `key = "value"` lines; None if the file is not of that kind."""
    if len(text) > _LONGEST_REWRITTEN:
        return None
    first = _FIRST.search(text)
    given = first[1] if first else ""
    settings = given.startswith("[") or (eager and ("=" in given or ":" in given))
    if not settings and (eager or not filename.endswith(_REWRITTEN_KINDS)):
        return None
    from detect_secrets.transformers import get_transformers
    from detect_secrets.transformers.exceptions import ParsingError

    transformers: Any = get_transformers()  # typed for one class only
    for transformer in transformers:
        if transformer.is_eager != eager or not transformer.should_parse_file(filename):
            continue
        file = io.StringIO(text)
        file.name = filename  # upstream asks for it
        try:
            lines = transformer.parse_file(file)
        except (ParsingError, ValueError, TypeError, AttributeError, RecursionError):
            continue
        return "\n".join(line.rstrip("\n") for line in lines) or None
    return None


class Traces:
    """Which values stand in a file for the plugins of a setup, filters aside."""

    def __init__(self, setup: Setup, filename: str, text: str) -> None:
        """`filename` decides on forms; `text` is the content, with any line ends."""
        self._scanner = Scanner(setup._replace(filters=()), filename)
        self._filename = filename
        self._text = text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def _forms(self) -> list[str]:
        return list(dict.fromkeys([self._text, *forms(self._text, self._filename)]))

    @cached_property
    def _lines(self) -> list[list[str]]:
        return [form.split("\n") for form in self._forms]

    def on(self, number: int) -> list[Hit]:
        """What the plugins find on a line, counted from 1, in any of the file's forms."""
        lines = dict.fromkeys(form[number - 1] for form in self._lines if number <= len(form))
        return [hit for line in lines for hit in self._scanner.scan(line)]

    def all(self) -> set[str]:
        """All values that the plugins find in the file."""
        return {hit.value for form in self._forms for hit in self._scanner.scan(form)}
