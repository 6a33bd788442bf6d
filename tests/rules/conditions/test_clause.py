from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import RuleError
from advisor.rules.conditions.clause import Clause, Compiler
from advisor.rules.schema.rule_schema import Question


def question(name: str, kind: str, **more: object) -> Question:
    words = {"ask": "Is it?", "why": "So.", "example": "Yes.", "section": "need"}
    return Question.model_validate({"id": name, "type": kind, **words, **more})


QUESTIONS = {
    item.id: item
    for item in (
        question("labelled_examples", "number", maximum=1000),
        question("n_labels", "number", maximum=1000),
        question("retrieval_tried", "yes_no"),
        question("facts_change_often", "choice", options=("daily", "weekly", "never")),
    )
}
COMPILER = Compiler(QUESTIONS)


def clause(text: str) -> Clause:
    return COMPILER.compile(text)


@pytest.mark.parametrize(
    ("text", "answers", "holds"),
    [
        ("retrieval_tried", {"retrieval_tried": True}, True),
        ("not retrieval_tried", {"retrieval_tried": True}, False),
        ("retrieval_tried == false", {"retrieval_tried": False}, True),
        ("labelled_examples >= 200", {"labelled_examples": 200}, True),
        ("labelled_examples >= 200", {"labelled_examples": 199.5}, False),
        ("200 <= labelled_examples", {"labelled_examples": 200}, True),
        ("labelled_examples in [1, 2]", {"labelled_examples": 2}, True),
        ("facts_change_often == 'daily'", {"facts_change_often": "never"}, False),
        ("facts_change_often not in ['daily']", {"facts_change_often": "never"}, True),
        ("n_labels > labelled_examples", {"n_labels": 3, "labelled_examples": 2}, True),
        ("labelled_examples / n_labels >= 20", {"n_labels": 3, "labelled_examples": 60}, True),
    ],
)
def test_a_condition_holds_or_not_once_answered(
    text: str, answers: dict[str, object], holds: bool
) -> None:
    assert clause(text).holds(answers) is holds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answers", [{}, {"labelled_examples": None}, {"labelled_examples": "many"}]
)
def test_a_condition_is_unknown_without_an_answer_it_can_use(answers: dict[str, object]) -> None:
    assert clause("labelled_examples >= 200").holds(answers) is None  # type: ignore[arg-type]


def test_yes_is_not_a_number_and_a_number_is_not_yes() -> None:
    assert clause("labelled_examples >= 0").holds({"labelled_examples": True}) is None
    assert clause("retrieval_tried").holds({"retrieval_tried": 1}) is None


def test_a_sum_that_fails_is_unknown() -> None:
    ratio = clause("labelled_examples / n_labels >= 20")
    assert ratio.holds({"labelled_examples": 5, "n_labels": 0}) is None
    assert ratio.holds({"labelled_examples": float("nan"), "n_labels": 1}) is not True


def test_a_condition_says_which_questions_it_needs() -> None:
    found = clause("n_labels > labelled_examples")
    assert found.needs == {"n_labels", "labelled_examples"}
    assert found.text == "n_labels > labelled_examples"


