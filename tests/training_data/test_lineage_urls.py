"""Lists of addresses, asked and not asked."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from typing import ClassVar

import pyarrow as pa
import pytest

from llmsec_nb.lineage import (
    Fetcher,
    check_urls,
    network,
)
from llmsec_nb.lineage.network import Gone, Refused, is_inward, is_public
from llmsec_nb.lineage.polite import Politeness
from llmsec_nb.sources.dataset import open_table

NO_HURRY = Politeness(pause=0.0)


class Site(http.server.BaseHTTPRequestHandler):
    """Gives `/same/N` as it is, and sends others elsewhere."""

    asked: ClassVar[list[str]] = []
    server: http.server.ThreadingHTTPServer

    def do_GET(self) -> None:
        self.asked.append(self.path)
        port = self.server.server_port
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{port}/same/moved")
            self.end_headers()
        elif self.path.startswith("/inside"):
            self.send_response(301)
            self.send_header("Location", f"http://127.0.0.2:{port}/same/inside")
            self.end_headers()
        elif self.path.startswith("/gone"):
            self.send_error(410)
        elif self.path.startswith("/broken"):
            self.send_error(500)
        else:
            body = self.path.encode() * (100 if self.path.startswith("/large") else 1)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def sha(text: str, algorithm: str = "sha256") -> str:
    return hashlib.new(algorithm, text.encode()).hexdigest()


def test_addresses_are_asked_and_compared(site: str) -> None:
    rows = [
        (f"{site}/same/1", sha("/same/1")),
        (f"{site}/same/1", sha("/same/1", "md5").upper()),
        (f"{site}/same/2", "sha1:" + sha("/same/2", "sha1")),
        (f"{site}/other/3", sha("what it was")),
        (f"{site}/gone/4", sha("x")),
        (f"{site}/broken/5", sha("x")),
        (f"{site}/away/6", sha("x")),
        (f"{site}/moved/7", sha("/same/moved")),
        (f"{site}/same/8", "no digest"),
        (f"{site}/same/8", None),
        (f"{site}/same/8", sha("x")[:63]),
        ("", sha("x")),
        (f"{site}/large/9", sha("x")),
        (None, sha("x")),
    ]
    table = open_table(pa.table({"url": [r[0] for r in rows], "hash": [r[1] for r in rows]}))
    fetch = Fetcher(allow_private=True, largest=500)
    found = check_urls(table, "url", "hash", fetch=fetch, politeness=NO_HURRY)
    assert (found.rows, found.asked, found.unreadable) == (12, 9, 3)
    assert (found.same, found.changed, found.gone) == (4, 1, 1)
    assert (found.refused, found.failed) == (2, 1)
    assert found.changed_rows == (3,)
    alert = next(one for one in found.suspects if one.rule.id == "POI710")
    assert alert.message == (
        "of 9 addresses that were asked, 1 gave other bytes than were recorded (12 in the list)"
    )
    assert (alert.key, alert.trigger, alert.rows) == ((3,), f"{site}/other/3", 1)
    host = site.removeprefix("http://")
    assert (alert.identity, alert.also) == (f"split-view url: {host}", [host])
    assert Site.asked.count("/same/1") == 1
    assert found.notes[1:] == (
        "addresses that give nothing any more: 1",
        "addresses that were refused, not public, too large or too slow: 2",
        "addresses that could not be reached: 1",
        "addresses without a digest that is known (hex): 3",
    )


def test_nothing_is_asked_unless_it_is_asked_for(site: str) -> None:
    table = open_table(pa.table({"url": [f"{site}/same/1"], "hash": [sha("x")]}))
    found = check_urls(table, "url", "hash")
    assert found.notes == ("addresses were not fetched and compared: ask for it with --fetch",)
    assert (found.rows, found.asked, Site.asked) == (1, 0, [])


def test_the_own_machine_is_not_asked(site: str) -> None:
    for address in (site, site.replace("127.0.0.1", "localhost")):
        with pytest.raises(Refused, match="leads to the own machine or network"):
            list(Fetcher()(f"{address}/same/1"))
    assert Site.asked == []


def test_a_redirect_into_the_network_is_not_followed(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "is_public", lambda address: str(address) == "127.0.0.1")
    assert b"".join(Fetcher()(f"{site}/same/1")) == b"/same/1"
    with pytest.raises(Refused, match="leads to the own machine or network"):
        list(Fetcher()(f"{site}/inside/2"))
    assert Site.asked == ["/same/1", "/inside/2"]


def test_names_that_cannot_be_asked_for_are_refused() -> None:
    with pytest.raises(Refused, match="is no address"):
        list(Fetcher()(f"http://{'a' * 70}.example.org/"))


def test_what_is_no_tls_is_not_read(site: str) -> None:
    with pytest.raises(OSError, match="SSL"):
        list(Fetcher(allow_private=True)(f"{site.replace('http:', 'https:')}/same/1"))
    assert Site.asked == []


def test_what_is_no_http_is_told() -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/"

    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"SSH-2.0-none\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    with pytest.raises(OSError, match="no sound answer: BadStatusLine"):
        list(Fetcher(allow_private=True)(address))
    thread.join()
    listener.close()
    with pytest.raises(OSError, match="refused"):
        list(Fetcher(allow_private=True)(address))


def test_what_drips_for_ever_is_ended() -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    fetch = Fetcher(allow_private=True, seconds=0.3)
    with pytest.raises((Refused, OSError)):
        list(fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/"))
    stop.set()
    thread.join()
    listener.close()


def test_a_sample_is_the_same_each_time_and_says_what_it_misses() -> None:
    urls = [f"https://example.org/{at}" for at in range(500)]
    rows = pa.table({"u": urls, "d": [sha(url) for url in urls]})
    asked: list[str] = []

    def fetch(url: str) -> list[bytes]:
        asked.append(url)
        if url.endswith("/7"):
            raise Gone("answers 404")
        return [url.encode()]

    found = check_urls(open_table(rows), "u", "d", fetch=fetch, sample=30, politeness=NO_HURRY)
    assert (found.asked, found.same + found.gone, found.suspects) == (30, 30, ())
    first = asked.copy()
    turned = rows.take(pa.array(list(range(500))[::-1]))
    check_urls(open_table(turned), "u", "d", fetch=fetch, sample=30, politeness=NO_HURRY)
    assert sorted(asked[30:]) == sorted(first)
    assert found.notes[0] == (
        "30 of 500 addresses were compared: changes of less than 10.0% of them may be missed"
    )
    whole = check_urls(open_table(rows), "u", "d", fetch=fetch, sample=None, politeness=NO_HURRY)
    assert (whole.asked, whole.gone) == (500, 1)
    over = Politeness(pause=0.0, seconds=-1.0)
    late = check_urls(open_table(rows), "u", "d", fetch=fetch, sample=30, politeness=over)
    assert (late.asked, late.notes[1]) == (
        0,
        "addresses that were not asked, for the time was over: 30",
    )


@pytest.mark.parametrize(
    ("url", "inward"),
    [
        ("http://127.0.0.1/a", True),
        ("http://localhost:8000/", True),
        ("http://[::1]/", True),
        ("http://169.254.169.254/latest/meta-data", True),
        ("http://2130706433/", True),
        ("http://0x7f.1/", True),
        ("http://[::ffff:10.0.0.1]/", True),
        ("file:///etc/passwd", True),
        ("gopher://x/", True),
        ("http://printer.local/", True),
        ("https://example.org/127.0.0.1", False),
        ("https://8.8.8.8/x", False),
        ("s3://bucket/key", False),
        ("images/1.png", False),
        ("http://[broken", False),
        ("https://localhost.example.org/", False),
    ],
)
def test_addresses_that_lead_inward(url: str, inward: bool) -> None:
    assert is_inward(url) is inward
    found = check_urls(open_table(pa.table({"u": [url], "d": ["x"]})), "u", "d")
    assert [one.rule.id for one in found.suspects] == ["POI711"] * inward


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 # judged, not bound
        ("2001:4860:4860::8888", True),
        ("fe80::1", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    import ipaddress

    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://example.org/x", "no http or https"),
        ("http://user:word@example.org/", "holds a user name or a password"),
        ("http://example.org/a b", "signs that an address cannot have"),
        ("http://example.org:x/", "is no address"),
        ("http:///x", "no http or https"),
    ],
)
def test_addresses_that_are_refused(url: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        list(Fetcher()(url))
