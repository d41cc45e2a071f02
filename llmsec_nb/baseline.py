"""`.secrets.baseline` of detect-secrets: which secrets are known, and how to write it.

Its results hold what detect-secrets itself finds, so that its scan, its audit and its hook take
the file. What only llmsec finds is carried in the options of one of its filters, the one place
where detect-secrets keeps what it does not know.

Hashes are unsalted SHA-1, because detect-secrets wants them so: who can read the file can guess
weak passwords. They are made here only, and only when a baseline is in use.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import replace

from .config import ConfigError
from .core.finding import Skip, Suppression
from .rules.secrets.detect_secrets.filters import DEFAULT
from .rules.secrets.detect_secrets.parity import Setup, Traces
from .rules.secrets.detect_secrets.stock import classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .core.location import Location

NAME: Final = ".secrets.baseline"
CLASSNAME: Final = "LlmsecDetector"
OTHER_TYPE: Final = "Secret Keyword"
"""For what no stock plugin takes as a secret; a type of ours would stop upstream's audit."""
_ALLOWLIST: Final = DEFAULT[0]
_CARRIED: Final = "llmsec"
_INDENT: Final = "    "
_NEVER: Final = 8.0
"""An entropy that no text reaches."""
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "Base64HighEntropyString": {"limit": _NEVER},
    "HexHighEntropyString": {"limit": _NEVER},
    "KeywordDetector": {"keyword_exclude": ""},
}
_LARGEST: Final = 100_000_000


class Entry(NamedTuple):
    """One known secret of one file."""

    type: str
    hash: str
    line: int
    label: bool | None


class Portion(NamedTuple):
    """A line of a file, from 1, and what of a value stands on it as the file spells it."""

    line: int
    text: str


class Raw(NamedTuple):
    """The content of a file, and its lines; or of a cell that is in no file yet."""

    text: str
    lines: list[str]
    is_file: bool = True

    @classmethod
    def of(cls, text: str) -> Raw:
        """Lines end with a line feed."""
        return cls(text, text.split("\n"))


def as_stored(text: str, place: Location) -> tuple[Raw, Location]:
    """A text of a cell as a notebook will store it, and the place in that."""
    lines = text.split("\n")
    stored = [f'{_INDENT}"{_escaped(line)}\\n",' for line in lines]

    def column(line: int, offset: int) -> int:
        return len(_INDENT) + 1 + len(_escaped(lines[line][:offset]))

    moved = replace(
        place,
        pointer="",
        file_line=place.line,
        file_column=column(place.line, place.column),
        file_end_line=place.end_line,
        file_end_column=column(place.end_line, place.end_column),
    )
    return Raw("\n".join(stored), stored, is_file=False), moved


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def sha1(value: str) -> str:
    """As detect-secrets hashes a value."""
    data = value.encode("utf-8", "surrogatepass")
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def portion(lines: Sequence[str], place: Location) -> Portion | None:
    """What detect-secrets can see of a finding: of a value of many lines, the longest.

    `lines` are those of the file. None for a finding that has no place in it.
    """
    first, last = place.file_line, place.file_end_line
    if first is None or last is None or last >= len(lines):
        return None
    pieces = [
        Portion(number + 1, _piece(lines[number], number, place))
        for number in range(first, last + 1)
    ]
    found = max(pieces, key=lambda piece: (len(piece.text), -piece.line))
    return found if found.text else None


def _piece(line: str, number: int, place: Location) -> str:
    """The part of a line that belongs to a finding, without the JSON around it."""
    start = place.file_column or 0 if number == place.file_line else None
    end = place.file_end_column if number == place.file_end_line else None
    text = line[start or 0 : end]
    if place.pointer is None:
        return text.rstrip("\r")
    if start is None:
        text = text.lstrip().removeprefix('"')
    if end is None:
        text = text.rstrip().removesuffix(",").removesuffix('"').removesuffix("\\n")
    return text


