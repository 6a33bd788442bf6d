"""promptfoo: results as JSON or JSON lines (version 3 and later), and the table as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.core.text import restore
from advisor.importing.exports.nested_text import opened, split_context, spoken
from advisor.importing.tables.headers import known_headers, plain_name
from advisor.importing.tables.import_result import FieldName
from advisor.importing.tables.table import as_text

Reading = tuple[dict[FieldName, str], bool | None, dict[str, float]]

_MARK = re.compile(r"\s*\[(PASS|FAIL|ERROR)\]\s*(?:\([\d.]+\)\s*)?")
_STATUS_NAME = re.compile(r"Status(?: \(\d+\))?")
_STATUS = {"pass": True, "fail": False, "error": False}
_BARE = frozenset(
    "equals similar llm-rubric factuality model-graded-factuality model-graded-closedqa".split()
)
_CODE = frozenset("javascript python ruby webhook cost latency perplexity".split())


def is_promptfoo(record: Mapping[str, Any]) -> bool:
    """Tell a result by its verdict beside the test or the response it is about."""
    verdict = record.keys() & {"gradingResult", "success"}
    return bool(verdict and record.keys() & {"testCase", "promptIdx", "promptId", "vars"})


def read_promptfoo(record: Mapping[str, Any]) -> Reading:
    """Read one result."""
    grading, test = _object(record, "gradingResult"), _object(record, "testCase")
    response = _object(record, "response")
    variables = record.get("vars") or test.get("vars") or {}
    given, wanted = _split_expected(variables)
    asked, context = split_context(given)
    error = spoken(record.get("error") or response.get("error"))
    fields: dict[FieldName, str] = {
        "id": as_text(record.get("id")),
        "input": asked or spoken(_object(record, "prompt").get("raw")),
        "context": context,
        "output": as_text(response.get("output")),
        "expected": "\n".join([*wanted, *_assertions(test.get("assert"))]),
        "note": "\n".join(dict.fromkeys([*_reasons(grading), *([error] if error else [])])),
    }
    verdict = record.get("success", grading.get("pass"))
    return fields, verdict is True, {}


def _object(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _split_expected(variables: Any) -> tuple[Any, list[str]]:
    """Take the variables out that hold the right answer."""
    variables = opened(variables)
    if not isinstance(variables, Mapping):
        return variables, []
    known = known_headers()
    wanted = {name for name in variables if known.get(plain_name(name)) == "expected"}
    rest = {name: value for name, value in variables.items() if name not in wanted}
    return rest, [spoken(variables[name]) for name in variables if name in wanted]


def _assertions(asserted: Any) -> Iterator[str]:
    for item in asserted if isinstance(asserted, list) else []:
        if not isinstance(item, Mapping):
            continue
        kind, value = as_text(item.get("type")), item.get("value")
        if isinstance(item.get("assert"), list):
            yield from _assertions([inner for inner in item["assert"] if inner != item])
        elif value not in {None, ""} if isinstance(value, str | None) else True:
            text = spoken(value)
            yield from () if kind in _CODE else (text if kind in _BARE else f"{kind}: {text}",)


def _reasons(grading: Mapping[str, Any]) -> Iterator[str]:
    """Give the reasons of the checks that failed; the summary where none is given."""
    parts = grading.get("componentResults")
    failed = [
        as_text(part.get("reason"))
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, Mapping) and part.get("pass") is False and part.get("reason")
    ]
    summary = as_text(grading.get("reason"))
    comment = as_text(grading.get("comment"))
    yield from (text for text in [*(failed or [summary]), comment] if text)


def is_promptfoo_table(record: Mapping[str, Any]) -> bool:
    """Tell a row of the CSV export by its marks of passing and failing."""
    marked = any(isinstance(value, str) and _MARK.match(value) for value in record.values())
    return marked or record.keys() >= {"Status", "Grader Reason"}


def read_promptfoo_table(record: Mapping[str, Any]) -> Reading:
    """Read one row of the CSV export: the first answer that failed, else the first."""
    marked = {name: value for name, value in record.items() if _MARK.match(as_text(value))}
    bad = [name for name in marked if "[PASS]" not in as_text(marked[name])[:12]]
    names = list(record)
    if marked:
        column, passed = (bad or list(marked))[0], not bad
        beside: list[str] = []
    else:
        column, passed, beside = _stated(record, names)
    cell = restore(as_text(record[column]))
    answer, _, reason = _MARK.sub("", cell, count=1).partition("\n---\n")
    first = names.index(next(iter(marked), _before(names)))
    variables = {name: record[name] for name in names[:first] if name != "Description"}
    given, wanted = _split_expected(variables)
    asked, context = split_context({name: value for name, value in given.items() if value})
    notes = [reason, *(as_text(record.get(name)) for name in beside)]
    fields: dict[FieldName, str] = {
        "input": asked,
        "context": context,
        "output": answer,
        "expected": "\n".join(wanted),
        "note": "\n".join(note.strip() for note in notes if note.strip()),
    }
    return fields, passed, {}


def _before(names: list[str]) -> str:
    """Return the column of the first answer: it stands before the first status."""
    return names[max(0, names.index("Status") - 1)] if "Status" in names else names[0]


def _stated(record: Mapping[str, Any], names: list[str]) -> tuple[str, bool, list[str]]:
    """Return the column of the first answer that failed, the verdict, and its columns of notes."""
    places = [place for place, name in enumerate(names) if _STATUS_NAME.fullmatch(name)]
    verdicts = [_STATUS.get(as_text(record[names[place]]).strip().lower()) for place in places]
    failed = [place for place, verdict in zip(places, verdicts, strict=True) if verdict is False]
    place = (failed or places)[0]
    passed = not failed and any(verdicts)
    end = next((other for other in places if other > place), len(names) + 1) - 1
    beside = [name for name in names[place:end] if name.startswith(("Grader Reason", "Comment"))]
    return names[max(0, place - 1)], passed, beside
