"""The configuration: one struct, read from `llmsec.toml` or `[tool.llmsec]` in pyproject.toml."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from .core.rule import OF_CODE, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES: Final = ("llmsec.toml", ".llmsec.toml", "pyproject.toml")
_LARGEST: Final = 1_000_000
_LONGEST_REASON: Final = 400


class ConfigError(Exception):
    """The configuration is wrong; the message is one line that says where and how to mend it."""


class Config(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What to look for, what counts, and where not to look. Data only."""

    select: tuple[str, ...] = ()
    """Only these rules: ids, names, families, or prefixes of ids. Empty: all that are on."""
    extend_select: tuple[str, ...] = ()
    """Rules to add, such as those that are off by default."""
    ignore: tuple[str, ...] = ()
    """Findings of these rules are kept as suppressed."""
    per_path_ignores: dict[str, tuple[str, ...]] = {}
    """For paths that match a gitignore pattern, findings of these rules are suppressed."""
    exclude: tuple[str, ...] = ()
    """Gitignore patterns of files that are not scanned."""
    fail_on: Severity | None = None
    """The lowest severity that makes `llmsec check` exit with 1.

    Unless it is said, that is low, but medium for code and dependencies: half of all notebooks
    install something without a version.
    """
    min_confidence: Confidence = Confidence.MEDIUM
    """Findings below this confidence are only counted."""
    max_file_size: int = 100_000_000
    """Bytes; a larger file is a failure."""
    presidio: bool = False
    """Whether Microsoft Presidio's recognizers, and yours, look for personal data as well."""
    baseline: str = ""
    """A `.secrets.baseline` of detect-secrets: the secrets that it knows are suppressed."""


def fails(config: Config, rule_id: str, severity: Severity) -> bool:
    """Whether a finding of this rule and severity is one to exit with 1 for."""
    usual = Severity.MEDIUM if rule_id.startswith(OF_CODE) else Severity.LOW
    return severity.at_least(config.fail_on or usual)


def load(start: Path, explicit: Path | None = None) -> tuple[Config, Path | None]:
    """The configuration for `start`: the explicit file, or the nearest one upwards, or defaults.

    Returns it with the file it came from. Raises ConfigError.
    """
    if explicit is not None:
        return _read(explicit, _table(explicit) or {}), explicit
    for file in candidates(start):
        table = _table(file)
        if table is not None:
            return _read(file, table), file
    return Config(), None


def candidates(start: Path) -> Iterator[Path]:
    """The files that may hold the configuration for `start`, nearest first."""
    start = start.absolute()
    for folder in (start, *start.parents):
        for name in NAMES:
            file = folder / name
            if os.path.isfile(file):  # noqa: PTH113 (Path.is_file raises where it may not look)
                yield file


def configures(file: Path) -> bool:
    """Whether the search stops at a candidate: a pyproject.toml may say nothing of us."""
    try:
        return _table(file) is not None
    except ConfigError:
        return True


def merged(config: Config, **changes: object) -> Config:
    """The configuration with what was said on the command line; None changes nothing."""
    told = {name: value for name, value in changes.items() if value is not None}
    return msgspec.structs.replace(config, **told)


def schema() -> dict[str, object]:
    """JSON Schema of the configuration."""
    return msgspec.json.schema(Config)


def _table(file: Path) -> dict[str, object] | None:
    import tomllib

    try:
        if file.stat().st_size > _LARGEST:
            raise ConfigError(f"{file}: too large for a configuration")
        content = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise ConfigError(f"{file}: nested too deeply") from None
    except ValueError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    if file.name != "pyproject.toml":
        return content
    tool = content.get("tool", {})
    table = tool.get("llmsec") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{file}: tool.llmsec is not a table")
    return table


def _read(file: Path, table: dict[str, object]) -> Config:
    known = [field.encode_name for field in msgspec.structs.fields(Config)]
    for key in table:
        if key not in known:
            raise ConfigError(f'{file}: unknown key "{key}"{nearest(key, known)}')
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file}: {error}") from None


def nearest(name: str, known: list[str]) -> str:
    """`; did you mean …?` if one of the known names is close."""
    import difflib

    close = difflib.get_close_matches(name, known, 1, 0.6)
    return f'; did you mean "{close[0]}"?' if close else ""


def with_ignored(text: str, name: str, rule: str, reason: str = "") -> str:
    """The text of a configuration file with `rule` added to what it ignores.

    Everything else of the file stays as it is, comments included. Raises ConfigError, whose
    message quotes nothing of the text.
    """
    import tomllib

    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        expected = tomllib.loads(text)
        document = tomlkit.parse(text)
        table: Any = document
        content = expected
        if name == "pyproject.toml":
            table = _descend(_descend(document, "tool", tomlkit), "llmsec", tomlkit)
            content = expected.setdefault("tool", {}).setdefault("llmsec", {})
        if rule in msgspec.convert(content, Config).ignore:
            return text
        if "ignore" not in table:
            table["ignore"] = tomlkit.array()
        ignored = table["ignore"]
        single = "\n" not in ignored.as_string()
        ignored.add_line(rule, comment=_one_line(reason) or None)
        if single:
            ignored.add_line(indent="")
        content.setdefault("ignore", []).append(rule)
        changed = _line_ends(tomlkit.dumps(document), text)
        same = tomllib.loads(changed) == expected
    except (TOMLKitError, AttributeError, TypeError, ValueError, RecursionError):
        raise ConfigError(f"{name}: not a valid configuration; mend it first") from None
    if not same:
        raise ConfigError(f"{name}: cannot be changed safely; add the rule by hand")
    return changed


def _one_line(reason: str) -> str:
    """What people can see of a text, in one line, so that it fits a comment."""
    shown = "".join(char if char.isprintable() else " " for char in reason)
    return " ".join(shown.split())[:_LONGEST_REASON]


def _line_ends(text: str, like: str) -> str:
    """The text with the line ends of another."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in like else text


def _descend(table: Any, name: str, tomlkit: Any) -> Any:
    if name not in table:
        table[name] = tomlkit.table(is_super_table=name == "tool")
    return table[name]
