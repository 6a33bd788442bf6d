"""The problem in one's own words; every change is saved."""

import streamlit as st

from advisor.vocabulary import COMBINATIONS, combination_name
from advisor.web import current, page, save, steps
from advisor.wording import combination_words

FIELDS = (
    ("title", "What is it about? One line", 0),
    ("description", "What should the model do, for whom, and what goes wrong?", 220),
    ("current.model", "Which model runs today?", 0),
    ("current.prompt", "What does the prompt say today?", 140),
    ("current.retrieval", "Is the model shown documents today? How are they found?", 80),
)

stored = current()
steps(stored, "problem")


def keep(path: str) -> None:
    """Save one field as it now stands on the screen."""
    save(stored, {path: st.session_state[f"{stored.id}/{path}"]})


def value_of(path: str) -> str:
    """Return what is stored for a field."""
    record = stored.draft.current if path.startswith("current.") else stored.draft
    return getattr(record, path.rpartition(".")[2]) or ""


for path, label, height in FIELDS:
    key = f"{stored.id}/{path}"
    st.session_state.setdefault(key, value_of(path))
    if height:
        st.text_area(label, key=key, height=height, on_change=keep, args=(path,))
    else:
        st.text_input(label, key=key, on_change=keep, args=(path,))

key = f"{stored.id}/requested"
st.session_state.setdefault(key, stored.draft.requested)
st.selectbox(
    "What was asked for?",
    [None, *(combination_name(chosen) for chosen in COMBINATIONS)],
    format_func=lambda name: combination_words(name) if name else "nothing yet",
    key=key,
    on_change=keep,
    args=("requested",),
)
st.page_link(
    page("failures"),
    label="Next: show what goes wrong",
    icon=":material/arrow_forward:",
    query_params={"p": stored.id},
)
