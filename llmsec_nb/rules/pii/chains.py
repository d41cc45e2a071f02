"""The checksums of wallets' addresses."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_COINS: Final = {
    0x00: "Bitcoin",
    0x05: "Bitcoin",
    0x1E: "Dogecoin",
    0x16: "Dogecoin",
    0x30: "Litecoin",
    0x32: "Litecoin",
    0x41: "Tron",
    0x4C: "Dash",
}
"""By version byte; https://en.bitcoin.it/wiki/List_of_address_prefixes."""
_BYTES: Final = 25
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_SUMS: Final = frozenset({1, 0x2BC830A3})
"""Bech32 (BIP 173) and bech32m (BIP 350)."""
_WORD: Final = (1 << 64) - 1


def is_base58check(address: str) -> str:
    """The coin that an address of 25 bytes is of; empty: its checksum does not fit."""
    ripple = address.startswith("r")
    alphabet = _RIPPLE if ripple else _BASE58
    number = 0
    for char in address:
        number = number * 58 + alphabet.index(char)
    if number >> (8 * _BYTES):
        return ""
    raw = number.to_bytes(_BYTES, "big")
    if sha256(sha256(raw[:-4]).digest()).digest()[:4] != raw[-4:]:
        return ""
    return "Ripple" if ripple and raw[0] == 0 else _COINS.get(raw[0], "")


def is_bech32(address: str) -> bool:
    """Whether the polymod over its prefix and its data is one of the two constants."""
    prefix, _, data = address.lower().rpartition("1")
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    values += [_BECH32.index(char) for char in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            check ^= term if top >> place & 1 else 0
    return check in _SUMS


def is_eip55(body: str) -> bool:
    """Whether letters are capital where the hash of the 40 digits has a nibble of 8 or more.

    https://eips.ethereum.org/EIPS/eip-55
    """
    digest = keccak256(body.lower().encode()).hex()
    return all(
        char.isdigit() or char.isupper() == (int(nibble, 16) >= 8)
        for char, nibble in zip(body, digest, strict=False)
    )


def keccak256(message: bytes) -> bytes:
    """Keccak as Ethereum uses it: of one block, padded by 0x01, which SHA-3 of hashlib is not.

    `message` has at most 135 bytes. https://keccak.team/keccak_specs_summary.html
    """
    rate = 136
    block = bytearray(message.ljust(rate, b"\0"))
    block[len(message)] ^= 0x01
    block[-1] ^= 0x80
    lanes = [int.from_bytes(block[at : at + 8], "little") for at in range(0, rate, 8)] + [0] * 8
    register = 1
    for _ in range(24):
        lanes = _mixed(lanes)
        for power in range(7):
            if register & 1:
                lanes[0] ^= 1 << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _mixed(lanes: list[int]) -> list[int]:
    """One round (theta, rho, pi, chi) over 5 x 5 lanes of 64 bits, lane (x, y) at x + 5y."""
    columns = [
        lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)
    ]
    parity = [columns[x - 1] ^ _turned(columns[(x + 1) % 5], 1) for x in range(5)]
    mixed = [lane ^ parity[place % 5] for place, lane in enumerate(lanes)]
    moved = [mixed[0]] * 25
    x, y = 1, 0
    for step in range(24):
        lane = mixed[x + 5 * y]
        x, y = y, (2 * x + 3 * y) % 5
        moved[x + 5 * y] = _turned(lane, (step + 1) * (step + 2) // 2 % 64)
    return [
        moved[x + y] ^ (~moved[(x + 1) % 5 + y] & _WORD & moved[(x + 2) % 5 + y])
        for y in range(0, 25, 5)
        for x in range(5)
    ]


def _turned(lane: int, count: int) -> int:
    return (lane << count | lane >> (64 - count)) & _WORD
