"""What another program says of the code, at its place in the cell or file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from ..core.evidence import STARS
from ..core.rule import Confidence, Severity
from .codes import number

if TYPE_CHECKING:
    from ..sources.position import Lines

_QUOTED: Final = re.compile(r"\"[^\"]{0,2000}(?:\"|\Z)|'[^']{0,2000}(?:'|\Z)")
_TICKED: Final = re.compile(r"`([^`]{0,2000})(?:`|\Z)")
_NAME: Final = re.compile(r"[A-Za-z_][\w.=()-]{0,40}")
_LONGEST: Final = 200
_MOST_LINES: Final = 1000
_CODE: Final = re.compile(r"\b[A-Z]{1,5}\d{1,4}\b")
_OWN: Final = re.compile(r"[BS]\d")
_SIGNS: Final = {
    "bandit": ("nosec", re.compile(r"#[ \t]{0,20}nosec\b(?P<codes>[^#\n]{0,200})")),
    "ruff": ("noqa", re.compile(r"#[ \t]{0,20}(?i:noqa)\b(?P<codes>[^#\n]{0,200})")),
}
_READ: Final = 2000
"""Characters of a message that are looked at."""


class Seen(NamedTuple):
    """One finding of a tool. Lines and columns are 0-based, columns count characters.

    They are those of the cell, or of the file where `cell` is None. The message quotes nothing
    of the code; `waived` is the comment by which the author told the tool to be silent.
    """

    tool: str
    code: str
    cell: int | None
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    confidence: Confidence
    message: str
    cwe: int | None = None
    waived: str = ""

    @property
    def lines(self) -> range:
        """The lines that it stands in, of very many the first."""
        return range(self.line, min(self.end_line, self.line + _MOST_LINES) + 1)


class Waivers:
    """The comments of a text by which its author tells one tool to be silent."""

    def __init__(self, tool: str, lines: Lines) -> None:
        """`tool` is bandit, which heeds `# nosec`, or ruff, which heeds `# noqa`."""
        self.word, sign = _SIGNS[tool]
        self._lines: list[int] = []
        self._numbers: list[set[int]] = []
        for found in sign.finditer(lines.text):
            self._lines.append(lines.position(found.start())[0])
            named = _CODE.findall(found["codes"])
            self._numbers.append({number(code) if _OWN.match(code) else 0 for code in named})

    def of(self, one: Seen) -> str:
        """The word of a comment on a line of what is seen, if it speaks of all codes or of its."""
        first, last = bisect_left(self._lines, one.line), bisect_right(self._lines, one.end_line)
        own = number(one.code)
        return self.word if any(not n or own in n for n in self._numbers[first:last]) else ""


def plain(message: str) -> str:
    """A message of a tool without what it quotes of the code.

    Names of interfaces stay, which ruff puts between backticks.
    """
    known = _TICKED.sub(lambda found: _name(found[1]), message[:_READ])
    masked = _QUOTED.sub(STARS, known)
    line = " ".join(masked.split()).rstrip(".:")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _name(text: str) -> str:
    return f"`{text}`" if _NAME.fullmatch(text) else STARS
