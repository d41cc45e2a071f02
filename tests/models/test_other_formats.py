"""TorchServe, PMML, OpenVINO, Core ML, R, Lite, Paddle, and HDF5 behind something else."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import pytest

from llmsec_nb.models import is_model_file

from .payloads import field, found, hdf5, scan, varint, zipped

MEDIUM = ("MOD016", "medium")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import torch\nx = torch.load('m.pt')\n", [MEDIUM]),
        ("import os\nos.path.join('a')\n", [MEDIUM]),
        ("import os as o\no.system('id')\n", [("MOD016", "critical"), MEDIUM]),
        ("from subprocess import check_output as c\nclass A:\n    def f(self): c('id')\n",
         [("MOD016", "critical"), MEDIUM]),
        ("def f(x): return eval(x)\n", [("MOD016", "critical"), MEDIUM]),
        ("import requests\nrequests.get('http://x.y')\n", [("MOD016", "high"), MEDIUM]),
        ("class A:\n    def f(self): self.model.eval()\n", [MEDIUM]),
    ],
)  # fmt: skip
def test_torchserve(code: str, expected: list[tuple[str, str]]) -> None:
    members = {"MAR-INF/MANIFEST.json": b'{"model": {"handler": "h.py"}}', "h.py": code.encode()}
    result = scan(zipped(members), "m.mar")
    assert (result.format, found(result), result.complete) == ("mar", expected, True)
    assert found(scan(zipped({"h.py": code.encode()}), "m.zip")) == []


def test_torchserve_that_cannot_be_parsed_is_incomplete() -> None:
    result = scan(zipped({"MAR-INF/MANIFEST.json": b"{}", "h.py": b"def ("}), "m.mar")
    assert result.notes == ("h.py: Python that cannot be parsed: not inspected",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<?xml version='1.0'?><PMML version='4.4'><Header/></PMML>", []),
        ("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><PMML>&e;</PMML>", [("MOD018", "critical")]),
        ('<!DOCTYPE x [<!ENTITY % e PUBLIC "a" "http://x.y/e.dtd">]><PMML/>', [("MOD018", "critical")]),
        ("<!DOCTYPE x [<!ENTITY a '1'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><PMML/>", [("MOD007", "medium")]),
        ("<PMML><Extension>__import__('os').system('id')</Extension></PMML>", [("MOD018", "critical")]),
        ("<PMML><Extension>an evaluation of the importance</Extension></PMML>", []),
        ("<net name='a'><layers><layer type='X' library='../e.so'/></layers></net>", [("MOD016", "high")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_markup(text: str, encoding: str, expected: list[tuple[str, str]]) -> None:
    for name in ("m.pmml", "m.xml"):
        result = scan(text.encode(encoding), name)
        assert (found(result), result.complete) == (expected, True)


def number(of: int, value: int) -> bytes:
    return varint(of << 3) + varint(value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (field(2, field(100, field(1, "a model"))), []),
        (field(500, field(1, field(1, "l") + field(500, field(10, "Mine")))), [MEDIUM]),
        (field(555, field(10, "Mine")), [MEDIUM]),
        (field(202, field(1, number(1, 4) + field(555, field(10, "Mine")))), [MEDIUM]),
        (field(556, field(1, field(1, field(1, "../../x.mlmodelc")))), [("MOD015", "high")]),
        (field(556, field(1, field(1, field(1, "x.mlmodelc")))), [("MOD015", "low")]),
        (field(2, field(100, field(100, field(1, "k") + field(2, "import os")))), [("MOD013", "critical")]),
    ],
)  # fmt: skip
def test_core_ml(body: bytes, expected: list[tuple[str, str]]) -> None:
    result = scan(number(1, 4) + body, "m.mlmodel")
    assert (result.format, found(result), result.complete) == ("coreml", expected, True)


def test_core_ml_that_is_none_is_incomplete() -> None:
    assert scan(b"flavors:\n  x: y\n", "m.mlmodel").notes == (
        "no Core ML model that can be read: not inspected",
    )


def symbol(name: bytes) -> bytes:
    return b"\0\0\0\x01\0\x04\0\x09" + struct.pack(">I", len(name)) + name


@pytest.mark.parametrize("before", [0, 100, 300_000])
def test_data_of_r(before: int) -> None:
    head = b"RDX3\nX\n\0\0\0\x03" + b"\x01" * before
    for data in (head + symbol(b"system"), gzip.compress(head + symbol(b"system"))):
        result = scan(data, "m.rda")
        assert (found(result), result.complete) == ([("MOD001", "critical")], False)
    assert found(scan(head + symbol(b"systematic") + symbol(b"mean"), "m.rds")) == []
    assert found(scan(b"A\n3\n1\n2\n262153\n6\nsystem\n1\n", "m.rds")) == [("MOD001", "critical")]


def test_operators_of_lite_and_paddle_and_a_graph_with_its_metadata() -> None:
    lite = b"\x1c\0\0\0TFL3" + bytes(300_000) + b"FlexReadFile\0" + bytes(100)
    assert found(scan(lite, "m.tflite")) == [("MOD011", "high")]
    assert found(scan(lite.replace(b"ReadFile", b"ConvXXXX"), "m.tflite")) == []
    labels = zipped({"labels.txt": b"cat\ndog\n" * 20})
    assert found(scan(lite.replace(b"Flex", b"Abcd") + labels, "m.tflite")) == []
    program = field(1, field(4, field(3, "relu")) + field(4, field(3, "py_func")))
    assert found(scan(program, "m.pdmodel")) == [("MOD011", "critical")]
    assert found(scan(program.replace(b"py_func", b"softmax"), "m.pdmodel")) == []
    graph = field(2, field(1, field(1, "n") + field(2, "WriteFile")))
    assert found(scan(graph, "model.meta")) == [("MOD011", "critical")]


LAMBDA = json.dumps({"class_name": "Lambda", "config": {"name": "evil"}}).encode()


@pytest.mark.parametrize("at", [512, 1024, 8192])
def test_hdf5_behind_a_block_of_the_user(at: int) -> None:
    fine = hdf5(b"{" + b" " * 300 + b'"a": 1}' + bytes(60))
    base = fine[:12] + struct.pack("<Q", at) + fine[20:]
    result = scan(b"x" * at + base, "m.h5")
    assert (result.format, found(result), result.notes) == ("hdf5", [], ())
    evil = hdf5(LAMBDA.replace(b"{", b"{" + b" " * 300) + bytes(60))
    result = scan(bytes(at) + evil[:12] + struct.pack("<Q", at) + evil[20:], "m.h5")
    assert ("MOD010", "critical") in found(result)
    assert found(scan(b"%PDF" + bytes(at - 4) + evil, "m.h5"))[0] == ("MOD010", "critical")
    assert ("MOD008", "high") in found(scan(b"%PDF" + bytes(at - 4) + evil, "m.h5"))


@pytest.mark.parametrize("white", [65, 300_000])
def test_a_configuration_with_much_white_space(white: int) -> None:
    evil = LAMBDA.replace(b"{", b"{" + b" " * white).replace(b"Lambda", b"\\u004cambda")
    assert ("MOD010", "critical") in found(scan(hdf5(bytes(90) + evil + bytes(50)), "m.h5"))


@pytest.mark.parametrize(
    ("data", "name", "expected", "complete"),
    [
        (b"\x7fELF" + bytes(200), "pytorch_model.bin", [("MOD014", "high")], True),
        (b"MZ" + bytes(200), "m.gguf", [("MOD014", "high")], True),
        (b"MZqFpD" + bytes(200), "m.llamafile", [], False),
        (bytes(range(256)) * 4, "m.engine", [], False),
        (b"feature importance\n1 2 3\n", "notes.log", [], True),
        ("größe: 3\n".encode(), "sizes", [], True),
        (b"CBM1" + bytes(100), "m.cbm", [], True),
        (b"\0\0\0\0ET12" + bytes(100), "m.pte", [], False),
    ],
)
def test_what_is_no_model_that_is_known(
    data: bytes, name: str, expected: list[tuple[str, str]], *, complete: bool
) -> None:
    result = scan(data, name)
    assert (found(result), result.complete) == (expected, complete)


@pytest.mark.parametrize(
    "text",
    [
        "{{ '}}' ~ x.__class__ }}",
        "{% if '%}' != x.__class__ %}a{% endif %}",
        "{{ x['_'*2 ~ 'class'] }}",
        "{% set a='__cla' %}{{ x[a ~ b] }}",
        "{{ x[['__', 'class', '__'] | join] }}",
        "{{ x['__ssalc__' | reverse] }}",
    ],
)
def test_templates_that_hide_what_they_reach_for(text: str) -> None:
    assert found(scan(text.encode(), "chat_template.jinja")) == [("MOD012", "critical")]


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'it\\'s }} fine' }} of __class__ {{ y }}",
        "{{ messages[loop.index0 + 1] }}{{ m['a'] ~ m['b'] | replace('__', '') }}",
        "{{ 'a",
    ],
)
def test_templates_with_literals(text: str) -> None:
    assert found(scan(text.encode(), "chat_template.jinja")) == []


@pytest.mark.parametrize(
    "text",
    [
        "!<tag:yaml.org,2002:python/object/apply:os.system> [id]",
        "%TAG !p! tag:yaml.org,2002:python/\n--- !p!object/apply:os.system [id]",
        "!!py%74hon/object/apply:os.system [id]",
    ],
)
def test_tags_of_yaml_in_other_spellings(text: str) -> None:
    assert found(scan(text.encode(), "m.yaml")) == [("MOD016", "critical")]
    assert found(scan(b"a: !!set {}\nb: !!str 10%25\n", "m.yaml")) == []


def test_an_array_whose_type_is_escaped() -> None:
    head = b"{'descr': '|\\x4f', 'fortran_order': False, 'shape': (1,), }\n"
    data = b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + b"N0cos\nsystem\n(S'id'\ntR."
    assert found(scan(data, "a.npy"))[0] == ("MOD001", "critical")


def test_names_of_other_models(tmp_path: Path) -> None:
    for name in ("m.pmml", "m.mar", "m.mlmodel", "m.rds", "modules.json"):
        path = tmp_path / name
        path.write_bytes(b"x")
        assert is_model_file(path)
