"""What a file is: by its first bytes, and what its name promises."""

from __future__ import annotations

from typing import Final

from . import markup, packed, pickles, rdata, tars, tensors
from .arrays import MAGIC
from .names import words

FOREIGN: Final = words("""
    .safetensors .gguf .onnx .json .txt .md .csv .tsv .png .jpg .jpeg .gif .webp .pdf .html .yaml
    .yml .toml .h5 .hdf5 .keras .pb .tflite .jinja .jinja2 .j2 .py .ipynb .xml .log .parquet .mp3
    .wav .mp4 .svg .ini .cfg .rst .doc .docx .xlsx
""")  # fmt: skip
"""Suffixes under which no pickle belongs."""
_MAGIC: Final = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (MAGIC, "npy"), (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"GGUF", "gguf"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"),
    (b"\x04\x22\x4d\x18", "lz4"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\x89PNG\r\n", "png"),
    (b"\xff\xd8\xff", "jpeg"), (b"%PDF", "pdf"), (b"PAR1", "parquet"), (b"ARROW1", "arrow"),
    (b"\x7fELF", "elf"), (b"MZ", "windows program"), (b"GIF8", "gif"), (b"CBM1", "catboost"),
)  # fmt: skip
PROGRAMS: Final = frozenset({"elf", "windows program"})
RUNNABLE: Final = ".llamafile"
"""A program that carries its model at its end."""
UNREAD: Final = frozenset({"rar", "lz4", "zstd"})
NO_MODEL: Final = frozenset(
    {"png", "jpeg", "pdf", "gif", "elf", "windows program", "parquet", "arrow"}
)


def sniff(head: bytes, size: int) -> str:
    """The format that the first bytes say, or nothing. `size` is -1 where it is not known."""
    known = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    known = known or packed.sniff(head) or ("tflite" if head[4:8] == b"TFL3" else "")
    if known:
        return known
    if tars.is_header(head[:512]):
        return "tar"
    if tensors.is_safetensors(head, size if size >= 0 else len(head)):
        return "safetensors"
    if pickles.looks_like(head):
        return "pickle"
    if rdata.HEAD.match(head):
        return "r data"
    return markup.kind(head)


def is_text(head: bytes) -> bool:
    """Whether a file that starts so is one for people to read."""
    return b"\0" not in head and not head.translate(None, _PRINTED)


_PRINTED: Final = bytes([*b"\t\n\r\f\x1b", *range(32, 127), *range(128, 256)])
