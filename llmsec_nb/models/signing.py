"""Signatures of models by the format of OpenSSF, checked by its own library: the extra `[sign]`.

https://github.com/ossf/model-signing-spec: a bundle of Sigstore that signs the digests of all
files of a model. With a key or certificates it is checked without a connection.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ..core.detector import NotInstalled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_REMEDY: Final = "pip install 'llmsec-nb[sign]'"
_SHOWN: Final = 400
_LONGEST: Final = 1 << 26
"""A signature names every file of the model, with its digest: no honest one has more bytes."""


class BadRequest(Exception):
    """What was asked for makes no sense, or a file of it is not there; the text is one line."""


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether the files are those that were signed; if not, `reason` says why in one line."""

    verified: bool
    reason: str = ""


def verify(
    path: Path,
    signature: Path,
    *,
    public_key: Path | None = None,
    certificate_chain: Sequence[Path] = (),
    identity: str = "",
    issuer: str = "",
) -> Verdict:
    """Check the model, a file or a folder, against its signature, in exactly one of three ways.

    By a public key; by a chain of certificates; or by the identity that signed it and the issuer
    of that identity, which asks Sigstore's servers for their keys: the only one to open a
    connection. Raises BadRequest for what cannot be asked, NotInstalled without the extra.
    """
    _demand(path, signature, public_key, certificate_chain, identity, issuer)
    config = _library()
    with _quiet():
        try:
            if public_key is not None:
                config.use_elliptic_key_verifier(public_key=public_key)
            elif certificate_chain:
                config.use_certificate_verifier(certificate_chain=list(certificate_chain))
            else:
                config.use_sigstore_verifier(identity=identity, oidc_issuer=issuer)
        except Exception as error:  # noqa: BLE001 (the library lets whatever its parsers raise pass)
            raise BadRequest(f"the key or certificate cannot be used: {_told(error)}") from None
        try:
            config.verify(path, signature)
        except Exception as error:  # noqa: BLE001 (as above; whatever it is, nothing is verified)
            return Verdict(verified=False, reason=_told(error))
    return Verdict(verified=True)


def _demand(
    path: Path,
    signature: Path,
    public_key: Path | None,
    chain: Sequence[Path],
    identity: str,
    issuer: str,
) -> None:
    if bool(identity) != bool(issuer):
        raise BadRequest("an identity needs its issuer, and an issuer an identity")
    if (public_key is not None) + bool(chain) + bool(identity) != 1:
        raise BadRequest("give one of: a public key, certificates, or an identity and its issuer")
    if not path.exists():
        raise BadRequest(f"there is no model at {_plain(str(path))}")
    keys = [public_key] if public_key is not None else []
    for file in (signature, *keys, *chain):
        if not file.is_file():
            raise BadRequest(f"there is no file at {_plain(str(file))}")
    if signature.stat().st_size > _LONGEST:
        raise BadRequest(f"{_plain(str(signature))} is too long for a signature")


def _library() -> Any:
    """What checks signatures, not yet told how."""
    try:
        library = import_module("model_signing.verifying")
    except ImportError as error:
        missing = (error.name or "model_signing").partition(".")[0]
        raise NotInstalled(f"no signature is checked without {missing}: {_REMEDY}") from None
    return library.Config()


@contextmanager
def _quiet() -> Iterator[None]:
    """What the library would log names files and digests; its error says enough."""
    logger = logging.getLogger("model_signing")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _told(error: Exception) -> str:
    """An error of the library in one line of plain ASCII."""
    text = " ".join(str(error).split())
    if not text or type(error).__name__ == "InvalidSignature":
        return "the signature is not by that key"
    return _plain(text)


def _plain(text: str) -> str:
    """A path, or what the library says, in plain ASCII."""
    return ascii(text[:_SHOWN])[1:-1]
