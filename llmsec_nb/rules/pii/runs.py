"""Runs of capitalised words: what names of people are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from .gazetteer import FAMILY, GIVEN, NAME, OTHER, either, fold, words

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_UPPER: Final = "A-Z" + "".join(
    char for code in range(0xC0, 0x530) if (char := chr(code)).isupper() and char.isalpha()
)
_LETTER: Final = r"[^\W\d_]"
_FREE: Final = r"(?<![\w@/#$\\.'\u2019-].)"
"""After a first letter: it begins a word, and no part of a path, a name or a number."""
CAPITALISED: Final = (
    rf"[{_UPPER}]{_FREE}{_LETTER}{{0,24}}(?:(?:['\u2019-]|-[Aa]l-){_LETTER}{{1,24}}){{0,3}}"
)
_PARTICLE: Final = (
    r"(?:van der|van den|van de|van|von der|von dem|von|vom|zu|zum|zur|de la|de las|de los|de|del|della|di|da|do|dos"
    r"|das|du|des|le|la|el|al|ter|ten|bin|bint|ibn|ben|af|av|y|e)[ ]"
)
_PREFIX: Final = r"(?:[aAeE][lns]-|d['\u2019])"
TITLES: Final = either(
    "mr mrs ms miss mx dr prof professor doctor sir madam mister herr herrn frau fraulein monsieur madame mademoiselle mme mlle"
    " senor senora senorita sr sra srta don dona signor signora sig dott ing dipl ir drs mevrouw meneer dhr mevr"
    " judge justice senator captain colonel lieutenant sergeant rev reverend father sister pastor rabbi imam sheikh"
    " shri smt pan pani bay hanim docteur maitre president chancellor inspector officer detective nurse coach uncle aunt"
)
_DOTTED: Final = "Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|Srta|Rev|Hon|Sgt|Capt|Lt|Col|Gen|Mme|Mlle|Sig|Dott|Ing|Dipl|Drs|Dhr|Mevr|Smt|Jr|St"
_ITEM: Final = rf"(?:(?:{_DOTTED})\.(?!\w)|[{_UPPER}]\.(?:-?[{_UPPER}]\.){{0,3}}|{CAPITALISED}|{_PREFIX}[{_UPPER}]{_LETTER}{{1,24}})"
_RUN: Final = lazy(
    rf"(?=[{_UPPER}]{_FREE}){_ITEM}(?:(?:,?[ \u00a0]|(?<=\.))(?:{_PARTICLE}){{0,2}}{_ITEM}){{0,9}}(?![\w@\\(\[]|[./-]\w|=\S)"
)
_TOKEN: Final = lazy(rf"(?P<comma>,?)[ \u00a0]{{0,2}}(?:{_PARTICLE}){{0,2}}(?P<item>{_ITEM})")
_CAPITAL: Final = lazy(rf"[{_UPPER}]{_FREE}{_LETTER}{{0,24}}(?:['\u2019]m\b)?")
_GAP: Final = 2
_LONGEST: Final = 600
"""No run of people is longer; without capitals to stop at, each search would go to the end."""
_OWNED: Final = lazy(r"['\u2019][sS]$|['\u2019]$")
_SHAPE: Final = lazy(
    rf"(?:{_PREFIX}|Ma?c|[OD]['\u2019]|De|Di|La|Le|Fitz|Van)?[{_UPPER}](?:(?![{_UPPER}]){_LETTER}){{1,20}}(?:[-'\u2019][{_UPPER}]?(?:(?![{_UPPER}]){_LETTER}){{1,20}}){{0,2}}"
)
_TALK: Final = lazy(
    r"(?:ing|ly|tion|sion|ed|ness|ment|ity|ism|ize|ise|able|ical|ous|ive|ology|ware|ics|less|ful)s?$"
)


class Token(NamedTuple):
    """One word of a run and what is known of it."""

    text: str
    start: int
    end: int
    known: int
    """Bits of the lists."""
    comma: bool
    """A comma stands before it."""
    title: bool
    initial: bool

    @property
    def given(self) -> bool:
        """Whether it is a given name."""
        return self.known & GIVEN != 0

    @property
    def family(self) -> bool:
        """Whether it is a surname."""
        return self.known & FAMILY != 0

    @property
    def name(self) -> bool:
        """Whether it is a name, whatever else it is."""
        return self.known & NAME != 0

    @property
    def sure(self) -> bool:
        """Whether it is nothing but a name."""
        return self.known & NAME != 0 and not self.known & OTHER and len(self.text) > 2

    @property
    def shouted(self) -> bool:
        """Whether it is all capitals."""
        return len(self.text) > 1 and self.text.isupper() and not self.initial

    @property
    def strange(self) -> bool:
        """Whether it may be a name that the lists lack."""
        if self.known or self.title or self.initial:
            return False
        return _SHAPE.fullmatch(self.text) is not None and not _TALK.search(self.text)


def groups(content: str, told: Container[str]) -> Iterator[tuple[int, int]]:
    """Spans of capitalised words that stand together, one of which is a name, a title or `told`."""
    known = words()
    start = end = -9
    promising: int | bool = False
    for found in _CAPITAL.finditer(content):
        first, last = found.span()
        if first > end + _GAP:
            if promising:
                yield start, end
            start, promising = first, False
        end = last
        if not promising:
            word = found[0].lower() if found[0].isascii() else fold(found[0])
            initial = last - first == 1 and content[last : last + 1] == "."
            promising = known.get(word, 0) & NAME or initial or word in told or word in TITLES
    if promising:
        yield start, end


def runs(content: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Spans of runs that begin in [start, end)."""
    last = len(content) if end is None else end
    for found in _RUN.finditer(content, start, last + _LONGEST):
        if found.start() >= last:
            return
        yield found.span()


def tokens(content: str, start: int, end: int) -> list[Token]:
    """The words of a run, in order; possessive endings are no part of them."""
    found: list[Token] = []
    known = words()
    for match in _TOKEN.finditer(content, start, end):
        text = _OWNED.sub("", match["item"])
        at = match.start("item")
        bits = _known(text, known)
        title = fold(text.rstrip(".")) in TITLES
        initial = text[-1] == "." and (len(text) == 2 or text[1] in ".-")
        found.append(Token(text, at, at + len(text), bits, match["comma"] != "", title, initial))
    return found


def _known(text: str, known: dict[str, int]) -> int:
    """Also of a name whose parts are names: Anna-Lena, Meyer-Schmidt; nothing of NaN."""
    if not (text[1:].islower() or text.isupper() or _SHAPE.fullmatch(text)):
        return 0
    folded = fold(text)
    bits = known.get(folded)
    if bits is None and "-" in folded:
        parts = [known.get(part, 0) for part in folded.split("-")]
        if all(part & NAME for part in parts):
            bits = parts[0]
            for part in parts[1:]:
                bits &= part
            bits = bits or FAMILY
    return bits or 0
