"""Pictures decoded: small and always of the same form."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ...core.detector import NotInstalled
from .containers import built
from .looks import PIXELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ..rows import Rows

SIDE: Final = 256
"""Larger pictures are reduced by a whole number, so that no side is longer than twice this."""
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
_GRID: Final = 32
_LOW: Final = 8
_SMALL: Final = 32
_FLAT: Final = 6.0


@dataclass(frozen=True, slots=True)
class Picture:
    """`colours`: height x width x 3 (uint8), reduced. `small` is true of one below 32 pixels."""

    colours: NDArray[np.uint8]
    small: bool


def demand() -> None:
    """Raises NotInstalled without Pillow."""
    try:
        import numpy  # noqa: F401, ICN001 # only whether it is there
        import PIL  # noqa: F401 # only whether it is there
    except ImportError as error:
        raise NotInstalled(
            "pictures are read by Pillow, which is not installed: pip install 'llmsec-nb[images]'"
        ) from error


def pictures_of(rows: Rows) -> Iterator[tuple[int, bytes | None]]:
    """The bytes of the pictures of a batch by row, None where there are none."""
    import pyarrow as pa

    values = rows.column(rows.roles.image)
    types = pa.types
    if values is None or not (types.is_binary(values.type) or types.is_large_binary(values.type)):
        return
    for row, value in enumerate(values):
        yield row, value.as_py()


def decoded(data: bytes) -> Picture | None:
    """The first frame of a picture; None if it cannot be decoded to its end, or is too large."""
    import numpy as np
    from PIL import Image

    found = built(data)
    if found is None or not 0 < found.size[0] * found.size[1] <= PIXELS:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS:
                return None
            image.load()
            factor = max(1, max(image.size) // SIDE)
            small = min(image.size) < _SMALL
            made: Any = image.convert("RGB") if image.mode != "RGB" else image
            colours = np.asarray(made.reduce(factor) if factor > 1 else made)
    except Exception:  # noqa: BLE001 # decoders raise anything on malice: then it has no pixels
        return None
    return Picture(colours, small)


def look_hash(picture: Picture) -> int:
    """64 bits of how a picture looks, that scaling and saving anew hardly change; 0 for none.

    Signs of the lowest frequencies of a cosine transform of 32 x 32 grey pixels. None is given of
    pictures that are small or flat: they look alike by nature.
    """
    import numpy as np
    from PIL import Image

    if picture.small:
        return 0
    grey: Any = Image.fromarray(picture.colours).convert("L").resize((_GRID, _GRID))
    values = np.asarray(grey, np.float64)
    if float(values.std()) < _FLAT:
        return 0
    basis = _basis()
    low = (basis @ values @ basis.T).ravel()
    signs = low > np.median(low)
    return int.from_bytes(np.packbits(signs).tobytes(), "little")


def _basis() -> NDArray[np.float64]:
    """The lowest frequencies of the cosine transform (DCT-II) without the mean: 8 x 32."""
    import numpy as np

    steps = np.pi / _GRID * (np.arange(_GRID) + 0.5)
    return np.cos(np.arange(1, _LOW + 1)[:, None] * steps)


def thumbnail(picture: Picture, side: int) -> NDArray[np.int64]:
    """Grey means of `side` x `side` parts, flat."""
    import numpy as np

    grey = picture.colours.mean(axis=2)
    return np.rint(_pooled(grey, side)).astype(np.int64).ravel()


def _pooled(grey: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    import numpy as np

    sums = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1))
    sums[1:, 1:] = grey.cumsum(axis=0).cumsum(axis=1)
    rows, columns = (_cuts(length, side) for length in grey.shape)
    upper, lower = rows
    left, right = columns
    area = (lower - upper)[:, None] * (right - left)[None, :]
    parts = sums[lower][:, right] - sums[upper][:, right] - sums[lower][:, left]
    found: NDArray[np.float64] = (parts + sums[upper][:, left]) / area
    return found


def _cuts(length: int, side: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each part begins and ends, at least one pixel wide."""
    import numpy as np

    starts = np.arange(side) * length // side
    return starts, np.maximum(starts + 1, (np.arange(side) + 1) * length // side)
