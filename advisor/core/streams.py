"""Bytes of a file, packed or not, line by line."""

from __future__ import annotations

import gzip
import weakref
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

from advisor.core.files import plain_size, readable

LINE_LIMIT = 16_000_000
"""Bytes in one line; a longer one is passed over and reported. The longest text fits, escaped."""


class RawLine(NamedTuple):
    """One line with its end; `raw` holds what was kept of it."""

    number: int
    raw: bytes
    end: int
    too_long: bool = False


class Stream:
    """An open file, which is unpacked while it is read if its name ends in .gz."""

    def __init__(self, path: Path) -> None:
        """Open `path`.

        Raises:
            InputError: it is missing, unreadable, not a plain file, or empty.
        """
        self._size = plain_size(path)
        with readable(path):
            self._raw = path.open("rb")
        packed = path.suffix.lower() == ".gz"
        self._file = BufferedReader(gzip.GzipFile(fileobj=self._raw)) if packed else self._raw
        self._path = path
        self._closing = weakref.finalize(self, _close, self._file, self._raw)

    def seek(self, place: int) -> None:
        """Go to a byte of the unpacked content; backwards is slow in a packed file."""
        with readable(self._path):
            if self._file.tell() != place:
                self._file.seek(place)

    def head(self, size: int) -> bytes:
        """Return the first bytes to the end of a line, and two lines even where these are long."""
        most = size + 2 * LINE_LIMIT
        with readable(self._path):
            self._file.seek(0)
            found = rest = self._file.read(size)
            while rest and size <= len(found) < most and not _ends_two_lines(found):
                rest = self._file.readline(LINE_LIMIT + 1)
                found += rest
        return found

    def lines(self, start: int, number: int) -> Iterator[RawLine]:
        """Yield the lines from byte `start` on; the first has the given number."""
        self.seek(start)
        place = start
        with readable(self._path):
            while raw := self._file.readline(LINE_LIMIT + 1):
                too_long = len(raw) > LINE_LIMIT
                place += len(raw) + (self._rest(raw) if too_long else 0)
                yield RawLine(number, raw[:LINE_LIMIT] if too_long else raw, place, too_long)
                number += 1

    def _rest(self, raw: bytes) -> int:
        """Pass over the rest of a line; return its length."""
        passed = 0
        while raw and not raw.endswith(b"\n"):
            raw = self._file.readline(LINE_LIMIT + 1)
            passed += len(raw)
        return passed

    def share(self) -> float:
        """Return the share of the file that is behind, 0 to 1."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Close the file; it also closes when nobody needs it any longer."""
        self._closing()


def _ends_two_lines(head: bytes) -> bool:
    return head.endswith(b"\n") and head.count(b"\n") > 1


def _close(*files: BinaryIO) -> None:
    for file in files:
        file.close()
