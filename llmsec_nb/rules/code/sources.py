"""Which calls give what others have written: a model's words, a download, a user's input.

The paths are those of `cells.values`: how something was reached from an import. A client may have
come into the notebook in a way that cannot be read, so what ends in the tell-tale way of an API is
taken for it whatever its name is.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from ...core.lazy import lazy

MODEL: Final = "model"
DOWNLOAD: Final = "download"
INPUT: Final = "input"
NUMBER: Final = "number"
QUOTED: Final = "quoted"
ESCAPED: Final = "escaped"

_API: Final = lazy(
    r"\.(?:chat\.completions\.(?:create|parse|stream)|completions\.(?:create|parse)"
    r"|messages\.(?:create|parse|stream)|responses\.(?:create|parse|stream)"
    r"|threads\.messages\.list|generate_content(?:_async|_stream)?"
    r"|chat\.complete(?:_async)?|chat\.stream|chat_completion|text_generation"
    r"|invoke_model(?:_with_response_stream)?|converse(?:_stream)?|get_chat_completions"
    r"|(?:start_chat\(\)|chats\.create\(\)|chat|convo|chat_session)\.send_message(?:_async|_stream)?"
    r"|chat\.completions\.with_raw_response\.create|interactions\.create"
    r"|audio\.(?:transcriptions|translations)\.create|retrieve_and_generate(?:_stream)?|invoke_(?:inline_)?agent"
    r"|chat\.create\(\)\.(?:sample|stream|parse|defer))\Z"
)
"""What only the APIs of models are called."""
_SESSIONS: Final = lazy(r"\?(?:\w{1,30}_)?(?:chat|convo)\.send_message(?:_async|_stream)?")
_CHAINS: Final = lazy(
    r"(?:langchain\w{0,30}|langgraph|llama_index|llama_index\w{0,30}|dspy|haystack|crewai|autogen\w{0,20}"
    r"|smolagents|pandasai|guidance|guardrails|semantic_kernel|phi|agno|pydantic_ai)\..*"
    r"\.(?:a?invoke|a?run|a?run_sync|a?predict|a?call|a?generate|a?complete|a?chat|a?query|a?stream|kickoff|forward"
    r"|initiate_chat|generate_reply|batch|predict_messages|apply)\Z"
)
_BUILT: Final = lazy(
    r"(?:(?:langchain|dspy|smolagents|guidance|outlines)\w{0,30}\..*\(\)|transformers\.pipeline\(\)"
    r"|transformers\.[\w.]{1,80}Pipeline\(\))\Z"
)
"""What was built, and is called itself: `pipe = pipeline(...)`, then `pipe(text)`."""
_LOCAL_MODELS: Final = lazy(
    r"(?:(?:transformers|vllm|peft|trl|unsloth|llama_cpp|ctransformers|mlx_lm|optimum|outlines|tokenizers|auto_gptq|gpt4all|keras_hub|keras_nlp)\b.*"
    r"\.(?:generate|batch_decode|decode|create_completion|create_chat_completion|chat)"
    r"|transformers\.\w{0,30}Streamer|llama_cpp\.Llama\(\)|mlx_lm\.generate|ctransformers\.AutoModelForCausalLM\.from_pretrained\(\))\Z"
)
_FUNCTIONS: Final = lazy(
    r"(?:ollama\.(?:Client\(\)\.|AsyncClient\(\)\.)?(?:chat|generate)"
    r"|litellm\.(?:a?completion|text_completion|a?responses|batch_completion)"
    r"|openai\.(?:ChatCompletion|Completion)\.a?create"
    r"|cohere\.(?:Async)?Client(?:V2)?\(\)\.(?:chat|generate|chat_stream|summarize)"
    r"|mistralai\..*\.(?:chat|complete|chat_stream|chat_async)"
    r"|replicate\.(?:Client\(\)\.)?(?:run|stream)|together\.Complete\.create"
    r"|huggingface_hub\.InferenceClient\(\)\.(?:chat_completion|text_generation|conversational)"
    r"|vertexai\..*\.(?:predict|generate_content|send_message)"
    r"|google\.generativeai\.(?:generate_text|chat)"
    r"|litellm\.(?:router\.)?Router\(\)\.a?(?:text_)?completion|agents\.Runner\.run(?:_sync|_streamed)?"
    r"|instructor\..*\.create(?:_partial|_iterable|_with_completion)?|azure\.ai\.inference\..*\.complete"
    r"|ibm_watsonx_ai\..*\.(?:generate|generate_text|generate_text_stream|chat)|guidance\.(?:gen|select)"
    r"|aleph_alpha_client\..*\.complete|ai21\..*\.(?:complete|create|execute))\Z"
)
_TELLING: Final = lazy(
    r"\?(?:self\.)?(?:\w{0,30}_)?(?:llm|chat|chain|agent|agent_executor|chat_model|llm_chain|qa_chain|qa|executor|crew|rag_chain|gpt|claude|gemini)\d?"
    r"\.(?:a?invoke|a?run|a?predict|a?generate|a?complete|a?chat|kickoff|a?stream)\Z"
    r"|\?(?:\w{0,30}_)?(?:tokenizer|processor)\.(?:batch_)?decode\Z"
)
"""Names that no cell has brought, but that say what they are."""
_DOWNLOADS: Final = lazy(
    r"(?:requests|httpx)\.(?:Session\(\)\.|Client\(\)\.)?(?:get|post|request)"
    r"|urllib\.request\.(?:urlopen|urlretrieve)|wget\.download|gdown\.download\w{0,20}"
    r"|huggingface_hub\.(?:hf_hub_download|snapshot_download|cached_download|HfApi\(\)\.hf_hub_download)"
    r"|(?:keras|tensorflow\.keras)\.utils\.get_file|torch\.hub\.download_url_to_file|kagglehub\.\w{1,40}"
    r"|boto3\.client\(\)\.(?:get_object|download_file)|fsspec\.open|smart_open\.open"
)
_NUMBERS: Final = frozenset(
    f"builtins.{name}"
    for name in ("int", "float", "bool", "len", "hash", "id", "isinstance", "issubclass", "type", "ord", "abs", "callable")
)  # fmt: skip
_DECORATORS: Final = lazy(
    r"@(?:marvin\.(?:fn|ai_fn)|ell\.(?:simple|complex)|magentic\.(?:chat)?prompt|mirascope\..*|promptic\.llm|kani\.\w{1,30})(?:\(\))?"
)
"""What lets a model write what a function gives back."""
_ENDPOINTS: Final = lazy(
    r"\S{1,200} \S{0,200}(?:/v\d[\w]{0,8}/(?:(?:chat/)?completions|messages|responses|complete|generate|chat)\b|/api/(?:generate|chat)\b"
    r"|:(?:stream)?[gG]enerateContent|api-inference\.huggingface\.co/|router\.huggingface\.co/|/openai/deployments/)"
)
"""The path of a call, and the address of a model that it asks."""
_QUOTING: Final = frozenset({"shlex.quote", "shlex.join", "pipes.quote"})
_ESCAPING: Final = frozenset(
    {"html.escape", "markupsafe.escape", "bleach.clean", "nh3.clean", "cgi.escape"}
)


_HARMLESS: Final = {
    **dict.fromkeys(_NUMBERS, NUMBER),
    **dict.fromkeys(_QUOTING, QUOTED),
    **dict.fromkeys(_ESCAPING, ESCAPED),
}


@lru_cache(maxsize=4096)
def source(path: str) -> str:
    """Which kind of source the result of a call is; empty: none of its own.

    `number`, `quoted` and `escaped` are what is left when the danger has been taken out. `path
    address` is a call that asks an address, `@path` a function below a decorator.
    """
    if _is_model(path):
        return MODEL
    if _DOWNLOADS.fullmatch(path):
        return DOWNLOAD
    if path == "builtins.input":
        return INPUT
    return _HARMLESS.get(path, "")


def _is_model(path: str) -> bool:
    if " " in path or path.startswith("@"):
        return bool(_ENDPOINTS.match(path) or _DECORATORS.fullmatch(path))
    if "mbedding" in path or "rendered_content" in path:
        return False  # vectors, and a provider's markup that it wants to be shown
    if _API.search(path) or _SESSIONS.fullmatch(path):
        return True
    return any(
        pattern.match(path) for pattern in (_CHAINS, _BUILT, _LOCAL_MODELS, _FUNCTIONS, _TELLING)
    )
