"""Pieces of pictures as hashes of where they are and how they roughly look.

A block is some cells wide and high; of each cell counts the mean brightness, of the whole block the
tint, in steps so coarse that saving as JPEG mostly keeps them, once from 0 and once from half a
step on. Its place counts from a
corner, so that pictures of several sizes have it in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..features.values import mixed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .pixels import Picture

_STEP: Final = 0x9E3779B97F4A7C15
_HASH: Final = 43
_EDGE: Final = 24.0
_TINT: Final = 64.0


class Scale(NamedTuple):
    """`cell`: pixels of a cell; `wide`: cells of a block; `reach`: pixels from a corner, 0: all.

    `step` is how coarse colours are; `corners`: from how many corners places are counted.
    """

    cell: int
    wide: int
    reach: int
    step: int
    corners: int


class Place(NamedTuple):
    """Where a block is: pixels from a corner (0 and 1 above, 2 and 3 below), and its side."""

    corner: int
    top: int
    left: int
    side: int


_SCALES: Final = (
    Scale(1, 3, 0, 64, 1),
    Scale(2, 2, 0, 32, 1),
    Scale(2, 2, 24, 32, 4),
    Scale(4, 2, 48, 32, 4),
    Scale(8, 2, 0, 32, 1),
    Scale(4, 2, 0, 32, 1),
)
_BY_SIDE: Final = ((32, (0, 1)), (64, (1, 5)), (1 << 30, (2, 3, 4)))
"""The longest side of a picture, and the scales that are looked at up to it."""


def blocks_of(picture: Picture, seed: int) -> NDArray[np.uint64]:
    """The hashes of the blocks of a picture, each once; of those at which something is to be seen.

    Flat blocks in flat surroundings, such as margins, are left out.
    """
    import numpy as np

    colours = picture.colours
    longest = max(colours.shape[:2])
    scales = next(scales for side, scales in _BY_SIDE if longest <= side)
    return np.unique(np.concatenate([_scaled(colours, at, seed) for at in scales]))


def place_of(key: int) -> Place:
    """Where the block of a hash is."""
    rest = key >> _HASH
    scale = _SCALES[rest >> 18 & 7]
    cell = scale.cell
    return Place(rest >> 16 & 3, (rest >> 8 & 255) * cell, (rest & 255) * cell, scale.wide * cell)


def _scaled(colours: NDArray[np.uint8], at: int, seed: int) -> NDArray[np.uint64]:
    import numpy as np

    scale = _SCALES[at]
    cell, wide = scale.cell, scale.wide
    height, width = (min(side, scale.reach or side) // cell for side in colours.shape[:2])
    height, width = min(height, 255), min(width, 255)
    if height < wide or width < wide:
        return np.zeros(0, np.uint64)
    views = [colours, colours[:, ::-1], colours[::-1], colours[::-1, ::-1]][: scale.corners]
    stack = np.stack([view[: height * cell, : width * cell] for view in views])
    means: Any = stack.reshape(len(views), height, cell, width, cell, 3).mean(axis=(2, 4))
    seen = _is_seen(means, wide)
    corner, top, left = np.nonzero(seen)
    where = (np.uint64(at) << np.uint64(18)) + corner.astype(np.uint64) * np.uint64(1 << 16)
    where = where + top.astype(np.uint64) * np.uint64(256) + left.astype(np.uint64)
    found = []
    for variant in (0, 1):
        shift = variant / 2
        levels = (means.mean(axis=3) / scale.step + shift).astype(np.uint64)
        tint = np.zeros((len(corner), 2))
        look = np.zeros(len(corner), np.uint64)
        for row in range(wide):
            for column in range(wide):
                at_cell = corner, top + row, left + column
                look = look * np.uint64(_STEP) + levels[at_cell]
                tint += means[at_cell][:, ::2] - means[at_cell][:, 1:2]
        for channel in np.floor(tint / wide**2 / _TINT + (1 + shift) / 2).astype(np.int64).T:
            look = look * np.uint64(_STEP) + channel.astype(np.uint64)
        salted = mixed(look * np.uint64(2) + np.uint64(variant), seed) >> np.uint64(64 - _HASH)
        found.append(where << np.uint64(_HASH) | salted)
    return np.concatenate(found)


def _is_seen(means: NDArray[np.float64], wide: int) -> NDArray[np.bool_]:
    """At which blocks the cells and those around them differ: corners x rows x columns."""
    import numpy as np

    padded = np.pad(means, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    span = wide + 2
    high = low = padded
    for axis in (1, 2):
        length = padded.shape[axis] - span + 1
        parts = [np.arange(start, start + length) for start in range(span)]
        high = np.maximum.reduce([np.take(high, part, axis) for part in parts])
        low = np.minimum.reduce([np.take(low, part, axis) for part in parts])
    seen: NDArray[np.bool_] = (high - low).max(axis=3) >= _EDGE
    return seen
