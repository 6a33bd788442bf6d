from __future__ import annotations

import pytest
from screens import HOSTILE, button, field, made, press, stored, texts, window
from streamlit.testing.v1 import AppTest

from advisor.rules import load
from advisor.samples import samples
from advisor.store import open_store
from advisor.triage.recommend import suggestions, triage
from advisor.ui.assessing import tools

pytestmark = pytest.mark.usefixtures("home")
WORDS = "We have 500 labelled examples. It must sort messages into 64 labels."


def view(app: AppTest, name: str) -> AppTest:
    control = next(item for item in app.button_group if item.label.startswith("How do you"))
    control.set_value(name).run()
    assert not app.exception
    return app


def asking(app: AppTest) -> str:
    """The id of the question that is asked."""
    shown = {item.value for item in app.header}
    return next(item.id for item in load().questions.values() if item.ask in shown)


def answers(id: str) -> dict[str, object]:
    return dict(stored(id).draft.answers)


def test_the_most_telling_question_comes_first_with_why_and_an_example() -> None:
    id = made()
    app = window("questions", id)
    first = triage(stored(id).draft, tools()).next_questions[0].id
    assert asking(app) == first
    assert "Why it is asked:" in texts(app)
    assert "Example:" in texts(app)


def test_an_answer_is_saved_and_the_next_question_comes() -> None:
    id = made()
    app = window("questions", id)
    first = asking(app)
    app = press(app, "No")
    assert answers(id) == {first: False}
    assert asking(app) != first
    assert "1 of 32 answered" in app.get("progress")[0].proto.text


def test_not_knowing_is_an_answer() -> None:
    id = made()
    app = window("questions", id)
    first = asking(app)
    press(app, "I don't know")
    assert answers(id) == {first: None}


def test_going_back_shows_what_was_answered_and_lets_it_be_changed() -> None:
    id = made()
    app = window("questions", id)
    first = asking(app)
    press(app, "No")
    press(app, "Back")
    assert asking(app) == first
    assert button(app, "✓ No (your answer)")
    assert answers(id) == {first: False}
    press(app, "Yes")
    assert answers(id) == {first: True}
    assert asking(app) != first
    press(app, "Back")
    press(app, "Go on")
    assert asking(app) != first


def test_going_back_works_in_a_new_window_too() -> None:
    id = made(answers={"style_or_tone": True})
    app = press(window("questions", id), "Back")
    assert asking(app) == "style_or_tone"
    assert not [item for item in app.button if item.label == "Back"]


def test_zero_is_a_number_and_nothing_is_not() -> None:
    id = made(answers={"labelled_examples": 5})
    app = press(window("questions", id), "Back")
    number = field(app, "A number of")
    assert number.value == 5
    number.set_value(0)
    press(app, "Answer")
    assert answers(id)["labelled_examples"] == 0
    assert answers(id)["labelled_examples"] is not False


def test_a_number_may_be_unknown() -> None:
    id = made(answers={"labelled_examples": 0})
    app = press(window("questions", id), "Back")
    press(app, "I don't know")
    assert answers(id) == {"labelled_examples": None}


def test_an_empty_number_is_said() -> None:
    id = made(answers={"labelled_examples": None})
    app = press(window("questions", id), "Back")
    press(app, "Answer")
    assert "Type a number" in app.error[0].value
    assert answers(id) == {"labelled_examples": None}


def test_the_leaning_updates_at_once() -> None:
    id = made()
    app = view(window("questions", id), "all")
    before = texts(app)
    ask = load().questions["needs_private_or_new_facts"].ask
    next(item for item in app.radio if item.label == ask).set_value("Yes").run()
    after = texts(app)
    expected = triage(stored(id).draft, tools())
    assert before != after
    assert f"ahead in {expected.ranking[0].wins * 100:.0f} % of trials" in after


def test_when_nothing_can_change_the_result_asking_stops() -> None:
    known = {item.id: None for item in load().questions.values()}
    app = window("questions", made(answers=known))
    assert "You can stop here" in texts(app)
    assert "Go to the recommendation" in str([item.proto.label for item in app.get("page_link")])


def test_all_at_once_shows_every_question_by_section_and_marks_the_answered() -> None:
    id = made(answers={"style_or_tone": True, "labelled_examples": 0})
    app = view(window("questions", id), "all")
    shown = texts(app)
    assert shown.count("✓ Answered") == 2
    assert shown.count("○ Not answered yet") == 30
    assert "How it should behave (1 of 9 answered)" in shown
    assert len(app.radio) + len(app.number_input) == 32


