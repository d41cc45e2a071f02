"""The panel in JupyterLab, as people use it."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.samples import Maker

from .jupyter import Lab, code, markdown, stream, write

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop
PLACE = re.compile(r"cell \d+, .*")


def secret(seed: int, rule: str = "SEC103") -> str:
    return Maker(seed).token(rule)


def printing(token: str) -> str:
    """Code that prints a token and does not hold it."""
    return f"print('{token[::-1]}'[::-1])"


def test_type_a_key_fix_it_and_undo(lab: Lab) -> None:
    token = secret(1)
    write(lab.server.root / "type.ipynb", code("import os"), code("x = 1"))
    lab.open("type.ipynb")
    lab.show_panel()
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")
    lab.type_into(1, f"\ng = Github('{token}')")
    expect(lab.marks(1)).to_have_text([token])
    lab.expect_rows("SEC103")
    row = lab.rows().first
    expect(row).to_contain_text(f"{token[:4]}***")
    expect(row).to_contain_text("cell 2, line 2")
    expect(lab.page.locator(".llmsec-status")).to_have_attribute(
        "aria-label", "Notebook security: 1 critical"
    )
    row.click()
    lab.page.get_by_role("button", name='Read it from os.environ["GITHUB_TOKEN"]').click()
    expect(lab.rows()).to_have_count(0)
    expect(lab.marks(1)).to_have_count(0)
    assert token not in lab.source(1)
    assert 'Github(os.environ["GITHUB_TOKEN"])' in lab.source(1)
    lab.cell(1).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.marks(1)).to_have_text([token])
    assert lab.source(1) == f"x = 1\ng = Github('{token}')"
    lab.expect_rows("SEC103")


def test_paste_and_undo(lab: Lab) -> None:
    token = secret(2)
    write(lab.server.root / "paste.ipynb", code("x = 1"))
    lab.open("paste.ipynb")
    lab.show_panel()
    lab.type_into(0, f"\nt = '{token}'")
    lab.expect_rows("SEC103")
    lab.page.keyboard.press("Control+z")
    expect(lab.rows()).to_have_count(0)
    expect(lab.marks(0)).to_have_count(0)


def test_tooltip_says_what_why_and_how(lab: Lab) -> None:
    write(lab.server.root / "tip.ipynb", code(f"😀 = 1\nt = '😀', '{secret(3)}'"))
    lab.open("tip.ipynb")
    expect(lab.marks(0)).to_have_text([secret(3)])
    lab.marks(0).first.hover()
    tip = lab.page.locator(".llmsec-tooltip")
    tip.wait_for()
    expect(tip).to_contain_text("Critical")
    expect(tip).to_contain_text(f"{secret(3)[:4]}***")
    expect(tip).to_contain_text("Fix: Revoke it at")
    assert secret(3) not in tip.inner_text()
    buttons = lab.page.locator(".cm-tooltip .cm-diagnosticAction")
    assert "Ignore here…" in buttons.all_inner_texts()
    tip.locator("a.llmsec-explain").click()
    detail = lab.page.locator(".llmsec-detail")
    expect(detail).to_contain_text("SEC103 github-token")
    expect(detail).to_contain_text("CWE-798")


def test_an_output_leaks_and_is_masked(lab: Lab) -> None:
    token = secret(4)
    write(lab.server.root / "output.ipynb", code(printing(token)), code("y = 2"))
    lab.open("output.ipynb")
    lab.show_panel()
    lab.run(0)
    lab.expect_rows("SEC103")
    badge = lab.cell(0).locator(".llmsec-OutputBadge")
    expect(badge).to_contain_text("1 finding in this output: github-token")
    expect(lab.cell(0).locator(".jp-OutputArea")).to_contain_text(token)
    badge.get_by_role("button", name="Mask in document").click()
    expect(lab.cell(0).locator(".jp-OutputArea")).not_to_contain_text(token)
    expect(lab.cell(0).locator(".jp-OutputArea")).to_contain_text("***")
    expect(lab.rows()).to_have_count(0)
    expect(badge).to_have_count(0)
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.cell(0).locator(".jp-OutputArea")).to_contain_text(token)
    lab.expect_rows("SEC103")


def test_a_thousand_cells(lab: Lab) -> None:
    token = secret(5)
    cells = [
        code(f"# cell {i}\n" + "\n".join(f"x{j} = {i} + {j}" for j in range(16)))
        for i in range(1000)
    ]
    for index in (10, 500, 990):
        cells[index]["source"] += f"\nt = '{token}'"
    write(lab.server.root / "large.ipynb", *cells, kernel=False)
    lab.open("large.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(3)
    for row, index in ((2, 990), (0, 10), (1, 500)):
        lab.rows().nth(row).click()
        expect(lab.marks(index)).to_have_text([token])
        expect(lab.marks(index)).to_be_in_viewport()
        assert lab.evaluate("panel.content.activeCellIndex") == index
        chosen = "panel.content.activeCell.editor.getSelection()"
        assert lab.evaluate(f"{chosen}.start.line") == 17
        assert lab.evaluate(f"{chosen}.start.column") == 5
        assert lab.evaluate(f"{chosen}.end.column") == 5 + len(token)
    order = lab.evaluate(
        "[...panel.content.node.querySelectorAll('.jp-Cell')]"
        ".map(n => Number(n.dataset.windowedListIndex))"
    )
    assert order == sorted(order)


def test_restart_and_kernel_findings(lab: Lab) -> None:
    """What the kernel pushes stays with its cell until the kernel is gone."""
    token = secret(6)
    write(
        lab.server.root / "restart.ipynb",
        code("%load_ext llmsec_nb\n%llmsec on"),
        code(printing(token)),
    )
    lab.open("restart.ipynb")
    lab.show_panel()
    lab.run(0)
    expect(lab.cell(0).locator(".jp-OutputArea")).to_contain_text("llmsec: on")
    lab.run(1)
    lab.expect_rows("SEC103")  # found by the server and by the kernel, shown once
    lab.command("kernelmenu:restart")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    lab.page.wait_for_timeout(1500)
    lab.expect_rows("SEC103")
    lab.type_into(1, f"\nt = '{secret(60)}'")
    lab.expect_rows("SEC103", "SEC103")


def test_what_only_the_kernel_knows_attaches_to_its_cell(lab: Lab) -> None:
    """A runtime event, pushed by the kernel: it stays while its cell is edited, until a restart."""
    push = """from llmsec_nb.core.evidence import Evidence
