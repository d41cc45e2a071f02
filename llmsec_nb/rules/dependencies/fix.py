"""What would mend a finding, as edits of the text in which it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.confusables import LOOKALIKES
from ..repair import Repair
from .facts import requirements
from .fix_credentials import elsewhere
from .fix_of import Asked, found_in, unsafe
from .fix_versions import pinned, updated
from .indexes import INDEX_CREDENTIALS, PLAIN_HTTP, TRUSTED_HOST
from .known import HARMLESS, IMPORTS, ranks
from .names import NOT_A_DISTRIBUTION, TYPOSQUAT
from .pins import UNPINNED
from .practice import OTHER_PYTHON, SYSTEM_WIDE, head, is_elsewhere
from .requirement import normalized
from .typos import imitated
from .verdicts import VULNERABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..repair import Edit

_SCHEMES: Final = {
    "http://": "https://", "git+http://": "git+https://", "hg+http://": "hg+https://",
    "svn+http://": "svn+https://",
}  # fmt: skip
_TRUSTED: Final = re.compile(
    r"[ \t]*--(?:trusted-host|allow-insecure-host)(?:=|[ \t]{1,20})[\"']?\Z"
)
_WITH_HOST: Final = re.compile(r"--(?:trusted-host|allow-insecure-host)=")
_OPTION: Final = re.compile(r"[ \t]-(?!m[ \t])")
_SUDO: Final = re.compile(r"(?:sudo|doas)(?:[ \t]{1,8}-[A-Za-z]{1,8}){0,4}[ \t]{1,20}\Z")
_LONGEST_OPTION: Final = 60
_LATIN: Final = str.maketrans(LOOKALIKES)


def fix_for(
    rule_id: str,
    source: str,
    start: int,
    end: int,
    packages: Mapping[str, str] | None = None,
    name: str = "",
) -> Repair | None:
    """The repair after which the rule has nothing more to say; None where there is none.

    `source` is that of a cell, or of the file `name`; `start` to `end` the span of the finding in
    it. `packages` are the versions that the kernel has, or a lock.
    """
    make = _MAKERS.get(rule_id)
    return make(Asked(source, start, end, packages or {}, name)) if make is not None else None


def _renamed(asked: Asked) -> Repair | None:
    """The distribution that an import's name stands for.

    Safe where the project itself holds the wrong name, and no version was asked for: those of the
    two are not the same.
    """
    wrong = normalized(asked.found)
    right = IMPORTS.get(wrong, "")
    others = [each for one in found_in(asked.source, asked.name) for _, each in requirements(one)]
    if not right or any(each.name == right for each in others):
        return None
    is_bare = all(not each.specifier for each in others if each.name == wrong)
    edits = [(asked.start, asked.end, right)]
    is_safe = wrong in HARMLESS and is_bare and not asked.name
    return Repair(edits, is_safe, f"install {right}, which is what is meant")


def _corrected(asked: Asked) -> Repair | None:
    """The name that it looks like. Nobody but the author knows whether it was meant."""
    plain = normalized(asked.found.translate(_LATIN))
    right = plain if plain != normalized(asked.found) and plain in ranks() else imitated(plain)
    if not right:
        return None
    return unsafe(asked.start, asked.end, right, f"install {right}, if that is meant")


def _secure(asked: Asked) -> Repair | None:
    scheme = _SCHEMES.get(asked.found.lower(), "")
    if not scheme:
        return None
    return unsafe(asked.start, asked.end, scheme, "ask over https")


def _trusted(asked: Asked) -> Repair | None:
    """Without `--trusted-host X`; a line that has nothing else goes as a whole."""
    source, last = asked.source, asked.end
    option = _TRUSTED.search(source, max(0, asked.start - _LONGEST_OPTION), asked.start)
    if option is not None:
        start, quote = option.start(), source[asked.start - 1]
        if quote in {'"', "'"}:
            if source[last : last + 1] != quote:
                return None
            last += 1
    elif _WITH_HOST.match(asked.found):  # the value is joined to it, in quotes
        start = asked.start - (source[asked.start - 1 : asked.start] == " ")
    else:
        return None
    alone = source[start - 1 : start] in {"", "\n"} and source[last : last + 1] in {"", "\n"}
    if alone and asked.name:
        last = min(len(source), last + 1)
    return unsafe(start, last, "", "check the certificate of the index")


def _magic(asked: Asked) -> Repair | None:
    """`%pip` for each `!pip`; nothing, if one of them cannot be written so."""
    edits: list[Edit] = []
    source = asked.source
    for one in found_in(source, ""):
        for install in one.installs:
            if not is_elsewhere(install):
                continue
            start, end = head(install, one.unit.source)
            if not _is_plain(one.unit.source[start:end]):
                return None
            before = source[source.rfind("\n", 0, start) + 1 : start]
            if before.strip() != "!" or not install.is_alone or install.sudo is not None:
                return None
            sign = start - len(before) + before.index("!")
            edits.append((sign, end, "%pip"))
    text = "install with the kernel's own pip: %pip"
    return Repair(edits, is_safe=True, description=text) if edits else None


def _is_plain(words: str) -> bool:
    """Whether pip is called without an option: another environment, a proxy would be lost."""
    return words.rstrip("0123456789.").endswith("pip") and not _OPTION.search(words)


def _own_rights(asked: Asked) -> Repair | None:
    """Without `sudo` and its options, or without `--break-system-packages`."""
    source = asked.source
    text = "install as an ordinary user, into an environment"
    if asked.found == "--break-system-packages" and source[asked.start - 1] in " \t":
        return unsafe(asked.start - 1, asked.end, "", text)
    for one in found_in(source, asked.name):
        for install in one.installs:
            end = one.unit.start + install.start
            is_it = install.sudo and install.sudo[0] + one.unit.start == asked.start
            if is_it and _SUDO.match(source, asked.start, end):
                return unsafe(asked.start, end, "", text)
    return None


_MAKERS: Final[dict[str, Callable[[Asked], Repair | None]]] = {
    UNPINNED.id: pinned,
    VULNERABLE.id: updated,
    TYPOSQUAT.id: _corrected,
    NOT_A_DISTRIBUTION.id: _renamed,
    PLAIN_HTTP.id: _secure,
    TRUSTED_HOST.id: _trusted,
    INDEX_CREDENTIALS.id: elsewhere,
    OTHER_PYTHON.id: _magic,
    SYSTEM_WIDE.id: _own_rights,
}
