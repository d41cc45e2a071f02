"""How the opponents are asked: another interpreter, JSON lines through its pipes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.pii.eval_data import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

_MODULE: Final = "tests.benchmarks.pii.eval_rivals"
_ROOT: Final = Path(__file__).parents[3]


class Presidio:
    """A process that analyzes texts. `python` is an interpreter that has presidio-analyzer."""

    def __init__(self, python: str, engine: str) -> None:
        self._process = subprocess.Popen(
            [python, "-m", _MODULE, "texts", engine],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def find(self, texts: Sequence[str]) -> tuple[list[list[Span]], float]:
        """What it finds in each text, and the CPU seconds that took."""
        if self._process.stdin is None or self._process.stdout is None:
            raise ValueError("no pipes")
        self._process.stdin.write(json.dumps(list(texts)) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return [[Span(*one) for one in found] for found in answer["found"]], answer["cpu"]


def classify(
    python: str, which: str, data: Path, threshold: float, strategy: str, *, skip_numbers: bool
) -> dict[str, Any]:
    """What presidio-structured calls the columns of a set: {found, failed, cpu}."""
    mode = "skip" if skip_numbers else "keep"
    arguments = ["columns", which, str(data.resolve()), str(threshold), strategy, mode]
    done = subprocess.run(
        [python, "-m", _MODULE, *arguments], cwd=_ROOT, stdout=subprocess.PIPE, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
