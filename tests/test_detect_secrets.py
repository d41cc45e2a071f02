"""Findings as detect-secrets has them, its comments, its plugins, and ours as one of its."""

from __future__ import annotations

import json
import random
import re
import string
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core import scan as upstream
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.filters import allowlist, heuristic
from detect_secrets.plugins import keyword as their_keyword
from detect_secrets.settings import default_settings

from llmsec_nb import check_text
from llmsec_nb.rules.secrets.detect_secrets import keyword, parity, stock
from llmsec_nb.rules.secrets.detect_secrets.filters import is_indirect_reference
from llmsec_nb.rules.secrets.detect_secrets.pragma import allows_line, allows_next_line

from .conftest import Run, write_notebook
from .growth import grows_within
from .samples import ALNUM, HEX, Maker

NAMES = ("a.txt", "a.py", "a.ini", "a.ipynb", "a.go", "a.cpp", "a.c", "a.yaml")
Found = set[tuple[str, int, str]]


def theirs(text: str, filename: str) -> Found:
    lines = [f"{line}\n" for line in text.split("\n")]
    found = upstream._process_line_based_plugins(list(enumerate(lines, 1)), filename)
    return {(hit.type, hit.line_number, str(hit.secret_value)) for hit in found}


class Writer:
    """Lines in which the plugins of detect-secrets find something, or nearly."""

    WORDS = (
        *("aws", "AWS_", "aw\u017f", "key", "token", "pw", "pwd", "pass", "password", "api"),
        *(
            "ibm",
            "cloud",
            "iam",
            "sl",
            "softlayer",
            "cl",
            "clou",
            "cos",
            "hmac",
            "secret",
            "access",
        ),
        *("//", "//x/:_authToken=", "sk-", "T3BlbkFJ", "-us12", "eyJ", "xox", "AKC", "AC", "SK"),
        *("# pragma: allowlist secret", "// pragma: whitelist secret", "_id: ", "id = "),
        *(
            "<!-- pragma: allowlist secret -->",
            "#pragma:allowlist nextline secret",
            "f(",
            ")",
            "[0]",
        ),
    )
    SIGNS = (
        *(
            " ",
            "  ",
            "=",
            ":",
            ":=",
            "=>",
            "::",
            "==",
            "!=",
            '"',
            "'",
            "`",
            "[",
            "]",
            ".",
            "-",
            "_",
        ),
        *(
            "\t",
            "\n",
            "\n",
            ";",
            ",",
            "@",
            "://",
            "\x0b",
            "\r",
            "\xe9",
            "\u2028",
            "\u017f",
            "\u212a",
        ),
    )

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.maker = Maker(seed)
        self.plugins = [plugin() for plugin in stock.classes().values()]

    def of(self, length: int, alphabet: str = ALNUM) -> str:
        return "".join(self.dice.choice(alphabet) for _ in range(length))

    def text(self) -> str:
        return "".join(self._piece() for _ in range(self.dice.randint(3, 40)))

    def _piece(self) -> str:
        kind = self.dice.random()
        if kind < 0.35:
            return self._matching(self.dice.choice(self.plugins))
        if kind < 0.5:
            alphabets = [ALNUM, HEX, string.ascii_lowercase, ALNUM + "/+", ALNUM + "_-"]
            return self.of(
                self.dice.choice([20, 24, 32, 36, 40, 44, 48, 64]), self.dice.choice(alphabets)
            )
        return self.dice.choice(self.WORDS if kind < 0.75 else self.SIGNS)

    def _matching(self, plugin: Any) -> str:
        if hasattr(plugin, "denylist"):
            try:
                return self.maker.matching(self.dice.choice(list(plugin.denylist)).pattern)
            except AssertionError:  # the pattern uses what the maker does not know
                return ""
        quote = self.dice.choice("'\"")
        if hasattr(plugin, "charset"):
            return quote + self.of(self.dice.choice([8, 9, 16, 23, 40]), plugin.charset) + quote
        name = self.dice.choice(["password", "API_KEY", "db_pass", "private_key"])
        form = self.dice.choice([' = "{}"', ": '{}'", "={}", ' == "{}"', "=`{}`;", ' "{}";'])
        return name + form.format(self.of(self.dice.randint(1, 20)))