def visible(seen: Portion, traces: Traces) -> tuple[str, str]:
    """A finding as detect-secrets can have it: its type and its value.

    If a stock plugin takes something for a secret that holds all of the value, it is that, so that
    upstream's audit finds it again.
    """
    hits = [hit for hit in traces.on(seen.line) if seen.text in hit.value]
    best = min(hits, key=lambda hit: len(hit.value), default=None)
    return (best.type, best.value) if best else (OTHER_TYPE, seen.text)


class Known:
    """What a baseline knows of one file."""

    def __init__(self, entries: Sequence[Entry], setup: Setup, filename: str, where: str) -> None:
        """`where` is the name of the baseline as it is shown."""
        self._entries = entries
        self._where = where
        self._trace: Callable[[str], Traces] = cache(partial(Traces, setup, filename))
        self._by_hash: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_hash.setdefault(entry.hash, []).append(entry)
        self._met: set[str] = set()

    def suppression(self, values: Iterable[str], raw: Raw, place: Location) -> Suppression | None:
        """Why a secret is known: by its value, as the file spells it, or as a plugin takes it."""
        seen = portion(raw.lines, place)
        spellings = {*values, *((seen.text,) if seen else ())}
        found = [entry for text in spellings for entry in self._by_hash.get(sha1(text), ())]
        if not found and seen:
            found = list(self._partly(spellings, raw, seen))
        if not found:
            return None
        self._met.update(entry.hash for entry in found)
        return Suppression(kind="baseline", reason=_audited(found), where=self._where)

    def _partly(self, spellings: set[str], raw: Raw, seen: Portion) -> Iterator[Entry]:
        """By what a plugin of detect-secrets takes for the value on the same line.

        A plugin may take less, such as the four letters that all tokens of a kind begin with:
        such an entry counts only for the line that it names.
        """
        for hit in self._trace(raw.text).on(seen.line):
            whole = any(spelling in hit.value for spelling in spellings)
            if not whole and not any(hit.value in spelling for spelling in spellings):
                continue
            for entry in self._by_hash.get(sha1(hit.value), ()):
                here = raw.is_file and entry.line == seen.line
                if entry.type == hit.type and (whole or here):
                    yield entry

    def stale(self, raw: Raw) -> int:
        """How many entries name what is no longer in the file, once all findings were asked for.

        Entries of plugins that are not known here are not judged.
        """
        judged = {"", *(plugin.secret_type for plugin in classes().values())}
        left = {entry.hash for entry in self._entries if entry.type in judged} - self._met
        if left:
            left -= set(map(sha1, self._trace(raw.text).all()))
        return len(left)


def _audited(entries: Iterable[Entry]) -> str:
    labels = {entry.label for entry in entries}
    if True in labels:
        return "known; audited as a real secret"
    return "known; audited as no secret" if False in labels else "known"


