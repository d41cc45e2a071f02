"""Model files made at run time; what they would call is never called, for nothing loads them."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

from llmsec_nb.models import ModelScan, scan_bytes

COMMAND = "echo owned"


def text(value: str) -> bytes:
    """SHORT_BINUNICODE."""
    raw = value.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def named(module: str, name: str) -> bytes:
    """A global by STACK_GLOBAL."""
    return text(module) + text(name) + b"\x93"


def calling(module: str = "os", name: str = "system", argument: str = COMMAND) -> bytes:
    """A pickle of protocol 4 that calls a function with one text."""
    return b"\x80\x04" + named(module, name) + text(argument) + b"\x85R."


def framed(body: bytes, length: int | None = None) -> bytes:
    """A pickle of protocol 4 whose frame is as long as its body, or says another length."""
    size = len(body) if length is None else length
    return b"\x80\x04\x95" + struct.pack("<Q", size) + body


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive, the same bytes at any time: its bytes also name test cases."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            archive.writestr(entry, data)
    return out.getvalue()


def varint(value: int) -> bytes:
    """A number as protocol buffers write it."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, body: bytes | str) -> bytes:
    """A field of bytes of a protocol buffer."""
    raw = body.encode() if isinstance(body, str) else body
    return varint(number << 3 | 2) + varint(len(raw)) + raw


def found(scan: ModelScan) -> list[tuple[str, str]]:
    """Ids and severities, the worst first."""
    return [(issue.rule.id, issue.severity.value) for issue in scan.issues]


def scan(data: bytes, name: str = "model.pkl", **more: Any) -> ModelScan:
    """Scan bytes, as a pickle if no name is given."""
    return scan_bytes(data, name, **more)


def hdf5(body: bytes, version: int = 2) -> bytes:
    """A file that begins as HDF5 does: a superblock, and the root object that it leads to."""
    magic = b"\x89HDF\r\n\x1a\n"
    if version == 0:
        flags = bytes(5) + b"\x08\x08\0" + struct.pack("<HHI", 4, 16, 0)
        undefined, at = (1 << 64) - 1, 96
        places = struct.pack("<QQQQQQ", 0, undefined, at + 16 + len(body), undefined, 0, at)
        head = magic + flags + places + bytes(24)
        return head + b"\x01\x00\x01\x00" + bytes(12) + body
    places = struct.pack("<QQQQ", 0, (1 << 64) - 1, 48 + 12 + len(body), 48)
    return magic + b"\x02\x08\x08\0" + places + bytes(4) + b"OHDR\x02\0" + bytes(6) + body
