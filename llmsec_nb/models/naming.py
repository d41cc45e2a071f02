"""How bad it is that a file names something: a module and a name in it, not yet called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.rule import Confidence, Rule, Severity
from . import names, rules

if TYPE_CHECKING:
    from .values import Global

CLASS: Final = re.compile(r"_*[sdcz]?[A-Z]\w{0,100}")
"""A class by its name; one letter before it is the type of number, as in BLAS."""
LONGEST: Final = 400
"""No honest name has more characters."""


class Verdict(NamedTuple):
    """A rule, and how it applies here."""

    rule: Rule
    severity: Severity
    confidence: Confidence


CODE: Final = Verdict(rules.PICKLE_CODE, Severity.CRITICAL, Confidence.HIGH)
LIKELY: Final = Verdict(rules.PICKLE_CODE, Severity.CRITICAL, Confidence.MEDIUM)
STRANGE: Final = Verdict(rules.UNKNOWN_CALL, Severity.CRITICAL, Confidence.MEDIUM)
CALL: Final = Verdict(rules.UNKNOWN_CALL, Severity.HIGH, Confidence.MEDIUM)
CUSTOM: Final = Verdict(rules.CUSTOM_CLASS, Severity.MEDIUM, Confidence.MEDIUM)
_NAMED: Final = Verdict(rules.CUSTOM_CLASS, Severity.LOW, Confidence.MEDIUM)


def named(found: Global) -> Verdict | None:
    """What to say of a global that is imported, whether or not it is called."""
    if len(found.module) + len(found.name) > LONGEST:
        return CODE
    return _named(found.module, found.name)


@lru_cache(maxsize=4096)
def _named(module: str, name: str) -> Verdict | None:
    module = names.RENAMED.get(module, module)
    root = module.partition(".")[0]
    if standard(root):
        return None if _harmless(module, name) else CODE
    if root in names.HOSTILE or module in names.HOSTILE or _reaches(name):
        return CODE
    last = name.rpartition(".")[2]
    if root in names.TRUSTED:
        if last in names.STANDARD and last not in _HOMONYMS:
            return CODE
        is_class = bool(CLASS.fullmatch(last)) or last in names.AT_ONCE
        return CALL if risky(module, name) and not is_class else None
    if not CLASS.fullmatch(last):
        return _NAMED
    return CUSTOM


_HOMONYMS: Final = names.words("""
    array random copy select trace statistics string fractions types time math operator test heapq
    numbers queue sched signal bisect calendar
""")  # fmt: skip
"""Modules whose names functions of those packages bear as well."""


def standard(root: str) -> bool:
    """Whether a module is of Python itself, as those with an underscore are in some version."""
    return root in names.STANDARD or (root.startswith("_") and root not in _PRIVATE)


_PRIVATE: Final = names.TRUSTED | {"__main__", "__torch__", "__mp_main__"}


def _harmless(module: str, name: str) -> bool:
    path = f"{module}.{name}"
    if path in names.ALLOWED or path in names.IF_NAMED:
        return True
    owner, dot, method = name.partition(".")
    if dot and f"{module}.{owner}" in names.PLAIN:
        return method.isidentifier() and not method.startswith("_")
    if module in names.ABSTRACT:
        return bool(CLASS.fullmatch(name)) and not name.startswith("_")
    if module in names.WHOLE:
        return name.isidentifier() and not name.startswith("_")
    return module in {"builtins", "exceptions"} and bool(names.EXCEPTION.fullmatch(name))


def _reaches(name: str) -> bool:
    """Whether a name leads through modules of Python or into the insides of it."""
    parts = name.split(".")
    if any(part.startswith("__") and not names.REBUILDS.fullmatch(part) for part in parts):
        return any(part.endswith("__") for part in parts) or len(parts) > 1
    return any(part in names.STANDARD or part in names.HOSTILE for part in parts[:-1])


def risky(module: str, name: str) -> bool:
    """Whether a function of a package for models loads, compiles, runs or fetches things."""
    parts = name.split(".")
    path = {*module.split("."), *parts[:-1]}
    return parts[-1] in names.RUNNING or not names.RISKY.isdisjoint(path)
