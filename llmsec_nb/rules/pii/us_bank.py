"""PII203 and PII205: numbers of bank accounts and of the banks they are kept at."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Format, Proof, Verdict, Written
from .rules import personal

ACCOUNT_RULE: Final = personal(
    "PII203",
    "bank-account",
    "Number of a bank account",
    Severity.HIGH,
    (
        Example(source="Account number: {account}", flagged=("{account}",), kind=Kind.TEXT),
        Example(source='bank_account = "{account}"', flagged=("{account}",)),
        Example(source="CLABE {clabe}", flagged=("{clabe}",), kind=Kind.TEXT),
        Example(source="rows {account}", kind=Kind.STREAM),
        Example(source="account_id = {account}"),
        Example(source="accounts: 12345 of 67890", kind=Kind.TEXT),
    ),
)
ROUTING_RULE: Final = personal(
    "PII205",
    "bank-routing-number",
    "Routing number of a bank",
    Severity.LOW,
    (
        Example(source="Routing number {routing}", flagged=("{routing}",), kind=Kind.TEXT),
        Example(source='aba = "{routing}"', flagged=("{routing}",)),
        Example(source="size {routing}", kind=Kind.STREAM),
        Example(source="routing 123456789", kind=Kind.TEXT),
    ),
    why="With an account number it is enough to draw money.",
    reference="https://en.wikipedia.org/wiki/ABA_routing_transit_number",
)
_DISTRICTS: Final = (range(13), range(21, 33), range(61, 73), range(80, 81))


def account(value: str) -> Verdict | None:
    """Not one digit again and again, nor a row of them."""
    digits = "".join(filter(str.isdecimal, value))
    plain = len(set(digits)) <= 2 or digits in "01234567890123456789"
    return None if plain else Verdict(Proof.FORM)


def routing(value: str) -> Verdict | None:
    """Weights 3, 7, 1, and a district of the Federal Reserve."""
    numbers = [int(digit) for digit in value]
    total = sum(number * (3, 7, 1)[place % 3] for place, number in enumerate(numbers))
    known = any(int(value[:2]) in district for district in _DISTRICTS)
    return Verdict(Proof.CHECKSUM) if known and total and total % 10 == 0 else None


def clabe(value: str) -> Verdict | None:
    """Mexico: weights 3, 7, 1, each product modulo ten; https://en.wikipedia.org/wiki/CLABE."""
    total = sum(int(digit) * (3, 7, 1)[place % 3] % 10 for place, digit in enumerate(value[:17]))
    return Verdict(Proof.CHECKSUM) if total and -total % 10 == int(value[17]) else None


ACCOUNT: Final = Written(
    ACCOUNT_RULE,
    "US_BANK_NUMBER",
    (Format(pattern=r"[0-9]{7,17}|[0-9]{2,6}(?:[ -][0-9]{2,6}){1,3}", check=account, named=Confidence.MEDIUM),),
    words=(
        "account number", "accountnumber", "account no", "account nr", "account num", "account #", "acct",
        "acct no", "acct number", "acct #", "a/c", "a/c no", "bank account", "bank acct", "bank number",
        "checking account", "savings account", "checking", "deposit account", "bban",
        "kontonummer", "konto-nr", "numéro de compte", "número de cuenta", "cuenta bancaria",
        "numero di conto", "rekeningnummer", "número da conta", "numer konta",
    ),
    rank=2,
)  # fmt: skip
ROUTING: Final = Written(
    ROUTING_RULE,
    "ABA_ROUTING_NUMBER",
    (Format(pattern=r"[0-9]{9}", check=routing),),
    words=(
        "routing", "routing number", "routing no", "routing #", "aba", "aba number", "aba routing", "rtn",
        "routing transit", "transit number", "ach", "fedwire", "bank routing",
    ),
    country="US",
    digits=9,
    rank=4,
)  # fmt: skip
CLABE: Final = Written(
    ACCOUNT_RULE,
    "MX_CLABE",
    (Format(pattern=r"[0-9]{18}", check=clabe),),
    words=("clabe", "cuenta", "cuenta bancaria", "interbancaria", "spei"),
    country="MX",
    digits=18,
    rank=5,
)
SORT_CODE: Final = Written(
    ROUTING_RULE,
    "BANK_SORT_CODE",
    (Format(pattern=r"[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{3}-[0-9]{3}|[0-9]{6}", named=Confidence.MEDIUM),),
    words=("sort code", "sortcode", "sort-code", "bsb", "bsb number"),
    digits=0,
    rank=3,
)  # fmt: skip
IFSC: Final = Written(
    ROUTING_RULE,
    "IN_IFSC",
    (Format(pattern=r"[A-Z]{4}0[A-Z0-9]{6}", named=Confidence.MEDIUM),),
    words=("ifsc", "ifsc code"),
    country="IN",
    digits=0,
    rank=3,
)
RECOGNIZERS: Final = (ACCOUNT, ROUTING, CLABE, SORT_CODE, IFSC)
