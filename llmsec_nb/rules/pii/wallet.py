"""PII204: addresses of crypto wallets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Example, Kind, Severity
from .chains import is_base58check, is_bech32, is_eip55
from .recognizer import Format, Proof, Verdict, Written, speaks_of
from .rules import personal
from .seek import seek

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .recognizer import Hit, Scene, Window

RULE: Final = personal(
    "PII204",
    "crypto-wallet",
    "Address of a crypto wallet",
    Severity.MEDIUM,
    (
        Example(source="Send it to {bitcoin}.", flagged=("{bitcoin}",), kind=Kind.TEXT),
        Example(source='wallet = "{bech32}"', flagged=("{bech32}",)),
        Example(source='wallet = "0x{hex40}"', flagged=("0x{hex40}",)),
        Example(source="commit 0x{hex40}", kind=Kind.STREAM),
        Example(source="key 1{alnum30}", kind=Kind.STREAM),
        Example(source="token bc1{lower30}", kind=Kind.STREAM),
    ),
    why="All that ever went in and out of it can be read by anybody.",
    reference="https://en.bitcoin.it/wiki/Address",
)
_WORDS: Final = (
    "wallet", "bitcoin", "btc", "crypto", "cryptocurrency", "ethereum", "eth", "litecoin", "ltc", "dogecoin",
    "doge", "solana", "sol", "tron", "trx", "usdt", "usdc", "metamask", "ripple", "xrp", "monero", "xmr",
    "payout address", "withdrawal address", "deposit address", "blockchain",
)  # fmt: skip
_CONTRACT: Final = (
    "contract",
    "token",
    "abi",
    "proxy",
    "router",
    "factory",
    "usdc address",
    "weth",
)
"""These are programs, nobody's wallet."""
_BASE58: Final = "[1-9A-HJ-NP-Za-km-z]"
_NOBODYS: Final = lazy(r"0x(?:0{8}|(?:dead){3}|f{8}|e{8}|1234)|0x.*0{12}", re.IGNORECASE)
_SPREAD: Final = 12
_START: Final = lazy(
    r"[13DTLMXr](?<![0-9A-Za-z_/+.-][13DTLMXr])[1-9A-HJ-NP-Za-km-z]{25,34}(?![\w/+])"
)


def base58(value: str) -> Verdict | None:
    """Bitcoin's, and what was made after it: version byte and double SHA-256."""
    coin = is_base58check(value)
    return Verdict(Proof.CHECKSUM, note=coin) if coin else None


def bech32(value: str) -> Verdict | None:
    """BIP 173 and BIP 350."""
    return Verdict(Proof.CHECKSUM, note="bech32") if is_bech32(value) else None


def ethereum(value: str) -> Verdict | None:
    """The case of the letters is a checksum where both occur."""
    if _NOBODYS.match(value) or len(set(value.lower())) < _SPREAD:
        return None
    body = value[2:]
    if body in {body.lower(), body.upper()}:
        return Verdict(Proof.FORM, note="Ethereum")
    return Verdict(Proof.CHECKSUM, note="Ethereum") if is_eip55(body) else None


class _Wallets(Written):
    """Addresses, some of which nothing but their checksum tells."""

    def search(self, content: str) -> Iterator[Window]:
        """Where an address in base 58 begins."""
        return seek(_START, content)

    def find(self, scene: Scene, start: int, end: int) -> Iterator[Hit]:
        """Hits that begin in [start, end) of a text."""
        for hit in super().find(scene, start, end):
            before = scene.content[max(0, hit.start - 48) : hit.start].rpartition("\n")[2]
            if hit.note == "Ethereum" and speaks_of(_CONTRACT, f"{scene.header} {before}"):
                yield hit._replace(confidence=Confidence.LOW)
            else:
                yield hit


WALLET: Final = _Wallets(
    RULE,
    "CRYPTO",
    (
        Format(
            pattern=rf"[13DTLMXr]{_BASE58}{{25,34}}",
            check=base58,
            alone=Confidence.HIGH,
        ),
        Format(
            pattern=r"(?:bc|tb|ltc|addr|cosmos|osmo|bnb|terra)1[02-9ac-hj-np-z]{38,100}"
            r"|(?:BC|TB|LTC)1[02-9AC-HJ-NP-Z]{38,100}",
            check=bech32,
            alone=Confidence.HIGH,
        ),
        Format(
            pattern=r"0x[0-9A-Fa-f]{40}",
            check=ethereum,
            alone=Confidence.LOW,
            proven=Confidence.MEDIUM,
            named=Confidence.MEDIUM,
        ),
    ),
    words=_WORDS,
    digits=0,
    signs=("0x", "bc1", "tb1", "ltc1", "addr1", "cosmos1", "osmo1", "bnb1", "terra1"),
    rank=6,
)
RECOGNIZERS: Final = (WALLET,)
