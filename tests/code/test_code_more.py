"""Spellings that the examples of the rules leave out."""

from __future__ import annotations

import pytest

from llmsec_nb.core.rule import Confidence, Severity

from .scanning import flagged, scan

REPLY = "import ollama\nr = ollama.generate(model='m', prompt=q)['response']"


@pytest.mark.parametrize(
    ("rule", "cells", "pieces"),
    [
        ("COD024", (REPLY, "%sql {r}"), ["{r}"]),
        ("COD024", (REPLY, "%sql $r"), ["$r"]),
        ("COD025", ("q = 'select a from b where c = ' + c",), ["'select a from b where c = ' + c"]),
        ("COD025", ("cur.execute('select a from b where c = {}'.format(c))",), ["cur.execute('select a from b where c = {}'.format(c))"]),
        ("COD051", ("c.ServerApp.token = ''\nc.ServerApp.ip = '0.0.0.0'",), ["c.ServerApp.token = ''", "c.ServerApp.ip = '0.0.0.0'"]),
        ("COD068", ("!ssh -o StrictHostKeyChecking=no a ls",), ["StrictHostKeyChecking=no"]),
        ("COD068", ("%%bash\nssh -o StrictHostKeyChecking=no a ls\n",), ["StrictHostKeyChecking=no"]),
        ("COD040", ("%env PYTHONHTTPSVERIFY=0",), ["PYTHONHTTPSVERIFY=0"]),
        ("COD040", ("import requests\ns = requests.Session()\ns.verify = False",), ["s.verify = False"]),
        ("COD040", ("import aiohttp\naiohttp.request('GET', u, ssl=False)",), ["ssl=False"]),
        ("COD040", ("%%writefile Dockerfile\nFROM a\nRUN curl -k https://example.org",), ["-k"]),
        ("COD041", ("import subprocess\nsubprocess.run('wget http://example.org/a', shell=True)",), ["http://example.org/a"]),
        ("COD002", ("import pickle\nm = pickle.load(open(f'{a}/m.pkl', 'rb'))",), ["pickle.load(open(f'{a}/m.pkl', 'rb'))"]),
        ("COD022", (REPLY, "import subprocess\nsubprocess.run(r.split())"), ["subprocess.run(r.split())"]),
        ("COD022", (REPLY, "import asyncio\nawait asyncio.create_subprocess_shell(cmd=r)"), ["asyncio.create_subprocess_shell(cmd=r)"]),
        ("COD010", ("from sentence_transformers import SentenceTransformer as S\nS('a/b', trust_remote_code=True)",), ["trust_remote_code=True"]),
        ("COD011", ("from sentence_transformers import SentenceTransformer as S\nS('a/b')",), ["S('a/b')"]),
        ("COD011", ("%%writefile train.py\nfrom datasets import load_dataset\nload_dataset('a/b')",), ["load_dataset('a/b')"]),
    ],
)  # fmt: skip
def test_other_spellings(rule: str, cells: tuple[str, ...], pieces: list[str]) -> None:
    assert flagged(rule, *cells) == pieces


def test_one_broken_cell_hides_no_other() -> None:
    assert flagged("COD021", "def f(:", "x = (", "eval(x)") == ["eval(x)"]


def test_messages_hold_nothing_of_the_cell() -> None:
    cells = (
        "secret_name = 'hunter2'\neval(secret_name + x)",
        "import os\nos.system('hunter2 ' + x)",
        "import pandas as pd\npd.read_csv('http://hunter2.example.org/a.csv')",
        "cur.execute(f\"select hunter2 from a where b = '{c}'\")",
        "!curl -k https://hunter2.example.org",
    )
    found = scan(*cells)
    assert len(found) >= len(cells)
    assert all("hunter2" not in match.message for _, match in found)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("cur.execute(f'select * from {T} where id = %s', (k,))", (Severity.LOW, Confidence.LOW)),
        ("cur.execute(f'select * from {T} where id = ?', (k,))", (Severity.LOW, Confidence.LOW)),
        ("cur.execute(f'select * from {T} where id = {k}')", (Severity.MEDIUM, Confidence.MEDIUM)),
        ("cur.execute('select * from a where id = %s' % k)", (Severity.MEDIUM, Confidence.MEDIUM)),
    ],
)
def test_the_mark_of_a_parameter_is_no_value_put_in(
    call: str, told: tuple[Severity, Confidence]
) -> None:
    found = [match for _, match in scan(f"import os\nT = os.getenv('T')\n{call}")]
    assert [match.rule.id for match in found] == ["COD025"]
    match = found[0]
    assert (
        match.severity or match.rule.severity,
        match.confidence or match.rule.confidence,
    ) == told
