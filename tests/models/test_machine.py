"""The machine against CPython's own, on streams of random opcodes whose globals are inert."""

from __future__ import annotations

import io
import pickle
import struct
from typing import Any, Self

from hypothesis import given, settings
from hypothesis import strategies as st

from llmsec_nb.models import Budget
from llmsec_nb.models.context import Context
from llmsec_nb.models.machine import Broken, Machine
from llmsec_nb.models.opcodes import HANDLERS
from llmsec_nb.models.source import Memory, Stream, Truncated, chunks_of

EIGHT = struct.pack("<Q", 2)
OPCODES = [
    b"(", b"0", b"1", b"2", b")", b"]", b"}", b"N", b"\x88", b"\x8f", b"t", b"l", b"d", b"a", b"e",
    b"s", b"u", b"R", b"o", b"b", b"\x81", b"\x92", b"\x93", b"\x94", b"\x85", b"\x86", b"\x87",
    b"\x90", b"\x91", b"cos\nsystem\n", b"cm.x\nC\n", b"ios\nsystem\n", b"Vos\n", b"V\\u006fs\n",
    b"S'os'\n", b"\x8c\x02os", b"X\x03\0\0\0abc", b"K\x01", b"M\x01\0", b"J\x01\0\0\0", b"I5\n",
    b"I01\n", b"L5L\n", b"L7\n", b"F1.5\n", b"I0x10\n", b"G" + bytes(8), b"\x8a\x01\x05", b"p0\n",
    b"p1\n", b"q\x00", b"q\x01", b"r\x02\0\0\0", b"g0\n", b"g1\n", b"h\x00", b"h\x01",
    b"j\x02\0\0\0", b"U\x02os", b"T\x02\0\0\0os", b"C\x02os", b"B\x02\0\0\0os",
    b"\x8e" + EIGHT + b"os", b"\x96" + EIGHT + b"os", b"\x80\x04", b"\x80\x02", b"Q", b"Pabc\n",
    b"\x97", b"\x82\x01", b"I010\n", b"I7\0z\n", b"I 5\n", b"L7\0z\n", b"F1\0z\n", b"p1\0z\n",
    b"g1\0z\n", b"p+1\n", b"g 1\n",
]  # fmt: skip


class Inert:
    """Stands for every class and its objects; nothing that it does has an effect."""

    def __new__(cls, *_: Any, **__: Any) -> Self:
        return object.__new__(cls)

    def __init__(self, *_: Any, **__: Any) -> None: ...
    def __setstate__(self, state: Any) -> None: ...
    def __setitem__(self, key: Any, value: Any) -> None: ...
    def append(self, value: Any) -> None: ...
    def extend(self, values: Any) -> None: ...
    def add(self, value: Any) -> None: ...
    def __call__(self, *_: Any, **__: Any) -> Inert:
        return Inert()


def theirs(data: bytes) -> tuple[list[tuple[str, str]], bool]:
    names: list[tuple[str, str]] = []

    class Unpickler(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            names.append((module, name))
            return Inert

        def persistent_load(self, _: Any) -> Any:
            return Inert()

    try:
        Unpickler(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001 (whatever the unpickler refuses)
        return names, False
    return names, True


class Names:
    def __init__(self) -> None:
        self.names: list[tuple[str, str]] = []

    def imported(self, found: Any, offset: int) -> None:
        self.names.append((found.module, found.name))

    def called(self, *_: Any) -> None: ...
    def built(self, *_: Any) -> None: ...
    def data(self, *_: Any, raw: bool) -> None: ...
    def odd(self, *_: Any) -> None: ...
    def hidden(self, *_: Any) -> None: ...
    def wants(self, head: bytes) -> bool:
        return False


def ours(data: bytes) -> tuple[list[tuple[str, str]], bool]:
    names = Names()
    machine = Machine(Stream(chunks_of(Memory(data))), Context(Budget()), names)
    try:
        machine.run(HANDLERS)
    except (Broken, Truncated):
        return names.names, False
    return names.names, True


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(OPCODES), min_size=1, max_size=16))
def test_whatever_cpython_imports_is_seen(parts: list[bytes]) -> None:
    data = b"".join(parts) + b"."
    expected, whole = theirs(data)
    names, read = ours(data)
    assert names[: len(expected)] == expected
    assert read or not whole
