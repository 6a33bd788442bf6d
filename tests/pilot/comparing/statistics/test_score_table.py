"""A table of scores is checked once, and knows its scale, its costs and its groups."""

import numpy as np
import pytest
from tables import table

from advisor.errors import InputError
from advisor.pilot.comparing import ScoreTable
from advisor.pilot.comparing.statistics import score_table as limits
from advisor.pilot.comparing.statistics.score_table import ARM_LIMIT, ScoreScale, default_costs


def test_known_arms_cost_by_rank_and_others_by_the_column_before_them() -> None:
    arms = ("fine_tuning+retrieval", "mine", "Few-shot", "prompt", "recorded")
    costs = default_costs(arms)
    assert sorted(arms, key=costs.__getitem__) == [
        "recorded",
        "prompt",
        "Few-shot",
        "fine_tuning+retrieval",
        "mine",
    ]
    assert default_costs(("x", "y", "z")) == pytest.approx({"x": 0.01, "y": 0.02, "z": 0.03})


def test_costs_that_are_given_win() -> None:
    cheap = table(np.zeros((1, 2)), "prompt", "fine_tuning", fine_tuning=0.0)
    assert cheap.simplest_first() == ("fine_tuning", "prompt")


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0, 1], (0, 1)),
        ([1, 5], (1, 5)),
        ([0, 4.5], (0, 5)),
        ([0, 7], (0, 10)),
        ([0, 70], (0, 100)),
        ([-3, 7], (-3, 7)),
        ([250, 250], (250, 251)),
        ([np.nan, np.nan], (0, 1)),
    ],
)
def test_the_scale_is_the_common_one_that_fits(
    values: list[float], scale: tuple[float, float]
) -> None:
    assert table(np.array([values]).T, "a").scale == ScoreScale(*scale)


@pytest.mark.parametrize(
    ("cases", "groups", "arms", "scores", "said"),
    [
        (("x",), None, ("a",), np.zeros((2, 1)), "do not fit the cases and arms"),
        (("x", "x"), None, ("a",), np.zeros((2, 1)), "case 'x': is there 2 times"),
        (("x",), None, ("a", "a"), np.zeros((1, 2)), "arm 'a': is there 2 times"),
        (("x",), ("g", "h"), ("a",), np.zeros((1, 1)), "do not fit the cases"),
        (("x",), None, ("a",), np.array([[np.inf]]), "without end"),
        (
            ("x",),
            None,
            tuple(map(str, range(ARM_LIMIT + 1))),
            np.zeros((1, ARM_LIMIT + 1)),
            f"are {ARM_LIMIT + 1}; the limit is {ARM_LIMIT}",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(
    cases: tuple[str, ...],
    groups: tuple[str, ...] | None,
    arms: tuple[str, ...],
    scores: np.ndarray,
    said: str,
) -> None:
    with pytest.raises(InputError, match=said):
        ScoreTable(cases, groups, arms, scores)


def test_more_scores_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELL_LIMIT", 5)
    assert table(np.zeros((5, 1)), "a")
    with pytest.raises(InputError, match="hold 6 numbers; the limit is 5"):
        table(np.zeros((3, 2)), "a", "b")
