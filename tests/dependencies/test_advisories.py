"""Advisories on this machine: filled from a zip, a folder, an address; asked by version."""

from __future__ import annotations

import http.client
import http.server
import json
import sqlite3
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.advisories import Damaged, Database, default_path, opened, readers, status
from llmsec_nb.advisories.cvss import severity_of
from llmsec_nb.advisories.download import download
from llmsec_nb.advisories.serve import server
from llmsec_nb.advisories.update import OSV_URL, BadSource, update
from llmsec_nb.advisories.versions import canonical, is_affected
from llmsec_nb.core.detector import NotInstalled
from llmsec_nb.core.rule import Severity

from .snapshots import ALL, EVIL, FLASK, FRESH, NOW, SAME, archive, record


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "cache" / "a.sqlite"
    update(archive(tmp_path / "all.zip", *ALL), path, now=NOW)
    found = Database(path)
    yield found
    found.close()


def ids(database: Database, name: str, version: str = "") -> list[str]:
    return [one.id for one in database.query(name, version)]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.9", ["GHSA-aaaa"]),
        ("1.0", ["GHSA-aaaa"]),
        ("1.1", ["PYSEC-2", "GHSA-aaaa", "PYSEC-1"]),
        ("1.1.0", ["PYSEC-2", "GHSA-aaaa", "PYSEC-1"]),
        ("1.1+local.1", ["PYSEC-2", "GHSA-aaaa", "PYSEC-1"]),
        ("1.2rc1", ["PYSEC-2", "GHSA-aaaa"]),
        ("1.2", ["PYSEC-2"]),
        ("1.3", []),
        ("2.0.dev1", []),
        ("2.0", ["PYSEC-2"]),
        ("2.5.0", ["PYSEC-2"]),
        ("2.5.post1", []),
        ("not a version", []),
        ("", []),
    ],
)
def test_which_advisories_a_version_has(
    database: Database, version: str, expected: list[str]
) -> None:
    for name in ("flask-x", "Flask.X", "FLASK__x"):
        assert ids(database, name, version) == expected


def test_what_an_advisory_says(database: Database) -> None:
    worst, other, _ = database.query("flask-x", "1.1")
    assert (worst.severity, worst.fixed, worst.public_id) == (Severity.CRITICAL, "1.3", "PYSEC-2")
    assert (other.severity, other.fixed, other.public_id) == (Severity.HIGH, "1.2", "CVE-2025-0001")
    assert other.summary == "GHSA-aaaa in words"
    assert (worst.is_malicious, other.is_malicious) == (False, False)
    assert database.query("flask-x", "2.1")[0].fixed == ""


def test_malicious_packages_need_no_version(database: Database) -> None:
    assert ids(database, "evil_pack") == ids(database, "evil-pack", "0.1") == ["MAL-2026-1"]
    assert ids(database, "taken") == ids(database, "taken", "6.6.5") == []
    assert ids(database, "taken", "6.6.6") == ["MAL-2026-2"]
    [evil] = database.query("evil-pack")
    assert (evil.is_malicious, evil.severity) == (True, Severity.CRITICAL)


@pytest.mark.parametrize(
    ("version", "versions", "expected"),
    [
        ("1.0", ["1.0.0"], True),
        ("1.0a1", ["1.0.alpha1"], True),
        ("v1.0-1", ["1.0.post1"], True),
        ("1.0", ["1.0.post1"], False),
        ("2004d", ["2004d"], True),
        ("2004e", ["2004d"], False),
        ("1!1.0", ["1.0"], False),
        ("1.0+cpu", ["1.0+cpu"], True),
        ("1.0", ["1.0+cpu"], False),
        ("1.10", ["1.1"], False),
    ],
)
def test_versions_in_a_list(version: str, versions: list[str], expected: bool) -> None:
    text = "\n" + "\n".join(canonical(each) for each in versions) + "\n"
    assert is_affected(version, text, []) is expected


