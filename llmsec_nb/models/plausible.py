"""Whether bytes under no name of a format could be run as a pickle, and would import something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .machine import Broken, Machine
from .opcodes import HANDLERS
from .source import Memory, Stream, Truncated, chunks_of

if TYPE_CHECKING:
    from .context import Context
    from .values import Global

START: Final = frozenset(
    b"(])}cINLFSVPTUXCBKMJGi\x80\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97"
)
"""The opcodes that ask for nothing on the stack: a pickle begins with one of them."""


class _Counter:
    """An observer that counts what would be imported."""

    def __init__(self) -> None:
        self.imports = 0

    def imported(self, found: Global, offset: int) -> None:
        self.imports += 1

    def called(self, maker: Any, arguments: Any, how: str, offset: int) -> Any:
        return None

    def built(self, target: Any, state: Any, stream: Stream, offset: int) -> Any:
        return None

    def wants(self, head: bytes) -> bool:
        return False

    def data(self, value: bytes, offset: int, *, raw: bool) -> None:
        return None

    def odd(self, what: str, offset: int) -> None:
        return None

    def hidden(self, what: str, offset: int) -> None:
        self.imports += 1


def imports(value: bytes, context: Context, *, whole: bool) -> bool:
    """Whether a pickle that starts so imports something; or may, if this is not the `whole`."""
    if not value or value[0] not in START:
        return False
    counter = _Counter()
    try:
        Machine(Stream(chunks_of(Memory(value))), context, counter).run(HANDLERS)
    except Truncated:
        return counter.imports > 0 or not whole
    except Broken:
        pass
    return counter.imports > 0
