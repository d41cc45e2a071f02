"""The rules by name, and what is done about what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .problems import CannotSanitize

if TYPE_CHECKING:
    from collections.abc import Mapping

FIX: Final = "fix"
WARN: Final = "warn"
QUARANTINE: Final = "quarantine"
HALT: Final = "halt"
OFF: Final = "off"
ACTIONS: Final = (FIX, WARN, QUARANTINE, HALT, OFF)

HIDDEN: Final = "hidden"
CONTROLS: Final = "controls"
ACTIVE: Final = "active"
NFC: Final = "nfc"
LENGTH: Final = "length"
CHARSET: Final = "charset"
EMPTY: Final = "empty"
DUPLICATES: Final = "duplicates"
FIXABLE: Final = (HIDDEN, CONTROLS, ACTIVE, NFC)
"""In the order in which they are applied."""
DEFAULTS: Final[dict[str, str]] = {
    **dict.fromkeys(FIXABLE, FIX),
    "hidden-markup": WARN,
    "exfiltration": WARN,
    "control-tokens": WARN,
    "instructions": WARN,
    "encoded": WARN,
    "lookalikes": WARN,
    LENGTH: WARN,
    CHARSET: WARN,
    EMPTY: OFF,
    DUPLICATES: OFF,
}


def policies(given: str | Mapping[str, str] | None) -> dict[str, str]:
    """The action of each rule. Raises CannotSanitize, in one line.

    One word is that of all rules which are not off; `fix` is that of those that can.
    """
    made = dict(DEFAULTS)
    if given is None:
        return made
    if isinstance(given, str):
        wanted = {
            rule: given
            for rule, known in DEFAULTS.items()
            if known != OFF and (given != FIX or rule in FIXABLE)
        }
        _check("policy", given)
    else:
        wanted = dict(given)
    for rule, action in wanted.items():
        if rule not in DEFAULTS:
            raise CannotSanitize(f"no rule {rule!r}: there are {', '.join(DEFAULTS)}")
        _check(rule, action)
        if action == FIX and rule not in FIXABLE:
            raise CannotSanitize(f"{rule}: nothing to fix; say warn, quarantine, halt or off")
        made[rule] = action
    return made


def _check(name: str, action: object) -> None:
    if action not in ACTIONS:
        raise CannotSanitize(f"{name}: no policy {action!r}: there are {', '.join(ACTIONS)}")
