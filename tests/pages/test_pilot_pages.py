"""The screens of pilots: the list, one that waits, one that is done, results brought along."""

import pytest
from results import FROZEN, RESULT
from screens import made, texts, window
from streamlit.testing.v1 import AppTest

from advisor.domain.pilot_state import Needs, Worker
from advisor.store import open_store

pytestmark = pytest.mark.usefixtures("home")
SCORES = b"case,prompt,fine_tuning\n" + b"".join(b"%d,%d,1\n" % (n, n % 3 == 0) for n in range(60))


def queued() -> str:
    return open_store().pilots.add(FROZEN, "local", "made", Needs(1.0))


def done() -> str:
    id, work = queued(), open_store().pilot_work
    worker = Worker("w1", "here", 1, "a machine", False, 8.0)
    work.enter(worker)
    claim = work.take(worker)
    assert claim is not None and claim.pilot == id
    work.finish(claim, "done", RESULT.model_copy(update={"pilot": id}))
    work.leave(worker)
    return id


def opened(id: str) -> AppTest:
    app = window("pilot")
    app.query_params["pilot"] = id
    app.run()
    assert not app.exception
    return app


def test_without_pilots_the_list_says_what_one_needs() -> None:
    shown = texts(window("pilots"))
    assert "No pilot yet" in shown and "60 examples" in shown


def test_the_list_shows_states_and_verdicts() -> None:
    done()
    shown = texts(window("pilots"))
    assert "Done" in shown and "Contradicted" in shown


def test_a_pilot_that_waits_can_be_paused_and_cancelled() -> None:
    id = queued()
    app = opened(id)
    assert "You may close this page" in texts(app)
    app.button(key="pause").click().run()
    assert open_store().pilots.info(id).state == "paused"
    app.run()
    app.button(key="resume").click().run()
    assert open_store().pilots.info(id).state == "queued"
    app.run()
    app.button(key="cancel").click().run()
    assert open_store().pilots.info(id).state == "cancelled"


def test_the_verdict_comes_first_then_what_to_do() -> None:
    app = opened(done())
    assert "Contradicted" in app.header[0].value
    assert "Build the classifier" in texts(app)
    assert [tab.label for tab in app.tabs][:4] == ["Scores", "Checks", "More examples", "Cost"]
    assert not app.error


def test_what_users_wrote_stays_text() -> None:
    app = opened(done())
    assert "<messages>" not in app.title[0].value.replace("\\<messages\\>", "")


def test_prices_are_set_on_the_screen_and_count_at_once() -> None:
    app = opened(done())
    before = texts(app)
    app.number_input(key="price-retraining_day").set_value(9_000.0).run()
    assert not app.exception
    assert {one.name: one.amount for one in open_store().prices.all()}["retraining_day"] == 9_000
    assert before is not None


def test_a_link_that_leads_nowhere_is_told() -> None:
    app = window("pilot")
    app.query_params["pilot"] = "nothing"
    app.run()
    assert "There is no such pilot" in texts(app)


def test_results_brought_along_get_the_same_verdict() -> None:
    app = window("compare")
    assert "One row a case" in texts(app)
    app.file_uploader(key="results").set_value([("scores.csv", SCORES, "text/csv")]).run()
    assert not app.exception
    app.selectbox(key="recommended").set_value("fine_tuning").run()
    assert "Confirmed" in app.header[0].value


def test_a_wrong_file_is_told_plainly() -> None:
    app = window("compare")
    bad = b"case,a\n1,blue\n"
    app.file_uploader(key="results").set_value([("scores.csv", bad, "text/csv")]).run()
    assert not app.exception and app.error


def brought(app: AppTest) -> AppTest:
    """Fill in the form of a new pilot: 60 examples, the plain classifier alone."""
    rows = [(n, ("refund", "delivery", "address")[n % 3]) for n in range(60)]
    words = {"refund": "money back", "delivery": "late parcel", "address": "wrong street"}
    table = "input,expected\n" + "".join(f"{words[x]} in case {n},{x}\n" for n, x in rows)
    app.text_input(key="title").set_value("Sorting")
    app.text_area(key="instruction").set_value("Say what it is about.")
    app.file_uploader(key="cases").set_value([("cases.csv", table.encode(), "text/csv")])
    app.multiselect(key="arms").set_value(["classifier"])
    return app.run()


@pytest.mark.slow
def test_a_new_pilot_shows_what_it_takes_before_it_starts() -> None:
    app = brought(window("pilot_new"))
    app.button(key="check").click().run()
    assert not app.exception and not app.error
    shown = texts(app)
    assert "It takes about" in shown
    assert "40 examples to learn from, 20 cases kept for the test" in shown
    assert not open_store().pilots.all()
    app.text_input(key="title").set_value("Another").run()
    assert not app.exception and not app.header
    assert "The form has changed" in app.info[0].value
    app.text_input(key="title").set_value("Sorting").run()
    assert app.header[0].value.startswith("It takes about")


def test_what_is_wrong_in_the_form_is_said_and_nothing_is_lost() -> None:
    app = brought(window("pilot_new"))
    app.text_area(key="instruction").set_value(" ")
    app.button(key="check").click().run()
    assert "instruction" in " ".join(one.value for one in app.error)
    assert app.text_input(key="title").value == "Sorting"


def test_the_form_begins_with_what_the_proposal_says() -> None:
    failures = [
        {"input": f"Where is parcel {n}?", "output": "?", "expected": "On its way to you."}
        for n in range(12)
    ]
    app = window("pilot_new", made(failures=failures, current={"prompt": "Be short."}))
    assert app.text_area(key="instruction").value == "Be short."
    assert app.radio(key="task").value == "question_answering"
    assert app.toggle(key="own").label.startswith("Use the 12 failures")
