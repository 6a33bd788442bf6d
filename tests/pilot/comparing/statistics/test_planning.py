"""How many cases would settle it: by the published formula, and by what is likely."""

import numpy as np
import pytest
from tables import counted, table

from advisor.pilot.comparing.statistics.pairs import ScorePair, pair
from advisor.pilot.comparing.statistics.planning import (
    cases_to_agree,
    cases_to_differ,
    chance_to_differ,
)
from advisor.pilot.comparing.statistics.significance import p_value


def of(scores: object, a: str = "prompt", b: str = "fine_tuning") -> ScorePair:
    found = pair(scores, a, b)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cells", "cases"),
    [((19, 6, 10, 115), 1_175), ((67, 5, 11, 12), 330), ((0, 100, 300, 600), 77)],
)
def test_cases_are_those_of_connor(cells: tuple[int, int, int, int], cases: int) -> None:
    assert cases_to_differ(of(counted(*cells)), 0.05) == cases


def test_no_number_of_cases_shows_a_difference_that_is_none() -> None:
    assert cases_to_differ(of(counted(10, 5, 5, 10)), 0.05) is None
    assert cases_to_agree(of(counted(10, 5, 5, 10)), 0.1) == pytest.approx(262, abs=1)
    assert cases_to_agree(of(counted(10, 5, 15, 10)), 0.1) is None


def test_a_stricter_level_and_groups_need_more() -> None:
    found = counted(20, 6, 14, 20)
    needed = cases_to_differ(of(found), 0.05)
    assert needed is not None
    assert (cases_to_differ(of(found), 0.005) or 0) > 1.4 * needed
    groups = tuple(str(place) for place in range(60) for _ in range(4))
    repeated = table(np.repeat(found.scores, 4, axis=0), "a", "b", groups=groups)
    assert cases_to_differ(of(repeated, "a", "b"), 0.05) == pytest.approx(4 * needed, rel=0.03)


@pytest.mark.parametrize(
    ("cells", "chance"), [((19, 6, 10, 115), 0.26), ((67, 5, 11, 12), 0.55), ((0, 0, 0, 50), 0.0)]
)
def test_chances_are_those_of_the_posterior(
    cells: tuple[int, int, int, int], chance: float
) -> None:
    found = of(counted(*cells))
    assert chance_to_differ(found, found.n, 0.05, 0) == pytest.approx(chance, abs=0.04)


def test_graded_cases_are_as_likely_to_settle_it_as_right_and_wrong() -> None:
    scores = counted(67, 5, 11, 12).scores
    nearly = scores * 0.98 + 0.01  # no longer the ends of the scale, so no longer counted
    exact, graded = of(table(scores, "a", "b"), "a", "b"), of(table(nearly, "a", "b"), "a", "b")
    assert not graded.is_counted
    assert chance_to_differ(graded, 95, 0.05, 0) == pytest.approx(
        chance_to_differ(exact, 95, 0.05, 0), abs=0.07
    )
    swapped = of(table(nearly, "a", "b"), "b", "a")
    assert chance_to_differ(swapped, 95, 0.05, 0) == chance_to_differ(graded, 95, 0.05, 0)


def test_what_was_foreseen_is_what_happens() -> None:
    """Of pilots whose truth comes from the prior, as many settle as was said."""
    rng = np.random.default_rng(1)
    foreseen, happened = [], []
    for truth in rng.dirichlet((4, 2, 3, 4), 150):
        first, second = rng.multinomial(50, truth), rng.multinomial(50, truth)
        found = of(counted(*first))
        foreseen.append(chance_to_differ(found, 50, 0.05, 0))
        both = of(counted(*(first + second)))
        happened.append(p_value(both, 0) < 0.05)
    assert np.mean(foreseen) == pytest.approx(np.mean(happened), abs=0.08)
