"""All that a document runs and installs, unit by unit, in the order in which it happens."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...cells.flow import AssignSite, CallSite, CommandSite
from ...cells.unit import Unit
from ...core.lazy import lazy
from .bindings import bound
from .bound import filled
from .calls import runs_of_call
from .files import base_name, installs_of_file, projects, runs_of_file
from .inline import Inline
from .install import Install, install_of
from .lists import lists_of
from .options import of_setting
from .origin import Origin
from .runs import Run, Snippet, runs
from .variables import Variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.program import Command, Program
    from .bindings import Names
    from .origin import Place

_MAGICS: Final = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
_SHELLS: Final = frozenset({"sh", "bash", "shell"})
_TIMED: Final = frozenset({"time", "timeit", "capture"})
_ENVIRONMENT: Final = lazy(
    r"[ \t]*(?P<name>\w{1,80})(?:[ \t]*=[ \t]*|[ \t]+)(?P<value>\S[^\n]{0,2000})"
)
_MODULE: Final = lazy(r"(?:[ \t]+-[a-ln-zA-Z]\S{0,80})*[ \t]+-m[ \t]+(?=pip[ \t])")
_AUTOMATIC: Final = lazy(
    r"^[ \t]*(?P<command>(?:pip|conda|mamba|micromamba|uv)[ \t]+[\w-][^\n]{0,2000})", re.MULTILINE
)
_MOST_ADDED: Final = 50_000
"""Words that names of Python may put into all commands of a document."""
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
        by_unit.setdefault(site.cell, []).append(site)
    found = []
    names: Names | None = None
    variables = Variables()
    inline = Inline()
    left = _MOST_ADDED
    for unit in units:
        ran = _ran(unit, by_unit.get(unit.number, []))
        ran += inline.runs_of(ran)
        if any(word.is_open for run in ran for word in run.words):
            names = bound(units) if names is None else names
            for place, run in enumerate(ran):
                if left > 0:
                    ran[place] = _filled(run, names, unit)
                    left -= len(ran[place].words) - len(run.words)
        ran = variables.filled(ran, unit.source)
        installs = [
            *_said(unit, by_unit.get(unit.number, [])),
            *lists_of(ran, unit.source),
            *(own for run in ran if (own := install_of(run)) is not None),
        ]
        if ran or installs:
            found.append(Found(unit, tuple(ran), tuple(installs)))
    return found


def _ran(unit: Unit, sites: list[Site]) -> list[Run]:
    """The commands of a unit."""
    ran: list[Run] = []
    if unit.program is not None and unit.is_cell:
        for command in unit.program.commands:
            ran += _runs(unit.program, command, None)
        ran += _automatic(unit.program)
    for site in sites:
        if unit.program is not None and not isinstance(site, AssignSite):
            ran += _of_site(site, unit.program)
    if not unit.is_cell:
        ran += runs_of_file(unit.name, unit.source)
    return sorted(ran, key=lambda run: run.start)


def _said(unit: Unit, sites: list[Site]) -> Iterator[Install]:
    """What a unit says without a command: a file, a header, a variable of the environment."""
    for site in sites:
        if isinstance(site, AssignSite):
            yield from _assigned(site)
        elif isinstance(site, CallSite):
            yield from _set_by(site)
    if not unit.is_cell:
        yield from installs_of_file(unit.name, unit.source)
    if (unit.is_cell or base_name(unit.name).endswith(_PYTHON)) and "/// script" in unit.source:
        yield from projects.script(unit.source)


def _filled(run: Run, names: Names, unit: Unit) -> Run:
    """The command with what names of Python in it stand for; a script has its own."""
    if run.origin not in {Origin.LINE, Origin.MAGIC, Origin.CALL}:
        return run
    dollars = run.origin is not Origin.CALL
    words = tuple(filled(run.words, names, unit.number, dollars=dollars))
    if words != run.words:  # what a list holds may be names again
        words = tuple(filled(words, names, unit.number, dollars=dollars))
    return run._replace(words=words or run.words)


def _of_site(site: CallSite | CommandSite, program: Program) -> Iterator[Run]:
    """What a call runs, and the commands in a text that a call hands over."""
    if isinstance(site, CallSite):
        yield from runs_of_call(site, program)
        return
    if site.inner is None:
        return  # one of the unit's own
    own, place = site.inner.program, site.inner.span
    yield from _runs(own, site.command, place)
    for body in own.bodies if site.command.sign == "%%" else ():
        if body.start >= site.command.end and body.name == ".sh":
            yield from runs(Snippet(own.text, Origin.SCRIPT, place), body.start, body.end)


def _runs(program: Program, command: Command, place: Place | None) -> Iterator[Run]:
    text = program.text
    if command.is_shell:
        for run in runs(Snippet(text, Origin.LINE, place), command.start, command.end):
            yield run._replace(is_alone=run.is_alone and not command.is_assigned)
    elif command.sign == "%" and command.name not in _TIMED:
        yield from _of_magic(text, command, place)
    elif command.name in _TIMED:
        words = text[command.start : command.end]
        inner = words.lstrip()
        start = command.end - len(inner)
        if inner.startswith("!"):
            yield from runs(Snippet(text, Origin.LINE, place), start + 1, command.end)
        elif inner.startswith("%") and inner[1:].split(" ", 1)[0] in _MAGICS:
            yield from runs(Snippet(text, Origin.MAGIC, place), start + 1, command.end)


def _automatic(program: Program) -> Iterator[Run]:
    """`pip install a` without a sign is no Python, but IPython takes it for the magic."""
    for broken in program.broken:
        for line in _AUTOMATIC.finditer(program.text, broken.start, broken.end):
            yield from runs(Snippet(program.text, Origin.MAGIC), line.start("command"), line.end())


def _of_magic(text: str, command: Command, place: Place | None) -> Iterator[Run]:
    if command.name in _MAGICS:
        start = text.rfind(command.name, 0, command.start)
        yield from runs(Snippet(text, Origin.MAGIC, place), start, command.end)
    elif command.name == "run":
        module = _MODULE.match(text, command.start, command.end)
        if module is not None:
            yield from runs(Snippet(text, Origin.MAGIC, place), module.end(), command.end)
    elif command.name in _SHELLS:
        yield from runs(Snippet(text, Origin.SCRIPT, place), command.start, command.end)
    elif command.name in {"env", "set_env"}:
        yield from _set(text, command, place)


def _set(text: str, command: Command, place: Place | None) -> Iterator[Run]:
    """`%env NAME=value`: a variable of all that follows."""
    found = _ENVIRONMENT.match(text, command.start, command.end)
    if found is None:
        return
    joined = text[: found.end("name")] + "=" + text[found.end("name") + 1 :]
    yield from runs(Snippet(joined, Origin.MAGIC, place), found.start(), command.end)


def _assigned(site: AssignSite) -> Iterator[Install]:
    """`os.environ["PIP_INDEX_URL"] = "..."`."""
    name, value = site.key.constant, site.value.constant
    if site.path != "os.environ[]" or not isinstance(name, str) or not isinstance(value, str):
        return
    yield from _setting(name, value, site)


def _set_by(site: CallSite) -> Iterator[Install]:
    """`os.environ.update(NAME="...")`, `os.putenv("NAME", "...")`."""
    found: list[tuple[object, object]] = []
    if site.path == "os.environ.update":
        found = [(name, value.constant) for name, value in site.keywords.items()]
        tables = [one for one in site.node.args[:1] if isinstance(one, ast.Dict)]
        for key, one in (pair for it in tables for pair in zip(it.keys, it.values, strict=True)):
            found.append((getattr(key, "value", None), getattr(one, "value", None)))
    elif site.path in {"os.environ.setdefault", "os.putenv"} and len(site.arguments) > 1:
        found = [(site.arguments[0].constant, site.arguments[1].constant)]
    for name, value in found:
        if isinstance(name, str) and isinstance(value, str):
            yield from _setting(name, value, site)


def _setting(name: str, value: str, site: AssignSite | CallSite) -> Iterator[Install]:
    option = of_setting(name, value, (site.start, site.end))
    if option is not None:
        yield Install(
            "", Origin.CALL, site.start, site.end, (site.start, site.start), (), (option,)
        )
