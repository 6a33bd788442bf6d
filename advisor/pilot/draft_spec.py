"""What a proposal already says about its pilot, so that nobody types it twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor import samples
from advisor.domain.pilot_spec import Task
from advisor.pilot.data.spec_file import read_spec
from advisor.pilot.data.spec_paths import Upload, read_upload
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.presentation.wording import counted
from advisor.proposal import Draft, Failure

SAMPLE = Path(samples.__file__).parent / "pilot" / "bike-messages.yaml"
ASKED = 0.5
"""Share of the inputs that end with a question mark from which on it is answering questions."""


@dataclass(frozen=True)
class SpecDraft:
    """How the form of a new pilot begins."""

    title: str = ""
    task: Task = Task.CLASSIFICATION
    instruction: str = ""
    cases: Upload | None = None
    """Cases that are there already."""
    whose: str = ""
    """What these cases are, in words."""


def spec_draft(draft: Draft | None) -> SpecDraft:
    """Return how the form begins for a proposal; an empty form without one."""
    if draft is None:
        return SpecDraft()
    material = ProbeMaterial.of(draft)
    instruction = draft.current.prompt or draft.description
    cases = _upload(material.failures) if material.failures else None
    whose = f"the {counted(len(material.failures), 'failure')} of the proposal"
    return SpecDraft(draft.title, task_of(material), instruction, cases, whose)


def sample_draft() -> SpecDraft:
    """Return the example that ships: messages to a bicycle rental, sorted by team."""
    spec, folder = read_spec(SAMPLE)
    cases = read_upload(folder, "bike-messages.csv", "data.cases")
    return SpecDraft(spec.title, spec.task, spec.instruction, cases, "the messages of the example")


def _upload(failures: Sequence[Failure]) -> Upload:
    rows = (
        {"id": failure.id, "input": failure.input, "expected": failure.expected}
        for failure in failures
    )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return Upload("failures.jsonl", text.encode())


def task_of(material: ProbeMaterial) -> Task:
    """Guess the task from the wanted answers."""
    if material.labels or not material.failures:
        return Task.CLASSIFICATION
    if material.schema:
        return Task.EXTRACTION
    asked = sum((failure.input or "").rstrip().endswith("?") for failure in material.failures)
    answers = asked >= ASKED * len(material.failures)
    return Task.QUESTION_ANSWERING if answers else Task.GENERATION
