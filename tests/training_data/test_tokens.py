"""Texts as streams of hashed tokens."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmsec_nb.training.roles import Roles
from llmsec_nb.training.rows import Rows
from llmsec_nb.training.tokens import Shape, tokenise, tokens_of, words

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 7
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
texts = st.text(max_size=40) | st.text(
    st.sampled_from(
        "aB9é ÉΣς.,!\t\n\u00a0\u200b\u200d\u3000日本ไทยकिम한국😀👍🏽\ufe0f\u0301\x00İẞ"
    ),
    max_size=25,
)


def array(values: Sequence[str | None]) -> pa.Array:
    return pa.array(values, pa.large_string())


def ids(text: str) -> list[int]:
    found: list[int] = tokenise(array([text]), SEED).ids.tolist()
    return found


def shapes(text: str) -> list[int]:
    found: list[int] = tokenise(array([text]), SEED).shapes.tolist()
    return found


def written(text: str) -> list[str]:
    return [word.text for word in words(text)]


@given(st.lists(texts | st.none(), max_size=8))
def test_words_and_tokens_are_the_same(values: list[str | None]) -> None:
    tokens = tokenise(array(values), SEED)
    assert len(tokens.offsets) == len(values) + 1
    assert len(tokens.ids) == len(tokens.shapes) == tokens.offsets[-1]
    assert 0 not in tokens.ids
    for row, value in enumerate(values):
        text = value or ""
        found = words(text)
        start, end = tokens.offsets[row : row + 2].tolist()
        assert end - start == len(found)
        assert tokens.ids[start:end].tolist() == ids(text)
        assert all(text[word.start : word.end] == word.text for word in found)


@given(texts)
def test_between_tokens_there_are_blanks_only(text: str) -> None:
    place = 0
    for word in words(text):
        assert word.text
        assert text[place : word.start].strip(" \t\n\r\v\f\u00a0\u3000") == ""
        place = word.end
    assert text[place:].strip(" \t\n\r\v\f\u00a0\u3000") == ""


@given(texts)
def test_a_token_is_a_run_of_letters_and_digits_or_one_character(text: str) -> None:
    found = words(text)
    for word in found:
        runs = all(unicodedata.category(sign)[0] in "LNM" for sign in word.text)
        assert runs or len(word.text) == 1
        if len(word.text) > 1:
            assert not any(unicodedata.name(s, "").startswith(UNSPACED) for s in word.text)
    for left, right in pairwise(found):
        if left.end == right.start:  # two runs side by side would be one
            assert len(left.text) == 1 or len(right.text) == 1


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't panic!", ["Don", "'", "t", "panic", "!"]),
        ("pra\u200bctice", ["pra", "\u200b", "ctice"]),
        ("日本語 ok", ["日", "本", "語", "ok"]),
        ("สวัสดี", list("สวัสดี")),
        ("한국어 문장", ["한국어", "문장"]),
        ("किताब", ["किताब"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("👍🏽", ["👍", "🏽"]),
        ("a\ufe0fb", ["a", "\ufe0f", "b"]),
        ("x\u00a0y\u3000z", ["x", "y", "z"]),
        ("\x00\u202e", ["\x00", "\u202e"]),
        ("snake_case", ["snake", "_", "case"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_what_a_token_is(text: str, tokens: list[str]) -> None:
    assert written(text) == tokens


def test_small_and_capital_letters_are_alike_in_all_scripts() -> None:
    assert ids("ÜNAL Σίγμα ДА Hello") == ids("ünal σίγμα да hELLO")
    assert len(set(ids("unal ünal ü u"))) == 4


def test_long_tokens_differ_anywhere() -> None:
    base = "ab" * 40
    variants = [base, base + "a", "b" + base[1:], base[:40] + "x" + base[41:], base[:-1] + "x"]
    assert len({ids(text)[0] for text in variants}) == 5
    assert ids(base) == ids(base.upper())


def test_the_seed_keys_the_hashes() -> None:
    assert tokenise(array(["word"]), 1).ids[0] != tokenise(array(["word"]), 2).ids[0]


def test_nulls_slices_and_no_rows() -> None:
    whole = array(["zero one", None, "two", "three four"])
    tokens = tokenise(whole.slice(1, 3), SEED)
    assert tokens.offsets.tolist() == [0, 0, 1, 3]
    assert tokens.ids.tolist() == ids("two three four")
    assert tokenise(whole.slice(2, 0), SEED).offsets.tolist() == [0]
    assert tokenise(array([None, None]), SEED).ids.tolist() == []


def test_words_do_not_run_over_the_end_of_a_row() -> None:
    tokens = tokenise(array(["ab", "cd", "", "ef"]), SEED)
    assert tokens.ids.tolist() == ids("ab cd ef")


def test_shapes() -> None:
    kinds = [shape & Shape.KINDS for shape in shapes("Hello WORLD iPhone x 42 ! \u200b Éa ÉA 4K")]
    assert kinds == [1, 2, 3, 0, 4, 5, 6, 1, 2, 3]


def test_shapes_say_what_stands_before() -> None:
    before = [shape & (Shape.GLUED | Shape.GAP) for shape in shapes("a b  c\nd,\u00a0e\tf")]
    assert before == [0, 0, Shape.GAP, Shape.GAP, Shape.GLUED, Shape.GAP, Shape.GAP]
    rows = tokenise(array(["a", " b", "", "  c"]), SEED).shapes
    assert [shape & ~Shape.KINDS for shape in rows.tolist()] == [0, 0, Shape.GAP]


def test_a_batch_is_tokenised_once() -> None:
    batch = pa.record_batch({"text": ["one two"]})
    rows = Rows(batch, Roles(text="text"))
    assert tokens_of(rows, "text", SEED) is tokens_of(rows, "text", SEED)
    assert tokens_of(rows, "text", SEED).ids.tolist() == ids("one two")


def test_a_row_of_a_megabyte() -> None:
    tokens = tokenise(array(["x" * 1_000_000, "a." * 500_000]), SEED)
    assert np.diff(tokens.offsets).tolist() == [1, 1_000_000]
