"""What a model says is followed through branches, loops, functions, classes, graphs and files."""

from __future__ import annotations

import pytest

from llmsec_nb.core.rule import Severity

from .scanning import flagged, scan

ASK = (
    "from openai import OpenAI\nc = OpenAI()\n"
    "def made(q):\n    return c.chat.completions.create(messages=q).choices[0].message.content\n"
)
SAY = f"{ASK}t = c.responses.create(input=q).output_text\n"

FLOWS = [
    "if a:\n    code = t\nelse:\n    code = '1'\nexec(code)",
    "code = '1'\nif a:\n    code = t\nexec(code)",
    "try:\n    code = t\nexcept ValueError:\n    code = ''\nexec(code)",
    "code = None\nfor n in a:\n    if code:\n        exec(code)\n    code = made(n)",
    "while a:\n    code = made(q)\n    exec(code)",
    "match t:\n    case str() as code:\n        exec(code)",
    "match a:\n    case 1:\n        code = t\n    case _:\n        code = ''\nexec(code)",
    "with a:\n    code = t\nexec(code)",
    "def note():\n    global code\n    code = t\nnote()\nexec(code)",
    "parts = []\ndef note():\n    parts.append(t)\nnote()\nexec(parts[0])",
    "notes = {}\ndef note(where):\n    where['code'] = t\nnote(notes)\nexec(notes['code'])",
    "notes = {}\nnotes.setdefault('code', t)\nexec(notes['code'])",
    "def parts(q):\n    for one in c.chat.completions.create(messages=q, stream=True):\n        yield one.choices[0].delta.content\nexec(''.join(parts(q)))",
    "async def ask(q):\n    return made(q)\nexec(await ask(q))",
    "import concurrent.futures as f\nexec(list(f.ThreadPoolExecutor().map(made, a))[0])",
    "import io\nb = io.StringIO()\nb.write(t)\nexec(b.getvalue())",
    "open('a.txt', 'w').write(t)\nexec(open('a.txt').read())",
    "from pathlib import Path\np = Path('a') / 'b.txt'\np.write_text(t)\nexec(Path('a/b.txt').read_text())",
    "class A:\n    def run(self):\n        exec(self.code)\n    def ask(self):\n        self.code = t",
    "class A:\n    def run(self, q):\n        exec(self.ask(q))\n    def ask(self, q):\n        return made(q)",
    "class A:\n    def ask(self, q):\n        return made(q)\nclass B(A):\n    def run(self, q):\n        exec(self.ask(q))",
    "class A:\n    def __init__(self):\n        self.code = t\na = A()\nexec(a.code)",
    "class A:\n    llm = OpenAI()\n    def run(self):\n        exec(self.llm.responses.create(input=q).output_text)",
    "import dspy\nclass M(dspy.Module):\n    def forward(self, q):\n        return made(q)\nexec(M()(q))",
    "def run(q):\n    exec(ask(q))\ndef ask(q):\n    return made(q)",
    "def first(state):\n    return {'code': made(state['q'])}\ndef second(state):\n    exec(state['code'])",
    "def second(state):\n    exec(state['code'])\ndef first(state):\n    return {'code': made(1)}",
    "def first(s: MessagesState):\n    return {'messages': [made(1)]}\ndef second(s: MessagesState):\n    last = s['messages'][-1]\n    exec(last.content)",
    "def first(state):\n    state['code'] = made(1)\n    return state\ndef second(state):\n    exec(state.get('code'))",
    "def first(state):\n    return Command(update={'code': made(1)}, goto='second')\ndef second(state):\n    exec(state['code'])",
    "import json\nfor call in c.chat.completions.create(messages=q).choices[0].message.tool_calls:\n    exec(json.loads(call.function.arguments)['code'])",
    "import subprocess as s, sys, tempfile\nwith tempfile.NamedTemporaryFile('w') as f:\n    f.write(t)\ns.run([sys.executable, f.name])",
    "import subprocess as s\ns.run(['python', '-'], input=t)",
    "open('gen.py', 'w').write(t)\nimport gen",
    "print(t, file=open('gen.py', 'w'))\n!python gen.py",
    "import threading\nthreading.Thread(target=exec, args=(t,)).start()",
    "df.query(t)",
    "import code\ncode.InteractiveInterpreter().runcode(t)",
]  # fmt: skip


