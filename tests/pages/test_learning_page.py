from __future__ import annotations

import json

import pytest
from conventions import CONVENTION, SAME_LABEL_OTHER_SHAPE
from screens import HOSTILE, button, field, made, press, stored, texts, window
from streamlit.testing.v1 import AppTest

from advisor.proposal import Draft, Failure
from advisor.store import open_store
from advisor.ui.assessing import tools
from advisor.vocabulary import Mode

pytestmark = pytest.mark.usefixtures("home")


def corrected(count: int = 30) -> str:
    failures = SAME_LABEL_OTHER_SHAPE[:count]
    said = {failure.id or "": CONVENTION for failure in failures}
    return made(Draft(title="Tickets", description="d", failures=failures, corrections=said))


def disputed() -> str:
    id = corrected(2)
    open_store().edit(id, {"corrections.c0": Mode.STYLE}, "ben", "b")
    return id


def learned(count: int = 30) -> AppTest:
    corrected(count)
    return press(window("learning"), "Learn from")


def test_with_nothing_said_it_says_how_to_begin() -> None:
    app = window("learning")
    assert "by the classifier as it ships" in texts(app)
    assert "Nobody has corrected a failure yet" in texts(app)
    assert not [item for item in app.button if item.label.startswith("Learn")]


def test_too_few_say_how_many_are_missing() -> None:
    corrected(6)
    app = window("learning")
    assert "correct 4 more" in texts(app)
    assert button(app, "Learn from 6").disabled


@pytest.mark.slow
def test_learning_puts_a_version_to_use_and_shows_before_and_after() -> None:
    app = learned()
    assert "Version 1 reads failures" in texts(app)
    assert "Version 1 is learned and in use." in texts(app)
    assert ", by you, from " in texts(app)
    assert app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
    assert "learned on" in tools().classifier.version
    press(app, "Undo")
    assert "by the classifier as it ships" in texts(app)
    assert tools().classifier.version == "as shipped"
    press(app, "Use version 1")
    assert "Version 1 reads failures" in texts(app)
    press(app, "Use as shipped")
    assert open_store().learned.active() is None


def test_learning_again_from_the_same_says_that_nothing_is_new() -> None:
    app = press(learned(), "Learn from")
    assert "nothing new to learn" in texts(app)
    assert len(open_store().learned.all()) == 1


@pytest.mark.slow
def test_learning_is_the_thing_to_do_until_it_is_done_and_again_after_news() -> None:
    id = corrected()
    app = window("learning")
    assert button(app, "Learn from").proto.type == "primary"
    press(app, "Learn from")
    assert button(app, "Learn from").proto.type == "secondary"
    open_store().edit(id, {"corrections.c0": Mode.STYLE}, "local", "news")
    app.run()
    assert button(app, "Learn from").proto.type == "primary"


def test_without_sign_in_it_says_that_nobody_can_disagree() -> None:
    corrected(2)
    assert "Nobody signs in here, so all count as one person" in texts(window("learning"))


def test_what_follows_no_pattern_is_refused_with_the_reason() -> None:
    modes = [list(Mode)[place * 7 % 12] for place in range(30)]
    said = {one.id or "": mode for one, mode in zip(SAME_LABEL_OTHER_SHAPE, modes, strict=True)}
    made(Draft(title="T", failures=SAME_LABEL_OTHER_SHAPE, corrections=said))
    app = press(window("learning"), "Learn from 30")
    assert "Not learned; nothing was changed." in texts(app)
    assert "as it ships" in texts(app)
    assert open_store().learned.all() == ()


def test_disagreements_are_shown_and_settled() -> None:
    id = disputed()
    app = window("learning")
    assert "1 disagreement to settle" in texts(app)
    assert "You say steps not followed, ben says wrong style" in texts(app)
    press(app, "It is wrong style")
    assert "1 disagreement to settle" not in texts(app)
    assert "2 corrections to learn from" in texts(app)
    assert stored(id).draft.corrections["c0"] == Mode.STYLE


def test_a_third_person_settles_and_it_can_be_opened_again() -> None:
    id = corrected(2)
    for name, mode in (("anna", Mode.LABEL), ("ben", Mode.STYLE)):
        open_store().edit(id, {"corrections.c0": mode}, name, name)
    app = press(window("learning"), "It is wrong label")
    assert "Counts: wrong label" in texts(app)
    press(app, "Open it again")
    assert "1 disagreement to settle" in texts(app)


def test_a_version_of_another_classifier_is_said_and_not_used() -> None:
    learned()
    figures = json.loads(open_store().learned.all()[0].figures)
    open_store().learned.add(b"never read", figures, "00" * 32, "anna", "foreign")
    app = window("learning")
    assert "learned on another classifier" in texts(app)
    assert "as it ships" in texts(app)
    assert button(app, "Learn from")


def test_what_people_typed_is_shown_as_typed() -> None:
    failure = Failure(id="a", output=HOSTILE, note=f"# {HOSTILE}")
    id = made(Draft(title="T", failures=(failure,), corrections={"a": Mode.STYLE}))
    open_store().edit(id, {"corrections.a": Mode.LABEL}, "[x](http://evil.example)", "b")
    app = window("learning")
    shown = "\n".join(str(item.value) for item in app.markdown)
    assert "\\<script\\>" in shown
    assert "<script>" not in shown
    assert "](http" not in shown


def test_the_page_of_failures_says_whose_word_counts_and_leads_here() -> None:
    id = disputed()
    app = window("failures", id)
    assert "because ben said so" in texts(app)
    assert "because you said so" in texts(app)
    assert "You say steps not followed, ben says wrong style" in texts(app).replace("\\", "")
    assert field(app, "What failure c0").value == Mode.STYLE


def test_the_recommendation_names_the_version_that_read_the_failures() -> None:
    learned()
    id = made(failures=[{"note": "Too stiff"}])
    assert "version 1, learned on" in texts(window("recommendation", id)).replace("\\", "")
