"""Whether the metric gives the wanted answer full marks, and doing nothing none."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Metric
from advisor.models.endpoint import never
from advisor.pilot.checks.check import ids
from advisor.pilot.metrics import Answered, definition_of, mean
from advisor.presentation.wording import percent

FULL = 0.999
COPYING = 0.2
"""Score that copying the input may have before it is worth a word."""


def ceiling(frozen: Frozen) -> Iterator[Finding]:
    """Score the wanted answers and copies of the inputs; a judge model is not asked."""
    spec, test = frozen.spec, frozen.data.test
    if spec.judged_by.metric is Metric.JUDGE:
        return
    scores = definition_of(spec.judged_by.metric).scores
    gold = scores(spec, [Answered(case.expected, case) for case in test], never)
    open_ = [case for case, score in zip(test, gold, strict=True) if score is None]
    short = [case for case, score in zip(test, gold, strict=True) if score and score < FULL]
    zero = [case for case, score in zip(test, gold, strict=True) if score == 0]
    if open_:
        what = (
            f"{len(open_)} of {len(test)} wanted answers cannot be judged by "
            f"{spec.judged_by.metric}: no arm gets a score there."
        )
        severity = "blocks" if len(open_) > len(test) / 2 else "warning"
        yield Finding(check="ceiling", severity=severity, what=what, cases=ids(open_))
    if wrong := [*short, *zero]:
        what = (
            f"{len(wrong)} of {len(test)} wanted answers get less than full marks by "
            f"{spec.judged_by.metric}, on average {percent(mean(gold) or 0.0)}: no arm can get "
            "there either. Check the metric, or these answers."
        )
        severity = "blocks" if len(wrong) > len(test) / 2 else "warning"
        yield Finding(check="ceiling", severity=severity, what=what, cases=ids(wrong))
    copied = mean(scores(spec, [Answered(case.input, case) for case in test], never)) or 0.0
    if copied > COPYING:
        what = f"Copying the input scores {percent(copied)}: read all scores against that."
        yield Finding(check="ceiling", severity="note", what=what)
