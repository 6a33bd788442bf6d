"""Errors that are safe to show a user.

AdvisorError
├── InputError       something a person gave is wrong; carries one line a problem
├── RuleError        a rule file is wrong
├── NotAllowedError  this person may not do it
├── ModelError       an encoder, classifier or base model is missing or altered
└── StoreError       the database refused
    ├── NotFoundError
    └── ConflictError   somebody else changed it first
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where it is, what it is, and how to mend it."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        return " ".join(f"{self.where}: {self.what}. {self.mend}".split()).strip()


class AdvisorError(Exception):
    """Base of every error whose text may be shown to a user."""


class InputError(AdvisorError):
    """What a person gave is wrong; `problems` holds one entry for each thing to mend."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Keep the problems, sorted so that the same input gives the same text."""
        self.problems = (
            (problems,) if isinstance(problems, Problem) else tuple(sorted(set(problems)))
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RuleError(InputError):
    """A file under `rules/` is wrong."""


class NotAllowedError(AdvisorError):
    """This person may not do what was asked; `why` is one word for programs."""

    def __init__(self, why: str, text: str) -> None:
        """Keep the word and the sentence."""
        self.why = why
        super().__init__(text)


class ModelError(AdvisorError):
    """An encoder, a classifier or a base model is missing, altered or unusable."""


class StoreError(AdvisorError):
    """The database refused what was asked."""


class NotFoundError(StoreError):
    """The thing asked for does not exist, or is not for this person."""


class ConflictError(StoreError):
    """Somebody else changed it first; read again, then repeat."""
