"""Hash trees as in RFC 6962, with BLAKE2b-256 and marks that tell leaves from nodes.

A leaf is the digest of one row, made with another mark (see digests.py). Over n leaves the tree
splits at the largest power of two below n. So every aligned block of 2^k leaves is one node,
wherever the batches ended; that is what makes states small and mergeable.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE: Final = 32
CAP: Final = 12
"""States keep nodes of at most 2^12 leaves, so that shards can be told from them."""
_NODE: Final = blake2b(b"\x01", digest_size=SIZE, person=b"llmsec node 1")
Node = tuple[int, int, bytes]
"""Level, number within its level, digest: it covers the leaves from number << level."""


def node(pair: bytes | memoryview) -> bytes:
    """The digest of two digests that stand one after the other."""
    made = _NODE.copy()
    made.update(pair)
    return made.digest()


def blocks(start: int, leaves: bytes) -> list[Node]:
    """The largest aligned nodes (up to the cap) over leaves that begin with number `start`."""
    left: list[Node] = []
    right: list[Node] = []
    data, level = leaves, 0
    while data:
        if level < CAP and start & 1:
            left.append((level, start, data[:SIZE]))
            data, start = data[SIZE:], start + 1
        count = len(data) // SIZE
        if level == CAP:
            pieces = range(0, len(data), SIZE)
            left += [(level, start + at // SIZE, data[at : at + SIZE]) for at in pieces]
            break
        if count & 1:
            right.append((level, start + count - 1, data[-SIZE:]))
            data = data[:-SIZE]
        view = memoryview(data)
        data = b"".join([node(view[at : at + 2 * SIZE]) for at in range(0, len(view), 2 * SIZE)])
        start, level = start >> 1, level + 1
    return left + right[::-1]


def combined(nodes: Iterable[Node], cap: int) -> list[Node]:
    """Adjacent nodes in order, pairs of siblings made one up to level `cap`."""
    stack: list[Node] = []
    for one in nodes:
        stack.append(one)
        while len(stack) > 1:
            (level, number, left), (other, after, right) = stack[-2:]
            if level != other or level >= cap or number & 1 or after != number + 1:
                break
            stack[-2:] = [(level + 1, number >> 1, node(left + right))]
    return stack


def root(nodes: Sequence[Node]) -> bytes:
    """The root over nodes that cover all leaves from number 0 on without a gap."""
    if not nodes:
        return blake2b(digest_size=SIZE, person=b"llmsec node 1").digest()
    *rest, last = combined(nodes, 64)
    found = last[2]
    for _, _, digest in reversed(rest):
        found = node(digest + found)
    return found


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What, beside a leaf, its root is made of: from the leaf up. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*proof(left, index), _over(right)]
    return [*proof(right, index - split), _over(left)]


def _over(leaves: Sequence[bytes]) -> bytes:
    return root([(0, number, leaf) for number, leaf in enumerate(leaves)])


def proves(leaf: bytes, index: int, count: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` shows that leaf `index` of `count` is under the root `expected`."""
    if not 0 <= index < count:
        return False
    steps: list[bool] = []
    at, size = index, count
    while size > 1:
        split = 1 << (size - 1).bit_length() - 1
        steps.append(at >= split)
        at, size = (at - split, size - split) if at >= split else (at, split)
    if len(steps) != len(path):
        return False
    found = leaf
    for is_right, other in zip(reversed(steps), path, strict=True):
        found = node(other + found) if is_right else node(found + other)
    return found == expected
