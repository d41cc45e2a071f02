"""What rows teach, as one hash a row: their label, or the words of their response."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from .wording import identities_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ..roles import Roles
    from ..rows import Rows
    from .wording import Hashes


def input_of(roles: Roles) -> str:
    """The column of what a model is given, empty if there is none."""
    return roles.text or roles.prompt or roles.document


def target_of(roles: Roles) -> str:
    """The column of what it is to answer, empty if there is none."""
    return roles.label if roles.text else roles.response or roles.chosen


def targets(rows: Rows, seed: int) -> Hashes:
    """Keyed hashes of what each row of a batch teaches, shape (n,); 0 where it is nothing."""
    import numpy as np

    column = target_of(rows.roles)
    if not column:
        return np.zeros(len(rows), np.uint64)
    if rows.roles.text:
        return labels(rows.texts(column), seed)
    return identities_of(rows, column, seed)


def labels(values: pa.Array, seed: int) -> Hashes:
    """Keyed hashes of labels as they are written, shape (n,); 0 for a null."""
    import numpy as np

    coded = values.dictionary_encode()
    key = seed.to_bytes(16, "little", signed=True)
    hashes = [
        int.from_bytes(blake2b(text.strip().encode(), digest_size=8, key=key).digest(), "little")
        for text in coded.dictionary.to_pylist()
    ]
    table = np.array([0, *hashes], np.uint64)
    found: Hashes = table[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False) + 1]
    return found
