"""A table of what to do for each opcode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .machine import Machine

    Handler = Callable[[Machine], None]


class Table(dict[int, "Handler"]):
    """Handlers by the number of the opcode."""

    def on(self, code: bytes) -> Callable[[Handler], Handler]:
        """Keep the function that is decorated as the handler of an opcode."""

        def keep(handler: Handler) -> Handler:
            self[code[0]] = handler
            return handler

        return keep
