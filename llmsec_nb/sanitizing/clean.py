"""One text through all rules: what comes out, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from ..training.payloads.glance import is_at_home, look
from ..training.payloads.kinds import FAMILIES
from .charset import strange
from .edits import Edit, Edited
from .fixes import active_edits, control_edits, hidden_edits, nfc_edits
from .rules import ACTIVE, CHARSET, CONTROLS, FIX, FIXABLE, HIDDEN, LENGTH, NFC, OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Set as AbstractSet

    from ..training.payloads.hits import Hit

_ROUNDS: Final = 10
"""What is taken out may leave something new behind: `<scr<script></script>ipt>`."""
_OF_KIND: Final = {
    "hidden-markup": "hidden-markup",
    "exfiltration": "exfiltration",
    "order": "instructions",
    "leak": "instructions",
    "disguised": "instructions",
    "encoded": "encoded",
    "lookalike": "lookalikes",
}
_FAMILIES: Final = {family.name: family for family in FAMILIES}
JUDGED: Final = ("markup", "exfiltration", "tokens", "orders", "disguised", "encoded", "lookalikes")
"""The families whose hits are no matter of taking characters out."""


class Found(NamedTuple):
    """What a rule found at a place of a text. `old` is raw; `new` stands there now if it was fixed.

    `decoded` is what `old` says, if it is hidden.
    """

    rule: str
    start: int
    end: int
    old: str
    new: str = ""
    fixed: bool = False
    decoded: str = ""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for. Lengths count characters; None: any."""

    policy: dict[str, str]
    shortest: int | None = None
    longest: int | None = None
    scripts: AbstractSet[str] | None = None
    keep_code: bool = False


def fixed(text: str, wishes: Wishes, families: AbstractSet[str]) -> tuple[Edited, list[Found]]:
    """The text as it should be, and what was fixed; `families` are those whose gate opened."""
    edited = Edited(text)
    found: list[Found] = []
    for repeated in range(_ROUNDS):
        before = edited.text
        for rule in FIXABLE:
            if wishes.policy[rule] != OFF and (repeated or _may(rule, families)):
                found += _fixed(edited, rule, wishes)
        if edited.text == before:
            break
    return edited, found


def judged(edited: Edited, wishes: Wishes, families: AbstractSet[str]) -> list[Found]:
    """What else there is to say of the text as it is now: its families, its length, its letters."""
    return [*_judged(edited, wishes, families), *_limits(edited, wishes)]


def _may(rule: str, families: AbstractSet[str]) -> bool:
    """Whether a rule may have something to do: what it goes by opened, or may be laid bare."""
    gates = {
        NFC: {"nfc"},
        HIDDEN: {"hidden"},
        CONTROLS: {"controls", "surrogates"},
        ACTIVE: {"markup", "hidden", "controls"},
    }
    return not gates[rule].isdisjoint(families)


def _fixed(edited: Edited, rule: str, wishes: Wishes) -> Iterator[Found]:
    makers: dict[str, Callable[[str], list[Edit]]] = {
        HIDDEN: hidden_edits,
        CONTROLS: control_edits,
        ACTIVE: lambda text: active_edits(text, keep_code=wishes.keep_code),
        NFC: nfc_edits,
    }
    fixes = wishes.policy[rule] == FIX
    for left in reversed(range(_ROUNDS if fixes else 1)):
        edits = [edit for edit in makers[rule](edited.text) if _changes(edit, edited.text)]
        if not edits:
            return
        if rule == ACTIVE and fixes and not left:  # nested on purpose: without `<` it is nothing
            edits = [Edit(at, at + 1) for at, char in enumerate(edited.text) if char == "<"]
        for start, end, new in edits:
            place = edited.origin(start)
            old = edited.text[start:end]
            last = max(place, edited.origin(end - 1) + 1)
            yield Found(rule, place, last, old, new if fixes else "", fixes, _says(rule, old))
        if fixes:
            edited.apply(edits)


def _changes(edit: Edit, text: str) -> bool:
    return edit.end > edit.start and text[edit.start : edit.end] != edit.new


def _says(rule: str, old: str) -> str:
    """What a hidden run says."""
    if rule != HIDDEN:
        return ""
    return next((hit.decoded for hit in look(old, _FAMILIES["hidden"]) if hit.decoded), "")


def _judged(edited: Edited, wishes: Wishes, families: AbstractSet[str]) -> Iterator[Found]:
    text = edited.text
    for name in JUDGED:
        if name not in families:
            continue
        hits = look(text, _FAMILIES[name])
        if not hits or is_at_home(_FAMILIES[name], hits, {0: text}, 0):
            continue
        for hit in hits:
            rule = _rule(hit)
            if rule and wishes.policy[rule] != OFF:
                start, end = edited.origin(hit.start), edited.origin(hit.end - 1) + 1
                old = text[hit.start : hit.end]
                yield Found(rule, start, end, old, decoded=hit.decoded)


def _rule(hit: Hit) -> str:
    return "control-tokens" if hit.kind.startswith("tokens ") else _OF_KIND.get(hit.kind, "")


def _limits(edited: Edited, wishes: Wishes) -> Iterator[Found]:
    text, size = edited.text, len(edited.text)
    short = wishes.shortest is not None and size < wishes.shortest
    long = wishes.longest is not None and size > wishes.longest
    if (short or long) and wishes.policy[LENGTH] != OFF:
        yield Found(LENGTH, 0, edited.size, "", decoded=f"{size:,} characters")
    if wishes.scripts is not None and wishes.policy[CHARSET] != OFF:
        for start, end, name in strange(text, wishes.scripts):
            first, last = edited.origin(start), edited.origin(end - 1) + 1
            yield Found(CHARSET, first, last, text[start:end], decoded=name)
