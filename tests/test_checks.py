"""Offline validity: a valid value is sure, a broken one less so, and what is no token is refused."""

from __future__ import annotations

import base64
import json
import string
import time
from typing import Any

import pytest

from llmsec_nb.api import check_text
from llmsec_nb.core.rule import Confidence
from llmsec_nb.rules.secrets import checks
from llmsec_nb.rules.secrets.checks import CHECKS, aws_account, aws_note, jwt_note, trust
from llmsec_nb.rules.secrets.pem import key_in
from llmsec_nb.rules.secrets.records import records

from .samples import SIGNERS, Maker

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
SIGNED = [
    pytest.param(entry, id=f"{record.id}-{number}")
    for record in records()
    for number, entry in enumerate(record.formats)
    if entry.check in SIGNERS
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("entry", SIGNED)
def test_valid(entry: Any, seed: int) -> None:
    assert CHECKS[entry.check](Maker(seed).sample(entry)[1]) is HIGH


def changed(value: str, place: int) -> str:
    """One character replaced by another of its kind."""
    for alphabet in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if value[place] in alphabet:
            other = alphabet[(alphabet.index(value[place]) + 1) % len(alphabet)]
            return value[:place] + other + value[place + 1 :]
    raise AssertionError(value[place])


@pytest.mark.parametrize(
    ("check", "pattern"),
    [
        ("crc32_suffix", "ghp_[A-Za-z0-9]{36}"),
        ("crc32_suffix", "npm_[A-Za-z0-9]{36}"),
        ("grafana_suffix", "glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}"),
        ("atlassian_checksum", "ATATT3xFfGF0[A-Za-z0-9]{171}=[A-F0-9]{8}"),
        ("cloudflare_checksum", "cfut_[A-Za-z0-9]{40}[0-9a-f]{8}"),
    ],
)
@pytest.mark.parametrize("place", [12, 20, 30])
def test_one_wrong_character_breaks_a_checksum(check: str, pattern: str, place: int) -> None:
    maker = Maker(7)
    valid = SIGNERS[check](maker, maker.matching(pattern))
    assert CHECKS[check](valid) is HIGH
    assert CHECKS[check](changed(valid, place)) is MEDIUM


def test_checksum_of_atlassian_behind_an_escaped_sign() -> None:
    maker = Maker(3)
    valid = SIGNERS["atlassian_checksum"](maker, f"ATATT3xFfGF0{maker.of(171)}=00000000")
    for sign in ("%3D", "%3d", "\\u003d", "\\="):
        assert checks.atlassian_checksum(valid.replace("=", sign)) is HIGH


def test_jfrog() -> None:
    maker = Maker(5)
    valid = SIGNERS["jfrog_api_key"](maker, "")
    assert valid.startswith("AKCp")
    assert len(valid) == 73
    assert checks.jfrog_api_key(valid) is HIGH
    assert checks.jfrog_api_key(valid[:-3]) is MEDIUM
    assert checks.jfrog_api_key(valid[:-1] + "0") is MEDIUM
    reference = SIGNERS["jfrog_reference"](maker, "")
    assert reference.startswith("cmVmdGtu")
    assert checks.jfrog_reference(reference) is HIGH
    assert checks.jfrog_reference("cmVmdGtu" + maker.of(56)) is MEDIUM


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(header: object, payload: object) -> str:
    return f"{encoded(header)}.{encoded(payload)}.{Maker(2).of(43)}"


def test_json_web_token() -> None:
    now = time.time()
    header = {"alg": "HS256"}
    assert checks.json_web_token(jwt(header, {"sub": "1"})) is HIGH
    assert checks.json_web_token(jwt(header, {"exp": now + 3600})) is HIGH
    assert checks.json_web_token(jwt(header, {"exp": now - 3600})) is MEDIUM
    assert checks.json_web_token(jwt(header, {"exp": "soon"})) is HIGH
    assert checks.json_web_token(jwt(header, {"exp": 1e30})) is HIGH
    assert checks.json_web_token(jwt({"typ": "JWT"}, {"sub": "1"})) is MEDIUM
    assert checks.json_web_token(f"eyJ{Maker(2).of(30)}.eyJ{Maker(3).of(30)}.x") is None


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256"}, {"alg": "ES512"}, {"alg": "HS512"},  # the signature was cut
        {"alg": "dir", "enc": "A256GCM"},  # encrypted
    ],
)  # fmt: skip
def test_a_json_web_token_that_opens_nothing(header: dict[str, str]) -> None:
    assert checks.json_web_token(jwt(header, {"sub": "1"})) is LOW


