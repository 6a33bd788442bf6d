"""Every single byte of every column of every row of a trail, changed one at a time: all are found.

python -m benchmarks.tampering [--count 1000] [--flips 1 128]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from advisor.domain.trail import START, TrailEntry, TrailHead, row_of
from advisor.review.audit.chain import fault_of
from benchmarks.trail import chain


def changes(value: Any, flip: int) -> Iterator[Any]:
    """Yield a value with each of its bytes changed in turn; a number is written in decimal."""
    raw = str(value).encode()
    for place, byte in enumerate(raw):
        if isinstance(value, int):
            other = 48 + (byte - 48 + 1 + flip % 9) % 10
            yield int(raw[:place] + bytes([other]) + raw[place + 1 :])
        else:
            changed = raw[:place] + bytes([byte ^ flip]) + raw[place + 1 :]
            yield changed.decode(errors="surrogateescape")


def found(head: TrailHead, row: TrailEntry, name: str, value: Any) -> bool:
    """Tell whether a row with another value in a column is seen to be wrong behind `head`."""
    changed = row_of(dict(row) | {name: value})
    return not isinstance(changed, TrailEntry) or fault_of(head, changed) is not None


def main() -> None:
    """Print how many bytes of each column were changed, and how many of these were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000, help="rows")
    parser.add_argument("--flips", type=int, nargs="*", default=[1, 128], help="bits to flip")
    given = parser.parse_args()
    tried, seen = Counter[str](), Counter[str]()
    head, begin = START, time.perf_counter()
    for row in chain(given.count):
        for name, value in row:
            for flip in given.flips:
                for other in changes(value, flip) if value is not None else ():
                    tried[name] += 1
                    seen[name] += found(head, row, name, other)
        head = TrailHead(row.seq, row.hash)
    print("| column | bytes changed | found |\n|---|---:|---:|")
    for name in sorted(tried):
        print(f"| {name} | {tried[name]:,} | {seen[name]:,} |")
    spent = time.perf_counter() - begin
    print(f"| all | {tried.total():,} | {seen.total():,} |\n\n{given.count:,} rows, {spent:.0f} s")


if __name__ == "__main__":
    main()
