"""A configuration made ready for a scan: rule selectors resolved, path patterns compiled."""

from __future__ import annotations

import os
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .config import Config, ConfigError, nearest
from .core.detector import Unavailable
from .core.finding import Failure, Suppression
from .core.rule import OF_CODE, OF_MODELS, Family
from .rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathspec import GitIgnoreSpec

    from .baseline import Baseline, Known
    from .core.detector import Detector
    from .core.finding import Skip

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

    def __init__(
        self,
        config: Config,
        root: Path | None = None,
        base: Path | None = None,
        plugins: Sequence[str] = (),
        model: str = "",
    ) -> None:
        """`root` is where path patterns start, `base` where the paths of documents do.

        Both are the working directory unless given. `plugins` are files of detect-secrets plugins
        to run: they are code, so that no configuration can name them; nor the `model` that
        Presidio is to use (see `presidio.models.load`). Raises ConfigError on an unknown rule, or
        a baseline that cannot be read.
        """
        self.config = config
        self.root = (root or Path.cwd()).resolve()
        self.base = base
        chosen = resolve_all(config.select) or frozenset(
            rule.id for rule in all_rules().values() if rule.default
        )
        self.selected = chosen | resolve_all(config.extend_select)
        self.reads_code = any(one.startswith(OF_CODE) for one in self.selected)
        self.reads_models = any(one.startswith(OF_MODELS) for one in self.selected)
        self.ignored = resolve_all(config.ignore)
        self._by_path = [
            (pattern, resolve_all(selectors))
            for pattern, selectors in config.per_path_ignores.items()
        ]
        self.baseline = self._read(config.baseline) if config.baseline else None
        self.plugins = tuple(plugins)
        self.model = model
        self.second_opinion = False
        self.detectors: tuple[Detector, ...] = self._custom() if plugins else ()
        if config.presidio or model:
            self.detectors += self._presidio(model)

    def only(self, prefixes: tuple[str, ...]) -> Policy:
        """The same policy, of whose rules only those are selected whose ids begin so."""
        return self._selecting(frozenset(one for one in self.selected if one.startswith(prefixes)))

    def without(self, prefixes: tuple[str, ...]) -> Policy:
        """The same policy, of whose rules none is selected whose id begins so."""
        return self._selecting(self.selected - self.only(prefixes).selected)

    def _selecting(self, selected: frozenset[str]) -> Policy:
        changed = copy(self)
        changed.selected = selected
        changed.reads_code = any(one.startswith(OF_CODE) for one in selected)
        changed.reads_models = any(one.startswith(OF_MODELS) for one in selected)
        return changed

    def _read(self, name: str) -> Baseline:
        from .baseline import Baseline

        return Baseline.read(self.root / name)

    def _custom(self) -> tuple[Detector, ...]:
        from .rules.secrets.detect_secrets.custom import CUSTOM, CustomPlugins

        self.selected |= {CUSTOM.id}
        return tuple(CustomPlugins(Path(name)) for name in self.plugins)

    def _presidio(self, model: str) -> tuple[Detector, ...]:
        from .presidio import ENTITY, NAME, shared

        self.selected |= {ENTITY.id, NAME.id}
        return (shared(model),)

    def failures(self) -> list[Failure]:
        """What is wrong with the recognizers of Presidio that people bring themselves."""
        if not (self.config.presidio or self.model):
            return []
        from .presidio import shared

        try:
            told = shared(self.model).failures
        except Unavailable:
            return []  # each document that is scanned says so
        return [Failure(path="presidio", message=message) for message in told]

    def skips(self) -> list[Skip]:
        """What the baseline names and this scan does not do, and what it names in vain."""
        return self.baseline.skips(self.plugins) if self.baseline else []

    def known(self, path: str) -> Known | None:
        """What the baseline knows of a file; None if nothing."""
        if self.baseline is None:
            return None
        return self.baseline.known((self.base or Path()) / path, path)

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
