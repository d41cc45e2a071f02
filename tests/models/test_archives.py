"""Archives: members that a loader gets and a scanner may not."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llmsec_nb.models import Budget, scan_model

from .payloads import calling, found, scan, zipped

CLEAN = pickle.dumps({"weights": [1, 2]})


def torch(data: bytes) -> bytes:
    return zipped({"m/data.pkl": data, "m/data/0": bytes(64), "m/version": b"3\n"})


def test_torch_archives() -> None:
    clean = scan(torch(CLEAN), "m.pt")
    assert (clean.format, clean.members, found(clean), clean.complete) == ("torch", 3, [], True)
    bad = scan(torch(calling()), "m.pt")
    assert [(i.rule.id, i.member) for i in bad.issues] == [("MOD001", "m/data.pkl")]


def test_torch_before_zip() -> None:
    magic = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
    head = magic + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
    tail = pickle.dumps(["0"], 2) + np.random.default_rng(1).bytes(5000)
    clean = scan(head + CLEAN + tail, "m.pt")
    assert (clean.format, found(clean)) == ("torch", [])
    assert found(scan(head + calling() + tail, "m.pt")) == [("MOD001", "critical")]


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bz2.compress, lzma.compress])
def test_compressed_pickles(pack: type[bytes]) -> None:
    packed = pack(calling())
    assert found(scan(packed, "m.pkl.gz")) == [("MOD001", "critical")]
    assert found(scan(pack(CLEAN), "m.joblib")) == []
    assert scan(packed[: len(packed) // 2], "m.pkl").complete is False


def test_compressed_twice_and_in_an_archive() -> None:
    inner = gzip.compress(zipped({"a/x.bin": bz2.compress(calling())}))
    result = scan(inner, "m.gz")
    assert [(i.rule.id, i.member) for i in result.issues] == [("MOD001", "a/x.bin")]


def test_more_members_of_gzip_than_one() -> None:
    whole = b"\x80\x02]" + calling()[2:]
    members = b"".join(gzip.compress(part) for part in (whole[:3], whole[3:20], whole[20:]))
    assert found(scan(members, "m.gz")) == [("MOD001", "critical")]


def patched(data: bytes, at: int, flags: int) -> bytes:
    """Set flags in the local header (at 6) or in the directory (8 behind its signature)."""
    place = at or data.index(b"PK\x01\x02") + 8
    old = struct.unpack_from("<H", data, place)[0]
    return data[:place] + struct.pack("<H", old | flags) + data[place + 2 :]


@pytest.mark.parametrize("flag", [0x1, 0x20, 0x40])
@pytest.mark.parametrize("place", [0, 6])
def test_flags_that_make_readers_give_up(flag: int, place: int) -> None:
    result = scan(patched(torch(calling()), place, flag), "m.pt")
    assert [i[0] for i in found(result)] == ["MOD001", "MOD008"]


def test_encrypted_members_are_not_clean() -> None:
    data = bytearray(patched(zipped({"secret.txt": b"0123456789" * 5}), 6, 1))
    data[45:60] = b"\x99" * 15
    result = scan(bytes(data), "m.zip")
    assert found(result) == []
    assert result.notes == ("secret.txt is encrypted: not inspected",)


def test_wrong_checksum_and_another_name_in_the_local_header() -> None:
    data = torch(calling())
    crc = data.index(b"PK\x01\x02") + 16
    wrong = data[:crc] + b"\1\2\3\4" + data[crc + 4 :]
    assert found(scan(wrong, "m.pt")) == [("MOD001", "critical"), ("MOD008", "medium")]
    renamed = data.replace(b"m/data.pkl", b"m/data.txt", 1)
    assert [i[0] for i in found(scan(renamed, "m.pt"))] == ["MOD001", "MOD008"]


def test_members_that_the_directory_does_not_list() -> None:
    hidden = zipped({"evil.pkl": calling()})
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    shown = zipped({"fine.pkl": CLEAN})
    result = scan(hidden + shown, "m.zip")
    assert ("MOD001", "critical") in found(result)
    assert any("evil.pkl is in the file, not in the directory" in i.message for i in result.issues)
    cut = scan(hidden, "m.zip")
    assert [i[0] for i in found(cut)] == ["MOD001", "MOD008"]


def test_a_zip_archive_behind_a_pickle() -> None:
    result = scan(CLEAN + torch(calling()), "m.pkl")
    assert {i[0] for i in found(result)} >= {"MOD001", "MOD008"}


@pytest.mark.parametrize("name", ["../up.txt", "/etc/x", "a/../../b", "C:\\x", "a\\..\\..\\b"])
def test_members_that_lead_out(name: str) -> None:
    assert ("MOD006", "high") in found(scan(zipped({name: b"x"}), "m.zip"))


def test_names_that_only_look_like_it() -> None:
    assert found(scan(zipped({"a..b/..c": b"x", "v1...2": b"y"}), "m.zip")) == []


def tarred(*members: tuple[str, bytes, bytes, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, data, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), target
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_tar_archives_plain_and_compressed() -> None:
    data = tarred(
        ("a/fine.pkl", tarfile.REGTYPE, CLEAN, ""), ("a/evil", tarfile.REGTYPE, calling(), "")
    )
    for packed, name in ((data, "m.tar"), (gzip.compress(data), "m.tar.gz"), (data, "m.nemo")):
        result = scan(packed, name)
        assert [(i.rule.id, i.member) for i in result.issues] == [("MOD001", "a/evil")], name
        assert result.format == "tar"


def test_a_long_member_of_a_compressed_tar() -> None:
    big = pickle.dumps([bytes(3_000_000)])[:-1] + calling()[2:-1] + b"0."
    data = tarred(("big.pkl", tarfile.REGTYPE, big, ""), ("z.pkl", tarfile.REGTYPE, calling(), ""))
    result = scan(gzip.compress(data), "m.tgz")
    assert [(i.rule.id, i.member) for i in result.issues] == [
        ("MOD001", "big.pkl"),
        ("MOD001", "z.pkl"),
    ]


def test_tar_members_that_lead_out() -> None:
    data = tarred(
        ("../x", tarfile.REGTYPE, b"x", ""),
        ("link", tarfile.SYMTYPE, b"", "/etc/passwd"),
        ("fine", tarfile.SYMTYPE, b"", "a/b"),
        ("n" * 200 + "/../../y", tarfile.REGTYPE, b"y", ""),
        ("fifo", tarfile.FIFOTYPE, b"", ""),
    )
    assert found(scan(data, "m.tar")) == [("MOD006", "high")] * 4


def test_bombs_are_told_and_not_unpacked() -> None:
    bomb = zlib.compress(pickle.dumps(bytes(80_000_000)), 9)
    result = scan(bomb, "m.joblib")
    assert ("MOD007", "medium") in found(result)
    assert result.notes == ("a bomb: not unpacked further",)
    member = scan(zipped({"a.pkl": pickle.dumps(bytes(80_000_000))}, zipfile.ZIP_DEFLATED), "m.zip")
    assert ("MOD007", "medium") in found(member)
    assert not member.complete


def test_nesting_ends() -> None:
    data = CLEAN
    for _ in range(8):
        data = zipped({"in.zip": data})
    result = scan(data, "m.zip", budget=Budget(depth=4))
    assert result.notes == ("in.zip/in.zip/in.zip/in.zip/in.zip: nested deeper than 4: not read",)


def test_members_end() -> None:
    data = zipped({f"{n}.txt": b"x" for n in range(30)})
    assert scan(data, "m.zip", budget=Budget(members=10)).notes == (
        "not all entries of the directory were read",
        "more than 10 members",
    )


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"Rar!\x1a\x07\x01\0", "rar"),
        (b"\x04\x22\x4d\x18", "lz4"),
    ],
)
def test_formats_that_are_not_read_are_named(head: bytes, kind: str) -> None:
    result = scan(head + bytes(100), "m.bin")
    assert (result.format, result.notes) == (kind, (f"{kind} is not inspected",))


def test_numpy_files() -> None:
    out = io.BytesIO()
    np.save(out, np.arange(10))
    assert found(scan(out.getvalue(), "a.npy")) == []
    objects = io.BytesIO()
    np.save(objects, np.array([1, "a"], dtype=object), allow_pickle=True)
    raw = objects.getvalue()
    assert found(scan(raw, "a.npy")) == []
    start = raw.index(b"\x80")
    assert found(scan(raw[:start] + calling(), "a.npy")) == [("MOD001", "critical")]
    packed = io.BytesIO()
    np.savez_compressed(packed, a=np.arange(5), b=np.ones(3))
    clean = scan(packed.getvalue(), "a.npz")
    assert (clean.format, clean.members, found(clean)) == ("npz", 2, [])
    assert found(scan(zipped({"a.npy": raw[:start] + calling()}), "a.npz")) == [
        ("MOD001", "critical")
    ]


def test_names_against_content() -> None:
    assert found(scan(CLEAN, "m.safetensors")) == [("MOD014", "high")]
    assert found(scan(calling(), "notes.txt")) == [("MOD001", "critical"), ("MOD014", "high")]
    assert found(scan(b"\x89PNG\r\n\x1a\n" + bytes(50), "m.pt")) == [("MOD014", "medium")]
    assert found(scan(b"column\nvalue\nother\n", "table.csv")) == []
    assert scan(b"no model at all, only text", "m.pt").complete is False


def test_torchscript() -> None:
    code = "def forward(self):\n  x = torch.from_file('/etc/passwd')\n"
    members = {"m/data.pkl": CLEAN, "m/code/__torch__/a.py": code.encode(), "m/version": b"3"}
    assert found(scan(zipped(members), "m.pt")) == [("MOD017", "high")]
    members["m/code/__torch__/a.py"] = b"def forward(self):\n  return torch.relu(self.x)\n"
    assert found(scan(zipped(members), "m.pt")) == []


def test_a_path_gives_what_its_bytes_give(tmp_path: Path) -> None:
    path = tmp_path / "m.pt"
    path.write_bytes(torch(calling()))
    assert scan_model(path) == scan(path.read_bytes(), "m.pt")


def seven(
    packed: bytes, method: bytes, properties: bytes, sizes: list[int], names: list[str]
) -> bytes:
    """A 7z archive of one folder, whose header is not packed."""
    attributes = bytes([len(properties)]) + properties if properties else b""
    coder = bytes([len(method) | (32 if properties else 0)]) + method + attributes
    total = sum(sizes).to_bytes(4, "little")
    header = b"\x01\x04\x06\x00\x01\x09" + b"\xe0" + len(packed).to_bytes(3, "little") + b"\x00"
    header += b"\x07\x0b\x01\x00\x01" + coder + b"\x0c\xf0" + total + b"\x00"
    header += b"\x08\x0d" + bytes([len(sizes)]) + b"\x09"
    header += b"".join(b"\xf0" + size.to_bytes(4, "little") for size in sizes[:-1]) + b"\x00\x00"
    text = "".join(f"{name}\0" for name in names).encode("utf-16-le")
    header += (
        b"\x05" + bytes([len(names)]) + b"\x11" + b"\x80" + bytes([len(text) + 1]) + b"\0" + text
    )
    header += b"\x00\x00"
    start = struct.pack("<QQI", len(packed), len(header), zlib.crc32(header))
    return (
        b"7z\xbc\xaf\x27\x1c\0\4" + struct.pack("<I", zlib.crc32(start)) + start + packed + header
    )


LZMA2 = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
SEVENS = {
    "copy": (lambda data: data, b"\x00", b""),
    "lzma2": (lambda data: lzma.compress(data, lzma.FORMAT_RAW, filters=LZMA2), b"\x21", b"\x10"),
    "deflate": (lambda data: zlib.compress(data)[2:-4], b"\x04\x01\x08", b""),
    "bzip2": (bz2.compress, b"\x04\x02\x02", b""),
    "lzma": (lambda data: lzma.compress(data, lzma.FORMAT_ALONE)[13:], b"\x03\x01\x01",
             b"\x5d\x00\x00\x80\x00"),
}  # fmt: skip


@pytest.mark.parametrize("how", SEVENS)
def test_7z(how: str) -> None:
    pack: Any
    pack, method, properties = SEVENS[how]
    parts = [CLEAN, b"x" * 300_000, calling()]
    names = ["a.pkl", "b.txt", "../evil.pkl"]
    sizes = [len(part) for part in parts]
    data = seven(pack(b"".join(parts)), method, properties, sizes, names)
    result = scan(data, "m.7z")
    assert [(i.rule.id, i.member) for i in result.issues] == [
        ("MOD001", "../evil.pkl"),
        ("MOD006", ""),
    ]
    assert (result.format, result.members, result.complete) == ("7z", 3, True)


def test_7z_that_cannot_be_read() -> None:
    unknown = seven(b"x" * 50, b"\x03\x04\x01", b"", [50], ["a.pkl"])
    assert scan(unknown, "m.7z").notes == ("a.pkl is packed by method 030401: not inspected",)
    locked = seven(b"x" * 50, b"\x06\xf1\x07\x01", b"\x13", [50], ["a.pkl"])
    assert scan(locked, "m.7z").notes == ("a.pkl is encrypted: not inspected",)
    for cut in range(8, len(unknown), 3):
        assert scan(unknown[:cut], "m.7z").complete is False
