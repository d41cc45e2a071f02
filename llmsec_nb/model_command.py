"""`llmsec model verify`: whether a model is the one that its author signed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .core.detector import NotInstalled
from .options import UsageError

if TYPE_CHECKING:
    import argparse

VERIFIED, NOT_VERIFIED = 0, 1


def add_verify(parser: argparse.ArgumentParser) -> None:
    """The options of `llmsec model verify`."""
    parser.add_argument("path", type=Path, metavar="PATH", help="a model: a file or a folder")
    parser.add_argument(
        "--signature", type=Path, metavar="FILE",
        help="its signature; default: model.sig in the folder, or FILE.sig beside the file",
    )  # fmt: skip
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="PEM of who signed it")
    parser.add_argument(
        "--certificate-chain", type=Path, nargs="+", default=[], metavar="FILE",
        help="PEM of the certificates that are trusted, the root first",
    )  # fmt: skip
    parser.add_argument(
        "--identity", default="", metavar="NAME",
        help="who signed it with Sigstore: opens a connection to its servers",
    )  # fmt: skip
    parser.add_argument("--issuer", default="", metavar="URL", help="who vouches for that identity")


def run(options: argparse.Namespace) -> int:
    """Say whether the model is the one that was signed: 0 if it is, 1 if not. Raises UsageError."""
    from .models.signing import BadRequest, verify

    signature = options.signature or _beside(options.path)
    try:
        verdict = verify(
            options.path,
            signature,
            public_key=options.public_key,
            certificate_chain=options.certificate_chain,
            identity=options.identity,
            issuer=options.issuer,
        )
    except (BadRequest, NotInstalled) as error:
        raise UsageError(f"llmsec model verify: {error}") from None
    if verdict.verified:
        print(f"verified: {options.path}")
        return VERIFIED
    print(f"NOT verified: {options.path}: {verdict.reason}", file=sys.stderr)
    return NOT_VERIFIED


def _beside(path: Path) -> Path:
    return path / "model.sig" if path.is_dir() else path.with_name(f"{path.name}.sig")
