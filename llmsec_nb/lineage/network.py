"""Fetching what a list of addresses names, politely and without being led into a network.

Every name is resolved first and refused when any of its addresses is not public; the connection is
then made to the address that was judged, so that a second answer of the name server changes
nothing. That holds for redirects, too. Proxies of the environment are not used: they would connect
to what was never judged.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

_PIECE: Final = 1 << 16
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_INWARD: Final = frozenset({"file", "gopher", "dict", "ldap", "netdoc", "jar"})
"""Schemes by which downloaders read files of their own, or talk to services in their network."""
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_open = threading.local()
"""The connections of a thread, so that its watch can end them."""


class Refused(Exception):
    """An address is not asked, or its answer not taken; the message says why."""


class Gone(Exception):
    """There is no such thing any more; the message says how we know."""


class Fetcher:
    """Gives the bytes behind an http or https address, within limits.

    `largest` bytes and `seconds` are for one address, `timeout` for one step of it. Addresses
    inside the own machine or network are refused unless `allow_private`.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        largest: int = 64 << 20,
        seconds: float = 60.0,
        timeout: float = 10.0,
        agent: str = "llmsec-nb (compares data with their recorded digests)",
    ) -> None:
        """Nothing is opened yet."""
        self._largest = largest
        self._seconds = seconds
        self._timeout = timeout
        self._agent = agent
        known = {"allow_private": allow_private}
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            _Http(type("_Plain", (_Plain,), known)),
            _Https(type("_Sealed", (_Sealed,), known)),
            _Redirects(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.HTTPDefaultErrorHandler(),
        ):
            self._opener.add_handler(handler)

    def __call__(self, url: str) -> Iterator[bytes]:
        """The bytes in pieces. Raises Refused, Gone, and OSError when it cannot be reached."""
        end = time.monotonic() + self._seconds
        demand_web(url)
        request = urllib.request.Request(  # noqa: S310 # demand_web lets http and https through
            url, headers={"User-Agent": self._agent, "Accept-Encoding": "identity"}
        )
        sockets: list[socket.socket] = []
        _open.sockets = sockets
        watch = threading.Timer(self._seconds, _shut, [sockets])
        watch.daemon = True
        watch.start()
        size = 0
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                while data := answer.read1(_PIECE):
                    size += len(data)
                    if size > self._largest:
                        raise Refused(f"more than {self._largest:,} bytes")
                    yield data
            if time.monotonic() >= end:  # the watch has cut it off
                raise Refused(f"took more than {self._seconds:g} s")
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in {404, 410}:
                raise Gone(f"answers {error.code}") from None
            if error.code // 100 == 3:
                raise Refused("leads elsewhere, too often or to no web address") from None
            raise OSError(f"answers {error.code}") from None
        except ValueError:  # a name that no name server could be asked for
            raise Refused("is no address") from None
        except http.client.HTTPException as error:
            raise OSError(f"no sound answer: {type(error).__name__}") from None
        finally:
            watch.cancel()


def _shut(sockets: list[socket.socket]) -> None:
    """End connections on which somebody sends a byte now and then, for ever."""
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def demand_web(url: str) -> None:
    """Raises Refused unless it is a plain http or https address with a host."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Refused("is no address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused("is no http or https address")
    if parts.username is not None or parts.password is not None:
        raise Refused("holds a user name or a password")
    if any(ord(sign) <= 32 or ord(sign) > 126 for sign in url):
        raise Refused("holds signs that an address cannot have")


def is_public(address: _Address) -> bool:
    """Whether an address, and one that is hidden in it, is of the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_inward(url: str) -> bool:
    """Whether an address leads, as written, to the own files, machine or network.

    Nothing is resolved: a name that leads there by its name server is seen only when it is fetched.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").partition("%")[0]
    except ValueError:
        return False
    if parts.scheme in _INWARD:
        return True
    if parts.scheme not in {"http", "https"} or not host:
        return False
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        address: _Address = ipaddress.ip_address(host)
    except ValueError:
        try:  # 127.1, 0x7f000001, 2130706433: what connects takes them for addresses
            address = ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return False
    return not is_public(address)


def _connected(host: str, port: int, timeout: Any, *, allow_private: bool) -> socket.socket:
    """A connection to a judged address. Raises Refused, OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not allow_private:
        for *_, place in found:
            if not is_public(ipaddress.ip_address(str(place[0]).partition("%")[0])):
                raise Refused("leads to the own machine or network")
    reason: OSError = OSError("has no address")
    for family, kind, protocol, _, place in found[:3]:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(place)
        except OSError as error:
            connection.close()
            reason = error
        else:
            return connection
    raise reason


class _Plain(http.client.HTTPConnection):
    allow_private = False

    def connect(self) -> None:
        self.sock = _connected(self.host, self.port, self.timeout, allow_private=self.allow_private)
        _open.sockets.append(self.sock)


class _Sealed(http.client.HTTPSConnection):
    allow_private = False
    _context: ssl.SSLContext

    def connect(self) -> None:
        raw = _connected(self.host, self.port, self.timeout, allow_private=self.allow_private)
        try:
            self.sock = self._context.wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise
        _open.sockets.append(self.sock)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._connection, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._connection, req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        demand_web(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)
