"""Code judged as a whole while it is edited: names go from cell to cell, and the marks with them."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest
from playwright.sync_api import Route, expect

from ..samples import Maker
from .jupyter import Lab, code, markdown, write
from .test_safety import AXE, THEMES, violations

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop

ALIAS = "from pickle import load as read"
CALL = "with open('model.bin', 'rb') as file:\n    model = read(file)"


def shown(lab: Lab, *cells: str) -> None:
    """A notebook of these cells, after one of Markdown."""
    made = [markdown("Words"), *(code(source) for source in cells)]
    write(lab.server.root / "code.ipynb", *made, kernel=False)
    lab.open("code.ipynb")
    lab.show_panel()
    expect(lab.page.locator(".llmsec-footer")).to_contain_text("Last scan")


def replace(lab: Lab, index: int, text: str) -> None:
    """Type a text in place of all that is in a cell."""
    lab.type_into(index, " ")
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.insert_text(text)
    assert lab.source(index) == text


def without_code(route: Route) -> None:
    """Let nobody judge the code as a whole."""
    if '"code":[' in (route.request.post_data or ""):
        route.abort()
    else:
        route.continue_()


def test_a_mark_follows_what_another_cell_says(lab: Lab) -> None:
    """An alias in one cell, its call in another; the import is harmless, and bad again."""
    shown(lab, ALIAS, "rows = 3", CALL)
    lab.expect_rows("COD002")
    expect(lab.marks(3)).to_have_text("read(file)")
    expect(lab.rows().locator(".llmsec-where")).to_have_text("cell 4, line 2")
    replace(lab, 1, "from json import load as read")
    expect(lab.marks(3)).to_have_count(0)
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")
    replace(lab, 1, ALIAS)
    expect(lab.marks(3)).to_have_text("read(file)")
    expect(lab.marks(1)).to_have_count(0)


def test_a_mark_stays_on_its_words_while_the_cell_is_edited(lab: Lab) -> None:
    """Also before the code as a whole has been judged again."""
    shown(lab, ALIAS, CALL)
    expect(lab.marks(2)).to_have_text("read(file)")
    lab.page.route("**/llmsec-nb/api/scan*", without_code)
    lab.type_into(2, f"\nmodel.token = '{Maker(3).token('SEC103')}'")
    before = lab.source(2)
    lab.evaluate("model.cells.get(i).sharedModel.updateSource(0, 0, '# first\\n')", 2)
    assert lab.source(2) == f"# first\n{before}"
    lab.expect_rows("SEC103", "COD002")
    expect(lab.marks(2).first).to_have_text("read(file)")
    expect(lab.rows().filter(has_text="COD002")).to_contain_text("cell 3, line 3")
    expect(lab.page.locator(".llmsec-problems")).to_contain_text("the code as a whole was not")


def test_what_is_installed_and_how(lab: Lab) -> None:
    """An install of an import's name: the finding, and what is said once of the whole."""
    shown(lab, "import numpy", "!pip install sklearn")
    row = lab.rows().filter(has_text="DEP006")
    expect(row).to_contain_text("sklearn is installed as scikit-learn")
    expect(row.locator("code")).to_have_count(0)
    expect(lab.marks(2).filter(has_text="sklearn").first).to_be_visible()
    expect(lab.page.locator(".llmsec-problems li", has_text="NOT AUDITED")).to_have_count(1)
    row.click()
    told = lab.page.locator(".llmsec-detail p").first
    expect(told).to_contain_text("by this name the install fails confidence:")
    expect(told.locator("code")).to_have_count(0)


def test_a_fix_of_code(lab: Lab) -> None:
    """One click mends what a name from another cell does; undo brings it back."""
    shown(lab, "import yaml as y", "settings = y.load(text, Loader=y.Loader)")
    lab.expect_rows("COD004")
    lab.rows().first.click()
    lab.page.get_by_role("button", name="Build plain values only: safe_load").click()
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")
    assert lab.source(2) == "settings = y.safe_load(text)"
    lab.evaluate("model.cells.get(i).sharedModel.undo()", 2)
    lab.expect_rows("COD004")


def test_fix_all_safe_mends_code_too(lab: Lab) -> None:
    """What has a safe fix is mended in all cells, the rest stays."""
    shown(lab, "import yaml as y", "y.load(text, Loader=y.Loader)", "!pip install sklearn", CALL)
    lab.expect_rows("COD004", "DEP006", "DEP001", "DEP014")
    lab.page.get_by_role("button", name="Fix all safe").click()
    lab.expect_rows("DEP001")
    assert [lab.source(2), lab.source(3)] == ["y.safe_load(text)", "%pip install scikit-learn"]


def test_pins_are_those_of_the_kernel(lab: Lab) -> None:
    """Loading the extension tells the panel which packages the kernel has."""
    cells = [code("%load_ext llmsec_nb"), code("%pip install msgspec")]
    write(lab.server.root / "pins.ipynb", *cells)
    lab.open("pins.ipynb")
    lab.show_panel()
    lab.expect_rows("DEP001")
    lab.rows().first.click()
    pin = lab.page.locator(".llmsec-detail").get_by_role("button", name=re.compile("^Pin"))
    expect(pin).to_have_count(0)
    lab.run(0)
    expect(pin).to_have_count(1)
    pin.click()
    lab.expect_rows()
    assert lab.source(1) == f"%pip install msgspec=={version('msgspec')}"


def test_a_suppression_of_code(lab: Lab) -> None:
    """Ignored here, with the reason in the cell."""
    shown(lab, ALIAS, CALL)
    lab.rows().first.click()
    lab.page.get_by_role("button", name="Ignore here…").click()
    lab.page.locator(".jp-Dialog input").fill("my own file")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")
    assert "# llmsec: ignore[COD002] my own file" in lab.source(2)
    expect(lab.page.locator(".llmsec-footer")).to_contain_text("1 suppressed")


def test_a_cell_that_does_not_parse_is_news_once_it_is_left(lab: Lab) -> None:
    """While people type in it, it is no news; nor does it hide what another cell does."""
    shown(lab, ALIAS, CALL)
    lab.expect_rows("COD002")
    lab.type_into(1, "\ndef half(")
    lab.page.wait_for_timeout(1500)
    expect(lab.page.locator(".llmsec-problems")).to_have_count(0)
    lab.expect_rows("COD002")
    lab.page.keyboard.press("Escape")
    problems = lab.page.locator(".llmsec-problems li")
    expect(problems).to_contain_text(["Cell 2: line 2: not valid Python"])
    expect(lab.page.locator(".llmsec-status")).to_contain_text("⚠")


def test_cells_that_are_moved(lab: Lab) -> None:
    """A name that is bound below the call is not the one that is called."""
    shown(lab, ALIAS, CALL)
    lab.expect_rows("COD002")
    lab.evaluate("model.sharedModel.moveCell(2, 1)")
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in labextension)")
@pytest.mark.parametrize("theme", THEMES[::2])
def test_axe_finds_no_violation_in_findings_of_code(lab: Lab, theme: str) -> None:
    lab.server.set("apputils-extension/themes", {"theme": theme})
    try:
        shown(lab, ALIAS, CALL, "!pip install sklearn")
        lab.rows().first.click()
        lab.page.locator(".llmsec-detail").wait_for()
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        assert violations(lab, ".llmsec-Panel") == []
    finally:
        lab.server.set("apputils-extension/themes", {"theme": THEMES[0]})
