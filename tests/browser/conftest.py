"""Servers and pages for the tests in the browser."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from .jupyter import CHROMIUM, Lab, Server, browser

expect.set_options(timeout=20_000)  # a machine with two busy cores


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        message = "no Chromium is installed (apt-get install chromium)"
        assert not os.environ.get("CI"), message
        pytest.skip(message)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    with browser(playwright) as launched:
        yield launched


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("lab"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("notebook7"), app="notebook")
    yield server
    server.close()


@pytest.fixture
def lab(chromium: Browser, lab_server: Server) -> Iterator[Lab]:
    """JupyterLab, in a browser profile of its own; nothing of an earlier test is left."""
    yield from _fresh(chromium, lab_server, "lab")


@pytest.fixture
def notebook7(chromium: Browser, notebook_server: Server) -> Iterator[Lab]:
    """Notebook 7."""
    yield from _fresh(chromium, notebook_server, "notebook")


def _fresh(chromium: Browser, server: Server, app: str) -> Iterator[Lab]:
    server.configure()
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, accept_downloads=True)
    yield Lab(context, server, app)
    context.close()
    server.stop_kernels()
