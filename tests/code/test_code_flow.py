"""What a model says is followed to where it is run, through all cells."""

from __future__ import annotations

import pytest

from llmsec_nb.core.rule import Severity
from llmsec_nb.rules.code.sources import DOWNLOAD, INPUT, MODEL, source

from .scanning import flagged, scan

CLIENTS = [
    "import openai\nr = openai.OpenAI().chat.completions.create(messages=q).choices[0].message.content",
    "from openai import AsyncOpenAI\nc = AsyncOpenAI()\nr = (await c.responses.create(input=q)).output_text",
    "import openai\nr = openai.ChatCompletion.create(messages=q)['choices'][0]",
    "import anthropic\nc = anthropic.Anthropic()\nr = c.messages.create(messages=q).content[0].text",
    "import google.generativeai as g\nr = g.GenerativeModel('m').generate_content(q).text",
    "from google import genai\nr = genai.Client().models.generate_content(model='m', contents=q).text",
    "from litellm import completion\nr = completion(model='m', messages=q).choices[0]",
    "import ollama\nr = ollama.chat(model='m', messages=q)['message']['content']",
    "import cohere\nr = cohere.Client(k).chat(message=q).text",
    "from mistralai import Mistral\nr = Mistral(k).chat.complete(model='m').choices[0]",
    "import boto3, json\nb = boto3.client('bedrock-runtime')\nr = json.loads(b.invoke_model(body=q)['body'].read())['x']",
    "from transformers import pipeline\np = pipeline('text-generation')\nr = p(q)[0]['generated_text']",
    "from transformers import AutoTokenizer\nt = AutoTokenizer.from_pretrained(m)\nr = t.decode(ids[0])",
    "from vllm import LLM\nr = LLM('m').generate(q)[0].outputs[0].text",
    "from langchain_openai import ChatOpenAI\nr = ChatOpenAI().invoke(q).content",
    "from langchain_core.output_parsers import StrOutputParser\nchain = prompt | model | StrOutputParser()\nr = chain.invoke(q)",
    "from langchain.chains import LLMChain\nr = LLMChain(llm=a, prompt=b).run(q)",
    "from huggingface_hub import InferenceClient\nr = InferenceClient('m').text_generation(q)",
    "r = client.chat.completions.create(messages=q).choices[0].message.content",
    "r = some.thing.messages.create(messages=q).content",
    "r = llm.invoke(q)",
    "def ask(client, q):\n    return client.chat.completions.create(messages=q)\nr = ask(c, 'x')",
    "class Bot:\n    def ask(self, q):\n        return self.c.messages.create(q)\nb = Bot()\nr = b.ask('x')",
]


@pytest.mark.parametrize("client", CLIENTS)
def test_the_words_of_each_client_are_known(client: str) -> None:
    assert flagged("COD020", client, "code = r", "exec(code)") == ["exec(code)"]


@pytest.mark.parametrize(
    "path",
    [
        "sklearn.linear_model.LinearRegression().predict", "?model.predict", "?df.query", "?self.run", "subprocess.run", "?bot.send_message",
        "?db.generate", "torch.nn.Module().generate", "builtins.bytes().decode", "?data.decode", "json.loads", "?client.create", "?app.run",
    ],
)  # fmt: skip
def test_what_is_no_model(path: str) -> None:
    assert source(path) == ""


def test_a_function_is_not_a_method_of_the_same_name() -> None:
    function = "def ask(q):\n    return llm.invoke(q)"
    other = "class A:\n    def go(self):\n        exec(self.ask(1))"
    assert flagged("COD020", function, other) == []
    method = "class B:\n    def ask(self):\n        return llm.invoke(1)\n    def go(self):\n        exec(self.ask())"
    assert flagged("COD020", method, other) == ["exec(self.ask())"]


def test_other_sources() -> None:
    assert source("requests.get") == source("huggingface_hub.hf_hub_download") == DOWNLOAD
    assert source("builtins.input") == INPUT
    assert source("openai.OpenAI().chat.completions.create") == MODEL


