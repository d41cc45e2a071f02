"""PII201: payment cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Format, Proof, Verdict, Written, speaks_of
from .rules import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Hit, Scene

RULE: Final = personal(
    "PII201",
    "payment-card",
    "Number of a payment card",
    Severity.HIGH,
    (
        Example(source="Card: {card}", flagged=("{card}",), kind=Kind.TEXT),
        Example(source='card_number = "{card_plain}"', flagged=("{card_plain}",)),
        Example(source="paid by {amex}, thanks", flagged=("{amex}",), kind=Kind.TEXT),
        Example(source="Maestro {maestro}", flagged=("{maestro}",), kind=Kind.TEXT),
        Example(source="loss 0.{card_plain}", kind=Kind.STREAM),
        Example(source="order 1234567890123456", kind=Kind.STREAM),
        Example(source="order_id {card_plain}", kind=Kind.STREAM),
        Example(source="Card: {test_card}", kind=Kind.TEXT),
        Example(source="t = 1690000000000000000", kind=Kind.CODE),
    ),
    reference="https://en.wikipedia.org/wiki/Payment_card_number",
)
_UP_TO_19: Final = (16, 17, 18, 19)
_MAESTRO: Final = (12, 13, 14, 15, 16, 17, 18, 19)
_NETWORKS: Final = (
    ("American Express", (34, 34), (15,)),
    ("American Express", (37, 37), (15,)),
    ("Visa", (4, 4), (13, 16, 19)),
    ("Mastercard", (51, 55), (16,)),
    ("Mastercard", (2221, 2720), (16,)),
    ("Discover", (6011, 6011), _UP_TO_19),
    ("Discover", (644, 649), _UP_TO_19),
    ("Discover", (65, 65), _UP_TO_19),
    ("JCB", (3528, 3589), _UP_TO_19),
    ("JCB", (1800, 1800), (15,)),
    ("JCB", (2131, 2131), (15,)),
    ("Diners Club", (300, 305), (14, *_UP_TO_19)),
    ("Diners Club", (3095, 3095), (14, *_UP_TO_19)),
    ("Diners Club", (36, 36), (14, *_UP_TO_19)),
    ("Diners Club", (38, 39), (14, *_UP_TO_19)),
    ("UnionPay", (62, 62), _UP_TO_19),
    ("UnionPay", (81, 81), _UP_TO_19),
    ("RuPay", (60, 60), (16,)),
    ("RuPay", (82, 82), (16,)),
    ("Mir", (2200, 2204), _UP_TO_19),
    ("Troy", (9792, 9792), (16,)),
    ("Elo", (4011, 4011), (16,)),
    ("Maestro", (50, 50), _MAESTRO),
    ("Maestro", (56, 58), _MAESTRO),
    ("Maestro", (6, 6), _MAESTRO),
)
_SURE: Final = frozenset({"American Express", "Visa", "Mastercard", "JCB", "Discover"})
"""Of the others ranges and lengths are so wide that one number in thirty fits by chance."""
_USUAL: Final = frozenset({15, 16})
_PUBLIC: Final = frozenset(
    {
        "401288888888188", "400005665566555", "222300312200322", "520082828282821", "37144963539843",
        "37873449367100", "601100099013942", "3056930902590", "3622720627166", "655002100002",
        "304000000000000", "608000010000000", "3852000002323", "620000000000000", "37828224631000",
        "356600202036050",
    }
)  # fmt: skip
"""Numbers that payment services publish for tests, check digit left off;
https://docs.stripe.com/testing. Those of three or four different digits need no list."""
_SHORT: Final = 13
_FEW: Final = 4


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    odd = sum(map(int, digits[-1::-2]))
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def network_of(digits: str) -> str | None:
    """Whose range the number is in and has the length of; None: nobody's."""
    for name, (low, high), lengths in _NETWORKS:
        if len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high:
            return name
    return None


