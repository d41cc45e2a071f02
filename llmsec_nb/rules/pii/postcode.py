"""PII108: postcodes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Format, Proof, Verdict, Window, Written, speaks_of
from .rules import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Hit, Scene

RULE: Final = personal(
    "PII108",
    "postcode",
    "Postcode",
    Severity.LOW,
    (
        Example(source="zip code: {zip}", flagged=("{zip}",), kind=Kind.TEXT),
        Example(source="Postcode {postcode_uk} please", flagged=("{postcode_uk}",), kind=Kind.TEXT),
        Example(source="for a, b in zip(x, range({zip})):"),
        Example(source="n = {zip}", kind=Kind.STREAM),
        Example(source="open archive.zip 12345", kind=Kind.TEXT),
    ),
    why="With a date of birth and a sex it singles out most people.",
)
STATES: Final = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY"
    "|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|GU|VI|AS|MP|AA|AE|AP|FM|MH|PW"
)
UK: Final = r"(?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNPR-Y]?|GIR) ?[0-9][ABD-HJLNP-UW-Z]{2}"
"""https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom"""
CANADA: Final = r"[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]"
_STATE: Final = lazy(rf"(?<![A-Za-z])(?:{STATES}),? \Z")
_WORDS: Final = (
    "zip code", "zipcode", "zip+4", "postcode", "post code", "postal code", "postal", "postcode", "plz",
    "postleitzahl", "code postal", "codepostal", "código postal", "codigo postal", "codice postale", "cep",
    "pincode", "pin code", "kod pocztowy", "postnummer", "postinumero", "codpostal",
)  # fmt: skip
_ZIP: Final = lazy(r"(?<![\w.])zip\b ?[:=]? ?[\"']?\Z", re.IGNORECASE)
_FIVE: Final = lazy(r"[0-9](?:(?<=[A-Z][ ,.].)|(?<=[A-Z],[ ].))[0-9]{4}(?![0-9])")
_NEAR: Final = 32


def five(value: str) -> Verdict | None:
    """None that counts or fills."""
    return None if len(set(value)) == 1 else Verdict(Proof.FORM)


class _Postcodes(Written):
    """Postcodes that words speak of; `zip` is such a word in a header, in code it is a function."""

    def search(self, content: str) -> Iterator[Window]:
        """Where five digits stand behind capitals, which may be a state."""
        return (Window(*found.span(), found.start()) for found in _FIVE.finditer(content))

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for hit in super().find(scene, start, end):
            before = scene.content[max(0, hit.start - _NEAR) : hit.start].rpartition("\n")[2]
            if _STATE.search(before):
                yield hit._replace(confidence=Confidence.LOW, country="US")
            elif speaks_of(_WORDS, before) or speaks_of(self.words, scene.header):
                yield hit
            elif _ZIP.search(before):
                yield hit._replace(confidence=Confidence.MEDIUM)


POSTCODE: Final = _Postcodes(
    RULE,
    "ZIP_CODE",
    (
        Format(pattern=r"[0-9]{5}-[0-9]{4}", check=five, alone=Confidence.LOW, named=Confidence.MEDIUM),
        Format(pattern=UK, alone=Confidence.LOW, named=Confidence.MEDIUM),
        Format(pattern=CANADA, alone=Confidence.LOW, named=Confidence.MEDIUM),
        Format(
            pattern=r"[0-9]{4,6}|[0-9]{4} ?[A-Z]{2}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2,3}|[0-9]{5}-[0-9]{3}",
            check=five,
            alone=Confidence.LOW,
            named=Confidence.MEDIUM,
        ),
    ),
    words=(*_WORDS, "zip"),
    digits=0,
    signs=(
        "zip", "zipcode", "postcode", "post code", "postal", "plz", "postleitzahl", "codepostal", "cep", "pincode",
        "pin code", "kod pocztowy", "postnummer", "postinumero", "codice postale",
    ),
    rank=1,
)  # fmt: skip
RECOGNIZERS: Final = (POSTCODE,)
