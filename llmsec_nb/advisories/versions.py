"""Whether a version is among those that an advisory names: PEP 440, and OSV's way with ranges.

Source: https://ossf.github.io/osv-schema/#evaluation
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packaging.version import Version

    Events = Sequence[tuple[str, str]]

_ORDER: Final = {"introduced": 0, "fixed": 1, "last_affected": 2}
_SEPARATORS: Final = lazy(r"[-_.]+")
_LONGEST: Final = 1_000
"""Characters. No version is longer; of a number of many more digits Python makes none."""


class Bounds(NamedTuple):
    """Versions from `low` up to `high`, itself among them if `is_closed`; empty is without end."""

    low: str = ""
    high: str = ""
    is_closed: bool = False


def normalized(name: str) -> str:
    """The name as an index knows it: PEP 503."""
    return _SEPARATORS.sub("-", name).lower()


@lru_cache(maxsize=200_000)
def parsed(version: str) -> Version | None:
    """The version; None for what PEP 440 does not know, and for what nobody would compare."""
    from packaging.version import Version

    if len(version) > _LONGEST:
        return None
    try:
        return Version(version)
    except ValueError:  # an InvalidVersion is one
        return None


@lru_cache(maxsize=200_000)
def canonical(version: str) -> str:
    """The one text of all texts that mean the same version; as it is, where nobody can say."""
    own = parsed(version)
    if own is None:
        return " ".join(version.split())
    release = list(own.release)
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    text = f"{own.epoch}!" if own.epoch else ""
    text += ".".join(map(str, release))
    text += "".join(map(str, own.pre)) if own.pre else ""
    text += f".post{own.post}" if own.post is not None else ""
    text += f".dev{own.dev}" if own.dev is not None else ""
    return text + (f"+{own.local}" if own.local else "")


def public(version: str) -> str:
    """The version without the mark of who built it: `2.1.0` of `2.1.0+cu118`."""
    return version.partition("+")[0]


def is_within(version: str, events: Events) -> bool:
    """Whether the events of one range have a version between them."""
    own = parsed(public(version))
    if own is None or _is_beyond(own, events):
        return False
    known: list[tuple[Version | None, int, str]] = []
    for kind, text in events:
        if kind not in _ORDER:
            continue
        place = None if kind == "introduced" and text == "0" else parsed(text)
        if place is None and not (kind == "introduced" and text == "0"):
            return False  # an event that cannot be compared: only the list can tell
        known.append((place, _ORDER[kind], kind))
    known.sort(key=lambda event: (event[0] is not None, event[0] or own, event[1]))
    within = False
    for place, _, kind in known:
        if kind == "introduced" and (place is None or own >= place):
            within = True
        elif place is not None and (
            (kind == "fixed" and own >= place) or (kind == "last_affected" and own > place)
        ):
            within = False
    return within


def _is_beyond(own: Version, events: Events) -> bool:
    """Whether a version is at none of the limits that a range has, or above."""
    limits = [text for kind, text in events if kind == "limit"]
    known = [parsed(text) for text in limits if text != "*"]
    is_above = all(limit is not None and own >= limit for limit in known)
    return bool(known) and len(known) == len(limits) and is_above


def fixed_beyond(events: Events, bounds: Bounds) -> str | None:
    """What mends a range that holds all versions within bounds; empty if nothing does.

    None: one of them may lie outside of it.
    """
    order: list[tuple[Version | None, int, str, str]] = []
    for kind, text in events:
        place = None if kind == "introduced" and text == "0" else parsed(text)
        if kind not in _ORDER or (place is None and text != "0"):
            return None
        order.append((place, _ORDER[kind], kind, text))
    low, high = parsed(bounds.low), parsed(bounds.high)
    anchor = low or high or parsed("0")
    order.sort(key=lambda event: (event[0] is not None, event[0] or anchor, event[1]))
    is_in = False
    for place, _, kind, text in order:
        if kind == "introduced":
            is_in = is_in or place is None or (low is not None and low >= place)
        elif is_in and place is not None:
            ends = high is not None and (place > high or (place == high and not bounds.is_closed))
            if ends and kind == "fixed":
                return text
            if high is not None and kind == "last_affected" and place >= high:
                return ""
            is_in = False
    return "" if is_in else None


def is_affected(version: str, versions: str, ranges: Iterable[Events]) -> bool:
    """In the list, or in a range. `versions` are canonical, each between line feeds."""
    if versions:
        for text in {canonical(version), canonical(public(version))}:
            if f"\n{text}\n" in versions:
                return True
    return any(is_within(version, events) for events in ranges)


def affects_all(versions: str, ranges: Sequence[Events]) -> bool:
    """Whether no version is left out."""
    if not ranges:
        return not versions
    return any(
        [kind for kind, _ in events] == ["introduced"] and events[0][1] == "0" for events in ranges
    )


def fixed_in(version: str, ranges: Iterable[Events]) -> str:
    """The lowest version above this one that mends it; empty if there is none."""
    own = parsed(public(version)) if version else None
    found: list[tuple[Version, str]] = []
    for events in ranges:
        for kind, text in events:
            place = parsed(text) if kind == "fixed" else None
            if place is not None and (own is None or place > own):
                found.append((place, text))
    return min(found)[1] if found else ""
