from __future__ import annotations

import pytest
from screens import HOSTILE, button, field, made, only, press, texts, window
from streamlit.testing.v1 import AppTest

from advisor.intake.drafts import KINDS
from advisor.samples import samples
from advisor.store import open_store
from advisor.ui.screens import page

pytestmark = pytest.mark.usefixtures("home")


def total(archived: bool = False) -> int:
    return open_store().list_proposals(archived=archived).total


def test_the_empty_list_says_how_to_begin() -> None:
    assert "Nothing here yet. Start above." in texts(window("proposals"))


def test_own_words_become_one_proposal_and_open_it() -> None:
    app = window("proposals")
    field(app, "What is it about").set_value("Returns desk")
    field(app, "What should the model do").set_value("Answer questions.")
    field(app, "For whom").set_value("Customers")
    field(app, "What goes wrong").set_value("It quotes old rules.")
    field(app, "What was asked for").set_value("fine_tuning")
    button(app, "Start").click().run()
    assert not app.exception
    assert app.title[0].value == "Returns desk"
    draft = only().draft
    assert draft.requested == "fine_tuning"
    assert draft.description == (
        "Answer questions.\n\nFor whom: Customers\n\nWhat goes wrong: It quotes old rules."
    )


def test_what_is_missing_is_said_and_nothing_is_lost() -> None:
    app = window("proposals")
    field(app, "What should the model do").set_value("Answer questions.")
    button(app, "Start").click().run()
    said = [error.value for error in app.error]
    assert len(said) == 2
    assert "Write one line" in said[0]
    assert "what goes wrong" in said[1]
    assert field(app, "What should the model do").value == "Answer questions."
    assert total() == 0


@pytest.mark.parametrize("text", ["x" * 20_001, "NUL \x00"])
def test_a_text_that_cannot_be_kept_is_said_beside_its_field(text: str) -> None:
    app = window("proposals")
    field(app, "What is it about").set_value("Title")
    field(app, "What should the model do").set_value(text)
    field(app, "What goes wrong").set_value("It fails.")
    button(app, "Start").click().run()
    assert len(app.error) == 1
    assert "limit is 20,000" in app.error[0].value or "NUL" in app.error[0].value
    assert field(app, "What should the model do").value == text


def test_every_example_has_its_kind_and_opens() -> None:
    assert set(KINDS) == set(samples())
    app = window("proposals")
    shown = texts(app)
    assert all(kind.kind in shown for kind in KINDS.values())
    press(app, "Open: Documentation bot")
    assert only().draft.fingerprint == samples()["docs-search"].fingerprint


def later(app: AppTest) -> AppTest:
    """Come back to the first page when a double click is out of the question."""
    content, _, key, id = app.session_state["started"]
    app.session_state["started"] = (content, -100.0, key, id)
    return app.switch_page(page("proposals")).run()


def test_a_second_click_on_the_first_page_opens_what_the_first_one_made() -> None:
    app = press(window("proposals"), "Open: Documentation bot")
    app.switch_page(page("proposals")).run()
    assert app.title[0].value == "Documentation bot finds the wrong page"
    assert total() == 1


def test_the_same_example_may_be_opened_anew_later() -> None:
    app = press(window("proposals"), "Open: Documentation bot")
    press(later(app), "Open: Documentation bot")
    assert total() == 2


def test_the_form_is_empty_after_a_proposal_was_made_of_it() -> None:
    app = window("proposals")
    for label in ("What is it about", "What should the model do", "What goes wrong"):
        field(app, label).set_value("words")
    press(app, "Start")
    assert field(later(app), "What is it about").value == ""


def test_an_uploaded_document_fills_the_form() -> None:
    app = window("proposals")
    text = b"# Ticket routing\n\nWe must sort tickets into 64 codes. The model gets them wrong."
    app.file_uploader[0].set_value(("plan.md", text, "text/markdown")).run()
    press(app, "Read it")
    assert "64 codes" in only().draft.description
    assert only().draft.title


def test_a_pasted_document_fills_the_form() -> None:
    app = window("proposals")
    field(app, "Or paste").set_value("Ticket routing\nWe have 500 labelled examples.")
    press(app, "Read it")
    assert "500 labelled examples" in only().draft.description


@pytest.mark.parametrize(("name", "data"), [("a.pdf", b"no pdf"), ("a.docx", b"no zip")])
def test_a_broken_document_is_one_clear_message(name: str, data: bytes) -> None:
    app = window("proposals")
    app.file_uploader[0].set_value((name, data, "application/octet-stream")).run()
    press(app, "Read it")
    assert len(app.error) == 1
    assert total() == 0


def test_nothing_to_read_is_said() -> None:
    app = press(window("proposals"), "Read it")
    assert "Choose a file or paste some text" in app.error[0].value


def many(count: int) -> None:
    from advisor.proposal import Draft

    for place in range(count):
        open_store().create(Draft(title=f"Problem {place:02}"), "local", f"k{place}")


def links(app: object) -> list[str]:
    return [item.proto.label for item in app.get("page_link")]  # type: ignore[attr-defined]


def test_the_list_is_searched_ordered_and_shown_in_pages() -> None:
    many(25)
    app = window("proposals")
    assert len(links(app)) == 20
    assert "25 in all" in texts(app)
    field(app, "Order").set_value("title").run()
    assert links(app)[0] == "**Problem 00**"
    field(app, "Search titles").set_value("12").run()
    assert links(app) == ["**Problem 12**"]
    field(app, "Search titles").set_value("none such").run()
    assert "No title holds these words." in texts(app)


def test_archiving_can_be_undone_now_and_later() -> None:
    id = made(title="Old one")
    app = press(window("proposals"), "Archive")
    assert "“Old one” is archived" in texts(app)
    assert total() == 0
    press(app, "Undo")
    assert total() == 1
    press(app, "Archive")
    later = window("proposals")
    field(later, "Show archived").set_value(True).run()
    press(later, "Bring back")
    assert only().id == id


def test_the_list_says_what_was_recommended_how_surely_and_when() -> None:
    id = made()
    open_store().note_assessment(id, 1, "retrieval", 0.72, False, {"rules": "x"})
    app = window("proposals")
    assert "**Retrieval**" in texts(app)
    assert "Clearly: ahead in 72 % of trials" in texts(app)
    assert "UTC" in texts(app)
    open_store().edit(id, {"title": "Other"}, "local", "k2")
    assert "before later changes" in texts(window("proposals"))


def test_hostile_titles_are_plain_text() -> None:
    made(title=HOSTILE)
    (label,) = links(window("proposals"))
    assert "<script>" not in label
    assert "\\<script\\>" in label
    assert "\\*\\*bold\\*\\*" in label
