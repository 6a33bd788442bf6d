"""Failures that are added, typed, found and left out, and how far reading them is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from advisor.errors import InputError, Problem
from advisor.importing import Import, Rejected, distinct, neutralise
from advisor.presentation.wording import counted
from advisor.proposal import FAILURE_LIMIT, Failure, problems_of

if TYPE_CHECKING:
    pass


def joined(old: Sequence[Failure], new: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return `old` with `new` behind; a new one with an id that is taken gets another.

    Raises:
        InputError: together they are too many.
    """
    if (total := len(old) + len(new)) > FAILURE_LIMIT:
        what = f"there would be {total:,}; the limit is {FAILURE_LIMIT:,}"
        raise InputError(Problem("failures", what, "Add fewer, or remove some first"))
    taken = {failure.id or "" for failure in old}
    named, place = [], len(old)
    for failure in new:
        while not failure.id:
            place += 1
            if f"f{place}" not in taken:
                failure = failure.model_copy(update={"id": f"f{place}"})
        named.append(failure)
    return (*old, *distinct(named, taken)[0])


def put_back(before: Sequence[Failure], now: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return `now` with the failures that were there `before` and are gone, each in its place."""
    here = {failure.id: failure for failure in now}
    old = [here.pop(failure.id, failure) for failure in before]
    return (*old, *here.values())


def without(failures: Sequence[Failure], id: str) -> tuple[Failure, ...]:
    """Return the failures but one."""
    return tuple(failure for failure in failures if failure.id != id)


def replaced(failures: Sequence[Failure], new: Failure) -> tuple[Failure, ...]:
    """Return the failures with the one that has the id of `new` changed to it."""
    return tuple(new if failure.id == new.id else failure for failure in failures)


def holding(failures: Sequence[Failure], words: str) -> list[Failure]:
    """Return the failures that hold every word, in any of their texts and whatever its case."""
    wanted = words.casefold().split()
    if not wanted:
        return list(failures)
    texts = (
        (failure, " ".join(text for _, text in failure if text).casefold()) for failure in failures
    )
    return [failure for failure, text in texts if all(word in text for word in wanted)]


def typed(rows: Iterable[Mapping[str, object]]) -> tuple[Failure, ...]:
    """Return the failures typed into a table; empty rows are none.

    Raises:
        InputError: one problem for each row that is wrong.
    """
    failures: list[Failure] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows, start=1):
        given = {name: str(value) for name, value in row.items() if value and str(value).strip()}
        try:
            failures += [Failure.model_validate(given)] if given else []
        except ValidationError as error:
            problems += problems_of(error, f"row {place}")
    if problems:
        raise InputError(problems)
    return tuple(failures)


def rejected_csv(rejected: Iterable[Rejected]) -> str:
    """Return the rows that could not be read as CSV; formulas are neutralised."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["line", "reason"])
    writer.writerows([row.line, neutralise(row.reason)] for row in rejected)
    return buffer.getvalue()


def reading_words(total: int, left: int, spent: float) -> str:
    """Say how far reading is, and how long it will take; `spent` in seconds."""
    done = total - left
    words = f"Reading the failures: {done:,} of {total:,}."
    if not done:
        return words
    seconds = max(1, round(spent / done * left))
    amount = counted(seconds, "second") if seconds < 90 else f"{seconds / 60:.0f} minutes"
    return f"{words} About {amount} left."


def columns_used(table: Import, labels: Mapping[str, str]) -> str:
    """Say which column was read as what, and which was not used; empty if there are no columns."""
    used = [f"{labels[field]}: {column}" for field, column in table.mapping.items()]
    rest = [item.name for item in table.columns if item.name not in table.mapping.values()]
    return ". ".join([*used, *([f"Not used: {', '.join(rest)}"] if used and rest else [])])
