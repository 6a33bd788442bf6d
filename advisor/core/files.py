"""Files written in one go: there whole, or as they were before."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from advisor.errors import InputError, Problem


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
