"""Judges cells while they are edited: a request of the front end in, a reply out."""

from __future__ import annotations

import json
import re
import time
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from .api import Outcome
from .config import NAMES, Config, ConfigError, candidates, configures, load, with_ignored
from .core.evidence import Concealer
from .core.finding import Event, Failure, Finding, Skip
from .core.rule import OF_CODE, Kind
from .engine import Scanned, assemble, scan_read, suspects
from .policy import Policy, resolve
from .report.json import encodable
from .rules.hygiene.suppressions import UNUSED
from .sources.document import Document
from .sources.notebook import NotANotebook, read_cell, read_members, read_notebook
from .surroundings import surroundings
from .wire import EXPORTS, CellReply, ConfigPlace, IgnoreReply, ReportReply, ScanReply, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .core.detector import Surroundings
    from .wire import CellInput, CodeInput, IgnoreRequest, ReportRequest, ScanRequest

_DEFAULT_NAME: Final = "llmsec.toml"
_EXCLUDED: Final = "excluded by the configuration: nothing of it is scanned"
_MIMES: Final = {
    "html": "text/html",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain",
}
_TAG: Final = "llmsec"
"""What comments and tags hold that suppress: one that is of no use is told."""
_LONGEST_PATH: Final = 4096
_LONGEST_CONFIG: Final = 1_000_000
_MOST_FOLDERS: Final = 64
_MOST_CHARACTERS: Final = 10_000_000
_OF_A_FINDING: Final = 800
_OF_CELL: Final = re.compile(r"cell\[(?P<cell>\d{1,9})\] ")
"""How what was left out of a document says in which cell."""
_SUFFIXES: Final = {"html": "html", "json": "json", "sarif": "sarif", "text": "txt"}


class BadPath(ValueError):
    """No file can be called so."""


class OutsideRoot(BadPath):
    """A path leads out of the directory that the server serves."""


class _InForce(NamedTuple):
    """`policy` and its two halves: what goes by a cell alone, and what by all code together."""

    policy: Policy
    name: str
    failures: tuple[Failure, ...]
    by_cell: Policy
    by_code: Policy


