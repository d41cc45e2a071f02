"""What the detectors of code have in common: they look at sites, and say what is wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import structs

from ...cells.flow import AssignSite, CallSite, CommandSite
from ...cells.ipython import span_of
from ...cells.magic import Reading
from ...cells.values import UNKNOWN
from ...cells.written import argument
from ...core.detector import Match
from ...core.lazy import lazy
from .document import Document

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...cells.values import Value
    from ...core.detector import Context
    from ...core.rule import Confidence, Rule, Severity

REMOTE: Final = lazy(r"(?:https?|ftp|hf|s3|gs|az|abfss?|runs|models)://?", re.IGNORECASE)
"""How an address begins that is not a file of this machine."""
SHELL_CALLS: Final = frozenset(
    {
        "os.system", "os.popen", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
        "subprocess.getoutput", "subprocess.getstatusoutput",
    }
)  # fmt: skip
SCRIPT: Final = lazy(r"(?:\.sh|\.bash|Dockerfile\S{0,40}|\.ya?ml|Makefile)\Z")
"""Files that hold commands for a shell."""
_OTHER_SHELLS: Final = frozenset({"env", "set_env", "alias"})
_LOCAL: Final = lazy(r"\.{0,2}/|~|[A-Za-z]:\\|\.\\|\.$")


class Around(Document):
    """The document that a site is in: what is called in it, and its units by number."""

    def __init__(self, units: Sequence[Unit], sites: Sequence[Site]) -> None:
        """Both as a detector is given them."""
        super().__init__(units, sites)
        self._running: dict[Callable[[CallSite], bool], dict[str, set[tuple[int, str]]]] = {}

    def given_on(self, site: CallSite, is_sink: Callable[[CallSite], bool]) -> Value:
        """What a call gives a function of the notebook that hands it on to a sink."""
        if is_sink not in self._running:
            sinks = [one for one in self.calls if is_sink(one)]
            self._running[is_sink] = self.functions.running(sinks, self.calls) if sinks else {}
        running = self._running[is_sink]
        for place, name in running.get(self.functions.called(site), ()) if running else ():
            value = site.argument(place, name)
            if value.taints:
                return value
        return UNKNOWN


class SiteDetector:
    """A detector that goes from site to site. Subclasses say what they make of each."""

    rules: ClassVar[tuple[Rule, ...]] = ()
    literals: ClassVar[tuple[str, ...]] = ()

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """What is wrong, unit by number."""
        around = Around(units, sites)
        for site in sites:
            for match in self._site(site, around):
                yield site.cell, match
        for unit in units:
            for match in self.unit(unit):
                yield unit.number, match
            if unit.program is None and SCRIPT.search(unit.name):
                for match in self.shell(unit.source, 0, len(unit.source)):
                    yield unit.number, match

    def _site(self, site: Site, around: Around) -> Iterator[Match]:
        if isinstance(site, CallSite):
            yield from self.call(site, around)
            if type(self).shell is SiteDetector.shell:
                return
            if site.path in SHELL_CALLS:
                yield from self._shell_call(site, around)
        elif isinstance(site, AssignSite):
            yield from self.assign(site, around)
        else:
            yield from self.command(site, around)
            yield from self._shell_command(site, around)
            yield from self._shell_below(site)

    def _shell_call(self, site: CallSite, around: Around) -> Iterator[Match]:
        own = around.own(site)
        written = argument(site, own, 0, "args") if own else None
        if written is None:
            return
        for match in self.shell(written.text, 0, len(written.text)):
            span = written.span(match.start, match.end)
            yield moved(match, site.inner.span(*span) if site.inner else span)

    def _shell_command(self, site: CommandSite, around: Around) -> Iterator[Match]:
        own = around.own(site)
        if own is None or not (site.command.is_shell or site.command.name in _OTHER_SHELLS):
            return
        for match in self.shell(own.text, site.command.start, site.command.end):
            span = (match.start, match.end)
            yield moved(match, site.inner.span(*span) if site.inner else span)

    def _shell_below(self, site: CommandSite) -> Iterator[Match]:
        """What stands below a cell magic in a text that is handed over, or by another name."""
        for body in site.inner.program.bodies if site.inner and site.command.sign == "%%" else ():
            if site.inner and body.reading is Reading.SHELL:
                for match in self.shell(site.inner.program.text, body.start, body.end):
                    yield moved(match, site.inner.span(match.start, match.end))

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        yield from ()

    def assign(self, site: AssignSite, around: Around) -> Iterator[Match]:
        """What is wrong with an assignment to a member or an item."""
        yield from ()

    def command(self, site: CommandSite, around: Around) -> Iterator[Match]:
        """What is wrong with a command."""
        yield from ()

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """What is wrong with words for a shell: a command, or a script; places in `text`."""
        yield from ()

    def unit(self, unit: Unit) -> Iterator[Match]:
        """What is wrong with a unit as a text."""
        yield from ()


def moved(match: Match, span: tuple[int, int]) -> Match:
    """The same at another place."""
    return structs.replace(match, start=span[0], end=span[1])


def hit(
    rule: Rule,
    site: CallSite | AssignSite,
    message: str,
    *,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    span: tuple[int, int] | None = None,
    rank: int = 0,
) -> Match:
    """A match on a site, or on the part of it that `span` says."""
    start, end = span or (site.start, site.end)
    return Match(
        rule=rule,
        start=start,
        end=end,
        message=message,
        severity=severity,
        confidence=confidence,
        rank=rank,
    )


def keyword_span(site: CallSite, name: str, around: Around) -> tuple[int, int] | None:
    """The characters of `name=value`, or of `**settings`; None where there is no such argument."""
    named = [one for one in site.node.keywords if one.arg == name]
    spread = [one for one in site.node.keywords if one.arg is None and name in site.keywords]
    for keyword in (*named, *spread):
        return node_span(site, keyword, around)
    return None


def node_span(site: Site, node: ast.expr | ast.keyword, around: Around) -> tuple[int, int] | None:
    """The characters of a part of a site in its unit."""
    program = around.program(site)
    return None if program is None else span_of(site, node, program)


def is_true(site: CallSite, name: str) -> bool:
    """Whether the keyword is given as `True`, or as a name that stands for it."""
    value = site.keywords.get(name)
    return value is not None and value.constant is True


def is_false(site: CallSite, name: str) -> bool:
    """Whether the keyword is given as `False`, or as a name that stands for it."""
    value = site.keywords.get(name)
    return value is not None and value.constant is False


def is_fixed(value: Value) -> bool:
    """Whether it is made of literals alone: one, or one of a list of them."""
    return value.is_known


def is_remote(value: Value) -> bool:
    """Whether it comes from elsewhere: an address, something downloaded, a model's words."""
    if value.taints & {"download", "model"}:
        return True
    return isinstance(value.constant, str) and REMOTE.match(value.constant) is not None


def is_local(value: Value) -> bool:
    """Whether it is a path of this machine by its form: `./model`, `/data`, `Path("model")`."""
    if value.path.startswith(("pathlib.", "os.path.", "?Path(")):
        return True
    return isinstance(value.constant, str) and _LOCAL.match(value.constant) is not None


def last(path: str) -> str:
    """The last word of a path."""
    return path.rpartition(".")[2]
