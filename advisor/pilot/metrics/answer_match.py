"""Whether an answer is the wanted one (label, text, JSON), or has the wanted form."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from advisor.domain.cases import Case
from advisor.domain.pilot_spec import Spec, Task
from advisor.pilot.metrics.json_metrics import equal
from advisor.pilot.metrics.metric_definition import Answered, AnswerScorer
from advisor.pilot.metrics.overlap import same

SECONDS = 0.2
"""The longest that a pattern may look at one answer."""


def first_line(text: str) -> str:
    """Return the first line with anything in it; what a model writes below a label is no label."""
    return text.strip().split("\n")[0].strip()


def _label(text: str, case: Case) -> float:
    return float(first_line(text) == first_line(case.expected))


def _json(text: str, case: Case) -> float:
    return float(equal(text, case) or same(text, case.expected))


def _text(text: str, case: Case) -> float:
    return float(same(text, case.expected))


_BY_TASK: dict[Task, AnswerScorer] = {Task.CLASSIFICATION: _label, Task.EXTRACTION: _json}


def exact(spec: Spec) -> AnswerScorer:
    """Return the judge of exact answers as fits the task."""
    return _BY_TASK.get(spec.task, _text)


def macro_f1(answers: Sequence[Answered]) -> float:
    """Return the mean F1 over the labels that the test cases want."""
    from sklearn.metrics import f1_score  # heavy: sklearn

    wanted = [first_line(case.expected) for _, case in answers]
    said = [first_line(text) for text, _ in answers]
    labels = sorted(set(wanted))
    return float(f1_score(wanted, said, labels=labels, average="macro", zero_division=0))


def pattern(spec: Spec) -> AnswerScorer:
    """Return the judge of the pattern; None where it takes too long on an answer."""
    compiled = regex.compile(spec.judged_by.pattern or "")

    def judge(text: str, case: Case) -> float | None:
        try:
            return float(compiled.fullmatch(text.strip(), timeout=SECONDS) is not None)
        except (TimeoutError, MemoryError):
            return None

    return judge


def style(spec: Spec) -> AnswerScorer:
    """Return the judge of style: every check that is given must hold."""
    checks = spec.judged_by.style
    wanted = [word.casefold() for word in checks.must_contain]
    unwanted = [word.casefold() for word in checks.must_not_contain]

    def judge(text: str, case: Case) -> float:
        length, plain = len(text.split()), text.casefold()
        long_enough = length >= (checks.min_words or 0)
        short_enough = checks.max_words is None or length <= checks.max_words
        holds = all(one in plain for one in wanted) and not any(word in plain for word in unwanted)
        return float(long_enough and short_enough and holds)

    return judge
