"""Fixes of code and installs, each proven by a second look: alone, and all safe ones together."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from llmsec_nb.config import Config
from llmsec_nb.core.detector import Surroundings
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Finding, Fix, FixKind
from llmsec_nb.core.rule import Example, Rule, Severity
from llmsec_nb.engine import scan
from llmsec_nb.findings import Maker as Finder
from llmsec_nb.fixes.commits import cached_commit
from llmsec_nb.fixes.source import applied
from llmsec_nb.policy import Policy
from llmsec_nb.rules.code.catalogue import RULES as CODE
from llmsec_nb.rules.code.fixes import UNKNOWN_COMMIT, Asked
from llmsec_nb.rules.dependencies.detector import RULES as DEPENDENCIES
from llmsec_nb.sources.files import read_text

from .code_fixing import Found, broken, counted, look, read_cells, with_fixes
from .samples import Maker

REAL = Path(__file__).parents[2] / "shared" / "data" / "notebooks"

KERNEL = {"numpy": "2.1.0", "torch": "2.7.0+cu126", "scikit-learn": "1.5.0", "pandas": "2.2.0"}
HERE = Surroundings(environment=KERNEL)
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in (*CODE, *DEPENDENCIES)
    for number, example in enumerate(rule.examples)
    if example.flagged
]
SAFE = {"COD001", "COD004", "COD062", "DEP001", "DEP014"}
UNSAFE = {
    "COD001", "COD003", "COD005", "COD010", "COD011", "COD040", "COD041", "COD042",
    "COD050", "COD051", "COD052", "COD053", "COD060", "COD062", "COD068", "DEP004", "DEP013",
    "DEP006", "DEP008", "DEP009", "DEP019",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_guard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What goes wrong in a fix is to be seen; there are no advisories."""
    monkeypatch.setattr("llmsec_nb.engine._fixed", Finder.fixed)
    monkeypatch.setenv("LLMSEC_DB", str(tmp_path))


def prove(cells: list[str], chosen: list[Found], before: list[Found]) -> list[str]:
    """The cells after some fixes: their findings are gone, nothing new is, and all parses."""
    texts: dict[str | None, str] = {f"/cells/{n}/source": cell for n, cell in enumerate(cells)}
    after = list(with_fixes(texts, chosen).values())
    again = look(read_cells(*after), HERE)
    for old, new in zip(cells, after, strict=True):
        assert broken(new) <= broken(old), new
    known, left = counted(before), counted(again)
    for one in chosen:
        key = one.finding.rule, one.finding.location.pointer
        assert left[key] < known[key], (one, after)
    assert counted(again, Severity.MEDIUM) <= counted(before, Severity.MEDIUM), after
    return after


def keep_apart(safe: list[Found]) -> None:
    """The panel makes all safe fixes of a cell at once, edit by edit, and drops what overlaps."""
    parts: dict[str | None, list[tuple[int, int]]] = {}
    for one in safe:
        assert one.fix is not None
        own = parts.setdefault(one.finding.location.pointer, [])
        own += [(edit.start, edit.end) for edit in one.fix.edits]
    for spans in parts.values():
        spans.sort()
        assert all(end < start for (_, end), (start, _) in pairwise(spans))


def ignored(source: str, fix: Fix, one: Found, before: list[Found]) -> None:
    """A suppression holds back this finding, and perhaps others of its rule."""
    assert not fix.safe
    after = applied(source, fix.edits).replace("{reason}", "it is a test")
    again = look(read_cells(after), HERE)
    told = [other.finding for other in again if other.finding.rule == one.finding.rule]
    assert any(other.suppression for other in told), after
    active = [other for other in again if other.finding.suppression is None]
    assert counted(active) <= counted(before), after


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_every_example(rule: Rule, example: Example) -> None:
    cells = [example.source]
    found = look(read_cells(*cells), HERE)
    assert any(one.finding.rule == rule.id for one in found)
    for one in found:
        if one.fix is not None:
            assert one.fix.kind is FixKind.REPLACE
            assert one.fix.description[:1].isupper()
            assert one.finding.rule in (SAFE if one.fix.safe else UNSAFE)
            prove(cells, [one], found)
        for fix in one.finding.fixes:
            if fix.kind is FixKind.IGNORE:
                ignored(example.source, fix, one, found)
    safe = [one for one in found if one.fix is not None and one.fix.safe]
    if safe:
        keep_apart(safe)
        after = prove(cells, safe, found)
        left = [one for one in look(read_cells(*after), HERE) if one.fix and one.fix.safe]
        assert not left


