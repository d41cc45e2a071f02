"""Pickles: what they would call, however they spell it; and those that call nothing bad."""

from __future__ import annotations

import base64
import collections
import datetime as dt
import decimal
import io
import pickle
import struct
import uuid
from typing import Any

import numpy as np
import pandas as pd
import pytest

from llmsec_nb.core.rule import Confidence

from .payloads import COMMAND, calling, found, framed, named, scan, text

SPELLINGS = {
    "STACK_GLOBAL": calling(),
    "GLOBAL": b"cos\nsystem\nVecho owned\n\x85R.",
    "protocol 0": b"cos\nsystem\n(S'echo owned'\ntR.",
    "INST": b"(S'echo owned'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nVecho owned\no.",
    "text in a memo": text("os") + b"q\x05" + b"0" + text("system") + b"\x940"
    + b"h\x05h\x01\x93" + text(COMMAND) + b"\x85R.",
    "PUT as a text": b"Vos\np7\n0Vsystem\np8\n0g7\ng8\n\x93Vecho owned\n\x85R.",
    "behind POP of a mark": b"((0cos\nsystem\n0cos\nsystem\nVecho owned\n\x85R.",
    "twice in a memo": b"cos\nsystem\nq\x000h\x00Vecho owned\n\x85R.",
    "an escape in UNICODE": b"V\\u006fs\nVsystem\n\x93Vecho owned\n\x85R.",
    "result thrown away": b"\x80\x04" + calling()[2:-1] + b"0N.",
    "framed": framed(calling()[2:]),
}  # fmt: skip


@pytest.mark.parametrize("how", SPELLINGS)
def test_every_spelling_of_a_call(how: str) -> None:
    result = scan(SPELLINGS[how])
    assert ("MOD001", "critical") in found(result)
    assert result.issues[0].message == "Loading it calls os.system('echo owned')"
    assert result.complete


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"), ("builtins", "eval"),
        ("__builtin__", "exec"), ("builtins", "print"), ("builtins", "eval.__call__"),
        ("runpy", "run_path"), ("pathlib", "os.system"), ("commands", "getoutput"), ("pty", "spawn"),
        ("_interpreters", "create"), ("uuid", "_get_command_stdout"), ("logging", "FileHandler"),
        ("numpy.testing._private.utils", "runstring"), ("numpy", "load"), ("numpy", "os"),
        ("torch.hub", "load"), ("torch.serialization", "load"), ("sklearn.x", "Y.__class__"),
        ("requests", "get"), ("dill._dill", "_create_code"), ("__main__", "os.system"),
        ("torch.utils._config_module", "ConfigModule.load_config"), ("joblib", "load"),
        ("numba.core.serialize", "_rebuild_function"), ("io", "FileIO"), ("operator", "methodcaller"),
    ],
)  # fmt: skip
def test_critical_calls(module: str, name: str) -> None:
    assert found(scan(calling(module, name)))[0] == ("MOD001", "critical")


def test_only_named_is_told_too() -> None:
    result = scan(b"\x80\x04" + named("os", "system") + b".")
    assert [i.message for i in result.issues] == ["Loading it imports os.system"]


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("acme.tools", "fetch", [("MOD002", "critical")]),
        ("acme.tools", "_rebuild_thing", [("MOD002", "high")]),
        ("acme.tools", "Model", [("MOD003", "medium")]),
        ("__main__", "Model", [("MOD003", "medium")]),
        ("sklearn.linear_model", "Ridge", []),
        ("torch._utils", "_rebuild_tensor_v2", []),
    ],
)
def test_what_is_not_known_is_judged_by_its_shape(
    module: str, name: str, expected: list[tuple[str, str]]
) -> None:
    assert found(scan(calling(module, name))) == expected


def test_functions_of_model_packages_may_be_named() -> None:
    assert found(scan(b"\x80\x04" + named("sklearn.feature_selection", "f_classif") + b".")) == []


