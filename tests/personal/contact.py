"""Ways to reach people, and when and where they were born."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from . import network

SYLLABLES = ("ba", "do", "ki", "lu", "me", "ra", "so", "ti", "va", "ze")
STREETS = ("Street", "St", "Avenue", "Road", "Drive", "Lane", "Court", "Blvd")
STATES = ("CA", "NY", "TX", "WA", "CO", "MT")
AREAS = ("212", "312", "415", "617", "702", "801")


def word(random: Random, size: int = 3) -> str:
    return "".join(random.choices(SYLLABLES, k=size))


def email(random: Random) -> str:
    return f"{word(random)}.{word(random, 2)}{random.randrange(10, 99)}@{word(random)}.{random.choice(('com', 'org', 'de', 'co.uk'))}"


def number(random: Random, count: int) -> str:
    """Digits, the first of them no 0 nor 1, not all the same."""
    first = str(random.randrange(2, 9))
    return first + "".join(random.choices("0123456789", k=count - 2)) + str(int(first) - 1)


def phone_us(random: Random) -> str:
    return f"{random.choice(AREAS)}-{random.randrange(220, 499)}-{random.randrange(2000, 9999)}"


def phone_de(random: Random) -> str:
    return f"0171 {random.randrange(2000000, 9999999)}"


def phone(random: Random) -> str:
    return f"+49 171 {random.randrange(2000000, 9999999)}"


def birth(random: Random) -> date:
    return date(1940, 1, 1) + timedelta(days=random.randrange(20000))


def street(random: Random) -> str:
    return f"{random.randrange(2, 1800)} {word(random).title()} {random.choice(STREETS)}"


def city_us(random: Random) -> str:
    return f"{word(random).title()}, {random.choice(STATES)} {random.randrange(10002, 99900)}"


def street_de(random: Random) -> str:
    return f"{word(random).title()}straße {random.randrange(1, 200)}"


def city_de(random: Random) -> str:
    return f"{random.randrange(10002, 99900)} {word(random).title()}"


def postcode_uk(random: Random) -> str:
    return f"{random.choice(('LS', 'SW', 'M', 'EH'))}{random.randrange(1, 20)} {random.randrange(1, 9)}{random.choice('ABDEFGH')}{random.choice('ABDEFGH')}"


def coordinates(random: Random) -> str:
    return f"{random.uniform(-80, 80):.6f}, {random.uniform(-170, 170):.6f}"


MAKERS: dict[str, Callable[[Random], str]] = {
    "email": email,
    "syllables": word,
    "phone": phone,
    "phone_us": phone_us,
    "phone_de": phone_de,
    "birth_iso": lambda r: birth(r).isoformat(),
    "birth_de": lambda r: birth(r).strftime("%d.%m.%Y"),
    "birth_words": lambda r: f"{birth(r):%B} {birth(r).day}, {birth(r).year}",
    "date_iso": lambda r: birth(r).isoformat(),
    "date_words": lambda r: f"{birth(r).day} {birth(r):%B} {birth(r).year}",
    "street": street,
    "city_us": city_us,
    "street_de": street_de,
    "city_de": city_de,
    "zip": lambda r: str(r.randrange(10002, 99900)),
    "postcode_uk": postcode_uk,
    "coordinates": coordinates,
    "coordinates_plain": lambda r: coordinates(r).replace(" ", ""),
    **network.MAKERS,
}
