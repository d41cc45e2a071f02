"""Control tokens of chat templates, by the family of models that reads them so.

Sources: the chat templates and tokenizer configurations that the makers publish.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .active import Shown
from .hits import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "ChatML": ("<|im_start|>", "<|im_end|>", "<|im_sep|>"),
    "Llama": (
        "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>",
        "<|begin_of_text|>", "<|end_of_text|>", "<|header_start|>", "<|header_end|>", "<|eot|>",
        "<<SYS>>", "<</SYS>>",
    ),
    "Mistral": (
        "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]",
        "[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]",
    ),
    "Gemma": ("<start_of_turn>", "<end_of_turn>"),
    "Phi": ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|tool|>", "<|/tool|>"),
    "DeepSeek": (
        "<\uff5cUser\uff5c>", "<\uff5cAssistant\uff5c>", "<\uff5cSystem\uff5c>",
        "<\uff5cbegin\u2581of\u2581sentence\uff5c>", "<\uff5cend\u2581of\u2581sentence\uff5c>",
        "<\uff5ctool\u2581calls\u2581begin\uff5c>", "<\uff5ctool\u2581outputs\u2581begin\uff5c>",
    ),
    "Qwen": ("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"),
    "GPT": (
        "<|endoftext|>", "<|endofprompt|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
    ),
    "Harmony": (
        "<|start|>", "<|channel|>", "<|message|>", "<|return|>", "<|call|>", "<|constrain|>",
    ),
    "Cohere": (
        "<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|SYSTEM_TOKEN|>",
        "<|CHATBOT_TOKEN|>",
    ),
    "GLM": ("[gMASK]", "<|observation|>"),
}  # fmt: skip
OTHER: Final = "other"
ALPACA: Final = "Alpaca"
SENTENCE: Final = "end of text"
KINDS: Final = (*(f"tokens {name}" for name in (*FAMILIES, OTHER, ALPACA, SENTENCE)),)
_KNOWN: Final = {token: f"tokens {name}" for name, own in FAMILIES.items() for token in own}
_LITERALS: Final = "|".join(re.escape(token) for token in _KNOWN if not token.startswith("<|"))
_TOKEN: Final = re.compile(
    r"<\|/?[A-Za-z][A-Za-z0-9_]{1,40}\|>|<\uff5c[A-Za-z][\w\u2581 ]{1,40}\uff5c>"
    rf"|{_LITERALS}"
    r"|</s>(?=\s{0,4}(?:<s>|\[/?INST|<\||(?:user|human|system|assistant)\s{0,2}:))",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(
    r"^#{2,3} (?:Instruction|Response|Human|Assistant|User|System|Input):[ \t]{0,8}$", re.MULTILINE
)
_ASKING: Final = re.compile(r"Instruction|Human|User|System")
GATE: Final = (
    r"(?i)<\|/?[a-z][a-z0-9_]+\|>|<\x{ff5c}[a-z]|\[/?(?:INST|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|"
    r"SYSTEM_PROMPT|gMASK)\]|<</?sys>>|</?(?:start_of_turn>|end_of_turn>|tool_call>|tool_response>)"
    r"|</s>\s*[<\[ushaUSHA]"
)
"""Without a match of it there is nothing to find. Syntax of RE2."""
ANSWER_GATE: Final = r"(?m)^#{2,3} (?:Instruction|Human|User|System|Response|Assistant):"
"""The same for what a model is to answer with, beside `GATE`."""


def find(text: str, *, answer: bool = False) -> Iterator[Hit]:
    """Tokens, each with its family as the kind; in an answer also headers of prompts."""
    hits = [Hit(_family(found[0]), *found.span()) for found in _TOKEN.finditer(text)]
    if answer and "##" in text:
        hits += _headers(text)
    if not hits:
        return
    code = Shown(text)
    for hit in hits:
        yield hit._replace(quoted=code.holds(hit.start))


def _family(token: str) -> str:
    if token[:3].lower() == "</s":
        return f"tokens {SENTENCE}"
    return _KNOWN.get(token) or _FOLDED.get(token.lower(), f"tokens {OTHER}")


_FOLDED: Final = {token.lower(): kind for token, kind in _KNOWN.items()}


def _headers(text: str) -> list[Hit]:
    """Headers that open a turn of the user within an answer."""
    found = [(header, header[0]) for header in _HEADER.finditer(text)]
    if not any(_ASKING.search(said) for _, said in found):
        return []
    return [Hit(f"tokens {ALPACA}", *header.span()) for header, _ in found]
