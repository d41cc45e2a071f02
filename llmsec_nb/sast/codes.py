"""The checks of bandit and ruff by their numbers, and which of our rules say the same.

Both count alike: ruff's S602 is bandit's B602.
Source: https://bandit.readthedocs.io/en/latest/plugins/
"""

from __future__ import annotations

from typing import Final

from ..core.rule import Severity

SECRETS: Final = frozenset({105, 106, 107})
"""Passwords in the code: they have rules of their own, which find more and quote nothing."""

_EXEC: Final = ("COD020", "COD021", "COD075")
_SHELL: Final = ("COD022", "COD023", "DEP")
_DIGEST: Final = ("COD060",)
_CIPHER: Final = ("COD066",)
_PLAIN: Final = ("COD067",)
_XML: Final = ("COD065",)
_TLS: Final = ("COD040",)
_HTML: Final = ("COD032", "COD070")
_SAME: Final[dict[int, tuple[str, ...]]] = {
    102: _EXEC,
    103: ("COD069",),
    104: ("COD051",),
    108: ("COD064",),
    113: ("COD042",),
    201: ("COD052",),
    202: ("COD062",),
    301: ("COD001", "COD002", "COD003", "COD006", "COD031"),
    302: ("COD002",),
    303: _DIGEST,
    304: _CIPHER,
    305: _CIPHER,
    306: ("COD063",),
    307: _EXEC,
    308: _HTML,
    310: ("COD041", "COD071", "COD072", "DEP"),
    312: _PLAIN,
    **dict.fromkeys(range(313, 321), _XML),
    321: _PLAIN,
    323: _TLS,
    324: (*_DIGEST, "COD066"),
    401: (*_PLAIN, "COD073"),
    402: (*_PLAIN, "COD073"),
    **dict.fromkeys(range(405, 411), _XML),
    411: (*_XML, "COD073"),
    412: ("COD073",),
    413: (*_CIPHER, "COD073"),
    415: (*_PLAIN, "COD073"),
    **dict.fromkeys(range(501, 505), _TLS),
    505: _CIPHER,
    506: ("COD004",),
    507: ("COD068",),
    508: _PLAIN,
    509: _PLAIN,
    **dict.fromkeys((*range(601, 608), 609), _SHELL),
    608: ("COD024", "COD025"),
    610: ("COD024", "COD025"),
    611: ("COD024", "COD025"),
    612: ("COD051",),
    614: ("COD001",),
    615: ("COD010", "COD011", "COD074"),
    701: _HTML,
    702: _HTML,
    703: _HTML,
    704: _HTML,
}
_MINOR: Final = frozenset({101, 110, 112, 311, 403, 404, *range(405, 412), 603, 606, 607})
"""What bandit itself calls low; ruff has no severities."""
_HINTS: Final = frozenset({"COD071", "COD073", "COD074", "COD075"})
_HARMLESS: Final = frozenset(
    {103, 104, 108, 301, 302, 308, *range(313, 321), 506, 609, 701, 702, 703, 704}
)
"""Checks that say of a call or a value what is true of it with others than those in it."""


def number(code: str) -> int:
    """The number in a code such as B602; 0 where there is none."""
    digits = code[1:]
    return int(digits) if digits.isdecimal() and len(digits) <= 4 else 0


def says_the_same(rule_id: str, code: str) -> bool:
    """Whether a rule of ours says of a line what the check of that code says."""
    found = number(code)
    if rule_id == "COD076":
        return found in _HARMLESS
    return rule_id.startswith(_SAME.get(found, ("?",)))


def rules_like(code: str) -> tuple[str, ...]:
    """Ids of our rules that say what the check says, none for most checks that are minor.

    Those are left out that are of low confidence by themselves: as a rule nobody sees them.
    """
    return tuple(one for one in _SAME.get(number(code), ()) if one != "DEP" and one not in _HINTS)


def usual(code: str) -> Severity:
    """The severity of a check of ruff."""
    return Severity.LOW if number(code) in _MINOR else Severity.MEDIUM
