"""`pip.conf`: where pip gets packages from, for all that follows.

Source: https://pip.pypa.io/en/stable/topics/configuration/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..install import Install
from ..options import SETTINGS, Option
from ..origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE: Final = lazy(
    r"^(?:(?P<key>[A-Za-z_-]{1,40})[ \t]*[=:])?[ \t]*(?P<value>[^\n#;\[][^\n]*)?$", re.MULTILINE
)


def read(text: str) -> Iterator[Install]:
    """The settings that have an option of the same name; a value may go on over lines."""
    options: list[Option] = []
    key = ""
    for found in _LINE.finditer(text):
        key = (found["key"] or key).replace("_", "-").lower()
        value = (found["value"] or "").strip()
        if value and f"--{key}" in SETTINGS.values():
            start = found.start("value")
            options.append(Option(f"--{key}", value, start, start + len(value)))
    if options:
        yield Install("pip", Origin.FILE, 0, len(text), (0, 0), (), tuple(options))
