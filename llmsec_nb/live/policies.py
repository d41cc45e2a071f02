"""The configurations that are in force for notebooks, read again when a file has changed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from ..config import Config, ConfigError, candidates, load
from ..core.finding import Failure
from ..core.rule import OF_CODE
from ..policy import Policy
from ..report.json import encodable
from ..rules.hygiene.suppressions import UNUSED

if TYPE_CHECKING:
    from pathlib import Path

    from .root import Root

_MOST_FOLDERS: Final = 64


class InForce(NamedTuple):
    """`policy` and its two halves: what goes by a cell alone, and what by all code together."""

    policy: Policy
    name: str
    failures: tuple[Failure, ...]
    by_cell: Policy
    by_code: Policy


class Policies:
    """Those of the folders below one root."""

    def __init__(self, root: Root) -> None:
        """Nothing is read yet."""
        self._root = root
        self._known: dict[tuple[object, ...], InForce] = {}

    def of(self, path: str) -> InForce:
        """The policy for a notebook, read again when a configuration file has changed."""
        folder = self._root.folder_of(path)
        stamp = (folder, *(_stamp(file) for file in candidates(folder)))
        known = self._known.get(stamp)
        if known is None:
            known = self._read(folder, path)
            others = [(k, v) for k, v in self._known.items() if k[0] != folder]
            self._known = {**dict(others[1 - _MOST_FOLDERS :]), stamp: known}
        return known

    def _read(self, folder: Path, path: str) -> InForce:
        failures: tuple[Failure, ...] = ()
        try:
            config, file = load(folder)
            policy = Policy(config, file.parent if file else self._root.folder, self._root.folder)
        except ConfigError as error:
            told = str(error).replace(f"{self._root.folder}/", "")
            failures = (Failure(path=path, message=f"{told}; the defaults are in force"),)
            policy = Policy(Config(), self._root.folder, self._root.folder)
        content = (policy.config, str(policy.root), [failure.message for failure in failures])
        name = sha256(msgspec.json.encode(encodable(content))).hexdigest()[:16]
        by_code = policy.only(OF_CODE)
        by_code.selected |= policy.selected & {UNUSED.id}
        return InForce(policy, name, failures, policy.without(OF_CODE), by_code)


def _stamp(file: Path) -> tuple[object, ...]:
    try:
        status = file.stat()
    except OSError:
        return (file,)
    return file, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size
