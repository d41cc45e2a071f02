"""Fixes: what can be done about a finding, as edits of the part in which it stands.

Everything here is offsets, names of variables and ids of rules: no fix holds a raw value. Where
nothing would make a second scan silent, there is no fix.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from ..core.confusables import LOOKALIKES
from ..core.evidence import STARS
from ..core.finding import Edit, Fix, FixKind
from ..core.lazy import lazy
from ..core.location import InAttachment, InCell, InFile, InMetadata, InOutput
from ..core.rule import Family, Kind
from . import environment, ignore
from .code import CodeMender
from .source import Source

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from ..core.artifact import Part, Spot
    from ..core.detector import Match
    from ..sources.document import Document
    from ..sources.position import Lines
    from ..suppression import Directive

_SECRETS: Final = frozenset({Family.SECRET, Family.PII})
_CODE: Final = ("COD", "DEP")
"""How the ids of rules begin that know repairs themselves."""
_LOOKALIKE: Final = "UNI105"
_HIDDEN: Final = frozenset({"UNI101", "UNI102", "UNI103", "UNI104"})
_RUNS: Final = lazy(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_MOST_SPANS: Final = 500
_PAYLOAD: Final = lazy(r"[A-Za-z0-9+/=_%-]{8,}")
_PAYLOAD_LINES: Final = lazy(r"[A-Za-z0-9+/=_%\r\n-]{8,}")
_BASE64: Final = lazy(r"[A-Za-z0-9+/\r\n]{16,}={0,2}\s{0,4}\Z")
_REFERENCE: Final = lazy(r"&#?[0-9A-Za-z]{1,31};\Z")
_WHERE: Final = (
    (InOutput, "in the output"),
    (InMetadata, "in the metadata"),
    (InAttachment, "in the attachment"),
)


class Mender:
    """Finds the fixes of one document's findings; what it learns of a part it keeps."""

    def __init__(
        self,
        document: Document,
        directives: list[Directive],
        lines: Callable[[Part], Lines],
        redact: Callable[[str], str],
        shown: Callable[[str], str],
        cuts: Callable[[Part, int], bool],
    ) -> None:
        """`redact` knows every value that must not be shown, `cuts` where one would be parted.

        `shown` is a name as the place of a finding has it, not always the whole name.
        """
        self.document = document
        self.directives = ignore.Directives(directives)
        self.lines = lines
        self.redact = redact
        self.shown = shown
        self.cuts = cuts
        self._code_mender = CodeMender(document, redact, cuts)
        self._sources: dict[int, Source] = {}
        self._payloads: dict[int, re.Pattern[str]] = {}
        self._runs: dict[tuple[int, re.Pattern[str]], list[tuple[int, int]]] = {}

    def fixes(
        self, match: Match, spots: Sequence[Spot], value: str, *, split: bool
    ) -> tuple[Fix, ...]:
        """The fixes of a match that stands at the first of the spots and at the others.

        `split` says that it goes on in another part, where no edit of this one reaches.
        """
        part = spots[0].part
        if split or part.is_key or self._hides(part):
            return self._only(self._ignore(match.rule.id, spots[0]))
        mended = None
        if match.rule.family in _SECRETS:
            mended = self._secret(match, spots)
        elif match.rule.id.startswith(_CODE):
            mended = self._code_mender.fix(match, spots)
        elif match.rule.id in _HIDDEN:
            mended = self._hidden(spots)
        elif match.rule.id == _LOOKALIKE:
            mended = self._lookalike(spots[0], value)
        return self._only(mended, self._ignore(match.rule.id, spots[0]))

    def without(self, directive: Directive) -> tuple[Fix, ...]:
        """The fix of a suppression that does nothing: it goes, with its line if it stands alone."""
        part = directive.part
        if part is None:
            return ()
        lines = self.lines(part)
        begin, line_end = lines.span(directive.line)
        start, end = begin + directive.column, begin + directive.end
        close = part.text.find("-->", start, end) if part.text.startswith("<!--", start) else -1
        end = end if close < 0 else close + len("-->")
        alone = not part.text[begin:start].strip() and not part.text[end:line_end].strip()
        if alone and self.directives.on(part, directive.line - 1) is None:
            start, end = begin, min(line_end + 1, len(part.text))
        elif close < 0 or not part.text[end:line_end].strip():
            start = begin + len(part.text[begin:start].rstrip())
        edit = Edit(start=start, end=end, replacement="")
        return (
            Fix(kind=FixKind.DELETE, description="Delete the comment", edits=(edit,), safe=True),
        )

    def _only(self, *found: Fix | None) -> tuple[Fix, ...]:
        return tuple(fix for fix in found if fix is not None)

    def _hides(self, part: Part) -> bool:
        """Whether the way to the part holds a value that the report does not show."""
        return any(isinstance(step, str) and self.shown(step) != step for step in part.pointer)

    def _source(self, part: Part) -> Source:
        known = self._sources.get(id(part))
        if known is None:
            known = self._sources[id(part)] = Source(part.text)
        return known

    def _code(self, part: Part) -> Source | None:
        """The source of a cell of code or of a Python file; code in an output is not run."""
        runs = part.kind is Kind.CODE and isinstance(part.place, InCell | InFile)
        return self._source(part) if runs else None

    def _secret(self, match: Match, spots: Sequence[Spot]) -> Fix | None:
        spot = spots[0]
        source = self._code(spot.part)
        if len(spots) > 1:
            return self._all_masked(spots) if source is None else None
        if source is None:
            return self._masked(spot, safe=spot.exact and _is_still(spot.part))
        if spot.exact and match.rule.family is Family.SECRET:
            read = environment.replacement(source, spot.start, spot.end, match.rule, self.redact)
            if read is not None and not self._parts(spot.part, read[1]):
                variable, edits = read
                description = f'Read it from os.environ["{variable}"]'
                return Fix(kind=FixKind.REPLACE, description=description, edits=edits)
        return self._masked_in_code(source, spot)

    def _all_masked(self, spots: Sequence[Spot]) -> Fix | None:
        """One mask for each value of a column."""
        masks = [self._masked(spot, safe=spot.exact) for spot in spots]
        edits = sorted((mask.edits[0] for mask in masks), key=lambda edit: edit.start)
        if any(after.start < before.end for before, after in pairwise(edits)):
            return None
        if any(spot.part is not spots[0].part for spot in spots):
            return None
        return Fix(
            kind=FixKind.MASK,
            description=f"Mask {len(edits)} values",
            edits=tuple(edits),
            safe=all(mask.safe for mask in masks) and _is_still(spots[0].part),
        )

    def _masked_in_code(self, source: Source, spot: Spot) -> Fix | None:
        fix = self._masked(spot, safe=False)
        edit = fix.edits[0]
        if source.tree is None or source.tokens is None or source.is_magic(edit.start, edit.end):
            return fix
        if source.tokens.in_comment(edit.start, edit.end):
            return self._masked(spot, safe=True)
        literal = source.tokens.literal(edit.start, edit.end)
        if literal is not None and "f" not in literal.prefix.lower():
            return fix
        return fix if source.compiles(fix.edits) else None

    def _masked(self, spot: Spot, *, safe: bool) -> Fix:
        start, end = (spot.start, spot.end) if spot.exact else self._payload(spot)
        where = next((text for kind, text in _WHERE if isinstance(spot.part.place, kind)), "")
        if not where:
            where = "in the code" if spot.part.kind is Kind.CODE else "in the text"
        what = "it" if (start, end) == (spot.start, spot.end) else "all of its payload"
        return Fix(
            kind=FixKind.MASK,
            description=f"Mask {what} {where}",
            edits=(Edit(start=start, end=end, replacement=STARS),),
            safe=safe,
        )

    def _payload(self, spot: Spot) -> tuple[int, int]:
        """The whole of the base64 text in which the spot lies: a piece of it would not decode."""
        pattern = self._payloads.get(id(spot.part))
        if pattern is None:
            pattern = _PAYLOAD_LINES if _BASE64.match(spot.part.text) else _PAYLOAD
            self._payloads[id(spot.part)] = pattern
        start, end = self._around(spot.part, pattern, spot.start)
        return (start, end) if spot.end <= end else (spot.start, spot.end)

    def _around(self, part: Part, pattern: re.Pattern[str], offset: int) -> tuple[int, int]:
        """The match of a pattern that holds the character at `offset`, else an empty span there."""
        runs = self._runs.get((id(part), pattern))
        if runs is None:
            runs = [found.span() for found in pattern.finditer(part.text)]
            self._runs[id(part), pattern] = runs
        index = bisect_right(runs, (offset, len(part.text) + 1)) - 1
        inside = index >= 0 and offset < runs[index][1]
        return runs[index] if inside else (offset, offset)

    def _run(self, spot: Spot) -> tuple[int, int]:
        """The span with the hidden characters beside it: alone they would be another finding."""
        before = self._around(spot.part, _RUNS, spot.start - 1) if spot.start else (0, 0)
        after = self._around(spot.part, _RUNS, spot.end)
        first = before[0] if before[1] > before[0] else spot.start
        return first, max(spot.end, after[1])

    def _hidden(self, spots: Sequence[Spot]) -> Fix | None:
        part = spots[0].part
        if len(spots) > _MOST_SPANS or not all(_is_there(spot, part) for spot in spots):
            return None
        edits: list[Edit] = []
        for start, end in sorted(map(self._run, spots)):
            if not edits or start >= edits[-1].end:
                edits.append(Edit(start=start, end=end, replacement=""))
        safe = self._is_safe(part, edits)
        one = len(edits) == 1 and edits[0].end - edits[0].start == 1
        description = "Delete the character" if one else "Delete the characters"
        return Fix(kind=FixKind.DELETE, description=description, edits=tuple(edits), safe=safe)

    def _is_safe(self, part: Part, edits: list[Edit]) -> bool:
        source = self._code(part)
        if source is None:
            return _is_still(part)
        tokens = source.tokens
        return tokens is not None and all(tokens.in_comment(e.start, e.end) for e in edits)

    def _lookalike(self, spot: Spot, value: str) -> Fix | None:
        if spot.part.text[spot.start : spot.end] != value:
            return None
        plain = "".join(LOOKALIKES.get(char, char) for char in value)
        plain = unicodedata.normalize("NFKC", plain)
        if not plain.isascii() or not plain.isidentifier() or self.redact(plain) != plain:
            return None
        edit = Edit(start=spot.start, end=spot.end, replacement=plain)
        return Fix(kind=FixKind.REPLACE, description="Write it in ASCII letters", edits=(edit,))

    def _ignore(self, rule: str, spot: Spot) -> Fix | None:
        part, place = spot.part, spot.part.place
        description = f"Ignore {rule} here, with a reason"
        if self._is_source(part):
            edits = ignore.in_source(
                rule, part, place, self.directives, self._code(part), self.lines(part),
                spot.start, spot.end,
            )  # fmt: skip
            if not edits or self._parts(part, edits):
                return None
            return Fix(kind=FixKind.IGNORE, description=description, edits=edits)
        cell = getattr(place, "cell", None)
        home = self.document.sources.get(cell) if cell is not None else None
        if home is None:
            return None
        where = ignore.elsewhere(rule, self.document, home, self._code(home))
        if where is None:
            return None
        pointer, edits = where
        description = f"Ignore {rule} in this cell, with a reason"
        return Fix(kind=FixKind.IGNORE, description=description, edits=edits, pointer=pointer)

    def _parts(self, part: Part, edits: tuple[Edit, ...]) -> bool:
        """Whether any insertion falls into a secret that goes over several lines."""
        return any(self.cuts(part, edit.start) for edit in edits if edit.start == edit.end)

    def _is_source(self, part: Part) -> bool:
        place = part.place
        return isinstance(place, InCell) or (isinstance(place, InFile) and not self.document.json)


def _is_still(part: Part) -> bool:
    """Whether nothing reads the part but people: a notebook's text, outputs and metadata."""
    return part.kind is Kind.MARKDOWN or not isinstance(part.place, InFile)


def _is_there(spot: Spot, part: Part) -> bool:
    """Whether the spot holds the characters themselves, or one character reference for them."""
    if spot.part is not part:
        return False
    return spot.exact or _REFERENCE.match(part.text[spot.start : spot.end][:40]) is not None
