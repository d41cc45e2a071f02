"""The scan as a whole: budgets, memory, what it is asked for, and what it never does."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from llmsec_nb.core.rule import Family
from llmsec_nb.models import Budget, ModelIssue, is_model_file, scan_model
from llmsec_nb.rules.models import RULES

from .payloads import calling, found, scan, zipped


def test_the_scan_says_what_it_scanned() -> None:
    data = pickle.dumps([1])
    result = scan(data)
    assert (result.size, result.digest) == (len(data), hashlib.sha256(data).hexdigest())
    empty = scan(b"", "m.pkl")
    assert (empty.format, empty.complete, empty.size) == ("empty", True, 0)


@pytest.mark.parametrize(
    ("budget", "note"),
    [
        (Budget(opcodes=30_000), "more than 30000 opcodes"),
        (Budget(objects=10_000), "more objects than the budget allows"),
        (Budget(memory=100_000), "texts take more memory than the budget allows"),
        (Budget(seconds=-1.0), "not read to its end within -1 seconds"),
    ],
)
def test_over_budget_is_incomplete(budget: Budget, note: str) -> None:
    data = pickle.dumps({f"key {n}": [n] for n in range(40_000)})
    assert scan(data).complete
    result = scan(data, budget=budget)
    assert (result.complete, result.notes, found(result)) == (False, (note,), [])


def test_what_is_found_before_the_budget_ends_is_told() -> None:
    data = calling()[:-1] + pickle.dumps(list(range(60_000)))[2:]
    result = scan(data, budget=Budget(opcodes=30_000))
    assert (found(result), result.complete) == ([("MOD001", "critical")], False)


def test_no_more_issues_than_the_budget_allows() -> None:
    body = b"".join(calling(argument=f"echo {n}")[2:-1] + b"0" for n in range(30))
    result = scan(b"\x80\x04" + body + b"N.", budget=Budget(issues=5))
    assert (len(result.issues), result.notes) == (
        5,
        ("more than 5 issues: the rest are not listed",),
    )


MEMORY = """
import resource, sys
from llmsec_nb.models import scan_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
scan = scan_model(sys.argv[1])
print(scan.complete, len(scan.issues), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", ["tensors", "one value"])
def test_large_files_take_little_memory(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "m.pt"
    block = bytes(range(256)) * 80_000
    if kind == "tensors":
        path.write_bytes(
            zipped({"m/data.pkl": calling(), "m/data/0": block, "m/data/1": block * 3})
        )
    else:
        path.write_bytes(
            pickle.dumps([block] * 1 + [block + b"x"] * 1 + [block * 2])[:-1] + calling()[2:]
        )
    run = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True
    )
    complete, issues, kilobytes = run.stdout.split()
    assert (complete, issues) == ("True", "1")
    assert int(kilobytes) < 20_000


def test_deep_values_end_without_an_error() -> None:
    deep = scan(b"\x80\x04" + b")" + b"\x85" * 200_000 + b".")
    assert deep.complete
    calls = b"cacme\nf\n)R" * 3000 + b"0" * 2999 + b"."
    assert ("MOD002", "critical") in found(scan(b"\x80\x04" + calls))
    chain = b"cfunctools\npartial\n" * 5000 + b"ctorch\nload\n" + b"\x85R" * 5000 + b")R."
    result = scan(b"\x80\x04" + chain)
    assert found(result)
    assert found(result)[0][1] in {"critical", "high"}


def test_nothing_is_imported_or_written(tmp_path: Path) -> None:
    code = (
        "import sys; from llmsec_nb.models import scan_model\n"
        "before = set(sys.modules)\n"
        "scan = scan_model(sys.argv[1])\n"
        "print(scan.issues[0].message); print(sorted(set(sys.modules) - before))\n"
    )
    path = tmp_path / "m.pkl"
    path.write_bytes(calling("antigravity", "geohash") + calling("turtle", "done"))
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert run.stdout.splitlines() == ["Loading it calls antigravity.geohash('echo owned')", "[]"]
    assert [p.name for p in tmp_path.iterdir()] == ["m.pkl"]


def test_importing_the_scanner_is_cheap() -> None:
    code = "import sys; from llmsec_nb.models import scan_model; print([m for m in sys.argv[1:] if m in sys.modules])"
    heavy = ["numpy", "pandas", "pickle", "IPython", "joblib", "h5py", "zipfile", "tarfile"]
    run = subprocess.run(
        [sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("m.pt", b"", True), ("M.PKL", b"", True), ("a.safetensors", b"x", True),
        ("config.json", b"{}", True), ("tokenizer_config.json", b"{}", True),
        ("notes.txt", b"hello", False), ("data.json", b"{}", False), ("t.csv", b"column\nvalue\n", False),
        ("notes.txt", calling(), True), ("noext", calling(), True), ("x.bin", b"GGUF", True),
        ("x.bin", bytes(9), False), ("x.docx", zipped({"a": b""}), False),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", True), ("a.tar.gz", b"\x1f\x8b\x08", True), ("t.csv.gz", b"\x1f\x8b\x08", False),
        ("m.pkl.gz", b"\x1f\x8b\x08", True), ("a.tgz", b"\x1f\x8b\x08", True), ("log.gz", b"\x1f\x8b\x08", False),
        ("c.json", b'{"chat_template": "x"}', True), ("c.yaml", b"a: !!python/name:x", True),
        ("c.yml", b"a: 1", False), ("c.json", b'["a chat template"]', False),
        ("old.txt", b"cos\nsystem\n(S'x'\ntR.", True), ("i.txt", b"import\nos\n", False),
    ],
)  # fmt: skip
def test_which_files_are_model_files(
    name: str, data: bytes, *, expected: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert is_model_file(path) is expected


def test_folders_and_missing_files(tmp_path: Path) -> None:
    assert is_model_file(tmp_path) is False
    assert is_model_file(tmp_path / "none.pt") is False
    with pytest.raises(FileNotFoundError):
        scan_model(tmp_path / "none.pt")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.pkl"
    os.mkfifo(path)
    assert is_model_file(path) is False
    with pytest.raises(OSError, match="not a regular file"):
        scan_model(path)


def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    one, other = tmp_path / "one.pkl", tmp_path / "other.pkl"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(OSError, match="symbolic links"):
        scan_model(one)


def test_any_bytes_under_any_name_give_a_scan() -> None:
    data = calling() + zipped({"a/data.pkl": calling()})
    names = [".pkl", ".pt", ".npy", ".npz", ".h5", ".keras", ".pb", ".onnx", ".gguf", ".json",
             ".safetensors", ".jinja", ".tar", ".joblib", ".bin", ""]  # fmt: skip
    for cut in range(0, len(data), 23):
        for suffix in names:
            for piece in (data[cut:], data[:cut]):
                result = scan(piece, "m" + suffix)
                assert all(isinstance(issue, ModelIssue) for issue in result.issues)


def test_rules_are_whole() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) == 20
    assert all(rule.family is Family.MODEL and rule.why and rule.remediation for rule in RULES)
    assert all(rule.id.startswith("MOD") for rule in RULES)
