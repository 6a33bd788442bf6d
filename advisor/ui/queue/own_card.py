"""One proposal of the person who looks: where it stands, and the ways into it."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.review import last_moment
from advisor.presentation.wording import day_words
from advisor.review.queue.queue_words import OWNER_STATES
from advisor.store.review.own_proposals import OwnProposal
from advisor.ui.screens import go_to

OVERRIDE = ":red-badge[:material/gavel: Approved by override]"


def card(one: OwnProposal) -> None:
    """Draw one proposal."""
    with st.container(border=True):
        left, right = st.columns([5, 4], vertical_alignment="center")
        with left:
            title = plain(one.title or "Untitled")
            screen = "dossier" if one.submitted else "problem"
            go_to(screen, f"**{title}**", p=one.proposal)
            st.markdown(f"Version {one.version}, since {day_words(one.since.date())}")
        with right:
            st.markdown(stands(one))
            if not one.submitted:
                go_to("review_form", "Hand it in for review", p=one.proposal)


def stands(one: OwnProposal) -> str:
    """Return where it stands in plain words, and how long its approval holds."""
    words = "Not handed in" if not one.submitted else OWNER_STATES[one.state]
    until = f" until {day_words(last_moment(one.ends).date())}" if one.ends else ""
    badge = f"  \n{OVERRIDE}" if one.override else ""
    return f"{words}{until}{badge}"
