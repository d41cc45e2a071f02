"""Files that make one reader skip what another one runs."""

from __future__ import annotations

import io
import json
import lzma
import pickle
import struct
import zlib

import numpy as np
import pytest

from .payloads import calling, found, named, scan, text, zipped


def wrapped(dtype: bytes, data: bytes, shape: bytes = b"K\x02\x85") -> bytes:
    """A pickle of an array as joblib writes it: the data stand behind the state of a wrapper."""
    state = b"}(" + text("dtype") + dtype + text("shape") + shape
    state += text("numpy_array_alignment_bytes") + b"Nu"
    wrapper = named("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81" + state + b"b"
    return b"\x80\x04" + wrapper + data


def dtype(code: str, state: bytes = b"") -> bytes:
    return named("numpy", "dtype") + text(code) + b"\x85R" + state


EVIL = calling()[2:-1] + b"0N."
SIZE = b"(K\x03" + text("<") + b"NNNM\xe8\x03J\xff\xff\xff\xffK\x00tb"
"""The state of a dtype that says 1000 bytes, of which numpy takes no notice for numbers."""


@pytest.mark.parametrize(
    ("element", "size"),
    [(dtype("f8"), 16), (dtype("f8", SIZE), 16), (dtype("U3"), 24), (dtype("V7", SIZE), 2000)],
)
def test_arrays_of_joblib_are_passed_exactly(element: bytes, size: int) -> None:
    assert found(scan(wrapped(element, bytes(size) + EVIL))) == [("MOD001", "critical")]
    assert found(scan(wrapped(element, bytes(size) + b"."))) == []


@pytest.mark.parametrize("element", [dtype("l"), dtype("f8,f8"), named("acme", "d") + b")R"])
def test_arrays_whose_size_is_not_sure_are_not_clean(element: bytes) -> None:
    assert ("MOD004", "high") in found(scan(wrapped(element, bytes(16) + b".")))


@pytest.mark.parametrize("descr", ["'f4,O'", "[('a', '<f4'), ('b', '|O8')]", "'object'", "'<f4'"])
def test_npy_headers_that_hide_objects(descr: str) -> None:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n".encode()
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    assert ("MOD001", "critical") in found(scan(data + calling(), "a.npy"))


def test_npy_fields_with_capital_letters_are_clean() -> None:
    out = io.BytesIO()
    np.save(out, np.zeros(50, dtype=[("Open", "f8"), ("Other", "i4")]))
    assert (found(scan(out.getvalue(), "a.npy")), scan(out.getvalue(), "a.npy").notes) == ([], ())


def test_lzma_that_says_its_size() -> None:
    packed = bytearray(lzma.compress(calling(), lzma.FORMAT_ALONE))
    packed[5:13] = len(calling()).to_bytes(8, "little")
    assert found(scan(bytes(packed), "m.joblib"))[0] == ("MOD001", "critical")


def test_a_member_packed_in_another_way_than_listed() -> None:
    raw = calling()
    body = zlib.compress(raw)[2:-4]
    data = bytearray(zipped({"data.pkl": body}))
    struct.pack_into("<H", data, 8, 8)
    result = scan(bytes(data), "m.pt")
    assert {i[0] for i in found(result)} >= {"MOD001", "MOD008"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_json_in_other_encodings(encoding: str) -> None:
    config = {"class_name": "Lambda", "config": {"value": float("nan")}}
    members = {"metadata.json": b"{}", "config.json": json.dumps(config).encode(encoding)}
    assert found(scan(zipped(members), "m.keras")) == [("MOD010", "critical")]


def test_hdf5_with_escapes_and_other_keys_first() -> None:
    config = '{  "zzz": 1, "\\u0063lass_name": "L\\u0061mbda", "config": {}}'
    data = b"\x89HDF\r\n\x1a\n" + bytes(99) + config.encode() + bytes(9)
    assert found(scan(data, "m.h5")) == [("MOD010", "critical")]


def test_graphs_as_text() -> None:
    assert found(scan(b'node { name: "a" op: "PyFunc" }', "saved_model.pbtxt")) == [
        ("MOD011", "critical")
    ]
    assert found(scan(b'node { name: "PyFunc" op: "Const" }', "g.pbtxt")) == []


def test_base_of_a_reconstructed_object() -> None:
    made = named("copyreg", "_reconstructor") + named("sklearn.x", "Y") + named("torch", "load")
    assert found(scan(b"\x80\x04" + made + text("x") + b"\x87R."))[0] == ("MOD001", "critical")
    fine = (
        named("copyreg", "_reconstructor") + named("sklearn.x", "Y") + named("builtins", "object")
    )
    assert found(scan(b"\x80\x04" + fine + b"N\x87R.")) == []


def test_a_pickle_that_starts_late() -> None:
    assert found(scan(b"I1\n0cos\nsystem\n(S'x'\ntR.", "notes"))[0] == ("MOD001", "critical")
    assert found(scan(b"Many words.\nI think so\n.", "notes")) == []


@pytest.mark.parametrize(
    "data",
    [b"(c) 2024 by us. All rights reserved.", b"(I\n", b"(Very nice. Indeed.)\n", b"import\nos\n"],
)
def test_texts_are_no_pickles(data: bytes) -> None:
    assert found(scan(data, "notes.txt")) == []


@pytest.mark.parametrize(
    "hidden", [named("os", "system"), text("os") + b"q\x01" + text("system") + b"\x94\x93",
               text("os") + b"r\1\0\0\0" + text("system") + b"q\x02\x93", b"ios\nsystem\n"]
)  # fmt: skip
@pytest.mark.parametrize("before", [0, 100, 262_100, 262_140, 600_000])
def test_names_that_are_searched_for(hidden: bytes, before: int) -> None:
    data = b"\x80\x04N.\xff" + b"U" * before + hidden + b"U" * 900
    result = scan(data)
    assert [i.message for i in result.issues] == ["os.system is named behind the pickle"]


def test_protocol_of_frames_over_many_chunks() -> None:
    data = pickle.dumps([list(range(90_000)), "x" * 70_000, b"y" * 300_000, ["z"] * 90_000], 5)
    assert (found(scan(data)), scan(data).notes) == ([], ())
