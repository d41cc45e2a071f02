"""Texts that are literals put together: `"".join(["ev", "al"])`, `"lave"[::-1]`, `chr(101)`."""

from __future__ import annotations

import string
from typing import Any, Final

LONGEST: Final = 300
"""A path, or a text put together, that would be longer is not followed."""
METHODS: Final = frozenset(
    {
        "join", "replace", "format", "lower", "upper", "title", "swapcase", "strip", "lstrip",
        "rstrip", "removeprefix", "removesuffix", "decode", "encode",
    }
)  # fmt: skip
"""Those of texts that make another text, which is not much longer than what they are given."""
_PLAIN_FIELD: Final = frozenset({"", None})


def fold(method: str, own: object, words: list[Any]) -> str | None:
    """What `own.method(*words)` or `chr(word)` is; None where that is no short text."""
    if sum(_size(one) for one in [own, *words]) > LONGEST:
        return None
    try:
        made = chr(*words) if method == "chr" else _called(method, own, words)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return None
    if isinstance(made, bytes):
        made = made.decode("latin-1") if method == "encode" else None
    return made if isinstance(made, str) and len(made) <= LONGEST else None


def _called(method: str, own: object, words: list[Any]) -> object:
    if method == "format":
        if not isinstance(own, str) or not _is_plain(own):
            return None
    elif method == "replace" and len(words) > 1 and not words[0]:
        return None  # between any two characters
    elif method in {"encode", "decode"}:
        words = words[:1] if words[:1] in ([], ["utf-8"], ["utf8"], ["ascii"], ["latin-1"]) else [1]
    return getattr(own, method)(*words)


def _is_plain(pattern: str) -> bool:
    """Whether a format has fields without a width, which could make it as long as it likes."""
    return all(
        spec in _PLAIN_FIELD and (name is None or name.isalnum() or not name)
        for _, name, spec, _ in string.Formatter().parse(pattern)
    )


def percent(pattern: object, words: list[Any]) -> str | None:
    """What `pattern % words` is where it has no more than `%s` in it."""
    if not isinstance(pattern, str) or pattern.count("%") != pattern.count("%s") or not words:
        return None
    if _size(pattern) + sum(map(_size, words)) > LONGEST or pattern.count("%s") != len(words):
        return None
    return pattern % tuple(words) if all(isinstance(one, str | int) for one in words) else None


def _size(one: object) -> int:
    if isinstance(one, list):
        return sum(map(_size, one)) + len(one)
    if isinstance(one, str | bytes):
        return len(one)
    return 8 if isinstance(one, int) else LONGEST + 1
