"""Files that say what is installed, each requirement where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.rules.dependencies.collect import collect
from llmsec_nb.rules.dependencies.facts import locked_versions
from llmsec_nb.rules.dependencies.files import is_manifest
from llmsec_nb.rules.dependencies.install import Install
from llmsec_nb.rules.dependencies.toml import entries

from ..growth import grows_within
from .documents import file, notebook

H = "a" * 64


def installs(name: str, text: str) -> list[Install]:
    return [install for one in collect(*file(name, text)) for install in one.installs]


def pieces(name: str, text: str) -> list[tuple[str, str, str]]:
    """Name, version and the characters of each requirement."""
    return [
        (each.name or each.url, each.version, text[each.start : each.end])
        for install in installs(name, text)
        for each in install.requirements
    ]


def options(name: str, text: str) -> list[tuple[str, str]]:
    found = []
    for install in installs(name, text):
        for option in install.options:
            assert option.value in {text[option.start : option.end], ""}
            found.append((option.name, option.value))
    return found


REQUIREMENTS = f"""# -*- c -*-
-i https://x/simple
--extra-index-url=https://y/simple
--trusted-host "h"
numpy==1.26.4  # pinned
Torch[cuda]>=2,<3 ; python_version > "3.9"
flask==3.0 \\
    --hash=sha256:{H} \\
    --hash=sha256:{H}
-e git+https://g/x.git@abc#egg=z
p @ https://h/p.whl#sha256={H}
./local
-r other.txt

