"""What the kernel says of a data frame, in the panel."""

from __future__ import annotations

import contextlib
import re

import pytest
from playwright.sync_api import Locator, expect

from .jupyter import Lab, code, write
from .test_safety import AXE, THEMES, violations

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop
SAYING = """from llmsec_nb.core.evidence import Evidence
from llmsec_nb.core.finding import Failure, Finding, Report
from llmsec_nb.core.location import InColumn
from llmsec_nb.core.rule import Confidence, Severity
from llmsec_nb.core.table import Also, ColumnReport, Risk, TableReport, Trait
from llmsec_nb.magics import _loaded

def column(path, rule='', severity=None, confidence=None, share=0.0, **more):
    more = {'form': 'text', 'rows': 1000, 'nulls': 0, 'distinct': 640} | more
    return ColumnReport(path=path, dtype='string', rule=rule, kind=rule and 'KIND_OF_' + rule,
        severity=severity, confidence=confidence, share=share, hits=round(share * 1000), **more)

def found(table, column):
    place = InColumn(line=0, column=0, end_line=0, end_column=0, path=table, column_name=column.path)
    return Finding(rule=column.rule, name='personal-data', family='pii', severity=column.severity,
        confidence=column.confidence, message='Personal data in a column', location=place,
        evidence=Evidence(column.masked[0], 'd'), fingerprint=f'{table}.{column.path}')

def say(source, name, columns, seen=1000, **more):
    problems = (Failure(path=name, message=f'INCOMPLETE: {seen:,} of 1,000 rows seen'),)
    table = TableReport(name=name, rows=1000, rows_seen=seen, complete=seen == 1000,
        columns=tuple(columns), problems=problems[seen == 1000:], **more)
    personal = [found(name, each) for each in columns if each.rule]
    report = Report(findings=tuple(personal), failures=table.problems, tables=(table,))
    next(iter(_loaded.values()))[0].link.push(source, report, executed=True)

phone = Also(kind='PHONE_NUMBER', rule='PII998', hits=31, confidence=Confidence.MEDIUM,
    severity=Severity.MEDIUM, country='DE', masked=('+49 ***',))
mail = column('email', 'PII999', Severity.LOW, Confidence.HIGH, 0.62, masked=('***@***.com', '***@***.org'))
card = column('payment.card_number', 'PII997', Severity.HIGH, Confidence.MEDIUM, 1.0, masked=('**** ***',),
    note='by name and form; the values do not pass its check', also=(phone,))
plain = [column(f'feature_{at}', form='number') for at in range(12)]
risk = Risk(traits=(Trait(path='zip', distinct=301, unique=0.04), Trait(path='age', distinct=73, unique=0.0),
    Trait(path='sex', distinct=2, unique=0.0)), rows=1000, classes=820, smallest=1, unique=0.41, below_five=0.93)
"""
FRAME = """import pandas
mails = ['person%d' % at + chr(64) + 'mail.org' if at % 3 else None for at in range(300)]
df = pandas.DataFrame({'email': mails, 'weight': [at / 7 for at in range(300)]})
"""


def opened(lab: Lab, name: str, *steps: str) -> Locator:
    """A notebook whose kernel can speak of tables; its cells say the steps."""
    told = [code(step) for step in steps]
    write(lab.server.root / name, code("%load_ext llmsec_nb"), code(SAYING), *told)
    lab.open(name)
    panel = lab.show_panel()
    begin(lab)
    lab.run(1)
    return panel


def begin(lab: Lab) -> None:
    """Run the first cell; on a busy machine the first press can be lost, so press again."""
    prompt = lab.cell(0).locator(".jp-InputPrompt")
    for _ in range(5):
        lab.run(0, wait=False)
        with contextlib.suppress(AssertionError):
            expect(prompt).to_have_text(re.compile(r"\[(\d+|\*)\]:"), timeout=5000)
            break
    expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))


def bars(lab: Lab) -> list[str]:
    found = lab.page.locator(".llmsec-frame [role=img]")
    return [str(found.nth(at).get_attribute("aria-label")) for at in range(found.count())]


