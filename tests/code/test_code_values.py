"""What is written down although it is put together, what was fetched, and what is one's own."""

from __future__ import annotations

import ast

import pytest

from llmsec_nb.cells.flow import CallSite
from llmsec_nb.cells.values import Scope, Value, value_of
from llmsec_nb.core.detector import Surroundings
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.rules.code.fixes import Known, fix_for
from llmsec_nb.rules.code.look import is_fixed
from llmsec_nb.rules.code.sources import source

from ..code_fixing import look, read_cells
from .scanning import flagged, scan, taken_apart


def last_call(*cells: str) -> CallSite:
    """The call that ends last."""
    _, sites = taken_apart(*cells)
    return [site for site in sites if isinstance(site, CallSite)][-1]


def told(rule: str, *cells: str) -> list[tuple[str, Severity]]:
    """The pieces that a rule flags, and how bad each is."""
    return [
        (unit.source[match.start : match.end], match.severity or match.rule.severity)
        for unit, match in scan(*cells)
        if match.rule.id == rule
    ]


@pytest.mark.parametrize(
    ("code", "constant"),
    [
        ("import os\nf(os.path.join('d', 'a.pkl'))", "d/a.pkl"),
        ("from os import *\nf(path.join('d', '/a'))", "/a"),
        ("from pathlib import Path\nf(Path('d') / 'e' / 'a.pkl')", "d/e/a.pkl"),
        ("from pathlib import Path as P\nf(str(P('d').joinpath('e', 'a')))", "d/e/a"),
        ("HOME = 'd'\nf(HOME + '/' + 'a')", "d/a"),
        ("HOME = 'd'\nf(f'{HOME}/a')", "d/a"),
        ("HOME = 'd'\nf(f'{HOME!r}/a')", None),
        ("import os\nf(os.path.join('d', name))", None),
        ("c = {'m': {'n': 'a'}}\nf(c['m']['n'])", "a"),
        ("c = {'m': 'a'}\nc['m'] = 'b'\nf(c['m'])", "b"),
        ("c = {'m': 'a'}\nc.update(m='b')\nf(c['m'])", "b"),
        ("c = dict(m='a')\nc.update(other)\nf(c['m'])", None),
        ("c = {'m': 'a'}\nc[key] = 'b'\nf(c['m'])", None),
        ("c = {**{'m': 'a'}, 'n': 1}\nf(c['m'])", "a"),
        ("a, b = 'x', 'y'\na, b = b, a\nf(a)", "y"),
    ],
)
def test_what_is_put_together_from_literals_is_one(code: str, constant: str | None) -> None:
    assert last_call(code).argument(0, "").constant == constant


@pytest.mark.parametrize(
    ("code", "fixed"),
    [
        ("for x in ['a', 'b']:\n    f(x)", True),
        ("for a, b in [('a', 1), ('b', 2)]:\n    f(b)", True),
        ("for x in {'a': 1}.items():\n    f(x)", True),
        ("for n, x in enumerate(sorted({'a', 'b'})):\n    f(x)", True),
        ("import random\nf(random.choice(('a', 'b')))", True),
        ("NAMES = ['a', 'b']\n[f(x.upper()) for x in NAMES]", True),
        ("TABLES = {'a': 'b'}\nf(TABLES[key])", True),
        ("f('a' if flag else 'b')", True),
        ("f('{} {}'.format('a', 1))", True),
        ("f('%s' % 'a')", True),
        ("for x in ['a', name]:\n    f(x)", False),
        ("NAMES = ['a']\nNAMES.append(name)\nfor x in NAMES:\n    f(x)", False),
        ("NAMES = []\nfor x in NAMES:\n    f(x)", False),
        ("NAMES = {'a': 'b'}\nNAMES['c'] = name\nf(NAMES[key])", False),
        ("f('{}'.format(name))", False),
        ("from pathlib import Path\nf(Path('a').read_text())", False),
        ("f(open('a').read())", False),
        ("for line in open('a'):\n    f(line)", False),
    ],
)
def test_one_of_some_literals_is_fixed(code: str, fixed: bool) -> None:
    assert is_fixed(last_call(code).argument(0, "")) is fixed


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("f(int(x))", True),
        ("f(round(x, 2) + 1)", True),
        ("f(f'{len(x)} of {int(y)}')", True),
        ("for n in range(size):\n    f(n)", True),
        ("import math\nf(math.floor(x))", True),
        ("f(int(x) + y)", False),
        ("f(f'{int(x)} {y}')", False),
        ("f(g(int(x)))", False),
        ("def g(a):\n    return int(a)\nf(g(x))", True),
    ],
)
def test_numbers_stay_numbers_until_something_else_is_put_in(code: str, number: bool) -> None:
    assert ("number" in last_call(code).argument(0, "").taints) is number


