"""Names of nobody: drawn from the lists, and made of syllables that no list holds."""

from collections.abc import Callable
from random import Random

from llmsec_nb.rules.pii.gazetteer import _lines

SYLLABLES = (
    "bri",
    "dul",
    "fen",
    "gor",
    "hal",
    "jup",
    "kro",
    "lim",
    "mund",
    "nox",
    "plin",
    "quor",
    "rast",
    "sil",
    "tov",
    "vex",
    "wol",
    "zan",
)
"""Two of them and `kar` make no name that is known."""


def _sure(file: str, letters: int = 4) -> list[str]:
    return [
        entry
        for entry in _lines(file)
        if entry[-1] != "*" and entry.isalpha() and entry.isascii() and len(entry) >= letters
    ]


def given(random: Random) -> str:
    return random.choice(_sure("given")).capitalize()


def family(random: Random) -> str:
    return random.choice(_sure("surnames")).capitalize()


def strange(random: Random) -> str:
    """A surname that no list holds."""
    return ("".join(random.choices(SYLLABLES, k=2)) + "kar").capitalize()


def person(random: Random) -> str:
    return f"{given(random)} {family(random)}"


MAKERS: dict[str, Callable[[Random], str]] = {
    "person": person,
    "given": given,
    "family": family,
    "stranger": lambda r: f"{strange(r)} {strange(r)}",
}
