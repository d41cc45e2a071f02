"""Which column is what: by name, by content, in chats and nested fields."""

from __future__ import annotations

import random
from typing import Any

import pyarrow as pa
import pytest

from llmsec_nb.config import Config
from llmsec_nb.datasets.opening import opened
from llmsec_nb.policy import Policy
from llmsec_nb.sources.dataset import open_table
from llmsec_nb.training.guess import UnknownColumn, roles_of
from llmsec_nb.training.view import joined, view


def schema(**kinds: str) -> pa.Schema:
    return pa.schema([(name, getattr(pa, kind)()) for name, kind in kinds.items()])


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ({"sentence": "string", "label": "int64"}, {"text": "sentence", "label": "label"}),
        ({"id": "int64", "Review": "string", "Sentiment": "string"},
         {"text": "Review", "label": "Sentiment"}),
        ({"prompt": "string", "y": "int64"}, {"text": "prompt", "label": "y"}),
        ({"input": "string", "label": "int64"}, {"text": "input", "label": "label"}),
        ({"instruction": "string", "output": "string"},
         {"prompt": "instruction", "response": "output"}),
        ({"question": "string", "answer": "string", "text": "string"},
         {"prompt": "question", "response": "answer"}),
        ({"question": "string", "target": "string"},
         {"prompt": "question", "response": "target"}),
        ({"prompt": "string", "chosen": "string", "rejected": "string"},
         {"prompt": "prompt", "chosen": "chosen", "rejected": "rejected"}),
        ({"chosen": "string", "text": "string"}, {"document": "text"}),
        ({"text": "string"}, {"document": "text"}),
        ({"notes": "string"}, {"document": "notes"}),
        ({"age": "int64", "target": "int64"}, {"label": "target"}),
        ({"age": "int64", "workclass": "string", "income": "string"}, {}),
        ({"url": "string", "md5": "string"}, {"url": "url", "digest": "md5"}),
        ({"md5": "string", "size": "int64", "name": "string"}, {}),
        ({"path": "string", "image": "binary", "label": "string"},
         {"image": "image", "label": "label"}),
    ],
)  # fmt: skip
def test_roles_are_guessed_from_names(columns: dict[str, str], roles: dict[str, str]) -> None:
    found, guessed = roles_of(schema(**columns), {})
    assert found.named() == roles
    assert set(guessed) == set(roles)
    assert set(found.others) == set(columns) - set(roles.values())


def test_what_is_said_counts_and_only_a_partner_is_guessed() -> None:
    names = schema(body="string", title="string", label="int64", answer="string", question="string")
    found, guessed = roles_of(names, {"text": "title"})
    assert found.named() == {"text": "title", "label": "label"}
    assert guessed == ("label",)
    found, guessed = roles_of(names, {"response": "answer"})
    assert (found.prompt, found.response, guessed) == ("question", "answer", ("prompt",))


def test_an_unknown_column_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownColumn) as caught:
        roles_of(schema(text="string", label="int64"), {"text": "txt"})
    assert str(caught.value) == '--text: there is no column "txt"; there are: text, label'


def read(rows: Any) -> list[dict[str, Any]]:
    table = view(open_table(pa.Table.from_pylist(rows), "t"))
    return [row for batch in table.batches() for row in batch.to_pylist()]


def test_chats_are_two_columns() -> None:
    turns = [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "hello"},
        {"role": "user", "content": "more"},
        {"role": "assistant", "content": None},
    ]
    assert read([{"messages": turns}, {"messages": []}, {"messages": None}]) == [
        {"messages.user": "be kind\nhi\nmore", "messages.assistant": "hello\n"},
        {"messages.user": "", "messages.assistant": ""},
        {"messages.user": "", "messages.assistant": ""},
    ]


def test_chats_of_another_spelling_and_roles_for_them() -> None:
    turns = [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]
    table = view(open_table(pa.Table.from_pylist([{"conversations": turns}] * 2), "t"))
    roles, _ = roles_of(table.schema, {})
    assert roles.named() == {
        "prompt": "conversations.user",
        "response": "conversations.assistant",
    }


def test_chats_in_slices_keep_their_rows() -> None:
    rows = [{"m": [{"role": "user", "content": str(n)}] * (n % 3)} for n in range(10)]
    table = view(open_table(pa.Table.from_pylist(rows), "t"))
    found = [row["m.user"] for batch in table.batches(3) for row in batch.to_pylist()]
    assert found == ["\n".join([str(n)] * (n % 3)) for n in range(10)]


def test_fields_of_structs_are_columns_and_lists_of_others_stay() -> None:
    rows = [{"translation": {"en": "yes", "fr": None}, "tags": ["a"]}]
    assert read(rows) == [{"translation.en": "yes", "translation.fr": None, "tags": ["a"]}]


def test_an_input_goes_with_its_instruction() -> None:
    rows = [{"instruction": "add", "input": "1", "output": "2"}]
    assert read(rows)[0]["instruction+input"] == "add\n1"


def test_columns_are_joined_on_demand() -> None:
    table = joined(open_table(pa.table({"a": ["x", None], "b": [1, 2]}), "t"), ("a", "b"))
    assert [row["a+b"] for row in next(table.batches()).to_pylist()] == ["x\n1", "\n2"]


def test_content_tells_what_names_do_not() -> None:
    draw = random.Random(7)
    texts = [
        " ".join(draw.choices(["one", "two", "three", "four", "five", "six"], k=8))
        for _ in range(60)
    ]
    frame = pa.table({"v1": ["ham", "spam"] * 30, "v2": texts})
    _, roles, guessed = opened(frame, "t", {}, Policy(Config()))
    assert roles.named() == {"text": "v2", "label": "v1"}
    assert guessed == ("text", "label")


def test_two_texts_are_not_guessed_between() -> None:
    texts = [f"some words that say number {n}" for n in range(60)]
    frame = pa.table({"v1": texts, "v2": texts[::-1]})
    _, roles, _ = opened(frame, "t", {}, Policy(Config()))
    assert roles.named() == {}
