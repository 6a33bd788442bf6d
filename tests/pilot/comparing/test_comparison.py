"""The whole comparison: its contract, what may not change it, and how much it draws."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import counted, drawn, table

from advisor.errors import InputError
from advisor.pilot.comparing import Comparison, ComparisonOutcome, Contrast, ScoreTable, compare
from advisor.pilot.comparing.statistics.significance import holm

ARM = {"name", "score", "low", "high", "n"}
CONTRAST = {
    "a",
    "b",
    "n",
    "difference",
    "low",
    "high",
    "p",
    "p_adjusted",
    "outcome",
    "cases_needed",
    "chance_that_doubling_settles",
}
CELL = st.one_of(st.sampled_from([0.0, 1.0, np.nan]), st.floats(0, 1))


def between(result: Comparison, a: str, b: str) -> Contrast:
    return next(one for one in result.comparisons if (one.a, one.b) == (a, b))


def test_the_record_is_the_contract() -> None:
    scores = drawn(80, prompt=0.5, few_shot=0.6, fine_tuning=0.8)
    result = compare(scores, recommended="fine_tuning")
    printed = json.loads(json.dumps(result.model_dump(mode="json"), allow_nan=False))
    assert set(printed) == {"arms", "comparisons", "verdict"}
    assert all(set(arm) == ARM for arm in printed["arms"])
    assert all(set(one) == CONTRAST for one in printed["comparisons"])
    assert {"outcome", "because"} <= set(printed["verdict"])
    assert [arm["name"] for arm in printed["arms"]] == ["prompt", "few_shot", "fine_tuning"]
    assert len(printed["comparisons"]) == 3
    assert Comparison.model_validate(printed) == result


def test_a_difference_is_b_less_a_and_the_primary_comes_first_as_named() -> None:
    scores = counted(7, 7, 22, 114)
    named = compare(scores, primary=("fine_tuning", "prompt")).comparisons[0]
    assert (named.a, named.b) == ("fine_tuning", "prompt")
    assert named.difference == pytest.approx(-0.1)
    assert named.outcome is ComparisonOutcome.WORSE
    turned = compare(scores, primary=("prompt", "fine_tuning")).comparisons[0]
    assert turned.difference == pytest.approx(0.1)
    assert turned.outcome is ComparisonOutcome.BETTER


def test_the_primary_keeps_its_p_and_the_others_are_corrected() -> None:
    scores = drawn(90, prompt=0.5, few_shot=0.6, retrieval=0.65, fine_tuning=0.7)
    primary, *others = compare(scores, primary=("few_shot", "fine_tuning")).comparisons
    assert primary.p_adjusted == primary.p
    assert [one.p_adjusted for one in others] == holm([one.p for one in others])
    assert len(others) == 5


@pytest.mark.parametrize(
    ("cells", "margin", "outcome"),
    [
        ((0, 0, 0, 400), 0.05, ComparisonOutcome.EQUIVALENT),
        ((150, 20, 20, 210), 0.05, ComparisonOutcome.EQUIVALENT),
        ((20, 5, 20, 5), 0.1, ComparisonOutcome.BETTER),
        ((20, 20, 5, 5), 0.1, ComparisonOutcome.WORSE),
        ((20, 8, 12, 10), 0.1, ComparisonOutcome.INCONCLUSIVE),
        # surely better, and surely by less than what matters
        ((900, 10, 40, 50), 0.05, ComparisonOutcome.EQUIVALENT),
        ((900, 10, 40, 50), 0.02, ComparisonOutcome.BETTER),
    ],
)
def test_an_outcome_is_what_the_interval_and_the_margin_say(
    cells: tuple[int, int, int, int], margin: float, outcome: ComparisonOutcome
) -> None:
    found = compare(counted(*cells), margin=margin).comparisons[0]
    assert found.outcome is outcome
    is_open = outcome is ComparisonOutcome.INCONCLUSIVE
    assert (found.cases_needed is not None) == is_open
    assert (found.chance_that_doubling_settles is not None) == is_open


@settings(max_examples=20)
@given(st.lists(st.tuples(CELL, CELL, CELL, st.integers(0, 4)), min_size=1, max_size=25), st.data())
def test_the_order_of_the_cases_decides_nothing(
    rows: list[tuple[float, float, float, int]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    groups = tuple(str(row[3]) for row in rows)
    plain = table(np.array([row[:3] for row in rows]), "a", "b", "c", groups=groups)
    shuffled = ScoreTable(
        tuple(plain.cases[place] for place in order),
        tuple(groups[place] for place in order),
        plain.arms,
        plain.scores[list(order)],
    )
    assert compare(shuffled) == compare(plain)


@settings(max_examples=20)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=25))
def test_swapping_the_arms_turns_every_sign_and_keeps_p(rows: list[tuple[float, float]]) -> None:
    scores = table(np.array(rows), "a", "b")
    here, there = (compare(scores, primary=pair) for pair in (("a", "b"), ("b", "a")))
    for one, two in zip(here.comparisons, there.comparisons, strict=True):
        assert (one.difference, one.low, one.high) == (-two.difference, -two.high, -two.low)
        assert (one.p, one.n, one.cases_needed) == (two.p, two.n, two.cases_needed)
        assert one.chance_that_doubling_settles == two.chance_that_doubling_settles


def test_a_constant_arm_changes_no_other_comparison() -> None:
    scores = drawn(70, a=0.5, b=0.7)
    more = table(np.column_stack([scores.scores, np.ones(70)]), "a", "b", "always")
    one = compare(scores, primary=("a", "b")).comparisons[0]
    assert compare(more, primary=("a", "b")).comparisons[0] == one


def test_cases_that_an_arm_did_not_run_are_left_out_pair_by_pair() -> None:
    scores = drawn(60, a=0.5, b=0.7, c=0.6).scores
    scores[40:, 2] = np.nan
    result = compare(table(scores, "a", "b", "c"))
    assert [arm.n for arm in result.arms] == [60, 60, 40]
    part = compare(table(scores[:40], "a", "b", "c"))
    whole = compare(table(scores[:, :2], "a", "b"), primary=("a", "b"))
    assert between(result, "a", "b").low == whole.comparisons[0].low
    assert between(result, "a", "c").low == between(part, "a", "c").low


def test_an_arm_that_never_ran_has_no_score_and_no_comparison() -> None:
    scores = drawn(60, a=0.5, b=0.7, c=0.6).scores
    scores[:, 2] = np.nan
    result = compare(table(scores, "a", "b", "c"))
    assert result.arms[2].score is None
    assert [(one.a, one.b) for one in result.comparisons] == [("a", "b")]
    assert "c ran no case and is left out." in result.verdict.notes


@dataclass
class Counting:
    """A generator of random numbers that counts how many it gave."""

    seed: object
    given: list[int]

    def __getattr__(self, name: str) -> Callable[..., object]:
        drawing = getattr(RANDOM(self.seed), name)

        def draw(*arguments: object, **more: object) -> object:
            found = drawing(*arguments, **more)
            self.given.append(np.size(found))
            return found

        return draw


RANDOM = np.random.default_rng


@pytest.mark.parametrize("kind", ["counted", "graded", "grouped"])
def test_all_comparisons_of_ten_arms_draw_less_than_two_plain_bootstraps(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,000 cases, 45 comparisons: what is drawn for one pair serves all."""
    scores = RANDOM(0).random((1_000, 10))
    scores = scores if kind == "graded" else (scores < 0.6).astype(float)
    groups = tuple(str(place // 5) for place in range(1_000)) if kind == "grouped" else None
    given = table(scores, *(f"arm {place}" for place in range(10)), groups=groups)
    drawn: list[int] = []
    monkeypatch.setattr(np.random, "default_rng", lambda seed: Counting(seed, drawn))
    assert len(compare(given, seed=7).comparisons) == 45  # no other test's draws are remembered
    assert 0 < sum(drawn) < 2 * 9_999 * 1_000


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"recommended": "finetuning"}, "Did you mean 'fine_tuning'?"),
        ({"primary": ("prompt", "x")}, "there is no arm 'x'"),
        ({"primary": ("prompt", "prompt")}, "names the same arm twice"),
        ({"margin": 0.0}, "margin: cannot be 0"),
        ({"margin": float("nan")}, "margin: cannot be nan"),
        ({"margin": 1.0}, "below 1, the width of the scale"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        compare(counted(9, 9, 9, 9), **asked)  # type: ignore[arg-type]


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(*[st.one_of(st.just(np.nan), st.floats(-1e9, 1e9))] * 3), min_size=0, max_size=12
    )
)
def test_no_table_makes_it_fall_over(rows: list[tuple[float, float, float]]) -> None:
    scores = np.array(rows, float).reshape(-1, 3)
    result = compare(table(scores, "a", "b", "c"), recommended="b")
    json.dumps(result.model_dump(mode="json"), allow_nan=False)
