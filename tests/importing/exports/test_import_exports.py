"""Exports of known tools are recognised by their shape."""

from __future__ import annotations

import json
from typing import Any

from advisor.importing import Import, read_failures


def read(content: Any, name: str = "export.json") -> Import:
    return read_failures(name, json.dumps(content).encode())


def lines(*records: Any) -> Import:
    text = "\n".join(json.dumps(record) for record in records)
    return read_failures("export.jsonl", text.encode())


def promptfoo_result(success: bool, **more: Any) -> dict[str, Any]:
    return {
        "id": "r1" if success else "r2",
        "promptIdx": 0,
        "testIdx": 0,
        "vars": {"question": "When do you open?", "context": "Open from 9."},
        "prompt": {"raw": "Answer: When do you open?", "label": "p"},
        "testCase": {
            "vars": {"question": "When do you open?"},
            "assert": [
                {"type": "equals", "value": "At 9"},
                {"type": "contains", "value": "9"},
                {"type": "javascript", "value": "output.length < 9"},
            ],
        },
        "response": {"output": "At 10", "tokenUsage": {}},
        "success": success,
        "gradingResult": {
            "pass": success,
            "score": 0,
            "reason": "Expected output to equal At 9",
            "componentResults": [
                {"pass": False, "reason": "Expected output to equal At 9"},
                {"pass": True, "reason": "fine"},
            ],
        },
        **more,
    }


def test_promptfoo_results_give_their_failing_rows_and_count_the_others() -> None:
    results = [promptfoo_result(True), promptfoo_result(False)]
    found = read({"evalId": "e", "results": {"version": 3, "results": results, "prompts": []}})
    assert found.recognised.startswith("promptfoo results")
    assert (found.left_out, found.rows) == (1, 2)
    (failure,) = found.failures
    assert failure.model_dump() == {
        "id": "r2",
        "input": "When do you open?",
        "output": "At 10",
        "expected": "At 9\ncontains: 9",
        "note": "Expected output to equal At 9",
        "context": "Open from 9.",
    }


def test_promptfoo_json_lines_with_an_error_instead_of_an_answer() -> None:
    broken = promptfoo_result(False, response={}, error="API timeout", gradingResult=None)
    (failure,) = lines(broken).failures
    assert (failure.output, failure.note) == (None, "API timeout")


def test_promptfoo_uses_the_prompt_where_there_are_no_variables() -> None:
    bare = promptfoo_result(False, vars={}, testCase={})
    assert lines(bare).failures[0].input == "Answer: When do you open?"


def test_the_promptfoo_csv_is_told_by_its_marks() -> None:
    data = (
        "question,__expected,[openai:x] Answer {{question}}\n"
        'When?,At 9,"[FAIL] (0.00) At 10\n---\nnot equal"\n'
        "Where?,Here,[PASS] (1.00) Here\n"
    )
    found = read_failures("table.csv", data.encode())
    assert found.recognised.startswith("promptfoo table")
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.input, failure.output, failure.note) == ("When?", "At 10", "not equal")
    assert failure.expected == "At 9"


def langfuse_trace(**more: Any) -> dict[str, Any]:
    return {
        "id": "t1",
        "projectId": "p",
        "sessionId": None,
        "bookmarked": False,
        "input": {
            "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "Q"}]
        },
        "output": {"role": "assistant", "content": "A"},
        "scores": [{"name": "correct", "value": 0, "comment": "wrong year"}],
        **more,
    }


def test_langfuse_traces_give_words_not_json() -> None:
    shown = {"type": "RETRIEVER", "output": ["a passage"]}
    found = lines(langfuse_trace(observations=[shown]))
    assert found.recognised.startswith("Langfuse export")
    (failure,) = found.failures
    assert (failure.input, failure.output, failure.context) == ("Q", "A", "a passage")
    assert failure.note == "correct: 0 (wrong year)"


def test_rows_whose_pass_fail_scores_are_all_one_are_left_out() -> None:
    good = langfuse_trace(id="t2", scores=[{"name": "correct", "value": 1}])
    found = read([langfuse_trace(), good])
    assert (len(found.failures), found.left_out) == (1, 1)


def test_a_one_on_a_longer_scale_is_no_pass() -> None:
    rows = [langfuse_trace(id=str(n), scores=[{"name": "stars", "value": n}]) for n in (1, 4)]
    assert len(read(rows).failures) == 2


def test_langfuse_data_set_items_and_their_csv() -> None:
    item = {"id": "i", "input": {"q": "x"}, "expectedOutput": {"a": "y"}, "sourceTraceId": None}
    (failure,) = read({"data": [item]}).failures
    assert (failure.input, failure.output, failure.expected) == ("x", None, "y")
    csv = 'id,traceId,sessionId,input,output,comments\n1,t,s,"{""q"": ""x""}",bad,rude\n'
    (failure,) = read_failures("traces.csv", csv.encode()).failures
    assert (failure.input, failure.output, failure.note) == ("x", "bad", "rude")


