"""The sentences of an assessment: the answer first, the case against it, what would settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.domain.assessment import EvidenceItem, NextQuestion, Option, PlanStep, Stage
from advisor.presentation.wording import (
    MODES,
    combination_words,
    listing,
    percent,
    percent_range,
    start,
)
from advisor.proposal import Answer
from advisor.rules import RuleBook
from advisor.vocabulary import Cause, Mode, Remedy, combination

CAUSE_CLAUSE = {
    Cause.BEHAVIOUR: "how the model behaves, not what it knows",
    Cause.KNOWLEDGE: "knowledge the model does not have, and training does not add facts reliably",
    Cause.SPECIFICATION: "requests that never say what is wanted",
    Cause.CAPABILITY: "tasks beyond this model, such as calculation or planning",
    Cause.OPERATIONS: "cost, speed or size, while the answers themselves are good enough",
}

ACTION = {
    Remedy.PROMPTING: "write and test a better prompt",
    Remedy.RETRIEVAL: "give the model the right passages (retrieval)",
    Remedy.FINE_TUNING: "fine-tune a model",
}


class OtherKind(NamedTuple):
    """What `other` can mean: when the mode it repairs dominates and `when` was answered yes."""

    mode: Mode
    when: str | None
    action: str


OTHER_KINDS = (
    OtherKind(
        Mode.FORMAT, None, "a setting that allows only the wanted form (constrained decoding)"
    ),
    OtherKind(Mode.REASONING, "needs_exact_calculation", "a tool that does the calculation"),
    OtherKind(Mode.REASONING, "larger_model_fixes_it", "a larger model"),
    OtherKind(Mode.REASONING, None, "a tool or solver, or a stronger base model"),
    OtherKind(Mode.SYSTEM, None, "engineering: batching, caching, limits, another way of serving"),
    OtherKind(Mode.UNFAITHFUL, None, "a stronger model, and a check before the answer goes out"),
    OtherKind(Mode.FABRICATION, None, "a stronger model, and a check before the answer goes out"),
    OtherKind(
        Mode.UNDERSPECIFIED, None, "agreeing on what a right answer is before building anything"
    ),
)
WORTH_SAYING = 0.03
"""Shares below this are not worth a sentence."""
NOTHING = "nothing yet: what runs today is good enough by your own answers"
ANY_OTHER = "a stronger model or a tool beside it"


def other_action(repaired: Mapping[Mode, float], answers: Mapping[str, Answer]) -> str:
    """Say what `other` means here.

    Args:
        repaired: share of all failures that `other` would fix, by mode.
        answers: the answers, which choose between a tool and a larger model.
    """
    accepted = answers.get("quality_already_accepted") is True
    if accepted and answers.get("latency_or_cost_pressure") is False:
        return NOTHING
    best = max(repaired, key=lambda mode: repaired[mode])
    for kind in OTHER_KINDS:
        if kind.mode is best and (kind.when is None or answers.get(kind.when) is True):
            return kind.action
    if answers.get("larger_model_fixes_it") is True:
        return "a larger model"
    return ANY_OTHER


LEADS = {
    Cause.KNOWLEDGE: "put the needed text straight into the prompt",
    Cause.SPECIFICATION: "agree on what a right answer is, and write it into the prompt",
}
"""What prompting means when this is the cause of most of the problem."""


def actions(recommendation: str, other: str | None, cause: Cause) -> str:
    """Say in words what a recommendation asks for, given the cause of most of the problem."""
    chosen = combination(recommendation)
    words = [ACTION.get(remedy, other or ANY_OTHER) for remedy in chosen]
    if chosen[0] is Remedy.PROMPTING and Remedy.RETRIEVAL not in chosen:
        words[0] = LEADS.get(cause, words[0])
    return listing(words)


def headline(
    best: Option, other: str | None, causes: Mapping[Cause, float], abstained: bool
) -> str:
    """Return one sentence that a manager understands, the answer first."""
    cause = max(causes, key=lambda name: causes[name])
    action = actions(best.remedies, other, cause)
    lead = f"Best guess, not yet settled: {action}" if abstained else start(action)
    share = percent(causes[cause])
    about = share if share.startswith(("over", "under")) else f"about {share}"
    return (
        f"{lead}. {start(about)} of the problem is {CAUSE_CLAUSE[cause]}; this "
        f"should fix {percent_range(best.expected_fixed)} of the failures."
    )


TOO_LITTLE = "Too little is known so far: give a few answers, or some failures."


def compromise(ranking: Sequence[Option], best: Option) -> list[str]:
    """Say so when the recommendation hedges: another set came out ahead more often."""
    leader = max(ranking, key=lambda option: option.wins)
    if leader.wins <= best.wins:
        return []
    return [
        f"This is a compromise. {start(combination_words(leader.remedies))} came out ahead more "
        f"often, in {percent(leader.wins)} of the trials, but loses more where it is wrong."
    ]


def case_against(
    ranking: Sequence[Option],
    best: Option,
    missed: Mapping[Mode, float],
    evidence: Sequence[EvidenceItem],
    other: str | None,
) -> tuple[str, ...]:
    """Return the strongest reasons to doubt the recommendation, strongest first."""
    rivals = [option for option in ranking if option is not best and not option.vetoed_by]
    lines = []
    if rivals:
        lines.append(_rival(max(rivals, key=lambda option: (option.wins, option.value))))
    lines += [f"{item.title}: {item.because}" for item in _objections(evidence, best)[:2]]
    lines += left_over(combination_words(best.remedies, other), missed)
    unconfirmed = sum(any(part.suggested for part in item.given) for item in evidence)
    if unconfirmed:
        lines.append(
            f"{unconfirmed} of the reasons rest on answers read from the text, not confirmed."
        )
    return tuple(lines)


def _rival(rival: Option) -> str:
    name = start(combination_words(rival.remedies))
    gain = percent(rival.expected_fixed.mid)
    if rival.wins < WORTH_SAYING:
        return f"{name} comes nearest. It would fix about {gain}, and lost in nearly every trial."
    return (
        f"{name} came out ahead in {percent(rival.wins)} of our trials. It would fix about {gain}."
    )


def _objections(evidence: Sequence[EvidenceItem], best: Option) -> list[EvidenceItem]:
    chosen = combination(best.remedies)
    against = [
        item for item in evidence if item.counted and item.remedy in chosen and item.weight < 0
    ]
    return sorted(against, key=lambda item: item.weight)


def left_over(chosen: str, missed: Mapping[Mode, float]) -> list[str]:
    """Say how many failures would stay; `missed` is their share of all failures, by mode."""
    mode = max(missed, key=lambda name: missed[name])
    if missed[mode] < WORTH_SAYING:
        return []
    share = percent(sum(missed.values()))
    return [
        f"{start(chosen)} would leave about {share} of the failures, most of them “{MODES[mode]}”."
    ]


def settle(
    questions: Sequence[NextQuestion], failures_needed: int | None, doubts: Sequence[str] = ()
) -> tuple[str, ...]:
    """Say what keeps it open, and which answers and how many more failures would settle it."""
    telling = [item for item in questions if item.could_change_to] or list(questions)
    lines = [*doubts, *(f"Answer this: {item.ask}" for item in telling[:3])]
    if failures_needed:
        lines.append(
            f"Add about {failures_needed} more failures like those given, each with the wrong "
            "output and the wanted one."
        )
    return tuple(lines)


STAGE_STEP: dict[Stage, str] = {
    "not_shown": "The right passage was not shown. Repair the search before anything else: how "
    "documents are cut up, keyword search beside the embedding, reranking.",
    "cut": "The right passage was shown but cut off. Show longer or whole passages.",
    "misused": "The right passage was shown and not used. Tell the model to quote it, or to say "
    "that it does not know; test a stronger model on the same cases.",
}


def plan(
    recommendation: str, other: str | None, stages: Mapping[Stage, int], book: RuleBook
) -> tuple[PlanStep, ...]:
    """Return what to do first, this week, then, and when to stop."""
    chosen = combination(recommendation)
    steps: list[PlanStep] = []
    if stages:
        worst = max(stages, key=lambda stage: stages[stage])
        steps.append(PlanStep(when="first", text=STAGE_STEP[worst]))
    for place, remedy in enumerate(chosen):
        card = book.remedies[remedy]
        lead = [f"Try {other}."] if remedy is Remedy.OTHER and other else []
        for number, text in enumerate([*lead, *card.first]):
            steps.append(PlanStep(when=_when(place, number), text=text))
    steps += [PlanStep(when="stop", text=book.remedies[remedy].stop) for remedy in chosen]
    return tuple(steps)


def _when(place: int, number: int) -> str:
    if place:
        return "then"
    return "first" if number == 0 else "this week"
