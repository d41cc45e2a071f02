"""The pickle machine, as CPython's C unpickler runs it, with nothing imported and nothing called.

Written from the semantics of `Modules/_pickle.c`. Two things differ on purpose: an opcode that
crosses the end of its frame is told to the observer (readers disagree on what comes next), and
containers hold only their first items.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from .context import Context, Over
from .source import Stream, Truncated
from .values import Blob, Global, Made

if TYPE_CHECKING:
    from collections.abc import Callable

    Handlers = list["Callable[[Machine], None] | None"]

LONG: Final = 1 << 14
"""Texts and bytes beyond this length are shown to the observer as they pass, and not held."""
SOURCE: Final = 1 << 24
_HEAD: Final = 256
_HEAVY: Final = 4
"""A global takes the memory of so many other objects."""
_SHORT: Final = 5
"""No file is shorter."""
_TICK: Final = 0x3FFF
_PROTOCOL: Final = 5
_FRAME_HEAD: Final = 9
NOTHING: Final = object()
"""Values whose worth does not matter: numbers read from text, sets."""


class Broken(Exception):
    """The stream is one that the unpickler refuses; what came before was done by then."""


class Observer(Protocol):
    """Who is told of what the stream would do."""

    def imported(self, found: Global, offset: int) -> None:
        """A global is named."""

    def called(self, maker: Any, arguments: Any, how: str, offset: int) -> Any:
        """Something is called; the answer takes the place of the result, if not None."""

    def built(self, target: Any, state: Any, stream: Stream, offset: int) -> Any:
        """A state is set; bytes that follow in the stream may be taken here."""

    def wants(self, head: bytes) -> bool:
        """Whether to see more of a long text or bytes that starts so."""

    def data(self, value: bytes, offset: int, *, raw: bool) -> None:
        """A text or (`raw`) bytes pass, whole or (beyond SOURCE bytes) their start."""

    def odd(self, what: str, offset: int) -> None:
        """No pickler writes this."""

    def hidden(self, what: str, offset: int) -> None:
        """What is done can only be known by doing it."""


class Machine:
    """Runs one pickle of a stream to its STOP."""

    def __init__(self, stream: Stream, context: Context, observer: Observer) -> None:
        """Start at where the stream is."""
        self.stream = stream
        self.context = context
        self.observer = observer
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}
        self.protocol = 0
        self.globals = 0
        self.frame_end = 0
        self.at = stream.tell()
        self._held = 0
        self._most = context.held

    def run(self, handlers: Handlers) -> Any:
        """The value that is left. Raises Broken or Truncated where the unpickler would.

        `handlers` are by opcode: the table of the module `opcodes`.
        """
        stream, context = self.stream, self.context
        limit = context.budget.opcodes
        count = context.opcodes
        try:
            while True:
                pos = stream.pos
                if pos >= len(stream.buffer):
                    if not stream.want(1):
                        raise Truncated
                    pos = 0
                self.at = stream.base + pos
                code = stream.buffer[pos]
                stream.pos = pos + 1
                handler = handlers[code]
                if handler is None:
                    if code == _STOP:
                        return self.pop()
                    raise Broken(f"byte {code:#04x} is no opcode")
                handler(self)
                if self.frame_end and stream.base + stream.pos >= self.frame_end:
                    self._watch_frame(stream.base + stream.pos)
                count += 1
                if not count & _TICK:
                    self._account(count, limit)
        except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
            raise Broken(f"{_name(self.at, code)} has a wrong argument") from error
        finally:
            context.opcodes = count
            if self.frame_end:  # what breaks one reader may be the start of a frame for another
                self._watch_frame(stream.base + stream.pos)

    def _account(self, count: int, limit: int) -> None:
        if count > limit:
            raise Over(f"more than {limit} opcodes")
        held = len(self.stack) + len(self.marks) + len(self.memo) + _HEAVY * self.globals
        if held > self.context.budget.objects:
            raise Over("more objects than the budget allows")
        self.context.tick()

    def _watch_frame(self, end: int) -> None:
        if end > self.frame_end and self.at < self.frame_end:
            self.observer.odd("an opcode crosses the end of its frame", self.at)
        self.frame_end = 0

    # the stack

    def push(self, value: Any) -> None:
        """Put a value on top."""
        self.stack.append(value)

    def pop(self) -> Any:
        """Take the top, not past the last mark."""
        stack = self.stack
        if not stack or (self.marks and len(stack) <= self.marks[-1]):
            raise Broken("the stack is empty")
        return stack.pop()

    def top(self) -> Any:
        """See the top, not past the last mark."""
        stack = self.stack
        if not stack or (self.marks and len(stack) <= self.marks[-1]):
            raise Broken("the stack is empty")
        return stack[-1]

    def to_mark(self) -> list[Any]:
        """Take everything down to the last mark, and the mark."""
        if not self.marks:
            raise Broken("there is no mark")
        at = self.marks.pop()
        items = self.stack[at:]
        del self.stack[at:]
        return items

    # pieces of the stream

    def number(self, size: int) -> int:
        """An unsigned number of `size` bytes."""
        return int.from_bytes(self.stream.take(size), "little")

    def data(self, size: int, *, raw: bool = True) -> bytes | Blob:
        """The next `size` bytes, held if they are few; not `raw` if they are a text."""
        stream = self.stream
        if size <= LONG:
            value = stream.take(size)
            self.show(value, raw=raw)
            return value
        head = stream.peek(_HEAD)
        wanted = min(size, self.context.held, SOURCE)
        if len(head) < _HEAD or self.observer.wants(head):
            head = stream.peek(wanted)
            self.observer.data(head, self.at, raw=raw)
        stream.skip(size)
        return Blob(head[:_HEAD], size)

    def show(self, value: bytes, *, raw: bool = False) -> None:
        """Show the observer a short text or bytes, which is held from here on."""
        if len(value) > _SHORT:
            self.observer.data(value, self.at, raw=raw)
        self._held += len(value)
        if self._held > self._most:
            raise Over("texts take more memory than the budget allows")

    def text(self, size: int) -> None:
        """Push a text of `size` bytes of UTF-8."""
        value = self.data(size, raw=False)
        self.push(value if isinstance(value, Blob) else value.decode("utf-8", "surrogatepass"))

    def put(self, key: int) -> None:
        """Remember the top."""
        if key < 0:
            raise Broken("a negative number in PUT")
        self.memo[key] = self.top()

    def get(self, key: int) -> None:
        """Push what was remembered."""
        if key not in self.memo:
            raise Broken("GET of what was never PUT")
        self.push(self.memo[key])

    def line(self) -> bytes:
        """The next line, which is held from here on."""
        value = self.stream.line()
        self.show(value)
        return value

    # what runs code

    def found(self, module: Any, name: Any) -> Global:
        """A global by its two names."""
        if not isinstance(module, str) or not isinstance(name, str):
            self._hidden(module, name)
            raise Broken("STACK_GLOBAL needs two texts")
        value = Global(module, name)
        self.globals += 1
        self.observer.imported(value, self.at)
        return value

    def _hidden(self, *texts: Any) -> None:
        """Tell of a name that can be known only by running the pickle, or is endless."""
        for text in texts:
            if isinstance(text, Blob):
                self.observer.hidden("a global has an endless name", self.at)
            elif isinstance(text, Made):
                self.observer.hidden("the name of a global is computed", self.at)

    def call(self, maker: Any, arguments: Any, how: str) -> None:
        """Push what a call would give."""
        if isinstance(arguments, list):
            arguments = tuple(arguments)  # the unpickler written in Python takes these as well
        elif isinstance(arguments, Made):
            self.observer.hidden("the arguments of a call are computed", self.at)
        made = self.observer.called(maker, arguments, how, self.at)
        self.push(Made(maker, arguments) if made is None else made)

    def build(self) -> None:
        """BUILD: `__setstate__`, or attributes set."""
        state = self.pop()
        target = self.top()
        if self.stream.tell() == self.frame_end:
            self.frame_end = 0  # joblib puts arrays behind a frame that it ends here
        new = self.observer.built(target, state, self.stream, self.at)
        if new is not None:
            self.stack[-1] = new
        elif isinstance(target, Made) and target.state is None:
            target.state = state

    def extension(self, size: int) -> None:
        """EXT: a global by its number in the registry of copyreg."""
        code = self.number(size)
        self.observer.odd(f"EXT calls number {code} of the registry of copyreg", self.at)
        self.push(Global("copyreg.extension", str(code)))

    def frame(self) -> None:
        """FRAME: how many bytes may be read ahead."""
        size = self.number(8)
        if self.frame_end > self.at + _FRAME_HEAD:
            self.observer.odd("a frame begins within a frame", self.at)
        self.frame_end = self.at + _FRAME_HEAD + size


def _name(at: int, code: int) -> str:
    return f"the opcode {chr(code)!a} at byte {at}"


_STOP: Final = 0x2E
KEPT: Final = 64
"""How many items of a container are held."""
