"""Presidio put together: registry, engine, models and recognizers of users, without a network."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from ..core.detector import NotInstalled
from . import models
from .custom import custom_recognizers
from .fast import Analyzer
from .log import listen, quiet
from .offline import bundle_suffixes, no_probe

if TYPE_CHECKING:
    from collections.abc import Sequence


class Built(NamedTuple):
    """An analyzer, one line for each recognizer of users that is missing, and what has a model."""

    analyzer: Analyzer
    failures: list[str]
    has_model: bool


def build(
    languages: Sequence[str] = ("en",), model: str | None = None, seconds: float | None = None
) -> Built:
    """Presidio with its default recognizers for the languages; raises Unavailable."""
    if find_spec("presidio_analyzer") is None:
        raise NotInstalled("presidio-analyzer is not installed: pip install 'llmsec-nb[pii]'")
    with no_probe():
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    listen()
    with quiet():
        loaded = models.load(model, languages)
        registry: Any = RecognizerRegistry(supported_languages=list(languages))
        registry.load_predefined_recognizers(languages=list(languages), nlp_engine=loaded.engine)
        kept = _kept(list(registry.recognizers), loaded)
        own, failures = custom_recognizers()
        registry.recognizers = everything = [*kept, *loaded.recognizers, *own]
        bundle_suffixes(everything)
        engine = AnalyzerEngine(
            registry=registry, nlp_engine=loaded.engine, supported_languages=list(languages)
        )
    return Built(Analyzer(engine, seconds), failures, has_model=bool(model))


def _kept(recognizers: Sequence[Any], loaded: models.Model) -> list[Any]:
    """Without those that only repeat what an engine found, if it finds nothing."""
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    return [one for one in recognizers if loaded.by_engine or not isinstance(one, SpacyRecognizer)]