def test_langsmith_runs_keep_whole_requests_with_what_was_retrieved() -> None:
    root = {
        "id": "r",
        "trace_id": "r",
        "run_type": "chain",
        "parent_run_id": None,
        "inputs": {"question": "Q"},
        "outputs": {"output": "A"},
        "feedback_stats": {"correct": {"n": 1, "avg": 0.0}},
    }
    step = {
        "id": "s",
        "trace_id": "r",
        "run_type": "retriever",
        "parent_run_id": "r",
        "inputs": {"query": "Q"},
        "outputs": {"documents": [{"page_content": "P", "type": "Document"}]},
    }
    found = lines(root, step)
    assert found.recognised.startswith("LangSmith export")
    (failure,) = found.failures
    assert (failure.input, failure.output, failure.expected) == ("Q", "A", None)
    assert "P" in (failure.context or "")
    assert "correct: 0" in (failure.note or "")


def test_langsmith_examples_with_runs_and_plain_examples() -> None:
    example = {"id": "e", "inputs": {"q": "Q"}, "outputs": {"a": "right"}}
    run = {"outputs": {"output": "wrong"}, "error": None}
    (failure,) = read({"examples_with_runs": [{**example, "runs": [run]}]}).failures
    assert (failure.output, failure.expected) == ("wrong", "right")
    (failure,) = read([example]).failures
    assert (failure.output, failure.expected) == (None, "right")


def test_a_langsmith_experiment_as_csv() -> None:
    csv = (
        "inputs.question,outputs.answer,reference.answer,feedback.correct,example_id\n"
        "Q1,wrong,right,0,e1\nQ2,right,right,1,e2\n"
    )
    found = read_failures("experiment.csv", csv.encode())
    (failure,) = found.failures
    assert (failure.input, failure.output, failure.expected) == ("Q1", "wrong", "right")
    assert found.left_out == 1


def test_an_uploaded_langsmith_experiment() -> None:
    row = {
        "row_id": "1",
        "inputs": {"q": "Q"},
        "expected_outputs": {"a": "right"},
        "actual_outputs": {"a": "wrong"},
        "evaluation_scores": [{"key": "exact", "score": 0, "comment": "no match"}],
    }
    (failure,) = read({"experiment_name": "x", "results": [row]}).failures
    assert (failure.output, failure.expected) == ("wrong", "right")
    assert failure.note == "exact: 0 (no match)"


def test_chat_messages_give_the_last_answer_and_leave_the_prompt_out() -> None:
    talk = [
        {"role": "system", "content": "You are kind."},
        {"role": "user", "content": [{"type": "text", "text": "Q1"}, {"type": "image_url"}]},
        {"role": "assistant", "content": "A1"},
        {"role": "tool", "content": "passage"},
        {"role": "user", "content": "Q2"},
        {"role": "assistant", "content": "A2"},
    ]
    found = lines({"messages": talk, "ideal": "A3", "comment": "wrong"})
    assert found.recognised.startswith("chat messages")
    (failure,) = found.failures
    assert failure.input == "user: Q1\n[image_url]\nassistant: A1\nuser: Q2"
    assert (failure.output, failure.expected, failure.note) == ("A2", "A3", "wrong")
    assert failure.context == "passage"


def test_an_evaluation_data_set_has_the_right_answer_only() -> None:
    (failure,) = lines({"input": [{"role": "user", "content": "Q"}], "ideal": ["A"]}).failures
    assert (failure.input, failure.output, failure.expected) == ("Q", None, "A")


def test_an_evaluation_log_is_joined_by_sample() -> None:
    def event(sample: str, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        return {"run_id": "r", "event_id": 0, "sample_id": sample, "type": kind, "data": data}

    found = lines(
        {"spec": {"eval_name": "x"}},
        event("s.0", "sampling", {"prompt": [{"role": "user", "content": "Q"}], "sampled": ["B"]}),
        event("s.0", "match", {"correct": False, "expected": "A", "picked": "B"}),
        event("s.1", "match", {"correct": True, "expected": "A", "picked": "A"}),
        {"final_report": {"accuracy": 0.5}},
    )
    assert found.left_out == 1
    (failure,) = found.failures
    assert (failure.id, failure.input) == ("s.0", "Q")
    assert (failure.output, failure.expected) == ("B", "A")


def test_a_row_that_is_not_like_the_others_is_listed() -> None:
    found = lines(promptfoo_result(False), promptfoo_result(False), {"hello": 1})
    assert [(one.line, "not like the other" in one.reason) for one in found.rejected] == [(3, True)]


def test_plain_records_with_inputs_and_outputs_are_no_langsmith_export() -> None:
    (failure,) = lines({"inputs": "Q", "outputs": "A"}).failures
    assert (failure.output, failure.expected) == ("A", None)


def test_a_downloaded_evaluation_run() -> None:
    item = {
        "object": "eval.run.output_item",
        "id": "o1",
        "datasource_item": {"item": {"question": "Q", "correct_label": "A"}},
        "sample": {"output": [{"role": "assistant", "content": "B"}]},
        "results": [{"name": "match", "passed": False, "score": 0}],
        "status": "fail",
    }
    (failure,) = read({"object": "list", "data": [item]}).failures
    assert (failure.input, failure.output, failure.expected) == ("Q", "B", "A")
    assert failure.note == "match: 0"


def test_a_record_nested_too_deep_costs_its_row() -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = {"a": deep, "b": 1}
    rows = [langfuse_trace(), langfuse_trace(id="t2", output=deep)]
    found = read(rows)
    assert len(found.failures) + len(found.rejected) == 2
