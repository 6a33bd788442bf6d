"""The recommendation screen in every state, without a browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from screens import HOSTILE, made, texts, window
from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from advisor.core.markdown import JOINER
from advisor.domain.assessment import Assessment
from advisor.failures.classifier import Classifier
from advisor.presentation import charts
from advisor.presentation.file_names import FORMATS, file_name
from advisor.presentation.flips import changes
from advisor.proposal import Draft, Failure
from advisor.samples import samples
from advisor.store import open_store
from advisor.triage.recommend import load_tools, triage

pytestmark = pytest.mark.usefixtures("home")
TABS = ["Remedies", "Reasons", "Doubts", "Failures", "Plan"]


def shown(name: str) -> tuple[AppTest, str, Assessment]:
    """Open an example on the screen; return it, what it says, and what triage says."""
    draft = Draft(**samples()[name].model_dump())
    app = window("recommendation", made(draft))
    return app, said(app), triage(draft, load_tools())


def said(app: AppTest) -> str:
    """Return everything a screen says, without the escapes."""
    labels = "\n".join(item.label for item in app.expander)
    return re.sub(r"\\(.)", r"\1", f"{texts(app)}\n{labels}").replace("\xa0", " ")


def test_the_answer_comes_first() -> None:
    app, words, result = shown("patient-letters")
    assert app.header[0].value == "Retrieval and fine\\-tuning"
    places = [
        words.index(part)
        for part in (result.headline, "How firm:", "What was asked for", "Do first:")
    ]
    assert places == sorted(places)
    assert "of 100 trials" in words
    assert [tab.label for tab in app.tabs] == TABS


def test_a_veto_says_with_what_it_would_be_allowed() -> None:
    _, words, result = shown("patient-letters")
    assert "Fine-tuning without retrieval is ruled out." in words
    for veto in result.vetoes:
        assert veto.because in words
        assert veto.instead in words
        assert veto.source.title in words


def test_none_of_these_reads_as_an_answer() -> None:
    app, words, _ = shown("fleet-costs")
    assert app.header[0].value == "A tool that does the calculation"
    assert "None of the three" in words
    assert "Fine-tuning without a tool that does the calculation is ruled out" in words


def test_an_empty_proposal_gets_a_guess_and_what_would_settle_it() -> None:
    app = window("recommendation", made(Draft(title="Nothing known")))
    words = said(app)
    assert app.header[0].value.startswith("Best guess: ")
    assert "Not settled yet." in words
    assert "Answer this: " in words
    assert "No failures yet." in words
    assert "No reasons yet." in words


@pytest.mark.parametrize("name", ["patient-letters", "better-assistant", "docs-search"])
def test_everything_triage_found_is_on_the_screen(name: str) -> None:
    _, words, result = shown(name)
    for item in result.evidence:
        assert item.title in words
        assert item.because in words
        assert item.source.title in words
    for line in (*result.case_against, *(step.text for step in result.plan)):
        assert line in words
    for group in result.groups:
        assert group.name in words
    for reading in result.failures:
        assert reading.why in words
    assert ("Where your retrieval breaks" in words) == bool(result.retrieval)


def test_every_answer_that_flips_the_result_is_named() -> None:
    _, words, result = shown("patient-letters")
    found = changes(result, load_tools().book)
    assert {one.ask for one in found} == {flip.ask for flip in result.flips}
    for one in found:
        assert f"With **{one.instead}** it would be **{one.result}**." in words
    assert re.search(r"fewer than \d+ examples", words)
    assert "49 examples" not in words


def test_what_nobody_confirmed_is_marked() -> None:
    draft = Draft(title="Letters", description="We have 2,400 labelled examples of letters.")
    result = triage(draft, load_tools())
    unconfirmed = [item for item in result.evidence if any(one.suggested for one in item.given)]
    assert unconfirmed, "the reader found nothing to suggest"
    words = said(window("recommendation", made(draft)))
    assert "(read from your words, not confirmed)" in words
    assert "nobody has confirmed" in words


def test_an_unsure_reading_is_marked_with_a_word() -> None:
    vague = Failure(output="Hm.", note="bad")
    draft = Draft(title="Vague", failures=(vague,))
    (reading,) = triage(draft, load_tools()).failures
    words = said(window("recommendation", made(draft)))
    assert ("unsure" in words) == reading.abstained


def test_every_chart_has_words_for_those_who_do_not_see_it() -> None:
    app, words, result = shown("patient-letters")
    drawn = [item.proto for item in app.get("vega_lite_chart")]
    assert [chart.alt for chart in drawn] == [
        picture.alt(result)
        for name in ("causes", "options", "reasons", "failures")
        for picture in charts.ALL
        if picture.id == name
    ]
    assert all(picture.caption in words for picture in charts.ALL)


def test_what_users_write_stays_text() -> None:
    failure = Failure(input=HOSTILE, output=HOSTILE, expected=HOSTILE, note=HOSTILE)
    draft = Draft(title=HOSTILE, description="It fails.", failures=(failure,))
    app = window("recommendation", made(draft))
    assert HOSTILE in said(app).replace(JOINER, "")
    raw = "\n".join(item.value for item in (*app.markdown, *app.title))
    assert "<script>" not in raw.replace("\\<script\\>", "")
    assert not any(item.allow_html for item in app.markdown)


def test_drawing_again_writes_nothing() -> None:
    app, _, _ = shown("returns-desk")
    written: list[str] = []

    def watch(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.split()[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            written.append(statement)

    event.listen(Engine, "before_cursor_execute", watch)
    try:
        app.run()
    finally:
        event.remove(Engine, "before_cursor_execute", watch)
    assert not app.exception
    assert written == []


def test_the_list_shows_what_was_found() -> None:
    _, _, result = shown("returns-desk")
    (row,) = open_store().list_proposals().rows
    assert (row.recommendation, row.confidence) == (result.recommendation, result.confidence)


def test_hundreds_of_failures_are_grouped_and_drawn_without_being_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = samples()["returns-desk"].failures
    many = tuple(
        Failure(**(real[place % len(real)].model_dump(exclude={"id"}) | {"input": f"case {place}"}))
        for place in range(600)
    )
    app = window("recommendation", made(Draft(title="Many", failures=many)))
    assert "And 1" in said(app)
    again = pytest.fail
    monkeypatch.setattr(Classifier, "read", lambda *_: again("it reads what was read"))
    assert not app.run().exception


def test_every_format_is_offered() -> None:
    app, _, _ = shown("returns-desk")
    names = [item.proto.label for item in app.get("download_button")]
    assert names == [name for name, _ in FORMATS.values()] + ["Proposal (for the command line)"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Support answers", "recommendation-support-answers.pdf"),
        ("../../etc/passwd", "recommendation-etc-passwd.pdf"),
        ("Ünïcödé / C:\\x", "recommendation-unicode-c-x.pdf"),
        ("", "recommendation.pdf"),
        ("质量", "recommendation.pdf"),
        ("a" * 500, f"recommendation-{'a' * 60}.pdf"),
    ],
)
def test_file_names_are_safe(title: str, name: str) -> None:
    assert file_name("recommendation", title, "pdf") == name


def test_without_a_proposal_it_says_what_to_do() -> None:
    for id in ("", "no-such", "../../x"):
        assert "Choose a proposal first." in texts(window("recommendation", id))
