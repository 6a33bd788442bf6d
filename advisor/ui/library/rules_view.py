"""The rules in words: searched, shown whole, and tried on answers."""

from __future__ import annotations

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.rule_words import (
    RULED_OUT,
    TARGETS,
    RuleWords,
    expected_words,
    rules_in_words,
)
from advisor.presentation.wording import answer_words, counted, source_words, start
from advisor.proposal import Answer
from advisor.rules import RuleBook, outcome
from advisor.rules.schema.rule_schema import Question
from advisor.ui.widgets import bullets, page_of, pager, text_table

ON_ONE_PAGE = 10
EVERYTHING = "everything"
UNANSWERED = "no answer"


def rules(book: RuleBook) -> None:
    """Search and filter the rules, ten at a time."""
    everything = in_words(book.fingerprint, book)
    left, right = st.columns([3, 2])
    words = left.text_input("Search in the rules", key="find", bind="query-params").lower().split()
    spoken = {item.about for item in everything}
    options = [EVERYTHING, *(name for name in TARGETS.values() if name in spoken), RULED_OUT]
    about = right.selectbox("They speak about", options, key="about", bind="query-params")
    fitting = [
        item
        for item in everything
        if about in {EVERYTHING, item.about} and all(word in item.searched for word in words)
    ]
    if not fitting:
        st.info("No rule fits. Use other words, or let the rules speak about everything.")
        return
    st.markdown(f"**{counted(len(fitting), 'rule')}**")
    with st.container():  # what is below keeps its place, so no old result stands beside the new
        listed(fitting, key=f"page/{about}/{words}")
    try_out(book, fitting)


def listed(rules: list[RuleWords], key: str) -> None:
    """Show rules, ten at a time."""
    pager(len(rules), ON_ONE_PAGE, key)
    for item in page_of(rules, ON_ONE_PAGE, key):
        failing = not all(example.holds for example in item.examples)
        title = f"{item.rule.record.title}: {item.effect}"
        with st.expander(plain(title), icon=":material/error:" if failing else None):
            show(item)


@st.cache_resource(max_entries=4, show_spinner=False)
def in_words(fingerprint: str, _book: RuleBook) -> tuple[RuleWords, ...]:
    """Put the rules into words once for each state of the files."""
    return rules_in_words(_book)


def show(words: RuleWords) -> None:
    """Show one rule whole."""
    record = words.rule.record
    st.markdown(f"**{plain(start(words.effect))}.** {plain(record.because)}")
    if words.limits:
        st.markdown(f"Counts where the failure is: {plain(words.limits)}.")
    if words.about == RULED_OUT:
        st.markdown(f"Instead: {plain(record.instead)}")
    st.markdown("It fires when all of this holds:")
    bullets(plain(line) for line in words.conditions)
    st.markdown(f"Source: {source_words(words.source)}")
    st.markdown(f"Written in `rules/{words.place}` as `{words.rule.id}`:")
    st.code("\n".join(record.when), language=None, wrap_lines=True)
    text_table(
        ("Example", "Must", "Does"),
        [
            (example.given, example.expected, "as expected" if example.holds else "NOT so")
            for example in words.examples
        ],
    )


def try_answer(book: RuleBook, question: Question, key: str) -> Answer:
    """Let a person choose an answer to try."""
    answers = {
        answer_words(answer, question): answer for answer, _ in book.answer_space[question.id]
    }
    return answers.get(st.selectbox(question.ask, [UNANSWERED, *answers], key=key))


def try_out(book: RuleBook, rules: list[RuleWords]) -> None:
    """Try answers on one rule; it fires, does not fire, or still needs an answer."""
    st.header("Try answers")
    names = {words.rule.id: words for words in rules}
    chosen = st.selectbox(
        "Rule to try", list(names), format_func=lambda name: names[name].rule.record.title
    )
    rule = names[chosen].rule
    with st.container():  # however many questions: what follows keeps its place
        tried = {
            name: try_answer(book, book.questions[name], f"try/{rule.id}/{name}")
            for name in sorted(rule.needs)
        }
    result = outcome(rule, tried)
    icon = {"fires": ":material/check_circle:", "needs": ":material/help:"}.get(result.state)
    st.info(
        f"With these answers it {plain(expected_words(result, book.questions))}",
        icon=icon or ":material/cancel:",
    )
