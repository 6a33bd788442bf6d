"""Messages about reviews: which ways are open, and what did not arrive, for administrators."""

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import counted, listing
from advisor.review.notifying.channels import MAIL, WEBHOOK
from advisor.review.notifying.sending import Delivery, Undelivered, delivery
from advisor.ui.session import local_time, store

NAMES = {MAIL: "mail", WEBHOOK: "a webhook"}


def outbox() -> None:
    """Draw how messages get out and what did not arrive."""
    open_ways = delivery(store())
    lost = len(open_ways.troubles)
    with st.expander(f"Messages: {counted(lost, 'problem')}" if lost else "Messages"):
        st.markdown(state(open_ways))
        for message in open_ways.troubles:
            draw(message)


def state(found: Delivery) -> str:
    """Return which ways are open and how much waits."""
    if not found.open:
        return (
            "Nobody is told of decisions outside the advisor. Whoever runs it sets "
            "ADVISOR\\_WEBHOOK\\_URL or ADVISOR\\_SMTP\\_URL."
        )
    by = listing(NAMES[name] for name in sorted(found.open))
    waits = f" {counted(found.waiting, 'message')} to be sent." if found.waiting else ""
    return f"People are told of decisions by {by}.{waits}"


def draw(one: Undelivered) -> None:
    """Draw one message that did not arrive, and why."""
    with st.container(border=True):
        over = "Given up" if one.given_up else "Is tried again"
        tries = "once" if one.tries == 1 else f"{one.tries} times"
        st.markdown(
            f"**To {plain(one.to)}**, {local_time(one.at)}, about "
            f"{plain(one.title or 'Untitled')}  \n{over}, tried {tries}: {plain(one.problem)}"
        )
