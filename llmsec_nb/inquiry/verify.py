"""`--verify`: asks the providers whether found credentials are valid. Runs only when told to.

Each distinct value is sent once, in one header, to the one host that issued it, over TLS with its
certificate checked. Proxies, `.netrc` and redirects are not followed. Of the answer only the status
is kept, and whether its beginning holds a known word.
"""

from __future__ import annotations

import http.client
import ssl
import time
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from .. import __version__
from ..core.finding import Skip, Validity, Verification
from ..core.rule import Confidence, Severity
from . import subjects
from .providers import provider_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..core.finding import Finding
    from ..engine import Scanned
    from .providers import Answer, Provider

    Connect = Callable[[str, float], http.client.HTTPConnection]

MOST: Final = 50
"""Values that are sent in one run."""
PAUSE: Final = 1.0
"""Seconds between two requests to one host."""
TIMEOUT: Final = 10.0
_BODY: Final = 65_536
_TOO_MANY: Final = 429


def secured(host: str, timeout: float) -> http.client.HTTPConnection:
    """A connection over TLS, straight to the host."""
    return http.client.HTTPSConnection(host, timeout=timeout, context=ssl.create_default_context())


class Verifier:
    """Adds to each finding what the provider of its value says."""

    def __init__(
        self,
        connect: Connect = secured,
        *,
        announce: Callable[[str], None] = lambda _: None,
        most: int = MOST,
        pause: float = PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`announce` is told, in a line, who is going to be asked."""
        self._connect = connect
        self._announce = announce
        self._most = most
        self._pause = pause
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._silent: dict[str, str] = {}

    def __call__(self, results: Sequence[Scanned]) -> list[Skip]:
        """Ask about every value that a provider can tell something of."""
        found = list(subjects(results))
        values = dict.fromkeys(subject.spellings[0] for subject in found)
        known = [(value, provider) for value in values if (provider := provider_of(value))]
        asked = list(_mixed(known))[: self._most]
        if asked:
            hosts = ", ".join(dict.fromkeys(provider.host for _, provider in asked))
            self._announce(f"asking {hosts} about {len(asked)} found values")
        answers = {value: self._ask(value, provider) for value, provider in asked}
        for subject in found:
            answer = answers.get(subject.spellings[0])
            if answer is not None:
                subject.put(verified(subject.finding, *answer))
        rest = len(known) - len(asked)
        message = f"{rest} values were not verified: a run sends at most {self._most}"
        return [Skip(path="--verify", message=message)] if rest else []

    def _ask(self, value: str, provider: Provider) -> tuple[Verification, bool]:
        """The answer, and whether it is a refusal for good."""
        host = provider.host
        if host in self._silent:
            return _unknown(self._silent[host])
        self._wait(host)
        try:
            status, body = self._request(value, provider)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # Whatever the error's message quotes, only its kind is told.
            self._silent[host] = f"{host} cannot be asked ({type(error).__name__})"
            return _unknown(self._silent[host])
        if status == _TOO_MANY:
            self._silent[host] = f"{host} asks to wait (429)"
            return _unknown(self._silent[host])
        for answer in provider.answers:
            if answer.status == status and _squeezed(answer.says) in body:
                return _told(host, answer)
        return _unknown(f"{host} gave no clear answer ({status})")

    def _wait(self, host: str) -> None:
        """Leave each host its pause."""
        now = time.monotonic()
        start = max(now, self._next.get(host, now))
        if start > now:
            self._sleep(start - now)
        self._next[host] = start + self._pause

    def _request(self, value: str, provider: Provider) -> tuple[int, str]:
        """The status, and the beginning of the body without white space."""
        connection = self._connect(provider.host, TIMEOUT)
        headers = {
            "Host": provider.host,
            "User-Agent": f"llmsec-nb/{__version__}",
            **dict(provider.headers),
            provider.header: provider.scheme + value,
        }
        try:
            connection.request(provider.method, provider.path, headers=headers)
            response = connection.getresponse()
            until = time.monotonic() + TIMEOUT
            body = b""
            while len(body) < _BODY and time.monotonic() < until:
                chunk = response.read1(_BODY)
                if not chunk:
                    break
                body += chunk
            return response.status, _squeezed(body.decode("utf-8", "replace"))
        finally:
            connection.close()


def verified(finding: Finding, verification: Verification, dead: bool) -> Finding:
    """The finding with the answer; `dead` says that no other server may accept the value.

    A valid value leaves no doubt. A dead one was a secret all the same, and its successor will be
    put where it stood: the finding stays, one step less severe, and never below low.
    """
    changes: dict[str, object] = {"verification": verification}
    if verification.validity is Validity.ACTIVE:
        changes["confidence"] = Confidence.HIGH
    elif dead:
        changes["severity"] = _lower(finding.severity)
    return replace(finding, **changes)


def _lower(severity: Severity) -> Severity:
    scale = list(Severity)
    return max(severity, scale[min(severity.rank + 1, Severity.LOW.rank)], key=lambda s: s.rank)


def _told(host: str, answer: Answer) -> tuple[Verification, bool]:
    active = answer.validity is Validity.ACTIVE
    but = f"; {answer.but}" if answer.but else ""
    reason = f"{host} {'accepts' if active else 'refuses'} it ({answer.status}){but}"
    return Verification(validity=answer.validity, reason=reason), not active and not but


def _unknown(reason: str) -> tuple[Verification, bool]:
    return Verification(validity=Validity.UNKNOWN, reason=reason), False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _mixed(known: Iterable[tuple[str, Provider]]) -> Iterator[tuple[str, Provider]]:
    """Turn about between the hosts, so that their pauses pass while others are asked."""
    queues: dict[str, list[tuple[str, Provider]]] = {}
    for value, provider in known:
        queues.setdefault(provider.host, []).append((value, provider))
    turns = chain.from_iterable(zip_longest(*queues.values()))
    return (turn for turn in turns if turn is not None)
