"""Every repair is proven: the finding is gone, and the source still parses."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.rules.code.catalogue import RULES
from llmsec_nb.rules.code.fixes import apply, fix_for

from .scanning import scan

COMMIT = "0123456789abcdef0123456789abcdef01234567"

CASES = [
    ("COD001", "import torch\ntorch.load(f)", "import torch\ntorch.load(f, weights_only=True)", True),
    ("COD001", "import torch\ntorch.load(f, weights_only=False)", "import torch\ntorch.load(f, weights_only=True)", False),
    ("COD001", "import torch\ntorch.load(\n    f,  # a (b\n)", "import torch\ntorch.load(\n    f, weights_only=True,  # a (b\n)", True),
    ("COD001", "import torch\ntorch.load((f))", "import torch\ntorch.load((f), weights_only=True)", True),
    ("COD001", "import torch\ntorch.load(*a, **k)", "import torch\ntorch.load(*a, **k, weights_only=True)", True),
    ("COD001", "é = '日'; import torch\né = torch.load('日本.pt')", "é = '日'; import torch\né = torch.load('日本.pt', weights_only=True)", True),
    ("COD003", "import numpy as np\nnp.load(f, allow_pickle=True)", "import numpy as np\nnp.load(f)", False),
    ("COD004", "import yaml\nyaml.load(f)", "import yaml\nyaml.safe_load(f)", True),
    ("COD004", "import yaml\nyaml.load(f, Loader=yaml.Loader)", "import yaml\nyaml.safe_load(f)", True),
    ("COD004", "import yaml\nyaml.load_all(f, yaml.UnsafeLoader)", "import yaml\nyaml.safe_load_all(f)", True),
    ("COD004", "import yaml as y\ny.unsafe_load(open('a'))", "import yaml as y\ny.safe_load(open('a'))", True),
    ("COD005", "import keras\nkeras.models.load_model(f, safe_mode=False)", "import keras\nkeras.models.load_model(f)", False),
    ("COD010", "AutoModel.from_pretrained(m, trust_remote_code=True, revision='0123456789abcdef')", "AutoModel.from_pretrained(m, revision='0123456789abcdef')", False),
    ("COD011", "from datasets import load_dataset\nload_dataset('a/b')", f"from datasets import load_dataset\nload_dataset('a/b', revision=\"{COMMIT}\")", False),
    ("COD011", "from datasets import load_dataset\nload_dataset('a/b', revision='main')", f"from datasets import load_dataset\nload_dataset('a/b', revision=\"{COMMIT}\")", False),
    ("COD040", "import requests\nrequests.get(u, verify=False, timeout=9)", "import requests\nrequests.get(u, timeout=9)", False),
    ("COD040", "import requests\nrequests.get(u, # a\n verify=False)", "import requests\nrequests.get(u, # a\n verify=True)", False),
    ("COD040", "!curl -sk https://example.org", "!curl -s https://example.org", False),
    ("COD040", "!curl -k https://example.org", "!curl https://example.org", False),
    ("COD040", "!wget --no-check-certificate https://example.org", "!wget https://example.org", False),
    ("COD041", "import pandas as pd\npd.read_csv('http://example.org/a.csv')", "import pandas as pd\npd.read_csv('https://example.org/a.csv')", False),
    ("COD042", "import requests\nrequests.get(u)", "import requests\nrequests.get(u, timeout=60)", True),
    ("COD042", "import requests\nrequests.get(u, timeout=None)", "import requests\nrequests.get(u, timeout=60)", True),
    ("COD050", "demo.launch(share=True)", "demo.launch()", False),
    ("COD050", "demo.launch(share=True, debug=1,)", "demo.launch(debug=1,)", False),
    ("COD051", "import uvicorn\nuvicorn.run(app, host='0.0.0.0', port=1)", 'import uvicorn\nuvicorn.run(app, host="127.0.0.1", port=1)', False),
    ("COD052", "from flask import Flask\nFlask('a').run(debug=True)", "from flask import Flask\nFlask('a').run()", True),
    ("COD060", "import hashlib\nhashlib.md5()", "import hashlib\nhashlib.md5(usedforsecurity=False)", False),
    ("COD062", "import tarfile\ntarfile.open(f).extractall()", 'import tarfile\ntarfile.open(f).extractall(filter="data")', True),
    ("COD062", "import tarfile\ntarfile.open(f).extractall('d', filter='tar')", "import tarfile\ntarfile.open(f).extractall('d', filter=\"data\")", True),
    ("COD062", "%time\nimport tarfile\n!ls\ntarfile.open(f).extractall()", '%time\nimport tarfile\n!ls\ntarfile.open(f).extractall(filter="data")', True),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "source", "fixed", "safe"), CASES)
def test_a_repair_and_its_proof(rule: str, source: str, fixed: str, safe: bool) -> None:
    [match] = [match for _, match in scan(source) if match.rule.id == rule]
    repair = fix_for(rule, source, match.start, match.end, commit=COMMIT)
    assert repair is not None
    assert (apply(source, repair.edits), repair.is_safe) == (fixed, safe)
    assert repair.description
    before, after = ([m.rule.id for _, m in scan(one)] for one in (source, fixed))
    assert rule not in after
    assert set(after) <= set(before)
    if not any(sign in fixed for sign in "!%"):
        ast.parse(fixed)


def test_the_commit_that_nobody_has_is_left_to_people() -> None:
    source = "from datasets import load_dataset\nload_dataset('a/b')"
    repair = fix_for("COD011", source, source.index("load_dataset('"), len(source))
    assert repair is not None
    assert not repair.is_safe
    assert "put its commit in" in repair.description
    assert "0" * 40 in apply(source, repair.edits)


@pytest.mark.parametrize(
    ("rule", "source", "piece"),
    [
        ("COD004", "from yaml import load\nload(f)", "load(f)"),
        ("COD001", "import torch\ntorch.load(x for x in y)", "torch.load(x for x in y)"),
        ("COD020", "exec(r)", "exec(r)"),
        ("COD999", "exec(r)", "exec(r)"),
        ("COD001", "get_ipython().run_cell('torch.load(f)')", "torch.load(f)"),
    ],
)
def test_where_there_is_no_repair(rule: str, source: str, piece: str) -> None:
    start = source.index(piece)
    assert fix_for(rule, source, start, start + len(piece)) is None


@given(
    st.sampled_from(sorted(rule.id for rule in RULES)),
    st.text(alphabet="abf(=),.#'\"\n *yl1%!", max_size=40),
    st.integers(-2, 45),
    st.integers(-2, 45),
)
def test_any_place_of_any_source_is_answered(rule: str, source: str, start: int, end: int) -> None:
    found = fix_for(rule, source, start, end)
    assert found is None or found.edits
