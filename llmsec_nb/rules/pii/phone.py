"""PII102: telephone numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from . import plans
from .recognizer import Hit, Proof, Scene, is_named, strength
from .rules import personal
from .seek import near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RULE: Final = personal(
    "PII102",
    "phone-number",
    "Telephone number",
    Severity.MEDIUM,
    (
        Example(source="Ring {phone} at noon.", flagged=("{phone}",), kind=Kind.MARKDOWN),
        Example(source='mobile = "{phone_us}"', flagged=("{phone_us}",)),
        Example(source="Ada ({phone_us}) is out", flagged=("{phone_us}",), kind=Kind.TEXT),
        Example(source="Tel. {phone_de}", flagged=("{phone_de}",), kind=Kind.TEXT),
        Example(source="phone: {digits9}1", flagged=("{digits9}1",), kind=Kind.TEXT),
        Example(source="2021-03-04 12:33:11", kind=Kind.STREAM),
        Example(source="Call us: 555-0123 or (555) 555-0123", kind=Kind.TEXT),
        Example(source="ISBN 978-3-16-148410-0", kind=Kind.TEXT),
        Example(source="mean 1234567.891 12345678.9", kind=Kind.STREAM),
        Example(source="pages 1234567 - 1234599, id 20151234567", kind=Kind.TEXT),
        Example(source="mobilenet(1234567, phone=None)", kind=Kind.CODE),
        Example(source='"cell_id": "{digits8}"', kind=Kind.DATA),
        Example(source="cell {digits10}", kind=Kind.STREAM),
    ),
    reference="https://www.itu.int/rec/T-REC-E.164",
)
_LOW: Final = Confidence.LOW
_MEDIUM: Final = Confidence.MEDIUM
_HIGH: Final = Confidence.HIGH
_WORDS: Final = (
    "phone", "telephone", "tel", "mobile", "cellphone", "cell phone", "cell number", "cell no", "my cell", "fax", "telefax", "whatsapp",
    "phone number", "mobile number", "contact number", "sms", "hotline", "landline", "msisdn", "mob", "ph",
    "telefon", "telefonnummer", "handy", "handynummer", "mobil", "mobilnummer", "rufnummer", "festnetz",
    "téléphone", "portable", "numéro de téléphone", "teléfono", "telefono", "móvil", "movil", "celular",
    "cellulare", "telefoon", "mobiel", "telefoonnummer", "telefone", "telemóvel", "telefonu", "komórka",
    "komórkowy", "puhelin", "puhelinnumero", "tlf", "tlf nr",
)  # fmt: skip
_TALK: Final = (
    *_WORDS,
    "call",
    "calling",
    "ring",
    "dial",
    "text me",
    "contact",
    "reach",
    "anrufen",
    "appeler",
    "llamar",
)
_BEFORE: Final = r"(?<![\w.,/#$*%&+-])(?<![0-9][ (])(?<![0-9]\.)"
_AFTER: Final = r"(?![\w%]|[.,:/-]?[0-9]|[ -][0-9]{3}|-\w)"
_GAP: Final = "[ .\u00a0\u2010-\u2013-]"
_EXTENSION: Final = (
    r"(?:[ ,;]{0,2}(?:x|[Ee]xt(?:ension)?\.?|EXT\.?|[Dd]urchwahl|[Pp]oste)[ .:]{0,2}[0-9]{1,6})?"
)
_REST: Final = "(?:(?:[ ./\u00a0\u2010-\u2013-]| ?\\(|\\)[ /-]?| [-/\u2013] |/ |- )?[0-9])"
_ABROAD: Final = lazy(
    rf"(?<![\w.,/#$*&%+])(?:\(?\+ ?|(?<![0-9-][ (])(?<!-)\(?00(?=[1-9]))[1-9]{_REST}{{6,14}}{_EXTENSION}{_AFTER}"
)
_AMERICAN: Final = lazy(
    rf"{_BEFORE}(?:(?:\+|00)?1{_GAP}?)?(?:\([0-9]{{3}}\){_GAP}?|[0-9]{{3}}{_GAP})[0-9]{{3}}{_GAP}[0-9]{{4}}{_EXTENSION}{_AFTER}"
    rf"|{_BEFORE}\([0-9]{{3}}\) ?[0-9]{{7}}{_EXTENSION}{_AFTER}"
)
_HOME: Final = lazy(rf"{_BEFORE}\(?0[1-9]{_REST}{{6,10}}{_EXTENSION}{_AFTER}")
_ANY: Final = lazy(rf"{_BEFORE}\(?[0-9]{_REST}{{6,14}}{_EXTENSION}{_AFTER}")
_SHORT: Final = lazy(rf"{_BEFORE}[2-9][0-9]{{2}}-[0-9]{{4}}{_EXTENSION}{_AFTER}")
_TAIL: Final = lazy(r"[ ,;]*[A-Za-z][A-Za-z .:]*[0-9]+\Z")
_CALLED: Final = lazy(
    rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(_WORDS, key=len)[::-1]))})s?(?![^\W_])[^0-9\n]{{0,24}}\Z"
)
_NO_PHONE: Final = lazy(
    r"(?:19|20)[0-9]{2}(?P<a>[-./ ])[01]?[0-9](?P=a)[0-3]?[0-9](?: .*)?"
    r"|[0-3]?[0-9](?P<b>[-./])[0-3]?[0-9](?P=b)(?:19|20)?[0-9]{2}(?: .*)?"
    r"|(?:19|20)[0-9]{2} ?[-\u2010-\u2013/] ?(?:19|20)[0-9]{2}(?: .*)?"
    r"|[0-9]{3}-[0-9]{2}-[0-9]{4}"
    r"|97[89][ -]?[0-9][0-9 -]{9,}"
    r"|(?:[0-9]{4}[ -]){2,4}[0-9]{1,4}"
    r"|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|[0-9]+\.[0-9]+|(?:[0-9]+\. ?)+[0-9]+\.[0-9]{1,2}"
)
"""Dates, spans of years, numbers of social security, ISBN, cards, IP, decimals."""
_THOUSANDS: Final = lazy(r"[1-9][0-9]{0,2}(?: [0-9]{3}){2,}")
_AREAS: Final = lazy(r"[2-9](?!11|9)[0-9]{2}(?!11|.9.{6})[2-9](?!11)[0-9]{6}")
_FICTION: Final = lazy(r"555.{7}|...55501..|(?:123|234)456.{4}|987654.{4}|(.)\1{9}")
"""Numbers of films and manuals; https://en.wikipedia.org/wiki/555_(telephone_number)"""
_EUROPE: Final = ("GB", "FR", "DE", "IT", "NL", "CH", "BE", "AT", "SE", "FI", "IE", "RO")
_REGIONS: Final = (*_EUROPE, "AU", "NZ", "JP", "ZA", "IN", "KR", "TW", "IL", "TR", "NG")
_LONE: Final = (
    "ES",
    "PL",
    "PT",
    "NO",
    "DK",
    "IN",
    "CZ",
    "GR",
    "US",
    "SG",
    "HK",
    "BR",
    "MX",
    "CO",
    "CN",
)
"""Where no 0 comes first."""
_SURE: Final = lazy(
    r"0[1-9](?:(?P<a>[ .-])[0-9]{2}(?:(?P=a)[0-9]{2}){3})"
    r"|\(0[0-9]{1,5}\) ?[0-9]{3,8}(?:[ -][0-9]{2,5}){0,2}"
    r"|0[0-9]{2,4} [0-9]{3,4} [0-9]{3,4}|07[0-9]{3} [0-9]{6}|0[2378] [0-9]{4} [0-9]{4}"
    r"|0[0-9]{2,4}/ ?[0-9]{3,9}|0[0-9]{1,3}-[0-9]{2,4}[ -][0-9]{2,4}(?:[ -][0-9]{2,4})?"
)
"""Groups that few other numbers are written in."""
_TABLE: Final = lazy(
    r"[0-9]\.[0-9]+ | [0-9]+\.[0-9]|(?<![0-9])[0-9] [0-9](?![0-9])|[0-9] \(|[0-9]\.[0-9]{5}"
)
"""Decimals and single digits, as in a row of numbers."""
_FEWEST: Final = 3


