"""Runs the tools: in a private directory, with nothing of the user's world that could steer them.

The copies hold the sources of cells, secrets that stand in them included. They are kept in a
directory that only the user may enter (0700) and that is gone when the tools are done, also when
they fail, are interrupted or ended by a signal; after a SIGKILL it goes at a later start. The tools
start there, so that no configuration of what is scanned is found; `-P` and an environment of a few
variables keep its modules out.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

from ..core.detector import Unavailable
from .ending import at_work, undisturbed, unwinding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LIMIT: Final = 120.0
"""Seconds that one run of a tool may take."""
_LARGEST: Final = 200_000_000
"""Bytes of an answer."""
ANSWER: Final = "answer"
"""The file that a run writes."""
_KEPT: Final = (
    *("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "WINDIR"),
    *("PYTHONHOME", "PYTHONUSERBASE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
)
"""Where Python finds itself and what the user has installed."""
_SETTINGS: Final = '[tool.autopep8]\nexclude = "*"\n'
"""Here nbQA looks for its own settings, and autopep8, which it runs first, for those by which it
would move lines: no file is to be touched."""
_PREFIX: Final = "llmsec-"
_NAME: Final = re.compile(_PREFIX + r"[a-z0-9_]{8}")
_STALE: Final = 3600.0
"""Seconds after which nobody is at work in a folder: each run of a tool changes it."""
_PROBE: Final = (
    "import importlib.util as u, sys; lacks = [n for n in sys.argv[1:] if u.find_spec(n) is None]; "
    f"open({ANSWER!r}, 'w').write(' '.join(lacks))"
)


class Stopped(Unavailable):
    """A tool did not come to its end; the message says how, and quotes nothing that it printed."""


class TooSlow(Stopped):
    """A tool was ended because it took too long."""


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A directory that nobody else may enter, with a folder `n` for notebooks; gone afterwards."""
    from pathlib import Path
    from tempfile import TemporaryDirectory, gettempdir

    _sweep(gettempdir())
    with unwinding(), TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
        (folder / "n").mkdir(mode=0o700)
        with at_work():
            yield folder


def _sweep(place: str) -> None:
    """Remove the folders that runs of this user have left which were killed."""
    import shutil

    if not hasattr(os, "geteuid"):
        return
    with contextlib.suppress(OSError), os.scandir(place) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and _is_left(entry):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_left(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder as `private_folder` makes them, and old."""
    from pathlib import Path

    try:
        known = entry.stat(follow_symlinks=False)
        if known.st_mode != stat.S_IFDIR | stat.S_IRWXU or known.st_uid != os.geteuid():
            return False
        with (Path(entry) / "pyproject.toml").open(encoding="utf-8") as file:
            is_own = file.read(len(_SETTINGS) + 1) == _SETTINGS
    except (OSError, UnicodeDecodeError):
        return False
    return is_own and time.time() - known.st_mtime > _STALE


def missing(folder: Path, *modules: str) -> frozenset[str]:
    """Those of the modules that this Python does not have. Raises Stopped."""
    said = run(["-c", _PROBE, *modules], folder, LIMIT)
    return frozenset(said.decode("utf-8", "replace").split())


def run(words: Sequence[str], folder: Path, limit: float) -> bytes:
    """Run this Python with these arguments in the folder; what it writes to ANSWER.

    Raises Stopped.
    """
    if not sys.executable:
        raise Stopped("the Python that runs this is not known")
    answer = folder / ANSWER
    answer.unlink(missing_ok=True)
    code = _code(words, folder, limit)
    if code != 0 or not answer.is_file():
        raise Stopped(f"stopped with exit code {code}")
    if answer.stat().st_size > _LARGEST:
        raise Stopped(f"had more to say than {_LARGEST / 1e6:.0f} MB")
    return answer.read_bytes()


def _code(words: Sequence[str], folder: Path, limit: float) -> int:
    """The exit code. Raises Stopped."""
    with undisturbed():  # else a signal could come when it runs and is not known yet
        process = _started(words, folder)
        try:
            with at_work():
                return process.wait(limit)
        except subprocess.TimeoutExpired:
            raise TooSlow(f"took longer than {limit:g} s") from None
        finally:
            _end(process)


def _started(words: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 (this Python, and fixed options)
            [sys.executable, "-P", *words],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise Stopped(f"could not be started ({type(error).__name__})") from None


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = dict.fromkeys(
        ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "RUFF_CACHE_DIR"),
        str(folder),
    )
    return {
        **kept,
        **own,
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it started, if it still runs."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                import signal

                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
