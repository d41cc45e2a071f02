"""The places where a notebook can hold a credential, each as Jupyter writes it."""

from __future__ import annotations

import base64
import html
import json
import random
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from tests.benchmarks.secrets.credentials import Credential

Cell = dict[str, Any]


class Built(NamedTuple):
    """A notebook, and what stands in its file for the secret."""

    data: bytes
    marks: tuple[str, ...]


class Place(NamedTuple):
    """Cells that hold the credential, metadata of the notebook, and its parts if it is cut up."""

    cells: list[Cell]
    metadata: Mapping[str, Any] = MappingProxyType({})
    pieces: tuple[str, ...] = ()


def code(source: str, *outputs: Cell) -> Cell:
    """A code cell that was run."""
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def markdown(source: str, **members: Any) -> Cell:
    """A markdown cell."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}
    return cell | members


def stream(text: str, name: str = "stdout") -> Cell:
    """Printed text."""
    return {"name": name, "output_type": "stream", "text": text.splitlines(keepends=True)}


def result(**data: Any) -> Cell:
    """What the last line of a cell gave; `__` in a name stands for the slash of a MIME type."""
    bundle = {
        mime.replace("__", "/"): value.splitlines(keepends=True)
        if isinstance(value, str)
        else value
        for mime, value in data.items()
    }
    return {"data": bundle, "execution_count": 1, "metadata": {}, "output_type": "execute_result"}


def _client(c: Credential) -> str:
    return c.kind.call.rpartition(".")[2].lower()


def _call(c: Credential, value: str) -> str:
    """A call of the provider's client, with what usually stands beside the key."""
    if c.kind.name == "password":
        inner = f'host="db.acme.io", dbname="prod", user="app", password={value}'
    elif c.kind.name == "dsn":
        return f"engine = create_engine({value}, pool_size=5)"
    else:
        inner = f"{c.kind.keyword}={value}, timeout=30"
    return f"client = {c.kind.call}({inner})"


def _keyword_argument(c: Credential, _: random.Random) -> Place:
    return Place([code(_call(c, f'"{c.value}"'))])


def _single_quotes(c: Credential, _: random.Random) -> Place:
    inner = f"\n    model='small',\n    {c.kind.keyword}='{c.value}',\n    max_retries=2,\n"
    return Place([code(f"client = {c.kind.call}({inner})\nclient")])


def _assignment(c: Credential, _: random.Random) -> Place:
    return Place([code(f'import os\n\n{c.kind.variable} = "{c.value}"\nMODEL = "small-v2"\n')])


def _environment(c: Credential, _: random.Random) -> Place:
    return Place([code(f'import os\n\nos.environ["{c.kind.variable}"] = "{c.value}"')])


def _set_default(c: Credential, _: random.Random) -> Place:
    return Place([code(f"os.environ.setdefault('{c.kind.variable}', '{c.value}')")])


def _dictionary(c: Credential, _: random.Random) -> Place:
    source = (
        f'{_client(c)}_config = {{\n    "model": "small-v2",\n    "temperature": 0.2,\n'
        f'    "{c.kind.keyword}": "{c.value}",\n}}\n'
    )
    return Place([code(source)])


def _halves(value: str, source: random.Random) -> tuple[str, str]:
    middle = len(value) // 2 + source.randint(-2, 2)
    return value[:middle], value[middle:]


def _concatenation(c: Credential, source: random.Random) -> Place:
    first, second = _halves(c.value, source)
    text = f'{c.kind.variable.lower()} = "{first}" + "{second}"'
    return Place([code(text)], pieces=(first, second))


def _implicit(c: Credential, source: random.Random) -> Place:
    first, second = _halves(c.value, source)
    text = f'{c.kind.variable} = (\n    "{first}"\n    "{second}"\n)\n'
    return Place([code(text)], pieces=(first, second))


