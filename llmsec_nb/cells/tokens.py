"""The tokens of Python in any text, in time that grows no faster than the text."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WASTE: Final = 10
_WASTE_OF_ANY: Final = 20_000
"""Characters that may be read in vain: so often each of a text, and some more."""


def tokens_of(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens as `tokenize` gives them. Raises what it raises.

    That is a TokenError, too, where too much of the text is no token: there the tokenizer may have
    read to the end of the line, and it starts again one character on. A line of blanks before a
    `$` would take the square of its length.
    """
    left = _WASTE * len(text) + _WASTE_OF_ANY
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.ERRORTOKEN:
            left -= len(token.line) - token.start[1]
            if left < 0:
                raise tokenize.TokenError("too much of the text is no token", token.start)
        yield token
