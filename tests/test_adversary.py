"""Cases found by attacking the scanner: each was a leak, a silent pass, a crash or a false alarm."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb import check, check_text
from llmsec_nb.core.finding import Report

from .samples import HEX, Maker
from .test_notebook import code, data, notebook, png
from .test_reports import everything, outcome

MAKER = Maker(31)
TOKEN = MAKER.token("SEC103")
PASSWORD = "tR" + MAKER.of(6) + "+z9"
HEX40 = MAKER.of(40, HEX)
AWS = MAKER.of(38) + "/+"


def scan(tree: dict[str, Any]) -> Report:
    return outcome(json.dumps(tree)).report


@pytest.mark.parametrize(
    ("secret", "source"),
    [
        (PASSWORD, f'password="{PASSWORD}"; {"a" * 40} {PASSWORD} tail'),
        (PASSWORD, f'{PASSWORD} {"#" * 30} password="{PASSWORD}"'),
        (TOKEN, f't = "{TOKEN}" {"#" * 40} {TOKEN}'),
        (TOKEN, f't = "{TOKEN[:20]}\u200b{TOKEN[20:]}"'),
        (TOKEN, f't = "{TOKEN[:20]}\u0430{TOKEN[21:]}"'),
        (PASSWORD, f"p\u0430ssword = '{PASSWORD}'"),
        ("z9xkQ7mW", 'password = "tR0ub4dor\\"z9xkQ7mW"'),
        ("rz9xkQ7m", '"postgresql://ada:tR0ub4@dorz9xkQ7m@db.corp/x"'),
    ],
)
def test_the_shown_line_holds_no_piece(secret: str, source: str) -> None:
    found = outcome(source, "a.py")
    assert any(finding.family == "secret" for finding in found.report.findings)
    shown = everything(found)
    for start in range(len(secret) - 7):
        assert secret[start : start + 8] not in shown


@pytest.mark.parametrize(
    "value", ["tR0ub4dor;z9xkQ7mW", "tR0ub4dor<z9'kQ7mW", "tR0ub4 dor+z9 kQ7mWxx"]
)
def test_values_of_config_files_go_to_the_end_of_the_line(value: str) -> None:
    shown = everything(outcome(f"DB_PASSWORD={value}\n", ".env"))
    assert "SEC301" in shown
    assert value[-6:] not in shown


def test_overlapping_values() -> None:
    one, two = "kQ7mWxx9zz+1", "zz+1TT71qqvv"
    shown = everything(outcome(f'password="{one}"; pwd="{two}"; s="{one[:-4]}{two}"', "a.py"))
    assert "TT71qqvv" not in shown


@pytest.mark.parametrize(
    "tree",
    [
        notebook(code("x", data(f"text/{TOKEN}", "y"))),
        notebook(code("x", attachments={f"{TOKEN}.txt": {"text/plain": "y"}})),
        notebook(code("x", cell_type=TOKEN)),
        notebook(code("x", data("image/png", TOKEN))),
        notebook(code("x", data("image/png", [TOKEN]))),
        {"nbformat": 3, "metadata": {}, "cells": [code(TOKEN)]},
        {"nbformat": 4, "metadata": {}, "cells": [], "worksheets": [{"cells": [code(TOKEN)]}]},
        {"nbformat": 3, "metadata": {}, "worksheets": {"cells": [code(TOKEN)]}},
    ],
)
def test_no_corner_is_left_out(tree: dict[str, Any]) -> None:
    found = outcome(json.dumps(tree))
    assert "SEC103" in [finding.rule for finding in found.report.findings]
    assert TOKEN not in everything(found)


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"nbformat": 3, "metadata": {}}, "the notebook has no list of worksheets"),
        ({"nbformat": 4, "metadata": {}}, "the notebook has no list of cells"),
        ({"nbformat": 4, "cells": [code("x", {"output_type": ["a"]})]}, None),
    ],
)
def test_malformed_is_told_or_read(tree: dict[str, Any], message: str | None) -> None:
    assert [failure.message for failure in scan(tree).failures] == ([message] if message else [])


def test_a_json_file_with_a_name_twice_is_read_whole() -> None:
    report = check_text(f'{{"a": "{TOKEN}", "a": "x"}}', "x.json")
    assert [finding.rule for finding in report.findings] == ["SEC103"]
    assert [skip.message for skip in report.skips] == ["not plain JSON: read as text"]


def test_an_unreadable_directory_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def walk(top: Path, onerror: Callable[[OSError], None]) -> list[Any]:
        onerror(PermissionError(13, "Permission denied", "locked"))
        return []

    monkeypatch.setattr("llmsec_nb.sources.discover.os.walk", walk)
    report = check(tmp_path)
    assert [(f.path, f.message) for f in report.failures] == [
        ("locked", "directory cannot be read: Permission denied")
    ]


def test_a_cut_off_image_text_is_a_failure() -> None:
    broken = png(b"zTXt", b"k\0\0" + zlib.compress(TOKEN.encode())[:-9])
    payload = base64.b64encode(broken).decode()
    report = scan(notebook(code("x", data("image/png", payload))))
    assert [f.message for f in report.failures] == [
        "a compressed text chunk of an image is cut off"
    ]


def test_many_findings_in_one_line_and_in_many_lines() -> None:
    one = ";".join(f'password="{MAKER.password()}"' for _ in range(2000))
    many = [f't="{MAKER.token("SEC103")}"\n' for _ in range(2000)]
    report = scan(notebook(code(one), code(many)))
    assert report.summary.findings == 4000


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (f"%env AWS_SECRET_ACCESS_KEY {AWS}", "SEC102"),
        (f"%env WANDB_API_KEY {HEX40}", "SEC151"),
        (f'password = (\n    "{PASSWORD}"\n)', "SEC301"),
        (f'password = \\\n    "{PASSWORD}"', "SEC301"),
        (f'aws_secret_access_key=(\n "{AWS}"\n)', "SEC102"),
        (f"u = 'https://x/?q=a%20{TOKEN}'", "SEC103"),
        (f"t = '\\x27{TOKEN}'", "SEC103"),
    ],
)
def test_found(source: str, rule: str) -> None:
    assert [finding.rule for finding in check_text(source, "a.py").findings] == [rule]


@pytest.mark.parametrize(
    "source",
    [
        f'import wandb\nrun_key = "{HEX40}"',
        f'import wandb\nartifact_key = "{HEX40}"',
        f'cohere.embed(token_hash="{HEX40}")',
        f'kaggle_dataset_key = "{HEX40[:32]}"',
        f'commit_key = "{HEX40}"',
        f'git_sha_key = "{HEX40}"',
        f'experiment_key = "{HEX40[:32]}"',
        'job_key = "job-2024-01-02-3c03b60e"',
        'compass = "N45.12E"',
        'bypass = "A1-B2-C3"',
        'first_pass = "step_1/step_2"',
        'password = "P@ssw0rd"',
    ],
)
def test_innocent(source: str) -> None:
    assert check_text(source, "a.py").findings == ()


def test_a_long_name_over_many_findings_is_looked_at_once() -> None:
    """Ten times the findings under a name of 300 kB take no ten times as long."""
    maker, timings = Maker(9), []
    for count in (20, 200):
        members = {"x" * 300_000: {f"k{i}": maker.token("SEC103") for i in range(count)}}
        start = time.process_time()
        report = check_text(json.dumps(members), "a.json")
        timings.append(time.process_time() - start)
        assert len(report.findings) == count
    assert timings[1] < 6 * timings[0]
