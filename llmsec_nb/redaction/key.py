"""The key that pseudonyms are made with: where it comes from, and how it stays out of sight."""

from __future__ import annotations

import contextlib
import hmac
import importlib.util
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from ..core.evidence import KEY_VARIABLE
from .problems import CannotRedact

if TYPE_CHECKING:
    from typing import Self

SERVICE: Final = "llmsec-nb"
USER: Final = "redaction"
"""Under these names the `keyring` package is asked for the key."""
_SHORTEST: Final = 16
_FEWEST: Final = 5
"""So many different bytes a key must have, at least."""
_VERSION: Final = b"llmsec-nb redaction 1 "
_HELP: Final = 'take one from `python -c "import secrets; print(secrets.token_hex(32))"`'


class Key:
    """A secret that no repr, copy or pickle shows; only keys derived from it are used."""

    __slots__ = ("__secret", "origin")

    def __init__(self, secret: bytes, origin: str) -> None:
        """`origin` says for people where the key is from. Raises CannotRedact on a weak one."""
        self.origin = origin
        problem = _weakness(secret, origin)
        if problem:
            del secret  # a traceback may show it
            raise CannotRedact(problem)
        self.__secret = secret

    def derive(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose (HMAC-SHA-256)."""
        return hmac.digest(self.__secret, _VERSION + purpose.encode(), "sha256")

    def __repr__(self) -> str:
        return f"Key({self.origin})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled or copied")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


def _weakness(secret: bytes, origin: str) -> str:
    """Why a key is refused, empty if it is not."""
    if len(secret) < _SHORTEST:
        return f"the key ({origin}) has {len(secret)} bytes, {_SHORTEST} are needed: {_HELP}"
    if len(set(secret)) < _FEWEST:
        return f"the key ({origin}) is the same few bytes again and again: {_HELP}"
    return ""


DRAWN: Final = "drawn at random for this process"
_drawn: list[Key] = []


def find_key(given: bytes | Key | None = None) -> Key:
    """The key: the given one, that of the environment, of the keyring, or one for this process.

    Raises CannotRedact, in one line, on a key that is weak or no bytes. No frame of its traceback
    from here on holds the key; a caller that has it must let go of it, too.
    """
    if isinstance(given, Key):
        return given
    if given is not None and not isinstance(given, bytes | bytearray):
        wrong = type(given).__name__
        del given  # a traceback may show it
        raise CannotRedact(f"the key is given as bytes, not as {wrong}")
    found, origin = _bytes_of(given)
    if found is None:
        if not _drawn:
            _drawn.append(Key(secrets.token_bytes(32), DRAWN))
        return _drawn[0]
    problem = _weakness(found, origin)
    if problem:
        del given, found
        raise CannotRedact(problem)
    return Key(found, origin)


def _bytes_of(given: bytes | bytearray | None) -> tuple[bytes | None, str]:
    """A key, not yet judged, and where it is from."""
    if given is not None:
        return bytes(given), "given"
    named = os.environ.get(KEY_VARIABLE, "").encode("utf-8", "surrogateescape")
    if named:
        return named, f"environment variable {KEY_VARIABLE}"
    kept = _from_keyring()
    return (kept, f"keyring, service {SERVICE}") if kept else (None, "")


def _may_be_kept() -> bool:
    """Whether a look at the system says that there may be a keyring.

    The `keyring` package runs programs and writes a file only to learn which there are.
    """
    with contextlib.suppress(ValueError):  # there is one that does not say where it is from
        if importlib.util.find_spec("keyring") is None:
            return False
    if sys.platform in {"darwin", "win32"} or os.environ.get("PYTHON_KEYRING_BACKEND"):
        return True
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    home = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config")
    bus = Path(f"/run/user/{os.getuid() if hasattr(os, 'getuid') else ''}") / "bus"
    try:
        chosen = home.expanduser() / "python_keyring" / "keyringrc.cfg"
        return bus.exists() or chosen.exists()
    except (OSError, RuntimeError):  # a home that is not known, a folder that is closed
        return False


def _from_keyring() -> bytes:
    """Empty where there is no keyring, or nothing in it for us."""
    if not _may_be_kept():
        return b""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return b""
    try:
        return (keyring.get_password(SERVICE, USER) or "").encode()
    except KeyringError:
        return b""
