"""Tests against luck: McNemar's, sign flips over groups, and the correction for several."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, permutation_test
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from advisor.pilot.comparing.statistics.significance import holm, mcnemar, sign_flip_p


@given(st.integers(0, 60), st.integers(0, 60))
def test_mid_p_is_the_exact_p_less_half_of_what_was_seen(lost: int, gained: int) -> None:
    found = float(mcnemar(np.array(lost), np.array(gained)))
    if lost + gained == 0:
        assert found == 1
        return
    exact = statsmodels_mcnemar([[5, lost], [gained, 5]], exact=True).pvalue
    seen = binom.pmf(min(lost, gained), lost + gained, 0.5)
    expected = 1 - seen / 2 if lost == gained else exact - seen
    assert found == pytest.approx(expected, abs=1e-12)
    assert found == mcnemar(np.array(gained), np.array(lost))


def test_holm_is_that_of_statsmodels() -> None:
    p = [0.2, 0.2, 0.0, 1.0, 0.013, 0.013, 0.9, 0.01, 0.04]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_never_makes_p_smaller(p: list[float]) -> None:
    adjusted = holm(p)
    assert all(raw <= held <= 1 for raw, held in zip(p, adjusted, strict=True))
    assert sorted(adjusted) == [
        adjusted[place] for place in sorted(range(len(p)), key=p.__getitem__)
    ]


def test_few_groups_are_flipped_in_every_way() -> None:
    sums = np.array([1.0, 2.0, -0.5, 3.0, 0.0, 1.5, 2.5])
    exact = permutation_test(
        (sums, np.zeros(7)), lambda a, b: (a - b).sum(), permutation_type="samples"
    )
    assert sign_flip_p(sums, 0) == pytest.approx(exact.pvalue)


def test_many_groups_are_flipped_at_random_and_more_are_normal() -> None:
    rng = np.random.default_rng(0)
    sums = rng.normal(0.25, 1, 60)
    z = abs(sums.sum()) / np.sqrt((sums**2).sum())
    normal = math.erfc(z / 2**0.5)
    assert sign_flip_p(sums, 0) == pytest.approx(normal, abs=0.01)
    assert sign_flip_p(np.tile(sums, 50), 0) == pytest.approx(
        math.erfc(z * 50**0.5 / 2**0.5), abs=1e-9
    )


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=25))
def test_swapping_and_empty_groups_change_no_p(sums: list[int]) -> None:
    values = np.array(sums, float)
    assert sign_flip_p(values, 0) == sign_flip_p(-values, 0)
    assert 0 < sign_flip_p(values, 0) <= 1
    if len(values[values != 0]) <= 12:
        assert sign_flip_p(values, 0) == sign_flip_p(np.append(values, 0.0), 0)
