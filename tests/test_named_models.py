"""Model files that cells name: read where they lie, and nowhere else."""

from __future__ import annotations

import itertools
import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmsec_nb.core.detector import Context, Incomplete, Surroundings
from llmsec_nb.rules import named_models
from llmsec_nb.rules.named_models import NamedModels

from .code.scanning import taken_apart
from .samples import Maker


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("echo never-run",)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "project" / "notebooks"
    home.mkdir(parents=True)
    (home / "evil.pkl").write_bytes(pickle.dumps(_Evil()))
    (home / "good.pkl").write_bytes(pickle.dumps({"a": [1, 2.0]}))
    (home.parent / "up.pkl").write_bytes(pickle.dumps(_Evil()))
    (tmp_path / "outside.pkl").write_bytes(pickle.dumps(_Evil()))
    (home / "linked.pkl").symlink_to(tmp_path / "outside.pkl")
    (home / "model").mkdir()
    (home / "model" / "pytorch_model.bin").write_bytes(pickle.dumps(_Evil()))
    (home / "packed.pkl").write_bytes(b"Rar!\x1a\x07\x00" + bytes(500))
    return home


def found(folder: Path, *cells: str, known: bool = True) -> list[tuple[int, str, str]]:
    units, sites = taken_apart(*cells)
    around = Surroundings(folder=str(folder), root=str(folder.parent)) if known else None
    context = Context(around=around) if around else Context()
    return [
        (number, units[number].source[match.start : match.end], match.message)
        for number, match in NamedModels().inspect(units, sites, context)
        if match.rule.id == "MOD001"
    ]


SAYS = ".system('echo never-run')"


@pytest.mark.parametrize(
    ("cells", "flagged"),
    [
        (["import torch\ntorch.load('evil.pkl')"], [(0, "torch.load('evil.pkl')", "evil.pkl")]),
        (
            ["P = './evil.pkl'", "import joblib", "m = joblib.load(P)"],
            [(2, "joblib.load(P)", "./evil.pkl")],
        ),
        (
            ["import pickle\nwith open('../up.pkl', 'rb') as f:\n    pickle.load(f)"],
            [(0, "open('../up.pkl', 'rb')", "../up.pkl")],
        ),
        (
            ["AutoModel.from_pretrained('model')"],
            [(0, "AutoModel.from_pretrained('model')", "model/pytorch_model.bin")],
        ),
        (
            [
                "from pathlib import Path\nimport pickle\nwith (Path('..') / 'up.pkl').open('rb') as f:\n    m = pickle.load(f)"
            ],
            [(0, "(Path('..') / 'up.pkl').open('rb')", "../up.pkl")],
        ),
        (
            ["import os, joblib\nHERE = '.'\nm = joblib.load(os.path.join(HERE, 'evil.pkl'))"],
            [(0, "joblib.load(os.path.join(HERE, 'evil.pkl'))", "./evil.pkl")],
        ),
        (
            [
                "import joblib\nHERE = '.'\nm = joblib.load('../' + 'up.pkl')\njoblib.load(f'{HERE}/evil.pkl')"
            ],
            [
                (0, "joblib.load('../' + 'up.pkl')", "../up.pkl"),
                (0, "joblib.load(f'{HERE}/evil.pkl')", "./evil.pkl"),
            ],
        ),
        (
            [
                "from pathlib import Path\nb = Path('..', 'evil.pkl')\n(Path('.') / 'evil.pkl').open('wb')"
            ],
            [],
        ),
        (["import os\nos.path.join('missing', 'evil.pkl')"], []),
        (["load('evil.pkl')", "load('evil.pkl')"], [(0, "load('evil.pkl')", "evil.pkl")]),
        (["load('good.pkl')", "load('missing.pkl')"], []),
        (["import joblib\njoblib.dump(m, 'evil.pkl')\nopen('evil.pkl', 'wb')"], []),
        (["load('../../outside.pkl')", "load('linked.pkl')"], []),
        (["print('evil.pkl is bad')", "# torch.load('evil.pkl')"], []),
    ],
)
def test_files_that_calls_name(
    folder: Path, cells: list[str], flagged: list[tuple[int, str, str]]
) -> None:
    seen = found(folder, *cells)
    assert [(number, piece) for number, piece, _ in seen] == [one[:2] for one in flagged]
    for (_, _, message), (_, _, name) in zip(seen, flagged, strict=True):
        assert message.startswith(f"{name}: ")
        assert SAYS in message


def test_no_file_is_looked_at_where_no_folder_is_known(folder: Path) -> None:
    absolute = str(folder / "evil.pkl")
    assert found(folder, f"load({absolute!r})", known=False) == []
    assert len(found(folder, f"load({absolute!r})")) == 1


