"""The kernel's end of the wire, in a real kernel: what it opens, pushes, answers and closes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from llmsec_nb import __version__, comms, wire

from .samples import Maker
from .test_notebook import code

# jupyter_client's own, about event loops and ports.
pytestmark = pytest.mark.filterwarnings("default")

ROOT = Path(__file__).parents[1]
PASSWORD = Maker(5).password()
LEAK = f"a = 'postgres://ada:{PASSWORD}@db.corp/x'"
MADE = "from tests.samples import Maker\nprint(Maker(5).token('SEC103'))"
TOKEN = Maker(5).token("SEC103")


class Kernel:
    """A kernel and all that it says on iopub."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel(cwd=str(ROOT))
        self.comm_id = ""
        self.heard: list[dict[str, Any]] = []

    def run(self, source: str, cell_id: str = "") -> list[dict[str, Any]]:
        """The messages until the kernel is idle again; JupyterLab's way of naming the cell."""
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        metadata = {"cellId": cell_id} if cell_id else {}
        return self._sent("execute_request", content, metadata)

    def say(self, data: Any) -> list[dict[str, Any]]:
        """What a comm message is answered with."""
        content = {"comm_id": self.comm_id, "data": data}
        return said(self._sent("comm_msg", content, {}))

    def _sent(self, kind: str, content: Any, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        message = self.client.session.msg(kind, content, metadata=metadata)
        self.client.shell_channel.send(message)
        got: list[dict[str, Any]] = []
        while True:
            heard = self.client.get_iopub_msg(timeout=60)
            got.append(heard)
            if heard["msg_type"] == "comm_open":
                self.comm_id = heard["content"]["comm_id"]
            mine = heard["parent_header"].get("msg_id") == message["header"]["msg_id"]
            if mine and heard["content"].get("execution_state") == "idle":
                self.heard += got
                return got

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    made = Kernel()
    yield made
    made.stop()


def kinds(messages: list[dict[str, Any]]) -> list[str]:
    return [m["msg_type"] for m in messages if m["msg_type"].startswith("comm_")]


def said(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [m["content"]["data"] for m in messages if m["msg_type"] == "comm_msg"]


def places(push: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = [(f["rule"], f["location"]) for f in push["report"]["findings"]]
    return [(rule, place["type"], place["cell_id"]) for rule, place in found]


def test_the_whole_conversation(kernel: Kernel) -> None:
    opened = kernel.run("%load_ext llmsec_nb")
    (comm,) = [m["content"] for m in opened if m["msg_type"] == "comm_open"]
    assert (comm["target_name"], comm["data"]) == ("llmsec_nb", {"version": __version__})
    assert kinds(kernel.run("%load_ext llmsec_nb")) == []
    assert (
        kinds(kernel.run("import llmsec_nb\nllmsec_nb.load_ipython_extension(get_ipython())")) == []
    )
    assert kernel.say({"hello": True}) == [{"version": __version__}]

    # Reports carry the front end's ids of the cells.
    kernel.run(LEAK, "first")
    kernel.run(MADE, "second")
    ((check,),) = [said(kernel.run("%llmsec check", "third"))]
    assert (check["push"]["source"], check["push"]["cells"]) == ("session", [])
    assert places(check["push"]) == [
        ("SEC203", "cell", "first"),
        ("SEC103", "output", "second"),
    ]
    assert said(kernel.run("%llmsec on", "fourth")) == []
    pushes = []
    for number in range(5):
        pushes += said(kernel.run(f"{LEAK}; n = {number}", f"cell{number}"))
        pushes += said(kernel.run("1 + 1", f"clean{number}"))
    assert [push["push"]["source"] for push in pushes] == ["watch"] * 10
    for number in range(5):
        leaks, clean = pushes[2 * number]["push"], pushes[2 * number + 1]["push"]
        assert leaks["cells"] == [f"cell{number}"]
        assert places(leaks) == [("SEC203", "cell", f"cell{number}")]
        assert (clean["cells"], clean["report"]["findings"]) == ([f"clean{number}"], [])

    # A page that was loaded anew hears the last report of each source, however many there were.
    again = kernel.say({"hello": True})
    assert again == [{"version": __version__}, check, pushes[-1]]

    # Scans.
    cell = {"key": "k", "index": 3, "cell": code(LEAK)}
    (answer,) = kernel.say({"id": "7", "scan": {"path": "a.ipynb", "cells": [cell]}})
    assert answer["id"] == "7"
    assert [f["rule"] for f in answer["reply"]["cells"][0]["findings"]] == ["SEC203"]

    sources = ["import pickle as p", "p.load(f)"]
    lines = [{"key": f"k{n}", "index": n, "source": s} for n, s in enumerate(sources)]
    (answer,) = kernel.say({"id": "9", "scan": {"path": "a.ipynb", "code": lines}})
    told = [
        (part["key"], [f["rule"] for f in part["findings"]]) for part in answer["reply"]["code"]
    ]
    assert told == [("k1", ["COD002"]), ("", [])]

    # Nonsense.
    for words, error in [
        (None, "not a ScanRequest: Expected `object`, got `null`"),
        ({"path": "../a.ipynb"}, "the path leads out of the served directory"),
        ({"path": "a\0.ipynb"}, "the path cannot be followed"),
        ({PASSWORD: 1}, "not a ScanRequest: Object contains unknown field"),
        ({"cells": PASSWORD}, "not a ScanRequest: Expected `array`, got `str` - at `$.cells`"),
    ]:
        assert kernel.say({"id": "8", "scan": words}) == [{"id": "8", "error": error}]
    nonsense: list[Any] = [{}, {"id": 3, "scan": {}}, {"what": PASSWORD}, {"hello": False}, []]
    for data in nonsense:
        assert kernel.say(data) == []

    closed = kernel.run("%unload_ext llmsec_nb")
    assert kinds(closed) == ["comm_close"]
    assert kernel.say({"hello": True}) == []
    assert kinds(kernel.run("%load_ext llmsec_nb")) == ["comm_open"]

    assert "error" not in [message["msg_type"] for message in kernel.heard]
    comm_messages = [m["content"] for m in kernel.heard if m["msg_type"].startswith("comm_")]
    assert PASSWORD not in json.dumps(comm_messages)
    assert TOKEN not in json.dumps(comm_messages)


def test_a_kernel_whose_directory_is_gone(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("%load_ext llmsec_nb")
    kernel.run(
        f"import os\nos.makedirs({str(tmp_path / 'x')!r})\nos.chdir({str(tmp_path / 'x')!r})"
    )
    kernel.run(f"os.rmdir({str(tmp_path / 'x')!r})")
    assert kernel.say({"id": "1", "scan": {}}) == [
        {"id": "1", "error": "the kernel's directory is gone"}
    ]


class FakeComm:
    """A comm that goes nowhere."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.closed = False

    def on_msg(self, callback: Any) -> None:
        self.hear = callback

    def send(self, data: Any) -> None:
        self.sent.append(data)

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    "message",
    [{}, {"content": {}}, {"content": {"data": None}}, {"content": {"data": "x"}}, {"content": 3}],
)
def test_malformed_messages_are_ignored(message: Any) -> None:
    comm = FakeComm()
    comms.Link(comm)
    comm.hear(message)
    assert comm.sent == []


def test_packages_are_told_to_whom_asks_and_again_after_an_installation() -> None:
    comm = FakeComm()
    link = comms.Link(comm)
    link.installed()
    assert comm.sent == []
    comm.hear({"content": {"data": {"ask": "environment"}}})
    link.installed()
    assert [list(message) for message in comm.sent] == [["environment"]] * 2
    assert comm.sent[0]["environment"]["llmsec-nb"] == __version__


def test_both_ends_name_one_target() -> None:
    assert comms._TARGET == wire.COMM_TARGET


def test_a_terminal_has_no_comm() -> None:
    script = (
        "%load_ext llmsec_nb\n"
        "from llmsec_nb.magics import _loaded\n"
        "import sys\n"
        "print('LINK', [m.link for m, _ in _loaded.values()], 'comm' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--colors=NoColor", "--no-banner", "--simple-prompt"],
        input=script,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "LINK [None] False" in done.stdout
