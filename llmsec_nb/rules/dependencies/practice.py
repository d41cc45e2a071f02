"""DEP014, DEP019: installs that land in another Python, or over the system's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.detector import Match
from ...core.rule import Severity
from .origin import Origin
from .rules import dependency

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .collect import Found
    from .install import Install

OTHER_PYTHON: Final = dependency(
    "DEP014",
    "shell-pip",
    "`!pip` may install into another Python than the kernel's",
    Severity.INFO,
    "`!pip` is the first pip on the PATH; `%pip` is that of the kernel. What was checked is then not what is imported.",
    "Write `%pip install`.",
    cwe=(),
    reference="https://ipython.readthedocs.io/en/stable/interactive/magics.html#magic-pip",
    flagged=(
        ("!pip install numpy==2.1.0", ("pip",)),
        ("!python -m pip install numpy==2.1.0", ("python -m pip",)),
    ),
    clean=(
        "%pip install numpy==2.1.0",
        "!{sys.executable} -m pip install numpy==2.1.0",
        "!uv pip install numpy==2.1.0",
    ),
)
SYSTEM_WIDE: Final = dependency(
    "DEP019",
    "system-wide-install",
    "Packages are installed as root, or over the system's own",
    Severity.LOW,
    "The code that a package runs while it is installed then has the whole machine, and the system's own tools may break.",
    "Install into a virtual environment, as an ordinary user.",
    cwe=(250,),
    flagged=(
        ("!sudo pip install numpy==2.1.0", ("sudo",)),
        ("!pip install --break-system-packages numpy==2.1.0", ("--break-system-packages",)),
    ),
    clean=("!sudo apt-get install -y graphviz", "%pip install --user numpy==2.1.0"),
)


def other_python(found: Found) -> Iterator[tuple[int, Match]]:
    """One match a unit."""
    spans = [
        head(install, found.unit.source) for install in found.installs if is_elsewhere(install)
    ]
    if spans:
        start, end = spans[0]
        more = f" ({len(spans)} times)" if len(spans) > 1 else ""
        message = f"the first pip on the PATH installs, not the kernel's{more}"
        match = Match(
            rule=OTHER_PYTHON,
            start=start,
            end=end,
            message=message,
            label="pip",
            others=tuple(spans[1:]),
        )
        yield found.unit.number, match


def is_elsewhere(install: Install) -> bool:
    """Whether a shell of the notebook installs with the first pip that it finds."""
    is_line = install.origin is Origin.LINE and install.tool == "pip"
    return is_line and not install.is_own_python


def head(install: Install, source: str) -> tuple[int, int]:
    """The span of the words that call pip."""
    start, end = install.head
    return start, start + len(source[start:end].rstrip()) if end > start else install.end


def system_wide(found: Found) -> Iterator[tuple[int, Match]]:
    """Each command that installs with more rights than it needs."""
    for install in found.installs:
        if install.tool in {"pip", "uv"} and install.sudo is not None:
            start, end = install.sudo
            message = "what is installed runs as root"
            yield (
                found.unit.number,
                Match(rule=SYSTEM_WIDE, start=start, end=end, message=message, label="sudo"),
            )
        option = install.option("--break-system-packages")
        if option is not None:
            message = "the system's own packages may be replaced"
            yield (
                found.unit.number,
                Match(
                    rule=SYSTEM_WIDE,
                    start=option.start,
                    end=option.end,
                    message=message,
                    label=option.name,
                ),
            )
