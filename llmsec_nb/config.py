"""The configuration: one struct, read from `llmsec.toml` or `[tool.llmsec]` in pyproject.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from .core.rule import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES: Final = ("llmsec.toml", ".llmsec.toml", "pyproject.toml")


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
    fail_on: Severity = Severity.LOW
    """The lowest severity that makes `llmsec check` exit with 1."""
    min_confidence: Confidence = Confidence.MEDIUM
    """Findings below this confidence are only counted."""
    max_file_size: int = 100_000_000
    """Bytes; a larger file is a failure."""


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
            if file.is_file():
                yield file


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
        content = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None
    if file.name != "pyproject.toml":
        return content
    table = content.get("tool", {}).get("llmsec")
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

    Everything else of the file stays as it is, comments included. Raises ConfigError.
    """
    try:
        import tomlkit
        from tomlkit.exceptions import TOMLKitError
    except ImportError:
        raise ConfigError("changing a configuration needs tomlkit: pip install tomlkit") from None
    try:
        document = tomlkit.parse(text)
        table: Any = document
        if name == "pyproject.toml":
            table = _descend(_descend(document, "tool", tomlkit), "llmsec", tomlkit)
        if "ignore" not in table:
            table["ignore"] = tomlkit.array()
        ignored = table["ignore"]
        if rule not in ignored:
            ignored.add_line(rule, comment=" ".join(reason.split()) or None)
            ignored.add_line(indent="")
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError) as error:
        raise ConfigError(f"{name}: cannot be changed: {error}") from None


def _descend(table: Any, name: str, tomlkit: Any) -> Any:
    if name not in table:
        table[name] = tomlkit.table(is_super_table=name == "tool")
    return table[name]