def test_what_cannot_be_read_whole_is_told(folder: Path) -> None:
    units, sites = taken_apart("load('packed.pkl')")
    context = Context(around=Surroundings(folder=str(folder), root=str(folder)))
    told: list[object] = []
    with pytest.raises(Incomplete) as failure:
        told += NamedModels().inspect(units, sites, context)
    assert str(failure.value).startswith("INCOMPLETE: packed.pkl: ")


def test_a_file_that_changed_is_read_again(folder: Path) -> None:
    assert found(folder, "load('good.pkl')") == []
    (folder / "good.pkl").write_bytes(pickle.dumps(_Evil()))
    assert len(found(folder, "load('good.pkl')")) == 1


class _Says:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (self.command,)


COMMANDS = {
    "mysql -u root -p{word} -e x": "mysql -u root -p*** -e x",
    "export PASSWORD={word}": "export PASSWORD=***",
    "psql https://joe:{word}@h.example.org/x": "psql https://joe:***@h.example.org/x",
    'curl -H "Authorization: Bearer {word}" x': 'curl -H "Authorization: Bearer ***" x',
    "curl -u joe:{word} x": "curl -u joe:*** x",
    "mail {mail} x": "mail *** x",
    "echo {token} x": "echo *** x",
    "mkdir -parents data": "mkdir -parents data",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_file_would_run_is_told_without_its_secrets(folder: Path, command: str) -> None:
    maker = Maker(11)
    values = {
        "word": "Xk9" + maker.of(12),
        "mail": f"jane.doe{maker.of(3).lower()}@{maker.of(6).lower()}-works.de",
        "token": maker.token("SEC103"),
    }
    (folder / "says.pkl").write_bytes(pickle.dumps(_Says(command.format(**values))))
    [(_, _, message)] = found(folder, "load('says.pkl')")
    assert (
        message
        == f"says.pkl: Loading it calls {os.system.__module__}.system({COMMANDS[command]!r})"
    )


def test_names_that_are_secrets_are_not_told(folder: Path) -> None:
    token = Maker(12).token("SEC103")
    (folder / f"{token}.pkl").write_bytes(pickle.dumps(_Evil()))
    (folder / f"x {token}.pkl").write_bytes(b"Rar!\x1a\x07\x00" + bytes(500))
    [(_, _, message)] = found(folder, f"load('{token}.pkl')")
    assert (token in message, message[:9]) == (False, "***.pkl: ")
    with pytest.raises(Incomplete) as failure:
        found(folder, f"load('x {token}.pkl')")
    assert str(failure.value).startswith("INCOMPLETE: x ***.pkl: ")


def inspected(folder: Path, cell: str, detector: NamedModels) -> tuple[list[str], str]:
    """The messages, and what was not read."""
    units, sites = taken_apart(cell)
    context = Context(around=Surroundings(folder=str(folder), root=str(folder)))
    told: list[str] = []
    try:
        for _, match in detector.inspect(units, sites, context):
            told.append(match.message.partition(":")[0])
    except Incomplete as failure:
        return told, str(failure)
    return told, ""


def test_a_long_file_is_not_read_to_its_end(folder: Path) -> None:
    (folder / "long.pkl").write_bytes(pickle.dumps([bytes(5_000), _Evil()]))
    told = inspected(folder, "load('long.pkl')", NamedModels(most=1_000))
    assert told == (
        [],
        "INCOMPLETE: long.pkl was not read in the time there is: `llmsec check long.pkl`",
    )
    assert inspected(folder, "load('long.pkl')", NamedModels(most=1_000)) == told


def test_when_the_time_is_over_the_next_scan_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count(step=3)
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr(named_models, "time", clock)
    for name in "ab":
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(_Evil()))
    cell = "load('a.pkl')\nload('b.pkl')\nload('good.pkl')"
    more = "was not read in the time there is: `llmsec check"
    assert inspected(folder, cell, NamedModels()) == (
        ["a.pkl"],
        f"INCOMPLETE: b.pkl {more} b.pkl`, and 1 more",
    )
    assert inspected(folder, cell, NamedModels()) == (
        ["a.pkl", "b.pkl"],
        f"INCOMPLETE: good.pkl {more} good.pkl`",
    )
    assert inspected(folder, cell, NamedModels()) == (["a.pkl", "b.pkl"], "")
    assert next(ticks) == 18.0  # two looks at the clock for each file, and none for a known one


def test_files_of_a_folder_beyond_the_limit_are_told(folder: Path) -> None:
    for number in range(42):
        (folder / "model" / f"x{number:02}.pkl").write_bytes(pickle.dumps([number]))
    told, unread = inspected(folder, "AutoModel.from_pretrained('model/')", NamedModels())
    assert told == ["model/pytorch_model.bin"]
    assert unread == "INCOMPLETE: 3 more files of model were not read: `llmsec check model`"
