"""`llmsec db`: the advisories on this machine, and what they say of the packages that run here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .core.detector import Unavailable
from .options import UsageError

if TYPE_CHECKING:
    import argparse

    from .advisories import Status

CLEAN, FOUND, INCOMPLETE = 0, 1, 2


def add_update(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec db update`."""
    parser.add_argument(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="a URL, a zip file or a directory of OSV records; default: OSV's zip for PyPI",
    )


def add_serve(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec db serve`."""
    parser.add_argument("--port", type=int, default=18099, help="on loopback; default: 18099")


def update(options: argparse.Namespace) -> int:
    """Fetch advisories. This is the only command of `db` that opens a connection."""
    from .advisories.update import OSV_URL, BadSource
    from .advisories.update import update as fetch

    if options.source is not None and not options.source.strip():
        raise UsageError("llmsec db update: --from names nothing")
    try:
        done = fetch(OSV_URL if options.source is None else options.source)
    except BadSource as error:
        raise UsageError(f"llmsec db update: {error}") from None
    print("updated" if done.is_new else "not changed since the last time")
    print(_told(done.status))
    return CLEAN


def status(options: argparse.Namespace) -> int:
    """What there is, and how old it is."""
    from .advisories import status as look

    try:
        found = look()
    except Unavailable as error:
        print(f"NOT AUDITED: {error}")
        return INCOMPLETE
    print(_told(found))
    return INCOMPLETE if found.is_old else CLEAN


def serve(options: argparse.Namespace) -> int:
    """Answer as api.osv.dev does, on loopback, for `pip-audit -s osv --osv-url`."""
    from .advisories import opened
    from .advisories.serve import serve as answer

    try:
        database = opened()
        print(f"http://127.0.0.1:{options.port}/v1/query; Ctrl-C ends it", file=sys.stderr)
        answer(database, options.port)
    except Unavailable as error:
        raise UsageError(f"llmsec db serve: {error}") from None
    except OSError as error:
        raise UsageError(f"llmsec db serve: port {options.port}: {error.strerror}") from None
    except KeyboardInterrupt:
        return CLEAN
    return CLEAN


def audit(options: argparse.Namespace) -> int:
    """What is known of the packages of the Python that runs this."""
    from .advisories import opened
    from .rules.dependencies.kernel import environment
    from .rules.dependencies.verdicts import audited

    here = environment()
    try:
        found = audited(here, opened())
    except Unavailable as error:
        print(f"NOT AUDITED: {error}")
        return INCOMPLETE
    for verdict in found.verdicts:
        print(f"{verdict.severity.value:8}  {verdict.rule.id}  {verdict.message}")
    print(f"{len(here)} packages, {len(found.verdicts)} with advisories")
    if found.unsure:
        print(f"NOT AUDITED to the end: {found.unsure}")
        return INCOMPLETE
    return FOUND if found.verdicts else CLEAN


def _told(found: Status) -> str:
    old = ": OLD, run `llmsec db update`" if found.is_old else ""
    unread = f"{found.unreadable:,} records could not be read: of these nothing is known here\n"
    return (
        f"{found.path}\n{found.records:,} advisories on {found.packages:,} packages, "
        f"{found.malicious:,} of them malicious; {_aged(found)}{old}\n"
        f"{unread if found.unreadable else ''}"
        f"from {found.source}, sha256 {found.sha256[:16]}"
    )


def _aged(found: Status) -> str:
    if not found.newest:
        return "when they were written no record says"
    if found.age == float("inf"):
        return f"newest record {found.newest}, which is still to come"
    return f"newest record {found.newest}, {found.age:.0f} days ago"
