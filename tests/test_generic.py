"""Secrets by the names and the places of their values: each syntax, exact values, and restraint."""

from __future__ import annotations

import random

import pytest

from llmsec_nb.core.artifact import Part, Text
from llmsec_nb.core.detector import Context, Detector
from llmsec_nb.core.location import InFile
from llmsec_nb.core.rule import Confidence, Kind
from llmsec_nb.rules.secrets.classifier import ASSET, drawn, model
from llmsec_nb.rules.secrets.code import read_code
from llmsec_nb.rules.secrets.named import NamedValues
from llmsec_nb.rules.secrets.names import Sort, sort_of
from llmsec_nb.rules.secrets.url_password import UrlPasswords
from llmsec_nb.rules.secrets.values import Strength, likelihood, strength
from llmsec_nb.screen import Screen

from .growth import grows_within
from .samples import ALNUM, HEX, Maker
from .training.values import Names, library, names, secret

MAKER = Maker(77)
KEY = MAKER.of(32)
HEX40 = MAKER.of(40, HEX)
PASSWORD = "tR" + MAKER.of(6, "ghjkmnpq") + "7+9z"
PLACE = InFile(line=0, column=0, end_line=0, end_column=0)


DETECTORS: tuple[Detector, ...] = (NamedValues(), UrlPasswords())
SCREEN = Screen(DETECTORS)


def found(source: str, kind: Kind = Kind.CODE, path: str = "") -> list[tuple[str, str]]:
    """Rule and value of all matches of at least medium confidence, one for a value."""
    text = Text.of(Part(place=PLACE, text=source, kind=kind))
    best: dict[tuple[int, int], tuple[int, str]] = {}
    for detector, texts in SCREEN.assign([text]):
        for one, hint in texts:
            for match in detector.detect(one, hint, Context(path=path)):
                sure = match.confidence or match.rule.confidence
                span = match.start, match.end
                if sure is not Confidence.LOW and match.rank > best.get(span, (-1, ""))[0]:
                    best[span] = match.rank, match.rule.id
    return [(best[span][1], source[slice(*span)]) for span in sorted(best)]


