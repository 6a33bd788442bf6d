"""Bytes of a file on this machine, for the command line."""

from __future__ import annotations

import stat
from pathlib import Path

from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.importing.tables.cell_text import check_size
from advisor.importing.tables.import_result import FILE_LIMIT


def read_path(path: Path, limit: int = FILE_LIMIT) -> bytes:
    """Return the bytes of `path`, whose size is checked before anything is read.

    Raises:
        InputError: the file is missing, unreadable, not a plain file, empty or over the limit.
    """
    where = shown(str(path))
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Problem(where, "is not a file", "Give the path of one file"))
        check_size(where, status.st_size, limit)
        return path.read_bytes()
    except (OSError, ValueError):
        raise InputError(
            Problem(where, "cannot be opened", "Check the path and that you may read it")
        ) from None
