from __future__ import annotations

import re

import pytest
from screens import HOSTILE, field, made, press, stored, texts, window
from streamlit.testing.v1 import AppTest

from advisor.models.encoder import load_encoder
from advisor.triage.grouping.groups import AlikeGroup, group
from advisor.ui.assessing import tools
from advisor.vocabulary import Mode

pytestmark = pytest.mark.usefixtures("home")
JSON = ("Not valid JSON, our parser fails", "It wraps the JSON in prose", "JSON with a code fence")
MADE_UP = ("It invented a link", "The cited paper was made up", "Hallucinated source")
FAILURES = [{"id": f"f{i}", "note": note} for i, note in enumerate([*JSON * 3, *MADE_UP * 2])]


def largest(id: str) -> AlikeGroup:
    draft = stored(id).draft
    readings = tools().classifier.read(draft.failures, draft.corrections)
    return group(draft.failures, readings, load_encoder()).groups[0]


def choose(app: AppTest, one: AlikeGroup) -> AppTest:
    field(app, "Show the failures of a group").set_value(one.id).run()
    assert not app.exception
    return app


def test_without_failures_it_says_how_to_get_them() -> None:
    assert "No failures yet" in texts(window("groups", made()))


def test_one_failure_needs_no_map() -> None:
    app = window("groups", made(failures=FAILURES[:1]))
    assert "One failure so far" in texts(app)
    assert not app.get("arrow_vega_lite_chart")


def test_the_answer_comes_first() -> None:
    id = made(failures=FAILURES)
    app, one = window("groups", id), largest(id)
    assert re.fullmatch(r"Your 15 failures fall into \d+ groups", app.header[0].value)
    said = texts(app)
    assert one.name in said.replace("\\", "")
    assert f"{len(one.ids)} of 15" in said
    assert "Best met by retrieval" in said


def test_a_group_is_shown_without_a_mouse() -> None:
    id = made(failures=FAILURES)
    app = choose(window("groups", id), one := largest(id))
    said = texts(app)
    assert f"{len(one.ids)} failures picked" in said
    assert all(f"**{name}**" in said for name in one.ids[:10])


def test_a_whole_group_is_corrected_at_once_and_taken_back() -> None:
    id = made(failures=FAILURES)
    app, one = window("groups", id), largest(id)
    field(app, f"All {len(one.ids)} of these are").set_value(Mode.PROCEDURE).run()
    press(app, "Say so")
    assert stored(id).draft.corrections == dict.fromkeys(one.ids, Mode.PROCEDURE)
    assert f"{len(one.ids)} failures are now steps not followed" in texts(app)
    press(app, "Undo")
    assert stored(id).draft.corrections == {}


def test_nothing_a_user_typed_is_interpreted() -> None:
    failures = [{"id": f"{HOSTILE}{i}", "note": f"{HOSTILE} invented link"} for i in range(4)]
    id = made(failures=failures)
    app = choose(window("groups", id), largest(id))
    assert "picked" in texts(app)
    for item in app.markdown:
        assert "<script>" not in item.value.replace("\\<", "")
        assert "**bold**" not in item.value
