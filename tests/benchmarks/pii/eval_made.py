"""Made-up frames and texts, from a seed: nobody's data, in the forms that people use."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_GIVEN: Final = [
    "Ada",
    "Alan",
    "Grace",
    "Edsger",
    "Barbara",
    "Donald",
    "Frances",
    "John",
    "Katherine",
    "Leslie",
]
_FAMILY: Final = [
    "Abbot",
    "Baker",
    "Carter",
    "Dawson",
    "Ellis",
    "Foster",
    "Gibson",
    "Harper",
    "Ingram",
    "Jordan",
]
_WORDS: Final = [
    "the",
    "shipment",
    "was",
    "late",
    "again",
    "because",
    "nobody",
    "at",
    "the",
    "depot",
    "had",
    "told",
    "us",
    "about",
    "the",
    "new",
    "hours",
    "so",
    "please",
    "credit",
    "the",
    "account",
    "and",
    "send",
    "a",
    "note",
    "when",
    "it",
    "is",
    "done",
    "thanks",
    "in",
    "advance",
    "from",
    "all",
    "of",
    "us",
]
COLUMNS: Final = (
    "email",
    "phone",
    "ssn",
    "card",
    "iban",
    "ip",
    "name",
    "notes",
    "quantity",
    "price",
)


def _luhn(digits: str) -> str:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        total += int(digit) if index % 2 else sum(divmod(2 * int(digit), 10))
    return digits + str(-total % 10)


def _iban(maker: random.Random) -> str:
    account = "".join(maker.choices("0123456789", k=18))
    return f"DE{98 - int(account + '131400') % 97:02}{account}"


def value(column: str, maker: random.Random) -> Any:
    """One value of a column."""
    number = maker.randrange
    makers: dict[str, Callable[[], Any]] = {
        "email": lambda: f"{maker.choice(_FAMILY).lower()}{number(10**6)}@mail{number(99)}.org",
        "phone": lambda: f"({number(201, 990)}) {number(200, 999)}-{number(10**4):04}",
        "ssn": lambda: f"{number(1, 665):03}-{number(1, 99):02}-{number(1, 9999):04}",
        "card": lambda: _luhn("4" + "".join(maker.choices("0123456789", k=14))),
        "iban": lambda: _iban(maker),
        "ip": lambda: ".".join(str(number(1, 254)) for _ in range(4)),
        "name": lambda: f"{maker.choice(_GIVEN)} {maker.choice(_FAMILY)}",
        "notes": lambda: " ".join(maker.choices(_WORDS, k=12)),
        "quantity": lambda: number(1, 500),
        "price": lambda: round(maker.random() * 1000, 2),
    }
    return makers[column]()


def frame(rows: int, seed: int = 5) -> Any:
    """A pandas frame of the ten columns; half of its rows repeat earlier ones of a column."""
    import pandas as pd

    maker = random.Random(seed)
    fresh = max(1, rows // 2)
    made = {column: [value(column, maker) for _ in range(fresh)] for column in COLUMNS}
    return pd.DataFrame(
        {column: values + maker.choices(values, k=rows - fresh) for column, values in made.items()}
    )


def write_parquet(path: Path, rows: int, chunk: int = 100_000) -> None:
    """The same columns in a Parquet file, in row groups of `chunk` rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = (pa.Table.from_pandas(frame(chunk, seed), preserve_index=False) for seed in (5, 6, 7))
    kept = list(tables)
    with pq.ParquetWriter(path, kept[0].schema) as writer:
        for start in range(0, rows, chunk):
            writer.write_table(kept[start // chunk % len(kept)])


def lines(count: int, seed: int = 5) -> Iterator[str]:
    """Lines of a log; one in ten holds something personal."""
    maker = random.Random(seed)
    for index in range(count):
        text = " ".join(maker.choices(_WORDS, k=maker.randrange(6, 20)))
        if index % 10 == 0:
            text += f" {value(maker.choice(COLUMNS[:6]), maker)}"
        yield f"{index:06} {maker.random():.6f} {text}"
