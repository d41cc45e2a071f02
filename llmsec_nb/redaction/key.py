"""The key that pseudonyms are made with: where it comes from, and how it stays out of sight."""

from __future__ import annotations

import hmac
import os
import secrets
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
        if len(secret) < _SHORTEST:
            raise CannotRedact(
                f"the key ({origin}) has {len(secret)} bytes, {_SHORTEST} are needed: {_HELP}"
            )
        if len(set(secret)) < _FEWEST:
            raise CannotRedact(f"the key ({origin}) is the same few bytes again and again: {_HELP}")
        self.__secret = secret
        self.origin = origin

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


DRAWN: Final = "drawn at random for this process"
_drawn: list[Key] = []


def find_key(given: bytes | Key | None = None) -> Key:
    """The key: the given one, that of the environment, of the keyring, or one for this process.

    Raises CannotRedact, in one line, on a key that is weak or no bytes.
    """
    if isinstance(given, Key):
        return given
    if given is not None:
        if not isinstance(given, bytes | bytearray):
            raise CannotRedact(f"the key is given as bytes, not as {type(given).__name__}")
        return Key(bytes(given), "given")
    named = os.environ.get(KEY_VARIABLE, "").encode("utf-8", "surrogateescape")
    if named:
        return Key(named, f"environment variable {KEY_VARIABLE}")
    kept = _from_keyring()
    if kept:
        return Key(kept, f"keyring, service {SERVICE}")
    if not _drawn:
        _drawn.append(Key(secrets.token_bytes(32), DRAWN))
    return _drawn[0]


def _from_keyring() -> bytes:
    """Empty where there is no keyring, or nothing in it for us."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return b""
    try:
        return (keyring.get_password(SERVICE, USER) or "").encode()
    except KeyringError:
        return b""