class Told(NamedTuple):
    """What is said of a number: its country, and how sure it is without and with words."""

    alone: Confidence | None
    named: Confidence | None
    country: str = ""


def abroad(value: str, digits: str) -> Told | None:
    """With + or 00 and a country code."""
    code = digits.removeprefix("00")
    if len(set(code[1:])) <= 2:
        return None
    country = plans.country_abroad(code)
    plus = "+" in value
    if country and not (code[0] == "1" and _FICTION.fullmatch(code[1:])):
        return Told(_HIGH if plus else _MEDIUM if _groups(value) > 1 else _LOW, _HIGH, country)
    if len(code) < 8 or "+ " in value:
        return Told(None, _LOW)
    grouped = _groups(value) >= _FEWEST and len(code) >= 10 and plus
    return Told(_MEDIUM if grouped and not country else _LOW, _LOW if country else _MEDIUM)


def american(value: str, digits: str) -> Told | None:
    """The ten digits of the North American plan, grouped."""
    number = digits[-10:]
    if len(set(number)) == 1:
        return None
    if _FICTION.fullmatch(number):
        return Told(_LOW, _LOW)
    if not _AREAS.fullmatch(number):
        return Told(_LOW if "(" in value or "-" in value else None, _MEDIUM)
    country = plans.country_in_america(number) or ""
    spaced = len(set(value) - set(digits)) == 1 and " " in value
    return Told(_LOW if spaced else _MEDIUM, _HIGH, country)


