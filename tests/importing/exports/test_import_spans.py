"""Spans of Arize Phoenix and OpenTelemetry become failures with what was retrieved."""

from __future__ import annotations

import json
from typing import Any

from advisor.importing import Import, read_failures, read_record


def read(content: Any, name: str = "export.json") -> Import:
    return read_failures(name, json.dumps(content).encode())


def lines(*records: Any) -> Import:
    return read_failures("export.jsonl", "\n".join(map(json.dumps, records)).encode())


def typed(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return {"arrayValue": {"values": [typed(item) for item in value]}}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def span(
    name: str, parent: str = "", events: Any = (), trace: str = "t", **attributes: Any
) -> dict[str, Any]:
    dotted = {key.replace("__", "."): value for key, value in attributes.items()}
    return {
        "traceId": trace,
        "spanId": name,
        "parentSpanId": parent,
        "name": name,
        "kind": 1,
        "startTimeUnixNano": "1772368200000000000",
        "attributes": [{"key": key, "value": typed(value)} for key, value in dotted.items()],
        "events": [
            {"name": told, "attributes": [{"key": k, "value": typed(v)} for k, v in body.items()]}
            for told, body in events
        ],
    }


def batch(*spans: Any) -> dict[str, Any]:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "desk"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


def message(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


ASKED = json.dumps([message("system", "Be kind."), message("user", "When do you open?")])
SAID = json.dumps([{**message("assistant", "At 10."), "finish_reason": "stop"}])
CHAT = {"gen_ai__operation__name": "chat", "gen_ai__input__messages": ASKED}


def test_the_conventions_of_today_with_a_search_beside_the_answer() -> None:
    search = span(
        "s",
        "root",
        gen_ai__operation__name="retrieval",
        gen_ai__retrieval__documents=json.dumps([{"id": "d", "content": "Open from 9."}]),
    )
    chat = span("c", "root", **CHAT, gen_ai__output__messages=SAID)
    http = span("root", http__request__method="POST")
    found = read(batch(http, search, chat))
    assert found.recognised.startswith("OpenTelemetry spans")
    (failure,) = found.failures
    assert failure.model_dump() == {
        "id": "c",
        "input": "When do you open?",
        "output": "At 10.",
        "expected": None,
        "note": None,
        "context": "Open from 9.",
    }
    assert any("2 rows are steps" in note for note in found.notes)


def test_an_agent_stands_for_its_inner_calls_and_tools_give_context() -> None:
    agent = span(
        "a",
        gen_ai__operation__name="invoke_agent",
        gen_ai__input__messages=ASKED,
        gen_ai__output__messages=SAID,
    )
    inner = span("c", "a", **CHAT, gen_ai__output__messages=SAID)
    tool = span("x", "a", gen_ai__operation__name="execute_tool", gen_ai__tool__call__result="9 am")
    (failure,) = read(batch(agent, inner, tool)).failures
    assert (failure.id, failure.context) == ("a", "9 am")


def test_a_verdict_on_an_answer_is_its_note_and_a_good_one_leaves_it_out() -> None:
    def judged(name: str, label: str, score: int) -> dict[str, Any]:
        told = {
            "gen_ai.evaluation.name": "correctness",
            "gen_ai.evaluation.score.label": label,
            "gen_ai.evaluation.score.value": score,
            "gen_ai.evaluation.explanation": "the hour",
        }
        events = [("gen_ai.evaluation.result", told)]
        return span(name, trace=name, events=events, **CHAT, gen_ai__output__messages=SAID)

    found = read(batch(judged("bad", "incorrect", 0), judged("good", "correct", 1)))
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.note) == ("bad", "correctness: incorrect, 0 (the hour)")


def test_older_attributes_counted_from_zero() -> None:
    old = span(
        "o",
        gen_ai__prompt__0__role="system",
        gen_ai__prompt__0__content="Be kind.",
        gen_ai__prompt__1__role="user",
        gen_ai__prompt__1__content="Q",
        gen_ai__completion__0__role="assistant",
        gen_ai__completion__0__content="A",
    )
    (failure,) = lines(batch(old)).failures
    assert (failure.input, failure.output) == ("Q", "A")


def test_older_events_hold_the_conversation() -> None:
    events = [
        ("gen_ai.user.message", {"gen_ai.event.content": '{"role":"user","content":"Q"}'}),
        ("gen_ai.tool.message", {"content": "shown"}),
        (
            "gen_ai.choice",
            {"gen_ai.event.content": '{"message":{"role":"assistant","content":"A"}}'},
        ),
    ]
    (failure,) = read(batch(span("o", events=events, gen_ai__system="x"))).failures
    assert (failure.input, failure.output, failure.context) == ("Q", "A", "shown")


def test_a_failed_call_has_its_error_as_note() -> None:
    events = [("exception", {"exception.message": "timed out"})]
    (failure,) = read(batch(span("o", events=events, **CHAT))).failures
    assert (failure.output, failure.note) == (None, "timed out")


def phoenix(name: str, kind: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "span_kind": kind,
        "parent_id": parent,
        "context.span_id": name,
        "context.trace_id": "t",
        "start_time": 1772368200000,
        "status_code": "OK",
        **{f"attributes.{key.replace('__', '.')}": value for key, value in more.items()},
    }


DOCUMENTS = [{"document.content": "Open from 9.", "document.score": 0.9}]
TRACE = (
    phoenix("root", "CHAIN", input__value="When?", output__value="At 10."),
    phoenix("s", "RETRIEVER", "root", retrieval__documents=DOCUMENTS, input__value="When?"),
    phoenix(
        "l",
        "LLM",
        "root",
        llm__input_messages=[{"message.role": "user", "message.content": "long prompt"}],
        llm__output_messages=[{"message.role": "assistant", "message.content": "At 10."}],
    ),
)


def test_phoenix_spans_as_json_lines() -> None:
    found = lines(*TRACE)
    assert found.recognised.startswith("Arize Phoenix spans")
    (failure,) = found.failures
    assert (failure.id, failure.input, failure.output) == ("root", "When?", "At 10.")
    assert failure.context == "Open from 9."


def test_phoenix_spans_from_its_interface_with_annotations() -> None:
    record = {
        "name": "llm",
        "context": {"trace_id": "t", "span_id": "l"},
        "span_kind": "LLM",
        "parent_id": None,
        "attributes": {
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "Q",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.content": '{"hour": 10, "day": "Monday"}',
        },
        "annotations": [
            {
                "name": "correctness",
                "annotator_kind": "HUMAN",
                "result": {"label": "incorrect", "score": 0, "explanation": "the hour"},
            }
        ],
    }
    (failure,) = read({"data": [record], "next_cursor": None}).failures
    assert failure.output == '{"hour": 10, "day": "Monday"}'
    assert failure.note == "correctness: incorrect, 0 (the hour)"


def test_phoenix_spans_as_csv_with_columns_of_verdicts() -> None:
    header = "context.span_id,context.trace_id,parent_id,span_kind,attributes.input.value,"
    header += "attributes.output.value,eval.correct.label,eval.correct.explanation\n"
    data = header + "a,t,,LLM,Q,A,incorrect,too late\nb,u,,LLM,Q,A,correct,\n"
    found = read_failures("spans.csv", data.encode())
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.note) == ("a", "correct: incorrect (too late)")


