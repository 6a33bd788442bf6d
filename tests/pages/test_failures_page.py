from __future__ import annotations

import pytest
from screens import HOSTILE, button, field, made, press, stored, texts, window
from streamlit.testing.v1 import AppTest

from advisor.proposal import Draft, Failure
from advisor.store import open_store
from advisor.ui.assessing import tools
from advisor.vocabulary import Mode

pytestmark = pytest.mark.usefixtures("home")
CSV = b"question,answer,correct,comment\nQ1,A1,C1,outdated\nQ2,A2,C2,made up\n"
TWO = [{"id": "a", "note": "It invents links"}, {"id": "b", "note": "Far too stiff"}]


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, data, "application/octet-stream")).run()
    assert not app.exception
    return app


def ids(id: str) -> list[str | None]:
    return [failure.id for failure in stored(id).draft.failures]


def test_pasted_complaints_are_added_once_and_the_field_is_cleared() -> None:
    id = made()
    app = window("failures", id)
    field(app, "Paste").set_value("It invents links\nFar too stiff").run()
    press(app, "Add 2 failures")
    assert [one.note for one in stored(id).draft.failures] == ["It invents links", "Far too stiff"]
    assert field(app, "Paste").value == ""
    assert "2 failures added." in texts(app)


def test_a_click_that_arrives_twice_adds_once() -> None:
    from advisor.intake.failure_edits import FailureEdits

    id = made()
    edits = FailureEdits(open_store(), id, "local")
    new = (Failure(note="once"),)
    assert edits.add(new, "k") == edits.add(new, "k")
    assert len(ids(id)) == 1


def test_two_windows_that_add_failures_add_up() -> None:
    id = made()
    one, two = window("failures", id), window("failures", id)
    for app, text in ((one, "from one"), (two, "from two")):
        field(app, "Paste").set_value(text).run()
        press(app, "Add 1 failure")
    assert [failure.note for failure in stored(id).draft.failures] == ["from one", "from two"]


def test_a_file_is_read_and_its_columns_can_be_chosen() -> None:
    id = made()
    app = upload(window("failures", id), "a.csv", CSV)
    if not app.warning:
        field(app, "Choose the columns").set_value(True).run()
    field(app, "Your comment").set_value("correct").run()
    field(app, "What was wanted").set_value("comment").run()
    press(app, "Add 2 failures")
    first = stored(id).draft.failures[0]
    assert (first.note, first.expected) == ("C1", "outdated")


def test_unclear_columns_are_proposed_and_must_be_checked() -> None:
    app = upload(window("failures", made()), "a.csv", b"x,y\nsome text here,other text\n")
    assert "Check which column is which." in texts(app)
    assert len(app.dataframe) >= 1


def test_a_mapping_that_says_nothing_is_one_message() -> None:
    app = upload(window("failures", made()), "a.csv", b"x,y\nsome text here,other text\n")
    for label in ("What the model answered", "What was wanted", "Your comment"):
        field(app, label).set_value(None)
    field(app, "What was asked").set_value("x").run()
    assert not app.exception
    assert len(app.error) <= 1


