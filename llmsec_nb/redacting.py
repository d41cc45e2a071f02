"""`llmsec redact` and `%llmsec redact`: what is to be redacted, and what is said of it."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, Final

from .options import Parser, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import MutableMapping

    from .redaction import Redacted

STRATEGIES: Final = ("pseudonym", "mask", "replace", "fake", "generalise", "drop")
_SUFFIX: Final = "_redacted"


def add_redact(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec redact`."""
    parser.add_argument("paths", nargs="+", metavar="NOTEBOOK", help="notebooks to redact")
    _add_strategy(parser, "replace")
    parser.add_argument("--output", metavar="FILE", help="default: NAME.redacted.ipynb beside it")
    parser.add_argument("--in-place", action="store_true", help="write over the notebook")
    parser.add_argument(
        "--sources", action="store_true", help="redact cells, too, not only outputs"
    )


def redact_files(options: argparse.Namespace) -> bool:
    """Redact notebooks; whether nothing that identifies people directly is left.

    Raises UsageError, with nothing written, where something cannot be done.
    """
    from .redaction import CannotRedact, StillThere, redact_notebook

    if options.output and len(options.paths) > 1:
        raise UsageError("llmsec redact: --output is for one notebook")
    clean = True
    for path in options.paths:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", StillThere)  # the report says it
                result = redact_notebook(
                    path,
                    options.strategy,
                    outputs_only=not options.sources,
                    output=options.output,
                    in_place=options.in_place,
                )
        except CannotRedact as error:
            raise UsageError(f"llmsec redact: {error}") from None
        except OSError as error:
            raise UsageError(f"llmsec redact: {path}: {error.strerror}") from None
        print(f"{path} -> {result.data}\n{result.report}")
        clean = clean and not any(left.direct for left in result.report.remaining)
    return clean


def redact_variable(words: list[str], space: MutableMapping[str, Any]) -> Redacted[Any]:
    """Redact a variable of a kernel; the result is put beside it. Raises UsageError."""
    from .redaction import CannotRedact, StillThere, redact, redact_text

    parser = Parser(prog="%llmsec redact", add_help=False)
    parser.add_argument("name", metavar="DATAFRAME")
    _add_strategy(parser, "pseudonym")
    parser.add_argument("--columns", metavar="NAMES", help="only these, separated by commas")
    parser.add_argument("--into", metavar="NAME", help="default: DATAFRAME_redacted")
    options = parser.parse_args(words)
    if options.name not in space:
        raise UsageError(f'%llmsec redact: there is no variable "{options.name}"')
    into = options.into or options.name + _SUFFIX
    if not into.isidentifier():
        raise UsageError(f'%llmsec redact: "{into}" is no name for a variable')
    columns = options.columns.split(",") if options.columns else None
    value = space[options.name]
    result: Redacted[Any]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", StillThere)  # the report says it
            if isinstance(value, str):
                result = redact_text(value, options.strategy)
            else:
                result = redact(value, options.strategy, columns=columns)
    except CannotRedact as error:
        raise UsageError(f"%llmsec redact: {error}") from None
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        raise UsageError(
            f"%llmsec redact: {package} is not installed: pip install 'llmsec-nb[data]'"
        ) from None
    space[into] = result.data
    print(f"llmsec: the redacted {options.name} is in {into}", file=sys.stderr)
    return result


def _add_strategy(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--strategy",
        choices=STRATEGIES,
        default=default,
        help=f"what stands in place of personal data; default: {default}",
    )
