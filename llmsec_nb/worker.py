"""The scanner in a process of its own: whatever a notebook does to a scan, the server stays free.

A message on standard input, and its answer on standard output, is a line with a word and a
length, then as many bytes. The word is the name of an action, or an HTTP status.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import msgspec

from .config import ConfigError
from .core.evidence import Concealer
from .live import BadPath, Judge, OutsideRoot, ignored
from .report.json import encodable
from .wire import IgnoreRequest, ReportRequest, ScanRequest, Unreadable, understood

if TYPE_CHECKING:
    from collections.abc import Callable

READY: Final = b"ready\n"
_FIRST: Final = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}
_CODE: Final = {"key": "", "index": 0, "source": "!pip install x\neval(x)"}
_WARM: Final = json.dumps(
    {"cells": [{"key": "", "index": 0, "cell": _FIRST}], "metadata": {}, "code": [_CODE]}
)


def greeting(root: Path, concealer: Concealer, seconds: float) -> bytes:
    """The first line that a worker reads."""
    return json.dumps([str(root), concealer.key.hex(), seconds]).encode() + b"\n"


def answer(judge: Judge, name: str, body: bytes, seconds: float) -> tuple[int, bytes]:
    """An HTTP status, and the reply in JSON or a line that says what is wrong."""
    actions: dict[str, Callable[[Any], Any]] = {
        "scan": lambda words: judge.scan(understood(words, ScanRequest), seconds),
        "report": lambda words: judge.report(understood(words, ReportRequest)),
        "place": lambda words: judge.config_place(understood(words, str)),
        "ignore": lambda words: ignored(understood(words, IgnoreRequest)),
    }
    try:
        return 200, msgspec.json.encode(encodable(actions[name](_parsed(body))))
    except OutsideRoot as error:
        return 403, str(error).encode()
    except (Unreadable, BadPath, ConfigError) as error:
        return 400, str(error).encode()


def _parsed(body: bytes) -> Any:
    """The standard library's reader: notebooks hold lone surrogates, stricter ones refuse."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the body is not JSON that can be read") from None


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer messages until there are no more."""
    root, key, seconds = json.loads(source.readline())
    judge = Judge(Path(root), Concealer(bytes.fromhex(key)))
    answer(judge, "scan", _WARM.encode(), seconds)  # imports and compiles what the first one needs
    sink.write(READY)
    sink.flush()
    while header := source.readline().split():
        status, text = answer(judge, header[0].decode(), source.read(int(header[1])), seconds)
        sink.write(b"%d %d\n%b" % (status, len(text), text))
        sink.flush()


def main() -> None:
    """Serve. The server decides when to end, an interrupt of its terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sink, sys.stdout = sys.stdout.buffer, sys.stderr
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
