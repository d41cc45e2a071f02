"""Formats of credentials as data: what a record says, and the pack that holds all of them.

People write the records as TOML in `formats/`, one file for each field of business; `make pack`
joins them into `formats.json`, which is what is read at run time (TOML takes sixty times longer).
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from ...core.rule import Confidence, Example, Family, Kind, Rule, Severity
from .checks import CHECKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCES: Final = Path(__file__).with_name("formats")
PACK: Final = Path(__file__).with_name("formats.json")


class Format(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One way in which a credential can look: by a pattern of its own, or by its name.

    A format with a `pattern` is known by itself. The pattern is a bounded regular expression
    without assertions at its ends (no letter or digit may stand beside a match: that is added);
    the group `secret` names the secret when it is not the whole match. It begins with one of the
    literal `anchors` (by default its own leading literal), or holds it after at most `back`
    characters. `near` are lower-case words of which one has to stand around it or in the path.

    A format with a `value` (which is read in any case) has nothing of its own: it stands for a
    name, and one of the lower-case `names` occurs in that name, in what it is an argument or
    member of, or close by; the last part of the name then holds one of `keys`. With a telling
    word between them it is also found close behind one of `names`.
    """

    pattern: str = ""
    anchors: tuple[str, ...] = ()
    back: int = 0
    near: tuple[str, ...] = ()
    value: str = ""
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ("key", "token", "secret", "pass", "pwd", "login", "client", "auth")
    check: str = ""
    """The function of `checks` that looks at the secret offline."""


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All formats of one credential, and what people are told about it.

    `what` completes "… in clear text"; `rotate` is the provider's page or manual where it is
    revoked; `variable` is where the provider's own client looks for it; `examples` are sources
    in which `{token}` is found, beyond the usual ones; `negatives` are texts in which nothing is.
    """

    id: str
    name: str
    provider: str
    what: str
    rotate: str
    formats: tuple[Format, ...]
    variable: str = ""
    severity: Severity = Severity.CRITICAL
    confidence: Confidence = Confidence.HIGH
    examples: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()


class Contextual:
    """A value without a format of its own, known by the names around it."""

    def __init__(self, rule: Rule, entry: Format) -> None:
        """Compile nothing yet."""
        self.rule = rule
        self.names = entry.names
        self.keys = entry.keys
        self.check = CHECKS[entry.check] if entry.check else None
        self.pattern = rf"(?:{entry.value})\Z"

    @cached_property
    def value(self) -> re.Pattern[str]:
        """What the whole value has to match, in any case; compiled at its first candidate."""
        return re.compile(self.pattern, re.IGNORECASE)


@cache
def records() -> tuple[Record, ...]:
    """Every record of the pack, by id."""
    return msgspec.json.decode(PACK.read_bytes(), type=tuple[Record, ...])


@cache
def rules_of_records() -> Mapping[str, Rule]:
    """The rule of each record, by id."""
    return {record.id: _rule_of(record) for record in records()}


@cache
def contextual() -> tuple[Contextual, ...]:
    """Every format that goes by names."""
    rules = rules_of_records()
    return tuple(
        Contextual(rules[record.id], entry)
        for record in records()
        for entry in record.formats
        if entry.value
    )


def _rule_of(record: Record) -> Rule:
    return Rule(
        id=record.id,
        name=record.name,
        family=Family.SECRET,
        summary=f"{record.what} in clear text",
        why=(
            f"Whoever sees this file or its history can use the {record.what}. "
            "Notebooks are copied, mailed and published together with their outputs."
        ),
        remediation=f"{_revoke(record)}, then read the new one from the environment.",
        severity=record.severity,
        confidence=record.confidence,
        cwe=(798, 312),
        owasp=("LLM02:2025",),
        atlas=("AML.T0055",),
        reference=record.rotate,
        variable=record.variable,
        examples=_examples(record),
    )


def _revoke(record: Record) -> str:
    """Where to revoke it; a record of many small services has no page of its own."""
    if record.provider.startswith(("a ", "an ")):
        return f"Revoke it where the service issues it (guide: {record.rotate})"
    return f"Revoke it at {record.rotate}"


def _examples(record: Record) -> tuple[Example, ...]:
    """Each format where it is usual, under the provider's name if it needs it; then its own."""
    found: list[Example] = []
    for number, entry in enumerate(record.formats):
        usual = _named(record, entry) if entry.names or entry.near else _bare(entry)
        found += usual if number == 0 else usual[:1]
        if number:
            last = found[-1]
            source = last.source.replace("{token}", f"{{token{number}}}")
            flagged = (f"{{credential{number}}}",)
            found[-1] = Example(source=source, flagged=flagged, kind=last.kind)
    found += [Example(source=source, flagged=_SECRET) for source in record.examples]
    found += [Example(source=source) for source in record.negatives]
    return tuple(found)


def _bare(entry: Format) -> tuple[Example, ...]:
    """For a format that is known wherever it stands; what holds quotes stands in no string."""
    if _QUOTED.search(entry.pattern):
        return _IN_TEXT
    return _USUAL[:-1] if entry.back else _USUAL


def _named(record: Record, entry: Format) -> tuple[Example, ...]:
    """For a format that is known by what is around it."""
    words = (*entry.names, *entry.near)
    keys = entry.keys if entry.value else ("key",)
    name = _name(record.variable, words, keys)
    place = "" if any(word in name.lower() for word in words) else f"# {words[0]}\n"
    if _QUOTED.search(entry.pattern):
        return (Example(source=f"# {words[0]}\n{{token}}", flagged=_SECRET, kind=Kind.STREAM),)
    return (
        Example(source=f'{place}{name.lower()} = "{{token}}"', flagged=_SECRET),
        Example(source=f'{place}os.environ["{name}"] = "{{token}}"', flagged=_SECRET),
        Example(source=f"{place}{name}={{token}}", flagged=_SECRET, kind=Kind.CONFIG),
        Example(source=f'{place}{name} = "{{placeholder}}"'),
    )


def _name(variable: str, words: Sequence[str], keys: Sequence[str]) -> str:
    """A name for the value: the client's variable if it tells, or one made of a telling word."""
    lowered = variable.lower()
    if any(word in lowered for word in words) and any(key in lowered for key in _TELLING & {*keys}):
        return variable
    plain = next((word for word in words if re.fullmatch(r"[a-z][a-z0-9]*", word)), "client")
    return f"{plain}_{'api_key' if 'key' in keys else keys[0]}".upper()


_SECRET: Final = ("{credential}",)
_QUOTED: Final = re.compile(r"[ \"']|\\s")
_TELLING: Final = frozenset({"key", "token", "secret", "pass", "auth"})
_IN_TEXT: Final = (
    Example(source="{token}", flagged=_SECRET, kind=Kind.STREAM),
    Example(source="blob = Zm9v{token}"),
)
_USUAL: Final = (
    Example(source='client = Client("{token}")', flagged=_SECRET),
    Example(source="{token}", flagged=_SECRET, kind=Kind.STREAM),
    Example(source='key = "{placeholder}"'),
    Example(source='blob = "Zm9v{token}YmFy"'),
)


def packed(sources: Path = SOURCES) -> bytes:
    """The pack as the TOML files say it.

    Raises msgspec.ValidationError on a record that is not one.
    """
    found: list[Record] = []
    for path in sorted(sources.glob("*.toml")):
        found += msgspec.toml.decode(path.read_bytes(), type=dict[str, list[Record]])["record"]
    found.sort(key=lambda record: record.id)
    lines = [msgspec.json.encode(record) for record in found]
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


if __name__ == "__main__":
    PACK.write_bytes(packed())