@pytest.mark.parametrize("seed", range(3))
def test_findings_are_those_of_detect_secrets(seed: int) -> None:
    writer = Writer(seed)
    seen: set[str] = set()
    with default_settings():
        for number in range(300):
            text, name = writer.text(), NAMES[number % len(NAMES)]
            expected = theirs(text, name)
            assert {tuple(hit) for hit in parity.scan_text(text, name)} == expected, repr(text)
            seen |= {kind for kind, _, _ in expected}
    assert len(seen) >= 25  # all but public addresses, which hold no letter


def test_each_form_of_the_keyword_plugin() -> None:
    sets = {
        "a.go": their_keyword.GOLANG_DENYLIST_REGEX_TO_GROUP,
        "a.c": their_keyword.COMMON_C_DENYLIST_REGEX_TO_GROUP,
        "a.cpp": their_keyword.C_PLUS_PLUS_REGEX_TO_GROUP,
        "a.ini": their_keyword.CONFIG_DENYLIST_REGEX_TO_GROUP,
        "a.ipynb": their_keyword.QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP,
    }
    pieces = [*Writer.SIGNS, "password", "pwd", "api_key", "PaSSwd", "contrase\xf1a", "apassword"]
    pieces += ["===", "!==", "=>", "(", ".assign(", "xassign(", "@", '"', "'", "`", ";", "[5]", "a"]
    dice = random.Random(5)
    hits = 0
    for _ in range(8000):
        line = "".join(dice.choice(pieces) for _ in range(dice.randint(2, 14)))
        for name, forms in sets.items():
            for find, (pattern, group) in zip(
                keyword.finders_for(name), forms.items(), strict=True
            ):
                found = pattern.search(line)
                assert find(line, keyword.names(line)) == (found.group(group) if found else None), (
                    name,
                    line,
                )
                hits += found is not None
    assert hits > 300


def test_filters_say_the_same() -> None:
    dice = random.Random(6)
    pieces = [*"=:!()[] .-a'", "\x0b", "foo", "pragma: ", "pragma:", "#", "//", "/*", "*/", "--"]
    pieces += ["<!--", "-->", "allowlist secret", "whitelist-secret", "allowlist nextline secret"]
    pieces += [
        "# pragma: allowlist nextline secret",
        "/*pragma:allowlist-nextline-secret",
        "'pragma: ",
    ]
    counts = [0, 0, 0]
    for _ in range(20000):
        line = "".join(dice.choice(pieces) for _ in range(dice.randint(1, 9)))
        name = dice.choice(["a.py", "a.yaml"])
        here, before = allowlist._get_allowlist_regexes_for_file(name)
        said = is_indirect_reference(line)
        assert said == bool(heuristic.is_indirect_reference(line)), line
        same = allows_line(line, name) is not None
        assert same == any(pattern.search(line) for pattern in here), line
        following = allows_next_line(line, name) is not None
        assert following == any(pattern.search(line) for pattern in before), line
        counts = [
            count + bool(now) for count, now in zip(counts, [said, same, following], strict=True)
        ]
    assert min(counts) > 15


def test_files_are_read_as_detect_secrets_reads_them(tmp_path: Path, maker: Maker) -> None:
    values = [
        maker.of(40),
        maker.of(32, HEX),
        maker.password(),
        "AKIA" + maker.of(16, "ABCDEFG234567"),
    ]
    files = {
        "a.ini": f"[a]\nk = {values[0]}\n# pragma: allowlist nextline secret\nl = {values[1]}\n",
        "b.yaml": f"a:\n  password: {values[2]}\n  - x: '{values[1]}'\nkey: {values[0]}\n",
        "c.env": f"A={values[0]}\nPASSWORD={values[2]}\n",
        "d.py": f"k = '{values[1]}'\r\npassword = '{values[2]}'\nx = '{values[3]}'\n",
        "e.txt": f"{values[3]}\n",
        "f.lock": f"k = '{values[1]}'\n",
        "g.toml": f"[x]\npassword = '{values[2]}'\n",
    }
    found = 0
    for name, content in files.items():
        path = tmp_path / name
        path.write_bytes(content.encode())
        collection = SecretsCollection()
        with default_settings():
            collection.scan_file(str(path))
        expected = {(hit.type, hit.line_number, hit.secret_value) for _, hit in collection}
        assert {tuple(hit) for hit in parity.scan_file(path, str(path))} == expected, name
        found += len(expected)
    assert found >= 8


