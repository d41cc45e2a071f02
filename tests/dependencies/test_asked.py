"""Markers, ranges, conda's names, malicious packages without a version: what is audited, and how."""

from __future__ import annotations

from typing import Any

import pytest

from llmsec_nb.advisories.update import update
from llmsec_nb.core.detector import Context, Match, Surroundings
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.rules.dependencies.audit import Audit
from llmsec_nb.rules.dependencies.channels import bounds_of
from llmsec_nb.rules.dependencies.detector import Dependencies
from llmsec_nb.rules.dependencies.markers import applies
from llmsec_nb.rules.dependencies.requirement import conda_requirement, requirement

from .documents import file, notebook
from .snapshots import FRESH, archive, record

INTRODUCED = {"introduced": "0"}
RECORDS = (
    record("PYSEC-1", "numpy", events=(INTRODUCED, {"fixed": "1.22.0"})),
    record("PYSEC-2", "torch", events=(INTRODUCED, {"fixed": "2.6.0"})),
    record("PYSEC-3", "redis", events=(INTRODUCED, {"fixed": "99"})),
    record("PYSEC-4", "protobuf", versions=("3.20.0",)),
    record("PYSEC-5", "google-cloud-storage", versions=("1.0",)),
    record("MAL-2026-1", "torch-evil-kit", versions=("6.6.6", "6.6.7")),
    record("MAL-2026-2", "ultralytics", versions=("8.3.41",)),
    record("MAL-2026-3", "scipy", events=(INTRODUCED,)),
    record("MAL-2026-4", "only-evil", events=(INTRODUCED,), versions=("1.0",)),
    record("GHSA-x", "half-evil", events=(INTRODUCED,), aliases=["MAL-2026-5"]),
)


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("advisories")
    records = [{**one, "modified": FRESH} for one in RECORDS]
    update(archive(folder / "all.zip", *records), folder / "a.sqlite")
    return Audit(folder / "a.sqlite")


def found(audit: Audit, *cells: str, **known: Any) -> list[tuple[str, str, Match]]:
    units, sites = notebook(*cells)
    context = Context(around=Surroundings(**known))
    return [
        (match.rule.id, units[number].source[match.start : match.end], match)
        for number, match in audit.inspect(units, sites, context)
    ]


def rules(audit: Audit, *cells: str, **known: Any) -> list[tuple[str, str]]:
    return [(rule, piece) for rule, piece, _ in found(audit, *cells, **known)]


@pytest.mark.parametrize(
    ("marker", "pythons", "expected"),
    [
        ("", ("3.12",), True),
        ("python_version < '3.9'", ("3.12",), False),
        ("python_version < '3.9'", ("3.8", "3.12"), None),
        ("python_version >= '3.9'", ("3.9", "3.15"), True),
        ("python_version >= '3.10'", ("3.9.18",), False),
        ("python_full_version < '3.11.5'", ("3.11.4",), True),
        ("sys_platform == 'win32'", ("3.12",), None),
        ("sys_platform == 'win32' and python_version < '3'", ("3.12",), False),
        ("platform_system != 'Java'", ("3.12",), True),
        ("extra == 'x'", ("3.12",), None),
        ("no marker at all", ("3.12",), None),
        ("(" * 5_000, ("3.12",), None),
    ],
)
def test_where_a_marker_holds(marker: str, pythons: tuple[str, ...], expected: bool | None) -> None:
    assert applies(marker, pythons) is expected


HEADER = "# /// script\n# requires-python = '{}'\n# dependencies = []\n# ///\n"


def test_what_is_for_another_python_is_not_audited_but_said(audit: Audit) -> None:
    asked = "numpy==1.19; python_version < '3.7'"
    [(rule, piece, match)] = found(audit, f'%pip install "{asked}"')
    assert (rule, piece) == ("DEP091", asked)
    assert (
        match.message
        == "not audited, as their markers are for other Pythons than this document's: numpy"
    )
    newer = "%pip install \"numpy==1.19; python_version < '3.11'\""
    [(rule, _, match)] = found(audit, newer)
    assert (rule, match.confidence) == ("DEP002", Confidence.MEDIUM)
    assert match.message.endswith("PYSEC-1; mended in 1.22.0, where its marker holds")
    assert rules(audit, HEADER.format(">=3.12"), newer)[0][0] == "DEP091"
    [(rule, _, match)] = found(audit, HEADER.format("<3.11"), newer)
    assert (rule, match.confidence) == ("DEP002", None)


