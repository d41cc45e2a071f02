"""Which column is what, by its name and its type, where nobody said it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .roles import NAMES, Roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyarrow as pa

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "chosen": ("chosen", "chosen_assistant", "preferred", "response_chosen", "chosen_response",
               "accepted"),
    "rejected": ("rejected", "rejected_assistant", "dispreferred", "response_rejected",
                 "rejected_response"),
    "prompt": ("instruction_input", "prompt", "instruction", "messages_user", "conversations_user",
               "conversation_user", "dialog_user", "chosen_user", "question", "query", "input",
               "user", "source", "context", "inputs", "problem", "user_prompt", "instructions"),
    "response": ("messages_assistant", "conversations_assistant", "conversation_assistant",
                 "dialog_assistant", "response", "output", "answer", "completion", "assistant",
                 "reply", "target", "targets", "outputs", "solution", "answers", "translation",
                 "summary"),
    "text": ("text", "sentence", "review", "tweet", "comment", "message", "content", "body",
             "utterance", "headline", "title", "sms", "post", "description", "sentence1"),
    "label": ("label", "labels", "class", "target", "y", "category", "sentiment", "label_text",
              "coarse_label", "fine_label", "intent", "topic", "species", "outcome", "is_spam",
              "toxic", "subtask_a"),
    "document": ("document", "passage", "chunk", "page_content", "contents", "article", "doc"),
    "image": ("image", "img", "picture", "photo", "image_path", "image_file"),
    "url": ("url", "image_url", "uri", "link"),
    "digest": ("sha256", "md5", "hash", "checksum", "digest", "sha1"),
}  # fmt: skip
_ENOUGH: Final = 40
"""Fewer rows say nothing of what a column is."""
_WORDY: Final = 3.0
_MOST_CLASSES: Final = 100
_PLAIN: Final = re.compile(r"[^a-z0-9]{1,8}")


class UnknownColumn(ValueError):
    """A role names a column that is not there; the message says which there are."""


def roles_of(
    schema: pa.Schema, said: Mapping[str, str], apart: Callable[[str], str] = str
) -> tuple[Roles, tuple[str, ...]]:
    """The roles of columns: those that were said, and guesses for what goes with them.

    Returns them with the names of the guessed ones. When some were said, only a missing partner of
    theirs is guessed: the label of a text, the response of a prompt. Raises UnknownColumn, whose
    message shows names of columns as `apart` gives them.
    """
    names = list(schema.names)
    for role, column in said.items():
        if column not in names:
            known = ", ".join(map(apart, names[:20])) + (", …" if len(names) > 20 else "")
            raise UnknownColumn(
                f'--{role}: there is no column "{apart(column)}"; there are: {known}'
            )
    found = dict(said) if said else {}
    taken = set(found.values())
    for role in _wanted(said):
        column = _best(role, schema, taken)
        if column and _goes(role, found, said):
            found[role] = column
            taken.add(column)
    if not said:
        _settle(found, schema)
    guessed = tuple(role for role in NAMES if role in found and role not in said)
    others = tuple(name for name in names if name not in found.values())
    return Roles(**found, others=others), guessed


def is_text(kind: pa.DataType) -> bool:
    """Strings, also as dictionaries."""
    import pyarrow as pa

    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    view = getattr(types, "is_string_view", lambda _: False)
    return bool(types.is_string(kind) or types.is_large_string(kind) or view(kind))


def _wanted(said: Mapping[str, str]) -> Sequence[str]:
    if not said:
        return ("chosen", "rejected", "prompt", "response", "text", "label", "document", "url",
                "digest", "image")  # fmt: skip
    partners = {
        "text": ("label",),
        "prompt": () if {"chosen", "text"} & set(said) else ("response",),
        "response": ("prompt",),
        "chosen": ("rejected", "prompt"),
        "rejected": ("chosen", "prompt"),
        "url": ("digest",),
        "image": ("label",),
    }
    wanted = dict.fromkeys(partner for role in said for partner in partners.get(role, ()))
    return [role for role in wanted if role not in said]


def _best(role: str, schema: pa.Schema, taken: Iterable[str]) -> str:
    """The first column, by the order of the words, whose name and type fit."""
    names: list[str] = schema.names
    plain = {_PLAIN.sub("_", name.lower()).strip("_"): name for name in reversed(names)}
    for word in _WORDS[role]:
        name = plain.get(word, "")
        if name and name not in taken and _fits(role, schema.field(name).type):
            return name
    return ""


def _fits(role: str, kind: pa.DataType) -> bool:
    import pyarrow as pa

    if role == "label":
        return not (pa.types.is_nested(kind) and not pa.types.is_dictionary(kind))
    if role == "image":
        return is_text(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return is_text(kind)


def _goes(role: str, found: Mapping[str, str], said: Mapping[str, str]) -> bool:
    """Whether a guess goes with what is known already."""
    if role == "digest":
        return "url" in found
    if role == "rejected":
        return "chosen" in found
    if role == "response":
        return "chosen" not in found
    if role in {"text", "document"} and not said:
        return not {"prompt", "chosen"} & set(found) or "response" not in found
    return True


def _settle(found: dict[str, str], schema: pa.Schema) -> None:
    """Take back guesses that have no partner, and read what is left in the one way there is."""
    if "rejected" not in found:
        found.pop("chosen", None)
    if "prompt" in found and not {"response", "chosen"} & set(found):
        lonely = found.pop("prompt")
        if "text" not in found:
            found["text"] = lonely
    if "response" in found and "prompt" not in found:
        column = found.pop("response")
        if "label" not in found and column.lower() in _WORDS["label"]:
            found["label"] = column
    if {"response", "chosen"} & set(found):
        found.pop("text", None)
    if "text" in found and "label" in found:
        found.pop("document", None)
    elif "text" in found and "label" not in found:
        found.setdefault("document", found["text"])
        found.pop("text")
    if not set(found) - {"label"}:
        _take_the_only_text(found, schema)


def _take_the_only_text(found: dict[str, str], schema: pa.Schema) -> None:
    """Of one or two columns, the one that holds text is it, whatever its name."""
    strings = [field.name for field in schema if is_text(field.type)]
    free = [name for name in strings if name != found.get("label")]
    if len(schema.names) <= 2 and len(free) == 1:
        found["text" if "label" in found else "document"] = free[0]


def by_content(batch: pa.RecordBatch | None) -> dict[str, str]:
    """Text and label told by what stands in some rows; empty where that is not clear.

    The text is the one column of several words in most rows; the label, if there is one, the one
    column of a few short values.
    """
    import pyarrow.compute as pc

    long: list[str] = []
    few: list[str] = []
    if batch is None:
        return {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if len(column) < _ENOUGH or column.null_count == len(column):
            continue
        if not is_text(column.type):
            few += [name] * _is_category(column)
            continue
        texts = column.cast("large_string").drop_null()
        spaces = pc.mean(pc.count_substring(texts, " ")).as_py() or 0.0
        if spaces >= _WORDY:
            long.append(name)
        elif spaces < 2 and _is_category(texts):
            few.append(name)
    if len(long) != 1:
        return {}
    if len(few) == 1:
        return {"text": long[0], "label": few[0]}
    return {"document": long[0]} if not few else {}


def _is_category(column: pa.Array) -> bool:
    """Integers, truth values or texts of which there are only a few different ones."""
    import pyarrow as pa

    types, kind = pa.types, column.type
    if not (types.is_integer(kind) or types.is_boolean(kind) or is_text(kind)):
        return False
    different = len(column.unique())
    return 2 <= different <= min(_MOST_CLASSES, len(column) // 10)
