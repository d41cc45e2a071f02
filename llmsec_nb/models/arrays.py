"""Arrays of numpy: as joblib writes them between the opcodes of a pickle, and as .npy files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .machine import Broken
from .values import Global, Made

if TYPE_CHECKING:
    from .source import Stream

MAGIC: Final = b"\x93NUMPY"
_CODE: Final = re.compile(r"[<>=|]?([biufcmMOSaUV])(\d{1,9})(?:\[.{1,20}\])?")
"""How numpy itself writes a dtype: letters alone mean other sizes on other systems."""
_FLEXIBLE: Final = frozenset("SaUV")
_HEADER_KEYS: Final = (b"descr", b"fortran_order", b"shape")
_VERSIONS: Final = (1, 2, 3)
_OBJECTS: Final = re.compile(rb"['\"][<>=|]?(?:O\d?|object_?)['\"]")
_PERHAPS: Final = re.compile(rb"O|object|\\")
_HEADER: Final = 1 << 16
_DEEP: Final = 8
_FIELDS: Final = 1000
_DIMENSIONS: Final = 64


def is_wrapper(value: Any) -> bool:
    """Whether joblib puts the data of an array behind this object."""
    if not isinstance(value, Made) or not isinstance(value.maker, Global):
        return False
    module = value.maker.module
    return value.maker.name == "NumpyArrayWrapper" and module.startswith("joblib.numpy_pickle")


def elements(state: Any) -> tuple[int, bool, bool]:
    """Of a wrapper's state: bytes of the data, whether they are objects, and are aligned."""
    if not isinstance(state, dict):
        raise Broken("an array of joblib without a state")
    shape = state.get("shape")
    if not isinstance(shape, tuple) or len(shape) > _DIMENSIONS:
        raise Broken("an array of joblib without a shape")
    count = 1
    for length in shape:
        if not isinstance(length, int) or length < 0:
            raise Broken("an array of joblib with an odd shape")
        count *= length
    size, objects = _item(state.get("dtype"), 0, [_FIELDS])
    return count * size, objects, state.get("numpy_array_alignment_bytes") is not None


def _item(dtype: Any, deep: int, left: list[int]) -> tuple[int, bool]:
    """Bytes of one element, and whether it refers to objects; `left` fields may be looked at."""
    left[0] -= 1
    if left[0] < 0:
        raise Broken("an array of joblib with too many fields")
    if not isinstance(dtype, Made) or deep > _DEEP or not isinstance(dtype.arguments, tuple):
        raise Broken("an array of joblib with an odd dtype")
    maker = dtype.maker
    if not isinstance(maker, Global) or maker.module.partition(".")[0] != "numpy":
        raise Broken("an array of joblib with an odd dtype")
    if maker.module == "numpy.dtypes":
        return 0, True
    code = dtype.arguments[0] if dtype.arguments else None
    match = _CODE.fullmatch(code) if isinstance(code, str) else None
    if match is None:
        raise Broken("an array of joblib with an odd dtype")
    state = dtype.state if isinstance(dtype.state, tuple) else ()
    size = int(match[2]) * (4 if match[1] == "U" else 1)
    if match[1] in _FLEXIBLE and len(state) > 5 and isinstance(state[5], int) and state[5] > 0:
        size = state[5]
    return size, match[1] == "O" or _refers(state, deep, left)


def _refers(state: tuple[Any, ...], deep: int, left: list[int]) -> bool:
    flags = state[7] if len(state) > 7 else 0
    if isinstance(flags, int) and flags & 1:
        return True
    parts = []
    if len(state) > 2 and isinstance(state[2], tuple):
        parts.append(state[2])
    if len(state) > 4 and isinstance(state[4], dict):
        parts += state[4].values()
    return any(
        _item(part[0], deep + 1, left)[1] for part in parts if isinstance(part, tuple) and part
    )


def skip_alignment(stream: Stream) -> None:
    """Pass the bytes by which joblib aligns an array: a length, and as many."""
    length = stream.take(1)[0]
    if length:
        stream.skip(length)


def npy_header(stream: Stream) -> tuple[bool, bool]:
    """Read the header of a .npy file: whether a pickle follows it for sure, and whether perhaps."""
    head = stream.take(8)
    if head[:6] != MAGIC or head[6] not in _VERSIONS:
        raise Broken("no .npy file of a version that numpy reads")
    size = int.from_bytes(stream.take(2 if head[6] == 1 else 4), "little")
    if size > _HEADER:
        raise Broken("the header of the .npy file is longer than numpy reads")
    header = stream.take(size)
    if not header.lstrip().startswith(b"{") or not all(key in header for key in _HEADER_KEYS):
        raise Broken("the header of the .npy file does not describe an array: not read")
    return bool(_OBJECTS.search(header)), bool(_PERHAPS.search(header))