def test_a_file_says_its_own_python(audit: Audit) -> None:
    text = (
        "dependencies:\n  - python=3.12\n  - pip:\n"
        "    - numpy==1.19 ; python_version < '3.11'\n    - \"torch==1.0\"  # x\n"
    )
    units, sites = file("environment.yml", text)
    said = [
        (match.rule.id, text[match.start : match.end])
        for _, match in audit.inspect(units, sites, Context())
    ]
    assert sorted(said) == [
        ("DEP002", "torch==1.0"),
        ("DEP091", "numpy==1.19 ; python_version < '3.11'"),
    ]


@pytest.mark.parametrize(
    ("asked", "is_told"),
    [
        ("numpy<1.20", True),
        ("numpy<=1.21.6", True),
        ("numpy>=1.10,<1.22", True),
        ("numpy~=1.19.0", True),
        ("numpy==1.19.*", True),
        ("numpy==1.*", False),
        ("numpy<1.23", False),
        ("numpy<=1.22", False),
        ("numpy>=1.19", False),
        ("numpy!=1.19", False),
        ("numpy~=1.19", False),
        ("numpy", False),
    ],
)
def test_a_range_of_which_all_is_vulnerable(audit: Audit, asked: str, is_told: bool) -> None:
    said = found(audit, f"%pip install '{asked}'")
    assert [(rule, piece) for rule, piece, _ in said] == ([("DEP002", asked)] if is_told else [])
    if is_told:
        assert said[0][2].message == (
            "every version of numpy that this lets in has a known vulnerability: PYSEC-1;"
            " mended in 1.22.0"
        )
    # what is here is known better
    assert rules(audit, f"%pip install '{asked}'", environment={"numpy": "2.0"}) == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%conda install numpy=1.19", [("DEP002", "numpy=1.19")]),
        ("%conda install -y numpy=1.19.5=py39_0", [("DEP002", "numpy=1.19.5=py39_0")]),
        ("!mamba install conda-forge::numpy==1.19", [("DEP002", "numpy==1.19")]),
        ("!conda install 'numpy<1.20'", [("DEP002", "numpy<1.20")]),
        ("!conda install pytorch=1.9 -c pytorch", [("DEP002", "pytorch=1.9")]),
        ("!conda install numpy=1.22.3", []),
        ("!conda install numpy=1", [("DEP091", "numpy=1")]),  # of which some are mended
        ("!conda install redis=4.0", [("DEP091", "redis=4.0")]),  # the server, not the client
        ("!conda install scipy=1.0.0", []),  # what is malicious on PyPI is no word on a channel
        ("!conda install only-evil=1.0", [("DEP091", "only-evil=1.0")]),
    ],
)
def test_conda_installs(audit: Audit, cell: str, expected: list[tuple[str, str]]) -> None:
    said = found(audit, cell)
    assert [(rule, piece) for rule, piece, _ in said] == expected
    for rule, _, match in said:
        if rule == "DEP002":
            assert match.confidence is Confidence.MEDIUM
            assert "if conda's " in match.message


def test_the_bounds_of_conda_and_of_pip() -> None:
    def place(start: int, end: int) -> tuple[int, int]:
        return start, end

    def bounds(text: str, *, conda: bool) -> tuple[str, str, bool] | None:
        made = (conda_requirement if conda else requirement)(text, place)
        assert made is not None
        return bounds_of(made)

    assert bounds("a=1.2", conda=True) == ("1.2", "1.3", False)
    assert bounds("a=1.2.*", conda=True) == ("1.2", "1.3", False)
    assert bounds("a==1.2", conda=True) is None
    assert bounds("a>=1,<3,<2", conda=True) == ("1", "2", False)
    assert bounds("a==1!2.*", conda=False) == ("1!2", "1!3", False)
    assert bounds("a<=2", conda=False) == ("", "2", True)
    assert bounds("a>2", conda=False) is None
    assert bounds("a<no", conda=False) is None


