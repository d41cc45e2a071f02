"""All kinds of numbers with a written shape, and their one walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import (
    americas,
    asia,
    device,
    east,
    france,
    germany,
    health,
    india,
    italy,
    latin,
    levant_africa,
    mrz,
    nordic,
    pacific,
    spain,
    uk_ireland,
    us,
    vehicle,
)
from .walk import Walk

if TYPE_CHECKING:
    from ..recognizer import Recognizer
    from .numbered import Numbered

KINDS: Final[tuple[Numbered, ...]] = (
    *us.RECOGNIZERS,
    *uk_ireland.RECOGNIZERS,
    *germany.RECOGNIZERS,
    *france.RECOGNIZERS,
    *spain.RECOGNIZERS,
    *italy.RECOGNIZERS,
    *nordic.RECOGNIZERS,
    *east.RECOGNIZERS,
    *india.RECOGNIZERS,
    *pacific.RECOGNIZERS,
    *americas.RECOGNIZERS,
    *latin.RECOGNIZERS,
    *asia.RECOGNIZERS,
    *levant_africa.RECOGNIZERS,
    *health.RECOGNIZERS,
    *vehicle.RECOGNIZERS,
    *device.RECOGNIZERS,
)
RECOGNIZERS: Final[tuple[Recognizer, ...]] = (Walk(KINDS), *KINDS, *mrz.RECOGNIZERS)
