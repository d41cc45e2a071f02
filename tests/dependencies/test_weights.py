"""Names, sources, variables of scripts and lists within lists, as documents of others have them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.advisories.update import update
from llmsec_nb.core.detector import Context, Incomplete, Match, Surroundings
from llmsec_nb.core.rule import Severity
from llmsec_nb.rules.dependencies.audit import Audit
from llmsec_nb.rules.dependencies.detector import Dependencies
from llmsec_nb.surroundings import surroundings

from .documents import file, notebook
from .snapshots import FRESH, archive, record


def matches(*cells: str, **known: Any) -> list[tuple[str, Match]]:
    """All that is said of a notebook, with the characters at which it is said."""
    units, sites = notebook(*cells)
    context = Context(around=Surroundings(**known))
    return [
        (units[number].source[match.start : match.end], match)
        for number, match in Dependencies().inspect(units, sites, context)
    ]


def said(rule: str, *cells: str) -> list[tuple[str, Severity | None]]:
    """Where one rule says something, and how grave that is."""
    return [
        (piece, match.severity or match.rule.severity)
        for piece, match in matches(*cells)
        if match.rule.id == rule
    ]


@pytest.mark.parametrize(
    ("cell", "name", "severity"),
    [
        ("%pip install counterfit", "counterfit", Severity.HIGH),  # somebody else's
        ("%pip install detectron2", "detectron2", Severity.MEDIUM),  # nobody's
        ("!pip install -q en_core_web_md", "en_core_web_md", Severity.MEDIUM),
        ("%pip install sklearn", "sklearn", Severity.MEDIUM),  # there to fail
        ("%pip install bs4", "bs4", Severity.LOW),
        ("%pip install skimage==0.1", "skimage", Severity.LOW),
        ("%pip install cv2", "cv2", Severity.HIGH),
        ("%pip install -i https://pypi.corp.example/simple cv2", "cv2", Severity.LOW),
        ("%pip install -i https://pypi.org/simple cv2", "cv2", Severity.HIGH),
    ],
)
def test_how_grave_a_wrong_name_is(cell: str, name: str, severity: Severity) -> None:
    assert said("DEP006", cell) == [(name, severity)]


@pytest.mark.parametrize(
    "cell",
    [
        "%pip install detectron2 -f https://wheels.example/d2/cu118/index.html",
        "%pip install --find-links https://wheels.example/ detectron2==0.6",
        "!pip install --extra-index-url https://wheels.example/simple en-core-web-sm",
    ],
)
def test_who_names_a_source_may_have_it_there(cell: str) -> None:
    assert said("DEP006", cell) == []
    assert said("DEP005", cell) == []


@pytest.mark.parametrize(
    ("host", "severity"),
    [
        ("developer.download.nvidia.com", Severity.LOW),
        ("pypi.nvidia.com", Severity.LOW),
        ("download.pytorch.org", Severity.LOW),
        ("pytorch.org", Severity.LOW),
        ("pip.repos.neuron.amazonaws.com", Severity.LOW),
        ("bucket.s3.amazonaws.com", Severity.HIGH),
        ("nvidia.com.example", Severity.HIGH),
        ("notnvidia.com", Severity.HIGH),
        ("evil.storage.googleapis.com", Severity.HIGH),
        ("github.io", Severity.HIGH),
    ],
)
def test_a_vendor_is_known_by_its_domain(host: str, severity: Severity) -> None:
    link = f"https://{host}/whl"
    assert said("DEP007", f"%pip install --extra-index-url {link} a==1") == [(link, severity)]


@pytest.mark.parametrize(
    ("script", "runs"),
    [
        ('F=./a.sh\nbash "$F"', ['bash "$F"']),
        ("D=/tmp; G=${D}/a.sh\nsh $G", ["sh $G"]),
        ("export F=a.sh\nsource ./${F}", ["source ./${F}"]),
        ("X=1 ./a.sh", ["./a.sh"]),
        ('F="./a.sh"', []),
        ("export F=./a.sh G=1", []),
        ("F=./a.sh\nbash $G", []),
        ("F=./b.sh\nbash $F", []),
        ("F='./a.sh' # bash\necho $F", []),
    ],
)
def test_what_a_variable_stands_for_is_run_where_it_is_run(script: str, runs: list[str]) -> None:
    cell = f"%%bash\nwget https://get.example/a.sh\n{script}"
    assert [piece for piece, _ in said("DEP016", cell)] == runs


def test_variables_that_grow_are_cut_off() -> None:
    doubled = "\n".join(f"A{n + 1}=$A{n}$A{n}$A{n}$A{n}" for n in range(200))
    cell = f"%%bash\nwget https://get.example/a.sh\nA0=xxxx\n{doubled}\nbash $A200\nbash a.sh"
    assert [piece for piece, _ in said("DEP016", cell)] == ["bash a.sh"]


@pytest.mark.parametrize(
    ("cell", "rules"),
    [
        ("!poetry add reqeusts", {"DEP004"}),
        ("!pixi add --pypi reqeusts", {"DEP004"}),
        ("!pixi add reqeusts", set()),  # of conda's channels
        ("!pixi global install numpy", set()),
        ("!pixi run reqeusts", set()),
        ("!cmd /c pip install reqeusts==1", {"DEP004", "DEP014"}),
        ('!cmd.exe /s /c "pip install reqeusts==1"', {"DEP004", "DEP014"}),
        ("!cmd /c echo pip install reqeusts", set()),
        ("pip install reqeusts==1", {"DEP004"}),
    ],
)
def test_more_ways_to_install(cell: str, rules: set[str]) -> None:
    found = matches(cell)
    assert {match.rule.id for _, match in found} == rules
    assert [piece for piece, match in found if match.rule.id == "DEP004"] == (
        ["reqeusts"] if rules else []
    )


def names(count: int) -> list[str]:
    return [f"zyxw-{number}-unheard-of-vuts" for number in range(count)]


def test_many_unknown_names_are_a_few_findings() -> None:
    known: dict[str, Any] = {"environment": {}}
    few = matches("%pip install " + " ".join(names(10)), **known)
    assert [piece for piece, match in few if match.rule.id == "DEP005"] == names(10)
    cell = "%pip install " + " ".join(names(60))
    found = [(piece, one) for piece, one in matches(cell, **known) if one.rule.id == "DEP005"]
    pieces = [piece for piece, _ in found]
    last = found[-1][1]
    told = [*pieces, *(cell[start:end] for start, end in last.others)]
    assert len(pieces) == 10
    assert len(set(told)) == len(told)
    assert set(told) <= set(names(60))
    assert last.message.endswith(f", and so are {len(last.others)} more names of this text")
    assert len(told) > 50  # of the others a filter of names believes that they exist


def test_what_is_too_much_to_compare_is_said() -> None:
    units, sites = file("requirements.txt", "\n".join([*names(3_000), "reqeusts", "json"]))
    found: list[str] = []

    def inspect() -> None:
        for _, match in Dependencies().inspect(units, sites, Context(around=Surroundings())):
            found.append(match.rule.id)

    with pytest.raises(Incomplete, match=r"^2,001 names of packages were not compared"):
        inspect()
    assert found.count("DEP005") == 10
    assert found.count("DEP006") == 1  # needs no comparison
    assert found.count("DEP004") == 0


def test_names_that_are_much_used_need_no_comparison() -> None:
    units, sites = file("requirements.txt", "numpy==2.1.0\n" * 3_000)
    assert list(Dependencies().inspect(units, sites, Context(around=Surroundings()))) == []


def test_a_package_that_two_modules_come_from_is_told_once(tmp_path: Path) -> None:
    bad = record("PYSEC-7", "pyyaml", versions=("5.0",)) | {"modified": FRESH}
    update(archive(tmp_path / "all.zip", bad), tmp_path / "a.sqlite")
    kernel = {"pyyaml": "5.0"}

    def told(*cells: str) -> list[tuple[int, str]]:
        units, sites = notebook(*cells)
        context = Context(around=Surroundings(environment=kernel))
        return [
            (number, units[number].source[match.start : match.end])
            for number, match in Audit(tmp_path / "a.sqlite").inspect(units, sites, context)
            if match.rule.id == "DEP002"
        ]

    assert told("import os", "import yaml, pyyaml") == [(1, "yaml")]
    assert told("%pip install pyyaml", "import yaml", "import pyyaml") == [(0, "pyyaml")]


def test_lists_that_lists_take_in_pin_too(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "requirements.txt").write_text("-r deep/base.list\n--constraint=c.lst\na==1\n")
    (tmp_path / "deep" / "base.list").write_text("b==2\n-r ../requirements.txt\n-r more\n")
    (tmp_path / "deep" / "more").write_text("c==3\n-r {name}\n-r https://a.example/r.txt\n")
    (tmp_path / "c.lst").write_text("d==4\n")
    assert surroundings(tmp_path, tmp_path).locked == {"a": "1", "b": "2", "c": "3", "d": "4"}
    (tmp_path / "deep" / "more").write_text("c==30\n")
    assert surroundings(tmp_path, tmp_path).locked["c"] == "30"


def test_a_list_beyond_the_root_is_not_taken_in(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "out.txt").write_text("b==2\n")
    (root / "link.txt").symlink_to(tmp_path / "out.txt")
    (root / "requirements.txt").write_text("-r ../out.txt\n-r link.txt\n-r gone\n-r .\na==1\n")
    assert surroundings(root, root).locked == {"a": "1"}