@pytest.mark.parametrize(
    ("text", "what", "mend"),
    [
        ("labeled_examples > 3", "no question 'labeled_examples'", "'labelled_examples'"),
        ("facts_change_often == daily", "no question 'daily'", "quotes round an answer: 'daily'"),
        ("facts_change_often == 'dayly'", "'dayly' is not an answer", "'daily'"),
        ("facts_change_often in ['daily', 'x']", "'x' is not an answer", "daily, weekly, never"),
        ("not (facts_change_often == 'x')", "'x' is not an answer", "one of"),
        ("facts_change_often == 3", "3 is not an answer", "one of"),
        ("facts_change_often < 'weekly'", "order they do not have", "=="),
        ("retrieval_tried > false", "order they do not have", "=="),
        ("retrieval_tried == 1", "1 is not an answer", "yes or no"),
        ("labelled_examples > 5000", "5000 is not an answer", "from 0 to 1,000"),
        ("labelled_examples >= -1", "-1 is not an answer", "from 0 to 1,000"),
        ("labelled_examples == 1e400", "inf is not an answer", "from 0 to 1,000"),
        ("labelled_examples", "not a yes-or-no condition", "labelled_examples >= 200"),
        ("$now > d'2020-01-01'", "not a question", "same answers"),
        ("$re_groups[0] == 'x'", "not a question", "same answers"),
        ("retrieval_tried and retrieval_tried", "joins two conditions", "in [...]"),
        (
            "not (retrieval_tried or retrieval_tried)",
            "joins two conditions",
            "one condition a line",
        ),
        ("retrieval_tried && retrieval_tried", "cannot be read", "one condition a line"),
        ("facts_change_often = 'daily'", "cannot be read", "=="),
        ("!retrieval_tried", "cannot be read", "not"),
        ("retrieval_tried == null", "compares with null", "waits"),
        ("true", "asks about no question", "questions.yaml"),
        ("1 < 2", "asks about no question", "questions.yaml"),
        ("retrieval_tried ? retrieval_tried : retrieval_tried", "more than a comparison", "value"),
        ("facts_change_often =~ 'd.*'", "more than a comparison", "value"),
        ("facts_change_often.length > 2", "more than a comparison", "value"),
        ("'daily' in facts_change_often", "wrong way round", "question in"),
        ("facts_change_often == retrieval_tried", "different kinds", "like with like"),
        ("labelled_examples ** 9 > 2", "power", "plain value"),
        ("labelled_examples\n> 2", "one short line", "one condition a line"),
        ("not " * 100 + "retrieval_tried", "one short line", "one condition a line"),
        ("", "one short line", "one condition a line"),
    ],
)
def test_a_bad_condition_is_refused_with_how_to_mend_it(text: str, what: str, mend: str) -> None:
    with pytest.raises(RuleError) as caught:
        clause(text)
    assert what in caught.value.problems[0].what
    assert mend in caught.value.problems[0].mend


def test_every_impossible_answer_of_a_condition_is_named() -> None:
    with pytest.raises(RuleError) as caught:
        clause("facts_change_often in ['x', 'daily', 'y']")
    assert len(caught.value.problems) == 2


numbers = st.one_of(
    st.integers(0, 1000), st.floats(0, 1000, allow_subnormal=False).map(lambda x: round(x, 6))
)
options = st.sampled_from(["daily", "weekly", "never"])
number_text = numbers.map(lambda value: f"{value:.6f}" if isinstance(value, float) else str(value))
order = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
conditions = st.one_of(
    st.builds("labelled_examples {} {}".format, order, number_text),
    st.builds("{} {} labelled_examples".format, number_text, order),
    st.builds(lambda xs: f"labelled_examples in [{', '.join(xs)}]", st.lists(number_text)),
    st.builds("facts_change_often {} '{}'".format, st.sampled_from(["==", "!="]), options),
    st.builds(lambda xs: f"facts_change_often in {xs}", st.lists(options)),
    st.builds(lambda xs: f"facts_change_often not in {xs}", st.lists(options)),
    st.sampled_from(["retrieval_tried", "retrieval_tried == true", "retrieval_tried != true"]),
)
negated = st.builds(
    lambda text, twice: f"not ({text})" if twice else text, conditions, st.booleans()
)
answer_sets = st.fixed_dictionaries(
    {},
    optional={
        "labelled_examples": st.one_of(numbers, st.none()),
        "facts_change_often": st.one_of(options, st.none()),
        "retrieval_tried": st.one_of(st.booleans(), st.none()),
    },
)


@given(negated, answer_sets)
def test_the_fast_answer_is_the_one_rule_engine_gives(
    text: str, answers: dict[str, object]
) -> None:
    found = clause(text)
    assert found.holds is not found.engine
    assert found.holds(answers) is found.engine(answers)  # type: ignore[arg-type]


pieces = st.sampled_from([
    *QUESTIONS,
    "'daily'",
    "200",
    "not",
    "and",
    "in",
    "==",
    "<",
    "(",
    ")",
    "[",
    "]",
    "$now",
    "/",
    "0",
])
arbitrary = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=8).map(" ".join))


@given(arbitrary, answer_sets)
def test_any_text_is_a_condition_or_a_rule_error(text: str, answers: dict[str, object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's own words about odd escapes
        try:
            found = clause(text)
        except RuleError:
            return
    assert found.holds(answers) in {True, False, None}  # type: ignore[arg-type]
    assert found.needs
