"""Addresses in networks."""

from collections.abc import Callable
from random import Random


def ip(random: Random) -> str:
    return f"{random.choice((62, 77, 81, 93))}.{random.randrange(20, 200)}.{random.randrange(20, 200)}.{random.randrange(20, 200)}"


def ipv6(random: Random) -> str:
    return "2a02:" + ":".join(f"{random.randrange(4096, 65535):x}" for _ in range(7))


def mac(random: Random) -> str:
    """Of a maker, with a letter in it."""
    return "3c:" + ":".join(f"{random.randrange(16, 255):02x}" for _ in range(5))


MAKERS: dict[str, Callable[[Random], str]] = {
    "ip": ip,
    "ipv6": ipv6,
    "mac": mac,
    "mac_dashes": lambda r: mac(r).replace(":", "-").upper(),
}
