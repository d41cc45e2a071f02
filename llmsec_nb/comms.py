"""The kernel's end of the wire: pushes reports to the panel, and judges where no server can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .core.finding import Report
    from .live import Judge

_SECONDS: Final = 10.0
_TARGET: Final = "llmsec_nb"  # as in wire.py, which is not imported before it is needed


class Link:
    """An open comm to every front end of this kernel."""

    def __init__(self, comm: Any) -> None:
        """Listen on `comm`."""
        self._comm = comm
        self._judge: Judge | None = None
        self._asked = False
        self._last: dict[str, dict[str, Any]] = {}
        comm.on_msg(self._on_message)

    def push(
        self, source: str, report: Report, cells: Iterable[str] = (), *, executed: bool = False
    ) -> None:
        """Show a report's findings at their cells, in place of the last one of `source`."""
        from .report.json import encodable
        from .wire import Push

        message = encodable(
            Push(source=source, report=report, cells=tuple(cells), executed=executed)
        )
        self._last.pop(source, None)  # what is told again to a new page keeps the order of events
        self._last[source] = message
        self._comm.send({"push": message})

    def tell_environment(self) -> None:
        """Tell which packages there are: the rules for packages go by them."""
        from .rules.dependencies.kernel import environment

        self._asked = True
        self._comm.send({"environment": environment()})

    def installed(self) -> None:
        """Tell it again, to whom has asked: a cell may have changed it."""
        if self._asked:
            self.tell_environment()

    def close(self) -> None:
        """Take the findings back and hang up."""
        self._comm.close()

    def _on_message(self, message: dict[str, Any]) -> None:
        """Answer a front end. Never raises: ipykernel would print what was sent."""
        content = message.get("content")
        data = content.get("data") if isinstance(content, dict) else None
        if not isinstance(data, dict):
            return
        name = data.get("id")
        if data.get("ask") == "environment":
            self.tell_environment()
        elif data.get("hello"):
            self._comm.send({"version": __version__})
            for push in self._last.values():
                self._comm.send({"push": push})
        elif isinstance(name, str):
            self._comm.send({"id": name, **self._answer(data.get("scan"))})

    def _answer(self, words: object) -> dict[str, Any]:
        """A reply, or an error that quotes nothing of what was sent."""
        from pathlib import Path

        from .live import BadPath, Judge
        from .report.json import encodable
        from .wire import ScanRequest, Unreadable, understood

        try:
            request = understood(words, ScanRequest)
            here = Path.cwd().resolve()
            if self._judge is None or self._judge.root.folder != here:
                self._judge = Judge(here)
            return {"reply": encodable(self._judge.scan(request, _SECONDS))}
        except (Unreadable, BadPath) as error:
            return {"error": str(error)}
        except OSError:
            return {"error": "the kernel's directory is gone"}


def connect(shell: Any) -> Link | None:
    """Open a comm to the front ends; None where there can be none, as in a terminal."""
    if not hasattr(shell, "kernel"):
        return None
    from comm import create_comm

    return Link(create_comm(target_name=_TARGET, data={"version": __version__}))
