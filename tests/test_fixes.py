"""Every fix is applied, and a second scan finds nothing more there and nothing new."""

from __future__ import annotations

import base64
import copy
import json
from collections import Counter
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmsec_nb.config import Config
from llmsec_nb.core.evidence import Concealer
from llmsec_nb.core.finding import Edit, Finding, Fix, FixKind, Report
from llmsec_nb.core.rule import Confidence, Example, Kind, Rule
from llmsec_nb.engine import assemble, scan
from llmsec_nb.findings import Maker as Finder
from llmsec_nb.policy import Policy
from llmsec_nb.rules import all_rules
from llmsec_nb.rules.secrets.records import records
from llmsec_nb.sources.files import read_text
from llmsec_nb.sources.kernel import read_cell

from .samples import HEX, Filler, Maker
from .test_notebook import code, data, notebook, png

MAKER = Maker(51)
REASON = "a test value"
OPENAI = MAKER.token("SEC108")
GITHUB = MAKER.token("SEC103")
AWS = MAKER.of(38) + "/+"
PASSWORD = MAKER.password()
NAMES = {"{openai}": OPENAI, "{github}": GITHUB, "{password}": PASSWORD, "{aws}": AWS}


@pytest.fixture(autouse=True)
def _no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong in a fix is to be seen."""
    monkeypatch.setattr("llmsec_nb.engine._fixed", Finder.fixed)


def report_of(raw: str, name: str, config: Config | None = None) -> Report:
    """A scan whose digests do not change between runs."""
    concealer = Concealer(b"0" * 32)
    done = scan(read_text(raw, name), Policy(config or Config()), concealer)
    return assemble([done])[0]


def edited(text: str, fix: Fix) -> str:
    position, chunks = 0, []
    for edit in fix.edits:
        assert position <= edit.start <= edit.end <= len(text)
        chunks += [text[position : edit.start], edit.replacement.replace("{reason}", REASON)]
        position = edit.end
    return "".join([*chunks, text[position:]])


def applied(raw: str, name: str, finding: Finding, fix: Fix) -> str:
    """The file after the fix: a plain text, or a JSON tree whose string the pointer names."""
    pointer = fix.pointer or finding.location.pointer
    if not name.endswith((".ipynb", ".json")):
        assert pointer is None
        return edited(raw, fix)
    tree = json.loads(raw)
    *path, last = [
        step.replace("~1", "/").replace("~0", "~") for step in (pointer or "").split("/")[1:]
    ]
    home: Any = tree
    for step in path:
        home = home[int(step)] if isinstance(home, list) else home[step]
    key: Any = int(last) if isinstance(home, list) else last
    value = home[key]
    if isinstance(value, str):
        home[key] = edited(value, fix)
    elif last == "traceback":
        home[key] = edited("\n".join(value), fix).split("\n")
    else:
        home[key] = edited("".join(value), fix).splitlines(keepends=True)
    return json.dumps(tree, indent=1)


def identities(findings: list[Finding]) -> Counter[tuple[Any, ...]]:
    """What is told of code spans whole calls, in which another fix may change something."""
    return Counter(
        (f.rule, "" if f.rule.startswith(OF_CODE) else f.evidence.digest, f.location.pointer)
        for f in findings
    )


def active(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.suppression is None]


def prove(raw: str, name: str, config: Config | None = None) -> Report:
    """Apply each fix of each finding alone, and scan again."""
    report = report_of(raw, name, config)
    before = identities(active(report))
    for finding in report.findings:
        assert finding.suppression is None or not finding.fixes
        for fix in finding.fixes:
            well_formed(finding, fix)
            after = report_of(applied(raw, name, finding, fix), name, config)
            (gone,) = identities([finding])
            left = identities(active(after))
            assert left[gone] < before[gone], (finding, fix)
            if finding.rule == "UNI105":  # what it disguised may be told then
                left = Counter({k: n for k, n in left.items() if not k[0].startswith(OF_CODE)})
            assert left <= before, (finding, fix, left - before)
            assert set(after.failures) <= set(report.failures)
            if fix.kind is FixKind.IGNORE:
                known = [
                    f.suppression.reason
                    for f in after.findings
                    if f.suppression and identities([f]).keys() == {gone}
                ]
                assert any(reason.endswith(REASON) for reason in known), (finding, fix)
    return report


def well_formed(finding: Finding, fix: Fix) -> None:
    spans = [(edit.start, edit.end) for edit in fix.edits]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert len({start for start, _ in spans}) == len(spans)
    holders = "".join(edit.replacement for edit in fix.edits).count("{reason}")
    assert holders == (fix.kind is FixKind.IGNORE)
    assert not (fix.safe and fix.kind is FixKind.IGNORE)
    assert not (fix.safe and fix.kind is FixKind.REPLACE) or finding.rule.startswith(OF_CODE)


def holds(report: Report, *secrets: str) -> list[str]:
    shown = msgspec.json.encode([finding.fixes for finding in report.findings]).decode()
    return [secret for secret in secrets if secret in shown]


OF_CODE = ("COD", "DEP", "MOD")
"""Proven in test_fixes_code."""
ALIKE = {record.id for record in records()}
"""Rules that differ in their patterns alone: a twelfth of them is proof enough here."""
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.id}-{number}")
    for rule in all_rules().values()
    for number, example in enumerate(rule.examples if not rule.id.startswith(OF_CODE) else ())
    if example.flagged and (rule.id not in ALIKE or int(rule.id[3:]) % 12 == 0)
]
SUFFIXES = {
    Kind.CODE: ".py",
    Kind.MARKDOWN: ".md",
    Kind.CONFIG: ".env",
    Kind.STREAM: ".txt",
    Kind.TEXT: ".txt",
}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_every_example(rule: Rule, example: Example) -> None:
    """In a file of its kind, in a cell of its kind, and as an output."""
    config = Config()
    if not rule.default:
        config = Config(select=(rule.id, "HYG"), min_confidence=Confidence.LOW)
    fill = Filler(rule.id, Maker(4))
    source = fill(example.source)
    secrets = [value for value in fill.known.values() if len(value) > 5]
    kinds = {Kind.CODE: "code", Kind.MARKDOWN: "markdown"}
    cell = code(source.splitlines(keepends=True)) | {
        "cell_type": kinds.get(example.kind, "raw"),
        "metadata": {"note": source},
    }
    stream = {"output_type": "stream", "name": "stdout", "text": source}
    raw = json.dumps(notebook(cell, code("pass", stream)))
    for report in (
        prove(source, f"x{SUFFIXES[example.kind]}", config),
        prove(raw, "x.ipynb", config),
    ):
        found = [finding for finding in report.findings if finding.rule == rule.id]
        assert found
        assert (
            all(finding.fixes for finding in found) or report.findings[0].location.path != "x.ipynb"
        )
        assert holds(report, *secrets) == []


def fixed(source: str, kind: FixKind = FixKind.REPLACE, name: str = "x.ipynb") -> tuple[Fix, str]:
    """The fix of the only finding in a cell, and the source after it."""
    for place, value in NAMES.items():
        source = source.replace(place, value)
    raw = json.dumps(notebook(code(source))) if name == "x.ipynb" else source
    report = prove(raw, name)
    assert holds(report, *NAMES.values()) == []
    (finding,) = report.findings
    (fix,) = [fix for fix in finding.fixes if fix.kind is kind]
    after = edited(source, fix)
    for place, value in NAMES.items():
        after = after.replace(value, place)
    return fix, after


OS = 'os.environ["OPENAI_API_KEY"]'


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ('client = OpenAI(api_key="{openai}")', f"import os\nclient = OpenAI(api_key={OS})"),
        ("import os\nk = '{openai}'", f"import os\nk = {OS}"),
        ("k = '{openai}'\nimport os", f"import os\nk = {OS}\nimport os"),
        ("import os as o\nk = r'''{openai}'''", f"import os\nimport os as o\nk = {OS}"),
        ('h = {"Bearer": "{github}", "b": 1}', 'import os\nh = {"Bearer": os.environ["GITHUB_TOKEN"], "b": 1}'),
        ('db_password: str = "{password}"', 'import os\ndb_password: str = os.environ["DB_PASSWORD"]'),
        ('{"dbPassword": "{password}"}', 'import os\n{"dbPassword": os.environ["DB_PASSWORD"]}'),
        ('os.environ["ACME_PASSWORD"] = ("{password}")', 'import os\nos.environ["ACME_PASSWORD"] = (os.environ["ACME_PASSWORD"])'),
        ('f(secret_access_key="{aws}", n="aws")', 'import os\nf(secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"], n="aws")'),
        ('u = "postgresql://ada:{password}@db/x"', "import os\nu = f\"postgresql://ada:{os.environ['URL_PASSWORD']}@db/x\""),
        ("u = 'https://ada:{password}@git/x\\n'", "import os\nu = f'https://ada:{os.environ[\"URL_PASSWORD\"]}@git/x\\n'"),
        ('h = f"Bearer {openai} {n}"', "import os\nh = f\"Bearer {os.environ['OPENAI_API_KEY']} {n}\""),
        ('h = f"{{{openai}}}"', "import os\nh = f\"{{{os.environ['OPENAI_API_KEY']}}}\""),
        ('s = """a\nkey {openai}\n"""', "import os\ns = f\"\"\"a\nkey {os.environ['OPENAI_API_KEY']}\n\"\"\""),
        ('k = ("a"\n  "{openai}")', "import os\nk = (\"a\"\n  f\"{os.environ['OPENAI_API_KEY']}\")"),
        ('password = \\\n  "{password}"', 'import os\npassword = \\\n  os.environ["PASSWORD"]'),
        ('%%time\nk = "{openai}"', f"%%time\nimport os\nk = {OS}"),
        ('%matplotlib inline\n!ls\nk = "{openai}"', f"import os\n%matplotlib inline\n!ls\nk = {OS}"),
        ('"""Doc."""\nfrom __future__ import annotations\n# c\nk = "{openai}"', f'"""Doc."""\nfrom __future__ import annotations\n# c\nimport os\nk = {OS}'),
        ('e = "\U0001f600\u00e9"; k = "{openai}"', f'import os\ne = "\U0001f600\u00e9"; k = {OS}'),
        ('def f():\n    return"{openai}"', f"import os\ndef f():\n    return {OS}"),
        ('if k=="{openai}"and x: pass', f"import os\nif k=={OS}and x: pass"),
        ('@d("{openai}")\ndef f(): pass', f"import os\n@d({OS})\ndef f(): pass"),
        ('"{openai}"if x else y', f"import os\n{OS}if x else y"),
    ],
)  # fmt: skip
def test_reads_the_environment(source: str, after: str) -> None:
    fix, result = fixed(source)
    assert result == after
    assert fix.description.startswith("Read it from os.environ[")
    assert not fix.safe


def test_an_import_does_not_part_a_suppression_from_its_line() -> None:
    source = f'# llmsec: ignore[SEC103] mine\na = "{GITHUB}"; b = 1\nk = "{OPENAI}"'
    report = prove(source, "x.py")
    fix = next(f.fixes[0] for f in report.findings if not f.suppression)
    assert edited(source, fix).startswith("import os\n# llmsec: ignore[SEC103] mine\na = ")


@pytest.mark.parametrize(
    ("source", "after", "safe"),
    [
        ("%env OPENAI_API_KEY={openai}", "%env OPENAI_API_KEY=***", False),
        ('!curl -H "x: {openai}" \\\n  y', '!curl -H "x: ***" \\\n  y', False),
        ('!curl \\\n  -H "{openai}"\nx = 1', '!curl \\\n  -H "***"\nx = 1', False),
        ("%%bash\nexport K={openai}", "%%bash\nexport K=***", False),
        ("x = 1  # {openai}", "x = 1  # ***", True),
        ('k = b"{openai}"', 'k = b"***"', False),
        ('k = r"\\d {openai}"', 'k = r"\\d ***"', False),
        ('k = "{} {openai}".format(1)', 'k = "{} ***".format(1)', False),
        ("k = f\"{f('{openai}')}\"", "k = f\"{f('***')}\"", False),
        ('"""Use {openai} here."""', '"""Use *** here."""', False),
        ('match x:\n    case "{openai}": pass', 'match x:\n    case "***": pass', False),
        ('k = f("{openai}"', 'k = f("***"', False),
        ('k = {"{github}": "n"}', 'k = {"***": "n"}', False),
    ],
)
def test_masks_in_code(source: str, after: str, safe: bool) -> None:
    fix, result = fixed(source, FixKind.MASK)
    assert result == after
    assert fix.safe is safe
    assert fix.description == "Mask it in the code"


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ('k = "{openai}"', 'k = "{openai}"  # llmsec: ignore[SEC108] {reason}'),
        ('k = "{openai}"  # t\nx', 'k = "{openai}"  # t  # llmsec: ignore[SEC108] {reason}\nx'),
        ('k = "{openai}" + \\\n  "b"', 'k = "{openai}" + \\\n  "b"  # llmsec: ignore[SEC108] {reason}'),
        ('k = """\n{openai}\n"""', '# llmsec: ignore-cell[SEC108] {reason}\nk = """\n{openai}\n"""'),
        ('k = """{openai}\n"""', '# llmsec: ignore[SEC108] {reason}\nk = """{openai}\n"""'),
        ('%%time\nk = """\n{openai}"""; x = """\n"""', '%%time\n# llmsec: ignore-cell[SEC108] {reason}\nk = """\n{openai}"""; x = """\n"""'),
        ("%env K={openai}", "# llmsec: ignore[SEC108] {reason}\n%env K={openai}"),
        ("%%bash\nexport K={openai}", "%%bash\n# llmsec: ignore-cell[SEC108] {reason}\nexport K={openai}"),
        ('k = "{openai}"  # llmsec: ignore[SEC101] b', 'k = "{openai}"  # llmsec: ignore[SEC101, SEC108] b; {reason}'),
        ('# llmsec: ignore[UNI]\nk = "{openai}"', '# llmsec: ignore[UNI, SEC108] {reason}\nk = "{openai}"'),
        ('k = f("{openai}"', '# llmsec: ignore-cell[SEC108] {reason}\nk = f("{openai}"'),
    ],
)  # fmt: skip
def test_ignores_in_code(source: str, after: str) -> None:
    for place, value in NAMES.items():
        source, after = source.replace(place, value), after.replace(place, value)
    raw = json.dumps(notebook(code(source)))
    finding = next(f for f in prove(raw, "x.ipynb").findings if f.rule == "SEC108")
    (fix,) = [fix for fix in finding.fixes if fix.kind is FixKind.IGNORE]
    assert edited(source, fix) == after.replace("{reason}", REASON)


@pytest.mark.parametrize(
    ("name", "source", "after"),
    [
        ("x.md", "a {openai} b\nc", "a {openai} b <!-- llmsec: ignore[SEC108] {reason} -->\nc"),
        ("x.md", "don't {openai}", "<!-- llmsec: ignore[SEC108] {reason} -->\ndon't {openai}"),
        ("x.env", "A=b\nK={openai}", "A=b\n# llmsec: ignore[SEC108] {reason}\nK={openai}"),
        ("x.yaml", "a: |\n  {openai}", None),
        ("x.txt", "{openai}", None),
        ("x.py", '"""\n{openai}\n"""', None),
        ("x.html", "<p>{openai}</p>", None),
    ],
)
def test_ignores_in_files(name: str, source: str, after: str | None) -> None:
    source = source.replace("{openai}", OPENAI)
    (finding,) = prove(source, name).findings
    found = [edited(source, fix) for fix in finding.fixes if fix.kind is FixKind.IGNORE]
    expected = after and after.replace("{openai}", OPENAI).replace("{reason}", REASON)
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("name", "source", "after", "safe"),
    [
        ("x.md", "a\u202eb \u200b\u202ec", "ab c", True),
        ("x.py", "x = 'a\u202e'", "x = 'a'", False),
        ("x.py", "x = 1  # a\u202eb\u2069c", "x = 1  # abc", True),
        ("x.html", "<p>a&#x202e;b</p>", "<p>ab</p>", False),
        ("x.py", "x = 1  # llmsec: ignore[SEC101] no", "x = 1", True),
        ("x.py", "# llmsec: ignore[SEC101] no\nx = 1", "x = 1", True),
        ("x.py", "x = 1  # why  # llmsec: ignore[SEC101]", "x = 1  # why", True),
        ("x.md", "a <!-- llmsec: ignore[SEC101] no --> b", "a  b", True),
        ("x.md", "a\n<!-- llmsec: ignore[SEC101] no -->", "a\n", True),
        ("x.py", "# llmsec: ignore[SEC101]\n# llmsec: ignore[SEC102]\nx", "# llmsec: ignore[SEC102]\nx", True),
    ],
)  # fmt: skip
def test_deletes(name: str, source: str, after: str, safe: bool) -> None:
    finding = prove(source, name).findings[0]
    (fix,) = [fix for fix in finding.fixes if fix.kind is FixKind.DELETE]
    assert edited(source, fix) == after
    assert fix.safe is safe


def test_look_alikes_become_ascii() -> None:
    fix, after = fixed("p\u0430ssage = 1")
    assert (after, fix.safe) == ("passage = 1", False)


def test_a_look_alike_in_a_secret_is_not_written_out() -> None:
    report = prove(f't = "{GITHUB[:20]}\u0430{GITHUB[21:]}"', "x.py")
    plain = f"{GITHUB[:20]}a{GITHUB[21:]}"
    assert report.findings
    assert holds(report, GITHUB, plain, plain[8:]) == []


def test_a_tag_is_not_text() -> None:
    cell = code("x", metadata={"tags": ["llmsec: ignore[SEC103]"]})
    (finding,) = prove(json.dumps(notebook(cell)), "x.ipynb").findings
    assert (finding.rule, finding.fixes) == ("HYG001", ())


def test_names_and_what_they_lead_to_are_only_ignored() -> None:
    cell = code("x", metadata={GITHUB: {"k": OPENAI}})
    report = prove(json.dumps(notebook(cell)), "x.ipynb")
    kinds = [fix.kind for finding in report.findings for fix in finding.fixes]
    assert set(kinds) == {FixKind.IGNORE}
    assert holds(report, GITHUB, OPENAI) == []


def test_a_suppression_in_a_live_cell_counts() -> None:
    for execution in (None, 3):
        source = f't = "{GITHUB}"  # llmsec: ignore[SEC103] {REASON}'
        document = read_cell(source, execution)
        report = assemble([scan(document, Policy(Config()), Concealer())])[0]
        assert [f.suppression and f.suppression.reason for f in report.findings] == [REASON]


def test_a_live_cell_has_fixes_without_pointer() -> None:
    document = read_cell(f't = "{GITHUB}"', 3, "id")
    report = assemble([scan(document, Policy(Config()), Concealer())])[0]
    assert [(fix.kind, fix.pointer) for fix in report.findings[0].fixes] == [
        (FixKind.REPLACE, None),
        (FixKind.IGNORE, None),
    ]


def test_outputs_are_ignored_in_the_source_of_their_cell() -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": ["a\n", f"b {GITHUB}\n"]}
    tree = notebook(code("x", id="a"), code(["%%time\n", "pass"], stream))
    (finding,) = prove(json.dumps(tree), "x.ipynb").findings
    mask, ignore = finding.fixes
    at = len("a\nb ")
    assert mask == Fix(
        kind=FixKind.MASK,
        description="Mask it in the output",
        edits=(Edit(start=at, end=at + len(GITHUB), replacement="***"),),
        safe=True,
    )
    assert ignore.pointer == "/cells/1/source"
    assert ignore.edits == (
        Edit(start=6, end=6, replacement="\n# llmsec: ignore-cell[SEC103] {reason}"),
    )


def image(chunk: bytes, secret: str) -> str:
    body = b"k\0" + (b"\0" * 4 if chunk == b"iTXt" else b"") + f"see {secret} ok".encode()
    return base64.b64encode(png(chunk, body)).decode()


def test_a_payload_goes_as_a_whole() -> None:
    payload = image(b"tEXt", GITHUB)
    raw = json.dumps(notebook(code("x", data("image/png", payload + "\n"))))
    (finding,) = prove(raw, "x.ipynb").findings
    fix = finding.fixes[0]
    assert edited(payload + "\n", fix).strip() == "***"
    assert (fix.description, fix.safe) == ("Mask all of its payload in the output", False)


def test_much_code_is_only_masked() -> None:
    one = "".join(f'password="{MAKER.password()}"\n' for _ in range(200))
    report = report_of(one, "x.py")
    kinds = Counter(f.fixes[0].kind for f in report.findings)
    assert kinds == {FixKind.REPLACE: 50, FixKind.MASK: 150}


WORDS = [
    "plain",
    "caf\u00e9 \U0001f600",
    "it's",
    "<b>x</b>",
    "a\\b",
    "{n}",
    "%d of 3",
    "\u202e",
    "a\u200bb",
]
SOURCES = [
    'x = f("{}")', "y = {{'a': '{}'}}", 'z = "a {} b"', "# {}", "%env A_TOKEN={}", "!curl -u x:{} h",
    'w = f"{{n}} {}"', '"""\n{}\n"""', 'v = (\n  "{}"\n)', "k = '{}' \\\n  'b'", "if x:\n    y('{}')",
    "x = 1  # llmsec: ignore[SEC101] old", "pass", 'p\u0430ge = "{}"', "it's {}",
]  # fmt: skip
MAGICS = ["", "%%time\n", "%%bash\n", "%%html\n", "\n"]
TOKENS = [
    (rule, Maker(9).token(rule)) for rule in ("SEC103", "SEC108", "SEC110", "SEC111", "SEC101")
]
TOKENS += [("SEC202", Maker(9).jwt()), ("SEC203", f"https://ada:{PASSWORD}@db.corp/x")]


class Drawn:
    """A notebook in the making, of which every piece is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        chosen = draw(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3))
        self.secrets = [value for _, value in chosen]

    def secret(self) -> str:
        return self.draw(st.sampled_from(self.secrets))

    def word(self) -> str:
        return self.draw(st.sampled_from(WORDS))

    def text(self) -> str:
        return f"{self.word()} {self.secret()} {self.word()}"

    def stored(self, value: str) -> Any:
        return value.splitlines(keepends=True) if self.draw(st.booleans()) else value

    def output(self) -> dict[str, Any]:
        text, secret = self.text(), self.secret()
        inner = base64.b64encode(self.text().encode()).decode()
        half = len(secret) // 2
        chunk = self.draw(st.sampled_from([b"tEXt", b"iTXt"]))
        stored = self.stored
        trace = [f"\x1b[31m{text}\x1b[0m", f"b\n{text}"]
        made = [
            {"output_type": "stream", "name": "stdout", "text": stored(f"a\n{text}\n")},
            {"output_type": "error", "ename": "E", "evalue": text, "traceback": trace},
            data("text/html", stored(f"<p>{text}</p>\n<a href='data:text/plain;base64,{inner}'>")),
            data("text/html", f"<b>{secret[:half]}</b>{secret[half:]}"),
            data("text/html", "".join(f"&#{ord(char)};" for char in secret)),
            data("application/json", {"a": [text], "b": {"c": self.word()}}),
            data("image/png", image(chunk, secret)),
            data("text/markdown", stored(f"![](data:image/png;base64,{inner})\n{text}")),
        ]
        return self.draw(st.sampled_from(made))

    def source(self) -> str:
        lines = self.draw(st.lists(st.sampled_from(SOURCES), max_size=4))
        filled = [line.format(self.secret()) for line in lines]
        return self.draw(st.sampled_from(MAGICS)) + "\n".join(filled)

    def cell(self, number: int) -> dict[str, Any]:
        kind = self.draw(st.sampled_from(["code", "code", "markdown", "raw"]))
        metadata = {"note": self.text()} if self.draw(st.booleans()) else {}
        made: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": metadata}
        if kind == "code":
            outputs = [self.output() for _ in range(self.draw(st.integers(0, 2)))]
            made |= {"outputs": outputs, "execution_count": None}
            return made | {"source": self.stored(self.source())}
        if kind == "markdown" and self.draw(st.booleans()):
            made["attachments"] = {"a.png": {"image/png": image(b"tEXt", self.secret())}}
        lines = [self.text() for _ in range(self.draw(st.integers(0, 3)))]
        return made | {"source": self.stored("\n".join(lines))}


