"""Names with values: what a text calls a key, a token or a password, and what it sets it to."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from ...core.lazy import lazy
from ...core.rule import Kind
from .names import WORDS, Sort, sort_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.artifact import Text

_NAME_CHARS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.ñç"
_LONGEST_NAME: Final = 80
_MOST_IN_A_LIST: Final = 20
_LONG: Final = 1_000
_LONGEST_VALUE: Final = 4_000
_QUOTE: Final = r"""(?P<quote>\"\"\"|'''|\\{1,3}["'`]|["'`])"""
_CONVERSION: Final = (
    r"(?:(?:new[ ]|std::)?(?:[A-Za-z_]\w{0,30}[.:]{1,2}){0,3}"
    r"(?:[A-Za-z]{0,20}(?:[Ss]tring|[Ss]tr|[Bb]ytes|[Dd]ecode|[Ss]ecret|[Pp]assword|[Cc]redentials?|[Vv]alue)[A-Za-z0-9]{0,8}|String|Some|toCharArray|literal|b64decode|from|[a-z]{1,3})"
    r"[({][ \t]{0,8}){0,2}"
)
_FOLLOWS: Final = frozenset("\\\"'`*[])}: \t\r\n=|?+!~.-<>,(")
"""Characters that may stand between a name and its value."""
_STRING: Final = lazy(
    rf"(?:\([ \t]{{0,16}})?(?:\\?\r?\n[ \t]{{0,80}})?{_CONVERSION}(?:[rbuflRBUFL@$]{{0,2}}){_QUOTE}"
)
_ITEM: Final = lazy(rf"[ \t\r\n]{{0,80}}[rbuRBU]{{0,2}}{_QUOTE}")
_NEXT: Final = lazy(r"[ \t\r\n]{0,40},")
_AFTER: Final = lazy(
    r"""(?P<close>\\{0,3}["'`]|\*{2})?[\])]{0,2}
    (?:
        [ \t]{0,16}
        (?: : [ \t]{0,4}[&A-Za-z_]['\w.\[\]<>|?& ]{0,40}(?==)
          | [ \t]{1,4}[A-Za-z_*\[][\w.\[\]<>*]{0,30}[ \t]{1,4}(?=:?=)
          | \[[0-9]{0,6}\][ \t]{0,4}(?==) )?
        (?:(?:provided|supplied|given|received|rejected|used)(?=:))?
        (?P<sign>\|\|=|\?\?=|:{1,3}=|[?+!~.]={1,3}|={1,3}>?|->|<-|~>|:-|:(?!:))[ \t]{0,40}
      | [ \t]{0,8},[ \t\r\n]{0,40}(?P<comma>)
      | [ \t]{0,4}\([ \t\r\n]{0,40}(?P<call>)
      | [ \t]{0,4}(?:\|\||\?\?|\?:|or\b)[ \t]{0,4}(?P<otherwise>)
      | [ \t]{1,16}\|[ \t]{1,16}(?P<bar>)
      | </key>\s{0,40}<string(?P<plist>)>
      | [,}]?\s{1,40}["']?(?:value|content|defaultValue)(?P<value>["']?[ \t]{0,4}[:=]>?)[ \t]{0,8}
      | (?:[ \t][^<>\r\n]{0,120})?(?P<tag>>)\s{0,80}
      | [ \t]{1,4}(?:is|was|are|ist|lautet|est|es)[ \t]{1,4}(?P<verb>)
      | (?P<space>[ \t]{1,16})
    )""",
    re.VERBOSE,
)
_AS: Final = lazy(r" (?:as|for) (?:(?:the|your|my|our|a|an) )?\Z")
_LONGEST_LINK: Final = 12
_SCHEMES: Final = (
    r"(?:Bearer|Basic|Token|token|bearer|basic|ApiKey|Apikey|apikey|Key|SSWS|JWT)[ ]{1,4}"
)
_SCHEME: Final = lazy(_SCHEMES)
_BARE: Final = lazy(rf"""(?:{_SCHEMES})?(?P<bare>[^\s"'`,;<>()\[\]{{}}|\\]{{4,4000}})""")
_LINE: Final = lazy(r"(?P<bare>[^\s\"'#<>\[{|&*!][^\r\n#]{3,4000})")
_TAG_TEXT: Final = lazy(r"(?P<bare>[^\s<>]{4,4000})\s{0,80}</")
_NAMES: Final = lazy(r"\\?[\"'`][ \t]{0,8}(?::|=)")
_MORE: Final = lazy(r"&[\w.%-]{1,60}=|&amp;")
_SEVERAL: Final = lazy(r"\s(?:--?[A-Za-z]|[A-Za-z_]\w{1,40}=|\\|&&|#|//)|, ?[\w.-]{1,40} ?[:=]")
_LINE_START: Final = lazy(r"[ \t]{0,40}(?:(?:export|set|ENV|ARG|-)[ \t]{1,4})?[\w.\"'/-]{0,80}\Z")
_SHELL_LINE: Final = lazy(
    r"[ \t]{0,16}(?:%(?:set_)?env\b|[!%]|export\b|set\b|ENV\b|ARG\b|[#][ \t]*%|\$[ ]|curl\b|docker\b)"
)
_ENV: Final = lazy(r"[ \t]{0,16}(?:%(?:set_)?env|ENV|ARG|machine\b.{0,80}|login\b.{0,80})[ ]\Z")
_FLAG: Final = lazy(r"--?[A-Za-z]")
_BARE_KINDS: Final = frozenset({Kind.CONFIG, Kind.STREAM, Kind.TEXT, Kind.MARKDOWN})
_SOURCES: Final = frozenset(
    [
        ".py",
        ".pyi",
        ".go",
        ".java",
        ".kt",
        ".kts",
        ".scala",
        ".rb",
        ".php",
        ".js",
        ".mjs",
        ".cjs",
        ".ts",
        ".jsx",
        ".tsx",
        ".cs",
        ".c",
        ".cc",
        ".cpp",
        ".h",
        ".hpp",
        ".rs",
        ".swift",
        ".m",
        ".mm",
        ".dart",
        ".lua",
        ".pl",
        ".pm",
        ".hs",
        ".erl",
        ".ex",
        ".exs",
        ".clj",
        ".groovy",
        ".gradle",
        ".r",
        ".jl",
        ".vb",
        ".vue",
        ".svelte",
        ".coffee",
        ".sol",
    ]
)
_CONFIGS: Final = frozenset(
    [
        ".conf",
        ".cnf",
        ".properties",
        ".config",
        ".env",
        ".ini",
        ".cfg",
        ".example",
        ".creds",
        ".cnf",
        ".ps1",
        ".bat",
        ".cmd",
    ]
)
_SHELL_MAGICS: Final = ("%%bash", "%%sh", "%%script", "%%writefile .env", "%%writefile env")


class How(Enum):
    """How a value stands for its name."""

    QUOTED = "a string literal"
    BARE = "bare words"
    SOURCE = "bare words in source code, most often a variable's name"
    CALL = "the argument of a call"
    DATA = "a member, a cell or an element, whose extent is known"
    PAIRED = "a string literal beside another that may be its name"
    PROSE = "after a verb"


class Assignment(NamedTuple):
    """A value that a text gives to a name, and how; `context` are names of what it belongs to."""

    name: str
    start: int
    end: int
    value: str
    how: How
    context: str = ""


class Reader:
    """Reads one text. Places are asked for in order, so that each line is searched once."""

    def __init__(self, text: Text, path: str) -> None:
        """`path` says which language a text without cells is in."""
        self.text = text
        self.content = text.text
        suffix = PurePosixPath(path).suffix.lower()
        self.is_source = text.kind in {Kind.CODE, Kind.SCRIPT} or suffix in _SOURCES
        self.is_config = text.kind is Kind.CONFIG or suffix in _CONFIGS or _is_dockerfile(path)
        shell = text.kind is Kind.CODE and self.content[:200].lstrip().startswith(_SHELL_MAGICS)
        self.takes_bare = shell or (text.kind in _BARE_KINDS and not self.is_source)
        self._line = (0, -1)
        self._read_to = 0  # the end of a long value: names inside of it are a part of it
        self._unclosed: dict[str, tuple[int, int]] = {}

    def line_of(self, place: int) -> tuple[int, int]:
        """Start and end of the line that holds a place."""
        if not self._line[0] <= place <= self._line[1]:
            start = self.content.rfind("\n", 0, place) + 1
            end = self.content.find("\n", place)
            self._line = (start, len(self.content) if end < 0 else end)
        return self._line

    def read(self, places: Iterable[int]) -> Iterator[Assignment]:
        """Every value after a name that holds one of the words, which stand at `places`."""
        last_end = -1
        for place in places:
            if place < last_end:
                continue
            start, end = self._name_around(place)
            last_end = max(end, place + 1)
            name = self.content[start:end].rstrip(".-")
            if name and end - start <= _LONGEST_NAME:
                yield from self._after_name(start, start + len(name), name)
                if self.content[max(0, start - 1) : start] == " ":
                    yield from self._before_name(start, name)

    def _name_around(self, place: int) -> tuple[int, int]:
        before = self.content[max(0, place - _LONGEST_NAME) : place]
        after = self.content[place : place + _LONGEST_NAME]
        start = place - len(before) + len(before.rstrip(_NAME_CHARS))
        return start, place + len(after) - len(after.lstrip(_NAME_CHARS))

    def _after_name(self, start: int, end: int, name: str) -> Iterator[Assignment]:
        if self.content[end : end + 1] not in _FOLLOWS:
            return
        found = _AFTER.match(self.content, end)
        if found is None:
            return
        position = found.end()
        if found["otherwise"] is not None:
            yield from self._string(position, name, How.PAIRED)
        elif found["sign"] is not None or found["value"]:
            yield from self._after_sign(start, position, name, found["sign"] or "=")
        elif found["comma"] is not None:
            if found["close"] and self.content[max(0, start - 1) : start] in {'"', "'", "`"}:
                yield from self._listed(position, name)
        elif found["call"] is not None:
            yield from self._string(position, name, How.CALL)
        else:
            yield from self._after_gap(start, name, found)

    def _before_name(self, start: int, name: str) -> Iterator[Assignment]:
        """`use … as the key`."""
        line = max(self.line_of(start)[0], start - _LONGEST_VALUE)
        tail = self.content[max(line, start - _LONGEST_LINK) : start]
        link = _AS.search(tail)
        if link is None or (self.is_source and "#" not in self.content[line:start]):
            return
        last = start - len(tail) + link.start()
        first = max(line, self.content.rfind(" ", line, last) + 1)
        value = self.content[first:last]
        stripped = value.strip("\"'`*,;()")
        if stripped:
            first += value.index(stripped)
            yield Assignment(name, first, first + len(stripped), stripped, How.PROSE)

    def _after_gap(self, start: int, name: str, found: re.Match[str]) -> Iterator[Assignment]:
        position = found.end()
        if found["tag"] or found["plist"] is not None:
            yield from self._in_tag(start, position, name, plist=found["tag"] is None)
        elif found["bar"] is not None and self.takes_bare:
            quoted = list(self._string(position, name, How.QUOTED))
            yield from quoted or self._bare(_BARE, position, name, How.BARE)
        elif found["verb"] is not None:
            yield from self._after_verb(position, name)
        elif found["space"] is not None and found["close"] in {None, "", "**"}:
            yield from self._after_space(start, position, name, len(found["space"]))

    def _after_sign(self, start: int, position: int, name: str, sign: str) -> Iterator[Assignment]:
        found = list(self._string(position, name, How.QUOTED))
        if found:
            yield from found
        elif self.content.startswith("[", position):
            yield from self._list(position + 1, name)
        elif self._is_query(start, sign) or self._is_default(start, sign):
            yield from self._bare(_BARE, position, name, How.BARE)
        elif self.takes_bare or self._is_shell(start):
            line = self.text.kind is Kind.CONFIG and self._starts_line(start)
            yield from self._bare(_LINE if line else _BARE, position, name, How.BARE)
        elif self.is_source:
            yield from self._bare(_BARE, position, name, How.SOURCE)

    def _string(self, position: int, name: str, how: How) -> Iterator[Assignment]:
        opening = _STRING.match(self.content, position)
        if opening is not None:
            yield from self._quoted(opening, name, how)

    def _quoted(self, opening: re.Match[str], name: str, how: How) -> Iterator[Assignment]:
        first = opening.end()
        last = self._closing(opening["quote"], first)
        if last > first:
            yield self._stripped(first, last, name, how)

    def _closing(self, quote: str, first: int) -> int:
        """Where the quote is closed on the same line; -1 if it is not.

        What was searched in vain is not searched again.
        """
        limit = min(self.line_of(first)[1], first + _LONGEST_VALUE)
        start, end = self._unclosed.get(quote, (0, 0))
        position = self.content.find(quote, end if start <= first < end else first, limit)
        while position > first and self._is_escaped(quote, first, position):
            position = self.content.find(quote, position + 1, limit)
        if position < 0:
            self._unclosed[quote] = (first, max(limit, end if start <= first < end else limit))
        return position

    def _is_escaped(self, quote: str, first: int, position: int) -> bool:
        before = self.content[max(first, position - 8) : position]
        return quote[0] != "\\" and (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def _listed(self, position: int, name: str) -> Iterator[Assignment]:
        """The string after a name in a list of arguments, unless it is a name itself."""
        for found in self._string(position, name, How.PAIRED):
            if not _NAMES.match(self.content, found.end):
                yield found

    def _list(self, position: int, name: str) -> Iterator[Assignment]:
        for _ in range(_MOST_IN_A_LIST):
            opening = _ITEM.match(self.content, position)
            last = self._closing(opening["quote"], opening.end()) if opening else -1
            if opening is None or last <= opening.end():
                return
            yield self._stripped(opening.end(), last, name, How.QUOTED)
            following = _NEXT.match(self.content, last + len(opening["quote"]))
            if following is None:
                return
            position = following.end()

    def _stripped(self, first: int, last: int, name: str, how: How) -> Assignment:
        """The value without blanks and the scheme of a header."""
        scheme = _SCHEME.match(self.content, first, last)
        first = scheme.end() if scheme and scheme.end() < last else first
        value = self.content[first:last]
        stripped = value.strip()
        first += len(value) - len(value.lstrip())
        return Assignment(name, first, first + len(stripped), stripped, how)

    def _bare(
        self, pattern: re.Pattern[str], position: int, name: str, how: How
    ) -> Iterator[Assignment]:
        found = pattern.match(self.content, position) if position >= self._read_to else None
        if found is None:
            return
        first, last = found.span("bare")
        if last - first > _LONG:
            self._read_to = last
        value = found["bare"]
        if pattern is _LINE:
            several = _SEVERAL.search(value)
            value = value[: several.start()] if several else value
        more = _MORE.search(value)
        value = (value[: more.start()] if more else value).rstrip(
            ".,;:!?)" if how is How.PROSE else ".,;: \t"
        )
        if how is How.SOURCE and self.content[last : last + 1] in {"(", "[", "<", "{"}:
            return
        if value:
            yield Assignment(name, first, first + len(value), value, how)

    def _in_tag(self, start: int, position: int, name: str, *, plist: bool) -> Iterator[Assignment]:
        line = self.content.rfind("<", max(0, start - 200), start)
        if not plist and (line < 0 or ">" in self.content[line:start]):
            return
        found = _TAG_TEXT.match(self.content, position)
        if found is not None:
            yield Assignment(name, *found.span("bare"), found["bare"], How.DATA)

    def _after_verb(self, position: int, name: str) -> Iterator[Assignment]:
        if self.is_source and self.text.kind is not Kind.CODE:
            return
        found = list(self._string(position, name, How.PROSE))
        yield from found or self._bare(_BARE, position, name, How.PROSE)

    def _after_space(
        self, start: int, position: int, name: str, width: int
    ) -> Iterator[Assignment]:
        found = list(self._string(position, name, How.PAIRED))
        if found:
            yield from found if name.lower() != "pass" else ()
            return
        begin = max(self.line_of(start)[0], start - 200)
        takes = (
            _FLAG.match(name) is not None
            or _ENV.match(self.content[begin:start]) is not None
            or (self.takes_bare and width > 1)
        )
        if takes and (self.takes_bare or self._is_shell(start) or self.text.kind is Kind.CODE):
            yield from self._bare(_BARE, position, name, How.BARE)

    def _is_query(self, start: int, sign: str) -> bool:
        return sign == "=" and self.content[max(0, start - 1) : start] in {"?", "&", ";"}

    def _is_default(self, start: int, sign: str) -> bool:
        return sign in {":-", ":="} and self.content.endswith("${", 0, start)

    def _starts_line(self, start: int) -> bool:
        line = self.line_of(start)[0]
        return start - line <= 200 and _LINE_START.match(self.content[line:start]) is not None

    def _is_shell(self, start: int) -> bool:
        return _SHELL_LINE.match(self.content, self.line_of(start)[0]) is not None


def _is_dockerfile(path: str) -> bool:
    return "dockerfile" in PurePosixPath(path).name.lower()


def of_fields(text: Text) -> Iterator[Assignment]:
    """The fields whose names tell something."""
    content = text.text
    for name, start, end in text.fields:
        lowered = name.lower()
        if any(word in lowered for word in WORDS):
            scheme = _SCHEME.match(content, start, end)
            first = scheme.end() if scheme and scheme.end() < end else start
            yield Assignment(name, first, end, content[first:end], How.DATA, name)


def is_telling(name: str) -> bool:
    """Whether a name stands for a password, a secret or some key."""
    return sort_of(name) is not Sort.NOTHING
