"""What is found becomes known: a `.secrets.baseline` written so that detect-secrets takes it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .api import check_paths
from .baseline import Baseline, Draft, dump, empty, portion, sha1, visible
from .config import Config, ConfigError, merged
from .core.finding import Report
from .core.rule import Family
from .rules.secrets.detect_secrets.filters import KNOWN, Filters
from .rules.secrets.detect_secrets.parity import Traces, scan_content
from .rules.secrets.detect_secrets.stock import classes
from .sources.discover import discover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .api import Progress
    from .core.finding import Finding
    from .sources.discover import Target

_BOM: Final = "\ufeff"
_ANY_SIZE: Final = 1 << 62


class Accepted(NamedTuple):
    """What was written: counts of entries, and the report of what there was to accept."""

    entries: int
    files: int
    new: int
    dropped: int
    placeless: int
    report: Report


def accept(
    paths: Sequence[str],
    file: Path,
    config: Config,
    *,
    root: Path,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Accepted:
    """Write `file` so that it knows every secret in `paths`; what it knows of others stays.

    Raises ConfigError if the file cannot be read or written, or is no baseline.
    """
    old = Baseline.read(file) if file.exists() else empty(file)
    draft = Draft(old)
    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        _renew(draft, discover(paths, root, config.exclude).targets, config.max_file_size)
        _save(draft, partial)
        config = merged(config, baseline=str(partial.absolute()))
        report = check_paths(paths, config, root=root, jobs=jobs, progress=progress).report
        placeless = _add(draft, report)
        _save(draft, partial)
        partial.replace(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    return _counted(old, draft, placeless, report)


def _save(draft: Draft, file: Path) -> None:
    file.write_text(dump(draft.tree()), "utf-8")


def _renew(draft: Draft, targets: Sequence[Target], largest: int) -> None:
    """Forget what is known of the files, and enter what detect-secrets itself finds in them."""
    setup = draft.old.setup
    judged = _judged(draft.old)
    for target in targets:
        text = _content(target.path, largest)
        if text is None:
            continue
        name = draft.old.name_of(target.path)
        draft.renew(name, judged)
        if judged:
            lines = text.replace("\r\n", "\n").replace("\r", "\n")
            for hit in scan_content(lines, name, setup):
                draft.add(name, hit.type, sha1(hit.value), hit.line)


def _judged(old: Baseline) -> frozenset[str]:
    """The types that can be looked for anew: none if a filter is not known here."""
    if any(path not in KNOWN for path in old.setup.filters):
        return frozenset()
    known = classes()
    return frozenset(
        known[name].secret_type
        for name in (known if old.exports else [name for name, _ in old.setup.plugins])
    )


def _content(path: Path, largest: int) -> str | None:
    try:
        if path.stat().st_size > largest:
            return None
        return path.read_bytes().decode("utf-8").removeprefix(_BOM)
    except (OSError, UnicodeDecodeError):
        return None  # the scan says so


class _Seen:
    """Whether detect-secrets, with the filters of a baseline, sees a value on a line."""

    def __init__(self, draft: Draft) -> None:
        self._filters = Filters(draft.old.setup.filters)
        self._plugin: Any = classes()["AWSKeyDetector"]()  # as ours, by expressions

    def __call__(self, name: str, lines: Sequence[str], number: int, value: str) -> bool:
        line = lines[number - 1].rstrip()
        before = lines[number - 2] if number > 1 else ""
        filters = self._filters
        return not (
            filters.drop_file(name)
            or filters.drop_line(line, before, name)
            or filters.drop_value(value, line, self._plugin)
        )


def _add(draft: Draft, report: Report) -> int:
    """Enter what detect-secrets itself does not find; returns how many have no place in a file."""
    seen = _Seen(draft)
    placeless = 0
    for path, findings in _by_path(report):
        text = _content(Path(path), _ANY_SIZE)
        lines = (text or "").split("\n")
        name = draft.old.name_of(path)
        traces = Traces(draft.old.tracing, name, text or "")
        for finding in findings:
            found = portion(lines, finding.location)
            if found is None:
                placeless += 1
                continue
            secret_type, value = visible(found, traces)
            if draft.old.exports and seen(name, lines, found.line, value):
                draft.add(name, secret_type, sha1(value), found.line)
            elif not draft.knows(name, {found.text, value}):
                draft.carry(name, finding.rule, sha1(found.text), found.line)
    return placeless


def _by_path(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        why = finding.suppression
        counts = why is None or why.kind == "baseline"
        if counts and finding.family is Family.SECRET and finding.location.path:
            found.setdefault(finding.location.path, []).append(finding)
    yield from found.items()


def _counted(old: Baseline, draft: Draft, placeless: int, report: Report) -> Accepted:
    before, after = _all(old.results, old.carried), _all(draft.results, draft.carried)
    return Accepted(
        entries=len(after),
        files=len({name for name, _, _ in after}),
        new=len(after - before),
        dropped=len(before - after),
        placeless=placeless,
        report=report,
    )


def _all(*results: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str, str]]:
    return {
        (name, str(item.get("type", "")), str(item.get("hashed_secret")))
        for known in results
        for name, items in known.items()
        for item in items
    }
