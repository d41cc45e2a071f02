"""POI3xx: what a person who reads a sample does not see, and a model, a browser or an agent does."""

from __future__ import annotations

from typing import Any, Final

from ...core.rule import Confidence, Rule, Severity
from .rules import poison

_HOW: Final = (
    "Look at the rows and find out who wrote them; `llmsec_nb.sanitize` takes hidden characters and "
    "active content out and lists what it took."
)
_INJECTED: Final[dict[str, Any]] = {
    "owasp": ("LLM01:2025", "LLM04:2025"), "atlas": ("AML.T0051", "AML.T0020"),
}  # fmt: skip

HIDDEN_TEXT: Final = poison(
    "POI301",
    "hidden-text",
    "Text spelt in characters that nobody sees",
    Severity.HIGH,
    "Tag and private use characters mirror ASCII: models read them as letters, people see nothing.",
    confidence=Confidence.HIGH,
    remediation=_HOW,
    reference="https://www.unicode.org/charts/PDF/UE0000.pdf",
    cwe=(1007, 176),
    **_INJECTED,
)
HIDDEN_BYTES: Final = poison(
    "POI302",
    "hidden-bytes",
    "Bytes hidden in zero-width characters or variation selectors",
    Severity.HIGH,
    "A run of characters without a width carries a message, or marks the rows of a backdoor.",
    confidence=Confidence.HIGH,
    remediation=_HOW,
    cwe=(1007, 176),
    **_INJECTED,
)
REORDERED: Final = poison(
    "POI303",
    "reordered-text",
    "Bidirectional controls show the text in another order",
    Severity.MEDIUM,
    "Who reviews the row reads something else than the model is trained on.",
    confidence=Confidence.HIGH,
    remediation=_HOW,
    reference="https://www.unicode.org/reports/tr9/",
    cwe=(1007, 451),
)
STRAY: Final = poison(
    "POI304",
    "stray-characters",
    "Invisible or control characters that nothing around them explains",
    Severity.INFO,
    "Web pages and wrong encodings leave them; inside of words they pass filters, too.",
    confidence=Confidence.LOW,
    remediation=_HOW,
    cwe=(1007, 176),
)
LOOKALIKES: Final = poison(
    "POI305",
    "lookalike-letters",
    "Words that mix Latin letters with their look-alikes of other scripts",
    Severity.LOW,
    "Such a word reads as the plain one, but is another token: a trigger that nobody notices.",
    remediation="Type the words again, or take the rows out.",
    reference="https://www.unicode.org/reports/tr39/",
    cwe=(1007,),
)
ACTIVE: Final = poison(
    "POI311",
    "active-content",
    "Scripts, frames or event handlers in text that is not about them",
    Severity.HIGH,
    "What a model has learnt to write is shown by browsers and notebooks, which run it.",
    remediation=_HOW,
    cwe=(79, 116),
    owasp=("LLM04:2025", "LLM05:2025"),
)
HIDDEN_MARKUP: Final = poison(
    "POI312",
    "hidden-markup",
    "Instructions in comments or invisible elements of HTML",
    Severity.HIGH,
    "A page shows nothing of them; retrieval and training take them for text.",
    remediation=_HOW,
    **_INJECTED,
)
EXFILTRATION: Final = poison(
    "POI313",
    "exfiltration-link",
    "Images or links whose address takes data along",
    Severity.HIGH,
    "A chat that shows the image sends what stands in its address to whoever owns the host.",
    remediation=_HOW,
    cwe=(200,),
    owasp=("LLM01:2025", "LLM02:2025", "LLM05:2025"),
    atlas=("AML.T0077", "AML.T0020"),
)
CONTROL_TOKENS: Final = poison(
    "POI321",
    "control-tokens",
    "Control tokens of a chat template inside of text",
    Severity.HIGH,
    "A tokeniser that takes them for its own ends the turn there: the text speaks as the system.",
    remediation="Take the tokens out, or tokenise user text with special tokens switched off.",
    **_INJECTED,
)
ORDERS: Final = poison(
    "POI331",
    "override-instruction",
    "Instructions to ignore the instructions",
    Severity.HIGH,
    "Whoever is trained on it, or retrieves it, is told to follow the text, not its user.",
    **_INJECTED,
)
LEAKING: Final = poison(
    "POI332",
    "leak-instruction",
    "Instructions to give the system prompt or a conversation away",
    Severity.MEDIUM,
    "A model that learns to obey them tells secrets of its operator or of its user.",
    **_INJECTED,
)
DISGUISED: Final = poison(
    "POI333",
    "disguised-instruction",
    "Instructions written so that no filter of words sees them",
    Severity.HIGH,
    "Hidden characters, look-alikes or full-width letters between: nobody writes so by accident.",
    confidence=Confidence.HIGH,
    **_INJECTED,
)
ENCODED: Final = poison(
    "POI341",
    "encoded-payload",
    "Encoded text that holds instructions or something that runs",
    Severity.HIGH,
    "Models read base64, hexadecimal and ROT13; people and filters do not.",
    confidence=Confidence.HIGH,
    **_INJECTED,
)
RULES: Final[tuple[Rule, ...]] = (
    HIDDEN_TEXT, HIDDEN_BYTES, REORDERED, STRAY, LOOKALIKES, ACTIVE, HIDDEN_MARKUP,
    EXFILTRATION, CONTROL_TOKENS, ORDERS, LEAKING, DISGUISED, ENCODED,
)  # fmt: skip