def test_a_table_and_its_findings(lab: Lab) -> None:
    """Shown, gone to by the keyboard, replaced by newer word, gone with the kernel."""
    opened(
        lab,
        "table.ipynb",
        "say('data:df', 'df', [mail, *plain, card], risk=risk)",
        "say('data:df', 'df', [mail], seen=400)",
    )
    lab.run(2)
    lab.expect_rows("PII997", "PII999")
    names = lab.page.locator(".llmsec-frame tbody th")
    expect(names).to_have_text(["payment.card_number", "email"])
    assert bars(lab) == ["100 % of rows", "3.1 % of rows", "62 % of rows"]
    expect(lab.page.locator(".llmsec-risk")).to_contain_text(
        "3 columns together single out 41 % of rows; smallest group 1"
    )
    # There are no advisories here: that is all there is to tell.
    expect(lab.page.locator(".llmsec-problems li")).to_contain_text(["NOT AUDITED"])
    row = lab.rows().nth(1)
    expect(row.locator(".llmsec-where")).to_have_text("column `email` of `df`")
    row.focus()
    lab.page.keyboard.press("Enter")
    focused = lab.page.locator("tr:focus")
    expect(focused).to_contain_text("***@***.com")
    expect(focused).to_be_in_viewport()
    expect(lab.page.locator(".llmsec-place")).to_have_text("column `email` of `df`")
    fold = lab.page.get_by_role("button", name="12 columns without findings")
    fold.focus()
    lab.page.keyboard.press("Enter")
    expect(names).to_have_count(14)

    lab.run(3)
    lab.expect_rows("PII999")
    expect(names).to_have_text(["email"])
    expect(lab.page.locator(".llmsec-frame-head")).to_contain_text("400 of 1,000 rows INCOMPLETE")
    problems = lab.page.locator(".llmsec-problems")
    of_table = problems.locator("li").filter(has_not_text="NOT AUDITED")
    expect(of_table).to_have_text(["df: INCOMPLETE: 400 of 1,000 rows seen"])
    expect(lab.page.locator(".llmsec-status")).to_have_class(re.compile("llmsec-amber"))

    lab.command("kernelmenu:restart")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(lab.page.locator(".llmsec-tables")).to_have_count(0)
    expect(lab.rows()).to_have_count(0)
    expect(problems).to_have_count(0)


def test_a_data_frame_is_checked(lab: Lab) -> None:
    """From the magic to the row of its column; the values themselves never come."""
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    opened(lab, "frame.ipynb", FRAME, "%llmsec check df")
    lab.run(2)
    lab.run(3)
    head = lab.page.locator(".llmsec-frame-head")
    expect(head).to_have_text(re.compile(r"df 300 rows$"))
    mail = lab.page.locator('.llmsec-frame tr[data-column="email"]')
    expect(mail.locator("[role=img]")).to_have_attribute("aria-label", "100 % of values")
    expect(mail).to_contain_text("E-mail address")
    expect(mail).to_contain_text("200 of 200")
    row = lab.rows().filter(has_text="column `email` of `df`")
    expect(row).to_have_count(1)
    row.focus()
    lab.page.keyboard.press("Enter")
    expect(lab.page.locator("tr:focus")).to_contain_text("***@***.org")
    expect(lab.page.locator(".llmsec-detail")).to_contain_text("Why")
    assert "person" not in lab.page.locator(".llmsec-Panel").inner_html()


def test_a_table_in_a_narrow_sidebar(lab: Lab) -> None:
    """The panel does not grow: the table scrolls in its own place, names and bars in sight."""
    panel = opened(lab, "narrow.ipynb", "say('data:df', 'df', [mail, *plain, card], risk=risk)")
    lab.run(2)
    lab.page.evaluate("document.querySelector('#jp-right-stack').style.minWidth = '0'")
    narrow(lab, 300)
    place = lab.page.locator(".llmsec-frame-scroll")
    place.focus()
    room = lab.page.evaluate(
        "() => { const content = document.querySelector('.llmsec-content');"
        " const table = document.querySelector('.llmsec-frame-scroll');"
        " return [content.scrollWidth - content.clientWidth, table.scrollWidth > table.clientWidth] }"
    )
    assert room == [0, True]
    bar = lab.page.locator(".llmsec-bar").first.bounding_box()
    sides = panel.bounding_box()
    assert bar
    assert sides
    assert bar["width"] >= 40
    assert bar["x"] + bar["width"] <= sides["x"] + sides["width"]


def narrow(lab: Lab, width: int) -> None:
    """Drag the sidebar's handle until it is so wide."""
    for _ in range(3):
        box = lab.page.locator(".llmsec-Panel").bounding_box()
        assert box
        left = box["x"] - 2
        lab.page.mouse.move(left, 300)
        lab.page.mouse.down()
        lab.page.mouse.move(left + box["width"] - width, 300, steps=5)
        lab.page.mouse.up()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in labextension)")
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_no_violation_in_tables(lab: Lab, theme: str) -> None:
    lab.server.set("apputils-extension/themes", {"theme": theme})
    try:
        opened(lab, "axe-table.ipynb", "say('data:df', 'df', [mail, *plain, card], 400, risk=risk)")
        lab.run(2)
        lab.expect_rows("PII997", "PII999")
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        lab.rows().first.click()
        lab.page.get_by_role("button", name="12 columns without findings").click()
        expect(lab.page.locator(".llmsec-frame tbody th")).to_have_count(14)
        assert violations(lab, ".llmsec-Panel") == []
    finally:
        lab.server.set("apputils-extension/themes", {"theme": THEMES[0]})
