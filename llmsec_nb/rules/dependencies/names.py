"""DEP004, DEP005, DEP006: names that are not what they seem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.confusables import LOOKALIKES
from ...core.rule import Confidence, Severity
from .facts import requirements
from .known import HARMLESS, IMPORTS, TRAPS, exists, ranks, standard_library
from .rules import dependency, found_at, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.detector import Match
    from .collect import Found
    from .facts import Facts
    from .install import Install
    from .requirement import Requirement

TYPOSQUAT: Final = dependency(
    "DEP004",
    "typosquat",
    "A package's name looks like that of a much used one",
    Severity.HIGH,
    "Names that are one slip of the finger away from a famous one are where malicious packages wait.",
    "Check the name on the project's own page, and correct it. What was installed by mistake has run already: treat that machine's secrets as lost.",
    cwe=(1357, 506),
    confidence=Confidence.MEDIUM,
    atlas=("AML.T0011.001",),
    flagged=(("%pip install reqeusts==2.0", ("reqeusts",)), ("!pip install panddas", ("panddas",))),
    clean=("%pip install requests==2.32.0 pandas==2.2.0", "%pip install polars==1.0 pyarrow==16.0"),
)
UNKNOWN_NAME: Final = dependency(
    "DEP005",
    "unknown-package",
    "A package's name is known nowhere",
    Severity.MEDIUM,
    "Language models invent names of packages, the same ones again and again; whoever registers such a name first runs code on every machine that follows.",
    "Look the package up before it is installed: who publishes it, since when, from which repository. A private package belongs into a lock file with its index.",
    confidence=Confidence.MEDIUM,
    atlas=("AML.T0060",),
    flagged=(
        ("%pip install flask-quantum-auth-helper-pro==1.0", ("flask-quantum-auth-helper-pro",)),
    ),
    clean=("%pip install flask==3.0.0", "%pip install ./flask-quantum-auth-helper-pro"),
)
NOT_A_DISTRIBUTION: Final = dependency(
    "DEP006",
    "import-name-as-package",
    "A package's name is that of a module, or of something else",
    Severity.HIGH,
    "What is imported as `cv2` is installed as `opencv-python`. The other name is free for anybody to take, or somebody has it who means no harm, but it is not what was meant.",
    "Install the distribution that the project publishes; a module of Python itself needs no installation.",
    atlas=("AML.T0011.001",),
    flagged=(
        ("%pip install cv2", ("cv2",)),
        ("!pip install json", ("json",)),
        ("!pip install counterfit==1.1.0", ("counterfit",)),
    ),
    clean=("%pip install opencv-python==4.10.0.84", "%conda install opencv"),
)
_LATIN: Final = str.maketrans(LOOKALIKES)
_OF_PYPI: Final = ("pypi.org", "pypi.python.org", "files.pythonhosted.org")


def names(found: Found, facts: Facts) -> Iterator[tuple[int, Match]]:
    """At most one match for each requirement, each name once."""
    seen: set[str] = set()
    for install, each in requirements(found):
        if each.is_conda or not each.name or each.name in seen:
            continue
        seen.add(each.name)
        match = _mistaken(each) or _imitating(each)
        if match is None and not each.url and not install.is_lock:
            match = _unknown(install, each, facts)
        if match is not None:
            yield found.unit.number, match


def _name(each: Requirement) -> tuple[int, int]:
    """The span of the name, without extras and version."""
    if each.name_end <= each.start:
        return each.start, each.end
    length = len(each.written)
    return each.start, min(each.start + length, each.name_end)


def _mistaken(each: Requirement) -> Match | None:
    """An import's name, a module of Python, or a name that something else has."""
    name = each.name
    shown = plain(each.written, "this name")
    if each.url:
        return None
    if name in TRAPS:
        return found_at(
            NOT_A_DISTRIBUTION, _name(each), TRAPS[name], rank=1, label=plain(each.written, "")
        )
    right = IMPORTS.get(name, name)
    severity = None
    if right != name and right:
        severity = Severity.LOW if name in HARMLESS else None
        message = f"{shown} is installed as {right}"
    elif name in standard_library():
        severity = Severity.LOW if name in ranks() else None
        message = f"{shown} is part of Python"
    else:
        return None
    return found_at(
        NOT_A_DISTRIBUTION,
        _name(each),
        message,
        severity=severity,
        rank=1,
        label=plain(each.written, ""),
    )


def _imitating(each: Requirement) -> Match | None:
    from .typos import imitated

    if not each.name.isascii():
        if not each.written.translate(_LATIN).isascii():
            return None
        message = "the name holds letters of another script that look like ours"
        return found_at(TYPOSQUAT, _name(each), message, rank=1)
    target = imitated(each.name)
    if not target:
        return None
    is_taken = exists(each.name)
    return found_at(
        TYPOSQUAT,
        _name(each),
        f"{plain(each.written, 'this name')} looks like {target}",
        severity=Severity.MEDIUM if is_taken else None,
        confidence=Confidence.LOW if is_taken else None,
        rank=1,
        label=plain(each.written, ""),
    )


def _unknown(install: Install, each: Requirement, facts: Facts) -> Match | None:
    """A name that neither the kernel nor a lock nor the index has."""
    if each.name in ranks() or facts.version(each.name) or exists(each.name):
        return None
    if any(
        option.name in {"--index-url", "--extra-index-url", "--index", "--find-links"}
        and not any(host in option.value for host in _OF_PYPI)
        for option in install.options
    ):
        return None
    nowhere = "the kernel, no lock file and not on PyPI" if facts.is_known else "PyPI"
    place = f"not in {nowhere}" if facts.is_known else f"not on {nowhere}"
    return found_at(
        UNKNOWN_NAME,
        _name(each),
        f"{plain(each.written, 'this name')} is {place} (names of November 2026)",
        severity=None if facts.is_known else Severity.LOW,
        rank=1,
        label=plain(each.written, ""),
    )
