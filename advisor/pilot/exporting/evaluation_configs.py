"""The held-out cases for other evaluation tools: promptfoo and Inspect."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from advisor.domain.pilot_spec import Metric, Scoring
from advisor.pilot.exporting.export_material import ExportMaterial, lines

_ASSERTS: dict[Metric, dict[str, Any]] = {
    Metric.EXACT: {"type": "equals"},
    Metric.MACRO_F1: {"type": "equals"},
    Metric.JSON_VALID: {"type": "is-json"},
    Metric.ROUGE_L: {"type": "rouge-n", "threshold": 0.5},
}
"""What promptfoo checks by itself; for other metrics the wanted answer must be contained."""
_MARKS = re.compile(r"\{[{%#]")


def promptfoo(material: ExportMaterial) -> bytes:
    """Return a configuration for `promptfoo eval`: the cases, the prompt, one provider to fill in.

    Marks of promptfoo's own templates in the texts stay text.
    """
    scoring = material.frozen.spec.judged_by
    prompts = material.messages("test")
    tests = [
        {
            "description": case.id,
            "vars": {"prompt": _plain(json.dumps([turn._asdict() for turn in prompt]))},
            "assert": [_assert(scoring, case.expected)],
        }
        for prompt, case in zip(prompts, material.frozen.data.test, strict=True)
    ]
    content = {
        "description": material.frozen.spec.title,
        "prompts": ["{{prompt}}"],
        "providers": ["openai:chat:YOUR-MODEL"],
        "tests": tests,
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()


def _assert(scoring: Scoring, expected: str) -> dict[str, Any]:
    if scoring.metric is Metric.REGEX:
        return {"type": "regex", "value": _plain(scoring.pattern or "")}
    found = _ASSERTS.get(scoring.metric, {"type": "icontains"})
    return found if found["type"] == "is-json" else {**found, "value": _plain(expected)}


def _plain(text: str) -> str:
    """Return `text` such that promptfoo's templates give it back as it is."""
    return _MARKS.sub(lambda found: f"{{{{'{found[0]}'}}}}", text)


def inspect_samples(material: ExportMaterial) -> bytes:
    """Return the cases as samples of an Inspect data set, for `json_dataset`."""
    prompts = material.messages("test")
    return lines(
        {
            "id": case.id,
            "input": [turn._asdict() for turn in prompt],
            "target": case.expected,
            "metadata": {"group": case.group, "slice": case.slice},
        }
        for prompt, case in zip(prompts, material.frozen.data.test, strict=True)
    )


INSPECT_TASK = b'''"""The held-out cases of a pilot, for: inspect eval inspect_task.py"""

from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import match
from inspect_ai.solver import generate


@task
def pilot() -> Task:
    """Ask each case once; right is an answer that ends in the wanted one."""
    return Task(dataset=json_dataset("inspect_samples.jsonl"), solver=generate(), scorer=match())
'''
