"""Asking many hosts a little: one request at a time to each, with a pause in between."""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from .network import Gone, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .listing import Claim

ALGORITHMS: Final = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""By the length of the digest in hex."""


class Outcome(Enum):
    """What came of one address."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    LEFT = "left"


class Politeness(Struct, frozen=True, kw_only=True):
    """How much is asked at once: hosts, seconds between two requests to one, seconds in all.

    `largest` bytes of an answer are read.
    """

    hosts: int = 4
    pause: float = 0.5
    seconds: float = 900.0
    largest: int = 64 << 20


def asked(
    claims: Sequence[Claim],
    fetch: Callable[[str], Iterable[bytes]],
    politeness: Politeness,
) -> dict[tuple[str, str], Outcome]:
    """What came of each address and digest; equal ones are asked once."""
    by_host: dict[str, dict[str, set[str]]] = {}
    for claim in claims:
        addresses = by_host.setdefault(host_of(claim.url), {})
        addresses.setdefault(claim.url, set()).add(claim.digest)
    end = time.monotonic() + politeness.seconds

    def host(addresses: dict[str, set[str]]) -> dict[tuple[str, str], Outcome]:
        found: dict[tuple[str, str], Outcome] = {}
        for number, (url, digests) in enumerate(addresses.items()):
            late = time.monotonic() > end
            if number and not late:
                time.sleep(politeness.pause)
            for digest, outcome in _one(url, digests, None if late else fetch, politeness):
                found[url, digest] = outcome
        return found

    found: dict[tuple[str, str], Outcome] = {}
    with ThreadPoolExecutor(politeness.hosts) as pool:
        for part in pool.map(host, by_host.values()):
            found |= part
    return found


def host_of(url: str) -> str:
    """The host of an address, with its port; empty if it has none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _one(
    url: str,
    digests: set[str],
    fetch: Callable[[str], Iterable[bytes]] | None,
    politeness: Politeness,
) -> list[tuple[str, Outcome]]:
    """The outcome for each digest that rows promise for the address."""
    if fetch is None:
        return [(digest, Outcome.LEFT) for digest in digests]
    made = {
        size: hashlib.new(ALGORITHMS[size], usedforsecurity=False)
        for size in {len(digest) for digest in digests}
    }
    try:
        for piece in _limited(fetch(url), politeness.largest):
            for one in made.values():
                one.update(piece)
    except Refused:
        return [(digest, Outcome.REFUSED) for digest in digests]
    except Gone:
        return [(digest, Outcome.GONE) for digest in digests]
    except OSError:
        return [(digest, Outcome.FAILED) for digest in digests]
    return [
        (digest, Outcome.SAME if made[len(digest)].hexdigest() == digest else Outcome.CHANGED)
        for digest in digests
    ]


def _limited(pieces: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """The pieces. Raises Refused when they are too much."""
    read = 0
    for piece in pieces:
        read += len(piece)
        if read > largest:
            raise Refused(f"more than {largest:,} bytes")
        yield piece
