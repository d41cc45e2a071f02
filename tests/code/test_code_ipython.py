"""Texts that calls hand over to be run, with the places of their characters."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.cells import read
from llmsec_nb.cells.flow import CallSite, CommandSite, follow
from llmsec_nb.cells.ipython import Handed, handed


def none(path: str) -> str:
    return ""


def calls(source: str) -> list[CallSite]:
    return [one for one in follow([(0, read(source))], none) if isinstance(one, CallSite)]


def handed_over(source: str) -> list[Handed]:
    program = read(source)
    found = [handed(site, program) for site in calls(source)]
    return [one for one in found if one is not None]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("get_ipython().system('ls -l')", "!ls -l"),
        ("get_ipython().getoutput(cmd='ls')", "!ls"),
        ("get_ipython().system('ls\\npwd')", "%%bash\nls\npwd"),
        ("get_ipython().system(f'pip install {name}')", "!pip install {name}"),
        ("get_ipython().system('pip install ' + name + ' b')", "!pip install {name} b"),
        ("get_ipython().system('pip install %s' % name)", "!pip install %s"),
        ("get_ipython().system('pip install {}'.format(name))", "!pip install {}"),
        ("c = 'pip install a'\nget_ipython().system(c)", "!pip install a"),
        ("get_ipython().run_line_magic('pip', 'install a')", "%pip install a"),
        ("get_ipython().run_line_magic('matplotlib')", "%matplotlib"),
        ("get_ipython().magic('pip install a')", "%pip install a"),
        ("get_ipython().magic('%pip install a')", "%pip install a"),
        ("get_ipython().run_cell_magic('bash', '-e', 'ls')", "%%bash -e\nls"),
        ("get_ipython().run_cell('a = 1\\nb = 2')", "a = 1\nb = 2"),
        ("from IPython import get_ipython\nip = get_ipython()\nip.run_cell('''a\nb''')", "a\nb"),
        ("get_ipython().run_cell(r'a\\n')", "a\\n"),
        ("get_ipython().run_cell('a' # b\n  \"c\")", "ac"),
        ("exec('import a')", "import a"),
    ],
)
def test_the_text_is_the_cell_that_means_the_same(source: str, text: str) -> None:
    if not source.startswith(("get_ipython().run_cell('a' #",)):
        ast.parse(source)
    assert [one.program.text for one in handed_over(source)] == [text]


@pytest.mark.parametrize(
    "source",
    [
        "get_ipython().system(x)", "get_ipython().system()", "get_ipython().run_cell_magic('bash', '')", "get_ipython().run_cell(1)",
        "get_ipython().register_magics(a)", "exec(x)", "exec(f'a{x}')", "other().run_cell('a')", "get_ipython",
    ],
)  # fmt: skip
def test_nothing_is_handed_over(source: str) -> None:
    assert handed_over(source) == []


def test_commands_and_bodies_stand_at_their_characters() -> None:
    source = "é = 1; get_ipython().system('pip  install \\x61 é' \"b\")"
    [inner] = handed_over(source)
    [command] = inner.program.commands
    assert inner.program.words(command) == "pip  install a éb"
    start, end = inner.span(command.start, command.end)
    assert source[start:end] == "pip  install \\x61 é' \"b"
    place = inner.program.text.index("a é")
    start, end = inner.span(place, place + 1)
    assert source[start:end] == "\\x61"
    source = "get_ipython().run_cell_magic('bash', '', 'ls\\npwd')"
    [inner] = handed_over(source)
    [body] = inner.program.bodies
    start, end = inner.span(body.start, body.end)
    assert source[start:end] == "ls\\npwd"


def test_what_is_handed_over_sees_the_names_of_the_notebook() -> None:
    first = read("import os as o\nx = 'a'")
    second = read("get_ipython().run_cell('o.system(x)\\n!ls {x}')\no.getcwd()")
    found = list(follow([(0, first), (1, second)], none))
    paths = [one.path for one in found if isinstance(one, CallSite)]
    assert paths == ["?get_ipython", "?get_ipython().run_cell", "os.system", "os.getcwd"]
    [command] = [one for one in found if isinstance(one, CommandSite)]
    assert command.inner is not None
    assert command.inner.program.words(command.command) == "ls {x}"
    assert command.values["x"].constant == "a"
    assert [one.inner is None for one in found if isinstance(one, CallSite)] == [
        True,
        True,
        False,
        True,
    ]


@given(st.text(max_size=30), st.sampled_from(["'", '"', "'''"]))
def test_every_character_of_a_literal_has_its_place(text: str, quote: str) -> None:
    written = (
        repr(text)
        if quote != "'''"
        else "'''" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", "\\r") + "'''"
    )
    source = f"x = 1; exec({written})"
    if "\0" in source or not _parses(source):
        return
    for inner in handed_over(source):
        assert inner.program.text == text
        for place in range(len(text)):
            start, end = inner.span(place, place + 1)
            piece = source[start:end]
            assert (
                ast.literal_eval(
                    f"'{piece}'" if "\n" not in piece and piece != "'" else repr(piece)
                )
                == text[place]
            )


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
