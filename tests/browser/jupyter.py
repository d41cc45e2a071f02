"""A Jupyter server of our own for tests in a real browser, and words for what people do there."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000
_TRIES = 5
SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"autoStartDefaultKernel": True},
}


def code(source: str, *outputs: dict[str, Any], cell_id: str | None = None) -> dict[str, Any]:
    """A code cell."""
    return {
        "cell_type": "code",
        "id": cell_id or secrets.token_hex(4),
        "metadata": {},
        "execution_count": None,
        "source": source,
        "outputs": list(outputs),
    }


def markdown(source: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "id": secrets.token_hex(4), "metadata": {}, "source": source}


def stream(text: str) -> dict[str, Any]:
    """What a cell printed."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def write(path: Path, *cells: dict[str, Any], kernel: bool = True, **metadata: Any) -> Path:
    """A notebook; without a kernel it opens with none."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    told = {"kernelspec": spec, "language_info": {"name": "python"}} if kernel else {}
    tree = {"nbformat": 4, "nbformat_minor": 5, "metadata": told | metadata, "cells": list(cells)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree), "utf-8")
    return path


class Server:
    """A Jupyter server in a process, serving a directory."""

    def __init__(self, folder: Path, python: str = sys.executable, app: str = "lab") -> None:
        """Start; `app` is `lab` or `notebook`."""
        self.folder, self.root = folder, folder / "root"
        self.root.mkdir(parents=True)
        self.token = secrets.token_hex(16)
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (folder / "server.log").open("wb")
        self.settings = folder / "settings" / "@jupyterlab"
        for name, values in SETTINGS.items():
            self.set(name, values)
        self.process = subprocess.Popen(
            [python, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ip=127.0.0.1",
             f"--port={self.port}", f"--IdentityProvider.token={self.token}",
             f"--ServerApp.root_dir={self.root}", "--ServerApp.port_retries=0", "--expose-app-in-browser"],
            stdout=self.log, stderr=self.log, cwd=self.root,
            env=os.environ | {
                "JUPYTER_CONFIG_DIR": str(folder / "config"),
                "JUPYTER_DATA_DIR": str(folder / "data"),
                "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
                "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
                "IPYTHONDIR": str(folder / "ipython"),
                "JUPYTER_PLATFORM_DIRS": "1",
            },
        )  # fmt: skip
        self._wait()

    def set(self, name: str, values: dict[str, Any]) -> None:
        """Write a user's settings of a plugin."""
        file = self.settings / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    def configure(self, **values: Any) -> None:
        """Write the user's settings of our plugin; without values, forget them."""
        file = self.folder / "settings" / "llmsec-nb" / "plugin.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))

    def get(self, path: str, method: str = "GET") -> Any:
        """Ask the server's REST interface."""
        request = urllib.request.Request(
            f"{self.address}/{path}",
            headers={"Authorization": f"token {self.token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or "null")

    def stop_kernels(self) -> None:
        """End all sessions, so that the next test starts afresh."""
        for session in self.get("api/sessions"):
            with contextlib.suppress(OSError):
                self.get(f"api/sessions/{session['id']}", "DELETE")

    def close(self) -> None:
        """Stop the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def _wait(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                self.get("api/status")
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text("utf-8", "replace")[-4000:])


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


class Lab:
    """A page with JupyterLab or Notebook 7 in it."""

    def __init__(self, context: BrowserContext, server: Server, app: str = "lab") -> None:
        """Open nothing yet."""
        self.server, self.app = server, app
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.messages: list[str] = []
        self.page.on("console", lambda m: self.messages.append(f"{m.type}: {m.text}"))
        self.page.on("pageerror", lambda e: self.messages.append(f"pageerror: {e}"))

    def open(self, name: str, *, wait: bool = True) -> None:
        """Show a notebook."""
        tree = "lab/tree" if self.app == "lab" else "notebooks"
        reset = "&reset" if self.app == "lab" else ""
        self.page.goto(f"{self.server.address}/{tree}/{name}?token={self.server.token}{reset}")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        if wait:
            self.page.wait_for_function(
                "() => document.querySelector('.llmsec-Panel') !== null", timeout=PATIENCE
            )

    def reload(self) -> None:
        """Load the page again, once JupyterLab has stored the layout with the panel shown."""
        workspaces = self.server.folder / "workspaces"
        for _ in range(200):
            stored = [file.read_text("utf-8") for file in workspaces.glob("*")]
            if any('"current":"llmsec-nb-panel"' in text for text in stored):
                break
            self.page.wait_for_timeout(100)
        self.page.reload()
        self.page.locator(".llmsec-Panel").wait_for(state="attached")

    def show_panel(self) -> Locator:
        """The panel, shown."""
        panel = self.page.locator(".llmsec-Panel")
        if not panel.is_visible():
            self.page.locator('[data-command="llmsec-nb:show-panel"]').first.click()
        panel.wait_for()
        return panel

    def cell(self, index: int) -> Locator:
        """A cell that is drawn, by its place in the notebook."""
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')

    def type_into(self, index: int, text: str) -> None:
        """Put the cursor at the end of a cell and type."""
        before = self.source(index)
        for _ in range(_TRIES):
            self._enter(index)
            self.page.keyboard.press("Control+End")
            self.page.keyboard.insert_text(text)
            for _ in range(20):
                if self.source(index) != before:
                    return
                self.page.wait_for_timeout(100)

    def _enter(self, index: int) -> None:
        """Put the cursor into a cell; a page that is still being built may take it away again."""
        editor = self.cell(index).locator(".cm-editor.cm-focused")
        for _ in range(_TRIES):
            self.cell(index).locator(".cm-content").click()
            with contextlib.suppress(AssertionError):
                expect(editor).to_be_visible(timeout=2000)
                return

    def source(self, index: int) -> str:
        """The source of a cell as the model holds it."""
        return str(self.evaluate("model.cells.get(i).sharedModel.getSource()", index))

    def evaluate(self, expression: str, index: int = 0) -> Any:
        """A JavaScript expression over `panel`, `model` and `i` of the notebook shown."""
        return self.page.evaluate(
            """([expression, i]) => {
                const app = window.jupyterapp ?? window.jupyterlab;
                const panel = [...app.shell.widgets('main')].find(
                    w => w.content?.model?.cells && w.isVisible) ?? app.shell.currentWidget;
                const model = panel.content.model;
                return Function('app', 'panel', 'model', 'i', `return ${expression}`)(
                    app, panel, model, i);
            }""",
            [expression, index],
        )

    def command(self, name: str, **arguments: Any) -> None:
        """Execute a command of the application, without waiting: it may open a dialog."""
        self.page.evaluate(
            """([id, args]) => {
                const app = window.jupyterapp ?? window.jupyterlab;
                void app.commands.execute(id, args);
            }""",
            [name, arguments],
        )

    def rows(self) -> Locator:
        """The findings that the panel lists."""
        return self.page.locator(".llmsec-row")

    def marks(self, index: int) -> Locator:
        """The marked pieces of a cell's source."""
        return self.cell(index).locator(".cm-editor .llmsec-mark")

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run a cell, and wait for its end."""
        prompt = self.cell(index).locator(".jp-InputPrompt")
        before = prompt.text_content() or ""
        for _ in range(_TRIES):
            self._enter(index)
            self.page.keyboard.press("Control+Enter")
            with contextlib.suppress(AssertionError):
                expect(prompt).not_to_have_text(before, timeout=5000)
                break
        if wait:
            expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=PATIENCE)

    def expect_rows(self, *rules: str) -> None:
        """Wait until the panel lists these rules, in this order."""
        expect(self.page.locator(".llmsec-row .llmsec-rule")).to_have_text(list(rules))
