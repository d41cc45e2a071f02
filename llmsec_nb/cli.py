"""The command `llmsec`: parse, call, render."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from . import __version__, model_command
from .config import Config, ConfigError, fails, load
from .data_command.options import add_diff, add_output, add_scan, add_verify
from .db_command import add_serve, add_update
from .fixing.command import add_fix, run_fix
from .options import Parser, UsageError, add_baseline, add_check, configured
from .redacting import add_redact

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from .api import Inquiry, Outcome
    from .core.finding import Report, Skip
    from .engine import Scanned

CLEAN: Final = 0
FOUND: Final = 1
INCOMPLETE: Final = 2
_PAIRS: Final = frozenset(
    {("data", "diff"), ("data", "verify"), ("model", "verify")}
    | {("db", word) for word in ("update", "status", "audit", "serve")}
)
"""Commands of two words."""
_NO: Final = ("", "0", "false", "no")
_EXITS: Final = "exit: 0 clean, 1 findings at or above --fail-on, 2 not everything could be scanned"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    try:
        options = _parser().parse_args(_two_words(arguments))
        code: int = options.run(options)
    except (UsageError, ConfigError) as error:
        print(f"llmsec: {error}", file=sys.stderr)
        return INCOMPLETE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INCOMPLETE
    except KeyboardInterrupt:
        print("llmsec: interrupted: NOT everything was scanned", file=sys.stderr)
        return INCOMPLETE
    return code


def _two_words(arguments: Sequence[str] | None) -> list[str]:
    """The arguments, with `data diff` and its like as one command."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if tuple(words[:2]) in _PAIRS:
        return [" ".join(words[:2]), *words[2:]]
    return words


def _parser() -> Parser:
    parser = Parser(prog="llmsec", description="Security for notebooks.", epilog=_EXITS)
    parser.add_argument("--version", action="version", version=f"llmsec {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="scan notebooks and files", epilog=_EXITS)
    add_check(check)
    add_fix(check)
    check.set_defaults(run=_check)
    baseline = commands.add_parser(
        "baseline",
        help="accept the secrets that are there: write .secrets.baseline",
        description="Write a baseline that llmsec and detect-secrets read. Secrets in it are known "
        "by unsalted SHA-1, as detect-secrets wants it: a weak password can be guessed from it.",
    )
    add_baseline(baseline)
    baseline.set_defaults(run=_baseline)
    redact = commands.add_parser(
        "redact",
        help="write a notebook without the personal data of its outputs",
        description="Personal data and secrets in outputs are replaced: pseudonymised, not "
        "anonymous. Images are left alone.",
    )
    add_redact(redact)
    redact.set_defaults(run=_redact)
    data = commands.add_parser(
        "data",
        help="scan training data: triggers, payloads, duplicates, leaks",
        epilog=_EXITS,
    )
    data.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or addresses")
    add_scan(data)
    add_output(data)
    data.set_defaults(run=_data)
    diff = commands.add_parser(
        "data diff", help="scan what is new against the last trusted version", epilog=_EXITS
    )
    add_diff(diff)
    diff.set_defaults(run=_data_diff)
    verify = commands.add_parser(
        "data verify", help="compare data with their manifest", epilog=_EXITS
    )
    add_verify(verify)
    verify.set_defaults(run=_data_verify)
    _add_db(commands)
    signed = commands.add_parser(
        "model verify", help="whether a model is the one that its author signed (OpenSSF)"
    )
    model_command.add_verify(signed)
    signed.set_defaults(run=model_command.run)
    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("--format", choices=("text", "json"), default="text")
    rules.set_defaults(run=_rules)
    explain = commands.add_parser("explain", help="what a rule finds, why, and how to mend it")
    explain.add_argument("rule", help="id or name")
    explain.set_defaults(run=_explain)
    config = commands.add_parser("config", help="show the configuration in force")
    config.add_argument("--schema", action="store_true", help="its JSON Schema instead")
    config.add_argument("--config", metavar="FILE")
    config.set_defaults(run=_config)
    schema = commands.add_parser("schema", help="JSON Schema of the report")
    schema.set_defaults(run=_schema)
    return parser


def _add_db(commands: argparse._SubParsersAction[Parser]) -> None:
    for name, told, add in (
        ("update", "fetch advisories on packages of PyPI: opens a connection", add_update),
        ("status", "which advisories are on this machine, and how old", None),
        ("audit", "what they say of the packages of this Python", None),
        ("serve", "answer pip-audit from them, on loopback", add_serve),
    ):
        parser = commands.add_parser(f"db {name}", help=told)
        if add is not None:
            add(parser)
        parser.set_defaults(run=_db, action=name)


def _db(options: argparse.Namespace) -> int:
    from . import db_command

    code: int = getattr(db_command, options.action)(options)
    return code


def _check(options: argparse.Namespace) -> int:
    from .api import STDIN, Extras, check_paths
    from .report import render

    config, file = load(Path.cwd(), Path(options.config) if options.config else None)
    config = configured(config, options)
    paths = options.paths or ([] if options.env else ["."])
    root = file.parent if file else Path.cwd()
    scan = partial(
        check_paths,
        paths,
        config,
        root=root,
        jobs=options.jobs or os.cpu_count() or 1,
        stdin=sys.stdin.buffer.read() if STDIN in paths else None,
        progress=_progress,
        inquiries=_inquiries(options, paths, config, root),
        extras=Extras(
            options.detect_secrets_plugin, options.ner, options.env, options.second_opinion
        ),
    )
    outcome = run_fix(options, scan, config, root)
    report = outcome.report
    if options.diff and options.output is None:  # the differences stand on standard output
        return exit_code(report, config)
    if options.statistics or options.quiet:
        from .report.show import verdict
        from .report.text import render_statistics

        shown = render_statistics(report) if options.statistics else verdict(report) + "\n"
        if options.output is None and options.format == "text":
            _write(shown, None)
            return exit_code(report, config)
        print(shown, end="", file=sys.stderr)
    color = options.output is None and _wants_color()
    _write(
        render(outcome, options.format, color=color, show_suppressed=options.show_suppressed),
        options.output,
    )
    return exit_code(report, config)


def _baseline(options: argparse.Namespace) -> int:
    from .acceptance import accept
    from .baseline import NAME

    config, found = load(Path.cwd(), Path(options.config) if options.config else None)
    root = found.parent if found else Path.cwd()
    config = configured(config, options)
    file = root / (config.baseline or NAME)
    done = accept(
        options.paths or ["."],
        file,
        config,
        root=root,
        jobs=options.jobs or os.cpu_count() or 1,
        progress=_progress,
    )
    for failure in done.report.failures:
        print(f"llmsec: {failure.path}: {failure.message}", file=sys.stderr)
    if done.placeless:
        print(f"llmsec: {done.placeless} findings have no place in a file", file=sys.stderr)
    print(
        f"{os.path.relpath(file)}: {done.entries} secrets of {done.files} files, "
        f"{done.new} new, {done.dropped} dropped"
    )
    return INCOMPLETE if done.report.failures or done.placeless else CLEAN


def _redact(options: argparse.Namespace) -> int:
    from .redacting import redact_files

    return CLEAN if redact_files(options) else FOUND


def _data(options: argparse.Namespace) -> int:
    from .data_command.scan import scan_paths, write_records, write_rows
    from .tabular import with_bar

    scans, outcome, config = scan_paths(options, with_bar if sys.stderr.isatty() else None)
    _show(outcome, options)
    for scan, path in zip(scans, options.paths, strict=True):
        _say(write_rows(scan, options))
        _say(write_records(scan, path, options))
    return exit_code(outcome.report, config)


def _data_diff(options: argparse.Namespace) -> int:
    from .data_command.scan import write_records, write_rows
    from .data_command.versions import diff
    from .tabular import with_bar

    scan, outcome, config, line = diff(options, with_bar if sys.stderr.isatty() else None)
    _say([line])
    _show(outcome, options)
    if scan is not None:
        _say(write_rows(scan, options))
        _say(write_records(scan, options.new, options, "diff"))
    return exit_code(outcome.report, config)


def _data_verify(options: argparse.Namespace) -> int:
    from .data_command.versions import verify

    outcome, config = verify(options)
    _show(outcome, options)
    return exit_code(outcome.report, config)


def _show(outcome: Outcome, options: argparse.Namespace) -> None:
    from .report import render

    color = options.output is None and _wants_color()
    _write(render(outcome, options.format, color=color), options.output)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"llmsec: {line}", file=sys.stderr)


