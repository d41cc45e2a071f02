"""DEP007, DEP008, DEP009, DEP013: where packages come from, and over which line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...core.rule import Severity
from .addresses import address_of, is_host, is_loopback
from .rules import dependency, found_at, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.detector import Match
    from .addresses import Address
    from .collect import Found
    from .install import Install
    from .options import Option
    from .requirement import Requirement

EXTRA_INDEX: Final = dependency(
    "DEP007",
    "extra-index",
    "Packages come from several indexes at once",
    Severity.HIGH,
    "pip takes the highest version of any index: whoever registers a private package's name on the public one with a higher version gets it installed (dependency confusion).",
    "Install from one index that mirrors the others (`--index-url` alone), or say for each package which index it comes from (`[tool.uv.sources]`), or pin hashes.",
    cwe=(427,),
    reference="https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url",
    flagged=(
        (
            "%pip install --extra-index-url https://pypi.corp.example/simple corp-tools==1.0",
            ("https://pypi.corp.example/simple",),
        ),
    ),
    clean=("%pip install --index-url https://pypi.corp.example/simple corp-tools==1.0",),
)
PLAIN_HTTP: Final = dependency(
    "DEP008",
    "plain-http-index",
    "Packages come over a connection that anyone on the way can change",
    Severity.HIGH,
    "Over plain http, whoever sits on the network decides what is installed, and so what runs.",
    "Use https.",
    cwe=(319, 494),
    flagged=(("!pip install -i http://pypi.corp.example/simple x==1.0", ("http://",)),),
    clean=(
        "!pip install -i http://localhost:3141/simple x==1.0",
        "!pip install -i https://pypi.corp.example/simple x==1.0",
    ),
)
TRUSTED_HOST: Final = dependency(
    "DEP009",
    "trusted-host",
    "The certificate of the index is not checked",
    Severity.HIGH,
    "`--trusted-host` takes anyone for the index who says so: whoever sits on the network decides what is installed.",
    "Take the option away; a company's own authority goes into `--cert` or the system's store.",
    cwe=(295,),
    flagged=(("!pip install --trusted-host pypi.corp.example x==1.0", ("pypi.corp.example",)),),
    clean=("!pip install --trusted-host localhost x==1.0",),
)
INDEX_CREDENTIALS: Final = dependency(
    "DEP013",
    "index-credentials",
    "The address that packages come from holds a password in clear text",
    Severity.CRITICAL,
    "Whoever reads the notebook, its history or a log of the build can read, and often write, what is on that index or in that repository.",
    "Revoke it. Keep credentials in keyring (`--keyring-provider`), in .netrc, or in a variable of the environment.",
    cwe=(522, 798),
    owasp=("LLM02:2025",),
    atlas=("AML.T0055",),
    flagged=(
        (
            "!pip install -i https://ci:drawn-at-random@pypi.corp.example/simple x==1.0",
            ("drawn-at-random",),
        ),
    ),
    clean=(
        "!pip install -i https://ci:$TOKEN@pypi.corp.example/simple x==1.0",
        "!pip install -i https://ci:{token}@pypi.corp.example/simple x==1.0",
    ),
)
_VENDORS: Final = frozenset(
    {"pytorch.org", "nvidia.com", "vllm.ai", "pyg.org", "abetlen.github.io", "huggingface.github.io",
     "jetson-ai-lab.dev", "jetson-ai-lab.io", "intel.com", "radeon.com", "amd.com", "dgl.ai",
     "flashinfer.ai", "paddlepaddle.org.cn", "openmmlab.com", "tensorflow.org", "mlc.ai", "rapids.ai",
     "pip.repos.neuron.amazonaws.com"}
)  # fmt: skip
"""Domains, each of one owner, below which are builds of public projects."""
_PUBLIC: Final = frozenset({"storage.googleapis.com"})
"""Hosts of such builds that share their domain with others."""
_ADDRESSED: Final = frozenset(
    {
        "--index-url",
        "--extra-index-url",
        "--index",
        "--find-links",
        "--requirement",
        "--constraint",
    }
)
_UNSAFE: Final = frozenset({"unsafe-best-match", "unsafe-first-match"})


def indexes(found: Found) -> Iterator[tuple[int, Match]]:
    """What is wrong with the indexes of each command, and with the addresses of packages."""
    for install in found.installs:
        for option in install.options:
            for match in _of_option(install, option):
                yield found.unit.number, match
        for each in install.requirements:
            for match in _of_requirement(each):
                yield found.unit.number, match


def _of_option(install: Install, option: Option) -> Iterator[Match]:
    whole = option.start, option.end
    if option.name == "--trusted-host":
        host = option.value.partition(":")[0]
        if not is_loopback(host):
            message = f"{_shown(host)} is believed without a certificate"
            yield found_at(TRUSTED_HOST, whole, message, label=_label(host))
    elif option.name == "--index-strategy" and option.value in _UNSAFE:
        yield found_at(EXTRA_INDEX, whole, "versions of all indexes are mixed", label=option.value)
    elif option.name in _ADDRESSED:
        for start, text in _parts(option.value):
            address = address_of(text)
            is_exact = len(option.value) == option.end - option.start
            at = _Place(option.start + start, option.end, is_exact=is_exact)
            if address is not None:
                yield from _of_address(address, at)
            if option.name == "--extra-index-url" and not (address and address.is_local):
                yield _extra(install, option, address, at)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Several addresses may stand in one value, blanks between them."""
    place = 0
    for part in text.split(" ")[:20]:
        if part:
            yield place, part
        place += len(part) + 1


