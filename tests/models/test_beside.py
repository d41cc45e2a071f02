"""What the folder of a model file tells: digests, and the same model in a safer format."""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from llmsec_nb.models import Budget, scan_model

from .payloads import found, zipped

PLAIN = pickle.dumps([1, 2])
DIGEST = hashlib.sha256(PLAIN).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("SHA256SUMS", "{}  m.pkl"), ("sha256sum.txt", "{} *m.pkl"), ("SHA256SUMS", "{}  ./m.pkl"),
        ("m.pkl.sha256", "{}"), ("m.pkl.sha256", "{}  m.pkl"), ("checksums.txt", "SHA256 (m.pkl) = {}"),
    ],
)  # fmt: skip
def test_a_digest_beside_the_file_is_compared(name: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    path.write_bytes(PLAIN)
    (tmp_path / name).write_text(f"# list\n{line.format(DIGEST.upper())}\n".lstrip("# list\n"))
    assert found(scan_model(path)) == []
    (tmp_path / name).write_text(line.format(OTHER) + "\n")
    scan = scan_model(path)
    assert found(scan) == [("MOD021", "high")]
    assert scan.issues[0].message == (
        f"Its SHA-256 is {DIGEST[:12]}…, not the {OTHER[:12]}… that {name} says"
    )


def test_a_digest_is_made_where_somebody_wants_it(tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    path.write_bytes(PLAIN)
    assert scan_model(path).digest == DIGEST
    assert scan_model(path, hashed=False).digest == ""
    (tmp_path / "m.pkl.sha256").write_text(OTHER)
    scan = scan_model(path, hashed=False)
    assert (scan.digest, found(scan)) == (DIGEST, [("MOD021", "high")])


def test_what_is_not_hashed_is_read_within_the_budget(tmp_path: Path) -> None:
    path = tmp_path / "m.npy"
    array = io.BytesIO()
    np.save(array, np.zeros(1 << 20, np.uint8))
    path.write_bytes(array.getvalue())
    few = Budget(read=1_200_000)
    assert scan_model(path, hashed=False).complete
    assert scan_model(path, budget=few).complete
    (tmp_path / "m.npy.sha256").write_text(OTHER)
    scan = scan_model(path, budget=few, hashed=False)
    assert (scan.complete, scan.is_cut, scan.digest, found(scan)) == (False, True, "", [])
    assert scan.notes == ("not compared with the digest beside it",)
    scan = scan_model(path, budget=Budget(read=100), hashed=False)
    assert (scan.complete, scan.is_cut, scan.notes[0]) == (
        False,
        True,
        "more than 100 bytes of it would have to be read",
    )


def test_digests_of_other_files_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "m.pkl"
    path.write_bytes(PLAIN)
    (tmp_path / "SHA256SUMS").write_text(f"{OTHER}  n.pkl\n{OTHER}  sub/m.pkl\nrubbish m.pkl\n")
    (tmp_path / "n.pkl.sha256").write_text(OTHER)
    (tmp_path / "checksums.txt").mkdir()
    assert found(scan_model(path)) == []


def test_a_link_into_a_cache_of_the_hub_is_compared(tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshots"
    blobs.mkdir()
    snapshot.mkdir()
    for name, expected in ((DIGEST, []), (OTHER, [("MOD021", "high")])):
        (blobs / name).write_bytes(PLAIN)
        link = snapshot / f"{name[:4]}.pkl"
        link.symlink_to(Path("..") / "blobs" / name)
        assert found(scan_model(link)) == expected


@pytest.mark.parametrize(
    ("pickled", "safe", "expected"),
    [
        ("pytorch_model.bin", "model.safetensors", 1), ("a.pt", "a.safetensors", 1),
        ("pytorch_model-00001-of-00002.bin", "model-00001-of-00003.safetensors", 1),
        ("a.pt", "b.safetensors", 0), ("optimizer.pt", "model.safetensors", 0),
        ("a.pt", "a.json", 0),
    ],
)  # fmt: skip
def test_a_pickle_beside_safetensors_of_the_same_model(
    pickled: str, safe: str, expected: int, tmp_path: Path
) -> None:
    path = tmp_path / pickled
    path.write_bytes(zipped({"a/data.pkl": PLAIN, "a/version": b"3"}))
    (tmp_path / safe).write_bytes(b"")
    assert found(scan_model(path)) == [("MOD020", "low")] * expected
