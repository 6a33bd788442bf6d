"""Whether an answer is the wanted one: labels, whole texts, JSON."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec, Task
from advisor.pilot.metrics.json_metrics import equal
from advisor.pilot.metrics.measure_type import Answered, One
from advisor.pilot.metrics.normalising import same


def first_line(text: str) -> str:
    """Return the first line with anything in it; what a model writes below a label is no label."""
    return text.strip().split("\n")[0].strip()


def _label(text: str, case: Case) -> float:
    return float(first_line(text) == first_line(case.expected))


def _json(text: str, case: Case) -> float:
    return float(equal(text, case) or same(text, case.expected))


def _text(text: str, case: Case) -> float:
    return float(same(text, case.expected))


_BY_TASK: dict[Task, One] = {Task.CLASSIFICATION: _label, Task.EXTRACTION: _json}


def exact(spec: Spec) -> One:
    """Return the judge of exact answers as fits the task."""
    return _BY_TASK.get(spec.task, _text)


def macro_f1(answers: Sequence[Answered]) -> float:
    """Return the mean F1 over the labels that the test cases want."""
    from sklearn.metrics import f1_score  # heavy: sklearn

    wanted = [first_line(case.expected) for _, case in answers]
    said = [first_line(text) for text, _ in answers]
    labels = sorted(set(wanted))
    return float(f1_score(wanted, said, labels=labels, average="macro", zero_division=0))
