"""One run at a time writes to a place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from advisor.errors import InputError, Problem


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep other runs from `folder` meanwhile; a run that is killed lets go of it.

    Raises:
        InputError: another run is at work there, or the place cannot be written.
    """
    lock = FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0)
    _take(lock, folder)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows deletes it by itself, and not before it is let go
            Path(lock.lock_file).unlink()
        lock.release()


def _take(lock: FileLock, folder: Path) -> None:
    try:
        folder.parent.lstat()  # the lock would make a folder that is missing
        lock.acquire()
    except Timeout:
        mend = "Wait until it ends, stop it, or give another --out"
        raise InputError(Problem(str(folder), "is in use by another run", mend)) from None
    except OSError as error:
        mend = "Give a place for --out that exists and can be written"
        what = f"cannot be made: {error.strerror}"
        raise InputError(Problem(str(folder), what, mend)) from None