class _Place:
    """From the characters of a value to those of the unit."""

    def __init__(self, start: int, end: int, *, is_exact: bool) -> None:
        self.start = start
        self.end = end
        self.is_exact = is_exact

    def span(self, start: int, end: int) -> tuple[int, int]:
        if not self.is_exact:
            return self.start, self.end
        return self.start + start, self.start + end


def _extra(install: Install, option: Option, address: Address | None, at: _Place) -> Match:
    host = address.host.lower() if address is not None else ""
    span = at.span(*address.span) if address is not None else (option.start, option.end)
    is_public = _is_public(host)
    severity = Severity.LOW if is_public or install.tool == "uv" else None
    if is_public:
        message = f"{host} publishes builds of public projects; still, any name on it wins by a higher version"
    elif install.tool == "uv":
        message = f"packages come from {_shown(host)} and from PyPI, the first that has the name"
    elif host in {"pypi.org", "pypi.python.org"}:
        message = "PyPI is searched, too: a higher version there wins over the private one"
    else:
        message = (
            f"packages come from {_shown(host)} or from PyPI, whichever has the higher version"
        )
    return found_at(EXTRA_INDEX, span, message, severity=severity, label=_label(host))


def _is_public(host: str) -> bool:
    """Whether a host, or a domain that it lies below, publishes builds of public projects."""
    labels = host.rstrip(".").split(".")
    domains = {".".join(labels[place:]) for place in range(len(labels))}
    return host in _PUBLIC or not _VENDORS.isdisjoint(domains)


def _of_requirement(each: Requirement) -> Iterator[Match]:
    address = address_of(each.url) if each.url else None
    if address is None:
        return
    shift = each.url_start
    is_exact = bool(shift or not each.start) and shift + len(each.url) <= each.end
    if not is_exact and shift and each.url.startswith("git+"):
        # In a table, the address stands without the `git+` that was put before it.
        shift -= len("git+")
        is_exact = shift + address.end <= each.end
    place = _Place(shift if is_exact else each.start, each.end, is_exact=is_exact)
    yield from _of_address(address, place)


def _of_address(address: Address, at: _Place) -> Iterator[Match]:
    host = _shown(address.host)
    if address.is_plain:
        scheme = at.span(address.start, address.scheme_end)
        yield found_at(
            PLAIN_HTTP,
            scheme,
            f"{host} is asked without encryption",
            label=f"{address.scheme}://{_label(address.host)}",
        )
    if address.secret is not None:
        yield found_at(
            INDEX_CREDENTIALS, at.span(*address.secret), f"credentials for {host}", rank=1
        )


def _label(host: str) -> str:
    """A host as a finding may show it; empty for what is none."""
    return host if is_host(host) else ""


def _shown(host: str) -> str:
    return plain(host, "another host") if is_host(host) else "another host"
