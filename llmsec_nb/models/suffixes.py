"""What a file's name promises: whether some library loads it as a model."""

from __future__ import annotations

import re
from typing import Final

from .names import words

PICKLES: Final = words(
    ".pkl .pickle .p .pck .pk .joblib .dill .cloudpickle .pt .pth .ckpt .pt2 .ptl .pkl5"
)
SUFFIXES: Final = PICKLES | words("""
    .npy .npz .pbtxt .keras .h5 .hdf5 .safetensors .gguf .ggml .onnx .pb .tflite .mar .nemo .skops
    .jinja .jinja2 .j2 .template .mlmodel .model .pdparams .pdmodel .params .llamafile .bst .ubj
    .pmml .rds .rda .rdata .cbm .pte .t7
    """)
NAMES: Final = re.compile(
    r"(?:tokenizer_config|chat_template|config|generation_config|processor_config"
    r"|preprocessor_config|adapter_config|model_index|saved_model|keras_metadata"
    r"|pytorch_model\S{0,40}|model_config|special_tokens_map|modules)\.(?:json|pb|bin)"
)


def suffix(name: str) -> str:
    """The last suffix in lower case."""
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, last = base.rpartition(".")
    return f".{last.lower()}" if dot and stem else ""


ARCHIVES: Final = frozenset({".7z", ".tar", ".tgz", ".tbz2", ".txz", ".zip"})
_PACKED: Final = frozenset({".gz", ".bz2", ".xz", ".lzma", ".z", ".zlib"})


def packs_model(name: str) -> bool:
    """Whether a compressed file, by its name, is an archive or a model: `a.tar.gz`, `m.pkl.bz2`."""
    last = suffix(name)
    inner = suffix(name[: len(name) - len(last)])
    packed = last in _PACKED and (inner == ".tar" or inner in SUFFIXES)
    return packed or last in ARCHIVES


CONFIGURATIONS: Final = frozenset({".json", ".yaml", ".yml"})
_SPEAKS: Final = re.compile(rb"\bchat_template\b|\b_target_\b|!!python/|2002:python/|\"auto_map\"")


def is_configuration(name: str, start: bytes) -> bool:
    """Whether a file under any other name is the configuration of a model, by what it speaks of."""
    return suffix(name) in CONFIGURATIONS and _SPEAKS.search(start) is not None


_VAGUE: Final = CONFIGURATIONS | {"", ".bin", ".dat", ".data", ".weights"}


def may_be_model(name: str) -> bool:
    """Whether, by its name, a file among others is worth a look at its first bytes."""
    last = suffix(name)
    named = last in SUFFIXES or last in _VAGUE or NAMES.fullmatch(name) is not None
    return named or packs_model(name)