def test_phoenix_experiments_as_json_and_csv() -> None:
    run = {
        "example_id": "e",
        "repetition_number": 1,
        "input": {"question": "Q", "context": "C"},
        "reference_output": {"answer": "right"},
        "output": "wrong",
        "error": None,
        "annotations": [{"name": "match", "label": None, "score": 0.0, "explanation": "other"}],
    }
    good = {**run, "example_id": "f", "annotations": [{"name": "match", "score": 1.0}]}
    found = read([run, good])
    assert found.recognised.startswith("Arize Phoenix experiment")
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.input, failure.context) == ("e", "Q", "C")
    assert (failure.output, failure.expected) == ("wrong", "right")
    assert failure.note == "match: 0 (other)"
    csv = (
        "example_id,repetition_number,input,reference_output,output,annotation_match_score\n"
        'e,2,"{""q"": ""Q""}","{""a"": ""right""}",wrong,0\n'
        'f,1,"{""q"": ""Q""}","{""a"": ""right""}",wrong,1.0\n'
    )
    found = read_failures("run.csv", csv.encode())
    (failure,) = found.failures
    assert (failure.id, failure.note, found.left_out) == ("e-2", "match: 0", 1)


def test_a_batch_on_one_line_is_streamed_whole_and_lone_steps_are_none() -> None:
    chat = span("c", "root", **CHAT, gen_ai__output__messages=SAID)
    (found,) = read_record(batch(span("root"), chat))
    assert found.fields["output"] == "At 10."
    assert found.when is not None
    assert [len(read_record(record)) for record in TRACE] == [1, 0, 0]


def test_steps_in_a_circle_end() -> None:
    ring = [span("a", "b", **CHAT), span("b", "a", **CHAT), span("c", "a", **CHAT)]
    assert not read(batch(*ring)).failures


def test_an_agent_of_many_levels_is_read() -> None:
    deep = [span(str(n), str(n - 1)) for n in range(1, 3000)]
    leaf = span("leaf", "2999", **CHAT, gen_ai__output__messages=SAID)
    assert len(read(batch(*deep, leaf)).failures) == 1


def test_an_answer_that_is_a_json_list_is_kept() -> None:
    said = '[{"hour": 10}, {"hour": 11}]'
    (failure,) = read(batch(span("o", input__value="Q", output__value=said))).failures
    assert json.loads(failure.output or "") == json.loads(said)
