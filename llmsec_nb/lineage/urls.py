"""Whether the addresses of a list still give what they gave when the list was made.

A list of addresses with digests (as those of LAION) trains a model on whatever the addresses give
on the day of the download: domains expire and are bought, contents change (Carlini et al.,
arXiv 2302.10149). The defence is to compare digests. That needs the network, so it is done only
when the user asks; which domains could be bought cannot be told from the list.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ..rules.poisoning.lineage import URL_CHANGED, URL_UNSAFE
from ..training.detector import Suspect
from .listing import Claim, Listing
from .polite import Outcome, Politeness, asked, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..sources.dataset import Table

    Fetch = Callable[[str], Iterable[bytes]]

SAMPLE: Final = 1000
NOT_COVERED: Final = "addresses whose domain has expired and can be bought"


class UrlCheck(Struct, frozen=True, kw_only=True):
    """What came of it. `rows` have an address; `asked` of them were fetched.

    `same` and `changed` gave the recorded bytes or others, `gone` nothing any more, `refused` were
    not asked, `failed` could not be reached, `unreadable` have no digest that is known.
    `changed_rows` and `inward_rows` (at most 100,000) are row numbers; `inward` addresses lead to
    the own files, machine or network. `notes` say what was not done. `suspects`
    are the alerts, whose `key` is the tuple of their row numbers.
    """

    rows: int
    unreadable: int
    inward: int
    inward_rows: tuple[int, ...]
    asked: int = 0
    same: int = 0
    changed: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    changed_rows: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()


def check_urls(
    table: Table,
    url: str,
    digest: str,
    *,
    fetch: Fetch | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    politeness: Politeness | None = None,
) -> UrlCheck:
    """Look at the columns `url` and `digest` (hex of MD5, SHA-1, SHA-256 or SHA-512) of a table.

    With `fetch` (`network.Fetcher()`, or what gives the bytes of an address in pieces and raises
    Refused, Gone or OSError) the addresses of `sample` rows, chosen by hashes, or of all if None,
    are asked. Without it nothing is opened, and a note says so. `unreadable` and `inward` are
    counted in any case.

    Raises DatasetError.
    """
    from ..training.roles import Roles
    from ..training.rows import Rows

    seen = Listing(sample if fetch else 0, seed)
    start = 0
    for batch in table.batches():
        rows = Rows(batch, Roles(url=url, digest=digest), start)
        seen.see(rows.texts(url), rows.texts(digest), start)
        start += len(rows)
    base = UrlCheck(
        rows=seen.rows,
        unreadable=seen.unreadable,
        inward=seen.inward,
        inward_rows=tuple(seen.inward_rows),
        suspects=tuple(_inward(seen, url)),
        notes=("addresses were not fetched and compared: ask for it with --fetch",),
    )
    if fetch is None:
        return base
    claims = seen.chosen()
    outcomes = asked(claims, fetch, politeness or Politeness())
    return _told(base, claims, outcomes, url)


def _inward(seen: Listing, url: str) -> Iterator[Suspect]:
    if seen.inward:
        yield Suspect(
            rule=URL_UNSAFE,
            message=f"addresses that lead to the own files, machine or network: {seen.inward:,}",
            columns=(url,),
            key=tuple(seen.inward_rows),
            rows=seen.inward,
            identity=f"inward {url}: {_hosts(seen.hosts)}",
            trigger=seen.first,
        )


def _hosts(hosts: Iterable[str]) -> str:
    """Hosts as part of an identity: other hosts are another alert."""
    return " ".join(sorted(set(hosts)))


def _told(
    base: UrlCheck, claims: list[Claim], outcomes: dict[tuple[str, str], Outcome], url: str
) -> UrlCheck:
    """The check with what came of the addresses that were asked."""
    import msgspec

    counts: dict[Outcome, int] = dict.fromkeys(Outcome, 0)
    changed = []
    for claim in claims:
        outcome = outcomes[claim.url, claim.digest]
        counts[outcome] += 1
        if outcome is Outcome.CHANGED:
            changed.append(claim)
    number = sum(counts.values()) - counts[Outcome.LEFT]
    suspects = base.suspects + tuple(_changed(changed, number, base, url))
    return msgspec.structs.replace(
        base,
        asked=number,
        same=counts[Outcome.SAME],
        changed=counts[Outcome.CHANGED],
        gone=counts[Outcome.GONE],
        refused=counts[Outcome.REFUSED],
        failed=counts[Outcome.FAILED],
        changed_rows=tuple(claim.row for claim in changed),
        notes=tuple(_notes(base, counts)),
        suspects=suspects,
    )


def _changed(changed: list[Claim], number: int, base: UrlCheck, url: str) -> Iterator[Suspect]:
    hosts = Counter(host_of(claim.url) for claim in changed)
    if changed:
        yield Suspect(
            rule=URL_CHANGED,
            message=f"of {number:,} addresses that were asked, {len(changed):,} gave other bytes "
            f"than were recorded ({base.rows:,} in the list)",
            columns=(url,),
            key=tuple(claim.row for claim in changed),
            rows=len(changed),
            trigger=changed[0].url,
            identity=f"split-view {url}: {_hosts(hosts)}",
            also=[
                host for host, _ in Counter(host_of(claim.url) for claim in changed).most_common(5)
            ],
        )


def _notes(base: UrlCheck, counts: dict[Outcome, int]) -> Iterator[str]:
    compared = counts[Outcome.SAME] + counts[Outcome.CHANGED]
    known = base.rows - base.unreadable
    if compared < known and compared:
        share = min(1.0, 3 / compared)  # the rule of three: (1 - share)^compared < 5 %
        yield (
            f"{compared:,} of {known:,} addresses were compared: changes of less than "
            f"{share:.1%} of them may be missed"
        )
    elif not compared:
        yield "no address could be compared"
    for outcome, what in _LEFT.items():
        if counts[outcome]:
            yield f"addresses that {what}: {counts[outcome]:,}"
    if base.unreadable:
        yield f"addresses without a digest that is known (hex): {base.unreadable:,}"


_LEFT: Final[dict[Any, str]] = {
    Outcome.GONE: "give nothing any more",
    Outcome.REFUSED: "were refused, not public, too large or too slow",
    Outcome.FAILED: "could not be reached",
    Outcome.LEFT: "were not asked, for the time was over",
}