from llmsec_nb.core.finding import Finding, Report
from llmsec_nb.core.location import InMetadata
from llmsec_nb.magics import _loaded
where = InMetadata(line=0, column=0, end_line=0, end_column=0, cell_id='loads', pointer='/run')
found = Finding(rule='RUN001', name='runtime-event', family='model', severity='high',
    confidence='high', message='A model file ran code', location=where,
    evidence=Evidence('model.pkl', 'd'), fingerprint='runtime')
next(iter(_loaded.values()))[0].link.push('runtime', Report(findings=(found,)))"""
    write(
        lab.server.root / "runtime.ipynb",
        code("%load_ext llmsec_nb"),
        code("model = 1", cell_id="loads"),
        code(push),
    )
    lab.open("runtime.ipynb")
    lab.show_panel()
    lab.run(0)
    lab.run(2)
    lab.expect_rows("RUN001")
    expect(lab.rows().first).to_contain_text("cell 2, metadata, from the kernel")
    lab.reload()  # the front end finds the comm again, and the kernel says it again
    lab.expect_rows("RUN001")
    lab.type_into(1, "\ny = 2")
    lab.expect_rows("RUN001")
    lab.command("kernelmenu:restart")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lab.rows()).to_have_count(0)


def test_undo_of_a_mask(lab: Lab) -> None:
    """Several outputs, two of them of one stream: all that was there comes back, as it was."""
    token = secret(30)
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": f"b {token}"}}
    outputs = [stream(f"a {token}\n"), shown, stream(f"c {token}\n")]
    write(lab.server.root / "masks.ipynb", code("show()", *outputs), kernel=False)
    lab.open("masks.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(3)
    area = lab.cell(0).locator(".jp-OutputArea-output")
    press = lab.page.keyboard.press
    for _ in range(2):
        lab.cell(0).get_by_role("button", name="Mask in document").click()
        expect(area).to_have_text(["a ***", "b ***", "c ***"])
        expect(lab.rows()).to_have_count(0)
        assert token not in json.dumps(lab.evaluate("model.toJSON()"))
        lab.cell(0).locator(".cm-content").click()
        press("Control+z")
        expect(area).to_have_text([f"a {token}", f"b {token}", f"c {token}"])
        expect(lab.rows()).to_have_count(3)
        press("Control+Shift+z")  # does nothing
        lab.page.wait_for_timeout(300)
        expect(area).to_have_text([f"a {token}", f"b {token}", f"c {token}"])
        outputs_now = lab.evaluate("model.cells.get(0).sharedModel.getOutputs()")
        assert ["".join(o.get("text", o.get("data", {}).get("text/plain"))) for o in outputs_now] == [
            f"a {token}\n", f"b {token}", f"c {token}\n",
        ]  # fmt: skip


def test_outputs_that_jupyterlab_shows_otherwise_are_masked(lab: Lab) -> None:
    """Progress bars, and one stream in two pieces: what is judged and mended is the document."""
    token = secret(31)
    bar = "".join(f"\r{percent}%|{'#' * percent}" for percent in range(0, 30, 5))
    write(
        lab.server.root / "bar.ipynb",
        code("bar()", stream(f"{bar}\nlogin {token} ok, done\n")),
        code("two()", stream("first\n"), stream(f"second {token} x\n")),
        kernel=False,
    )
    lab.open("bar.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(2)
    for index, ending in ((0, "login *** ok, done\n"), (1, "second *** x\n")):
        lab.cell(index).get_by_role("button", name="Mask in document").click()
        expect(lab.cell(index).locator(".llmsec-OutputBadge")).to_have_count(0)
        outputs = lab.evaluate("model.toJSON().cells[i].outputs", index)
        text = "".join("".join(output["text"]) for output in outputs)
        assert text.endswith(ending)
        assert text.count("***") == 1
        assert token not in text
    expect(lab.rows()).to_have_count(0)
    lab.cell(1).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.cell(1).locator(".jp-OutputArea")).to_have_text(f"first\nsecond {token} x")
    outputs = lab.evaluate("model.toJSON().cells[1].outputs")
    assert "".join("".join(o["text"]) for o in outputs) == f"first\nsecond {token} x\n"


def test_carriage_returns_in_a_source(lab: Lab) -> None:
    """JupyterLab's editor has other offsets than the document: marks are right, edits are refused."""
    token = secret(32)
    source = f"x = 1\r\ny = 2\r\nt = '{token}'\r\n"
    write(lab.server.root / "crlf.ipynb", code(source), kernel=False)
    lab.open("crlf.ipynb")
    lab.show_panel()
    expect(lab.marks(0)).to_have_text([token])
    lab.rows().first.click()
    lab.page.get_by_role("button", name="Read it from").click()
    expect(lab.page.locator(".Toastify__toast")).to_contain_text("could not be applied")
    assert lab.source(0) == source


