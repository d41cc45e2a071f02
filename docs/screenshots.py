"""Renew the pictures of the README: python docs/screenshots.py. The tokens in them are fakes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, expect, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from tests.browser.jupyter import Lab, Server, browser, code, markdown, stream, write  # noqa: E402  # as below
from tests.browser.test_data import FRAME as REVIEWS  # noqa: E402  # as below
from tests.browser.test_tables import begin  # noqa: E402  # all are found by the path above
from tests.samples import Maker  # noqa: E402  # as above

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = {"width": 1280, "height": 720}
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "contrast": "JupyterLab Dark High Contrast",
}


def cells(maker: Maker) -> list[dict[str, Any]]:
    """A notebook with a leak in a cell, in an output and in Markdown."""
    token = maker.token("SEC103")
    password = maker.password()
    return [
        markdown("# Churn by region"),
        code(f"import openai\n\nclient = openai.OpenAI(api_key='{maker.token('SEC108')}')"),
        code(f"engine = create_engine('postgresql://etl:{password}@db.corp/crm')"),
        code("print(headers)", stream(f"{{'Authorization': 'token {token}'}}\n")),
        code("if role != 'user\u202e \u2066# only admins\u2069 \u2066':\n    drop_tables()"),
        code("frame.groupby('region').churned.mean()"),
    ]


def program() -> list[dict[str, Any]]:
    """A notebook that runs what a model says, by names that go from cell to cell."""
    ask = "reply = client.chat.completions.create(model='gpt-4o', messages=asked)"
    return [
        markdown("# Answers to customers"),
        code("!pip install sklearn openai==1.3"),
        code(
            "import pickle\nfrom openai import OpenAI as Client\n\nclient = Client()\n"
            "model = pickle.load(open('ranker.pkl', 'rb'))"
        ),
        code(f"{ask}\nplan = reply.choices[0].message.content"),
        code("settings = {'steps': 3}"),
        code("exec(plan)\nimport os\nos.system(f'echo {plan}')"),
        code("import requests\nrequests.get(url, verify=False)"),
    ]


def followed(lab: Lab) -> None:
    """What was followed through the notebook, the worst of it in full."""
    lab.rows().first.click()
    lab.page.locator(".llmsec-detail").wait_for()


def findings(lab: Lab) -> None:
    """The panel with findings, and the selected one in full."""
    expect(lab.rows()).to_have_count(4)
    lab.rows().first.click()
    lab.page.locator(".llmsec-detail").wait_for()


def tooltip(lab: Lab) -> None:
    """The tooltip of a mark."""
    lab.marks(1).first.hover()
    lab.page.locator(".llmsec-tooltip").wait_for()


def clean(lab: Lab) -> None:
    """A notebook without findings."""
    expect(lab.page.locator(".llmsec-summary")).to_have_text("No findings.")


def amber(lab: Lab) -> None:
    """A notebook of which not everything could be scanned."""
    lab.page.locator(".llmsec-problems").wait_for()


def missing(lab: Lab) -> None:
    """A server without the extension."""
    expect(lab.page.locator(".llmsec-problems")).to_contain_text("The server has no llmsec-nb")


def notice(lab: Lab) -> None:
    """Saving a notebook with critical findings."""
    lab.command("docmanager:save")
    lab.page.locator(".Toastify__toast").wait_for()


FRAME = """import random
import pandas as pd

