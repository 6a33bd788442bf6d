"""Changes by path: applied to a draft, and told in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from advisor.errors import InputError, Problem
from advisor.proposal import Draft, Failure, difference, problems_of
from advisor.store.versions.version_records import UNSET

_FIELDS = frozenset(Draft.model_fields)
_GROUPS = ("answers", "corrections", "current", "review")
_NAMED = {"answers": "answers", "review": "form of the review"}
"""Groups whose names are told."""
_SUMMARY_LIMIT = 300
_WORDS = {
    "title": "title",
    "description": "description",
    "requested": "what was asked for",
    "current.model": "model of today",
    "current.prompt": "prompt of today",
    "current.retrieval": "retrieval of today",
    "corrections": "how failures are read",
    "dismissed": "suggestions set aside",
}


def failures_in(changes: Mapping[str, Any]) -> tuple[Failure, ...] | None:
    """Return the checked failures that `changes` holds, or none if it leaves them alone.

    Raises:
        InputError: one problem for each failure that is wrong.
    """
    if "failures" not in changes:
        return None
    given = changes["failures"]
    try:
        return Draft.model_validate({"failures": () if given is UNSET else given}).failures
    except ValidationError as error:
        raise InputError(problems_of(error, "proposal")) from None


def changed(draft: Draft, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `draft` with `changes` made, unchecked and without failures.

    Raises:
        InputError: a path names no field.
    """
    data = draft.model_dump(mode="json", exclude={"failures"})
    # Whole fields first, so that {"answers": {}, "answers.x": 1} keeps x.
    for path, value in sorted(changes.items(), key=lambda item: "." in str(item[0])):
        if path != "failures":
            _put(data, path, value)
    return data


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    head, dot, name = str(path).partition(".")
    if head not in (_GROUPS if dot else _FIELDS):
        what = f"has no field {str(path)[:100]!r}"
        raise InputError(Problem("proposal", what, "Check its spelling"))
    if not dot:
        _set(data, head, value, value is UNSET)
    elif isinstance(group := data.setdefault(head, {}), Mapping):
        data[head] = dict(group)
        # A correction is a mode or nothing: taking the mode away takes the correction away.
        _set(data[head], name, value, value is UNSET or (head == "corrections" and value is None))


def _set(data: dict[str, Any], name: str, value: Any, gone: bool) -> None:
    if gone:
        data.pop(name, None)
    else:
        data[name] = value


def summary(
    old: Draft, new: Draft, before: Iterable[Failure] = (), after: Iterable[Failure] = ()
) -> str:
    """Say in a few words what differs between two drafts without failures, and two sets."""
    paths = list(difference(old, new))
    parts = [_WORDS[path] for path in paths if path in _WORDS]
    for group, words in _NAMED.items():
        names = [path.partition(".")[2] for path in paths if path.startswith(f"{group}.")]
        if names:
            parts.append(f"{words}: " + ", ".join(name.replace("_", " ") for name in names))
    if counts := _counts(before, after):
        parts.append(f"failures: {counts}")
    text = "; ".join(parts)
    text = text if len(text) <= _SUMMARY_LIMIT else f"{text[: _SUMMARY_LIMIT - 1]}…"
    return text[:1].upper() + text[1:]


def _counts(before: Iterable[Failure], after: Iterable[Failure]) -> str:
    old, new = ({failure.id: failure for failure in each} for each in (before, after))
    counts = {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[name] != new[name] for name in old.keys() & new.keys()),
    }
    shown = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    return shown or ("" if list(old) == list(new) else "another order")
