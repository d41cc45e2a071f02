"""Values beside a provider's name, where nothing is assigned."""

from __future__ import annotations

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.core.rule import Confidence

from .growth import grows_within
from .samples import FORMATS, Maker


def value(rule: str) -> str:
    entry = next(entry for entry in FORMATS[rule] if entry.value)
    return Maker(5).sample(entry)[1]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("SEC151", "The wandb API key of the team: {}"),
        ("SEC151", "wandb: paste the key\n{}\n"),
        ("SEC155", "| Mistral | api key | {} |"),
        ("SEC153", "cohere token {} (trial)"),
        ("SEC615", "roboflow private key {}"),
        ("SEC667", "VULTR ACCESS KEY {}"),
    ],
)
def test_found(rule: str, text: str) -> None:
    secret = value(rule)
    source = text.format(secret)
    found = [f for f in check_text(source, "a.txt").findings if f.rule == rule]
    assert len(found) == 1
    place = found[0].location
    line = source.splitlines()[place.line]
    assert line[place.column : place.end_column] == secret
    assert found[0].confidence.at_least(Confidence.MEDIUM)


@pytest.mark.parametrize(
    "text",
    [
        "wandb: run {} was synced",
        "wandb key: none.\n"
        + "A paragraph that says nothing of it, longer than names reach. " * 2
        + "{}",
        'import wandb\nrun_key: "{}"',
        'import wandb\nrun_key = "{}"',
        "A cohere key is a string of 40 characters",
        "roboflow key: hard-hat-sample-yolov8",
        "wandb API key: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    ],
)
def test_not_found(text: str) -> None:
    source = text.format(value("SEC151"))
    assert check_text(source, "a.txt").findings == ()


def test_time_grows_with_the_text() -> None:
    for unit in ("wandb ", "wandb key ", "wandb key abcdefgh-1 ", "wandb key 0123abcd"):
        short, long = (unit * (size // len(unit)) for size in (40_000, 160_000))
        assert grows_within(10, lambda text: check_text(text, "a.txt"), short, long), unit
