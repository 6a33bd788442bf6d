"""The sentences of an assessment."""

import pytest

from advisor.domain.assessment import NextQuestion, Option
from advisor.domain.sources import Spread
from advisor.rules import load
from advisor.triage.explain import ANY_OTHER, NOTHING, actions, headline, other_action, plan, settle
from advisor.vocabulary import COMBINATIONS, Cause, Mode, combination_name

BOOK = load()
DAYS = Spread(low=1, mid=2, high=3)


def option(name: str) -> Option:
    share = Spread(low=0.4, mid=0.6, high=0.8)
    return Option(
        remedies=name,
        expected_fixed=share,
        overhead=0.1,
        value=0.5,
        wins=0.7,
        build_days=DAYS,
        keep_days_per_month=DAYS,
    )


@pytest.mark.parametrize("chosen", COMBINATIONS)
def test_every_recommendation_has_one_headline(chosen: tuple[str, ...]) -> None:
    causes = {Cause.KNOWLEDGE: 0.7, Cause.BEHAVIOUR: 0.3}
    text = headline(option(combination_name(chosen)), "a tool", causes, abstained=False)
    assert text[0].isupper() and text.endswith(".")
    assert "70 %" in text and "60 %" in text


def test_a_guess_is_called_a_guess() -> None:
    assert headline(option("prompting"), None, {Cause.BEHAVIOUR: 1}, True).startswith("Best guess")


def test_missing_knowledge_that_fits_goes_into_the_prompt() -> None:
    assert "into the prompt" in actions("prompting", None, Cause.KNOWLEDGE)
    assert "into the prompt" not in actions("prompting+retrieval", None, Cause.KNOWLEDGE)


@pytest.mark.parametrize(
    ("mode", "answers", "words"),
    [
        (Mode.FORMAT, {}, "constrained decoding"),
        (Mode.REASONING, {"needs_exact_calculation": True}, "calculation"),
        (Mode.REASONING, {"larger_model_fixes_it": True}, "larger model"),
        (Mode.SYSTEM, {}, "engineering"),
        (Mode.STYLE, {"larger_model_fixes_it": True}, "larger model"),
        (Mode.STYLE, {}, ANY_OTHER),
        (
            Mode.FORMAT,
            {"quality_already_accepted": True, "latency_or_cost_pressure": False},
            NOTHING,
        ),
    ],
)
def test_other_says_what_it_is(mode: Mode, answers: dict[str, bool], words: str) -> None:
    assert words in other_action({mode: 0.5, Mode.LABEL: 0.1}, answers)


@pytest.mark.parametrize("chosen", COMBINATIONS)
def test_every_plan_says_what_first_and_when_to_stop(chosen: tuple[str, ...]) -> None:
    steps = plan(combination_name(chosen), "a tool", {}, BOOK)
    assert steps[0].when == "first"
    assert [step.when for step in steps].count("stop") == len(chosen)


def test_retrieval_that_exists_is_repaired_first() -> None:
    steps = plan("retrieval", None, {"not_shown": 3, "misused": 1}, BOOK)
    assert "not shown" in steps[0].text


def test_what_would_settle_it_names_questions_and_failures() -> None:
    question = NextQuestion(
        id="a", ask="Is it so?", why="", gain=0.1, could_change_to=("prompting",)
    )
    lines = settle([question], 10)
    assert "Is it so?" in lines[0]
    assert "10 more failures" in lines[1]
