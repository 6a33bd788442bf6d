"""Summaries as files in the advisor's folder: kept, listed, taken in from elsewhere, deleted."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from advisor.core.files import write_whole
from advisor.core.parsing import decode, parse_json
from advisor.core.settings import settings
from advisor.core.validation import problems
from advisor.errors import InputError, NotFoundError, Problem
from advisor.logs.summary.summary_record import LogSummary, SummaryProvenance
from advisor.logs.summary.summary_words import headline

LIMIT_MB = 20
"""Size of one summary; also what a browser may upload."""
UNDO_SECONDS = 24 * 3600
"""How long a deleted summary can be brought back."""
TOLD = 10
"""Problems told of one file."""
_ID = re.compile(r"[0-9a-f]{16}")
_NO_SUCH = "There is no such summary. It may have been deleted, or the link is incomplete."


class ListedSummary(NamedTuple):
    """A summary as a list shows it."""

    id: str
    about: SummaryProvenance
    failures: int
    headline: str


def save_summary(summary: LogSummary) -> Path:
    """Keep a summary; the same one again is the same file.

    Raises:
        InputError: the folder cannot be written.
    """
    path = _folder() / f"{summary.id}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"cannot be made: {error.strerror}"
        raise InputError(Problem(str(path.parent), what, "Set ADVISOR_HOME")) from None
    if not path.exists():
        write_whole(path, to_json(summary))
    return path


def to_json(summary: LogSummary) -> bytes:
    """Return a summary as the file that `load_summary` takes."""
    return summary.model_dump_json().encode()


def saved_summaries() -> tuple[ListedSummary, ...]:
    """Return every summary that is kept and can be read, newest first."""
    found = []
    for path in _folder().glob("*.json"):
        with suppress(InputError, OSError):  # another program may have put or taken it there
            found.append(_listed(path, *_state(path)))
    return tuple(sorted(found, key=lambda one: (one.about.finished, one.id), reverse=True))


def load_summary(given: str | bytes) -> LogSummary:
    """Return a kept summary by its id, or read one from the content of a file.

    Raises:
        NotFoundError: no summary has this id.
        InputError: the content is no summary.
    """
    if isinstance(given, bytes):
        return _parsed(given, "summary")
    path = _path(given, ".json")
    try:
        return _kept(path, *_state(path))
    except FileNotFoundError:
        raise NotFoundError(_NO_SUCH) from None


def delete_summary(id: str) -> None:
    """Take a summary off the list; it can be restored for a day, then it is gone.

    Raises:
        NotFoundError: no summary has this id.
    """
    _forget_old()
    path = _path(id, ".json")
    with suppress(FileNotFoundError):
        path.touch()  # the day begins now
    _move(path, _path(id, ".deleted"))


def restore_summary(id: str) -> None:
    """Bring back what `delete_summary` took away.

    Raises:
        NotFoundError: nothing is left of it.
    """
    _move(_path(id, ".deleted"), _path(id, ".json"))


def _move(old: Path, new: Path) -> None:
    try:
        old.replace(new)
    except FileNotFoundError:
        raise NotFoundError(_NO_SUCH) from None


def _forget_old() -> None:
    for path in _folder().glob("*.deleted"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > UNDO_SECONDS:
                path.unlink()


def _folder() -> Path:
    return settings().home / "logs"


def _path(id: str, ending: str) -> Path:
    if not _ID.fullmatch(id):
        raise NotFoundError(_NO_SUCH)
    return _folder() / f"{id}{ending}"


def _state(path: Path) -> tuple[int, int]:
    """Return what changes when a file changes."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _kept(path: Path, _: int, size: int) -> LogSummary:
    _check_size(size, path.name)
    return _parsed(path.read_bytes(), path.name)


@lru_cache(maxsize=1_000)
def _listed(path: Path, changed: int, size: int) -> ListedSummary:
    summary = _kept(path, changed, size)
    return ListedSummary(path.stem, summary.about, summary.failures, headline(summary))


def _check_size(size: int, where: str) -> None:
    if size > LIMIT_MB * 1_000_000:
        what = f"has {size / 1e6:,.0f} MB; the limit is {LIMIT_MB} MB"
        raise InputError(Problem(where, what, "Give the summary, not the log"))


def _parsed(content: bytes, where: str) -> LogSummary:
    _check_size(len(content), where)
    data = parse_json(decode(content, where), where)
    if not isinstance(data, dict) or "about" not in data:
        mend = "Give a file from the folder logs of the advisor that classified it"
        raise InputError(Problem(where, "is not the summary of a log", mend))
    try:
        return LogSummary.model_validate(data)
    except ValidationError as error:
        found = list(problems(error, where, {"": LogSummary.model_fields}))
        raise InputError(found[:TOLD]) from None
