"""What the scan of one model file says, and what it may cost."""

from __future__ import annotations

from msgspec import Struct

from ..core.rule import Confidence, Rule, Severity


class ModelIssue(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with the file. `message` says what the file would do, in words.

    `member` is the path inside of the file (`data.pkl`, `inner.zip/evil.pkl`), empty for the file
    itself; `offset` counts bytes from the start of that member, after it was decompressed.
    """

    rule: Rule
    message: str
    severity: Severity
    confidence: Confidence
    member: str = ""
    offset: int = 0


class ModelScan(Struct, frozen=True, kw_only=True):
    """All that is known of one file. Clean means: no issue *and* `complete`.

    `notes` say what was not looked at and why; `members` counts the files inside of archives;
    `digest` is the SHA-256 of the whole file in hexadecimal, empty where nobody asked for it;
    `size` is in bytes. `is_cut` says that the budget was spent before the end.
    """

    format: str
    issues: tuple[ModelIssue, ...] = ()
    complete: bool = True
    notes: tuple[str, ...] = ()
    digest: str = ""
    members: int = 0
    size: int = 0
    is_cut: bool = False


class Budget(Struct, frozen=True, kw_only=True):
    """What one scan may cost. Beyond it the answer is incomplete, never clean.

    Time is in seconds. `memory` bounds the bytes that are held at once; `unpacked` those that come
    out of compressed members in all; `opcodes` and `objects` are counts over all pickles. `read`
    bounds the bytes that are read of a file that is not hashed; None: no bound.
    """

    seconds: float = 30.0
    read: int | None = None
    memory: int = 150_000_000
    unpacked: int = 4_000_000_000
    opcodes: int = 20_000_000
    objects: int = 1_000_000
    depth: int = 6
    members: int = 20_000
    issues: int = 100
