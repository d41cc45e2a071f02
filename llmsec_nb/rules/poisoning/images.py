"""POI601-POI609: pictures."""

from __future__ import annotations

from typing import Final

from ...core.rule import Confidence, Rule, Severity
from .rules import poison

CORRUPT: Final = poison(
    "POI601",
    "corrupt-image",
    "A picture that cannot be decoded to its end",
    Severity.LOW,
    "Loaders skip it, or train on what they made of it; a crash of a decoder is a way in.",
    confidence=Confidence.MEDIUM,
    remediation="Fetch the files again from their source, or drop them.",
    cwe=(1286,),
)
TRAILING: Final = poison(
    "POI602",
    "bytes-after-image",
    "Bytes after the end of a picture",
    Severity.LOW,
    "No viewer shows them: they carry payloads, or mark files. Some cameras append data, too.",
    confidence=Confidence.LOW,
    remediation="Save the pictures anew from their pixels.",
    cwe=(506,),
)
POLYGLOT: Final = poison(
    "POI603",
    "polyglot-image",
    "A picture that is a program, an archive or a document as well",
    Severity.HIGH,
    "What passes as a picture here is run or unpacked by another program.",
    confidence=Confidence.HIGH,
    remediation="Drop the files and find out who put them there; others: save anew from pixels.",
    cwe=(434, 506),
)
TEXT: Final = poison(
    "POI604",
    "text-in-image-metadata",
    "Instructions, code or hidden characters in the metadata of a picture",
    Severity.MEDIUM,
    "Captions are made of metadata, and models of captions; nobody sees it in the picture.",
    remediation="Strip metadata: save the pictures anew from their pixels.",
    owasp=("LLM01:2025", "LLM04:2025"),
    cwe=(506,),
)
BOMB: Final = poison(
    "POI605",
    "decompression-bomb",
    "A picture with more pixels than anybody decodes",
    Severity.MEDIUM,
    "A small file takes gigabytes of memory when it is decoded: training stops.",
    confidence=Confidence.HIGH,
    remediation="Drop the files, or scale them down where memory is limited.",
    cwe=(409,),
)
MISNAMED: Final = poison(
    "POI606",
    "image-of-another-type",
    "A file whose name says another type than its content",
    Severity.INFO,
    "Filters go by names, decoders by contents. Honest collections hold some.",
    confidence=Confidence.LOW,
    remediation="Rename the files, or save them in the type of their names.",
    cwe=(351,),
)
REPEATED: Final = poison(
    "POI607",
    "repeated-image",
    "The same picture several times",
    Severity.INFO,
    "Copies weigh more than others, and spoil a test when they are in two splits.",
    confidence=Confidence.LOW,
    remediation="Keep one of each.",
)
TWO_LABELS: Final = poison(
    "POI608",
    "image-with-two-labels",
    "The same picture with different labels",
    Severity.MEDIUM,
    "At most one of them is right: so look relabelled copies.",
)
PATCH: Final = poison(
    "POI609",
    "stamped-patch",
    "The same patch at the same place in pictures of one label",
    Severity.HIGH,
    "The rest of these pictures looks like any: so looks a backdoor that a patch opens.",
)
RULES: Final[tuple[Rule, ...]] = (
    CORRUPT, TRAILING, POLYGLOT, TEXT, BOMB, MISNAMED, REPEATED, TWO_LABELS, PATCH,
)  # fmt: skip