def test_lines_given_by_hand(maker: Maker) -> None:
    lines = [
        maker.of(40),
        f"k = '{maker.of(40)}'",
        f'password = "{maker.password()}"',
        f"password = '{maker.password()}' # pragma: allowlist secret",
        f"_id = '{maker.of(32, HEX)}'",
        "word",
    ]
    found = 0
    for line in lines:
        with default_settings():
            expected = {(hit.type, hit.secret_value) for hit in upstream.scan_line(line)}
        assert {(hit.type, hit.value) for hit in parity.scan_line(line)} == expected
        found += len(expected)
    assert found >= 5


def test_known_patterns_are_those_of_the_installed_version() -> None:
    """Otherwise plugins are asked about every line: right, but slow."""
    for name, plugin in stock.classes().items():
        assert stock.Stock(plugin(), "a.py").gates is not None, name


def test_unknown_patterns_are_asked_about_every_line(
    monkeypatch: pytest.MonkeyPatch, maker: Maker
) -> None:
    monkeypatch.setattr(stock, "_DIGESTS", {})
    text = f"x\npassword = '{maker.password()}'\nk = '{maker.of(40)}'\n" + "y" * 2000
    with default_settings():
        expected = theirs(text, "a.py")
    assert {tuple(hit) for hit in parity.scan_text(text, "a.py")} == expected
    assert len(expected) == 2


