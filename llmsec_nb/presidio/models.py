"""A user's model for names and places: spaCy, transformers or GLiNER, as it lies on this machine.

Nothing is ever downloaded: a model that is not there is `Unavailable`, with the command to get it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..core.detector import NotInstalled, Unavailable
from .nlp import WordEngine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KINDS: Final = "spacy:NAME, transformers:NAME or gliner:NAME"
_NER: Final = "pip install 'llmsec-nb[ner]'"


class Model(NamedTuple):
    """An NLP engine for Presidio, and the recognizers that bring the model with them."""

    engine: Any
    recognizers: list[Any]
    by_engine: bool
    """Whether the engine itself finds names, so that Presidio's recognizer for it is wanted."""


def load(model: str | None, languages: Sequence[str]) -> Model:
    """The engine for `spacy:NAME`, `transformers:NAME` or `gliner:NAME`; words only for None.

    A name may also be the directory of a model. Raises Unavailable.
    """
    if not model:
        return Model(WordEngine(languages), [], by_engine=False)
    kind, _, name = model.partition(":")
    loaders = {"spacy": _spacy, "transformers": _transformers, "gliner": _gliner}
    if kind not in loaders or not name:
        raise Unavailable(f"Presidio's model {model!r} is none of {_KINDS}")
    return loaders[kind](name, languages)


def _spacy(name: str, languages: Sequence[str]) -> Model:
    _needed("spacy", name)
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    if not (spacy.util.is_package(name) or Path(name).is_dir()):
        raise NotInstalled(
            f"the spaCy model {name} is not installed: python -m spacy download {name}"
        )
    models = [{"lang_code": language, "model_name": name} for language in languages]
    engine = SpacyNlpEngine(models=models)
    with _reported(f"spaCy model {name}"):
        engine.load()
    return Model(engine, [], by_engine=True)


def _transformers(name: str, languages: Sequence[str]) -> Model:
    _needed("transformers", name)
    _needed("torch", name)
    path = _local(name)
    from presidio_analyzer.predefined_recognizers.ner import HuggingFaceNerRecognizer

    with _reported(f"transformers model {name}"), _no_network():
        recognizers = [
            HuggingFaceNerRecognizer(model_name=path, supported_language=language)
            for language in languages
        ]
    return Model(WordEngine(languages), recognizers, by_engine=False)


def _gliner(name: str, languages: Sequence[str]) -> Model:
    _needed("gliner", name)
    path = _local(name)
    from presidio_analyzer.predefined_recognizers.ner import GLiNERRecognizer

    with _reported(f"GLiNER model {name}"), _no_network():
        recognizers = [
            GLiNERRecognizer(model_name=path, supported_language=language, local_files_only=True)
            for language in languages
        ]
    return Model(WordEngine(languages), recognizers, by_engine=False)


def _needed(package: str, name: str) -> None:
    if find_spec(package) is None:
        raise NotInstalled(f"{package} is not installed, which the model {name} needs: {_NER}")


def _local(name: str) -> str:
    """The directory of a Hugging Face model in the cache of this machine."""
    if Path(name).is_dir():
        return name
    _needed("huggingface_hub", name)
    from huggingface_hub import snapshot_download

    try:
        return str(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        remedy = f"hf download {name}"
        raise NotInstalled(f"the model {name} is not on this machine: {remedy}") from None


@contextmanager
def _no_network() -> Iterator[None]:
    """Hugging Face's own switch, for what a model's files may refer to."""
    before = os.environ.get("HF_HUB_OFFLINE")
    os.environ["HF_HUB_OFFLINE"] = "1"
    from huggingface_hub import constants

    was = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = was
        if before is None:
            del os.environ["HF_HUB_OFFLINE"]
        else:
            os.environ["HF_HUB_OFFLINE"] = before


@contextmanager
def _reported(what: str) -> Iterator[None]:
    """Whatever a model's own code raises while it is loaded is one line for the user."""
    try:
        yield
    except Exception as error:
        reason = f"the {what} cannot be loaded ({type(error).__name__})"
        raise Unavailable(f"{reason}: download it again, or choose another one") from error
