"""Label Studio and Argilla: what people said about the cases they were shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.importing.exports.annotation_fields import Reading, Reviewed, reading_of, words_of
from advisor.importing.exports.nested_text import opened
from advisor.importing.tables.headers import known_headers, plain_name
from advisor.importing.tables.table import as_text

_MADE = ("annotations", "completions")
_SIMPLE = frozenset({"annotation_id", "annotator", "lead_time"})
_TASK = _SIMPLE | {"id", "created_at", "updated_at", "agreement"}
_DROPPED = frozenset({"discarded", "draft"})
_ENDS = (".responses", ".suggestion")
_BESIDE = (".responses.users", ".responses.status", ".suggestion.score", ".suggestion.agent")
_OLD_END = "-suggestion"


def is_label_studio(record: Mapping[str, Any]) -> bool:
    """Tell a task with its annotations, or a row of the small export, which names the annotator."""
    task = isinstance(record.get("data"), Mapping)
    task = task and any(isinstance(record.get(name), list) for name in (*_MADE, "predictions"))
    return task or len(record.keys() & _SIMPLE) > 1


def read_label_studio(record: Mapping[str, Any]) -> Reading:
    """Read one task with what each person said, or one row of the small export."""
    if not isinstance(record.get("data"), Mapping):
        return _read_small(record)
    case = Reviewed(as_text(record.get("id")), record["data"])
    made = [item for name in _MADE for item in _objects(record.get(name))]
    for annotation in made:
        if not annotation.get("was_cancelled"):
            for question, said in _results(annotation):
                case.answers.setdefault(question, []).append(said)
    proposed = [pair for item in _objects(record.get("predictions")) for pair in _results(item)]
    case.proposals = dict(reversed(proposed))
    return reading_of(case)


def _results(annotation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give each question with what one person said, several answers to it together."""
    found: dict[str, list[str]] = {}
    for result in _objects(annotation.get("result")):
        value = result.get("value")
        inner = value.get(as_text(result.get("type"))) if isinstance(value, Mapping) else None
        if text := words_of(inner):
            found.setdefault(as_text(result.get("from_name")) or "answer", []).append(text)
    yield from ((name, ", ".join(texts)) for name, texts in found.items())


def _read_small(record: Mapping[str, Any]) -> Reading:
    """Read a row in which the data and the answers stand side by side."""
    known = known_headers()
    shown: dict[str, Any] = {}
    case = Reviewed(as_text(record.get("id")), shown)
    for name, value in record.items():
        word = plain_name(name)
        data = known.get(word) or word == "answer"
        if name in _TASK or value in (None, "", []):
            continue
        if (data and known.get(word) not in {"note", "expected"}) or _is_text(value, shown):
            shown[name] = value
        elif said := words_of(opened(value)):
            case.answers[name] = [said]
    return reading_of(case)


def _is_text(value: Any, shown: Mapping[str, Any]) -> bool:
    """Take the first text with several words for the data."""
    return not shown and isinstance(value, str) and len(value.split()) > 3 and value[0] not in "[{"


def _objects(value: Any) -> list[Mapping[str, Any]]:
    value = opened(value)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def is_argilla(record: Mapping[str, Any]) -> bool:
    """Tell a record by its fields beside responses or suggestions, nested or in columns."""
    if isinstance(record.get("fields"), Mapping):
        return bool(record.keys() & {"responses", "suggestions"})
    if any(name.endswith(_ENDS) for name in record):
        return True
    old = any(name.endswith(_OLD_END) for name in record)
    return old or _is_first(record)


def _is_first(record: Mapping[str, Any]) -> bool:
    """Tell a record of the first versions: a prediction and an annotation of one text."""
    given = record.keys() >= {"prediction", "annotation"}
    return given and bool(record.keys() & {"inputs", "text"})


def read_argilla(record: Mapping[str, Any]) -> Reading:
    """Read one record with the suggestion of a model and the response of each person."""
    name = as_text(record.get("id") or record.get("external_id"))
    if isinstance(record.get("fields"), Mapping):
        case = Reviewed(name, record["fields"], *_nested(record))
    elif _is_first(record):
        case = _first(name, record)
    else:
        case = _flat(name, record)
    return reading_of(case)


def _nested(record: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the answers and the proposals of a record with `responses` and `suggestions`."""
    said: dict[str, list[str]] = {}
    responses = opened(record.get("responses"))
    if isinstance(responses, Mapping):
        said = {name: _kept(value) for name, value in responses.items()}
    for response in _objects(responses):
        values = response.get("values")
        if as_text(response.get("status")) not in _DROPPED and isinstance(values, Mapping):
            for name, value in values.items():
                said.setdefault(name, []).append(words_of(_value(value)))
    suggestions = opened(record.get("suggestions"))
    items = suggestions.items() if isinstance(suggestions, Mapping) else ()
    proposed = {name: words_of(_value(value)) for name, value in items}
    for item in _objects(suggestions):
        question = as_text(item.get("question_name") or item.get("question"))
        proposed[question] = words_of(_value(item))
    return _filled(said), proposed


def _kept(values: Any, statuses: Any = None) -> list[str]:
    """Return what people submitted; answers they discarded or only began do not count."""
    values, statuses = opened(values), opened(statuses)
    if isinstance(values, Mapping) and isinstance(values.get("value"), list):
        values, statuses = values["value"], values.get("status")
    values = values if isinstance(values, list) else [values]
    beside = statuses if isinstance(statuses, list) else []
    kept = []
    for place, value in enumerate(values):
        status = beside[place] if place < len(beside) else _status(value)
        if as_text(status) not in _DROPPED:
            kept.append(words_of(_value(value)))
    return kept


def _status(value: Any) -> Any:
    return value.get("status") if isinstance(value, Mapping) else None


def _value(value: Any) -> Any:
    return value["value"] if isinstance(value, Mapping) and "value" in value else value


def _filled(said: Mapping[str, list[str]]) -> dict[str, list[str]]:
    kept = {name: [text for text in texts if text] for name, texts in said.items()}
    return {name: texts for name, texts in kept.items() if texts}


def _flat(name: str, record: Mapping[str, Any]) -> Reviewed:
    """Read columns such as `label.responses`, or `label` beside `label-suggestion`."""
    old = {column.removesuffix(_OLD_END) for column in record if column.endswith(_OLD_END)}
    said: dict[str, list[str]] = {}
    proposed: dict[str, str] = {}
    shown: dict[str, Any] = {}
    for column, value in record.items():
        stem, _, end = column.rpartition(".")
        if end == "responses":
            said[stem] = _kept(value, record.get(f"{column}.status"))
        elif end == "suggestion" or column.endswith(_OLD_END):
            proposed[stem or column.removesuffix(_OLD_END)] = words_of(opened(value))
        elif column in old:
            said[column] = _kept(value)
        elif not column.endswith(_BESIDE) and column not in {"id", "status", "_server_id"}:
            shown[column] = value
    return Reviewed(
        name, shown, _filled(said), {key: text for key, text in proposed.items() if text}
    )


def _first(name: str, record: Mapping[str, Any]) -> Reviewed:
    inputs = record.get("inputs")
    shown = inputs if isinstance(inputs, Mapping) else {"text": record.get("text") or inputs}
    proposed = opened(record.get("prediction"))
    best = proposed[0] if isinstance(proposed, list) and proposed else proposed
    label = best.get("label") if isinstance(best, Mapping) else best
    label = label[0] if isinstance(label, list) and label else label
    said = words_of(opened(record.get("annotation")))
    return Reviewed(name, shown, {"label": [said]} if said else {}, {"label": words_of(label)})
