"""Words before a name that say that one comes."""

from __future__ import annotations

import re
from typing import Final

from ...core.lazy import lazy
from .gazetteer import either

_CUE: Final = lazy(
    r"\b(?:(?:my|his|her|full|first|last) name(?: is|['\u2019]s)|name(?: is|:)|I am|I['\u2019]m|called|named"
    r"|(?:signed|written|prepared|reported|reviewed|approved|managed) by"
    r"|(?:patient|customer|client|author|contact|owner|employee|manager|from|to|cc|attn|attention|signed|dear|hi|hello|hey|user):?"
    r"|ich heiße|mein Name ist|je m['\u2019]appelle|me llamo|mi chiamo|(?:regards|wishes|sincerely|best|cheers|thanks|love|yours),)\s{0,3}\Z",
    re.IGNORECASE,
)
_WEAK: Final = either(
    "called named by from to cc user client customer owner contact manager author employee"
)
"""After these only a name that the lists know is one."""
CUES: Final = either(
    "name patient customer client author contact owner employee manager from to cc attn attention signed dear hi hello hey user i i'm regards wishes sincerely best cheers thanks love yours"
)
LOWER_CUES: Final = (
    "egards,\n", "incerely,\n", "wishes,\n", "hanks,\n", "heers,\n", "name is ", "called ", "named ", "heiße ", "Name ist ", "appelle ", "llamo ", "chiamo ",
    "signed by ", "written by ", "prepared by ", "reported by ", "reviewed by ", "approved by ", "managed by ",
)  # fmt: skip
_SAYING: Final = CUES | either(
    "is i'm am name's m'appelle by called named ist heiße appelle llamo chiamo"
)
BACK: Final = 32


def cue_before(content: str, start: int) -> int:
    """Whether the words before say that a name comes: 2, perhaps: 1, or not: 0."""
    before = content[max(0, start - BACK) : start]
    said = before.rstrip(" \n:,").rpartition(" ")[2].rpartition("\n")[2].lower()
    said = said.replace("\u2019", "'").lstrip("\"'(>*_")
    if said not in _SAYING or not _CUE.search(before):
        return 0
    return 1 if said in _WEAK else 2
