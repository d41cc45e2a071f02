"""A configuration made ready for a scan: rule selectors resolved, path patterns compiled."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .config import Config, ConfigError, nearest
from .core.finding import Suppression
from .core.rule import Family
from .rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

_ALL: Final = "ALL"


def resolve(selector: str) -> frozenset[str]:
    """Ids of the rules that a selector names: an id, a name, a family, a prefix of ids, or ALL.

    A prefix or a family leaves out rules that are off by default. Raises ConfigError.
    """
    rules = all_rules()
    if selector in rules:
        return frozenset([selector])
    if selector == _ALL:
        return frozenset(rules)
    usual = [rule for rule in rules.values() if rule.default]
    by_name = frozenset(rule.id for rule in rules.values() if rule.name == selector)
    if by_name:
        return by_name
    if selector in set(Family):
        return frozenset(rule.id for rule in usual if rule.family == selector)
    by_prefix = frozenset(rule.id for rule in usual if rule.id.startswith(selector))
    if selector and by_prefix:
        return by_prefix
    known = [*rules, *(rule.name for rule in rules.values()), *Family]
    raise ConfigError(f'no rule is called "{selector}"{nearest(selector, known)}')


def resolve_all(selectors: Iterable[str]) -> frozenset[str]:
    """Ids of the rules that any of the selectors names."""
    return frozenset().union(*map(resolve, selectors))


class Policy:
    """Answers, for one configuration, what is selected and what is suppressed where."""

    def __init__(self, config: Config, root: Path | None = None, base: Path | None = None) -> None:
        """`root` is where path patterns start, `base` where the paths of documents do.

        Both are the working directory unless given. Raises ConfigError on an unknown rule.
        """
        self.config = config
        self.root = (root or Path.cwd()).resolve()
        self.base = base
        chosen = resolve_all(config.select) or frozenset(
            rule.id for rule in all_rules().values() if rule.default
        )
        self.selected = chosen | resolve_all(config.extend_select)
        self.ignored = resolve_all(config.ignore)
        self._by_path = [
            (pattern, resolve_all(selectors))
            for pattern, selectors in config.per_path_ignores.items()
        ]

    @cached_property
    def _specs(self) -> list[tuple[str, GitIgnoreSpec, frozenset[str]]]:
        from pathspec import GitIgnoreSpec

        return [
            (pattern, GitIgnoreSpec.from_lines([pattern]), rules)
            for pattern, rules in self._by_path
        ]

    def suppression(self, rule_id: str, path: str) -> Suppression | None:
        """Why the configuration suppresses a rule in a file, if it does."""
        if rule_id in self.ignored:
            return Suppression(kind="config", reason="ignored by the configuration")
        if not self._by_path:
            return None
        relative = self._relative(path)
        for pattern, spec, rules in self._specs:
            if rule_id in rules and spec.match_file(relative):
                return Suppression(kind="config", reason="per-path-ignores", where=pattern)
        return None

    def excludes(self, path: str) -> bool:
        """Whether the configuration leaves the file out of every scan."""
        if not self.config.exclude:
            return False
        from pathspec import GitIgnoreSpec

        return bool(GitIgnoreSpec.from_lines(self.config.exclude).match_file(self._relative(path)))

    def _relative(self, path: str) -> str:
        whole = self.base / path if self.base else Path(path).absolute()
        return os.path.relpath(whole, self.root).replace(os.sep, "/")
