"""Reads a git repository that nobody trusts: whatever its configuration says, nothing of it runs.

Only commands that list and print objects are used. They know no hook, pager, filter, external
diff or file monitor; what is switched off here is switched off a second time. Missing objects of
a partial clone would be fetched by the remote's own means: every protocol is forbidden by
`GIT_ALLOW_PROTOCOL`, which no configuration overrides. Git finds the repository by itself, so that
it refuses one that belongs to somebody else (`safe.directory`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from threading import Thread, Timer
from typing import TYPE_CHECKING, BinaryIO, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_OPTIONS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.pager=cat"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
)
_FIXED: Final = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_KEPT: Final = (
    *("HOME", "XDG_CONFIG_HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "PROGRAMDATA"),
    *("SYSTEMROOT", "TMPDIR", "TEMP", "TMP"),
)
_SHORTEST: Final = 0.01


def repository(path: Path) -> Path | None:
    """The work tree in which a file lies; None outside of any."""
    for folder in path.parents:
        if os.path.exists(folder / ".git"):  # noqa: PTH110 (Path.exists raises where it may not look)
            return folder
    return None


def program(avoid: Path) -> str | None:
    """Git as PATH has it, but not from a relative directory, nor from within `avoid`."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in map(Path, os.get_exec_path()):
        file = folder / name
        if not folder.is_absolute() or not os.access(file, os.X_OK):
            continue
        if not folder.resolve().is_relative_to(avoid) and not file.resolve().is_relative_to(avoid):
            return str(file)
    return None


class Git:
    """The commands that may be run in one repository, none of them past `until`."""

    def __init__(self, program: str, top: Path, until: float) -> None:
        """`until` is a time of the monotonic clock."""
        self.program = program
        self.top = top
        self.until = until

    def run(self, *words: str, feed: Iterable[bytes] = ()) -> Run:
        """Start a command; its standard input is what `feed` gives."""
        return Run(
            [self.program, *_OPTIONS, *words], self.top, self._environment(), self.until, feed
        )

    def _environment(self) -> dict[str, str]:
        """Nothing that speaks to git, and no directory in which others could put a program."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        ceiling = {"GIT_CEILING_DIRECTORIES": str(self.top.parent)}
        return {**kept, **_FIXED, **ceiling, "PATH": str(Path(self.program).parent)}


class Run:
    """A running command: read `output` to its end, then ask whether it `succeeded`."""

    def __init__(
        self, words: list[str], top: Path, env: dict[str, str], until: float, feed: Iterable[bytes]
    ) -> None:
        """Raises OSError when it cannot be started."""
        self._process = subprocess.Popen(  # noqa: S603 (an absolute path and fixed options)
            words,
            cwd=top,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
        self._complaints = b""
        self._timer = Timer(max(_SHORTEST, until - time.monotonic()), self._kill)
        self._helpers = (Thread(target=self._feed, args=(feed,)), Thread(target=self._listen))
        for thread in (self._timer, *self._helpers):
            thread.daemon = True
            thread.start()

    @property
    def output(self) -> BinaryIO:
        """What the command prints."""
        assert self._process.stdout is not None  # noqa: S101 (a pipe was asked for)
        return self._process.stdout  # type: ignore[return-value]  # IO[bytes] is a BinaryIO

    @property
    def succeeded(self) -> bool:
        """Whether it came to its end by itself, without an error."""
        return self._process.wait() == 0

    @property
    def complaints(self) -> bytes:
        """What it printed to standard error. Is never shown: it may quote a name."""
        self._helpers[1].join()
        return self._complaints

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._kill()
        self._process.wait()
        for thread in self._helpers:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _feed(self, chunks: Iterable[bytes]) -> None:
        assert self._process.stdin is not None  # noqa: S101 (a pipe was asked for)
        with contextlib.suppress(OSError):  # it was ended before it read all
            for chunk in chunks:
                self._process.stdin.write(chunk)
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _listen(self) -> None:
        assert self._process.stderr is not None  # noqa: S101 (a pipe was asked for)
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stderr:
                self._complaints = (self._complaints + line)[-4096:]

    def _kill(self) -> None:
        """End the command with all that it started."""
        if self._process.poll() is not None:
            return
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
