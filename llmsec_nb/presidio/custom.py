"""Recognizers of users: entry points of the group `llmsec_nb.presidio_recognizers`.

An entry point gives a class or an instance of Presidio's EntityRecognizer, or a list of those.
They are loaded with Presidio only, and run in this process: installing one means trusting it.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUP: Final = "llmsec_nb.presidio_recognizers"


def custom_recognizers() -> tuple[list[Any], list[str]]:
    """The recognizers of all entry points, and one line for each that gives none."""
    recognizers: list[Any] = []
    failures: list[str] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            recognizers += _instances(entry.load())
        except Exception as error:  # noqa: BLE001 (a user's module may raise anything)
            failures.append(
                f"Presidio recognizer {entry.name} ({entry.value}) cannot be used"
                f" ({type(error).__name__}), so what it looks for was not scanned:"
                " repair or uninstall it"
            )
    return recognizers, failures


def _instances(given: Any) -> list[Any]:
    from presidio_analyzer import EntityRecognizer

    found: list[Any] = []
    things: Iterable[Any] = given if isinstance(given, list | tuple) else [given]
    for thing in things:
        one = thing() if isinstance(thing, type) else thing
        if not isinstance(one, EntityRecognizer):
            raise TypeError
        found.append(one)
    return found
