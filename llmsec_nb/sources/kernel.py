"""The live kernel as a document: the cells that ran, and their outputs as IPython keeps them."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from ..core.artifact import Part, Text
from ..core.finding import Failure, Skip
from ..core.location import InCell, InOutput
from ..core.rule import Kind
from .decode import binary_views, is_binary, kind_of, views
from .document import Document
from .jsontree import json_text
from .payloads import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NO_SPAN: Final[dict[str, Any]] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}
_STREAMS: Final = {
    "out_stream": "application/vnd.jupyter.stdout",
    "err_stream": "application/vnd.jupyter.stderr",
    "error": "application/vnd.jupyter.error",
}
_OURS: Final = "application/vnd.llmsec.report.v1+json"


def session_name() -> str:
    """The notebook's path where the server tells it, else a name for the session."""
    return PurePath(os.environ.get("JPY_SESSION_NAME", "")).name or "<session>"


def read_cell(source: str, execution: int | None = None, cell_id: str | None = None) -> Document:
    """One cell's source."""
    document = Document(path=session_name())
    _add_source(document, source, execution, cell_id)
    return document


def read_session(shell: Any, ids: Mapping[int, str], only: int | None = None) -> Document:
    """The latest run of each cell of the session, or one run, with what it put out.

    `ids` maps execution counts to the front end's cell ids; of runs with the same id the last
    counts. Cells of which no id is known all count.
    """
    document = Document(path=session_name())
    sources: list[str] = shell.history_manager.input_hist_raw
    outputs = getattr(shell.history_manager, "outputs", None)
    if outputs is None:
        message = "this IPython keeps no outputs, a newer one does: only sources were scanned"
        document.skips.append(Skip(path=document.path, message=message))
    errors = getattr(shell.history_manager, "exceptions", {})
    counts = [only] if only is not None else _latest(range(1, len(sources)), ids)
    for count in counts:
        if count < len(sources):
            _add_source(document, sources[count], count, ids.get(count))
        known = (outputs or {}).get(count, ())
        for index, output in enumerate(known):
            _add_output(document, output.output_type, output.bundle, index, count, ids.get(count))
        error = errors.get(count)
        if isinstance(error, dict):
            _add_output(document, "error", error, len(known), count, ids.get(count))
    return document


def _latest(counts: range, ids: Mapping[int, str]) -> list[int]:
    last = {ids[count]: count for count in counts if count in ids}
    return [count for count in counts if last.get(ids.get(count, ""), count) == count]


def _add_source(
    document: Document, source: str, execution: int | None, cell_id: str | None
) -> None:
    index = execution if execution is not None else 0
    place = InCell(**_NO_SPAN, execution=execution, cell_id=cell_id)
    part = Part(place=place, text=source, kind=Kind.CODE)
    document.sources[index] = part
    document.texts.extend(_views(document, part))


def _add_output(
    document: Document,
    output_type: str,
    bundle: Mapping[str, Any],
    index: int,
    execution: int,
    cell_id: str | None,
) -> None:
    if _OURS in bundle:
        return
    for mime, value in bundle.items():
        shown = _STREAMS.get(output_type, mime)
        place = InOutput(**_NO_SPAN, execution=execution, cell_id=cell_id, output=index, mime=shown)
        data = _joined(value, "\n" if output_type == "error" else "")
        if not isinstance(data, str):
            tree = json_text(data, (), place)
            document.texts.extend([tree] if tree is not None else [])
            continue
        part = Part(place=place, text=data, kind=kind_of(shown))
        document.texts.extend(_views(document, part))


def _joined(value: Any, joiner: str) -> Any:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return joiner.join(value)
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _views(document: Document, part: Part) -> Iterator[Text]:
    mime = getattr(part.place, "mime", "")
    data = decoded(part.text) if is_binary(mime) else None
    try:
        if data is not None:
            body = part.text.rstrip()
            yield from binary_views(
                Text.of(part), data, 0, len(body), mime, regular="\n" not in body
            )
        elif part.text:
            yield from views(Text.of(part))
    except ValueError as error:
        document.failures.append(Failure(path=document.path, message=str(error)))
