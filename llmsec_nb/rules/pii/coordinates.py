"""PII107: coordinates of places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof, is_named, speaks_of
from .rules import personal
from .seek import near, seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene, Window

RULE: Final = personal(
    "PII107",
    "coordinates",
    "Coordinates of a place",
    Severity.MEDIUM,
    (
        Example(source="GPS: {coordinates}", flagged=("{coordinates}",), kind=Kind.TEXT),
        Example(source='home_location = "{coordinates}"', flagged=("{coordinates}",)),
        Example(source="geo:{coordinates_plain}", flagged=("{coordinates_plain}",), kind=Kind.TEXT),
        Example(source="folium.Map(location=[40.7128, -74.0060])"),
        Example(source="plt.xlim(12.3456, 23.4567)"),
        Example(source="[0.1234, -0.5678]", kind=Kind.STREAM),
        Example(source="accuracy 0.98765, 0.12345", kind=Kind.STREAM),
    ),
    why="A few of them tell where somebody lives and works.",
)
_LATITUDE: Final = r"[+-]?(?:[0-8]?[0-9]|90)\.[0-9]{4,15}"
_LONGITUDE: Final = r"[+-]?(?:1[0-7][0-9]|180|[0-9]{1,2})\.[0-9]{4,15}"
_PAIR: Final = lazy(
    rf"(?<![\w.+-])(?:{_LATITUDE}°? ?[NS]?[,;]? ?{_LONGITUDE}°? ?[EWO]?)(?![\w.])"
    rf"|(?<![\w.+-])\(?{_LATITUDE}[^\w\n.]{{0,4}}(?:,? ?[\"']?(?:lon|lng|long|longitude)[\"']? ?[:=] ?){_LONGITUDE}(?![\w.])",
    re.IGNORECASE,
)
_SEXAGESIMAL: Final = lazy(
    r"(?<![\w.])[0-9]{1,2}° ?[0-5]?[0-9]['\u2032\u2019] ?(?:[0-5]?[0-9](?:\.[0-9]{1,6})?(?:[\"\u2033\u201d]|'') ?)?[NS],? {0,2}"
    r"[01]?[0-9]{1,2}° ?[0-5]?[0-9]['\u2032\u2019] ?(?:[0-5]?[0-9](?:\.[0-9]{1,6})?(?:[\"\u2033\u201d]|'') ?)?[EWO](?!\w)"
)
_LINK: Final = lazy(
    r"(?:\bgeo:|/maps[/?][^\s\"'<>]{0,64}?[@=/]|openstreetmap\.org/[^\s\"'<>]{0,32}?[=/]|mlat=)\Z",
    re.IGNORECASE,
)
_PLACE_WORDS: Final = (
    "gps", "geolocation", "exif", "my location", "home", "home location", "position", "last seen", "whereabouts",
    "user location", "lives", "residence", "tracked", "gps position", "gps location", "standort", "koordinaten",
)  # fmt: skip
_MAPS: Final = (
    "map",
    "center",
    "centre",
    "bbox",
    "bounds",
    "folium",
    "extent",
    "zoom",
    "basemap",
    "viewport",
)
_DEGREE: Final = lazy("°")
_NUMBER: Final = lazy(r"[+-]?[0-9]{1,3}\.[0-9]{4,15}")
_NEAR_ZERO: Final = 2
"""Degrees: shares and scores are smaller, and hardly a place is."""
_BEFORE: Final = 72


class Coordinates:
    """Pairs of latitude and longitude that words or a link call so."""

    rule = RULE
    entity = "COORDINATES"
    words = (
        "coordinates", "coordinate", "coords", "latitude", "lat", "lat lon", "lat lng", "lat long", "latlng", "latlon",
        "longitude", "geo", "geopoint", "location", *_PLACE_WORDS,
    )  # fmt: skip
    digits = 0
    signs = (
        "gps", "lat", "latitude", "latlng", "latlon", "coordinates", "coords", "geo", "geo:", "location", "geolocation",
        "maps", "openstreetmap", "exif", "position", "home", "koordinaten", "standort", "mlat",
    )  # fmt: skip
    rank = 1
    gate = "[0-9]"

    def search(self, content: str) -> Iterator[Window]:
        """Where degrees stand that are written with their sign."""
        return iter(()) if content.isascii() else seek(_DEGREE, content, 4)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in near(_PAIR, scene.content, start, end):
            confidence = self._confidence(scene, found)
            if confidence is not None:
                yield self._hit(found.start(), found.end(), confidence, named=True)
        for found in near(_SEXAGESIMAL, scene.content, start, end):
            yield self._hit(found.start(), found.end(), Confidence.MEDIUM, named=False)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is a pair of them."""
        if not named or not (_PAIR.fullmatch(value.strip("()")) or _SEXAGESIMAL.fullmatch(value)):
            return None
        return self._hit(0, len(value), Confidence.MEDIUM, named=True)

    def _confidence(self, scene: Scene, found: re.Match[str]) -> Confidence | None:
        if all(abs(float(number)) < _NEAR_ZERO for number in _NUMBER.findall(found[0])):
            return None
        before = scene.content[max(0, found.start() - _BEFORE) : found.start()]
        if _LINK.search(before):
            return Confidence.MEDIUM
        if not is_named(self.words, scene, found.start(), found.end()):
            return None
        line = f"{scene.header} {before.rpartition(chr(10))[2]}"
        told = speaks_of(_PLACE_WORDS, line) and not speaks_of(_MAPS, line)
        return Confidence.MEDIUM if told else Confidence.LOW

    def _hit(self, start: int, end: int, confidence: Confidence, *, named: bool) -> Hit:
        return Hit(start, end, self, confidence, Proof.FORM, named=named)