@pytest.mark.parametrize("source", FLOWS)
def test_it_is_followed_to_where_it_is_run(source: str) -> None:
    assert len(flagged("COD020", SAY + source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "if t == 'yes':\n    exec('1')",
        "ok = 'yes' in t\n!echo {ok}",
        "code = t\ncode = '1'\nexec(code)",
        "if a:\n    code = t\n    raise ValueError(code)\nelse:\n    code = '1'\nexec(code)",
        "def note(x):\n    x = t\ny = '1'\nnote(y)\nexec(y)",
        "notes = {'code': '1', 'text': t}\nexec(notes['code'])",
        "parts = ['1', t]\nexec(parts[0])",
        "class A:\n    def __init__(self):\n        self.a, self.b = t, '1'\n    def run(self):\n        exec(self.b)",
        "def first(state):\n    return {'text': t}\ndef second(state):\n    exec(state['code'])",
        "open('a.txt', 'w').write(t)\nexec(open('b.txt').read())",
        "import streamlit as st\nst.write(t)\nexec(st.text_input('code'))",
        "open('gen.py', 'w').write(t)\nimport other",
        "def run(code, text):\n    exec(code)\nrun('1', t)",
        "match t:\n    case 'a':\n        exec('1')",
    ],
)  # fmt: skip
def test_what_is_not_it_is_not_told_as_it(source: str) -> None:
    ids = {"COD020", "COD022"}
    assert [match.rule.id for _, match in scan(SAY + source) if match.rule.id in ids] == []


@pytest.mark.parametrize(
    "source",
    [
        "import requests\nr = requests.post('https://api.example.org/v1/chat/completions', json=a, timeout=9).json()['choices'][0]",
        "import httpx\nr = httpx.post('http://localhost:11434/api/generate', json=a).json()['response']",
        "from agents import Agent, Runner\nr = Runner.run_sync(Agent(), 'a').final_output",
        "from litellm import Router\nr = Router().completion(messages=q).choices[0]",
        "from azure.ai.inference import ChatCompletionsClient as C\nr = C(a, b).complete(messages=q).choices[0]",
        "import boto3\nr = boto3.client('bedrock-agent-runtime').retrieve_and_generate(input=q)['output']['text']",
        "import instructor\nr = instructor.from_provider('a/b').create(response_model=M).code",
        "from unsloth import FastLanguageModel as F\nm, k = F.from_pretrained('a/b')\nr = k.batch_decode(m.generate(x))[0]",
        "import keras_hub\nr = keras_hub.models.GemmaCausalLM.from_preset('a').generate('b')",
        "import marvin\n@marvin.fn\ndef f(x): ...\nr = f('a')",
        "from magentic import prompt\n@prompt('a')\ndef f(x) -> str: ...\nr = f('a')",
        "import outlines\nr = outlines.generate.text(outlines.models.transformers('a'))('b')",
    ],
)  # fmt: skip
def test_who_speaks(source: str) -> None:
    assert flagged("COD020", source, "exec(r)") == ["exec(r)"]


def test_what_a_function_is_given_a_part_of_which_it_runs() -> None:
    cell = (
        "class A:\n"
        "    def step(self):\n"
        "        for one in c.chat.completions.create(messages=q).choices:\n"
        "            self.do(one.name, one.message.arguments)\n"
        "    def do(self, name, args):\n"
        "        import subprocess\n"
        "        return subprocess.run(args['command'], shell=True)\n"
    )
    assert flagged("COD022", ASK, cell) == ["self.do(one.name, one.message.arguments)"]
    cell = "def do(name, args):\n    exec(args['code'].strip(), {})\ndo('python', made(1))"
    assert flagged("COD020", ASK, cell) == ["do('python', made(1))"]
    cell = "def do(code):\n    whole = f'import os\\n{code}'\n    exec(whole)\ndo(made(1))"
    assert flagged("COD020", ASK, cell) == ["do(made(1))"]
    cell = "def do(name, args):\n    exec(name)\n    print(args['code'])\ndo('python', made(1))"
    assert flagged("COD020", ASK, cell) == []


def test_another_address_is_only_a_download() -> None:
    source = "import requests\nr = requests.post('https://example.org/api/rows', timeout=9).text"
    assert flagged("COD020", source, "exec(r)") == []
    assert [m.severity for _, m in scan(source, "exec(r)") if m.rule.id == "COD021"] == [
        Severity.HIGH
    ]


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("COD022", "import asyncio\nawait asyncio.create_subprocess_exec(*t.split())"),
        ("COD022", "def outer(x):\n    inner(1, x)\ndef inner(a, b):\n    import os\n    os.system(b)\nouter(t)"),
        ("COD024", "from langchain_community.utilities import SQLDatabase as D\nD.from_uri(u).run(t)"),
        ("COD024", "from pandasql import sqldf\nsqldf(t)"),
        ("COD032", "import gradio as gr\ngr.HTML(t)"),
        ("COD032", "import ipywidgets as w\nw.HTML(value=t)"),
        ("COD072", "import requests\nrequests.get(t, timeout=9)"),
        ("COD072", "import requests\nurl = f'{t}/a'\nrequests.request('GET', url, timeout=9)"),
    ],
)  # fmt: skip
def test_other_places_that_it_must_not_get_to(rule: str, source: str) -> None:
    assert len(flagged(rule, SAY + source)) == 1
