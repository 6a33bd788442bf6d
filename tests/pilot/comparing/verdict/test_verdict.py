"""The verdict: what is confirmed, contradicted and left open, in words that say why."""

import numpy as np
import pytest
from tables import counted, drawn, table

from advisor.pilot.comparing import VerdictOutcome, compare

YES, NO, OPEN = VerdictOutcome.CONFIRMED, VerdictOutcome.CONTRADICTED, VerdictOutcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("cells", "margin", "outcome", "says", "then"),
    [
        # contrasts of published pilots: both right, only the first, only the second, none
        (
            (7, 7, 22, 114),
            None,
            YES,
            "better than plain prompt by 10 points (3.2 to 17)",
            "Go on with",
        ),
        ((22, 7, 53, 68), None, YES, "by 31 points (22 to 40) on 150 cases", "Go on with"),
        ((19, 6, 10, 115), 0.05, OPEN, "between 2.8 points worse and 8.5 points", "by cost"),
        ((19, 6, 10, 115), None, NO, "better by 8.5 points at most", "Use plain prompt"),
        ((67, 5, 11, 12), None, OPEN, "15 points better (95 cases)", "About 330 cases in all"),
        ((165, 15, 56, 69), None, YES, "by 13 points", "Go on with"),
        ((121, 10, 8, 11), None, NO, "as good for this purpose", "Use plain prompt"),
        (
            (121, 10, 8, 11),
            0.05,
            NO,
            "fine-tuning is better by 4.5 points at most",
            "Use plain prompt",
        ),
        (
            (60, 30, 5, 5),
            None,
            NO,
            "Plain prompt is better than fine-tuning by 25 points",
            "simpler too",
        ),
        # surely better, and surely by less than what matters
        ((900, 10, 40, 50), None, NO, "less than 5 points does not matter", "Use plain prompt"),
        ((900, 10, 40, 50), 0.02, YES, "better than plain prompt by 3 points", "Go on with"),
        # five that all go one way prove little
        ((20, 0, 5, 20), 0.05, OPEN, "differ in only 5 cases; 6 must", "Add cases"),
        ((0, 0, 2, 98), None, OPEN, "No arm solves the task", "Read some answers"),
        ((9, 0, 10, 9), None, OPEN, "Only 28 cases", "Add cases"),
        (
            (40, 0, 0, 0),
            None,
            NO,
            "fine-tuning is better by 8.8 points at most",
            "Use plain prompt",
        ),
    ],
)
def test_fine_tuning_against_a_prompt(
    cells: tuple[int, int, int, int],
    margin: float | None,
    outcome: VerdictOutcome,
    says: str,
    then: str,
) -> None:
    verdict = compare(counted(*cells), margin=margin, recommended="fine_tuning").verdict
    assert verdict.outcome is outcome
    assert says in verdict.because
    assert then in verdict.next


@pytest.mark.parametrize(
    ("cells", "outcome", "says"),
    [
        (
            (121, 10, 8, 11),
            YES,
            "Plain prompt is the simplest arm, and none is better by 10 points or more",
        ),
        ((40, 0, 0, 0), YES, "fine-tuning is between 8.8 points worse and 8.8 points better"),
        ((60, 30, 5, 5), YES, "better than any other: fine-tuning is 14 to 36 points worse"),
        ((7, 7, 22, 114), NO, "Fine-tuning is better than plain prompt by 10 points"),
        ((67, 5, 11, 12), OPEN, "open whether plain prompt is as good as fine-tuning"),
    ],
)
def test_the_simplest_arm_needs_only_not_be_worse(
    cells: tuple[int, int, int, int], outcome: VerdictOutcome, says: str
) -> None:
    verdict = compare(counted(*cells), recommended="prompt").verdict
    assert (verdict.outcome, verdict.primary) == (outcome, ("fine_tuning", "prompt"))
    assert says in verdict.because


def test_the_primary_alone_is_a_question_about_two_arms() -> None:
    scores = drawn(150, closed=0.1, shared=0.3, oracle=0.9)
    verdict = compare(scores, primary=("closed", "shared")).verdict
    assert (verdict.outcome, verdict.recommended) == (YES, "shared")
    assert "oracle, which this verdict is not about, is better than shared." in verdict.notes
    assert compare(scores, recommended="shared").verdict.outcome is NO


def test_every_simpler_arm_must_be_beaten() -> None:
    scores = drawn(120, prompt=0.3, few_shot=0.74, fine_tuning=0.78)
    verdict = compare(scores, recommended="fine_tuning").verdict
    assert verdict.outcome is not YES
    assert "Prompt with examples" in verdict.because


