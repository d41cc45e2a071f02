"""A hostile notebook runs nothing and deceives nobody; every state is accessible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.samples import Maker

from .jupyter import Lab, code, markdown, stream, write

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop
AXE = Path(__file__).parents[2] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
ATTACK = "<img src=x onerror=window.attacked=1><script>window.attacked=1</script>"


def secret(seed: int) -> str:
    return Maker(seed).token("SEC103")


def test_a_hostile_notebook_runs_nothing(lab: Lab) -> None:
    token = secret(1)
    mime = "text/<img src=x onerror=window.attacked=1>"
    bundle: dict[str, Any] = {
        "output_type": "display_data",
        "metadata": {ATTACK: token},
        "data": {"text/plain": f"{ATTACK} {token}", mime: f"{token}"},
    }
    cells = [
        code(f"x = '{ATTACK}'\nt = '{token}'  # {ATTACK}"),
        code(f"# llmsec: ignore[{ATTACK}] {ATTACK}\nx = 1", stream(f"{ATTACK} {token}\n"), bundle),
        markdown(f"`{token}` `{ATTACK}`"),
        code(f"t = '{secret(2)}'  # llmsec: ignore[SEC103] {ATTACK}"),
        code("user = 'x\u202e<b>y\u202c'"),
    ]
    cells[0]["metadata"] = {"tags": [ATTACK, f"llmsec: ignore[{ATTACK}]"], ATTACK: token}
    cells[0]["id"] = "img-onerror"
    name = "<img src=x onerror=window.attacked=1>.ipynb"
    metadata: dict[str, Any] = {ATTACK: token}
    write(lab.server.root / name, *cells, **metadata)
    lab.server.configure(showSuppressed=True)
    lab.open(name.replace("<", "%3C").replace(">", "%3E"))
    panel = lab.show_panel()
    expect(lab.rows()).not_to_have_count(0)
    for index in range(lab.rows().count()):
        lab.rows().nth(index).click()
        expect(lab.page.locator(".llmsec-detail")).to_be_visible()
    lab.marks(0).first.hover()
    lab.page.locator(".llmsec-tooltip").wait_for()
    for place in (
        panel,
        lab.page.locator(".llmsec-tooltip"),
        lab.page.locator(".llmsec-OutputBadge"),
    ):
        assert place.first.locator("img, script, iframe, b[onclick]").count() == 0
    assert lab.page.evaluate("window.attacked") is None
    assert token not in panel.inner_html()
    assert secret(2) not in panel.inner_html()
    assert "\u202e" not in panel.inner_html()


def test_nothing_of_the_document_is_kept_in_the_browser(lab: Lab) -> None:
    token = secret(3)
    write(lab.server.root / "storage.ipynb", code(f"t = '{token}'"))
    lab.open("storage.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103")
    stored = lab.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert token not in stored
    assert not [m for m in lab.messages if token in m]


HOSTILE_KERNEL = """from llmsec_nb.magics import _loaded
comm = next(iter(_loaded.values()))[0].link._comm
place = dict(type='metadata', line=0, column=0, end_line=0, end_column=0, cell_id='victim')
evil = dict(start=0, end=0, replacement='import evil ')
good = dict(rule='<b>R</b>', name='<img src=x onerror=window.attacked=1>', family='model',
    severity='high', confidence='high', message='<script>window.attacked=1</script>',
    location=place, evidence=dict(masked='m', digest='d'), fingerprint='f',
    fixes=[dict(kind='mask', description='d', edits=[evil], safe=True, pointer='/cells/1/source')])
bad = [dict(good, evidence=None), dict(good, location=None), dict(good, family='__proto__'),
    dict(good, message={'a': 1}), None, 7, 'x', []]
for push in (None, 7, [], {}, dict(source='a', report=None), dict(source='b', report=dict(findings=7))):
    comm.send(dict(push=push))
comm.send(dict(push=dict(source='c', report=dict(findings=[*bad, good]), cells=7)))
comm.send({'id': '__proto__', 'reply': {'cells': 7}})"""


def test_a_hostile_kernel_is_not_believed(lab: Lab) -> None:
    write(
        lab.server.root / "kernel.ipynb",
        code("%load_ext llmsec_nb"),
        code("x = 1", cell_id="victim"),
        code(HOSTILE_KERNEL),
    )
    lab.open("kernel.ipynb")
    panel = lab.show_panel()
    lab.run(0)
    lab.run(2)
    lab.expect_rows("<b>R</b>")
    lab.rows().first.click()
    expect(lab.page.locator(".llmsec-detail")).to_contain_text("<script>")
    assert panel.locator("img, script").count() == 0
    expect(lab.page.get_by_role("button", name="Fix all safe")).to_be_disabled()
    lab.type_into(1, "\ny = 2")
    lab.expect_rows("<b>R</b>")
    assert lab.page.evaluate("window.attacked") is None
    assert not [m for m in lab.messages if m.startswith("pageerror") and "llmsec" in m]


def violations(lab: Lab, selector: str) -> list[str]:
    if not lab.page.evaluate("window.axe !== undefined"):
        lab.page.add_script_tag(path=str(AXE))
    found = lab.page.evaluate(
        "async selector => (await axe.run(selector)).violations.map("
        "v => `${v.id}: ${v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')}`)",
        selector,
    )
    return list(found)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in labextension)")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_violation(lab: Lab, theme: str) -> None:
    token = secret(4)
    lab.server.set("apputils-extension/themes", {"theme": theme})
    try:
        write(
            lab.server.root / "axe" / "axe.ipynb",
            code(f"t = '{token}'\nuser = 'x\u202e'"),
            code("print(1)", stream(f"{token}\n")),
            code(f"t = '{secret(5)}'  # llmsec: ignore[SEC103] known"),
        )
        (lab.server.root / "axe" / "llmsec.toml").write_text("no-such-key = 1\n")
        lab.server.configure(showSuppressed=True)
        lab.open("axe/axe.ipynb")
        lab.show_panel()
        expect(lab.rows()).to_have_count(4)
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        lab.rows().first.click()
        lab.page.locator(".llmsec-detail details").click()
        assert violations(lab, ".llmsec-Panel") == []
        assert violations(lab, ".llmsec-OutputBadge") == []
        assert violations(lab, ".llmsec-StatusItem") == []
        lab.page.get_by_label("Filter by text").fill("nothing has this")
        assert violations(lab, ".llmsec-Panel") == []
    finally:
        lab.server.set("apputils-extension/themes", {"theme": THEMES[0]})


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in labextension)")
def test_axe_finds_no_violation_in_empty_states(lab: Lab) -> None:
    write(lab.server.root / "clean.ipynb", code("x = 1"))
    lab.open("clean.ipynb")
    lab.show_panel()
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")
    assert violations(lab, ".llmsec-Panel") == []
    lab.command("application:close-all")
    lab.page.locator(".jp-Dialog").get_by_role("button", name="Discard").click()
    expect(lab.page.locator(".llmsec-empty")).to_have_text("Open a notebook to see its findings.")
    assert violations(lab, ".llmsec-Panel") == []
