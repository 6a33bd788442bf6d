"""The queue: what waits for a decision, for whom, how long, and what stands out."""

from collections.abc import Mapping

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Role
from advisor.domain.review_queue import ROWS, QueuePage, QueueReader, wanted_of
from advisor.errors import AdvisorError
from advisor.review.queue.queue_page import owners, queue
from advisor.review.queue.queue_words import headline_words
from advisor.rules import load
from advisor.rules.schema.approval import Tier
from advisor.ui.identity import require
from advisor.ui.review import conditions_view, queue_card, queue_filters
from advisor.ui.session import store
from advisor.ui.widgets import show_problems


@st.cache_data(ttl=60, show_spinner=False)
def names(_store: object) -> dict[str, str]:
    """Return who has something in review; a minute old at most."""
    return owners(store())


def turn() -> None:
    """Put the page that was chosen into the address."""
    st.query_params["page"] = str(st.session_state["queue-page"])


def pages(listed: QueuePage, number: int) -> None:
    """Draw the way to the other pages."""
    last = -(-listed.total // ROWS)
    if last > 1:
        st.markdown(f"{listed.total:,} in all")
        st.session_state["queue-page"] = min(number, last)
        st.pagination(last, key="queue-page", on_change=turn)


def rows(listed: QueuePage, mine: bool, tiers: Mapping[str, Tier]) -> None:
    """Draw the lines, or say why there are none."""
    if listed.rows:
        for row in listed.rows:
            queue_card.card(row, tiers)
    elif not sum(listed.counts.values()) and not st.query_params:
        st.info("Nothing was handed in for review yet. Owners do that from their proposal.")
    elif mine:
        st.info("Nothing here waits for you.")
    else:
        st.info("Nothing fits. Look somewhere else, or take a filter away.")


reader = require(Role.REVIEWER, Role.RISK, Role.AUDITOR)
book = load()
judge = bool({Role.REVIEWER, Role.RISK} & set(reader.roles))
wanted = wanted_of(st.query_params.to_dict())
st.title("Queue")
show_problems()
try:
    listed = queue(store(), book, QueueReader(reader.id, frozenset(reader.roles)), wanted)
except AdvisorError as error:
    st.error(plain(str(error)))
    st.stop()
tiers = {str(name): tier for name, tier in book.approval.tiers.items()} if book.approval else {}
st.markdown(f"## {headline_words(listed.headline, judge)}")
queue_filters.groups(wanted.filters, listed)
queue_filters.narrow(wanted, tiers, names(store()), judge)
rows(listed, wanted.filters.mine, tiers)
pages(listed, wanted.page)
conditions_view.conditions(reader, judge)
