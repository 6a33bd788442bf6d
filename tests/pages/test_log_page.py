from __future__ import annotations

import pytest
from sample_log import HOSTILE, about, rows, summary, tally_of
from screens import button, only, press, texts, window
from streamlit.testing.v1 import AppTest

from advisor.core.markdown import plain
from advisor.logs.summary.build import without_groups
from advisor.logs.summary.summary_files import save_summary, saved_summaries, to_json
from advisor.store import open_store
from advisor.ui.screens import page

pytestmark = pytest.mark.usefixtures("home")


def shown(id: str) -> AppTest:
    """Open one summary as a link to it does."""
    app = window("logs")
    app.switch_page(page("log"))
    app.query_params["log"] = id
    app.run()
    assert not app.exception
    return app


def upload(content: bytes) -> AppTest:
    app = window("logs")
    app.file_uploader(key="log_upload").set_value([("summary.json", content, "application/json")])
    app.run()
    assert not app.exception
    return app


def test_without_a_log_the_screen_shows_the_command() -> None:
    app = window("logs")
    assert "No log yet" in texts(app)
    assert app.code[0].value == "advisor classify FILE --out results.jsonl"


def test_the_list_says_what_was_found_and_when() -> None:
    save_summary(summary())
    said = texts(window("logs"))
    assert "609 rows, classified 20 November 2026, 12:04 UTC" in said
    assert "No kind of failure leads clearly" in said
    assert "No log yet" not in said


def test_one_log_says_the_answer_first() -> None:
    app = shown(save_summary(summary()).stem)
    assert app.title[0].value == plain("support.jsonl")
    assert plain("outdated knowledge (29") in app.header[0].value
    said = texts(app)
    for words in (
        "What helps:",
        "How sure:",
        plain("changed most: from 19 %"),
        "4 rows could not be read",
    ):
        assert words in said


def test_one_log_shows_groups_examples_and_a_table() -> None:
    app = shown(save_summary(summary()).stem)
    labels = [item.label for item in app.expander]
    assert any(label.startswith(plain("Old prices (120): 20 % (")) for label in labels)
    assert "The same as a table" in labels
    assert any(label.startswith(plain("Broken format: 28 %")) for label in labels)
    table = app.dataframe[0].value
    assert list(table.columns)[:3] == ["Week", "Failures", "Broken format"]
    assert sum(table["Failures"]) == 600


def test_a_log_without_dates_or_groups_says_so() -> None:
    log = [row._replace(at=None) for row in rows(40)]
    app = shown(save_summary(without_groups(tally_of(log), about(40))).stem)
    said = texts(app)
    assert "no date" in said
    assert "too few failures to group" in said


def test_a_log_without_failures_is_no_error() -> None:
    app = shown(save_summary(without_groups(tally_of([]), about(0))).stem)
    assert "No failure could be read" in app.header[0].value
    assert not [item for item in app.button if item.label.startswith("Make a proposal")]


def test_a_kind_of_failure_can_be_chosen() -> None:
    app = shown(save_summary(summary()).stem)
    app.button_group[0].set_value("stale_knowledge").run()
    assert not app.exception
    app.button_group[0].set_value(None).run()
    assert not app.exception


def test_failures_of_a_log_become_one_proposal() -> None:
    id = save_summary(summary()).stem
    app = press(shown(id), "Make a proposal")
    assert "Failures in support" in app.title[0].value
    press(shown(id), "Make a proposal")
    draft = only().draft
    assert len(draft.failures) == 200
    assert open_store().list_proposals().total == 1


def test_a_summary_from_another_machine_opens() -> None:
    app = upload(to_json(summary()))
    assert app.title[0].value == plain("support.jsonl")
    assert [listed.id for listed in saved_summaries()] == [summary().id]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"about": {}}', b"\xff", b"[" * 100_000])
def test_what_is_no_summary_is_said(content: bytes) -> None:
    app = upload(content)
    assert app.error
    assert saved_summaries() == ()


def test_deleting_can_be_undone() -> None:
    save_summary(summary())
    app = press(window("logs"), "Delete")
    assert plain("“support.jsonl” is deleted") in texts(app)
    assert saved_summaries() == ()
    press(app, "Undo")
    assert len(saved_summaries()) == 1


@pytest.mark.parametrize("id", ["x", "../../advisor", "0" * 16])
def test_a_link_to_nothing_says_so(id: str) -> None:
    app = shown(id)
    assert "There is no such summary" in app.error[0].value


def test_without_a_log_in_the_link_the_list_opens() -> None:
    assert window("log").title[0].value == "Logs"


def test_many_logs_come_a_page_at_a_time() -> None:
    for number in range(23):
        save_summary(without_groups(tally_of(rows(2)), about(2, file=f"log-{number}.jsonl")))
    app = window("logs")
    assert "23 in all" in texts(app)
    assert len([item for item in app.button if item.label == "Delete"]) == 20


def test_hostile_words_stay_words() -> None:
    log = [
        row._replace(failure=row.failure.model_copy(update={"output": HOSTILE, "id": HOSTILE}))
        for row in rows(40)
    ]
    app = shown(save_summary(without_groups(tally_of(log), about(40, file=HOSTILE))).stem)
    said = texts(app)
    assert "<script>" not in said
    assert "**bold**" not in said
    assert "](http" not in said
    press(app, "Make a proposal")
    assert only().draft.failures[0].output == HOSTILE
    assert button(window("logs"), "Delete")


def test_the_back_button_leads_from_a_proposal_to_its_log() -> None:
    app = shown(save_summary(summary()).stem)
    del app.query_params["log"]
    app.run()
    assert app.title[0].value == plain("support.jsonl")
