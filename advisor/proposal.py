"""A proposal: one customization problem with its answers and failures; what changed between two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationError,
    model_validator,
)

from advisor.core.strict import Strict, digest
from advisor.core.validation import problems
from advisor.errors import InputError, Problem
from advisor.vocabulary import Mode, Remedy, combination, combination_name

FIELD_LIMIT = 20_000
"""Characters in any one text that a person writes; each is shown whole."""
FAILURE_TEXT_LIMIT = 1_000_000
"""Characters in any one text of a failure: a model that never stops writes far more than people."""
FAILURE_LIMIT = 50_000
"""Failures in one proposal."""
_HALVES = re.compile("[\ud800-\udfff]")


def _plain(limit: int) -> Callable[[str], str]:
    """Return what refuses a text that is longer than `limit` or that nothing can store."""

    def check(value: str) -> str:
        if "\x00" in value:
            raise ValueError("holds a NUL byte; save the file as plain UTF-8 text")
        if _HALVES.search(value):
            raise ValueError("holds half of a surrogate pair; save the file as UTF-8")
        if len(value) > limit:
            raise ValueError(f"has {len(value):,} characters; the limit is {limit:,}. Shorten it")
        return value

    return check


def _none_if_blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _combination(value: str) -> str:
    try:
        return combination_name(combination(value))
    except ValueError:
        raise ValueError(
            f"{value!r} is not a remedy; use {', '.join(Remedy)} or a mix such as "
            "retrieval+fine_tuning"
        ) from None


Text = Annotated[str, AfterValidator(_plain(FIELD_LIMIT))]
LongText = Annotated[str, AfterValidator(_plain(FAILURE_TEXT_LIMIT))]
Number = Annotated[float, Field(allow_inf_nan=False)]
Answer = bool | int | Number | Text | None
"""A value for one question; `None` is "I don't know"."""
OptionalText = Annotated[Text | None, BeforeValidator(_none_if_blank)]
OptionalLongText = Annotated[LongText | None, BeforeValidator(_none_if_blank)]
Requested = Annotated[str, AfterValidator(_combination)]


class Failure(Strict):
    """One case that went wrong. At least one of `output`, `expected`, `note` is there."""

    id: OptionalText = None
    input: OptionalLongText = None
    output: OptionalLongText = None
    expected: OptionalLongText = None
    note: OptionalLongText = None
    context: OptionalLongText = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.output is None and self.expected is None and self.note is None:
            raise ValueError("give at least one of output, expected, note")
        return self

    @property
    def key(self) -> str:
        """Sixteen hexadecimal digits that stand for the texts of this failure, id excluded."""
        return digest(self.model_dump(exclude={"id"}))[:16]


class Current(Strict):
    """What the team runs today."""

    model: OptionalText = None
    prompt: OptionalText = None
    retrieval: OptionalText = None


class Draft(Strict):
    """A proposal in the making: everything may still be missing."""

    title: Text = ""
    description: Text = ""
    requested: Requested | None = None
    current: Current = Current()
    answers: dict[Text, Answer] = {}
    failures: tuple[Failure, ...] = Field(default=(), max_length=FAILURE_LIMIT)
    corrections: dict[Text, Mode] = {}
    """What a person said a failure is, by failure id; it wins over the classifier."""
    dismissed: tuple[Text, ...] = ()
    """Questions whose suggested answer a person rejected."""
    review: dict[Text, Answer] = Field(default={}, exclude_if=lambda value: not value)
    """What the form of the review asks beside, by field; left out of the JSON while it is empty."""

    @model_validator(mode="after")
    def _failures_have_ids(self) -> Self:
        """Name failures without an id by place, so that every reading can name its case."""
        seen: set[str] = set()
        named = []
        for place, failure in enumerate(self.failures, start=1):
            name = failure.id or f"f{place}"
            if name in seen:
                if failure.id:
                    raise ValueError(f"two failures have the id {name!r}; ids must differ")
                name = f"{name}-{failure.key}"
            seen.add(name)
            named.append(failure if failure.id else failure.model_copy(update={"id": name}))
        object.__setattr__(self, "failures", tuple(named))
        return self

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content, 64 hexadecimal digits; the order of keys does not matter."""
        return digest(self.model_dump(mode="json"))


class Proposal(Draft):
    """One customization problem. Every field but `title` and `description` may be missing."""

    title: Text = Field(min_length=1, pattern=r"\S")
    description: Text = Field(min_length=1, pattern=r"\S")


def parse_proposal(data: Any, where: str = "proposal") -> Proposal:
    """Check `data` (parsed JSON or YAML) and return a `Proposal`.

    Raises:
        InputError: with one problem for each thing that is wrong.
    """
    if not isinstance(data, dict):
        raise InputError(Problem(where, "is not an object", 'Start with {"title": …}'))
    try:
        return Proposal.model_validate(data)
    except ValidationError as error:
        raise InputError(problems_of(error, where)) from None


def problems_of(error: ValidationError, where: str) -> Iterator[Problem]:
    """Turn each pydantic complaint into one problem with the path of the field."""
    names = {"current": Current.model_fields, "failures": Failure.model_fields}
    return problems(error, where, {"": Proposal.model_fields, **names})


def difference(old: Draft, new: Draft) -> dict[str, tuple[Any, Any]]:
    """Return what changed, as `{path: (before, after)}` in sorted order; failures go by id."""
    before, after = _flat(old), _flat(new)
    return {
        path: (before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def _flat(proposal: Draft) -> dict[str, Any]:
    data = proposal.model_dump(mode="json", exclude={"failures", "answers", "current", "review"})
    data |= {f"current.{name}": value for name, value in proposal.current}
    data |= {f"answers.{name}": value for name, value in proposal.answers.items()}
    data |= {f"review.{name}": value for name, value in proposal.review.items()}
    for failure in proposal.failures:
        texts = failure.model_dump(exclude={"id"}, exclude_none=True)
        data |= {f"failures.{failure.id}.{name}": value for name, value in texts.items()}
    return data