@pytest.mark.parametrize(
    "source",
    [
        'api_key = "{}"',
        "api_key: str = '{}'",
        'if (api_key := "{}"): pass',
        'self.api_key = "{}"',
        'os.environ["ACME_API_KEY"] = "{}"',
        'os.environ.setdefault("ACME_API_KEY", "{}")',
        'os.putenv("ACME_API_KEY", "{}")',
        'k = os.getenv("ACME_API_KEY", "{}")',
        'k = os.environ.get("ACME_API_KEY") or "{}"',
        'set_key(".env", "ACME_API_KEY", "{}")',
        'Client(api_key="{}")',
        'Client(\n    api_key=(\n        "{}"\n    ),\n)',
        'config = {{"api_key": "{}"}}',
        'config = dict(api_key="{}")',
        'config.update({{"api_key": "{}"}})',
        'def connect(host, api_key="{}"): pass',
        'def connect(*, api_key="{}"): pass',
        'host, api_key = "db", "{}"',
        '(host, (api_key, port)) = "db", ("{}", 1)',
        'if api_key == "{}": pass',
        'if "{}" == api_key: pass',
        'set_api_key("{}")',
        'parser.add_argument("--api-key", default="{}")',
        'headers = {{"X-Api-Key": "{}"}}',
        'headers = {{"Authorization": "Bearer {}"}}',
        'headers = [("x-api-key", "{}")]',
        'api_keys = ["{}"]',
        'api_key = SecretStr("{}")',
        'api_key = "{}".strip()',
        'api_key = a if b else "{}"',
        'ä = "ü"; öffnen("ß", api_key="{}")',
        'requests.get("https://x.corp/a?b=1&api_key={}&c=2")',
        "%env ACME_API_KEY={}",
        "!export ACME_API_KEY={}",
        '!curl -H "X-Api-Key: {}" https://x.corp',
        '# api_key = "{}"',
        'x = \'{{"api_key": "{}"}}\'',
    ],
)
def test_python(source: str) -> None:
    assert found(source.format(KEY)) == [("SEC302", KEY)] or found(source.format(KEY)) == [
        ("SEC304", KEY)
    ]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("<api_key>{}</api_key>", "a.xml"),
        ("<apiKey>\n    {}\n</apiKey>", "a.xml"),
        ('<add key="ApiKey" value="{}" />', "a.config"),
        ('<string name="api_key">{}</string>', "a.xml"),
        ("<key>ApiKey</key>\n<string>{}</string>", "a.plist"),
        ('{{"api_key": "{}"}}', "a.txt"),
        ("api_key: {}", "a.txt"),
        ("api_key: '{}'", "a.txt"),
        ("API_KEY={}", "a.txt"),
        ("API_KEY = {}", "a.properties"),
        ("API_KEY := {}", "a.mk"),
        ('API_KEY ?= "{}"', "a.mk"),
        ('API_KEY ::= "{}"', "a.mk"),
        ("api_key ||= '{}'", "a.rb"),
        (":api_key => '{}'", "a.rb"),
        ('"api_key" => "{}",', "a.php"),
        ("$api_key .= '{}';", "a.php"),
        ("define('API_KEY', '{}');", "a.php"),
        ("const apiKey = `{}`;", "a.js"),
        ("private readonly apiKey: string = '{}';", "a.ts"),
        ("const k = process.env.API_KEY || '{}';", "a.js"),
        ('String apiKey = "{}";', "A.java"),
        ('System.setProperty("API_KEY", "{}");', "A.java"),
        ('public const string ApiKey = "{}";', "A.cs"),
        ('var apiKey string = "{}"', "a.go"),
        ('apiKey := "{}"', "a.go"),
        ('const API_KEY: &str = "{}";', "a.rs"),
        ('char api_key[] = "{}";', "a.c"),
        ('std::string api_key("{}");', "a.cpp"),
        ('(setq api-key "{}")', "a.el"),
        ('api_key "{}"', "a.groovy"),
        ("export API_KEY=${{API_KEY:-{}}}", "a.sh"),
        ("tool --api-key {} --verbose", "a.sh"),
        ("- name: API_KEY\n  value: {}", "a.txt"),
        ('{{\\"api_key\\": \\"{}\\"}}', "a.txt"),
        ("| api_key | {} |", "a.md"),
        ("api_key    {}", "a.txt"),
    ],
)
def test_other_languages(source: str, path: str) -> None:
    assert found(source.format(KEY), Kind.TEXT, path) == [("SEC302", KEY)]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ('connect(user="ada", password="{}")', Kind.CODE),
        ('requests.get(url, auth=("ada", "{}"))', Kind.CODE),
        ('smtp.login("ada@x.corp", "{}")', Kind.CODE),
        ('HTTPBasicAuth("ada", "{}")', Kind.CODE),
        ("!mysql -u root -p{} db", Kind.CODE),
        ("!curl -u ada:{} https://x.corp", Kind.CODE),
        ('!curl https://x.corp --user "ada:{}"', Kind.CODE),
        ("%sql CREATE USER ada IDENTIFIED BY '{}'", Kind.CODE),
        ("sshpass -p {} ssh ada@x.corp", Kind.STREAM),
        ("docker login -u ada -p {} x.corp", Kind.STREAM),
        ('ConvertTo-SecureString "{}" -AsPlainText', Kind.TEXT),
        ('new NetworkCredential("ada", "{}")', Kind.TEXT),
        ("Password: {}", Kind.STREAM),
        ("PGPASSWORD={} psql", Kind.STREAM),
        ("db_password: {}", Kind.CONFIG),
        ("machine x.corp login ada password {}", Kind.TEXT),
    ],
)
def test_passwords(source: str, kind: Kind) -> None:
    assert found(source.format(PASSWORD), kind) == [("SEC301", PASSWORD)]


@pytest.mark.parametrize(
    "source",
    [
        "The password is {}.",
        "The password for the lab server is now `{}`, do not tell.",
        "Log in with ada / {}, please.",
        "Use {} as the password",
        "Das Passwort lautet {}",
        "Das Kennwort ist {}!",
        "Sign in as ada:{}",
        "Le mot de passe est {}",
        "La contraseña es {}",
    ],
)
def test_sentences(source: str) -> None:
    assert found(source.format(PASSWORD), Kind.MARKDOWN) == [("SEC303", PASSWORD)]


