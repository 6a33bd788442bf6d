"""Stopping early: exact where it can be, fair at every look, and never on half a group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln
from tables import drawn, table

from advisor.pilot.comparing import ComparisonOutcome, ScoreTable, finished_arms, may_stop
from advisor.pilot.comparing.statistics.sequential import _BETS, betting_score

ARMS = ("a", "b")


def upto(scores: ScoreTable, n: int) -> ScoreTable:
    """The planned cases, of which the first `n` have run."""
    seen = scores.scores.copy()
    seen[n:] = np.nan
    return ScoreTable(scores.cases, scores.groups, scores.arms, seen)


@given(st.integers(0, 40), st.integers(0, 40))
def test_wins_and_losses_bet_like_the_beta_mixture(wins: int, losses: int) -> None:
    differences = np.repeat([1.0, -1.0, 0.0], [wins, losses, 7])
    exact = betaln(0.5 + wins, 0.5 + losses) - betaln(0.5, 0.5) + (wins + losses) * np.log(2)
    assert np.log(betting_score(differences, _BETS)) == pytest.approx(exact, abs=1e-9)


@given(st.lists(st.floats(-1, 1), max_size=30))
def test_a_fair_bet_neither_gains_nor_loses(differences: list[float]) -> None:
    """Flipping a fair coin for the sign of the next difference leaves the mean as it was."""
    before = np.array(differences)
    after = [betting_score(np.append(before, step), _BETS) for step in (0.8, -0.8)]
    assert np.mean(after) == pytest.approx(betting_score(before, _BETS), rel=1e-9)


def test_a_large_difference_stops_early_and_a_small_one_does_not() -> None:
    large, small = drawn(200, a=0.5, b=0.9), drawn(200, a=0.5, b=0.55)
    look = may_stop(upto(large, 40), [ARMS], margin=0.1)[0]
    assert (look.settled, look.may_stop, look.n) == (ComparisonOutcome.BETTER, True, 40)
    assert may_stop(upto(large, 40), [ARMS[::-1]], margin=0.1)[0].settled is ComparisonOutcome.WORSE
    assert not may_stop(upto(small, 40), [ARMS], margin=0.1)[0].may_stop


def test_fewer_cases_than_a_verdict_wants_never_stop() -> None:
    look = may_stop(upto(drawn(200, a=0.0, b=1.0), 29), [ARMS], margin=0.1)[0]
    assert look.settled is ComparisonOutcome.BETTER
    assert not look.may_stop
    assert not may_stop(upto(drawn(200, a=0.0, b=1.0), 0), [ARMS], margin=0.1)[0].may_stop


def test_equal_arms_are_found_equal_and_the_hopeless_is_given_up() -> None:
    same = drawn(400, alike=1.0, a=0.6, b=0.6)
    assert may_stop(upto(same, 120), [ARMS], margin=0.1)[0].settled is ComparisonOutcome.EQUIVALENT
    noisy = drawn(200, alike=0.0, seed=4, a=0.5, b=0.5)
    look = may_stop(upto(noisy, 190), [ARMS], margin=0.05)[0]
    assert (look.settled, look.hopeless, look.may_stop) == (None, True, True)


def test_half_a_group_is_not_looked_at() -> None:
    scores = drawn(100, a=0.2, b=0.9).scores
    groups = tuple(str(place // 5) for place in range(100))
    whole = table(scores, *ARMS, groups=groups)
    at_60, at_63 = (may_stop(upto(whole, n), [ARMS], margin=0.1)[0] for n in (60, 63))
    assert at_60 == at_63
    assert (at_60.n, at_60.groups) == (60, 12)


def test_an_arm_stops_when_all_its_comparisons_may() -> None:
    scores = upto(drawn(200, seed=2, prompt=0.1, few_shot=0.75, fine_tuning=0.8), 60)
    planned = [("prompt", "fine_tuning"), ("few_shot", "fine_tuning"), ("prompt", "few_shot")]
    looks = may_stop(scores, planned, margin=0.05)
    assert [look.may_stop for look in looks] == [True, False, True]
    assert finished_arms(looks) == {"prompt"}


@pytest.mark.parametrize("kind", ["counted", "graded", "grouped"])
def test_looking_again_and_again_rarely_cries_wolf(kind: str) -> None:
    """400 pilots without any difference, looked at after every case; 5 % is allowed."""
    rng = np.random.default_rng(7)
    alarms = 0
    for _ in range(400):
        differences = rng.choice([-1.0, 0.0, 1.0], 100, p=(0.15, 0.7, 0.15))
        if kind == "graded":
            differences = rng.beta(0.5, 0.5, 100) - rng.beta(0.5, 0.5, 100)
        elif kind == "grouped":
            differences = np.clip(rng.normal(0, 0.4, 100) + differences / 3, -1, 1)
        logs = np.cumsum(np.log1p(np.outer(_BETS, differences)), axis=1)
        alarms += np.exp(logs).mean(axis=0).max() >= 20
    assert alarms / 400 < 0.05


def test_what_is_looked_at_is_what_was_simulated() -> None:
    scores = drawn(80, a=0.5, b=0.7)
    look = may_stop(scores, [ARMS], margin=0.1)[0]
    differences = scores.column("b") - scores.column("a")
    path = np.exp(np.cumsum(np.log1p(np.outer(_BETS, differences)), axis=1)).mean(axis=0)
    assert look.evidence == pytest.approx(path[-1])
