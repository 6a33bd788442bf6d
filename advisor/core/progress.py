"""How far a long command is: on standard error, and only while a person watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
    from rich.console import Console  # heavy: rich
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # heavy: rich
    from rich.progress import TimeRemainingColumn as TimeLeft  # heavy: rich

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeLeft())
    console = Console(stderr=True)
    # Rich would send what is written to standard output to its own console: to standard error
    with Progress(*columns, console=console, redirect_stdout=False, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
