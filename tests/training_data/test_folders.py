"""Folders of texts and of pictures are tables: a file is a row, its folder the label."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.sources.dataset import DatasetError, Table, open_table
from llmsec_nb.sources.dataset.table import BYTES


def write(folder: Path, files: dict[str, bytes | str]) -> Path:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def rows(table: Table, size: int = 65_536) -> list[dict[str, Any]]:
    return [row for batch in table.batches(size) for row in batch.to_pylist()]


def skips(table: Table) -> list[str]:
    return [skip.message for skip in table.skips]


def problems(table: Table) -> list[str]:
    return [failure.message for failure in table.problems]


TEXTS: dict[str, bytes | str] = {
    "pos/a.txt": "good, really\ngood",
    "pos/b.md": "Müller".encode("cp1252"),
    "neg/c.txt": "\ufeffbad",
    "neg/deep/d.txt": "",
}


def test_a_folder_of_texts(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, {**TEXTS, "neg/.hidden.txt": "no", "neg/x.bin": b"\0"}), "t")
    assert table.schema.names == ["path", "text", "label"]
    assert rows(table) == [
        {"path": "neg/c.txt", "text": "bad", "label": "neg"},
        {"path": "neg/deep/d.txt", "text": "", "label": "deep"},
        {"path": "pos/a.txt", "text": "good, really\ngood", "label": "pos"},
        {"path": "pos/b.md", "text": "Müller", "label": "pos"},
    ]
    assert rows(table, 1) == rows(table)
    assert [batch.num_rows for batch in table.batches(3)] == [3, 1]
    assert skips(table) == ["files in the folder that are no texts, not read: 1"]
    assert problems(table) == ["bytes that are not UTF-8, read as Windows-1252: 1 (after byte 0)"]


def test_texts_beside_each_other_have_no_label(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.txt": "one, two\nand so on", "b.txt": "some prose here"})
    assert rows(open_table(folder)) == [
        {"path": "a.txt", "text": "one, two\nand so on"},
        {"path": "b.txt", "text": "some prose here"},
    ]
    mixed = write(tmp_path / "mixed", {"a.txt": "one", "sub/b.txt": "two"})
    assert open_table(mixed).schema.names == ["path", "text"]


@pytest.mark.parametrize(
    "files",
    [
        {"a.csv": "x,y\n1,2\n", "pos/a.txt": "good", "neg/b.txt": "bad"},
        {"a.txt": "x|y\n1|2\n3|4\n", "b.txt": "x|y\n5|6\n7|8\n"},
        {"a.json": '[{"x": "1", "y": "2"}]', "b.txt": "x|y\n1|2\n", "c.txt": "x|y\n1|2\n"},
        {"labels.csv": "x,y\n1,2\n", "a.png": b"1", "b.png": b"2"},
    ],
)
def test_what_was_a_table_stays_one(tmp_path: Path, files: dict[str, bytes | str]) -> None:
    table = open_table(write(tmp_path, files))
    assert table.schema.names == ["x", "y"]
    assert rows(table)[0] == {"x": "1", "y": "2"}


def test_one_file_is_no_folder_of_texts(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"^t: nothing in it is a table"):
        open_table(write(tmp_path, {"readme.md": "x"}), "t")


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "cat/1.PNG": b"\x89PNG", "cat/2.jpg": b"\xff\xd8", "dog/3.webp": b"", "dog/note.txt": "x",
    }  # fmt: skip
    table = open_table(write(tmp_path, files), "t")
    assert rows(table) == [
        {"path": "cat/1.PNG", "image": b"\x89PNG", "label": "cat"},
        {"path": "cat/2.jpg", "image": b"\xff\xd8", "label": "cat"},
        {"path": "dog/3.webp", "image": b"", "label": "dog"},
    ]
    assert skips(table) == ["files in the folder that are no pictures, not read: 1"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("metadata.csv", "file_name,label,caption\n1.png,cat,a cat\n2.png,dog,\n"),
        (
            "metadata.jsonl",
            """{"file_name": "1.png", "label": "cat", "caption": "a cat"}
            {"file_name": "./2.png", "label": "dog", "caption": ""}""",
        ),
    ],
)
def test_what_is_said_of_pictures_is_joined(tmp_path: Path, name: str, content: str) -> None:
    files: dict[str, bytes | str] = {
        f"train/{name}": content, "train/1.png": b"1", "train/2.png": b"2", "train/3.png": b"3",
    }  # fmt: skip
    table = open_table(write(tmp_path, files))
    assert rows(table) == [
        {"path": "train/1.png", "image": b"1", "caption": "a cat", "label": "cat"},
        {"path": "train/2.png", "image": b"2", "caption": "", "label": "dog"},
        {"path": "train/3.png", "image": b"3", "caption": None, "label": None},
    ]
    assert skips(table) == []


def test_damaged_descriptions_are_told(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "a/metadata.jsonl": "{oh no", "a/1.png": b"1", "b/metadata.csv": "x\n1\n", "b/2.png": b"2",
    }  # fmt: skip
    table = open_table(write(tmp_path, files))
    assert [row["label"] for row in rows(table)] == ["a", "b"]
    assert problems(table) == [
        "a/metadata.jsonl cannot be read as a table with a column file_name: not joined",
        "b/metadata.csv cannot be read as a table with a column file_name: not joined",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links and rights of POSIX")
def test_links_out_of_the_folder_and_what_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret.txt": "secret", "in/a/1.txt": "one", "in/b/2.txt": "two"})
    folder = tmp_path / "in"
    (folder / "a/out.txt").symlink_to(tmp_path / "outside/secret.txt")
    (folder / "a/gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "b/again.txt").symlink_to(folder / "a/1.txt")
    (folder / "c").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / "b/pipe.txt")
    table = open_table(folder, "t")
    assert [(row["path"], row["text"]) for row in rows(table)] == [
        ("a/1.txt", "one"),
        ("b/2.txt", "two"),
        ("b/again.txt", "one"),
    ]
    assert skips(table) == ["links that lead out of the folder are not followed"]
    assert problems(table) == [
        "files that cannot be read (No such file or directory): 1 (a/gone.txt)",
        "no regular files, not read: 1 (b/pipe.txt)",
    ]


def test_large_files_are_left_out_and_batches_stay_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: dict[str, bytes | str] = {f"a/{at}.png": bytes(6 << 20) for at in range(6)}
    files["a/big.png"] = bytes((6 << 20) + 1)
    folder = write(tmp_path, files)
    monkeypatch.setattr("llmsec_nb.sources.dataset.folders.LARGEST", 6 << 20)
    table = open_table(folder, "t")
    sizes = [batch.nbytes for batch in table.batches()]
    assert sum(sizes) >= 36 << 20
    assert max(sizes) <= BYTES + (6 << 20) + 1000
    assert skips(table) == ["a/big.png: larger than 6 MB, not read"]


def test_excluded_files_are_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path, TEXTS)
    table = open_table(folder, "t", excluded=lambda path: "/neg/" in Path(path).as_posix())
    assert [row["path"] for row in rows(table)] == ["pos/a.txt", "pos/b.md"]
    assert skips(table) == ["files excluded by the configuration: 2"]
