"""Files of this machine: refused before reading where they are none, and written in one go."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path
from uuid import uuid4

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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go: it is there with all of `content`, or as it was before.

    Raises:
        InputError: it cannot be written there.
    """
    write_pieces(path, (content,))


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file as `write_whole` does, but with one piece of it in memory at a time.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        _replace(path, pieces)
    except OSError as error:
        where = str(path)
        if os.path.isdir(path):  # a name that is too long is no error to it
            problem = Problem(where, "is a folder", "Add the name of a file")
        elif not os.path.isdir(path.parent):
            problem = Problem(where, "its folder does not exist", "Make the folder first")
        else:
            problem = Problem(where, f"cannot be written: {error.strerror}", "Give another place")
        raise InputError(problem) from None


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    if path.exists() and not path.is_file():  # a device takes what is written, and must stay one
        with path.open("wb") as device:
            device.writelines(pieces)
        return
    path = path.resolve()
    beside = path.with_name(f".advisor-{uuid4().hex}")
    try:
        with beside.open("xb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