@pytest.mark.parametrize(
    ("events", "inside", "outside"),
    [
        ([("introduced", "0")], ["0", "0.dev1", "99"], []),
        ([("fixed", "2"), ("introduced", "1")], ["1", "2a1"], ["0.9", "2", "2.post1"]),
        (
            [("introduced", "1"), ("last_affected", "1.5"), ("introduced", "3"), ("fixed", "4")],
            ["1.5.0", "3.9"],
            ["1.5.1", "2", "4"],
        ),
        ([("introduced", "1"), ("limit", "9")], ["1"], ["0"]),
        ([("introduced", "0"), ("fixed", "0f0f0f")], [], ["1"]),
        ([("fixed", "2")], [], ["1", "3"]),
    ],
)
def test_versions_in_a_range(
    events: list[tuple[str, str]], inside: list[str], outside: list[str]
) -> None:
    assert [is_affected(each, "", [events]) for each in inside] == [True] * len(inside)
    assert [is_affected(each, "", [events]) for each in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "critical"),  # 9.8
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "medium"),  # 6.1
        ("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "high"),  # 7.8
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", "low"),  # 3.1
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H", "critical"),  # 9.9
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "critical"),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N", "medium"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", ""),
        ("CVSS:3.1/AV:X/nonsense", ""),
    ],
)
def test_weights_of_vectors(vector: str, expected: str) -> None:
    assert severity_of(vector) == expected


def test_status_says_what_is_there_and_how_old_it_is(tmp_path: Path, database: Database) -> None:
    found = status(database.path, now=NOW + timedelta(days=3))
    assert (found.records, found.packages, found.malicious, found.withdrawn) == (5, 3, 2, 1)
    assert (found.age, found.is_old) == (4.0, False)
    assert found.source == str(tmp_path / "all.zip")
    assert len(found.sha256) == 64
    assert status(database.path, now=NOW + timedelta(days=14)).is_old


def test_without_a_database_nothing_is_audited(tmp_path: Path) -> None:
    missing = tmp_path / "no.sqlite"
    for call in (Database, opened, status):
        with pytest.raises(NotInstalled, match="nothing is audited: `llmsec db update`"):
            call(missing)
    missing.write_bytes(b"no database at all" * 100)
    with pytest.raises(Damaged, match="cannot be read, so nothing is audited"):
        Database(missing)


def test_a_database_of_another_layout_is_not_read(database: Database) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("update meta set value = '0' where key = 'layout'")
    with pytest.raises(NotInstalled, match="of another version"):
        Database(database.path)


