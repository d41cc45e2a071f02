"""How calls are judged by the shapes of names and by what they are given; what is honest passes."""

from __future__ import annotations

import functools
import operator
import pickle
import re
from http import HTTPStatus
from typing import Any

import pytest

from llmsec_nb.models.telling import tells

from .payloads import found, named, scan, text

PLACES = ["/etc/passwd", "~/.ssh/id_rsa", "../secrets", "C:\\Users\\x", "\\\\host\\share", "https://x.y/z",
          "file:///etc/passwd", "models/evil.bin", "import os", "os.system('id')", "rm -rf ~"]  # fmt: skip
NONE = ["l2", "</s>", "Europe/Berlin", "1/2", "a b", "sklearn.svm", "D", "cuda:0", "km/h", "/", "http",
        "[^/]+", "the os is old", "important: x"]  # fmt: skip


@pytest.mark.parametrize("value", PLACES)
def test_texts_that_tell_of_a_place_or_of_code(value: str) -> None:
    assert tells(value)
    assert tells((1, [{"a": value}]))


@pytest.mark.parametrize("value", NONE)
def test_texts_that_tell_nothing(value: str) -> None:
    assert not tells((value, [value], {"a": value}))


def reduced(module: str, name: str, *arguments: str) -> bytes:
    """A pickle that calls a global with texts."""
    return b"\x80\x04" + named(module, name) + b"(" + b"".join(map(text, arguments)) + b"tR."


def made(module: str, name: str, *arguments: str) -> bytes:
    """The same by NEWOBJ, which makes an object and does not initialise it."""
    return reduced(module, name, *arguments)[:-2] + b"\x81."


@pytest.mark.parametrize(
    ("module", "name", "argument", "expected"),
    [
        ("keras.src.saving.saving_lib", "DiskIOStore", "/srv/x", [("MOD001", "critical")]),
        ("xgboost.core", "Booster", "https://x.y/m.bin", [("MOD001", "critical")]),
        ("pandas.core.dtypes.dtypes", "PeriodDtype", "D", []),
        ("pandas.core.dtypes.dtypes", "DatetimeTZDtype", "Europe/Berlin", []),
        ("torch.multiprocessing.reductions", "rebuild_tensor", "x", [("MOD001", "critical")]),
        ("scipy._lib._bunch", "_make_tuple_bunch", "x", [("MOD001", "critical")]),
        ("gensim.utils", "unpickle", "m", [("MOD001", "critical")]),
        ("numpy.ma.mrecords", "_mrreconstruct", "x", []),
        ("spacy.vocab", "unpickle_vocab", "x", []),
        ("matplotlib.cbook", "_picklable_class_constructor", "x", []),
        ("statsmodels.tsa.statespace._representation", "dStatespace", "x", []),
        ("torch.serialization", "_get_layout", "torch.sparse_coo", []),
        ("acme", "Model", "x", [("MOD003", "medium")]),
        ("acme", "Model", "/etc/passwd", [("MOD002", "high")]),
        ("acme", "fetch", "x", [("MOD002", "critical")]),
        ("acme", "_rebuild", "x", [("MOD002", "high")]),
        ("acme", "_rebuild", "/etc/passwd", [("MOD002", "critical")]),
        ("__main__", "anything", "x", [("MOD003", "medium")]),
    ],
)
def test_calls_by_their_shape(
    module: str, name: str, argument: str, expected: list[tuple[str, str]]
) -> None:
    assert found(scan(reduced(module, name, argument))) == expected


def test_an_object_that_is_not_initialised_opens_nothing() -> None:
    assert found(scan(made("xgboost.core", "Booster", "/etc/passwd"))) == []
    assert found(scan(made("numpy", "memmap", "/etc/passwd"))) == [("MOD001", "critical")]
    assert found(scan(made("torchvision.transforms", "Lambda"))) == []
    assert found(scan(b"\x80\x04" + named("numpy", "memmap") + b".")) == []


HONEST: list[Any] = [
    str.lower, str.split, dict.fromkeys, HTTPStatus.OK, hash, re.compile("a").search, int | None,
    list[int], functools.partial(sorted, reverse=True), OSError(2, "x"), operator.itemgetter(1),
]  # fmt: skip


@pytest.mark.parametrize("value", HONEST, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("protocol", range(6))
def test_honest_values_of_python_pass(value: Any, protocol: int) -> None:
    assert found(scan(pickle.dumps([value], protocol))) == []


@pytest.mark.parametrize(
    "body",
    [
        b"cbuiltins\ngetattr\ncbuiltins\nstr\nV__class__\n\x86R.",
        b"cbuiltins\ngetattr\ncpathlib\nPath\nVunlink\n\x86R.",
        b"cbuiltins\nstr.__class__\n.",
        b"c_operator\ngetitem\n}Va\n\x86R.",
        b"c__builtin__\nreduce\ncbuiltins\nlen\n]\x86R.",
        b"cfunctools\npartial\ncbuiltins\ngetattr\n\x85R.",
        b"cscipy._lib._uarray._backend\nunpickle_function\nVos\nVsystem\nN\x87R.",
        b"cbuiltins\nprint\nVx\n\x85R.",
        b"ctyping\nsys\n.",
        b"ctyping\nget_type_hints\nVx\n\x85R.",
    ],
)
def test_the_same_names_for_an_attack(body: bytes) -> None:
    assert ("MOD001", "critical") in found(scan(b"\x80\x02" + body))


RUNS = b"cos\nsystem\n(S'id'\ntR."


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"GIF89a\0\0\0", "a.pkl"), (b"MZ\0", "a.bin"), (b"GGUF\x03\0\0\0\0", "a.gguf"), (b"\x89PNG\r\n", "a.pt")],
)  # fmt: skip
def test_a_file_of_another_format_that_is_a_pickle_too(head: bytes, name: str) -> None:
    issues = scan(head + RUNS + bytes(40), name).issues
    assert "Loading it calls os.system('id')" in {issue.message for issue in issues}
    assert not [i for i in scan(head + bytes(60), name).issues if i.severity.value == "critical"]


@pytest.mark.parametrize("protocol", [0, 2, 3, 5])
def test_a_pickle_in_bytes_of_any_protocol(protocol: int) -> None:
    inner = b"\x80\x04" + RUNS + b"\xff\x80"
    result = scan(pickle.dumps({"weights": inner}, protocol))
    assert ("MOD005", "critical") in found(result)


def test_a_harmless_pickle_in_bytes_is_hardly_worth_a_word() -> None:
    issues = scan(pickle.dumps([pickle.dumps({"a": 1})])).issues
    assert [(i.rule.id, i.severity.value, i.confidence.value) for i in issues] == [
        ("MOD005", "low", "low")
    ]
