"""Runs the tools: in a private directory, with nothing of the user's world that could steer them.

The copies hold the sources of cells, secrets that stand in them included. They are kept in a
directory that only the user may enter (0700) and that is gone when the tools are done, also when
they fail or are interrupted. The tools start there, so that no configuration of what is scanned
is found; `-P` and an environment of a few variables keep its modules out.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from ..core.detector import Unavailable

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
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="llmsec-") as name:
        folder = Path(name)
        (folder / "n").mkdir(mode=0o700)
        (folder / "pyproject.toml").write_text(_SETTINGS, encoding="utf-8")
        yield folder


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
    try:
        process = subprocess.Popen(  # noqa: S603 (this Python, and fixed options)
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
    try:
        code = process.wait(limit)
    except subprocess.TimeoutExpired:
        raise TooSlow(f"took longer than {limit:g} s") from None
    finally:
        _end(process)
    if code != 0 or not answer.is_file():
        raise Stopped(f"stopped with exit code {code}")
    if answer.stat().st_size > _LARGEST:
        raise Stopped(f"had more to say than {_LARGEST / 1e6:.0f} MB")
    return answer.read_bytes()


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