def test_a_long_signature() -> None:
    signed = f"{encoded({'alg': 'PS256'})}.{encoded({'sub': '1'})}.{Maker(2).of(342)}"
    assert checks.json_web_token(signed) is HIGH


def test_an_expired_token_says_so_and_nothing_else() -> None:
    expired = jwt({"alg": "HS256"}, {"exp": 1_600_000_000, "email": "ada@corp.example"})
    assert jwt_note("JWT", expired) == "JWT, expired on 2020-09-13"
    assert jwt_note("JWT", jwt({"alg": "RS256"}, {"exp": time.time() + 99})) == "JWT"
    (finding,) = check_text(f'token = "{expired}"', "a.py").findings
    assert finding.rule == "SEC202"
    assert finding.confidence == "medium"
    assert finding.message == "JSON Web Token in clear text, expired on 2020-09-13"


def test_pypi_macaroon() -> None:
    maker = Maker(4)
    valid = SIGNERS["pypi_macaroon"](maker, "pypi-AgEIcHlwaS5vcmc")
    assert valid.startswith("pypi-AgEIcHlwaS5vcmc")
    assert checks.pypi_macaroon(valid) is HIGH
    assert checks.pypi_macaroon(valid[:-8]) is MEDIUM
    assert checks.pypi_macaroon("pypi-AgEIcHlwaS5vcmc" + maker.of(140)) is MEDIUM
    elsewhere = base64.urlsafe_b64encode(b"\x02\x01\x03abc\x02\x01x\x00\x00\x06\x20" + bytes(32))
    assert checks.pypi_macaroon("pypi-" + elsewhere.decode()) is MEDIUM


def access_key(account: int, rest: str, kind: str = "AKIA") -> str:
    """An access key id of an account, as AWS draws them since 2019."""
    alphabet = string.ascii_uppercase + "234567"
    bits = f"1{account:040b}{'0' * 9}"
    return kind + "".join(alphabet[int(bits[i : i + 5], 2)] for i in range(0, 50, 5)) + rest


@pytest.mark.parametrize("account", [1, 123_456_789_012, 999_999_999_999])
def test_aws_account(account: int) -> None:
    key = access_key(account, "QRSTUV")
    assert aws_account(key) == f"{account:012d}"
    note = aws_note("AWS access key id", key)
    assert note == f"AWS access key id, of the account that ends in {account % 10_000:04d}"
    assert checks.aws_alphabet(key) is HIGH
    assert checks.aws_alphabet(key[:-1] + "0") is MEDIUM


def test_an_aws_key_without_an_account() -> None:
    old = "AKIA" + "J" + Maker(1).of(15, string.ascii_uppercase)
    assert aws_account(old) == ""
    assert aws_note("x", old) == "x"
    assert aws_account("AKIA0189") == ""


def test_slack() -> None:
    maker = Maker(6)
    number, secret = maker.of(12, string.digits), maker.of(24)
    assert checks.slack_parts(f"xoxb-{number}-{number}-{secret}") is HIGH
    assert checks.slack_parts(f"xoxp-{number}-{number}-{number}-{maker.of(32)}") is HIGH
    assert checks.slack_parts("xoxb-my-bot-token-for-the-team") is LOW


def test_stripe() -> None:
    assert checks.stripe_body("sk_live_" + Maker(1).of(24)) is HIGH
    assert checks.stripe_body("sk_live_" + Maker(1).of(12)) is MEDIUM


def test_openai_and_anthropic() -> None:
    maker = Maker(8)
    assert checks.openai_marker(f"sk-proj-{maker.of(74)}T3BlbkFJ{maker.of(74)}") is HIGH
    assert checks.openai_marker(f"sk-proj-{maker.of(74)}") is MEDIUM
    assert checks.anthropic_ending(f"sk-ant-api03-{maker.of(93)}AA") is HIGH
    assert checks.anthropic_ending(f"sk-ant-api03-{maker.of(93)}BB") is LOW
    assert checks.anthropic_ending(f"sk-ant-api03-{maker.of(60)}AA") is LOW
    assert checks.anthropic_ending(f"sk-ant-oat01-{maker.of(80)}AA") is HIGH