def test_a_damaged_database_is_not_clean(database: Database) -> None:
    data = bytearray(database.path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    database.path.write_bytes(data)
    with pytest.raises(Damaged):
        Database(database.path).query("flask-x", "1.1")
    with pytest.raises(Damaged):
        status(database.path)


@pytest.mark.parametrize(
    "change",
    [
        "update affected set events = 'no JSON'",
        """update affected set events = '[[["introduced", 5]]]'""",
        "update affected set versions = x'00ff'",
        "update advisory set severity = 'bogus'",
        "update advisory set aliases = 'x'",
        "update advisory set malicious = 'perhaps'",
        "update advisory set summary = cast(x'ff' as text)",
        "drop table affected",
    ],
)
def test_a_row_that_nobody_wrote_is_no_silence(database: Database, change: str) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute(change)
    with pytest.raises(Damaged, match="is damaged, so nothing is audited: `llmsec db update`"):
        Database(database.path).query("flask-x", "1.1")
    with pytest.raises(Damaged, match="is damaged"):
        status(database.path)


@pytest.mark.parametrize("value", ["cast(x'ff' as text)", "x'00'", "7"])
def test_what_is_said_of_the_file_has_to_be_text(database: Database, value: str) -> None:
    connection = sqlite3.connect(database.path)
    connection.executescript(
        "create table other (key, value); insert into other select * from meta; drop table meta;"
        "alter table other rename to meta"
    )
    change = f"update meta set value = {value} where key = 'newest'"  # noqa: S608 (one of the above)
    connection.execute(change)
    connection.commit()
    connection.close()
    with pytest.raises(Damaged, match="cannot be read"):
        Database(database.path)


@pytest.mark.parametrize("modified", ["9999-12-31T00:00:00Z", "z", "", "2026-11-21T12:00:01Z"])
def test_one_record_of_another_time_says_nothing_of_the_age(tmp_path: Path, modified: str) -> None:
    path = tmp_path / "a.sqlite"
    strange = {**record("PYSEC-9"), "modified": modified}
    update(archive(tmp_path / "all.zip", strange, record("PYSEC-8", age=20)), path, now=NOW)
    found = status(path, now=NOW)
    assert (found.records, found.newest, found.age) == (2, "2026-10-31T12:00:00+00:00", 20.0)
    assert found.is_old
    update(archive(tmp_path / "all.zip", strange), path, now=NOW)
    assert (status(path, now=NOW).newest, status(path, now=NOW).age) == ("", float("inf"))


def test_records_that_come_a_little_early_are_of_today(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    early = record("PYSEC-9", age=-0.5)
    update(archive(tmp_path / "all.zip", early, record("PYSEC-8", age=20)), path, now=NOW)
    assert (status(path, now=NOW).newest, status(path, now=NOW).age) == (
        "2026-11-21T00:00:00+00:00",
        0.0,
    )


def test_a_database_from_the_future_is_of_unknown_age(database: Database) -> None:
    with sqlite3.connect(database.path) as connection:
        connection.execute("update meta set value = '9999-12-31T00:00:00Z' where key = 'newest'")
    changed = Database(database.path)
    assert (changed.age(NOW), changed.is_old(NOW)) == (float("inf"), True)


def test_a_number_that_python_does_not_read_is_no_version(tmp_path: Path) -> None:
    long = "1" * 5_000
    bad = record("PYSEC-9", versions=(f"{long}.0",), events=({"introduced": long},))
    path = tmp_path / "a.sqlite"
    found = update(archive(tmp_path / "all.zip", bad, FLASK), path, now=NOW).status
    assert (found.records, found.unreadable) == (2, 0)
    database = Database(path)
    assert ids(database, "pack", f"1.{long}") == []
    assert ids(database, "pack", f"{long}.0") == ["PYSEC-9"]  # as it stands in the list
    assert ids(database, "flask-x", "1.0") == ["GHSA-aaaa"]
    database.close()


def test_where_an_update_can_be_written(tmp_path: Path) -> None:
    source = archive(tmp_path / "all.zip", FLASK)
    folder = tmp_path / "d.sqlite"
    folder.mkdir()
    with pytest.raises(BadSource, match=r"d\.sqlite is a folder: LLMSEC_DB names a file"):
        update(source, folder)
    (tmp_path / "loop.sqlite").symlink_to("loop.sqlite")
    with pytest.raises(BadSource, match=r"loop\.sqlite"):
        update(source, tmp_path / "loop.sqlite")
    with pytest.raises(BadSource, match=r"all\.zip"):
        update(source, source / "a.sqlite")
    link, target = tmp_path / "link.sqlite", tmp_path / "far" / "target.sqlite"
    link.symlink_to(target)
    update(source, link)
    assert link.is_symlink()
    assert not target.is_symlink()
    assert ids(opened(target), "flask-x", "1.0") == ["GHSA-aaaa"]


def test_an_update_takes_the_place_of_the_old_one_only_whole(
    tmp_path: Path, database: Database
) -> None:
    before = database.path.read_bytes()
    broken = archive(tmp_path / "b.zip", FLASK, EVIL)
    data = bytearray(broken.read_bytes())
    data[40:80] = bytes(40)
    broken.write_bytes(data)
    empty = archive(tmp_path / "e.zip", **{"x.json": b"{}", "README.md": b""})
    text = tmp_path / "t.zip"
    text.write_text("no zip")
    for source, message in (
        (broken, "is damaged"),
        (empty, r"no advisory for PyPI in it \(0 for others, 0 withdrawn, 1 unreadable\)"),
        (text, "no advisory for PyPI"),
        (tmp_path / "none", "is not there"),
    ):
        with pytest.raises(BadSource, match=message):
            update(source, database.path)
    assert database.path.read_bytes() == before
    assert [file.name for file in database.path.parent.iterdir()] == ["a.sqlite"]
    update(archive(tmp_path / "n.zip", SAME), database.path)
    assert ids(opened(database.path), "flask-x", "1.1") == ["PYSEC-1"]
    assert ids(database, "flask-x", "1.0") == ["GHSA-aaaa"]  # an open one goes on with the old


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    files = {
        "bad.json": b"{",
        "list.json": b"[]",
        "kind.json": b'{"id": 3}',
        "deep.json": b"[" * 100_000,
    }
    update(archive(tmp_path / "all.zip", FLASK, **files), tmp_path / "a.sqlite", now=NOW)
    assert status(tmp_path / "a.sqlite").unreadable == 4


def test_limits_of_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "LARGEST_RECORD", 1_000)
    monkeypatch.setattr(readers, "LARGEST_TOTAL", 2_500)
    big = archive(tmp_path / "big.zip", FLASK, **{"big.json": b"0" * 10_000})
    assert update(big, tmp_path / "a.sqlite").status.unreadable == 1
    bomb = archive(tmp_path / "bomb.zip", FLASK, **{f"{n}.json": b"0" * 10_000 for n in range(9)})
    with pytest.raises(BadSource, match="unpacks to more than"):
        update(bomb, tmp_path / "a.sqlite")
    monkeypatch.setattr(readers, "MOST_RECORDS", 3)
    with pytest.raises(BadSource, match="more than 3 entries"):
        update(bomb, tmp_path / "a.sqlite")


def test_a_folder_of_records(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    folder = tmp_path / "vulns" / "flask-x"
    folder.mkdir(parents=True)
    (folder / "PYSEC-1.yaml").write_text(
        "id: PYSEC-1\nmodified: 2026-11-01T00:00:00Z\naffected:\n- package: {name: flask-x, ecosystem: PyPI}\n  versions: [1.10, '2.0']\n"
    )
    (folder / "MAL-1.json").write_text(json.dumps(EVIL))
    (tmp_path / "vulns" / ".git").mkdir()
    (tmp_path / "vulns" / ".git" / "x.json").write_text("{")
    found = update(tmp_path / "vulns", tmp_path / "a.sqlite", now=NOW).status
    assert (found.records, found.unreadable, found.malicious) == (2, 0, 1)
    database = Database(tmp_path / "a.sqlite")
    assert ids(database, "flask-x", "1.10") == ["PYSEC-1"]  # as text, not the number 1.1
    assert ids(database, "flask-x", "1.1") == []


class Remote(http.server.BaseHTTPRequestHandler):
    """A server of archives that knows its marks."""

    data = b""
    etag = '"1"'
    asked: list[str | None] = []  # noqa: RUF012  set by each test

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("If-None-Match"))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://elsewhere.example/all.zip")
            self.end_headers()
        elif self.path == "/none":
            self.send_error(404)
        elif self.headers.get("If-None-Match") == self.etag:
            self.send_response(304)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("ETag", self.etag)
            short = self.path == "/short"
            self.send_header("Content-Length", str(len(self.data) + 10 * short))
            self.end_headers()
            self.wfile.write(self.data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class's name
        """Say nothing."""


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[str]:
    Remote.data = archive(tmp_path / "remote.zip", *ALL).read_bytes()
    Remote.etag, Remote.asked = '"1"', []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Remote) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_an_address_is_asked_for_what_is_new(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "cache" / "a.sqlite"
    done: list[int] = []
    first = update(f"{remote}/all.zip", path, progress=done.append, now=NOW)
    assert (first.is_new, done[-1], first.status.records) == (True, len(Remote.data), 5)
    later = NOW + timedelta(days=1)
    second = update(f"{remote}/all.zip", path, now=later)
    assert (second.is_new, second.status.checked, second.status.written) == (
        False, later.isoformat(timespec="seconds"), NOW.isoformat(timespec="seconds"),
    )  # fmt: skip
    assert second.status.sha256 == first.status.sha256
    Remote.etag, Remote.data = '"2"', archive(tmp_path / "2.zip", SAME).read_bytes()
    assert update(f"{remote}/all.zip", path).status.records == 1
    assert Remote.asked == [None, '"1"', '"1"']
    assert [file.name for file in path.parent.iterdir()] == ["a.sqlite"]


def test_another_address_or_a_damaged_file_is_fetched_whole(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "a.sqlite"
    update(f"{remote}/all.zip", path)
    update(f"{remote}/other.zip", path)
    path.write_bytes(b"x" * 5000)
    assert update(f"{remote}/other.zip", path).status.records == 5
    assert Remote.asked == [None, None, None]


def test_what_comes_short_or_from_elsewhere_is_refused(tmp_path: Path, remote: str) -> None:
    path = tmp_path / "a.sqlite"
    for address, message in (
        (f"{remote}/short", "ended after|cannot be reached"),
        (f"{remote}/none", "answers 404"),
        (f"{remote}/away", "over https only"),
        ("http://osv.example/all.zip", "over https only"),
        ("ftp://osv.example/all.zip", "over https only"),
    ):
        with pytest.raises(BadSource, match=message):
            update(address, path)
    with pytest.raises(BadSource, match="longer than 100 bytes"):
        download(f"{remote}/all.zip", tmp_path / "x", "", lambda done: None, largest=100)
    assert not path.exists()


def test_where_advisories_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path))
    assert default_path() == tmp_path / "advisories.sqlite"
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path / "x.sqlite"))
    assert default_path() == tmp_path / "x.sqlite"
    monkeypatch.delenv("LLMSEC_DB")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "c"))
    assert default_path() == tmp_path / "c" / "llmsec" / "advisories.sqlite"


