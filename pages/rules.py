"""Every rule with its examples; try answers on it."""

from typing import Any

import streamlit as st

from advisor.proposal import Answer
from advisor.rules import Compiled, check, load, outcome, rules_folder
from advisor.rules.schema import Question
from advisor.web import plain
from advisor.wording import answer_words

book = load()
targets = {rule.id: rule.record.then.target for rule in book.evidence}
targets |= {veto.id: "rules out a remedy" for veto in book.vetoes}
UNANSWERED = "no answer"


def effect(rule: Compiled[Any]) -> str:
    """Say what a rule does when it fires."""
    if rule.id not in {item.id for item in book.evidence}:
        return f"rules out {rule.record.forbids}"
    then = rule.record.then
    limits = f" ({', '.join(then.on)})" if then.on else ""
    return f"{then.weight} {'for' if then.in_favour else 'against'} {then.target}{limits}"


def try_answer(question: Question, key: str) -> Answer:
    """Let a person choose an answer to try."""
    answers = {
        answer_words(answer, question): answer for answer, _ in book.answer_space[question.id]
    }
    return answers.get(st.selectbox(question.ask, [UNANSWERED, *answers], key=key))


def show(rule: Compiled[Any]) -> None:
    """Show one rule: reason, source, conditions, examples, and a place to try answers."""
    source = book.sources[rule.record.source]
    st.markdown(plain(rule.record.because))
    st.markdown(f"Source: {plain(source.title)}. {source.link}")
    st.markdown("It fires when all of this holds:")
    st.code("\n".join(rule.record.when), language=None)
    st.dataframe(
        [
            {"Given": str(example.given), "Expected": example.expect}
            for example in rule.record.examples
        ],
        hide_index=True,
        alt=f"Examples of the rule {rule.id}",
    )
    st.markdown("**Try answers**")
    tried = {
        name: try_answer(book.questions[name], f"{rule.id}/{name}") for name in sorted(rule.needs)
    }
    st.info(f"With these answers it {outcome(rule, tried)}.")


st.title("Rules")
st.markdown(
    f"{len(book.evidence)} evidence rules, {len(book.vetoes)} vetoes and {len(book.questions)} "
    f"questions. They stand in the folder `rules/` and are edited there. "
    f"Fingerprint: `{book.fingerprint[:12]}`"
)
findings = check(rules_folder())
if findings:
    st.error("\n".join(f"- {plain(str(finding))}" for finding in findings))
else:
    st.success("Every rule holds on its examples.")

left, right = st.columns([3, 1])
words = left.text_input("Search", key="find", bind="query-params").lower()
about = right.selectbox(
    "About", ["everything", *sorted(set(targets.values()))], key="about", bind="query-params"
)
found = [
    rule
    for rule in (*book.evidence, *book.vetoes)
    if words in f"{rule.id} {rule.record.title} {rule.record.because}".lower()
    and about in {"everything", targets[rule.id]}
]
if not found:
    st.info("No rule holds these words.")
names = {rule.id: rule for rule in found}
chosen = st.selectbox(
    f"{len(found)} rules",
    list(names),
    format_func=lambda name: f"{names[name].record.title} ({effect(names[name])})",
    key="rule",
)
if chosen:
    show(names[chosen])
st.dataframe(
    [{"Rule": rule.record.title, "Effect": effect(rule), "Id": rule.id} for rule in found],
    hide_index=True,
    alt="The rules found, with their effect",
)