def at_home(value: str, digits: str) -> Told | None:
    """With the 0 that is dialled within a country."""
    country = plans.country_at_home(digits, _REGIONS)
    if country is None or len(set(digits)) <= _FEWEST:
        return Told(None, _MEDIUM)
    return Told(_MEDIUM if _SURE.fullmatch(value) else _LOW, _HIGH, country)


def anything(value: str, digits: str) -> Told | None:
    """Seven digits and more beside a word for telephone."""
    if not 7 <= len(digits) <= 15 or len(set(digits)) == 1 or _TABLE.search(value):
        return None
    if _FICTION.fullmatch(digits[-10:]) and not value.startswith("+"):
        return Told(None, _LOW)
    american = plans.country_in_america(digits) if _AREAS.fullmatch(digits) else None
    country = american or plans.country_at_home(digits, _LONE)
    grouped = _groups(value) >= _FEWEST and not _THOUSANDS.fullmatch(value)
    return Told(_LOW if country is not None and grouped else None, _MEDIUM, country or "")


def short(value: str, digits: str) -> Told | None:
    """Seven digits, as within a town of North America."""
    return Told(_LOW, _LOW if digits.startswith("55501") else _MEDIUM)


def _groups(value: str) -> int:
    return len(re.findall("[0-9]+", value))


_FORMS: Final[
    tuple[tuple[re.Pattern[str], Callable[[str, str], Told | None], tuple[str, ...]], ...]
] = (
    (_ABROAD, abroad, ("+", "00")),
    (_AMERICAN, american, ("-", ".", " ", ")", "\u2010", "\u2011", "\u2012", "\u2013", "\u00a0")),
    (_HOME, at_home, ("0",)),
    (_ANY, anything, ("",)),
    (_SHORT, short, ("-",)),
)
"""Each with what one of must stand in the text."""
_LONGEST: Final = 64


class PhoneNumbers:
    """Numbers as they are dialled from abroad, at home, or named as such."""

    rule = RULE
    entity = "PHONE_NUMBER"
    words = _WORDS
    digits = 7
    signs = ()
    rank = 3
    gate = "[0-9](?:[ ()./\\x{a0}\\x{2010}-\\x{2013}-]{0,3}[0-9]){6}"

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        window = scene.content[start : end + _LONGEST]
        for pattern, told, marks in _FORMS:
            if not any(mark in window for mark in marks):
                continue
            for found in near(pattern, scene.content, start, end):
                place, value = _unbracketed(found.start(), found[0])
                if pattern in {_ANY, _HOME} and not pattern.fullmatch(value):
                    continue
                yield from self._hits(scene, place, value, told)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        scene = Scene(value, "phone" if named else "")
        whole = (hit for hit in self.find(scene, 0, 1) if hit.end == len(value) and hit.start == 0)
        return min(whole, key=strength, default=None)

    def _hits(
        self, scene: Scene, start: int, value: str, told: Callable[[str, str], Told | None]
    ) -> Iterator[Hit]:
        bare = _TAIL.sub("", value)
        digits = "".join(filter(str.isdecimal, bare))
        if _NO_PHONE.fullmatch(bare):
            return
        verdict = told(value, digits)
        if verdict is None:
            return
        end = start + len(value)
        named = _is_called(scene, start, end, plain=told is anything and verdict.alone is None)
        confidence = verdict.named if named else verdict.alone
        if confidence is not None:
            proof = Proof.STRUCTURE if verdict.country else Proof.FORM
            yield Hit(start, end, self, confidence, proof, verdict.country, named=named)


def _is_called(scene: Scene, start: int, end: int, *, plain: bool) -> bool:
    """Whether words speak of it: of a plain number directly before it."""
    if not plain:
        return is_named(_TALK, scene, start, end)
    if scene.header and is_named(_WORDS, Scene("", scene.header), 0, 0):
        return True
    before = re.sub("([a-z])([A-Z])", r"\1 \2", scene.content[max(0, start - 48) : start])
    return _CALLED.search(before.lower()) is not None


def _unbracketed(start: int, value: str) -> tuple[int, str]:
    """Without a bracket around all of it."""
    if value.startswith("(") and ")" not in value:
        return start + 1, value[1:]
    return start, value
