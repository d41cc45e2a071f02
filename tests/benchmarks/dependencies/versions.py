"""Every version that advisories name, and every other version of the same packages: right or wrong.

    python -m tests.benchmarks.dependencies.versions DIRECTORY

DIRECTORY holds records of OSV, such as `vulns` of pypa/advisory-database. A version that is in no
list but in a range is counted apart: ranges without an end go beyond the lists.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from llmsec_nb.advisories import Database
from llmsec_nb.advisories.readers import records
from llmsec_nb.advisories.record import Osv
from llmsec_nb.advisories.update import update
from llmsec_nb.advisories.versions import canonical, normalized


def counts(source: Path, database: Database) -> Counter[str]:
    """How many pairs of advisory and version are judged in which way."""
    listed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    versions: dict[str, set[str]] = defaultdict(set)
    for record in records(source):
        if not isinstance(record, Osv):
            continue
        for one in record.affected:
            if one.package is None:
                continue
            name = normalized(one.package.name)
            versions[name] |= set(one.versions)
            if not record.withdrawn:
                listed[name][record.id] |= {canonical(version) for version in one.versions}
    found: Counter[str] = Counter()
    for name, known in versions.items():
        for version in known:
            said = {advisory.id for advisory in database.query(name, version)}
            for record_id, own in listed[name].items():
                is_listed = canonical(version) in own
                is_said = record_id in said
                word = ("right" if is_said else "MISSED") if is_listed else ""
                found[word or ("only in a range" if is_said else "rightly silent")] += 1
    return found


def main() -> None:
    """Fill a database, ask it, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("directory", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "advisories.sqlite"
        started = time.process_time()
        status = update(options.directory, path).status
        print(f"{status.records:,} records in {time.process_time() - started:.1f} s")
        database = Database(path)
        started = time.process_time()
        found = counts(options.directory, database)
        spent = time.process_time() - started
        database.close()
    for word, count in found.most_common():
        print(f"{count:9,}  {word}")
    print(f"{found.total():,} pairs in {spent:.1f} s")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Shows the text above as it stands."""


if __name__ == "__main__":
    main()