@pytest.mark.parametrize(
    ("sink", "rule"),
    [
        ("exec(r)", "COD020"),
        ("eval(r.strip())", "COD020"),
        ("exec(compile(r, 'a', 'exec'))", "COD020"),
        ("get_ipython().run_cell(r)", "COD020"),
        ("list(map(eval, r))", "COD020"),
        ("import os\nos.system(f'ls {r}')", "COD022"),
        ("import subprocess\nsubprocess.check_output(r, shell=True)", "COD022"),
        ("get_ipython().system('ls ' + r)", "COD022"),
        ("!ls {r}", "COD022"),
        ("rest = 'a'\n!ls $rest $r", "COD022"),
        ("parts = []\nfor one in r:\n    parts.append(one)\nexec(''.join(parts))", "COD020"),
        ("def run(a, code):\n    exec(code)\nrun('a', code=r)", "COD020"),
        ("x = !ls $r", "COD022"),
        ("get_ipython().run_cell('!ls {r}')", "COD022"),
        ("cur.execute(r)", "COD024"),
        ("from IPython.display import HTML, display\ndisplay(HTML(r))", "COD032"),
        ("from IPython.display import Javascript as J\nJ(r)", "COD032"),
    ],
)
def test_each_sink(sink: str, rule: str) -> None:
    assert len(flagged(rule, CLIENTS[0], sink)) == 1


@pytest.mark.parametrize(
    "sink",
    [
        "r = 'x'\nexec(r)",
        "n = len(r)\nexec('a' * n)",
        "!ls {int(r)}",
        "cur.execute('insert into a values (?)', [r])",
        "import html\nfrom IPython.display import HTML\nHTML(html.escape(r))",
        "import json\njson.loads(r)",
        "def run(a, code):\n    exec('1')\nrun('a', r)",
        "print(r)",
    ],
)
def test_what_is_harmless_with_it(sink: str) -> None:
    ids = {"COD020", "COD022", "COD024", "COD032"}
    assert [m.rule.id for _, m in scan(CLIENTS[0], sink) if m.rule.id in ids] == []


def severity(rule: str, *cells: str) -> list[str]:
    return [
        (match.severity or match.rule.severity).value
        for _, match in scan(*cells)
        if match.rule.id == rule
    ]


@pytest.mark.parametrize(
    ("source", "rule", "expected"),
    [
        ("import torch\ntorch.load('a.pt')", "COD001", Severity.LOW),
        ("import torch\ntorch.load('a.pt', weights_only=False)", "COD001", Severity.HIGH),
        ("import torch\ntorch.save(a, 'a.pt')\ntorch.load('a.pt', weights_only=False)", "COD001", Severity.MEDIUM),
        ("import torch\ntorch.load('https://example.org/a.pt')", "COD001", Severity.HIGH),
        ("import pickle\npickle.loads(data)", "COD002", Severity.HIGH),
        ("import pickle\npickle.load(open('a.pkl', 'rb'))", "COD002", Severity.MEDIUM),
        ("import pickle\npickle.dump(a, f)\npickle.load(open('a.pkl', 'rb'))", "COD002", Severity.LOW),
        ("import pickle, requests\npickle.dump(a, f)\npickle.loads(requests.get(u, timeout=9).content)", "COD002", Severity.HIGH),
        ("import joblib\njoblib.load('a.joblib')", "COD002", Severity.MEDIUM),
        ("AutoModel.from_pretrained('./a', trust_remote_code=True)", "COD010", Severity.MEDIUM),
        ("exec(requests.get(u, timeout=9).text)", "COD021", Severity.HIGH),
        ("eval(x)", "COD021", Severity.MEDIUM),
        ("import tarfile\ntarfile.open('a').extractall()", "COD062", Severity.MEDIUM),
    ],
)  # fmt: skip
def test_how_bad_it_is(source: str, rule: str, expected: Severity) -> None:
    assert severity(rule, source) == [expected.value]