def test_rows_that_cannot_be_read_are_listed_and_the_rest_is_kept() -> None:
    id = made()
    data = b'{"note": "fine"}\n{broken\n{"note": "also fine"}\n'
    app = upload(window("failures", id), "a.jsonl", data)
    listed = next(item.value for item in app.dataframe if "Why" in item.value.columns)
    assert list(listed["Line"]) == [2]
    assert app.get("download_button")
    press(app, "Add 2 failures")
    assert len(ids(id)) == 2


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"not a sheet", "a.xlsx"),
        ("a.json", b'{"note": ', "a.json"),
        ("a.csv", b"x" * 20_000_001, "20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_message(name: str, data: bytes, says: str) -> None:
    app = upload(window("failures", made()), name, data)
    assert len(app.error) == 1
    assert says in app.error[0].value.replace("\\", "")


def test_failures_are_typed_into_a_table() -> None:
    id = made()
    app = window("failures", id)
    app.session_state[f"typed-{app.session_state['adding']}"] = {
        "edited_rows": {0: {"note": "wrong tone"}},
        "added_rows": [{"output": "Hi", "expected": "Dear Sir"}],
        "deleted_rows": [],
    }
    app.run()
    press(app, "Add these")
    assert [one.note or one.expected for one in stored(id).draft.failures] == [
        "wrong tone",
        "Dear Sir",
    ]


def test_an_empty_table_is_said() -> None:
    app = press(window("failures", made()), "Add these")
    assert "is empty" in app.error[0].value


def test_one_failure_is_changed_and_the_others_stay() -> None:
    id = made(failures=TWO)
    app = press(window("failures", id), "Change")
    field(app, "Your comment").set_value("It invents links and dates")
    press(app, "Save")
    notes = [failure.note for failure in stored(id).draft.failures]
    assert notes == ["It invents links and dates", "Far too stiff"]
    assert not [item for item in app.button if item.label == "Cancel"]


def test_emptying_a_failure_is_refused() -> None:
    id = made(failures=TWO)
    app = press(window("failures", id), "Change")
    field(app, "Your comment").set_value("")
    press(app, "Save")
    assert "is empty" in app.error[0].value
    assert stored(id).version == 1


def test_a_failure_changed_elsewhere_is_not_overwritten() -> None:
    id = made(failures=TWO)
    app = press(window("failures", id), "Change")
    open_store().edit(id, {"failures": [{"id": "a", "note": "theirs"}]}, "other", "k2")
    field(app, "Your comment").set_value("mine")
    button(app, "Save").click().run()
    assert [failure.note for failure in stored(id).draft.failures] == ["theirs"]


def test_one_failure_is_removed_and_put_back_in_its_place_with_its_correction() -> None:
    id = made(failures=TWO, corrections={"a": "style"})
    app = press(window("failures", id), "Remove")
    assert ids(id) == ["b"]
    assert stored(id).draft.corrections == {}
    press(app, "Undo")
    assert ids(id) == ["a", "b"]
    assert stored(id).draft.corrections == {"a": Mode.STYLE}


def test_removing_all_is_undone_and_what_was_added_since_stays() -> None:
    id = made(failures=TWO)
    app = press(window("failures", id), "Remove all failures")
    assert ids(id) == []
    field(app, "Paste").set_value("a new one").run()
    press(app, "Add 1 failure")
    press(app, "Undo")
    assert ids(id) == ["a", "b", "f1"]


def test_a_correction_wins_and_can_be_taken_back() -> None:
    id = made(failures=TWO)
    app = window("failures", id)
    field(app, "What failure a is").set_value(Mode.LABEL).run()
    assert stored(id).draft.corrections == {"a": Mode.LABEL}
    assert "because you said so" in texts(app)
    field(app, "What failure a is").set_value("as the advisor reads it").run()
    assert stored(id).draft.corrections == {}
    assert "because you said so" not in texts(app)


def test_hostile_failures_are_plain_text() -> None:
    id = made(failures=[{"id": HOSTILE, "note": f"    {HOSTILE}\n# head", "output": "=1+1"}])
    app = window("failures", id)
    shown = next(item.value for item in app.markdown if "head" in item.value)
    assert "\\<script\\>" in shown
    assert "<script>" not in shown
    assert "\\# head" in shown
    field(app, "What failure").set_value(Mode.STYLE).run()
    assert stored(id).draft.corrections == {HOSTILE: Mode.STYLE}
    press(app, "Remove")
    assert ids(id) == []


@pytest.mark.slow
def test_fifty_thousand_failures_are_shown_in_pages_and_only_these_are_read() -> None:
    many = tuple(Failure(id=f"x{n}", note=f"complaint number {n}") for n in range(50_000))
    id = made(Draft(title="Many", description="d", failures=many))
    app = window("failures", id)
    assert "1 to 10 of 50,000" in texts(app)
    left = next(iter(tools().classifier.progress(many)))  # type: ignore[attr-defined]
    assert left >= 49_990
    field(app, "Search").set_value("number 49999").run()
    assert "Failure x49999" in texts(app)


@pytest.mark.slow
def test_more_than_the_limit_together_is_one_message() -> None:
    many = tuple(Failure(id=f"x{n}", note=f"n{n}") for n in range(50_000))
    id = made(Draft(title="Many", description="d", failures=many))
    app = window("failures", id)
    field(app, "Paste").set_value("one more").run()
    press(app, "Add 1 failure")
    assert "50,001" in app.error[0].value.replace("\\", "")
    assert stored(id).version == 1


def test_of_a_long_text_the_beginning_is_shown_and_all_of_it_on_demand() -> None:
    ending = "The very end."
    output = "It is nine euros. " * 11_000 + ending
    app = window("failures", made(failures=[{"id": "a", "output": output}]))
    assert f"(the first 600 of {len(output):,} characters)" in plainly(app)
    assert ending not in texts(app)
    assert len(texts(app)) < 5_000
    field(app, "Show all of it").set_value(True).run()
    assert ending in texts(app)
    assert "reads the beginning and the end of a text of more than 6,000 characters" in plainly(app)


def test_a_text_that_a_browser_would_choke_on_is_cut_and_says_so() -> None:
    app = window("failures", made(failures=[{"id": "a", "output": "x" * 900_000}]))
    field(app, "Show all of it").set_value(True).run()
    assert "(the first 200,000 of 900,000 characters)" in plainly(app)
    assert max(len(item.value) for item in app.text) == 200_000


def plainly(app: AppTest) -> str:
    """Return what a screen says, without the marks that keep it from being Markdown."""
    return texts(app).replace("\\", "")
