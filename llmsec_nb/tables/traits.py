"""Columns that, put together, tell who a row is of: quasi-identifiers, known by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.table import Risk, Trait
from ..rules.pii.recognizer import speaks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .state import State

_WORDS: Final = (
    "age", "gender", "sex", "zip", "zip code", "zipcode", "postcode", "postal code", "postal",
    "plz", "city", "town", "municipality", "county", "state", "province", "region", "country",
    "nationality", "citizenship", "birth", "dob", "birthday", "birthdate", "birth date",
    "date of birth", "born", "birth year", "birthyear", "yob", "birthplace",
    "marital", "marital status",
    "ethnicity", "race", "religion", "occupation", "profession", "job title", "education",
    "salary", "income", "language", "admission", "discharge", "latitude", "longitude", "lat",
    "lon", "lng", "alter", "geschlecht", "geburtsdatum", "geburtstag", "postleitzahl", "wohnort",
    "ort", "stadt", "beruf", "edad", "sexo", "genero", "codigo postal", "ciudad",
    "fecha de nacimiento", "sexe", "code postal", "ville", "date de naissance", "naissance",
    "nascita", "citta", "eta",
)  # fmt: skip
"""Traits that others know of a person (ISO/IEC 20889, 3.27: quasi-identifier)."""
_NOT: Final = ("id", "count", "flag", "code id", "machine", "transition", "sum", "mean", "page")


def is_trait(path: str) -> bool:
    """Whether the name speaks of such a trait; what is inside of lists has no row of its own."""
    return (
        "[]" not in path
        and "{}" not in path
        and speaks_of(_WORDS, path)
        and not speaks_of(_NOT, path)
    )


def risk_of(state: State) -> Risk | None:
    """How well the rows can be told apart; None without any trait."""
    import numpy as np

    if not state.traits or not state.crowd.rows:
        return None
    sizes = state.crowd.sizes().astype(np.int64)
    counted = int(sizes.sum())
    if not counted:
        return None
    return Risk(
        traits=tuple(_trait(state, path) for path in sorted(state.traits)),
        rows=state.rows,
        classes=len(sizes) << state.crowd.level,
        smallest=int(sizes.min()),
        unique=float(sizes[sizes == 1].sum()) / counted,
        below_five=float(sizes[sizes < 5].sum()) / counted,
        estimated=state.crowd.level > 0,
    )


def _trait(state: State, path: str) -> Trait:
    column = state.columns[path]
    counts: Sequence[int] = [count for _, count in column.sample.items()]
    alone = sum(1 for count in counts if count == 1)
    return Trait(path=path, distinct=column.sample.distinct, unique=alone / max(1, sum(counts)))
