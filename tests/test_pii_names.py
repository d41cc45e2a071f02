"""Names of people and places by lists: exact spans, restraint, columns, speed."""

from __future__ import annotations

import random
import time

import pytest

from llmsec_nb.core.rule import Confidence
from llmsec_nb.rules.pii.gazetteer import _lines, beginnings, fold, places, words
from llmsec_nb.rules.pii.name_columns import is_of_people
from llmsec_nb.rules.pii.person import PersonNames
from llmsec_nb.rules.pii.place import PlaceNames
from llmsec_nb.rules.pii.recognizer import Scene, resolve

from .growth import grows_within
from .personal import people

PERSON, PLACE = PersonNames(), PlaceNames()
RANDOM = random.Random(105)
GIVEN, OTHER, FAMILY = people.given(RANDOM), people.given(RANDOM), people.family(RANDOM)
ODD, ODDER = people.strange(RANDOM), people.strange(RANDOM)


def found(recognizer: PersonNames | PlaceNames, text: str) -> list[str]:
    scene = Scene(text)
    hits = [hit for a, b, _ in recognizer.search(text) for hit in recognizer.find(scene, a, b)]
    assert all(hit.confidence is Confidence.LOW for hit in hits)
    return [text[hit.start : hit.end] for hit in resolve(hits)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Then {g} {f} left.", ["{g} {f}"]),
        ("{g} {f}'s notes", ["{g} {f}"]),
        ("{g} {f}\u2019s notes", ["{g} {f}"]),
        ('"{g} {f}", "{h} {f}"', ["{g} {f}", "{h} {f}"]),
        ("{g} {f}, {h} {f} and {g} {o}.", ["{g} {f}", "{h} {f}", "{g} {o}"]),
        ("{g} J. {f} wrote", ["{g} J. {f}"]),
        ("by J. {f} in", ["J. {f}"]),
        ("by J. K. {o} in", ["J. K. {o}"]),
        ("{g} van der {o}", ["{g} van der {o}"]),
        ("{g} de la {f}", ["{g} de la {f}"]),
        ("{g} al-{f}", ["{g} al-{f}"]),
        ("{g} O'{o} spoke", ["{g} O'{o}"]),
        ("{g}-{h} {f}-{o}", ["{g}-{h} {f}-{o}"]),
        ("{f}, {g}", ["{f}, {g}"]),
        ("{f}, {g} M.", ["{f}, {g} M."]),
        ("Dr. {o} and Prof. Dr. {o} {p}", ["{o}", "{o} {p}"]),
        ("Frau {o} trifft Herrn M\u00fcller, Mme {p}", ["{o}", "M\u00fcller", "{p}"]),
        ("My name is {o} {p}.", ["{o} {p}"]),
        ("Name: {o}", ["{o}"]),
        ("Hi {o},", ["{o}"]),
        ("Kind regards,\n{o} {p}", ["{o} {p}"]),
        ("I asked {g} about it", ["{g}"]),
        ("The owner is {o} {f}", ["{o} {f}"]),
        (
            "Ren\u00e9e M\u00fcller, \u0141ukasz Kowalski",
            ["Ren\u00e9e M\u00fcller", "\u0141ukasz Kowalski"],
        ),
        ("Zhang Wei met Nguyen Van Anh", ["Zhang Wei", "Nguyen Van Anh"]),
    ],
)
def test_people(template: str, expected: list[str]) -> None:
    fill = {"g": GIVEN, "h": OTHER, "f": FAMILY, "o": ODD, "p": ODDER}
    assert found(PERSON, template.format(**fill)) == [one.format(**fill) for one in expected]


def test_people_in_capitals() -> None:
    text = f"{GIVEN} {FAMILY}".upper()
    assert found(PERSON, f"1  {text}  42") == [text]
    assert found(PERSON, f"{GIVEN.upper()} DATA") == []


