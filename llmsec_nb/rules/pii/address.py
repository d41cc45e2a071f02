"""PII103: street addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof, is_named
from .rules import personal
from .seek import near, seek
from .streets import ENDINGS, ENGLISH, FRENCH, GERMANIC, LAND, OTHERS, SURE_KIND, TAIL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene, Window

RULE: Final = personal(
    "PII103",
    "street-address",
    "Street address",
    Severity.MEDIUM,
    (
        Example(
            source="Lives at {street}, {city_us}.", flagged=("{street}, {city_us}",), kind=Kind.TEXT
        ),
        Example(source='address = "{street}"', flagged=("{street}",)),
        Example(
            source="Anschrift: {street_de}, {city_de}",
            flagged=("{street_de}, {city_de}",),
            kind=Kind.TEXT,
        ),
        Example(source="12 Monkeys Drive to Win", kind=Kind.MARKDOWN),
        Example(source="In 2019 Wall Street fell", kind=Kind.MARKDOWN),
        Example(source="3 Data Park\n4 New Way", kind=Kind.STREAM),
        Example(source="7 Crater Lake, OR", kind=Kind.STREAM),
        Example(source="import c via Module 3", kind=Kind.CODE),
        Example(source="address = 0x12", kind=Kind.CODE),
    ),
)
_BEFORE: Final = r"(?<![\w.,+/#$:-])"
_AFTER: Final = r"(?![\w@(=])"
_HOUSE: Final = lazy(
    r"[0-9](?<![\w.,+/#$:-][0-9])[0-9]{0,4}(?:[A-Za-z]\b|-[0-9]{1,4}| 1/2)?,? (?=[^\W_0-9]|[0-9]{1,3}(?:st|nd|rd|th) )"
)
_CAPITAL: Final = lazy(
    r"[0-9](?<![\w.,+/#$:-][0-9])[0-9]{0,4}(?:[A-Za-z]\b|-[0-9]{1,4}| 1/2)?,? (?=[A-Z]|[0-9]{1,3}(?:st|nd|rd|th) )"
)
_ENDS: Final = dict.fromkeys([*ENDINGS, *(ending.capitalize() for ending in ENDINGS)])
_MEADOW: Final = lazy(
    " (?=[0-9])(?:" + "|".join(f"(?<={re.escape(ending)} )" for ending in _ENDS) + ")"
)
_HEAD: Final = lazy(
    r"\b(?:Calle|C[/.]|Avenida|Avda|Av\.|Plaza|Pza|Paseo|Carrera|Cra|Camino|Ronda|Via|Viale|V\.le|Piazza|P\.zza|Corso"
    r"|C\.so|Vicolo|Largo|Strada|Lungomare|Borgo|Contrada|Rua|R\.|Travessa|Praça|Alameda|Estrada|[Uu]l[.i]|[Aa]l[.e]|os\."
    r"|P\.? ?O|Post|Apartado|Casella|Caixa|PSC|CMR|Unit|US[NSC])"
)
_ENGLISH, _FRENCH, _GERMANIC, _OTHER = (
    lazy(f"{_BEFORE}(?:{form})(?:{TAIL}(?:{LAND})?|{LAND})?{_AFTER}")
    for form in (ENGLISH, FRENCH, GERMANIC, "|".join(OTHERS.values()))
)
_TAILED: Final = lazy(f"(?:{TAIL}(?:{LAND})?|{LAND})\\Z")
_SURE: Final = lazy(SURE_KIND, re.IGNORECASE)
_FICTION: Final = lazy(
    r"(?:123|1234|12345|456|4567|789|1)[A-Z]? (?:Main|Elm|Oak|Maple|Pine|Any|Example|Fake|Sample|Test|Street|Your|Some|First|Cherry)"
    r"|742 Evergreen",
    re.IGNORECASE,
)
"""Where nobody lives but in manuals."""
_YEAR: Final = lazy(r"(?:19|20)[0-9]{2} ")
_CODED: Final = lazy(r"[0-9][0-9A-Z]{2,4}(?:-[0-9]{4})?\Z")
"""A postcode: before a state alone "7 Crater Lake, OR" is a place in a numbered list."""
_LONG: Final = lazy(r"[0-9]{3}")
_BOX: Final = lazy(r"(?:P\.? ?O|Post Office|PSC|CMR|Unit)", re.IGNORECASE)
_WORDS: Final = (
    "address", "street address", "mailing address", "home address", "billing address", "addr", "office",
    "shipping address", "residence", "residing at", "lives at", "live at", "living at", "resides at",
    "located at", "delivered to", "deliver to", "ship to", "adresse", "anschrift", "wohnhaft", "mail to",
    "wohnt in der", "domicile", "dirección", "direccion", "domicilio", "indirizzo", "adres", "send to",
    "endereço", "endereco", "morada", "adress", "bill to",
)  # fmt: skip
"""Streets themselves are no such words: one address would speak of the next."""
_LEAD: Final = 60


class StreetAddresses:
    """House and street, with unit, city, postcode and country where they follow."""

    rule = RULE
    entity = "STREET_ADDRESS"
    words = (*_WORDS, "street", "straße", "strasse")
    digits = 0
    signs = (
        "rue", "calle", "c/", "avenida", "avda", "plaza", "paseo", "carrera", "camino", "via", "viale", "piazza",
        "corso", "vicolo", "largo", "rua", "travessa", "alameda", "ul.", "ulica", "al.", "os.", "p.o", "po box",
        "p.o.", "post office box", "postfach", "postbus", "apartado", "psc", "cmr", "uss", "usns", "usnv", "unit",
    )  # fmt: skip
    rank = 2
    gate = "[0-9]"

    def search(self, content: str) -> Iterator[Window]:
        """Where a house number comes before a capital letter, or behind the ending of a street."""
        yield from seek(_CAPITAL, content)
        yield from seek(_MEADOW, content, _LEAD)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        content = scene.content
        for house in near(_HOUSE, content, start, end, 16):
            for form in (_ENGLISH, _FRENCH):
                yield from self._hits(scene, form, form.match(content, house.start()))
        if end - start == 1:
            return
        for meadow in _MEADOW.finditer(content, start, end + _LEAD):
            first = _beginning(content, meadow.start())
            if start <= first < end:
                yield from self._hits(scene, _GERMANIC, _GERMANIC.match(content, first))
        for head in _HEAD.finditer(content, start, end + 1):
            yield from self._hits(scene, _OTHER, _OTHER.match(content, head.start()))

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        for form in (_ENGLISH, _FRENCH, _GERMANIC, _OTHER):
            found = form.fullmatch(value)
            if found:
                tailed = _TAILED.search(value) is not None
                alone = Confidence.MEDIUM if tailed else Confidence.LOW
                confidence = Confidence.HIGH if named else alone
                return self._hit(0, len(value), confidence, named=named)
        return None

    def _hits(
        self, scene: Scene, form: re.Pattern[str], found: re.Match[str] | None
    ) -> Iterator[Hit]:
        if found is None:
            return
        value = found[0].rstrip()
        end = found.start() + len(value)
        named = is_named(_WORDS, scene, found.start(), end)
        tailed = _TAILED.search(value) is not None
        if form is _ENGLISH and not _SURE.search(value):
            tailed = tailed and _CODED.search(value) is not None
        unsure = form is _ENGLISH and not (tailed or named)
        if unsure and not (_SURE.search(value) or _LONG.match(value)):
            return
        sure = tailed or named or bool(form is _OTHER and _BOX.match(value))
        sure = sure and not _FICTION.match(value)
        if unsure and _YEAR.match(value):
            return
        yield self._hit(
            found.start(), end, Confidence.MEDIUM if sure else Confidence.LOW, named=named
        )

    def _hit(self, start: int, end: int, confidence: Confidence, *, named: bool) -> Hit:
        return Hit(start, end, self, confidence, Proof.FORM, named=named)


def _beginning(content: str, end: int) -> int:
    """Where the street begins that ends at a place: a word, or two if the last one is no name."""
    start = max(0, end - _LEAD)
    words = content[start:end].replace("\n", " ").split(" ")
    kept = words[-2:] if words[-1].lower() in ENDINGS else words[-1:]
    return end - len(" ".join(kept))
