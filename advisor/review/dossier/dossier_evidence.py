"""The evidence: failures by mode, what a probe found, and what a pilot found about fine-tuning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.domain.assessment import Assessment
from advisor.domain.cases import Case
from advisor.domain.pilot_result import ArmRun, Finding, PilotResult
from advisor.domain.pilot_state import PilotInfo
from advisor.logs.summary.mode_shares import share
from advisor.pilot.probing.probe_cache import kept_probes, result_of
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.pilot.probing.probe_records import ProbeResult
from advisor.proposal import Draft
from advisor.review.decisions.review_view import ReviewView
from advisor.review.decisions.submission import TUNED
from advisor.review.dossier.dossier_record import FailureModeShare, Slice, Trial
from advisor.store import Store
from advisor.vocabulary import Mode

SMALLEST = 0.05
"""Share from which a mode is named though no failure surely is of it."""
REGRESSIONS = frozenset({"skills_kept", "safety_kept"})
"""Checks that compare the trained model with the untrained one on other things."""


def modes(result: Assessment) -> tuple[FailureModeShare, ...]:
    """Return how large a part of the failures each mode is, the largest first."""
    counts = Counter(failure.mode for failure in result.failures if not failure.abstained)
    total = len(result.failures)
    sums = {mode: sum(failure.probabilities.get(mode, 0.0) for failure in result.failures)
            for mode in Mode}  # fmt: skip
    found = [
        FailureModeShare(mode, counts[mode], share(sums[mode], total))
        for mode in Mode
        if total and (counts[mode] or sums[mode] / total >= SMALLEST)
    ]
    return tuple(sorted(found, key=lambda one: (-one.share.mid, one.mode)))


def probe(draft: Draft) -> ProbeResult | None:
    """Return what probes found about the failures of a proposal."""
    able = ProbeMaterial.of(draft).failures
    return result_of(kept_probes().of(able), able)


def trial(store: Store, view: ReviewView) -> tuple[Trial, Sequence[Case]] | None:
    """Return what a pilot found, and its cases: the one handed in, else the newest that is done."""
    info = _pilot(store, view)
    result = store.pilots.result(info.id) if info else None
    if info is None or result is None:
        return None
    cases = store.pilots.frozen(info.id).data.test
    handed_in = info.id == view.where.pilot
    evidence = view.where.evidence if handed_in else {}
    tuned = _tuned(result)
    simpler = _simpler(result)
    found = Trial(
        id=info.id,
        handed_in=handed_in,
        fixed=info.created_at,
        result=result,
        cases=len(cases),
        tuned=tuned,
        simpler=simpler,
        regressions=regressions(result),
        worst=_worst(result, tuned),
        says=str(evidence.get("says", "")),
        over_limit=bool(evidence.get("over_limit", False)),
    )
    return found, cases


def _pilot(store: Store, view: ReviewView) -> PilotInfo | None:
    if view.where.pilot:
        return store.pilots.info(view.where.pilot)
    known = store.pilots.all(proposal=view.about.proposal)
    return next((pilot for pilot in known if pilot.state == "done"), None)


def regressions(result: PilotResult) -> tuple[Finding, ...]:
    """Return what was found about skills and refusals after training."""
    return tuple(finding for finding in result.findings if finding.check in REGRESSIONS)


def answered(result: PilotResult) -> Mapping[str, ArmRun]:
    """Return the run of each arm that answered: the whole training side, the first seed."""
    first = result.spec.seeds[0]
    runs = (run for run in result.runs if run.answers and run.share == 1 and run.seed == first)
    return {run.arm: run for run in runs}


def _tuned(result: PilotResult) -> str | None:
    about = result.comparison.verdict.recommended
    ran = [arm.name for arm in result.comparison.arms if arm.name in TUNED and arm.n]
    return about if about in ran else next(iter(ran), None)


def _simpler(result: PilotResult) -> str | None:
    """Return the arm without training that was recommended or planned, else the best of them."""
    scores = {
        arm.name: arm.score
        for arm in result.comparison.arms
        if arm.score is not None and arm.name not in TUNED
    }
    verdict = result.comparison.verdict
    planned = [verdict.recommended, *(verdict.primary or ())]
    best = max(scores, key=lambda name: scores[name], default=None)
    return next((name for name in planned if name in scores), best)


def _worst(result: PilotResult, tuned: str | None) -> Slice | None:
    if tuned is None:
        return None
    found = [
        Slice(name, scores[tuned], _best_untuned(scores))
        for name, scores in sorted(result.slices.items())
        if tuned in scores
    ]
    return min(found, key=lambda one: one.score, default=None)


def _best_untuned(scores: Mapping[str, float]) -> float | None:
    return max((score for arm, score in scores.items() if arm not in TUNED), default=None)