def test_a_locked_cell_stays_as_it_is(lab: Lab) -> None:
    cell = code(f"t = 1  # {secret(33)}")
    cell["metadata"] = {"editable": False}
    write(lab.server.root / "locked.ipynb", cell, kernel=False)
    lab.open("locked.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103")
    lab.page.get_by_role("button", name="Fix all safe").click()
    expect(lab.page.locator(".Toastify__toast").first).to_contain_text("could not be applied")
    assert secret(33) in lab.source(0)


def test_a_stream_is_judged_while_it_grows(lab: Lab) -> None:
    token = secret(34)
    late = f"import time\nprint('start')\ntime.sleep(1)\n{printing(token)}\ntime.sleep(60)"
    write(lab.server.root / "grows.ipynb", code(late))
    lab.open("grows.ipynb")
    lab.show_panel()
    lab.run(0, wait=False)
    lab.expect_rows("SEC103")
    expect(lab.cell(0).locator(".jp-InputPrompt")).to_have_text("[*]:")


def test_reload(lab: Lab) -> None:
    write(lab.server.root / "reload.ipynb", code("x = 1"))
    lab.open("reload.ipynb")
    lab.show_panel()
    lab.type_into(0, f"\nt = '{secret(7)}'")
    lab.expect_rows("SEC103")
    lab.command("docmanager:save")
    lab.reload()
    expect(lab.page.locator(".llmsec-Panel")).to_be_visible()  # the layout is restored
    lab.expect_rows("SEC103")