@pytest.mark.parametrize(
    "text",
    [
        "the Pearson correlation, a Markov chain, Student's t, Bayes' theorem",
        "Adam optimizer, Adam(lr=1), Gaussian Mixture, Monte Carlo, Nash equilibrium",
        "Hugging Face, Morgan Stanley, Goldman Sachs, Wells Fargo, Johns Hopkins University",
        "San Francisco, Santa Clara, New York, St. Louis, Las Vegas",
        "ask Claude, use Llama 3, with Jupyter on Kafka; Gemini, Mistral",
        "Will you be there in May? Mark it. Grace period. An Army of Rose Gardens",
        "Monday, April 3; August 2020; from January to June",
        "Train Test Split, Data Frame, Random Forest, Neural Network",
        "from sklearn.linear_model import Lasso, Ridge\nclass Paul(Base): pass",
        "Iris Setosa, Iris Virginica; Pclass Sex Age SibSp Parch Fare Embarked",
        "NaN  NaN  NaN\nNone True False",
        "/home/Sarah/x, @Sarah, #Peter, sarah_peter, Sarah_1, Peter.txt, James=1",
        "Dear Sir or Madam, To Whom It May Concern",
        "I am German, she is called English",
        "Called Once, named Batch",
    ],
)
def test_no_people(text: str) -> None:
    assert found(PERSON, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She lives in Reykjav\u00edk.", ["Reykjav\u00edk"]),
        ("Paris, France", ["Paris", "France"]),
        ("Austin, TX 78701 or Xolburg, CA 90210", ["Austin", "TX", "Xolburg", "CA"]),
        ("from Jordan to Rio de Janeiro", ["Jordan", "Rio de Janeiro"]),
        (
            "South Korea, Newcastle upon Tyne, Saint-\u00c9tienne",
            ["South Korea", "Newcastle upon Tyne", "Saint-\u00c9tienne"],
        ),
        ("U.S. and U.K. troops in Washington, D.C.", ["U.S.", "U.K.", "Washington, D.C."]),
        ("Reading is nice. Mobile first. Split it. Essen ist fertig.", []),
        ("Jack London was at Boston University, Oxford Street", []),
        ("Java, OK. Python, OR", []),
        ("Georgia and Chad said so", []),
        ("/London/x.csv, London_1, London(1)", []),
    ],
)
def test_places(text: str, expected: list[str]) -> None:
    assert found(PLACE, text) == expected


def judged(recognizer: PersonNames | PlaceNames, value: str, *, named: bool) -> Confidence | None:
    hit = recognizer.judge(value, named=named)
    assert hit is None or (hit.start, hit.end) == (0, len(value))
    return hit and hit.confidence


def test_columns_of_people() -> None:
    for value in (
        GIVEN,
        FAMILY,
        f"{GIVEN} {FAMILY}",
        f"{FAMILY}, {GIVEN}",
        f"{FAMILY.upper()}, Mrs. {GIVEN.upper()} M.",
        f"{GIVEN} {ODD}".lower(),
    ):
        assert judged(PERSON, value, named=True) is Confidence.MEDIUM, value
    for value in (
        "",
        "42",
        ODD,
        f"{FAMILY} Electric Ltd",
        "model_1",
        "Random Forest",
        "a@b.c",
        "x" * 500,
    ):
        assert judged(PERSON, value, named=True) is None, value
    assert judged(PERSON, f"{GIVEN} {FAMILY}", named=False) is Confidence.LOW
    assert judged(PERSON, GIVEN, named=False) is None
    assert judged(PERSON, f"{GIVEN}; {FAMILY}", named=False) is None


def test_columns_of_places() -> None:
    for value in ("Berlin", "BERLIN", "new york", "Chad", "TX", "DEU", "German"):
        assert judged(PLACE, value, named=True) is Confidence.MEDIUM, value
    assert judged(PLACE, "Xolburg", named=True) is None
    assert judged(PLACE, "Berlin", named=False) is Confidence.LOW
    for value in ("berlin", "Reading", "TX", "German"):
        assert judged(PLACE, value, named=False) is None, value


def test_headers() -> None:
    for header in ("name", "first_name", "LastName", "Passenger", "customer name", "Nachname"):
        assert is_of_people(header), header
    for header in (
        "file_name",
        "hostname",
        "model name",
        "customer_id",
        "company",
        "username",
        "Age",
    ):
        assert not is_of_people(header), header


def test_lists_are_sorted_folded_and_large() -> None:
    fewest = {
        "given": 5000,
        "surnames": 5000,
        "cities": 1000,
        "countries": 200,
        "regions": 300,
        "demonyms": 190,
        "words": 2000,
        "namesakes": 100,
    }
    for file, least in fewest.items():
        entries = [line.rstrip("*") for line in _lines(file)]
        assert len(entries) >= least, file
        assert entries == sorted(set(entries)), file
        assert [fold(entry) for entry in entries] == entries, file


def test_lists_load_at_once() -> None:
    for load in (words, places, beginnings):
        load.cache_clear()
    start = time.process_time()
    assert words()
    assert beginnings()
    assert time.process_time() - start < 0.03


def test_strangers_stay_strange() -> None:
    assert not {fold(ODD), fold(ODDER)} & words().keys()


@pytest.mark.parametrize(
    "unit",
    [
        "A",
        "Ab",
        "Aa ",
        "A. ",
        "Mr. ",
        "Anna ",
        "Anna, ",
        "Anna-",
        "O'",
        "van der ",
        "Anna van der ",
        "New ",
        "Paris, ",
        "name is ",
        "Austin, TX ",
        "Dear ",
    ],
)
def test_hostile_texts_take_linear_time(unit: str) -> None:
    short, long = (unit * (size // len(unit)) for size in (2_000, 20_000))
    for recognizer in (PERSON, PLACE):
        assert grows_within(30, lambda text: found(recognizer, text), short, long)  # noqa: B023 - used at once
