"""What a second opinion came to: in words, and side by side with the classifier and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from advisor.domain.assessment import FailureReading
from advisor.failures.second_opinion.advised_reader import KeptOpinion
from advisor.failures.second_opinion.ask import OpinionEstimate
from advisor.models.endpoint import Endpoint
from advisor.presentation.palette import COLOURS, MUTED
from advisor.presentation.wording import counted, number, roughly
from advisor.vocabulary import CAUSE_OF, Cause, Mode


class ComparedReading(NamedTuple):
    """One failure as the classifier alone, the judge model and perhaps a person see it."""

    reading: FailureReading
    advice: KeptOpinion
    person: Mode | None = None

    @property
    def same_mode(self) -> bool:
        """Whether both name the same mode."""
        return self.reading.mode is self.advice.verdict.mode

    @property
    def same_cause(self) -> bool:
        """Whether both name the same cause."""
        return self.reading.cause is CAUSE_OF[self.advice.verdict.mode]


class Agreement(NamedTuple):
    """How often the judge model and the classifier agree, and which of them people confirm."""

    both: int
    same_mode: int
    same_cause: int
    corrected: int
    judge_right: int
    """Of the corrected ones: the judge model says what the person said."""
    classifier_right: int


def compared(
    readings: Sequence[FailureReading],
    advice: Mapping[str, KeptOpinion],
    corrections: Mapping[str, Mode],
) -> list[ComparedReading]:
    """Put side by side what can be compared; advice on texts that talk to the judge is left out.

    Args:
        readings: what the classifier alone says, without corrections.
        advice: what the judge model says, by id.
        corrections: what people said, by id.
    """
    return [
        ComparedReading(reading, advice[reading.id], corrections.get(reading.id))
        for reading in readings
        if reading.id in advice and not advice[reading.id].flagged
    ]


def agreement(rows: Sequence[ComparedReading]) -> Agreement:
    """Count who agrees with whom."""
    told = [row for row in rows if row.person]
    return Agreement(
        len(rows),
        sum(row.same_mode for row in rows),
        sum(row.same_cause for row in rows),
        len(told),
        sum(row.person is row.advice.verdict.mode for row in told),
        sum(row.person is row.reading.mode for row in told),
    )


def agreement_words(counts: Agreement) -> str:
    """Say how far the judge model and the advisor agree."""
    text = (
        f"The advisor and the model both read {counted(counts.both, 'failure')}: the same cause "
        f"{counts.same_cause} times, the same kind of failure {counts.same_mode} times."
    )
    if not counts.corrected:
        return f"{text} Nobody has corrected any of these yet, so nobody knows who is right."
    return (
        f"{text} People corrected {counts.corrected} of them: the model agrees with people on "
        f"{counts.judge_right}, the advisor alone on {counts.classifier_right}."
    )


def agreement_chart(counts: Agreement) -> dict[str, Any]:
    """Return a Vega-Lite picture of how far both agree: one bar a degree."""
    parts = {
        "same kind of failure": counts.same_mode,
        "same cause only": counts.same_cause - counts.same_mode,
        "another cause": counts.both - counts.same_cause,
    }
    rows = [{"says": name, "failures": size} for name, size in parts.items()]
    axis = {"labelFontSize": 14, "ticks": False, "domain": False, "labelPadding": 8}
    y = {"field": "says", "type": "nominal", "sort": None, "title": None, "axis": axis}
    text = {"type": "text", "align": "left", "dx": 6, "fontSize": 14, "color": MUTED}
    size = {"field": "failures", "type": "quantitative", "axis": None}
    return {
        "data": {"values": rows},
        "height": 34 * len(parts),
        "encoding": {"y": y, "x": size | {"scale": {"domain": [0, max(1, counts.both * 1.1)]}}},
        "layer": [
            {"mark": {"type": "bar", "height": 22, "color": COLOURS[Cause.BEHAVIOUR]}},
            {"mark": text, "encoding": {"text": {"field": "failures"}}},
        ],
        "config": {"view": {"stroke": None}, "background": "transparent"},
    }


def estimate_words(estimate: OpinionEstimate, endpoint: Endpoint) -> list[str]:
    """Say what asking would take, one sentence a fact."""
    tokens = round(estimate.tokens_in, 2 - len(str(estimate.tokens_in)))
    sent = f"{tokens:,} tokens sent, at most {estimate.tokens_out:,} answered"
    facts = [
        f"{counted(estimate.requests, 'question')} to {endpoint.model} at {endpoint.host}: "
        f"about {sent}, {roughly(estimate.seconds)}.",
        _price_words(estimate.price),
    ]
    if not estimate.requests:
        facts = ["Nothing is left to ask."]
    if estimate.cached:
        facts.append(f"{counted(estimate.cached, 'answer')} kept from before; these cost nothing.")
    if estimate.flagged:
        facts.append(
            f"{counted(estimate.flagged, 'failure')} left out: texts that talk to the judge."
        )
    return facts


def _price_words(price: float | None) -> str:
    if price is None:
        return (
            "No price is known: set ADVISOR_ENDPOINT_PRICE_IN and ADVISOR_ENDPOINT_PRICE_OUT, "
            "each for a million tokens."
        )
    shown = number(price) if price >= 1 else f"{price:.4f}"
    return f"Cost: at most about {shown}, in the currency of the prices you set."
