"""How much a finding weighs: what is the notebook's own, what others send, and where it goes."""

from __future__ import annotations

import pytest

from llmsec_nb.core.rule import Severity

from .scanning import scan

INFO, LOW, MEDIUM, HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH
CRITICAL = Severity.CRITICAL
MODEL = "import ollama\nr = ollama.generate(model='m', prompt=q)['response']"


def weighed(rule_id: str, *cells: str) -> list[tuple[str, Severity]]:
    """The pieces that one rule flags, and how bad each is."""
    return [
        (unit.source[match.start : match.end], match.severity or match.rule.severity)
        for unit, match in scan(*cells)
        if match.rule.id == rule_id
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("import os\nbucket = session.bucket()\nos.system(f'aws s3 ls {bucket}')",), LOW),
        (("import os\nos.system('ls ' + unknown)",), LOW),
        (("import os\nos.system('ls ' + input())",), MEDIUM),
        (("import os, sys\nos.system(f'ls {sys.argv[1]}')",), MEDIUM),
        (("import os\nname = open('n.txt').read().strip()\nos.system('ls ' + name)",), MEDIUM),
        (("import os\nwith open('n') as f:\n    for line in f:\n        os.system('ls ' + line)",), MEDIUM),
        (("import os\ndef show(name):\n    os.system('ls ' + name)",), MEDIUM),
        (("import os\ndef show(name):\n    os.system('ls ' + name)", "show(input())"), MEDIUM),
        (("import os\nclass A:\n    def show(self, name):\n        os.system('ls ' + name)",), MEDIUM),
        (("import os, requests\nos.system(requests.get(u, timeout=3).text)",), HIGH),
        (("import os\nfrom huggingface_hub import hf_hub_download\np = hf_hub_download('a', 'b')\nos.system(f'ls {p}')",), LOW),
        (("import subprocess\nsubprocess.run(['bash', '-c', f'ls {input()}'])",), MEDIUM),
        (("names = ['a']\nnames.append(input())\nimport os\nfor one in names:\n    os.system('ls ' + one)",), MEDIUM),
    ],
)  # fmt: skip
def test_shells_weigh_what_others_send(cells: tuple[str, ...], expected: Severity) -> None:
    assert [severity for _, severity in weighed("COD023", *cells)] == [expected]


@pytest.mark.parametrize(
    "cell",
    [
        "import os\ndef show(name, more='x'):\n    os.system(f'ls {name} {more}')\nshow('a')\nshow('b', 'c')",
        "import os\nfolder = 'a'\nfolder += '/b'\nos.system(f'ls {folder}')",
        "import os\nos.system(f'head -{float(n)} a | tail -{len(x)}')",
        "import subprocess, sys\nsubprocess.run([*'ls'], shell=False)\nsubprocess.run(f'{sys.executable} -V', shell=True)",
        "import subprocess\nsubprocess.run(['bash', '-c', 'ls'])\nsubprocess.run(['ls', '-c', name])",
    ],
)
def test_literals_are_no_finding_for_a_shell(cell: str) -> None:
    assert weighed("COD023", cell) == []


def test_a_shell_that_takes_the_place_of_the_process() -> None:
    cell = "import os\nos.execvp('sh', ['sh', '-c', r])"
    assert weighed("COD022", MODEL, cell) == [("os.execvp('sh', ['sh', '-c', r])", CRITICAL)]


def test_python_of_a_download_is_grave_and_said_once() -> None:
    cell = "import requests\nexec(compile(requests.get(u, timeout=3).text, 'a', 'exec'))"
    assert weighed("COD021", cell) == [
        ("exec(compile(requests.get(u, timeout=3).text, 'a', 'exec'))", HIGH)
    ]


def test_what_a_tool_runs_is_said_once() -> None:
    cell = "@tool\ndef calculate(text):\n    return eval(text)"
    assert weighed("COD021", cell) == []
    assert weighed("COD030", cell) == [("eval(text)", HIGH)]


