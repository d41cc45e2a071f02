"""PII401 and PII402: addresses in networks, and of network cards."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .recognizer import Hit, Proof, is_named, speaks_of
from .rules import personal
from .seek import near, seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Scene, Window

IP_RULE: Final = personal(
    "PII401",
    "ip-address",
    "IP address",
    Severity.LOW,
    (
        Example(source="client_ip: {ip}", flagged=("{ip}",), kind=Kind.TEXT),
        Example(source='ip = "{ip}"', flagged=("{ip}",)),
        Example(source="from {ipv6} port 22", flagged=("{ipv6}",), kind=Kind.STREAM),
        Example(source="http://127.0.0.1:8888 or 192.168.1.17, mask 255.255.255.0", kind=Kind.TEXT),
        Example(source="version 61.72.83.94, nvidia-cublas-cu12==12.18.31.10", kind=Kind.STREAM),
        Example(source="x[::2], std::vector, 12:34:56, fe80::1, 2001:db8::1", kind=Kind.CODE),
        Example(source="1.2.3.4 Results", kind=Kind.MARKDOWN),
    ),
    why="It leads to a person through the provider's records, and to a place at once.",
)
MAC_RULE: Final = personal(
    "PII402",
    "mac-address",
    "Hardware address of a network card",
    Severity.LOW,
    (
        Example(source="ether {mac} txqueuelen", flagged=("{mac}",), kind=Kind.STREAM),
        Example(source='mac = "{mac_dashes}"', flagged=("{mac_dashes}",)),
        Example(source="00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 01:00:5e:00:00:fb", kind=Kind.STREAM),
        Example(source="SHA1 {mac}:{mac}", kind=Kind.STREAM),
        Example(source="at 12:34:56, 10:11:12:13", kind=Kind.STREAM),
    ),
    why="It names a device for as long as that lives.",
)
_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_V4: Final = lazy(
    rf"[0-9](?<![\w.+-][0-9])(?<!==[0-9])[0-9]{{0,2}}(?:\.{_OCTET}){{3}}(?![\w]|\.[0-9]|-[a-z0-9])"
)
_V6: Final = lazy(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){1,7}(?::?[0-9A-Fa-f]{1,4}|:)(?::[0-9A-Fa-f]{1,4}){0,6}(?::|%\w{1,15})?(?![\w:]|\.[0-9])"
)
_COLONS: Final = lazy(r":(?<=[0-9A-Fa-f]:)(?::|(?:[0-9A-Fa-f]{1,4}:){5})")
"""Of eight groups six colons or more, of fewer two side by side; before them a digit."""
_PAIRS: Final = lazy(r":(?<=[0-9A-Fa-f]{2}:)[0-9A-Fa-f]{2}:")
_DASHES: Final = lazy(r"-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-")
_MAC: Final = lazy(
    r"(?<![\w:.-])(?:[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![\w:]|[.-]\w)"
)
_VERSIONS: Final = (
    "version", "ver", "v", "release", "build", "driver", "cuda", "cudnn", "chrome", "chromium", "firefox", "safari",
    "edg", "opr", "mozilla", "firmware", "section", "sec", "chapter", "oid", "nvidia", "package", "sdk", "toolkit", "upgrade",
)  # fmt: skip
_PACKAGE: Final = lazy(r"\s{0,8}(?:[-*] )?[a-z][\w.-]{1,40}(?:==|@| {2,24}| \()")
_SERVED: Final = lazy(
    r"(?:Resolving|Connecting to|Trying|[Cc]onnected to|[Ss]erving|Running on|[Ll]istening|https?://)[^\n]{0,160}\Z"
)
"""What programs say of the machines that they download from."""
_EVERYBODYS: Final = frozenset(
    {
        "8.8.8.8",
        "8.8.4.4",
        "1.1.1.1",
        "1.0.0.1",
        "9.9.9.9",
        "4.2.2.2",
        "208.67.222.222",
        "208.67.220.220",
        "1.2.3.4",
    }
)
"""Resolvers of names, and the example of examples."""
_LARGE: Final = 10
_SEVERAL: Final = 3
_GROUPS: Final = 4
_LOW: Final = Confidence.LOW
_MEDIUM: Final = Confidence.MEDIUM


class IpAddresses:
    """Addresses of the public net; others are of low confidence, or nobody's."""

    rule = IP_RULE
    entity = "IP_ADDRESS"
    words = (
        "ip", "ip address", "ipaddress", "ipv4", "ipv6", "ip addr", "client", "remote addr", "visitor", "host", "source ip",
        "src", "dst", "login", "logged in", "connection", "x-forwarded-for", "forwarded", "peer",
    )  # fmt: skip
    digits = 0
    signs = ()
    rank = 4
    gate = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|:[0-9A-Fa-f]{0,4}:"

    def search(self, content: str) -> Iterator[Window]:
        """Four numbers between dots, or a group of hexadecimal digits between colons."""
        yield from seek(_V4, content)
        yield from seek(_COLONS, content, 40, 1)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in near(_V4, scene.content, start, end):
            hit = self._fourth(scene, found)
            if hit is not None:
                yield hit
        if end - start == 1:
            return
        for found in near(_V6, scene.content, start, end):
            hit = self._sixth(scene, found)
            if hit is not None:
                yield hit

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        try:
            address = ip_address(value.partition("%")[0])
        except ValueError:
            return None
        if _is_nobodys(address):
            return None
        confidence = _MEDIUM if address.is_global else _LOW
        return Hit(0, len(value), self, confidence, Proof.STRUCTURE, named=named)

    def _fourth(self, scene: Scene, found: re.Match[str]) -> Hit | None:
        try:
            address = IPv4Address(found[0])
        except AddressValueError:
            return None
        if _is_nobodys(address):
            return None
        named = is_named(self.words, scene, found.start(), found.end())
        line = scene.content[max(0, found.start() - 200) : found.start()].rpartition("\n")[2]
        sure = named or sum(int(part) >= _LARGE for part in found[0].split(".")) >= _SEVERAL
        doubtful = (
            speaks_of(_VERSIONS, line[-40:])
            or _is_package(line)
            or found[0] in _EVERYBODYS
            or _SERVED.search(line) is not None
        )
        confidence = _MEDIUM if sure and address.is_global and not doubtful else _LOW
        return Hit(found.start(), found.end(), self, confidence, Proof.STRUCTURE, named=named)

    def _sixth(self, scene: Scene, found: re.Match[str]) -> Hit | None:
        value = found[0].partition("%")[0]
        try:
            address = IPv6Address(value)
        except AddressValueError:
            return None
        if _is_nobodys(address):
            return None
        named = is_named(self.words, scene, found.start(), found.end())
        groups = sum(map(bool, value.split(":")))
        sure = groups == 8 or (groups >= _GROUPS and address.is_global) or (named and groups > 2)
        if not sure and not (named or groups >= _SEVERAL):
            return None
        confidence = _MEDIUM if sure and address.is_global else _LOW
        return Hit(
            found.start(),
            found.start() + len(value),
            self,
            confidence,
            Proof.STRUCTURE,
            named=named,
        )


