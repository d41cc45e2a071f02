"""What stands on the stack of a pickle that is read without being run, and how it is shown."""

from __future__ import annotations

import re
from typing import Any, Final

_SHOWN: Final = 60
_ARGUMENTS: Final = 4
_DEEP: Final = 3
_BITS: Final = 128
"""Longer numbers are not shown: Python itself refuses to print the longest."""
_TOKEN: Final = re.compile(r"(?=[A-Za-z+/_\-=]{0,40}[0-9])[A-Za-z0-9+/_\-=]{20,}")
_NAMED: Final = re.compile(
    r"(?i)((?:pass(?:word|wd)?|pwd|token|secret|api_?key|authorization|bearer)[=:\s\'\"]{1,4}"
    r"(?:(?:bearer|basic|digest|token)\s{1,4})?)[^\s'\"&]{3,}"
)
_LOGIN: Final = re.compile(r"(://[^\s/:@]{1,64}:)[^\s/@]{1,128}@")


HOOKS: Final = frozenset({"__setstate__", "__reduce__", "__reduce_ex__", "__class__", "__call__",
                          "__getattr__", "append", "extend", "update", "add"})  # fmt: skip
"""Attributes that the unpickler, or whoever holds the object, looks up and calls."""


class Global:
    """A name that would be imported; nothing is."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        """`name` may have dots: attributes of attributes."""
        self.module, self.name = module, name

    @property
    def path(self) -> str:
        """The name as Python code spells it."""
        return (
            self.name
            if self.module in {"builtins", "__builtin__"}
            else f"{self.module}.{self.name}"
        )


class Made:
    """What a call would give: of `maker`, a Global as a rule, with `arguments`."""

    __slots__ = ("arguments", "maker", "state")

    def __init__(self, maker: Any, arguments: Any) -> None:
        """An object without a state yet."""
        self.maker, self.arguments = maker, arguments
        self.state: Any = None


class Blob:
    """A long text or bytes of which only the start is held; `size` is in bytes."""

    __slots__ = ("head", "size")

    def __init__(self, head: bytes, size: int) -> None:
        """Hold `head`."""
        self.head, self.size = head, size


def masked(text: str) -> str:
    """The text without what may be a secret."""
    text = _LOGIN.sub(r"\1***@", text)
    return _TOKEN.sub("***", _NAMED.sub(r"\1***", text))


def _text(text: str) -> str:
    short = masked(text[: 4 * _SHOWN])
    cut = len(short) > _SHOWN or len(text) > 4 * _SHOWN
    return ascii(short[:_SHOWN] + "…" if cut else short).replace("\\u2026", "…")


def show(value: Any, deep: int = 0) -> str:
    """A value as short Python code of plain ASCII, with what may be a secret masked."""
    shown = "…"
    if isinstance(value, Global):
        shown = escaped(value.path)
    elif isinstance(value, Made) and deep < _DEEP:
        shown = call(value.maker, value.arguments, deep + 1)
    elif isinstance(value, Made):
        shown = "…(…)"
    elif isinstance(value, str):
        shown = _text(value)
    elif isinstance(value, bytes):
        shown = "b" + _text(value[: 8 * _SHOWN].decode("latin-1"))
    elif isinstance(value, Blob):
        shown = f"<{value.size} bytes>"
    elif isinstance(value, tuple | list):
        left, right = "()" if isinstance(value, tuple) else "[]"
        shown = left + (listed(value, deep + 1) if deep < _DEEP else "…") + right
    elif isinstance(value, dict):
        shown = "{…}" if value else "{}"
    elif (
        value is None
        or isinstance(value, bool | float)
        or (isinstance(value, int) and value.bit_length() < _BITS)
    ):
        shown = str(value)
    return shown


def listed(values: Any, deep: int) -> str:
    """The first values, with commas between them."""
    shown = [show(value, deep) for value in values[:_ARGUMENTS]]
    return ", ".join(shown + ["…"] * (len(values) > _ARGUMENTS))


def call(maker: Any, arguments: Any, deep: int = 0) -> str:
    """A call as Python code: `os.system('ls')`."""
    name = show(maker, deep + 1)
    return f"{name}({listed(arguments, deep)})" if isinstance(arguments, tuple) else f"{name}(…)"


def escaped(text: str) -> str:
    """A name as it may be shown: short, in plain ASCII, on one line."""
    return ascii(masked(text[:120]))[1:-1]
