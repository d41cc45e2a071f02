"""`%llmsec` and `%%llmsec`. Only IPython is imported here: loading must cost nothing."""

from __future__ import annotations

import re
import shlex
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from IPython.core.interactiveshell import InteractiveShell

    from .api import Extras, Outcome
    from .comms import Link
    from .config import Config
    from .session import Session

_HELP: Final = """\
%llmsec check             scan this session: the cells that ran and their outputs
%llmsec check df          judge a data frame, column by column (pandas, polars, Arrow, ...)
%llmsec check PATH ...    scan files, models, data sets or directories, as `llmsec check` does
%llmsec check --env       audit the packages of this kernel
%llmsec data df           training data: triggers, payloads, duplicates, leaks (--text --label ...)
%llmsec redact df         pseudonyms for the personal data of a data frame, as `df_redacted`
%llmsec on | off          scan each cell as it runs
%llmsec rules             list the rules
%llmsec explain RULE      what a rule finds, why, and how to mend it
%llmsec status            what is switched on
%llmsec help              this text
%%llmsec [--block LEVEL]  scan the cell, then run it; with --block not if it is that severe

check and %%llmsec take --select, --ignore, --fail-on and --min-confidence."""
_COMMANDS: Final = ("check", "data", "redact", "on", "off", "rules", "explain", "status", "help")
_OPTIONS: Final = (
    "--block",
    "--select",
    "--extend-select",
    "--ignore",
    "--fail-on",
    "--min-confidence",
)


_INSTALLING: Final = re.compile(r"\b(?:pip|conda|mamba|uv|poetry)\b")