@st.composite
def notebooks(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    drawn = Drawn(draw)
    cells = [drawn.cell(number) for number in range(draw(st.integers(1, 3)))]
    return notebook(*cells, metadata={"a": {"b": drawn.text()}}), [*drawn.secrets, PASSWORD]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=notebooks())
def test_any_notebook(made: tuple[dict[str, Any], list[str]]) -> None:
    tree, secrets = made
    report = prove(json.dumps(tree), "x.ipynb")
    assert holds(report, *secrets) == []


def test_fixes_do_not_depend_on_how_strings_are_stored() -> None:
    source = f'a = "\u00e9"\nk = "{OPENAI}"\n'
    tree = notebook(code(source))
    other = copy.deepcopy(tree)
    other["cells"][0]["source"] = source.splitlines(keepends=True)
    one, two = (report_of(json.dumps(t), "x.ipynb").findings[0].fixes for t in (tree, other))
    assert one == two


def test_a_hexadecimal_key_takes_the_name_of_its_provider() -> None:
    key = MAKER.of(40, HEX)
    (finding,) = prove(f'wandb.login(key="{key}")', "x.py").findings
    assert finding.confidence is Confidence.HIGH
    assert finding.fixes[0].description == 'Read it from os.environ["WANDB_API_KEY"]'