BENIGN: list[Any] = [
    [1, 2.5, True, None, "text", b"bytes", (1, 2), {"a": {1, 2}}, frozenset([3]), 1 << 80, 3j],
    collections.OrderedDict(a=1),
    collections.defaultdict(list, a=[1]),
    [dt.datetime(2024, 1, 2, tzinfo=dt.UTC), dt.timedelta(3)],
    [decimal.Decimal("1.5"), uuid.UUID(int=5), range(3), slice(1, 2), bytearray(b"x"), type(None)],
    np.arange(6).reshape(2, 3),
    [np.float64(1.5), np.dtype("f4"), np.array(["a", 1], dtype=object), np.random.default_rng(3)],
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pd.to_datetime(["2024-01-01"] * 2)}),
    list(range(100_000)),
    ["long " * 50_000, b"long" * 50_000],
]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("index", range(len(BENIGN)))
def test_ordinary_objects_are_clean(index: int, protocol: int) -> None:
    result = scan(pickle.dumps(BENIGN[index], protocol))
    assert (found(result), result.notes, result.format) == ([], (), "pickle")


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("bz2", 3), ("xz", 3), ("lzma", 3)])
def test_joblib_is_read_through_its_arrays(compress: Any) -> None:
    joblib = pytest.importorskip("joblib")
    structured = np.zeros(3, dtype=[("a", "i4"), ("b", "f8", (2,))])
    value = {"x": np.ones((50, 7)), "o": np.array([1, "a"], dtype=object), "s": structured,
             "t": np.array(["ab", "c"]), "e": np.empty((0, 3)), "z": 5}  # fmt: skip
    out = io.BytesIO()
    joblib.dump(value, out, compress=compress)
    clean = scan(out.getvalue(), "m.joblib")
    assert (found(clean), clean.notes, clean.format) == ([], (), "pickle")


def test_a_call_behind_an_array_of_joblib_is_seen() -> None:
    joblib = pytest.importorskip("joblib")
    out = io.BytesIO()
    joblib.dump([np.arange(100), "end"], out)
    raw = out.getvalue()
    assert raw.endswith(b"e.")
    bad = raw[:-2] + calling()[2:-1] + b"e."
    assert ("MOD001", "critical") in found(scan(bad, "m.joblib"))


def test_sklearn_models_are_clean() -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    x = np.random.default_rng(0).normal(size=(30, 3))
    model = ensemble.GradientBoostingClassifier(n_estimators=3).fit(x, x[:, 0] > 0)
    assert found(scan(pickle.dumps(model))) == []


def test_frames_that_readers_take_differently() -> None:
    crossing = framed(b"B" + struct.pack("<I", 20) + b"A" * 20 + b".", 5)
    within = framed(b"N" + framed(b"N", 2)[2:] + b".", 30)
    for data in (crossing, within):
        assert found(scan(data))[0] == ("MOD004", "critical")
    assert scan(crossing).issues[0].message.endswith("an opcode crosses the end of its frame")


def test_extension_codes() -> None:
    result = scan(b"\x80\x02\x82\x07).")
    assert found(result) == [("MOD004", "high")]
    assert "number 7 of the registry" in result.issues[0].message


@pytest.mark.parametrize(
    "rest", [b"h\x63.", b"\x93.", b"", b"\xff.", b"(((t", b"I12x\n.", b"\x80\x09N."]
)
def test_what_runs_before_an_error_is_told(rest: bytes) -> None:
    result = scan(calling()[:-1] + rest)
    assert found(result)[0] == ("MOD001", "critical")
    assert ("MOD004", "high") in found(result)


def test_names_behind_an_error_are_searched() -> None:
    result = scan(b"\x80\x02h\x05" + b"N" * 300_000 + b"cos\nsystem\n.")
    assert ("MOD001", "critical") in found(result)
    assert result.issues[0].message == "os.system is named behind the error"
    assert result.issues[0].confidence is Confidence.MEDIUM


def test_state_that_replaces_a_method() -> None:
    made = b"\x80\x04" + named("sklearn.base", "BaseEstimator") + b")\x81"
    direct = (
        made + b"}" + text("__setstate__") + named("scipy.x", "interp") + b"sb" + text("a") + b"b."
    )
    filler = b"".join(text(f"k{n}") + b"K\x01" for n in range(90))
    late = made + b"}(" + filler + text("__setstate__") + named("scipy.x", "interp") + b"ub."
    for data in (direct, late):
        result = scan(data)
        assert found(result) == [("MOD001", "critical")]
        assert "Replaces the method __setstate__ by scipy.x.interp" in result.issues[0].message


