"""Which column of a data set is what."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

NAMES: Final = (
    "text", "label", "prompt", "response", "chosen", "rejected", "document", "url", "digest",
    "image",
)  # fmt: skip


class Roles(Struct, frozen=True, kw_only=True):
    """The paths of columns by role, empty where there is none.

    `text` with `label` is classification; `prompt` with `response`, instruction pairs; `chosen`
    with `rejected` (and `prompt`), preference pairs; `document` alone, a corpus for retrieval;
    `url` with `digest` (of what the URL gave, as hex), a list of things to fetch; `image`, paths
    or bytes of pictures. Columns that have no role are `others`: features of a table.
    """

    text: str = ""
    label: str = ""
    prompt: str = ""
    response: str = ""
    chosen: str = ""
    rejected: str = ""
    document: str = ""
    url: str = ""
    digest: str = ""
    image: str = ""
    others: tuple[str, ...] = ()

    def named(self) -> dict[str, str]:
        """The columns that have a role, by role."""
        return {name: getattr(self, name) for name in NAMES if getattr(self, name)}

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns that hold running text, each once."""
        found = (self.text, self.prompt, self.response, self.chosen, self.rejected, self.document)
        return tuple(dict.fromkeys(name for name in found if name))
