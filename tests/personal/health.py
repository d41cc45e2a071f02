"""Numbers of patients, physicians and insured persons."""

from collections.abc import Callable
from random import Random

from .finance import digits
from .identity import letters

MEDICARE = "ACDEFGHJKMNPQRTUVWXY"


def npi(random: Random) -> str:
    """By the constant 24 that 80840 adds to the sum."""
    body = "1" + digits(random, 8)
    doubled = sum(sum(map(int, str(2 * int(char)))) for char in body[::2])
    return body + str(-(24 + doubled + sum(map(int, body[1::2]))) % 10)


def dea(random: Random) -> str:
    body = digits(random, 6)
    total = (
        int(body[0])
        + int(body[2])
        + int(body[4])
        + 2 * (int(body[1]) + int(body[3]) + int(body[5]))
    )
    return f"{random.choice('ABFM')}{letters(random, 1)}{body}{str(total)[-1]}"


def mbi(random: Random) -> str:
    def one() -> str:
        return letters(random, 1, MEDICARE)

    return f"{random.randint(1, 9)}{one()}{one()}{digits(random, 1)}-{one()}{digits(random, 2)}-{one()}{one()}{digits(random, 2)}"


def kvnr(random: Random) -> str:
    letter, body = letters(random, 1), digits(random, 8)
    number = f"{ord(letter) - ord('A') + 1:02}{body}"
    total = sum(
        sum(map(int, str(int(char) * (1 + place % 2)))) for place, char in enumerate(number)
    )
    return f"{letter}{body}{total % 10}"


MAKERS: dict[str, Callable[[Random], str]] = {
    "mrn": lambda r: "4" + digits(r, 4) + "17",
    "mrn_letters": lambda r: letters(r, 2) + digits(r, 4) + "17",
    "us_npi": npi,
    "us_dea": dea,
    "us_mbi": mbi,
    "us_mbi_plain": lambda r: mbi(r).replace("-", ""),
    "de_kvnr": kvnr,
    "ehic": lambda r: "80276" + digits(r, 15),
}
