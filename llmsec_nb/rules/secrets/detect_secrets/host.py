"""The process in which custom plugins run: requests on standard input, answers on the output."""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def main() -> None:
    """Load the plugins of the file that is named, then answer until the input ends."""
    output = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    os.dup2(2, 1)  # what a plugin prints is no answer
    try:
        plugins = _load(sys.argv[1])
    except Exception as error:  # noqa: BLE001 (code of others)
        _say(output, {"error": type(error).__name__})
        return
    _say(output, [])
    for request in sys.stdin:
        try:
            said: object = _look(plugins, json.loads(request))
        except Exception as error:  # noqa: BLE001 (code of others)
            said = {"error": type(error).__name__}
        _say(output, said)


def _say(output: Any, answer: object) -> None:
    output.write(json.dumps(answer) + "\n")
    output.flush()


def _load(file: str) -> list[Any]:
    from detect_secrets.core.plugins.util import get_plugins_from_file

    classes: Any = get_plugins_from_file(file)  # typed for one class only
    found = [plugin() for plugin in classes]
    if not found:
        raise LookupError("no plugin in the file")
    return found


def _look(plugins: list[Any], request: dict[str, Any]) -> list[tuple[int, str]]:
    from detect_secrets.util.code_snippet import get_code_snippet
    from detect_secrets.util.inject import call_function_with_arguments

    from .filters import Filters

    path, lines = request["path"], request["lines"]
    filters = Filters()
    found: dict[tuple[int, str], None] = {}
    for number, given in enumerate(lines):
        line = given.rstrip()
        for plugin in plugins:
            hits = call_function_with_arguments(
                plugin.analyze_line,
                filename=path,
                line=line,
                line_number=number + 1,
                context=get_code_snippet(lines, number + 1),
            )
            for hit in hits or ():
                value = str(hit.secret_value)
                if not filters.drop_value(value, line, plugin):
                    found[number, value] = None
    return list(found)


if __name__ == "__main__":
    main()
