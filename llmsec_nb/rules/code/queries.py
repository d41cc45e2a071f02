"""SQL that is put together from what a model said, or from anything else."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar, Final

from ...core.detector import Match
from ...core.lazy import lazy
from ...core.rule import Confidence, Severity
from .look import SiteDetector, hit, last
from .pieces import Origin
from .rules import bad, code, good
from .sources import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...cells.flow import CallSite, CommandSite
    from ...cells.unit import Unit
    from ...core.rule import Rule
    from .look import Around

_REPLY: Final = (
    "import openai\nr = openai.OpenAI().responses.create(model=m, input=q).output_text\n"
)

OF_MODEL: Final = code(
    "COD024",
    "sql-of-model-output",
    "what a model said is run as SQL",
    Severity.HIGH,
    "Whoever can put words into the prompt can read, change or delete what the connection may.",
    "Connect with a role that can only read what it must, check the statement, set a limit; pass "
    "values as parameters.",
    cwe=89,
    owasp=("LLM05:2025",),
    atlas=("AML.T0050",),
    reference="https://genai.owasp.org/llmrisk/llm052025-improper-output-handling/",
    examples=(
        bad(f"{_REPLY}cursor.execute(r)", "cursor.execute(r)"),
        bad(f"{_REPLY}import pandas as pd\npd.read_sql(f'select * from a where {{r}}', c)", "pd.read_sql(f'select * from a where {r}', c)"),  # noqa: S608  # an example of it
        good(f"{_REPLY}tool.execute(r)\nchromadb_collection.query(r)\nagent.query(r)"),
        good(f"{_REPLY}cursor.execute('insert into log values (?)', (r,))"),  # noqa: S608  # an example of it
        good(f"{_REPLY}n = int(r)\ncursor.execute(f'select * from a limit {{n}}')"),  # noqa: S608  # an example of it
    ),
)  # fmt: skip
OF_DATA: Final = code(
    "COD025",
    "sql-put-together",
    "SQL is put together from pieces",
    Severity.MEDIUM,
    "A value with a quote in it changes the statement instead of being looked up.",
    "Pass values as parameters: `execute('... where id = ?', (id,))`.",
    cwe=89,
    confidence=Confidence.MEDIUM,
    owasp=("LLM05:2025",),
    reference="https://docs.python.org/3/library/sqlite3.html#how-to-use-placeholders-to-bind-values-in-sql-queries",
    examples=(
        bad("cursor.execute(f\"select * from users where name = '{name}'\")"),
        bad("cursor.execute('delete from users where id = %s' % key)"),
        bad("import duckdb\nduckdb.query(f\"create or replace table '{name}' as select 1\")", "duckdb.query(f\"create or replace table '{name}' as select 1\")"),
        bad("from sqlalchemy import text\nconn.execute(text('drop table ' + name))", "conn.execute(text('drop table ' + name))"),
        good("cursor.execute('select * from users where id = ?', (key,))"),
        good("cursor.execute('select * ' 'from users')"),
        good("print('select one from the list')"),
        good("query = 'select * from users where id = %s'"),
    ),
)  # fmt: skip

_SINKS: Final = frozenset(
    {"execute", "executemany", "executescript", "read_sql", "read_sql_query", "exec_driver_sql", "run_sql", "query", "sql", "raw", "fetchrow", "fetchval"}
)  # fmt: skip
_PLAIN: Final = frozenset(
    {"read_sql", "read_sql_query", "executescript", "exec_driver_sql", "run_sql"}
)
"""What only databases have."""
_DATABASE: Final = lazy(
    r"(?:^|[?.])(?:sqlite3|psycopg2?|psycopg_pool|asyncpg|sqlalchemy|duckdb|pymysql|MySQLdb|mysql|snowflake|bigquery|pyodbc|cx_Oracle|oracledb|clickhouse\w{0,20}"
    r"|trino|pyspark|aiosqlite|databricks\.sql|redshift_connector|pyathena|spark|SQLDatabase)\b"
)
_NAMED: Final = lazy(
    r"(?:^|[?.])(?:\w{1,30}_)?(?:cur|cursor|conn|connection|con|db|database|engine|session)(?:\(\))?\.execute(?:many)?\Z"
)
"""What no cell has brought, but is called as databases are."""
_ASKED: Final = lazy(
    r"(?:.*\.)?(?:SQLDatabase(?:\.\w{1,30})?\(\)|Neo4jGraph\(\)|neo4j\..*)\.(?:run|run_no_throw|query|execute_query)"
    r"|pandasql\.sqldf|polars\.(?:sql|(?:[\w.]{1,20}\.)?SQLContext\(\)\.execute)|kuzu\..*\.execute|\?(?:graph|kg)\.query"
)
"""What runs a statement, by another name: worth a word only where a model wrote it."""
_STATEMENT: Final = lazy(
    r"\s{0,200}(?:select\b.{0,2000}?\bfrom\b|insert\s+into\b|delete\s+from\b|update\b.{0,500}?\bset\b|drop\s+table\b|alter\s+table\b|create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|external\s+|materialized\s+)?(?:table|view)\b)",
    re.IGNORECASE | re.DOTALL,
)
_SQL_LIKE: Final = lazy(
    r"\bselect\s.{0,20000}?\bfrom\s|\bdelete\s+from\s|\binsert\s+into\s.{0,2000}?\bvalues[\s(]|\bupdate\s.{0,2000}?\bset\s",
    re.IGNORECASE | re.DOTALL,
)
_RAW: Final = frozenset({"select", "where", "tables", "order_by"})
_WRAPPERS: Final = frozenset({"text", "SQL", "literal_column"})
"""What makes a statement of a text."""
_VALUE: Final = lazy(
    r"(?:[=<>(,]|\b(?:like|in|between|values)\b)\s{0,20}(?:['\"%(]{1,3}|)(?:\?|%s|\{)|'\?'|'%\?%'",
    re.IGNORECASE,
)
"""Where a value stands, not the name of a table."""
_VERBS: Final = ("select", "delete", "insert", "update", "drop", "alter", "create")


class Queries(SiteDetector):
    """COD024 and COD025."""

    rules: ClassVar[tuple[Rule, ...]] = (OF_MODEL, OF_DATA)
    literals: ClassVar[tuple[str, ...]] = (
        *_VERBS,
        "execute",
        "read_sql",
        "sql",
        "query",
        "neo4j",
        ".extra(",
    )

    def call(self, site: CallSite, around: Around) -> Iterator[Match]:
        """What is wrong with a call."""
        if _ASKED.fullmatch(site.path) and MODEL in site.argument(0, "query").taints:
            yield hit(OF_MODEL, site, "what a model said is run as a query", rank=1)
            return
        if _is_raw(site):
            message = "it goes into the statement as it is"
            yield hit(OF_DATA, site, message, severity=Severity.LOW, confidence=Confidence.LOW)
            return
        if last(site.path).lstrip("?") not in _SINKS or not (site.arguments or site.keywords):
            return
        if site.path.startswith(("pandas.DataFrame", "?df.", "subprocess.", "asyncio.")):
            return
        value = site.argument(0, "sql")
        if MODEL in value.taints and _is_database(site):
            yield hit(OF_MODEL, site, "what a model said is run as SQL", rank=1)
        elif texts := _varied(site, around):
            severity = None if any(map(_VALUE.search, texts)) else _of_names(site, around)
            if severity is None:
                yield hit(OF_DATA, site, "pass what varies as parameters", rank=1)
            else:
                message = "a name in it varies: take it from a list of those that are allowed"
                sure = Confidence.LOW
                yield hit(OF_DATA, site, message, rank=1, severity=severity, confidence=sure)

    def command(self, site: CommandSite, around: Around) -> Iterator[Match]:
        """`%sql {query}`."""
        if site.command.name not in {"sql", "bigquery"}:
            return
        own = around.own(site)
        for name, value in site.values.items():
            form = next(
                (
                    one
                    for one in ("{" + name + "}", f"${name}")
                    if own and one in own.words(site.command)
                ),
                "",
            )
            if MODEL in value.taints and own and form:
                start = own.text.index(form, site.command.start)
                span = (
                    site.inner.span(start, start + len(form))
                    if site.inner
                    else (start, start + len(form))
                )
                yield Match(
                    rule=OF_MODEL,
                    start=span[0],
                    end=span[1],
                    message="what a model said is run as SQL",
                )

    def unit(self, unit: Unit) -> Iterator[Match]:
        """Texts that read like SQL, wherever they go."""
        if unit.program is None or not any(verb in unit.source.lower() for verb in _VERBS):
            return
        seen: set[ast.AST] = set()
        for tree in unit.program.python.trees:
            executed = {
                id(node.args[0])
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and node.args
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _SINKS
            }
            for node in ast.walk(tree):
                if node in seen or not isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call):
                    continue
                text = _put_together(node)
                if not text:
                    continue
                seen.update(ast.walk(node))
                if id(node) not in executed and _SQL_LIKE.search(text):
                    start, end = unit.program.python.span(node)
                    begins = _STATEMENT.match(text) is not None
                    yield Match(
                        rule=OF_DATA, start=start, end=end, message="a text that reads like SQL is put together",
                        severity=Severity.LOW if begins else Severity.INFO, confidence=Confidence.LOW,
                    )  # fmt: skip


def _is_raw(site: CallSite) -> bool:
    """`RawSQL(text)` and `objects.extra(where=[text])` of Django, with what is not fixed."""
    if last(site.path) == "RawSQL":
        return not site.argument(0, "sql").is_known
    if last(site.path) != "extra":
        return False
    return any(name in _RAW and not value.is_known for name, value in site.keywords.items())


def _varied(site: CallSite, around: Around) -> list[str]:
    """The texts of a statement that is put together from more than the literals of the notebook."""
    node = _statement(site)
    if node is None:
        return []
    pieces = around.functions.pieces(around.calls)
    bound = pieces.bound(node, site)
    if not any(_STATEMENT.match(_put_together(one) or _text(one)) for one in bound):
        return []
    texts = [text for text in map(_put_together, bound) if text]
    return texts if texts and pieces.origin(node, site) else []


def _statement(site: CallSite) -> ast.expr | None:
    """What a call is given, without the `text(...)` around it."""
    node = site.node.args[0] if site.node.args else None
    while isinstance(node, ast.Call) and node.args and _named(node.func) in _WRAPPERS:
        node = node.args[0]
    return node


def _of_names(site: CallSite, around: Around) -> Severity | None:
    """Names of tables cannot be parameters: those of the notebook itself weigh less."""
    origin = around.functions.pieces(around.calls).origin(_statement(site), site)
    return None if Origin.OUTSIDE in origin else Severity.LOW


def _named(node: ast.expr) -> str:
    """The last word of what is called."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _put_together(node: ast.AST | None) -> str:
    """The fixed parts of a text with something in between; empty for another thing, or if fixed."""
    if isinstance(node, ast.JoinedStr):
        parts = [_part(part) for part in node.values]
        return "".join(parts) if "?" in parts else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _added(node)
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
    ):
        return _text(node.func.value)
    return ""


def _added(node: ast.BinOp) -> str:
    parts: list[str] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add) and len(parts) < 200:
        parts.append(_part(left.right))
        left = left.left
    parts.append(_part(left))
    is_text = any(part != "?" for part in parts)
    return "".join(reversed(parts)) if is_text and "?" in parts else ""


def _marks(text: str) -> str:
    """A fixed text without the marks of its parameters: what varies between is a `?` itself."""
    return text.replace("?", "$").replace("%s", "$s").replace("{", "$")


def _part(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return _marks(node.value) if isinstance(node.value, str) else "?"
    return _put_together(node) or "?"


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_database(site: CallSite) -> bool:
    """Whether what is called is a database's."""
    if last(site.path) in _PLAIN or _DATABASE.search(site.path):
        return True
    return _NAMED.search(site.path) is not None


DETECTORS: Final = (Queries(),)
