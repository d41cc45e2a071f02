"""Presidio's PhoneRecognizer with what its regions have in common done once.

The recognizer asks the matcher of `phonenumbers` about the whole text once for each region, eight
by default. Where candidates stand and which of their parts are tried does not depend on the
region, so the library's own matcher lists them once (walks.py), and each region only judges.

Most parts are judged by one look at their digits, without parsing (`Region.may_hold`). The
argument, for a part that consists of digits, spaces and `-./()[]` or their like beyond ASCII, with
the digits D as the library itself makes them plain:

- There is no extension and no plus sign, since both need another character. So `parse` goes on
  with D, whole, or raises, and what raises is no match.
- If D starts with the region's prefix for calls abroad and no zero follows, a calling code and a
  number of at least two digits must: then D passes.
- Else the calling code is the region's. The significant number N is D, after the calling code
  was taken off or not, and after the national prefix was taken off not at all, once or twice:
  once inside of `_maybe_extract_country_code`, once in `parse`, there with the metadata of the
  code's main region. A rule that rewrites the prefix makes other digits: then D passes.
- `is_valid_number` demands that N is of a known type in one of the regions of the calling code,
  which demands that the whole of N matches that region's general pattern, and one of a type.

One verdict serves several regions (`Walk._scope`) where the region is never asked: for a part that
starts with a plus sign before a known calling code, all; for plain digits that start with neither
the calling code nor a prefix of any region that shares it, these regions: N is D, whichever it is.
Everything else is judged by the library, region by region.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .gates import Gate, gate_for
from .walks import MOST_TRIES, Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXHAUSTIVE: Final = 8_000
"""A text of so many characters cannot use up those tries: each of seven inner patterns costs a
candidate at most one for each of its characters, and the candidate itself costs one."""
_DIGIT: Final = re.compile(r"\d")
_FEWEST_DIGITS: Final = 4
_TYPES: Final = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
    "mobile",
)


def gate(regions: Sequence[str]) -> Gate | None:
    """What a text must hold for a number to be found in it: four digits on one line.

    The digits of a number come from one candidate, and no candidate holds a newline. With a
    plus sign or a prefix for calls abroad they are those of a calling code and a significant
    number, of which the library wants two digits, or ten where the code has but one digit (1
    and 7). Without them, the region says what the shortest is; None if that is less than four.
    """
    from phonenumbers import PhoneMetadata, phonenumbermatcher

    whole = getattr(phonenumbermatcher, "_PATTERN", None)
    candidate = gate_for(whole.pattern, re.IGNORECASE) if whole else None
    if candidate is None or not candidate.by_line:
        return None
    for region in regions:
        metadata: Any = PhoneMetadata.metadata_for_region(region, None)
        if metadata is None or min(metadata.general_desc.possible_length) < _FEWEST_DIGITS:
            return None
    return gate_for(r"\d(?:[^\d\n]*\d){3}", 0)


class Regions:
    """The regions of one recognizer. Holds no text; several threads may use it at once."""

    def __init__(self, regions: Sequence[str]) -> None:
        """Loads the metadata of the regions' calling codes, which takes some milliseconds."""
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

        self._regions = [Region(region) for region in regions]
        self._codes = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))

    def find(self, lines: Sequence[tuple[int, str]], end_of_time: float) -> list[tuple[int, int]]:
        """The spans of numbers in lines that stand at an offset; raises Late.

        Lines come in order and hold no newline; the time is that of `time.monotonic`.
        """
        found: set[tuple[int, int]] = set()
        left = dict.fromkeys((region.code for region in self._regions), MOST_TRIES)
        counting = sum(len(line) for _, line in lines) > EXHAUSTIVE
        for offset, line in lines:
            if _DIGIT.search(line):
                walk = Walk(line, self._regions, self._codes)
                for start, end in walk.spans(left, end_of_time, counting=counting):
                    found.add((offset + start, offset + end))
        return sorted(found)


class Region:
    """What a region says of the digits of a part."""

    def __init__(self, code: str) -> None:
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

        self.code = code
        own: Any = PhoneMetadata.metadata_for_region(code, None)
        calling = own.country_code
        members: list[Any] = [
            PhoneMetadata.metadata_for_region(member, None)
            for member in COUNTRY_CODE_TO_REGION_CODE[calling]
        ]
        starts = [own, members[0]]
        prefixes = {one.national_prefix_for_parsing for one in starts} - {None, ""}
        stripped = "|".join(map(_ungrouped, sorted(prefixes))) or "(?!)"
        numbers = "|".join(f"(?:{_number(member)})" for member in members)
        ways = [f"(?:{calling})?(?:{stripped}){{0,2}}(?:{numbers})"]
        if own.international_prefix:
            ways.append(f"(?:{own.international_prefix})[1-9][0-9]{{2,40}}")
        if any(one.national_prefix_transform_rule for one in starts):
            ways.append(f"(?:{calling})?(?:{stripped})[0-9]*")
        self._ways = re.compile("|".join(f"(?:{way})" for way in ways))
        self.calling = str(calling)
        abroad = {one.international_prefix for one in members} - {None, ""}
        prefixes |= {one.national_prefix_for_parsing for one in members} - {None, ""}
        starts_with = "|".join(map(_ungrouped, sorted({self.calling, *prefixes, *abroad})))
        self._strips = re.compile(starts_with)

    def may_hold(self, digits: str) -> bool:
        """Whether these digits may be a number of the region; False is certain."""
        return self._ways.fullmatch(digits) is not None

    def strips(self, digits: str) -> bool:
        """Whether something before the significant number may be taken off."""
        return self._strips.match(digits) is not None


def _ungrouped(pattern: str) -> str:
    return f"(?:{pattern})"


def _number(metadata: Any) -> str:
    """What a significant number of a known type looks like in a region."""
    types = {
        kind.national_number_pattern
        for kind in (getattr(metadata, name, None) for name in _TYPES)
        if kind is not None and kind.national_number_pattern
    }
    some = "|".join(f"(?:{one})" for one in sorted(types)) or "(?!)"
    return rf"(?=(?:{metadata.general_desc.national_number_pattern})\Z)(?:{some})"


def lines_of(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The lines in spans of a text, each with its offset and without its newline."""
    for start, end in spans:
        at = start
        for line in text[start:end].split("\n"):
            yield at, line
            at += len(line) + 1
