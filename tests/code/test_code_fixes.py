"""Every repair is proven: the finding is gone, and the source still parses."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.rules.code.catalogue import RULES
from llmsec_nb.rules.code.fixes import Asked, Known, fix_for
from llmsec_nb.rules.repair import apply

from .scanning import scan

COMMIT = "0123456789abcdef0123456789abcdef01234567"

CASES = [
    ("COD001", "import torch\ntorch.load(f)", "import torch\ntorch.load(f, weights_only=True)", True),
    ("COD001", "import torch\ntorch.load(f, weights_only=False)", "import torch\ntorch.load(f, weights_only=True)", False),
    ("COD001", "import torch\ntorch.load(\n    f,  # a (b\n)", "import torch\ntorch.load(\n    f, weights_only=True,  # a (b\n)", True),
    ("COD001", "import torch\ntorch.load(\n    f,\n    map_location=d,\n)", "import torch\ntorch.load(\n    f,\n    map_location=d,\n    weights_only=True,\n)", True),
    ("COD001", "import torch\r\ntorch.load(\r\n\tf\r\n)", "import torch\r\ntorch.load(\r\n\tf,\r\n\tweights_only=True\r\n)", True),
    ("COD001", "import torch\ntorch.load(\n    f, map_location=d\n)", "import torch\ntorch.load(\n    f, map_location=d, weights_only=True\n)", True),
    ("COD010", "f(\n  m,\n  trust_remote_code=True,  # why\n)", "f(\n  m,\n  trust_remote_code=False,  # why\n)", False),
    ("COD010", "f(\n  m,\n  trust_remote_code=True,\n)  # why", "f(\n  m,\n)  # why", False),
    ("COD001", "import torch\ntorch.load((f))", "import torch\ntorch.load((f), weights_only=True)", True),
    ("COD001", "import torch\ntorch.load(*a)", "import torch\ntorch.load(*a, weights_only=True)", True),
    ("COD001", "import torch\ntorch.save(model, 'a')\ntorch.load(f)", "import torch\ntorch.save(model, 'a')\ntorch.load(f, weights_only=True)", False),
    ("COD001", "import torch\ntorch.save(Net(), 'a')\ntorch.load(f)", "import torch\ntorch.save(Net(), 'a')\ntorch.load(f, weights_only=True)", False),
    ("COD001", "import torch\nw = {'a': 1}\ntorch.save(w, 'a')\ntorch.save(m.state_dict(), 'b')\ntorch.load(f)", "import torch\nw = {'a': 1}\ntorch.save(w, 'a')\ntorch.save(m.state_dict(), 'b')\ntorch.load(f, weights_only=True)", True),
    ("COD010", "f(model_kwargs={'a': 1, 'trust_remote_code': True}, b=2)", "f(model_kwargs={'a': 1, 'trust_remote_code': False}, b=2)", False),
    ("COD011", "from peft import PeftModel\nPeftModel.from_pretrained(m, 'a/b')", f"from peft import PeftModel\nPeftModel.from_pretrained(m, 'a/b', revision=\"{COMMIT}\")", False),
    ("COD011", "e = HuggingFaceEmbeddings(model_name='a/b')", f"e = HuggingFaceEmbeddings(model_name='a/b', model_kwargs={{\"revision\": \"{COMMIT}\"}})", False),
    ("COD011", "from transformers import pipeline\npipeline('fill-mask', model='a/b')", f"from transformers import pipeline\npipeline('fill-mask', model='a/b', revision=\"{COMMIT}\")", False),
    ("COD062", "import tarfile\nwith tarfile.open(f) as t:\n    t.extractall('d')", "import tarfile\nwith tarfile.open(f) as t:\n    t.extractall('d', filter=\"data\")", True),
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
    ("COD042", "import requests\nrequests.get(u)", "import requests\nrequests.get(u, timeout=60)", False),
    ("COD042", "import requests\nrequests.get(u, timeout=None)", "import requests\nrequests.get(u, timeout=60)", False),
    ("COD050", "demo.launch(share=True)", "demo.launch()", False),
    ("COD050", "demo.launch(share=True, debug=1,)", "demo.launch(debug=1,)", False),
    ("COD051", "import uvicorn\nuvicorn.run(app, host='0.0.0.0', port=1)", 'import uvicorn\nuvicorn.run(app, host="127.0.0.1", port=1)', False),
    ("COD052", "from flask import Flask\nFlask('a').run(debug=True)", "from flask import Flask\nFlask('a').run()", False),
    ("COD060", "import hashlib\nhashlib.md5()", "import hashlib\nhashlib.md5(usedforsecurity=False)", False),
    ("COD062", "import tarfile\ntarfile.open(f).extractall()", 'import tarfile\ntarfile.open(f).extractall(filter="data")', True),
    ("COD062", "import tarfile\ntarfile.open(f).extractall('d', filter='tar')", "import tarfile\ntarfile.open(f).extractall('d', filter=\"data\")", False),
    ("COD001", "import torch\nm.load_state_dict(torch.load(f))", "import torch\nm.load_state_dict(torch.load(f, weights_only=True))", True),
    ("COD004", "import yaml\nyaml.load(f, Loader=Mine)", "import yaml\nyaml.safe_load(f)", False),
    ("COD040", "import ssl\nc = ssl.create_default_context()\nc.verify_mode = ssl.CERT_NONE", "import ssl\nc = ssl.create_default_context()\nc.verify_mode = ssl.CERT_REQUIRED", False),
    ("COD040", "import urllib3, ssl\nurllib3.PoolManager(cert_reqs='CERT_NONE')", "import urllib3, ssl\nurllib3.PoolManager(cert_reqs='CERT_REQUIRED')", False),
    ("COD040", "import requests\ns = requests.Session()\ns.verify = False", "import requests\ns = requests.Session()\ns.verify = True", False),
    ("COD040", "import influxdb\ninfluxdb.InfluxDBClient(verify_ssl=False)", "import influxdb\ninfluxdb.InfluxDBClient(verify_ssl=True)", False),
    ("COD041", "!wget -q http://example.org/a.zip", "!wget -q https://example.org/a.zip", False),
    ("COD053", "s3.put_object(Bucket=b, ACL='public-read', Key=k)", 's3.put_object(Bucket=b, ACL="private", Key=k)', False),
    ("COD062", "import shutil\nshutil.unpack_archive('a.tar.gz', 'd')", "import shutil\nshutil.unpack_archive('a.tar.gz', 'd', filter=\"data\")", True),
    ("COD068", "import paramiko\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())", "import paramiko\nc.set_missing_host_key_policy(paramiko.RejectPolicy())", False),
    ("COD070", "import jinja2\ne = jinja2.Environment(autoescape=False)\nt = '<p>{{ a }}</p>'", "import jinja2\ne = jinja2.Environment(autoescape=True)\nt = '<p>{{ a }}</p>'", False),
    ("COD062", "%time\nimport tarfile\n!ls\ntarfile.open(f).extractall()", '%time\nimport tarfile\n!ls\ntarfile.open(f).extractall(filter="data")', True),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "source", "fixed", "safe"), CASES)
def test_a_repair_and_its_proof(rule: str, source: str, fixed: str, safe: bool) -> None:
    [match] = [match for _, match in scan(source) if match.rule.id == rule]
    repair = fix_for(rule, source, match.start, match.end, known=Known(commit=lambda _: COMMIT))
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
    ("version", "safe"), [("", True), ("2.6.0", True), ("2.5.1", False), ("1.13", False)]
)
def test_what_is_safe_depends_on_the_version_that_is_there(version: str, safe: bool) -> None:
    source = "import torch\ntorch.load(f)"
    known = Known(packages={"torch": version} if version else {})
    repair = fix_for("COD001", source, source.index("torch.load"), len(source), known=known)
    assert repair is not None
    assert repair.is_safe is safe


@pytest.mark.parametrize(
    ("call", "asked"),
    [
        ("load_dataset('a/b')", Asked("datasets", "a/b", "main")),
        ("AutoModel.from_pretrained('b', revision='v1')", Asked("models", "b", "v1")),
        ("snapshot_download(repo_id='a/b', repo_type='dataset')", Asked("datasets", "a/b", "main")),
        ("AutoModel.from_pretrained(name)", None),
        ("AutoModel.from_pretrained('a/b', revision=tag)", None),
    ],
)
def test_what_is_asked_of_the_cache(call: str, asked: Asked | None) -> None:
    told: list[Asked] = []
    known = Known(commit=lambda one: told.append(one) or COMMIT)  # type: ignore[func-returns-value]  # it is None
    repair = fix_for("COD011", call, 0, len(call), known=known)
    assert repair is not None
    assert told == ([asked] if asked else [])
    assert (COMMIT in apply(call, repair.edits)) == (asked is not None)
    assert not repair.is_safe


@pytest.mark.parametrize(
    ("rule", "source", "piece"),
    [
        ("COD060", "from Crypto.Hash import MD5\nMD5.new(d)", "MD5.new(d)"),
        ("COD060", "hashes.MD5()", "hashes.MD5()"),
        ("COD040", "run(['curl', '-k', u])", "-k"),
        ("COD041", "get(u, 'http://a')", "get(u, 'http://a')"),
        ("COD040", "ssl.wrap_socket(s, ssl.PROTOCOL_SSLv3)", "ssl.PROTOCOL_SSLv3"),
        ("COD004", "from yaml import load\nload(f)", "load(f)"),
        ("COD010", "k = {'trust_remote_code': True}\nf(m, **k)", "**k"),
        ("COD010", "k = {'trust_remote_code': True}\nf(m, model_kwargs=k)", "model_kwargs=k"),
        ("COD001", "import torch\ntorch.load(f, **k)", "torch.load(f, **k)"),
        (
            "COD011",
            "HuggingFaceEmbeddings(model_name='a/b', model_kwargs=k)",
            "HuggingFaceEmbeddings(model_name='a/b', model_kwargs=k)",
        ),
        (
            "COD062",
            "import zipfile\nzipfile.ZipFile(f).extractall()",
            "zipfile.ZipFile(f).extractall()",
        ),
        (
            "COD062",
            "import tarfile, zipfile\nwith zipfile.ZipFile(f) as t:\n    t.extractall()",
            "t.extractall()",
        ),
        ("COD062", "import tarfile\nt.extractall()", "t.extractall()"),
        (
            "COD062",
            "import shutil\nshutil.unpack_archive(name, 'd')",
            "shutil.unpack_archive(name, 'd')",
        ),
        (
            "COD062",
            "import shutil\nshutil.unpack_archive('a.zip', 'd')",
            "shutil.unpack_archive('a.zip', 'd')",
        ),
        (
            "COD070",
            "import jinja2\ne = jinja2.Environment(autoescape=False)",
            "jinja2.Environment(autoescape=False)",
        ),
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
