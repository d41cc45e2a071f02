"""Models in XML: PMML, and the graphs of OpenVINO. Read as text, by no parser of XML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..core.rule import Confidence, Severity
from . import rules
from .telling import CODE
from .values import escaped

if TYPE_CHECKING:
    from .context import Context

_ROOT: Final = re.compile(r"<(PMML|net)[\s>/]")
_ENTITY: Final = re.compile(
    r"<!ENTITY\s{1,20}(?:%\s{1,20})?[^\s<>]{1,100}\s{1,20}"
    r"(?:SYSTEM|PUBLIC\s{1,20}(?:\"[^\"]{0,300}\"|'[^']{0,300}'))\s{1,20}[\"']([^\"']{0,300})"
)
_EXPANDING: Final = re.compile(
    r"<!ENTITY\s{1,20}[^\s<>]{1,100}\s{1,20}[\"'][^\"'<>]{0,2000}?&\w{1,60};"
)
_LIBRARY: Final = re.compile(
    r"\b(?:library|plugin)\s{0,4}=\s{0,4}[\"']([^\"']{1,300}\.(?:so|dll|dylib)\b)", re.IGNORECASE
)
_EXPANSIONS: Final = 2
"""Entities that hold others: so many make a text that grows."""
_BOMS: Final = (
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"),
)  # fmt: skip


def kind(head: bytes) -> str:
    """Which model the text of a file begins, if it is XML; or nothing."""
    text = decoded(head)
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return ""
    root = _ROOT.search(text)
    return "" if root is None else "pmml" if root[1] == "PMML" else "openvino"


def decoded(raw: bytes) -> str:
    """The text of an XML file in the encodings that its readers tell apart."""
    encoding = next((name for start, name in _BOMS if raw.startswith(start)), "utf-8")
    return raw.decode(encoding, "replace")


def check(raw: bytes, context: Context) -> None:
    """Note external entities, entities that grow, libraries and code."""
    text = decoded(raw)
    for entity in _ENTITY.finditer(text):
        context.issue(rules.MARKUP, f"Reading the model fetches {escaped(entity[1])}")
    if len(_EXPANDING.findall(text)) >= _EXPANSIONS:
        context.issue(rules.BOMB, "Entities that hold others let the text grow without bound")
    for library in _LIBRARY.finditer(text):
        context.issue(
            rules.REMOTE_CODE,
            f"The model asks for the library {escaped(library[1])}",
            severity=Severity.HIGH,
        )
    code = CODE.search(text)
    if code is not None:
        shown = escaped(text[max(0, code.start() - 10) : code.end() + 40])
        context.issue(rules.MARKUP, f"The model holds code: {shown}", confidence=Confidence.MEDIUM)
