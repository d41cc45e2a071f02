"""A notebook read whole: nbformat 3 and 4, every cell, output, attachment and metadata.

Format: https://nbformat.readthedocs.io/en/latest/format_description.html. The JSON is read as
it stands, never upgraded, so that every place in the file stays exact.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from ..core.artifact import Part, Text
from ..core.detector import Surroundings
from ..core.finding import Failure
from ..core.location import InAttachment, InCell, InMetadata, InOutput
from ..core.rule import Kind
from .decode import binary_views, is_binary, is_json, kind_of, views
from .document import Document
from .jsontree import json_text
from .payloads import decoded, looks_base64
from .skim import THE_REST, cells_to_read

if TYPE_CHECKING:
    from ..core.artifact import Pointer
    from ..core.location import Location
    from .skim import Suspects

_NO_SPAN: Final[dict[str, Any]] = {"line": 0, "column": 0, "end_line": 0, "end_column": 0}
_CELL_KINDS: Final = {
    "code": Kind.CODE,
    "markdown": Kind.MARKDOWN,
    "heading": Kind.MARKDOWN,
    "html": Kind.HTML,
}
_OLD_MIMES: Final = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "javascript": "application/javascript",
    "json": "application/json",
    "pdf": "application/pdf",
}
_CURRENT: Final = 4
_ERROR: Final = "application/vnd.jupyter.error"


_SHORT_PAYLOAD: Final = 200
_LONGEST_MIME: Final = 80
_MIME: Final = re.compile(r"(?:text|image|application|audio|video)/[a-z0-9.+-]*\Z")


class NotANotebook(ValueError):
    """The text is not a notebook that can be read; the message is one line for people."""


def read_notebook(raw: str, path: str, suspects: Suspects | None = None) -> Document:
    """Read the text of an `.ipynb` file. Raises NotANotebook with a line that says why.

    With `suspects` only those cells are read in which something may be found.
    """
    duplicates: list[str] = []
    tree = _parse(raw, duplicates)
    if not isinstance(tree, dict):
        raise NotANotebook("not a notebook: the JSON is not an object")
    version = tree.get("nbformat")
    if version not in (3, 4):
        shown = version if isinstance(version, int) else "missing"
        raise NotANotebook(f"unknown notebook format: nbformat is {shown}, 3 and 4 are read")
    metadata = tree.get("metadata")
    around = Surroundings(python=_python(metadata))
    document = Document(path=path, raw=raw, json=True, language=_language(metadata), around=around)
    for name in sorted(set(duplicates)):
        document.failures.append(_duplicate(path, name))
    reader = _Reader(document)
    if suspects is not None and version == _CURRENT and isinstance(tree.get("cells"), list):
        rest = {name: value for name, value in tree.items() if name != "cells"}
        reader.wanted, reader.sources = cells_to_read(tree["cells"], rest, suspects)
    reader.read(tree)
    return document


def read_cell(
    cell: dict[str, Any], index: int, path: str, suspects: Suspects | None = None
) -> Document:
    """Read one cell as an editor holds it: what it says of its places in a file is left out.

    With `suspects` it is left unread if nothing can be found in it.
    """
    document = Document(path=path, json=True)
    reader = _Reader(document)
    if suspects is not None and not any(cells_to_read([cell], {}, suspects)):
        return document
    reader.cells([cell], first=index)
    return document


def read_members(members: dict[str, Any], path: str) -> Document:
    """Read what a notebook holds beside its cells: its metadata."""
    document = Document(path=path, json=True)
    _Reader(document).members(members)
    return document


def _parse(raw: str, duplicates: list[str]) -> object:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        known = dict(pairs)
        if len(known) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            duplicates.extend(name for name, count in counts.items() if count > 1)
        return known

    try:
        return json.loads(raw, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        raise NotANotebook(
            f"broken JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from None
    except RecursionError:
        raise NotANotebook("broken JSON: nested too deeply") from None
    except ValueError:
        raise NotANotebook("broken JSON: a number is too long to read") from None


def _language(metadata: object) -> str:
    """The language that the metadata of a notebook name; Colab's name none."""
    for part, name in (("language_info", "name"), ("kernelspec", "language")):
        told = metadata.get(part) if isinstance(metadata, dict) else None
        language = told.get(name) if isinstance(told, dict) else None
        if isinstance(language, str) and language:
            return language
    return ""


def _python(metadata: object) -> str:
    """The version of the kernel's language, as the metadata say; empty where they do not."""
    told = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = told.get("version") if isinstance(told, dict) else None
    return version[:_LONGEST_VERSION] if isinstance(version, str) else ""


_LONGEST_VERSION: Final = 40
_KNOWN_NAMES: Final = frozenset({"cells", "source", "outputs", "metadata", "data", "text"})


def _duplicate(path: str, name: str) -> Failure:
    shown = f'"{name}"' if name in _KNOWN_NAMES else "a member"
    return Failure(
        path=path,
        message=f"{shown} occurs twice in one JSON object; only the last one was scanned",
        remedy="save the notebook again in Jupyter",
    )


