"""The second opinion: by a stand-in for picklescan, and by itself where it is installed."""

from __future__ import annotations

import pickle
import sys
from enum import Enum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from llmsec_nb.core.detector import NotInstalled
from llmsec_nb.models import scan_model
from llmsec_nb.models.second import NoOpinion, merged, second_opinion

from .payloads import calling, found


class Safety(Enum):
    INNOCUOUS = "innocuous"
    SUSPICIOUS = "suspicious"
    DANGEROUS = "dangerous"


def stand_in(monkeypatch: pytest.MonkeyPatch, result: Any) -> None:
    """A picklescan that answers so, or raises that."""

    def scan(_path: str) -> Any:
        if isinstance(result, Exception):
            raise result
        return result

    module = ModuleType("picklescan.scanner")
    module.scan_file_path = scan  # type: ignore[attr-defined] # a stand-in is made of what it needs
    monkeypatch.setitem(sys.modules, "picklescan", ModuleType("picklescan"))
    monkeypatch.setitem(sys.modules, "picklescan.scanner", module)


def answer(*names: tuple[str, str, Safety], broken: bool = False) -> SimpleNamespace:
    found_names = [SimpleNamespace(module=m, name=n, safety=s) for m, n, s in names]
    return SimpleNamespace(globals=found_names, scan_err=broken)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "m.pkl"
    file.write_bytes(calling())
    return file


def test_only_what_it_calls_dangerous_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = (("uuid", "UUID", Safety.DANGEROUS), ("builtins", "eval", Safety.DANGEROUS),
             ("acme", "f", Safety.SUSPICIOUS), ("os", "x", Safety.INNOCUOUS))  # fmt: skip
    stand_in(monkeypatch, answer(*names))
    told = "picklescan takes for dangerous that loading it imports "
    issues = second_opinion(path)
    assert [issue.message for issue in issues] == [told + "eval", told + "uuid.UUID"]
    assert {(i.rule.id, i.severity.value, i.confidence.value) for i in issues} == {
        ("MOD001", "high", "medium")
    }


def test_what_both_find_is_told_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = ("os", "system", Safety.DANGEROUS)
    stand_in(monkeypatch, answer(both, ("uuid", "UUID", Safety.DANGEROUS)))
    scan = merged(scan_model(path), second_opinion(path))
    assert found(scan) == [("MOD001", "critical"), ("MOD001", "high")]
    assert scan.issues[1].message.endswith("uuid.UUID")


def test_it_may_have_no_opinion(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, RuntimeError("a text of the file"))
    with pytest.raises(NoOpinion, match=r"^picklescan stopped with RuntimeError$"):
        second_opinion(path)
    stand_in(monkeypatch, answer(broken=True))
    with pytest.raises(NoOpinion, match="could not read it"):
        second_opinion(path)
    path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(40))
    with pytest.raises(NoOpinion, match="7z"):
        second_opinion(path)


def test_without_the_extra(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picklescan", None)
    monkeypatch.setitem(sys.modules, "picklescan.scanner", None)
    with pytest.raises(NotInstalled, match=r"pip install 'llmsec-nb\[models\]'"):
        second_opinion(path)


def test_picklescan_itself(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("picklescan")
    assert [issue.message.rpartition(" ")[2] for issue in second_opinion(path)] == ["os.system"]
    assert found(merged(scan_model(path), second_opinion(path))) == [("MOD001", "critical")]
    plain = tmp_path / "plain.pkl"
    plain.write_bytes(pickle.dumps([1, 2]))
    assert second_opinion(plain) == []