def _inquiries(
    options: argparse.Namespace, paths: list[str], config: Config, root: Path
) -> list[Inquiry]:
    """What is asked beside the scan. Raises UsageError where nothing may be sent."""
    asked: list[Inquiry] = []
    if options.sast:
        from .sast.second import SecondLook

        asked.append(SecondLook(paths, config, root))
    if options.verify or options.verify_in_ci:
        from .inquiry.verify import Verifier

        if os.environ.get("CI", "").lower() not in _NO and not options.verify_in_ci:
            raise UsageError(
                "--verify sends what it finds to the providers, so it does not run where CI is "
                "set; --verify-in-ci says that it shall"
            )
        asked.append(Verifier(announce=lambda line: print(f"llmsec: {line}", file=sys.stderr)))
    if options.history is not False:
        asked.append(partial(_history, thorough=bool(options.history)))
    return asked


def _history(results: Sequence[Scanned], *, thorough: bool) -> Sequence[Skip]:
    if not any(result.values for result in results):
        return ()
    from .inquiry.history import QUICK, THOROUGH, Historian

    return Historian(THOROUGH if thorough else QUICK)(results)


def exit_code(report: Report, config: Config) -> int:
    """What the process is to say of a report."""
    if report.failures:
        return INCOMPLETE
    counts = any(fails(config, finding.rule, finding.severity) for finding in report.active)
    return FOUND if counts else CLEAN


def _write(text: str, output: str | None) -> None:
    data = text.encode("utf-8", "replace")
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    target = Path(output)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from None


def _wants_color() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (
        sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    )


def _progress(results: Iterable[Scanned], total: int) -> Iterable[Scanned]:
    if total < 2 or not sys.stderr.isatty():
        return results
    from tqdm import tqdm

    bar: Iterable[Scanned] = tqdm(
        results, total=total, unit="file", delay=1, leave=False, desc="scanning"
    )
    return bar


def _rules(options: argparse.Namespace) -> int:
    from .describe import rules_json, rules_text

    _write(rules_json() if options.format == "json" else rules_text(), None)
    return CLEAN


def _explain(options: argparse.Namespace) -> int:
    from .describe import explain

    _write(explain(options.rule), None)
    return CLEAN


def _config(options: argparse.Namespace) -> int:
    import msgspec

    from .config import schema

    if options.schema:
        shown = msgspec.json.encode(schema())
    else:
        config, file = load(Path.cwd(), Path(options.config) if options.config else None)
        print(f"from {file}" if file else "defaults; no configuration file", file=sys.stderr)
        shown = msgspec.json.encode(config)
    _write(msgspec.json.format(shown, indent=2).decode() + "\n", None)
    return CLEAN


def _schema(options: argparse.Namespace) -> int:
    import json

    from .report.json import schema

    _write(json.dumps(schema(), indent=2) + "\n", None)
    return CLEAN


if __name__ == "__main__":
    sys.exit(main())
