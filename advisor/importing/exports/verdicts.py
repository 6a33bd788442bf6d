"""Labels and scores that people and checks leave beside an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from advisor.importing.exports.nested_text import opened
from advisor.importing.tables.headers import plain_name
from advisor.importing.tables.table import as_text

_GOOD = frozenset(
    plain_name(word)
    for word in "accept, acceptable, accepted, accurate, approve, approved, correct, factual, "
    "faithful, good, good answer, great, pass, passed, perfect, right, thumbs up, gut, korrekt, "
    "richtig, bon, correcto, correto, corretto, goed".split(",")
)
_FLAT = re.compile(r"(?:annotation|eval)s?[._](.{1,80})[._](label|score|explanation|text)")


def passed_by(words: Iterable[str]) -> bool | None:
    """Tell from verdicts such as "correct": True if each is a word of praise, else unknown."""
    said = [plain_name(word[:40]) for word in words if word.strip()]
    return True if said and all(word in _GOOD for word in said) else None


def annotations_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was said about a record, each as `{name, label, score, comment}`.

    They stand in a list or an object under `annotations`, or in columns such as
    `annotation_correctness_label` and `eval.correctness.score`.
    """
    found: list[dict[str, Any]] = []
    for name in ("annotations", "span_annotations", "evaluations", "evals"):
        found += _listed(opened(record.get(name)))
    flat: dict[str, dict[str, Any]] = {}
    for column, value in record.items():
        if value not in (None, "") and (match := _FLAT.fullmatch(column[:120])):
            flat.setdefault(match[1], {"name": match[1]})[match[2]] = value
    return found + [_alike(item) for item in flat.values()]


def _listed(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, Mapping):
        value = [
            {"name": name, **item} for name, item in value.items() if isinstance(item, Mapping)
        ]
    items = value if isinstance(value, list) else []
    return [_alike(item) for item in items if isinstance(item, Mapping)]


def _alike(item: Mapping[str, Any]) -> dict[str, Any]:
    inner = item.get("result")
    result = {**item, **inner} if isinstance(inner, Mapping) else item
    comment = result.get("explanation") or result.get("text") or result.get("comment")
    return {
        "name": as_text(item.get("name", item.get("annotation_name"))),
        "label": as_text(result.get("label")),
        "score": result.get("score"),
        "comment": as_text(comment),
    }


def remark_of(annotation: Mapping[str, Any]) -> str:
    """Return one annotation as a line such as `correctness: incorrect, 0 (wrong year)`."""
    score = as_text(annotation["score"])
    given = ", ".join(text for text in (annotation["label"], score) if text)
    told = f"{annotation['name']}: {given}" if annotation["name"] and given else given
    comment = annotation["comment"]
    return f"{told} ({comment})" if told and comment else told or comment


def scores_of(annotations: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return the scores that are numbers, by name."""
    return {
        item["name"]: score
        for item in annotations
        if (score := number_of(item["score"])) is not None
    }


def number_of(value: Any) -> float | None:
    """Return a number or a yes and no as a number; texts of a table are read too."""
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return float(value.strip().lower() == "true")
    if not isinstance(value, bool | int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
    except OverflowError:
        # A huge whole number is no pass or fail, whatever else it is.
        return 2.0


def numbers_of(scores: Any) -> dict[str, float]:
    """Return the scores that are numbers or yes and no, by name."""
    scores = opened(scores)
    if isinstance(scores, Mapping):
        scores = [{"name": name, "value": value} for name, value in scores.items()]
    found: dict[str, float] = {}
    for item in scores if isinstance(scores, list) else []:
        if not isinstance(item, Mapping):
            continue
        value = item.get("value", item.get("score"))
        value = value.get("avg") if isinstance(value, Mapping) else value
        if (number := number_of(value)) is not None:
            found[as_text(item.get("name", item.get("key")))] = number
    return found
