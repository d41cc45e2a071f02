"""Protocols that do not say who is at the other end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Severity
from .look import SiteDetector, hit, last
from .rules import bad, code, good

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.rule import Rule
    from .look import Around

OLD: Final = code(
    "COD067",
    "plain-protocol",
    "a protocol without encryption",
    Severity.MEDIUM,
    "Telnet and FTP send passwords and data so that anyone on the way can read and change them.",
    "Use SSH, SFTP or HTTPS.",
    cwe=319,
    reference="https://cwe.mitre.org/data/definitions/319.html",
    examples=(
        bad("import ftplib\nf = ftplib.FTP(host)", "ftplib.FTP(host)"),
        bad("from telnetlib import Telnet\nt = Telnet(host)", "Telnet(host)"),
        good("import ftplib\nf = ftplib.FTP_TLS(host)"),
        good("import paramiko\nt = paramiko.Transport(host)"),
    ),
)  # fmt: skip
HOST_KEY: Final = code(
    "COD068",
    "ssh-host-key",
    "any SSH host is trusted",
    Severity.MEDIUM,
    "Without a known host key another machine can take the server's place.",
    "Load the known hosts and use `paramiko.RejectPolicy()`.",
    cwe=295,
    reference="https://docs.paramiko.org/en/stable/api/client.html",
    examples=(
        bad("import paramiko\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())", "c.set_missing_host_key_policy(paramiko.AutoAddPolicy())"),
        bad("import paramiko as p\nc.set_missing_host_key_policy(p.WarningPolicy)", "c.set_missing_host_key_policy(p.WarningPolicy)"),
        good("import paramiko\nc.set_missing_host_key_policy(paramiko.RejectPolicy())"),
    ),
)  # fmt: skip

_OLD: Final = lazy(r"ftplib\.FTP|telnetlib\.Telnet|xmlrpc\.server\.\w{1,30}")
_ANY_HOST: Final = lazy(
    r"\bssh\b[^|;&\n]{0,200}?(?P<option>StrictHostKeyChecking[= ]no)\b", re.IGNORECASE
)
_SNMP: Final = lazy(r"pysnmp\.hlapi\.(?:\w{1,30}\.){0,3}(?:CommunityData|UsmUserData)")


class Protocols(SiteDetector):
    """COD067 and COD068."""

    rules: ClassVar[tuple[Rule, ...]] = (OLD, HOST_KEY)
    literals: ClassVar[tuple[str, ...]] = (
        "ftp",
        "telnet",
        "xmlrpc",
        "pysnmp",
        "host_key",
        "hostkey",
    )

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if _OLD.fullmatch(site.path):
            yield hit(OLD, site, "what is sent can be read on the way")
        elif _SNMP.fullmatch(site.path) and _is_old_snmp(site):
            yield hit(OLD, site, "SNMP without encryption", severity=Severity.LOW)
        if last(site.path) == "set_missing_host_key_policy":
            policy = site.argument(0, "policy").path.removesuffix("()")
            if policy.endswith(("AutoAddPolicy", "WarningPolicy")):
                yield hit(HOST_KEY, site, "any host is trusted")

    def shell(self, text: str, start: int, end: int) -> Iterator[Match]:
        """`ssh -o StrictHostKeyChecking=no`."""
        for found in _ANY_HOST.finditer(text, start, end):
            first, behind = found.span("option")
            yield Match(rule=HOST_KEY, start=first, end=behind, message="any host is trusted")


def _is_old_snmp(site: CallSite) -> bool:
    """Versions 1 and 2c, or version 3 without a key for what is sent."""
    if site.path.endswith("CommunityData"):
        return site.argument(2, "mpModel").constant in {0, 1}
    return len(site.arguments) + len(site.keywords) < 3


DETECTORS: Final = (Protocols(),)
