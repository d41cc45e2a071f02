"""States as bytes: MessagePack, with NumPy arrays as typed byte strings, and a version in front."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

State = TypeVar("State")
_ARRAY: Final = 1


def pack(name: str, version: int, state: msgspec.Struct) -> bytes:
    """The canonical bytes of a state whose fields are in canonical form already."""
    return msgspec.msgpack.encode((name, version, state), enc_hook=_encoded)


def unpack(name: str, version: int, data: bytes, kind: type[State]) -> State:
    """What `pack` wrote; fields typed `Any` or NDArray come back as arrays.

    Raises ValueError, in one line, on another detector's state, another version, or damage.
    """
    try:
        head, number, tree = msgspec.msgpack.decode(data, ext_hook=_extended)
        if head != name:
            raise ValueError(f"this is no state of the detector {name}")
        if number != version:
            raise ValueError(f"a state of version {number} of {name}, but {version} is in force")
        return msgspec.convert(tree, kind, dec_hook=_taken)
    except (msgspec.DecodeError, msgspec.ValidationError, TypeError) as error:
        raise ValueError(f"a damaged state of the detector {name}") from error


def _encoded(value: Any) -> Any:
    import numpy as np

    if isinstance(value, np.ndarray):
        head = msgspec.msgpack.encode((value.dtype.str, value.shape))
        size = len(head).to_bytes(2, "little")
        return msgspec.msgpack.Ext(_ARRAY, size + head + np.ascontiguousarray(value).tobytes())
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(type(value).__name__)


def _extended(code: int, data: memoryview) -> Any:
    import numpy as np

    if code != _ARRAY:
        raise ValueError("an unknown extension type")
    size = int.from_bytes(data[:2], "little")
    dtype, shape = msgspec.msgpack.decode(data[2 : 2 + size])
    kind = np.dtype(dtype)
    if kind.kind not in "iufb":
        raise ValueError("an array that holds no numbers")
    return np.frombuffer(bytes(data[2 + size :]), kind).reshape(shape).copy()


def _taken(kind: Any, value: Any) -> Any:
    return value