${{NAME}}==1
"""


@pytest.mark.parametrize(
    "name",
    [
        "requirements.txt",
        "a/requirements-dev.txt",
        "requirements/base.txt",
        "constraints.txt",
        "dev-requirements.txt",
        "requirements_gpu.txt",
    ],
)
def test_requirements_files(name: str) -> None:
    assert pieces(name, REQUIREMENTS) == [
        ("numpy", "1.26.4", "numpy==1.26.4"),
        ("torch", "", 'Torch[cuda]>=2,<3 ; python_version > "3.9"'),
        ("flask", "3.0", "flask==3.0"),
        ("git+https://g/x.git@abc#egg=z", "", "git+https://g/x.git@abc#egg=z"),
        ("p", "", f"p @ https://h/p.whl#sha256={H}"),
        ("", "", "${NAME}==1"),
    ]
    assert options(name, REQUIREMENTS) == [
        ("--index-url", "https://x/simple"),
        ("--extra-index-url", "https://y/simple"),
        ("--trusted-host", "h"),
        ("--editable", "git+https://g/x.git@abc#egg=z"),
        ("--requirement", "other.txt"),
    ]
    [install] = installs(name, REQUIREMENTS)
    assert [each.is_hashed for each in install.requirements] == [
        False,
        False,
        True,
        False,
        True,
        False,
    ]


def test_environment_yml() -> None:
    text = (
        "name: e  # x\nchannels:\n  - conda-forge\n  - https://c/x\n"
        "dependencies:\n  - python=3.11\n  - numpy # y\n  - 'scipy=1.2=py_0'\n  - pip\n"
        "  - pip:\n    - requests==2.0\n    - -r x.txt\n    - --extra-index-url https://y\n"
        '    - "flask"\n    - a @ git+https://g/a#egg=a\n  - pandas>=2\nprefix: /x\n'
    )
    assert pieces("environment.yml", text) == [
        ("python", "3.11", "python=3.11"),
        ("numpy", "", "numpy"),
        ("scipy", "1.2", "scipy=1.2=py_0"),
        ("pip", "", "pip"),
        ("pandas", "", "pandas>=2"),
        ("requests", "2.0", "requests==2.0"),
        ("flask", "", "flask"),
        ("a", "", "a @ git+https://g/a#egg=a"),
    ]
    assert options("environment.yml", text) == [
        ("--channel", "conda-forge"),
        ("--channel", "https://c/x"),
        ("--requirement", "x.txt"),
        ("--extra-index-url", "https://y"),
    ]
    assert pieces("environment.yml", "a:\n  - b\ndepends:\n - c\n") == []


PYPROJECT = """
[build-system]
requires = ["hatchling>=1"]
[project]
name = "me"
description = "requests==1.0"
dependencies = [
  "a==1.0", # one
  'b[x] @ git+https://g/b',
]
[project.optional-dependencies]
x = ["c"]
[dependency-groups]
dev = ["d==2", {include-group = "x"}]
[tool.poetry.dependencies]
python = "^3.11"
e = "^1.0"
f = {version = "==3.0", extras = ["z"]}
g = {git = "https://g/g.git", rev = "0123abc"}
[tool.poetry.group.dev.dependencies]
h = "==4.0"
[tool.poetry.dependencies.i]
version = "==5.0"
[[tool.uv.index]]
name = "n"
url = "http://i/simple"
[tool.other]
dependencies = ["no"]
"""


def test_pyproject() -> None:
    assert pieces("pyproject.toml", PYPROJECT) == [
        ("hatchling", "", "hatchling>=1"),
        ("a", "1.0", "a==1.0"),
        ("b", "", "b[x] @ git+https://g/b"),
        ("c", "", "c"),
        ("d", "2", "d==2"),
        ("e", "", "^1.0"),
        ("f", "3.0", "==3.0"),
        ("g", "", "https://g/g.git"),
        ("h", "4.0", "==4.0"),
        ("i", "5.0", "==5.0"),
    ]
    assert options("pyproject.toml", PYPROJECT) == [
        ("--index-url", "http://i/simple"),
        ("--requires-python", "^3.11"),
    ]


def test_pipfile() -> None:
    text = '[[source]]\nurl = "https://x"\nverify_ssl = false\n[packages]\na = "*"\nb = {version = "==1.0"}\n[dev-packages]\nc = "==2"\n'
    assert pieces("Pipfile", text) == [("a", "", "*"), ("b", "1.0", "==1.0"), ("c", "2", "==2")]
    assert options("Pipfile", text) == [("--index-url", "https://x"), ("--trusted-host", "")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "uv.lock",
            (
                'version = 1\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://x" }\ndependencies = [\n  { name = "b" },\n]\n'
                'wheels = [\n  { url = "https://x/a.whl", hash = "sha256:1" },\n]\n[[package]]\nname = "b"\nversion = "2.0"\nsource = { registry = "https://x" }\n'
            ),
        ),
        (
            "pylock.toml",
            (
                'lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\nindex = "https://x"\n[[packages.wheels]]\nurl = "https://x/a.whl"\n[packages.wheels.hashes]\nsha256 = "1"\n'
                '[[packages]]\nname = "b"\nversion = "2.0"\nindex = "https://x"\nwheels = [{url = "https://x/b.whl"}]\n'
            ),
        ),
        (
            "poetry.lock",
            '[[package]]\nname = "a"\nversion = "1.0"\n[package.dependencies]\nz = ">=1"\n[[package]]\nname = "b"\nversion = "2.0"\n',
        ),
        (
            "Pipfile.lock",
            '{"_meta": {"hash": {"sha256": "1"}}, "default": {"a": {"hashes": ["sha256:1"], "version": "==1.0"}}, "develop": {"b": {"version": "==2.0"}}}',
        ),
    ],
)
def test_locks(name: str, text: str) -> None:
    found = installs(name, text)
    assert [(each.name, each.version) for one in found for each in one.requirements] == [
        ("a", "1.0"),
        ("b", "2.0"),
    ]
    assert all(one.is_lock for one in found)


def test_what_a_cell_writes_is_read_as_that_file() -> None:
    source = "%%writefile app/requirements.txt\na==1\n"
    [one] = collect(*notebook(source))
    [each] = one.installs[0].requirements
    assert (one.unit.name, one.unit.source[each.start : each.end]) == (
        "app/requirements.txt",
        "a==1",
    )


def test_versions_that_a_file_beside_a_notebook_pins() -> None:
    assert locked_versions("x/requirements.txt", "A_b==1.0\nc>=2\n") == {"a-b": "1.0"}
    assert locked_versions("uv.lock", '[[package]]\nname = "c"\nversion = "2"\n') == {"c": "2"}
    assert locked_versions("environment.yml", "dependencies:\n - numpy=1.0\n") == {}
    assert locked_versions("notes.txt", "a==1") == {}


def test_settings_of_pip() -> None:
    text = "[global]\nindex-url = https://x/simple\nextra_index_url =\n    http://y/simple\n    https://z\n# trusted-host = no\n[install]\ntrusted-host: h\nquiet = 1\n"
    assert options("pip.conf", text) == [
        ("--index-url", "https://x/simple"),
        ("--extra-index-url", "http://y/simple"),
        ("--extra-index-url", "https://z"),
        ("--trusted-host", "h"),
    ]


@pytest.mark.parametrize(("name", "expected"), [
    ("pip.conf", True), ("requirements.txt", True), ("a/Requirements-Dev.txt", True), ("requirements/base.txt", True),
    ("constraints.txt", True), ("environment.yml", True), ("conda-env.yaml", True), ("pyproject.toml", True),
    ("pylock.toml", True), ("pylock.gpu.toml", True), ("uv.lock", True), ("Pipfile", True), ("Pipfile.lock", True),
    ("Dockerfile", True), ("docker/Dockerfile.gpu", True), ("install.sh", True), ("binder/postBuild", True),
    ("notes.txt", False), ("a.yml", False), ("a.toml", False), ("yarn.lock", False), ("a.py", False), ("my_requirements.py", False),
])  # fmt: skip
def test_which_files_are_read(name: str, expected: bool) -> None:
    assert is_manifest(name) is expected


def test_a_dockerfile_with_settings() -> None:
    text = "FROM x\nENV PIP_EXTRA_INDEX_URL https://a\nENV PIP_INDEX_URL=https://b X=1\nRUN --mount=type=cache,target=/x pip install a==1 && \\\n\n"
    assert options("Dockerfile", text) == [
        ("--extra-index-url", "https://a"),
        ("--index-url", "https://b"),
    ]
    assert pieces("Dockerfile", text) == [("a", "1", "a==1")]


def test_toml_strings_where_they_stand() -> None:
    text = "a = \"x\\\"y\" # 'no'\nb = '''l\n\"m'''\n[t.'u v']\nc = [1, {d = 'n', e.f = \"o\"}]\nbroken = [\"p\n[z]\ng = 'q'\n"
    found = list(entries(text))
    assert [(one.keys, text[one.start : one.end]) for one in found if one.is_string] == [
        (("a",), 'x\\"y'),
        (("b",), 'l\n"m'),
        (("t", "u v", "c", "d"), "n"),
        (("t", "u v", "c", "e", "f"), "o"),
        (("t", "u v", "broken"), "p"),
        (("t", "u v", "broken"), "q"),
    ]


NAMES = [
    "requirements.txt",
    "environment.yml",
    "pyproject.toml",
    "Pipfile",
    "uv.lock",
    "Pipfile.lock",
    "Dockerfile",
    "x.sh",
    "pip.conf",
    "a.py",
]


@given(st.sampled_from(NAMES), st.text(alphabet="ab-=[]{}'\"\\\n #:.@/<>", max_size=80))
def test_no_text_breaks_a_reader(name: str, text: str) -> None:
    for install in installs(name, text):
        for each in install.requirements:
            assert 0 <= each.start <= each.end <= len(text)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "hostile",
    [
        "a = [",
        'a = "',
        "'",
        '"""',
        "\\\n",
        "- pip:\n",
        "[[package]]\n",
        '{"a":{',
        "RUN <<E\n",
        "# /// script\n",
        "-r ",
    ],
)
def test_hostile_files_cost_no_more_than_their_size(name: str, hostile: str) -> None:
    def read(text: str) -> None:
        installs(name, text)

    short, long = ((hostile * size)[:size] for size in (20_000, 40_000))
    assert grows_within(3.2, read, short, long)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("uv.lock", 'source = { editable = "." }'),
        ("uv.lock", 'source = { virtual = "x" }'),
        ("uv.lock", 'source = { directory = "x" }'),
        ("poetry.lock", '[package.source]\ntype = "directory"\nurl = "."'),
        ("pylock.toml", 'directory = { path = ".", editable = true }'),
    ],
)
def test_the_project_itself_is_no_package_of_its_lock(name: str, source: str) -> None:
    table = "packages" if name == "pylock.toml" else "package"
    text = (
        f'[[{table}]]\nname = "numpi"\nversion = "1.0"\n{source}\n\n'
        f'[[{table}]]\nname = "numpy"\nversion = "2.0"\n'
    )
    assert [(found, version) for found, version, _ in pieces(name, text)] == [("numpy", "2.0")]
