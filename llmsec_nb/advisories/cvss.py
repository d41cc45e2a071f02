"""The weight of a vulnerability from its vector.

Source: CVSS 3.1 specification, 7.1 and 5 (https://www.first.org/cvss/v3-1/specification-document).
For version 4 its table of scores is not kept here: what the vector says of the harm is weighed.
"""

from __future__ import annotations

from typing import Final

from ..core.lazy import lazy

_VECTOR: Final = lazy(r"CVSS:(?P<version>[34])\.\d/(?P<parts>[A-Za-z:/]{10,300})")
_WEIGHTS: Final = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES: Final = {
    "U": {"N": 0.85, "L": 0.62, "H": 0.27},
    "C": {"N": 0.85, "L": 0.68, "H": 0.5},
}
_STEPS: Final = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))


def severity_of(vector: str) -> str:
    """`critical`, `high`, `medium` or `low`; empty for what is no vector."""
    found = _VECTOR.match(vector)
    if found is None:
        return ""
    parts = dict(part.split(":", 1) for part in found["parts"].split("/") if ":" in part)
    try:
        return _third(parts) if found["version"] == "3" else _fourth(parts)
    except KeyError:
        return ""


def _third(parts: dict[str, str]) -> str:
    value = {name: weights[parts[name]] for name, weights in _WEIGHTS.items()}
    is_changed = parts["S"] == "C"
    base = 1 - (1 - value["C"]) * (1 - value["I"]) * (1 - value["A"])
    impact = 6.42 * base
    if is_changed:
        impact = 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15
    if impact <= 0:
        return "low"
    privileges = _PRIVILEGES[parts["S"]][parts["PR"]]
    ease = 8.22 * value["AV"] * value["AC"] * privileges * value["UI"]
    score = min(10.0, (1.08 if is_changed else 1.0) * (impact + ease))
    rounded = -int(-round(score * 100_000) // 10_000) / 10  # up to the next tenth
    return next((word for least, word in _STEPS if rounded >= least), "low")


def _fourth(parts: dict[str, str]) -> str:
    harm = [parts["VC"], parts["VI"], parts["VA"]]
    is_easy = parts["AV"] == "N" and parts["AC"] == "L" and parts["PR"] == "N"
    if "H" in harm:
        return "critical" if is_easy and harm.count("H") == 3 and parts["UI"] == "N" else "high"
    return "medium" if "L" in harm else "low"
