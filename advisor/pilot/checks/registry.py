"""Every check: those on the data before anything runs, and those on what the arms answered."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import ArmRun, Finding
from advisor.models.endpoint import Stop, never
from advisor.pilot.checks.answer_checks import (
    by_heart,
    shorter_prompt,
    silent,
    small_model,
    unchanged,
)
from advisor.pilot.checks.case_checks import contradictions, enough, groups_apart, lengths, repeats
from advisor.pilot.checks.ceiling import ceiling
from advisor.pilot.checks.check import AnswerCheck, DataCheck
from advisor.pilot.checks.label_checks import balance, known_labels, noise
from advisor.pilot.checks.near_duplicates import answers_in_documents, near
from advisor.pilot.checks.unseen_facts import facts

DATA_CHECKS: tuple[DataCheck, ...] = (
    DataCheck(
        "amount",
        "Enough cases",
        "Few cases show only large differences; too few allow no verdict.",
        enough,
    ),
    DataCheck("length", "Length of cases", "Very long cases are slow, and may be cut.", lengths),
    DataCheck(
        "groups",
        "Groups apart",
        "Cases of one customer or document on both sides make the test too easy.",
        groups_apart,
    ),
    DataCheck(
        "near_duplicates",
        "Near copies",
        "A test case that was nearly seen in training measures memory, not skill.",
        near,
    ),
    DataCheck(
        "near_duplicates",
        "Answers in documents",
        "Documents made of the test cases give the answers away.",
        answers_in_documents,
    ),
    DataCheck(
        "unseen_facts",
        "Facts only in the test",
        "Fine-tuning cannot know facts that it was never shown.",
        facts,
    ),
    DataCheck(
        "contradictions",
        "Contradictions",
        "One input with two wanted answers can be met only once.",
        contradictions,
    ),
    DataCheck("repeats", "Repeated test cases", "A case that comes twice counts twice.", repeats),
    DataCheck(
        "labels",
        "Labels known",
        "A label that was never trained on cannot be learned from examples.",
        known_labels,
    ),
    DataCheck(
        "balance",
        "Labels balanced",
        "Where one label is most of the test, always giving it scores well.",
        balance,
    ),
    DataCheck(
        "label_noise",
        "Labels right",
        "Wrong labels teach the wrong thing and punish right answers.",
        noise,
    ),
    DataCheck(
        "ceiling",
        "Metric in order",
        "The wanted answer must get full marks, and copying the input none.",
        ceiling,
    ),
)


ANSWER_CHECKS: tuple[AnswerCheck, ...] = (
    AnswerCheck(
        "small_model",
        "Size of the model",
        "A small model prompts badly, so fine-tuning looks better than it will be.",
        small_model,
    ),
    AnswerCheck(
        "unchanged",
        "Training had an effect",
        "An adapter that was not saved or not loaded answers like the plain model.",
        unchanged,
    ),
    AnswerCheck(
        "silent",
        "Answers complete",
        "Empty answers, or answers cut at the limit, make an arm look worse than it is.",
        silent,
    ),
    AnswerCheck(
        "by_heart",
        "Seen and unseen facts",
        "Gains only on facts that were trained on mean learning by heart.",
        by_heart,
    ),
    AnswerCheck(
        "shorter_prompt",
        "Shorter prompt",
        "Part of what fine-tuning saves is only the shorter prompt.",
        shorter_prompt,
    ),
)


def check_data(frozen: Frozen, stop: Stop = never) -> tuple[Finding, ...]:
    """Return what every check finds, in their order.

    Args:
        frozen: the pilot.
        stop: asked between two checks; when true the rest is left out.
    """
    found: list[Finding] = []
    for check in DATA_CHECKS:
        if stop():
            break
        found += check.look(frozen)
    return tuple(found)


def check_answers(frozen: Frozen, runs: Sequence[ArmRun]) -> tuple[Finding, ...]:
    """Return what every check finds in the answers, in their order."""
    return tuple(finding for check in ANSWER_CHECKS for finding in check.look(frozen, runs))
