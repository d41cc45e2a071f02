"""One walk over a text that finds all kinds of numbers by their shapes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from ....core.lazy import lazy
from ..recognizer import Window
from .numbered import BLANKS, DASHES, SHAPE, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..recognizer import Hit, Scene
    from .numbered import Numbered

_ATOM: Final = lazy(
    rf"(?<![\w.+/#$@{DASHES}-])[A-Za-z0-9]{{1,40}}+(?:[./{DASHES}-][A-Za-z0-9]{{1,16}}+){{0,6}}+"
    rf"(?:\([0-9A-Za-z]\))?(?![\w/#@]|[.{DASHES}-]\w)"
)
_LONGEST: Final = 160
_MANY_SHAPES: Final = 8
_BEHIND: Final = 24
_SEARCH: Final = lazy(
    r"(?<![\w.+/#$@-])(?:(?:[A-Za-z]{1,6}+[ -]?+)?+[0-9](?:[ ./()\u2010-\u2013-]?[0-9]){5,60}+"
    r"|(?=[A-Z]{1,8}[0-9]|[0-9]{1,8}[A-Z])[A-Z0-9]{7,18}+(?![\w/#@])"
    r"|[A-Z]{2}[ -][0-9]{2}[ -][0-9]|[0-9][A-Z][A-Z0-9][0-9][ -][A-Z])"
)
"""Six digits close together, or capitals and digits in one word."""
_SEARCH_GATE: Final = (
    "|".join(f"[A-Z]{{{count}}}[0-9][A-Z0-9]{{{max(0, 6 - count)},}}" for count in range(1, 9))
    + r"|[0-9]{1,8}[A-Z][A-Z0-9]{5,}|[A-Z]{2}[ -][0-9]{2}[ -][0-9]|[0-9][A-Z][A-Z0-9][0-9][ -][A-Z]"
)
_LETTERS: Final = lazy(r"[^\W\d_]+")
_CAMEL: Final = lazy(r"([a-z])([A-Z])")
_NEAR: Final = 64


class Walk:
    """Finds several kinds at once; each hit names its own."""

    entity = ""
    words: tuple[str, ...] = ()
    digits = 0
    rank = 0
    gate = _SEARCH_GATE

    def __init__(self, kinds: tuple[Numbered, ...]) -> None:
        """Sort the shapes."""
        self.rule = kinds[0].rule
        self.signs = tuple(dict.fromkeys(literal for kind in kinds for literal in kind.literals))
        self._exact: dict[str, list[Shape]] = {}
        self._loose: dict[str, list[Shape]] = {}
        for kind in kinds:
            for mask, alone in kind.masks.items():
                self._add(mask, Shape(kind, alone))
        self._heads = {
            " ".join(parts[:count])
            for shape in self._exact
            if len(parts := shape.split(" ")) > 1
            for count in range(1, len(parts))
        }

    def _add(self, mask: str, shape: Shape) -> None:
        if mask.count("X") > _MANY_SHAPES:
            self._loose.setdefault(_skeleton(mask), []).append(shape)
            return
        choices = ("9A" if char == "X" else char for char in mask)
        for chosen in product(*choices):
            self._exact.setdefault("".join(chosen), []).append(shape)

    def shapes(self, shape: str) -> list[Shape]:
        """What may be written in this shape."""
        exact = self._exact.get(shape, [])
        loose = self._loose.get(_skeleton(shape)) if "9" in shape else None
        return [*exact, *loose] if loose else exact

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        content = scene.content
        for found in _ATOM.finditer(content, start, end + _LONGEST):
            first, last = found.span()
            if first >= end:
                return
            shape = found[0].translate(SHAPE)
            if "9" in shape:
                yield from self._at(scene, shape, first, last)
            if shape not in self._heads or _follows_number(content, first):
                continue
            while shape in self._heads and content[last : last + 1] in BLANKS:
                following = _ATOM.match(content, last + 1, last + _LONGEST)
                if following is None:
                    break
                last = following.end()
                shape += f" {following[0].translate(SHAPE)}"
                yield from self._at(scene, shape, first, last)

    def search(self, content: str) -> Iterator[Window]:
        """Where digits stand close together, or capitals and digits in one word."""
        return (Window(*found.span(), found.start()) for found in _SEARCH.finditer(content))

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Nothing: the kinds are asked themselves."""

    def _at(self, scene: Scene, shape: str, first: int, last: int) -> list[Hit]:
        shapes = self.shapes(shape)
        if not shapes or (" " in shape and _leads_number(scene.content, last)):
            return []
        near = _words_near(scene, first, last)
        hits = (
            entry.kind.at(entry, scene, first, last, near)
            for entry in shapes
            if near or entry.alone is not None
        )
        return [hit for hit in hits if hit is not None]


def _words_near(scene: Scene, start: int, end: int) -> set[str]:
    """Words around a span and those of its header, in lower case, parts of names each."""
    content = scene.content
    near = f"{content[max(0, start - _NEAR) : start]} {content[end : end + _BEHIND]} {scene.header}"
    words: set[str] = set()
    for word in _LETTERS.findall(near):
        words.add(word.lower())
        if not (word.islower() or word.isupper() or word.istitle()):
            words.update(_CAMEL.sub(r"\1 \2", word).lower().split())
    return words


def _skeleton(mask: str) -> str:
    return mask.replace("A", "9").replace("X", "9")


def _follows_number(content: str, start: int) -> bool:
    """Whether a group of digits stands in a row of numbers, not at its beginning."""
    before = content[max(0, start - 2) : start]
    return (
        len(before) > 1
        and before[1] in BLANKS
        and before[0].isdecimal()
        and content[start].isdecimal()
    )


def _leads_number(content: str, end: int) -> bool:
    """Whether a row of numbers goes on behind a group of digits."""
    after = content[end : end + 2]
    return (
        len(after) > 1
        and after[0] in BLANKS
        and after[1].isdecimal()
        and content[end - 1].isdecimal()
    )
