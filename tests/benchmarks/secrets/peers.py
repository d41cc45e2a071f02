"""Other scanners, run as people run them: one job, nothing sent anywhere, every finding wanted.

Each is found on the path that is given, else it is said to be missing.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


class Run(NamedTuple):
    """What one run took, and the values it reported, by file."""

    cpu: float
    wall: float
    found: dict[Path, list[str]]


class Unusable(Exception):
    """The scanner is not installed where we may look, or gave no report."""


def run(peer: str, directory: Path, path: str) -> Run:
    """Scan a directory with a peer. Raises Unusable."""
    executable = shutil.which(peer, path=path)
    if executable is None:
        raise Unusable(f"{peer}: not installed on this path")
    return PEERS[peer](Path(executable), directory.resolve())


def touches(reported: str, values: Sequence[str]) -> bool:
    """Whether a value that a peer reports is a part of one of the values, or holds it."""
    return any(
        value in reported or (len(reported) >= _SHORTEST and reported in value) for value in values
    )


def timed(
    command: Sequence[str],
    read: Callable[[str], dict[Path, list[str]]],
    where: Path | None = None,
    more: Mapping[str, str] | None = None,
) -> Run:
    """Run a command in one thread, with `more` in its environment, and read what it prints."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=where,
        env={**_ENV, **(more or {})},
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    try:
        return Run(cpu, wall, read(done.stdout))
    except (ValueError, OSError):
        last = (done.stderr.splitlines() or ["no message"])[-1]
        raise Unusable(f"{command[0]} exited with {done.returncode}: {last}") from None


_SHORTEST: Final = 6
_ENV: Final = os.environ | {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "NO_COLOR": "1",
}


def _grouped(pairs: Iterator[tuple[str, str]]) -> dict[Path, list[str]]:
    found: dict[Path, list[str]] = {}
    for path, value in pairs:
        found.setdefault(Path(path), []).append(value)
    return found


def _kingfisher(executable: Path, directory: Path) -> Run:
    command = [str(executable), "scan", str(directory), "--format", "json", "-j", "1", "-c", "low"]
    command += ["--no-validate", "--no-dedup", "--no-update-check", "--git-history", "none"]

    def read(output: str) -> dict[Path, list[str]]:
        tree: dict[str, Any] = json.JSONDecoder().raw_decode(output)[0]
        rows = (row["finding"] for row in tree["findings"])
        return _grouped((row["path"], row["snippet"]) for row in rows)

    return timed(command, read)


def _credsweeper(executable: Path, directory: Path) -> Run:
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary, "report.json")
        command = [str(executable), "--path", str(directory), "--save-json", str(report)]
        command += ["--jobs", "1", "--ml_threads_limit", "1"]

        def read(_: str) -> dict[Path, list[str]]:
            rows = json.loads(report.read_text("utf-8"))
            return _grouped(
                (line["path"], line["value"] or line["line"] or "")
                for row in rows
                for line in row["line_data_list"]
            )

        return timed(command, read)


_DETECT_SECRETS: Final = """
import json, sys
from pathlib import Path
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings
with default_settings():
    for file in sorted(Path(sys.argv[1]).rglob("*.*")):
        secrets = SecretsCollection()
        secrets.scan_file(str(file))
        for name, secret in secrets:
            print(json.dumps([str(file), secret.secret_value]))
"""
"""Its default plugins and filters; its command would add a filter that asks the network."""


def _detect_secrets(executable: Path, directory: Path) -> Run:
    python = executable.with_name("python")

    def read(output: str) -> dict[Path, list[str]]:
        rows = map(json.loads, output.splitlines())
        return _grouped((path, value) for path, value in rows)

    return timed([str(python), "-c", _DETECT_SECRETS, str(directory)], read)


def _secretlint(executable: Path, directory: Path) -> Run:
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary, "report.json")
        command = [str(executable), "--format", "json", "--no-maskSecrets", "--secretlintrcJSON"]
        command += ['{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}']
        command += ["--output", str(report), f"{directory}/**/*.*"]

        def read(_: str) -> dict[Path, list[str]]:
            return _grouped(
                (row["filePath"], row["sourceContent"][slice(*message["range"])])
                for row in json.loads(report.read_text("utf-8"))
                for message in row["messages"]
            )

        # Its rules are found from where it is installed.
        return timed(command, read, where=executable.parent.parent.parent)


PEERS: Final[dict[str, Callable[[Path, Path], Run]]] = {
    "kingfisher": _kingfisher,
    "credsweeper": _credsweeper,
    "secretlint": _secretlint,
    "detect-secrets": _detect_secrets,
}
"""By the name of their command."""
