"""What is noticed about the data before anything runs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from advisor.domain.cases import Case, Dataset, Document
from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_result import Finding
from advisor.domain.pilot_spec import Spec
from advisor.pilot.checks import DATA_CHECKS, check_data, facts_seen, near_duplicates, unseen_facts
from advisor.pilot.checks.case_checks import smallest_difference
from advisor.pilot.checks.label_checks import doubtful_labels

TOPICS = {
    "delivery": "My parcel from {} has not arrived at {} yet",
    "billing": "Why was I charged twice in {} on my invoice from {}",
    "account": "How do I change the password of my account in {} at {}",
}
PLACES = ["Lund", "Ghent", "Turin", "Porto", "Krakow", "Leeds", "Cork", "Graz", "Lyon", "Basel"]


def case(n: int, text: str, expected: str, **more: Any) -> Case:
    return Case(id=f"c{n}", input=text, expected=expected, **more)


def labelled(count: int, start: int = 0) -> list[Case]:
    found = []
    for n in range(start, start + count):
        label = list(TOPICS)[n % 3]
        first, second = PLACES[n % 10], PLACES[(n * 7 + n // 10) % 10]
        found.append(case(n, f"{TOPICS[label].format(first, second)} ({n})", label))
    return found


def frozen(
    train: Sequence[Case],
    test: Sequence[Case],
    task: str = "classification",
    documents: Sequence[Document] = (),
    **more: Any,
) -> Frozen:
    spec = Spec.model_validate({"title": "t", "task": task, "instruction": "i"} | more)
    return Frozen(spec, Dataset(tuple(train), tuple(test), tuple(documents)))


def found(pilot: Frozen, check: str) -> list[Finding]:
    return [finding for finding in check_data(pilot) if finding.check == check]


def test_sound_data_raise_nothing_but_what_they_can_show() -> None:
    pilot = frozen(labelled(60), labelled(60, start=60))
    told = {one.check: one.severity for one in check_data(pilot)}
    assert told.keys() <= {"amount", "near_duplicates"} and told["amount"] == "note"


def test_every_check_says_what_it_is_for() -> None:
    assert all(check.title and check.what.endswith(".") for check in DATA_CHECKS)
    assert check_data(frozen(labelled(9), labelled(9)), stop=lambda: True) == ()


@pytest.mark.parametrize(("cases", "points"), [(20, 0.35), (40, 0.25), (100, 0.16), (200, 0.11)])
def test_what_few_cases_can_show(cases: int, points: float) -> None:
    assert smallest_difference(cases) == pytest.approx(points, abs=0.02)


def test_too_few_cases_or_groups_block_a_verdict() -> None:
    (few,) = found(frozen(labelled(20), labelled(12, start=30)), "amount")
    assert few.severity == "blocks"
    assert (
        few.what.startswith("12 test cases show differences of about 5") and "too few" in few.what
    )
    grouped = [one.model_copy(update={"group": f"g{n % 4}"}) for n, one in enumerate(labelled(60))]
    told = found(frozen(labelled(30, start=90), grouped), "amount")
    assert any("only 4 groups" in one.what and one.severity == "blocks" for one in told)


def test_groups_on_both_sides_are_named() -> None:
    train = [case(n, f"a {n}", "x", group=f"customer {n % 6}") for n in range(30)]
    test = [case(50 + n, f"b {n}", "x", group=f"customer {n % 12}") for n in range(36)]
    (finding,) = found(frozen(train, test), "groups")
    assert len(finding.cases) == 18 and "customer 0" in finding.what and "1 more" in finding.what


NEAR = [
    ("I am still awaiting the completion of the transaction.", True),
    ("Tell me how many transactions I can do with the disposable card!", True),
    ("How do I close my account?", False),
    ("What is the weather in Porto today?", False),
    ("Please charge card 4441 for the order of Mrs Lee", False),
]


def test_near_copies_are_found_and_look_alikes_are_not() -> None:
    train = [
        case(0, "I'm still awaiting for the completion of the transaction.", "a"),
        case(1, "How many transactions can I do with a disposable card?", "b"),
        case(2, "How do I open an account?", "c"),
        case(3, "What is the weather in Lund tomorrow?", "d"),
        case(4, "Can I pay the bill of Mr Ito with points", "e"),
    ]
    test = [case(10 + n, text, "x") for n, (text, _) in enumerate(NEAR)]
    pairs = near_duplicates(frozen(train, test))
    assert pairs == {"c10": "c0", "c11": "c1"}
    (finding,) = found(frozen(train, test), "near_duplicates")
    assert finding.severity == "warning" and finding.cases == ("c10", "c11")


def test_documents_made_of_the_test_cases_are_noticed() -> None:
    test = [
        case(n, f"What does part {n} of the pump cost?", f"It costs {n + 40} euros")
        for n in range(9)
    ]
    text = "\n".join(f"Q: {one.input} A: {one.expected}" for one in test[:5])
    documents = [Document(id="faq", text=text), Document(id="d", text="Pumps need oil.")]
    pilot = frozen([case(99, "hello", "yes")], test, "question_answering", documents)
    (finding,) = found(pilot, "near_duplicates")
    assert len(finding.cases) == 5 and finding.severity == "warning"


def test_facts_that_stand_only_in_the_test() -> None:
    train = [
        case(0, "Where does Ada Lovelace live?", "She lives in Porto."),
        case(1, "When was the bridge opened?", "It was opened in 1932."),
        case(2, "Who wrote it?", "Written by Maria Silent, in a long shadow."),
    ]
    test = [
        case(10, "In which town is it?", "It stands in Porto."),
        case(11, "In which town is that?", "That stands in Ghent."),
        case(12, "When?", "That was in 1932, they say."),
        case(13, "Is it in Turin?", "Yes, it is in Turin."),
        case(14, "What is it called?", 'It is called "The Silent Shadow", they say.'),
        case(15, "How is it?", "it is very good, and everybody likes it a lot these days"),
    ]
    pilot = frozen(train, test, "generation")
    assert facts_seen(pilot) == {"c10": True, "c11": False, "c12": True, "c14": False}
    assert unseen_facts(pilot) == {"c11", "c14"}
    (finding,) = found(pilot, "unseen_facts")
    assert finding.cases == ("c11", "c14") and "2 of 6" in finding.what


def test_short_answers_to_questions_are_facts_as_a_whole() -> None:
    train = [case(0, "Which colour?", "dark blue")]
    test = [case(1, "Which colour is the door?", "blue"), case(2, "Which one?", "olive green")]
    assert facts_seen(frozen(train, test, "question_answering")) == {"c1": True, "c2": False}
    documents = [Document(id="d", text="The door is red.")]
    told = found(frozen(train, test, "question_answering", documents), "unseen_facts")
    assert "stands in no document either" in told[1].what and told[1].cases == ("c2",)


def test_labels_are_no_facts() -> None:
    assert facts_seen(frozen(labelled(9), labelled(9, start=20))) == {}


def test_one_input_with_two_answers() -> None:
    train = [case(0, "Card lost.", "lost"), case(1, "card  LOST", "stolen"), case(2, "Hi", "hello")]
    pilot = frozen(train, [case(3, "hi!", "hello"), case(4, "Hi", "hello"), case(5, "x", "y")])
    (finding,) = found(pilot, "contradictions")
    assert finding.cases == ("c0", "c1") and "“lost” and “stolen”" in finding.what
    (repeated,) = found(pilot, "repeats")
    assert repeated.cases == ("c3", "c4") and repeated.what.startswith("1 test cases")
    (open_ended,) = found(frozen(train, labelled(4), "generation"), "contradictions")
    assert (finding.severity, open_ended.severity) == ("warning", "note")


def test_labels_that_only_one_side_knows() -> None:
    test = [*labelled(30, start=30), case(99, "Do you sell boats?", "sales")]
    (finding,) = found(frozen(labelled(30), test), "labels")
    assert finding.cases == ("c99",) and "“sales”" in finding.what
    (odd,) = found(
        frozen(labelled(30), labelled(30, start=40), labels=["delivery", "billing"]), "labels"
    )
    assert len(odd.cases) == 20 and "“account”" in odd.what


def test_one_label_that_is_most_of_the_test_and_rare_ones() -> None:
    train = [*labelled(30), case(80, "Do you sell boats?", "sales")]
    test = [one for one in labelled(90, start=30) if one.expected == "billing"]
    told = [one.what for one in found(frozen(train, test), "balance")]
    assert "Always answering “billing” would be right in 30 of 30 test cases" in told[0]
    assert "1 of 4 labels have fewer than 5 training examples: “sales”" in told[1]


def test_wrong_labels_are_found_and_right_ones_left_alone() -> None:
    cases = labelled(120)
    assert doubtful_labels(cases) == []
    rng = random.Random(3)
    wrong = rng.sample(range(120), 8)
    for place in wrong:
        others = [name for name in TOPICS if name != cases[place].expected]
        cases[place] = cases[place].model_copy(update={"expected": rng.choice(others)})
    doubts = doubtful_labels(cases)
    assert {doubt.case.id for doubt in doubts} <= {f"c{place}" for place in wrong}
    assert len(doubts) >= 6
    assert all(TOPICS[one.likelier].split()[1] in one.case.input for one in doubts)
    (finding,) = found(frozen(cases[:80], cases[80:]), "label_noise")
    assert "probably have a wrong label" in finding.what and set(finding.cases) == {
        doubt.case.id for doubt in doubts
    }


def test_the_metric_must_give_the_wanted_answers_full_marks() -> None:
    test = [case(n, f"Invoice {n}?", str(n) if n % 4 else "unknown") for n in range(40)]
    scoring = {"scoring": {"metric": "number"}}
    told = found(frozen(labelled(9), test, "generation", **scoring), "ceiling")
    assert len(told[0].cases) == 10 and "cannot be judged by number" in told[0].what
    assert "Copying the input scores" in told[1].what
    pattern = {"scoring": {"metric": "regex", "pattern": "[a-z]+"}}
    (wrong,) = found(frozen(labelled(9), test, "generation", **pattern), "ceiling")
    assert wrong.severity == "blocks" and len(wrong.cases) == 30


def test_long_cases_are_named() -> None:
    (finding,) = found(frozen([case(0, "word " * 4_000, "x")], labelled(5, start=9)), "length")
    assert finding.cases == ("c0",)
