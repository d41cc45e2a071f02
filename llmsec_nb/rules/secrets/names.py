"""What a name promises of its value: a password, a secret, a key of some sort, or nothing."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

WORDS: Final = (
    "pass",
    "pwd",
    "pswd",
    "psw",
    "secret",
    "token",
    "key",
    "credential",
    "authorization",
    "auth",
    "bearer",
    "login",
    "client",
    "jwt",
    "otp",
    "cookie",
    "kennwort",
    "senha",
    "contrase",
    "clave",
)
"""Lower-case pieces of which each name of a secret holds one."""


class Sort(IntEnum):
    """What a name stands for, the weakest first."""

    NOTHING = 0
    VAGUE = 1
    """A key or token that may be of any kind: only what is drawn at random counts."""
    SECRET = 2
    PASSWORD = 3


_SPLIT: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PASSWORDS: Final = frozenset(
    "password passwd passphrase passwort passcode passwords pwd pswd psw passwrd pword userpass"
    " kennwort senha contrasena contraseña contrasenha clave motdepasse secretpass psk".split()
)
_PASSWORD_ENDINGS: Final = ("password", "passwd", "passphrase", "passwort", "pwd", "passcode")
_OWNERS: Final = frozenset(
    "db database user admin root smtp mail email mysql pg postgres sql ftp sftp ssh sudo login proxy"
    " auth redis mongo ldap http basic imap pop account sa my wifi vpn router api cloud ansible become"
    " tesla amqp rabbitmq mqtt jdbc es elastic new old client server service test".split()
)
_AFTER_PASSWORD: Final = frozenset(
    "value string str text plain plaintext default confirm confirmation confirmed repeat again new old"
    " admin root prod dev staging test production mock hint sample 1 2 literal env var arg".split()
)
_KEY_OWNERS: Final = frozenset(
    "api access auth secret private service account encryption encrypt decryption signing sign sig master"
    " app application admin client subscription license licence storage shared ssh session jwt bearer"
    " refresh bot user hub consumer security cipher crypto cryptographic aes des hmac rsa webhook deploy"
    " deployment server oauth oauth2 auth0 developer dev partner merchant payment pay tls ssl vault"
    " django flask rails instrumentation ingestion write read team org organization tenant project"
    " personal pat identity id login push fcm gcm apns otp totp mfa registration runner ci cd build"
    " publish upload download invite pre presharedkey preshared psk wep wpa wireguard validation"
    " activation recovery backup bucket integration agent gateway db database machine node join worker"
    " tracking telemetry monitoring analytics search query firebase dropbox twitter facebook google"
    " github gitlab slack aws azure stripe".split()
)
_PLAIN_SECRETS: Final = frozenset(
    "secret secrets apikey apikeys authtoken accesstoken secretkey accesskey privatekey authkey"
    " credential credentials creds authorization apisecret clientsecret bearer jwt appsecret apitoken"
    " secretaccesskey appkey authsecret sharedsecret consumersecret consumerkey usertoken bottoken"
    " sessiontoken refreshtoken oauthtoken webhooksecret signingkey encryptionkey masterkey".split()
)
_SECRET_ENDINGS: Final = (
    "apikey",
    "apitoken",
    "apisecret",
    "accesstoken",
    "accesskey",
    "authtoken",
    "authkey",
    "secretkey",
    "clientsecret",
    "privatekey",
)
_TAILS: Final = frozenset("value string str text literal default env var base64 b64 hex prod dev staging test".split())
_VALUES: Final = frozenset("key keys token tokens secret secrets".split())
_VAGUE: Final = frozenset("key keys token tokens auth cookie cookies otp totp nkey pat csrf sid".split())
_NOT_KEYS: Final = frozenset(
    "public pub primary foreign sort partition cache dict map row col column index hash object file s3 state"
    " label feature text lookup natural composite model data config keyword i18n translation field sheet"
    " group join idempotency unique candidate super surrogate item ordering dedup event routing message"
    " storage_ registry hot short shortcut press arrow enter trigger metric tag attr attribute property"
    " prop header encrypted wrapped sealed meta context ctx experiment run job artifact dataset spreadsheet sample seed checkpoint"
    " name type id target source src primarykey param parameter kms host known yubi".split()
)
_NOT_TOKENS: Final = frozenset(
    "pad eos bos unk mask sep cls next prev page continuation max min num special image video audio stop start"
    " begin end input output prompt completion new special_ first last total count total n sampling text"
    " target source src reward logit response string_ word sub vocab target_ cursor scroll sync csrf"
    " xsrf think thinking tool comma lex lexer parser public pagination nextpage expected".split()
)
_NOT_LAST: Final = frozenset(
    "id ids name names file files path paths url uri urls endpoint count counts len length size limit type types"
    " hash hashes digest sha md5 sha1 sha256 checksum fingerprint field fields label column columns format prefix"
    " suffix index idx status state ttl expiry expires expiration expire lifetime validity algorithm alg"
    " policy policies strength rule rules regex pattern error errors message messages placeholder hint title"
    " description desc help tooltip usage budget ratio rate price cost reset required enabled disabled"
    " flag mode version class provider manager store factory service handler callback function method"
    " header headers param params parameter option options config settings form input page screen view"
    " button link reset changed change history generator validator encoder hasher checker prompt count"
    " store storage ring board stroke code words word ref refs arn role scope scopes issuer audience"
    " dir directory location date time timestamp created updated bytes bits min max minimum maximum"
    " encoding encoded_ encrypted hashed vault reference selector mapping group attempt attempts retries"
    " info source template query test_ env_ variable attribute attr property pair pairs set list map cache".split()
)
_NOT_FIRST: Final = frozenset("no not is has use with without forgot forget reset hashed encrypted invalid wrong missing".split())
_LONGEST: Final = 200


@lru_cache(8192)
def sort_of(name: str) -> Sort:
    """What a dotted name stands for; only its last part counts."""
    words = words_of(name[-_LONGEST:].rpartition(".")[2])
    while len(words) > 1 and (words[-1].isdigit() or len(words[-1]) == 1):
        words.pop()
    if not words or (words[-1] in _NOT_LAST and not _is_known_pair(words)):
        return Sort.NOTHING
    if _is_password(words):
        return Sort.NOTHING if words[0] in _NOT_FIRST and len(words) > 1 else Sort.PASSWORD
    while len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    return _sort_of_key(words)


def words_of(name: str) -> list[str]:
    """The words of a name in snake case, kebab case or camel case, in lower case."""
    return [word.lower() for word in _SPLIT.findall(name)]


def _is_known_pair(words: list[str]) -> bool:
    """`access_key_id` is half of a credential."""
    return words[-3:] == ["access", "key", "id"]


def _is_password(words: list[str]) -> bool:
    last = words[-1]
    if last in _PASSWORDS or last.endswith(_PASSWORD_ENDINGS):
        return True
    if last in {"pass", "pw"}:
        return len(words) == 1 or words[-2] in _OWNERS
    if last == "word" and len(words) > 1 and words[-2] == "pass":
        return True
    before = words[-2] if len(words) > 1 else ""
    return last in _AFTER_PASSWORD and (before in _PASSWORDS or before.endswith(_PASSWORD_ENDINGS))


def _sort_of_key(words: list[str]) -> Sort:
    last = words[-1]
    before = words[-2] if len(words) > 1 else ""
    if _is_known_pair(words):
        return Sort.SECRET
    if last in _PLAIN_SECRETS or last.endswith(_SECRET_ENDINGS):
        return Sort.SECRET
    if last in _VALUES and before in _KEY_OWNERS and before not in _NOT_TOKENS:
        return Sort.VAGUE if last in {"key", "keys"} and before in {"id", "project"} else Sort.SECRET
    if last in {"key", "keys"} and not _NOT_KEYS.isdisjoint(words[:-1]):
        return Sort.NOTHING
    if last in {"token", "tokens"} and not _NOT_TOKENS.isdisjoint(words[:-1]):
        return Sort.NOTHING
    if last in _VAGUE or last.endswith(("key", "token", "secret")):
        return Sort.VAGUE
    return Sort.NOTHING