drawn, n = random.Random(4), 3000
pick = lambda *words: [drawn.choice(words) for _ in range(n)]
customers = pd.DataFrame({
    "mail": [f"{drawn.choice('abcdefgh')}{at}@posteo.net" for at in range(n)],
    "born": pd.Timestamp("1950-01-01") + pd.to_timedelta(drawn.choices(range(18_000), k=n), "D"),
    "zip": [f"{drawn.randrange(10000, 99999)}" for _ in range(n)],
    "note": ["as agreed" if at % 60 else f"ask b{at}@posteo.net" for at in range(n)],
    "plan": pick("basic", "plus"), "score": [drawn.random() for _ in range(n)],
})"""


def frame(lab: Lab) -> None:
    """A data frame judged: its table in the output and in the panel."""
    begin(lab)
    for number in (1, 2):
        lab.run(number)
    lab.page.locator(".llmsec-frame").wait_for()
    if lab.page.locator(".llmsec-table").count():
        lab.page.locator(".llmsec-table").first.scroll_into_view_if_needed()


def training(lab: Lab) -> None:
    """Training data scanned: the alert with its rows in the output and in the panel."""
    frame(lab)
    lab.page.locator(".llmsec-alert summary").first.click()
    lab.page.locator(".jp-OutputArea .llmsec-data").first.scroll_into_view_if_needed()


class Photographer:
    """Opens notebooks and takes pictures of them."""

    def __init__(self, chromium: Browser, server: Server) -> None:
        """Pictures go beside this script."""
        self.chromium, self.server = chromium, server

    def take(self, name: str, notebook: str, pose: Callable[[Lab], None], **more: str) -> None:
        """One picture; `theme` and `app` may be told, `block` requests that fail."""
        self.server.set("apputils-extension/themes", {"theme": THEMES[more.get("theme", "light")]})
        context = self.chromium.new_context(viewport=SIZE)
        lab = Lab(context, self.server, more.get("app", "lab"))
        if "block" in more:
            lab.page.route(more["block"], lambda route: route.fulfill(status=404))
        lab.open(notebook)
        lab.show_panel()
        if lab.app == "lab":
            lab.command("application:toggle-left-area")
        pose(lab)
        lab.page.wait_for_timeout(700)
        lab.page.screenshot(path=HERE / f"{name}.png")
        context.close()
        self.server.stop_kernels()


def main() -> None:
    """Take all pictures."""
    servers = [Server(Path(tempfile.mkdtemp()), app=app) for app in ("lab", "notebook")]
    for server in servers:
        write(server.root / "churn.ipynb", *cells(Maker(12)))
        loaded = code("%load_ext llmsec_nb")
        write(server.root / "frame.ipynb", loaded, code(FRAME), code("%llmsec check customers"))
        scan = code("%llmsec data df --text text --label label --no-columns")
        write(server.root / "data.ipynb", loaded, code(REVIEWS), scan)
        write(server.root / "answers.ipynb", *program())
        write(server.root / "clean.ipynb", code("x = 1"))
        write(server.root / "odd" / "odd.ipynb", code("x = 1"))
        (server.root / "odd" / "llmsec.toml").write_text("no-such-key = 1\n")
    try:
        with sync_playwright() as playwright, browser(playwright) as chromium:
            lab, seven = (Photographer(chromium, server) for server in servers)
            for theme in THEMES:
                lab.take(f"panel-{theme}", "churn.ipynb", findings, theme=theme)
            for theme in ("light", "dark"):
                lab.take(f"tooltip-{theme}", "churn.ipynb", tooltip, theme=theme)
            for theme in ("light", "dark"):
                lab.take(f"table-{theme}", "frame.ipynb", frame, theme=theme)
            for theme in ("light", "dark"):
                lab.take(f"data-{theme}", "data.ipynb", training, theme=theme)
            for theme in ("light", "dark"):
                lab.take(f"code-{theme}", "answers.ipynb", followed, theme=theme)
            lab.take("clean", "clean.ipynb", clean)
            lab.take("incomplete", "odd/odd.ipynb", amber)
            lab.take("no-scanner", "churn.ipynb", missing, block="**/llmsec-nb/api/**")
            lab.take("save-notice", "churn.ipynb", notice)
            seven.take("notebook-7", "churn.ipynb", findings, app="notebook")
    finally:
        for server in servers:
            server.close()


if __name__ == "__main__":
    main()