def test_what_an_opened_file_is_called() -> None:
    code = "import gzip\nwith gzip.open('a.gz') as g:\n    f(g.read())"
    assert last_call(code).argument(0, "").file == "a.gz"
    code = "from pathlib import Path\nf(Path('d', 'a').read_bytes())"
    assert last_call(code).argument(0, "").file == "d/a"


def test_a_long_chain_of_calls_costs_as_much_as_it_is_long() -> None:
    asked: list[str] = []

    def count(path: str) -> str:
        asked.append(path)
        return ""

    tree = ast.parse("Path('a')" + ".joinpath('b')" * 15, mode="eval")
    assert value_of(tree.body, Scope(), count).constant == "a" + "/b" * 15
    assert len(asked) < 15 * 10


@pytest.mark.parametrize(
    ("cells", "pieces"),
    [
        (("from os import *\nsystem(input())",), ["system(input())"]),
        (("from subprocess import *\nrun(input(), shell=True)",), ["run(input(), shell=True)"]),
        (("from os import *\nopen(input())",), []),
    ],
)
def test_names_that_a_star_brings(cells: tuple[str, ...], pieces: list[str]) -> None:
    found = [flagged(rule, *cells) for rule in ("COD022", "COD023")]
    assert [piece for one in found for piece in one] == pieces


@pytest.mark.parametrize(
    ("fetching", "loading", "severity"),
    [
        ("boto3.resource('s3').Bucket('b').download_file('k', 'a.pkl')", "pickle.load(open('a.pkl', 'rb'))", Severity.HIGH),
        ("with open('a.pkl', 'wb') as f:\n    s3.download_fileobj('b', 'k', f)", "joblib.load('a.pkl')", Severity.HIGH),
        ("import gdown\ngdown.download(url, output='d/a.pkl')", "joblib.load(os.path.join('d', 'a.pkl'))", Severity.HIGH),
        ("from urllib.request import urlretrieve\nurlretrieve(url, './a.pkl')", "pd.read_pickle('a.pkl')", Severity.HIGH),
        ("open('a.pkl', 'wb').write(requests.get(url).content)", "joblib.load('a.pkl')", Severity.HIGH),
        ("!wget -q https://example.org/x/a.pkl?d=1", "joblib.load('a.pkl')", Severity.HIGH),
        ("!wget -P d https://example.org/a.pkl", "joblib.load('d/a.pkl')", Severity.HIGH),
        ("!curl -sL https://example.org/x -o a.pkl", "joblib.load('a.pkl')", Severity.HIGH),
        ("!curl -LO https://example.org/a.pkl", "joblib.load('a.pkl')", Severity.HIGH),
        ("!curl https://example.org/x > a.pkl", "joblib.load('a.pkl')", Severity.HIGH),
        ("%%bash\ngdown 1abc -O a.pkl\n", "joblib.load('a.pkl')", Severity.HIGH),
        ("!aws s3 cp s3://b/d/a.pkl .", "joblib.load('a.pkl')", Severity.HIGH),
        ("import subprocess\nsubprocess.run(['wget', 'https://example.org/a.pkl'])", "joblib.load('a.pkl')", Severity.HIGH),
        ("!wget https://example.org/b.pkl", "joblib.load('a.pkl')", Severity.MEDIUM),
        ("!curl https://example.org/a.pkl", "joblib.load('a.pkl')", Severity.MEDIUM),
        ("!aws s3 cp a.pkl s3://b/a.pkl", "joblib.load('a.pkl')", Severity.MEDIUM),
        ("print('wget https://example.org/a.pkl')", "joblib.load('a.pkl')", Severity.MEDIUM),
    ],
)  # fmt: skip
def test_what_was_fetched_before_comes_from_elsewhere(
    fetching: str, loading: str, severity: Severity
) -> None:
    assert told("COD002", fetching, loading) == [(loading, severity)]
    later = told("COD002", loading, fetching)
    assert later == [(loading, Severity.MEDIUM)]


