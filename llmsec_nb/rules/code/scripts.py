"""By way of a file: a model's words are written to a script that is run, a download is imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...cells.flow import CallSite, CommandSite
from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence
from .fetched import name_of
from .imported import imported, imports
from .look import SHELL_CALLS, SiteDetector, last
from .sources import MODEL
from .texts import OF_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...cells.flow import Site
    from ...cells.unit import Unit
    from ...core.detector import Context
    from ...core.rule import Rule
    from .imported import Place

_SCRIPT: Final = lazy(r"[^\n]{1,300}\.(?:py|sh|bash|ipynb|R|js|pyw)")
_WRITES: Final = frozenset({"write", "write_text", "writelines", "dump"})
_RUNS: Final = lazy(
    r"(?:runpy\.run_path|\??(?:IPython\.)?get_ipython\(\)\.(?:safe_execfile|run_line_magic|magic))"
)
_RUNNER: Final = lazy(
    r"\b(?:python[\d.]{0,5}|pythonw|bash|sh|zsh|node|Rscript|run|run_path|source|chmod|safe_execfile|executable)\b|\./"
)


class Scripts(SiteDetector):
    """COD020, from a file to its run; COD021, from a download to its import."""

    rules: ClassVar[tuple[Rule, ...]] = ()  # its rules are counted where text is run
    literals: ClassVar[tuple[str, ...]] = (
        "write",
        "file=",
        "wget",
        "curl",
        "urlretrieve",
        "download",
    )

    def inspect(
        self, units: Sequence[Unit], sites: Sequence[Site], context: Context
    ) -> Iterator[tuple[int, Match]]:
        """The runs of scripts that were written before, in the order in which cells run."""
        yield from imported(units, sites)
        yield from imports(units, _modules(sites), _match)
        named: dict[int, set[str]] = {}
        written: set[str] = set()
        by_number = {unit.number: unit for unit in units}
        for site in sites:
            if isinstance(site, CallSite):
                names = _scripts(site)
                if last(site.path) in {"open", "Path"}:
                    named.setdefault(site.cell, set()).update(names)
                if _writes(site) and _is_of_model(site):
                    own = _file(site)
                    written |= {own} if own else names | named.get(site.cell, set())
                is_run = site.path in SHELL_CALLS or _RUNS.fullmatch(site.path)
                if not is_run or site.inner is not None:
                    continue
                span = site.start, site.end
            elif isinstance(site, CommandSite) and site.inner is None:
                span = site.command.start, site.command.end
            else:
                continue
            words = by_number[site.cell].source[slice(*span)] + _words(site)
            is_magic = isinstance(site, CommandSite) and site.command.name == "run"
            if written and _runs_any(written, f"run {words}" if is_magic else words):
                blank = len(words) - len(words.lstrip())
                yield site.cell, _match((span[0] + blank, span[1]))


def _writes(site: CallSite) -> bool:
    """Whether a call writes something to a file."""
    return last(site.path) in _WRITES or (site.path == "builtins.print" and "file" in site.keywords)


def _file(site: CallSite) -> str:
    """The file that is written, where that is known from the call alone; else nothing."""
    name = name_of(site.keywords["file"] if site.path == "builtins.print" else site.owner)
    return name if _SCRIPT.fullmatch(name) else ""


def _modules(sites: Sequence[Site]) -> dict[str, Place]:
    """The modules that a model wrote, and where that was first."""
    found: dict[str, Place] = {}
    for site in sites:
        if isinstance(site, CallSite) and _writes(site) and _is_of_model(site):
            stem = _file(site).rpartition("/")[2].removesuffix(".py")
            if _file(site).endswith(".py") and stem.isidentifier():
                found.setdefault(stem, (site.cell, site.start))
    return found


def _words(site: CallSite | CommandSite) -> str:
    """The literals in the list of words that a call is given, behind a blank each."""
    given = site.arguments[:1] if isinstance(site, CallSite) else ()
    words = [one.constant for value in given for one in value.elements]
    return "".join(f" {word}" for word in words if isinstance(word, str))


def _scripts(site: CallSite) -> set[str]:
    given = (*site.arguments, *site.keywords.values())
    names = {one.constant for one in given if isinstance(one.constant, str)}
    return {name for name in names if _SCRIPT.fullmatch(name)}


def _is_of_model(site: CallSite) -> bool:
    return any(MODEL in one.taints for one in (*site.arguments, *site.keywords.values()))


def _runs_any(names: set[str], words: str) -> bool:
    """Whether a command, or a call, runs one of the scripts."""
    if _RUNNER.search(words) is None:
        return False
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.])", words) for name in names)


def _match(span: tuple[int, int]) -> Match:
    return Match(
        rule=OF_MODEL,
        start=span[0],
        end=span[1],
        message="a script that a model wrote is run",
        confidence=Confidence.MEDIUM,
    )


DETECTORS: Final = (Scripts(),)