def test_attributes_of_a_class_itself() -> None:
    result = scan(b"\x80\x04" + named("sklearn.base", "BaseEstimator") + b"}b.")
    assert (
        result.issues[0].message
        == "Loading it sets attributes of sklearn.base.BaseEstimator itself"
    )


def test_calls_of_results() -> None:
    partial = named("functools", "partial") + named("torch.serialization", "load") + b"\x85R"
    assert found(scan(b"\x80\x04" + partial + b")R."))[0] == ("MOD001", "critical")
    bound = named("builtins", "getattr") + named("sklearn.x", "Tree") + text("build") + b"\x86R"
    assert found(scan(b"\x80\x04" + bound + b".")) == []
    assert found(scan(b"\x80\x04" + bound + b")R.")) == [("MOD001", "critical")]


def test_functions_that_call_or_import_what_they_are_given() -> None:
    rebuilt = named("torch._tensor", "_rebuild_from_type_v2")
    inner = named("numpy", "load") + named("torch", "Tensor") + text("x") + b"\x85" + b"N"
    assert found(scan(b"\x80\x04" + rebuilt + b"(" + inner + b"tR."))[0] == ("MOD001", "critical")
    ufunc = named("numpy.core", "_ufunc_reconstruct")
    assert found(scan(b"\x80\x04" + ufunc + text("numpy") + text("add") + b"\x86R.")) == []
    bad = scan(b"\x80\x04" + ufunc + text("os") + text("system") + b"\x86R.")
    assert [i.message for i in bad.issues] == ["Loading it imports os.system"]


@pytest.mark.parametrize(
    "hidden",
    [
        calling(),
        base64.b64encode(calling()),
        calling().hex().encode(),
        base64.urlsafe_b64encode(b"cos\nsystem\n(S'echo owned'\ntR."),
        base64.b64encode(base64.b64encode(calling())[:0] + calling() + b"x" * 60_000),
    ],
)
def test_pickles_inside_of_values(hidden: bytes) -> None:
    for value in (hidden, hidden.decode("latin-1")) if hidden.isascii() else (hidden,):
        result = scan(pickle.dumps({"config": value}))
        assert ("MOD005", "critical") in found(result), value[:20]
        nested = next(i for i in result.issues if i.rule.id == "MOD005")
        assert nested.message == (
            "A value holds a second pickle: loading it calls os.system('echo owned')"
        )


@pytest.mark.parametrize(
    "value",
    [
        "gASVIwAAAAAAAACME25vdCBhIHBpY2tsZQ",
        "8004beef" * 8,
        b"\x1f\x8b\x08 no gzip",
        b"PK\x03\x04",
        "eJwzx",
    ],
)
def test_values_that_only_start_like_files_are_clean(value: Any) -> None:
    result = scan(pickle.dumps([value]))
    assert (found(result), result.notes) == ([], ())


def test_several_pickles_in_one_file() -> None:
    before = pickle.dumps([1]) + pickle.dumps("two")
    result = scan(before + calling())
    where = len(before) + calling().index(b"R.")
    assert [(i.rule.id, i.offset) for i in result.issues] == [("MOD001", where)]


def test_what_follows_the_pickle_is_searched() -> None:
    result = scan(pickle.dumps([1]) + b"\xff\xff" + calling())
    assert [i.message for i in result.issues] == ["os.system is named behind the pickle"]
    assert found(scan(pickle.dumps([1]) + b"\n\n\0\0 and no more")) == []


def test_secrets_among_arguments_are_masked() -> None:
    command = (
        "curl http://me:hunter22@h/ -H 'Authorization: Abc12345'; X=ghp0123456789abcdefghijklmn"
    )
    message = scan(calling(argument=command)).issues[0].message
    assert not any(part in message for part in ("hunter22", "Abc12345", "ghp0123"))
    assert message.startswith('Loading it calls os.system("curl http://me:***@h/')


def test_control_characters_are_escaped_in_messages() -> None:
    result = scan(b"\x80\x04" + named("os\x1b[2J\n\u202e", "system") + b")R.")
    assert all(i.message.isprintable() and i.message.isascii() for i in result.issues)
    assert found(result) == [("MOD002", "critical")]
