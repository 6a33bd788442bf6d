"""What a user wrote, on a terminal: shown, never obeyed."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from advisor.errors import AdvisorError

_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control letters, with which a terminal is steered
    "\u2028\u2029"  # line ends to some programs
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of what follows
    "\ud800-\udfff]"  # bytes of a file name that are no text
)
Tell = Callable[[int], object]
"""Is told how many are done."""


def visible(text: str) -> str:
    r"""Return `text` with every letter that steers a terminal written out, such as `\x1b`."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """Return `text` on one line, with nothing that steers a terminal."""
    return visible(" ".join(text.split()))


def json_line(record: dict[str, Any]) -> str:
    """Return `record` as one line of JSON that a terminal may show; it reads back the same."""
    text = json.dumps(record, ensure_ascii=False)
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def write_results(text: str) -> None:
    """Write to standard output, at once: a reader may wait for it.

    Raises:
        AdvisorError: the disk is full, or the place is gone.
        BrokenPipeError: the reader has seen enough.
    """
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        why = error.strerror or "the place is gone"
        raise AdvisorError(f"Results cannot be written: {why}. Give another place") from None


def write_message(text: str) -> None:
    """Write lines to standard error."""
    sys.stderr.write("".join(f"{visible(line)}\n" for line in text.split("\n")))


def speak_utf8() -> None:
    """Write UTF-8 wherever the streams lead; what cannot be written is written out."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


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