def test_the_rules_with_fixes_are_these() -> None:
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for rule in (*CODE, *DEPENDENCIES):
        for example in rule.examples:
            for one in look(read_cells(example.source), HERE) if example.flagged else ():
                if one.fix is not None:
                    kinds[one.fix.safe].add(one.finding.rule)
    assert kinds == {True: SAFE, False: UNSAFE}


def fixes(source: str, rule: str, around: Surroundings = HERE) -> list[tuple[str, bool]]:
    """The cell after each fix of a rule's findings, and whether it is safe."""
    found = look(read_cells(source), around)
    return [
        (applied(source, one.fix.edits), one.fix.safe)
        for one in found
        if one.finding.rule == rule and one.fix is not None
    ]


@pytest.mark.parametrize(
    ("source", "rule", "after", "safe"),
    [
        (
            "%%writefile a.py\nimport torch\ntorch.load(f)\n",
            "COD001",
            "%%writefile a.py\nimport torch\ntorch.load(f, weights_only=True)\n",
            True,
        ),
        (
            "%%writefile my-requirements.txt\nnumpy>=1  # é\n",
            "DEP001",
            "%%writefile my-requirements.txt\nnumpy==2.1.0  # é\n",
            False,
        ),
        (
            "%%bash\nls\ncurl -k https://a.example/x -o x\n",
            "COD040",
            "%%bash\nls\ncurl https://a.example/x -o x\n",
            False,
        ),
        ("%%time\n!pip install -q numpy", "DEP001", "%%time\n!pip install -q numpy==2.1.0", True),
    ],
)
def test_in_its_place(source: str, rule: str, after: str, safe: bool) -> None:
    assert fixes(source, rule) == [(after, safe)]


@pytest.mark.parametrize(
    ("around", "after"),
    [
        (Surroundings(environment={"numpy": "2.1.0"}), "%pip install numpy==2.1.0"),
        (Surroundings(locked={"numpy": "1.9"}), "%pip install numpy==1.9"),
        (
            Surroundings(environment={"numpy": "2.1.0"}, locked={"numpy": "1.9"}),
            "%pip install numpy==2.1.0",
        ),
        (Surroundings(environment={"pandas": "2.2.0"}), ""),
        (Surroundings(), ""),
    ],
)
def test_pins_are_those_of_the_kernel_or_of_a_lock(around: Surroundings, after: str) -> None:
    assert fixes("%pip install numpy", "DEP001", around) == ([(after, True)] if after else [])


def test_a_finding_that_is_only_partly_mended_has_no_fix() -> None:
    call = 'import subprocess\nsubprocess.run(["pip", "install", "pandas"])'
    assert fixes(f"%pip install numpy\n{call}", "DEP001") == []


def test_what_is_renamed_is_pinned_afterwards() -> None:
    kernel = Surroundings(environment={"bs4": "0.0.2", "beautifulsoup4": "4.12.3"})
    cell = "%pip install bs4"
    assert fixes(cell, "DEP001", kernel) == []
    ((cell, safe),) = fixes(cell, "DEP006", kernel)
    assert (cell, safe) == ("%pip install beautifulsoup4", True)
    assert fixes(cell, "DEP001", kernel) == [("%pip install beautifulsoup4==4.12.3", True)]


def test_a_file_of_requirements_is_mended_in_the_file() -> None:
    document = read_text("numpy\npandas==2.2.0\n", "dev-requirements.txt")
    (one,) = [one for one in look(document, HERE) if one.finding.rule == "DEP001"]
    assert one.fix is not None
    assert applied(one.whole, one.fix.edits) == "numpy==2.1.0\npandas==2.2.0\n"
    assert not one.fix.safe


def test_a_secret_is_neither_parted_nor_written(maker: Maker) -> None:
    token = maker.token("SEC103")
    source = f"import requests\nrequests.get('http://ada:{token}@a.example/x', verify=False)"
    document = read_cells(source)
    policy = Policy(Config())
    done = scan(document, policy, Concealer())
    told = [event for event in done.events if isinstance(event, Finding)]
    assert {"COD040", "COD042"} <= {one.rule for one in told}
    for one in told:
        for fix in one.fixes:
            after = applied(source, fix.edits)
            assert token in after or fix.kind in {FixKind.MASK, FixKind.REPLACE}
            assert all(token[:12] not in edit.replacement for edit in fix.edits)


