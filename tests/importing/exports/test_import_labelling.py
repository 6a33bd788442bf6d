"""Label Studio and Argilla: choices and comments of people become notes or wanted answers."""

from __future__ import annotations

import json
from typing import Any

from advisor.importing import Import, read_failures


def read(content: Any, name: str = "export.json") -> Import:
    return read_failures(name, json.dumps(content).encode())


def result(name: str, kind: str, value: Any) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": kind, "value": {kind: value}}


def task(number: int, *annotations: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    made = [{"id": n, "completed_by": n, "result": one} for n, one in enumerate(annotations)]
    data = {"question": "When do you open?", "response": "At 10.", "context": "Open from 9."}
    return {"id": number, "data": data, "annotations": made, "predictions": [], **more}


def test_label_studio_tasks_keep_what_each_reviewer_said() -> None:
    first = [
        result("quality", "choices", ["Incorrect"]),
        result("comment", "textarea", ["The hour is wrong"]),
        result("stars", "rating", 2),
        result("corrected_answer", "textarea", ["At 9."]),
    ]
    second = [result("quality", "choices", ["Misleading"])]
    found = read([task(7, first, second), task(8, [result("quality", "choices", ["Correct"])])])
    assert found.recognised.startswith("Label Studio")
    assert found.left_out == 1
    (failure,) = found.failures
    assert failure.model_dump() == {
        "id": "7",
        "input": "When do you open?",
        "output": "At 10.",
        "expected": "At 9.",
        "note": "quality: Incorrect | Misleading\nThe hour is wrong\nstars: 2",
        "context": "Open from 9.",
    }


def test_label_studio_predictions_against_people() -> None:
    predicted = [{"model_version": "m", "result": [result("topic", "choices", ["Billing"])]}]
    right = [result("topic", "choices", ["Delivery"])]
    same = [result("topic", "choices", ["Billing"])]
    data = {"text": "Where is my parcel?"}
    rows = [
        task(1, right, data=data, predictions=predicted),
        task(2, same, data=data, predictions=predicted),
    ]
    found = read(rows)
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.input, failure.output) == ("Where is my parcel?", "Billing")
    assert (failure.expected, failure.note) == ("Delivery", None)


def test_a_cancelled_annotation_says_nothing_and_one_task_alone_is_read() -> None:
    one = task(1, [result("quality", "choices", ["Bad"])])
    one["annotations"][0]["was_cancelled"] = True
    (failure,) = read(one).failures
    assert (failure.id, failure.output, failure.note) == ("1", "At 10.", None)


def test_the_small_label_studio_export_as_json_and_csv() -> None:
    row = {
        "question": "Q",
        "answer": "A",
        "id": 3,
        "quality": "Wrong",
        "issues": {"choices": ["Format", "Tone"]},
        "comment": ["too long"],
        "annotator": 1,
        "annotation_id": 9,
        "lead_time": 4.2,
    }
    (failure,) = read([row]).failures
    assert (failure.id, failure.input, failure.output) == ("3", "Q", "A")
    assert failure.note == "quality: Wrong\nissues: Format, Tone\ntoo long"
    csv = (
        "text,id,topic,annotator,annotation_id,lead_time\nWhere is my parcel today?,1,Late,1,2,3\n"
    )
    found = read_failures("small.csv", csv.encode())
    (failure,) = found.failures
    assert (failure.input, failure.note) == ("Where is my parcel today?", "topic: Late")


FIELDS = {"prompt": "Q", "response": "A"}


def test_argilla_records_of_today() -> None:
    record = {
        "id": "r",
        "fields": FIELDS,
        "metadata": {},
        "suggestions": {"quality": {"value": "good", "score": None, "agent": "m"}},
        "responses": {
            "quality": [{"value": "bad", "user_id": "u"}, {"value": "poor", "user_id": "v"}],
            "comment": [{"value": "made up", "user_id": "u"}],
        },
        "status": "completed",
    }
    found = read([record, {**record, "id": "s", "responses": {"quality": [{"value": "good"}]}}])
    assert found.recognised.startswith("Argilla")
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.input, failure.output) == ("r", "Q", "A")
    assert failure.note == "quality: bad | poor\nmade up"


def test_argilla_columns_with_discarded_responses() -> None:
    record = {
        "id": "r",
        "status": "completed",
        "_server_id": "x",
        "text": "Where is my parcel?",
        "topic.suggestion": "billing",
        "topic.suggestion.score": 0.7,
        "topic.suggestion.agent": "m",
        "topic.responses": ["delivery", "billing"],
        "topic.responses.users": ["u", "v"],
        "topic.responses.status": ["submitted", "discarded"],
    }
    (failure,) = read([record]).failures
    assert (failure.input, failure.output) == ("Where is my parcel?", "billing")
    assert (failure.expected, failure.note) == ("delivery", None)


def test_argilla_records_of_the_first_feedback_version() -> None:
    interface = {
        "id": "r",
        "fields": FIELDS,
        "responses": [
            {"user_id": "u", "values": {"quality": {"value": 1}}, "status": "submitted"},
            {"user_id": "v", "values": {"quality": {"value": 2}}, "status": "discarded"},
        ],
        "suggestions": [{"question_name": "quality", "value": 5}],
    }
    (failure,) = read({"items": [interface]}).failures
    assert (failure.output, failure.note) == ("A", "quality: 1")
    rows = {
        "prompt": "Q",
        "response": "A",
        "quality": [{"user_id": "u", "value": "bad", "status": "submitted"}],
        "quality-suggestion": "good",
        "quality-suggestion-metadata": {"agent": "m"},
        "external_id": "e",
    }
    (failure,) = read([rows]).failures
    assert (failure.id, failure.output, failure.note) == ("e", "A", "quality: bad")
    columns = {"user_id": ["u"], "value": ["bad"], "status": ["submitted"]}
    (failure,) = read([{**rows, "quality": columns}]).failures
    assert failure.note == "quality: bad"


def test_argilla_text_classification_of_old() -> None:
    old = {
        "id": "r",
        "inputs": {"text": "Where is my parcel?"},
        "prediction": [["billing", 0.8], ["delivery", 0.2]],
        "annotation": "delivery",
        "status": "Validated",
    }
    found = read([old, {**old, "id": "s", "annotation": "billing"}])
    (failure,) = found.failures
    assert (failure.output, failure.expected, found.left_out) == ("billing", "delivery", 1)
    (failure,) = read([{**old, "prediction": [{"label": "billing", "score": 0.8}]}]).failures
    assert failure.output == "billing"
