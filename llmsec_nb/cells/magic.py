"""What magics do with their line and their body; names are those of IPython and its well-known kin.

Source: https://ipython.readthedocs.io/en/stable/interactive/magics.html
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from ..core.lazy import lazy

_OPTION: Final = lazy(r"[ \t]*(?P<dashes>--?)(?P<name>[A-Za-z][\w-]{0,40})(?P<value>=\S{1,200})?")
_WORD: Final = lazy(r"[ \t]+\S{1,1000}")


class Reading(Enum):
    """How what a magic is given is to be read."""

    PYTHON = "python"
    SHELL = "shell"
    FILE = "file"
    OTHER = "other"


_VALUED: Final = {
    "timeit": "nrp",
    "prun": "DlsT",
    "memit": "rtiIpc",
    "lprun": "fmDTu",
    "mprun": "fT",
    "time": "",
    "debug": "b",
    "px": "t",
    "capture": "",
    "python": "",
    "python3": "",
    "heat": "",
    "pyinstrument": "",
    "scalene": "",
    "snakeviz": "f",
    "ipytest": "",
    "run_pytest": "",
    "pytest": "",
}
"""Magics that run Python: on their line, or in the cell below it. The letters of their options
that take a value."""
_SHELLS: Final = frozenset({"bash", "sh", "system", "sx", "!", "cmd", "zsh", "dash", "shell"})
_FILES: Final = frozenset({"writefile", "file", "writefileref", "writetemplate", "save_file"})
_SUFFIXES: Final = {
    "html": "html", "HTML": "html", "svg": "svg", "SVG": "svg", "javascript": "js", "js": "js",
    "latex": "tex", "markdown": "md", "sql": "sql", "bigquery": "sql", "perl": "pl", "ruby": "rb",
    "R": "R", "cython": "pyx",
}  # fmt: skip
_INTERPRETERS: Final = lazy(
    r"(?:\S{0,200}/)?(?:env[ \t]+)?"
    r"(?P<name>python[\d.]{0,6}|pypy3?|\{sys\.executable\}|bash|sh|zsh|dash)(?![\w.])"
)
AUTOMATIC: Final = lazy(
    r"\s*(?P<words>(?:pip|conda|mamba|micromamba|uv|cd|pushd|popd|dirs|pwd|ls|ll|lf|lk|ldir|lx|mkdir"
    r"|rmdir|mv|cp|rm|cat|less|more|man|env|set_env|run|load|load_ext|reload_ext|autoreload|time"
    r"|timeit|prun|matplotlib|pylab|who|whos|history|hist|reset|bookmark|alias|save|edit|sx|system"
    r"|pinfo|pdoc|psource|pfile|config|logstart)"
    r"[ \t]+(?!=)[^\s][^\n]{0,100000})\s*\Z"
)
"""A cell of a single line that IPython takes for a magic, although it has no sign."""


def of_cell(name: str, line: str) -> tuple[Reading, str]:
    """How the body below `%%name line` is read, and the suffix of the file that it would be.

    An unknown magic's body is OTHER with the suffix `?`: whatever of it reads as Python may be.
    """
    if name == "script":
        found = _INTERPRETERS.search(line.strip())
        if found is None:
            return Reading.OTHER, ""
        shell = found["name"] in _SHELLS
        return (Reading.SHELL, "sh") if shell else (Reading.PYTHON, "py")
    if name in _VALUED:
        return Reading.PYTHON, "py"
    if name in _SHELLS:
        return Reading.SHELL, "sh"
    if name in _FILES:
        return Reading.FILE, ""
    return Reading.OTHER, _SUFFIXES.get(name, "?")


def code_on_line(name: str, text: str, start: int, end: int) -> int | None:
    """Where the Python begins on the line of a magic that runs it; None if it runs none.

    `start` is behind the name of the magic.
    """
    valued = _VALUED.get(name)
    if valued is None:
        return None
    place = start
    while (option := _OPTION.match(text, place, end)) is not None:
        place = option.end()
        attached = len(option["name"]) > 1 or option["value"]
        if option["dashes"] == "-" and option["name"][0] in valued and not attached:
            word = _WORD.match(text, place, end)
            place = word.end() if word else place
    return place


def file_name(line: str) -> str:
    """The file that `%%writefile line` writes: its last word that is no option."""
    words = [word for word in line.split() if not word.startswith("-")]
    return words[-1].strip("\"'") if words else ""
