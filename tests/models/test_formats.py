"""Keras, TensorFlow, ONNX, safetensors, GGUF, templates and configurations."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from llmsec_nb.models import ModelScan

from .payloads import field, found, hdf5, scan, varint, zipped

DENSE = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "name": "d"},
         "registered_name": None}  # fmt: skip


def layered(*layers: dict[str, Any]) -> dict[str, Any]:
    config = {"name": "sequential", "layers": [DENSE, *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config}


def keras(config: dict[str, Any]) -> bytes:
    return zipped({"metadata.json": b"{}", "config.json": json.dumps(config).encode(),
                   "model.weights.h5": hdf5(bytes(100))})  # fmt: skip


LAMBDA = {"class_name": "Lambda", "config": {"name": "evil", "function": ["4wEA", None, None]}}


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (DENSE, []),
        ({"module": "builtins", "class_name": "function", "config": "str"}, []),
        ({"class_name": "__numpy__", "config": {"value": 1}, "module": "numpy"}, []),
        (LAMBDA, [("MOD010", "critical")]),
        ({"class_name": "__lambda__", "config": {"code": "x"}}, [("MOD010", "critical")]),
        ({"class_name": "TorchModuleWrapper", "config": {}}, [("MOD010", "critical")]),
        ({"module": "os", "class_name": "function", "config": "system"}, [("MOD010", "critical")]),
        ({"module": "builtins", "class_name": "function", "config": "exec"}, [("MOD010", "critical")]),
        ({"module": "keras.utils", "class_name": "function", "config": "get_file"},
         [("MOD010", "critical")]),
        ({"module": "acme.layers", "class_name": "Attention", "config": {}}, [("MOD010", "high")]),
        ({"module": "keras.layers", "class_name": "StringLookup",
          "config": {"vocabulary": "/etc/passwd"}}, [("MOD006", "high")]),
    ],
)  # fmt: skip
def test_keras(layer: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    result = scan(keras(layered(layer)), "m.keras")
    assert (result.format, found(result), result.notes) == ("keras", expected, ())


def test_keras_says_what_it_calls() -> None:
    layer = {"module": "os", "class_name": "function", "config": "system"}
    assert scan(keras(layered(layer)), "m.keras").issues[0].message == (
        "Loading the model imports and calls os.system"
    )


@pytest.mark.parametrize("padding", [10, (1 << 20) - 82, 3_000_000])
def test_hdf5(padding: int) -> None:
    head = hdf5(b"\x01" * padding)
    evil = json.dumps(layered({"class_name": "Dense", "module": "posix", "config": {}})).encode()
    assert found(scan(head + evil + bytes(50), "m.h5")) == [("MOD010", "critical")]
    old = json.dumps({"class_name": "Functional", "config": {"layers": [LAMBDA]}}).encode()
    assert found(scan(head + old + bytes(50), "m.h5")) == [("MOD010", "critical")] * 2
    assert found(scan(head + json.dumps(layered()).encode() + bytes(50), "m.hdf5")) == []
    assert scan(head, "weights.h5").complete


MAGIC = b"\x89HDF\r\n\x1a\n"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (hdf5(bytes(90)), ""),
        (hdf5(bytes(90), version=0), ""),
        (hdf5(bytes(90))[:-1], "it ends before the end that its superblock names"),
        (hdf5(bytes(90)).replace(b"OHDR", b"OHDX"), "the superblock does not lead to an object"),
        (MAGIC + bytes(5_000), "the superblock is not one that HDF5 writes"),
        (MAGIC, "version -1 of HDF5 is not known"),
        (MAGIC + b"\x09" * 50, "version 9 of HDF5 is not known"),
    ],
)
def test_hdf5_that_is_none_is_not_clean(data: bytes, note: str) -> None:
    notes = (f"{note}: it may not be read to its end",) if note else ()
    result = scan(data, "w.h5")
    assert (found(result), result.notes, result.complete) == ([], notes, not note)


@pytest.mark.parametrize(
    "data",
    [
        b"\x93NUMPY\x01\x00" + bytes(5_000),
        b"\x93NUMPY\x01\x00\x02\x00{}" + bytes(5_000),
        b"\x93NUMPY\x09\x00" + bytes(5_000),
        b"\x93NUMPY\x01\x00" + b"\x40\x00{'descr': '<f8', 'shape': (1,), }" + bytes(5_000),
    ],
)
def test_npy_that_describes_no_array_is_not_clean(data: bytes) -> None:
    result = scan(data, "a.npy")
    assert (found(result), result.complete) == ([], False)
    assert ".npy file" in result.notes[0]


def node(op: str) -> bytes:
    return field(1, f"name_{op}") + field(2, op)


def saved_model(*ops: str, in_function: bool = False) -> bytes:
    nodes = b"".join(field(3 if in_function else 1, node(op)) for op in ops)
    graph = field(2, field(1, nodes)) if in_function else nodes
    return varint(1 << 3) + varint(1) + field(2, field(1, field(4, "serve")) + field(2, graph))


@pytest.mark.parametrize("in_function", [False, True])
def test_saved_model(*, in_function: bool) -> None:
    def one(*ops: str) -> ModelScan:
        return scan(saved_model(*ops, in_function=in_function), "saved_model.pb")

    assert found(one("Const", "MatMul", "SaveV2", "RestoreV2")) == []
    assert found(one("Const", "PyFunc")) == [("MOD011", "critical")]
    assert found(one("ReadFile", "WriteFile")) == [("MOD011", "critical"), ("MOD011", "high")]
    assert one("Const").format == "tensorflow"


def test_frozen_graph_and_what_is_no_graph() -> None:
    assert found(scan(field(1, node("EagerPyFunc")), "frozen.pb")) == [("MOD011", "critical")]
    nothing = scan(b"\xff" * 40, "x.pb")
    assert (found(nothing), nothing.complete) == ([], False)
    damaged = scan(saved_model("Const") + b"\x12\xff\xff\x7f", "saved_model.pb")
    assert damaged.notes == ("the protocol buffer is damaged: not read to its end",)


def onnx(path: str = "", domain: str = "", *, nested: bool = False) -> bytes:
    entry = field(1, "location") + field(2, path)
    tensor = field(8, "w") + (field(13, entry) if path else b"")
    inner = (
        field(1, field(4, "If") + field(5, field(6, field(5, tensor))))
        if nested
        else field(5, tensor)
    )
    return varint(1 << 3) + varint(8) + field(7, inner) + field(8, field(1, domain))


@pytest.mark.parametrize("nested", [False, True])
def test_onnx(*, nested: bool) -> None:
    assert found(scan(onnx("weights/a.bin", nested=nested), "m.onnx")) == []
    for path in ("../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "a/../../b"):
        assert found(scan(onnx(path, nested=nested), "m.onnx")) == [("MOD015", "high")]
    assert found(scan(onnx(domain="com.microsoft"), "m.onnx")) == []
    assert found(scan(onnx(domain="ai.onnx.contrib"), "m.onnx")) == [("MOD016", "medium")]
    assert found(scan(onnx(domain="acme.ops"), "m.onnx")) == [("MOD016", "low")]


def safetensors(header: Any, data: int = 16, raw: bytes | None = None) -> bytes:
    body = json.dumps(header).encode() if raw is None else raw
    return struct.pack("<Q", len(body)) + body + bytes(data)


def tensor(start: int, end: int) -> dict[str, Any]:
    return {"dtype": "F32", "shape": [(end - start) // 4], "data_offsets": [start, end]}


GOOD = {"__metadata__": {"format": "pt", "note": "import torch; see https://x.org"},
        "a": tensor(0, 8), "b": tensor(8, 16), "empty": tensor(8, 8)}  # fmt: skip


def test_safetensors_clean() -> None:
    result = scan(safetensors(GOOD), "m.safetensors")
    assert (result.format, found(result), result.notes) == ("safetensors", [], ())


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (safetensors({"a": tensor(0, 8), "b": tensor(4, 12)}, 12), "overlaps another"),
        (safetensors({"a": tensor(0, 8), "b": tensor(12, 16)}), "leaves a hole"),
        (safetensors({"a": tensor(0, 8)}), "8 bytes follow the last tensor"),
        (safetensors({"a": tensor(0, 80)}), "ends behind the end"),
        (safetensors({"a": {**tensor(0, 16), "shape": [3]}}), "not described"),
        (safetensors({"a": {**tensor(0, 16), "data_offsets": [-1, 16]}}), "not described"),
        (safetensors(None, raw=b'{"a":%s,"a":%s}' % ((json.dumps(tensor(0, 16)).encode(),) * 2)), "twice"),
        (safetensors(None, raw=b'{"a":'), "no JSON"),
        (struct.pack("<Q", 5000) + b'{"a"', "5000 bytes"),
    ],
)  # fmt: skip
def test_safetensors_headers(data: bytes, what: str) -> None:
    result = scan(data, "m.safetensors")
    assert found(result) == [("MOD013", "high")]
    assert what in result.issues[0].message


def test_safetensors_metadata() -> None:
    bad = safetensors({**GOOD, "__metadata__": {"init": "import os; os.system('x')"}})
    assert found(scan(bad, "m.safetensors")) == [("MOD013", "critical")]
    wrong = safetensors({**GOOD, "__metadata__": {"a": 1}})
    assert found(scan(wrong, "m.safetensors")) == [("MOD013", "high")]


def gguf(**values: str) -> bytes:
    pairs = [_text("general.architecture") + _u32(8) + _text("llama"),
             _text("tokenizer.ggml.tokens") + _u32(9) + _u32(8) + struct.pack("<Q", 2) + _text("a") + _text("{{x}}"),
             _text("llama.block_count") + _u32(4) + _u32(32),
             _text("tokenizer.ggml.scores") + _u32(9) + _u32(6) + struct.pack("<Q", 3) + bytes(12)]  # fmt: skip
    pairs += [
        _text(key.replace("_", ".", 1)) + _u32(8) + _text(value) for key, value in values.items()
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs)


def _u32(value: int) -> bytes:
    return struct.pack("<I", value)


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


FINE = [
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] }}{% endfor %}",
    "{%- if tools %}{{- 'You may call os.system or eval(x)' }}{{ tools | tojson }}{%- endif %}",
    "{%- set ns = namespace(found=false, last=messages|length - 1) %}{{ ns.found }}",
    "{{ raise_exception('Conversation roles must alternate; open (close) them') }}",
    "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% endif %}",
    "{% macro render(x) %}{{ x.__len__ is defined }}{% endmacro %}",
    "{{ message.content.split('</think>')[-1].lstrip('\\n') }}{{ self.title() }}",
    "Use import os and __class__ as you like, outside of expressions",
    "{{ content | replace('__', '') }}{{ config.system_prompt }}",
]
BAD = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ ''|attr('__class__') }}",
    "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{% set a = lipsum['__globals__'] %}",
    "{{ ('_'~'_class_'~'_') }}{{ x|attr(y) }}",
    '{{ "%c%c"|format(95, 95) }}',
    "{% for c in [].__class__.__base__.__subclasses__() %}{% endfor %}",
    "{% if x %}{{ eval('1') }}{% endif %}",
    "{{ x.__class__",
]


@pytest.mark.parametrize("template", FINE)
def test_templates_that_are_fine(template: str) -> None:
    assert found(scan(template.encode(), "chat_template.jinja")) == []
    config = json.dumps({"chat_template": template, "added": [template]}).encode()
    assert found(scan(config, "tokenizer_config.json")) == []
    assert found(scan(gguf(tokenizer_chat_template=template), "m.gguf")) == []


@pytest.mark.parametrize("template", BAD)
def test_templates_that_reach_into_python(template: str) -> None:
    expected = [("MOD012", "critical")]
    assert found(scan(template.encode(), "chat_template.jinja")) == expected
    for value in (template, [{"name": "default", "template": template}]):
        config = json.dumps({"chat_template": value}).encode()
        assert found(scan(config, "tokenizer_config.json")) == expected
    assert found(scan(gguf(tokenizer_chat_template=template), "m.gguf")) == expected


def test_gguf_headers() -> None:
    assert scan(gguf(), "m.gguf").format == "gguf"
    assert scan(gguf(), "m.gguf").complete
    huge = b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 40)
    assert found(scan(huge, "m.gguf")) == [("MOD013", "high")]
    assert found(scan(gguf()[:-5], "m.gguf")) == [("MOD013", "high")]
    long = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 50)
    assert found(scan(long, "m.gguf")) == [("MOD013", "high")]


def _tensor(place: int, dimensions: int = 1) -> bytes:
    shape = struct.pack(f"<{dimensions}Q", *([1] * dimensions))
    return _text("blk.0") + _u32(dimensions) + shape + _u32(0) + struct.pack("<Q", place)


def test_gguf_tensors() -> None:
    keys = _text("general.architecture") + _u32(8) + _text("llama")
    head = b"GGUF" + struct.pack("<IQQ", 3, 2, 1) + keys
    good = head + _tensor(0) + _tensor(32, 4) + bytes(100)
    assert (found(scan(good, "m.gguf")), scan(good, "m.gguf").complete) == ([], True)
    for bad, what in (
        (head + _tensor(0) + _tensor(1 << 40) + bytes(100), "a tensor begins behind the end"),
        (head + _tensor(0), "a value ends behind the end"),
        (head + _tensor(0) + _tensor(0, 9) + bytes(100), "a tensor of 9 dimensions"),
    ):
        [issue] = scan(bad, "m.gguf").issues
        assert (issue.rule.id, what in issue.message) == ("MOD013", True)


def test_gguf_of_zeros_is_not_clean() -> None:
    for version in (0, 1, 4):
        result = scan(b"GGUF" + struct.pack("<IQQ", version, 0, 0) + bytes(5_000), "m.gguf")
        assert result.notes == (f"version {version} of GGUF: not read",)
    empty = b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + bytes(100_000)
    assert found(scan(empty, "m.gguf")) == [("MOD013", "high")]


def test_configurations() -> None:
    auto = {"model_type": "x", "auto_map": {"AutoModel": "acme/repo--modeling.Model"}}
    result = scan(json.dumps(auto).encode(), "config.json")
    assert found(result) == [("MOD016", "medium")]
    assert "acme/repo--modeling.Model" in result.issues[0].message
    assert found(scan(b'{"trust_remote_code": true}', "config.json")) == [("MOD016", "medium")]
    assert found(scan(b'{"trust_remote_code": false, "auto_map": {}}', "config.json")) == []
    assert found(scan(b"[" * 100_000, "config.json")) == []


def test_yaml() -> None:
    assert found(scan(b"t: '{{ x.__class__ }}'\n", "c.yaml")) == [("MOD012", "critical")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: !!python/object/apply:os.system ['id']", [("MOD016", "critical")]),
        ("a: !!python/name:os.system", [("MOD016", "critical")]),
        ("layers:\n  - _target_: subprocess.run\n    args: [id]", [("MOD016", "critical")]),
        ("'_target_': 'builtins.eval'", [("MOD016", "critical")]),
        ("a: !!python/tuple [1, 2]", []),
        ("_target_: torch.nn.Linear\nx: 1", []),
        ("_target_: acme.Model", []),
        ("# do not use _target_: os.system here", []),
    ],
)
def test_configurations_that_make_objects(source: str, expected: list[tuple[str, str]]) -> None:
    assert found(scan(source.encode(), "model_config.yaml")) == expected


def test_targets_in_json() -> None:
    assert found(scan(b'{"a": {"_target_": "os.system"}}', "config.json")) == [
        ("MOD016", "critical")
    ]
    assert found(scan(b'{"a": {"_target_": "torch.nn.ReLU"}}', "config.json")) == []
