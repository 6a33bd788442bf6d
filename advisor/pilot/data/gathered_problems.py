"""All that is wrong with several files, told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from advisor.errors import InputError, Problem

_Item = TypeVar("_Item")
_Got = TypeVar("_Got")


class GatheredProblems:
    """Goes on after a problem, so that all of them are told at once."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        """Begin with problems that are known."""
        self.problems = list(problems)

    def get(self, make: Callable[[], _Got], otherwise: _Got) -> _Got:
        """Return what `make` gives, or note its problems."""
        try:
            return make()
        except InputError as error:
            self.problems += error.problems
            return otherwise

    def each(self, make: Callable[[_Item], _Got], items: Iterable[_Item]) -> list[_Got]:
        """Return what `make` gives for each item that it does not refuse."""
        made: list[_Got] = []
        for item in items:
            self.get(lambda item=item: made.append(make(item)), None)  # type: ignore[misc]
        return made

    def check(self) -> None:
        """Raise what was noted.

        Raises:
            InputError: something was.
        """
        if self.problems:
            raise InputError(self.problems)
