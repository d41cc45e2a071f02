"""The options that `llmsec` and `%llmsec` share."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any, NoReturn

from .core.rule import Confidence, Severity
from .report import FORMATS as FORMATS  # noqa: PLC0414 (given on to other commands)
from .sast.option import add_sast

if TYPE_CHECKING:
    from .config import Config


class UsageError(Exception):
    """The words of a command are off; the message says how."""


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the usage line."""
        raise UsageError(f"{self.prog}: {message}\n{self.format_usage().strip()}")


def add_selection(parser: argparse.ArgumentParser) -> None:
    """`--select`, `--ignore`, `--fail-on` and their kin."""
    rules: dict[str, Any] = {"type": _names, "metavar": "RULES", "action": "extend"}
    parser.add_argument(
        "--select", help="only these rules: ids, names, families, prefixes", **rules
    )
    parser.add_argument("--extend-select", help="these rules as well", **rules)
    parser.add_argument("--ignore", help="suppress these rules", **rules)
    parser.add_argument(
        "--fail-on", type=Severity, choices=list(Severity), metavar="LEVEL",
        help="lowest severity that counts: critical, high, medium, low or info; "
        "default: low, of code, dependencies and models medium",
    )  # fmt: skip
    parser.add_argument(
        "--min-confidence", type=Confidence, choices=list(Confidence), metavar="LEVEL",
        help="lowest confidence to report: high, medium (default) or low",
    )  # fmt: skip


def add_presidio(parser: argparse.ArgumentParser) -> None:
    """`--presidio` and `--ner`."""
    parser.add_argument(
        "--presidio",
        action="store_true",
        help="let Microsoft Presidio look for personal data as well",
    )
    parser.add_argument(
        "--ner",
        metavar="MODEL",
        default="",
        help="let Presidio find names with this model of yours: spacy:NAME, transformers:NAME or "
        "gliner:NAME; never downloaded",
    )


def add_environment(parser: argparse.ArgumentParser) -> None:
    """`--env`."""
    parser.add_argument("--env", action="store_true", help="audit the packages of this Python, too")


def add_check(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec check`."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories; - is stdin")
    add_environment(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    add_selection(parser)
    add_presidio(parser)
    parser.add_argument("--output", metavar="FILE", help="write the report there")
    parser.add_argument(
        "--exclude",
        help="gitignore patterns to leave out",
        type=_names,
        metavar="PATTERNS",
        action="extend",
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processes; default: all cores")
    parser.add_argument("--config", metavar="FILE", help="instead of the nearest llmsec.toml")
    parser.add_argument("--quiet", "-q", action="store_true", help="only the summary line")
    parser.add_argument("--statistics", action="store_true", help="counts by rule instead")
    parser.add_argument("--show-suppressed", action="store_true", help="list suppressed findings")
    add_inquiries(parser)
    parser.add_argument(
        "--baseline", metavar="FILE", help="suppress what this .secrets.baseline knows"
    )
    parser.add_argument(
        "--detect-secrets-plugin",
        metavar="FILE",
        action="append",
        default=[],
        help="run the plugins of detect-secrets in this Python file, which is code of yours",
    )


def add_baseline(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec baseline`."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files or directories")
    add_selection(parser)
    parser.add_argument("--baseline", metavar="FILE", help="default: .secrets.baseline")
    parser.add_argument(
        "--exclude",
        help="gitignore patterns to leave out",
        type=_names,
        metavar="PATTERNS",
        action="extend",
    )
    parser.add_argument("--jobs", type=positive, metavar="N", help="processes; default: all cores")
    parser.add_argument("--config", metavar="FILE", help="instead of the nearest llmsec.toml")


def add_inquiries(parser: argparse.ArgumentParser) -> None:
    """`--history` and `--verify`: only the command asks, and no configuration can say so."""
    parser.add_argument(
        "--history",
        action=argparse.BooleanOptionalAction,
        help="whether git history holds what was found; default: what 2 seconds can tell",
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="send found credentials to their providers to learn whether they are valid",
    )
    parser.add_argument("--verify-in-ci", action="store_true", help="--verify where CI is set, too")
    add_sast(parser)
    parser.add_argument(
        "--second-opinion",
        action="store_true",
        help="let picklescan read model files as well; needs llmsec-nb[models]",
    )


def configured(config: Config, options: argparse.Namespace) -> Config:
    """The configuration with the options laid over it; ignores and excludes are added."""
    from .config import merged

    baseline = getattr(options, "baseline", None)
    more = {
        name: (*getattr(config, name), *getattr(options, name))
        for name in ("extend_select", "ignore", "exclude")
        if getattr(options, name, None)
    }
    return merged(
        config,
        select=tuple(options.select) if options.select else None,
        fail_on=options.fail_on,
        min_confidence=options.min_confidence,
        presidio=True if getattr(options, "presidio", False) else None,
        baseline=os.path.abspath(baseline) if baseline else None,  # noqa: PTH100 (of what may not be)
        **more,
    )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def positive(text: str) -> int:
    """A whole number from 1 on, for `type=`."""
    number = int(text)
    if number < 1:
        raise ValueError
    return number
