"""Whether an HDF5 file is one: its superblock, and the object that it leads to.

Source: HDF5 File Format Specification 3.0, II.A and IV.A
(https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .source import Source

MAGIC: Final = b"\x89HDF\r\n\x1a\n"
_FIRST_BLOCK: Final = 512
_SIZES: Final = (2, 4, 8, 16, 32)
"""Bytes of an address, and of a length."""
_LONGEST: Final = 256
_OBJECT: Final = (b"OHDR", b"\x01\x00")
"""How the header of an object begins: of version 2, and of version 1."""


def place(source: Source) -> int:
    """Where the superblock is, in bytes: at the start or behind a block of the user's; or -1."""
    at = 0
    while at < source.size:
        if source.read_at(at, len(MAGIC)) == MAGIC:
            return at
        at = 2 * at or _FIRST_BLOCK
    return -1


def problem(source: Source, at: int = 0) -> str:
    """Why what is in it cannot be known; empty for a file as the library writes it.

    The superblock is `at` bytes from the start.
    """
    head = source.read_at(at, _LONGEST)
    version = head[8] if len(head) > 8 else -1
    if version in {0, 1}:
        sizes, first = head[13:15], 24 + 4 * (version == 1)
        places = (0, 2, 5)  # of addresses: the base, the end, that of the root object
    elif version in {2, 3}:
        sizes, first = head[9:11], 12
        places = (0, 2, 3)
    else:
        return f"version {version} of HDF5 is not known"
    if len(sizes) < 2 or any(size not in _SIZES for size in sizes):
        return "the superblock is not one that HDF5 writes"
    size = sizes[0]
    base, end, root = (
        int.from_bytes(head[first + place * size : first + (place + 1) * size], "little")
        for place in places
    )
    if end > source.size:
        return "it ends before the end that its superblock names"
    if not source.read_at(base + root, 4).startswith(_OBJECT):
        return "the superblock does not lead to an object"
    return ""
