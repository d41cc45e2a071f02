"""Every backend finds the same places: all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.prefilter import Hit, available, haystack, prefilter

LITERALS = ["key", "keypass", "passkey", "ss", "s", "sk-", "://", "k.y", "[", "a\\"]


def naive(literals: list[str], text: str) -> list[Hit]:
    low = haystack(text)
    return [
        Hit(start, number)
        for start in range(len(low))
        for number, literal in enumerate(literals)
        if low.startswith(literal.encode(), start)
    ]


@pytest.mark.parametrize("backend", available())
@pytest.mark.parametrize(
    "text",
    ["", "KeyPassKey sss://SK-", "no", "\ud83d\ude00k.y\u0130key[a\\", "x" * 70 + "keypasskey"],
)
def test_all_occurrences(backend: str, text: str) -> None:
    assert prefilter(LITERALS, backend).find(haystack(text)) == naive(LITERALS, text)


@given(
    st.lists(st.text("abc-", min_size=1, max_size=4), min_size=1, max_size=8, unique=True),
    st.text("abcAB-\u00e9\u2028\U0001f600", max_size=60),
)
def test_backends_agree(literals: list[str], text: str) -> None:
    expected = naive(literals, text)
    for backend in available():
        assert prefilter(literals, backend).find(haystack(text)) == expected


def test_a_missing_backend_gives_the_next_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmsec_nb.prefilter.find_spec", lambda name: None)
    assert available() == ("python",)
    assert type(prefilter(["x"], "hyperscan")).__name__ == "TrieFilter"


def test_offsets_count_characters() -> None:
    assert haystack("\u0130K\U0001f600") == b"?k?"
