"""What arms cost, and when a fine-tune pays back."""

import pytest
from results import COMPARISON, RESULT

from advisor.domain.comparison import Comparison, ComparisonOutcome
from advisor.domain.pilot_result import ArmAnswer, ArmRun, Usage
from advisor.domain.pilot_spec import ArmName
from advisor.pilot.reporting.costs import costs

ANSWERS = tuple(ArmAnswer(case=f"b{n}", text="refund", score=1.0) for n in range(10))


def equal(a: str, b: str) -> Comparison:
    one = COMPARISON.comparisons[0].model_copy(
        update={"a": a, "b": b, "outcome": ComparisonOutcome.EQUIVALENT}
    )
    return COMPARISON.model_copy(update={"comparisons": (one,)})


def test_time_of_the_machine_is_the_price_of_local_arms() -> None:
    run = ArmRun(arm=ArmName.PROMPT, answers=ANSWERS, usage=Usage(answering_seconds=3_600))
    (found,) = costs([run], COMPARISON, {"machine_hour": 0.5})
    assert found.per_thousand == pytest.approx(50)
    assert found.once == 0


def test_tokens_are_the_price_of_the_endpoint() -> None:
    usage = Usage(tokens_in=10_000, tokens_out=1_000)
    run = ArmRun(arm=ArmName.ENDPOINT, answers=ANSWERS, usage=usage)
    (found,) = costs([run], COMPARISON, {"endpoint_in": 2, "endpoint_out": 8})
    assert found.per_thousand == pytest.approx((10_000 * 2 + 1_000 * 8) / 1e6 / 10 * 1_000)


def test_a_fine_tune_pays_back_against_the_cheapest_arm_as_good() -> None:
    trained = Usage(training_tokens=9, training_seconds=3_600, answering_seconds=3.6)
    runs = [
        ArmRun(arm=ArmName.RETRIEVAL, answers=ANSWERS, usage=Usage(answering_seconds=36)),
        ArmRun(arm=ArmName.FINE_TUNING, answers=ANSWERS, usage=trained),
    ]
    found = costs(runs, equal("retrieval", "fine_tuning"), {"machine_hour": 1, "retraining_day": 9})
    assert found[1].once == pytest.approx(10)
    assert found[1].pays_back_at == pytest.approx(10 / (0.001 - 0.0001), abs=1)
    assert found[0].pays_back_at is None


def test_it_never_pays_back_where_nothing_else_is_as_good() -> None:
    found = {one.arm: one for one in costs(RESULT.runs, COMPARISON, {})}
    assert found[ArmName.FINE_TUNING].pays_back_at is None
    assert ArmName.ENDPOINT not in found
