"""Questions, the most telling first, with the leaning so far beside them."""

import streamlit as st

from advisor.chart_data import causes_alt
from advisor.charts import causes
from advisor.proposal import Answer
from advisor.recommend import suggestions, triage
from advisor.rules.schema import Question
from advisor.web import current, page, plain, save, steps, tools
from advisor.wording import answer_words, combination_words, percent

UNKNOWN = "I don't know"

stored = current()
kit = tools()
steps(stored, "questions")
result = triage(stored.draft, kit)
read = suggestions(stored.draft, kit)
answers = stored.draft.answers


def answer(name: str, value: Answer) -> None:
    """Save one answer and remember the order for going back."""
    st.session_state.setdefault("asked", []).append(name)
    save(stored, {f"answers.{name}": value})


def keep(question: Question, key: str) -> None:
    """Save what a widget holds."""
    answer(question.id, to_answer(question, st.session_state[key]))


def to_answer(question: Question, chosen: object) -> Answer:
    """Turn what a widget holds into an answer; "I don't know" is one."""
    if chosen is None or chosen == UNKNOWN:
        return None
    if question.type == "yes_no":
        return chosen == "Yes"
    return chosen if isinstance(chosen, str) else int(str(chosen))


def widget(question: Question, key: str, label: str) -> None:
    """Draw the widget that fits a question."""
    given = answers.get(question.id)
    known = question.id in answers
    if question.type == "number":
        st.session_state.setdefault(key, given)
        st.number_input(
            f"{label} ({question.unit})" if question.unit else label,
            value=None,
            min_value=int(question.minimum),
            max_value=int(question.maximum),
            step=1,
            key=key,
            on_change=keep,
            args=(question, key),
        )
        return
    options = ["Yes", "No"] if question.type == "yes_no" else list(question.options)
    shown = {True: "Yes", False: "No"}.get(given, given) if given is not None else UNKNOWN
    st.session_state.setdefault(key, shown if known else None)
    st.radio(
        label,
        [*options, UNKNOWN],
        format_func=lambda option: question.labels.get(option, option),
        horizontal=question.type == "yes_no",
        key=key,
        on_change=keep,
        args=(question, key),
    )


left, right = st.columns([3, 2], gap="large")
with right, st.container(border=True):
    st.subheader("The leaning so far")
    st.markdown(plain(result.headline))
    st.altair_chart(causes(result), alt=causes_alt(result))
    for option in result.ranking[:3]:
        st.markdown(
            f"{combination_words(option.remedies)}: ahead in {percent(option.wins)} of trials"
        )
    st.page_link(
        page("recommendation"),
        label="See the recommendation",
        icon=":material/balance:",
        query_params={"p": stored.id},
    )

with left:
    answered = [name for name in kit.book.questions if name in answers]
    st.progress(
        len(answered) / len(kit.book.questions),
        text=f"{len(answered)} of {len(kit.book.questions)} answered. You need not answer all.",
    )
    one, everything, words = st.tabs([
        "One at a time",
        "All at once",
        f"Read from your words ({len(read)})",
    ])
    with one:
        if result.next_questions:
            question = kit.book.questions[result.next_questions[0].id]
            st.subheader(question.ask)
            st.markdown(f"**Why:** {plain(question.why)}  \n**Example:** {plain(question.example)}")
            widget(question, f"{stored.id}/one/{question.id}", "Your answer")
            if question.type == "number" and st.button(UNKNOWN):
                answer(question.id, None)
                st.rerun()
        else:
            st.success("No answer that is left can change the result. You can stop here.")
        if st.session_state.get("asked") and st.button("Back", icon=":material/arrow_back:"):
            from advisor.store import UNSET

            last = st.session_state["asked"].pop()
            st.session_state.pop(f"{stored.id}/one/{last}", None)
            save(stored, {f"answers.{last}": UNSET})
            st.rerun()
    with everything:
        for question in kit.book.questions.values():
            widget(question, f"{stored.id}/all/{question.id}", question.ask)
    with words:
        if not read:
            st.info("Nothing to confirm. What you write under “Problem” is read for answers.")
        for item in read:
            question = kit.book.questions[item.question]
            with st.container(border=True):
                st.markdown(f"**{question.ask}** {answer_words(item.answer, question)}")
                st.markdown(f"“{plain(item.sentence)}” ({item.where}, {percent(item.sure)} sure)")
                yes, no = st.columns(2)
                if yes.button("That is right", key=f"yes-{item.question}"):
                    answer(item.question, item.answer)
                    st.rerun()
                if no.button("That is not so", key=f"no-{item.question}"):
                    save(stored, {"dismissed": (*stored.draft.dismissed, item.question)})
                    st.rerun()
