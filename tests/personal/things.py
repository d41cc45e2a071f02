"""Vehicles and devices."""

from collections.abc import Callable
from random import Random

from .finance import digits, luhn
from .identity import dotted, letters

ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
RANKS = {
    char: int(rank)
    for rank, chars in {
        1: "AJ1",
        2: "BKS2",
        3: "CLT3",
        4: "DMU4",
        5: "ENV5",
        6: "FW6",
        7: "GPX7",
        8: "HY8",
        9: "RZ9",
        0: "0",
    }.items()
    for char in chars
}


def vin(random: Random) -> str:
    head, tail = (
        f"1HG{letters(random, 5, ALPHABET)}",
        f"{letters(random, 2, ALPHABET)}{digits(random, 6)}",
    )
    body = f"{head}0{tail}"
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum(RANKS[char] * weight for char, weight in zip(body, weights, strict=True)) % 11
    return f"{head}{'X' if rest == 10 else rest}{tail}"


def imei(random: Random) -> str:
    return dotted(luhn("35" + digits(random, 12)), "##-######-######-#")


def hexadecimal(random: Random, form: str) -> str:
    return "".join(random.choice("0123456789abcdef") if char == "#" else char for char in form)


MAKERS: dict[str, Callable[[Random], str]] = {
    "vin": vin,
    "vin_european": lambda r: (
        f"WVWZZZ{r.randint(1, 9)}{letters(r, 1, ALPHABET)}Z{letters(r, 2, ALPHABET)}{digits(r, 6)}"
    ),
    "plate_us": lambda r: f"{r.randint(1, 9)}{letters(r, 3)}{r.randint(100, 999)}",
    "plate_de": lambda r: f"{letters(r, 2)}-{letters(r, 2)} {r.randint(100, 999)}",
    "plate_uk": lambda r: f"{letters(r, 2)}{r.randint(51, 73)} {letters(r, 3)}",
    "imei": imei,
    "imei_plain": lambda r: imei(r).replace("-", ""),
    "iccid": lambda r: luhn("8944" + digits(r, 14)),
    "imsi": lambda r: "26201" + digits(r, 8) + "73",
    "device_uuid": lambda r: hexadecimal(r, "########-####-####-####-############"),
    "device_udid": lambda r: hexadecimal(r, "#" * 40),
}
