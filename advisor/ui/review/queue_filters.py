"""The filters of the queue: the address of the page is what counts, so it can be shared."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from advisor.domain.review_queue import ALL, Filters, QueueOrder, QueuePage, QueueQuery, StateGroup
from advisor.presentation.wording import start
from advisor.review.queue.queue_words import ASKED, FLAGS, GROUPS, ORDERS
from advisor.rules.schema.approval import Tier
from advisor.ui.widgets import press

MORE = ("asked", "flag", "tier", "owner", "order")
"""Parameters behind `More filters`."""
HELD = ("show", "q", "mine", *MORE)


def keep(name: str, usual: str) -> None:
    """Put what a widget holds into the address, and go back to the first page."""
    value = st.session_state[f"queue-{name}"]
    text = ("yes" if value else "") if isinstance(value, bool) else str(value or "").strip()
    st.query_params.pop("page", None)
    if text and text != usual:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def hold(name: str, value: Any, usual: str = "") -> dict[str, Any]:
    """Return what ties a widget to the address."""
    key = f"queue-{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": keep, "args": (name, usual)}


def clear() -> None:
    """Take every filter away."""
    for name in (*HELD, "page"):
        st.query_params.pop(name, None)


def groups(wanted: Filters, queue: QueuePage) -> None:
    """Draw where to look, with how many there are."""
    counts = {str(group): queue.counts[group] for group in StateGroup}
    counts[ALL] = sum(counts.values())
    names = {str(group): words for group, words in GROUPS.items()} | {ALL: "All"}
    st.segmented_control(
        "Show",
        [*names],
        format_func=lambda name: f"{names[name]} {counts[name]:,}",
        required=True,
        label_visibility="collapsed",
        **hold("show", str(wanted.group or ALL), str(StateGroup.WAITING)),
    )


def narrow(
    wanted: QueueQuery, tiers: Mapping[str, Tier], owners: Mapping[str, str], judge: bool
) -> None:
    """Draw the search and, behind a fold, the other filters."""
    filters = wanted.filters
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Search titles", **hold("q", filters.text))
        if judge:
            st.toggle("Only what waits for me", **hold("mine", filters.mine))
    more(wanted, tiers, owners)
    if any(name in st.query_params for name in HELD):
        press(
            "Show everything that waits", clear, key="queue-clear", icon=":material/filter_alt_off:"
        )


def more(wanted: QueueQuery, tiers: Mapping[str, Tier], owners: Mapping[str, str]) -> None:
    """Draw the other filters behind a fold; what is folded is not sent."""
    filters = wanted.filters
    active = sum(name in st.query_params for name in MORE)
    label = f"More filters ({active} on)" if active else "More filters"
    fold = st.expander(label, expanded=bool(active), on_change="rerun", key="queue-more")
    if not fold.open:
        return
    asked = {str(k): start(v) for k, v in ASKED.items()}
    flags = {str(k): v for k, v in FLAGS.items()}
    orders = {str(k): v for k, v in ORDERS.items()}
    with fold.container(horizontal=True, vertical_alignment="bottom"):
        choice("What is asked", "asked", asked, filters.asked)
        choice("What stands out", "flag", flags, filters.flag)
        choice("Tier", "tier", {name: tier.name for name, tier in tiers.items()}, filters.tier)
        choice("Owner", "owner", owners, filters.owner)
        choice("Order", "order", orders, wanted.order, QueueOrder.URGENT)


def choice(
    label: str, name: str, options: Mapping[str, str], value: str | None, usual: str = ""
) -> None:
    """Draw one filter with its options; one without a usual value may be left open."""
    open_ = {} if usual else {"": "Any"}
    names = open_ | dict(options)
    given = str(value) if value and str(value) in names else usual
    st.selectbox(label, [*names], format_func=names.__getitem__, **hold(name, given, usual))
