"""Core ML models: layers and models of the application's own, files that are linked, metadata.

The numbers of the fields are those of Apple's `Model.proto` and `NeuralNetwork.proto`
(https://apple.github.io/coremltools/mlmodel/index.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence, Severity
from . import rules
from .protobuf import Malformed, fields, inner, text, through
from .telling import CODE
from .values import escaped
from .zips import leads_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context
    from .protobuf import Span
    from .source import Source

_VERSIONS: Final = 100
_NETWORKS: Final = (500, 403, 303)
_PIPELINES: Final = ((202, 1), (200, 1, 1), (201, 1, 1))
_LINKED: Final = 556
_CUSTOM_MODEL: Final = 555
_CUSTOM_LAYER: Final = (1, 500)
_TEXTS: Final = ((2, 100, 1), (2, 100, 3), (2, 100, 4), (2, 100, 100, 1), (2, 100, 100, 2))
_DEEP: Final = 8


def check(source: Source, context: Context) -> bool:
    """Note what the model needs beside itself; whether it is one at all."""
    try:
        first = next(fields(source, 0, source.size, context), None)
    except Malformed:
        return False
    if first is None or first[:2] != (1, 0) or not 0 < first[3] < _VERSIONS:
        return False
    try:
        _model(source, (0, source.size), context, 0)
    except Malformed:
        context.note("the protocol buffer is damaged: not read to its end")
    return True


def _model(source: Source, span: Span, context: Context, deep: int) -> None:
    if deep > _DEEP:
        context.note(f"models nested deeper than {_DEEP}: not read")
        return
    for network in _NETWORKS:
        for layer in through(source, span, context, network, *_CUSTOM_LAYER):
            _named(source, layer, "layer", context)
    for model in inner(source, span, _CUSTOM_MODEL, context):
        _named(source, model, "model", context)
    for path in _strings(source, span, context, (_LINKED, 1, 1, 1), (_LINKED, 1, 2, 1)):
        outside = leads_out(path)
        context.issue(
            rules.EXTERNAL_DATA,
            f"Loading the model reads {escaped(path)}",
            severity=None if outside else Severity.LOW,
        )
    for value in _strings(source, span, context, *_TEXTS):
        code = CODE.search(value)
        if code is not None:
            shown = escaped(value[max(0, code.start() - 10) : code.end() + 40])
            context.issue(
                rules.HEADER,
                f"The metadata hold code: {shown}",
                severity=Severity.CRITICAL,
                confidence=Confidence.MEDIUM,
            )
    for pipeline in _PIPELINES:
        for model in through(source, span, context, *pipeline):
            _model(source, model, context, deep + 1)


def _named(source: Source, span: Span, what: str, context: Context) -> None:
    for name in _strings(source, span, context, (10,)):
        context.issue(
            rules.REMOTE_CODE,
            f"The model runs a {what} that the application must bring: {escaped(name)}",
        )


def _strings(
    source: Source, span: Span, context: Context, *paths: tuple[int, ...]
) -> Iterator[str]:
    for path in paths:
        for start, end in through(source, span, context, *path):
            yield text(source, start, end - start)
