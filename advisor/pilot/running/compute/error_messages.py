"""Why an arm failed, in plain words with the mend."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass

from advisor.core.terminal import one_line
from advisor.errors import AdvisorError

_LENGTH = 500


@dataclass(frozen=True)
class ErrorKind:
    """One kind of error."""

    is_it: Callable[[BaseException], bool]
    words: Callable[[BaseException], str]


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"


def _full(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


ERROR_KINDS = (
    ErrorKind(lambda error: isinstance(error, AdvisorError), str),
    ErrorKind(_full, lambda _: "The disk is full. Free some space, then start the pilot again."),
    ErrorKind(
        _out_of_memory,
        lambda _: "Memory ran out. Use a smaller base model, shorter cases or a larger machine.",
    ),
    ErrorKind(
        lambda error: True,
        lambda error: (
            f"It ended unexpectedly ({type(error).__name__}: {error}). "
            "The log of the worker says more."
        ),
    ),
)


def words_for(error: BaseException) -> str:
    """Return why something failed, for people, on one line."""
    found = next(kind for kind in ERROR_KINDS if kind.is_it(error))
    return one_line(found.words(error))[:_LENGTH]


def words_for_exit(code: int) -> str:
    """Return why a computing process ended by itself."""
    if code in {-9, 137}:
        return (
            "The system ended it, most likely because memory ran out. "
            "Use a smaller base model, shorter cases or a larger machine."
        )
    return f"The process that computes ended by itself (code {code}). The log says more."
