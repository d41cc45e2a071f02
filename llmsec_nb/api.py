"""Python API: scan files, texts and documents; the faces are built on it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .config import Config
from .core.evidence import Concealer
from .core.finding import Failure, Line, Report, Skip
from .engine import Scanned, assemble, scan, scan_read, suspects
from .environment_check import check_environment
from .model_files import is_model, is_text_too, models_below, scan_model_file
from .policy import Policy
from .rules.dependencies.files import kind_of
from .sources.discover import Target, discover
from .sources.files import read_bytes, read_file, read_text
from .surroundings import manifests, surroundings
from .tabular import (
    holds_data,
    is_address,
    is_data,
    is_packed_data,
    scan_data_file,
    scan_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .sources.document import Document
    from .tabular import Frames

    Progress = Callable[[Iterable[Scanned], int], Iterable[Scanned]]
    Inquiry = Callable[[Sequence[Scanned]], Sequence[Skip]]

STDIN: Final = "-"
_SAFE_PATH: Final = "PYTHONSAFEPATH"
_WORTH_A_PROCESS: Final = 8_000_000


class Outcome(NamedTuple):
    """A report, and the masked lines to show with it, by fingerprint."""

    report: Report
    excerpts: dict[str, tuple[Line, ...]]


class Extras(NamedTuple):
    """What only whoever starts a scan can ask for, and no configuration.

    `plugins` are files of detect-secrets plugins to run, `model` is the language model for
    Presidio. `environment` says that the packages of this interpreter are audited, too, and
    `second_opinion` that picklescan reads models as well.
    """

    plugins: Sequence[str] = ()
    model: str = ""
    environment: bool = False
    second_opinion: bool = False


NO_EXTRAS: Final = Extras()


def check(
    *paths: str | Path, config: Config | None = None, jobs: int = 1, root: Path | None = None
) -> Report:
    """Scan files, or directories of notebooks. Raises ConfigError on an unknown rule."""
    names = [os.fspath(path) for path in paths] or ["."]
    return check_paths(names, config or Config(), root=root, jobs=jobs).report


def check_text(text: str, name: str = "text.txt", config: Config | None = None) -> Report:
    """Scan a text as the file `name` would be."""
    return check_documents([read_text(text, name)], config or Config()).report


def check_documents(
    documents: Iterable[Document], config: Config, root: Path | None = None, model: str = ""
) -> Outcome:
    """Scan documents that are already in memory."""
    policy, concealer = Policy(config, root, model=model), Concealer()
    return Outcome(*assemble(scan(document, policy, concealer) for document in documents))


def check_paths(
    paths: Sequence[str],
    config: Config,
    *,
    root: Path | None = None,
    jobs: int = 1,
    stdin: bytes | None = None,
    progress: Progress | None = None,
    inquiries: Sequence[Inquiry] = (),
    extras: Extras = NO_EXTRAS,
    frames: Frames | None = None,
) -> Outcome:
    """Scan what `paths` name; `-` is `stdin`. Results are ordered by path whatever `jobs` is.

    `inquiries` add to the findings what the files themselves do not say. `frames` are data sets in
    memory.
    """
    root = root or Path.cwd()
    policy, concealer = _policy(config, root, extras), Concealer()
    named = [path for path in paths if path != STDIN and not is_address(path)]
    found = discover(named, root, config.exclude)
    folders = [path for path in found.empty if holds_data(Path(path))]
    models = {
        path: models_below(Path(path), root, config.exclude)
        for path in dict.fromkeys([*found.empty, *named])
        if Path(path).is_dir() and policy.reads_models
    }
    tables = [(path, path) for path in (*filter(is_address, paths), *folders)]
    results = [
        scan_table(source, name, policy, concealer, frames.bars if frames else None)
        for name, source in (*(frames.tables.items() if frames else ()), *tables)
    ]
    if extras.environment:
        results.append(check_environment(policy, concealer))
    keep = bool(inquiries)
    if STDIN in paths:
        read = partial(read_bytes, stdin or b"", STDIN, suspects(policy, STDIN))
        results.append(scan_read(STDIN, read, policy, concealer, keep=keep))
    targets = [
        *found.targets,
        *(_beside(found.targets, named, policy) if policy.reads_code else ()),
        *_others(found.targets, [target for own in models.values() for target in own.targets]),
    ]
    scanned = _scan_all(targets, policy, concealer, jobs, keep=keep)
    results.extend(progress(scanned, len(targets)) if progress else scanned)
    asked = [skip for inquiry in inquiries for skip in _asked(inquiry, results)]
    skips = [
        Skip(path=path, message="no notebooks in this directory")
        for path in found.empty
        if path not in folders and not (path in models and models[path].targets)
    ]
    if found.excluded:
        message = f"{found.excluded} files excluded by the configuration"
        skips.append(Skip(path=str(root), message=message))
    skips.extend(policy.skips())
    failures = policy.failures() + [
        Failure(path=str(error.filename), message=f"directory cannot be read: {error.strerror}")
        for error in found.unreadable
    ]
    report, excerpts = assemble([*results, Scanned(events=[*failures, *skips, *asked])])
    return Outcome(_without_the_last(report), excerpts)


def _policy(config: Config, root: Path, extras: Extras) -> Policy:
    policy = Policy(config, root, plugins=extras.plugins, model=extras.model)
    policy.second_opinion = extras.second_opinion
    return policy


def _beside(targets: Sequence[Target], named: Sequence[str], policy: Policy) -> list[Target]:
    """What says which packages notebooks need: files in their folders, and in those above them.

    Folders above count up to the directory that was named; of those of a file by name, its own.
    """
    tops = {Path(name) for name in named}
    folders: dict[Path, None] = {}
    for target in targets:
        if target.path.suffix.lower() != ".ipynb":
            continue
        folders[target.path.parent] = None
        above = list(target.path.parents)
        top = next((at for at, folder in enumerate(above) if folder in tops), 0)
        folders |= dict.fromkeys(above[: top + 1])
    known = {os.path.realpath(target.path) for target in targets}
    found = (
        folder / file.name
        for folder in folders
        for file in manifests(folder)
        if kind_of(file.name) and str(file) not in known
    )
    shown = {path.as_posix(): path for path in found}
    return [Target(path, name) for name, path in sorted(shown.items()) if not policy.excludes(name)]


def _others(targets: Sequence[Target], more: Sequence[Target]) -> list[Target]:
    """Those of `more` that are no targets yet, each once."""
    known = {target.shown for target in targets}
    return list({one.shown: one for one in more if one.shown not in known}.values())


def _asked(inquiry: Inquiry, results: Sequence[Scanned]) -> Sequence[Skip]:
    try:
        return inquiry(results)
    except Exception as error:  # noqa: BLE001 (what was found is worth more than the answer)
        message = f"not all was asked: it stopped with {type(error).__name__}; please report it"
        return [Skip(path="inquiries", message=message)]


def _without_the_last(report: Report) -> Report:
    from msgspec.structs import replace

    return replace(report, summary=replace(report.summary, files=report.summary.files - 1))


def _scan_all(
    targets: Sequence[Target], policy: Policy, concealer: Concealer, jobs: int, *, keep: bool
) -> Iterator[Scanned]:
    workers = min(jobs, len(targets))
    if workers > 1 and sum(map(_size, targets)) >= _WORTH_A_PROCESS:
        yield from _in_processes(targets, policy, concealer, workers, keep=keep)
        return
    for target in targets:
        yield _scan_target(target, policy, concealer, keep=keep)


def _size(target: Target) -> int:
    try:
        return target.path.stat().st_size
    except OSError:
        return 0


def _scan_target(target: Target, policy: Policy, concealer: Concealer, *, keep: bool) -> Scanned:
    if is_model(target.path):
        scanned = scan_model_file(
            target.path, target.shown, policy, concealer, second_opinion=policy.second_opinion
        )
        if not is_text_too(target.path) and not is_packed_data(target.path):
            return scanned
        other = _scan_as_text_or_data(target, policy, concealer, keep=keep)
        other.events = [*scanned.events, *other.events]
        other.low_confidence += scanned.low_confidence
        return other
    return _scan_as_text_or_data(target, policy, concealer, keep=keep)


def _scan_as_text_or_data(
    target: Target, policy: Policy, concealer: Concealer, *, keep: bool
) -> Scanned:
    if is_data(target.path):
        as_text = partial(_scan_text, target, concealer=concealer, keep=keep)
        return scan_data_file(target.path, target.shown, policy, concealer, as_text)
    return _scan_text(target, policy, concealer, keep=keep)


def _scan_text(target: Target, policy: Policy, concealer: Concealer, *, keep: bool) -> Scanned:
    return scan_read(target.shown, partial(_read, target, policy), policy, concealer, keep=keep)


def _read(target: Target, policy: Policy) -> Document:
    wanted = suspects(policy, target.shown)
    document = read_file(target.path, target.shown, policy.config.max_file_size, wanted)
    if policy.reads_code and document.texts:
        python = document.around.python
        document.around = surroundings(target.path.parent, policy.root, python=python)
    return document


_worker: list[Callable[[Target], Scanned]] = []


def _start_worker(config: Config, root: Path, extras: Extras, key: bytes, keep: bool) -> None:
    policy = _policy(config, root, extras)
    concealer = Concealer(key)
    _worker[:] = [partial(_scan_target, policy=policy, concealer=concealer, keep=keep)]


def _extras(policy: Policy) -> Extras:
    return Extras(policy.plugins, policy.model, second_opinion=policy.second_opinion)


def _work(target: Target) -> Scanned:
    return _worker[0](target)


@contextmanager
def _safe_path() -> Iterator[None]:
    """New interpreters do not look into the working directory, which may be what is scanned."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def _in_processes(
    targets: Sequence[Target], policy: Policy, concealer: Concealer, workers: int, *, keep: bool
) -> Iterator[Scanned]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with (
        _safe_path(),
        ProcessPoolExecutor(
            workers,
            get_context("spawn"),
            _start_worker,
            (policy.config, policy.root, _extras(policy), concealer.key, keep),
        ) as pool,
    ):
        chunk = max(1, min(8, len(targets) // (workers * 4)))
        yield from pool.map(_work, targets, chunksize=chunk)
