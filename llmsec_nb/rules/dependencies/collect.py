"""All that a document runs and installs, unit by unit, in the order in which it happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.flow import AssignSite, CallSite
from ...cells.unit import Unit
from .calls import runs_of_call
from .files import base_name, installs_of_file, projects, runs_of_file
from .install import Install, install_of
from .options import of_setting
from .runs import Origin, Run, Snippet, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.program import Command

_MAGICS: Final = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_SHELLS: Final = frozenset({"sh", "bash", "shell"})
_TIMED: Final = frozenset({"time", "timeit", "capture"})
_ENVIRONMENT: Final = re.compile(
    r"[ \t]*(?P<name>\w{1,80})(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>\S[^\n]{0,2000})"
)
_PYTHON: Final = (".py", ".pyi", ".pyw")


class Found(NamedTuple):
    """What one unit runs, and what of it installs."""

    unit: Unit
    runs: tuple[Run, ...]
    installs: tuple[Install, ...]


def collect(units: Sequence[Unit], sites: Sequence[Site]) -> list[Found]:
    """What each unit runs and installs; units without either are left out."""
    by_unit: dict[int, list[Site]] = {}
    for site in sites:
        if isinstance(site, CallSite | AssignSite):
            by_unit.setdefault(site.cell, []).append(site)
    found = []
    for unit in units:
        ran, installs = _of_unit(unit, by_unit.get(unit.number, []))
        if ran or installs:
            found.append(Found(unit, tuple(ran), tuple(installs)))
    return found


def _of_unit(unit: Unit, sites: list[Site]) -> tuple[list[Run], list[Install]]:
    ran = [run for command in _commands(unit) for run in _runs(unit, command)]
    installs: list[Install] = []
    for site in sites:
        if isinstance(site, CallSite):
            ran += runs_of_call(site, unit)
        elif isinstance(site, AssignSite):
            installs += _assigned(site)
    if not unit.is_cell:
        ran += runs_of_file(unit.name, unit.source)
        installs += installs_of_file(unit.name, unit.source)
    if (unit.is_cell or base_name(unit.name).endswith(_PYTHON)) and "/// script" in unit.source:
        installs += projects.script(unit.source)
    ran.sort(key=lambda run: run.start)
    installs += [own for run in ran if (own := install_of(run)) is not None]
    return ran, installs


def _commands(unit: Unit) -> Sequence[Command]:
    return unit.program.commands if unit.program is not None and unit.is_cell else ()


def _runs(unit: Unit, command: Command) -> Iterator[Run]:
    text = unit.source
    if command.is_shell:
        for run in runs(Snippet(text, Origin.LINE), command.start, command.end):
            yield run._replace(is_alone=run.is_alone and not command.is_assigned)
    elif command.sign == "%" and command.name in _MAGICS:
        start = text.rfind(command.name, 0, command.start)
        yield from runs(Snippet(text, Origin.MAGIC), start, command.end)
    elif command.sign == "%" and command.name in _SHELLS:
        yield from runs(Snippet(text, Origin.SCRIPT), command.start, command.end)
    elif command.sign == "%" and command.name in {"env", "set_env"}:
        yield from _set(text, command)
    elif command.name in _TIMED:
        words = text[command.start : command.end]
        inner = words.lstrip()
        start = command.end - len(inner)
        if inner.startswith("!"):
            yield from runs(Snippet(text, Origin.LINE), start + 1, command.end)
        elif inner.startswith("%") and inner[1:].split(" ", 1)[0] in _MAGICS:
            yield from runs(Snippet(text, Origin.MAGIC), start + 1, command.end)


def _set(text: str, command: Command) -> Iterator[Run]:
    """`%env NAME=value`: a variable of all that follows."""
    found = _ENVIRONMENT.match(text, command.start, command.end)
    if found is None:
        return
    joined = text[: found.end("name")] + "=" + text[found.end("name") + 1 :]
    yield from runs(Snippet(joined, Origin.MAGIC), found.start(), command.end)


def _assigned(site: AssignSite) -> Iterator[Install]:
    """`os.environ["PIP_INDEX_URL"] = "..."`."""
    name, value = site.key.constant, site.value.constant
    if site.path != "os.environ[]" or not isinstance(name, str) or not isinstance(value, str):
        return
    option = of_setting(name, value, (site.start, site.end))
    if option is not None:
        yield Install(
            "", Origin.CALL, site.start, site.end, (site.start, site.start), (), (option,)
        )
