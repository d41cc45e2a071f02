"""UNI105: letters of another script that look like ASCII letters, inside identifiers and words.

The table holds the letters of Cyrillic, Greek and Armenian whose UTS #39 skeleton is one ASCII
letter: https://www.unicode.org/Public/security/latest/confusables.txt
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.confusables import LOOKALIKES
from ...core.detector import ByCharacters, Context, Cost, Match
from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.artifact import Text

HOMOGLYPH: Final = Rule(
    id="UNI105",
    name="homoglyph-identifier",
    family=Family.CODE,
    summary="Look-alike letter of another script in a name",
    why="Two names that look the same are not: the code calls something else than it seems.",
    remediation="Type the name again with ASCII letters.",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(1007,),
    reference="https://www.unicode.org/reports/tr39/",
    examples=(
        Example(source="p\u0430ssword = 1", flagged=("p\u0430ssword",)),
        Example(source="\uff45val(x)", flagged=("\uff45val",)),
        Example(source="visit p\u0430ypal.com", flagged=("p\u0430ypal",), kind=Kind.MARKDOWN),
        Example(source="\u0394x = \u03b1 * \u03c3_2 + \u03bcm"),
        Example(source="\u0441\u0443\u043c\u043c\u0430 = 1"),
        Example(source="x\u00b2 and na\u00efve", kind=Kind.MARKDOWN),
        Example(source="\u041f\u0440\u0438\u0432\u0435\u0442 world", kind=Kind.MARKDOWN),
    ),
)
_COMPATIBLE: Final = "\uff21-\uff3a\uff41-\uff5a\u2100-\u214f\U0001d400-\U0001d7ff"
_ANY: Final = re.compile(f"[{''.join(LOOKALIKES)}{_COMPATIBLE}]")
_WORD: Final = re.compile(r"[^\W\d_]\w{0,120}")
_NAMES: Final = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
_SHORTEST: Final = 3


class Homoglyphs(ByCharacters):
    """Looks at words that are not ASCII."""

    rules: ClassVar = (HOMOGLYPH,)
    cost: ClassVar[Cost] = Cost.TYPING
    unusual: ClassVar = _ANY

    def screen(self, content: str) -> bool | None:
        """Whether any look-alike occurs."""
        return (not content.isascii() and _ANY.search(content) is not None) or None

    def detect(self, text: Text, hint: bool, context: Context) -> Iterator[Match]:
        """Yield words that mix ASCII letters with their look-alikes."""
        content = text.text
        if content.isascii() or text.kind is Kind.BINARY or _ANY.search(content) is None:
            return
        for word in _WORD.finditer(content):
            if not word[0].isascii() and _deceives(word[0], text.kind):
                yield _match(word, text.kind)


def _deceives(word: str, kind: Kind) -> bool:
    skeleton = "".join(LOOKALIKES.get(char, char) for char in word)
    if kind is Kind.CODE and unicodedata.normalize("NFKC", skeleton) in _NAMES:
        return True
    if not skeleton.isascii() or len(word) < _SHORTEST:
        return False
    return any(char.isascii() and char.isalpha() for char in word)


def _match(word: re.Match[str], kind: Kind) -> Match:
    strange = sorted({char for char in word[0] if not char.isascii()})
    names = ", ".join(f"U+{ord(char):04X}" for char in strange[:4])
    weak = kind is not Kind.CODE
    return Match(
        rule=HOMOGLYPH,
        start=word.start(),
        end=word.end(),
        label=f"{word[0]} ({names})",
        severity=Severity.LOW if weak else None,
        confidence=Confidence.MEDIUM if weak else None,
    )
