"""Tools and agents that run code or commands of a model's choice, and pages made of its words."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .execution import is_run
from .look import SiteDetector, hit, is_true, keyword_span
from .pages import is_raw
from .rules import bad, code, good
from .shells import is_shell
from .sources import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite
    from ...core.detector import Match
    from ...core.rule import Rule
    from .look import Around

TOOLS: Final = code(
    "COD030",
    "agent-runs-code",
    "a model is given a tool that runs code here",
    Severity.HIGH,
    "What the agent reads, a page or a mail, can tell it what to run: with your rights and keys.",
    "Give it narrow functions of your own, or a sandbox without network and secrets; ask before it runs.",
    cwe=94,
    owasp=("LLM06:2025",),
    atlas=("AML.T0053",),
    reference="https://genai.owasp.org/llmrisk/llm062025-excessive-agency/",
    examples=(
        bad("from langchain_experimental.utilities import PythonREPL\nt = PythonREPL()", "PythonREPL()"),
        bad("agent = create_pandas_dataframe_agent(llm, df)", "create_pandas_dataframe_agent(llm, df)"),
        bad("tool = requests_tool(allow_dangerous_requests=True)", "allow_dangerous_requests=True"),
        bad("chain = Chain.from_llm(llm, allow_dangerous_code=True)", "allow_dangerous_code=True"),
        bad("from smolagents import CodeAgent\na = CodeAgent(tools=[], model=m)", "CodeAgent(tools=[], model=m)"),
        bad("from autogen import UserProxyAgent\na = UserProxyAgent('u', code_execution_config={'use_docker': False})", "UserProxyAgent('u', code_execution_config={'use_docker': False})"),
        bad("@tool\ndef calculate(expression):\n    return eval(expression)", "eval(expression)"),
        bad("import os\n@mcp.tool()\ndef run(command: str) -> str:\n    return os.popen(command).read()", "os.popen(command)"),
        good("@cache\ndef calculate(expression):\n    return float(expression)"),
        good("@tool\ndef calculate(a, b):\n    return eval('1 + 1')"),
        good("chain = Chain.from_llm(llm, allow_dangerous_code=False)"),
        good("from smolagents import CodeAgent\na = CodeAgent(tools=[], model=m, executor_type='e2b')"),
        good("from autogen import UserProxyAgent\na = UserProxyAgent('u', code_execution_config=False)"),
        good("from smolagents import ToolCallingAgent\na = ToolCallingAgent(tools=[], model=m)"),
    ),
)  # fmt: skip
PAGES: Final = code(
    "COD032",
    "html-of-model-output",
    "what a model said is shown as HTML or JavaScript",
    Severity.MEDIUM,
    "A script in it runs in the notebook's page, and can run code in the kernel.",
    "Show it as text, or as Markdown after `html.escape`.",
    cwe=79,
    owasp=("LLM05:2025",),
    atlas=("AML.T0077",),
    reference="https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
    examples=(
        bad("from IPython.display import HTML\nimport ollama\nHTML(ollama.chat(model=m)['message'])", "HTML(ollama.chat(model=m)['message'])"),
        bad("from IPython import display as d\nimport ollama\nr = ollama.generate(model=m)\nd.Javascript(f'alert({r})')", "d.Javascript(f'alert({r})')"),
        good("from IPython.display import HTML\nHTML('<b>x</b>')"),
        good("from IPython.display import HTML\nimport html, ollama\nHTML(html.escape(ollama.chat(model=m)['message']))"),
        good("import ollama\nprint(ollama.chat(model=m)['message'])"),
        good("from IPython.display import HTML\nHTML(df.to_html())"),
        bad("from IPython.display import HTML\nimport ollama, html\nr = ollama.chat(model=m)['message']\nHTML(html.escape(title) + r)", "HTML(html.escape(title) + r)"),
        good("from IPython.display import HTML\nimport ollama, html\ndef safe(text):\n    return html.escape(str(text))\nr = ollama.chat(model=m)['message']\nHTML(f'<p>{safe(r)}</p>')"),
        good("from IPython.display import HTML\nfrom google import genai\nr = genai.Client().models.generate_content(model=m)\npoint = r.candidates[0].grounding_metadata.search_entry_point\nHTML(point.rendered_content)"),
        good("from IPython.display import HTML\nimport openai\nv = openai.OpenAI().embeddings.create(input=q).data\nHTML(f'<b>{v}</b>')"),
    ),
)  # fmt: skip

_TOOLS: Final = lazy(
    r"(?:langchain\w{0,30}\.(?:.*\.)?|\?)(?:PythonREPL|PythonREPLTool|PythonAstREPLTool|ShellTool|BashProcess|PALChain(?:\.\w{1,40})?"
    r"|create_(?:pandas_dataframe|csv|python|spark_dataframe|xorbits)_agent|LLMBashChain(?:\.\w{1,40})?|TerminalTool)"
    r"|(?:llama_index\w{0,30}\.(?:.*\.)?|\?)(?:PandasQueryEngine|CodeInterpreterToolSpec)"
    r"|(?:agno|phi)\..*(?:PythonTools|ShellTools)|(?:autogen\w{0,20}\..*|\?)(?:LocalCommandLineCodeExecutor)"
    r"|pandasai\.(?:SmartDataframe|Agent)|crewai_tools\.CodeInterpreterTool|smolagents\.PythonInterpreterTool"
    r"|(?:interpreter|open_interpreter)\.(?:interpreter\.)?chat"
)
_FLAGS: Final = (
    "allow_dangerous_code",
    "allow_dangerous_requests",
    "allow_code_execution",
    "unsafe_mode",
)
_PAGES: Final = lazy(
    r"(?:IPython\.(?:core\.)?display\.|\?)(?:display\.)?(?:HTML|Javascript|publish_display_data|display_html|display_javascript)"
    r"|IPython\.(?:core\.)?display\.(?:IFrame|SVG)|gradio\.(?:components\.)?HTML|streamlit\.html|ipywidgets\.(?:widgets\.)?HTML|panel\.(?:pane\.)?HTML|\?display_html|streamlit\.components\.v1\.html"
)


class Agents(SiteDetector):
    """COD030 and COD032."""

    rules: ClassVar[tuple[Rule, ...]] = (TOOLS, PAGES)
    literals: ClassVar[tuple[str, ...]] = (
        "repl", "shelltool", "bashprocess", "palchain", "_agent(", "bashchain", "terminaltool", "queryengine", "codeinterpreter", "codeagent",
        "pythontools", "shelltools", "codeexecutor", "code_execution_config", "pandasai", "allow_dangerous", "allow_code", "unsafe", "interpreter",
        "html", "javascript", "display", "tool", "svg",
    )  # fmt: skip

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        for flag in _FLAGS:
            if is_true(site, flag):
                span = keyword_span(site, flag, around)
                yield hit(
                    TOOLS,
                    site,
                    "the model's choice of code or address is not questioned",
                    span=span,
                )
                return
        if is_run(site) or is_shell(site):
            yield from _tool(site, around)
        elif _TOOLS.fullmatch(site.path):
            yield hit(TOOLS, site, "what the model writes is run here")
        elif site.path in {"smolagents.CodeAgent", "?CodeAgent"}:
            yield from _code_agent(site)
        elif "code_execution_config" in site.keywords:
            yield from _autogen(site)
        elif _PAGES.fullmatch(site.path) or is_true(site, "unsafe_allow_html"):
            nodes = [*site.node.args, *(one.value for one in site.node.keywords if one.arg)]
            named = [site.keywords[one.arg] for one in site.node.keywords if one.arg]
            given = zip(nodes, [*site.arguments, *named], strict=True)
            if any(MODEL in value.taints and is_raw(node, site, around) for node, value in given):
                yield hit(PAGES, site, "a script in what the model said runs in this page")


def _tool(site: CallSite, around: Around) -> Iterator[Match]:
    """A function that a model may call runs what the model gives it."""
    if around.functions.is_of_tool(site):
        yield hit(TOOLS, site, "the model that calls this function chooses what is run", rank=1)


def _code_agent(site: CallSite) -> Iterator[Match]:
    executor = site.keywords.get("executor_type")
    if executor is None or executor.constant == "local":
        message = "the Python that the model writes is run in this process"
        yield hit(TOOLS, site, message, severity=Severity.MEDIUM, confidence=Confidence.HIGH)


def _autogen(site: CallSite) -> Iterator[Match]:
    for keyword in site.node.keywords:
        if keyword.arg != "code_execution_config" or not isinstance(keyword.value, ast.Dict):
            continue
        for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
            named = isinstance(key, ast.Constant) and key.value == "use_docker"
            if named and isinstance(value, ast.Constant) and value.value is False:
                yield hit(TOOLS, site, "the model's code runs here, not in a container")


DETECTORS: Final = (Agents(),)
