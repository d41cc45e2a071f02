"""The options of `llmsec data`, shared with the magic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..options import FORMATS, add_selection, positive
from ..training.roles import NAMES

if TYPE_CHECKING:
    import argparse

ENGINES: Final = ("local", "spark", "dask", "ray")
_HELP: Final = {
    "text": "column with texts to be classified",
    "label": "column with their classes",
    "prompt": "column with prompts; a+b joins two columns",
    "response": "column with the answers",
    "chosen": "column with preferred answers",
    "rejected": "column with the other answers",
    "document": "column with documents to retrieve from",
    "url": "column with addresses of what is to be fetched",
    "digest": "column with its SHA-256, SHA-1 or MD5",
    "image": "column with images, or paths of them",
}


def add_scan(parser: argparse.ArgumentParser) -> None:
    """What a scan can be told, besides what is scanned."""
    group = parser.add_argument_group("columns", "guessed, and shown, where none is named")
    for role in NAMES:
        group.add_argument(f"--{role}", metavar="COLUMN", default="", help=_HELP[role])
    parser.add_argument(
        "--against",
        metavar="FILE",
        action="append",
        default=[],
        help="evaluation set of which nothing may be in this data; again for more",
    )
    parser.add_argument(
        "--split", metavar="COLUMN", default="", help="column that names the split of each row"
    )
    parser.add_argument(
        "--labels", action="store_true", help="look for wrong labels as well (cleanlab; seconds)"
    )
    parser.add_argument(
        "--no-columns",
        dest="columns",
        action="store_false",
        help="do not look for personal data and secrets in the columns",
    )
    parser.add_argument(
        "--fetch",
        action="store_true",
        help="fetch what the addresses of a URL list give, and compare it with the digests",
    )
    parser.add_argument(
        "--engine", choices=ENGINES, default="local", help="who does the work; default: local"
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="threads; default: all cores")
    parser.add_argument(
        "--quarantine", metavar="FILE", help="write the rows of alerts there, with reasons"
    )
    parser.add_argument("--clean", metavar="FILE", help="write all other rows there")
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    add_selection(parser)


def add_output(parser: argparse.ArgumentParser) -> None:
    """What only the command can: formats, files, configuration."""
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.add_argument("--config", metavar="FILE", help="instead of the nearest llmsec.toml")
    parser.add_argument(
        "--manifest",
        metavar="FILE",
        help="write digests of the data and the result of the scan there, such as llmsec.data.json",
    )
    parser.add_argument(
        "--accept",
        metavar="ALERT",
        action="append",
        default=[],
        help="record in the manifest that this alert, T1 say, is meant to be there; see --reason",
    )
    parser.add_argument("--reason", metavar="TEXT", default="", help="why it is")
    parser.add_argument("--audit", metavar="FILE", help="add an entry to this audit trail")


def add_diff(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec data diff`."""
    parser.add_argument(
        "old", metavar="OLD", help="the last trusted version: a manifest, its .rows, or the data"
    )
    parser.add_argument("new", metavar="NEW", help="the new version")
    parser.add_argument(
        "--name", metavar="DATA", default="", help="which data set of the manifest OLD is"
    )
    add_scan(parser)
    add_output(parser)


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec data verify`."""
    parser.add_argument("manifest", metavar="MANIFEST", help="such as llmsec.data.json")
    parser.add_argument(
        "--files-only",
        dest="rows",
        action="store_false",
        help="compare the bytes of files only, do not read rows",
    )
    parser.add_argument("--audit", metavar="FILE", help="check this audit trail as well")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.add_argument("--config", metavar="FILE", help="instead of the nearest llmsec.toml")
    add_selection(parser)


def roles(options: argparse.Namespace) -> dict[str, Any]:
    """The columns that were named, by role."""
    return {role: getattr(options, role) for role in NAMES if getattr(options, role)}
