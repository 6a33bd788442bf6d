"""A specification read: everything wrong at once, said so that it can be mended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from advisor.domain.pilot_spec import Metric, Task
from advisor.errors import InputError
from advisor.pilot.data import parse_spec, read_spec

GOOD: dict[str, Any] = {
    "title": "Which queue?",
    "task": "classification",
    "instruction": "Name the queue.",
    "data": {"cases": "cases.jsonl"},
}
YAML = """\
title: Which queue?
task: classification
instruction: Name the queue.
data: {cases: cases.csv}
schema: {enum: [a, b]}
arms: [prompt, fine_tuning+retrieval]
"""


def told(change: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_spec(GOOD | change, "s")
    return str(caught.value).splitlines()


def test_yaml_and_its_folder(tmp_path: Path) -> None:
    (tmp_path / "pilot.yaml").write_text(YAML, encoding="utf-8")
    spec, folder = read_spec(tmp_path / "pilot.yaml")
    assert (spec.task, spec.schema_, folder) == (
        Task.CLASSIFICATION,
        {"enum": ["a", "b"]},
        tmp_path,
    )
    assert spec.judged_by.metric is Metric.EXACT


NO_WORD = "is none of the words that fit here. Did you mean"
NO_FIELD = "there is no such field. Did you mean"
SAID: list[tuple[dict[str, Any], str, str]] = [
    ({"titel": 1}, "titel", f"{NO_FIELD} 'title'?"),
    ({"budget": {"minuts": 3}}, "budget.minuts", f"{NO_FIELD} 'minutes'?"),
    (
        {"scoring": {"metric": "style", "style": {"max_word": 3}}},
        "scoring.style.max_word",
        f"{NO_FIELD} 'max_words'?",
    ),
    ({"task": "clasification"}, "task", f"{NO_WORD} 'classification'?"),
    ({"arms": ["finetuning"]}, "arms.#1", f"{NO_WORD} 'fine_tuning'?"),
    ({"margin": 3}, "margin", "should be less than or equal to 0.5."),
    ({"data": {"train": "a.csv"}}, "data", "train and test belong together."),
    (
        {"budget": 3},
        "budget",
        'is a number; a group of fields is wanted. Write it like {"minutes": 30}',
    ),
    (
        {"recommended": "retrieval", "arms": ["prompt"]},
        "recommended",
        "is retrieval, which is not among the arms. Add it to arms, or recommend one of them",
    ),
    (
        {"scoring": {"metric": "regex"}},
        "scoring.pattern",
        "is missing. Write the pattern that a right answer matches",
    ),
    (
        {"scoring": {"metric": "schema"}},
        "schema",
        "is missing; the metric schema needs it. Add the JSON schema that a right answer follows",
    ),
    (
        {"scoring": {"metric": "style"}},
        "scoring.style",
        "checks nothing. Give max_words, min_words, must_contain or must_not_contain",
    ),
    (
        {"task": "generation", "scoring": {"metric": "macro_f1"}},
        "scoring.metric",
        "is macro_f1, which needs labels; the task is generation. Use exact, or make it a "
        "classification",
    ),
    (
        {"schema": {"$ref": "https://example.org/s.json"}},
        "schema",
        "refers to 'https://example.org/s.json'; nothing is fetched. Put that part under $defs "
        "and refer to #/$defs/…",
    ),
]


@pytest.mark.parametrize(("change", "place", "words"), SAID)
def test_what_is_wrong_is_said_with_its_mend(
    change: dict[str, Any], place: str, words: str
) -> None:
    assert told(change) == [f"s.{place}: {words}"]


def test_a_judge_needs_a_model(home: Path) -> None:
    assert "no judge model is configured" in told({"scoring": {"metric": "judge"}})[0]


@pytest.mark.parametrize(
    "schema", [{"type": "objekt"}, {"type": "object", "properties": 3}, {"pattern": "("}]
)
def test_what_is_no_schema_is_refused(schema: dict[str, Any]) -> None:
    assert told({"schema": schema})[0].startswith("s.schema: is no JSON schema: ")


@pytest.mark.parametrize("pattern", ["(", "a{1000000000000}", "x" * 3_000])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    assert told({"scoring": {"metric": "regex", "pattern": pattern}})


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = told({"title": "", "task": "x", "seeds": [], "data": {"cases": 3}, "extra": 1})
    assert [line.split(":")[0] for line in found] == [
        "s.data.cases",
        "s.extra",
        "s.seeds",
        "s.task",
        "s.title",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.yaml", b"title: [\n"),
        ("s.json", b"[1]"),
        ("s.toml", b"x = 1"),
        ("s.yaml", b"\xff\xfe\x00"),
        ("s.yaml", b"a: &x [1]\nb: *x\n"),
        ("s.json", b"{" * 100_000),
    ],
)
def test_a_file_that_is_no_specification_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_spec(tmp_path / name)
    assert name in str(caught.value)
