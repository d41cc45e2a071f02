"""What a name promises of its value: a password, a secret, a key of some sort, or nothing."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import lru_cache
from typing import Final

from ...core.lazy import lazy
from .lexicon import lexicon

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
    "authenticator",
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


_SPLIT: Final = lazy(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_PASSWORDS: Final = lexicon(
    "password passwd passphrase passwort passcode passwords pwd pswd psw passwrd pword userpass "
    "kennwort senha contrasena contraseña contrasenha clave motdepasse secretpass psk"
)
_PASSWORD_ENDINGS: Final = ("password", "passwd", "passphrase", "passwort", "pwd", "passcode")
_OWNERS: Final = lexicon(
    "db database user admin root smtp mail email mysql pg postgres sql ftp sftp ssh sudo login "
    "proxy auth redis mongo ldap http basic imap pop account sa my wifi vpn router api cloud "
    "ansible become tesla amqp rabbitmq mqtt jdbc es elastic new old client server service test"
)
_AFTER_PASSWORD: Final = lexicon(
    "value string str text plain plaintext default confirm confirmation confirmed repeat again "
    "new old admin root prod dev staging test production mock hint sample 1 2 literal env var arg"
)
_KEY_OWNERS: Final = lexicon(
    "api access auth secret private service account encryption encrypt decryption signing sign "
    "sig master app application admin client subscription license licence storage shared ssh "
    "session jwt bearer refresh bot user hub consumer security cipher crypto cryptographic aes "
    "des hmac rsa webhook deploy deployment server oauth oauth2 auth0 developer dev partner "
    "merchant payment pay tls ssl vault django flask rails instrumentation ingestion write read "
    "team org organization tenant project personal pat identity id login push fcm gcm apns otp "
    "totp mfa registration runner ci cd build publish upload download invite pre presharedkey "
    "preshared psk wep wpa wireguard validation activation recovery backup bucket integration "
    "agent gateway db database machine node join worker tracking telemetry monitoring analytics "
    "search query firebase dropbox twitter facebook google github gitlab slack aws azure stripe"
)
_PLAIN_SECRETS: Final = lexicon(
    "secret secrets apikey apikeys authtoken accesstoken secretkey accesskey privatekey authkey "
    "credential credentials creds authorization apisecret clientsecret bearer jwt appsecret "
    "apitoken secretaccesskey appkey authsecret sharedsecret consumersecret consumerkey usertoken "
    "bottoken sessiontoken refreshtoken oauthtoken webhooksecret signingkey encryptionkey "
    "masterkey"
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
_TAILS: Final = lexicon(
    "value string str text literal default env var base64 b64 hex prod dev staging test"
)
_VALUES: Final = frozenset(["key", "keys", "token", "tokens", "secret", "secrets"])
_VAGUE: Final = lexicon("key keys token tokens auth cookie cookies otp totp nkey pat csrf sid")
_NOT_KEYS: Final = lexicon(
    "public pub primary foreign sort partition cache dict map row col column index hash object "
    "file s3 state label feature text lookup natural composite model data config keyword i18n "
    "translation field sheet group join idempotency unique candidate super surrogate item "
    "ordering dedup event routing message storage_ registry hot short shortcut press arrow enter "
    "trigger metric tag attr attribute property prop header encrypted wrapped sealed meta context "
    "ctx experiment run job artifact dataset spreadsheet sample seed checkpoint name type id "
    "target source src primarykey param parameter kms host known yubi"
)
_NOT_TOKENS: Final = lexicon(
    "pad eos bos unk mask sep cls next prev page continuation max min num special image video "
    "audio stop start begin end input output prompt completion new special_ first last total "
    "count n sampling text target source src reward logit response string_ word sub vocab target_ "
    "cursor scroll sync csrf xsrf think thinking tool comma lex lexer parser public pagination "
    "nextpage expected"
)
_NOT_LAST: Final = lexicon(
    "id ids name names file files path paths url uri urls endpoint count counts len length size "
    "limit type types hash hashes digest sha md5 sha1 sha256 checksum fingerprint field fields "
    "label column columns format prefix suffix index idx status state ttl expiry expires "
    "expiration expire lifetime validity algorithm alg policy policies strength rule rules regex "
    "pattern error errors message messages placeholder hint title description desc help tooltip "
    "usage budget ratio rate price cost reset required enabled disabled flag mode version class "
    "provider manager store factory service handler callback function method header headers param "
    "params parameter option options config settings form input page screen view button link "
    "changed change history generator validator encoder hasher checker prompt storage ring board "
    "stroke code words word ref refs arn role scope scopes issuer audience dir directory location "
    "date time timestamp created updated bytes bits min max minimum maximum encoding encoded_ "
    "encrypted hashed vault reference selector mapping group attempt attempts retries info source "
    "template query test_ env_ variable attribute attr property pair pairs set list map cache"
)
_NOT_FIRST: Final = lexicon(
    "no not is has use with without forgot forget reset hashed encrypted invalid wrong missing"
)
_UNREAL: Final = lexicon(
    "fake dummy mock mocked example sample bogus invalid non wrong placeholder"
)
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


@lru_cache(8192)
def is_unreal(name: str) -> bool:
    """Whether a name says that its value is made up."""
    return not _UNREAL.isdisjoint(words_of(name[-_LONGEST:]))


def words_of(name: str) -> list[str]:
    """The words of a name in snake case, kebab case or camel case, in lower case."""
    if not name.isascii():
        plain = unicodedata.normalize("NFKD", name)
        name = "".join(char for char in plain if not unicodedata.combining(char))
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
    if _is_known_pair(words) or last in _PLAIN_SECRETS or last.endswith(_SECRET_ENDINGS):
        return Sort.SECRET
    if last in _VALUES and before in _KEY_OWNERS and before not in _NOT_TOKENS:
        is_id = last in {"key", "keys"} and before in {"id", "project"}
        return Sort.VAGUE if is_id else Sort.SECRET
    others = {"key": _NOT_KEYS, "token": _NOT_TOKENS}.get(last.rstrip("s"), frozenset())
    if not others.isdisjoint(words[:-1]):
        return Sort.NOTHING
    is_vague = last in _VAGUE or last.endswith(("key", "token", "secret"))
    return Sort.VAGUE if is_vague else Sort.NOTHING