def test_two_notebooks_with_the_same_ids(lab: Lab) -> None:
    for name, seed in (("one", 8), ("two", 9)):
        cell = code(f"t = '{secret(seed)}'", cell_id="same")
        write(lab.server.root / f"{name}.ipynb", cell, code("y = 1", cell_id="other"))
    lab.open("one.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103")
    lab.command("docmanager:open", path="two.ipynb")
    expect(lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .llmsec-mark")).to_have_text(
        [secret(9)]
    )
    lab.expect_rows("SEC103")
    active = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    active.locator(".cm-content").first.click()
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.insert_text("t = 1")
    expect(lab.rows()).to_have_count(0)
    lab.command("docmanager:open", path="one.ipynb")
    lab.expect_rows("SEC103")
    expect(lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .llmsec-mark")).to_have_text(
        [secret(8)]
    )


def test_the_kernel_is_busy(lab: Lab) -> None:
    write(lab.server.root / "busy.ipynb", code("import time\ntime.sleep(60)"), code("x = 1"))
    lab.open("busy.ipynb")
    lab.show_panel()
    lab.run(0, wait=False)
    expect(lab.cell(0).locator(".jp-InputPrompt")).to_have_text("[*]:")
    lab.type_into(1, f"\nt = '{secret(10)}'")
    lab.expect_rows("SEC103")
    expect(lab.marks(1)).to_have_text([secret(10)])
    expect(lab.cell(0).locator(".jp-InputPrompt")).to_have_text("[*]:")


def test_no_kernel(lab: Lab) -> None:
    write(lab.server.root / "none.ipynb", code("x = 1"), kernel=False)
    lab.server.set("notebook-extension/tracker", {"autoStartDefaultKernel": False})
    try:
        lab.open("none.ipynb")
        lab.page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
        lab.show_panel()
        lab.type_into(0, f"\nt = '{secret(11)}'")
        lab.expect_rows("SEC103")
        assert lab.server.get("api/kernels") == []
    finally:
        lab.server.set("notebook-extension/tracker", {"autoStartDefaultKernel": True})


def test_markdown_and_metadata(lab: Lab) -> None:
    cell = markdown(f"# Notes\nkey {secret(12)}")
    cell["attachments"] = {"a.txt": {"text/plain": secret(13)}}
    write(lab.server.root / "md.ipynb", cell, code("x = 1"), deep={"token": secret(14)})
    lab.open("md.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103", "SEC103", "SEC103")
    places = lab.rows().locator(".llmsec-where").all_inner_texts()
    assert places == ["metadata", "cell 1, line 2", "cell 1, attachment"]
    lab.rows().nth(1).click()
    expect(lab.marks(0)).to_have_text([secret(12)])
    lab.page.get_by_role("button", name="Fix all safe").click()
    expect(lab.rows()).to_have_count(0)
    whole = json.dumps(lab.evaluate("model.toJSON()"))
    for seed in (12, 13, 14):
        assert secret(seed) not in whole
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    expect(lab.rows()).to_have_count(2)  # source and attachment; JupyterLab's undo knows no more
    lab.page.locator(".Toastify__toast").get_by_role("button", name="Undo").click()
    expect(lab.rows()).to_have_count(3)


def test_ignore_here_with_a_reason(lab: Lab) -> None:
    write(lab.server.root / "ignore.ipynb", code(f"t = '{secret(15)}'"))
    lab.open("ignore.ipynb")
    lab.show_panel()
    lab.rows().first.focus()
    lab.page.keyboard.press("Delete")
    lab.page.locator(".jp-Dialog input").fill("a fake --> of\nthe tests")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lab.rows()).to_have_count(0)
    assert lab.source(0) == f"t = '{secret(15)}'  # llmsec: ignore[SEC103] a fake - of the tests"
    expect(lab.page.locator(".llmsec-footer")).to_contain_text("1 suppressed")
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("Control+z")
    lab.expect_rows("SEC103")


def test_ignore_the_rule_in_the_project_and_undo(lab: Lab) -> None:
    write(lab.server.root / "project" / "rule.ipynb", code(f"t = '{secret(16)}'"))
    (lab.server.root / "project" / "llmsec.toml").write_text('fail-on = "high"  # kept\n')
    lab.open("project/rule.ipynb")
    lab.show_panel()
    lab.rows().first.click()
    lab.page.get_by_role("button", name="Ignore rule in project…").click()
    lab.page.locator(".jp-Dialog input").fill("fakes only")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lab.rows()).to_have_count(0)
    text = (lab.server.root / "project" / "llmsec.toml").read_text()
    assert 'fail-on = "high"  # kept\n' in text
    assert "SEC103" in text
    lab.page.get_by_role("button", name="Undo").click()
    lab.expect_rows("SEC103")
    text = (lab.server.root / "project" / "llmsec.toml").read_text()
    assert text == 'fail-on = "high"  # kept\n'


