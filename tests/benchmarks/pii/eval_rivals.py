"""The opponents, to be run by the interpreter of an environment that has them.

    PYTHON -m tests.benchmarks.pii.eval_rivals texts {noop,context}          JSON lines in and out
    PYTHON -m tests.benchmarks.pii.eval_rivals columns SET DATA THRESHOLD STRATEGY {skip,keep}

Presidio runs without a model: `noop` with its engine that tokenizes nothing, `context` with a blank
pipeline whose lemmas are the tokens, without which its context words do nothing. Nothing is fetched.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, Final

KINDS: Final = (
    "CREDIT_CARD",
    "DATE_TIME",
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "IP_ADDRESS",
    "PHONE_NUMBER",
    "URL",
    "US_DRIVER_LICENSE",
    "US_SSN",
)
_NO_MODEL: Final = {
    "nlp_engine_name": "no_op",
    "models": [{"lang_code": "en", "model_name": "no_op"}],
}


def _offline() -> None:
    """E-mail addresses are checked against a list that would be fetched otherwise."""
    import tldextract

    module: Any = import_module("presidio_analyzer.predefined_recognizers.generic.email_recognizer")
    module.tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())


def _context_engine() -> Any:
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from spacy.language import Language

    @Language.component("tokens_as_lemmas")
    def tokens_as_lemmas(doc: Any) -> Any:
        for token in doc:
            token.lemma_ = token.lower_
        return doc

    pipeline = spacy.blank("en")
    pipeline.add_pipe("tokens_as_lemmas")
    engine: Any = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": pipeline}
    return engine


def analyzer(engine: str) -> Any:
    """Presidio's analyzer; engine is `noop` or `context`."""
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    logging.disable(logging.CRITICAL)
    _offline()
    if engine == "context":
        return AnalyzerEngine(nlp_engine=_context_engine())
    return AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=_NO_MODEL).create_engine())


def _find(presidio: Any, text: str) -> list[tuple[str, int, int, float]]:
    found = presidio.analyze(text, language="en", entities=list(KINDS), score_threshold=0)
    return [(one.entity_type, one.start, one.end, one.score) for one in found]


def serve(engine: str) -> None:
    """Each line is a list of texts; the answer holds findings of each, and CPU seconds."""
    presidio = analyzer(engine)
    _find(presidio, "warm up: 192.0.2.1")
    for line in sys.stdin:
        texts = json.loads(line)
        start = time.process_time()
        found = [_find(presidio, text) for text in texts]
        cpu = time.process_time() - start
        print(json.dumps({"found": found, "cpu": cpu}), flush=True)


def _kind(builder: Any, frame: Any, name: Any, strategy: str) -> str | None:
    analysis = builder.generate_analysis(frame[[name]], selection_strategy=strategy)
    return next(iter(analysis.entity_mapping.values()), None)


def classify(which: str, data: str, threshold: float, strategy: str, *, skip: bool) -> None:
    """presidio-structured: the kind of each column of a set, and what it could not read."""
    from pandas.api.types import is_numeric_dtype

    from tests.benchmarks.pii import eval_tables

    presidio = analyzer("noop")
    presidio.default_score_threshold = threshold
    builder = import_module("presidio_structured").PandasAnalysisBuilder(presidio)
    tables = getattr(eval_tables, which)(Path(data))
    found: dict[str, dict[str, str | None]] = {}
    failed = 0
    start = time.process_time()
    for table in tables:
        kinds = found.setdefault(table.name, {})
        for name in table.frame.columns:
            if skip and is_numeric_dtype(table.frame[name].dtype):
                continue
            try:
                kinds[str(name)] = _kind(builder, table.frame, name, strategy)
            except ValueError:  # it reads no dates, lists, bytes
                failed += 1
    cpu = time.process_time() - start
    print(json.dumps({"found": found, "failed": failed, "cpu": cpu}))


if __name__ == "__main__":
    if sys.argv[1] == "texts":
        serve(sys.argv[2])
    else:
        _, _, named, where, least, chosen, numbers = sys.argv
        classify(named, where, float(least), chosen, skip=numbers == "skip")
