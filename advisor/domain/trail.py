"""The audit trail: rows that each carry the hash of the row before.

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

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field, ValidationError

from advisor.core.strict import Strict, canonical
from advisor.core.validation import problems
from advisor.errors import InputError, Problem
from advisor.proposal import Text

DETAIL_LIMIT = 20_000
"""Characters of one detail as JSON."""
_DEPTH = 20
_LARGEST = 2**53 - 1  # beyond it other programs round whole numbers
_HALF = re.compile("[\ud800-\udfff]")


def detail_text(detail: dict[str, Any]) -> str:
    """Return a detail as canonical JSON; control characters are written out.

    Raises:
        InputError: it holds what the trail does not take, or too much.
    """
    problem = next(_problems(detail, "trail.detail", 0), None)
    if problem:
        raise InputError(problem)
    text = canonical(detail)
    if len(text) > DETAIL_LIMIT:
        what = f"has {len(text):,} characters; the limit is {DETAIL_LIMIT:,}"
        raise InputError(Problem("trail.detail", what, "Keep the text elsewhere, its SHA-256 here"))
    return text


def _problems(value: Any, where: str, depth: int) -> Iterator[Problem]:
    if depth > _DEPTH:
        yield Problem(where[:200], "is nested too deeply", "Make it flat")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _no_key(name, where)
            yield from _problems(item, f"{where}.{name}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value, start=1):
            yield from _problems(item, f"{where}.#{place}", depth + 1)
    elif not _is_plain(value):
        what = "is not a text, a whole number that every program can read, yes or no, or nothing"
        yield Problem(where[:200], what, "Write it as a text")


def _no_key(name: Any, where: str) -> Iterator[Problem]:
    if not isinstance(name, str) or _HALF.search(name):
        yield Problem(where[:200], "has a name that is no plain text", "Name it in plain text")


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return not _HALF.search(value)
    if isinstance(value, int):  # yes and no are whole numbers to Python
        return abs(value) <= _LARGEST
    return value is None


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
Action = Annotated[str, _shaped("[a-z][a-z0-9_.-]{0,59}", "is no name of an action")]
Short = Annotated[Text, _shaped("(?s).{0,40}", "has more than 40 characters")]
Count = Annotated[int, Field(ge=1, le=LARGEST)]
Kept = Annotated[str, Field(max_length=DETAIL_LIMIT)]  # pydantic takes half letters with no limit


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
    detail: dict[str, Any] = field(default_factory=dict)
    """More about it: texts, whole numbers, yes or no, lists and groups of these; no fractions."""


class _Written(Strict, strict=True):
    """What an event must be like to be written."""

    action: Action
    actor: Annotated[Text, _shaped("(?s).{1,200}", "is not a text of 1 to 200 characters")]
    content: Sha | None
    detail: str
    proposal: Short | None
    role: Short
    rules: Sha | None
    version: Count | None


class TrailEntry(Strict, strict=True):
    """One row of the trail; its fields stand in the order of canonical JSON."""

    action: Kept
    actor: Kept
    at: Kept
    content: Kept | None
    detail: Kept
    """Canonical JSON, as text."""
    hash: Kept
    prev: Kept
    proposal: Kept | None
    role: Kept
    rules: Kept | None
    seq: int
    version: int | None

    @property
    def digest(self) -> str:
        """What `hash` must be."""
        text = self.model_dump_json(exclude=_UNHASHED)
        return hashlib.sha256(text.encode()).hexdigest()


_UNHASHED = {"hash"}


class Unreadable(NamedTuple):
    """Something that stands where a row should be."""

    what: str


class TrailHead(NamedTuple):
    """The last row of a trail, which stands for all before it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return it as anchors are written: `1000:ab12…`."""
        return f"{self.seq}:{self.hash}"


START = TrailHead(0, GENESIS)
"""The head of a trail without rows."""
_HEAD = re.compile("([0-9]{1,10}):([0-9a-f]{64})")


def head_of(text: str, where: str) -> TrailHead:
    """Read a head as anchors are written.

    Raises:
        InputError: it is none.
    """
    found = _HEAD.fullmatch(text.strip().lower())
    if not found:
        what = "is not the number of a row, a colon and 64 hexadecimal digits"
        raise InputError(Problem(where, what, "Copy it from an export or from `verify`"))
    return TrailHead(int(found[1]), found[2])


def follow(head: TrailHead, event: Event, at: datetime) -> TrailEntry:
    """Return the row that records `event` after `head`.

    Raises:
        InputError: the event holds what the trail does not take.
    """
    given = {name: getattr(event, name) for name in _Written.model_fields}
    try:
        fields = _Written.model_validate(given | {"detail": detail_text(event.detail)})
    except ValidationError as error:
        raise InputError(problems(error, "trail", {})) from None
    row = TrailEntry(**dict(fields), at=stamp(at), seq=head.seq + 1, prev=head.hash, hash="")
    return row.model_copy(update={"hash": row.digest})


def stamp(at: datetime) -> str:
    """Return an instant as the trail writes it: UTC, always of the same length, so it sorts."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_of(fields: dict[str, Any]) -> TrailEntry | Unreadable:
    """Read back a row of a database."""
    try:
        return TrailEntry.model_validate(fields)
    except ValidationError as error:
        return Unreadable(_first(error))


def row_in(line: bytes) -> TrailEntry | Unreadable:
    """Read back a row written as canonical JSON."""
    try:
        return TrailEntry.model_validate_json(line)
    except ValidationError as error:
        return Unreadable(_first(error))


def _first(error: ValidationError) -> str:
    first = min(problems(error, "row", {}))
    return f"{first.where}: {first.what}"
