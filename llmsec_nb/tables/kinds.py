"""The kind of a column as a whole: what nearly all of its values are, and how sure that is.

One value proves little: a check digit fits one number in ten by chance. A thousand values of a
column in which it always fits prove it, and so does a name that speaks of what the values are.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.rule import Confidence
from ..rules.pii.recognizer import Proof, Recognizer, speaks_of
from .bench import DEEP, FIRST
from .forms import NOBODYS
from .gates import for_re2, matches
from .headers import is_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..rules.pii.recognizer import Hit
    from .bench import View

_HALF: Final = 0.5
_MAYBE: Final = 0.3
_NEARLY_ALL: Final = 0.9
_CHANCES: Final = 60
_UNPROVEN: Final = 0.8
_ENOUGH: Final = 20
"""Distinct values with check digits, all of which fit: chance does so once in 10 to the 20th."""
_THINGS: Final = (
    *(
        "ean",
        "gtin",
        "upc",
        "isbn",
        "issn",
        "isin",
        "sku",
        "barcode",
        "asin",
        "lei",
        "cusip",
        "sedol",
    ),
    *("product", "item", "tracking", "parcel", "shipment", "order", "invoice", "serial", "part"),
)
"""Names of numbers with check digits that are of things."""
_RAISED: Final = {
    None: Confidence.MEDIUM,
    Confidence.LOW: Confidence.MEDIUM,
    Confidence.MEDIUM: Confidence.HIGH,
    Confidence.HIGH: Confidence.HIGH,
}


class Kind(NamedTuple):
    """What a column is of.

    `unproven`: its name and the form say so, the check does not. `raised`: that check digits
    always fit made it surer than one value is.
    """

    recognizer: Recognizer
    confidence: Confidence
    named: bool
    proof: Proof
    share: float
    word: int = 0
    unproven: bool = False
    raised: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """The one to choose first."""
        rank = self.confidence.rank, not self.named, self.proof.value
        return *rank, round(-self.share, 1), -self.word, -self.recognizer.rank


def wilson(taken: int, tried: int) -> float:
    """The lower end of the 95 % score interval of a share (Wilson 1927)."""
    if not tried:
        return 0.0
    z = 1.96
    share, part = taken / tried, z * z / tried
    middle = share + part / 2
    spread = z * math.sqrt((share * (1 - share) + part / 4) / tried)
    return max(0.0, (middle - spread) / (1 + part))


def kind_of(view: View, those: Sequence[Recognizer]) -> Kind | None:
    """The kind of most values, if they are of one."""
    first = [text for text, _ in view.values[:FIRST]]
    passed = Counter(number for text in first for number in view.flags.get(text, ()))
    least = max(1, _MAYBE * len(first))
    found = []
    for number, count in passed.items():
        one = those[number]
        if count < least or (view.numeric and not one.digits and one not in view.named):
            continue
        taken = sum(number in view.flags[text] and _takes(one, text) for text in first)
        if taken >= least and (kind := _weighed(view, one)):
            found.append(kind)
    if found:
        return min(_unsure(found), key=lambda kind: kind.order)
    return _by_name(view, passed, those)


def _takes(one: Recognizer, text: str) -> bool:
    return one.judge(text, named=True) is not None


def _weighed(view: View, one: Recognizer) -> Kind | None:
    values = [text for text, _ in view.values[:DEEP]]
    hits = [hit for text in values if (hit := one.judge(text, named=True))]
    if wilson(len(hits), len(values)) < min(_HALF, wilson(len(values), len(values)) * _UNPROVEN):
        return None
    share = len(hits) / len(values)
    proof = Counter(hit.proof for hit in hits).most_common(1)[0][0]
    if one in view.named:
        sure = _common(hits)
        if sure is None:
            return None
        word = view.named[one]
        return Kind(one, sure, named=True, proof=proof, share=share, word=word)
    some = values[:FIRST]
    alone = [hit for text in some if (hit := one.judge(text, named=False))]
    sure = _common(alone) if 2 * len(alone) >= share * len(some) else None
    proven = proof is Proof.CHECKSUM and len(hits) >= _ENOUGH and share >= _NEARLY_ALL
    proven = proven and not speaks_of(_THINGS, view.header)
    listed = one.entity == "PERSON" and len(hits) >= _ENOUGH and share >= _NEARLY_ALL
    if proven or (listed and sure is Confidence.LOW):
        sure = _RAISED[sure]
    elif view.numeric:
        return None
    if sure is None or (view.form in NOBODYS and sure is not Confidence.HIGH):
        return None
    return Kind(one, sure, named=False, proof=proof, share=share, raised=proven)


def _common(hits: Sequence[Hit]) -> Confidence | None:
    return Counter(hit.confidence for hit in hits).most_common(1)[0][0] if hits else None


def _unsure(found: list[Kind]) -> list[Kind]:
    """Where two kinds are proven by check digits alone, neither is more than likely."""
    if len({kind.recognizer.rule.id for kind in found if kind.raised}) < 2:
        return found
    return [kind._replace(confidence=Confidence.MEDIUM) if kind.raised else kind for kind in found]


def _is_avoided(view: View, one: Recognizer) -> bool:
    """Whether the check digit of cards never fits, where by chance one in ten would: pseudonyms."""
    texts = [text for text, _ in view.values[:DEEP]]
    many = one.entity == "CREDIT_CARD" and len(texts) >= _CHANCES
    return many and not any(_takes(one, text) for text in texts)


def _by_name(view: View, passed: Counter[int], those: Sequence[Recognizer]) -> Kind | None:
    """The name speaks of a kind and the values have its form; only the check says no."""
    import pyarrow as pa

    if is_key(view.header):
        return None
    texts = [text for text, _ in view.values[:FIRST]]
    found = []
    for number, count in passed.items():
        one = those[number]
        if one not in view.named or count < _UNPROVEN * len(texts):
            continue
        whole = matches(pa.array(texts), f"^(?:{for_re2(one.gate)})$")
        share = float(whole.mean())
        if share >= _UNPROVEN:
            sure = Confidence.LOW if _is_avoided(view, one) else Confidence.MEDIUM
            made = Kind(one, sure, named=True, proof=Proof.FORM, share=share)
            found.append(made._replace(word=view.named[one], unproven=True))
    return min(found, key=lambda kind: kind.order, default=None)
