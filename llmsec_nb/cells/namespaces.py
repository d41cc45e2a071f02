"""What is reached by its name: a module, a member of one, a built-in, the shell of the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.lazy import lazy
from .fixed import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .scope import Scope

_IMPORTING: Final = frozenset(
    {"builtins.__import__", "importlib.import_module", "importlib.__import__"}
)
_GLOBALS: Final = lazy(
    r"builtins\.(?:globals|locals|vars)\(\)|.*get_ipython\(\)\.user_(?:global_)?ns"
)
"""What has every name of the notebook."""
_DICT: Final = ".__dict__"
_FETCHING: Final = frozenset({"builtins.getattr", "inspect.getattr_static"})
_SHELL: Final = lazy(
    r"\??(?:(?:IPython\.)?core\.(?:getipython\.get_ipython|interactiveshell\.InteractiveShell\.(?:instance|_instance))"
    r"|(?:[\w.]{0,60}\.)?(?:InteractiveShell|TerminalInteractiveShell|ZMQInteractiveShell)(?:\.instance)?)\(\)"
)
"""The shell that runs the notebook, however it is got hold of."""


def is_namespace(path: str) -> bool:
    """Whether its items are members or names."""
    return path in {"sys.modules", "builtins"} or path.endswith((_DICT, "()", "ns"))


def member(path: str, name: object, scope: Scope) -> Value | None:
    """What a namespace such as `__builtins__` has under a name."""
    if not isinstance(name, str) or not path:
        return None
    if path == "sys.modules":
        return Value(name)
    if path == "builtins":  # `__builtins__` is a dictionary in a module that is not the first
        return Value(f"builtins.{name}")
    if path.endswith(_DICT):
        return Value(f"{path.removesuffix(_DICT)}.{name}")
    return scope.get(name) if _GLOBALS.fullmatch(path) else None


def fetched(path: str, given: Sequence[Value], scope: Scope) -> Value | None:
    """What `getattr(os, "x")`, `vars(os)`, `os.__getattribute__("x")` give."""
    if path == "builtins.vars" and len(given) == 1 and given[0].path:
        return Value(f"{given[0].path}{_DICT}")
    if path in _FETCHING and len(given) >= 2:
        return _of(given[0], given[1].constant, scope)
    owner, _, method = path.rpartition(".")
    if method in {"__getattribute__", "__getattr__"} and given:
        if owner in {"builtins.object", "builtins.type"} and len(given) == 2:
            return _of(given[0], given[1].constant, scope)
        return _of(Value(owner), given[0].constant, scope)
    return None


def imported(path: str, given: Sequence[Value]) -> Value | None:
    """The module that `__import__("os")` gives."""
    if path in _IMPORTING and given:
        name = given[0].constant
        return Value(name) if isinstance(name, str) else None
    return None


def _of(owner: Value, name: object, scope: Scope) -> Value | None:
    if not isinstance(name, str) or not owner.path:
        return None
    if name == "__builtins__":
        return Value("builtins")
    own = scope.known(f"{owner.path}.{name}") if owner.path.endswith("()") else None
    return own or Value(f"{owner.path}.{name}", owner.taints)


def shell(path: str) -> str:
    """The path of a call; that of the shell is always the same."""
    if path.endswith("()") and "hell" in path and _SHELL.fullmatch(path):
        return "IPython.get_ipython()"
    return "IPython.get_ipython()" if path.endswith("getipython.get_ipython()") else path
