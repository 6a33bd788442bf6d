"""Checks on what the arms answered: silent failures, learning by heart, cheaper prompts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, Finding, Severity
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.checks.paired_difference import Gain, gain
from advisor.pilot.checks.unseen_facts import facts_seen
from advisor.pilot.metrics import score_table
from advisor.presentation.arm_titles import arm_title, arm_words
from advisor.presentation.wording import percent

TUNED = ArmName.FINE_TUNING
PROMPTED = (ArmName.PROMPT, ArmName.PROMPT_BEST, ArmName.FEW_SHOT, ArmName.RETRIEVAL)
"""Arms that run the same model without training it."""
FEWEST = 10
"""Answers below which nothing is said about an arm."""
SMALL = 3e9
"""Parameters below which a model follows prompts much worse than those that teams buy."""
_MANY = 0.2


def first_runs(runs: Sequence[ArmRun]) -> dict[ArmName, ArmRun]:
    """Return the first run of each arm on its whole training side, if it has answers."""
    whole = [run for run in runs if run.share == 1.0 and len(run.answers) >= FEWEST]
    return {run.arm: run for run in reversed(whole)}


def small_model(frozen: Frozen, runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Say that a small model flatters fine-tuning, where the team's own model did not run."""
    first = first_runs(runs)
    size = first[TUNED].details.get("parameters", 0) if TUNED in first else 0
    if ArmName.ENDPOINT in first or not 0 < size < SMALL:
        return
    what = (
        f"The model here is small ({size / 1e6:,.0f} million parameters). So small a model follows "
        "a prompt badly, which flatters fine-tuning. Before you choose fine-tuning, try the model "
        "that you would really use: name its address, and “your own model” runs too."
    )
    yield Finding(check="small_model", severity="warning", what=what)


def unchanged(frozen: Frozen, runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Say whether the adapter changed nothing: every answer is that of the plain prompt."""
    first = first_runs(runs)
    tuned, plain = first.get(TUNED), first.get(ArmName.PROMPT)
    if tuned is None or plain is None:
        return
    before = {answer.case: answer.text for answer in plain.answers}
    both = [answer for answer in tuned.answers if answer.case in before]
    if len(both) >= FEWEST and all(one.text == before[one.case] for one in both):
        what = (
            f"Fine-tuning gave the same answers as the plain prompt in all {len(both)} cases: the "
            "adapter changed nothing. Its score says nothing about fine-tuning; check the training."
        )
        yield Finding(check="unchanged", severity="blocks", what=what)


def silent(frozen: Frozen, runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Name arms whose answers are often empty, or end at the limit of tokens."""
    for arm, run in first_runs(runs).items():
        faults = {
            "are empty": [answer.case for answer in run.answers if not answer.text.strip()],
            "end because the limit of tokens was reached": [
                answer.case for answer in run.answers if answer.cut
            ],
        }
        for fault, cases in faults.items():
            if len(cases) > _MANY * len(run.answers):
                share = percent(len(cases) / len(run.answers))
                what = (
                    f"{arm_title(arm)}: {share} of the answers {fault}. Its score may be "
                    "lower than this way of solving the task deserves."
                )
                yield Finding(check="silent", severity="warning", what=what, cases=tuple(cases))


def by_heart(frozen: Frozen, runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Report the gain of fine-tuning on seen and unseen facts apart."""
    scores = score_table(runs)
    if TUNED not in scores or ArmName.PROMPT not in scores:
        return
    known, test = facts_seen(frozen), frozen.data.test
    sides = [{id for id, seen in known.items() if seen is wanted} for wanted in (True, False)]
    seen, unseen = (
        gain(scores[ArmName.PROMPT], scores[TUNED], test, side) if len(side) >= FEWEST else None
        for side in sides
    )
    told = [
        f"{one.words} on {one.n} cases whose facts {where}"
        for one, where in (
            (seen, "all stand on the training side"),
            (unseen, "do not all stand there"),
        )
        if one
    ]
    if told:
        severity, meaning = _meaning(seen, unseen)
        what = f"Fine-tuning against the plain prompt: {' and '.join(told)}. {meaning}".strip()
        yield Finding(check="by_heart", severity=severity, what=what)


def _meaning(seen: Gain | None, unseen: Gain | None) -> tuple[Severity, str]:
    if unseen is None:
        return "note", ""
    if unseen.low > 0:
        return "note", "It gains on facts that it never saw, so it learned more than facts."
    if seen and seen.low > 0:
        return "warning", (
            "It gains only on facts that it was shown: it has learned them by heart, and new "
            "questions will not profit."
        )
    return "note", "It shows no gain on facts that it never saw."


def shorter_prompt(frozen: Frozen, runs: Sequence[ArmRun]) -> Iterator[Finding]:
    """Say how many tokens fine-tuning saves, and how much of that is the shorter prompt."""
    first, scores = first_runs(runs), score_table(runs)
    others = [arm for arm in PROMPTED if arm in first and arm in scores]
    if TUNED not in first or not others:
        return
    best = max(others, key=lambda arm: fmean(scores[arm].values()))
    tuned, other = _tokens(first[TUNED]), _tokens(first[best])
    prompt, saved = other[0] - tuned[0], sum(other) - sum(tuned)
    if saved <= 0 or prompt <= 0 or not sum(tuned):
        return
    what = (
        f"A request takes about {sum(tuned):,.0f} tokens with fine-tuning and {sum(other):,.0f} "
        f"with the best way without training ({arm_words(best)}). "
        f"{percent(min(1.0, prompt / saved))} of the saving is the shorter prompt. Where cost is "
        "the reason, a shorter or cached prompt may bring most of it without training."
    )
    yield Finding(check="shorter_prompt", severity="note", what=what)


def _tokens(run: ArmRun) -> tuple[float, float]:
    """Return the mean tokens sent and answered a request."""
    return fmean(answer.tokens_in for answer in run.answers), fmean(
        answer.tokens_out for answer in run.answers
    )