MEGABYTE = 1_000_000
HOSTILE = {
    "blanks after a name": "password" + " " * MEGABYTE + "x",
    "names and blanks": "password       " * 66_000,
    "names": "password" * 125_000,
    "lines of blanks": ("password" + " " * 2000 + "\n") * 500,
    "references": ("password = 'aaa' " + "=a(" * 300 + "\n") * 1000,
    "quotes": '"' * MEGABYTE,
    "backticks": "`==pwd" * 160_000,
    "values that do not end": "password:`a," * 83_000,
    "semicolons": 'pwd"a;' * 160_000,
    "jwt": "eyJ" * 333_000,
    "openai": "sk-" * 330_000 + "A" * 20 + "T3BlbkFJ" + "A" * 19,
    "npm": "//" * 490_000 + "/:_authToken=x",
    "aws": "aws" * 330_000 + "'" + "a" * 40 + "'",
    "discord": "M" * 900_000 + "." + "a" * 6 + "." + "a" * 27,
    "ibm": "ibm_api_key='" + "a" * MEGABYTE,
    "pragma": ("password='aaa1' #" + " " * 900 + "\n") * 1000,
    "addresses": "8.8.8." * 160_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@pytest.mark.parametrize("filename", ["a.ipynb", "a.ini", "a.cpp"])
def test_a_megabyte_takes_linear_time(name: str, filename: str) -> None:
    """Upstream takes 28 seconds for the first two thousand blanks."""
    parity.scan_text("warm = 1\n", filename)
    text = HOSTILE[name]
    tenth = text[: len(text) // 10]
    assert grows_within(30, lambda sample: parity.scan_text(sample, filename), tenth, text)


@pytest.mark.parametrize(
    ("source", "name", "kept"),
    [
        ("k = '{}'  # pragma: allowlist secret", "a.py", [True]),
        ("k = '{}'  #pragma:whitelist-secret because", "a.py", [True]),
        ("k = '{}' // pragma: allowlist secret", "a.js", [True]),
        ("k = '{}' /* pragma: allowlist secret */", "a.js", [True]),
        ("k = '{}' ' pragma: allowlist secret", "a.vb", [True]),
        ("k = '{}' -- pragma: allowlist secret", "a.sql", [True]),
        ("<p>{}</p> <!-- pragma: allowlist secret -->", "a.html", [True]),
        ("# pragma: allowlist nextline secret\nk = '{0}'\nl = '{1}'", "a.py", [True, False]),
        ("// pragma: allowlist nextline secret\r\nk = '{0}'\r\nl = '{1}'", "a.js", [True, False]),
        ("k: {} # pragma: allowlist secret", "a.yaml", [True]),
        ("k: {} // pragma: allowlist secret", "a.yaml", [False]),
        ("k = '{}'  # pragma: allowlist", "a.py", [False]),
        ("k = '{}'  # pragma: no cover", "a.py", [False]),
    ],
)
def test_pragma_in_files(maker: Maker, source: str, name: str, kept: list[bool]) -> None:
    report = check_text(source.format(maker.token("SEC103"), maker.token("SEC103")), name)
    assert [finding.suppression is not None for finding in report.findings] == kept
    for finding in report.findings:
        if finding.suppression:
            assert finding.suppression.kind == "comment"
            assert finding.suppression.where == "detect-secrets pragma"
            assert finding.fixes == ()
    assert report.summary.suppressed == sum(kept)


def test_pragma_in_cells(tmp_path: Path, maker: Maker, llmsec: Run) -> None:
    tokens = [maker.token("SEC103") for _ in range(3)]
    write_notebook(
        tmp_path / "a.ipynb",
        f"k = '{tokens[0]}'  # pragma: allowlist secret\nx = 1",
        f"# pragma: allowlist nextline secret\nk = '{tokens[1]}'\nl = '{tokens[2]}'",
    )
    done = llmsec("check", "a.ipynb", "--format", "json", "--no-history")
    found = json.loads(done.stdout)["findings"]
    assert [f.get("suppression", {}).get("where") for f in found] == [
        "detect-secrets pragma",
        "detect-secrets pragma",
        None,
    ]
    assert found[2]["location"]["line"] == 2


def test_pragma_is_for_secrets_alone() -> None:
    report = check_text("a = 'x\u202ey'  # pragma: allowlist secret\n", "a.py")
    assert [(f.family, f.suppression) for f in report.findings] == [("code", None)]


PLUGIN = textwrap.dedent(
    """
    import re, sys, time
    from detect_secrets.plugins.base import RegexBasedDetector

    print("a plugin that prints")

    class Ticket(RegexBasedDetector):
        secret_type = "Ticket"
        denylist = [re.compile(r"TICKET-[a-z]{6}")]

        def analyze_string(self, string):
            if "sleep" in string:
                time.sleep(60)
            if "raise" in string:
                raise ValueError(string)
            yield from super().analyze_string(string)
    """
)


def test_a_custom_plugin_is_run_when_it_is_named(tmp_path: Path, llmsec: Run) -> None:
    (tmp_path / "mine.py").write_text(PLUGIN)
    (tmp_path / "a.py").write_text("x = 1\ny = 'TICKET-abcdef'  # TICKET-abcdef\n")
    assert llmsec("check", "a.py").returncode == 0
    words = ("check", "a.py", "--detect-secrets-plugin", "mine.py", "--format", "json")
    found = json.loads(llmsec(*words, "--no-history").stdout)["findings"]
    assert [(f["rule"], f["location"]["line"], f["location"]["column"]) for f in found] == [
        ("SEC428", 1, 5)
    ]
    assert found[0]["evidence"]["masked"] == "***"


@pytest.mark.parametrize(
    ("plugin", "source", "said"),
    [
        (PLUGIN, "raise = 1", "stopped with ValueError"),
        ("raise OSError", "x = 1", "stopped with OSError"),
        ("x = 1", "x = 1", "stopped with LookupError"),
        ("import os; os._exit(3)", "x = 1", "ended early"),
    ],
)
def test_a_custom_plugin_that_fails_is_a_failure(
    tmp_path: Path, llmsec: Run, plugin: str, source: str, said: str
) -> None:
    (tmp_path / "mine.py").write_text(plugin)
    (tmp_path / "a.py").write_text(source)
    done = llmsec("check", "a.py", "--detect-secrets-plugin", "mine.py")
    assert done.returncode == 2
    assert said in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_custom_plugin_has_a_time_budget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from llmsec_nb.core.detector import Unavailable
    from llmsec_nb.rules.secrets.detect_secrets import custom

    monkeypatch.setattr(custom, "_BUDGET", 0.5)
    (tmp_path / "mine.py").write_text(PLUGIN)
    host = custom._Host(tmp_path / "mine.py")
    assert host.ask("a.py", ["x", "TICKET-abcdef"]) == [(1, "TICKET-abcdef")]
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"took more than 0\.5 seconds"):
            host.ask("a.py", ["sleep"])
    assert host._process is not None
    assert host._process.poll() is not None


def test_modules_beside_the_notebook_do_not_run_in_workers(tmp_path: Path) -> None:
    """New processes, of the scan and of custom plugins, import nothing of what they scan."""
    for name in ("pickle", "json", "signal", "llmsec_nb", "msgspec"):
        (tmp_path / f"{name}.py").write_text("import sys\nsys.stderr.write('RAN')\n")
    (tmp_path / "mine.py").write_text(PLUGIN)
    for name in ("a.ipynb", "b.ipynb"):
        write_notebook(tmp_path / name, ("#" + " " * 4000 + "\n") * 1200)
    command = [str(Path(sys.executable).with_name("llmsec")), "check", ".", "--jobs", "2", "-q"]
    command += ["--detect-secrets-plugin", "mine.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert "RAN" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stderr


def exported() -> str:
    done = subprocess.run(
        [sys.executable, "-m", "llmsec_nb.detect_secrets_plugin"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def detect_secrets(folder: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("detect-secrets")
    return subprocess.run(
        [program, *words], cwd=folder, capture_output=True, encoding="utf-8", check=False, **more
    )


def test_our_rules_as_a_plugin_of_theirs(tmp_path: Path, maker: Maker) -> None:
    import base64

    from llmsec_nb.baseline import sha1

    token, hidden, password = maker.token("SEC103"), maker.token("SEC103"), maker.password()
    encoded = base64.b64encode(f"key={hidden}".encode()).decode()
    pem = maker.pem()
    write_notebook(
        tmp_path / "a.ipynb",
        f'k = "{token}"',
        f"z = '{encoded}'",
        f'p = """\n{pem}\n"""',
        f"l = '{token}'  # llmsec: ignore[SEC103] a test",
    )
    (tmp_path / "b.env").write_text(f"DB_PASSWORD={password}\n")
    plugin = exported()
    done = detect_secrets(tmp_path, "scan", "-n", "--all-files", "-p", plugin)
    tree = json.loads(done.stdout)
    assert {"name": "LlmsecDetector", "path": f"file://{plugin}"} in tree["plugins_used"]
    raw = (tmp_path / "a.ipynb").read_text().split("\n")
    found = {item["hashed_secret"]: item for item in tree["results"]["a.ipynb"]}
    line = next(
        number for number, text in enumerate(raw, 1) if f'"{token}' in text.replace("\\", "")
    )
    by_value = {sha1(token): line, sha1(f"{token}\\"): line}
    assert any(found.get(hashed, {}).get("line_number") == line for hashed in by_value)
    assert sha1(encoded) in found
    assert sha1(pem.split("\n")[1] + "\\n") in found  # as upstream takes a line of JSON
    assert sha1(password) in {item["hashed_secret"] for item in tree["results"]["b.env"]}


def test_our_plugin_on_a_line(maker: Maker) -> None:
    token = maker.token("SEC103")
    done = detect_secrets(Path.cwd(), "scan", "-n", "-p", exported(), "--string", f"k = '{token}'")
    assert re.search(r"LlmsecDetector\s*: ", done.stdout), done.stderr
    assert done.returncode == 0
