"""Graphs in protocol buffers: SavedModel of TensorFlow, and ONNX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from . import rules
from .names import words
from .protobuf import Malformed, Span, fields, inner, text, through
from .source import CHUNK
from .values import escaped
from .zips import leads_out

if TYPE_CHECKING:
    from .context import Context
    from .source import Source

_PYTHON: Final = frozenset({"PyFunc", "PyFuncStateless", "EagerPyFunc"})
_WRITES: Final = frozenset({"WriteFile", "AppendFile"})
_READS: Final = words("""
    ReadFile MatchingFiles MatchingFilesDataset ImmutableConst WholeFileReader WholeFileReaderV2
    LoadLibrary LoadDataset LoadDatasetV2 SaveDataset SaveDatasetV2 SqlDataset LMDBDataset
    DebugIdentityV3 DistributedSave SaveSlices RegisterDataset
""")  # fmt: skip
_OWN_DOMAINS: Final = re.compile(
    r"(?:ai\.onnx(?:\.ml|\.training|\.preview(?:\.training)?)?|com\.(?:microsoft|ms)(?:\.\w{1,30}){0,2}|org\.pytorch\.\w{1,30}|pkg\.\w{1,40}.{0,200}|local)?"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{1,20}:")
_TEXT_OP: Final = re.compile(rb"\bop\s{0,20}:\s{0,20}['\"]([A-Za-z0-9_>]{1,100})['\"]")
_FLEX: Final = re.compile(rb"\bFlex([A-Z][A-Za-z0-9]{1,60})\0")
_REACH: Final = 80
_DEEP: Final = 12

SAVED: Final = (2, 2)
"""Where the graph is in a SavedModel; in a MetaGraphDef it is one field less deep."""


def saved_model(source: Source, context: Context, graph: tuple[int, ...] = SAVED) -> bool:
    """Check all operations; whether the file holds a `graph` at such a place."""
    whole = (0, source.size)
    nodes = 0
    try:
        for path in ((*graph, 1), (*graph, 2, 1, 3)):
            for span in through(source, whole, context, *path):
                nodes += 1
                _node(source, span, context)
    except Malformed:
        if nodes:
            context.note("the protocol buffer is damaged: not read to its end")
        return nodes > 0
    return nodes > 0


def paddle(source: Source, context: Context) -> bool:
    """Check the operators of a program of PaddlePaddle: whether it is one."""
    known = False
    try:
        for start, end in through(source, (0, source.size), context, 1, 4, 3):
            known = True
            if text(source, start, end - start) == "py_func":
                _op("py_func", "calls a function of Python", context, Severity.CRITICAL)
    except Malformed:
        if known:
            context.note("the protocol buffer is damaged: not read to its end")
    return known


def flat(source: Source, context: Context) -> None:
    """Search a model of TensorFlow Lite for operators of TensorFlow, which it names as texts."""
    at = 0
    while at < source.size:
        context.tick()
        for match in _FLEX.finditer(source.read_at(at, CHUNK + _REACH)):
            _judge(match[1].decode(), context)
        at += CHUNK


def saved_text(raw: bytes, context: Context) -> None:
    """Check the operations of a graph that is written as text."""
    for match in _TEXT_OP.finditer(raw):
        _judge(match[1].decode("latin-1"), context)


def _node(source: Source, span: Span, context: Context) -> None:
    op = ""
    for number, kind, place, length in fields(source, *span, context):
        if number == 2 and kind == 2:
            op = text(source, place, length, 200)
        elif number == 5 and kind == 2 and op == "PrintV2":
            value = source.read_at(place, min(length, 1000))
            if b"output_stream" in value and b"file:" in value:
                _op("PrintV2", "writes its output to a file", context, Severity.HIGH)
    _judge(op, context)


def _judge(op: str, context: Context) -> None:
    if op in _PYTHON:
        _op(op, "calls a function of Python", context, Severity.CRITICAL)
    elif op in _WRITES:
        _op(op, "writes a file", context, Severity.CRITICAL)
    elif op in _READS:
        _op(op, "reads files", context, Severity.HIGH)


def _op(op: str, what: str, context: Context, severity: Severity) -> None:
    context.issue(rules.TENSORFLOW_OP, f"The graph {what}: {op}", severity=severity)


class Onnx:
    """One ONNX model."""

    def __init__(self, source: Source, context: Context) -> None:
        """Nothing is read yet."""
        self.source, self.context = source, context

    def check(self) -> bool:
        """Check paths of external data and domains of operators; whether it is a model at all."""
        known = False
        try:
            for number, kind, place, length in fields(
                self.source, 0, self.source.size, self.context
            ):
                if kind != 2:
                    continue
                span = (place, place + length)
                if number == 7:
                    known = True
                    self._graph(span, 0)
                elif number == 8:
                    known = True
                    self._domain(span)
                elif number == 25:
                    for node in inner(self.source, span, 7, self.context):
                        self._node(node, 0)
        except Malformed:
            if known:
                self.context.note("the protocol buffer is damaged: not read to its end")
        return known

    def _domain(self, span: Span) -> None:
        for number, kind, place, length in fields(self.source, *span, self.context):
            if number != 1 or kind != 2:
                continue
            domain = text(self.source, place, length, 200)
            if domain == "ai.onnx.contrib":
                self.context.issue(
                    rules.REMOTE_CODE,
                    "The model needs operators of ai.onnx.contrib, which can be Python",
                )
            elif not _OWN_DOMAINS.fullmatch(domain):
                self.context.issue(
                    rules.REMOTE_CODE,
                    f"The model needs a library of operators: domain {escaped(domain)}",
                    severity=Severity.LOW,
                )

    def _graph(self, span: Span, deep: int) -> None:
        if deep > _DEEP:
            self.context.note(f"graphs nested deeper than {_DEEP}: not read")
            return
        for number, kind, place, length in fields(self.source, *span, self.context):
            if kind != 2:
                continue
            part = (place, place + length)
            if number == 1:
                self._node(part, deep)
            elif number == 5:
                self._tensor(part)
            elif number == 15:
                for values in (1, 2):
                    for tensor in inner(self.source, part, values, self.context):
                        self._tensor(tensor)

    def _node(self, span: Span, deep: int) -> None:
        for attribute in inner(self.source, span, 5, self.context):
            for number, kind, place, length in fields(self.source, *attribute, self.context):
                part = (place, place + length)
                if kind == 2 and number in {5, 10}:
                    self._tensor(part)
                elif kind == 2 and number in {6, 11}:
                    self._graph(part, deep + 1)

    def _tensor(self, span: Span) -> None:
        for entry in inner(self.source, span, 13, self.context):
            pair = {}
            for number, kind, place, length in fields(self.source, *entry, self.context):
                if kind == 2 and number in {1, 2}:
                    pair[number] = text(self.source, place, length)
            path = pair.get(2, "")
            if pair.get(1) == "location" and (leads_out(path) or _SCHEME.match(path)):
                self.context.issue(
                    rules.EXTERNAL_DATA,
                    f"Loading the model reads {escaped(path)}, outside its folder",
                )
