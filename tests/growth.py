"""Time as it grows with the text, in ratios: the machines that run the tests are noisy."""

import gc
import time
from collections.abc import Callable

_FLOOR = 0.02  # seconds: what is shorter is noise


def grows_within(factor: float, work: Callable[[str], object], short: str, long: str) -> bool:
    """Whether ``work`` takes for the long text at most ``factor`` times as long, once in five tries."""
    return any(_seconds(work, long) <= factor * _seconds(work, short) for _ in range(5))


def _seconds(work: Callable[[str], object], text: str) -> float:
    # The collector walks all that thousands of other tests have left in this process: it rests.
    gc.disable()
    try:
        start = time.process_time()
        work(text)
        return max(_FLOOR, time.process_time() - start)
    finally:
        gc.enable()
