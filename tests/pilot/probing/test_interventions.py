"""What is asked again, and when an answer counts as right."""

import pytest

from advisor.models.encoder import load_encoder
from advisor.pilot.probing.answer_judging import Referee
from advisor.pilot.probing.interventions import REPEATS, ProbeQuestion, questions_for, supply
from advisor.pilot.probing.probe_material import ProbeMaterial
from advisor.pilot.probing.probe_records import Intervention, JudgedBy
from advisor.proposal import Current, Draft, Failure

TICKETS = Draft(
    title="Tickets",
    description="Sorts tickets.",
    current=Current(prompt="Sort the ticket."),
    failures=tuple(
        Failure(input=f"My parcel {n} is late", output="shipping problem", expected=label)
        for n, label in enumerate(["delivery", "refund", "delivery", "refund", "delivery"])
    ),
)
FACTS = Draft(
    title="Desk",
    description="Answers questions.",
    failures=(
        Failure(
            input="How long may I return shoes?",
            output="You may return them within two weeks.",
            expected="You may return shoes within 45 days at the Marlow Street shop.",
        ),
        Failure(input="Say hello", output="hey!!!", expected="Good morning, how can I help?"),
        Failure(output="only an output"),
    ),
)


def by_change(
    draft: Draft, place: int, larger: bool = False
) -> dict[Intervention, list[ProbeQuestion]]:
    material = ProbeMaterial.of(draft)
    found: dict[Intervention, list[ProbeQuestion]] = {}
    for one in questions_for(material, material.failures[place], larger):
        found.setdefault(one.change, []).append(one)
    return found


def test_as_it_was_is_asked_several_times_and_everything_else_once() -> None:
    found = by_change(TICKETS, 0, larger=True)
    assert len(found.pop(Intervention.AS_IT_WAS)) == 1 + REPEATS
    assert set(found) == {
        Intervention.STATED,
        Intervention.EXAMPLES,
        Intervention.CONSTRAINED,
        Intervention.LARGER,
    }
    assert all(len(one) == 1 for one in found.values())


def test_labels_are_read_off_the_wanted_answers_and_said() -> None:
    found = by_change(TICKETS, 0)
    assert "delivery; refund" in found[Intervention.STATED][0].messages[0].content
    assert found[Intervention.STATED][0].messages[0].content.startswith("Sort the ticket.")
    assert found[Intervention.CONSTRAINED][0].labels == ("delivery", "refund")


def test_the_case_itself_is_never_shown_as_an_example() -> None:
    (shown,) = by_change(TICKETS, 0)[Intervention.EXAMPLES]
    assert shown.messages[-1].content == "My parcel 0 is late"
    assert all("parcel 0" not in turn.content for turn in shown.messages[:-1])
    assert {turn.role for turn in shown.messages} == {"system", "user", "assistant"}


def test_only_facts_that_the_model_was_not_shown_are_supplied() -> None:
    material = ProbeMaterial.of(FACTS)
    returns, hello = material.failures
    assert supply(material, returns) == (
        "You may return shoes within 45 days at the Marlow Street shop.",
    )
    assert supply(material, hello) == ()
    shown = returns.model_copy(update={"context": returns.expected})
    assert supply(material, shown) == ()


def test_facts_come_from_the_documents_where_there_are_some() -> None:
    material = ProbeMaterial.of(FACTS, lambda question: ["Returns: 45 days."])
    assert supply(material, material.failures[0]) == ("Returns: 45 days.",)


def test_a_schema_is_read_off_wanted_objects() -> None:
    pair = [
        Failure(input="a", expected='{"n": 1, "s": "x"}'),
        Failure(input="b", expected='{"n": 2}'),
    ]
    material = ProbeMaterial.of(Draft(failures=tuple(pair)))
    assert material.schema == {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "s": {"type": "string"}},
        "required": ["n"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("answer", "right", "by"),
    [
        (" Delivery.\nBecause it is late", True, JudgedBy.LABEL),
        ("refund", False, JudgedBy.LABEL),
        ("", False, JudgedBy.LABEL),
    ],
)
def test_a_label_must_be_the_same(answer: str, right: bool, by: JudgedBy) -> None:
    referee = Referee(ProbeMaterial.of(TICKETS), load_encoder())
    assert referee.judge(answer, TICKETS.failures[0])[:2] == (right, by)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("Shoes can be returned within 45 days at the Marlow Street shop.", True),
        ("You may return shoes within 30 days at the Marlow Street shop.", False),
        ("You may return them within two weeks.", False),
        ("Bananas are yellow.", False),
        ("", False),
    ],
)
def test_free_text_must_be_closer_to_the_wanted_answer_and_hold_its_facts(
    answer: str, right: bool
) -> None:
    referee = Referee(ProbeMaterial.of(FACTS), load_encoder())
    found = referee.judge(answer, ProbeMaterial.of(FACTS).failures[0])
    assert found[:2] == (right, JudgedBy.CLOSENESS)


@pytest.mark.parametrize(
    ("expected", "answer", "right", "by"),
    [
        ('{"a": 1}', 'Here: {"a": 1}', True, JudgedBy.FIELDS),
        ('{"a": 1}', '{"a": 2}', False, JudgedBy.FIELDS),
        ("42", "7 * 6 = 42", True, JudgedBy.NUMBER),
        ("42", "about 43", False, JudgedBy.NUMBER),
    ],
)
def test_objects_and_numbers_must_be_the_same(
    expected: str, answer: str, right: bool, by: JudgedBy
) -> None:
    failure = Failure(input="?", expected=expected)
    referee = Referee(ProbeMaterial.of(Draft(failures=(failure,))), load_encoder())
    assert referee.judge(answer, failure)[:2] == (right, by)
