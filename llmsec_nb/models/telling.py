"""Texts that say what a call would do: they name a file, an address, or hold code."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Final

PLACE: Final = re.compile(
    r"(?:/|~/|\.{1,2}[/\\]|[A-Za-z]:[/\\]|\\\\)[^\s/]|[A-Za-z][A-Za-z0-9+.\-]{1,20}://"
    r"|[^\n/\\]{1,200}[/\\][^\n]{0,300}\.[A-Za-z]\w{0,7}\Z"
)
"""A path from a root or a folder, a file with a suffix in a folder, or a URL."""
CODE: Final = re.compile(
    r"(?i)__import__|\b(?:eval|exec|compile)\s{0,3}\(|\bos\s{0,2}\.\s{0,2}(?:system|popen|exec)"
    r"|\bimport\s{1,3}(?:os|subprocess|socket|base64|ctypes)\b|\bsubprocess\s{0,2}\.\s{0,2}\w"
    r"|<script\b|javascript:|\brm\s{1,3}-rf?\b|\b(?:wget|curl)\s{1,3}(?:-\w{1,8}\s{1,3}){0,4}https?:"
    r"|\.\s{0,3}__(?:class|bases?|mro|subclasses|globals|builtins|dict|init|code)__"
    r"|\bchmod\s{1,3}(?:\+x|[0-7]{3})|/dev/tcp/|\bbase64\s{1,3}-d|\bb64decode\b|powershell"
)
"""Python or shell code that runs, loads or removes something."""
_LONGEST: Final = 4096
_DEEP: Final = 3
_BROAD: Final = 64


def tells(value: Any, deep: int = 0) -> bool:
    """Whether arguments of a call hold such a text, alone or in what they are made of."""
    if isinstance(value, str):
        text = value[:_LONGEST]
        return bool(PLACE.match(text.lstrip()) or CODE.search(text))
    if deep >= _DEEP or not isinstance(value, tuple | list | dict):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return any(tells(part, deep + 1) for part in islice(inner, _BROAD))
