"""Necessary conditions for a pattern to match: one for RE2, one on the characters of a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .charsets import Characters, CharSet
from .trees import (
    EMPTY,
    All,
    Either,
    Node,
    One,
    Times,
    Underivable,
    parsed,
    stays_between,
    tree_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST: Final = 60_000
"""A longer RE2 source is no bargain; the pattern then always runs."""
_UNROLLED: Final = 200
"""A repeat whose copies are larger than so many characters of source is widened."""
_WIDEST: Final = 12
"""Alternatives that end a pattern are cut to their first characters when there are more."""
_MANY: Final = 64
"""More words than this are told apart by their first two characters only."""
_CHOICES: Final = 24

_HEX: Final = re.compile(r"\\x\{([0-9a-f]+)\}")

Needs = frozenset[CharSet]
"""Of each of these sets the text must hold a character."""


class Gate(NamedTuple):
    """What a text must have for a pattern to match in it.

    `re2` is a pattern for RE2, `ascii` one that will do for ASCII texts, `needs` are sets that
    the text must meet; `by_line` says that no match reaches over the end of a line, and that
    none depends on what is beyond it, `by_word` the same of the next space or end of a line.
    """

    re2: str
    ascii: str
    needs: Needs
    by_line: bool
    by_word: bool
    python: str
    """The pattern for `re`."""

    def may_match(self, characters: Characters) -> bool:
        """Whether the pattern may match in a text with these characters."""
        return all(map(characters.meet, self.needs))


@lru_cache(maxsize=1024)
def gate_for(pattern: str, flags: int) -> Gate | None:
    """The gate of a pattern for `regex` with these flags; None: unknown, so it always runs."""
    try:
        parse = parsed(pattern, flags)
        tree = _narrowed(_trimmed(tree_of(parse), left=True, right=True))
    except (Underivable, RecursionError):
        return None
    if tree == EMPTY:
        return None
    source = _source(tree)
    if len(source) > _LARGEST:
        return None
    return Gate(
        source,
        _source(tree, wide=False),
        _needs(tree),
        stays_between(parse, "\n", lines=True),
        stays_between(parse, " \n", lines=False),
        _HEX.sub(lambda code: f"\\U{int(code[1], 16):08x}", source),
    )


def _trimmed(node: Node, *, left: bool, right: bool) -> Node:
    """What stands at an edge may be shorter: the search does not care for what is beside it."""
    match node:
        case Times() if left or right:
            return _least_often(node, left=left, right=right)
        case Either(choices) if left or right:
            return _choice([_trimmed(one, left=left, right=right) for one in choices], cut=right)
        case All(parts) if parts:
            return _edges(list(parts), left=left, right=right)
    return node


def _least_often(node: Times, *, left: bool, right: bool) -> Node:
    if node.low == 0:
        return EMPTY
    inner = _trimmed(node.inside, left=left, right=right)
    if node.low == 1:
        return inner
    if left and right:
        return Times(node.inside, node.low, node.low)
    rest = Times(node.inside, node.low - 1, node.low - 1)
    return All((inner, rest)) if left else All((rest, inner))


def _edges(parts: list[Node], *, left: bool, right: bool) -> Node:
    while left and parts:
        first = _trimmed(parts[0], left=True, right=right and len(parts) == 1)
        if first != EMPTY:
            parts[0] = first
            break
        del parts[0]
    while right and parts:
        last = _trimmed(parts[-1], left=left and len(parts) == 1, right=True)
        if last != EMPTY:
            parts[-1] = last
            break
        del parts[-1]
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _choice(choices: list[Node], *, cut: bool) -> Node:
    if EMPTY in choices:
        return EMPTY
    if cut and len(choices) > _WIDEST:
        choices = _beginnings(choices, rest=False)
    different = tuple(dict.fromkeys(choices))
    return different[0] if len(different) == 1 else Either(different)


def _beginnings(choices: Sequence[Node], *, rest: bool) -> list[Node]:
    """Words with the same first character as one: their second ones joined, then `rest`.

    Other choices than words stay as they are.
    """
    seconds: dict[One, CharSet] = {}
    longest, beyond = 0, CharSet(0)
    others: list[Node] = []
    for choice in choices:
        word = choice.parts if isinstance(choice, All) else ()
        if len(word) < 2 or not all(isinstance(part, One) for part in word):
            others.append(choice)
            continue
        first, second, *more = (part.characters for part in word if isinstance(part, One))
        joined = seconds.get(One(first))
        seconds[One(first)] = joined.joined(second) if joined else second
        longest = max(longest, len(more))
        for one in more:
            beyond = beyond.joined(one)
    heads: list[Node] = [All((first, One(second))) for first, second in seconds.items()]
    if rest and longest:
        heads = [All((Either(tuple(heads)), Times(One(beyond), 0, longest)))]
    return [*others, *heads]


def _narrowed(node: Node) -> Node:
    """The tree with its large alternatives joined, wherever they stand."""
    match node:
        case All(parts):
            return All(tuple(map(_narrowed, parts)))
        case Times(inside, low, high):
            return Times(_narrowed(inside), low, high)
        case Either(choices) if len(choices) > _MANY:
            return Either(tuple(_beginnings(choices, rest=True)))
        case Either(choices):
            return Either(tuple(map(_narrowed, choices)))
    return node


def _source(node: Node, *, wide: bool = True) -> str:
    match node:
        case One(characters):
            return (characters if wide else CharSet(characters.ascii)).re2()
        case All(parts):
            return "".join(_source(part, wide=wide) for part in parts)
        case Either(choices):
            return "(?:" + "|".join(_source(choice, wide=wide) for choice in choices) + ")"
        case Times(inside, low, high):
            return _repeated(f"(?:{_source(inside, wide=wide)})", low, high)


def _repeated(source: str, low: int, high: int | None) -> str:
    most = max(1, _UNROLLED // max(1, len(source) // 8))
    low = min(low, most)
    if high is None or high > most:
        return f"{source}{{{low},}}"
    return source if low == high == 1 else f"{source}{{{low},{high}}}"


def _needs(node: Node) -> Needs:
    match node:
        case One(characters):
            return frozenset({characters})
        case All(parts):
            return _least(frozenset().union(*map(_needs, parts)))
        case Either(choices):
            return _either([_needs(one) for one in choices])
        case Times(inside, low, _):
            return _needs(inside) if low else frozenset()


def _either(choices: list[Needs]) -> Needs:
    """What all alternatives need: a character of one set of each, joined."""
    if len(choices) > _WIDEST:
        choices = [frozenset(sorted(one, key=_size)[:1]) for one in choices]
    joined = choices[0]
    for other in choices[1:]:
        if not joined or not other:
            return frozenset()
        pairs = {one.joined(two) for one in joined for two in other}
        joined = frozenset(sorted(_least(frozenset(pairs)), key=_size)[:_CHOICES])
    return joined


def _least(needs: Needs) -> Needs:
    """Without those that follow from a smaller one."""
    kept: list[CharSet] = []
    for one in sorted(needs, key=_size):
        if not any(smaller.within(one) for smaller in kept):
            kept.append(one)
    return frozenset(kept)


def _size(characters: CharSet) -> tuple[int, int, CharSet]:
    wide = sum(high - low + 1 for low, high in characters.wide)
    return characters.ascii.bit_count() + min(wide, 128), wide, characters
