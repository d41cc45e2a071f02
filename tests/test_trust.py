"""What a security tool owes its users: no network, no heavy start, no hanging, no false alarms."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

from llmsec_nb import check, check_text
from llmsec_nb.config import Config
from llmsec_nb.core.rule import Confidence
from llmsec_nb.engine import MOST_FINDINGS
from llmsec_nb.rules import all_rules
from llmsec_nb.rules.secrets.detect_secrets.plugins import PLUGINS, _load, _patterns
from llmsec_nb.rules.secrets.token import formats

from .conftest import write_notebook
from .growth import grows_within
from .samples import TOKEN_RULES, Maker

REAL = Path(__file__).parents[2] / "shared" / "data" / "notebooks"
HEAVY = (
    "detect_secrets",
    "requests",
    "nbformat",
    "IPython",
    "pandas",
    "tqdm",
    "pathspec",
    "asyncio",
)


def python(script: str) -> str:
    # -B: some look for files that are written, and what Python compiles is none of ours.
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("import llmsec_nb", ()),
        ("import llmsec_nb.cli", ()),
        ("import llmsec_nb; llmsec_nb.check_text('x = 1')", ()),
        ("from llmsec_nb.cli import main; main(['check', '-q', 'pyproject.toml'])", ()),
        ("import llmsec_nb.magics", ("IPython", "asyncio", "pathspec")),
    ],
)
def test_imports_are_lazy(action: str, allowed: tuple[str, ...]) -> None:
    heavy = [name for name in HEAVY if name not in allowed]
    script = f"import sys; {action}; print([n for n in {heavy} if n in sys.modules])"
    assert python(script).splitlines()[-1] == "[]"


NETWORK = [
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "socket.gethostbyname",
    "subprocess.Popen",
    "urllib.Request",
]


@pytest.mark.parametrize(
    ("rules", "events"),
    [
        ("SEC101", [*NETWORK, "socket.__new__", "socket.bind"]),
        # detect-secrets imports requests, whose urllib3 probes IPv6 with an unconnected socket.
        ("ALL", NETWORK),
    ],
)
def test_no_socket_is_opened(tmp_path: Path, rules: str, events: list[str]) -> None:
    maker = Maker(3)
    tokens = "\n".join(f"k = '{maker.token(rule)}'" for rule in TOKEN_RULES)
    write_notebook(tmp_path / "a.ipynb", tokens)
    script = (
        "import sys\n"
        "def hook(event, args):\n"
        f"    if event in {events!r}:\n"
        "        print('NETWORK', event); raise SystemExit(9)\n"
        "sys.addaudithook(hook)\n"
        "from llmsec_nb.cli import main\n"
        f"sys.exit(main(['check', '--jobs', '1', '--extend-select', {rules!r}, {str(tmp_path)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=False
    )
    assert "NETWORK" not in done.stdout
    assert done.returncode == 1, done.stderr


def test_nothing_in_a_repository_runs(tmp_path: Path) -> None:
    """Modules that lie beside the notebook, and detect-secrets' own configuration, are no code."""
    for name in ("conftest.py", "detect_secrets.py", "sitecustomize.py", "msgspec.py", "json.py"):
        (tmp_path / name).write_text("print('RAN'); raise SystemExit(7)")
    write_notebook(tmp_path / "a.ipynb", f"k = '{Maker(1).token('SEC103')}'")
    command = [str(Path(sys.executable).with_name("llmsec")), "check", "--extend-select", "ALL"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert "RAN" not in done.stdout + done.stderr
    assert done.returncode == 1


HOSTILE = {
    "spaces": "password" + " " * 1_000_000 + "x",
    "quotes": '"' * 1_000_000,
    "names": "token_" * 170_000,
    "assignments": 'password="' * 100_000,
    "base64": "A" * 1_000_000,
    "data-uris": "data:text/html;base64," * 45_000,
    "tags": "<" * 1_000_000,
    "open-tags": "<a " * 330_000,
    "scripts": "<script>" * 125_000,
    "comments": "<!--" * 250_000,
    "entities": "&" * 500_000 + "&#x;" * 100_000,
    "escapes": "\x1b[" * 500_000,
    "addresses": "://a:b" * 170_000,
    "at": "x://" + "a" * 500_000 + ":" + "b" * 500_000,
    "pem": "-----BEGIN PRIVATE KEY-----" * 37_000,
    "pem-body": "-----BEGIN PRIVATE KEY-----\n" + ("A" * 64 + "\n") * 15_000,
    "jwt": "eyJ" * 330_000,
    "jwt-dots": "eyJaaaaaaaa." * 83_000,
    "slack": "https://hooks.slack.com/services/" * 30_000,
    "sk": "sk-" * 330_000,
    "zero-width": "\u200b" * 1_000_000,
    "zero-width-words": "a\u200b" * 100_000,
    "joined": "\u0430a" * 500_000,
    "bidi": "\u202e" * 60_000,
    "digits": "1234567890:" * 90_000,
    "equals": "api_key = " * 100_000,
    "colons": ":" * 1_000_000,
    "ignores": "# llmsec: ignore[" * 60_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@pytest.mark.parametrize("suffix", [".py", ".html", ".txt"])
def test_a_megabyte_of_malice_is_linear(name: str, suffix: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred: no assertion on seconds."""
    text = HOSTILE[name]

    def check(sample: str) -> None:
        report = check_text(sample, f"x{suffix}")
        assert not report.failures or len(report.findings) == MOST_FINDINGS

    assert grows_within(40, check, text[: len(text) // 10], text)


@pytest.mark.parametrize("rule", [p.rule for p in PLUGINS], ids=lambda rule: rule.name)
def test_detect_secrets_gates_let_every_match_through(rule: object) -> None:
    """What a plugin of detect-secrets matches must open its gate: literals and expression."""
    (plugin,) = [p for p in PLUGINS if p.rule is rule]
    maker = Maker(1)
    instance = _load(plugin.module, plugin.classname)
    for pattern in _patterns(instance):
        for _ in range(40):
            try:
                sample = maker.matching(pattern.pattern)
            except AssertionError:
                pytest.skip("the pattern uses what the sample maker does not know")
            if pattern.search(sample):
                assert any(map(sample.lower().__contains__, plugin.literals)), sample[:20]
                assert plugin.gate.search(sample), sample[:20]


def test_every_plugin_of_detect_secrets_has_a_rule() -> None:
    known = {plugin.classname for plugin in PLUGINS}
    classes: list[Any] = list(get_mapping_from_secret_type_to_class().values())
    theirs = {plugin.__name__ for plugin in classes}
    assert theirs <= known


def test_four_constructor_calls() -> None:
    maker = Maker(21)
    calls = [
        ("client = OpenAI(api_key='{}')", "SEC108"),
        ("s3 = boto3.client('s3', aws_access_key_id='{}')", "SEC101"),
        ("g = Github('{}')", "SEC103"),
        ("w = WebClient(token='{}')", "SEC106"),
    ]
    for call, rule in calls:
        report = check_text(call.format(maker.token(rule)), "a.py")
        assert [f.rule for f in report.findings] == [rule]


def test_random_text_raises_no_alarm() -> None:
    """Hashes, ids and base64 of every length, in the places where notebooks have them."""
    maker, dice = Maker(8), random.Random(8)
    kinds = ["0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"]
    lines = []
    for _ in range(2000):
        alphabet = dice.choice(kinds)
        value = "".join(dice.choice(alphabet) for _ in range(dice.choice([32, 40, 64])))
        name = dice.choice(
            ["sha256", "revision", "commit", "run_id", "id", "etag", "digest", "checkpoint"]
        )
        lines.append(
            dice.choice([f'{name} = "{value}"', f"{name}: {value}", f'"{name}": "{value}",', value])
        )
    lines += [f'uuid = "{maker.uuid()}"' for _ in range(50)]
    for name in ("a.py", "a.txt", "a.md", "a.yaml"):
        assert check_text("\n".join(lines), name).findings == ()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real notebooks are not here")
def test_no_false_secret_in_real_notebooks() -> None:
    report = check(REAL, config=Config(min_confidence=Confidence.MEDIUM))
    assert report.summary.files > 150
    found = [(f.rule, f.location.path) for f in report.findings if f.family == "secret"]
    assert found == []
    assert report.failures == ()


def test_patterns_are_bounded() -> None:
    """No star, no plus, no open repeat in the patterns of the table."""
    open_ended = re.compile(r"(?<!\\)(?:[*+](?![\w\])/-])|\{\d+,\})")
    for entry in formats():
        pattern = re.sub(r"\[[^\]]*\]", "", entry.pattern)
        assert not open_ended.search(pattern), entry.rule.id


def test_documents_of_rules_are_complete() -> None:
    for rule in all_rules().values():
        assert rule.summary, rule.id
        assert rule.remediation.endswith("."), rule.id
        assert json.dumps(rule.why), rule.id
