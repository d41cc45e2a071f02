"""Whole values of all types: what stands for one is of its type."""

from __future__ import annotations

import ipaddress
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from . import plain
from .replacer import DECADE, DROP, GENERALISE, LARGEST_FLOAT, PSEUDONYM, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .replacer import Replacer

_WRITTEN: Final = (ipaddress.IPv4Address, ipaddress.IPv6Address, uuid.UUID)
MISSING: Final = object()
"""What stands for a value that is dropped."""


class Scalars:
    """Replaces whole values of one kind by one strategy."""

    def __init__(self, replacer: Replacer, strategy: str, kind: str, largest: int) -> None:
        """`largest` bounds integers: what their column can hold."""
        self.replacer = replacer
        self.strategy = strategy
        self.kind = kind
        self.largest = largest

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """What stands for each value, of the same type; MISSING where there can be nothing."""
        found: list[Any] = [MISSING] * len(values)
        if self.strategy == DROP:
            return found
        groups: dict[Callable[[list[Any]], list[Any]], list[int]] = {}
        for n, value in enumerate(values):
            groups.setdefault(self._changer(value), []).append(n)
        for change, places in groups.items():
            news = change([values[n] for n in places])
            for n, new in zip(places, news, strict=True):
                found[n] = MISSING if new is None else new
        return found

    def _changer(self, value: Any) -> Callable[[list[Any]], list[Any]]:
        if isinstance(value, str):
            return self._texts
        if isinstance(value, bool):
            return self._others
        if isinstance(value, int):
            return self._integers
        if isinstance(value, float):
            return self._floats
        if isinstance(value, date):
            return self._days
        return self._others

    def _texts(self, values: list[str]) -> list[str | None]:
        """Blank texts hold nothing and stay."""
        blank = [n for n, value in enumerate(values) if not value or value.isspace()]
        found = self.replacer.texts(self.strategy, self.kind, values)
        for n in blank:
            found[n] = values[n]
        return found

    def _integers(self, values: list[int]) -> list[int | None]:
        return self.replacer.integers(self.strategy, self.kind, values, self.largest)

    def _floats(self, values: list[float]) -> list[float | None]:
        whole = [n for n, value in enumerate(values) if is_whole(value)]
        found: list[float | None] = list(values)
        if self.strategy in {GENERALISE, DECADE}:
            return [plain.general_number(self.kind, value) for value in values]
        news = self.replacer.integers(
            self.strategy,
            self.kind,
            [int(values[n]) for n in whole],
            min(self.largest, LARGEST_FLOAT),
        )
        for n, new in zip(whole, news, strict=True):
            found[n] = None if new is None else float(new)
        for n in set(range(len(values))) - set(whole):
            found[n] = self.replacer.fraction(self.kind, values[n])
        return found

    def _others(self, values: list[Any]) -> list[Any]:
        return [self._other(value) for value in values]

    def _other(self, value: Any) -> Any:
        if isinstance(value, bytes):
            return self._bytes(value)
        if isinstance(value, Decimal):
            whole = value == value.to_integral_value()
            number = int(value) if whole else float(value)
            return Decimal(str(self([number])[0]))
        if isinstance(value, _WRITTEN):
            return self._as_text(value)
        if hasattr(value, "item") and hasattr(value, "dtype") and not getattr(value, "shape", ()):
            return self._numpy(value)
        self.replacer.note(f"values of the type {type(value).__name__} are left out")
        return None

    def _numpy(self, value: Any) -> Any:
        """A scalar of numpy."""
        bare = value.item()
        if type(bare) is type(value):
            return None
        new = self([bare])[0]
        return None if new is MISSING else type(value)(new)

    def _as_text(self, value: Any) -> Any:
        new = self.replacer.text(self.strategy, self.kind, str(value))
        try:
            return type(value)(new)
        except ValueError:
            return new

    def _bytes(self, value: bytes) -> bytes | None:
        try:
            text = value.decode()
        except UnicodeDecodeError:
            self.replacer.note("bytes that are no text are left out")
            return None
        return self.replacer.text(self.strategy, self.kind, text).encode()

    def _days(self, values: list[date]) -> list[date]:
        """Other days stay days; a time of day stays as it is, unless it is generalised."""
        if self.strategy in {GENERALISE, DECADE}:
            return [plain.general_day(value, decade=self.strategy == DECADE) for value in values]
        if self.strategy != PSEUDONYM:
            self.replacer.note(f"{self.strategy} gives no date: pseudonyms take their place")
        old = [value.toordinal() for value in values]
        news = self.replacer.pseudonyms.days(old)
        return [
            _moved(value, timedelta(new - ordinal))
            for value, ordinal, new in zip(values, old, news, strict=True)
        ]


def _moved(value: date, by: timedelta) -> date:
    """By the clock on the wall."""
    zone = value.tzinfo if isinstance(value, datetime) else None
    if zone is None or not isinstance(value, datetime):
        return value + by
    return (value.replace(tzinfo=None) + by).replace(tzinfo=zone)
