"""The rules of llmsec as a plugin of detect-secrets.

    detect-secrets scan -p "$(python -m llmsec_nb.detect_secrets_plugin)"

detect-secrets hands over one line at a time. The plugin reads the whole file, once, so that it
finds what `llmsec check` finds: in decoded cells, in tables, in keys of many lines. Of a value of
many lines it reports the longest, which is on the line that it names.

Secrets get the type of the stock plugin that takes them for one, else that of upstream's
KeywordDetector: detect-secrets 1.5 loads no custom plugin for its audit, which stops at a type
that it does not know.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import RegexBasedDetector as _Base

from llmsec_nb.api import check, check_text
from llmsec_nb.baseline import portion, visible
from llmsec_nb.config import load, merged
from llmsec_nb.core.rule import Family
from llmsec_nb.rules.secrets.detect_secrets.parity import Setup, Traces

if TYPE_CHECKING:
    from collections.abc import Generator

    from llmsec_nb.config import Config
    from llmsec_nb.core.finding import Report

_BOM = "\ufeff"


_Found = set[tuple[str, str]]
"""Types and values."""


class LlmsecDetector(_Base):
    """Scans with the rules of llmsec, under the configuration of the working directory."""

    secret_type = "llmsec"  # noqa: S105 (the name of a type)
    denylist: ClassVar[tuple[Any, ...]] = ()

    def analyze_line(
        self,
        filename: str,
        line: str,
        line_number: int = 0,
        context: Any = None,
        **_: Any,
    ) -> set[PotentialSecret]:
        """What of the file's findings stands on the line."""
        return {
            PotentialSecret(secret_type, filename, value, line_number)
            for secret_type, value in _on_line(filename, line, line_number)
        }

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """The values in a text that is of no file."""
        for found in _by_line(check_text(string, config=_config()), string, "text.txt").values():
            yield from {value for _, value in found}


def _on_line(filename: str, line: str, number: int) -> _Found:
    try:
        status = os.stat(filename)  # noqa: PTH116 (asked for every line of every file)
    except OSError:
        status = None
    if status is None or not number:
        report = check_text(line, filename, _config())
        return set().union(*_by_line(report, line, filename).values())
    return _of_file(filename, status.st_mtime_ns, status.st_size).get(number, set())


@lru_cache(maxsize=4)
def _of_file(filename: str, changed: int, size: int) -> dict[int, _Found]:
    text = Path(filename).read_bytes().decode("utf-8", "replace").removeprefix(_BOM)
    return _by_line(check(filename, config=_config()), text, filename)


@lru_cache(maxsize=1)
def _config() -> Config:
    """A baseline hides nothing here: that is for detect-secrets to do."""
    return merged(load(Path.cwd())[0], baseline="")


def _by_line(report: Report, text: str, filename: str) -> dict[int, _Found]:
    secrets = [finding for finding in report.active if finding.family is Family.SECRET]
    found: dict[int, _Found] = {}
    if not secrets:
        return found
    lines, traces = text.split("\n"), Traces(Setup.default(), filename, text)
    for finding in secrets:
        seen = portion(lines, finding.location)
        if seen is not None:
            found.setdefault(seen.line, set()).add(visible(seen, traces))
    return found


if __name__ == "__main__":
    print(__file__)
