"""Signatures of OpenSSF: with a key made at run time where the extra is there; else one line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from llmsec_nb.core.detector import NotInstalled
from llmsec_nb.model_command import add_verify, run
from llmsec_nb.models.signing import BadRequest, verify
from llmsec_nb.options import Parser, UsageError


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with two files, and what is needed to ask for a check of it."""
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"weights")
    (folder / "config.json").write_bytes(b"{}")
    for name in ("key.pub", "m.sig"):
        (tmp_path / name).write_bytes(b"x")
    return folder


def parsed(*words: str | Path) -> Any:
    parser = Parser()
    add_verify(parser)
    return parser.parse_args([str(word) for word in words])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "give one of: a public key, certificates, or an identity and its issuer"),
        ({"public_key": "key.pub", "identity": "a", "issuer": "b"}, "give one of: a public key"),
        ({"identity": "someone"}, "an identity needs its issuer"),
        ({"issuer": "someone"}, "an identity needs its issuer"),
        ({"public_key": "none.pub"}, "there is no file at"),
        ({"certificate_chain": ["none.pem"]}, "there is no file at"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(
    asked: dict[str, Any], told: str, model: Path
) -> None:
    beside = model.parent
    if "public_key" in asked:
        asked["public_key"] = beside / asked["public_key"]
    asked["certificate_chain"] = [beside / name for name in asked.get("certificate_chain", ())]
    with pytest.raises(BadRequest, match=told):
        verify(model, beside / "m.sig", **asked)


def test_a_model_or_a_signature_that_is_not_there(model: Path) -> None:
    key = model.parent / "key.pub"
    with pytest.raises(BadRequest, match="there is no model at"):
        verify(model / "none", model.parent / "m.sig", public_key=key)
    with pytest.raises(UsageError, match=r"llmsec model verify: there is no file at .*model\.sig"):
        run(parsed(model, "--public-key", key))


def test_without_the_extra_nothing_is_verified(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "model_signing.verifying", None)
    monkeypatch.setitem(sys.modules, "model_signing", None)
    key, signature = model.parent / "key.pub", model.parent / "m.sig"
    with pytest.raises(NotInstalled, match=r"pip install 'llmsec-nb\[sign\]'"):
        verify(model, signature, public_key=key)
    with pytest.raises(UsageError, match=r"no signature is checked without model_signing"):
        run(parsed(model, "--signature", signature, "--public-key", key))


def keys(folder: Path, name: str) -> tuple[Path, Path]:
    """A private and a public key of the curve P-256, in PEM."""
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    key = ec.generate_private_key(ec.SECP256R1())
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    pem = serialization.Encoding.PEM
    private.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    public.write_bytes(
        key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


def test_a_signed_model(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    signing = pytest.importorskip("model_signing.signing")
    private, public = keys(model.parent, "own")
    signature = model.parent / "signed.sig"
    signing.Config().use_elliptic_key_signer(private_key=private).sign(model, signature)

    assert verify(model, signature, public_key=public).verified
    words = (model, "--signature", signature, "--public-key", public)
    assert run(parsed(*words)) == 0
    assert capsys.readouterr().out == f"verified: {model}\n"

    foreign = verify(model, signature, public_key=keys(model.parent, "other")[1])
    assert not foreign.verified
    assert "does not match the provided public key" in foreign.reason
    (model.parent / "cut.sig").write_bytes(signature.read_bytes()[:50])
    assert not verify(model, model.parent / "cut.sig", public_key=public).verified
    with pytest.raises(BadRequest, match="the key or certificate cannot be used"):
        verify(model, signature, public_key=model.parent / "key.pub")

    (model / "weights.bin").write_bytes(b"changed")
    assert "weights.bin" in verify(model, signature, public_key=public).reason
    assert run(parsed(*words)) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"NOT verified: {model}: ")
    assert told.count("\n") == 1
    (model / "weights.bin").write_bytes(b"weights")
    (model / "added.py").write_bytes(b"import os")
    assert "added.py" in verify(model, signature, public_key=public).reason
