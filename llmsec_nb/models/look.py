"""Looks at one item after another, each by the reader of its format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from . import (
    arrays,
    configs,
    coreml,
    formats,
    graphs,
    handlers,
    keras,
    markup,
    packed,
    pickles,
    rdata,
    rules,
    sevens,
    suffixes,
    superblock,
    tars,
    tensors,
)
from .item import Item
from .machine import Broken
from .opcodes import HANDLERS
from .source import Memory, Source, Truncated
from .values import escaped
from .zips import Zip

if TYPE_CHECKING:
    from .context import Context
    from .source import Stream

_TENSOR: Final = re.compile(r"(?:^|/)(?:data|tensors|xl_model_weights)/\d+$")
_SCRIPT: Final = re.compile(
    rb"\btorch\.(?:from_file|save|load)\s{0,4}\(|\bops\.aten\.(?:from_file|save)\b"
    rb"|=\s{0,4}\^[A-Za-z_]\w{0,80}\(|\bimport\s{1,4}(?:os|subprocess|sys|socket)\b|__import__"
)
_ARCHIVES: Final = frozenset({"torch", "keras", "npz", "zip", "mar", "tar"})
_WITH_ARCHIVE: Final = frozenset({"tflite"})
"""Formats that have an archive of their own at their end: labels and metadata."""
_MARKUP: Final = 1 << 26
_READ: Final = frozenset({"", "pickle", "torch", "keras", "npz", "zip", "mar", "empty"})
"""Formats that were read as pickles already, or that no pickle can be at the same time."""
_OPENS: Final = frozenset(bytes([code]) for code, handler in enumerate(HANDLERS) if handler)
"""First bytes of pickles: of a picture or a tensor file, some of them begin one as well."""
_OBJECT: Final = re.compile(rb"\{\s{0,200}\"")
_WRITERS: Final = re.compile(r"(?:^|/)code/.{0,300}\.py$")


class Looker:
    """The readers, and what they found out about the whole file."""

    def __init__(self, context: Context) -> None:
        """Nothing was looked at."""
        self.context = context
        self._end = 0
        self._served = False

    def look(self, item: Item) -> str:
        """Look at an item; its format, or nothing if that is not known."""
        try:
            return self._look(item)
        except packed.Unpacked as error:
            self.context.note(str(error))
        except Truncated:
            self.context.note("it ends too early: not read to its end")
        return ""

    def _look(self, item: Item) -> str:
        head = item.head()
        kind = formats.sniff(head, item.size)
        suffix = suffixes.suffix(item.name)
        self._mismatch(kind, suffix)
        reader = _READERS.get(kind)
        if reader is not None:
            kind = reader(self, item) or kind
        elif kind in formats.UNREAD:
            self.context.note(f"{kind} is not inspected")
        elif not kind:
            kind = self._by_name(item, suffix, head)
        if kind not in _ARCHIVES:
            self._behind(item, kind)
            kind = self._user_block(item, kind)
        if not kind and not self.context.depth and not formats.is_text(head):
            self.context.note("no format that is known: not inspected")
        if kind not in _READ and head[:1] in _OPENS:
            with self.context.guessing(Severity.CRITICAL):
                self._pickles().read(item.stream(), strict=False)
        return kind

    def _mismatch(self, kind: str, suffix: str) -> None:
        if kind == "pickle" and suffix in formats.FOREIGN:
            self.context.issue(rules.MISMATCH, f"A pickle is under the name of a {suffix} file")
        elif kind in formats.NO_MODEL and suffix in suffixes.PICKLES:
            self.context.issue(
                rules.MISMATCH,
                f"A {kind} file is under the name of a {suffix} file",
                severity=Severity.MEDIUM,
            )
        elif kind in formats.PROGRAMS and suffix == formats.RUNNABLE:
            self.context.note("the program itself is not inspected")
        elif kind in formats.PROGRAMS and (suffix in suffixes.SUFFIXES or suffix == ".bin"):
            self.context.issue(
                rules.MISMATCH, f"A program ({kind}) is under the name of a {suffix} file"
            )

    def _by_name(self, item: Item, suffix: str, head: bytes) -> str:
        """An item that its first bytes do not name."""
        reader = _BY_SUFFIX.get(suffix)
        if reader is not None:
            return reader(self, item)
        if not head:
            return "empty"
        if suffix in suffixes.PICKLES:
            if not self._pickles().read(item.stream()):
                self.context.note("no format that is known: not inspected")
            return "pickle"
        blocked = item.source is not None and superblock.place(item.source) > 0
        if suffix in suffixes.SUFFIXES and not blocked:
            self.context.note("no format that is known: not inspected")
        if _OBJECT.match(head):
            return self._json(item)
        with self.context.guessing(Severity.CRITICAL):
            self._pickles().read(item.stream(), strict=False)
        return ""

    def _pickles(self) -> pickles.Pickles:
        return pickles.Pickles(self.context, self._nested)

    def _graph_text(self, item: Item) -> str:
        raw = item.text(self.context)
        if raw is not None:
            graphs.saved_text(raw, self.context)
        return "tensorflow"

    def _text(self, item: Item) -> str:
        raw = item.text(self.context)
        if raw is not None:
            configs.check_text(raw, self.context)
        return "template"

    def _nested(self, raw: bytes) -> None:
        self.look(Item("value", Memory(raw)))

    def _source(self, item: Item) -> Source | None:
        return item.whole(self.context)

    def _pickle(self, item: Item) -> str:
        reader = self._pickles()
        reader.read(item.stream())
        self._end = reader.end
        return "torch" if reader.legacy_torch else "pickle"

    def _npy(self, item: Item) -> str:
        stream: Stream = item.stream()
        try:
            objects, perhaps = arrays.npy_header(stream)
        except Broken as error:
            self.context.note(str(error))
            return "npy"
        if objects:
            self._pickles().read(stream)
        elif perhaps or pickles.marked(stream.peek(16)):
            with self.context.guessing(Severity.CRITICAL):
                self._pickles().read(stream, strict=False)
        return "npy"

    def _packed(self, item: Item) -> str:
        source = self._source(item)
        if source is None:
            return ""
        kind = packed.sniff(item.head())
        name = item.name
        for ending in (".gz", ".bz2", ".xz", ".z", ".lzma", ".tgz"):
            name = name.removesuffix(ending)
        opened = packed.unpacking(kind, source, self.context)
        inner = Item(name, opened=opened)
        self.context.depth += 1
        try:
            if self.context.depth > self.context.budget.depth:
                self.context.note(f"packed more than {self.context.budget.depth} times: not read")
                return kind
            return self.look(inner) or kind
        finally:
            self.context.depth -= 1

    def _tar(self, item: Item) -> str:
        stream = item.stream()
        for member in tars.members(stream, self.context, item.source):
            self._member(member)
        return "tar"

    def _seven(self, item: Item) -> str:
        source = self._source(item)
        if source is not None:
            for member in sevens.members(source, self.context):
                self._member(member)
        return "7z"

    def _zip(self, item: Item) -> str:
        source = self._source(item)
        return "zip" if source is None else self._archive(source)

    def _archive(self, source: Source) -> str:
        archive = Zip(source, self.context)
        outer, self._served = self._served, handlers.SIGN in archive.names
        for member in archive.members():
            self._member(member)
        served, self._served = self._served, outer
        return "mar" if served else _archive_kind(archive.names)

    def _member(self, member: Item) -> None:
        with self.context.inside(escaped(member.name)) as allowed:
            if not allowed:
                return
            if _TENSOR.search(member.name):
                if pickles.marked(member.head()):
                    with self.context.guessing(Severity.CRITICAL):
                        self._pickles().read(member.stream(), strict=False)
                return
            if self._served and member.name.lower().endswith(".py"):
                self._handler(member)
                return
            if _WRITERS.search(member.name):
                self._script(member)
                return
            self.look(member)

    def _handler(self, member: Item) -> None:
        raw = member.text(self.context)
        if raw is not None:
            handlers.check(raw, member.name, self.context)

    def _script(self, member: Item) -> None:
        raw = member.text(self.context)
        match = _SCRIPT.search(raw) if raw is not None else None
        if match is not None:
            shown = escaped(match[0].decode("latin-1"))
            self.context.issue(rules.SCRIPT_CODE, f"The code of the model holds {shown}")

    def _behind(self, item: Item, kind: str) -> None:
        """A zip archive at the end of a file of another kind: loaders of zip files find it."""
        source = item.source
        if source is None or source.size < 100:
            return
        archive = Zip(source, self.context)
        if archive.directory is None or not archive.names:
            return
        told = kind in _WITH_ARCHIVE or suffixes.suffix(item.name) == formats.RUNNABLE
        if not told and (kind != "pickle" or archive.directory.shift >= self._end):
            self.context.issue(
                rules.DISAGREEMENT,
                f"A zip archive is behind the {kind or 'data'} that the file starts with",
            )
        self._archive(source)

    def _user_block(self, item: Item, kind: str) -> str:
        """An HDF5 file behind a block of the user's, which its library passes over."""
        source = item.source
        at = -1 if source is None or kind == "hdf5" else superblock.place(source)
        if source is None or at < 0:
            return kind
        if kind:
            self.context.issue(
                rules.DISAGREEMENT, f"An HDF5 file is behind the {kind} that the file starts with"
            )
        self._superblock(source, at)
        return kind or "hdf5"

    def _superblock(self, source: Source, at: int) -> None:
        problem = superblock.problem(source, at)
        if problem:
            self.context.note(f"{problem}: it may not be read to its end")
        keras.search(source, self.context)

    def _json(self, item: Item) -> str:
        raw = item.text(self.context)
        if raw is not None:
            configs.check_json(raw, self.context)
        return "json"

    def _hdf5(self, item: Item) -> str:
        source = self._source(item)
        if source is not None:
            self._superblock(source, 0)
        return "hdf5"

    def _safetensors(self, item: Item) -> str:
        source = self._source(item)
        if source is not None:
            tensors.safetensors(source, self.context)
        return "safetensors"

    def _gguf(self, item: Item) -> str:
        source = self._source(item)
        if source is not None:
            tensors.gguf(source, self.context)
        return "gguf"

    def _saved_model(self, item: Item) -> str:
        source = self._source(item)
        if source is None:
            return "tensorflow"
        places = (graphs.SAVED, graphs.SAVED[1:], ())
        if not any(graphs.saved_model(source, self.context, place) for place in places):
            self.context.note("no graph that can be read: not inspected")
        keras.search(source, self.context)
        return "tensorflow"

    def _flat(self, item: Item) -> str:
        source = self._source(item)
        if source is not None:
            graphs.flat(source, self.context)
        return "tflite"

    def _paddle(self, item: Item) -> str:
        source = self._source(item)
        if source is not None and not graphs.paddle(source, self.context):
            self.context.note("no program of PaddlePaddle that can be read: not inspected")
        return "paddle"

    def _coreml(self, item: Item) -> str:
        source = self._source(item)
        if source is not None and not coreml.check(source, self.context):
            self.context.note("no Core ML model that can be read: not inspected")
        return "coreml"

    def _markup(self, item: Item) -> str:
        raw = item.text(self.context, _MARKUP)
        if raw is not None:
            markup.check(raw, self.context)
        return markup.kind(item.head())

    def _rdata(self, item: Item) -> str:
        rdata.check(item.stream(), self.context)
        return "r data"

    def _onnx(self, item: Item) -> str:
        source = self._source(item)
        if source is not None and not graphs.Onnx(source, self.context).check():
            self.context.note("no ONNX model that can be read: not inspected")
        return "onnx"