def test_credentials_of_an_index_are_read_from_a_variable(maker: Maker) -> None:
    password = maker.password()
    source = f"!pip install -i https://ci:{password}@pypi.corp.example/simple x==1.0"
    (one,) = [one for one in look(read_cells(source), HERE) if one.finding.rule == "DEP013"]
    assert one.fix is not None
    assert (one.fix.kind, one.fix.safe) == (FixKind.REPLACE, False)
    after = applied(source, one.fix.edits)
    assert after == source.replace(password, "$INDEX_PASSWORD")
    assert "DEP013" not in {one.finding.rule for one in look(read_cells(after), HERE)}


def test_a_commit_comes_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    refs = tmp_path / "hub" / "models--a--b" / "refs"
    refs.mkdir(parents=True)
    (refs / "main").write_text(commit)
    (refs / "odd").write_text("../../main")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.delenv("HUGGINGFACE_HUB_CACHE", raising=False)
    looking = Surroundings(folder=str(tmp_path), root=str(tmp_path))
    head = "from transformers import AutoModel\nAutoModel.from_pretrained("
    for words, around, pinned in (
        ("'a/b'", looking, commit),
        ("'a/b'", HERE, UNKNOWN_COMMIT),  # no file may be looked at
        ("'a/b', revision='odd'", looking, UNKNOWN_COMMIT),
        ("'a/c'", looking, UNKNOWN_COMMIT),
    ):
        ((after, safe),) = fixes(f"{head}{words})", "COD011", around)
        assert after == f'{head}{words.split(",")[0]}, revision="{pinned}")'
        assert not safe
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "elsewhere"))
    ((after, _),) = fixes(f"{head}'a/b')", "COD011", looking)
    assert UNKNOWN_COMMIT in after


@pytest.mark.parametrize("name", ["../../x", "a/../b", "a/b/c", "/a", "a\\b", ".a/b", ""])
def test_no_name_leads_out_of_the_cache(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    opened: list[Path] = []

    def spy(path: Path, *_: object, **__: object) -> None:
        opened.append(path)
        raise OSError

    monkeypatch.setattr(Path, "open", spy)
    assert cached_commit(Asked("models", name, "main")) == ""
    assert cached_commit(Asked("models", "a/b", name)) == ""
    assert opened == []


@pytest.mark.parametrize(
    ("first", "is_pinned"),
    [
        ("%pip install git+https://g.example/o/num_py.git@0123456#egg=x", True),
        ("%pip install git+https://g.example/o/numpy.git@0123456", False),
        ("%pip install git+https://g.example/o/fork#egg=NumPy", False),
        ("%pip install 'numpy[a] @ git+https://g.example/o/fork@0123456'", False),
        ("%pip install 'numpy @ https://g.example/numpy-2.0-py3-none-any.whl'", False),
        ("%pip install git+https://g.example/numpy/other@0123456", True),
    ],
)
def test_what_comes_from_a_repository_is_not_pinned(first: str, *, is_pinned: bool) -> None:
    """A pin of a name of PyPI would put another package in the place of the first."""
    found = look(read_cells(first, "%pip install numpy"), HERE)
    pins = [one.fix is not None for one in found if one.finding.rule == "DEP001"]
    assert pins == [is_pinned]


def test_a_great_many_findings_are_not_proven_one_by_one_for_ever() -> None:
    source = "import requests\n" + "requests.get(u)\n" * 500
    found = [one for one in look(read_cells(source), HERE) if one.finding.rule == "COD042"]
    assert len(found) == 500
    most = 1_000_000 // len(source)
    assert sum(one.fix is not None for one in found) == most < 150


@pytest.mark.skipif(not REAL.is_dir(), reason="the real notebooks are not here")
def test_real_notebooks() -> None:
    """All safe fixes, then all the others, of some real notebooks."""
    for path in sorted(REAL.rglob("*.ipynb"))[::12]:
        tree = json.loads(path.read_text("utf-8"))
        cells = ["".join(c["source"]) for c in tree["cells"] if c["cell_type"] == "code"]
        for safe in (True, False):
            found = look(read_cells(*cells), HERE)
            chosen = [one for one in found if one.fix is not None and one.fix.safe is safe]
            if safe:
                keep_apart(chosen)
            cells = prove(cells, chosen, found)
