"""OSV's interface on this machine, from the advisories that are here: for `pip-audit --osv-url`.

Source: https://google.github.io/osv.dev/api/ (v1/query, v1/querybatch, v1/vulns)
"""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ..core.detector import NotInstalled, Unavailable
from ..core.lazy import lazy

if TYPE_CHECKING:
    from .database import Advisory, Database

HOST: Final = "127.0.0.1"
PORT: Final = 8099
_LARGEST: Final = 4 * 2**20
"""Bytes of a request."""
_LENGTH: Final = lazy(r"[0-9]{1,10}")
_MOST: Final = 1_000
"""Queries of a batch: OSV's own limit."""
_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PURL: Final = "pkg:pypi/"


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def server(database: Database, port: int = PORT) -> ThreadingHTTPServer:
    """A server on the loopback interface, not yet running; port 0 takes a free one."""

    class Handler(_Handler):
        advisories = database

    return ThreadingHTTPServer((HOST, port), Handler)


def serve(database: Database, port: int = PORT) -> None:
    """Answer until interrupted."""
    with server(database, port) as running:
        running.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    advisories: Database
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """One record by its id."""
        self._answer(self._record)

    def do_POST(self) -> None:
        """What is known of a version, or of many."""
        self._answer(self._queries)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name that the base class gives it
        """Say nothing: what was asked is nobody's business."""

    def _answer(self, make: Any) -> None:
        try:
            self._check()
            body, status = msgspec.json.encode(make()), HTTPStatus.OK
        except _Refused as refused:
            status = refused.status
            body = msgspec.json.encode({"code": int(status), "message": str(refused)})
            self.close_connection = True
        except (ValueError, RecursionError):
            status = HTTPStatus.BAD_REQUEST
            body = msgspec.json.encode({"code": int(status), "message": "it cannot be read"})
            self.close_connection = True
        except Unavailable as missing:
            status = HTTPStatus.SERVICE_UNAVAILABLE
            body = msgspec.json.encode({"code": int(status), "message": str(missing)})
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _check(self) -> None:
        """A page of another host, in a browser of this machine, gets no answer."""
        if (self.headers.get("Host") or "").rpartition(":")[0] not in _HOSTS:
            raise _Refused(HTTPStatus.FORBIDDEN, "this server is for this machine only")

    def _record(self) -> Any:
        if not self.path.startswith("/v1/vulns/"):
            raise _Refused(HTTPStatus.NOT_FOUND, "no such page")
        raise _Refused(HTTPStatus.NOT_IMPLEMENTED, "records are given with the answer to a query")

    def _queries(self) -> Any:
        length = self.headers.get("Content-Length") or ""
        if not _LENGTH.fullmatch(length) or int(length) > _LARGEST:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too long")
        data = self.rfile.read(int(length))
        if self.path not in {"/v1/query", "/v1/querybatch"}:
            raise _Refused(HTTPStatus.NOT_FOUND, "no such page")
        if self.advisories.is_old():
            days = round(self.advisories.age())
            raise NotInstalled(f"the advisories are {days} days old: nothing is audited by them")
        try:
            asked = msgspec.json.decode(data)
        except msgspec.DecodeError:
            raise _Refused(HTTPStatus.BAD_REQUEST, "the request is not JSON") from None
        if self.path == "/v1/query":
            return _vulns(self.advisories, asked)
        queries = asked.get("queries") if isinstance(asked, dict) else None
        if not isinstance(queries, list) or len(queries) > _MOST:
            raise _Refused(HTTPStatus.BAD_REQUEST, f"queries: a list of at most {_MOST}")
        return {"results": [_short(_vulns(self.advisories, one)) for one in queries]}


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    """A batch is answered with ids."""
    if not answer:
        return {}
    return {"vulns": [{"id": one["id"], "modified": one["modified"]} for one in answer["vulns"]]}


def _vulns(database: Database, asked: Any) -> dict[str, Any]:
    name, version = _asked(asked)
    found = database.query(name, version)
    if not found:
        return {}
    entries = database.entries(name)
    return {"vulns": [_vuln(name, advisory, entries[advisory.id]) for advisory in found]}


def _asked(asked: Any) -> tuple[str, str]:
    """Name and version of a query."""
    package = asked.get("package") if isinstance(asked, dict) else None
    if not isinstance(package, dict):
        raise _Refused(HTTPStatus.BAD_REQUEST, "package: the name and the ecosystem of one")
    version = asked.get("version") or ""
    purl = package.get("purl") or ""
    name = package.get("name") or ""
    if isinstance(purl, str) and purl.startswith(_PURL):
        name, _, own = purl.removeprefix(_PURL).partition("?")[0].partition("@")
        version = version or own
    elif str(package.get("ecosystem")).lower() != "pypi":
        raise _Refused(HTTPStatus.BAD_REQUEST, "only the ecosystem PyPI is known here")
    if not isinstance(name, str) or not isinstance(version, str) or not name:
        raise _Refused(HTTPStatus.BAD_REQUEST, "name and version: texts")
    return name, version


def _vuln(
    name: str, advisory: Advisory, entries: list[tuple[str, list[list[tuple[str, str]]]]]
) -> dict[str, Any]:
    """A record as OSV writes it, as far as it is kept."""
    return {
        "id": advisory.id,
        "aliases": list(advisory.aliases),
        "summary": advisory.summary,
        "details": advisory.summary,
        "modified": advisory.modified,
        "published": advisory.modified,
        "affected": [
            {
                "package": {"name": name, "ecosystem": "PyPI"},
                "ranges": [
                    {"type": "ECOSYSTEM", "events": [{kind: text} for kind, text in events]}
                    for events in ranges
                ],
                "versions": versions.split("\n")[1:-1],
            }
            for versions, ranges in entries
        ],
    }