def test_fetched_checkpoints_and_arrays() -> None:
    cells = "!wget https://example.org/a.pt", "import torch\ntorch.load('a.pt')"
    assert told("COD001", *cells) == [("torch.load('a.pt')", Severity.HIGH)]
    assert told("COD001", *cells[::-1]) == [("torch.load('a.pt')", Severity.LOW)]
    cells = "!wget https://example.org/a.npy", "np.load('a.npy', allow_pickle=True)"
    assert told("COD003", *cells) == [("np.load('a.npy', allow_pickle=True)", Severity.HIGH)]


@pytest.mark.parametrize(
    ("loading", "severity"),
    [
        ("pickle.load((Path('d') / 'a.pkl').open('rb'))", Severity.MEDIUM),
        ("pickle.loads(Path('a.pkl').read_bytes())", Severity.MEDIUM),
        ("joblib.load(os.path.join('d', 'a.pkl'))", Severity.MEDIUM),
        ("joblib.load('https://' + 'example.org/a.pkl')", Severity.HIGH),
        ("pickle.loads(data)", Severity.HIGH),
    ],
)
def test_files_of_this_machine(loading: str, severity: Severity) -> None:
    code = f"import pickle, joblib, os\nfrom pathlib import Path\n{loading}"
    assert told("COD002", code) == [(loading, severity)]


@pytest.mark.parametrize(
    ("before", "severity"), [("", Severity.HIGH), ("db.save_local('index')", Severity.LOW)]
)
def test_an_index_of_ones_own(before: str, severity: Severity) -> None:
    load = "FAISS.load_local('index', emb, allow_dangerous_deserialization=True)"
    assert told("COD031", before, load) == [(load, severity)]


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("a/b:v0.6.0", Severity.MEDIUM),
        ("a/b:2024.1", Severity.MEDIUM),
        ("pytorch/vision:v0.6.0", Severity.LOW),
        ("pytorch/vision:main", Severity.HIGH),
        ("pytorch/vision", Severity.HIGH),
        ("pytorchy/vision:v0.6.0", Severity.MEDIUM),
    ],
)
def test_tags_of_repositories(name: str, severity: Severity) -> None:
    load = f"torch.hub.load({name!r}, 'm')"
    assert told("COD007", f"import torch\n{load}") == [(load, severity)]
    [message] = [one.message for _, one in scan(load) if one.rule.id == "COD007"]
    assert ("tag" in message) == (severity is not Severity.HIGH)


@pytest.mark.parametrize(
    ("calls", "severity"),
    [
        ("get('./a')", Severity.MEDIUM),
        ("get(where='/b/c')\nget('./a')", Severity.MEDIUM),
        ("get('./a')\nget('a/b')", Severity.HIGH),
        ("", Severity.HIGH),
    ],
)
def test_parameters_that_are_always_paths(calls: str, severity: Severity) -> None:
    cell = "def get(where):\n    return AutoModel.from_pretrained(where, trust_remote_code=True)\n"
    assert told("COD010", cell + calls) == [("trust_remote_code=True", severity)]
    loaded = flagged("COD011", cell + calls)
    assert bool(loaded) is (severity is Severity.HIGH)


def test_a_setting_is_told_once() -> None:
    cells = "how = {}\nhow['trust_remote_code'] = True", "AutoModel.from_pretrained(m, **how)"
    assert flagged("COD010", *cells) == ["how['trust_remote_code'] = True"]
    assert flagged("COD010", "cfg = {'trust_remote_code': True}\nprint(cfg, end=cfg)") == []


