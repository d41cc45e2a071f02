"""`.secrets.baseline`: what it knows is suppressed, and what is written detect-secrets takes."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.baseline import Baseline, sha1
from llmsec_nb.config import ConfigError
from llmsec_nb.live import Judge
from llmsec_nb.worker import answer

from .conftest import Run, write_notebook
from .samples import HEX, Maker

NAME = ".secrets.baseline"
FILES = ("a.ipynb", "c.py", "d.yaml")


class Repository:
    """A repository with a notebook and two files, of whose secrets detect-secrets finds some."""

    def __init__(self, folder: Path, maker: Maker) -> None:
        self.folder = folder
        self.maker = maker
        self.in_call = maker.token("SEC103")
        self.pem = maker.pem()
        encoded = base64.b64encode(f"key={maker.token('SEC103')}".encode()).decode()
        write_notebook(
            folder / "a.ipynb",
            f'k = "{maker.token("SEC103")}"\n',
            f'x = OpenAI(api_key="{self.in_call}")\nprint(1)',
            f'pem = """\n{self.pem}\n"""\n',
            f"password = '{maker.password()}'",
            f'z = "{encoded}"',
        )
        (folder / "c.py").write_text(
            f"aws = '{maker.token('SEC101')}'\n"
            f"x = f(password='{maker.password()}')\n"
            f"t = '{maker.token('SEC103')}'\n"
            f"h = '{maker.of(32, HEX)}'\n"
        )
        (folder / "d.yaml").write_text(
            f"a: b\npassword: {maker.password()}\ntoken: {maker.token('SEC103')}\n"
        )
        self.git("init", "-q")
        self.git("add", "-A")

    def git(self, *words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@y", "-c", "core.hooksPath=/dev/null"]
        subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True)

    def upstream(
        self, program: str, *words: str, answers: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name(program), *words],
            cwd=self.folder,
            input=answers,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def scanned_by_upstream(self, *words: str) -> None:
        done = self.upstream("detect-secrets", "scan", "-n", *words)
        (self.folder / NAME).write_text(done.stdout)
        self.git("add", "-A")

    @property
    def tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads((self.folder / NAME).read_text())
        return tree

    @property
    def entries(self) -> list[tuple[str, str, str, int]]:
        return [
            (name, item["type"], item["hashed_secret"], item["line_number"])
            for name, items in self.tree["results"].items()
            for item in items
        ]


@pytest.fixture
def repository(tmp_path: Path, maker: Maker) -> Repository:
    return Repository(tmp_path, maker)


def suppressed(command: Run, *words: str) -> list[dict[str, Any] | None]:
    done = command("check", *words, "--format", "json", "--no-history")
    assert done.stderr == ""
    return [finding.get("suppression") for finding in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("origin", ["new", "theirs", "with our plugin"])
def test_round_trip(repository: Repository, command: Run, origin: str) -> None:
    """Written by us; hook, scan and audit of detect-secrets take it, and what they write, we do."""
    if origin != "new":
        plugin = str(Path(__file__).parents[1] / "llmsec_nb" / "detect_secrets_plugin.py")
        repository.scanned_by_upstream(*(["-p", plugin] if origin != "theirs" else []))
    assert any(found is None for found in suppressed(command, *FILES))
    done = command("baseline", *FILES)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{NAME}: " in done.stdout
    repository.git("add", "-A")
    repository.git("commit", "-qm", "x")
    before, entries = (repository.folder / NAME).read_text(), repository.entries

    known = suppressed(command, *FILES, "--baseline", NAME)
    assert len(known) >= 9
    assert {found["kind"] if found else None for found in known} == {"baseline"}

    hook = repository.upstream("detect-secrets-hook", "--no-verify", "--baseline", NAME, *FILES)
    assert (hook.returncode, hook.stdout) == (0, "")
    assert (repository.folder / NAME).read_text() == before

    scan = repository.upstream("detect-secrets", "scan", "-n", "--baseline", NAME)
    assert (scan.returncode, scan.stderr) == (0, "")
    assert repository.entries == entries
    assert suppressed(command, *FILES, "--baseline", NAME) == known

    if origin != "with our plugin":  # version 1.5 loads no custom plugin when it audits
        audit = repository.upstream("detect-secrets", "audit", NAME, answers="n\n" * 60)
        assert (audit.returncode, "not found" in audit.stdout) == (0, False), audit.stderr
        labels = [i["is_secret"] for items in repository.tree["results"].values() for i in items]
        assert labels == [True] * len(entries)
        reasons = [
            found["reason"] for found in suppressed(command, *FILES, "--baseline", NAME) if found
        ]
        assert "known; audited as a real secret" in reasons
        repository.git("add", "-A")
        hook = repository.upstream("detect-secrets-hook", "--no-verify", "--baseline", NAME, *FILES)
        assert (hook.returncode, hook.stdout) == (0, "")
        assert command("baseline", *FILES).returncode == 0
        again = [i["is_secret"] for items in repository.tree["results"].values() for i in items]
        assert again == labels


def test_line_numbers_and_hashes_are_those_of_the_file(
    repository: Repository, command: Run
) -> None:
    command("baseline", *FILES)
    lines = (repository.folder / "a.ipynb").read_text().split("\n")
    (filters,) = [item["llmsec"] for item in repository.tree["filters_used"] if "llmsec" in item]
    carried = {item["hashed_secret"]: item for item in filters["a.ipynb"]}
    found = carried[sha1(repository.in_call)]
    assert found["rule"] == "SEC103"
    assert repository.in_call in lines[found["line_number"] - 1]
    body = repository.pem.split("\n")[1]
    assert body in lines[carried[sha1(body)]["line_number"] - 1]


def test_a_new_secret_is_reported(repository: Repository, command: Run) -> None:
    command("baseline", *FILES)
    with (repository.folder / "c.py").open("a") as file:
        file.write(f"new = '{repository.maker.token('SEC103')}'\n")
    done = command("check", *FILES, "--baseline", NAME, "--format", "json", "--no-history")
    report = json.loads(done.stdout)
    new = [f["location"]["line"] for f in report["findings"] if "suppression" not in f]
    assert (new, done.returncode, report["summary"]["findings"]) == ([4], 1, 1)


def test_a_prefix_that_all_tokens_share_counts_for_its_line_only(
    tmp_path: Path, maker: Maker, command: Run
) -> None:
    """detect-secrets 1.5 keeps of a GitHub token the hash of the letters before the underscore."""
    token = maker.token("SEC103")
    entry = {"type": "GitHub Token", "hashed_secret": sha1(token[:3]), "line_number": 1}
    tree = {"version": "1.5.0", "results": {"a.py": [entry]}}
    (tmp_path / NAME).write_text(json.dumps(tree))
    other = token[:4] + maker.token("SEC103")[4:]
    (tmp_path / "a.py").write_text(f"k = '{token}'\nl = '{other}'\n")
    known = suppressed(command, "a.py", "--baseline", NAME)
    assert [found["kind"] if found else None for found in known] == ["baseline", None]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (True, "known; audited as a real secret"),
        (False, "known; audited as no secret"),
        (None, "known"),
    ],
)
def test_labels_and_hashes_of_any_type(
    tmp_path: Path, maker: Maker, command: Run, label: bool | None, reason: str
) -> None:
    """As for detect-secrets, what is in the baseline is known whatever its label."""
    value = 'a"1' + maker.password()
    write_notebook(tmp_path / "n" / "a.ipynb", f"password = {value!r}")
    for hashed in (sha1(value), sha1(json.dumps(value)[1:-1])):
        entry: dict[str, Any] = {"type": "Whatever", "hashed_secret": hashed, "line_number": 900}
        entry |= {} if label is None else {"is_secret": label}
        tree = {"version": "1.5.0", "results": {"n\\a.ipynb": [entry]}}
        (tmp_path / NAME).write_text(json.dumps(tree))
        assert suppressed(command, "n", "--baseline", NAME) == [
            {"kind": "baseline", "reason": reason, "where": NAME}
        ]


def test_another_file_does_not_know_it(tmp_path: Path, maker: Maker, command: Run) -> None:
    token = maker.token("SEC103")
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(f"k = '{token}'\n")
    tree = {"version": "1.5.0", "results": {"a.py": [{"type": "x", "hashed_secret": sha1(token)}]}}
    (tmp_path / NAME).write_text(json.dumps(tree))
    assert [found is None for found in suppressed(command, "a.py", "b.py", "--baseline", NAME)] == [
        False,
        True,
    ]


def test_configured_and_found_from_any_directory(tmp_path: Path, maker: Maker, llmsec: Run) -> None:
    (tmp_path / "llmsec.toml").write_text(f'baseline = "{NAME}"\n')
    write_notebook(tmp_path / "sub" / "a.ipynb", f"k = '{maker.token('SEC103')}'")
    done = llmsec("check", "sub")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no such file; `llmsec baseline` writes one" in done.stderr
    assert llmsec("baseline", cwd=tmp_path / "sub").returncode == 0
    assert list(json.loads((tmp_path / NAME).read_text())["results"]) == ["sub/a.ipynb"]
    assert llmsec("check", "sub").returncode == 0
    assert llmsec("check", ".", cwd=tmp_path / "sub").returncode == 0


def test_stale_entries_are_counted_and_dropped(repository: Repository, command: Run) -> None:
    (repository.folder / "gone.py").write_text(f"k = '{repository.maker.token('SEC103')}'\n")
    command("baseline", *FILES, "gone.py")
    (repository.folder / "gone.py").unlink()
    lines = (repository.folder / "c.py").read_text().split("\n")
    (repository.folder / "c.py").write_text("\n".join(lines[2:]))
    done = command("check", *FILES, "--baseline", NAME, "--format", "json", "--no-history")
    skips = {skip["path"]: skip["message"] for skip in json.loads(done.stdout)["skips"]}
    assert skips["c.py"].startswith("2 entries of the baseline are stale")
    assert skips[NAME] == "2 entries are of files that are gone: `llmsec baseline` drops them"
    assert "4 dropped" in command("baseline", *FILES).stdout
    done = command("check", *FILES, "--baseline", NAME, "--format", "json", "--no-history")
    assert json.loads(done.stdout)["skips"] == []


def test_what_others_wrote_is_kept(repository: Repository, command: Run) -> None:
    repository.scanned_by_upstream()
    tree = repository.tree
    tree["ours"] = {"a": [1]}
    tree["results"]["c.py"][0] |= {"note": "mine", "is_secret": False}
    tree["results"]["e.py"] = [{"type": "x", "filename": "e.py", "hashed_secret": "0" * 40}]
    (repository.folder / "e.py").write_text("x = 1\n")
    (repository.folder / NAME).write_text(json.dumps(tree))
    kept = tree["results"]["c.py"][0]
    assert command("baseline", *FILES).returncode == 0
    now = repository.tree
    assert now["ours"] == {"a": [1]}
    assert now["plugins_used"] == tree["plugins_used"]
    assert kept in now["results"]["c.py"]
    assert now["results"]["e.py"] == tree["results"]["e.py"]
    assert list(now["results"]) == sorted(now["results"])
    assert not list(repository.folder.glob("*.part"))


def test_code_that_a_baseline_names_is_not_run(tmp_path: Path, maker: Maker, llmsec: Run) -> None:
    evil = tmp_path / "evil.py"
    evil.write_text("raise SystemExit('RAN')\n")
    tree = {
        "version": "0.12.0",
        "custom_plugin_paths": [str(evil)],
        "plugins_used": [{"name": "Evil", "path": f"file://{evil}"}, {"name": "AWSKeyDetector"}],
        "filters_used": [
            {"path": f"file://{evil}::is_secret"},
            {"path": "evil.is_secret"},
            {"path": "detect_secrets.filters.regex.should_exclude_line", "pattern": ["(a+)+$"]},
        ],
        "results": {"a.py": [{"type": "Evil", "hashed_secret": "0" * 40, "line_number": 1}]},
    }
    (tmp_path / NAME).write_text(json.dumps(tree))
    (tmp_path / "a.py").write_text(f"k = '{maker.token('SEC101')}'\n")
    done = llmsec("check", "a.py", "--baseline", NAME, "--format", "json", "--no-history")
    assert "RAN" not in done.stdout + done.stderr
    (skip,) = json.loads(done.stdout)["skips"]
    assert skip["message"] == (
        "plugin Evil of the baseline was not run, for it is code: "
        f"--detect-secrets-plugin {evil} runs it"
    )
    done = llmsec("baseline", "a.py")
    assert (done.returncode, "RAN" in done.stdout + done.stderr) == (0, False)
    written = json.loads((tmp_path / NAME).read_text())
    assert written["plugins_used"] == tree["plugins_used"]
    assert written["results"] == tree["results"]
    assert llmsec("check", "a.py", "--baseline", NAME, "-q").returncode == 0


NETWORK = ["socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"]


def test_a_verification_filter_opens_no_socket(repository: Repository) -> None:
    """`detect-secrets scan` puts it into each baseline; upstream's hook would then ask providers."""
    repository.scanned_by_upstream()
    tree = repository.tree
    path = "detect_secrets.filters.common.is_ignored_due_to_verification_policies"
    tree["filters_used"].append({"path": path, "min_level": 2})
    (repository.folder / NAME).write_text(json.dumps(tree))
    script = (
        "import sys\n"
        "def hook(event, args):\n"
        f"    if event in {NETWORK!r}:\n"
        "        print('NETWORK', event); raise SystemExit(9)\n"
        "sys.addaudithook(hook)\n"
        "from llmsec_nb.cli import main\n"
        f"first = main(['check', '--baseline', {NAME!r}, '--no-history', '-q', *{FILES!r}])\n"
        f"second = main(['baseline', *{FILES!r}])\n"
        f"third = main(['check', '--baseline', {NAME!r}, '--no-history', '-q', *{FILES!r}])\n"
        "from detect_secrets.settings import get_settings\n"
        f"print(first, second, third, {path!r} in get_settings().filters)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=repository.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "NETWORK" not in done.stdout
    assert done.stdout.splitlines()[-1] == "1 0 0 False", done.stderr
    assert {"path": path, "min_level": 2} in repository.tree["filters_used"]


def test_no_raw_secret_is_written(repository: Repository, command: Run) -> None:
    command("baseline", *FILES)
    text = (repository.folder / NAME).read_text()
    assert repository.in_call not in text
    assert repository.pem.split("\n")[1] not in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a baseline of detect-secrets"),
        ('{"results": {}}', "not a baseline of detect-secrets"),
        (
            '{"version": "1", "results": {"a": 1}}',
            "the results of a file are not a list of objects",
        ),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_a_file_that_is_no_baseline(tmp_path: Path, command: Run, content: str, said: str) -> None:
    (tmp_path / NAME).write_text(content)
    with pytest.raises(ConfigError, match=said):
        Baseline.read(tmp_path / NAME)
    for words in (("check", "--baseline", NAME), ("baseline",)):
        done = command(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"llmsec: {tmp_path / NAME}: {said}\n"


def test_odd_values_in_a_baseline_are_no_crash(tmp_path: Path, maker: Maker, command: Run) -> None:
    token = maker.token("SEC103")
    tree = {
        "version": 1,
        "plugins_used": [7, {"name": 3}, {"name": "Base64HighEntropyString", "limit": "x"}],
        "filters_used": {"path": 1},
        "results": {
            "a.py": [{"line_number": "x", "hashed_secret": 7}, {"hashed_secret": sha1(token)}]
        },
    }
    (tmp_path / NAME).write_text(json.dumps(tree))
    (tmp_path / "a.py").write_text(f"k = '{token}'\n")
    assert suppressed(command, "a.py", "--baseline", NAME)[0] is not None
    assert command("baseline", "a.py").returncode == 0


@pytest.mark.parametrize("origin", ["new", "theirs"])
def test_the_panel_knows_what_the_command_knows(
    repository: Repository, command: Run, origin: str
) -> None:
    """Cells come one by one, and in no file: they are looked at as a notebook will store them."""
    (repository.folder / "llmsec.toml").write_text(f'baseline = "{NAME}"\n')
    if origin == "theirs":
        repository.scanned_by_upstream()
        command("baseline", *FILES)
    else:
        command("baseline", "a.ipynb")
    cells = json.loads((repository.folder / "a.ipynb").read_text())["cells"]
    inputs = [{"key": f"k{n}", "index": n, "cell": cell} for n, cell in enumerate(cells)]
    request = {"path": "a.ipynb", "cells": inputs}
    status, text = answer(Judge(repository.folder), "scan", json.dumps(request).encode(), 60.0)
    assert status == 200
    found = [f.get("suppression") for cell in json.loads(text)["cells"] for f in cell["findings"]]
    assert len(found) == 5
    assert {why and why["kind"] for why in found} == {"baseline"}
    other = {**cells[0], "source": [f"k = '{repository.maker.token('SEC103')}'"]}
    request = {"path": "a.ipynb", "cells": [{"key": "k", "index": 0, "cell": other}]}
    _, text = answer(Judge(repository.folder), "scan", json.dumps(request).encode(), 60.0)
    (finding,) = json.loads(text)["cells"][0]["findings"]
    assert "suppression" not in finding