@pytest.mark.parametrize(
    ("cells", "pieces"),
    [
        (("!wget https://example.org/helper.py", "from helper import f"), ["from helper import f"]),
        (("!curl -o lib/more.py https://example.org/a", "import lib.more"), ["import lib.more"]),
        (("import helper", "!wget https://example.org/helper.py"), []),
        (("!wget https://example.org/helper.csv", "import helper"), []),
        (("!wget https://example.org/helper.py && sha256sum -c sums", "import helper"), []),
        ((f"!wget https://example.org/{'0f' * 20}/helper.py", "import helper"), []),
        (("!wget https://example.org/helper.py", "from .helper import f\nimport helpers"), []),
    ],
)
def test_a_download_that_is_imported(cells: tuple[str, ...], pieces: list[str]) -> None:
    assert weighed("COD021", *cells) == [(piece, MEDIUM) for piece in pieces]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("cur.execute(f\"select a from b where c = '{d}'\")", [MEDIUM]),
        ("cur.execute(f'select a from {own()}')", [LOW]),
        ("def f(table):\n    cur.execute(f'select a from {table}')", [MEDIUM]),
        ("q = 'select a from b'\nq += f' where c = {d}'\ncur.execute(q)", [MEDIUM]),
        ("q = 'select a from b'\nq += ' where c = ?'\ncur.execute(q, (d,))", []),
        ("T = 'tab'\ncur.execute(f'select a from {T}')", []),
        ("for t in ('a', 'b'):\n    cur.execute(f'drop table {t}')", []),
        ("n = ','.join('?' * len(x))\ncur.execute('select a from b where c in (%s)' % n, x)", []),
        ("n = ','.join(x)\ncur.execute('select a from b where c in (%s)' % n)", [MEDIUM]),
        ("cur.execute(f'select a from b limit {int(n)}')", []),
    ],
)
def test_statements(cell: str, expected: list[Severity]) -> None:
    found = [one for one in weighed("COD025", cell) if "execute(" in one[0]]
    assert [severity for _, severity in found] == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("r = requests.get('http://example.org/a', timeout=3)\nx = r.json()", LOW),
        ("r = requests.get('http://example.org/a', timeout=3)\npickle.loads(r.content)", MEDIUM),
        ("r = requests.get('http://example.org/a.tar.gz', timeout=3)\nsave(r.content)", MEDIUM),
        ("r = requests.get('http://example.org/a', timeout=3)\nf.write(r.content)", MEDIUM),
        ("r = requests.get('http://example.org/a.png', timeout=3)\nf.write(r.content)", LOW),
        ("from PIL import Image\nImage.open(requests.get('http://example.org/a', timeout=3).raw)", LOW),
        ("import io\nfrom PIL import Image\nr = requests.get('http://example.org/a', timeout=3)\nImage.open(io.BytesIO(r.content))", LOW),
        ("import pandas as pd\npd.read_csv('http://example.org/a')", LOW),
        ("import pandas as pd\npd.read_pickle('http://example.org/a')", MEDIUM),
        ("from urllib.request import urlretrieve\nurlretrieve('http://example.org/a', 'a.json')", LOW),
        ("from urllib.request import urlretrieve\nurlretrieve('http://example.org/a', 'a.pt')", MEDIUM),
        ("!wget http://example.org/a.csv", LOW),
        ("!wget http://example.org/a.csv.gz -O b.csv.gz", LOW),
        ("!wget http://example.org/a", MEDIUM),
        ("!wget -O a.whl http://example.org/a.txt", MEDIUM),
        ("!curl http://example.org/a | python3", MEDIUM),
        ("!curl -s http://example.org/a | head", LOW),
        ("!curl -L http://example.org/a -o run.sh", MEDIUM),
    ],
)  # fmt: skip
def test_plain_downloads_by_what_becomes_of_them(cell: str, expected: Severity) -> None:
    found = weighed("COD041", f"import requests, pickle\n{cell}")
    assert [severity for _, severity in found] == [expected]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("import shutil\nshutil.unpack_archive('a.zip')", []),
        ("import shutil\nif name.suffix == '.zip':\n    shutil.unpack_archive(name)", []),
        (
            "import shutil\nif name.suffix == '.zip':\n    pass\nelse:\n    shutil.unpack_archive(name)",
            [LOW],
        ),
        ("import shutil\nshutil.unpack_archive(name)", [LOW]),
        ("import shutil\nshutil.unpack_archive(folder / 'a.tgz')", [MEDIUM]),
        ("import tarfile, wget\ntarfile.open(wget.download(u)).extractall()", [HIGH]),
    ],
)
def test_archives_by_their_kind(cell: str, expected: list[Severity]) -> None:
    assert [severity for _, severity in weighed("COD062", cell)] == expected


