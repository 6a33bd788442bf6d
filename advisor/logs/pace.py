"""How far a long run is: rows, rows a second, time left, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from advisor.core.terminal import write_message

EVERY = 30
"""Seconds between two lines where no terminal draws a bar."""

Show = Callable[[float, str], object]
"""Is given the share that is done, 0 to 1, and the same in words."""


@dataclass
class LogPace:
    """Counts what is done; what an earlier run did is not counted into the speed."""

    show: Show
    share: float = 0.0
    rows: int = 0
    _share_before: float = 0.0
    _rows_before: int = 0
    _since: float = field(default_factory=time.monotonic)

    def skip(self, share: float, rows: int) -> None:
        """Note what an earlier run did."""
        self.share += share
        self.rows += rows
        self._share_before += share
        self._rows_before += rows

    def add(self, share: float, rows: int) -> None:
        """Note what was done now."""
        self.share += share
        self.rows += rows
        self.show(self.share, self.text(time.monotonic() - self._since))

    def text(self, seconds: float) -> str:
        """Return how far it is after so many seconds of this run."""
        speed = (self.rows - self._rows_before) / max(seconds, 1e-3)
        share = self.share - self._share_before
        left = seconds * max(0.0, 1 - self.share) / share if share else 0.0
        told = f"{self.rows:,} rows, {speed:,.0f} a second"
        return f"{told}, {_duration(left)} left" if left >= 1 else told


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}"


@contextmanager
def pace(prints: bool) -> Iterator[LogPace]:
    """Follow a run: a bar on a terminal, else a line now and then.

    Args:
        prints: whether results are printed meanwhile; on the same terminal they would be torn
            apart, and show how far it is themselves.
    """
    if not sys.stderr.isatty():
        yield LogPace(_PaceLines().show)
    elif prints and sys.stdout.isatty():
        yield LogPace(lambda share, text: None)
    else:
        from rich.console import Console  # heavy: rich
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # heavy: rich

        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}"))
        console = Console(stderr=True)
        # Rich would send what is written to standard output to its own console
        with Progress(*columns, console=console, redirect_stdout=False, transient=True) as bar:
            task = bar.add_task("Reading", total=1.0)
            yield LogPace(lambda share, text: bar.update(task, completed=share, description=text))


class _PaceLines:
    def __init__(self) -> None:
        self._last = time.monotonic()

    def show(self, share: float, text: str) -> None:
        if time.monotonic() - self._last >= EVERY:
            self._last = time.monotonic()
            write_message(f"{share:.0%}: {text}")
