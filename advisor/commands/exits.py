"""How commands end, and the question before something that cannot be taken back or costs."""

from __future__ import annotations

import sys

from advisor.core.terminal import one_line

DONE, NO, WRONG_INPUT, INTERRUPTED = 0, 1, 2, 130
NOT_ASKED = "Nothing was asked. In a script, add --yes."


def agreed(question: str) -> bool:
    """Ask on standard error, and tell whether a person says yes."""
    return reply(f"{one_line(question)} [y/N] ") in {"y", "yes"}


def reply(question: str) -> str:
    """Ask on standard error, and return what a person says, in small letters."""
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold()