def _archive_kind(names: list[str]) -> str:
    bases = {name.rpartition("/")[2] for name in names}
    if "data.pkl" in bases:
        return "torch"
    if "config.json" in bases and ({"metadata.json", "model.weights.h5"} & bases):
        return "keras"
    return "npz" if names and all(name.endswith(".npy") for name in names) else "zip"


_READERS: Final = {
    "pickle": Looker._pickle,  # noqa: SLF001 (a table of its own methods)
    "npy": Looker._npy,  # noqa: SLF001 (as above)
    "zip": Looker._zip,  # noqa: SLF001 (as above)
    "7z": Looker._seven,  # noqa: SLF001 (as above)
    "tar": Looker._tar,  # noqa: SLF001 (as above)
    "hdf5": Looker._hdf5,  # noqa: SLF001 (as above)
    "safetensors": Looker._safetensors,  # noqa: SLF001 (as above)
    "gguf": Looker._gguf,  # noqa: SLF001 (as above)
    "tflite": Looker._flat,  # noqa: SLF001 (as above)
    "r data": Looker._rdata,  # noqa: SLF001 (as above)
    "pmml": Looker._markup,  # noqa: SLF001 (as above)
    "openvino": Looker._markup,  # noqa: SLF001 (as above)
    **dict.fromkeys(packed.FORMATS, Looker._packed),  # noqa: SLF001 (as above)
}
_BY_SUFFIX: Final = {
    ".json": Looker._json,  # noqa: SLF001 (as above)
    ".pbtxt": Looker._graph_text,  # noqa: SLF001 (as above)
    ".pb": Looker._saved_model,  # noqa: SLF001 (as above)
    ".meta": Looker._saved_model,  # noqa: SLF001 (as above)
    ".mlmodel": Looker._coreml,  # noqa: SLF001 (as above)
    ".pdmodel": Looker._paddle,  # noqa: SLF001 (as above)
    ".pmml": Looker._markup,  # noqa: SLF001 (as above)
    ".onnx": Looker._onnx,  # noqa: SLF001 (as above)
    **dict.fromkeys(configs.TEXTS, Looker._text),  # noqa: SLF001 (as above)
}
