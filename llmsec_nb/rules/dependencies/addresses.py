"""The parts of an address that rules look at."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ...core.lazy import lazy

_ADDRESS: Final = lazy(
    r"(?P<scheme>(?:[a-z]{1,9}\+)?[a-z][a-z0-9]{1,9})://"
    r"(?:(?P<user>[^/@:\s]{0,300})(?::(?P<password>[^/@\s]{0,300}))?@)?"
    r"(?P<host>\[[0-9a-f:.]{2,45}\]|[^/:\s?#\"'@]{1,255})",
    re.IGNORECASE,
)
_LOOPBACK: Final = lazy(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)\Z", re.IGNORECASE)
_PLACEHOLDER: Final = lazy(
    r".{0,80}[${}<>%\[\]].{0,300}\Z|(?:[x*.]+|(?:your|my|the|some)[-_].{0,60}|pass(?:word|wd)?|pwd|(?:\w{0,20}[-_])?token"
    r"|secret|changeme|user(?:name)?|(?:\w{0,20}[-_])?(?:api[-_]?)?key|credentials?)\Z",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN: Final = lazy(r"(?=.*\d)[\w-]{16,300}\Z")
_WHITE: Final = lazy(r"[\s\"'?#]")


class Address(NamedTuple):
    """Spans are those of the text in which the address stands."""

    scheme: str
    host: str
    start: int
    scheme_end: int
    host_start: int
    end: int
    secret: tuple[int, int] | None

    @property
    def is_plain(self) -> bool:
        """Whether it goes over a network without encryption."""
        return (
            self.scheme.lower() in {"http", "git+http", "ftp", "git", "hg+http", "svn+http"}
            and not self.is_local
        )

    @property
    def is_local(self) -> bool:
        """Whether it does not leave the machine."""
        return is_loopback(self.host)

    @property
    def span(self) -> tuple[int, int]:
        """What may be shown, and is no other finding: without scheme and credentials then."""
        is_whole = self.host_start == self.scheme_end and not self.is_plain
        return self.start if is_whole else self.host_start, self.end


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return _LOOPBACK.match(host) is not None


def address_of(text: str) -> Address | None:
    """The first address of a text."""
    found = _ADDRESS.search(text)
    if found is None:
        return None
    stop = _WHITE.search(text, found.end())
    end = len(text) if stop is None else stop.start()
    return Address(
        found["scheme"],
        found["host"],
        found.start(),
        found.end("scheme") + 3,
        found.start("host"),
        end,
        _secret(found),
    )


def _secret(found: re.Match[str]) -> tuple[int, int] | None:
    """The password, or the name that is one; None for what only stands for it."""
    password = found["password"]
    if password:
        return None if _PLACEHOLDER.match(password) else found.span("password")
    user = found["user"]
    if user and _TOKEN.match(user) and not _PLACEHOLDER.match(user):
        return found.span("user")
    return None


def is_host(host: str) -> bool:
    """Whether it looks like the name of a host, which may be shown."""
    return re.fullmatch(r"[\w.-]{1,100}|\[[0-9a-fA-F:.]{2,45}\]", host) is not None
