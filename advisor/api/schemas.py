"""JSON schemas of what may be sent, with the questions that the rules in force ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from advisor.proposal import FAILURE_LIMIT, FAILURE_TEXT_LIMIT, FIELD_LIMIT, Current, Failure
from advisor.rules import RuleBook
from advisor.rules.schema.approval import ReviewField
from advisor.rules.schema.rule_schema import ConditionSubject
from advisor.store.versions.version_rows import INTEGER_LIMIT
from advisor.vocabulary import Mode, Remedy, combination_name

Schema = dict[str, Any]
_PLAIN = r"^[^\x00]*$"
_NOT_BLANK = r"^[^\x00]*[^\s\x00\x1c-\x1f][^\x00]*$"
_TEXT: Schema = {"type": "string", "maxLength": FIELD_LIMIT, "pattern": _PLAIN}
_MAYBE: Schema = _TEXT | {"type": ["string", "null"]}
_LONG: Schema = _MAYBE | {"maxLength": FAILURE_TEXT_LIMIT}
_SAYS = ("output", "expected", "note")
_REMEDIES = [combination_name(some) for size in range(1, 5) for some in combinations(Remedy, size)]
_MODES = [*Mode]


def given_schemas(book: RuleBook) -> dict[str, Schema]:
    """Return the schemas of all bodies, by name; they refer to each other as components."""
    answers = {name: _answer(asked) for name, asked in book.questions.items()}
    fields = book.approval.fields if book.approval else {}
    review = {name: _field(asked) for name, asked in fields.items()}
    return {
        "ProposalGiven": _closed(_proposal(), ["title", "description"]),
        "FailureGiven": _failure(),
        "AnswersGiven": _closed(answers),
        "ReviewGiven": _closed(review),
        "CurrentGiven": _closed({name: _MAYBE for name in Current.model_fields}),
        "ChangesGiven": _closed({"changes": _changes(answers, review)}, ["changes"]),
        "SubmissionGiven": _closed(_SUBMISSION, [*_SUBMISSION]),
    }


def _closed(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    schema: Schema = {
        "type": "object", "additionalProperties": False, "properties": dict(properties),
    }  # fmt: skip
    return schema | ({"required": [*required]} if required else {})


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _proposal() -> dict[str, Schema]:
    sentence: Schema = {"type": "string", "maxLength": FIELD_LIMIT, "pattern": _NOT_BLANK}
    return _parts() | {"title": sentence, "description": sentence}


def _parts() -> dict[str, Schema]:
    return {
        "title": _TEXT,
        "description": _TEXT,
        "requested": {"enum": [*_REMEDIES, None]},
        "current": _ref("CurrentGiven"),
        "answers": _ref("AnswersGiven"),
        "failures": {"type": "array", "maxItems": FAILURE_LIMIT, "items": _ref("FailureGiven"),
                     "description": "No two have the same id."},
        "corrections": {"type": "object", "additionalProperties": {"enum": _MODES},
                        "propertyNames": _TEXT},
        "dismissed": {"type": "array", "items": _TEXT},
        "review": _ref("ReviewGiven"),
    }  # fmt: skip


def _failure() -> Schema:
    texts = {name: _LONG for name in Failure.model_fields} | {"id": _MAYBE}
    said: Schema = {"type": "string", "pattern": _NOT_BLANK}
    anything = [{"required": [name], "properties": {name: said}} for name in _SAYS]
    return _closed(texts) | {"anyOf": anything}


def _answer(asked: ConditionSubject) -> Schema:
    """Return what fits one question; null is "I don't know"."""
    forms: dict[str, Schema] = {
        "yes_no": {"type": ["boolean", "null"]},
        "number": {"type": ["number", "null"], "minimum": asked.minimum, "maximum": asked.maximum},
        "choice": {"enum": [*asked.options, None]},
    }
    return forms[asked.type] | {"description": asked.ask}


def _field(asked: ReviewField) -> Schema:
    return _MAYBE | {"description": asked.ask} if asked.type == "text" else _answer(asked.asked)


def _changes(answers: Mapping[str, Schema], review: Mapping[str, Schema]) -> Schema:
    """Return what fits changes by path."""
    groups = {"answers": answers, "review": review,
              "current": {name: _MAYBE for name in Current.model_fields}}  # fmt: skip
    single = {f"{group}.{name}": fits for group, fields in groups.items()
              for name, fits in fields.items()}  # fmt: skip
    one: Schema = {"enum": [*_MODES, None], "description": "null takes it away."}
    return _closed(_parts() | single) | {
        "minProperties": 1,
        "patternProperties": {r"^corrections\.[^\x00]{1,200}$": one},
    }


_SUBMISSION: dict[str, Schema] = {
    "version": {"type": "integer", "minimum": 1, "maximum": INTEGER_LIMIT},
    "content": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
