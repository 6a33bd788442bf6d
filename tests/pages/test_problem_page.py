from __future__ import annotations

import pytest
from screens import HOSTILE, field, made, press, stored, texts, window

from advisor.store import open_store

pytestmark = pytest.mark.usefixtures("home")


def test_every_change_is_saved_and_shown_in_a_new_window() -> None:
    id = made()
    app = window("problem", id)
    field(app, "What is it about").set_value("Better title").run()
    field(app, "Which model").set_value("small one").run()
    field(app, "What does the prompt").set_value("Answer.\n  Be kind.").run()
    field(app, "What was asked for").set_value("retrieval").run()
    draft = stored(id).draft
    assert (draft.title, draft.current.model, draft.requested) == (
        "Better title",
        "small one",
        "retrieval",
    )
    again = window("problem", id)
    assert field(again, "What does the prompt").value == "Answer.\n  Be kind."
    assert "version 5" in texts(again)


def test_two_windows_on_different_fields_lose_nothing() -> None:
    id = made()
    one, two = window("problem", id), window("problem", id)
    field(one, "What is it about").set_value("From one").run()
    field(two, "Which model").set_value("From two").run()
    draft = stored(id).draft
    assert (draft.title, draft.current.model) == ("From one", "From two")
    assert field(two, "What is it about").value == "From one"


def conflict() -> tuple[str, object]:
    id = made()
    app = window("problem", id)
    open_store().edit(id, {"title": "Theirs"}, "other", "k2")
    field(app, "What is it about").set_value("Mine").run()
    return id, app


def test_a_stale_window_asks_before_it_overwrites() -> None:
    id, app = conflict()
    assert stored(id).draft.title == "Theirs"
    assert "Something else was saved here meanwhile" in texts(app)
    assert "Theirs" in texts(app)
    assert field(app, "What is it about").value == "Mine"


def test_a_person_may_keep_their_own() -> None:
    id, app = conflict()
    press(app, "Keep what I have")
    assert stored(id).draft.title == "Mine"
    assert not app.warning


def test_a_person_may_take_what_is_saved() -> None:
    id, app = conflict()
    press(app, "Take what is saved")
    assert stored(id).draft.title == "Theirs"
    assert field(app, "What is it about").value == "Theirs"
    field(app, "What is it about").set_value("Third").run()
    assert stored(id).draft.title == "Third"


def test_a_text_that_is_too_long_is_said_beside_it_and_kept() -> None:
    id = made()
    app = window("problem", id)
    field(app, "What should the model do").set_value("y" * 20_001).run()
    assert len(app.error) == 1
    assert "20,000" in app.error[0].value
    assert field(app, "What should the model do").value == "y" * 20_001
    assert stored(id).draft.description == "It fails."
    field(app, "What should the model do").set_value("short").run()
    assert not app.error
    assert stored(id).draft.description == "short"


def test_a_field_may_be_emptied() -> None:
    id = made(current={"model": "m"}, requested="retrieval")
    app = window("problem", id)
    field(app, "Which model").set_value("").run()
    field(app, "What was asked for").set_value("").run()
    draft = stored(id).draft
    assert (draft.current.model, draft.requested) == (None, None)
    assert not app.warning


def test_the_same_value_again_is_no_new_version() -> None:
    id = made()
    app = window("problem", id)
    field(app, "What is it about").set_value("A problem").run()
    assert stored(id).version == 1


def test_without_a_proposal_the_way_back_is_shown() -> None:
    assert "Choose a proposal first." in texts(window("problem"))
    assert "no such proposal" in texts(window("problem", "../../etc/passwd"))


def test_hostile_texts_are_plain_text() -> None:
    id = made(title=HOSTILE, description=HOSTILE)
    app = window("problem", id)
    assert "\\<script\\>" in app.title[0].value
    assert field(app, "What should the model do").value == HOSTILE