def _is_package(line: str) -> bool:
    """Whether a line is of a list of packages: a name, blanks, a version."""
    return _PACKAGE.fullmatch(line) is not None and "ip" not in line


def _is_nobodys(address: IPv4Address | IPv6Address) -> bool:
    """Loopback, unspecified, masks, multicast, and what is reserved."""
    return (
        address.is_loopback
        or address.is_unspecified
        or address.is_multicast
        or (isinstance(address, IPv4Address) and address.is_reserved)
        or address.packed[0] == 0
    )


class MacAddresses:
    """Addresses that a maker of network cards has given out."""

    rule = MAC_RULE
    entity = "MAC_ADDRESS"
    words = (
        "mac",
        "mac address",
        "macaddress",
        "hwaddr",
        "ether",
        "ethernet",
        "bssid",
        "bluetooth",
        "hardware address",
    )
    digits = 0
    signs = ("mac", "hwaddr", "ether", "ethernet", "bssid")
    rank = 6
    gate = r"[0-9A-Fa-f]{2}[:.-]?[0-9A-Fa-f]{2}[:.-]?[0-9A-Fa-f]{2}"

    def search(self, content: str) -> Iterator[Window]:
        """Around hexadecimal digits between colons or dashes."""
        yield from seek(_PAIRS, content, 4)
        yield from seek(_DASHES, content, 4)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for found in near(_MAC, scene.content, start, end):
            named = is_named(self.words, scene, found.start(), found.end())
            hit = self._hit(found[0], found.start(), named=named)
            if hit is not None:
                yield hit

    def judge(self, value: str, *, named: bool) -> Hit | None:
        """Whether the whole value is one."""
        return self._hit(value, 0, named=named) if _MAC.fullmatch(value) else None

    def _hit(self, value: str, start: int, *, named: bool) -> Hit | None:
        """Odd first bytes are of groups; without letters it may be a time; dots need words."""
        pairs = re.sub("[^0-9a-f]", "", value.lower())
        first = int(pairs[:2], 16)
        if first & 1 or len(set(pairs)) <= 2:
            return None
        sure = named or ("." not in value and not pairs.isdecimal())
        confidence = (Confidence.HIGH if named else _MEDIUM) if sure else _LOW
        if first & 2 and not named:
            confidence = _LOW
        return Hit(start, start + len(value), self, confidence, Proof.STRUCTURE, named=named)


RECOGNIZERS: Final = (IpAddresses(), MacAddresses())