def test_what_was_saved_by_the_same_words_is_hardly_said() -> None:
    cells = "model.save_pretrained(args.out)", "AutoModel.from_pretrained(args.out)"
    [match] = [match for _, match in scan(*cells) if match.rule.id == "COD011"]
    assert match.confidence is Confidence.LOW
    [match] = [match for _, match in scan(cells[1]) if match.rule.id == "COD011"]
    assert match.confidence is None


def test_kwargs_of_a_literal_dictionary_are_arguments() -> None:
    load = "torch.load(p, **kw)"
    cells = "import torch\nkw = dict(weights_only=False)", load
    assert told("COD001", *cells) == [(load, Severity.HIGH)]
    assert told("COD001", "kw = {'weights_only': True}", load) == []
    assert last_call("f(a=1, **{'a': 2, 'b': 3})").keywords["b"] == Value(
        constant=3, is_constant=True
    )


@pytest.mark.parametrize(
    ("rule", "cells", "pieces"),
    [
        ("COD021", ("%alias_magic t timeit", "%t eval(x)"), ["eval(x)"]),
        ("COD040", ("%alias_magic -c b bash", "%%b\ncurl -k https://example.org"), ["-k"]),
        ("COD040", ("%alias_magic go sx", "%go curl -k https://example.org"), ["-k"]),
        ("COD021", ("%alias_magic a time", "%alias_magic b a", "%b eval(x)"), ["eval(x)"]),
        ("COD021", ("%alias_magic t", "%t eval(x)"), []),
        ("COD021", ("%t eval(x)",), []),
    ],
)
def test_magics_by_another_name(rule: str, cells: tuple[str, ...], pieces: list[str]) -> None:
    found = [
        cell[match.start : match.end]
        for unit, match in scan(*cells)
        for cell in [unit.text.text]
        if match.rule.id == rule
    ]
    assert found == pieces


def test_a_name_for_itself_does_not_go_on_forever() -> None:
    assert flagged("COD021", "%alias_magic t t", "%t eval(x)") == []
    assert flagged("COD021", "%alias_magic time t\n%alias_magic t time\n%t eval(x)") == []


def test_other_cells_say_whether_a_repair_is_safe() -> None:
    load = "import torch\ntorch.load(f)"
    place = load.index("torch.load"), len(load)
    for other, safe in (("torch.save(model, p)", False), ("torch.save(m.state_dict(), p)", True)):
        repair = fix_for("COD001", load, *place, known=Known(beside=lambda: [other]))  # noqa: B023 (used at once)
        assert repair is not None
        assert repair.is_safe is safe
        cells = read_cells(f"import torch\n{other}", load)
        fixes = [one.fix for one in look(cells) if one.finding.rule == "COD001"]
        assert [fix and fix.safe for fix in fixes] == [safe]


def test_pages_in_other_cells() -> None:
    call = "jinja2.Environment(autoescape=False)"
    for other, count in (("page = '<p>{{ a }}</p>'", 1), ("prompt = 'You are {{ a }}'", 0)):
        found = look(read_cells("import jinja2", other, call))
        fixes = [one.fix for one in found if one.finding.rule == "COD070"]
        assert len([fix for fix in fixes if fix is not None]) == count
        assert not any(fix.safe for fix in fixes if fix is not None)


def test_what_is_pinned_beside_is_not_called_in_use() -> None:
    cell = "%pip install numpy"
    [pinned] = [one.fix for one in look(read_cells(cell), Surroundings(locked={"numpy": "1.9"})) if one.finding.rule == "DEP001"]  # fmt: skip
    assert pinned is not None
    assert pinned.description == "Pin to what is locked beside the document"
    here = Surroundings(environment={"numpy": "2.1.0"}, locked={"numpy": "1.9"})
    [used] = [one.fix for one in look(read_cells(cell), here) if one.finding.rule == "DEP001"]
    assert used is not None
    assert "in use here" in used.description


def test_numbers_are_told_by_the_source_of_numbers() -> None:
    assert source("builtins.int") == "number"
