"""The notebooks that users meet first: they run, and show what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from llmsec_nb import check
from llmsec_nb.display import MIME

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.mark.filterwarnings("default")
def test_the_tour_runs() -> None:
    tour = nbformat.read(NOTEBOOKS / "tour.ipynb", as_version=4)
    nbformat.validate(tour)
    NotebookClient(tour, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    shown = [
        [finding["rule"] for finding in output.data[MIME]["findings"]]
        for cell in tour.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    assert shown == [["SEC103"], ["SEC103"], [], ["PII101", "PII104"]]


def test_the_demo_leaks_in_most_parts(tmp_path: Path) -> None:
    subprocess.run([sys.executable, NOTEBOOKS / "plant.py", tmp_path], check=True)
    report = check(tmp_path)
    assert [f.rule for f in report.findings] == [
        "SEC302", "UNI103", "SEC108", "SEC203", "SEC103", "SEC107", "UNI101",
    ]  # fmt: skip


def test_committed_notebooks_hold_no_secret() -> None:
    report = check(NOTEBOOKS)
    assert {f.rule for f in report.findings} == {"UNI101", "UNI103", "UNI105"}
    assert {Path(f.location.path or "").name for f in report.findings} == {"reviews.ipynb"}