@pytest.mark.parametrize("source", ['x = 1\r\nk = "{openai}"\r\n', 'k = "{openai}"\r\n# c\r\n'])
def test_line_ends_of_windows_stay(source: str) -> None:
    source = source.replace("{openai}", OPENAI)
    (finding,) = prove(source, "x.py").findings
    results = [edited(source, fix) for fix in finding.fixes]
    assert len(results) == 2
    assert all(result.count("\n") == result.count("\r\n") for result in results)


def test_an_old_comment_in_a_text_is_not_added_to() -> None:
    """Of two comments on a line only the first is read, and this one is part of a text."""
    source = f'k = "{OPENAI} # llmsec: ignore[SEC101] x"'
    (finding,) = prove(source, "x.py").findings
    (ignore,) = [fix for fix in finding.fixes if fix.kind is FixKind.IGNORE]
    assert edited(source, ignore).startswith("# llmsec: ignore[SEC108]")


def test_no_line_is_put_into_a_key() -> None:
    """A key over several lines that shares a line with another secret stays in one piece."""
    report = prove(f"{MAKER.pem()} {GITHUB} don't\n", "x.md")
    assert {finding.rule for finding in report.findings} == {"SEC103", "SEC201"}


def test_a_value_over_several_strings_is_only_ignored() -> None:
    cell = code("x", metadata={"key": MAKER.pem().splitlines()})
    (finding,) = prove(json.dumps(notebook(cell)), "x.ipynb").findings
    assert [fix.kind for fix in finding.fixes] == [FixKind.IGNORE]


def test_a_defect_in_a_fix_costs_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("llmsec_nb.fixes.Mender.fixes", broken)
    report = report_of(f'k = "{OPENAI}"', "x.py")
    assert [(finding.rule, finding.fixes) for finding in report.findings] == [("SEC108", ())]


def test_old_notebooks_and_trees() -> None:
    cell = {
        "cell_type": "code",
        "input": [f'k = "{OPENAI}"\n'],
        "outputs": [],
        "language": "python",
    }
    tree = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    prove(json.dumps(tree), "x.ipynb")
    report = prove(json.dumps({"password": PASSWORD, "a": [f"b {GITHUB}"]}), "x.json")
    assert [[fix.safe for fix in f.fixes] for f in report.findings] == [[False], [False]]
