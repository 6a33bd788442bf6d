"""How probes count in triage: as outcomes of experiments, by Bayes' rule on the same figures.

A change stands for a remedy, and `rules/remedies.yaml` says what share of each mode a remedy fixes.
So a failure that a remedy mended is likelier of the modes that it usually fixes, and one that it
did not mend less so. How often a remedy mended anything here, against what those figures expect,
moves the figures themselves: one shift in log-odds for each remedy, the most probable one under a
normal prior.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from advisor.core.strict import digest
from advisor.domain.assessment import EvidenceItem, FailureReading
from advisor.domain.sources import Source
from advisor.failures.probabilities import updated
from advisor.pilot.probing.probe_cache import KeptProbe
from advisor.pilot.probing.probe_records import CHANGE_WORDS, Intervention
from advisor.presentation.wording import counted
from advisor.triage.evidence import MODES, REMEDIES, Array
from advisor.vocabulary import Remedy

TRUST = {True: 1.0, False: 0.5}
"""What an outcome counts for: of the team's own model, and of a small one that stands in for it."""
SPREAD = 1.0
"""Standard deviation in nats of the prior on how far a remedy's figures are off here."""
SURE = 0.6
"""Probability of the likeliest cause from which on a probed failure is no longer unsure."""
_SHIFTS = np.linspace(-3, 3, 121)
SOURCE = Source(
    id="own-probe",
    title="Your own failures, asked again",
    finding="What mended them when one thing was changed.",
    basis="computed",
)


@dataclass(frozen=True)
class ProbeEvidence:
    """What probes say about a proposal; without any, nothing changes."""

    readings: tuple[FailureReading, ...]
    shift: Array = field(default_factory=lambda: np.zeros((len(REMEDIES), len(MODES))))
    """Added to the log-odds that a remedy fixes a mode, shape (4, 12)."""
    items: tuple[EvidenceItem, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True)
class _ProbeOutcome:
    """What the probe of one failure says: which remedies mended it, and what that counts for."""

    reading: FailureReading
    mended: Mapping[Remedy, bool]
    trust: float
    why: str


def probe_evidence(
    probes: Mapping[str, KeptProbe], readings: tuple[FailureReading, ...], odds: Array
) -> ProbeEvidence:
    """Return `readings` in the light of what probes found, and what it says about the remedies.

    Args:
        probes: what was found, by id of the failure.
        readings: what the classifier says.
        odds: log-odds that each remedy fixes each mode, shape (4, 12).
    """
    told = _told(probes, readings)
    if not told:
        return ProbeEvidence(readings)
    shifts = {
        remedy: _shift(remedy, odds, told)
        for remedy in REMEDIES
        if any(remedy in probed.mended for probed in told.values())
    }
    shift = np.array([[shifts.get(remedy, 0.0)] * len(MODES) for remedy in REMEDIES])
    fix = 1 / (1 + np.exp(-odds))
    again = {name: _read_again(probed, fix) for name, probed in told.items()}
    return ProbeEvidence(
        tuple(again.get(reading.id, reading) for reading in readings),
        shift,
        tuple(_items(shifts, list(told.values()))),
        digest([SPREAD, [[name, told[name].trust, told[name].mended] for name in sorted(told)]]),
    )


def _told(
    probes: Mapping[str, KeptProbe], readings: Sequence[FailureReading]
) -> dict[str, _ProbeOutcome]:
    """Return what probes say, by id; some say nothing."""
    told = {}
    for reading in readings:
        probe = probes.get(reading.id)
        if probe and (mended := outcomes(probe)):
            trust, why = TRUST[probe.own_model], probe.found.why
            told[reading.id] = _ProbeOutcome(reading, mended, trust, why)
    return told


def outcomes(kept: KeptProbe) -> dict[Remedy, bool]:
    """Return which remedies mended one failure; empty if the probe says nothing about it.

    A stand-in that fails at everything says nothing about the team's model, and neither does a
    failure that is gone when asked again.
    """
    probed = kept.found
    silent = {"gone", "unjudged", "unanswered"} | (set() if kept.own_model else {"nothing"})
    if probed.finding in silent:
        return {}
    told: dict[Remedy, bool] = {}
    for change in Intervention:
        remedy, mended = CHANGE_WORDS[change].remedy, probed.outcome(change)
        if remedy is not None and mended is not None:
            told[remedy] = told.get(remedy, False) or mended
    if probed.finding == "sometimes":
        told[Remedy.PROMPTING] = True
    return told


def _read_again(told: _ProbeOutcome, fix: Array) -> FailureReading:
    reading, words = told.reading, f"{told.reading.why} Probe: {told.why}".strip()
    if reading.corrected:
        return reading.model_copy(update={"why": words})
    evidence = np.zeros(len(MODES))
    for remedy, mended in told.mended.items():
        chance = fix[REMEDIES.index(remedy)]
        evidence += told.trust * np.log(chance if mended else 1 - chance)
    return updated(reading, evidence, SURE if reading.abstained else 0.0, words)


def _shift(remedy: Remedy, odds: Array, told: Mapping[str, _ProbeOutcome]) -> float:
    """Return the most probable shift of one remedy's log-odds, in nats."""
    score = -(_SHIFTS**2) / (2 * SPREAD**2)
    chance = 1 / (1 + np.exp(-(odds[REMEDIES.index(remedy)] + _SHIFTS[:, None])))
    for outcome in told.values():
        if remedy in outcome.mended:
            shares = np.array([outcome.reading.probabilities[mode] for mode in MODES])
            fixed = np.clip(chance @ shares, 1e-6, 1 - 1e-6)
            score += outcome.trust * np.log(fixed if outcome.mended[remedy] else 1 - fixed)
    return float(_SHIFTS[score.argmax()])


def _items(shifts: Mapping[Remedy, float], told: Sequence[_ProbeOutcome]) -> Iterator[EvidenceItem]:
    for remedy, value in shifts.items():
        tried = [probed.mended[remedy] for probed in told if remedy in probed.mended]
        titles = [words.title for words in CHANGE_WORDS.values() if words.remedy is remedy]
        yield EvidenceItem(
            id=f"probe-{remedy.replace('_', '-')}",
            topic="probe",
            title=f"Asked again ({' or '.join(titles).lower()}), "
            f"{sum(tried)} of {counted(len(tried), 'failure')} came out right",
            cause=None,
            remedy=remedy,
            weight=round(value, 4),
            counted=True,
            because="What mended your failures when one thing was changed is the best sign of what "
            "will mend them.",
            source=SOURCE,
            given=(),
        )
