"""A script that a model wrote, from its writing to its run."""

from __future__ import annotations

import pytest

from .scanning import flagged

ASK = (
    "from openai import OpenAI\nc = OpenAI()\n"
    "t = c.chat.completions.create(model='m', messages=[]).choices[0].message.content"
)


@pytest.mark.parametrize(
    ("cells", "piece"),
    [
        (["open('gen.py', 'w').write(t)", "!python gen.py"], "python gen.py"),
        (["with open('gen.py', 'w') as f:\n    f.write(t)", "%run gen.py"], "gen.py"),
        (
            [
                "from pathlib import Path\nPath('a/gen.sh').write_text(t)",
                "!bash a/gen.sh | tee log",
            ],
            "bash a/gen.sh | tee log",
        ),
        (
            ["open('g.py', 'w').write(t)", "import subprocess\nsubprocess.run(['python', 'g.py'])"],
            "subprocess.run(['python', 'g.py'])",
        ),
        (["open('gen.py', 'w').write(t)", "import sys\n!{sys.executable} gen.py"], None),
    ],
)
def test_run(cells: list[str], piece: str | None) -> None:
    found = flagged("COD020", ASK, *cells)
    assert found == [piece or "{sys.executable} gen.py"]


@pytest.mark.parametrize(
    "cells",
    [
        ["open('gen.py', 'w').write(t)", "!cat gen.py"],
        ["open('gen.py', 'w').write(t)", "!python other_gen.py"],
        ["open('gen.py', 'w').write('print(1)')", "!python gen.py"],
        ["!python gen.py", "open('gen.py', 'w').write(t)"],
        ["open('answer.txt', 'w').write(t)", "!python answer.txt"],
    ],
)
def test_no_run(cells: list[str]) -> None:
    assert flagged("COD020", ASK, *cells) == []
