"""Small files in every format that the readers know, for the fuzzer to break."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pyarrow
import pyarrow.parquet

_TALK = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]
_PARTS = [{"role": "user", "parts": [{"type": "text", "content": "Q"}]}]
_SPAN = {
    "traceId": "t",
    "spanId": "s",
    "parentSpanId": "",
    "startTimeUnixNano": "1772368200000000000",
    "attributes": [
        {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
        {"key": "gen_ai.input.messages", "value": {"stringValue": json.dumps(_PARTS)}},
        {"key": "gen_ai.completion.0.content", "value": {"stringValue": "A"}},
        {"key": "tags", "value": {"arrayValue": {"values": [{"intValue": "1"}]}}},
    ],
    "events": [{"name": "gen_ai.choice", "attributes": [{"key": "content", "value": {}}]}],
}
_PHOENIX = {
    "span_kind": "LLM",
    "parent_id": None,
    "context": {"trace_id": "t", "span_id": "s"},
    "start_time": 1772368200000,
    "attributes": {"llm.input_messages.0.message.content": "Q", "output.value": "A"},
    "attributes.retrieval.documents": [{"document.content": "P", "document.score": 1}],
    "annotations": [{"name": "n", "result": {"label": "bad", "score": 0, "explanation": "e"}}],
}
_RESULT = {"from_name": "q", "type": "choices", "value": {"choices": ["Bad"]}}
_RECORDS: tuple[list[dict[str, Any]], ...] = (
    [{"id": "1", "input": "Q", "output": "A", "expected": "B", "note": "N", "context": "C"}],
    [{"messages": _TALK, "ideal": "B", "comment": "N"}],
    [{"resourceSpans": [{"scopeSpans": [{"spans": [_SPAN, {**_SPAN, "parentSpanId": "s"}]}]}]}],
    [_PHOENIX, {**_PHOENIX, "span_kind": "RETRIEVER", "parent_id": "s"}],
    [{"example_id": "e", "input": {"q": "Q"}, "output": "A", "reference_output": {"a": "B"}}],
    [
        {
            "id": "t",
            "traceId": "t",
            "type": "SPAN",
            "parentObservationId": None,
            "input": {"messages": _TALK},
            "output": {"answer": "A", "context": ["P"]},
            "expectedOutput": "B",
            "scores": [{"name": "n", "value": 0, "comment": "N"}],
            "observations": [{"type": "RETRIEVER", "output": ["P"]}],
            "tone": [1],
        }
    ],
    [
        {
            "id": "r",
            "run_type": "chain",
            "trace_id": "r",
            "parent_run_id": None,
            "inputs": {"messages": [[{"kwargs": {"content": "Q", "type": "human"}}]]},
            "outputs": {"generations": [[{"text": "A"}]]},
            "reference_outputs": {"a": "B"},
            "feedback_stats": {"n": {"avg": 0}},
        }
    ],
    [
        {
            "promptIdx": 0,
            "vars": {"q": "Q", "context": "C"},
            "testCase": {"assert": [{"type": "equals", "value": "B", "assert": []}]},
            "response": {"output": {"a": [1]}},
            "success": False,
            "gradingResult": {"componentResults": [{"pass": False, "reason": "N"}]},
        }
    ],
    [{"run_id": "r", "sample_id": "s", "type": "match", "data": {"correct": False, "picked": "A"}}],
    [{"datasource_item": {"item": {"q": "Q"}}, "sample": {"output": _TALK}, "results": [{}]}],
    [
        {
            "id": 1,
            "data": {"text": "Q", "response": "A"},
            "annotations": [{"result": [_RESULT], "was_cancelled": False}],
            "predictions": [{"result": [_RESULT]}],
        }
    ],
    [{"text": "Q", "answer": "A", "annotation_id": 1, "annotator": 2, "q": {"choices": ["x"]}}],
    [
        {
            "id": "r",
            "fields": {"prompt": "Q", "response": "A"},
            "responses": {"q": [{"value": "bad", "status": "submitted"}]},
            "suggestions": [{"question_name": "q", "value": "good"}],
        }
    ],
    [{"text": "Q", "q.responses": ["x"], "q.responses.status": ["draft"], "q.suggestion": "y"}],
    [{"text": "Q", "q": {"user_id": ["u"], "value": ["x"]}, "q-suggestion": "y"}],
    [{"inputs": {"text": "Q"}, "prediction": [["a", 0.5]], "annotation": "b"}],
)
_TABLE = 'question,[x] p,Status,Grader Reason\n"Q, ""q""",A,FAIL,why\nQ,A,PASS,\n'
_BLOCKS = "Q: when?\nA: at 10\nExpected: at 9\n---\nQ: where?\nA: here\n"
_YAML = "results:\n- &a {success: false, vars: {q: Q}, response: {output: A}}\n- *a\n"


def _parquet() -> bytes:
    buffer = io.BytesIO()
    columns = {"input": ["Q", None], "output": ["A", "B"], "tags": [["x"], None]}
    pyarrow.parquet.write_table(pyarrow.table(columns), buffer)
    return buffer.getvalue()


FILES: tuple[tuple[str, bytes], ...] = (
    *((f"a{n}.json", json.dumps(records).encode()) for n, records in enumerate(_RECORDS)),
    *(
        (f"a{n}.jsonl", "\n".join(map(json.dumps, records * 2)).encode())
        for n, records in enumerate(_RECORDS)
    ),
    ("a.csv", _TABLE.encode()),
    ("a.tsv", _TABLE.replace(",", "\t").encode("utf-16")),
    ("a.txt", _BLOCKS.encode()),
    ("a.yaml", _YAML.encode()),
    ("a.parquet", _parquet()),
)
"""Name and content of one small file a format."""


def records_of(files: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """Return the records of the JSON files."""
    return [record for name, data in files if name.endswith("json") for record in json.loads(data)]
