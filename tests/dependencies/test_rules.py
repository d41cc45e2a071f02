"""Every rule's own examples, exactly; and what notebooks write in other ways."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from llmsec_nb.core.detector import Context, Surroundings
from llmsec_nb.core.rule import Example, Family, Rule, Severity
from llmsec_nb.rules.dependencies.catalogue import RULES as ALL
from llmsec_nb.rules.dependencies.detector import LITERALS, RULES, Dependencies
from llmsec_nb.rules.dependencies.drift import DRIFT
from llmsec_nb.rules.dependencies.lifetime import ended

from .documents import file, notebook

CASES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
]


def found(*cells: str, **known: Any) -> list[tuple[str, str, str]]:
    """Id, characters and message of all that is said of a notebook."""
    units, sites = notebook(*cells)
    context = Context(around=Surroundings(**known))
    return [
        (match.rule.id, units[number].source[match.start : match.end], match.message)
        for number, match in Dependencies().inspect(units, sites, context)
    ]


def only(id_: str, *cells: str) -> list[str]:
    """The characters at which one rule says something."""
    return [piece for rule, piece, _ in found(*cells) if rule == id_]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_example(rule: Rule, example: Example) -> None:
    assert only(rule.id, example.source) == list(example.flagged)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_document_is_passed_over_in_which_something_is_found(rule: Rule) -> None:
    for example in rule.examples:
        if example.flagged:
            assert any(literal in example.source.lower() for literal in LITERALS)


def test_rules_are_of_one_family_and_each_has_both_kinds_of_examples() -> None:
    assert len({rule.id for rule in ALL}) == len({rule.name for rule in ALL}) == len(ALL)
    assert {rule.family for rule in ALL} == {Family.DEPENDENCY}
    for rule in RULES:
        kinds = {bool(example.flagged) for example in rule.examples}
        assert kinds == ({True, False} if rule is not DRIFT else set()), rule.id


def test_one_finding_a_cell_for_all_that_is_not_pinned() -> None:
    cell = "%pip install numpy pandas==2.0\n!pip install 'scipy>=1' torch\nimport os\nos.system('pip install flask')"
    units, sites = notebook(
        cell, "%pip install numpy", "%%writefile requirements.txt\nnumpy\npandas\n"
    )
    matches = [
        m for _, m in Dependencies().inspect(units, sites, Context()) if m.rule.id == "DEP001"
    ]
    assert [match.message for match in matches] == [
        "4 of 5 packages without an exact version, so not audited: numpy, scipy, torch, flask",
        "1 of 1 packages without an exact version, so not audited: numpy",
        "2 of 2 packages without an exact version, so not audited: numpy, pandas",
    ]
    first = matches[0]
    spans = [(first.start, first.end), *first.others]
    assert [cell[start:end] for start, end in spans] == ["numpy", "scipy>=1", "torch", "flask"]
    assert first.rule.severity is Severity.LOW
    assert first.label == "numpy, scipy, torch and 1 more"


def test_what_no_version_is_known_of_is_not_audited() -> None:
    cell = "%pip install numpy torch"
    for known, expected in (
        ({}, "2 of 2 packages without an exact version, so not audited: numpy, torch"),
        (
            {"environment": {"numpy": "2.0"}},
            "2 of 2 packages without an exact version: numpy, torch; not audited: torch",
        ),
        (
            {"environment": {"numpy": "2.0"}, "locked": {"torch": "2.0"}},
            "2 of 2 packages without an exact version: numpy, torch",
        ),
    ):
        assert [message for rule, _, message in found(cell, **known) if rule == "DEP001"] == [
            expected
        ]


def test_pins_by_hashes_and_constraints_are_pins() -> None:
    assert only("DEP001", "!pip install -c constraints.txt numpy") == []
    assert only("DEP001", "!pip install --require-hashes -r r.txt") == []
    assert (
        only("DEP001", f"%%writefile requirements.txt\nnumpy>=1 --hash=sha256:{'0' * 64}\n") == []
    )


def test_the_unpinned_finding_stands_where_nothing_else_does() -> None:
    cell = "%pip install sklearn numpy"
    assert [(rule, piece) for rule, piece, _ in found(cell)] == [
        ("DEP006", "sklearn"),
        ("DEP001", "numpy"),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sklearn", "sklearn is installed as scikit-learn; by this name the install fails"),
        ("cv2", "cv2 is installed as opencv-python"),
        ("PIL", "PIL is installed as pillow"),
        ("yaml", "yaml is installed as pyyaml"),
        ("json", "json is part of Python"),
        ("os", "os is part of Python"),
        ("concurrent", "concurrent is part of Python"),
        (
            "counterfit",
            "Microsoft's Counterfit is not on PyPI: this name belongs to a simulator of IoT hardware",
        ),
    ],
)
def test_false_friends(name: str, message: str) -> None:
    assert found(f"%pip install {name}==1.0") == [("DEP006", name, message)]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("reqeusts", "requests"), ("requets", "requests"), ("requestss", "requests"), ("python-requests", "requests"),
        ("matplotllib", "matplotlib"), ("scikitlearn", "scikit-learn"), ("beatifulsoup4", "beautifulsoup4"),
        ("urlib3", "urllib3"), ("colourama", "colorama"), ("jeIlyfish", "jellyfish"), ("tensorfow", "tensorflow"),
        ("pytroch", "torch"), ("transfomers", "transformers"), ("openaii", "openai"), ("crew-ai", "crewai"),
        ("langchian", "langchain"), ("dateutil-python", "python-dateutil"), ("huggingface_hubs", "huggingface-hub"),
    ],
)  # fmt: skip
def test_names_that_look_like_others(name: str, target: str) -> None:
    assert found(f"%pip install {name}==1.0") == [("DEP004", name, f"{name} looks like {target}")]


def test_a_name_with_letters_of_another_script() -> None:
    assert [
        piece for rule, piece, _ in found("%pip install r\u0435quests==1.0") if rule == "DEP004"
    ] == ["r\u0435quests"]
    assert only("DEP004", "%pip install \u65e5\u672c") == []


HONEST = [
    "numpy", "pandas", "torch", "polars", "spacy", "scipy", "jax", "flax", "nltk", "gensim", "dash",
    "python-dotenv", "python-docx", "pyyaml", "opencv-python-headless", "faiss-cpu", "faiss-gpu",
    "psycopg2-binary", "tensorflow", "tensorboard", "tensorboardX", "pytorch-lightning", "lightning",
    "langgraph", "langchain-core", "llama-index-llms-openai", "litellm", "anthropic", "openai", "groq",
    "dataset", "datasets", "evaluate", "accelerate", "bitsandbytes", "peft", "trl", "unsloth", "vllm",
    "py-cpuinfo", "pycountry", "pymongo", "redis", "rediscluster", "boto3", "botocore", "s3fs",
]  # fmt: skip


def test_honest_names_are_let_alone() -> None:
    pins = " ".join(f"{name}==1.0" for name in HONEST)
    assert found(f"%pip install {pins}") == []


def test_an_invented_name_weighs_more_where_there_is_something_to_compare_with() -> None:
    cell = "%pip install torch-quantum-graph-accelerator-x==1.0"
    units, sites = notebook(cell)
    for environment, severity, message in (
        (
            None,
            Severity.LOW,
            "torch-quantum-graph-accelerator-x is not on PyPI (names of November 2026)",
        ),
        (
            {"numpy": "1.0"},
            None,
            "torch-quantum-graph-accelerator-x is not in the kernel, no lock file and not on PyPI (names of November 2026)",
        ),
    ):
        context = Context(around=Surroundings(environment=environment))
        [(_, match)] = Dependencies().inspect(units, sites, context)
        assert (match.rule.id, match.severity, match.message) == ("DEP005", severity, message)
    name = "torch-quantum-graph-accelerator-x"
    assert found(cell, environment={name: "1.0"}) == found(cell, locked={name: "1.0"}) == []
    lock = f'%%writefile uv.lock\n[[package]]\nname = "{name}"\nversion = "1.0"\n'
    assert found(lock, cell) == []
    assert (
        found(
            "%pip install -i https://pypi.corp.example/simple torch-quantum-graph-accelerator-x==1"
        )
        == []
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("!pip install -i http://a.example/s x==1", [("DEP008", "http://")]),
        ("!PIP_INDEX_URL=http://a.example/s pip install -r r.txt", [("DEP008", "http://")]),
        ("%env PIP_INDEX_URL=http://a.example/s", [("DEP008", "http://")]),
        ("!pip config set global.index-url http://a.example/s", [("DEP008", "http://")]),
        (
            "%%bash\nexport PIP_EXTRA_INDEX_URL=https://a.example/s",
            [("DEP007", "https://a.example/s")],
        ),
        (
            "import os\nos.environ['PIP_TRUSTED_HOST'] = 'a.example'",
            [("DEP009", "os.environ['PIP_TRUSTED_HOST'] = 'a.example'")],
        ),
        ("%pip install http://a.example/x.whl#sha256=" + "0" * 64, [("DEP008", "http://")]),
        (
            "%pip install --extra-index-url http://u:aB3dE6gH9k@a.example/s x==1",
            [("DEP008", "http://"), ("DEP013", "aB3dE6gH9k"), ("DEP007", "a.example/s")],
        ),
        (
            "%pip install git+https://ghx_0123456789abcdef01@g.example/a/b@0123456789",
            [("DEP013", "ghx_0123456789abcdef01")],
        ),
        ("%pip install git+ssh://git@g.example/a/b@0123456789", []),
        ("%pip install git+https://oauth2:{token}@g.example/a/b@0123456789", []),
        ("%pip install -i https://user:password@a.example/s x==1", []),
        ("%pip install -i https://$USER:$PASS@a.example/s x==1", []),
        ("%pip install -f https://data.pyg.org/whl/torch.html x==1", []),
        (
            "!uv pip install --index-strategy unsafe-best-match -i https://a.example/s x==1",
            [("DEP007", "unsafe-best-match")],
        ),
        ("%pip install --trusted-host=a.example x==1", [("DEP009", "a.example")]),
    ],
)
def test_where_packages_come_from(cell: str, expected: list[tuple[str, str]]) -> None:
    assert [
        (rule, piece)
        for rule, piece, _ in found(cell)
        if rule not in {"DEP001", "DEP005", "DEP010", "DEP011", "DEP014"}
    ] == expected


def test_a_list_of_packages_that_comes_from_an_address() -> None:
    cell = "!pip install -r http://u:aB3dE6gH9k@a.example/r.txt -c https://a.example/c.txt -r r.txt"
    assert [(rule, piece) for rule, piece, _ in found(cell) if rule != "DEP014"] == [
        ("DEP008", "http://"),
        ("DEP013", "aB3dE6gH9k"),
        ("DEP011", "a.example/r.txt"),
        ("DEP011", "https://a.example/c.txt"),
    ]


def test_public_extra_indexes_weigh_less() -> None:
    units, sites = notebook(
        "%pip install --extra-index-url https://download.pytorch.org/whl/cu121 torch==2.2.0"
    )
    [(_, match)] = Dependencies().inspect(units, sites, Context())
    assert (match.rule.id, match.severity) == ("DEP007", Severity.LOW)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("git+https://g.example/a/b", "the address names no commit"),
        (
            "git+https://g.example/a/b@main",
            "the address names a branch or a tag, which can be moved",
        ),
        ("git+ssh://git@g.example/a/b", "the address names no commit"),
        ("git+https://g.example/a/b@0123abcd#egg=b", None),
        ("https://g.example/a/archive/main.zip", "the address has no digest"),
        (f"https://g.example/b.whl#sha256={'a' * 64}", None),
        ("git+https://g.example/a/{name}", None),
    ],
)
def test_addresses_of_packages(words: str, expected: str | None) -> None:
    messages = [
        message
        for rule, _, message in found(f"%pip install {words}")
        if rule in {"DEP010", "DEP011"}
    ]
    assert messages == ([expected] if expected else [])


@pytest.mark.parametrize(
    "cell",
    [
        "!curl -fsSL https://x.example/i.sh | sh",
        "!curl https://x.example/i.sh | sudo -E bash -",
        "!wget -qO- https://x.example/i.sh | bash -s -- --yes",
        "!curl https://x.example/i.py | python3 -",
        "!curl https://x.example/i.sh | tee log | bash",
        "!bash <(curl -s https://x.example/i.sh)",
        "!source <(curl -s https://x.example/i.sh)",
        '!eval "$(curl -s https://x.example/i.sh)"',
        '!sh -c "$(curl -fsSL https://x.example/i.sh)"',
        "%%bash\ncurl -s https://x.example/i.sh |\n  bash",
        "!curl $(echo -s) https://x.example/i.sh | bash -s $(hostname)",
        "!echo $(curl -s https://x.example/i.sh | sh)",
        "!bash -c 'curl https://x.example/i.sh | sh'",
        "import os\nos.system('curl https://x.example/i.sh | sh')",
        "import subprocess\nsubprocess.run('wget -O - https://x.example/i.sh | sh', shell=True)",
        "%%writefile Dockerfile\nRUN curl -sSL https://x.example/i.sh | sh && ls\n",
    ],
)
def test_downloads_into_a_shell(cell: str) -> None:
    assert [message for rule, _, message in found(cell) if rule == "DEP012"] == [
        "what x.example sends is run at once"
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "!curl -s https://x.example/a.json | jq .",
        "!curl -s https://x.example/a.json | python -m json.tool",
        "!curl -s https://x.example/a.csv | python3 count.py",
        "!curl -s https://x.example/a.csv | python3 -c 'import sys'",
        "!curl -s https://x.example/k.gpg | sudo apt-key add -",
        "!curl https://x.example/a || bash b.sh",
        "!curl https://x.example/a; bash",
        "!bash run.sh $(curl -s https://x.example/ip)",
        "!echo hi | sh",
    ],
)
def test_downloads_that_only_are_data(cell: str) -> None:
    assert only("DEP012", cell) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["!wget https://x.example/i.sh", "!bash i.sh"], ["bash i.sh"]),
        (["!wget -q https://x.example/i.sh -O j.sh && chmod +x j.sh && ./j.sh"], ["./j.sh"]),
        (["!curl -o i.py https://x.example/i.py", "!python i.py --all"], ["python i.py --all"]),
        (["!curl -LO https://x.example/i.sh?raw=1; sh ./i.sh"], ["sh ./i.sh"]),
        (["!curl https://x.example/i.sh > i.sh; . ./i.sh"], [". ./i.sh"]),
        (["!wget https://x.example/a.deb; sudo dpkg -i a.deb"], ["dpkg -i a.deb"]),
        (["%load https://x.example/a.py"], ["https://x.example/a.py"]),
        (["!wget https://x.example/i.sh; sha256sum -c sums.txt; bash i.sh"], []),
        (["!wget https://x.example/a.csv", "!python i.py a.csv"], []),
        (["!bash i.sh", "!wget https://x.example/i.sh"], []),
        (["%run local.py"], []),
    ],
)
def test_downloads_that_are_run(cells: list[str], expected: list[str]) -> None:
    assert only("DEP016", *cells) == expected


def test_pip_of_the_shell_is_one_remark_a_cell() -> None:
    units, sites = notebook("!pip install a==1\n!pip3 install b==1", "%%bash\npip install a==1")
    [(number, match)] = [
        (number, match)
        for number, match in Dependencies().inspect(units, sites, Context())
        if match.rule.id == "DEP014"
    ]
    assert (number, match.severity or match.rule.severity, len(match.others)) == (
        0,
        Severity.INFO,
        1,
    )


def test_files_on_their_own() -> None:
    for name, text, expected in (
        ("requirements.txt", "numpy\nreqeusts==1.0\n", ["DEP004", "DEP001"]),
        ("pyproject.toml", '[project]\ndependencies = ["numpy>=1", "cv2"]\n', ["DEP006"]),
        (
            "environment.yml",
            "dependencies:\n - pip:\n   - --trusted-host x.example\n   - json==1\n",
            ["DEP006", "DEP009"],
        ),
        (
            "uv.lock",
            '[[package]]\nname = "a"\nversion = "1"\nsource = { git = "https://g.example/a?rev=x#0123456789" }\n',
            [],
        ),
        ("notes.txt", "numpy\n", []),
    ):
        units, sites = file(name, text)
        assert [
            match.rule.id for _, match in Dependencies().inspect(units, sites, Context())
        ] == expected


def test_no_message_holds_what_is_secret() -> None:
    cell = "%pip install --extra-index-url https://u:hunter2hunter2@a.example/s git+https://u:hunter2hunter2@g.example/a http://u:hunter2hunter2@h.example/a.whl"
    units, sites = notebook(cell)
    matches = [match for _, match in Dependencies().inspect(units, sites, Context())]
    assert len(matches) > 5
    for match in matches:
        assert "hunter2" not in match.message + match.label
        if match.rule.id != "DEP013":
            assert "hunter2" not in cell[match.start : match.end]


LOCK = '%%writefile uv.lock\n[[package]]\nname = "numpy"\nversion = "1.26.4"\n'
HEADER = "# /// script\n# requires-python = '>=3.9'\n# dependencies = ['numpy>=2', 'torch==2.1.0']\n# ///"


@pytest.mark.parametrize(
    ("cells", "known", "expected"),
    [
        (
            [HEADER],
            {"environment": {"numpy": "1.26.4", "torch": "2.1.0+cu118"}},
            [("numpy>=2", "numpy is 1.26.4 here, another one is asked for")],
        ),
        ([HEADER], {"environment": {"numpy": "2.1.0"}}, []),
        ([HEADER], {"locked": {"numpy": "1.26.4"}}, []),
        ([HEADER], {}, []),
        (
            ["%%writefile requirements.txt\nnumpy==1.0\npandas==2.0 ; python_version < '3'\n"],
            {"environment": {"numpy": "2.1.0", "pandas": "1.0"}},
            [("numpy==1.0", "numpy is 2.1.0 here, 1.0 is asked for")],
        ),
        (
            ["x = 1", "import numpy as np, os\nimport sklearn.svm"],
            {
                "environment": {"numpy": "2.1.0", "scikit-learn": "1.5.0"},
                "locked": {"numpy": "1.26.4", "scikit-learn": "1.4"},
            },
            [("numpy", "numpy is 2.1.0 in this kernel, 1.26.4 is locked; 1 more differ")],
        ),
        (
            ["import numpy, torch"],
            {
                "environment": {"numpy": "2.1.0", "torch": "2.1.0+cpu"},
                "locked": {"numpy": "2.1", "torch": "2.1.0"},
            },
            [],
        ),
        (["%pip install numpy==1.0"], {"environment": {"numpy": "2.1.0"}}, []),
    ],
)
def test_other_versions_in_the_kernel(
    cells: list[str], known: dict[str, dict[str, str]], expected: list[tuple[str, str]]
) -> None:
    told = [(piece, message) for rule, piece, message in found(*cells, **known) if rule == "DEP017"]
    assert told == expected


def test_one_finding_a_cell_for_packages_of_the_system() -> None:
    cell = (
        "!sudo apt-get -qq update && apt-get install -y -t x ffmpeg g++ graphviz=2.4 ./x.deb > /dev/null\n"
        "!npm i -g @scope/pack @scope/other@1.2.3 && yarn add $NAME tool"
    )
    [(rule, piece, message)] = [one for one in found(cell) if one[0] == "DEP015"]
    assert (rule, piece) == ("DEP015", "ffmpeg")
    assert message == "4 packages of the system without a version: ffmpeg, g++, a package, tool"
    assert only("DEP015", "%%bash\napt install -y ffmpeg") == ["ffmpeg"]
    dockerfile = "%%writefile Dockerfile\nRUN apt-get install -y ffmpeg\n"
    assert only("DEP015", dockerfile, "!apt-cache policy install ffmpeg") == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%conda install python=3.8", ["python=3.8"]),
        ("!conda create -n x 'python>=3.6,<3.9' numpy=1.0", ["python>=3.6,<3.9"]),
        ("!conda create -n x python=3.8.*", ["python=3.8.*"]),
        ("!conda create -n x python==2.7.18", ["python==2.7.18"]),
        ("!conda create -n x 'python>=3.6'", []),
        ("!conda create -n x python=3.99", []),
        ("!conda create -n x python={version}", []),
        ("!conda create -n x 'python=3.8|3.12'", []),
        (
            "%%writefile environment.yml\ndependencies:\n  - python=3.7\n  - numpy=1.0\n",
            ["python=3.7"],
        ),
        ("%%writefile pyproject.toml\n[project]\nrequires-python = '<3.9'\n", ["<3.9"]),
        ("%%writefile pyproject.toml\n[project]\nrequires-python = '~=3.8'\n", []),
        ("%%writefile pyproject.toml\n[project]\nrequires-python = '==3.8.*'\n", ["==3.8.*"]),
        (
            "%%writefile pyproject.toml\n[tool.poetry.dependencies]\npython = '~3.8'\n",
            ["~3.8"],
        ),
        ("%%writefile pyproject.toml\n[tool.poetry.dependencies]\npython = '^3.8'\n", []),
        ("%%writefile Pipfile\n[requires]\npython_version = '3.7'\n", ["3.7"]),
        ("# /// script\n# requires-python = '>=3.7,<3.9'\n# ///", [">=3.7,<3.9"]),
        ("# /// script\n# requires-python = 'no version'\n# ///", []),
    ],
)
def test_pythons_that_get_no_more_fixes(cell: str, expected: list[str]) -> None:
    assert only("DEP018", cell) == expected


def test_the_end_of_a_python_is_told_by_the_day() -> None:
    assert ended((3, 12), date(2028, 10, 31)) is None
    assert ended((3, 12), date(2028, 11, 1)) == date(2028, 10, 31)
    assert ended((3, 99), date(2999, 1, 1)) is None
    [(_, _, message)] = [one for one in found("%conda install python=3.8") if one[0] == "DEP018"]
    assert message == "Python 3.8 had its last fix in October 2024"
