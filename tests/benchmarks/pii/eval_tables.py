"""The labelled tables, 300 rows of each, and the classes of their columns.

DATA holds `datahub/datahub-classify/tests` (acryldata/datahub-classify) and `second`: `tables/*.csv`
and `labels.json` ({table: {column: class}}, `?` is not judged, what is not named is nothing).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

ROWS: Final = 300
DIRECT: Final = frozenset({"card", "email", "phone", "ssn", "iban", "ip"})
UNJUDGED: Final = "?"
_DATAHUB_CLASSES: Final = {
    "Street_Address": "address",
    "Gender": "gender",
    "Credit_Debit_Card_Number": "card",
    "Email_Address": "email",
    "Phone_Number": "phone",
    "Full_Name": "name",
    "Age": "age",
    "IBAN": "iban",
    "Vehicle_Identification_Number": "vin",
    "US_Social_Security_Number": "ssn",
    "IP_Address_v4": "ip",
    "IP_Address_v6": "ip",
    "US_Driving_License_Number": "license",
    "Swift_Code": "swift",
}
DATAHUB_CLASSES: Final = frozenset(_DATAHUB_CLASSES.values()) - {"swift"}
SECOND_CLASSES: Final = DIRECT | {"name", "address", "dob", "city", "postcode"}
_KIND_CLASSES: Final = {
    "CREDIT_CARD": "card",
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "US_SSN": "ssn",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "PERSON": "name",
    "PERSON_NAME": "name",
    "FULL_NAME": "name",
    "FIRST_NAME": "name",
    "GIVEN_NAME": "name",
    "LAST_NAME": "name",
    "FAMILY_NAME": "name",
    "STREET_ADDRESS": "address",
    "ADDRESS": "address",
    "DATE_OF_BIRTH": "dob",
    "LOCATION": "city",
    "CITY": "city",
    "ZIP_CODE": "postcode",
    "POSTAL_CODE": "postcode",
    "GENDER": "gender",
    "SEX": "gender",
    "AGE": "age",
    "VIN": "vin",
    "VEHICLE_ID": "vin",
    "VEHICLE_IDENTIFICATION_NUMBER": "vin",
    "US_DRIVER_LICENSE": "license",
    "DRIVER_LICENSE": "license",
}
# Right enough not to be held against anybody: a region is a place, too.
_PARDONED: Final = frozenset({("place", "city")})


class Table(NamedTuple):
    """A frame, and the class of each column that has one."""

    name: str
    frame: Any
    gold: dict[str, str]


class Verdicts(NamedTuple):
    """Columns that were named rightly, wrongly, and not."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of those that were named."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of those that should have been."""
        return self.right / max(1, self.right + self.missed)


def class_of(kind: str | None) -> str:
    """The class of a finder's kind; empty for no kind, its own name if there is none."""
    return _KIND_CLASSES.get(kind, kind) if kind else ""


def datahub(data: Path) -> list[Table]:
    """The 32 tables that the repository of datahub-classify holds."""
    import pandas as pd

    root = data / "datahub" / "datahub-classify" / "tests"
    labels = json.loads((root / "expected_output" / "expected_infotypes_IDEAL.json").read_text())
    tables = []
    for path in files(data)["datahub"]:
        read = pd.read_excel if path.suffix == ".xlsx" else pd.read_csv
        frame = read(path, nrows=ROWS)
        gold = {name: _DATAHUB_CLASSES[label] for name, label in labels[path.stem].items()}
        tables.append(Table(path.stem, frame, gold))
    return tables


def second(data: Path) -> list[Table]:
    """Tables of sample people and of things, from public repositories."""
    import pandas as pd

    labels = json.loads((data / "second" / "labels.json").read_text("utf-8"))
    return [
        Table(path.stem, pd.read_csv(path, nrows=ROWS), labels[path.name])
        for path in files(data)["second"]
    ]


def files(data: Path) -> dict[str, list[Path]]:
    """The tables of each set."""
    datahub_root = data / "datahub" / "datahub-classify" / "tests" / "datasets"
    return {
        "datahub": sorted([*datahub_root.glob("*.csv"), *datahub_root.glob("*.xlsx")]),
        "second": sorted((data / "second" / "tables").glob("*.csv")),
    }


def judge(
    tables: list[Table], found: dict[str, dict[str, str | None]], classes: frozenset[str]
) -> Verdicts:
    """Compare what each column is with what it was called, among those classes only."""
    right = wrong = missed = 0
    for table in tables:
        for column in map(str, table.frame.columns):
            gold = table.gold.get(column, "")
            named = class_of(found.get(table.name, {}).get(column))
            if gold == UNJUDGED or (gold, named) in _PARDONED:
                continue
            if named in classes and named == gold:
                right += 1
                continue
            wrong += named in classes
            missed += gold in classes
    return Verdicts(right, wrong, missed)


def wrong_kinds(
    tables: list[Table], found: dict[str, dict[str, str | None]], classes: frozenset[str]
) -> dict[str, int]:
    """How many columns were called wrongly, by the class that they were called."""
    counts = {one: judge(tables, found, frozenset({one})).wrong for one in sorted(classes)}
    return {one: count for one, count in counts.items() if count}


def raised(tables: list[Table], found: dict[str, dict[str, str | None]]) -> dict[str, int]:
    """Columns that hold nothing personal and were given any kind, by kind."""
    counts: dict[str, int] = {}
    for table in tables:
        for column in map(str, table.frame.columns):
            kind = found.get(table.name, {}).get(column)
            if kind and column not in table.gold:
                counts[kind] = counts.get(kind, 0) + 1
    return counts
