"""Notebook 7, and the oldest and middle JupyterLab that are supported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.samples import Maker

from .hosts import VERSIONS, WANTED, environment
from .jupyter import Lab, Server, code, write

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop


def secret(seed: int) -> str:
    return Maker(seed).token("SEC103")


def exercise(lab: Lab, name: str) -> None:
    """Type a key, see mark, row and tooltip; mask an output; jump; undo."""
    token = secret(1)
    printing = f"print('{token[::-1]}'[::-1])"
    cells = [code("x = 1"), code(printing), *(code(f"y{i} = {i}") for i in range(60))]
    cells.append(code(f"t = '{secret(2)}'"))
    write(lab.server.root / name, *cells)
    lab.open(name)
    lab.show_panel()
    lab.expect_rows("SEC103")
    lab.rows().first.click()
    expect(lab.marks(62)).to_be_in_viewport()
    lab.evaluate("panel.content.scrollToItem(0)")
    lab.type_into(0, f"\nt = '{token}'")
    expect(lab.marks(0)).to_have_text([token])
    lab.expect_rows("SEC103", "SEC103")
    lab.marks(0).hover()
    expect(lab.page.locator(".llmsec-tooltip")).to_contain_text("GitHub token")
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    lab.expect_rows("SEC103")
    lab.run(1)
    badge = lab.cell(1).locator(".llmsec-OutputBadge")
    badge.get_by_role("button", name="Mask in document").click()
    expect(lab.cell(1).locator(".jp-OutputArea")).to_contain_text("***")
    lab.expect_rows("SEC103")
    lab.cell(1).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.cell(1).locator(".jp-OutputArea")).to_contain_text(token)
    lab.expect_rows("SEC103", "SEC103")


def test_notebook_7(notebook7: Lab) -> None:
    exercise(notebook7, "seven.ipynb")
    assert not [m for m in notebook7.messages if "Unsatisfied version" in m]


def test_no_version_is_unsatisfied(lab: Lab) -> None:
    write(lab.server.root / "versions.ipynb", code(f"t = '{secret(3)}'"))
    lab.open("versions.ipynb")
    expect(lab.marks(0)).to_have_count(1)
    assert not [m for m in lab.messages if "Unsatisfied version" in m or "llmsec" in m]


@pytest.fixture(params=VERSIONS)
def old_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server of an older JupyterLab, in an environment of its own with our package in it."""
    if not WANTED:
        pytest.skip("LLMSEC_OLD_HOSTS=0: older versions of JupyterLab are not tried")
    server = Server(tmp_path / "old", python=str(environment(request.param)))
    yield server
    server.close()


def test_older_jupyterlab(chromium: Browser, old_server: Server) -> None:
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    lab = Lab(context, old_server)
    try:
        exercise(lab, "old.ipynb")
        assert not [m for m in lab.messages if "Unsatisfied version" in m]
    finally:
        context.close()
