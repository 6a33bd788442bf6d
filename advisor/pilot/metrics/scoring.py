"""Scores of whole runs, and the figures that are made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmAnswer, ArmRun
from advisor.domain.pilot_spec import Metric, Scoring, Spec, Task
from advisor.models.endpoint import Stop, never
from advisor.pilot.metrics.metric_definition import CUT, Answered, Score
from advisor.pilot.metrics.registry import definition_of

BESIDE: dict[Task, tuple[Metric, ...]] = {
    Task.CLASSIFICATION: (Metric.EXACT, Metric.MACRO_F1),
    Task.EXTRACTION: (Metric.EXACT, Metric.JSON_F1, Metric.JSON_VALID),
    Task.GENERATION: (Metric.EXACT, Metric.ROUGE_L, Metric.CHRF),
    Task.QUESTION_ANSWERING: (Metric.EXACT, Metric.TOKEN_F1, Metric.ROUGE_L_RECALL),
}
"""What is also measured, beside the metric that decides."""


def score(spec: Spec, answers: Sequence[Answered], stop: Stop = never) -> list[Score]:
    """Return one score an answer by the metric of the specification; None where none can be had.

    Raises:
        AdvisorError: the judge model, where one decides, answers nothing.
    """
    return definition_of(spec.judged_by.metric).scores(spec, answers, stop)


def score_all(
    frozen: Frozen, answers: Sequence[ArmAnswer], stop: Stop = never
) -> tuple[ArmAnswer, ...]:
    """Return answers to test cases with their scores.

    Raises:
        AdvisorError: the judge model, where one decides, answers nothing.
    """
    scores = score(frozen.spec, list(_answered(frozen, answers)), stop)
    return tuple(
        one.model_copy(update={"score": found}) for one, found in zip(answers, scores, strict=True)
    )


def _answered(frozen: Frozen, answers: Sequence[ArmAnswer]) -> Iterator[Answered]:
    cases = {case.id: case for case in frozen.data.test}
    return (Answered(answer.text, cases[answer.case]) for answer in answers)


def mean(scores: Sequence[Score]) -> float | None:
    """Return the mean of the scores that could be had."""
    had = [one for one in scores if one is not None]
    return fmean(had) if had else None


def score_table(runs: Sequence[ArmRun]) -> dict[str, dict[str, float]]:
    """Return, per arm, the score of each case: the mean over seeds, whole training side only."""
    gathered: dict[str, dict[str, list[float]]] = {}
    for run in _whole(runs):
        cases = gathered.setdefault(run.arm, defaultdict(list))
        for answer in run.answers:
            if answer.score is not None:
                cases[answer.case].append(answer.score)
    return {
        arm: {case: fmean(scores) for case, scores in cases.items()}
        for arm, cases in gathered.items()
    }


def _whole(runs: Sequence[ArmRun]) -> Iterator[ArmRun]:
    return (run for run in runs if run.share == 1.0 and run.answers)


def slice_means(frozen: Frozen, runs: Sequence[ArmRun]) -> dict[str, dict[str, float]]:
    """Return, per slice, the mean score of each arm."""
    slices: defaultdict[str, list[str]] = defaultdict(list)
    for case in frozen.data.test:
        if case.slice is not None:
            slices[case.slice].append(case.id)
    table = score_table(runs)
    return {
        name: {
            arm: fmean(found)
            for arm, scores in table.items()
            if (found := [scores[case] for case in cases if case in scores])
        }
        for name, cases in sorted(slices.items())
    }


def aggregates(frozen: Frozen, runs: Sequence[ArmRun]) -> dict[str, dict[str, float]]:
    """Return, per arm, figures beside the score: macro-F1, share of valid JSON; mean over seeds."""
    gathered: dict[str, defaultdict[str, list[float]]] = {}
    for run in _whole(runs):
        figures = gathered.setdefault(run.arm, defaultdict(list))
        for name, figure in _figures(frozen, run):
            figures[name].append(figure)
    return {
        arm: {name: fmean(found) for name, found in figures.items()}
        for arm, figures in gathered.items()
    }


def _figures(frozen: Frozen, run: ArmRun) -> Iterator[tuple[str, float]]:
    """Yield what is measured beside the score of one run."""
    spec, answers = frozen.spec, list(_answered(frozen, run.answers))
    decides = spec.judged_by.metric
    beside = BESIDE[spec.task] + ((Metric.SCHEMA,) if spec.schema_ else ())
    for name in beside:
        one = definition_of(name)
        if one.aggregate:
            yield name, one.aggregate(answers)
        elif name != decides:
            plain = spec.model_copy(update={"scoring": Scoring(metric=name)})
            found = mean(one.scores(plain, answers, never))
            if found is not None:
                yield name, found
    yield CUT, fmean(answer.cut for answer in run.answers)
