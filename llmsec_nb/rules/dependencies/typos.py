"""Names that are nearly those of much used packages.

What is looked for are the tricks of known attacks: a letter left out, doubled, swapped or replaced,
separators moved, words or syllables in another order, `python` put before or behind. Sources: Vu et al.,
"Typosquatting and combosquatting attacks on the Python ecosystem" (EuroS&PW 2020).
"""

from __future__ import annotations

import string
from functools import cache
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .known import IMPORTS, TRAPS, exists, ranks

if TYPE_CHECKING:
    from collections.abc import Iterator

_MUCH: Final = 5_000
"""Of the most downloaded names, those that it pays to imitate."""
_FAMOUS: Final = 1_500
"""Those that a name is measured by that is taken on PyPI, mostly in good faith, or is short."""
_SHORTEST: Final = 5
"""Shorter names are all near each other."""
_TWO_STEPS: Final = 8
"""From this length on, two letters may differ."""
_CALLED: Final = frozenset(name for name in (*IMPORTS, *TRAPS) if len(name) >= _SHORTEST)
"""Names that people take for those of famous projects."""
_LETTERS: Final = string.ascii_lowercase + string.digits + "-"
_DIGITS: Final = tuple(str.maketrans("01358", letters) for letters in ("olesb", "oiesb"))
"""Digits, and the letters that they look like."""
_AFFIXES: Final = (
    lazy(r"(?:python3?|py3?)-?(?P<base>.{3,60})\Z"),
    lazy(r"(?P<base>.{3,60}?)-?(?:python3?|py3?)\Z"),
)


def imitated(name: str) -> str:
    """The much used name that a normalized name looks like; empty if none, or if it is one."""
    known = ranks()
    if name in known or name in _CALLED or len(name) > 60:
        return ""
    is_taken = exists(name)
    found = [
        target
        for target, limit in _candidates(name, is_taken=is_taken)
        if known.get(target, len(known)) < limit or (target in _CALLED and not is_taken)
    ]
    best = min(found, key=lambda target: known.get(target, 0), default="")
    return IMPORTS.get(best, best)


def _candidates(name: str, *, is_taken: bool) -> Iterator[tuple[str, int]]:
    """Names that this one may be taken for, and how far down the list each may stand."""
    near, far = (_FAMOUS, _FAMOUS // 3) if is_taken else (len(ranks()), _MUCH)
    if len(name) <= _SHORTEST:
        near = _FAMOUS // 3 if is_taken else _MUCH
    for table in _DIGITS:
        yield name.translate(table), near
    yield name.replace("rn", "m").replace("vv", "w"), near
    squeezed = name.replace("-", "")
    yield from ((target, near) for target in _squeezed().get(squeezed, ()))
    yield from ((target, near) for target in _ordered().get(_sorted_words(name), ()))
    if len(squeezed) >= _TWO_STEPS:
        key = "".join(sorted(squeezed))
        yield from ((target, far) for target in _shuffled().get(key, ()))
    limit = _FAMOUS // 5 if is_taken else _MUCH
    for affix in filter(None, (pattern.match(name) for pattern in _AFFIXES)):
        base = affix["base"].strip("-")
        forms = (base, f"python-{base}", f"{base}-python", f"py{base}", f"py-{base}")
        yield from ((target, limit) for target in forms if target != name)
    if len(name) >= _SHORTEST or (len(name) == _SHORTEST - 1 and not is_taken):
        limit = near if len(name) >= _SHORTEST else _FAMOUS
        yield from ((target, limit) for target in _one_step(name))
    if len(name) >= _TWO_STEPS:
        yield from ((target, far) for target in _two_steps(name))


def _one_step(name: str) -> Iterator[str]:
    """All names with one letter more, less, other, or two neighbours swapped."""
    for place in range(len(name) + 1):
        head, tail = name[:place], name[place:]
        if tail:
            yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


@cache
def _squeezed() -> dict[str, tuple[str, ...]]:
    """Targets without their separators."""
    found: dict[str, tuple[str, ...]] = {}
    for target in ranks():
        key = target.replace("-", "")
        found[key] = (*found.get(key, ()), target)
    return found


@cache
def _ordered() -> dict[str, tuple[str, ...]]:
    """Targets of several words, by their words in order of the alphabet."""
    found: dict[str, tuple[str, ...]] = {}
    for target in ranks():
        if "-" in target:
            key = _sorted_words(target)
            found[key] = (*found.get(key, ()), target)
    return found


@cache
def _shuffled() -> dict[str, tuple[str, ...]]:
    """Long targets by their letters in order of the alphabet: `matlibplot` has the same."""
    found: dict[str, tuple[str, ...]] = {}
    for target, rank in ranks().items():
        letters = target.replace("-", "")
        if rank < _MUCH and len(letters) >= _TWO_STEPS:
            key = "".join(sorted(letters))
            found[key] = (*found.get(key, ()), target)
    return found


def _sorted_words(name: str) -> str:
    return "-".join(sorted(name.split("-")))


@cache
def _lines() -> str:
    """The targets, one a line: a part of one is found at the speed of C."""
    known = [name for name, rank in ranks().items() if rank < _MUCH]
    return "\n" + "\n".join(name for name in known if len(name) >= _TWO_STEPS - 2) + "\n"


def _two_steps(name: str) -> Iterator[str]:
    """Much used names at two steps: one third of the name must stand in them as it is."""
    lines = _lines()
    third = len(name) // 3
    seen: set[str] = set()
    for part in (name[:third], name[third : 2 * third], name[2 * third :]):
        place = lines.find(part)
        while place >= 0:
            start = lines.rfind("\n", 0, place) + 1
            end = lines.find("\n", place)
            target = lines[start:end]
            if abs(len(target) - len(name)) <= 2 and target not in seen:
                seen.add(target)
                if distance(name, target, 2) <= 2:
                    yield target
            place = lines.find(part, end)


def distance(left: str, right: str, limit: int) -> int:
    """Letters to insert, delete, replace or swap with the next; `limit + 1` if it is more."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for number, letter in enumerate(left, 1):
        older, before = before, row
        row = [number]
        for place, other in enumerate(right, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            if (
                number > 1
                and place > 1
                and letter == right[place - 2]
                and left[number - 2] == other
            ):
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