def _base64(c: Credential, _: random.Random) -> Place:
    encoded = base64.b64encode(c.value.encode()).decode()
    text = f'import base64\n\n{c.kind.variable} = base64.b64decode("{encoded}").decode()'
    return Place([code(text)], pieces=(encoded,))


def _f_string(c: Credential, _: random.Random) -> Place:
    if c.kind.name in {"password", "dsn"}:
        text = f'dsn = f"postgresql://app:{c.secret}@{{host}}:5432/{{name}}"'
    else:
        text = f'headers = {{"Authorization": f"Bearer {c.value}", "X-Run": f"{{run}}"}}'
    return Place([code(text)])


def _url_parameter(c: Credential, _: random.Random) -> Place:
    if c.kind.name == "dsn":
        text = f'pd.read_sql("select 1", "{c.value}")'
    else:
        address = f"https://api.{_client(c)}.com/v1/search?{c.kind.keyword}={c.value}&limit=10"
        text = f'r = requests.get("{address}")\nr.json()'
    return Place([code(text)])


def _comment(c: Credential, _: random.Random) -> Place:
    old = _call(c, f'"{c.value}"')
    return Place([code(f"# {old}\nclient = {c.kind.call}()")])


def _env_magic(c: Credential, _: random.Random) -> Place:
    return Place([code(f"%env {c.kind.variable}={c.value}")])


def _export(c: Credential, _: random.Random) -> Place:
    return Place([code(f"!export {c.kind.variable}={c.value} && python train.py --epochs 3")])


def _curl(c: Credential, _: random.Random) -> Place:
    if c.kind.name == "password":
        text = f"!curl -s -u app:{c.value} https://grafana.acme.io/api/health"
    elif c.kind.name == "dsn":
        text = f'!psql "{c.value}" -c "\\d runs"'
    else:
        text = (
            "%%bash\ncurl -s https://api.acme.io/v1/chat \\\n"
            f'  -H "Authorization: Bearer {c.value}" \\\n'
            '  -H "Content-Type: application/json" \\\n  -d \'{"model": "small"}\'\n'
        )
    return Place([code(text)])


def _write_file(c: Credential, _: random.Random) -> Place:
    return Place([code(f"%%writefile .env\nDEBUG=1\n{c.kind.variable}={c.value}\nREGION=eu-1\n")])


def _prose(c: Credential, _: random.Random) -> Place:
    text = (
        f"## Setup\n\nUse `{c.value}` as the {c.kind.variable} until the end of the workshop, "
        "then make one of your own.\n"
    )
    return Place([markdown(text)])


def _markdown_table(c: Credential, _: random.Random) -> Place:
    text = (
        "| Setting | Value |\n| --- | --- |\n| MODEL | `small-v2` |\n"
        f"| {c.kind.variable} | `{c.value}` |\n| REGION | `eu-1` |\n"
    )
    return Place([markdown(text)])


def _markdown_code(c: Credential, _: random.Random) -> Place:
    text = f"First run\n\n```bash\nexport {c.kind.variable}='{c.value}'\npip install -q acme\n```\n"
    return Place([markdown(text)])


def _printed(c: Credential, _: random.Random) -> Place:
    text = f"Loading settings\nMODEL: small-v2\n{c.kind.variable}: {c.value}\nRetries: 2\n"
    return Place([code("show_settings()", stream(text))])


def _log(c: Credential, _: random.Random) -> Place:
    text = (
        "2024-05-14 09:12:44,120 INFO  app.main starting run 3f2a\n"
        f"2024-05-14 09:12:44,131 DEBUG app.config {c.kind.variable}={c.value} region=eu-1\n"
    )
    return Place([code("main()", stream(text, "stderr"))])


def _representation(c: Credential, _: random.Random) -> Place:
    text = f"{{'model': 'small-v2',\n '{c.kind.keyword}': '{c.value}',\n 'timeout': 30}}"
    return Place([code(f"{_client(c)}.settings", result(text__plain=text))])


