"""Files of requirements that a command writes: `cat > requirements.txt <<EOF`, `echo x > ...`."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .files import installs_of_file, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .install import Install
    from .origin import Place
    from .runs import Run

_HEREDOC: Final = lazy(r"[^\n]{0,300}?<<-?[ \t]{0,9}[\"'\\]?(?P<end>\w{1,80})[\"']?[^\n]{0,300}\n")
_LONGEST: Final = 20_000
"""Characters of a file."""
_MOST: Final = 100
"""Files of one unit."""


def target_of(run: Run) -> str:
    """The file that lists packages and that a command writes; empty if it writes none."""
    names = [run.target]
    if run.program == "tee":
        names += [word.value for word in run.words[1:] if not word.value.startswith("-")]
    return next((name for name in names if name and kind_of(name)), "")


def lists_of(runs: Iterable[Run], source: str) -> Iterator[Install]:
    """What the files that commands write ask for; `source` is that of the unit."""
    written = ((run, name) for run in runs if (name := target_of(run)))
    for run, name in islice(written, _MOST):
        yield from _list(run, name, source)


def _list(run: Run, name: str, source: str) -> Iterator[Install]:
    if run.program in {"cat", "tee"}:
        body = _body(run, source)
        if body is not None:
            start, end = body
            for install in installs_of_file(name, source[start:end]):
                yield _moved(install, lambda first, last: (start + first, start + last))
    elif run.program in {"echo", "printf"}:
        for word in run.words[1:]:
            if not word.value.startswith("-"):  # `\n` is a line feed to them: two characters
                for install in installs_of_file(name, word.value.replace("\\n", " \n")):
                    yield _moved(install, word.part)


def _body(run: Run, source: str) -> tuple[int, int] | None:
    opening = _HEREDOC.match(source, run.start)
    if opening is None:
        return None
    closing = re.compile(rf"^[ \t]*{opening['end']}[ \t\r]*$", re.MULTILINE)
    closed = closing.search(source, opening.end(), opening.end() + _LONGEST)
    return None if closed is None else (opening.end(), closed.start())


def _moved(install: Install, place: Place) -> Install:
    """What a text asks for, in the places of the unit in which the text stands."""
    asked = []
    for each in install.requirements:
        start, end = place(each.start, each.end)
        name_end = place(each.start, each.name_end)[1]
        url_start = place(each.url_start, each.url_start)[0] if each.url else 0
        own = each._replace(start=start, end=end, name_end=name_end, url_start=url_start)
        asked.append(own)
    options = []
    for option in install.options:
        start, end = place(option.start, option.end)
        options.append(option._replace(start=start, end=end))
    start, end = place(install.start, install.end)
    return install._replace(
        start=start, end=end, head=(start, start), requirements=tuple(asked), options=tuple(options)
    )
