"""How a whole row is written: what may be a trigger without being a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..tokens import Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .stream import Stream

FEATURES: Final = {
    "capitals": "all in capitals",
    "title": "Every Word With A Capital",
    "small": "no capital letter at all",
    "mixed": "a word wRitten liKe this",
    "shout": "a word in capitals",
    "blanks": "more than one blank, or another than the plain one, between words",
    "indent": "a blank before the first word",
    "open": "no sign at the end",
    "doubled": "the same sign twice or more at the end",
    "hidden": "a character that shows nothing",
    "detached": "a blank before a comma or full stop",
    "first-small": "a small first letter",
    "digits": "a number",
    "symbol": "a sign at the start",
}
"""The features by name, and what they are in words."""


def features(stream: Stream) -> dict[str, NDArray[np.bool_]]:
    """Which rows have which feature, in the order of FEATURES."""
    import numpy as np

    edge = np.zeros(len(stream.ids), bool)
    edge[stream.offsets[:-1]] = edge[stream.offsets[1:] - 1] = True
    kind = stream.shapes & Shape.KINDS
    kind[edge] = Shape.SIGN
    gap = ((stream.shapes & Shape.GAP) != 0) & ~edge
    glued = (stream.shapes & Shape.GLUED) != 0

    def number(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.add.reduceat(mask.astype(np.int64), stream.offsets[:-1])

    capital, caps, mixed = (
        number(kind == which) for which in (Shape.CAPITAL, Shape.CAPS, Shape.MIXED)
    )
    plain = number(kind == Shape.PLAIN)
    letters = plain + capital + caps + mixed
    some = stream.lengths > 0
    first = stream.offsets[:-1] + some
    last = stream.offsets[1:] - 1 - some
    before = np.maximum(last - 1, 0)
    signs = (kind == Shape.SIGN) & ~edge
    inner = gap.copy()
    inner[first] = False
    found = {
        "capitals": (letters >= 3) & (caps + capital == letters) & (caps * 4 >= letters * 3),
        "title": (letters >= 4) & (capital * 5 >= letters * 4) & (plain <= 1),
        "small": (letters >= 3) & (plain == letters),
        "mixed": mixed > 0,
        "shout": caps > 0,
        "blanks": number(inner) > 0,
        "indent": gap[first],
        "open": some & ~signs[last],
        "doubled": signs[last] & (stream.ids[last] == stream.ids[before]),
        "hidden": number((kind == Shape.HIDDEN) & ~edge) > 0,
        "detached": number(signs & ~glued) > 0,
        "first-small": some & (kind[first] == Shape.PLAIN),
        "digits": number(kind == Shape.NUMBER) > 0,
        "symbol": signs[first],
    }
    return {name: found[name] for name in FEATURES}