def payment_card(value: str) -> Verdict | None:
    """A network issues the number, and its check digit fits; all separators are the same."""
    digits = "".join(filter(str.isdecimal, value))
    if len(set(value) - set(digits)) > 1 or len(set(digits)) == 1:
        return None
    network = network_of(digits)
    if network is None or not is_luhn(digits):
        return None
    return Verdict(Proof.CHECKSUM, note=network)


_GAP: Final = "[ \u00a0-]"
_PLAIN: Final = lazy(r"(?<![\w.])[0-9]{12,19}(?![\w.])")
_OTHERS: Final = (
    "id", "uid", "uuid", "key", "index", "order", "sku", "ean", "gtin", "isbn", "imei", "hash", "seed",
    "timestamp", "time", "ns", "token", "tweet", "status", "status id", "offset", "address", "tracking",
)  # fmt: skip
"""What else is numbered with as many digits."""
_AROUND: Final = 120


class _Cards(Written):
    """Cards, less sure where numbers stand that are none."""

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for hit in super().find(scene, start, end):
            value = scene.content[hit.start : hit.end]
            crowded = _is_crowd(scene, hit) if value.isdecimal() else _is_row(scene, hit)
            yield self._weighed(hit, value, crowded=crowded)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        hit = super().judge(value, named=named)
        return hit and self._weighed(hit, value, crowded=False)

    @staticmethod
    def _weighed(hit: Hit, value: str, *, crowded: bool) -> Hit:
        digits = "".join(filter(str.isdecimal, value))
        public = digits[:-1] in _PUBLIC or len(set(digits)) <= _FEW
        doubtful = value == digits and (hit.note not in _SURE or len(digits) not in _USUAL)
        if len(digits) < _SHORT and not hit.named:
            doubtful = True
        if public or (not hit.named and (crowded or doubtful)):
            return hit._replace(confidence=Confidence.LOW)
        if hit.note not in _SURE and not hit.named:
            return hit._replace(confidence=Confidence.MEDIUM)
        return hit


def _is_row(scene: Scene, hit: Hit) -> bool:
    """Whether more groups of digits stand before or behind, as in a row of numbers."""
    before = scene.content[max(0, hit.start - 2) : hit.start]
    after = scene.content[hit.end : hit.end + 2]
    return before[:1].isdecimal() or (after[1:].isdecimal() and after[0] in " -,")


def _is_crowd(scene: Scene, hit: Hit) -> bool:
    """Whether as long numbers that are no cards stand nearby, or something else is spoken of."""
    start = max(0, hit.start - _AROUND)
    near = scene.content[start : hit.end + _AROUND]
    before = scene.content[max(0, hit.start - 32) : hit.start].rpartition("\n")[2]
    return speaks_of(_OTHERS, f"{scene.header} {before}") or any(
        payment_card(found[0]) is None for found in _PLAIN.finditer(near)
    )


CARD: Final = _Cards(
    RULE,
    "CREDIT_CARD",
    (
        Format(
            pattern=rf"[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}(?:{_GAP}[0-9]{{1,4}})?(?:{_GAP}[0-9]{{1,3}})?"
            rf"|[0-9]{{4}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}}|[0-9]{{6}}{_GAP}[0-9]{{13}}",
            check=payment_card,
            alone=Confidence.HIGH,
        ),
        Format(pattern=r"[0-9]{12,19}", check=payment_card, alone=Confidence.MEDIUM),
    ),
    words=(
        "card", "credit card", "card number", "creditcard", "cardnumber", "cc", "ccn", "cc number", "visa",
        "mastercard", "amex", "american express", "maestro", "jcb", "discover", "diners", "unionpay", "debit",
        "kreditkarte", "kartennummer", "carte", "carte bancaire", "tarjeta", "carta di credito", "cartão",
        "karta", "kort", "payment method", "pan",
    ),
    digits=12,
    rank=8,
)  # fmt: skip
