"""Judges cells while they are edited: a request of the front end in, a reply out."""

from __future__ import annotations

import time
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ..api import Outcome
from ..config import NAMES, ConfigError, candidates, configures, with_ignored
from ..core.evidence import Concealer
from ..core.finding import Skip
from ..core.rule import Kind
from ..engine import Scanned, assemble, scan_read, suspects
from ..policy import resolve
from ..sources.notebook import read_cell, read_members
from ..surroundings import surroundings
from ..wire import EXPORTS, CellReply, ConfigPlace, IgnoreReply, ReportReply, ScanReply, Unreadable
from .policies import Policies
from .reading import read_program, read_tree
from .replies import late, reply, shared_out
from .root import BadPath, OutsideRoot, Root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..core.detector import Surroundings
    from ..policy import Policy
    from ..wire import CellInput, IgnoreRequest, ReportRequest, ScanRequest
    from .policies import InForce

__all__ = ["BadPath", "Judge", "OutsideRoot", "ignored"]

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
_LONGEST_CONFIG: Final = 1_000_000
_SUFFIXES: Final = {"html": "html", "json": "json", "sarif": "sarif", "text": "txt"}


class Judge:
    """One for a server or kernel: keeps the key of the digests and the configurations it read."""

    def __init__(self, root: Path, concealer: Concealer | None = None) -> None:
        """`root` is the directory where the paths of notebooks start, and end."""
        self.root = Root(root)
        self.concealer = concealer or Concealer()
        self.policies = Policies(self.root)

    def scan(self, request: ScanRequest, seconds: float) -> ScanReply:
        """Judge cells; those that are not reached in `seconds` are failures.

        Raises BadPath.
        """
        begin = time.monotonic()
        path = self.root.confined(request.path)
        force = self.policies.of(path)
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
            else reply("", path, scan_read(path, lambda: read_members(members, path), *with_cell))
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
        from ..report import render
        from ..report.html import render_html

        if request.format not in EXPORTS:
            raise Unreadable(f"a report is one of {', '.join(EXPORTS)}")
        path = self.root.confined(request.path)
        force = self.policies.of(path)
        if force.policy.excludes(path):
            result = Scanned(events=[Skip(path=path, message=_EXCLUDED)])
        else:
            read = partial(read_tree, request.notebook, path, self._around(path))
            result = scan_read(path, read, *self._with(force.policy))
        result.events.extend(force.failures)
        outcome = Outcome(*assemble([result]))
        form = request.format
        text = render_html(outcome) if form == "html" else render(outcome, form)
        name = f"{PurePosixPath(path).stem or 'notebook'}.llmsec.{_SUFFIXES[form]}"
        return ReportReply(name=name, mime=_MIMES[form], text=text)

    def config_place(self, path: str) -> ConfigPlace:
        """Which file configures a notebook, or would. Raises BadPath."""
        folder = self.root.folder_of(self.root.confined(path))
        found = next(filter(configures, candidates(folder)), None)
        file = found or self.root.folder / _DEFAULT_NAME
        relative = self.root.reachable(file)
        return ConfigPlace(file=relative, shown=relative or file.name, exists=found is not None)

    def _cell(self, item: CellInput, path: str, force: InForce, deadline: float) -> CellReply:
        if time.monotonic() > deadline:
            return CellReply(key=item.key, failures=(late(path, item.index),))
        # Of a cell without code nothing is said later: here its suppressions are all judged.
        is_code = item.cell.get("cell_type") == "code"
        policy = force.by_cell if is_code else force.policy
        read = partial(read_cell, item.cell, item.index, path, suspects(policy, path))
        scanned = scan_read(path, read, *self._with(policy))
        return reply(item.key, path, scanned)

    def _code(
        self, request: ScanRequest, path: str, force: InForce, deadline: float
    ) -> tuple[CellReply, ...]:
        """What is said of the code of cells: by the cell that it is about, then of the whole."""
        if time.monotonic() > deadline:
            return (CellReply(key="", failures=(late(path, None),)),)
        policy, cells = force.by_code, request.code or ()
        looked = suspects(policy, path)
        tagged = any(_TAG in word for item in cells for word in (item.source, *item.tags))
        texts = [(Kind.CODE, item.source) for item in cells]
        if looked is not None and not (tagged or looked.code(texts)):
            return ()
        around = replace(self._around(path, request.environment), python=request.python)
        read = partial(read_program, cells, path, around, request.language)
        scanned = scan_read(path, read, *self._with(policy))
        return shared_out(cells, path, scanned)

    def _around(self, path: str, environment: Mapping[str, str] | None = None) -> Surroundings:
        """What lies beside a notebook; nothing outside of the root is looked at."""
        return surroundings(self.root.folder_of(path), self.root.folder, environment)

    def _with(self, policy: Policy) -> tuple[Policy, Concealer]:
        return policy, self.concealer


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
