"""Numbers of cards and accounts."""

from collections.abc import Callable
from hashlib import sha256
from random import Random

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def luhn(body: str) -> str:
    """The body with its check digit."""
    doubled = [sum(divmod(2 * int(d), 10)) for d in body[::-1][::2]]
    total = sum(doubled) + sum(int(d) for d in body[::-1][1::2])
    return body + str(-total % 10)


def card(random: Random) -> str:
    plain = luhn("4" + digits(random, 14))
    return " ".join(plain[at : at + 4] for at in range(0, 16, 4))


def amex(random: Random) -> str:
    plain = luhn("37" + digits(random, 12))
    return f"{plain[:4]} {plain[4:10]} {plain[10:]}"


def spaced(plain: str) -> str:
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def iban(random: Random, country: str = "DE", size: int = 18) -> str:
    body = digits(random, size)
    check = 98 - int("".join(str(int(c, 36)) for c in f"{body}{country}00")) % 97
    return f"{country}{check:02}{body}"


def routing(random: Random) -> str:
    body = "0" + str(random.randrange(1, 10)) + digits(random, 6)
    total = sum(int(d) * (3, 7, 1)[at % 3] for at, d in enumerate(body))
    return body + str(-total % 10)


def clabe(random: Random) -> str:
    body = str(random.randrange(1, 10)) + digits(random, 16)
    return body + str(-sum(int(d) * (3, 7, 1)[at % 3] % 10 for at, d in enumerate(body)) % 10)


def account(random: Random) -> str:
    return "39" + digits(random, 6) + "17"


def base58check(raw: bytes) -> str:
    raw += sha256(sha256(raw).digest()).digest()[:4]
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def bitcoin(random: Random) -> str:
    return base58check(b"\0" + bytes([random.randrange(1, 256)]) + random.randbytes(19))


def bech32(random: Random) -> str:
    data = [0, *(random.randrange(32) for _ in range(32))]
    values = [3, 3, 0, 2, 3, *data]
    check = 1
    for value in [*values, *[0] * 6]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for at, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> at & 1 else 0
    data += [(check ^ 1) >> 5 * (5 - at) & 31 for at in range(6)]
    return "bc1" + "".join(BECH32[value] for value in data)


MAKERS: dict[str, Callable[[Random], str]] = {
    "card": card,
    "card_plain": lambda r: card(r).replace(" ", ""),
    "amex": amex,
    "maestro": lambda r: luhn("5018" + digits(r, 7)),
    "test_card": lambda r: spaced(luhn("4" + "242" * 4 + "42")),
    "iban": lambda r: spaced(iban(r)),
    "iban_plain": iban,
    "routing": routing,
    "clabe": clabe,
    "account": account,
    "bitcoin": bitcoin,
    "bech32": bech32,
}
