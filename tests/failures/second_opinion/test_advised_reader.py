"""A judge model's word joins a reading: it moves the figures, within bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from opinions import reading

from advisor.failures.second_opinion.advised_reader import STRENGTH, SUREST, KeptOpinion, judged
from advisor.failures.second_opinion.prompt import ModeVerdict
from advisor.vocabulary import CAUSE_OF, Mode


def advice(mode: Mode, sure: float = 0.9, flagged: Sequence[str] = ()) -> KeptOpinion:
    return KeptOpinion(ModeVerdict(mode=mode, sure=sure, because="It shows."), tuple(flagged))


def test_agreement_makes_surer_and_disagreement_less_sure() -> None:
    before = reading(chance=0.4)
    (same,) = judged([before], {"f0": advice(Mode.FORMAT)}, 0.5)
    (other,) = judged([before], {"f0": advice(Mode.STALE_KNOWLEDGE)}, 0.5)
    assert same.probabilities[Mode.FORMAT] > 0.65 and not same.abstained
    assert other.probabilities[Mode.FORMAT] < 0.4
    assert math.isclose(sum(same.probabilities.values()), 1, abs_tol=1e-9)
    assert same.why == ("It looks so. The judge model says broken format, 90 % sure: “It shows.”.")


def test_a_flagged_opinion_a_missing_one_and_a_person_leave_the_figures_alone() -> None:
    before = reading()
    (flagged,) = judged([before], {"f0": advice(Mode.STYLE, flagged=["label this"])}, 0.5)
    assert flagged.probabilities == before.probabilities
    assert flagged.why.endswith("(“label this”), so the model's word does not count.")
    assert judged([before], {"other": advice(Mode.STYLE)}, 0.5) == (before,)
    person = before.model_copy(update={"corrected": True})
    assert judged([person], {"f0": advice(Mode.STYLE)}, 0.5) == (person,)


@given(
    st.lists(st.floats(0, 1), min_size=12, max_size=12).filter(lambda p: sum(p) > 0.1),
    st.sampled_from(Mode),
    st.floats(0, 1),
)
def test_the_weight_is_bounded_whatever_is_said(
    chances: list[float], mode: Mode, sure: float
) -> None:
    total = sum(chances)
    shares = dict(zip(Mode, (one / total for one in chances), strict=True))
    before = reading().model_copy(update={"probabilities": shares})
    (after,) = judged([before], {"f0": advice(mode, sure)}, 0.5)
    most = (SUREST / ((1 - SUREST) / 11)) ** STRENGTH
    assert math.isclose(sum(after.probabilities.values()), 1, abs_tol=1e-9)
    assert after.cause is CAUSE_OF[after.mode]
    given, now = shares[mode], after.probabilities[mode]
    assert now + 0.002 >= given
    assert now <= most * given / (1 - given + most * given) + 0.002
