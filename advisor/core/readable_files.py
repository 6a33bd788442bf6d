"""Files that can be read: what is none, empty or too large is refused before anything is read."""

from __future__ import annotations

import gzip
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

from advisor.core.text import shown
from advisor.errors import InputError, Problem

MEGABYTE = 1_000_000
FILE_LIMIT = 20 * MEGABYTE
"""Bytes of a file that is read at once."""
_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


def read_path(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """Return the bytes of `path`, whose size is checked before anything is read.

    Raises:
        InputError: the file is missing, unreadable, not a plain file, empty or over the limit.
    """
    plain_size(path, limit)
    with readable(path):
        return path.read_bytes()


def plain_size(path: Path, limit: float = inf) -> int:
    """Return the size of a plain file that holds something.

    Raises:
        InputError: it is none or over the limit, or may not be looked at.
    """
    where, mend = shown(str(path)), "Give the path of a file"
    with readable(path):
        found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise InputError(Problem(where, "is a folder", mend))
    if not stat.S_ISREG(found.st_mode):
        raise InputError(Problem(where, "is not a plain file", mend))
    check_size(where, found.st_size, limit)
    return found.st_size


def check_size(where: str, size: int, limit: float = FILE_LIMIT) -> None:
    """Refuse an empty or an oversized file.

    Raises:
        InputError: with the size and the limit.
    """
    if size == 0:
        raise InputError(Problem(where, "is empty", "Choose a file that holds something"))
    if size > limit:
        what = f"has {size / MEGABYTE:,.1f} MB; the limit is {limit // MEGABYTE} MB"
        raise InputError(Problem(where, what, "Split it, or keep a sample of the rows"))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in plain words why a file cannot be looked at or read."""
    try:
        yield
    except _DAMAGED:
        problem = "is damaged: it cannot be unpacked", "Pack it again, or give it unpacked"
    except (FileNotFoundError, NotADirectoryError):
        problem = "no such file", "Check the path"
    except PermissionError:
        problem = "may not be read", "Ask for the right to read it"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "the name cannot be used"
        problem = f"cannot be read: {why}", "Check the path and that you may read it"
    else:
        return
    raise InputError(Problem(shown(str(path)), *problem))
