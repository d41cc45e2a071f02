"""The default filters of detect-secrets, asked about hits only, and in linear time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .pragma import allows_line, allows_next_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALLOWLIST: Final = "detect_secrets.filters.allowlist.is_line_allowlisted"
_HEURISTIC: Final = "detect_secrets.filters.heuristic."
_REFERENCE: Final = _HEURISTIC + "is_indirect_reference"
_ID: Final = _HEURISTIC + "is_likely_id_string"
_OF_FILES: Final = ("is_lock_file", "is_swagger_file", "is_non_text_file")
_OF_VALUES: Final = (
    "is_sequential_string",
    "is_potential_uuid",
    "is_templated_secret",
    "is_prefixed_with_dollar_sign",
    "is_not_alphanumeric_string",
)
VERIFICATION: Final = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
_HARMLESS: Final = frozenset(
    {
        VERIFICATION,
        "detect_secrets.filters.common.is_baseline_file",
        "detect_secrets.filters.common.is_invalid_file",
    }
)
ALWAYS: Final = (_HEURISTIC + "is_non_text_file",)
DEFAULT: Final = (
    _ALLOWLIST,
    _REFERENCE,
    _ID,
    *(_HEURISTIC + name for name in (*_OF_FILES[:2], *_OF_VALUES)),
)
KNOWN: Final = frozenset({*DEFAULT, *ALWAYS, *_HARMLESS})
"""Those that are understood here. None of them opens a socket: verification is never run."""

_LONGEST_REFERENCE: Final = 1000
_CALL: Final = re.compile(r"[:=!]\s*+[\w.-]++[\[(]")
_CLOSES: Final = re.compile(r"[^\x0b\])]*+[\])]")


class Filters:
    """Filters by the paths that a baseline names them with."""

    def __init__(self, paths: Iterable[str] = DEFAULT) -> None:
        """Those that are not KNOWN are left to the caller."""
        from detect_secrets.filters import heuristic

        names = {*paths, *ALWAYS}
        self._allowlist = _ALLOWLIST in names
        self._reference = _REFERENCE in names
        self._likely_id = heuristic.is_likely_id_string if _ID in names else None
        self._files = [getattr(heuristic, n) for n in _OF_FILES if _HEURISTIC + n in names]
        self._values = [getattr(heuristic, n) for n in _OF_VALUES if _HEURISTIC + n in names]

    def drop_file(self, filename: str) -> bool:
        """Whether no line of the file is looked at."""
        return any(drops(filename) for drops in self._files)

    def drop_line(self, line: str, previous: str, filename: str) -> bool:
        """Whether nothing on the line counts; `line` is stripped at its end."""
        if self._allowlist and self.allowed(line, previous, filename):
            return True
        return self._reference and is_indirect_reference(line)

    def allowed(self, line: str, previous: str, filename: str) -> bool:
        """Whether a comment allows the secrets of the line."""
        return self._allowlist and (
            allows_line(line, filename) is not None
            or allows_next_line(previous, filename) is not None
        )

    def drop_value(self, value: str, line: str, plugin: Any) -> bool:
        """Whether a value that a plugin found on the line does not count."""
        if any(drops(value) for drops in self._values):
            return True
        return self._likely_id is not None and bool(self._likely_id(value, line, plugin))


def is_indirect_reference(line: str) -> bool:
    """`name = call(…)` or `name = thing[…]`, as upstream's filter of that name says."""
    if len(line) > _LONGEST_REFERENCE:
        return False
    return any(_CLOSES.match(line, call.end()) for call in _CALL.finditer(line))
