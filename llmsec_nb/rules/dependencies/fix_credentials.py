"""Repairs of addresses that hold a password: it is read from a variable, or asked for elsewhere.

pip expands `${NAME}` in files of requirements, pipenv in a Pipfile, shells `$NAME`. In other files
nothing is expanded: there the password goes, and keyring or .netrc have to know it.
Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from .addresses import address_of
from .files import kind_of
from .fix_of import found_in, unsafe
from .origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..repair import Repair
    from .fix_of import Asked

_PASSWORD: Final = "INDEX_PASSWORD"
_TOKEN: Final = "INDEX_TOKEN"
_LONGEST_LINE: Final = 5_000
_LONGEST_SCHEME: Final = 20
_LONGEST_ADDRESS: Final = 1_000
_VARIABLE: Final = lazy(r"INDEX_(?:PASSWORD|TOKEN)(?:_\d{1,4})?")


def elsewhere(asked: Asked) -> Repair | None:
    """The address without the password, or the token, that stands in it."""
    secret = _secret(asked)
    if secret is None:
        return None
    source, (start, end) = asked.source, secret
    what = "password" if source[start - 1] == ":" else "token"
    sign = _sign(asked)
    if sign:
        name = _name(source, source[start:end], _PASSWORD if what == "password" else _TOKEN)
        text = sign.format(name)
        description = f"read the {what} from {text}: set that variable, and revoke the {what}"
    else:
        text = ""
        start, end = (start - 1, end) if what == "password" else (start, end + 1)
        description = f"leave the {what} to keyring or .netrc, and revoke it"
    if "://" in asked.found:  # a whole word is the secret: no edit may part it
        text = source[asked.start : start] + text + source[end : asked.end]
        start, end = asked.start, asked.end
    return unsafe(start, end, text, description)


def _secret(asked: Asked) -> tuple[int, int] | None:
    """Where the secret stands; None where that is not sure."""
    start, end = asked.start, asked.end
    if "://" in asked.found:
        address = address_of(asked.found)
        if address is None or address.secret is None or asked.found.count("://") > 1:
            return None
        start, end = address.secret[0] + asked.start, address.secret[1] + asked.start
    is_apart = asked.source[start - 1 : start] in {":", "/"} and asked.source.startswith("@", end)
    return (start, end) if is_apart else None


def _sign(asked: Asked) -> str:
    """How a variable is written there; empty where nobody would put its value in."""
    for one in found_in(asked.source, asked.name):
        for install in one.installs:
            spans = [(option.start, option.end) for option in install.options]
            spans += [(each.start, each.end) for each in install.requirements]
            at = asked.start - one.unit.start
            if not any(start <= at < end for start, end in spans):
                continue
            if install.origin is Origin.FILE:
                kind = kind_of(one.unit.name)
                is_listed = kind == "conda" and install.tool == "pip"  # conda hands it to pip
                return "${{{}}}" if is_listed or kind in {"requirements", "pipfile"} else ""
            is_setting = install.origin is Origin.MAGIC and not install.tool  # `%env`
            return "" if is_setting or _is_literal(asked) else "${}"
    return ""


def _is_literal(asked: Asked) -> bool:
    """Whether it stands in single quotes, in which a shell expands nothing."""
    start = asked.source.rfind("\n", 0, asked.start) + 1
    before = asked.source[start : asked.start + asked.found.startswith("'")]
    if len(before) > _LONGEST_LINE:
        return True
    quote = ""
    is_escaped = False
    for char in before:
        if is_escaped:
            is_escaped = False
        elif char == "\\" and quote != "'":
            is_escaped = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
    return quote == "'"


def _name(source: str, secret: str, base: str) -> str:
    """A variable of its own for each secret of a text; none that the text has already."""
    taken = set(_VARIABLE.findall(source))
    free = (name for n in count(1) if (name := base if n == 1 else f"{base}_{n}") not in taken)
    return dict(zip(dict.fromkeys([*_secrets(source), secret]), free, strict=False))[secret]


def _secrets(source: str) -> Iterator[str]:
    """The secrets of all addresses, in their order."""
    place = source.find("://")
    while place >= 0:
        near = source[max(0, place - _LONGEST_SCHEME) : place + _LONGEST_ADDRESS]
        address = address_of(near)
        if address is not None and address.secret is not None:
            yield near[slice(*address.secret)]
        place = source.find("://", place + 3)
