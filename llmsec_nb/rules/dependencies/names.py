"""DEP004, DEP005, DEP006: names that are not what they seem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ...core.confusables import LOOKALIKES
from ...core.rule import Confidence, Severity
from .facts import requirements
from .known import (
    FAILING,
    HARMLESS,
    IMPORTS,
    ON_CHANNELS,
    TRAPS,
    exists,
    ranks,
    standard_library,
)
from .requirement import normalized
from .rules import dependency, found_at, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        ("%pip install detectron2==0.6", ("detectron2",)),
    ),
    clean=(
        "%pip install opencv-python==4.10.0.84",
        "%conda install opencv",
        "%pip install detectron2==0.6 -f https://wheels.example/detectron2/torch.html",
    ),
)
_LATIN: Final = str.maketrans(LOOKALIKES)
_OF_PYPI: Final = ("pypi.org", "pypi.python.org", "files.pythonhosted.org")


_MOST_COMPARED: Final = 1_000
"""Names of one document that are compared with famous ones: each takes half a millisecond."""
_MOST_TOLD: Final = 10
"""Unknown names of a unit that are told each on its own."""
_MOST_OTHERS: Final = 200
_SOURCES: Final = frozenset({"--index-url", "--extra-index-url", "--index", "--find-links"})


class Names:
    """Looks at the names of one document. `left` counts those that were not compared."""

    def __init__(self, facts: Facts) -> None:
        """`facts` say which names are known here."""
        self.facts = facts
        self.left = 0
        self._budget = _MOST_COMPARED

    def of(self, found: Iterable[Found]) -> Iterator[tuple[int, Match]]:
        """At most one match for each requirement, each name of a unit once."""
        for one in found:
            unknown: list[Match] = []
            for match in self._unit(one, unknown):
                yield one.unit.number, match
            for match in _folded(unknown):
                yield one.unit.number, match

    def _unit(self, found: Found, unknown: list[Match]) -> Iterator[Match]:
        """What is wrong with the names of a unit; those that are known nowhere are put aside."""
        seen: set[tuple[str, bool]] = set()
        for install, each in requirements(found):
            if not each.name or (each.name, each.is_conda) in seen:
                continue
            seen.add((each.name, each.is_conda))
            if each.is_conda:
                yield from _trap(each)
                continue
            match = _mistaken(install, each) or self._imitating(each)
            if match is not None:
                yield match
            elif not each.url and not install.is_lock:
                match = _unknown(install, each, self.facts)
                unknown += [match] if match is not None else []

    def _imitating(self, each: Requirement) -> Match | None:
        if each.name in ranks():
            return None
        if self._budget <= 0:
            self.left += 1
            return None
        self._budget -= 1
        return _imitating(each)


def _folded(unknown: Sequence[Match]) -> Iterator[Match]:
    """A few matches, and the rest as one."""
    yield from unknown[: _MOST_TOLD - 1]
    rest = unknown[_MOST_TOLD - 1 :]
    if len(rest) < 2:
        yield from rest
        return
    first = rest[0]
    others = tuple((one.start, one.end) for one in rest[1 : _MOST_OTHERS + 1])
    message = f"{first.message}, and so are {len(rest) - 1:,} more names of this text"
    yield replace(first, message=message, others=others)


def _name(each: Requirement) -> tuple[int, int]:
    """The span of the name, without extras and version."""
    if each.name_end <= each.start:
        return each.start, each.end
    length = len(each.written)
    return each.start, min(each.start + length, each.name_end)


def _mistaken(install: Install, each: Requirement) -> Match | None:
    """An import's name, a module of Python, or a name that something else has.

    Who names a source of their own may have it there by that name.
    """
    name = each.name
    shown = plain(each.written, "this name")
    is_own = _has_own_source(install)
    if each.url or (is_own and name in TRAPS):
        return None
    right = IMPORTS.get(name, name)
    if name in TRAPS:
        severity = None if exists(name) else Severity.MEDIUM
        message = TRAPS[name]
    elif right != name and right:
        mild = Severity.MEDIUM if name in FAILING else Severity.LOW
        severity = mild if name in HARMLESS else None
        fails = "; by this name the install fails" if name in FAILING else ""
        message = f"{shown} is installed as {right}{fails}"
    elif name in standard_library():
        severity = Severity.LOW if name in ranks() else None
        message = f"{shown} is part of Python"
    else:
        return None
    severity = Severity.LOW if is_own else severity
    return found_at(
        NOT_A_DISTRIBUTION,
        _name(each),
        message,
        severity=severity,
        rank=1,
        label=plain(each.written, ""),
    )


def _trap(each: Requirement) -> Iterator[Match]:
    """A name of conda that a known project does not have there, either."""
    name = normalized(each.name)
    if name in TRAPS and name not in ON_CHANNELS:
        message = f"{TRAPS[name]}; look at who keeps it on conda's channels"
        yield found_at(
            NOT_A_DISTRIBUTION,
            _name(each),
            message,
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
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


def _has_own_source(install: Install) -> bool:
    """Whether a command says itself where packages come from, and that is not PyPI."""
    return any(
        option.name in _SOURCES and not any(host in option.value for host in _OF_PYPI)
        for option in install.options
    )


def _unknown(install: Install, each: Requirement, facts: Facts) -> Match | None:
    """A name that neither the kernel nor a lock nor the index has."""
    if each.name in ranks() or facts.version(each.name) or exists(each.name):
        return None
    if _has_own_source(install):
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
