"""`redact_text` and `redact_notebook`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..core.location import InMetadata, InOutput
from ..sources.decode import is_binary
from .documents import Redaction
from .files import read_whole, write_whole
from .key import find_key
from .problems import CannotRedact
from .replacer import REPLACE, Replacer
from .report import RedactionReport
from .result import Redacted, finished
from .spans import named_apart

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from ..core.artifact import Part
    from .documents import Done

_SUFFIX: Final = ".ipynb"
_MARK: Final = "\ufeff"
_WIDGETS: Final = ("metadata", "widgets")


def redact_text(
    text: str,
    strategy: str = REPLACE,
    *,
    name: str = "text.txt",
    strategies: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Redacted[str]:
    """Replace personal data and secrets in a text; `.data` is the new text.

    It is read as a file called `name` would be. Secrets are never more than stars or `<SECRET>`.
    Raises CannotRedact with one clear line. Warns with StillThere of what is left.
    """
    try:
        held = None if key is None else find_key(key)
    finally:
        del key  # a traceback may show it
    replacer = Replacer(held)
    done = Redaction(name, replacer, strategy, strategies or {}).done(text)
    return finished(done.text, _report(name, done, replacer, ()))


def redact_notebook(
    notebook: str | os.PathLike[str] | Mapping[str, Any],
    strategy: str = REPLACE,
    *,
    outputs_only: bool = True,
    output: str | os.PathLike[str] | None = None,
    in_place: bool = False,
    strategies: Mapping[str, str] | None = None,
    key: bytes | None = None,
) -> Redacted[Any]:
    """Replace personal data and secrets in the outputs of a notebook, or in all of it.

    Of a path a copy is written to `output`, by default `NAME.redacted.ipynb` beside it, or with
    `in_place` over it; `.data` is the path that was written. Only the inside of strings changes,
    the file's mode stays. Of a parsed notebook `.data` is a new one of its type.

    Raises CannotRedact with one clear line, OSError where a file cannot be read or written. Warns
    with StillThere of what is left.
    """
    try:
        held = None if key is None else find_key(key)
    finally:
        del key  # a traceback may show it
    replacer = Replacer(held)
    if not isinstance(notebook, str) and hasattr(notebook, "keys"):
        raw = json.dumps(notebook, ensure_ascii=False)
        name = f"notebook{_SUFFIX}"
        done = _redacted(raw, name, replacer, strategy, strategies or {}, outputs_only)
        tree = _like(notebook, json.loads(done.text))
        return finished(tree, _report("notebook", done, replacer, _pictures(done.text)))
    path = Path(notebook)
    target = _target(path, output, in_place=in_place)
    raw, mode = read_whole(path)
    mark = _MARK if raw.startswith(_MARK) else ""
    done = _redacted(
        raw.removeprefix(mark), path.name, replacer, strategy, strategies or {}, outputs_only
    )
    write_whole(target, mark + done.text, mode)
    notes = (*_pictures(done.text), *(_checkpoints(path) if in_place else ()))
    return finished(target, _report(named_apart(path.name), done, replacer, notes))


def _redacted(
    raw: str,
    name: str,
    replacer: Replacer,
    strategy: str,
    strategies: Mapping[str, str],
    outputs_only: bool,
) -> Done:
    if not name.endswith(_SUFFIX):
        raise CannotRedact(f"{named_apart(name)}: not a notebook, its name does not end in .ipynb")
    wanted = _is_output if outputs_only else None
    return Redaction(name, replacer, strategy, strategies, wanted).done(raw)


def _is_output(part: Part) -> bool:
    """An output, its metadata, or the state of widgets, which is shown as an output."""
    place = part.place
    if isinstance(place, InMetadata):
        return place.output is not None or part.pointer[:2] == _WIDGETS
    return isinstance(place, InOutput)


def _target(path: Path, output: str | os.PathLike[str] | None, *, in_place: bool) -> Path:
    if in_place and output is not None:
        raise CannotRedact("give either output or in_place")
    if in_place:
        return path
    return Path(output) if output is not None else path.with_suffix(f".redacted{_SUFFIX}")


def _like(notebook: Any, tree: Any) -> Any:
    """A node of nbformat stays one."""
    if type(notebook).__module__.startswith("nbformat"):
        from nbformat import from_dict

        return from_dict(tree)
    return tree


def _pictures(raw: str) -> tuple[str, ...]:
    count = sum(is_binary(mime) for mime in _mimes(json.loads(raw)))
    if not count:
        return ()
    shown = "1 image or file" if count == 1 else f"{count} images or files"
    return (f"{shown} in the outputs left alone: nobody looked at what they show.",)


def _mimes(tree: Any) -> Iterator[str]:
    """The MIME types of all outputs."""
    if isinstance(tree, dict):
        for name, member in tree.items():
            if name == "data" and isinstance(member, dict):
                yield from member
            else:
                yield from _mimes(member)
    elif isinstance(tree, list):
        for member in tree:
            yield from _mimes(member)


def _checkpoints(path: Path) -> tuple[str, ...]:
    kept = path.parent / ".ipynb_checkpoints" / f"{path.stem}-checkpoint{_SUFFIX}"
    if not kept.exists():
        return ()
    return ("The checkpoint of the notebook in .ipynb_checkpoints holds the old text.",)


def _report(name: str, done: Done, replacer: Replacer, notes: tuple[str, ...]) -> RedactionReport:
    return RedactionReport(
        name=name,
        changes=done.changes,
        remaining=done.remaining,
        notes=(*done.notes, *notes),
        key=replacer.origin,
        fleeting=replacer.fleeting,
    )


__all__ = ["redact_notebook", "redact_text"]
