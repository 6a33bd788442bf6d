"""How a language model's reading joins the classifier's: as one more feature, with bounded weight.

Only answers that are kept already count. Nothing here asks the network, and without a setting or
an answer nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from advisor.core.settings import settings
from advisor.core.strict import digest
from advisor.domain.assessment import FailureReading
from advisor.failures.failure_reader import FailureReader
from advisor.failures.features.registry import Array
from advisor.failures.head import shipped
from advisor.failures.probabilities import updated
from advisor.failures.second_opinion.injection_flags import talk
from advisor.failures.second_opinion.opinion_cache import OpinionCache
from advisor.models.encoder import chosen
from advisor.presentation.wording import MODES, percent
from advisor.proposal import Failure
from advisor.vocabulary import Mode

if TYPE_CHECKING:
    from advisor.failures.second_opinion.prompt import ModeVerdict

STRENGTH = 0.37
"""How much a verdict counts: the power to which its likelihood ratio is raised.

At its surest a verdict then weighs 4 to 1, as much as a clear reason of the rules."""
SUREST = 0.8
"""The most sure a verdict may be: a model's word for its own certainty is too high."""


class KeptOpinion(NamedTuple):
    """A kept verdict on one failure, and the words in its texts that talk to the judge."""

    verdict: ModeVerdict
    flagged: tuple[str, ...] = ()


def judged(
    readings: Sequence[FailureReading], advice: Mapping[str, KeptOpinion], threshold: float
) -> tuple[FailureReading, ...]:
    """Join readings with what the judge model says: log p + STRENGTH * log q, normalised.

    A person's word stays; flagged advice is told and weighs nothing.

    Args:
        readings: what the classifier says.
        advice: what the judge model says, by id.
        threshold: probability of the top cause under which a reading abstains.
    """
    return tuple(
        _joined(reading, advice[reading.id], threshold)
        if reading.id in advice and not reading.corrected
        else reading
        for reading in readings
    )


def _joined(reading: FailureReading, advice: KeptOpinion, threshold: float) -> FailureReading:
    if advice.flagged:
        why = f"{reading.why} {flag_words(advice.flagged)}".strip()
        return reading.model_copy(update={"why": why})
    verdict = advice.verdict
    why = f"{reading.why} {verdict_words(verdict)}".strip()
    return updated(reading, STRENGTH * np.log(_chances(verdict)), threshold, why)


def _chances(verdict: ModeVerdict) -> Array:
    """Return a verdict as probabilities of the modes; never surer than SUREST, never against."""
    even = 1 / len(Mode)
    sure = min(max(verdict.sure, even), SUREST)
    rest = (1 - sure) / (len(Mode) - 1)
    return np.array([sure if mode is verdict.mode else rest for mode in Mode])


def verdict_words(verdict: ModeVerdict) -> str:
    """Return a verdict as a sentence."""
    said = f": “{verdict.because}”" if verdict.because else ""
    return f"The judge model says {MODES[verdict.mode]}, {percent(verdict.sure)} sure{said}."


def flag_words(flagged: Sequence[str]) -> str:
    """Say that the texts of a failure talk to the judge."""
    words = ", ".join(f"“{words}”" for words in flagged)
    return f"Its texts talk to the judge model ({words}), so the model's word does not count."


class AdvisedReader:
    """A reader joined with advice on certain failures."""

    def __init__(
        self, reader: FailureReader, advice: Mapping[str, KeptOpinion], threshold: float
    ) -> None:
        """Join `reader` with `advice`; the fingerprint covers both."""
        self._reader = reader
        self._advice = advice
        self._threshold = threshold
        used = {
            name: [opinion.verdict.model_dump(mode="json"), opinion.flagged]
            for name, opinion in advice.items()
        }
        self.fingerprint = digest([reader.fingerprint, STRENGTH, SUREST, used])
        self.version = f"{reader.version}, with a judge model's word on {len(advice):,}"

    def read(
        self, failures: Sequence[Failure], corrections: Mapping[str, Mode] | None = None
    ) -> tuple[FailureReading, ...]:
        """Return one reading a failure, in order."""
        return judged(self._reader.read(failures, corrections), self._advice, self._threshold)


def advised(reader: FailureReader, failures: Sequence[Failure]) -> FailureReader:
    """Return `reader` joined with the kept advice on `failures`; itself if there are none.

    Nothing is asked: the same failures and the same kept answers give the same readings.

    Raises:
        StoreError: the kept answers are damaged.
    """
    model = settings().endpoint_model
    advice = advice_on(failures, model) if model and failures else {}
    return AdvisedReader(reader, advice, _threshold(chosen())) if advice else reader


def advice_on(failures: Sequence[Failure], model: str) -> dict[str, KeptOpinion]:
    """Return what `model` has said, by id of the failure; those without an id by place."""
    known = OpinionCache(model).verdicts(failures)
    return {
        failure.id or f"f{place}": KeptOpinion(known[failure.key], talk(failure))
        for place, failure in enumerate(failures, start=1)
        if known and failure.key in known
    }


@lru_cache(maxsize=4)
def _threshold(encoder: str) -> float:
    return shipped(encoder)[1].threshold