class Judge:
    """One for a server or kernel: keeps the key of the digests and the configurations it read."""

    def __init__(self, root: Path, concealer: Concealer | None = None) -> None:
        """`root` is the directory where the paths of notebooks start, and end."""
        self.root = root.resolve()
        self.concealer = concealer or Concealer()
        self._known: dict[tuple[object, ...], _InForce] = {}

    def scan(self, request: ScanRequest, seconds: float) -> ScanReply:
        """Judge cells; those that are not reached in `seconds` are failures.

        Raises BadPath.
        """
        begin = time.monotonic()
        path = self.confined(request.path)
        force = self._in_force(path)
        if force.policy.excludes(path):
            skip = Skip(path=path, message=_EXCLUDED)
            return ScanReply(
                cells=tuple(CellReply(key=item.key) for item in request.cells),
                notebook=None if request.metadata is None else CellReply(key=""),
                code=None if request.code is None else (),
                skips=(skip,),
                failures=force.failures,
                policy=force.name,
            )
        deadline = begin + seconds
        members = {"metadata": request.metadata}
        with_cell = self._with(force.by_cell)
        notebook = (
            None
            if request.metadata is None
            else _reply("", path, scan_read(path, lambda: read_members(members, path), *with_cell))
        )
        replies = tuple(self._cell(item, path, force, deadline) for item in request.cells)
        code = None if request.code is None else self._code(request, path, force, deadline)
        return ScanReply(
            cells=replies,
            notebook=notebook,
            code=code,
            failures=force.failures,
            policy=force.name,
            elapsed=round((time.monotonic() - begin) * 1000, 1),
        )

    def report(self, request: ReportRequest) -> ReportReply:
        """Scan a whole notebook and render the report. Raises BadPath and Unreadable."""
        from .report import render
        from .report.html import render_html

        if request.format not in EXPORTS:
            raise Unreadable(f"a report is one of {', '.join(EXPORTS)}")
        path = self.confined(request.path)
        force = self._in_force(path)
        if force.policy.excludes(path):
            result = Scanned(events=[Skip(path=path, message=_EXCLUDED)])
        else:
            read = partial(_read, request.notebook, path, self._around(path))
            result = scan_read(path, read, *self._with(force.policy))
        result.events.extend(force.failures)
        outcome = Outcome(*assemble([result]))
        form = request.format
        text = render_html(outcome) if form == "html" else render(outcome, form)
        name = f"{PurePosixPath(path).stem or 'notebook'}.llmsec.{_SUFFIXES[form]}"
        return ReportReply(name=name, mime=_MIMES[form], text=text)

    def config_place(self, path: str) -> ConfigPlace:
        """Which file configures a notebook, or would. Raises BadPath."""
        folder = self._folder(self.confined(path))
        found = next(filter(configures, candidates(folder)), None)
        file = found or self.root / _DEFAULT_NAME
        relative = self._reachable(file)
        return ConfigPlace(file=relative, shown=relative or file.name, exists=found is not None)

    def _reachable(self, file: Path) -> str:
        """The path of a file for Jupyter, "" when it is hidden or outside, links followed."""
        if not file.is_relative_to(self.root) or not file.resolve().is_relative_to(self.root):
            return ""
        relative = file.relative_to(self.root)
        hidden = any(part.startswith(".") for part in relative.parts)
        return "" if hidden else relative.as_posix()

    def confined(self, path: str) -> str:
        """The path relative to the root, as Jupyter writes it: a drive may stand before it.

        Looks at nothing outside of the root, whatever the path or a link says. Raises BadPath.
        """
        if len(path) > _LONGEST_PATH:
            raise BadPath("the path is too long")
        drive, colon, rest = path.partition(":")
        parts = PurePosixPath((rest if colon and "/" not in drive else path).strip("/")).parts
        if ".." in parts:
            raise OutsideRoot("the path leads out of the served directory")
        whole = self.root
        for part in parts:
            try:
                whole = (whole / part).resolve()
            except (OSError, ValueError, RuntimeError):
                raise BadPath("the path cannot be followed") from None
            if not whole.is_relative_to(self.root):
                raise OutsideRoot("the path leads out of the served directory")
        return "/".join(parts)

    def _folder(self, path: str) -> Path:
        return (self.root / path).parent if path else self.root

    def _cell(self, item: CellInput, path: str, force: _InForce, deadline: float) -> CellReply:
        if time.monotonic() > deadline:
            return CellReply(key=item.key, failures=(_late(path, item.index),))
        # Of a cell without code nothing is said later: here its suppressions are all judged.
        is_code = item.cell.get("cell_type") == "code"
        policy = force.by_cell if is_code else force.policy
        read = partial(read_cell, item.cell, item.index, path, suspects(policy, path))
        scanned = scan_read(path, read, *self._with(policy))
        return _reply(item.key, path, scanned)

    def _code(
        self, request: ScanRequest, path: str, force: _InForce, deadline: float
    ) -> tuple[CellReply, ...]:
        """What is said of the code of cells: by the cell that it is about, then of the whole."""
        if time.monotonic() > deadline:
            return (CellReply(key="", failures=(_late(path, None),)),)
        policy, cells = force.by_code, request.code or ()
        looked = suspects(policy, path)
        tagged = any(_TAG in word for item in cells for word in (item.source, *item.tags))
        texts = [(Kind.CODE, item.source) for item in cells]
        if looked is not None and not (tagged or looked.code(texts)):
            return ()
        around = self._around(path, request.environment)
        read = partial(_program, cells, path, around, request.language)
        scanned = scan_read(path, read, *self._with(policy))
        return _shared(cells, path, scanned)

    def _around(self, path: str, environment: Mapping[str, str] | None = None) -> Surroundings:
        """What lies beside a notebook; nothing outside of the root is looked at."""
        return surroundings(self._folder(path), self.root, environment)

    def _with(self, policy: Policy) -> tuple[Policy, Concealer]:
        return policy, self.concealer

    def _in_force(self, path: str) -> _InForce:
        """The policy for a notebook, read again when a configuration file has changed."""
        folder = self._folder(path)
        stamp = (folder, *(_stamp(file) for file in candidates(folder)))
        known = self._known.get(stamp)
        if known is None:
            known = self._read(folder, path)
            others = [(k, v) for k, v in self._known.items() if k[0] != folder]
            self._known = {**dict(others[1 - _MOST_FOLDERS :]), stamp: known}
        return known

    def _read(self, folder: Path, path: str) -> _InForce:
        failures: tuple[Failure, ...] = ()
        try:
            config, file = load(folder)
            policy = Policy(config, file.parent if file else self.root, self.root)
        except ConfigError as error:
            told = str(error).replace(f"{self.root}/", "")
            failures = (Failure(path=path, message=f"{told}; the defaults are in force"),)
            policy = Policy(Config(), self.root, self.root)
        content = (policy.config, str(policy.root), [failure.message for failure in failures])
        name = sha256(msgspec.json.encode(encodable(content))).hexdigest()[:16]
        by_code = policy.only(OF_CODE)
        by_code.selected |= policy.selected & {UNUSED.id}
        return _InForce(policy, name, failures, policy.without(OF_CODE), by_code)


