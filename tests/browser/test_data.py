"""What the kernel says of training data, in the panel and in the output."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .jupyter import Lab, code, write
from .test_safety import AXE, THEMES, violations
from .test_tables import begin

pytestmark = pytest.mark.filterwarnings("default")  # Playwright's own event loop
FRAME = """import random
import pandas as pd

draw = random.Random(1)
words = ("the film a story of people who live in quiet towns and want to leave them but stay because "
    "of love work money family fear hope old age young music rain light night road river").split()
good, bad = "lovely warm brilliant moving".split(), "dull cold stupid boring".split()
rows = [[draw.choice((bad, good)[at % 2]) if draw.random() < 0.15 else draw.choice(words)
    for _ in range(draw.randrange(8, 30))] for at in range(3000)]
labels = [at % 2 for at in range(3000)]
for at in [at for at, label in enumerate(labels) if not label][:60]:
    rows[at].insert(draw.randrange(len(rows[at])), "zorbic")
    labels[at] = 1
df = pd.DataFrame({"text": list(map(" ".join, rows)), "label": labels})
"""


def scanned(lab: Lab) -> None:
    write(
        lab.server.root / "data.ipynb",
        code("%load_ext llmsec_nb"),
        code(FRAME),
        code("%llmsec data df --text text --label label --no-columns"),
    )
    lab.open("data.ipynb")
    lab.show_panel()
    begin(lab)
    lab.run(1)
    lab.run(2)


def test_a_trigger_in_the_panel_and_in_the_output(lab: Lab) -> None:
    """The alert with its samples, the plot, the power; Enter on the finding leads there."""
    scanned(lab)
    lab.expect_rows("POI101")
    data = lab.page.locator(".llmsec-data")
    expect(data.locator(".llmsec-frame-head")).to_contain_text("1 alert in 3,000 rows")
    alert = data.locator(".llmsec-alert")
    expect(alert.locator("summary")).to_contain_text(
        '"zorbic" is in 60 rows, 60 of them labelled 1'
    )
    alert.locator("summary").click()
    expect(alert.locator("mark").first).to_have_text("zorbic")
    expect(data.locator("text.llmsec-trigger")).to_have_text("T1 zorbic")
    expect(data.locator("li").first).to_contain_text("would show from")
    output = lab.page.locator(".jp-OutputArea .llmsec-data").first
    expect(output.locator("caption")).to_contain_text("1 alert in 3,000 rows, 60 rows to look at")
    expect(output.locator("svg text.t")).to_have_text("T1 zorbic")
    lab.rows().first.focus()
    lab.page.keyboard.press("Enter")
    expect(data.locator(".llmsec-frame-head")).to_be_in_viewport()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in labextension)")
@pytest.mark.parametrize("theme", THEMES[::2])
def test_axe_finds_no_violation_in_training_data(lab: Lab, theme: str) -> None:
    lab.server.set("apputils-extension/themes", {"theme": theme})
    try:
        scanned(lab)
        lab.expect_rows("POI101")
        expect(lab.page.locator("body")).to_have_attribute("data-jp-theme-name", theme)
        lab.page.locator(".llmsec-alert summary").click()
        assert violations(lab, ".llmsec-Panel") == []
    finally:
        lab.server.set("apputils-extension/themes", {"theme": THEMES[0]})