def ask(address: str, path: str, body: Any, host: str = "") -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data=data)
    if host:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Database]]:
    fresh = [{**one, "modified": FRESH} for one in ALL]
    update(archive(tmp_path / "all.zip", *fresh), tmp_path / "a.sqlite")
    database = Database(tmp_path / "a.sqlite")
    with server(database, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}", database
        running.shutdown()
    database.close()


def test_osvs_interface_on_this_machine(served: tuple[str, Database]) -> None:
    address, database = served
    package = {"name": "Flask-X", "ecosystem": "PyPI"}
    code, answer = ask(address, "/v1/query", {"package": package, "version": "1.1"})
    assert (code, [one["id"] for one in answer["vulns"]]) == (200, ids(database, "flask-x", "1.1"))
    first = next(one for one in answer["vulns"] if one["id"] == "GHSA-aaaa")
    assert (first["aliases"], first["affected"][0]["versions"]) == (["CVE-2025-0001"], ["1", "1.1"])
    assert first["affected"][0]["ranges"] == [
        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}
    ]
    assert ask(address, "/v1/query", {"package": package, "version": "9"}) == (200, {})
    queries = [{"package": {"purl": "pkg:pypi/flask-x@1.2"}}, {"package": package, "version": "9"}]
    code, answer = ask(address, "/v1/querybatch", {"queries": queries})
    assert (code, answer) == (
        200,
        {"results": [{"vulns": [{"id": "PYSEC-2", "modified": FRESH}]}, {}]},
    )


