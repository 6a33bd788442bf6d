"""My proposals: what is asked of me and by when, and where everything stands."""

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.domain.lifecycle import Role
from advisor.domain.review import last_moment
from advisor.presentation.wording import day_words
from advisor.review.queue.own_proposals import ROWS, OwnTask, OwnTasks, own_tasks
from advisor.review.queue.queue_words import OWNER_STATES, tasks_words
from advisor.store.review.own_proposals import OwnProposal
from advisor.ui.identity import require
from advisor.ui.screens import go_to
from advisor.ui.session import store
from advisor.ui.widgets import show_problems, total_and_pager

OVERRIDE = ":red-badge[:material/gavel: Approved by override]"


def ask(task: OwnTask, own: OwnTasks) -> None:
    """Draw one thing that is asked, with the way there."""
    with st.container(border=True):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            late = task.by is not None and task.by < own.today
            due = f" **By {day_words(task.by)}{', overdue' if late else ''}.**" if task.by else ""
            st.markdown(f"**{plain(task.title or 'Untitled')}**  \n{task.what}{due}")
            if task.said:
                st.markdown(verbatim(task.said))
        with right:
            go_to(task.screen, task.label, ":material/arrow_forward:", p=task.proposal)


def card(own: OwnProposal) -> None:
    """Draw one proposal."""
    with st.container(border=True):
        left, right = st.columns([5, 4], vertical_alignment="center")
        with left:
            title = plain(own.title or "Untitled")
            screen = "dossier" if own.submitted else "problem"
            go_to(screen, f"**{title}**", p=own.proposal)
            st.markdown(f"Version {own.version}, since {day_words(own.since.date())}")
        with right:
            st.markdown(stands(own))
            if not own.submitted:
                go_to("review_form", "Hand it in for review", p=own.proposal)


def stands(own: OwnProposal) -> str:
    """Return where it stands in plain words, and how long its approval holds."""
    words = "Not handed in" if not own.submitted else OWNER_STATES[own.state]
    until = f" until {day_words(last_moment(own.ends).date())}" if own.ends else ""
    badge = f"  \n{OVERRIDE}" if own.override else ""
    return f"{words}{until}{badge}"


def empty() -> None:
    """Say how a proposal comes here."""
    st.info("You wrote no proposal yet. Start one; when it is ready, hand it in for review.")
    go_to("proposals", "Start a proposal", ":material/add:")


owner = require(Role.OWNER)
st.title("My proposals")
show_problems()
number = "mine-page"
desk = own_tasks(store(), owner.id, st.session_state.get(number, 1))
st.markdown(f"## {tasks_words(desk)}")
for task in desk.tasks:
    ask(task, desk)
if not desk.total:
    empty()
else:
    st.header("Where everything stands")
for own in desk.rows:
    card(own)
total_and_pager(desk.total, ROWS, number)
