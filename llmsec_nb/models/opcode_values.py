"""The opcodes that push a number, a text, bytes, or what was remembered."""

from __future__ import annotations

import codecs
import re
import struct
from typing import TYPE_CHECKING, Any, Final

from .machine import NOTHING, Broken, Machine
from .opcode_table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE: Final = Table()
_MISSING: Final = object()
_DOUBLE: Final = struct.Struct(">d")
_LIMIT: Final = 1 << 12
"""Digits of a number that are worth reading."""
_OCTAL: Final = re.compile(rb"\s{0,4000}[+-]?0[0-7]{1,4000}")


def _constant(code: bytes, value: Any) -> None:
    TABLE[code[0]] = lambda machine: machine.stack.append(value)


for _code, _value in (
    (b"N", None), (b"\x88", True), (b"\x89", False), (b")", ()), (b"\x8f", NOTHING),
):  # fmt: skip
    _constant(_code, _value)

# Numbers and texts. What a number is worth matters to memo keys and to shapes of arrays alone.


def _sized(code: bytes, size: int, take: Callable[[Machine, int], None]) -> None:
    def handler(machine: Machine) -> None:
        take(machine, machine.number(size))

    TABLE[code[0]] = handler


def _bytes(machine: Machine, size: int) -> None:
    machine.push(machine.data(size))


def _old_text(machine: Machine, size: int) -> None:
    value = machine.data(size)
    machine.push(value.decode("latin-1") if isinstance(value, bytes) else value)


def _long(machine: Machine, size: int) -> None:
    value = machine.data(size, raw=False)
    short = isinstance(value, bytes) and size <= _LIMIT
    machine.push(int.from_bytes(value, "little", signed=True) if short else NOTHING)  # type: ignore[arg-type]


for _code, _size, _take in (
    (b"U", 1, _old_text), (b"T", 4, _old_text), (b"C", 1, _bytes), (b"B", 4, _bytes),
    (b"\x8e", 8, _bytes), (b"\x96", 8, _bytes), (b"X", 4, Machine.text),
    (b"\x8d", 8, Machine.text), (b"\x8a", 1, _long), (b"\x8b", 4, _long),
    (b"j", 4, Machine.get), (b"r", 4, Machine.put), (b"M", 2, Machine.push),
):  # fmt: skip
    _sized(_code, _size, _take)

for _code, _size in ((b"\x82", 1), (b"\x83", 2), (b"\x84", 4)):
    TABLE[_code[0]] = lambda machine, size=_size: machine.extension(size)  # type: ignore[misc]


# The most frequent ones, without detours.


@TABLE.on(b"h")
def _binget(machine: Machine) -> None:
    value = machine.memo.get(machine.stream.byte(), _MISSING)
    if value is _MISSING:
        raise Broken("GET of what was never PUT")
    machine.stack.append(value)


@TABLE.on(b"q")
def _binput(machine: Machine) -> None:
    machine.memo[machine.stream.byte()] = machine.top()


@TABLE.on(b"K")
def _binint1(machine: Machine) -> None:
    machine.stack.append(machine.stream.byte())


@TABLE.on(b"\x8c")
def _short_text(machine: Machine) -> None:
    stream = machine.stream
    value = stream.take(stream.byte())
    machine.show(value)
    machine.stack.append(value.decode("utf-8", "surrogatepass"))


@TABLE.on(b"J")
def _binint(machine: Machine) -> None:
    machine.push(int.from_bytes(machine.stream.take(4), "little", signed=True))


@TABLE.on(b"G")
def _binfloat(machine: Machine) -> None:
    stream = machine.stream
    pos = stream.pos
    if pos + 8 <= len(stream.buffer):
        stream.pos = pos + 8
        machine.stack.append(_DOUBLE.unpack_from(stream.buffer, pos)[0])
    else:
        machine.stack.append(_DOUBLE.unpack(stream.take(8))[0])


def line_number(line: bytes, base: int = 10) -> Any:
    """A number written as text, of which C reads no more than what stands before a zero byte."""
    line = line.partition(b"\0")[0]
    return NOTHING if len(line) > _LIMIT else int(line, base)


@TABLE.on(b"I")
def _int(machine: Machine) -> None:
    line = machine.stream.line()
    number = line.partition(b"\0")[0]
    if line in {b"00", b"01"}:
        machine.push(line == b"01")
    elif _OCTAL.fullmatch(number) or (not number and line):
        machine.push(int(number or b"0", 8))  # as strtol does; Python refuses such numbers
    else:
        machine.push(line_number(number, 0))


@TABLE.on(b"L")
def _text_long(machine: Machine) -> None:
    machine.push(line_number(machine.stream.line().removesuffix(b"L"), 0))


@TABLE.on(b"F")
def _float(machine: Machine) -> None:
    machine.push(float(machine.stream.line().partition(b"\0")[0]))


@TABLE.on(b"g")
def _get(machine: Machine) -> None:
    machine.get(line_number(machine.stream.line()))


@TABLE.on(b"p")
def _put(machine: Machine) -> None:
    machine.put(line_number(machine.stream.line()))


@TABLE.on(b"S")
def _string(machine: Machine) -> None:
    line = machine.line().strip()
    if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in {b"'", b'"'}:
        raise Broken("a STRING without quotes")
    value = codecs.escape_decode(line[1:-1])[0]
    machine.observer.data(value, machine.at, raw=True)
    machine.push(value.decode("latin-1"))


@TABLE.on(b"V")
def _unicode(machine: Machine) -> None:
    value = machine.line().decode("raw-unicode-escape")
    machine.show(value.encode("utf-8", "surrogatepass"))  # as the later protocols keep a text
    machine.push(value)
