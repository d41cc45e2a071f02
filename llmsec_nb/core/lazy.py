"""Regular expressions that are compiled when they are first used: a scan needs few of them."""

from __future__ import annotations

import re
from typing import Any, Final, cast

_METHODS: Final = ("finditer", "search", "match", "fullmatch", "sub", "findall", "split", "pattern")


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, later. Tests compile all: a mistake in one shows there."""
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


class _Lazy:
    def __init__(self, pattern: str, flags: int) -> None:
        self.told = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """From the first use on the methods are found without this."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(*self.told)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]