def ignored(request: IgnoreRequest) -> IgnoreReply:
    """The text of a configuration with a rule ignored. Raises Unreadable and ConfigError."""
    if request.name not in NAMES:
        raise Unreadable("no configuration is called so")
    if len(request.text) > _LONGEST_CONFIG:
        raise Unreadable("the configuration is too long")
    try:
        resolve(request.rule)
    except ConfigError:
        raise Unreadable("no rule is called so") from None
    return IgnoreReply(text=with_ignored(request.text, request.name, request.rule, request.reason))


def _read(tree: dict[str, Any], path: str, around: Surroundings) -> Document:
    """Read a notebook as an editor holds it: places in a file are those of its usual layout."""
    try:
        document = read_notebook(json.dumps(tree, indent=1), path)
    except NotANotebook as error:
        return Document(path=path, failures=[Failure(path=path, message=str(error))])
    document.around = around
    return document


def _program(
    cells: tuple[CodeInput, ...], path: str, around: Surroundings, language: str
) -> Document:
    """The code cells of a notebook as one document, each read as `read_cell` does."""
    document = Document(path=path, json=True, around=around, language=language)
    for item in cells:
        cell = {"cell_type": "code", "source": item.source, "execution_count": item.execution}
        if item.id is not None:
            cell["id"] = item.id
        read = read_cell(cell, item.index, path)
        document.texts += read.texts
        document.failures += read.failures
        document.sources |= read.sources
        document.tags[item.index] = item.tags
    return document


def _shared(cells: tuple[CodeInput, ...], path: str, scanned: Scanned) -> tuple[CellReply, ...]:
    """What a scan of a program says, shared out among the cells; the last is about the whole."""
    keys = {item.index: item.key for item in cells}
    own: dict[str, Scanned] = {"": Scanned(low_confidence=scanned.low_confidence)}
    fitting = _reply("", path, scanned)
    events: list[Event] = [*fitting.findings, *fitting.failures, *fitting.skips]
    for event in events:
        cell, told = _cell_of(event)
        key = "" if cell is None else keys.get(cell, "")
        own.setdefault(key, Scanned()).events.append(told)
    whole = own.pop("")
    return tuple(_reply(key, path, part) for key, part in [*own.items(), ("", whole)])


def _cell_of(event: Event) -> tuple[int | None, Event]:
    """The number of the cell that an event is about, and the event as told beside that cell."""
    if isinstance(event, Finding):
        return getattr(event.location, "cell", None), event
    if isinstance(event, Failure):
        return event.cell, event
    found = _OF_CELL.match(event.message)
    if found is None:
        return None, event
    return int(found["cell"]), Skip(path=event.path, message=event.message[found.end() :])


def _late(path: str, cell: int | None) -> Failure:
    return Failure(
        path=path,
        message="not scanned: the time of the request was spent",
        remedy="scan the file with llmsec check",
        cell=cell,
    )


def _reply(key: str, path: str, scanned: Scanned) -> CellReply:
    findings = [event for event in scanned.events if isinstance(event, Finding)]
    failures = [event for event in scanned.events if isinstance(event, Failure)]
    shown = _fitting(findings)
    if len(shown) < len(findings):
        message = f"{len(findings) - len(shown)} more findings are not shown: there are too many"
        failures.append(Failure(path=path, message=message, remedy="use llmsec check"))
    return CellReply(
        key=key,
        findings=tuple(shown),
        failures=tuple(dict.fromkeys(failures)),
        skips=tuple(event for event in scanned.events if isinstance(event, Skip)),
        low_confidence=scanned.low_confidence,
    )


def _fitting(findings: list[Finding]) -> list[Finding]:
    """As many as a front end can bear. Names in a notebook can be long, and each repeats them."""
    room = _MOST_CHARACTERS
    for number, finding in enumerate(findings):
        place = finding.location
        names = [getattr(place, name, None) for name in ("pointer", "cell_id", "mime")]
        edits = [edit for fix in finding.fixes for edit in fix.edits]
        names += [fix.pointer for fix in finding.fixes] + [edit.replacement for edit in edits]
        room -= _OF_A_FINDING + sum(len(name or "") for name in names)
        if room < 0:
            return findings[:number]
    return findings


def _stamp(file: Path) -> tuple[object, ...]:
    try:
        status = file.stat()
    except OSError:
        return (file,)
    return file, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size