def test_all_at_once_keeps_numbers_choices_and_not_knowing() -> None:
    id = made()
    app = view(window("questions", id), "all")
    book = load().questions
    app.number_input[1].set_value(0).run()
    assert answers(id)["labelled_examples"] == 0
    choice = next(item for item in app.radio if item.label == book["prompting_tried"].ask)
    choice.set_value(book["prompting_tried"].labels["none"]).run()
    assert answers(id)["prompting_tried"] == "none"
    choice = next(item for item in app.radio if item.label == book["regulated"].ask)
    choice.set_value("I don't know").run()
    assert answers(id)["regulated"] is None
    press(app, "I don't know")
    assert answers(id)["n_labels"] is None


@pytest.mark.parametrize(
    ("name", "value"), [("n_labels", 0), ("prompting_tried", "gone"), ("regulated", "x")]
)
def test_an_answer_that_is_not_possible_any_more_is_said_and_can_be_given_anew(
    name: str, value: object
) -> None:
    id = made(answers={name: value})
    app = view(window("questions", id), "all")
    assert "is no possible answer" in texts(app)
    assert not app.exception
    press(window("questions", id), "Back")


def test_two_windows_on_different_questions_lose_nothing() -> None:
    id = made()
    one = view(window("questions", id), "all")
    two = view(window("questions", id), "all")
    one.radio[0].set_value("Yes").run()
    two.radio[2].set_value("No").run()
    assert set(answers(id).values()) == {True, False}
    assert two.radio[0].value == "Yes"


def test_a_stale_window_asks_before_it_overwrites_an_answer() -> None:
    id = made()
    app = view(window("questions", id), "all")
    open_store().edit(id, {"answers.needs_private_or_new_facts": True}, "other", "k")
    app.radio[0].set_value("No").run()
    assert answers(id) == {"needs_private_or_new_facts": True}
    assert "Something else was saved here meanwhile" in texts(app)
    press(app, "Keep what I have")
    assert answers(id) == {"needs_private_or_new_facts": False}


def test_suggestions_come_first_and_none_counts_as_answered() -> None:
    id = made(description=WORDS)
    app = window("questions", id)
    read = suggestions(stored(id).draft, tools())
    assert read
    shown = texts(app)
    assert f"{len(read)} answer" in shown
    assert all(item.sentence in shown for item in read)
    assert "% sure)" in shown
    assert answers(id) == {}
    assert "0 of 32 answered" in app.get("progress")[0].proto.text


def test_a_suggestion_is_confirmed() -> None:
    id = made(description=WORDS)
    app = window("questions", id)
    first = suggestions(stored(id).draft, tools())[0]
    press(app, "That is right")
    assert answers(id) == {first.question: first.answer}


def test_a_suggestion_is_set_aside_and_its_question_stays_open() -> None:
    id = made(description=WORDS)
    app = window("questions", id)
    first = suggestions(stored(id).draft, tools())[0]
    press(app, "Set aside")
    assert stored(id).draft.dismissed == (first.question,)
    assert answers(id) == {}


def test_a_suggestion_is_changed() -> None:
    id = made(description="We have 500 labelled examples.")
    app = window("questions", id)
    app.button(key="change/labelled_examples").click().run()
    field(app, "A number of").set_value(700)
    press(app, "Answer")
    assert answers(id) == {"labelled_examples": 700}


def test_unconfirmed_suggestions_are_marked_in_the_leaning() -> None:
    id = made(description="We have 11,000 labelled examples and 64 labels.")
    result = triage(stored(id).draft, tools())
    marked = any(given.suggested for item in result.evidence[:4] for given in item.given)
    assert ("Not confirmed: read from your words" in texts(window("questions", id))) == marked


def test_hostile_words_are_plain_text() -> None:
    id = made(title=HOSTILE, description=f"{HOSTILE} We have 500 labelled examples.")
    app = window("questions", id)
    assert all("<script>" not in item.value for item in [*app.title, *app.markdown, *app.info])


@pytest.mark.parametrize("name", sorted(samples()))
def test_every_example_can_be_asked_about(name: str) -> None:
    id = made(samples()[name])
    assert "The leaning so far" in texts(window("questions", id))
