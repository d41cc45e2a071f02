"""The one list of recognizers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .recognizer import Recognizer


@cache
def recognizers() -> tuple[Recognizer, ...]:
    """All of them."""
    from . import (
        address,
        birth,
        card,
        coordinates,
        dates,
        email,
        iban,
        network,
        person,
        phone,
        place,
        postcode,
        us_bank,
        wallet,
        web,
    )
    from .ids import identity

    return (
        email.EmailAddresses(),
        card.CARD,
        phone.PhoneNumbers(),
        address.StreetAddresses(),
        birth.BirthDates(),
        coordinates.Coordinates(),
        dates.Dates(),
        *iban.RECOGNIZERS,
        *us_bank.RECOGNIZERS,
        *wallet.RECOGNIZERS,
        *postcode.RECOGNIZERS,
        *network.RECOGNIZERS,
        *identity.RECOGNIZERS,
        web.WebAddresses(),
        person.PersonNames(),
        place.PlaceNames(),
    )
