"""Start a proposal, or open one."""

import streamlit as st

from advisor.ui.proposal.proposal_list import proposals
from advisor.ui.proposal.starting import document, examples, follow_double_click, own_words
from advisor.ui.widgets import show_problems, tabs

follow_double_click()
st.title("Should this be fine-tuned?")
st.markdown(
    "Tell the advisor what your model should do and what goes wrong. It says whether you need a "
    "better prompt, retrieval (looking things up), fine-tuning (training the model further), a "
    "mix, or none of these, and why."
)
show_problems()
tabs({
    "In your own words": own_words,
    "From an example": examples,
    "From a document": document,
})
proposals()
