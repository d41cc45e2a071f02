"""PII101: e-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof, is_named, within
from .rules import personal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene

RULE: Final = personal(
    "PII101",
    "email-address",
    "E-mail address",
    Severity.LOW,
    (
        Example(source="Write to {email} for the data.", flagged=("{email}",), kind=Kind.MARKDOWN),
        Example(source="owner = '{email}'", flagged=("{email}",)),
        Example(source="    name  email\n0  Ada  {email}", flagged=("{email}",), kind=Kind.STREAM),
        Example(source="<_{email}_>", flagged=("{email}",), kind=Kind.MARKDOWN),
        Example(source='url = "https://a.b/?to={email}&x=1"', flagged=("{email}",)),
        Example(source="{email}:hunter2", flagged=("{email}",), kind=Kind.TEXT),
        Example(source='git clone "git@github.com:ada/notes.git"'),
        Example(source="rsync ada@host.uni.edu:~/data .", kind=Kind.TEXT),
        Example(source="ftp://ada@host.uni.edu/x", kind=Kind.TEXT),
        Example(source='to = "user@example.com"'),
        Example(source="noreply@anthropic.com sends it", kind=Kind.MARKDOWN),
        Example(source="@property\ndef a(self): return x@y.T"),
        Example(source="z = weights@layer.to(device) + u@v.me[0]"),
        Example(source="npm install react@18.2.0 next@canary.10", kind=Kind.TEXT),
    ),
    reference="https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
)
_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP: Final = r"(?:xn--[a-z0-9-]{2,24}|[^\W\d_]{2,24})"
_ADDRESS: Final = lazy(
    rf"(?<![^\W_])(?<![.+%-])(?:[oOdD]['\u2019])?[^\W_](?:[\w.+-]{{0,62}}[\w+-])?(?:@|%40)(?:{_LABEL}\.){{1,6}}{_TOP}(?![^\W_]|[@(\[-]|\.[^\W_])"
)
_HIDDEN: Final = lazy(
    rf"(?<![\w.+%-])[^\W_][\w.+-]{{1,62}} ?(?:\[at\]|\(at\)) ?{_LABEL}(?: ?(?:\.|\[dot\]|\(dot\)) ?{_LABEL}){{1,4}}(?!\w)",
    re.IGNORECASE,
)
_NOBODYS: Final = lazy(
    r"(?:no-?_?reply|do-?_?not-?_?reply|git|info|support|contact|hello|help|admin|root|webmaster|postmaster|hostmaster"
    r"|abuse|security|sales|press|jobs|careers|office|team|mail|mailer-daemon|news(?:letter)?|notifications?|service"
    r"|customer-?service|feedback|enquiries|inquiries|billing|orders?|privacy|legal|marketing|media|subscribe|unsubscribe"
    r"|user(?:_?name)?|your[._-]?(?:name|e?mail|user|account)|you|me|my[._-]?(?:name|e?mail)|someone|somebody|anyone|example"
    r"|e?mail|address|test(?:er|user|[._-]?e?mail)?|foo|bar|baz|name|first[._]?(?:name)?[._]?(?:last)?(?:name)?|abc|xyz|xxx+|recipient|sender"
    r"|permissions?|research|community|developers?|docs|partners(?:hips)?|events|hr|hiring|recruit(?:ing|ment)?|reservations|bookings?"
    r"|general|admissions|registrar|editor(?:s|ial)?|copyright|opensource|oss|maintainers|compliance|dpo|datenschutz|kontakt|contacto|contato|buero|presse|vertrieb|enterprise|api(?:-\w+)?"
    r"|customer|client|person|employee|alice|bob|john[._]?doe|jane[._]?doe|j[._]?doe)[._-]?\d{0,3}\Z",
    re.IGNORECASE,
)
_RESERVED: Final = lazy(
    r"(?:\A|\.)(?:example|test|invalid|localhost|local|internal|lan|corp|home)\Z"
    r"|(?:\A|\.)(?:example|domain|yourdomain|your-?company|your-?email|company|mycompany|mysite|acme|email|test|foo|bar|abc|xyz|website|somewhere|anywhere)\.(?:com|org|net|io|co)\Z"
    r"|\.(?:py|js|ts|md|txt|json|ipynb|png|jpe?g|gif|svg|csv|html|git|whl|gz|zip|sh|rs|so)\Z"
    r"|\.gserviceaccount\.com\Z|(?:\A|\.)(?:github|gitlab|bitbucket)\.(?:com|org)\Z|\Ausers\.noreply\.github\.com\Z",
    re.IGNORECASE,
)
"""RFC 2606, RFC 6761, names of files, robots."""
_TOPS: Final = frozenset(
    [
        "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "name", "pro", "aero",
        "coop", "museum", "mobi", "jobs", "travel", "tel", "cat", "asia", "post", "xxx", "app",
        "dev", "page", "blog", "cloud", "online", "site", "website", "store", "shop", "tech",
        "xyz", "club", "live", "life", "email", "digital", "agency", "solutions", "services",
        "consulting", "academy", "bank", "health", "care", "hospital", "clinic", "law", "art",
        "design", "studio", "media", "news", "today", "world", "space", "earth", "green",
        "energy", "ngo", "ong", "swiss", "berlin", "hamburg", "koeln", "cologne", "bayern",
        "wien", "tirol", "saarland", "ruhr", "nrw", "london", "paris", "nyc", "tokyo",
        "amsterdam", "brussels", "vlaanderen", "eus", "gal", "bzh", "scot", "wales", "zuerich",
        "moscow", "sydney", "melbourne", "capetown", "durban", "joburg", "africa", "lat",
        "group", "team", "work", "works", "company", "center", "systems", "network",
        "institute", "foundation", "university", "college", "school", "education", "science",
        "engineering", "software", "finance", "capital", "ventures", "partners", "legal",
        "house", "home", "garden", "family", "social", "chat", "support", "help", "guru",
        "expert", "training", "events", "photo", "photos", "gallery", "video", "music", "games",
        "global", "international", "enterprises", "industries", "technology", "technologies",
        "global", "ltd", "gmbh", "inc", "llc", "limited", "one", "top", "vip", "fun", "icu",
        "click", "link",
    ]
)  # fmt: skip
"""Those besides countries that people are found at; others are no more than likely."""
_SHELL: Final = lazy(r"\b(?:ssh|scp|sftp|rsync|mosh|ssh-copy-id|sshfs)\s[^\n]{0,80}\Z")
_USERINFO: Final = lazy(r"://[^\s/?#\"'<>]{0,96}\Z")
_PATH: Final = lazy(r":(?:~|/|[\w.-]{1,64}/)")
_LINE: Final = 120
_ROBOT: Final = lazy(r"(?:[^0-9]*[0-9]){10}")
_LONG: Final = 20


class EmailAddresses:
    """Addresses of people; those of roles, of robots and of examples are nobody's."""

    rule = RULE
    entity = "EMAIL_ADDRESS"
    words = (
        "email",
        "e-mail",
        "mail",
        "correo",
        "courriel",
        "contact",
        "e mail",
        "correo electrónico",
        "posta elettronica",
    )
    digits = 0
    signs = ("@", "%40", "[at]", "(at)")
    rank = 5
    gate = r"[\pL\pN+_-](?:@|%40)[\pL\pN]|(?i)[\[(]at[\])]"

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in within(_ADDRESS, scene.content, start, end):
            before = scene.content[max(0, found.start() - _LINE) : found.start()]
            if _USERINFO.search(before) or _SHELL.search(before):
                continue
            if not _PATH.match(scene.content, found.end()):
                named = is_named(self.words, scene, found.start(), found.end())
                yield self._hit(found[0], found.start(), named=named)
        for found in within(_HIDDEN, scene.content, start, end):
            yield Hit(found.start(), found.end(), self, Confidence.MEDIUM, Proof.FORM)

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is an address; here also that of a role.

        None is ever at a domain below `.invalid` (RFC 2606): such are pseudonyms.
        """
        if not _ADDRESS.fullmatch(value.removeprefix("mailto:")):
            return None
        unreal = value.lower().endswith(".invalid")
        confidence = Confidence.LOW if unreal else Confidence.HIGH
        return Hit(0, len(value), self, confidence, Proof.STRUCTURE, named=named)

    def _hit(self, value: str, start: int, *, named: bool) -> Hit:
        local, _, domain = value.replace("%40", "@").rpartition("@")
        unreal = _NOBODYS.match(local) or _RESERVED.search(domain)
        robot = len(local) >= _LONG and (_ROBOT.match(local) or local.isalpha())
        doubtful = not named and (len(local) == 1 or not _is_top(domain.rpartition(".")[2]))
        confidence = Confidence.LOW if unreal or robot or doubtful else Confidence.HIGH
        return Hit(start, start + len(value), self, confidence, Proof.STRUCTURE, named=named)


def _is_top(label: str) -> bool:
    """Whether it is a country's, one in another script, or one that is much used."""
    if not label.isascii() or label.startswith("xn--"):
        return True
    if label not in {label.lower(), label.upper()}:
        return False
    return len(label) == len("de") or label.lower() in _TOPS