@pytest.mark.parametrize(
    ("path", "body", "host", "code"),
    [
        ("/v1/query", {"package": {"name": "x", "ecosystem": "npm"}, "version": "1"}, "", 400),
        ("/v1/query", {}, "", 400),
        ("/v1/query", b"{", "", 400),
        ("/v1/query", b"[" * 200_000, "", 400),
        ("/v1/query", b'{"package": ' * 100_000, "", 400),
        ("/v1/query", b"\xff\xfe", "", 400),
        ("/v1/query", b'{"version": "\xff"}', "", 400),
        ("/v1/query", [], "", 400),
        ("/v1/querybatch", {"queries": 3}, "", 400),
        ("/v2/query", {}, "", 404),
        ("/v1/query", {}, "evil.example:80", 403),
    ],
)
def test_what_is_no_query_is_refused(
    served: tuple[str, Database], path: str, body: Any, host: str, code: int
) -> None:
    assert ask(served[0], path, body, host)[0] == code


@pytest.mark.parametrize("length", ["9" * 5_000, "4194305", "-1", "1e3", "\u0663"])
def test_a_length_is_a_short_number(served: tuple[str, Database], length: str) -> None:
    host, _, port = served[0].removeprefix("http://").partition(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=10)) as connection:
        connection.putrequest("POST", "/v1/query")
        connection.putheader("Content-Length", length.encode())
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_long_number_is_answered(served: tuple[str, Database]) -> None:
    asked = {"package": {"name": "flask-x", "ecosystem": "PyPI"}, "version": "1" * 5_000}
    assert ask(served[0], "/v1/query", asked) == (200, {})


def test_a_damaged_row_is_no_answer(served: tuple[str, Database]) -> None:
    address, database = served
    with sqlite3.connect(database.path) as connection:
        connection.execute("update affected set events = 'no JSON'")
    asked = {"package": {"name": "flask-x", "ecosystem": "PyPI"}, "version": "1.0"}
    code, answer = ask(address, "/v1/query", asked)
    assert (code, answer["message"].partition(" is ")[2][:8]) == (503, "damaged,")


def test_old_advisories_are_no_answer(served: tuple[str, Database]) -> None:
    address, database = served
    database.meta["newest"] = "2020-01-01T00:00:00Z"
    code, answer = ask(
        address, "/v1/query", {"package": {"name": "a", "ecosystem": "PyPI"}, "version": "1"}
    )
    assert code == 503
    assert "days old: nothing is audited by them" in answer["message"]


def test_the_records_of_an_archive_are_read_one_at_a_time(tmp_path: Path) -> None:
    many = [record(f"PYSEC-{number}", f"p{number}", versions=("1",)) for number in range(50)]
    found = readers.records(archive(tmp_path / "all.zip", *many))
    assert next(iter(found)) is not None
    assert zipfile.is_zipfile(tmp_path / "all.zip")
    assert OSV_URL.startswith("https://")