def _frame_html(c: Credential, _: random.Random) -> Place:
    row = "<tr>\n      <th>{}</th>\n      <td>{}</td>\n      <td>{}</td>\n      <td>{}</td>\n    </tr>"
    rows = [
        row.format(0, "storage", "none", "2024-01-02"),
        row.format(1, html.escape(_client(c)), html.escape(c.value), "2024-03-05"),
    ]
    head = f"<th></th>\n      <th>service</th>\n      <th>{c.kind.keyword}</th>\n      <th>created</th>"
    text = (
        "<div>\n<style scoped>\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n"
        '</style>\n<table border="1" class="dataframe">\n  <thead>\n    '
        f'<tr style="text-align: right;">\n      {head}\n    </tr>\n  </thead>\n  <tbody>\n    '
        + "\n    ".join(rows)
        + "\n  </tbody>\n</table>\n</div>"
    )
    return Place([code("accounts", result(text__html=text))])


def _frame_text(c: Credential, _: random.Random) -> Place:
    width, name = max(len(c.value), len(c.kind.keyword)), _client(c)
    wide = max(len(name), len("service"))
    lines = [
        f"   {'service':>{wide}}  {c.kind.keyword:>{width}}     created",
        f"0  {'storage':>{wide}}  {'none':>{width}}  2024-01-02",
        f"1  {name:>{wide}}  {c.value:>{width}}  2024-03-05",
    ]
    return Place([code("accounts", result(text__plain="\n".join(lines)))])


def _json_output(c: Credential, _: random.Random) -> Place:
    tree = {"model": "small-v2", "auth": {c.kind.keyword: c.value, "user": "app"}, "retries": 2}
    data = result(application__json=tree, text__plain="<IPython.core.display.JSON object>")
    return Place([code("JSON(settings)", data)])


def _printed_json(c: Credential, _: random.Random) -> Place:
    tree = {"id": 17, "name": "prod", c.kind.variable.lower(): c.value, "active": True}
    return Place([code("print(json.dumps(row))", stream(json.dumps(tree) + "\n"))])


_GREY: Final = "\x1b[38;5;241m"
_RED: Final = "\x1b[38;5;124m"
_OFF: Final = "\x1b[39m"


def _traceback(c: Credential, _: random.Random) -> Place:
    quote = f'{_RED}"{_OFF}'
    coloured = _call(c, "<value>").replace("=", f"{_GREY}={_OFF}")
    shown = coloured.replace("<value>", f"{quote}{_RED}{c.value}{_OFF}{quote}")
    before = "Cell \x1b[0;32mIn[3], line 2\x1b[0m\n\x1b[1;32m      1\x1b[0m model = small()\n"
    lines = [
        "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m",
        "\x1b[0;31mAuthenticationError\x1b[0m                       Traceback (most recent call last)",
        f"{before}\x1b[0;32m----> 2\x1b[0m {shown}\n\x1b[1;32m      3\x1b[0m run(client)\n",
        "\x1b[0;31mAuthenticationError\x1b[0m: 401 Unauthorized",
    ]
    error = {
        "ename": "AuthenticationError",
        "evalue": "401 Unauthorized",
        "output_type": "error",
        "traceback": lines,
    }
    return Place([code("run()", error)])


def _error_message(c: Credential, _: random.Random) -> Place:
    evalue = f"Incorrect {c.kind.keyword} provided: {c.value}. Look it up in your account."
    error = {"ename": "AuthenticationError", "evalue": evalue, "output_type": "error"}
    return Place([code("client.ask()", error | {"traceback": ["see above"]})])


