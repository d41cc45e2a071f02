"""What a run of detectors gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...core.dataset import Coverage
    from ...core.problem import Failure, Skip
    from ..detector import Conclusion, Span, Suspect


@dataclass(kw_only=True)
class Ran:
    """All that the detectors have to say of one data set. Raw: memory only.

    `rows`: so many were read. `complete`: all of them, by all passes. `conclusions` by name of the
    detector, of those that ran to the end. `located`: the suspects in the order of detectors with
    their rows (int64, sorted, each once). `samples`, by place in `located`: the lowest rows, and
    their texts by column, cut to 2,000 characters around the marks; `marks` are parallel to them.
    `states`: the packed states of the first pass, if all rows were read.
    """

    rows: int = 0
    complete: bool = True
    conclusions: dict[str, Conclusion] = field(default_factory=dict)
    coverage: tuple[Coverage, ...] = ()
    located: list[tuple[Suspect, NDArray[np.int64]]] = field(default_factory=list)
    samples: dict[int, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    marks: dict[int, list[list[Span]]] = field(default_factory=dict)
    states: dict[str, bytes] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