@pytest.mark.parametrize(
    "source",
    [
        "Use `{}` as the ACME_API_KEY until the end.",
        "Incorrect api_key provided: {}. Look it up.",
        "The api_key is {}",
        "| ACME_API_KEY | `{}` |",
    ],
)
def test_sentences_with_keys(source: str) -> None:
    assert found(source.format(KEY), Kind.MARKDOWN) == [("SEC302", KEY)]


def test_headers_of_basic_authentication() -> None:
    import base64

    payload = base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    assert found(f"> Proxy: Basic {payload}", Kind.STREAM) == [("SEC304", payload)]
    known = base64.b64encode(b"user:password").decode()
    assert found(f"> Proxy: Basic {known}", Kind.STREAM) == []


def test_printed_columns() -> None:
    other = MAKER.of(32)
    table = f"  name {'api_key':>32}  n\n0  ada {KEY}  1\n1  bob {other}  2\n\n2  x {HEX40}  1\n"
    assert found(table, Kind.TEXT) == [("SEC302", KEY), ("SEC302", other)]
    piped = f"| name | api_key |\n|---|---|\n| ada | {KEY} |\n"
    assert found(piped, Kind.MARKDOWN) == [("SEC302", KEY)]


@pytest.mark.parametrize(
    "source",
    [
        'wandb_settings = {{"project": {{"api_key": "{}"}}}}',
        'wandb.login(key="{}")',
        'run = wandb.login("{}")',
        'wandb_key = "{}"',
    ],
)
def test_a_provider_is_told_by_what_a_value_belongs_to(source: str) -> None:
    filler = "\n" + "x = 1  # nothing\n" * 40
    assert found(filler + source.format(HEX40)) == [("SEC151", HEX40)]


@pytest.mark.parametrize(
    "source",
    [
        'api_key = "{}"'.format("YOUR_API_KEY_" + "0" * 4),
        'api_key = "your-key-here-1234567890abc"',
        'api_key = os.environ["ACME_API_KEY_V2"]',
        'api_key = f"{prefix}-{secret_1234567890}"',
        'api_key = "${ACME_API_KEY_1234567890}"',
        'api_key = "{{ acme_api_key_12345 }}"',
        'token_path = "/var/run/secrets/token_4f9d2b1c"',
        'secret_file = "s3cr3t_9f2b4d1c8e7a.json"',
        f'commit_key = "{HEX40}"',
        f'cache_key = "{HEX40}"',
        f'token_hash = "{HEX40}"',
        f'run_id = "{MAKER.uuid()}"',
        f'key = "{MAKER.uuid()}"',
        'tokenizer.pad_token = "<|endoftext|>"',
        'token = "meta-llama/Llama-3.1-8B-Instruct"',
        'model_key = "text-embedding-3-large-2024"',
        "max_tokens = 4096",
        'password = "password"',
        'password = "test"',
        'password = "new_password"',
        'password = getpass("Password: ")',
        'password_field = "user_password_2"',
        'inputs["password"].label = "Password:"',
        'user["password"] = hash("sha256")',
        "if password is None or token is token2: pass",
        'first_pass = "step_1/step_2"',
        'for key in ("a1b2", "c3d4"): pass',
        'sort_key = "created_at_2024_desc"',
        'd = {"type": "password", "name": "user_password"}',
    ],
)
def test_restraint(source: str) -> None:
    assert found(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "wandb: Currently logged in as: ai_novice2005 to https://api.wandb.ai.",
        "The password is case-sensitive and has 8-12 characters.",
        "Your password was changed on 2024-01-02.",
        "See the token guide at /docs/token_v2_2024.",
        "Log in with your account and/or e-mail2.",
    ],
)
def test_sentences_without_a_password(source: str) -> None:
    assert found(source, Kind.STREAM) == []


@pytest.mark.parametrize(
    "source",
    [
        "password: string;",
        "this.password = user.password1;",
        "$password = Yii::$app->request->post('pw1');",
        "ERROR_WRONG_PASSWORD = 0x0000052B,",
        "token = tokens[i2];",
        "if (key1 == key2) { return secret1; }",
    ],
)
def test_variables_of_other_languages_are_no_values(source: str) -> None:
    assert found(source, Kind.TEXT, "a.php") == []


