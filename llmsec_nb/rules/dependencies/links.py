"""DEP010, DEP011: packages that come from an address instead of an index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Severity
from .addresses import address_of, is_host
from .facts import requirements
from .rules import dependency, found_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.detector import Match
    from .collect import Found
    from .options import Option
    from .requirement import Requirement

NO_COMMIT: Final = dependency(
    "DEP010",
    "git-without-commit",
    "A package comes from a repository without a commit",
    Severity.MEDIUM,
    "A branch or a tag can be moved: what is installed is whatever the repository holds on that day.",
    "Name the commit: `git+https://host/owner/name@<40 digits>`.",
    cwe=(494,),
    flagged=(
        ("!pip install git+https://git.example/a/b.git", ("git+https://git.example/a/b.git",)),
        (
            "%pip install 'b @ git+https://git.example/a/b@v1.2'",
            ("git+https://git.example/a/b@v1.2",),
        ),
    ),
    clean=(
        "!pip install git+https://git.example/a/b.git@1f0c2d3e4b5a69788796a5b4c3d2e1f0a1b2c3d4",
    ),
)
NO_HASH: Final = dependency(
    "DEP011",
    "url-without-hash",
    "A package comes from an address without a digest",
    Severity.MEDIUM,
    "What stands at an address can be replaced, and no index keeps a record of it.",
    "Put the digest behind it: `https://.../x.whl#sha256=<64 digits>`.",
    cwe=(494,),
    flagged=(
        (
            "!pip install https://files.example/x-1.0-py3-none-any.whl",
            ("https://files.example/x-1.0-py3-none-any.whl",),
        ),
    ),
    clean=(f"!pip install https://files.example/x-1.0-py3-none-any.whl#sha256={'0' * 64}",),
)
_VCS: Final = lazy(r"(?:git|hg|svn|bzr)(?:\+|://)", re.IGNORECASE)
_COMMIT: Final = lazy(r"@[0-9a-f]{7,64}(?=[#?&/]|\Z)", re.IGNORECASE)


def links(found: Found) -> Iterator[tuple[int, Match]]:
    """Addresses that may give something else tomorrow."""
    for _, each in requirements(found):
        match = _link(each) if each.url and not each.is_open else None
        if match is not None:
            yield found.unit.number, match
    for install in found.installs:
        for option in install.options:
            match = _list(option)
            if match is not None:
                yield found.unit.number, match


def _list(option: Option) -> Match | None:
    """A file of requirements that comes from an address."""
    is_list = option.name in {"--requirement", "--constraint"} and not option.is_open
    address = address_of(option.value) if is_list else None
    if address is None or address.scheme.lower() == "file":
        return None
    first, last = address.span
    is_exact = len(option.value) == option.end - option.start
    span = (option.start + first, option.start + last) if is_exact else (option.start, option.end)
    message = "whatever stands at the address on that day is installed"
    return found_at(NO_HASH, span, message, label=address.host if is_host(address.host) else "")


def _link(each: Requirement) -> Match | None:
    address = address_of(each.url)
    start, end = _span(each)
    label = address.host if address is not None and is_host(address.host) else ""
    if _VCS.match(each.url):
        if _COMMIT.search(each.url):
            return None
        path = (
            each.url[address.host_start :] if address is not None else each.url.partition("//")[2]
        )
        named = "@" in path.partition("#")[0]
        message = "names a branch or a tag, which can be moved" if named else "names no commit"
        return found_at(NO_COMMIT, (start, end), f"the address {message}", label=label)
    if address is None or address.scheme.lower() in {"file", "s3", "gs"} or each.is_hashed:
        return None
    return found_at(NO_HASH, (start, end), "the address has no digest", label=label)


def _span(each: Requirement) -> tuple[int, int]:
    """The address, credentials left out, or all that is asked for."""
    address = address_of(each.url)
    end = each.url_start + len(each.url)
    if not each.url_start or end > each.end:
        return each.start, each.end
    return each.url_start + (address.span[0] if address is not None else 0), end
