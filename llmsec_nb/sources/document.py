"""What a source hands to the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..core.detector import NOWHERE, Surroundings

if TYPE_CHECKING:
    from ..cells.past import Past
    from ..core.artifact import Part, Text
    from ..core.finding import Failure, Skip


@dataclass(slots=True)
class Document:
    """One file or kernel session, read whole.

    `raw` is the text of the file, kept so that places in it can be computed when something is
    found; None where there is no file. `json` says whether `raw` is JSON whose strings the parts
    are. `sources` and `tags` hold the source and the tags of each cell, for context and
    suppression. `around` is what is known of the place where its code runs, `past` what
    ran there before, if it is one cell of a kernel. `language` is that of a notebook, as its
    metadata name it; empty where they do not.
    """

    path: str
    texts: list[Text] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    raw: str | None = None
    json: bool = False
    sources: dict[int, Part] = field(default_factory=dict)
    tags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    around: Surroundings = NOWHERE
    past: Past | None = None
    language: str = ""
