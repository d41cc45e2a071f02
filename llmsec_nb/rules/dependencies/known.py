"""Names that are known: the most downloaded, all that exist, Python's own, and the false friends.

`data/popular.txt` are the names of the 15,000 most downloaded projects of PyPI, the first the most
downloaded. `data/existing.bloom` is a Bloom filter of all 886,323 names of PyPI: 5 bits a name,
2 % of other names pass as known. Both are of November 2026.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path
from typing import Final

_BITS: Final = 5
_DATA: Final = Path(__file__).parent / "data"
_GONE: Final = frozenset(
    {"asynchat", "asyncore", "distutils", "imp", "smtpd", "aifc", "audioop", "cgi", "cgitb",
     "chunk", "crypt", "imghdr", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes",
     "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"}
)  # fmt: skip
"""Modules that Python once had."""
IMPORTS: Final = {
    "attr": "attrs", "beautifulsoup": "beautifulsoup4", "bs4": "beautifulsoup4", "bson": "pymongo",
    "cairo": "pycairo", "camelot": "camelot-py", "community": "python-louvain", "consul": "python-consul", "corsheaders": "django-cors-headers",
    "crypto": "pycryptodome", "cryptodome": "pycryptodomex", "cv2": "opencv-python",
    "dateutil": "python-dateutil", "discord": "discord-py", "docx": "python-docx",
    "dotenv": "python-dotenv", "engineio": "python-engineio", "faiss": "faiss-cpu", "ffmpeg": "ffmpeg-python",
    "fitz": "pymupdf", "gi": "pygobject", "git": "gitpython", "github": "pygithub", "gridfs": "pymongo",
    "google-protobuf": "protobuf", "googleapiclient": "google-api-python-client", "haystack": "haystack-ai",
    "huggingface": "huggingface-hub", "huggingface-cli": "huggingface-hub",
    "imblearn": "imbalanced-learn", "jose": "python-jose", "jwt": "pyjwt",
    "kafka": "kafka-python", "ldap": "python-ldap", "lgb": "lightgbm", "llama-cpp": "llama-cpp-python", "magic": "python-magic",
    "matplotlib-pyplot": "matplotlib", "mpl-toolkits": "matplotlib", "mysqldb": "mysqlclient",
    "nacl": "pynacl", "np": "numpy", "opencv": "opencv-python", "openssl": "pyopenssl",
    "osgeo": "gdal", "pd": "pandas", "pil": "pillow", "pkg-resources": "setuptools",
    "plt": "matplotlib", "pptx": "python-pptx", "pylab": "matplotlib", "pythoncom": "pywin32", "pytorch": "torch",
    "pywt": "pywavelets", "rest-framework": "djangorestframework", "ruamel": "ruamel-yaml",
    "scikit": "scikit-learn", "serial": "pyserial", "shapefile": "pyshp",
    "skbuild": "scikit-build", "skimage": "scikit-image", "sklearn": "scikit-learn",
    "skmultilearn": "scikit-multilearn", "skopt": "scikit-optimize", "sksurv": "scikit-survival",
    "slugify": "python-slugify", "sns": "seaborn", "socketio": "python-socketio", "socks": "pysocks",
    "speech-recognition": "speechrecognition", "tabula": "tabula-py",
    "telegram": "python-telegram-bot", "tensorflow-gpu": "tensorflow", "tf": "tensorflow",
    "umap": "umap-learn", "usb": "pyusb", "websocket": "websocket-client", "whisper": "openai-whisper", "win32api": "pywin32",
    "win32com": "pywin32", "win32con": "pywin32", "wx": "wxpython", "xgb": "xgboost", "yaml": "pyyaml", "zmq": "pyzmq",
}  # fmt: skip
"""Names people import, or call a project by, and the distribution that they mean."""
BROUGHT_BY: Final = {
    "crypto": ("pycrypto",), "cupy": ("cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"),
    "cv2": ("opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    "faiss": ("faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12"), "llama-cpp": ("llama-cpp-python",),
    "onnxruntime": ("onnxruntime-gpu",), "paddle": ("paddlepaddle", "paddlepaddle-gpu"),
    "pil": ("pillow-simd",), "pinecone": ("pinecone-client",), "psycopg2": ("psycopg2-binary",),
    "tensorflow": ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tensorflow-intel"),
    "xgboost": ("xgboost-cpu",),
}  # fmt: skip
"""Modules, normalized, that other distributions than the likeliest bring, too."""
NAMESPACES: Final = frozenset({"azure", "backports", "google", "opentelemetry", "zope"})
"""Modules that many distributions have a part in, so the first name says nothing."""
TRAPS: Final = {
    "counterfit": "Microsoft's Counterfit is not on PyPI: this name belongs to a simulator of IoT hardware",
    "apex": "NVIDIA's Apex is not on PyPI: this name belongs to a toolkit for Pyramid",
    "clip": "OpenAI's CLIP is not on PyPI by this name, which belongs to a clipboard manager",
    "detectron2": "Detectron2 is not published on PyPI: its own page says how it is installed",
    "segment-anything-2": "SAM 2 is on PyPI as sam2",
    "groundingdino": "Grounding DINO is on PyPI as groundingdino-py",
    "en-core-web-sm": "models of spaCy are not on PyPI: `python -m spacy download en_core_web_sm`",
    "en-core-web-md": "models of spaCy are not on PyPI: `python -m spacy download en_core_web_md`",
    "en-core-web-lg": "models of spaCy are not on PyPI: `python -m spacy download en_core_web_lg`",
}
"""Names of projects that are not on PyPI, or that something else has there."""
ON_CHANNELS: Final = frozenset({"detectron2", "groundingdino"})
"""Those of TRAPS that conda-forge has from the project itself."""
HARMLESS: Final = frozenset(
    {"sklearn", "bs4", "dotenv", "imblearn", "skimage", "discord", "pytorch", "tensorflow-gpu",
     "beautifulsoup", "huggingface", "kafka"}
)  # fmt: skip
"""Names of IMPORTS that their projects hold themselves, as a placeholder or an old version."""
FAILING: Final = frozenset({"sklearn", "pytorch"})
"""Those of them that are there to fail, so that nobody goes on with them."""


@cache
def ranks() -> dict[str, int]:
    """The most downloaded names and their ranks, from 0."""
    text = (_DATA / "popular.txt").read_text("ascii")
    return {name: rank for rank, name in enumerate(text.split("\n")) if name}


@cache
def standard_library() -> dict[str, str]:
    """Names of Python's own modules, normalized, with what they are in fact called."""
    names = {*sys.stdlib_module_names, *_GONE}
    return {name.lower().replace("_", "-"): name for name in names if not name.startswith("_")}


@cache
def _filter() -> bytes:
    return (_DATA / "existing.bloom").read_bytes()


def exists(name: str) -> bool:
    """Whether PyPI had a project of this normalized name; 2 % of others pass, too."""
    bits = _filter()
    size = len(bits) * 8
    digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
    first = int.from_bytes(digest[:8], "big")
    step = int.from_bytes(digest[8:], "big") | 1
    places = ((first + number * step) % size for number in range(_BITS))
    return all(bits[place >> 3] >> (place & 7) & 1 for place in places)
