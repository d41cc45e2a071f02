"""Names and what they stand for: those of a function, of a branch in it, of the notebook."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from .fixed import Value, either
from .stars import STARS

if TYPE_CHECKING:
    from collections.abc import Iterable

CONVENTIONS: Final = {
    "np": "numpy", "pd": "pandas", "tf": "tensorflow", "plt": "matplotlib.pyplot",
    "sns": "seaborn", "nn": "torch.nn", "F": "torch.nn.functional", "gr": "gradio",
    "st": "streamlit", "pl": "polars", "sk": "sklearn", "xgb": "xgboost", "lgb": "lightgbm",
    **{name: name for name in (
        "torch", "pickle", "dill", "cloudpickle", "joblib", "yaml", "subprocess", "os", "sys",
        "keras", "mlflow", "requests", "transformers", "datasets", "tarfile", "zipfile", "shutil",
        "tempfile", "ssl", "urllib", "httpx", "gradio", "openai", "anthropic", "marshal", "shelve",
        "hashlib", "json", "re", "numpy", "pandas", "tensorflow", "huggingface_hub", "litellm",
        "builtins", "importlib", "shlex", "html",
    )},
}  # fmt: skip
"""What a name is taken for that no cell has brought: notebooks come in pieces."""
_BUILTINS: Final = frozenset(dir(builtins))


class Scope:
    """Names and what they stand for. An inner one sees the outer one, and changes only itself.

    A branch is a part of a function that may be passed over: what it changes is a possibility.
    `returns` are what functions give back, by their paths; `effects` what they put into what they
    are given, by paths and parameters; `shared` what a notebook shares: files, states of graphs.
    `changed` are names of things that were changed, not replaced. `missed` are functions that were
    asked for before they were there, and `late` what those are known to give from a first reading.
    """

    def __init__(self, outer: Scope | None = None, *, is_branch: bool = False) -> None:
        """Empty but for what `outer` knows."""
        self.outer = outer
        self.is_branch = is_branch
        self.names: dict[str, Value] = {}
        self.returns: dict[str, Value] = {}
        self.effects: dict[str, dict[tuple[int, str], Value]] = {}
        self.parameters: dict[str, int] = {}
        self.globals: set[str] = set()
        self.changed: set[str] = set()
        self.missed: set[str] = set()
        self.late: dict[str, Value] = {}
        self.root: Scope = outer.root if outer else self
        self.shared: dict[str, Value] = outer.shared if outer else {}

    @property
    def function(self) -> Scope:
        """The scope of the function that a branch is in."""
        scope = self
        while scope.is_branch and scope.outer is not None:
            scope = scope.outer
        return scope

    def get(self, name: str) -> Value:
        """What a name stands for: what was assigned, a built-in, or what it is called by custom."""
        own = self.known(name)
        if own is not None:
            return own
        if name == "__builtins__":
            return Value("builtins")
        if name in _BUILTINS:
            return Value(f"builtins.{name}")
        return Value(CONVENTIONS.get(name, f"?{name}"))

    def known(self, name: str) -> Value | None:
        """What was assigned to a name, or to a member such as `self.client`; None if nothing."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def result(self, path: str) -> Value | None:
        """What a function of the notebook gives back, None if it is not one."""
        scope: Scope | None = self
        while scope is not None:
            if path in scope.returns:
                return scope.returns[path]
            scope = scope.outer
        if path.startswith("?"):
            self.root.missed.add(path[1:])
            return self.root.late.get(path[1:])
        return None

    def done(self, path: str) -> dict[tuple[int, str], Value]:
        """What a function of the notebook puts into what it is given."""
        scope: Scope | None = self
        while scope is not None:
            if path in scope.effects:
                return scope.effects[path]
            scope = scope.outer
        return {}

    def assign(self, name: str, value: Value) -> None:
        """Give a name a value; one that is said to be global gets one more."""
        if name in self.function.globals and self.function is not self.root:
            self._added(self.root, name, value)
        else:
            self.names[name] = value

    def change(self, name: str, value: Value) -> None:
        """Change the thing that a name stands for: whoever knows it sees that."""
        self.function.changed.add(name)
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        if scope is None or scope.function is self.function:
            self.assign(name, value)
        else:  # a function that may be called or not
            self._added(scope, name, value)

    @staticmethod
    def _added(scope: Scope, name: str, value: Value) -> None:
        held = scope.names.get(name)
        scope.names[name] = value if held is None else either([held, value])

    def join(self, branches: Iterable[Scope]) -> None:
        """Take in what branches have changed, of which one, nobody knows which, is run."""
        every = list(branches)
        for name in dict.fromkeys(name for one in every for name in one.names):
            rest = [one for one in every if name not in one.names]  # what they know is older
            changed = [one for one in every if name in one.names]
            known = [one.known(name) for one in (*rest, *changed)]
            values = [value for value in known if value is not None]
            self.names[name] = either(values)
        for one in every:
            self.returns |= one.returns
            self.effects |= one.effects

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Take in an import."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self.names[name] = Value(alias.name if alias.asname else name)
            return
        base = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.names |= {name: Value(f"{base}.{name}") for name in STARS.get(base, ())}
            else:
                joint = "" if base.endswith(".") else "."
                self.names[alias.asname or alias.name] = Value(f"{base}{joint}{alias.name}")
