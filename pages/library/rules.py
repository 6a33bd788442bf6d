"""Every rule with its reason, source and examples; try answers on it; questions and remedies."""

from math import ceil

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import RuleError
from advisor.presentation.rule_words import (
    RULED_OUT,
    TARGETS,
    RuleWords,
    expected_words,
    rules_in_words,
)
from advisor.presentation.wording import (
    MODES,
    answer_words,
    counted,
    days,
    days_a_month,
    percent,
    percent_range,
    source_words,
    start,
)
from advisor.proposal import Answer
from advisor.rules import RuleBook, RuleFinding, check, load, outcome, rules_folder
from advisor.rules.schema.rule_schema import Question, RemedyCard
from advisor.ui.widgets import bullets

ON_ONE_PAGE = 10
EVERYTHING = "everything"
UNANSWERED = "no answer"


@st.cache_resource(max_entries=4, show_spinner=False)
def in_words(fingerprint: str, _book: RuleBook) -> tuple[RuleWords, ...]:
    """Put the rules into words once for each state of the files."""
    return rules_in_words(_book)


@st.cache_resource(max_entries=4, show_spinner="Checking the rules …")
def findings_of(fingerprint: str) -> list[RuleFinding]:
    """Check the rules once for each state of the files."""
    return check(rules_folder())


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Show a table that wraps on a phone and that screen readers read."""
    lines = [head, ("---",) * len(head), *(tuple(plain(cell) for cell in row) for row in rows)]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


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
    table(
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


def try_out(book: RuleBook, found: list[RuleWords]) -> None:
    """Try answers on one rule; it fires, does not fire, or still needs an answer."""
    st.header("Try answers")
    names = {words.rule.id: words for words in found}
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


def rules(book: RuleBook) -> None:
    """Search and filter the rules, ten at a time."""
    everything = in_words(book.fingerprint, book)
    left, right = st.columns([3, 2])
    words = left.text_input("Search in the rules", key="find", bind="query-params").lower().split()
    spoken = {item.about for item in everything}
    options = [EVERYTHING, *(name for name in TARGETS.values() if name in spoken), RULED_OUT]
    about = right.selectbox("They speak about", options, key="about", bind="query-params")
    found = [
        item
        for item in everything
        if about in {EVERYTHING, item.about} and all(word in item.searched for word in words)
    ]
    if not found:
        st.info("No rule fits. Use other words, or let the rules speak about everything.")
        return
    st.markdown(f"**{counted(len(found), 'rule')}**")
    with st.container():  # what is below keeps its place, so no old result stands beside the new
        listed(found, key=f"page/{about}/{words}")
    try_out(book, found)


def listed(found: list[RuleWords], key: str) -> None:
    """Show rules, ten at a time."""
    place = 1
    if len(found) > ON_ONE_PAGE:
        place = st.pagination(ceil(len(found) / ON_ONE_PAGE), key=key)
    for item in found[(place - 1) * ON_ONE_PAGE : place * ON_ONE_PAGE]:
        failing = not all(example.holds for example in item.examples)
        title = f"{item.rule.record.title}: {item.effect}"
        with st.expander(plain(title), icon=":material/error:" if failing else None):
            show(item)


def questions(book: RuleBook) -> None:
    """Show every question with its answers, how common each is, and who uses it."""
    needed = [rule.needs for rule in book.evidence] + [rule.needs for rule in book.vetoes]
    used = [name for names in needed for name in names]
    st.markdown("The shares say how often an answer is expected; they decide what is asked first.")
    table(
        ("Question", "Answers", "Used by"),
        [
            (question.ask, likely(question), counted(used.count(name), "rule"))
            for name, question in book.questions.items()
        ],
    )


def likely(question: Question) -> str:
    """Return the answers of a question with their shares."""
    names = question.likely or dict.fromkeys(question.options)
    return ", ".join(
        f"{question.labels.get(name, name)}{'' if share is None else f': {percent(share)}'}"
        for name, share in names.items()
    ) or (f"a number ({question.unit})" if question.unit else "a number")


def remedy(card: RemedyCard, book: RuleBook) -> None:
    """Show what a remedy fixes, with sources, and what it costs."""
    st.markdown(
        f"{plain(card.meaning)}\n\nTo build: **{days(card.build_days)}**. To keep: "
        f"**{days_a_month(card.keep_days_per_month)}**. It pays for itself from "
        f"**{percent(card.overhead)}** of the failures fixed.\n\n{plain(card.stop)}"
    )
    table(
        ("Kind of failure", "Fixes, where nothing else is known", "Source"),
        [
            (start(MODES[fix.mode]), percent_range(fix.share), book.sources[fix.source].title)
            for fix in card.fixes
        ],
    )


def remedies(book: RuleBook) -> None:
    """Show every remedy."""
    for card in book.remedies.values():
        with st.expander(card.name):
            remedy(card, book)


def approval(book: RuleBook) -> None:
    """Show what an approval needs: tiers, what raises them, what forbids, what is ticked off."""
    if book.approval is None:
        st.info("There is no `rules/approval.yaml`, so nothing can be reviewed.")
        return
    found = book.approval
    table(
        ("Tier", "For what", "People: pilot, adoption", "Decided within", "An approval lasts"),
        [
            (
                tier.name,
                tier.meaning,
                f"{tier.pilot_people}, {tier.adoption_people}"
                + (", one of them from risk" if tier.one_from_risk else ""),
                counted(tier.decide_within, "day"),
                counted(tier.months, "month"),
            )
            for tier in found.tiers.values()
        ],
    )
    st.header("What raises the tier")
    raised = [rule.record for rule in found.raises]
    bullets(f"**{plain(one.title)}** ({one.tier}): {plain(one.because)}" for one in raised)
    st.header("What forbids an approval")
    bullets(
        f"**{plain(one.title)}.** {plain(one.because)} Instead: {plain(one.instead)}"
        + (" The risk role may override it." if one.override else "")
        for one in (rule.record for rule in found.vetoes)
    )
    st.header("What a reviewer ticks off")
    bullets(f"**{plain(one.ask)}** {plain(one.why)}" for one in found.checklist)


def sources(book: RuleBook) -> None:
    """Show every source with what was found there."""
    bullets(
        f"**{plain(source.title)}** ({source.basis}): {plain(source.finding)}"
        + (f" [{plain(source.link)}]({source.link})" if source.link else "")
        for source in book.sources.values()
    )


st.title("Rules")
try:
    book = load()
except RuleError as error:
    st.error("The rules cannot be used. Mend this:")
    bullets(plain(str(problem)) for problem in error.problems)
    st.stop()
st.markdown(
    f"{len(book.evidence)} evidence rules, {len(book.vetoes)} vetoes and {len(book.questions)} "
    f"questions. They stand in the folder `rules/` and are edited there. "
    f"Fingerprint: `{book.fingerprint[:12]}`"
)
findings = findings_of(book.fingerprint)
if findings:
    st.error(f"{counted(len(findings), 'thing')} to mend:")
    bullets(plain(str(finding)) for finding in findings)
else:
    st.success("Every rule holds on its examples.", icon=":material/check_circle:")

parts = {
    "Rules": rules,
    "Questions": questions,
    "Remedies": remedies,
    "Approval": approval,
    "Sources": sources,
}
for tab, part in zip(st.tabs(list(parts)), parts.values(), strict=True):
    with tab:
        part(book)
