"""Judges cells while they are edited: a request of the front end in, a reply out."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from .api import Outcome
from .config import Config, ConfigError, candidates, load
from .core.evidence import Concealer
from .core.finding import Failure, Finding, Skip
from .engine import Scanned, assemble, scan, scan_read
from .policy import Policy
from .report.json import encodable
from .sources.notebook import read_cell, read_members, read_notebook
from .wire import CellReply, ConfigPlace, ReportReply, ScanReply

if TYPE_CHECKING:
    from .wire import CellInput, ReportRequest, ScanRequest

_DEFAULT_NAME: Final = "llmsec.toml"
_EXCLUDED: Final = "excluded by the configuration: nothing of it is scanned"
_MIMES: Final = {
    "html": "text/html",
    "json": "application/json",
    "sarif": "application/sarif+json",
    "text": "text/plain",
}
_SUFFIXES: Final = {"html": "html", "json": "json", "sarif": "sarif", "text": "txt"}


class OutsideRoot(ValueError):
    """A path leads out of the directory that the server serves."""


class _InForce(NamedTuple):
    policy: Policy
    name: str
    failures: tuple[Failure, ...]


class Judge:
    """One for a server or kernel: keeps the key of the digests and the configurations it read."""

    def __init__(self, root: Path) -> None:
        """`root` is the directory where the paths of notebooks start, and end."""
        self.root = root.resolve()
        self.concealer = Concealer()
        self._known: dict[tuple[object, ...], _InForce] = {}

    def scan(self, request: ScanRequest, seconds: float) -> ScanReply:
        """Judge cells; those that are not reached in `seconds` are failures.

        Raises OutsideRoot.
        """
        begin = time.monotonic()
        path = self.confined(request.path)
        policy, name, failures = self._in_force(path)
        if policy.excludes(path):
            skip = Skip(path=path, message=_EXCLUDED)
            cells = tuple(CellReply(key=item.key) for item in request.cells)
            return ScanReply(cells=cells, skips=(skip,), policy=name, failures=failures)
        deadline = begin + seconds
        members = {"metadata": request.metadata}
        notebook = (
            None
            if request.metadata is None
            else _reply("", scan(read_members(members, path), policy, self.concealer))
        )
        replies = tuple(self._cell(item, path, policy, deadline) for item in request.cells)
        return ScanReply(
            cells=replies,
            notebook=notebook,
            failures=failures,
            policy=name,
            elapsed=round((time.monotonic() - begin) * 1000, 1),
        )

    def report(self, request: ReportRequest) -> ReportReply:
        """Scan a whole notebook and render the report. Raises OutsideRoot."""
        from .report import render
        from .report.html import render_html

        path = self.confined(request.path)
        policy, _, failures = self._in_force(path)
        raw = json.dumps(request.notebook, indent=1)
        if policy.excludes(path):
            result = Scanned(events=[Skip(path=path, message=_EXCLUDED)])
        else:
            result = scan_read(path, lambda: read_notebook(raw, path), policy, self.concealer)
        result.events.extend(failures)
        outcome = Outcome(*assemble([result]))
        form = request.format
        text = render_html(outcome) if form == "html" else render(outcome, form)
        name = f"{PurePosixPath(path).stem or 'notebook'}.llmsec.{_SUFFIXES[form]}"
        return ReportReply(name=name, mime=_MIMES[form], text=text)

    def config_place(self, path: str) -> ConfigPlace:
        """Which file configures a notebook, or would. Raises OutsideRoot."""
        folder = self._folder(self.confined(path))
        file = next((f for f in candidates(folder) if _configures(f)), None)
        exists = file is not None
        file = file or self.root / _DEFAULT_NAME
        reachable = file.is_relative_to(self.root) and not file.name.startswith(".")
        relative = file.relative_to(self.root).as_posix() if reachable else ""
        return ConfigPlace(file=relative, shown=relative or file.name, exists=exists)

    def confined(self, path: str) -> str:
        """The path relative to the root, symbolic links followed. Raises OutsideRoot."""
        drive, colon, rest = path.partition(":")
        path = rest if colon and "/" not in drive else path
        try:
            whole = (self.root / path.lstrip("/")).resolve()
        except (OSError, ValueError, RuntimeError):
            raise OutsideRoot("the path cannot be followed") from None
        if not whole.is_relative_to(self.root):
            raise OutsideRoot("the path leads out of the served directory")
        return PurePosixPath(path.lstrip("/")).as_posix() if path else ""

    def _folder(self, path: str) -> Path:
        return (self.root / path).parent if path else self.root

    def _cell(self, item: CellInput, path: str, policy: Policy, deadline: float) -> CellReply:
        if time.monotonic() > deadline:
            late = Failure(
                path=path,
                message="not scanned: the time of the request was spent",
                remedy="scan the file with llmsec check",
                cell=item.index,
            )
            return CellReply(key=item.key, failures=(late,))
        scanned = scan_read(
            path, lambda: read_cell(item.cell, item.index, path), policy, self.concealer
        )
        return _reply(item.key, scanned)

    def _in_force(self, path: str) -> _InForce:
        """The policy for a notebook, read again when a configuration file has changed."""
        folder = self._folder(path)
        stamp = (folder, *(_stamp(file) for file in candidates(folder)))
        known = self._known.get(stamp)
        if known is None:
            self._known = {k: v for k, v in self._known.items() if k[0] != folder}
            known = self._known[stamp] = self._read(folder, path)
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
        return _InForce(policy, name, failures)


def _reply(key: str, scanned: Scanned) -> CellReply:
    return CellReply(
        key=key,
        findings=tuple(event for event in scanned.events if isinstance(event, Finding)),
        failures=tuple(event for event in scanned.events if isinstance(event, Failure)),
        skips=tuple(event for event in scanned.events if isinstance(event, Skip)),
        low_confidence=scanned.low_confidence,
    )


def _stamp(file: Path) -> tuple[object, ...]:
    try:
        status = file.stat()
    except OSError:
        return (file,)
    return file, status.st_mtime_ns, status.st_size


def _configures(file: Path) -> bool:
    """Whether `config.load` would stop here: a pyproject.toml may say nothing of us."""
    if file.name != "pyproject.toml":
        return True
    try:
        return load(file.parent, None)[1] == file
    except ConfigError:
        return True
