"""The screen of the probe: what it needs, how far it is, what it found, a person's tick."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from endpoints import Reply, Service, said, service
from screens import HOSTILE, made, press, texts, window
from streamlit.testing.v1 import AppTest

from advisor.pilot.probing import probe_job

pytestmark = pytest.mark.usefixtures("home")
FAILURES = [
    {"id": "greet", "input": "Say hello", "output": "YO!!!", "expected": "Good morning to you.",
     "note": "be polite"},
    {"id": "odd", "input": HOSTILE, "output": "No.", "expected": "Please write to us again."},
]  # fmt: skip


def polite_when_told(body: dict[str, Any]) -> Reply:
    told = "be polite" in json.dumps(body["messages"])
    return said("Good morning to you." if told else f"YO!!! {HOSTILE}")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    probe_job._jobs.clear()
    with service(polite_when_told) as running:
        monkeypatch.setenv("ADVISOR_ENDPOINT_URL", running.url)
        monkeypatch.setenv("ADVISOR_ENDPOINT_MODEL", "their-model")
        yield running


def probed(app: AppTest, id: str) -> AppTest:
    """Probe and wait for the end."""
    press(app, "Probe 2 failures")
    running = probe_job.job_of(id)
    end = time.monotonic() + 60
    while running and running.running and time.monotonic() < end:
        time.sleep(0.1)
    app.run()
    assert not app.exception
    return app


def test_failures_without_a_wanted_answer_cannot_be_asked_again() -> None:
    shown = texts(window("probe", made(failures=[{"note": "bad"}])))
    assert "an input and a wanted answer" in shown


def test_it_says_who_is_asked_and_where_the_texts_go(there: Service) -> None:
    shown = texts(window("probe", made(failures=FAILURES)))
    assert "their\\-model" in shown and "127" in shown and "also judges answers" in shown
    assert not there.asked


def test_without_an_endpoint_a_small_model_stands_in() -> None:
    assert "stands in for yours" in texts(window("probe", made(failures=FAILURES)))


@pytest.mark.slow
def test_the_answer_comes_first_and_a_tick_changes_it(there: Service) -> None:
    id = made(failures=FAILURES)
    app = probed(window("probe", id), id)
    shown = texts(app)
    assert "<script>" not in shown.replace("\\<script\\>", "")
    assert "behaviour" in app.subheader[0].value
    assert any("Saying plainly what is wanted mends it" in one.label for one in app.expander)
    ticks = [one for one in app.checkbox if "Said plainly" in one.label]
    assert [one.value for one in ticks] == [True, False]
    ticks[1].check().run()
    assert not app.exception
    assert any("judged by a person" in one.label for one in app.checkbox)


@pytest.mark.slow
def test_what_failed_is_said_in_plain_words(there: Service) -> None:
    there.play = lambda body: Reply(b"{}", 401)
    id = made(failures=FAILURES)
    app = probed(window("probe", id), id)
    assert "does not accept the key" in " ".join(one.value for one in app.error).replace("\\", "")
