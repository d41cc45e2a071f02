"""`--fix`, `--unsafe-fixes` and `--diff` of `llmsec check`."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from ..options import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..api import Outcome
    from ..config import Config
    from ..core.finding import Finding, Report
    from .apply import Fixed


def add_fix(parser: argparse.ArgumentParser) -> None:
    """The options by which a scan also mends what it finds."""
    parser.add_argument(
        "--fix", action="store_true", help="mend in the files what can be mended safely"
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: make fixes, too, that may change what the code does",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )


def run_fix(
    options: argparse.Namespace, scan: Callable[[], Outcome], config: Config, root: Path
) -> Outcome:
    """Scan; then mend, and scan again if anything was mended. `scan` is a whole scan.

    What was done is said on standard error, what would be done shown on standard output. Files
    that were left alone for a reason are failures of the outcome. Raises UsageError.
    """
    if options.unsafe_fixes and not (options.fix or options.diff):
        raise UsageError("--unsafe-fixes says which fixes: give --fix or --diff, too")
    if not (options.fix or options.diff):
        return scan()
    from .apply import Judge, apply_fixes

    begun = time.time_ns()
    outcome = scan()
    plugins = options.detect_secrets_plugin
    fixed = apply_fixes(
        _named(outcome.report, options.paths or ["."]),
        Judge(config, root, plugins, options.ner),
        unsafe=options.unsafe_fixes,
        write=not options.diff,
        since=begun,
    )
    if options.diff:
        _show(fixed, plugins)
    elif fixed.changes:
        outcome = scan()
    for line in said(fixed, outcome.report, unsafe=options.unsafe_fixes, done=not options.diff):
        print(f"llmsec: {line}", file=sys.stderr)
    return _with_failures(outcome, fixed)


def _named(report: Report, paths: Sequence[str]) -> Report:
    """What is said of the files that were named: those beside them were only looked at."""
    from pathlib import Path

    from msgspec.structs import replace

    named = [Path(path) for path in paths]

    def counts(finding: Finding) -> bool:
        path = Path(finding.location.path or "")
        return any(path.is_relative_to(one) for one in named)

    return replace(report, findings=tuple(filter(counts, report.findings)))


def _with_failures(outcome: Outcome, fixed: Fixed) -> Outcome:
    from msgspec.structs import replace

    report = outcome.report
    if not fixed.failures:
        return outcome
    failures = (*report.failures, *fixed.failures)
    summary = replace(report.summary, failures=len(failures))
    return outcome._replace(report=replace(report, failures=failures, summary=summary))


def _show(fixed: Fixed, plugins: Sequence[str]) -> None:
    from .diff import diff_of

    for change in fixed.changes:
        for line in diff_of(change, plugins):
            print(line)


def said(fixed: Fixed, report: Report, *, unsafe: bool, done: bool) -> Iterator[str]:
    """What was mended, and what else could be, in lines for people."""
    from .choice import to_fill_in

    rules = Counter(one.finding.rule for one in fixed.applied)
    counts = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items()))
    word = "mended" if done else "would be mended"
    files = f" in {_count(len(fixed.changes), 'file')}" if fixed.changes else ""
    yield f"{_count(rules.total(), 'finding')} {word}{files}{f': {counts}' if counts else ''}"
    left = list(report.active) if done else _others(report, fixed)
    waiting = sum(any(map(to_fill_in, one.fixes)) for one in left)
    more = 0 if unsafe else sum(_has_unsafe(one) for one in left)
    if more:
        yield f"{more} more can be mended with --unsafe-fixes: look at them with --diff first"
    if waiting:
        yield f"{_count(waiting, 'fix', 'fixes')} to be filled in by hand, in JupyterLab"


def _others(report: Report, fixed: Fixed) -> list[Finding]:
    made = {one.finding.fingerprint for one in fixed.applied}
    return [finding for finding in report.active if finding.fingerprint not in made]


def _has_unsafe(finding: Finding) -> bool:
    from .choice import fix_of

    return fix_of(finding, unsafe=True) is not None and fix_of(finding, unsafe=False) is None


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
