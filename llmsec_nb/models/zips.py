"""Zip archives: every member, whatever the directory says of it."""

from __future__ import annotations

import re
import stat
import zlib
from typing import TYPE_CHECKING, Final

from ..core.rule import Severity
from . import packed, rules
from .item import Item
from .source import Memory, Slice, Stream
from .values import escaped
from .zip_entries import Directory, Entry, directory, local, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .context import Context
    from .source import Source

_METHODS: Final = {8: "deflate", 12: "bzip2", 95: "xz"}
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_PATCHED: Final = 0x20
_LATER: Final = 0x8
_CHECKED: Final = 1 << 23
_BOMB_RATIO: Final = 400
_BOMB_SIZE: Final = 500_000_000
_OUTSIDE: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:[/\\]|\0")


def leads_out(name: str) -> bool:
    """Whether a path leaves the folder that it is relative to."""
    return bool(_OUTSIDE.search(name))


class Zip:
    """One archive."""

    def __init__(self, source: Source, context: Context) -> None:
        """Read the directory, not the members."""
        self.source = source
        self.context = context
        self.directory: Directory | None = directory(source, context.budget.members + 1)

    @property
    def names(self) -> list[str]:
        """The members that the directory lists."""
        return [entry.name for entry in self.directory.entries] if self.directory else []

    def members(self) -> Iterator[Item]:
        """All members that can be read, with issues on what is odd about them."""
        listed = self.directory
        if listed is None:
            self._disagree("the archive has no directory that can be read")
        elif not listed.whole:
            self.context.note("not all entries of the directory were read")
        known: list[tuple[int, int]] = []
        for entry in listed.entries if listed else ():
            at = entry.offset + (listed.shift if listed else 0)
            own = local(self.source, at)
            self._path(entry)
            if own is None:
                self._disagree(f"{escaped(entry.name)} has no local header")
                continue
            self._compare(entry, own)
            data = own.data
            known.append((at, data + entry.packed))
            yield from self._open(entry._replace(data=data), own)
            if own.method != entry.method:
                yield from self._open(entry._replace(data=data, method=own.method), own)
        end = listed.start if listed else self.source.size
        for entry in unlisted(self.source, known, end):
            if listed is not None:
                self._disagree(f"{escaped(entry.name)} is in the file, not in the directory")
            self._path(entry)
            size = entry.packed or end - entry.data
            yield from self._open(entry._replace(packed=size), entry)

    def _disagree(self, what: str, severity: Severity | None = None) -> None:
        self.context.issue(rules.DISAGREEMENT, f"The zip archive is odd: {what}", severity=severity)

    def _path(self, entry: Entry) -> None:
        name = escaped(entry.name)
        if leads_out(entry.name):
            self.context.issue(rules.TRAVERSAL, f"The member {name} leads out of the folder")
        elif stat.S_ISLNK(entry.mode):
            self.context.issue(rules.TRAVERSAL, f"The member {name} is a link")
        if entry.size > _BOMB_SIZE and entry.size > entry.packed * _BOMB_RATIO:
            self.context.issue(
                rules.BOMB, f"{name} unpacks from {entry.packed} to {entry.size} bytes"
            )

    def _compare(self, entry: Entry, own: Entry) -> None:
        name = escaped(entry.name)
        if own.name != entry.name and own.name.encode("cp437", "replace") != entry.name.encode(
            "cp437", "replace"
        ):
            self._disagree(f"{name} is called {escaped(own.name)} in its local header")
        if own.method != entry.method:
            self._disagree(f"{name} is packed in two ways, it says")
        sized = not own.flags & _LATER and own.packed
        if sized and (own.packed, own.size) != (entry.packed, entry.size):
            self._disagree(f"{name} has two sizes, it says")

    def _open(self, entry: Entry, own: Entry) -> Iterator[Item]:
        if entry.name.endswith("/") and not entry.packed:
            return
        flags = entry.flags | own.flags
        method = entry.method
        piece = Slice(self.source, entry.data, entry.packed)
        if method == 0:
            item = Item(entry.name, piece)
        elif method in _METHODS:
            opened = packed.unpacking(_METHODS[method], piece, self.context)
            item = Item(entry.name, opened=opened)
        else:
            self.context.note(f"{escaped(entry.name)} is packed by method {method}: not read")
            return
        item.size = entry.size if item.source is None else item.size
        if flags & _ENCRYPTED or flags & _PATCHED:
            yield from self._flagged(item, entry, flags)
        elif entry.size <= _CHECKED and not _is_tensor(entry.name):
            self._check(item, entry)
            yield item
        else:
            yield item

    def _flagged(self, item: Item, entry: Entry, flags: int) -> Iterator[Item]:
        """A member that is said to be encrypted, or patched: it may be neither."""
        name = escaped(entry.name)
        try:
            source = item.whole(self.context)
            data = b"" if source is None else source.read_at(0, source.size)
        except packed.Unpacked:
            data = b""
        if data and zlib.crc32(data) == entry.crc:
            self._disagree(f"{name} is said to be encrypted or patched, and is not")
            yield Item(entry.name, Memory(data))
        elif flags & _ENCRYPTED:
            self.context.note(f"{name} is encrypted: not inspected")
        else:
            yield item

    def _check(self, item: Item, entry: Entry) -> None:
        """Compare the checksum, which a loader of models may not."""
        stream: Stream = item.stream()
        data = stream.peek(_CHECKED + 1)
        if item.source is None and len(data) <= _CHECKED:
            item.source = Memory(data)
            item.size = len(data)
        if entry.crc and len(data) <= _CHECKED and zlib.crc32(data) != entry.crc:
            self._disagree(f"the checksum of {escaped(entry.name)} is wrong", Severity.MEDIUM)


def _is_tensor(name: str) -> bool:
    return bool(_TENSOR.search(name))


_TENSOR: Final = re.compile(r"(?:^|/)(?:data|constants|xl_model_weights|tensors)/\d+$")
