"""A second opinion on a file, by picklescan: the extra `[models]`. It reads, and loads nothing."""

from __future__ import annotations

import contextlib
import io
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ..core.detector import NotInstalled
from ..core.rule import Confidence, Severity
from . import rules
from .issue import ModelIssue, ModelScan
from .values import Global, escaped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_REMEDY: Final = "pip install 'llmsec-nb[models]'"
_SEVEN: Final = b"7z\xbc\xaf\x27\x1c"
"""Archives of this kind it unpacks to a folder, so they are not shown to it."""
_MOST: Final = 100


class NoOpinion(Exception):
    """It could not read the file; the text is one line."""


def second_opinion(path: Path) -> list[ModelIssue]:
    """What picklescan calls dangerous in a file. Raises NotInstalled without the extra, OSError.

    Raises NoOpinion if it gives up on the file. What it only suspects is not told: it suspects
    every name that it does not know.
    """
    scan = _library()
    with path.open("rb") as file:
        if file.read(len(_SEVEN)) == _SEVEN:
            raise NoOpinion("picklescan would write what is in the 7z archive to the disk")
    try:
        with _quiet():
            result = scan(str(path))
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 (it lets whatever its readers raise pass)
        raise NoOpinion(f"picklescan stopped with {type(error).__name__}") from None
    found = [_issue(one) for one in result.globals if one.safety.value == "dangerous"]
    if result.scan_err and not found:
        raise NoOpinion("picklescan could not read it")
    return sorted(found, key=lambda issue: issue.message)[:_MOST]


def merged(scan: ModelScan, others: Iterable[ModelIssue]) -> ModelScan:
    """The scan with those of the other issues that name what none of its own does."""
    own = [issue.message for issue in scan.issues if issue.severity.at_least(Severity.HIGH)]
    new = [
        other for other in others if not any(_subject(other.message) in message for message in own)
    ]
    return replace(scan, issues=(*scan.issues, *new))


def _subject(message: str) -> str:
    return message.rpartition(" ")[2]


def _issue(found: Any) -> ModelIssue:
    name = escaped(Global(str(found.module), str(found.name)).path)
    return ModelIssue(
        rule=rules.PICKLE_CODE,
        message=f"picklescan takes for dangerous that loading it imports {name}",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
    )


def _library() -> Any:
    try:
        return import_module("picklescan.scanner").scan_file_path
    except ImportError as error:
        missing = (error.name or "picklescan").partition(".")[0]
        raise NotInstalled(f"no second opinion without {missing}: {_REMEDY}") from None


@contextlib.contextmanager
def _quiet() -> Any:
    """It would log names from the file, and print what its readers warn of."""
    logger = logging.getLogger("picklescan")
    before = logger.disabled
    logger.disabled = True
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logger.disabled = before
