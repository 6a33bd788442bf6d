"""The rules screen, and the words in which it shows rules."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from screens import field, texts, window
from streamlit.testing.v1 import AppTest

from advisor.core.markdown import plain
from advisor.presentation.rule_words import RULED_OUT, condition_words, rules_in_words
from advisor.rules import load, rules_folder
from advisor.rules.conditions.clause import Compiler

pytestmark = pytest.mark.usefixtures("home")
BOOK = load()
WORDS = rules_in_words(BOOK)


def said(app: AppTest) -> str:
    labels = "\n".join(item.label for item in app.expander)
    return re.sub(r"\\(.)", r"\1", f"{texts(app)}\n{labels}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("regulated", "Yes"),
        ("not regulated", "No"),
        ("labelled_examples < 50", "Fewer than 50 examples"),
        ("labelled_examples >= 50", "50 examples or more"),
        ("labelled_examples == 50", "50 examples"),
        (
            "facts_change_often in ['daily', 'weekly']",
            "Every day or faster or Every week or so",
        ),
        ("prompting_tried == 'none'", "Not really"),
    ],
)
def test_conditions_read_as_a_question_with_its_answers(text: str, words: str) -> None:
    clause = Compiler(BOOK.questions).compile(text)
    (name,) = clause.needs
    assert condition_words(clause, BOOK.questions) == f"{BOOK.questions[name].ask} {words}"


def test_a_condition_on_two_questions_stays_as_written() -> None:
    clause = Compiler(BOOK.questions).compile("labelled_examples > n_labels")
    assert condition_words(clause, BOOK.questions) == "labelled_examples > n_labels"


def test_every_rule_is_put_into_words_with_its_place_and_examples() -> None:
    assert [words.rule.id for words in WORDS] == [
        rule.id for rule in (*BOOK.evidence, *BOOK.vetoes)
    ]
    for words in WORDS:
        file, line = words.place.rsplit(":", 1)
        written = (rules_folder() / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert words.rule.id in written
        assert words.examples and all(example.holds for example in words.examples)
        assert all(words.conditions)


def test_the_screen_says_what_there_is_and_that_it_holds() -> None:
    words = said(window("rules"))
    assert f"{len(BOOK.evidence)} evidence rules, {len(BOOK.vetoes)} vetoes" in words
    assert "Every rule holds on its examples." in words
    assert all(question.ask in words for question in BOOK.questions.values())
    assert all(card.stop in words for card in BOOK.remedies.values())
    assert all(source.finding in words for source in BOOK.sources.values())


def test_the_screen_says_what_an_approval_needs() -> None:
    shown = texts(window("rules"))
    approval = BOOK.approval
    assert approval
    records = [*(rule.record for rule in (*approval.raises, *approval.vetoes))]
    wanted = [*(one.title for one in records), *(one.ask for one in approval.checklist)]
    assert all(plain(words) in shown for words in wanted)


def test_every_rule_is_on_some_page_with_few_widgets_on_each() -> None:
    app = window("rules")
    seen = said(app)
    widgets = len(app.selectbox) + len(app.text_input)
    assert widgets < 12
    for word in BOOK.evidence[100:104]:
        field(app, "Search").set_value(word.id).run()
        seen = said(app)
        assert word.record.because in seen
        assert word.record.title in seen
        assert BOOK.sources[word.record.source].title in seen
        assert all(line in seen for line in WORDS[BOOK.evidence.index(word)].conditions)


def test_rules_are_filtered_by_what_they_speak_about() -> None:
    app = window("rules")
    field(app, "They speak about").set_value(RULED_OUT).run()
    assert f"**{len(BOOK.vetoes)} rules**" in said(app)
    assert all(veto.record.instead in said(app) for veto in BOOK.vetoes)


def test_a_search_without_result_says_so() -> None:
    app = window("rules")
    field(app, "Search").set_value("xyzzy <script>").run()
    assert "No rule fits." in said(app)
    assert not app.exception


def test_trying_answers_shows_all_three_outcomes() -> None:
    app = window("rules")
    field(app, "Search").set_value("private-facts-not-yet-looked-up").run()
    private, looked = (
        BOOK.questions[name].ask for name in ("needs_private_or_new_facts", "retrieval_tried")
    )
    assert f"still needs: {private} {looked}" in said(app)
    field(app, private).set_value("yes").run()
    assert f"With these answers it still needs: {looked}" in said(app)
    field(app, looked).set_value("no").run()
    assert "With these answers it fires" in said(app)
    field(app, looked).set_value("yes").run()
    assert "With these answers it does not fire" in said(app)


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rules that the app reads instead."""
    folder = tmp_path / "rules"
    shutil.copytree(rules_folder(), folder)
    for module in (
        "advisor.rules.book",
        "advisor.rules.loading.rule_files",
        "advisor.rules",
        "advisor.presentation.rule_words",
    ):
        monkeypatch.setattr(f"{module}.rules_folder", lambda: folder)
    return folder


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "evidence" / "knowledge.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_example_that_does_not_hold_is_shown_with_file_and_line(edited: Path) -> None:
    change(edited, "yes}, expect: fires}", "yes}, expect: does not fire}")
    words = said(window("rules"))
    assert "to mend:" in words
    assert re.search(r"evidence/knowledge\.yaml:\d+ private-facts-needed", words)
    app = window("rules")
    field(app, "Search").set_value("private-facts-needed").run()
    assert "NOT so" in said(app)


def test_rules_that_cannot_be_read_are_named_instead_of_a_crash(edited: Path) -> None:
    change(edited, "- needs_private_or_new_facts\n", "- needs_privat_or_new_facts\n")
    words = said(window("rules"))
    assert "The rules cannot be used." in words
    assert "Did you mean" in words
    assert "knowledge.yaml:" in words
