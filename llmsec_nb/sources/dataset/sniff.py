"""How a delimited text is written: delimiter, quotes, and which line names the columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final, Literal, NamedTuple

SAMPLE: Final = 100_000
"""Bytes that are looked at; below the limit that `csv` has for one field."""
UNUSED: Final = "\x1f"
"""The delimiter of a text that has none."""

_DELIMITERS: Final = ",\t;|"
_RECORDS: Final = 200
_NO_NAME: Final = re.compile(r"@|\d{6}|://|^[\d\s.,:/+%$€()-]+$")
_DIGITS: Final = 6
_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_. -]{0,40}")


class Dialect(NamedTuple):
    """`start` is the byte at which the rows begin, `before` are the rows above the names."""

    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    start: int
    before: tuple[list[str], ...]


class _Reading(NamedTuple):
    rows: list[list[str]]
    width: int
    share: float
    delimiter: str
    quoted: bool


def sniff(head: bytes, suffix: str, *, whole: bool, named: bool = True) -> Dialect:
    """The dialect of a text in UTF-8 that starts with `head`; `whole` if that is all of it.

    Unless it may be `named`, its first row is one of values.
    """
    text = head[:SAMPLE].decode("utf-8", "ignore")
    lines = lines_of(text)
    if len(lines) > 1 and not (whole and len(head) <= SAMPLE):
        lines.pop()
    quoted = _records(lines, quoted=True)
    plain = _records(lines, quoted=False)
    preferred = "\t" if suffix in {".tsv", ".tab"} else ","
    readings = [_reading(quoted, plain, delimiter) for delimiter in _DELIMITERS]
    best = max(readings, key=lambda reading: _score(reading, preferred))
    if best.width < 2 or best.share < (0.8 if suffix == ".txt" else 0.51):
        best = _read(quoted, UNUSED, quoted=True)
    return _dialect(best, quoted if best.quoted else plain, named=named)


def fields(record: str, delimiter: str, *, quoted: bool) -> list[str]:
    """The fields of one record; all of it as one where `csv` gives up."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    lines = lines_of(record.rstrip("\r\n"))
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, quoting=quoting))
    except csv.Error:
        return [record]
    return [field for row in rows for field in row]


def lines_of(text: str) -> list[str]:
    """The lines with their ends; unlike `str.splitlines` only CR and LF end one."""
    return list(io.StringIO(text, newline=""))


def _records(lines: list[str], *, quoted: bool) -> list[str]:
    """Lines, joined where a quoted field holds their ends."""
    records: list[str] = []
    is_open = False
    for line in lines:
        if is_open:
            records[-1] += line
        else:
            records.append(line)
        if quoted and line.count('"') % 2:
            is_open = not is_open
        if len(records) > _RECORDS:
            break
    return records


def _read(records: list[str], delimiter: str, *, quoted: bool) -> _Reading:
    rows = [fields(record, delimiter, quoted=quoted) for record in records]
    widths = Counter(len(row) for row in rows if row)
    width, number = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return _Reading(rows, width, number / max(1, widths.total()), delimiter, quoted)


def _reading(quoted: list[str], plain: list[str], delimiter: str) -> _Reading:
    """With quotes, unless they are mere characters: the rows fit much better without."""
    usual = _read(quoted, delimiter, quoted=True)
    bare = _read(plain, delimiter, quoted=False)
    return bare if bare.width > 1 and bare.share > usual.share + 0.1 else usual


def _score(reading: _Reading, preferred: str) -> tuple[float, bool, int, bool]:
    share = round(reading.share, 2) if reading.width > 1 else 0.0
    names = bool(reading.rows) and len(reading.rows[0]) == reading.width
    return share, names, reading.width, reading.delimiter == preferred


def _dialect(best: _Reading, records: list[str], *, named: bool) -> Dialect:
    width = best.width
    first = next((at for at, row in enumerate(best.rows) if len(row) == width), None)
    if first is None:
        return Dialect(best.delimiter, best.quoted, ("column 1",), 0, ())
    names = best.rows[first]
    if not named or not _is_header(names, best.rows[first + 1 :]):
        columns = tuple(f"column {number}" for number in range(1, width + 1))
        return Dialect(best.delimiter, best.quoted, columns, 0, ())
    start = sum(len(record.encode()) for record in records[: first + 1])
    before = tuple(row for row in best.rows[:first] if row)
    return Dialect(best.delimiter, best.quoted, tuple(names), start, before)


def _is_header(names: list[str], rows: list[list[str]]) -> bool:
    """Whether a row names columns. Unsure means no: a row taken for names is not looked at."""
    stripped = [name.strip() for name in names]
    if stripped.count("") > 1 or any(map(_is_no_name, stripped)):
        return False
    if len(names) == 1:
        word = _WORD.fullmatch(stripped[0]) is not None
        return word and (stripped[0].islower() or "_" in stripped[0])
    below = [row for row in rows if len(row) == len(names)]
    return not any(
        name and name == row[index].strip() for row in below for index, name in enumerate(stripped)
    )


def _is_no_name(text: str) -> bool:
    """Whether it is too long, or has digits as no name has: those of years do not count."""
    if len(text) > 64 or _NO_NAME.search(text):
        return True
    return sum(map(str.isdecimal, _YEAR.sub("", text))) >= _DIGITS
