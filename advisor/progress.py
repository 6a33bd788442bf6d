"""How far a long command is: on standard error, and only while a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from advisor.assessment import FailureReading
from advisor.failures.classifier import Classifier
from advisor.proposal import Failure
from advisor.vocabulary import Mode

STEP = 256
"""Failures read before the next sign of life."""

Tell = Callable[[int], object]
"""Is told how many are done."""


@contextmanager
def progress(what: str, total: int, prints: bool) -> Iterator[Tell]:
    """Draw how many of `total` are done and the time left; give what is told how many are.

    Args:
        what: what is done, in a word.
        total: how many there are.
        prints: whether results are printed meanwhile; on the same terminal they would be torn
            apart, and show how far it is themselves.
    """
    if not sys.stderr.isatty() or (prints and sys.stdout.isatty()):
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    console = Console(stderr=True)
    # Rich would send what is written to standard output to its own console: to standard error
    with Progress(*columns, console=console, redirect_stdout=False, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


class Followed(Classifier):
    """A classifier that tells how many failures it has read."""

    def __init__(self, classifier: Classifier, tell: Tell) -> None:
        """Read with `classifier`, and `tell` after every step."""
        self._classifier = classifier
        self._tell = tell
        self.fingerprint = classifier.fingerprint
        self.version = classifier.version

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order; failures have ids."""
        return tuple(self.each(failures, corrections))

    def each(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> Iterator[FailureReading]:
        """Yield the readings as they come."""
        for start in range(0, len(failures), STEP):
            step = failures[start : start + STEP]
            yield from self._classifier.read(step, corrections)
            self._tell(start + len(step))
