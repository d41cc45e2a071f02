"""Pickles: one after another in a file, within values, broken, and with something behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence, Severity
from . import encoded, names, naming, plausible, rules, sweep
from .context import Context, Over
from .machine import Broken, Machine
from .opcodes import HANDLERS
from .source import CHUNK, Memory, Stream, Truncated, chunks_of
from .values import Global, escaped
from .witness import Witness

if TYPE_CHECKING:
    from collections.abc import Callable

_PICKLE: Final = re.compile(rb"\x80[\x02-\x05](?:\x95.{6}\x00\x00|[\x8cc(}\]KJX])", re.DOTALL)
_SWEPT: Final = 1 << 24
_STREAMS: Final = 1000
_QUIET_MAGIC: Final = 0x1950A86A20F9469CFC6C
"""The first pickle of a file that torch wrote before it used zip archives."""


def looks_like(head: bytes) -> bool:
    """Whether a file that starts so may be a pickle (of a protocol that marks itself, or code)."""
    if head[:1] == b"\x80":
        return bool(_PICKLE.match(head)) or (len(head) > 1 and head[1] <= 5)
    named = sweep.first(head)
    if named is not None:
        return named.module.partition(".")[0] in _ROOTS
    return bool(_OLD.match(head))


def marked(head: bytes) -> bool:
    """Whether the first bytes are those of a pickle of protocol 2 or later."""
    return bool(_PICKLE.match(head))


_ROOTS: Final = names.STANDARD | names.TRUSTED | names.HOSTILE | {"__main__"}
_OLD: Final = re.compile(
    rb"\((?:[ld]p?\d{0,6}\n|S'[^\n]{0,200}'\n[pi\dt]|V[^\n]{0,200}\np\d|c[a-z_][\w.]{1,60}\n\w{1,60}\n"
    rb"|K[\x00-\x1f]|I\d{1,9}\n)|[\]}]q[\x00-\x1f]|[SV][^\n]{0,200}\np\d{1,6}\n|I\d{1,9}\n\."
)
"""Starts of pickles of protocols 0 and 1, as picklers write them."""


class Pickles:
    """Reads all pickles of one stream."""

    def __init__(self, context: Context, nested: Callable[[bytes], None]) -> None:
        """`nested` is called with values that may be files of another kind."""
        self.context = context
        self._nested = nested
        self.legacy_torch = False
        self.end = 0

    def read(self, stream: Stream, *, strict: bool = True) -> bool:
        """Read pickle after pickle: whether at least one was read to its end.

        With `strict`, a broken first pickle is an issue; without, only what it would call is.
        """
        read = 0
        while read < _STREAMS and stream.peek(1):
            if read and stream.peek(1)[0] not in plausible.START:
                break
            start = stream.tell()
            if not self._one(stream, strict=strict and not read, first=not read):
                break
            read += 1
            self.end = stream.tell()
            if stream.tell() == start:
                break
        if read and stream.peek(1) and not self.legacy_torch:
            self._sweep(stream, "behind the pickle")
        return read > 0

    def _one(self, stream: Stream, *, strict: bool, first: bool) -> bool:
        witness = Witness(self.context, self._inside)
        witness.pickled_arrays = self._array
        witness.pickled = self._opaque
        machine = Machine(stream, self.context, witness)
        before = len(self.context.issues)
        try:
            value = machine.run(HANDLERS)
            self.legacy_torch = self.legacy_torch or value == _QUIET_MAGIC
        except Truncated:
            self._broke(witness, "it ends before its STOP", machine, strict=strict)
            return False
        except Broken as error:
            self._broke(witness, str(error), machine, strict=strict)
            if strict or len(self.context.issues) > before:
                self._sweep(stream, "behind the error")
            return False
        except RecursionError:
            self.context.note("values nested too deep to be shown: not read to the end")
            return False
        finally:
            witness.finish()
        if witness.odd_frames:
            self._sweep(stream, "behind the frame")
        return True

    def _broke(self, witness: Witness, why: str, machine: Machine, *, strict: bool) -> None:
        if not strict and not witness.imports:
            return
        self.context.issue(
            rules.MALFORMED,
            f"The pickle is broken at byte {machine.at}: {why}; what comes before still runs",
            offset=machine.at,
            severity=Severity.HIGH if witness.calls else Severity.MEDIUM,
        )

    def _array(self, stream: Stream) -> None:
        """An array of objects of joblib: a pickle of its own in the midst of the stream."""
        if self.context.depth >= self.context.budget.depth:
            raise Over(f"pickles nested deeper than {self.context.budget.depth}")
        self.context.depth += 1
        try:
            if not self._one(stream, strict=True, first=False):
                raise Broken("an array of objects is broken")
        finally:
            self.context.depth -= 1

    def _inside(self, value: bytes, offset: int) -> None:
        for raw in encoded.decoded(value):
            with self.context.inside(f"value at {offset}") as allowed:
                if not allowed:
                    continue
                if looks_like(raw[:256]):
                    self._nested_pickle(raw, offset)
                else:
                    self._guess(raw)

    def _opaque(self, value: bytes, offset: int) -> None:
        """Bytes that nothing marks as a pickle, and that would import something if run as one."""
        with self.context.inside(f"value at {offset}") as allowed:
            if allowed:
                with self.context.guessing(Severity.CRITICAL):
                    self._nested_pickle(value, offset)

    def _guess(self, raw: bytes) -> None:
        """A value that may be a file of another kind: if it is none, there is nothing to say."""
        with self.context.guessing(Severity.INFO):
            self._nested(raw)

    def _nested_pickle(self, raw: bytes, offset: int) -> None:
        before = len(self.context.issues)
        reader = Pickles(self.context, self._nested)
        read = reader.read(Stream(chunks_of(Memory(raw))), strict=False)
        if read and len(self.context.issues) == before and marked(raw) and not reader.legacy_torch:
            message = "A value holds a second pickle, which calls nothing that is known to be bad"
            self.context.issue(
                rules.NESTED,
                message,
                offset=offset,
                severity=Severity.LOW,
                confidence=Confidence.LOW,
            )
        worst = [i for i in self.context.issues[before:] if i.severity is Severity.CRITICAL]
        if worst:
            message = f"A value holds a second pickle: {_lower(worst[0].message)}"
            self.context.issue(rules.NESTED, message, offset=offset)

    def _sweep(self, stream: Stream, where: str) -> None:
        """Look through what no reader gets to for names that run code."""
        swept = 0
        while swept < _SWEPT and stream.want(1):
            stream.want(min(CHUNK, sweep.REACH + 1))
            window = stream.buffer[stream.pos :]
            base = stream.tell()
            for at, found in sweep.named(window):
                self._swept(found, base + at, where)
            self.context.tick()
            keep = min(sweep.REACH, len(window)) if not stream.ended else 0
            step = max(len(window) - keep, 1)
            stream.skip(step)
            swept += step
        if stream.peek(1):
            self.context.note(f"only the first {_SWEPT >> 20} MB {where} were searched")

    def _swept(self, found: Global, offset: int, where: str) -> None:
        if naming.named(found) is naming.CODE:
            message = f"{escaped(found.path)} is named {where}"
            self.context.issue(
                rules.PICKLE_CODE, message, offset=offset, confidence=Confidence.MEDIUM
            )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
