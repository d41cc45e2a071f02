"""The opcodes of protocols 0 to 5, but STOP, which the loop of the machine knows."""

from __future__ import annotations

from typing import Any, Final

from . import opcode_values
from .machine import KEPT, NOTHING, Broken, Machine
from .opcode_table import Table
from .values import HOOKS, Made

TABLE: Final = Table(opcode_values.TABLE)

# Memo, stack, marks.


@TABLE.on(b"\x94")
def _memoize(machine: Machine) -> None:
    memo = machine.memo
    memo[len(memo)] = machine.top()


@TABLE.on(b"0")
def _pop(machine: Machine) -> None:
    if machine.marks and machine.marks[-1] == len(machine.stack):
        machine.marks.pop()
    else:
        machine.pop()


@TABLE.on(b"1")
def _pop_mark(machine: Machine) -> None:
    machine.to_mark()


@TABLE.on(b"2")
def _dup(machine: Machine) -> None:
    machine.push(machine.top())


@TABLE.on(b"(")
def _mark(machine: Machine) -> None:
    machine.marks.append(len(machine.stack))


@TABLE.on(b"\x80")
def _proto(machine: Machine) -> None:
    machine.protocol = machine.number(1)
    if machine.protocol > 5:
        raise Broken(f"protocol {machine.protocol} is unknown")


@TABLE.on(b"\x95")
def _frame(machine: Machine) -> None:
    machine.frame()


# Containers.


@TABLE.on(b"]")
def _empty_list(machine: Machine) -> None:
    machine.stack.append([])


@TABLE.on(b"}")
def _empty_dict(machine: Machine) -> None:
    machine.stack.append({})


@TABLE.on(b"t")
def _tuple(machine: Machine) -> None:
    machine.push(tuple(machine.to_mark()))


@TABLE.on(b"l")
def _list(machine: Machine) -> None:
    machine.push(machine.to_mark()[:KEPT])


@TABLE.on(b"\x85")
def _tuple1(machine: Machine) -> None:
    machine.push((machine.pop(),))


@TABLE.on(b"\x86")
def _tuple2(machine: Machine) -> None:
    second, first = machine.pop(), machine.pop()
    machine.push((first, second))


@TABLE.on(b"\x87")
def _tuple3(machine: Machine) -> None:
    third, second, first = machine.pop(), machine.pop(), machine.pop()
    machine.push((first, second, third))


def _fill(target: Any, items: list[Any]) -> None:
    """Put keys and values, in turn, into a dictionary; other targets get their `__setitem__`."""
    if len(items) % 2:
        raise Broken("an odd number of items for a dictionary")
    held = target if isinstance(target, dict) else _state(target)
    if held is None:
        return
    for at in range(0, len(items), 2):
        key = items[at]
        if len(held) >= KEPT and not (isinstance(key, str) and key in HOOKS):
            continue
        held[key if isinstance(key, str | int | bytes) else ("", id(key))] = items[at + 1]


def _state(target: Any) -> dict[Any, Any] | None:
    if not isinstance(target, Made):
        return None
    if target.state is None:
        target.state = {}
    return target.state if isinstance(target.state, dict) else None


@TABLE.on(b"d")
def _dict(machine: Machine) -> None:
    target: dict[Any, Any] = {}
    _fill(target, machine.to_mark())
    machine.push(target)


@TABLE.on(b"s")
def _setitem(machine: Machine) -> None:
    value, key = machine.pop(), machine.pop()
    _fill(machine.top(), [key, value])


@TABLE.on(b"u")
def _setitems(machine: Machine) -> None:
    items = machine.to_mark()
    _fill(machine.top(), items)


@TABLE.on(b"a")
def _append(machine: Machine) -> None:
    value = machine.pop()
    target = machine.top()
    if isinstance(target, list) and len(target) < KEPT:
        target.append(value)


@TABLE.on(b"e")
def _appends(machine: Machine) -> None:
    items = machine.to_mark()
    target = machine.top()
    if isinstance(target, list) and len(target) < KEPT:
        target.extend(items[: KEPT - len(target)])


@TABLE.on(b"\x90")
def _additems(machine: Machine) -> None:
    machine.to_mark()
    machine.top()


@TABLE.on(b"\x91")
def _frozenset(machine: Machine) -> None:
    machine.to_mark()
    machine.push(NOTHING)


# Buffers that come from outside, persistent ids.


@TABLE.on(b"\x97")
def _next_buffer(machine: Machine) -> None:
    machine.push(NOTHING)


@TABLE.on(b"\x98")
def _readonly_buffer(machine: Machine) -> None:
    machine.top()


@TABLE.on(b"P")
def _persid(machine: Machine) -> None:
    machine.stream.line()
    machine.push(NOTHING)


@TABLE.on(b"Q")
def _binpersid(machine: Machine) -> None:
    machine.push(Made(None, machine.pop()))


# What imports and what calls.


def _names(machine: Machine) -> tuple[str, str]:
    return machine.line().decode(), machine.line().decode()


@TABLE.on(b"c")
def _global(machine: Machine) -> None:
    module, name = _names(machine)
    machine.push(machine.found(module, name))


@TABLE.on(b"\x93")
def _stack_global(machine: Machine) -> None:
    name, module = machine.pop(), machine.pop()
    machine.push(machine.found(module, name))


@TABLE.on(b"i")
def _inst(machine: Machine) -> None:
    module, name = _names(machine)
    if not machine.marks and " " in module:
        raise Broken("there is no mark")  # a text such as "import os" is no pickle
    maker = machine.found(module, name)  # one of the unpicklers imports before it looks for a mark
    machine.call(maker, tuple(machine.to_mark()), "INST")


@TABLE.on(b"o")
def _obj(machine: Machine) -> None:
    items = machine.to_mark()
    if not items:
        raise Broken("OBJ without a class")
    machine.call(items[0], tuple(items[1:]), "OBJ")


@TABLE.on(b"R")
def _reduce(machine: Machine) -> None:
    arguments, maker = machine.pop(), machine.pop()
    machine.call(maker, arguments, "REDUCE")


@TABLE.on(b"\x81")
def _newobj(machine: Machine) -> None:
    arguments, maker = machine.pop(), machine.pop()
    machine.call(maker, arguments, "NEWOBJ")


@TABLE.on(b"\x92")
def _newobj_ex(machine: Machine) -> None:
    _, arguments, maker = machine.pop(), machine.pop(), machine.pop()
    machine.call(maker, arguments, "NEWOBJ")


@TABLE.on(b"b")
def _build(machine: Machine) -> None:
    machine.build()


HANDLERS: Final = [TABLE.get(code) for code in range(256)]
"""What to do for each byte; None for those that are no opcode."""