def test_a_simpler_arm_with_few_cases_stands_in_the_way() -> None:
    scores = drawn(120, prompt=0.3, few_shot=0.5, fine_tuning=0.9).scores
    scores[12:, 1] = np.nan
    verdict = compare(
        table(scores, "prompt", "few_shot", "fine_tuning"), recommended="fine_tuning"
    ).verdict
    assert verdict.outcome is OPEN
    assert (
        verdict.because
        == "Prompt with examples is simpler, but only 12 cases ran with both it and fine-tuning."
    )
    assert verdict.next == "Run prompt with examples on all cases and compare again."


def test_a_costlier_arm_with_few_cases_does_not() -> None:
    scores = drawn(120, prompt=0.3, few_shot=0.9, fine_tuning=0.9).scores
    scores[12:, 2] = np.nan
    verdict = compare(
        table(scores, "prompt", "few_shot", "fine_tuning"), recommended="few_shot"
    ).verdict
    assert verdict.outcome is YES
    assert "Too few cases ran with fine-tuning to say anything about it." in verdict.notes


def test_without_a_recommendation_the_simplest_good_arm_is_found() -> None:
    clear = compare(drawn(200, prompt=0.4, few_shot=0.8, fine_tuning=0.8, alike=0.95)).verdict
    assert (clear.outcome, clear.recommended, clear.named) == (YES, "few_shot", False)
    assert clear.next == "Take prompt with examples."
    equal = compare(counted(100, 6, 6, 100)).verdict
    assert (equal.outcome, equal.recommended) == (YES, "prompt")
    unclear = compare(drawn(40, prompt=0.6, few_shot=0.7, fine_tuning=0.75)).verdict
    assert unclear.outcome is OPEN


def test_cost_decides_which_arm_is_simpler() -> None:
    cells = (121, 10, 8, 11)
    assert compare(counted(*cells), recommended="fine_tuning").verdict.outcome is NO
    cheap = counted(*cells, fine_tuning=0.0)
    assert compare(cheap, recommended="fine_tuning").verdict.outcome is YES


def test_arms_of_equal_cost_must_only_not_be_worse() -> None:
    level = counted(121, 10, 8, 11, "x", "y", x=1.0, y=1.0)
    assert compare(level, recommended="x").verdict.outcome is YES
    assert compare(level, recommended="y").verdict.outcome is YES


@pytest.mark.parametrize("recommended", [None, "prompt"])
def test_one_arm_has_nothing_to_be_compared_with(recommended: str | None) -> None:
    verdict = compare(drawn(50, prompt=0.5), recommended=recommended).verdict
    assert (verdict.outcome, verdict.primary) == (OPEN, None)
    assert "only one arm" in verdict.because


def test_arms_that_share_no_case_cannot_be_compared() -> None:
    scores = np.full((80, 2), np.nan)
    scores[:40, 0] = scores[40:, 1] = 1
    verdict = compare(table(scores, "prompt", "fine_tuning"), recommended="fine_tuning").verdict
    assert "shares no case" in verdict.because


def test_few_groups_are_few_however_many_cases() -> None:
    groups = tuple(str(place % 6) for place in range(150))
    scores = table(counted(7, 7, 22, 114).scores, "prompt", "fine_tuning", groups=groups)
    verdict = compare(scores, recommended="fine_tuning").verdict
    assert verdict.outcome is OPEN
    assert "only 6 groups" in verdict.because


def test_the_margin_is_ten_points_for_few_cases_and_five_for_many() -> None:
    assert compare(counted(50, 9, 40, 100)).verdict.margin == 0.1
    assert compare(counted(50, 10, 40, 100)).verdict.margin == 0.05
    judge = compare(table(np.array([[1.0, 5.0]] * 40), "prompt", "fine_tuning")).verdict
    assert judge.margin == pytest.approx(0.4)
    assert "Scores run from 1 to 5; a difference of 0.4 matters." in judge.notes


def test_the_highest_score_is_said_to_be_partly_luck() -> None:
    verdict = compare(drawn(60, seed=1, a=0.6, b=0.6, c=0.6, d=0.6, e=0.6)).verdict
    assert verdict.best is not None
    assert verdict.best.expected < verdict.best.score - 0.02
    assert any("partly luck" in note for note in verdict.notes)
    sure = compare(drawn(60, a=0.2, b=0.9)).verdict.best
    assert sure is not None
    assert sure.expected == pytest.approx(sure.score, abs=0.01)


def test_arms_that_cannot_be_told_apart_are_named() -> None:
    scores = drawn(60, prompt=0.5).scores
    notes = compare(table(np.repeat(scores, 2, 1), "prompt", "fine_tuning")).verdict.notes
    assert any(
        "plain prompt and fine-tuning have the same score in every case" in one for one in notes
    )
    easy = compare(table(np.ones((60, 2)), "prompt", "fine_tuning")).verdict.notes
    assert "Every arm solves nearly every case: harder cases would tell more." in easy