def test_places_of_a_tree_are_exact() -> None:
    source = f'ö = "é"\n%time x\nf("ß", 密码=1, api_key=rb\'{KEY}\', b="a" "b")\r\ny = 1'
    assert read_code(source) is not None
    (read,) = [one for one in read_code(source) or [] if one.name == "api_key"]
    assert source[read.start : read.end] == read.value == KEY
    assert read_code("def f(:") is None
    assert read_code('k = "a" "b"') == []
    assert read_code("(" * 5000) is None


def test_contexts_of_a_tree() -> None:
    source = 'wandb_conf = {"a": [{"api_key": "abcd"}]}\nC.new(x, client=D(token="efgh"))'
    read = [(one.name, one.value, one.context.split()) for one in read_code(source) or []]
    assert read == [
        ("api_key", "abcd", ["wandb_conf", "a"]),
        ("token", "efgh", ["C.new", "client", "D"]),
    ]


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("password", Sort.PASSWORD),
        ("DB2INST1_PASSWORD", Sort.PASSWORD),
        ("newPassword", Sort.PASSWORD),
        ("password_confirmation", Sort.PASSWORD),
        ("proxyPass", Sort.PASSWORD),
        ("contraseña", Sort.PASSWORD),
        ("passwordHash", Sort.NOTHING),
        ("compass", Sort.NOTHING),
        ("first_pass", Sort.NOTHING),
        ("forgot_password", Sort.NOTHING),
        ("apiKey", Sort.SECRET),
        ("APIKey", Sort.SECRET),
        ("settings.X-Api-Key", Sort.SECRET),
        ("AWS_SECRET_ACCESS_KEY", Sort.SECRET),
        ("aws_access_key_id", Sort.SECRET),
        ("oauth_token_secret", Sort.SECRET),
        ("genericToken", Sort.VAGUE),
        ("key", Sort.VAGUE),
        ("public_key", Sort.NOTHING),
        ("kms_key_id", Sort.NOTHING),
        ("eos_token", Sort.NOTHING),
        ("encrypted_key", Sort.NOTHING),
        ("tokenizer", Sort.NOTHING),
    ],
)
def test_names(name: str, sort: Sort) -> None:
    assert sort_of(name) is sort


def test_strengths() -> None:
    assert strength("changeit") is Strength.KNOWN
    assert strength("testPassword123") is Strength.KNOWN
    assert strength("porkchop") is Strength.PLAIN
    assert strength("open sesame") is Strength.PLAIN
    assert strength(PASSWORD) is Strength.MIXED
    for none in ("<password>", "/etc/passwd", "a@b.org", "0x0000052B", "रहस्य", "get(1)"):
        assert strength(none) is Strength.NONE, none


def test_the_model_keeps_its_figures() -> None:
    """On values that it was not trained on."""
    draw = random.Random(4711)
    innocent = Names(draw, names(library()))
    secrets = [secret(draw) for _ in range(3000)]
    others = [innocent() for _ in range(3000)]
    assert sum(drawn(value) > 0.5 for value in secrets) >= 0.98 * len(secrets)
    assert sum(drawn(value) > 0.5 for value in others) <= 0.01 * len(others)
    assert ASSET.stat().st_size <= 50_000
    assert len(model().surprise) == 27**3


def test_likelihoods() -> None:
    for value in ("all_minilm_l6_embedding", "2024-01-02T03:04:05Z", "x86_64-linux-gnu", "a" * 40):
        assert likelihood(value) < 0.5, value
    for length in (12, 20, 32, 64):
        assert likelihood(MAKER.of(length, ALNUM)) > 0.9


@pytest.mark.parametrize(
    "unit",
    [
        'password="', "key='\\\"pass=\"\\'", "key ", "curl -u ", "bearer ", "password is ", "use a1b2c3 as password ",
        "key | token\n1 | 2\n", "pwd:", 'keys=["a",', "<key a>", 'credentials("a",', "login with a / b ", "pass.",
        "password=bytes(", "basic YWJjOmRlZg ", 'x = "aB3dE6gH9jK2" + \n',
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [Kind.CODE, Kind.TEXT, Kind.CONFIG])
def test_hostile_texts_take_linear_time(unit: str, kind: Kind) -> None:
    short, long = (unit * (size // len(unit)) for size in (5_000, 50_000))
    assert grows_within(30, lambda text: found(text, kind), short, long)
