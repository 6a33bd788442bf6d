"""Questions, the most telling first, with the leaning so far beside them."""

from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.intake.questionnaire import progress_words
from advisor.presentation.wording import counted, verdict
from advisor.triage.recommend import suggestions
from advisor.ui.assessing import assessment_of, tools
from advisor.ui.navigation import steps
from advisor.ui.proposal.answering import Answering
from advisor.ui.proposal.long_form import all_at_once
from advisor.ui.proposal.question_views import from_words, leaning, one_at_a_time
from advisor.ui.session import current

VIEWS = {"words": "Read from your words", "one": "One at a time", "all": "All at once"}


def choose_view(unconfirmed: int) -> str:
    """Draw the choice between the ways to answer; what was read comes first while there is any."""
    options = [name for name in VIEWS if name != "words" or unconfirmed]
    names = VIEWS | {"words": f"{VIEWS['words']} ({unconfirmed})"}
    chosen = st.segmented_control(
        "How do you want to answer?",
        options,
        default=options[0],
        required=True,
        format_func=names.__getitem__,
        key=f"view/{'words' if unconfirmed else 'none'}",
    )
    return str(chosen or options[0])


stored = current()
steps(stored, "questions")
kit = tools()
form = Answering(stored, kit.book)
result = assessment_of(stored)
read = suggestions(stored.draft, kit)
words = verdict(result.confidence, result.abstained, result.recommendation, result.other)
with st.container(key="leaning-short"):
    st.markdown(f"**The leaning so far:** {plain(words)}.")
left, right = st.columns([3, 2], gap="large")
with left:
    done = sum(name in form.answers for name in kit.book.questions)
    st.progress(done / len(kit.book.questions), text=progress_words(kit.book, stored.draft, result))
    if read:
        st.info(
            f"{counted(len(read), 'answer')} read from your words, not confirmed yet. In the "
            "leaning they count less, and are marked."
        )
    draw = {
        "words": partial(from_words, form, read),
        "one": partial(one_at_a_time, form, result),
        "all": partial(all_at_once, form),
    }
    draw[choose_view(len(read))]()
with right, st.container(border=True, key="leaning"):
    leaning(stored, result, words)