class _Reader:
    """Walks a parsed notebook and fills a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.cell: dict[str, Any] = {}
        self.wanted: set[int] | None = None
        self.sources: set[int] = set()

    def read(self, tree: dict[str, Any]) -> None:
        expected = "worksheets" if tree["nbformat"] == 3 else "cells"
        if not isinstance(tree.get(expected), list):
            self._fail(f"the notebook has no list of {expected}")
        first = self._worksheets(tree)
        if isinstance(tree.get("cells"), list):
            self._cells(tree["cells"], ("cells",), first)
        read = [name for name in ("cells", "worksheets") if isinstance(tree.get(name), list)]
        if self.wanted is None or THE_REST in self.wanted:
            self._rest(tree, (), skip=tuple(read))

    def cells(self, cells: list[Any], first: int) -> None:
        """Read cells that stand at `first` and after in a notebook of format 4."""
        for index, cell in enumerate(cells, first):
            self._any_cell(cell, ("cells", index), index)

    def members(self, members: dict[str, Any]) -> None:
        """Read what stands beside the cells."""
        self._rest(members, (), skip=())

    def _any_cell(self, cell: object, pointer: Pointer, index: int) -> None:
        self.cell = {"cell": index}
        if isinstance(cell, dict):
            self._cell(cell, pointer)
        else:
            self._odd("a cell is not an object; its text was scanned as data", cell, pointer)
        self.cell = {}

    def _worksheets(self, tree: dict[str, Any]) -> int:
        sheets = tree.get("worksheets")
        first = 0
        for index, sheet in enumerate(sheets if isinstance(sheets, list) else []):
            cells = sheet.get("cells") if isinstance(sheet, dict) else None
            first += self._cells(cells, ("worksheets", index, "cells"), first)
            if isinstance(sheet, dict):
                self._rest(sheet, ("worksheets", index), skip=("cells",))
            else:
                self._odd("a worksheet is not an object", sheet, ("worksheets", index))
        return first

    def _cells(self, cells: object, pointer: Pointer, first: int) -> int:
        if not isinstance(cells, list):
            self._odd("a worksheet has no list of cells", cells, pointer)
            return 0
        for index, cell in enumerate(cells):
            if self.wanted is None or index in self.wanted or index in self.sources:
                self._any_cell(cell, (*pointer, index), first + index)
        return len(cells)

    def _cell(self, cell: dict[str, Any], pointer: Pointer) -> None:
        index = self.cell["cell"]
        if isinstance(cell.get("id"), str):
            self.cell["cell_id"] = cell["id"]
        count = cell.get("execution_count", cell.get("prompt_number"))
        if isinstance(count, int):
            self.cell["execution"] = count
        kind = _CELL_KINDS.get(str(cell.get("cell_type")), Kind.TEXT)
        name = "input" if "input" in cell and "source" not in cell else "source"
        place = InCell(**_NO_SPAN, **self.cell)
        part = self._string(cell.get(name, ""), (*pointer, name), place, kind)
        if part is not None:
            self.document.sources[index] = part
        self._tags(cell, index)
        if index in self.sources:
            return
        self._attachments(cell.get("attachments"), (*pointer, "attachments"))
        self._outputs(cell.get("outputs"), (*pointer, "outputs"))
        self._rest(cell, pointer, skip=(name, "outputs", "attachments"))

    def _tags(self, cell: dict[str, Any], index: int) -> None:
        metadata = cell.get("metadata")
        tags = metadata.get("tags") if isinstance(metadata, dict) else None
        if isinstance(tags, list):
            self.document.tags[index] = tuple(tag for tag in tags if isinstance(tag, str))

    def _attachments(self, attachments: object, pointer: Pointer) -> None:
        if attachments is None:
            return
        if not isinstance(attachments, dict):
            self._odd("attachments are not an object", attachments, pointer)
            return
        for name, bundle in attachments.items():
            at = (*pointer, name)
            if not isinstance(bundle, dict):
                self._odd("an attachment is not an object", bundle, at)
                continue
            self._names({name: 0} | bundle, pointer, at)
            for mime, data in bundle.items():
                here = (*at, mime)
                place = InAttachment(**_NO_SPAN, **self.cell, mime=mime)
                self._mime(mime, data, here, place)

    def _outputs(self, outputs: object, pointer: Pointer) -> None:
        if outputs is None:
            return
        if not isinstance(outputs, list):
            self._odd("outputs are not a list", outputs, pointer)
            return
        for index, output in enumerate(outputs):
            if isinstance(output, dict):
                self._output(output, (*pointer, index), index)
            else:
                self._odd("an output is not an object", output, (*pointer, index))

    def _output(self, output: dict[str, Any], pointer: Pointer, index: int) -> None:
        kind = str(output.get("output_type"))
        read: set[str] = set()
        if kind == "stream":
            name = str(output.get("name") or output.get("stream") or "stdout")
            mime = f"application/vnd.jupyter.{'stderr' if name == 'stderr' else 'stdout'}"
            self._shown(output, "text", mime, pointer, index)
            read.add("text")
        elif kind in {"error", "pyerr"}:
            for name in ("ename", "evalue", "traceback"):
                self._shown(output, name, _ERROR, pointer, index, joiner=1)
                read.add(name)
        elif isinstance(output.get("data"), dict):
            self._names(output["data"], (*pointer, "data"), (*pointer, "data"))
            for mime, data in output["data"].items():
                at = (*pointer, "data", mime)
                self._mime(mime, data, at, self._in_output(index, mime))
            read.add("data")
        else:
            for name in _OLD_MIMES.keys() & output.keys():
                at = (*pointer, name)
                mime = _OLD_MIMES[name]
                self._mime(mime, output[name], at, self._in_output(index, mime))
                read.add(name)
        self._rest(output, pointer, skip=tuple(read), output=index)

    def _names(self, members: dict[str, Any], of_first: Pointer, of_rest: Pointer) -> None:
        """Names of files and MIME types that are too long or strange to be only that."""
        for number, name in enumerate(members):
            parent = of_first if number == 0 else of_rest
            if len(name) > _LONGEST_MIME or not _MIME.match(name):
                part = Part(
                    place=InMetadata(**_NO_SPAN, **self.cell),
                    text=name,
                    kind=Kind.DATA,
                    pointer=(*parent, name),
                    is_key=True,
                )
                self._add(part)

    def _shown(
        self,
        output: dict[str, Any],
        name: str,
        mime: str,
        pointer: Pointer,
        index: int,
        joiner: int = 0,
    ) -> None:
        if name in output:
            at = (*pointer, name)
            place = self._in_output(index, mime)
            self._string(output[name], at, place, Kind.STREAM, joiner=joiner)

    def _in_output(self, index: int, mime: str) -> InOutput:
        return InOutput(**_NO_SPAN, **self.cell, output=index, mime=mime)

    def _mime(self, mime: str, data: object, pointer: Pointer, place: Location) -> None:
        if is_json(mime) or not _is_string(data):
            self._tree(data, pointer, place)
            return
        part = _part(data, pointer, place, kind_of(mime), 0)
        if is_binary(mime) or (not mime.startswith("text/") and looks_base64(part.text)):
            self._binary(part, mime)
        else:
            self._add(part)

    def _binary(self, part: Part, mime: str) -> None:
        data = decoded(part.text) if looks_base64(part.text) else None
        if len(part.text) < _SHORT_PAYLOAD:
            self._add(part)
        if data is None:
            if len(part.text) >= _SHORT_PAYLOAD:
                self._add(part)
            return
        body = part.text.rstrip()
        try:
            self.document.texts.extend(
                binary_views(Text.of(part), data, 0, len(body), mime, regular="\n" not in body)
            )
        except ValueError as error:
            self._fail(str(error))

    def _string(
        self, value: object, pointer: Pointer, place: Location, kind: Kind, joiner: int = 0
    ) -> Part | None:
        if not _is_string(value):
            self._odd(f"{pointer[-1]} is neither a string nor a list of strings", value, pointer)
            return None
        part = _part(value, pointer, place, kind, joiner)
        self._add(part)
        return part

    def _add(self, part: Part) -> None:
        if not part.text:
            return
        if self.cell.get("cell") in self.sources:  # nothing is hidden in it
            self.document.texts.append(Text.of(part))
            return
        try:
            self.document.texts.extend(views(Text.of(part)))
        except ValueError as error:
            self.document.texts.append(Text.of(part))
            self._fail(str(error))

    def _rest(
        self,
        members: dict[str, Any],
        pointer: Pointer,
        skip: tuple[str, ...],
        output: int | None = None,
    ) -> None:
        """Whatever stands in an object beside what was read: metadata and unknown members."""
        left = {name: value for name, value in members.items() if name not in skip}
        place = InMetadata(**_NO_SPAN, **self.cell, output=output)
        self._tree(left, pointer, place)

    def _tree(self, value: object, pointer: Pointer, place: Location) -> None:
        text = json_text(value, pointer, place)
        if text is not None:
            self.document.texts.extend(views(text))

    def _odd(self, message: str, value: object, pointer: Pointer) -> None:
        self._fail(message)
        self._tree(value, pointer, InMetadata(**_NO_SPAN, **self.cell))

    def _fail(self, message: str) -> None:
        cell = self.cell.get("cell")
        self.document.failures.append(Failure(path=self.document.path, message=message, cell=cell))


def _is_string(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(line, str) for line in value)
    )


def _part(value: Any, pointer: Pointer, place: Location, kind: Kind, joiner: int) -> Part:
    if isinstance(value, str):
        return Part(place=place, text=value, kind=kind, pointer=pointer)
    return Part(
        place=place,
        text=("\n" * joiner).join(value),
        kind=kind,
        pointer=pointer,
        ends=tuple(accumulate(len(line) + joiner for line in value)),
        joiner=joiner,
    )
