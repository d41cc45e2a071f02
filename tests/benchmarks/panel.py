"""How fast the panel is, in a real browser: python tests/benchmarks/panel.py [--json FILE].

Quiet period 0, so that it is excluded. "Peer" is an empty request to the same server, measured in
the same page and minute: what any live check over HTTP costs here before it has scanned anything.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.jupyter import Lab, Server, browser, code, write
from tests.samples import Maker

EDITS = 60
EDIT = """async ([token, edits]) => {
    const app = window.jupyterapp ?? window.jupyterlab;
    const panel = app.shell.currentWidget;
    const cell = panel.content.widgets[0];
    const shared = cell.model.sharedModel;
    const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
    const base = shared.getSource();
    const times = [];
    for (let i = 0; i < edits; i++) {
        shared.setSource(base);
        while (cell.node.querySelector('.llmsec-mark')) await pause(20);
        await pause(150);
        const seen = new Promise(resolve => {
            const watch = new MutationObserver(() => {
                if (cell.node.querySelector('.llmsec-mark')) {
                    watch.disconnect();
                    resolve(performance.now());
                }
            });
            watch.observe(cell.node, {subtree: true, childList: true});
        });
        const begin = performance.now();
        shared.updateSource(base.length, base.length, `\\nt${i} = '${token}'`);
        times.push(await seen - begin);
    }
    shared.setSource(base);
    return times;
}"""
PEER = """async ([url, token, count]) => {
    const times = [];
    for (let i = 0; i < count; i++) {
        const begin = performance.now();
        const answer = await fetch(url, {headers: {Authorization: `token ${token}`}});
        await answer.json();
        times.push(performance.now() - begin);
        await new Promise(resolve => setTimeout(resolve, 20));
    }
    return times;
}"""
SCAN = """async () => {
    const app = window.jupyterapp ?? window.jupyterlab;
    const begin = performance.now();
    await app.commands.execute('llmsec-nb:scan');
    return performance.now() - begin;
}"""
ATTACHED = "() => document.querySelectorAll('.jp-Notebook .jp-Cell').length >= 1000"
LONG_TASKS = """() => {
    window.long = [];
    new PerformanceObserver(list => list.getEntries().forEach(e => window.long.push(e.duration)))
        .observe({entryTypes: ['longtask']});
}"""


def summary(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(len(ordered) * 0.95) - 1], 1),
        "n": len(ordered),
    }


def opened(chromium: Browser, server: Server, name: str) -> Lab:
    """A page with a notebook and the panel in it."""
    lab = Lab(chromium.new_context(viewport={"width": 1400, "height": 900}), server)
    lab.open(name)
    lab.show_panel()
    lab.page.locator(".llmsec-footer", has_text="Last scan").wait_for()
    return lab


def peer(lab: Lab) -> dict[str, float]:
    """An empty request to the same server."""
    url = f"{lab.server.address}/api/status"
    return summary(lab.page.evaluate(PEER, [url, lab.server.token, EDITS]))


def small(chromium: Browser, server: Server, token: str) -> dict[str, Any]:
    """45 cells; idle, then with a busy kernel."""
    cells = [code(f"x{i} = {i}\n" * 10) for i in range(44)]
    write(server.root / "small.ipynb", *cells, code("import time\ntime.sleep(600)"))
    lab = opened(chromium, server, "small.ipynb")
    idle = summary(lab.page.evaluate(EDIT, [token, EDITS]))
    empty = peer(lab)
    lab.evaluate("panel.content.scrollToItem(44)")
    lab.run(44, wait=False)
    lab.page.wait_for_timeout(1500)
    busy = summary(lab.page.evaluate(EDIT, [token, EDITS]))
    lab.page.context.close()
    server.stop_kernels()
    return {"idle": idle, "kernel busy": busy, "peer": empty}


def large(chromium: Browser, server: Server, token: str) -> dict[str, Any]:
    """1,000 cells of 17 lines: full scan, one edit, and what typing does to the browser."""
    cells = [code(f"# {i}\n" + "\n".join(f"x{j} = {i}" for j in range(16))) for i in range(1000)]
    write(server.root / "large.ipynb", *cells, kernel=False)
    lab = opened(chromium, server, "large.ipynb")
    first = lab.page.locator(".llmsec-footer").inner_text()
    scans = [lab.page.evaluate(SCAN) for _ in range(5)]
    edits_early = summary(lab.page.evaluate(EDIT, [token, EDITS]))
    lab.page.wait_for_function(ATTACHED, timeout=180_000)
    edits = summary(lab.page.evaluate(EDIT, [token, EDITS]))
    return {
        "first full scan": first,
        "full scans": summary(scans),
        "one edit, JupyterLab still attaching cells": edits_early,
        "one edit, all cells attached": edits,
        "peer": peer(lab),
        "long tasks while typing": typing(lab),
        "long tasks while typing, our requests blocked": typing(lab, blocked=True),
    }


def typing(lab: Lab, *, blocked: bool = False) -> list[int]:
    """Tasks of more than 50 ms in the browser while 80 characters are typed."""
    if blocked:
        lab.page.route("**/llmsec-nb/api/**", lambda route: route.abort())
    lab.evaluate("panel.content.scrollToItem(0)")
    lab.cell(0).locator(".cm-content").click()
    lab.page.keyboard.press("Control+End")
    lab.page.wait_for_timeout(1000)
    lab.page.evaluate(LONG_TASKS)
    for character in "\nvalue = compute(frame['column'], window=30, centre=True)  # a note on this":
        lab.page.keyboard.type(character)
        lab.page.wait_for_timeout(60)
    lab.page.wait_for_timeout(1000)
    return [round(ms) for ms in lab.page.evaluate("window.long")]


def first_finding(chromium: Browser, server: Server, token: str) -> dict[str, float]:
    """From the notebook being shown to its first row in the panel."""
    times = []
    for index in range(5):
        name = f"first{index}.ipynb"
        write(server.root / name, code(f"t = '{token}'"), kernel=False)
        lab = Lab(chromium.new_context(viewport={"width": 1400, "height": 900}), server)
        lab.page.add_init_script(
            """window.shown = {};
            const look = () => {
                const note = (name, selector) => {
                    if (!window.shown[name] && document.querySelector(selector))
                        window.shown[name] = performance.now();
                };
                note('notebook', '.jp-Notebook .jp-Cell .cm-content');
                note('mark', '.llmsec-mark');
                requestAnimationFrame(look);
            };
            look();"""
        )
        lab.open(name)
        lab.page.wait_for_function("() => window.shown.mark")
        shown = lab.page.evaluate("window.shown")
        times.append(shown["mark"] - shown["notebook"])
        lab.page.context.close()
    return summary(times)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    token = Maker(1).token("SEC103")
    server = Server(Path(tempfile.mkdtemp()))
    server.configure(quietPeriod=0)
    try:
        with sync_playwright() as playwright, browser(playwright) as chromium:
            figures = {
                "first finding after the notebook is shown": first_finding(chromium, server, token),
                "45 cells, edit to mark": small(chromium, server, token),
                "1,000 cells": large(chromium, server, token),
            }
    finally:
        server.close()
    text = json.dumps(figures, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text)


if __name__ == "__main__":
    main()
