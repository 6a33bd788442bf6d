"""Triage end to end, with the real rules, classifier and reader."""

import pytest

from advisor.proposal import Draft, Failure
from advisor.samples import samples
from advisor.triage.recommend import Tools, load_tools, triage
from advisor.vocabulary import Cause, Mode

EXPECTED = {
    "better-assistant": "prompting",
    "council-minutes": "prompting",
    "docs-search": "retrieval",
    "fleet-costs": "other",
    "invoice-fields": "other",
    "patient-letters": "retrieval+fine_tuning",
    "returns-desk": "retrieval",
    "review-screening": "fine_tuning",
    "staff-handbook": "prompting",
    "support-routing": "fine_tuning",
}


@pytest.fixture(scope="module")
def tools() -> Tools:
    return load_tools()


@pytest.mark.parametrize("name", EXPECTED)
def test_each_example_problem_gets_its_remedy(name: str, tools: Tools) -> None:
    assert triage(samples()[name], tools).recommendation == EXPECTED[name]


def test_the_examples_cover_all_remedies() -> None:
    assert samples().keys() == EXPECTED.keys()
    covered = {remedy for name in EXPECTED.values() for remedy in name.split("+")}
    assert covered == {"prompting", "retrieval", "fine_tuning", "other"}


def test_the_same_input_gives_the_same_assessment(tools: Tools) -> None:
    sample = samples()["patient-letters"]
    assert triage(sample, tools) == triage(sample, load_tools())


def test_shares_and_chances_add_up(tools: Tools) -> None:
    result = triage(samples()["patient-letters"], tools)
    assert sum(result.causes.values()) == pytest.approx(1, abs=0.001)
    assert sum(option.wins for option in result.ranking) == pytest.approx(1, abs=0.001)
    assert result.ranking[0].remedies == result.recommendation
    assert result.confidence == result.ranking[0].wins


def test_every_reason_shows_the_users_own_value_and_a_source(tools: Tools) -> None:
    sample = samples()["support-routing"]
    for item in triage(sample, tools).evidence:
        assert item.source.title and item.because
        for given in item.given:
            if not given.suggested:
                assert given.answer == sample.answers[given.question]


def test_with_nothing_known_it_abstains_and_says_what_would_settle_it(tools: Tools) -> None:
    result = triage(Draft(), tools)
    assert result.abstained
    assert result.recommendation
    assert result.settle
    assert "Best guess" in result.headline


def test_a_correction_wins_over_the_classifier(tools: Tools) -> None:
    failures = (Failure(id="a", note="The answer was wrong"),)
    corrected = Draft(failures=failures, corrections={"a": Mode.STALE_KNOWLEDGE})
    reading = triage(corrected, tools).failures[0]
    assert (reading.mode, reading.corrected) == (Mode.STALE_KNOWLEDGE, True)


def test_failures_move_a_vague_form(tools: Tools) -> None:
    stale = tuple(
        Failure(note=f"That price was right last year, it changed in {2020 + n}") for n in range(8)
    )
    before, after = triage(Draft(), tools), triage(Draft(failures=stale), tools)
    assert after.causes[Cause.KNOWLEDGE] > before.causes[Cause.KNOWLEDGE] + 0.15


def test_a_suggestion_weighs_less_than_an_answer_and_is_marked(tools: Tools) -> None:
    words = "Prices in our catalogue change every day."
    read = triage(Draft(title="Prices", description=words), tools)
    item = next(item for item in read.evidence if any(given.suggested for given in item.given))
    told = triage(
        Draft(
            title="Prices",
            description=words,
            answers={given.question: given.answer for given in item.given},
        ),
        tools,
    )
    same = next(other for other in told.evidence if other.id == item.id)
    assert abs(item.weight) < abs(same.weight)
    assert not any(given.suggested for given in same.given)


def test_a_rejected_suggestion_does_not_count(tools: Tools) -> None:
    draft = Draft(title="Prices", description="Prices in our catalogue change every day.")
    read = {given.question for item in triage(draft, tools).evidence for given in item.given}
    assert "facts_change_often" in read
    rejected = draft.model_copy(update={"dismissed": ("facts_change_often",)})
    left = {given.question for item in triage(rejected, tools).evidence for given in item.given}
    assert "facts_change_often" not in left


def test_existing_retrieval_is_diagnosed(tools: Tools) -> None:
    result = triage(samples()["docs-search"], tools)
    assert result.retrieval.get("not_shown", 0) >= 3
    assert "not shown" in result.plan[0].text


def test_requested_fine_tuning_does_not_sway_the_result(tools: Tools) -> None:
    sample = samples()["returns-desk"]
    asked = sample.model_copy(update={"requested": None})
    assert triage(asked, tools).recommendation == triage(sample, tools).recommendation
