"""Personal data of nobody, drawn at run time: by name, a function of a `random.Random`."""

from collections.abc import Callable
from random import Random

from . import abroad, contact, finance, health, identity, people, things

PERSONAL: dict[str, Callable[[Random], str]] = {
    **contact.MAKERS,
    **finance.MAKERS,
    **identity.MAKERS,
    **abroad.MAKERS,
    **health.MAKERS,
    **people.MAKERS,
    **things.MAKERS,
}
