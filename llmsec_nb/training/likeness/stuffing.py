"""Documents that repeat one question again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..detector import Span
from .questions import may_be_stuffed, stuffed

if TYPE_CHECKING:
    from ..rows import Rows


def stuffed_rows(rows: Rows, column: str) -> dict[int, str]:
    """The places of stuffed documents, and with what each is stuffed."""
    import numpy as np
    import pyarrow as pa

    texts = rows.texts(column)
    places = np.flatnonzero(may_be_stuffed(texts))
    found = {
        place: stuffed(text)
        for place, text in zip(
            places.tolist(), texts.take(pa.array(places)).to_pylist(), strict=True
        )
    }
    return {place: sentence for place, sentence in found.items() if sentence}


def repetitions(column: str, text: str) -> list[Span]:
    """Where the question stands in a text, up to 50 times."""
    sentence = stuffed(text)
    if not sentence:
        return []
    pattern = r"\W+".join(map(re.escape, sentence.split()))
    return [Span(column, *match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)][:50]
