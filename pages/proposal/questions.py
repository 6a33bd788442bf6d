"""Questions, the most telling first, with the leaning so far beside them."""

from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.intake.questionnaire import (
    SECTIONS,
    UNKNOWN,
    asked_before,
    choices,
    progress_words,
    sections,
)
from advisor.intake.suggestions.suggestion import Suggestion
from advisor.presentation.wording import (
    answer_words,
    combination_words,
    counted,
    percent,
    start,
    strength,
    target,
    verdict,
)
from advisor.proposal import Answer
from advisor.rules.schema.answers import takes
from advisor.rules.schema.rule_schema import Question
from advisor.store import UNSET
from advisor.triage.recommend import suggestions
from advisor.ui.assessing import assessment_of, tools
from advisor.ui.navigation import link, steps
from advisor.ui.recommendation import pictures
from advisor.ui.saved_field import live
from advisor.ui.session import current, save
from advisor.ui.widgets import press

REASONS = 4
VIEWS = {"words": "Read from your words", "one": "One at a time", "all": "All at once"}

stored = current()
steps(stored, "questions")
kit = tools()
book, answers = kit.book, stored.draft.answers
result = assessment_of(stored)
read = suggestions(stored.draft, kit)
asked: list[str] = st.session_state.setdefault(f"asked/{stored.id}", [])
here = f"here/{stored.id}"


def answer(name: str, value: Answer) -> None:
    """Save one answer, remember the order for going back, and go on."""
    if save(stored, {f"answers.{name}": value}):
        if name not in asked:
            asked.append(name)
        st.session_state.pop(here, None)


def go_to(name: str | None) -> None:
    """Show one question, or the next one that is worth asking."""
    st.session_state[here] = name


def reject(name: str) -> None:
    """Set a suggestion aside; its question is asked like any other."""
    dismissed = current().draft.dismissed
    save(stored, {"dismissed": (*dismissed, *([name] if name not in dismissed else []))})


def answer_buttons(question: Question, place: str) -> None:
    """Draw one button an answer; the one that was given says so."""
    given = answers.get(question.id, UNSET)
    with st.container(horizontal=question.type == "yes_no"):
        for value, words in choices(question):
            chosen = value is given or (isinstance(value, str) and value == given)
            press(
                f"✓ {words} (your answer)" if chosen else words,
                answer,
                question.id,
                value,
                key=f"{place}/{question.id}/{value}",
                type="primary" if chosen else "secondary",
            )


def number(question: Question, value: Any, key: str, **look: Any) -> int | None:
    """Draw the field for a number; nothing in it means that no number was given."""
    fits = isinstance(value, int | float) and takes(question, value)
    found = st.number_input(
        f"A number of {question.unit}" if question.unit else "A number",
        min_value=int(question.minimum),
        max_value=min(int(question.maximum), 2**53 - 1),
        value=int(value) if fits else None,
        step=1,
        placeholder="No number yet",
        key=key,
        **look,
    )
    return None if found is None else int(found)


def answer_number(question: Question, place: str) -> None:
    """Draw the field and the buttons that answer a question about a number."""
    given = answers.get(question.id, UNSET)
    key = f"{place}/{question.id}/number"
    with st.form(f"{place}/{question.id}", border=False):
        value = number(question, given, key)
        if st.form_submit_button("Answer", type="primary"):
            if value is None:
                st.error("Type a number (0 is one), or press “I don't know”.")
            else:
                answer(question.id, value)
                st.rerun()
    unknown = f"✓ {UNKNOWN} (your answer)" if given is None else UNKNOWN
    press(unknown, answer, question.id, None, key=f"{place}/{question.id}/unknown")


def ask(question: Question, place: str) -> None:
    """Draw what answers one question."""
    (answer_number if question.type == "number" else answer_buttons)(question, place)


def why_asked(question: Question) -> None:
    """Say why a question is asked, with an example."""
    st.markdown(f"**Why it is asked:** {plain(question.why)}")
    st.markdown(f"**Example:** {plain(question.example)}")


def one_at_a_time() -> None:
    """Draw the question that tells most, or one that was gone back to."""
    name = st.session_state.get(here)
    if name not in book.questions:
        name = result.next_questions[0].id if result.next_questions else None
    if name:
        question = book.questions[name]
        st.header(question.ask)
        why_asked(question)
        ask(question, "one")
    else:
        st.success("No answer that is left can change the result. You can stop here.")
        link(
            stored,
            "recommendation",
            "**Go to the recommendation**",
            ":material/arrow_forward:",
        )
    with st.container(horizontal=True):
        if before := asked_before(book, stored.draft, asked, name or ""):
            press("Back", go_to, before, key="back", icon=":material/arrow_back:")
        if name in answers:
            press("Go on", go_to, None, key="on", icon=":material/arrow_forward:")


def all_at_once() -> None:
    """Draw every question by section, the answered ones marked."""
    for name, questions in sections(book).items():
        done = sum(question.id in answers for question in questions)
        st.header(f"{SECTIONS[name]} ({done} of {len(questions)} answered)")
        for question in questions:
            with st.container(border=True):
                one_of_all(question)


