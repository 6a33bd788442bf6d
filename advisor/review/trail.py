"""The audit trail: rows that each carry the hash of the row before, and how they are checked.

The hash of a row is the SHA-256 of its canonical JSON (sorted names, no spaces, UTF-8, no
fractions) with the hash of the row before in it, so `jq -cS 'del(.hash)'` and `sha256sum` check an
export without this program.

What a chain does: a row that is changed, taken out, put in or moved no longer fits its neighbours,
and the first one is named. What it cannot do:

- See rows cut off its end: what is left is a whole chain. Only a head that was written down
  elsewhere (an anchor) shows it.
- Stop whoever owns the database *and* every anchor from writing the whole chain anew. Keep anchors
  where that person cannot write: in mail, in another team's repository, on paper.
- Tell whether what was written down was true, or that something was never written down.

The trail holds ids, never names or addresses, so that a person can be forgotten without breaking
the chain; nothing here can tell the two apart, so whoever records an event must.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, ValidationError

from advisor.complaints import problems
from advisor.errors import InputError
from advisor.proposal import Strict, Text, digest
from advisor.review.detail import detail_text

GENESIS = "0" * 64
"""What the first row carries instead of the hash of a row before."""
LARGEST = 2**31 - 1
"""The largest number of a row."""


def _shaped(pattern: str, what: str) -> AfterValidator:
    shape = re.compile(pattern)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise ValueError(what)
        return value

    return AfterValidator(check)


Sha = Annotated[str, _shaped("[0-9a-f]{64}", "is no SHA-256")]
Time = Annotated[str, _shaped(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{6}\+00:00", "is no time in UTC")]
Action = Annotated[str, _shaped("[a-z][a-z0-9_.-]{0,59}", "is no name of an action")]
Count = Annotated[int, Field(ge=1, le=LARGEST)]


@dataclass(frozen=True)
class Event:
    """Something that is to be recorded."""

    action: str
    """What happened: small letters, such as `version.saved` or `pilot.approved`."""
    actor: str
    """Id of who did it; never a name."""
    role: str = ""
    """The role that was checked; empty where none was."""
    proposal: str | None = None
    version: int | None = None
    content: str | None = None
    """SHA-256 of the content it is about."""
    rules: str | None = None
    """SHA-256 of the rules in force."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """More about it: texts, whole numbers, yes or no, lists and groups of these; no fractions."""


class Row(Strict, strict=True):
    """One row of the trail."""

    seq: Count
    at: Time
    actor: Annotated[Text, Field(min_length=1, max_length=200)]
    role: Annotated[Text, Field(max_length=40)]
    action: Action
    proposal: Annotated[Text, Field(max_length=40)] | None
    version: Count | None
    content: Sha | None
    rules: Sha | None
    detail: str
    """Canonical JSON, as text."""
    prev: Sha
    hash: Sha

    @property
    def digest(self) -> str:
        """What `hash` must be."""
        return digest({name: value for name, value in self if name != "hash"})


class Unreadable(NamedTuple):
    """Something that stands where a row should be."""

    what: str


class Head(NamedTuple):
    """The last row of a trail, which stands for all before it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return it as anchors are written: `1000:ab12…`."""
        return f"{self.seq}:{self.hash}"


START = Head(0, GENESIS)
"""The head of a trail without rows."""


class Fault(NamedTuple):
    """The first row that is wrong, and what is wrong with it."""

    seq: int
    what: str

    def __str__(self) -> str:
        """Return it as one sentence."""
        return f"Broken at row {self.seq:,}: {self.what}."


class Checked(NamedTuple):
    """How far a trail is intact, and the first fault if there is one."""

    head: Head
    fault: Fault | None


def follow(head: Head, event: Event, at: datetime) -> Row:
    """Return the row that records `event` after `head`.

    Raises:
        InputError: the event holds what the trail does not take.
    """
    fields = {name: getattr(event, name) for name in Event.__dataclass_fields__}
    fields |= {"detail": detail_text(event.detail), "at": stamp(at)}
    fields |= {"seq": head.seq + 1, "prev": head.hash, "hash": GENESIS}
    try:
        row = Row.model_validate(fields)
    except ValidationError as error:
        raise InputError(problems(error, "trail", {})) from None
    return row.model_copy(update={"hash": row.digest})


def stamp(at: datetime) -> str:
    """Return an instant as the trail writes it: UTC, always of the same length, so it sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_of(fields: Mapping[str, Any]) -> Row | Unreadable:
    """Read a row back, from wherever it was kept."""
    try:
        return Row.model_validate(dict(fields))
    except ValidationError as error:
        first = min(problems(error, "it", {}))
        return Unreadable(f"{first.where.removeprefix('it.')} {first.what}")


def check(rows: Iterable[Row | Unreadable], anchor: Head | None = None) -> Checked:
    """Follow a trail from its first row to the first fault; one row is in memory at a time.

    Args:
        rows: all of them, in order.
        anchor: a head that was written down elsewhere; without it a cut tail is not seen.
    """
    head = START
    for row in rows:
        if what := _fault(head, row, anchor):
            return Checked(head, Fault(head.seq + 1, what))
        assert isinstance(row, Row)
        head = Head(row.seq, row.hash)
    if anchor and anchor.seq > head.seq:
        cut = anchor.seq - head.seq
        what = f"it is missing, and so are all rows to {anchor.seq:,}, which the anchor names"
        return Checked(head, Fault(head.seq + 1, what if cut > 1 else "it is missing"))
    return Checked(head, None)


def _fault(head: Head, row: Row | Unreadable, anchor: Head | None) -> str | None:
    if isinstance(row, Unreadable):
        return f"it cannot be read: {row.what}"
    if found := next((words for wrong, words in _FAULTS if wrong(head, row)), None):
        return found(head, row)
    if anchor and anchor.seq == row.seq and anchor.hash != row.hash:
        return "its hash is not the one of the anchor: the trail was written anew"
    return None


def _before(head: Head) -> str:
    return f"row {head.seq:,}" if head.seq else "the beginning"


_FAULTS: tuple[tuple[Callable[[Head, Row], bool], Callable[[Head, Row], str]], ...] = (
    (
        lambda head, row: row.seq <= head.seq,
        lambda head, row: f"a row with the number {row.seq:,} stands in its place",
    ),
    (
        lambda head, row: row.seq > head.seq + 1,
        lambda head, row: f"it is missing: row {row.seq:,} follows {_before(head)}",
    ),
    (
        lambda head, row: row.hash != row.digest,
        lambda head, row: "its content does not fit its hash: something in it was changed",
    ),
    (
        lambda head, row: row.prev != head.hash,
        lambda head, row: f"it was written after something other than {_before(head)}",
    ),
)
"""What can be wrong with a row that can be read, in the order in which it is told."""
