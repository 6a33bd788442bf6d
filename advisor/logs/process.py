"""The process of a long run: alone at its place, ended in order by Ctrl-C, small in memory."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
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


@contextmanager
def stopping() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back until what is given is called; a second one stops at once.

    In the middle of a block it may strike inside a library that makes another error of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    asked = threading.Event()

    def note(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def check() -> None:
        if asked.is_set():
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


_KERNELS = "64"


def keep_few_kernels() -> None:
    """Let oneDNN keep few kernels; call before the first text is encoded."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _KERNELS)


def give_back() -> None:
    """Hand free memory back to the system."""
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """Return what the C library has for it; musl and other systems have nothing."""
    if not sys.platform.startswith("linux"):
        return lambda pad: None
    found: Callable[[int], object] = getattr(ctypes.CDLL(None), "malloc_trim", lambda pad: None)
    return found
