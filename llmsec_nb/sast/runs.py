"""Copies handed to a tool, as many at once as is good, until each has been read or has failed."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Final

from ..core.finding import Failure
from .copies import notebook
from .process import Stopped, TooSlow, run
from .tools import MOST, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .copies import Copy, Piece
    from .tools import Answer, Hit, Tool

_MOST_COPIES: Final = 200
_MOST_CHARACTERS: Final = 2_000_000
"""Of one run; there is always at least one copy in it."""


class Round:
    """One tool, asked about many copies. `found` are pieces with what is said of them."""

    def __init__(self, tool: Tool, folder: Path, limit: float) -> None:
        """`folder` is a private one; `limit` is in seconds, for one run."""
        self.tool = tool
        self.folder = folder
        self.limit = limit
        self.found: list[tuple[Piece, list[Hit]]] = []
        self.failures: list[Failure] = []

    def all(self, copies: Sequence[Copy]) -> None:
        """Ask about all copies; of what was not read whole, about each piece alone."""
        alone = [(piece,) for batch in _batches(copies) for piece in self._read(batch)]
        for batch in _batches(alone):
            for piece in self._read(batch):
                self._fail([(piece,)], f"{self.tool.name} did not read it to its end")

    def _read(self, copies: Sequence[Copy]) -> list[Piece]:
        """Take in what the tool says of a batch; the pieces that it did not read whole."""
        try:
            answer = self._answer(copies)
        except TooSlow as reason:
            self._fail(copies, f"{self.tool.name} {reason} for {len(copies)} files together")
            return []
        except Stopped as reason:
            if len(copies) > 1:
                half = len(copies) // 2
                return self._read(copies[:half]) + self._read(copies[half:])
            if len(copies[0]) > 1:
                return list(copies[0])
            self._fail(copies, f"{self.tool.name} {reason}")
            return []
        return list(self._taken(copies, answer))

    def _answer(self, copies: Sequence[Copy]) -> Answer:
        """Raises Stopped, also where the answer is not of the known form."""
        token = f"llmsec-{secrets.token_hex(16)}"
        notebooks = self.folder / "n"
        for old in notebooks.iterdir():
            old.unlink()
        for number, copy in enumerate(copies):
            marks = [
                (mark(token, (number, index), "a"), mark(token, (number, index), "z"))
                for index in range(len(copy))
            ]
            file = notebooks / f"{number:05}.ipynb"
            file.write_text(json.dumps(notebook(copy, marks)), encoding="utf-8")
        output = run(self.tool.words(), self.folder, self.limit)
        try:
            return self.tool.answer(output, copies, token)
        except (ValueError, LookupError, TypeError, RecursionError):
            raise Stopped("gave an answer that is not understood") from None

    def _taken(self, copies: Sequence[Copy], answer: Answer) -> Iterator[Piece]:
        for number, copy in enumerate(copies):
            for index, piece in enumerate(copy):
                hits = answer.hits.get((number, index))
                if hits is None:
                    yield piece
                    continue
                self.found.append((piece, hits[:MOST]))
                if len(hits) > MOST:
                    message = f"{self.tool.name} found more than {MOST}: the others are not told"
                    self.failures.append(Failure(path=piece.path, message=message, cell=piece.cell))

    def _fail(self, copies: Sequence[Copy], message: str) -> None:
        """What was not looked at, once for a file or, of a cell alone, for that."""
        for path, cell in dict.fromkeys(
            (copy[0].path, copy[0].cell if len(copy) == 1 else None) for copy in copies
        ):
            self.failures.append(
                Failure(
                    path=path,
                    message=f"{message}; what it looks for was not scanned",
                    cell=cell,
                )
            )


def _batches(copies: Sequence[Copy]) -> Iterator[list[Copy]]:
    batch: list[Copy] = []
    size = 0
    for copy in copies:
        length = sum(len(piece.code) for piece in copy)
        if batch and (len(batch) == _MOST_COPIES or size + length > _MOST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(copy)
        size += length
    if batch:
        yield batch