def one_of_all(question: Question) -> None:
    """Draw one question of the long form."""
    mark = "✓ Answered" if question.id in answers else "○ Not answered yet"
    st.markdown(f"**{plain(question.ask)}** {mark}")
    path = f"answers.{question.id}"
    if not takes(question, answers.get(question.id)):
        st.warning(f"What is saved, {plain(str(answers[question.id]))}, is no possible answer.")
        ask(question, "all")
    elif question.type != "number":
        live(stored, path, radio(question), given=lambda words: value_of(question, words))
    else:
        live(stored, path, number_field(question), given=lambda v: UNSET if v is None else v)
        unknown = f"✓ {UNKNOWN} (your answer)" if answers.get(question.id, 0) is None else UNKNOWN
        press(unknown, answer, question.id, None, key=f"all/{question.id}/unknown")
    with st.expander("Why it is asked, and an example"):
        why_asked(question)


def radio(question: Question) -> Any:
    """Return what draws the answers to a question as a group of buttons of which one is on."""
    words = dict(choices(question))

    def draw(value: Any, **wiring: Any) -> str | None:
        names = list(words.values())
        chosen = None if value is UNSET else names.index(words[value])
        return st.radio(
            question.ask,
            names,
            index=chosen,
            horizontal=question.type == "yes_no",
            label_visibility="collapsed",
            **wiring,
        )

    return draw


def value_of(question: Question, words: str | None) -> Any:
    """Return the answer that words stand for."""
    return next((value for value, shown in choices(question) if shown == words), UNSET)


def number_field(question: Question) -> Any:
    """Return what draws the field for a number."""

    def draw(value: Any, key: str, **wiring: Any) -> Any:
        found = number(question, value, key, **wiring)
        return value if found is None and value is None else found

    return draw


def from_words() -> None:
    """Draw the answers that were read from the words, to be confirmed one by one."""
    st.markdown(
        "The advisor found these answers in what you wrote. Each counts less until you confirm it."
    )
    for item in read:
        with st.container(border=True):
            show_suggestion(item)


def show_suggestion(item: Suggestion) -> None:
    """Draw one suggested answer with the sentence it rests on."""
    question = book.questions[item.question]
    st.markdown(f"**{plain(question.ask)}**")
    words = start(answer_words(item.answer, question))
    st.markdown(f"Read as: **{plain(words)}** ({percent(item.sure)} sure), from the {item.where}:")
    st.text(f"“{item.sentence}”")
    changing = st.session_state.get("changing") == item.question
    with st.container(horizontal=True):
        press("That is right", answer, item.question, item.answer, key=f"yes/{item.question}")
        if not changing:
            press(
                "Change",
                st.session_state.update,
                {"changing": item.question},
                key=f"change/{item.question}",
            )
        press("Set aside", reject, item.question, key=f"no/{item.question}")
    if changing:
        ask(question, "words")


def leaning() -> None:
    """Draw what the answers so far say."""
    st.header("The leaning so far")
    st.markdown(f"**{plain(words)}.**")
    pictures.draw("causes", result)
    st.markdown(
        "\n".join(
            f"- {start(combination_words(one.remedies))}: ahead in {percent(one.wins)} of trials"
            for one in result.ranking[:3]
        )
    )
    counting = [item for item in result.evidence if item.counted]
    if counting:
        st.markdown("**What weighs most**")
    for item in counting[:REASONS]:
        unsure = any(given.suggested for given in item.given)
        side = "for" if item.weight > 0 else "against"
        speaks = f"{strength(item.weight)}, {side} {target(item.cause, item.mode, item.remedy)}"
        note = " **Not confirmed: read from your words.**" if unsure else ""
        st.markdown(f"- {plain(item.title)} ({speaks}).{note}")
    link(stored, "recommendation", "See the recommendation", ":material/balance:")


def choose_view() -> str:
    """Draw the choice between the ways to answer; what was read comes first while there is any."""
    options = [name for name in VIEWS if name != "words" or read]
    names = VIEWS | {"words": f"{VIEWS['words']} ({len(read)})"}
    key = f"view/{'words' if read else 'none'}"
    chosen = st.segmented_control(
        "How do you want to answer?",
        options,
        default=options[0],
        required=True,
        format_func=names.__getitem__,
        key=key,
    )
    return str(chosen or options[0])


words = verdict(result.confidence, result.abstained, result.recommendation, result.other)
with st.container(key="leaning-short"):
    st.markdown(f"**The leaning so far:** {plain(words)}.")
left, right = st.columns([3, 2], gap="large")
with left:
    done = sum(name in answers for name in book.questions)
    st.progress(done / len(book.questions), text=progress_words(book, stored.draft, result))
    if read:
        st.info(
            f"{counted(len(read), 'answer')} read from your words, not confirmed yet. In the "
            "leaning they count less, and are marked."
        )
    {"words": from_words, "one": one_at_a_time, "all": all_at_once}[choose_view()]()
with right, st.container(border=True, key="leaning"):
    leaning()
