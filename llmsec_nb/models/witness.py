"""Turns what a pickle would do into issues."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from ..core.rule import Confidence, Severity
from . import arrays, encoded, naming, plausible, policy, rules
from .machine import LONG
from .values import HOOKS, Global, Made, call, escaped, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from .context import Context
    from .source import Stream

_DEEP: Final = 4
_PARTS: Final = 3
"""A state has two parts at most: the dictionary, and the slots."""
_BROAD: Final = 64


class Witness:
    """The observer of one pickle. What is only named is reported at the end, if never called."""

    def __init__(self, context: Context, nested: Callable[[bytes, int], None] | None) -> None:
        """`nested` is shown every text and bytes that may hold a file of its own."""
        self.context = context
        self.nested = nested
        self.imports = 0
        self.calls = 0
        self.odd_frames = 0
        self._waiting: dict[tuple[str, str], tuple[Global, int]] = {}
        self.pickled_arrays: Callable[[Stream], None] | None = None
        self.pickled: Callable[[bytes, int], None] | None = None

    def imported(self, found: Global, offset: int) -> None:
        """Keep the name until it is called or the pickle ends."""
        self.imports += 1
        self._waiting.setdefault((found.module, found.name), (found, offset))

    def called(self, maker: Any, arguments: Any, how: str, offset: int) -> Any:
        """Judge the call, and the calls that it makes in turn."""
        self.calls += 1
        self._judge(maker, arguments, how, offset)
        given = policy.encodes(maker, arguments)
        if isinstance(given, bytes):
            self._opaque(given, offset)
        target = policy.imports(maker, arguments)
        if target is not None:
            self.imported(target, offset)
        result = None
        for inner, given, way in policy.passed(maker, arguments):
            self._judge(inner, given, way, offset)
            if way == "NEWOBJ" and result is None:
                result = Made(inner, given)
        return result

    def _judge(self, maker: Any, arguments: Any, how: str, offset: int) -> None:
        verdict = policy.called(maker, arguments, how)
        if isinstance(maker, Global):
            self._waiting.pop((maker.module, maker.name), None)
        if verdict is None:
            self._handed(maker, arguments, how, offset)
            return
        made = verdict.rule is rules.CUSTOM_CLASS
        text = f"makes a {show(maker)}" if made else f"calls {call(maker, arguments)}"
        self._issue(verdict, f"Loading it {text}", offset)

    def _handed(self, maker: Any, arguments: Any, how: str, offset: int) -> None:
        """Look for a function that a harmless call is given, to be called by it."""
        if how == "NEWOBJ" or not isinstance(maker, Global) or maker.name == "partial":
            return
        found = policy.runs(arguments)
        if found is not None:
            message = f"Loading it hands {escaped(found.path)} to {show(maker)}"
            self._issue(naming.LIKELY, message, offset)

    def _issue(self, verdict: naming.Verdict, message: str, offset: int) -> None:
        self.context.issue(
            verdict.rule,
            message,
            severity=verdict.severity,
            confidence=verdict.confidence,
            offset=offset,
        )

    def built(self, target: Any, state: Any, stream: Stream, offset: int) -> Any:
        """Look for a state that replaces methods; pass the array that joblib puts behind it."""
        if isinstance(target, Global):
            message = f"Loading it sets attributes of {show(target)} itself"
            self.context.issue(rules.PICKLE_CODE, message, offset=offset)
        self._hooks(state, offset)
        if not arrays.is_wrapper(target):
            return None
        size, objects, aligned = arrays.elements(state)
        if objects and self.pickled_arrays:
            self.pickled_arrays(stream)
        elif not objects:
            if aligned:
                arrays.skip_alignment(stream)
            stream.skip(size)
        return Made(Global("numpy", "ndarray"), ())

    def _hooks(self, state: Any, offset: int) -> None:
        for part in state[:_PARTS] if isinstance(state, tuple) else (state,):
            if isinstance(part, Made) and _names_hook(part.arguments, 0):
                message = f"The state {show(part)} replaces a method, which is then called"
                self.context.issue(rules.PICKLE_CODE, message, offset=offset)
            if not isinstance(part, dict):
                continue
            for key, value in part.items():
                if key in HOOKS and isinstance(value, Global | Made):
                    message = f"Replaces the method {key} by {show(value)}, which is then called"
                    self.context.issue(rules.PICKLE_CODE, message, offset=offset)

    def wants(self, head: bytes) -> bool:
        """Whether a long value may be a file of its own."""
        if self.nested is None:
            return False
        return (
            encoded.likely(head)
            or plausible.imports(head, self.context, whole=False)
            or plausible.imports(encoded.of_text(head), self.context, whole=False)
        )

    def data(self, value: bytes, offset: int, *, raw: bool) -> None:
        """Hand on what may be a file of its own."""
        if self.nested is None or len(value) <= encoded.SHORTEST:
            return
        if encoded.likely(value):
            self.nested(value, offset)
        elif raw or len(value) > LONG:
            self._opaque(value if raw else encoded.of_text(value), offset)

    def _opaque(self, value: bytes, offset: int) -> None:
        """Bytes that do not tell what they are: a pickle all the same, if one would import."""
        if self.pickled and plausible.imports(value, self.context, whole=True):
            self.pickled(value, offset)

    def odd(self, what: str, offset: int) -> None:
        """Say once what no pickler writes."""
        self.odd_frames += "frame" in what
        severity = Severity.CRITICAL if "frame" in what else None
        message = f"Readers of pickles disagree on this stream: {what}"
        self.context.issue(
            rules.MALFORMED, message, offset=offset, severity=severity, confidence=Confidence.HIGH
        )

    def hidden(self, what: str, offset: int) -> None:
        """Say that what would be called is made while the file is loaded: no pickler does so."""
        self.context.issue(
            rules.PICKLE_CODE, f"Loading it hides what it does: {what}", offset=offset
        )

    def finish(self) -> None:
        """Report what was named and never called."""
        for found, offset in self._waiting.values():
            verdict = naming.named(found)
            if verdict is not None:
                self._issue(verdict, f"Loading it imports {escaped(found.path)}", offset)
        self._waiting.clear()


def _names_hook(value: Any, deep: int) -> bool:
    """Whether a method that the unpickler calls is named in what a state is made of."""
    if isinstance(value, str):
        return value.startswith("__") and value in HOOKS
    if deep >= _DEEP or not isinstance(value, tuple | list | dict):
        return False
    return any(_names_hook(inner, deep + 1) for inner in islice(value, _BROAD))
