"""What a reader could not read, or read otherwise than as written: counted, never dropped."""

from __future__ import annotations

from ...core.finding import Failure

_SHOWN = 5


class DatasetError(Exception):
    """A table cannot be opened. One line: what it is, and where there is one, the remedy."""


class Problems:
    """The problems of one table. Messages hold places and counts, never a value."""

    __slots__ = ("_counts", "_kept", "_others", "_stated", "path")

    def __init__(self, path: str) -> None:
        """`path` is the name of the table as shown."""
        self.path = path
        self._kept: list[Failure] = []
        self._stated: dict[str, str] = {}
        self._counts: dict[str, tuple[int, list[str], bool]] = {}
        self._others: list[Failure] = []

    def state(self, message: str, remedy: str = "") -> None:
        """Say something once."""
        self._stated.setdefault(message, remedy)

    def count(self, what: str, where: str, times: int = 1) -> None:
        """Count one more of a kind; the first places are kept."""
        number, places, more = self._counts.get(what, (0, [], False))
        if len(places) < _SHOWN:
            places.append(where)
        else:
            more = True
        self._counts[what] = number + times, places, more

    def take(self, others: list[Failure]) -> None:
        """Problems of a part of the table, a file of a folder say."""
        self._others.extend(others)

    def keep(self) -> None:
        """What is known by now was found while opening: every pass will say it again."""
        self._kept = self.failures()
        self.restart()

    def restart(self) -> None:
        """Forget what the former pass found."""
        self._stated.clear()
        self._counts.clear()
        self._others.clear()

    def failures(self) -> list[Failure]:
        """All of it, as it goes into a report."""
        known = list(self._kept)
        known += [
            Failure(path=self.path, message=message, remedy=remedy)
            for message, remedy in self._stated.items()
        ]
        known += [
            Failure(path=self.path, message=f"{what}: {number} ({_places(places, more=more)})")
            for what, (number, places, more) in self._counts.items()
        ]
        return known + self._others


def _places(places: list[str], *, more: bool) -> str:
    return ", ".join(places) + ", ..." * more
