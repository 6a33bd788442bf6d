"""What the answers weigh."""

import math

import numpy as np
import pytest

from advisor.rules import load
from advisor.rules.schema.rule_schema import Effect
from advisor.triage.evidence import (
    MODES,
    REMEDIES,
    STRENGTH,
    Facts,
    base_logits,
    fired,
    reach,
    softmax,
    weigh,
)
from advisor.vocabulary import CAUSE_OF, Cause, Mode, Remedy

BOOK = load()
TOLD = Facts({"facts_change_often": "daily", "needs_private_or_new_facts": True})


def weights(facts: Facts) -> dict[str, float]:
    return {item.rule.id: item.value for item in weigh(fired(BOOK.evidence, facts), facts)}


def test_no_answer_no_weight() -> None:
    assert weights(Facts({})) == {}


def test_weights_are_the_logs_of_two_four_and_ten() -> None:
    assert {abs(value) for value in weights(TOLD).values()} <= set(STRENGTH.values())
    assert STRENGTH["strong"] == pytest.approx(math.log(10))


def test_only_the_strongest_of_a_topic_and_target_counts() -> None:
    counted = [
        (item.rule.record.topic, item.rule.record.then.target)
        for item in weigh(fired(BOOK.evidence, TOLD), TOLD)
        if item.counted
    ]
    assert len(counted) == len(set(counted))


def test_a_suggestion_always_weighs_less_than_an_answer() -> None:
    read = Facts(TOLD.answers, {"facts_change_often": 0.8, "needs_private_or_new_facts": 0.6})
    assert weights(read).keys() == weights(TOLD).keys()
    for name, value in weights(read).items():
        assert 0 < abs(value) < abs(weights(TOLD)[name])
        assert math.copysign(1, value) == math.copysign(1, weights(TOLD)[name])


def test_a_suggestion_nobody_believes_weighs_nothing() -> None:
    assert weights(Facts(TOLD.answers, dict.fromkeys(TOLD.answers, 1e-9))) == pytest.approx(
        dict.fromkeys(weights(TOLD), 0), abs=1e-6
    )


def test_answering_a_suggested_question_gives_it_full_weight() -> None:
    read = Facts({"facts_change_often": "daily"}, {"facts_change_often": 0.5})
    assert weights(read.with_answers({"facts_change_often": "daily"})) == weights(
        Facts({"facts_change_often": "daily"})
    )


def test_evidence_on_a_cause_moves_each_of_its_modes_alike() -> None:
    lands = reach(Effect.model_validate({"for": "knowledge", "weight": "weak"}))
    assert lands[0].tolist() == [CAUSE_OF[mode] is Cause.KNOWLEDGE for mode in MODES]
    assert not lands[1:].any()


def test_evidence_on_a_mode_moves_that_mode_alone() -> None:
    lands = reach(Effect.model_validate({"against": "style", "weight": "weak"}))
    assert lands[0].sum() == lands[0, MODES.index(Mode.STYLE)] == 1


def test_evidence_on_a_remedy_moves_its_chances_and_no_mode() -> None:
    lands = reach(Effect.model_validate({"for": "fine_tuning", "weight": "weak", "on": ["label"]}))
    row = 1 + REMEDIES.index(Remedy.FINE_TUNING)
    assert lands.sum() == lands[row, MODES.index(Mode.LABEL)] == 1


def test_the_prior_is_a_distribution_over_modes() -> None:
    prior = softmax(base_logits(BOOK))
    assert prior.sum() == pytest.approx(1)
    assert prior[MODES.index(Mode.SYSTEM)] < 0.2
    assert np.exp(base_logits(BOOK)).sum() == pytest.approx(1, abs=1e-6)