def test_keyboard(lab: Lab) -> None:
    write(
        lab.server.root / "keys.ipynb",
        code(f"a = '{secret(17)}'"),
        code("x = 1"),
        code(f"b = '{secret(18)}'"),
        code("user = 'x\u202e'"),
    )
    lab.open("keys.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(3)
    lab.page.locator(".llmsec-group").first.focus()
    press = lab.page.keyboard.press
    focused = lab.page.locator(".llmsec-tree :focus")
    press("ArrowDown")
    expect(focused).to_contain_text("cell 1")
    press("ArrowDown")
    expect(focused).to_contain_text("cell 3")
    press("ArrowDown")
    press("ArrowDown")
    expect(focused).to_contain_text("UNI101")
    press("Home")
    press("ArrowLeft")
    expect(lab.rows()).to_have_count(1)
    press("ArrowRight")
    expect(lab.rows()).to_have_count(3)
    press("ArrowDown")
    press("ArrowDown")
    press("Enter")
    expect(lab.cell(2).locator(".cm-editor")).to_have_class(re.compile("cm-focused"))
    assert lab.evaluate("panel.content.activeCellIndex") == 2
    press("Alt+F8")
    press("Alt+F8")
    lab.page.wait_for_function("() => document.activeElement.closest('.jp-Cell') !== null")


def test_filter(lab: Lab) -> None:
    write(lab.server.root / "filter.ipynb", code(f"a = '{secret(19)}'"), code("user = 'x\u202e'"))
    lab.open("filter.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(2)
    lab.page.get_by_label("Filter by text").fill("github tok")
    lab.expect_rows("SEC103")
    lab.page.get_by_label("Filter by text").fill("")
    lab.page.get_by_role("button", name="High 1").click()
    lab.expect_rows("UNI101")
    lab.page.get_by_role("button", name="High 1").click()
    lab.page.get_by_label("Filter by family").select_option("secret")
    lab.expect_rows("SEC103")


def test_settings_apply_at_once(lab: Lab) -> None:
    write(lab.server.root / "settings.ipynb", code(f"a = '{secret(20)}'\nuser = 'x\u202e'"))
    lab.open("settings.ipynb")
    lab.show_panel()
    expect(lab.rows()).to_have_count(2)
    expect(lab.marks(0)).to_have_count(2)

    lab.command("settingeditor:open", query="Notebook security")
    editor = lab.page.locator(".jp-SettingsEditor, #setting-editor")
    editor.get_by_label("Marks in editors").uncheck()
    lab.command("docmanager:open", path="settings.ipynb")
    expect(lab.marks(0)).to_have_count(0)
    expect(lab.rows()).to_have_count(2)
    lab.command("settingeditor:open", query="Notebook security")
    editor.get_by_label("Marks in editors").check()
    lab.command("docmanager:open", path="settings.ipynb")
    expect(lab.marks(0)).to_have_count(2)


def test_severities_that_are_not_wanted_are_not_shown(lab: Lab) -> None:
    lab.server.configure(severities=["critical"])
    write(lab.server.root / "levels.ipynb", code(f"a = '{secret(20)}'\nuser = 'x\u202e'"))
    lab.open("levels.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103")
    expect(lab.marks(0)).to_have_count(1)


def test_saving_with_critical_findings_is_noticed(lab: Lab) -> None:
    write(lab.server.root / "save.ipynb", code("x = 1"))
    lab.open("save.ipynb")
    lab.type_into(0, f"\na = '{secret(21)}'")
    expect(lab.marks(0)).to_have_count(1)
    lab.command("docmanager:save")
    toast = lab.page.locator(".Toastify__toast")
    expect(toast).to_contain_text("1 critical finding is still in the document: github-token")
    assert secret(21) in (lab.server.root / "save.ipynb").read_text()


def test_saving_asks_first_if_it_should(lab: Lab) -> None:
    lab.server.configure(beforeLeaving="ask")
    write(lab.server.root / "ask.ipynb", code("x = 1"))
    lab.open("ask.ipynb")
    lab.type_into(0, f"\na = '{secret(22)}'")
    expect(lab.marks(0)).to_have_count(1)
    lab.page.keyboard.press("Control+s")
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text("1 critical finding is still in this document.")
    dialog.locator(".jp-mod-reject").click()
    lab.page.wait_for_timeout(500)
    assert secret(22) not in (lab.server.root / "ask.ipynb").read_text()
    lab.page.keyboard.press("Control+s")
    dialog.get_by_role("button", name="Go on all the same").click()
    expect(dialog).to_have_count(0)
    for _ in range(50):
        if secret(22) in (lab.server.root / "ask.ipynb").read_text():
            return
        lab.page.wait_for_timeout(100)
    raise AssertionError("not saved")


def test_downloading_with_critical_findings_is_noticed(lab: Lab) -> None:
    write(lab.server.root / "download.ipynb", code(f"a = '{secret(26)}'"))
    lab.open("download.ipynb")
    expect(lab.marks(0)).to_have_count(1)
    lab.command("docmanager:download")
    expect(lab.page.locator(".Toastify__toast")).to_contain_text(
        "1 critical finding is still in the document: github-token"
    )


def test_export(lab: Lab) -> None:
    write(lab.server.root / "export.ipynb", code(f"a = '{secret(23)}'"))
    lab.open("export.ipynb")
    lab.show_panel()
    lab.expect_rows("SEC103")
    with lab.page.expect_download() as download:
        lab.command("llmsec-nb:export-report", format="json")
    assert download.value.suggested_filename == "export.llmsec.json"
    text = download.value.path().read_text()
    assert [f["rule"] for f in json.loads(text)["findings"]] == ["SEC103"]
    assert secret(23) not in text


def test_nobody_can_scan(lab: Lab) -> None:
    """As in JupyterLite: the panel says so, once, and asks no more; a kernel can still help."""
    asked: list[str] = []

    def refuse(route: object) -> None:
        asked.append(route.request.url)  # type: ignore[attr-defined]
        route.fulfill(status=404, body="no")  # type: ignore[attr-defined]

    lab.page.route("**/llmsec-nb/api/**", refuse)
    write(lab.server.root / "lite.ipynb", code("%load_ext llmsec_nb"), code(f"a = '{secret(24)}'"))
    lab.open("lite.ipynb")
    lab.show_panel()
    problems = lab.page.locator(".llmsec-problems")
    expect(problems).to_contain_text("The server has no llmsec-nb")
    count = len(asked)
    assert 1 <= count <= 2
    lab.type_into(1, "\nx = 1")
    lab.page.wait_for_timeout(1000)
    assert len(asked) == count
    lab.run(0)
    lab.expect_rows("SEC103")
    expect(problems).to_have_count(0)
    expect(lab.page.locator(".llmsec-footer")).to_contain_text("by the kernel")


def test_the_server_fails_and_comes_back(lab: Lab) -> None:
    down = True

    def answer(route: object) -> None:
        if down:
            route.fulfill(status=500, body='{"message": "no"}')  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    lab.page.route("**/llmsec-nb/api/scan*", answer)
    write(lab.server.root / "down.ipynb", code(f"a = '{secret(25)}'"))
    lab.open("down.ipynb")
    lab.show_panel()
    problems = lab.page.locator(".llmsec-problems")
    expect(problems).to_contain_text("The scanner did not answer and is asked again: no")
    expect(lab.page.locator(".llmsec-status")).to_have_class(re.compile("llmsec-amber"))
    down = False
    lab.expect_rows("SEC103")
    expect(problems).to_have_count(0)


def test_what_could_not_be_scanned_is_amber(lab: Lab) -> None:
    write(lab.server.root / "odd" / "odd.ipynb", code("x = 1"), stream_cell(stream("fine")))
    (lab.server.root / "odd" / "llmsec.toml").write_text("no-such-key = 1\n")
    lab.open("odd/odd.ipynb")
    lab.show_panel()
    problems = lab.page.locator(".llmsec-problems")
    expect(problems).to_contain_text('unknown key "no-such-key"')
    expect(lab.page.locator(".llmsec-summary")).to_have_text(
        "No findings in what could be scanned."
    )


def stream_cell(*outputs: dict[str, object]) -> dict[str, object]:
    return code("print('fine')", *outputs)
