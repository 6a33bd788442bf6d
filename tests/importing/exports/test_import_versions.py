"""The exports of known tools as their newest versions write them."""

from __future__ import annotations

import json
from typing import Any

from advisor.importing import Import, read_failures


def lines(*records: Any) -> Import:
    return read_failures("export.jsonl", "\n".join(map(json.dumps, records)).encode())


def test_promptfoo_tables_of_two_prompts_give_the_first_that_failed() -> None:
    blocks = "Status,Score,Named Scores,Metric: tone,Grader Reason,Comment"
    data = (
        f"Description,question,context,[openai:x] short,{blocks},[openai:y] long,{blocks}\n"
        "case one,When?,Open from 9.,At 9,PASS,1.00,,,fine,,At 10,FAIL,0,,,not equal,wrong hour\n"
        "case two,Where?,,Here,PASS,1.00,,,fine,,Here,PASS,1.00,,,fine,\n"
        "case three,Why?,,,ERROR,0.00,,,timed out,,'=1+1,FAIL,0.00,,,bad,\n"
    )
    found = read_failures("table.csv", data.encode())
    assert found.recognised.startswith("promptfoo table")
    assert found.left_out == 1
    first, second = found.failures
    assert (first.input, first.context, first.output) == ("When?", "Open from 9.", "At 10")
    assert first.note == "not equal\nwrong hour"
    assert (second.input, second.output, second.note) == ("Why?", None, "timed out")


def test_an_answer_that_is_json_keeps_its_form() -> None:
    said = '{"hour": 10, "day": "Monday"}'
    result = {"promptIdx": 0, "vars": {"q": "Q"}, "success": False, "response": {"output": said}}
    assert lines(result).failures[0].output == said
    parsed = {**result, "response": {"output": json.loads(said)}}
    assert lines(parsed).failures[0].output == '{"hour":10,"day":"Monday"}'
    trace = {"id": "t", "projectId": "p", "bookmarked": False, "input": "Q", "output": said}
    assert lines(trace).failures[0].output == said


def test_langfuse_scores_in_columns_of_their_own() -> None:
    row = {
        "id": "t1",
        "timestamp": "2026-03-01T12:30:00Z",
        "sessionId": None,
        "bookmarked": False,
        "tags": ["production"],
        "input": "Q",
        "output": "A",
        "correct": [0],
        "tone": ["rude"],
        "other": None,
        "comments": [{"id": "c", "content": "wrong year", "authorUserId": "u"}],
    }
    found = lines(row, {**row, "id": "t2", "correct": [1], "comments": []})
    assert found.left_out == 1
    (failure,) = found.failures
    assert failure.note == "correct: 0\ntone: rude\nwrong year"


def observation(name: str, kind: str, parent: str | None, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "trace_id": "t",
        "project_id": "p",
        "type": kind,
        "name": name,
        "parent_observation_id": parent,
        "start_time": "2026-03-01 12:30:00.000000",
        "usage_details": {},
        **more,
    }


def test_langfuse_observations_are_joined_to_their_trace() -> None:
    found = lines(
        observation("root", "SPAN", None, input='{"question": "Q"}', output='{"answer": "A"}'),
        observation("search", "RETRIEVER", "root", input="Q", output='["a passage"]'),
        observation("llm", "GENERATION", "root", input="long prompt", output="A"),
    )
    assert found.recognised.startswith("Langfuse export")
    (failure,) = found.failures
    assert (failure.id, failure.input, failure.output) == ("root", "Q", "A")
    assert failure.context == "a passage"


def test_langfuse_generations_without_their_traces_stand_for_themselves() -> None:
    rows = [observation(str(n), "GENERATION", "gone", input="Q", output=str(n)) for n in range(3)]
    assert [failure.output for failure in lines(*rows).failures] == ["0", "1", "2"]


def lang_chain(kind: str, content: str) -> dict[str, Any]:
    name = {"human": "HumanMessage", "ai": "AIMessage", "system": "SystemMessage"}[kind]
    path = ["langchain", "schema", "messages", name]
    return {
        "lc": 1,
        "type": "constructor",
        "id": path,
        "kwargs": {"content": content, "type": kind},
    }


def test_langsmith_model_runs_hold_messages_in_their_own_way() -> None:
    run = {
        "id": "r",
        "trace_id": "t",
        "run_type": "llm",
        "parent_run_id": "gone",
        "inputs": {"messages": [[lang_chain("system", "Be kind."), lang_chain("human", "Q")]]},
        "outputs": {"generations": [[{"text": "A", "message": lang_chain("ai", "A")}]]},
    }
    (failure,) = lines(run).failures
    assert (failure.input, failure.output) == ("Q", "A")


def test_langsmith_answers_with_the_passages_beside_them() -> None:
    run = {
        "id": "r",
        "run_type": "chain",
        "inputs": {"question": "Q"},
        "outputs": {"answer": "A", "context": [{"page_content": "P", "type": "Document"}]},
    }
    (failure,) = lines(run).failures
    assert (failure.output, failure.context) == ("A", "P")


def test_a_langsmith_experiment_with_whole_objects_in_its_columns() -> None:
    header = "example_id,run_id,inputs,outputs,reference,feedback.correct,notes,error\n"
    quoted = '"{""q"": ""Q""}","{""a"": ""wrong""}","{""a"": ""right""}"'
    found = read_failures(
        "experiment.csv", f"{header}e1,r1,{quoted},0,too late,\ne2,r2,{quoted},1,,\n".encode()
    )
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.input, failure.expected) == ("r1", "Q", "right")
    assert failure.note == "correct: 0\ntoo late"
