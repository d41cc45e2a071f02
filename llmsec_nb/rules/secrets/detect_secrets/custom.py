"""SEC428: plugins of detect-secrets that the user names, run in a process of their own."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import weakref
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final, NoReturn

from ....core.detector import Context, Cost, Match, Unavailable
from ....core.rule import Confidence, Family, Kind, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ....core.artifact import Text

CUSTOM: Final = Rule(
    id="SEC428",
    name="ds-custom",
    family=Family.SECRET,
    summary="A custom plugin of detect-secrets matches",
    why="The plugin that --detect-secrets-plugin names found it. Off unless one is named.",
    remediation="Revoke it where it was issued; read the new one from the environment.",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(798,),
    owasp=("LLM02:2025",),
    reference="https://github.com/Yelp/detect-secrets",
    default=False,
)
_PATIENCE: Final = 1.0
_BUDGET: Final = 10.0
_START: Final = 20.0


class CustomPlugins:
    """The plugins of one file. What takes too long, or fails, is not asked again."""

    rules: ClassVar = (CUSTOM,)
    cost: ClassVar[Cost] = Cost.SCAN
    literals: ClassVar[tuple[str, ...]] = ()
    unusual: ClassVar = None
    by_fields: ClassVar[bool] = False
    searches: ClassVar[bool] = False

    def __init__(self, file: Path) -> None:
        """Nothing is run before a text is there."""
        self._host = _Host(file)

    def search(self, content: str) -> Iterable[int]:
        """Never asked."""
        return ()

    def screen(self, content: str) -> bool:
        """What a plugin looks for is unknown."""
        return True

    def detect(self, text: Text, hint: object, context: Context) -> Iterator[Match]:
        """Yield what the plugins find, line by line. Raises Unavailable when they cannot."""
        if text.kind is Kind.BINARY or not text.text:
            return
        lines = text.text.split("\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        for number, value in self._host.ask(context.path, lines):
            at = lines[number].find(value)
            length = len(value) if at >= 0 else len(lines[number])
            start = starts[number] + max(at, 0)
            if length:
                yield Match(rule=CUSTOM, start=start, end=start + length, rank=5)


class _Host:
    """A process that runs plugins. Lines go in and values come out by pipes, and nowhere else."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._failure = ""
        self._answers: queue.Queue[str] = queue.Queue()
        self._process: subprocess.Popen[str] | None = None
        self._end: Callable[[], object] | None = None

    def ask(self, path: str, lines: list[str]) -> list[tuple[int, str]]:
        """Numbers of lines, and the values on them. Raises Unavailable, and from then on."""
        if self._failure:
            raise Unavailable(self._failure)
        process = self._process or self._started()
        request = json.dumps({"path": path, "lines": lines})
        threading.Thread(target=_send, args=(process.stdin, request), daemon=True).start()
        return [
            (number, value)
            for number, value in self._answer(_BUDGET)
            if isinstance(number, int) and 0 <= number < len(lines) and isinstance(value, str)
        ]

    def _started(self) -> subprocess.Popen[str]:
        # -P: a module that lies in the working directory is no part of this program.
        process = self._process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-P", "-m", f"{__package__}.host", str(self._file.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogatepass",
        )
        heard = (process.stdout, self._answers)
        listener = threading.Thread(target=_listen, args=heard, daemon=True)
        listener.start()
        self._end = weakref.finalize(self, _ended, process, listener)
        self._answer(_START)
        return process

    def _answer(self, seconds: float) -> list[Any]:
        try:
            said = json.loads(self._answers.get(timeout=seconds))
        except queue.Empty:
            self._fail(f"took more than {seconds:g} seconds and was stopped")
        except ValueError:
            self._fail("ended early")
        if isinstance(said, dict):
            self._fail(f"stopped with {said.get('error')}")
        return list(said)

    def _fail(self, what: str) -> NoReturn:
        if self._end is not None:
            self._end()
        self._failure = f"detect-secrets plugin {self._file} {what}; its findings are missing"
        raise Unavailable(self._failure)


def _send(requests: IO[str] | None, request: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        if requests:
            requests.write(request + "\n")
            requests.flush()


def _listen(output: IO[str] | None, answers: queue.Queue[str]) -> None:
    with output or contextlib.nullcontext(()) as lines:
        for line in lines:
            answers.put(line)
    answers.put("")


def _ended(process: subprocess.Popen[str], listener: threading.Thread) -> None:
    """Leave neither the process nor its pipes behind."""
    process.kill()
    process.wait()
    listener.join(_PATIENCE)
    with contextlib.suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.close()