def test_huggingface_and_google() -> None:
    maker = Maker(8)
    assert checks.huggingface_letters("hf_" + maker.of(34, string.ascii_letters)) is HIGH
    assert checks.huggingface_letters("hf_" + maker.of(33) + "7") is MEDIUM
    assert checks.google_prefix("AIzaSy" + maker.of(33)) is HIGH
    assert checks.google_prefix("AIzaXy" + maker.of(33)) is MEDIUM


def test_grafana_payload() -> None:
    assert checks.grafana_payload(encoded({"k": "x", "n": "ci", "id": 1})) is HIGH
    assert checks.grafana_payload("glc_" + encoded({"o": "1", "n": "ci", "k": "x"})) is HIGH
    assert checks.grafana_payload("glc_" + Maker(1).of(60)) is MEDIUM


def test_short_prefixes_need_a_mixture() -> None:
    assert checks.mixed("fw_" + Maker(1).of(24)) is HIGH
    assert checks.mixed("fw_layernormfinalweightsofit") is None
    assert checks.mixed("fw_012345678901234567890123") is None
    assert checks.mixed_key("sk-" + Maker(1).of(48)) is MEDIUM
    assert checks.mixed_key("sk-fadingcircleanimationofthespinner") is None


def test_what_was_typed_is_less_sure() -> None:
    drawn = Maker(1).of(32)
    assert trust(drawn, HIGH) is HIGH
    assert trust(drawn, LOW) is LOW
    assert trust("1234567890abcdef1234567890ABCDEF", HIGH) is MEDIUM
    assert trust("1234567890abcdef1234567890ABCDEF", LOW) is LOW
    assert trust("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", HIGH) is None
    assert trust("your_api_key_goes_here_0123456789", HIGH) is None


def armour(label: str, body: bytes, headers: str = "") -> str:
    text = base64.b64encode(body).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    head = [headers, ""] if headers else []
    return "\n".join([f"-----BEGIN {label}-----", *head, *lines, f"-----END {label}-----"])


def der(length: int) -> bytes:
    """A sequence with its length."""
    size = bytes([0x82]) + length.to_bytes(2, "big") if length > 127 else bytes([length])
    return b"\x30" + size + Maker(1).random.randbytes(length)


def openssh(cipher: bytes) -> bytes:
    strings = [cipher, b"none" if cipher == b"none" else b"bcrypt", b""]
    data = b"openssh-key-v1\0" + b"".join(len(s).to_bytes(4, "big") + s for s in strings)
    keys = [Maker(2).random.randbytes(51), Maker(3).random.randbytes(136)]
    return data + (1).to_bytes(4, "big") + b"".join(len(k).to_bytes(4, "big") + k for k in keys)


@pytest.mark.parametrize("length", [100, 300, 1200])
def test_der_has_the_length_that_it_says(length: int) -> None:
    assert key_in(armour("PRIVATE KEY", der(length))) == (HIGH, False)
    assert key_in(armour("PRIVATE KEY", der(length)[:-20])) == (MEDIUM, False)
    assert key_in(armour("PRIVATE KEY", b"\x31" + der(length)[1:])) == (MEDIUM, False)
    assert key_in(armour("ENCRYPTED PRIVATE KEY", der(length))) == (HIGH, True)


def test_a_key_in_other_spellings() -> None:
    block = armour("RSA PRIVATE KEY", der(600))
    for text in (
        block.replace("\n", "\\n"),
        block.replace("\n", "\r\n"),
        "\n".join(f'"{line}\\n" +' for line in block.split("\n"))[1:],
    ):
        assert key_in(text) == (HIGH, False)


def test_openssh_keys() -> None:
    label = "OPENSSH PRIVATE KEY"
    assert key_in(armour(label, openssh(b"none"))) == (HIGH, False)
    assert key_in(armour(label, openssh(b"aes256-ctr"))) == (HIGH, True)
    assert key_in(armour(label, openssh(b"none")[:-60])) == (MEDIUM, False)


def test_a_key_under_a_passphrase_weighs_less() -> None:
    headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011223344556677"
    block = armour("RSA PRIVATE KEY", Maker(4).random.randbytes(608), headers)
    assert key_in(block) == (HIGH, True)
    (finding,) = check_text(block, "id_rsa.txt").findings
    assert finding.severity == "high"
    assert finding.message == "Private key in clear text, under a passphrase"
    (plain,) = check_text(armour("RSA PRIVATE KEY", der(600)), "id_rsa.txt").findings
    assert plain.severity == "critical"


def test_what_is_no_key() -> None:
    block = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"
    assert key_in(block).confidence is LOW
