"""The decision: expected share fixed, less what it costs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from advisor.rules import load
from advisor.triage.evidence import MODES, REMEDIES
from advisor.triage.value import (
    DRAWS,
    EACH_FURTHER,
    ENOUGH,
    MEMBERS,
    draws,
    figures,
    fixed,
    logit,
    overheads,
    winners,
)
from advisor.vocabulary import COMBINATIONS, Remedy

ALL = np.ones(len(COMBINATIONS), dtype=bool)
ONE_MODE = np.eye(len(MODES))[0]


def test_a_single_remedy_fixes_its_own_share() -> None:
    odds = np.tile(logit(np.array([[0.5], [0.2], [0.8], [0.1]])), (1, len(MODES)))
    shares = dict(zip(COMBINATIONS, fixed(ONE_MODE, odds), strict=True))
    assert np.isclose(shares[Remedy.FINE_TUNING,], 0.8)
    assert np.isclose(shares[Remedy.PROMPTING, Remedy.RETRIEVAL], 1 - 0.5 * 0.8)


@given(
    arrays(float, len(MODES), elements=st.floats(0.001, 1)),
    arrays(float, (len(REMEDIES), len(MODES)), elements=st.floats(-6, 6)),
)
def test_more_remedies_never_fix_less(weights: np.ndarray, odds: np.ndarray) -> None:
    shares = fixed(weights / weights.sum(), odds)
    for place, chosen in enumerate(COMBINATIONS):
        for other, larger in enumerate(COMBINATIONS):
            if set(chosen) <= set(larger):
                assert shares[place] <= shares[other] + 1e-9
    assert ((shares >= 0) & (shares <= 1)).all()


def test_each_further_remedy_costs_more_than_its_own_overhead() -> None:
    cost = overheads(np.array([0.02, 0.08, 0.15, 0.08]))
    assert np.isclose(
        cost[COMBINATIONS.index((Remedy.RETRIEVAL, Remedy.FINE_TUNING))], 0.23 + EACH_FURTHER
    )


def test_the_cheapest_within_reach_of_the_best_wins() -> None:
    worth = np.full(len(COMBINATIONS), 0.1)
    worth[2], worth[0] = 0.5, 0.5 - ENOUGH / 2
    cost = overheads(np.array([0.02, 0.08, 0.15, 0.08]))
    assert winners(worth, cost, ALL) == 0
    worth[0] = 0.5 - 2 * ENOUGH
    assert winners(worth, cost, ALL) == 2


def test_a_vetoed_set_never_wins() -> None:
    worth = np.linspace(0, 1, len(COMBINATIONS))
    allowed = ALL.copy()
    allowed[-1] = False
    assert winners(worth, np.zeros(len(COMBINATIONS)), allowed) != len(COMBINATIONS) - 1


def test_draws_repeat_for_the_same_seed_and_centre_on_the_figures() -> None:
    given_figures = figures(load().remedies)
    alpha = np.full(len(MODES), 2.0)
    first = draws(alpha, given_figures.centre, given_figures.spread, 7)
    again = draws(alpha, given_figures.centre, given_figures.spread, 7)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert np.abs(np.median(first[1], axis=0) - given_figures.centre).max() < 0.35
    assert first[0].shape == (DRAWS, len(MODES))


def test_every_combination_has_its_members() -> None:
    assert MEMBERS.sum(axis=1).tolist() == [len(chosen) for chosen in COMBINATIONS]
