"""What the JupyterLab panel and a scanner say to each other, over HTTP or a comm.

The TypeScript types are generated from `wire.schema.json`, which is generated from here.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from .core.finding import Failure, Finding, Report, Skip
from .core.rule import Rule
from .report.json import dedented

COMM_TARGET: Final = "llmsec_nb"
EXPORTS: Final = ("html", "json", "sarif", "text")
_UNKNOWN: Final = "Object contains unknown field"

Message = TypeVar("Message")


class CellInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cell as the editor holds it, in nbformat's words.

    `key` is the front end's own name for it: ids of cells may be equal in two notebooks.
    """

    key: str
    index: int
    cell: dict[str, Any]


class CodeInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a code cell rules for code go by; the key is the same as in a CellInput."""

    key: str
    index: int
    source: str
    id: str | None = None
    execution: int | None = None
    tags: tuple[str, ...] = ()


class ScanRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cells to judge, each by itself. `metadata` is the notebook's own, None when unchanged.

    `code` is of all code cells in their order, to be judged as one program; None when unchanged.
    `environment` are the packages of the notebook's kernel and their versions, as it told them;
    `language` is that of the notebook, `python` its version; empty when they are not known.
    """

    path: str = ""
    cells: tuple[CellInput, ...] = ()
    metadata: dict[str, Any] | None = None
    code: tuple[CodeInput, ...] | None = None
    environment: dict[str, str] | None = None
    language: str = ""
    python: str = ""


class CellReply(Struct, frozen=True, kw_only=True):
    """All there is to say of one cell, or of its code, in place of what was said before."""

    key: str
    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    skips: tuple[Skip, ...] = ()
    low_confidence: int = 0


class ScanReply(Struct, frozen=True, kw_only=True):
    """The answer to a request; `key` is "" in `notebook`, which is about the notebook's metadata.

    `code` is what is said of the code of the cells; of those that are not in it nothing is to say,
    and `key` is "" in what is about the code as a whole. None when none was sent.
    `policy` names the configuration in force: when it changes, all cells are to be judged anew.
    `failures` and `skips` are about the whole document. `elapsed` is in milliseconds.
    """

    cells: tuple[CellReply, ...] = ()
    notebook: CellReply | None = None
    code: tuple[CellReply, ...] | None = None
    failures: tuple[Failure, ...] = ()
    skips: tuple[Skip, ...] = ()
    policy: str = ""
    elapsed: float = 0.0


class Limits(Struct, frozen=True, kw_only=True):
    """What one request may hold, and how long it may take."""

    request_bytes: int
    seconds: float


class Status(Struct, frozen=True, kw_only=True):
    """Who answers, and the rules that its findings name."""

    version: str
    rules: tuple[Rule, ...]
    limits: Limits


class ConfigPlace(Struct, frozen=True, kw_only=True):
    """The configuration file of a notebook.

    `file` is its path for Jupyter's contents API, "" when that API cannot reach it; `shown` is
    for people.
    """

    file: str
    shown: str
    exists: bool


class IgnoreRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Add `rule` to what the configuration `text`, of the file called `name`, ignores."""

    name: str
    text: str
    rule: str
    reason: str = ""


class IgnoreReply(Struct, frozen=True, kw_only=True):
    """The new text of the configuration; nothing has been written."""

    text: str


class ReportRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Scan a whole notebook as it is in the editor, and render the report."""

    path: str
    format: str
    notebook: dict[str, Any]


class ReportReply(Struct, frozen=True, kw_only=True):
    """A rendered report, and a name and media type for the file."""

    name: str
    mime: str
    text: str


class Push(Struct, frozen=True, kw_only=True):
    """What a kernel says unasked: a report, about the cells with the ids that its places name.

    `source` tells reports apart: a new one replaces the last one of the same source, for `cells`
    (all cells when empty). `executed` says that it is about sources and outputs as they were when
    they ran: of these a front end that judges the document as it is knows better.
    """

    source: str
    report: Report
    cells: tuple[str, ...] = ()
    executed: bool = False


_ROOTS: Final = (
    Report,
    ScanRequest,
    ScanReply,
    Status,
    ConfigPlace,
    IgnoreRequest,
    IgnoreReply,
    ReportRequest,
    ReportReply,
    Push,
)


class Unreadable(ValueError):
    """A message is not what it should be. The text says where, and quotes nothing of it."""


def understood(words: object, kind: type[Message]) -> Message:
    """Parsed JSON as a message. Raises Unreadable."""
    try:
        return msgspec.convert(words, kind)
    except msgspec.ValidationError as error:
        problem = _UNKNOWN if str(error).startswith(_UNKNOWN) else str(error)
        raise Unreadable(f"not a {kind.__name__}: {problem}") from None


def schema() -> dict[str, Any]:
    """JSON Schema of all messages; its root allows any of them."""
    references, components = msgspec.json.schema_components(_ROOTS, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "anyOf": list(references),
        "$defs": dedented(components),
    }
