"""From facts and failures to the remedy that wins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.rules import load
from advisor.triage.evidence import MODES, Facts
from advisor.triage.judge import PSEUDO_FAILURES, Judge, forbids, no_readings, winner_name
from advisor.vocabulary import CAUSE_OF, COMBINATIONS, Cause, Mode, Remedy

BOOK = load()
EMPTY = Judge(BOOK, no_readings())


def readings(mode: Mode, count: int, sure: float = 0.9) -> np.ndarray:
    rows = np.full((count, len(MODES)), (1 - sure) / (len(MODES) - 1))
    rows[:, MODES.index(mode)] = sure
    return rows


def share(judge: Judge, facts: Facts, cause: Cause) -> float:
    mix = judge.judge(facts).mix[0]
    return float(sum(mix[place] for place, mode in enumerate(MODES) if CAUSE_OF[mode] is cause))


def test_without_failures_the_answers_count_as_so_many_failures() -> None:
    assert EMPTY.judge(Facts({})).alpha.sum() == pytest.approx(PSEUDO_FAILURES)


def test_each_failure_adds_one_to_the_count() -> None:
    judge = Judge(BOOK, readings(Mode.STYLE, 7))
    assert judge.judge(Facts({})).alpha.sum() == pytest.approx(PSEUDO_FAILURES + 7)


def test_ten_good_failures_outweigh_a_vague_form() -> None:
    vague = Facts({"style_or_tone": True})
    judge = Judge(BOOK, readings(Mode.MISSING_KNOWLEDGE, 10))
    assert share(EMPTY, vague, Cause.BEHAVIOUR) > 0.5
    assert share(judge, vague, Cause.KNOWLEDGE) > 0.5


def test_an_unclear_failure_is_read_in_the_light_of_the_answers() -> None:
    flat = np.full((10, len(MODES)), 1 / len(MODES))
    facts = Facts({"needs_private_or_new_facts": True, "facts_change_often": "daily"})
    before, after = EMPTY.judge(facts).mix, Judge(BOOK, flat).judge(facts).mix
    assert np.allclose(before, after)


def test_a_veto_removes_the_sets_that_hold_the_remedy() -> None:
    facts = Facts({
        "needs_private_or_new_facts": True,
        "facts_change_often": "weekly",
        "labelled_examples": 50_000,
        "style_or_tone": True,
        "eval_set_exists": True,
    })
    vetoes = EMPTY.vetoes(facts)
    allowed = EMPTY.judge(facts).allowed[0]
    assert vetoes
    assert not allowed[COMBINATIONS.index((Remedy.FINE_TUNING,))]
    for place, chosen in enumerate(COMBINATIONS):
        assert allowed[place] == (not any(forbids(veto.record, chosen) for veto in vetoes))


def test_a_veto_does_not_rest_on_a_suggestion() -> None:
    answers = {"needs_private_or_new_facts": True, "facts_change_often": "weekly"}
    assert EMPTY.vetoes(Facts(answers))
    assert not EMPTY.vetoes(Facts(answers, {"facts_change_often": 0.99}))


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(sorted(BOOK.questions)), st.integers(0, 50), max_size=len(BOOK.questions)
    )
)
def test_any_answers_give_a_sound_judgement(picks: dict[str, int]) -> None:
    answers = {
        name: BOOK.answer_space[name][pick % len(BOOK.answer_space[name])][0]
        for name, pick in picks.items()
    }
    judged = EMPTY.judge(Facts(answers))
    assert judged.mix.sum() == pytest.approx(1)
    assert np.isfinite(judged.worth).all()
    assert judged.allowed[0].any()
    assert judged.allowed[0][COMBINATIONS.index(winner_name(judged))]