class Baseline:
    """A baseline that has been read. Nothing that it names is imported or run."""

    def __init__(self, path: Path, tree: dict[str, Any]) -> None:
        """Raises ConfigError if the tree is no baseline."""
        self.path = path
        self.tree = tree
        self.results = _results(path, tree)
        self._plugins = _objects(tree.get("plugins_used"))
        self.exports = any(plugin.get("name") == CLASSNAME for plugin in self._plugins)
        self._filters = _objects(tree["filters_used"]) if "filters_used" in tree else None
        self.carried = _carried(self._filters or ())

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Raises ConfigError, whose message quotes nothing of the file."""
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise ConfigError(f"{path}: not a regular file")
            if status.st_size > _LARGEST:
                raise ConfigError(f"{path}: too large for a baseline")
            tree = json.loads(path.read_bytes())
        except FileNotFoundError:
            raise ConfigError(f"{path}: no such file; `llmsec baseline` writes one") from None
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
        except (ValueError, RecursionError):
            raise ConfigError(f"{path}: not valid JSON") from None
        if not isinstance(tree, dict):
            raise ConfigError(f"{path}: not a baseline of detect-secrets")
        return cls(path, tree)

    @cached_property
    def _settings(self) -> tuple[Setup, list[str]]:
        others = [plugin for plugin in self._plugins if plugin.get("name") != CLASSNAME]
        paths = None if self._filters is None else [str(f.get("path")) for f in self._filters]
        return Setup.of(others, paths)

    @property
    def setup(self) -> Setup:
        """Its stock plugins and its filters, as far as they are known here."""
        return self._settings[0]

    @property
    def strange(self) -> list[str]:
        """Names of plugins and filters that are not: code of others, or options unheard of."""
        return self._settings[1]

    @property
    def custom(self) -> list[tuple[str, str]]:
        """Names and files of the plugins that would have to be loaded from a file."""
        return [
            (str(p.get("name")), str(p["path"]).removeprefix("file://"))
            for p in self._plugins
            if p.get("path") and p.get("name") != CLASSNAME
        ]

    @property
    def tracing(self) -> Setup:
        """All stock plugins, with its options."""
        options = {**dict(Setup.default().plugins), **dict(self.setup.plugins)}
        return Setup(tuple(options.items()))

    def name_of(self, path: str | Path) -> str:
        """How the baseline names a file: by the way from the baseline to it."""
        return _posix(os.path.relpath(Path(path).absolute(), self.path.absolute().parent))

    def known(self, path: Path, shown: str) -> Known | None:
        """What it knows of a file; None if nothing."""
        names = dict.fromkeys((self.name_of(path), _posix(shown)))
        entries = [entry for name in names for entry in self.entries(name)]
        if not entries:
            return None
        return Known(entries, self.tracing, shown, self.path.name)

    def entries(self, name: str) -> Iterator[Entry]:
        """The entries of a file; those that are carried have no type."""
        for item in self.results.get(name, ()):
            label = item.get("is_secret")
            yield Entry(
                str(item.get("type")),
                str(item.get("hashed_secret")),
                _line(item),
                label if isinstance(label, bool) else None,
            )
        for item in self.carried.get(name, ()):
            yield Entry("", str(item.get("hashed_secret")), _line(item), None)

    def skips(self, plugins: Sequence[str]) -> list[Skip]:
        """What it names that is not done; `plugins` are the files of those that are run."""
        shown = self.path.name
        run = {os.path.abspath(name) for name in plugins}  # noqa: PTH100 (of what may not be)
        found = [
            f"plugin {name} of the baseline was not run, for it is code: "
            f"--detect-secrets-plugin {file} runs it"
            for name, file in self.custom
            if os.path.abspath(file) not in run  # noqa: PTH100
        ]
        if self.gone:
            found.append(
                f"{self.gone} entries are of files that are gone: `llmsec baseline` drops them"
            )
        return [Skip(path=shown, message=message) for message in found]

    @property
    def gone(self) -> int:
        """How many entries are of files that no longer exist."""
        folder = self.path.absolute().parent
        known = (*self.results.items(), *self.carried.items())
        return sum(len(items) for name, items in known if not (folder / name).exists())


def _results(path: Path, tree: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    results = tree.get("results")
    if not isinstance(results, dict) or "version" not in tree:
        raise ConfigError(f"{path}: not a baseline of detect-secrets")
    found: dict[str, list[dict[str, Any]]] = {}
    for name, items in results.items():
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ConfigError(f"{path}: the results of a file are not a list of objects")
        found.setdefault(_posix(name), []).extend(items)
    return found


def _objects(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _carried(filters: Iterable[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    for item in filters:
        carried = item.get(_CARRIED)
        if isinstance(carried, dict):
            return {_posix(name): _objects(items) for name, items in carried.items()}
    return {}


def _line(item: Mapping[str, Any]) -> int:
    line = item.get("line_number")
    return line if isinstance(line, int) else 0


def _posix(name: str) -> str:
    return os.path.normpath(name.replace("\\", "/")).replace(os.sep, "/")


def empty(path: Path) -> Baseline:
    """A new one: the default filters and plugins, but for those that take ids for secrets.

    These are there as well, with a limit that they never reach: upstream's audit turns on what is
    not there.
    """
    from importlib.metadata import version

    tree = {
        "version": version("detect-secrets"),
        "plugins_used": [
            {"name": name, **_OPTIONS.get(name, {})} for name in sorted(classes(), key=str.lower)
        ],
        "filters_used": [{"path": path} for path in sorted(DEFAULT)],
        "results": {},
    }
    return Baseline(path, tree)


class Draft:
    """A baseline in the making: a copy of an old one, of which files are seen anew."""

    def __init__(self, old: Baseline) -> None:
        """`old` stays as it is; what it knows of files that are gone is dropped."""
        self.old = old
        folder = old.path.absolute().parent
        self.results = _existing(old.results, folder)
        self.carried = _existing(old.carried, folder)
        self._replaced: dict[str, list[dict[str, Any]]] = {}

    def renew(self, name: str, judged: frozenset[str]) -> None:
        """Forget what is known of a file by the types that are looked for anew."""
        items = self.results.get(name, [])
        self._replaced[name] = [item for item in items if item.get("type") in judged]
        self.results[name] = [item for item in items if item.get("type") not in judged]
        self.carried.pop(name, None)

    def add(self, name: str, secret_type: str, hashed: str, line: int) -> None:
        """An entry, with the label and all that an old one of the same secret has."""
        items = self.results.setdefault(name, [])
        same = next((item for item in items if _is(item, secret_type, hashed)), None)
        if same is not None:
            same["line_number"] = min(line, _line(same) or line)
            return
        old = next((i for i in self._replaced.get(name, ()) if _is(i, secret_type, hashed)), {})
        entry: dict[str, Any] = {
            "type": secret_type,
            "filename": name,
            "hashed_secret": hashed,
            "is_verified": False,
        }
        items.append({**entry, **old, "line_number": line})

    def knows(self, name: str, values: Iterable[str]) -> bool:
        """Whether an entry holds one of the values as a whole."""
        hashes = set(map(sha1, values))
        return any(item.get("hashed_secret") in hashes for item in self.results.get(name, ()))

    def carry(self, name: str, rule: str, hashed: str, line: int) -> None:
        """Know a secret that detect-secrets does not find."""
        items = self.carried.setdefault(name, [])
        if all(item.get("hashed_secret") != hashed for item in items):
            items.append({"rule": rule, "hashed_secret": hashed, "line_number": line})

    def tree(self) -> dict[str, Any]:
        """The whole file."""
        import time

        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        tree = {**self.old.tree, "results": _sorted(self.results), "generated_at": now}
        if self.carried or self.old.carried:
            tree["filters_used"] = self._filters()
        return tree

    def _filters(self) -> list[dict[str, Any]]:
        """With what is carried in the options of the first, or of the one that is best for it."""
        filters = [
            {key: value for key, value in item.items() if key != _CARRIED}
            for item in _objects(self.old.tree.get("filters_used"))
        ]
        paths = [item.get("path") for item in filters]
        if not self.carried:
            return filters
        if not filters:
            filters = [{"path": path} for path in DEFAULT]
            paths = list(DEFAULT)
        index = paths.index(_ALLOWLIST) if _ALLOWLIST in paths else 0
        filters[index] = {**filters[index], _CARRIED: _sorted(self.carried)}
        return filters


_Items = dict[str, list[dict[str, Any]]]


def _existing(results: _Items, folder: Path) -> _Items:
    return {name: list(items) for name, items in results.items() if (folder / name).exists()}


def _sorted(results: _Items) -> _Items:
    return {name: sorted(results[name], key=_order) for name in sorted(results) if results[name]}


def _is(item: Mapping[str, Any], secret_type: str, hashed: str) -> bool:
    return item.get("type") == secret_type and item.get("hashed_secret") == hashed


def _order(item: Mapping[str, Any]) -> tuple[int, str, str]:
    return _line(item), str(item.get("hashed_secret")), str(item.get("type"))


def dump(tree: Mapping[str, Any]) -> str:
    """The text of a file, as detect-secrets writes it."""
    return json.dumps(tree, indent=2) + "\n"