def test_malicious_packages_without_a_version(audit: Audit) -> None:
    [(rule, piece, match)] = found(audit, "%pip install torch-evil-kit")
    assert (rule, piece, match.severity) == ("DEP003", "torch-evil-kit", Severity.CRITICAL)
    assert match.confidence is Confidence.MEDIUM
    assert (
        match.message
        == "versions of torch-evil-kit are malicious: MAL-2026-1; no version is said here"
    )
    assert rules(audit, "%pip install torch-evil-kit==6.6.7") == [
        ("DEP003", "torch-evil-kit==6.6.7")
    ]
    assert rules(audit, "%pip install torch-evil-kit==1.0") == []
    # of a famous project that was taken over, the bad versions are gone
    assert rules(audit, "%pip install ultralytics") == []
    assert rules(audit, "%pip install ultralytics==8.3.41") == [("DEP003", "ultralytics==8.3.41")]


@pytest.mark.parametrize("name", ["only-evil", "half-evil"])
def test_malicious_packages_in_any_version(audit: Audit, name: str) -> None:
    for cell, piece in (
        (f"!pip install {name}", name),
        (f"!pip install {name}==99", f"{name}==99"),
        (f"%%writefile requirements.txt\n{name}>=3\n", f"{name}>=3"),
    ):
        [(rule, own, match)] = found(audit, cell)
        assert (rule, own, match.severity) == ("DEP003", piece, Severity.CRITICAL)
        assert match.confidence is None
    module = name.replace("-", "_")
    [(rule, own, _)] = found(audit, f"from {module} import x", locked={name: "4"})
    assert (rule, own) == ("DEP003", module)


def test_one_version_of_a_cell_is_told_once(audit: Audit) -> None:
    cell = "%pip install numpy==1.19 numpy==1.19\n!pip install numpy==1.19.0 torch==1.0"
    said = found(audit, cell)
    assert [(rule, piece) for rule, piece, _ in said] == [
        ("DEP002", "numpy==1.19"),
        ("DEP002", "torch==1.0"),
    ]
    assert [cell[start:end] for start, end in said[0][2].others] == ["numpy==1.19", "numpy==1.19.0"]
    assert len(found(audit, "%pip install numpy==1.19", "%pip install numpy==1.19")) == 2


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("import google.protobuf", "protobuf"),
        ("from google.protobuf import message", "protobuf"),
        ("from google.cloud import storage as s", "google-cloud-storage"),
        ("import google.cloud.storage.blob", "google-cloud-storage"),
        ("from google.colab import files", ""),
    ],
)
def test_imports_of_namespaces(audit: Audit, cell: str, name: str) -> None:
    known = {"protobuf": "3.20.0", "google-cloud-storage": "1.0"}
    said = found(audit, cell, environment=known)
    assert [(rule, piece) for rule, piece, _ in said] == ([("DEP002", "google")] if name else [])
    assert all(match.message.startswith(f"{name} ") for _, _, match in said)


@pytest.mark.parametrize(
    ("cell", "pieces"),
    [
        ("!conda install counterfit", ["counterfit"]),
        ("%conda install -y numpy=1.26 clip=1.0", ["clip"]),
        ("!conda install -c conda-forge detectron2", []),
        ("!conda install sklearn opencv reqeusts", []),
        ("!conda install counterfit && pip install counterfit", ["counterfit"] * 2),
    ],
)
def test_traps_among_names_of_conda(cell: str, pieces: list[str]) -> None:
    units, sites = notebook(cell)
    said = [
        cell[match.start : match.end]
        for _, match in Dependencies().inspect(units, sites, Context())
        if match.rule.id in {"DEP004", "DEP006"}
    ]
    assert said == pieces
