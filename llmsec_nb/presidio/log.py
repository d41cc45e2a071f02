"""Presidio's log: what it only says there is heard, and the values that it quotes are not kept."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = "presidio-analyzer"
_QUOTING: Final = "Failed to validate text"


class _Ear(logging.Filter):
    """Sees each record of the logger before any handler does, in the thread that wrote it."""

    def __init__(self) -> None:
        super().__init__()
        self._heard = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets all pass, but for values that are quoted, and what is said while nobody minds."""
        if getattr(self._heard, "quiet", False) and record.levelno <= logging.WARNING:
            return False
        said = str(record.msg)
        if said.startswith(_QUOTING):
            record.msg, record.args = "Failed to validate a value", ()
        warnings: list[str] | None = getattr(self._heard, "warnings", None)
        if warnings is not None and record.levelno >= logging.WARNING:
            if "timed out" in said:
                warnings.append("took too long")
            elif "failed" in said:
                warnings.append("failed on a part")
        return True

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """The warnings that say that something was not looked at, while this lasts."""
        warnings: list[str] = []
        self._heard.warnings = warnings
        try:
            yield warnings
        finally:
            self._heard.warnings = None

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No warnings of this thread: while recognizers are put together they tell nothing new."""
        self._heard.quiet = True
        try:
            yield
        finally:
            self._heard.quiet = False


_EAR: Final = _Ear()


def listen() -> None:
    """From now on, hear what Presidio logs; once is enough, and more is harmless."""
    logger = logging.getLogger(_NAME)
    logger.addFilter(_EAR)
    if logger.level > logging.WARNING:
        logger.setLevel(logging.WARNING)


listening = _EAR.listening
quiet = _EAR.quiet