def _widget(c: Credential, source: random.Random) -> Place:
    model = {
        "model_module": "@jupyter-widgets/controls",
        "model_module_version": "2.0.0",
        "model_name": "PasswordModel",
        "state": {
            "_model_name": "PasswordModel",
            "description": f"{c.kind.variable}:",
            "layout": f"IPY_MODEL_{source.randbytes(16).hex()}",
            "placeholder": "paste it here",
            "value": c.value,
        },
    }
    state = {"state": {source.randbytes(16).hex(): model}, "version_major": 2, "version_minor": 0}
    widgets = {"application/vnd.jupyter.widget-state+json": state}
    return Place([code("display(form)")], {"widgets": widgets})


def _metadata(c: Credential, _: random.Random) -> Place:
    parameters = {"epochs": 3, "model": "small-v2", c.kind.variable: c.value}
    papermill = {"input_path": "train.ipynb", "parameters": parameters, "version": "2.4.0"}
    return Place([code("train(epochs)")], {"papermill": papermill})


def _cell_metadata(c: Credential, _: random.Random) -> Place:
    cell = code("run_query()")
    cell["metadata"] = {"connection": {"user": "app", c.kind.keyword: c.value}, "tags": ["query"]}
    return Place([cell])


def _attachment(c: Credential, _: random.Random) -> Place:
    encoded = base64.b64encode(f"DEBUG=1\n{c.kind.variable}={c.value}\n".encode()).decode()
    attached = {"settings.env": {"text/plain": encoded}}
    cell = markdown("[settings](attachment:settings.env)", attachments=attached)
    return Place([cell], pieces=(encoded,))


def _form(c: Credential, _: random.Random) -> Place:
    name, value = c.kind.keyword, html.escape(c.value)
    text = (
        f'<form action="/login"><label for="{name}">{c.kind.variable}</label>\n'
        f'<input type="password" id="{name}" name="{name}" value="{value}">\n</form>'
    )
    return Place([code("HTML(form)", result(text__html=text))])


PLACES: Final[dict[str, Callable[[Credential, random.Random], Place]]] = {
    "keyword argument": _keyword_argument,
    "single quotes": _single_quotes,
    "assignment": _assignment,
    "environment": _environment,
    "setdefault": _set_default,
    "dictionary": _dictionary,
    "concatenation": _concatenation,
    "implicit join": _implicit,
    "base64 literal": _base64,
    "f-string": _f_string,
    "URL parameter": _url_parameter,
    "comment": _comment,
    "%env": _env_magic,
    "!export": _export,
    "curl": _curl,
    "%%writefile": _write_file,
    "prose": _prose,
    "markdown table": _markdown_table,
    "markdown code": _markdown_code,
    "printed": _printed,
    "log": _log,
    "representation": _representation,
    "frame as HTML": _frame_html,
    "frame as text": _frame_text,
    "JSON output": _json_output,
    "printed JSON": _printed_json,
    "traceback": _traceback,
    "error message": _error_message,
    "widget state": _widget,
    "metadata": _metadata,
    "cell metadata": _cell_metadata,
    "attachment": _attachment,
    "HTML form": _form,
}


def build(place: str, credential: Credential, source: random.Random) -> Built:
    """A notebook that holds the credential in one place, among cells that hold none."""
    put = PLACES[place](credential, source)
    cells = [
        markdown("# Churn model\n\nTrained on the March export, see the [notes](notes.md).\n"),
        code("import os\n\nimport pandas as pd\nimport requests\n"),
        code("df = pd.read_csv('data/march.csv')\ndf.shape", result(text__plain="(7043, 21)")),
        *put.cells,
        code("history = fit(df)", stream("Epoch 1/3 - loss: 0.4312 - accuracy: 0.8120\n")),
    ]
    for cell in cells:
        cell["id"] = source.randbytes(4).hex()
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.1"},
    }
    tree = {
        "cells": cells,
        "metadata": metadata | dict(put.metadata),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    raw = json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    pieces = put.pieces or (credential.secret,)
    marks = tuple(json.dumps(piece, ensure_ascii=False)[1:-1] for piece in pieces)
    return Built(raw.encode(), marks)