@magics_class
class LlmsecMagics(Magics):
    """The magics, and the hooks that watch cells run."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Start with watching off."""
        super().__init__(shell)
        self.shell: InteractiveShell = shell
        self.ids: dict[int, str] = {}
        self.running = len(self._inputs) - 1
        self.watching = False
        self.hook_error = ""
        self.link: Link | None = None

    @line_cell_magic
    def llmsec(self, line: str, cell: str | None = None) -> Any:
        """Security for this notebook. `%llmsec help` lists the commands."""
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"%llmsec: {error}") from None
        if cell is not None:
            return self._cell(words, cell)
        command, *rest = words or ["help"]
        if command not in _COMMANDS:
            from .config import nearest

            raise UsageError(
                f'%llmsec: no command "{command}"{nearest(command, list(_COMMANDS))} '
                "(see %llmsec help)"
            )
        run: Callable[[list[str]], Any] = getattr(self, f"_{command}")
        return _short_errors(run, rest)

    def _check(self, words: list[str]) -> Any:
        from .api import Extras, check_documents
        from .display import Shown
        from .sources.kernel import read_session

        options = _parsed("%llmsec check", words, paths=True)
        config, root = _config(options)
        if options.paths or options.env:
            frames, paths = self._frames(options.paths)
            extras = Extras(model=options.ner, environment=options.env)
            outcome = _paths(paths, config, root, frames, extras)
            if frames or options.env:
                names = [*frames, *(["environment"] if options.env else [])]
                self._push(f"data:{','.join(names)}", outcome)
            return Shown(outcome)
        document = read_session(self.shell, self.ids)
        document.sources.pop(self.running, None)  # this command is no cell to report on
        document = self._session.whole(document)
        outcome = check_documents([document], config, root, options.ner)
        self._push("session", outcome)
        return Shown(outcome)

    def _data(self, words: list[str]) -> Any:
        from .api import Outcome
        from .data_command.magic import scan_variable

        scan = scan_variable(words, self.shell.user_ns)
        self._push(f"data:rows:{scan.report.name}", Outcome(scan.whole, {}))
        return scan

    def _frames(self, names: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The variables among some names that hold a table, and the other names."""
        from .sources.dataset import is_dataset

        space = self.shell.user_ns
        frames = {name: space[name] for name in names if is_dataset(space.get(name))}
        return frames, [name for name in names if name not in frames]

    def _cell(self, words: list[str], cell: str) -> None:
        _short_errors(lambda rest: self._judge_and_run(rest, cell), words)

    def _judge_and_run(self, words: list[str], cell: str) -> None:
        from .core.rule import Severity

        options = _parsed("%%llmsec", words, paths=False)
        config, root = _config(options)
        outcome = self._scan_source(cell, config, root)
        self._publish(outcome)
        limit = options.block and Severity(options.block)
        if limit and any(f.severity.at_least(limit) for f in outcome.report.active):
            print(f"llmsec: not run: a finding is {limit.value} or worse", file=sys.stderr)
            return
        self.shell.run_cell(cell)

    def _redact(self, words: list[str]) -> Any:
        from .redacting import redact_variable

        return redact_variable(words, self.shell.user_ns)

    def _on(self, words: list[str]) -> None:
        self.watching = True
        if _config(None)[0].presidio:
            from .presidio import shared

            shared().warm()  # in the background: the first cell need not wait for all of it
        print("llmsec: on; each cell is scanned as it runs")

    def _off(self, words: list[str]) -> None:
        self.watching = False
        print("llmsec: off")

    def _rules(self, words: list[str]) -> None:
        from .describe import rules_text

        print(rules_text(), end="")

    def _explain(self, words: list[str]) -> None:
        from .describe import explain

        if not words:
            raise UsageError("%llmsec explain: which rule? (see %llmsec rules)")
        print("\n".join(map(explain, words)), end="")

    def _status(self, words: list[str]) -> None:
        from . import __version__
        from .rules import all_rules
        from .sources.kernel import session_name

        state = "on" if self.watching else "off"
        print(f"llmsec-nb {__version__}: watching is {state}, {len(all_rules())} rules")
        print(f"session: {session_name()}")
        if self.hook_error:
            print(f"NOT everything was scanned: {self.hook_error}")

    def _help(self, words: list[str]) -> None:
        print(_HELP)

    def before_cell(self, info: Any) -> None:
        """Remember the front end's id of the cell."""
        if not getattr(info, "store_history", True):
            return
        self.running = len(self._inputs)
        cell_id = getattr(info, "cell_id", None)
        if cell_id:
            self.ids[self.running] = cell_id

    @property
    def _inputs(self) -> list[str]:
        """A cell is the next of these; IPython's own count goes up before it or after."""
        manager = self.shell.history_manager
        return manager.input_hist_raw if manager is not None else [""]

    def after_cell(self, result: Any) -> None:
        """Scan what ran, if that is switched on. Never raises: IPython would print the cell."""
        self._settle(result.execution_count)
        try:
            if self.link is not None and _INSTALLING.search(result.info.raw_cell or ""):
                self.link.installed()
            if self.watching and getattr(result.info, "store_history", True):
                self._scan_last(result)
        except Exception as error:  # noqa: BLE001 (a hook that raises makes IPython print the cell)
            self.hook_error = f"the last scan stopped with {type(error).__name__}"
            print(f"llmsec: {self.hook_error}; please report it", file=sys.stderr)

    def _settle(self, count: int | None) -> None:
        """Ipykernel files what display() shows under the next prompt; put it where it belongs."""
        outputs = getattr(self.shell.history_manager, "outputs", None)
        if outputs is not None and count is not None:
            outputs.setdefault(count, []).extend(outputs.pop(count + 1, []))

    def _scan_last(self, result: Any) -> None:
        if result.info.raw_cell.lstrip().startswith(("%llmsec", "%%llmsec")):
            return
        from .api import check_documents
        from .sources.kernel import read_session

        config, root = _config(None)
        count = result.execution_count or self.running
        document = read_session(self.shell, self.ids, only=count)
        document = self._session.cell(document, self._inputs, count)
        outcome = check_documents([document], config, root)
        self._push("watch", outcome, self.ids.get(count))
        self._publish(outcome)

    def _push(self, source: str, outcome: Outcome, cell_id: str | None = None) -> None:
        """Tell the panel, if there is one."""
        if self.link is not None:
            cells = [cell_id] if cell_id else []
            self.link.push(source, outcome.report, cells, executed=True)

    def _scan_source(self, cell: str, config: Config, root: Path) -> Outcome:
        from .api import check_documents
        from .sources.kernel import read_cell

        count = self.running
        document = read_cell(cell, count, self.ids.get(count))
        document = self._session.cell(document, self._inputs, count)
        return check_documents([document], config, root)

    @cached_property
    def _session(self) -> Session:
        from .session import Session

        return Session()

    def _publish(self, outcome: Outcome) -> None:
        """Show a report that has something to say."""
        if outcome.report.active or outcome.report.failures:
            from IPython.display import display

            from .display import Shown

            display(Shown(outcome))


def _short_errors(run: Callable[[list[str]], Any], words: list[str]) -> Any:
    from .config import ConfigError
    from .options import UsageError as OptionError

    try:
        return run(words)
    except (ConfigError, OptionError) as error:
        raise UsageError(str(error)) from None


def _parsed(name: str, words: list[str], *, paths: bool) -> Any:
    from .options import Parser, add_environment, add_presidio, add_selection

    parser = Parser(prog=name, add_help=False)
    if paths:
        parser.add_argument("paths", nargs="*")
        add_environment(parser)
        add_presidio(parser)
    else:
        parser.add_argument("--block", choices=("critical", "high", "medium", "low", "info"))
    add_selection(parser)
    return parser.parse_args(words)


def _config(options: Any) -> tuple[Config, Path]:
    from pathlib import Path

    from .config import load
    from .options import configured

    here = Path.cwd()
    config, file = load(here)
    return (configured(config, options) if options else config), file.parent if file else here


def _paths(
    paths: list[str], config: Config, root: Path, frames: dict[str, Any], extras: Extras
) -> Outcome:
    from .api import check_paths
    from .tabular import Frames, with_bar

    def progress(results: Iterable[Any], total: int) -> Iterable[Any]:
        if total < 2:
            return results
        from tqdm.auto import tqdm

        bar: Iterable[Any] = tqdm(results, total=total, unit="file", delay=1, leave=False)
        return bar

    tables = Frames(frames, with_bar)
    return check_paths(paths, config, root=root, progress=progress, extras=extras, frames=tables)


def _complete(context: Any) -> Any:
    """Completions after `%llmsec `: commands, rules, options."""
    line = context.line_with_cursor.lstrip("%")
    if not line.startswith("llmsec "):
        return {"completions": []}
    from IPython.core.completer import SimpleCompletion

    words = line.split(" ")
    is_cell = context.line_with_cursor.startswith("%%")
    known: Iterable[str] = _COMMANDS if len(words) == 2 and not is_cell else _OPTIONS
    if len(words) > 2 and words[1] == "explain":
        from .rules import all_rules

        known = [name for rule in all_rules().values() for name in (rule.id, rule.name)]
    found = [SimpleCompletion(word, type="llmsec") for word in known if word.startswith(words[-1])]
    return {
        "completions": found,
        "matched_fragment": words[-1],
        "suppress": bool(found) and words[1:2] != ["check"],
    }


_loaded: dict[int, tuple[LlmsecMagics, Any]] = {}


def load(shell: InteractiveShell) -> None:
    """Register magics, hooks and completion; a second time changes nothing."""
    if id(shell) in _loaded:
        return
    magics = LlmsecMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.before_cell)
    shell.events.register("post_run_cell", magics.after_cell)
    matcher = _matcher()
    if shell.Completer is not None:
        shell.Completer.custom_matchers.append(matcher)
    _loaded[id(shell)] = (magics, matcher)
    from .comms import connect

    magics.link = connect(shell)
    if hasattr(shell.display_pub, "store_display_history"):
        # Without it ipykernel forgets what display() showed, so that nobody could scan it.
        shell.display_pub.store_display_history = True


def unload(shell: InteractiveShell) -> None:
    """Take magics, hooks and completion back."""
    magics, matcher = _loaded.pop(id(shell), (None, None))
    if magics is None:
        return
    shell.events.unregister("pre_run_cell", magics.before_cell)
    shell.events.unregister("post_run_cell", magics.after_cell)
    if magics.link is not None:
        magics.link.close()
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("llmsec", None)
    if shell.Completer is not None and matcher in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.remove(matcher)


def _matcher() -> Any:
    from IPython.core.completer import context_matcher

    return context_matcher(identifier="llmsec")(_complete)