def test_an_unknown_archive_is_not_told_to_take_a_filter() -> None:
    found = [match for _, match in scan("import shutil\nshutil.unpack_archive(name)")]
    assert [match.rule.id for match in found] == ["COD062"]
    assert "filter" not in found[0].message


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("key = hashlib.md5(name.encode()).hexdigest()[:8]", INFO),
        ("h = hashlib.sha1()\nh.update(name.encode())", INFO),
        ("hashlib.md5(password.encode())", LOW),
        ("text = open('a').read()\nhashlib.md5(text.encode())", LOW),
        ("hashlib.md5(open('a', 'rb').read())", LOW),
        ("h = hashlib.md5()\nh.update(name.encode())\nh.update(chunk)", LOW),
    ],
)
def test_digests_of_texts_are_keys(cell: str, expected: Severity) -> None:
    found = weighed("COD060", f"import hashlib\n{cell}")
    assert [severity for _, severity in found] == [expected]


def test_templates_without_pages() -> None:
    made = "import jinja2\ne = jinja2.Environment()"
    assert weighed("COD070", made) == [("jinja2.Environment()", INFO)]
    assert weighed("COD070", made, "e.get_template('a.html')") == [("jinja2.Environment()", LOW)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("'StringEquals': {'aws:PrincipalOrgID': o}", []),
        ("'StringEquals': {'aws:SourceVpce': o}", []),
        ("'IpAddress': {'aws:SourceIp': o}", [MEDIUM]),
        ("'StringLike': {'aws:Referer': o}", [MEDIUM]),
    ],
)
def test_policies_with_a_condition(condition: str, expected: list[Severity]) -> None:
    cell = f"p = {{'Effect': 'Allow', 'Principal': '*', 'Condition': {{{condition}}}}}"
    assert [severity for _, severity in weighed("COD053", cell)] == expected


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("HTML(f'<b>{safe(r)}</b>')", False),
        ("HTML(f'<b>{safe(r)}{r}</b>')", True),
        ("HTML('<b>%s</b>' % other(r))", True),
        ("HTML(f'<img src=\"data:image/png;base64,{r.data}\">')", False),
        ("def show(page=''):\n    HTML(page)\nfor page in r:\n    HTML(page)", True),
        ("HTML(f'{len(r)} words')", False),
    ],
)
def test_pages_of_words_that_were_escaped(cell: str, found: bool) -> None:
    start = "from IPython.display import HTML\nimport html\nsafe = lambda t: html.escape(str(t))"
    own = "def other(text):\n    return text.upper()"
    assert bool(weighed("COD032", MODEL, f"{start}\n{own}", cell)) is found


def test_a_provider_of_steps_gives_words() -> None:
    cell = "from google import genai\nr = genai.Client().interactions.create(model=m, input=q)\nexec(r.text)"
    assert weighed("COD020", cell) == [("exec(r.text)", CRITICAL)]
