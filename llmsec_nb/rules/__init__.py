"""Every rule there is, and the detectors that implement them: the one list."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.detector import CodeDetector, Detector
    from ..core.rule import Rule


@cache
def all_rules() -> Mapping[str, Rule]:
    """Rules by id, in order of their ids."""
    from ..presidio import ENTITY, NAME
    from ..sast.rules import RULES as SAST
    from .hygiene.suppressions import INVALID, UNUSED
    from .models import RULES as MODELS
    from .poisoning.catalogue import rules as poisoning
    from .secrets.detect_secrets.custom import CUSTOM

    found = {rule.id: rule for detector in _all_detectors() for rule in detector.rules}
    found |= {rule.id: rule for detector in code_detectors() for rule in detector.rules}
    given = (UNUSED, INVALID, CUSTOM, ENTITY, NAME, *poisoning(), *MODELS, *SAST)
    found |= {rule.id: rule for rule in given}
    return dict(sorted(found.items()))


@cache
def detectors_for(extra: frozenset[str]) -> tuple[Detector, ...]:
    """The detectors for one scan.

    Rules that are on by default always run, whatever is selected: what they match must be
    masked wherever it would be shown. `extra` names rules to run that are off by default.
    """
    enabled = frozenset(
        rule_id for rule_id, rule in all_rules().items() if rule.default or rule_id in extra
    )
    return _detectors(enabled)


@cache
def code_detectors() -> tuple[CodeDetector, ...]:
    """The detectors of what code does, depends on and loads."""
    from .code.catalogue import detectors as code
    from .dependencies.catalogue import detectors as dependencies
    from .named_models import NamedModels

    return (*code(), *dependencies(), NamedModels())


@cache
def _all_detectors() -> tuple[Detector, ...]:
    from .pii.catalogue import recognizers
    from .secrets.detect_secrets import PLUGINS

    personal = {recognizer.rule.id for recognizer in recognizers()}
    return _detectors(frozenset(plugin.rule.id for plugin in PLUGINS) | personal)


def _detectors(enabled: frozenset[str]) -> tuple[Detector, ...]:
    from .pii.text import PersonalData
    from .secrets import jwt, named
    from .secrets.detect_secrets import DetectSecretsPlugins
    from .secrets.nearby import NearbyValues
    from .secrets.private_key import PrivateKeys
    from .secrets.token import TokenDetector, formats
    from .secrets.url_password import UrlPasswords
    from .unicode.hidden import HiddenCharacters
    from .unicode.homoglyph import Homoglyphs

    upstream = DetectSecretsPlugins(enabled)
    return (
        TokenDetector((*formats(), jwt.FORMAT)),
        PrivateKeys(),
        UrlPasswords(),
        named.NamedValues(),
        NearbyValues(),
        *((upstream,) if upstream.plugins else ()),
        PersonalData(enabled),
        HiddenCharacters(),
        Homoglyphs(),
    )
