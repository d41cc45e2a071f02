"""Pickles that compute, hand on or wrap what they call; and honest ones that look alike."""

from __future__ import annotations

import bz2
import functools
import pickle
import struct
import zlib
from typing import Any

import numpy as np
import pytest

from .payloads import found, named, scan, text

RUNS = b"cos\nsystem\n(S'id'\ntR."
UNMARKED = b"N0" + RUNS
HEAD = b"\x80\x04"
LOADER = HEAD + named("torch.storage", "_load_from_bytes")
HUB = named("torch.hub", "load")


def raw(value: bytes) -> bytes:
    """BINBYTES."""
    return b"B" + struct.pack("<I", len(value)) + value


@pytest.mark.parametrize(
    "number", [b"I7\0z\n0", b"I010\n0", b"I\0\n0", b"L7\0z\n0", b"F1.5\0z\n0", b"I 5\n0"]
)
def test_numbers_that_c_reads_otherwise_than_python(number: bytes) -> None:
    hidden = number + b"Vos\np7\0z\n0g7\0y\nVsyst\\u0065m\n\x93(Vid\ntR."
    assert scan(HEAD + hidden).issues[0].message == "Loading it calls os.system('id')"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"cbuiltins\nstr.lower\nVOS\n\x85R" + text("system") + b"\x93.", "the name of a global is computed"),
        (text("os") + b"X" + struct.pack("<I", 17_006) + b"path.os." * 2125 + b"system\x93.",
         "a global has an endless name"),
        (named("torch", "Size") + b"cbuiltins\ntuple\n]\x85RR.", "the arguments of a call are computed"),
    ],
)  # fmt: skip
def test_what_is_known_only_by_running_it(body: bytes, why: str) -> None:
    first = scan(HEAD + body).issues[0]
    assert (first.rule.id, first.severity.value) == ("MOD001", "critical")
    assert first.message == f"Loading it hides what it does: {why}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (named("functools", "partial") + named("builtins", "len") + b"\x85R(" + HUB + b"Vx\n\x85}Ntb)R.",
         "Loading it calls functools.partial(len)()"),
        (named("toolz.functoolz", "Compose") + b"(" + HUB + b"\x85tR.",
         "Loading it hands torch.hub.load to toolz.functoolz.Compose"),
        (named("collections", "defaultdict") + HUB + b"\x85R.",
         "Loading it hands torch.hub.load to collections.defaultdict"),
        (named("pyarrow.lib", "PyExtensionType") + b")R.", "Loading it calls pyarrow.lib.PyExtensionType()"),
        (named("sympy.core.add", "Add") + text("().__class__.__base__") + b"\x85R.",
         "Loading it calls sympy.core.add.Add('().__class__.__base__')"),
        (named("torch._tensor", "_rebuild_from_type_v2") + b"](" + HUB + b"NVx\n\x85}eR.",
         "Loading it calls torch.hub.load('x')"),
    ],
)  # fmt: skip
def test_functions_that_a_harmless_call_is_given(body: bytes, message: str) -> None:
    issues = scan(HEAD + body).issues
    assert (issues[0].rule.id, issues[0].severity.value) == ("MOD001", "critical")
    assert message in {issue.message for issue in issues}


@pytest.mark.parametrize(
    "value", [functools.partial(sorted, reverse=True), {"a": [np.load]}], ids=["partial", "load"]
)
def test_functions_that_are_only_held_are_not_critical(value: Any) -> None:
    assert "critical" not in {severity for _, severity in found(scan(pickle.dumps(value)))}


@pytest.mark.parametrize(
    "given",
    [
        raw(UNMARKED),
        raw(b"I1\n0" + RUNS),
        raw(b"N." + UNMARKED),
        b"cbuiltins\nbytes.fromhex\n" + text(RUNS.hex()) + b"\x85R",
        b"cbuiltins\nbytes\n](K\x4ee\x85R",
        b"c_codecs\nencode\n" + text(UNMARKED.decode()) + text("latin1") + b"\x86R",
        raw(UNMARKED[:-1] + b"I1\n0" * 6000 + b"."),
    ],
)
def test_bytes_that_torch_unpickles(given: bytes) -> None:
    assert ("MOD001", "critical") in found(scan(LOADER + given + b"\x85R."))


@pytest.mark.parametrize("padding", [0, 30_000])
@pytest.mark.parametrize("kind", ["bytes", "bytearray", "zlib", "bz2", "text"])
def test_a_pickle_in_a_value_that_nothing_marks(kind: str, padding: int) -> None:
    inner = UNMARKED[:-1] + b"I1\n0" * (padding // 4) + b"."
    value = {"bytes": inner, "bytearray": bytearray(inner), "zlib": zlib.compress(b"\x80\x04" + inner),
             "bz2": bz2.compress(inner * 3), "text": inner}[kind]  # fmt: skip
    protocol = 2 if kind == "text" else 5
    assert "critical" in {severity for _, severity in found(scan(pickle.dumps([value], protocol)))}


def test_numbers_in_bytes_are_no_pickles() -> None:
    numbers = np.random.default_rng(5)
    arrays = [numbers.integers(0, 256, size=size, dtype=np.uint8) for size in range(1, 400)]
    plain = [array.tobytes() for array in arrays]
    for protocol in range(6):
        assert found(scan(pickle.dumps([arrays, plain], protocol))) == []


@pytest.mark.parametrize(
    "first", [b"V" + b"a" * 40 + b"\n0", b"\x95\x60" + bytes(7), b"Pa\n0", b"\x970", b"I1\n0"]
)
def test_a_second_pickle_that_starts_with_anything(first: bytes) -> None:
    second = first + b"Vos\np1\n0Vb\n0g1\nVsyst\\u0065m\n\x93(Vid\ntR."
    messages = {issue.message for issue in scan(HEAD + b"N." + second).issues}
    assert "Loading it calls os.system('id')" in messages


def test_a_line_that_crosses_its_frame_and_breaks() -> None:
    body = b"(U\x02idiposix\n\x95\0\0\0\0\0\0\0\0system\n."
    data = HEAD + b"\x95" + struct.pack("<Q", 20) + body
    assert found(scan(data))[0][1] == "critical"


@pytest.mark.parametrize("end", [b"ios\nsystem\n.", b"cos\nsystem"])
def test_what_one_unpickler_imports_before_it_breaks(end: bytes) -> None:
    assert ("MOD001", "critical") in found(scan(HEAD + end))


def test_the_result_of_a_call_that_was_judged_is_no_function_that_is_handed_on() -> None:
    layout = named("torch.serialization", "_get_layout") + b"Vtorch.sparse_coo\n\x85R"
    body = named("torch._utils", "_rebuild_sparse_tensor") + layout + b"K\x01\x86R."
    assert found(scan(HEAD + body)) == []


def test_a_text_that_begins_with_an_import_is_no_pickle() -> None:
    assert found(scan(b"import os\nos.path.join('a')\n", "h.py")) == []
