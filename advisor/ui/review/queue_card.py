"""One proposal of the queue: what it is, where it stands, for whom it waits, what stands out."""

from collections.abc import Mapping

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.review_queue import Flag, QueueRow
from advisor.review.queue.queue_words import (
    asked_words,
    end_words,
    flag_words,
    is_strong,
    stands_words,
    waits_words,
)
from advisor.rules.schema.approval import TIERS, Tier
from advisor.ui.screens import page

ICONS = {
    Flag.OVERRIDE: "gavel",
    Flag.EXPIRING: "hourglass_bottom",
    Flag.STALE: "update",
    Flag.AGAINST: "balance",
    Flag.CHANGED: "edit",
}
OVERDUE = ":red-badge[:material/alarm: Overdue]"


def card(row: QueueRow, tiers: Mapping[str, Tier]) -> None:
    """Draw one line of the queue; a decision needs the dossier.

    Few elements: each is a message to the browser, and a page of the queue has fifteen lines.
    """
    line = st.container(border=True, gap="xxsmall")
    title = plain(row.title or "Untitled")
    line.page_link(page("dossier"), label=f"**{title}**", query_params={"p": row.proposal})
    parts = [about(row, tiers), f"{waiting(row)} {badges(row)}"]
    line.markdown("  \n".join(parts))


def about(row: QueueRow, tiers: Mapping[str, Tier]) -> str:
    """Return who wants what, in a line."""
    tier = tiers.get(row.tier)
    level = f"{tier.name} tier" if tier else ""
    level = f"**{level}**" if row.tier == TIERS[-1] else level
    parts = [asked_words(row), level, f"version {row.version}"]
    return " · ".join(filter(None, [*parts, f"by {plain(row.owner)}"]))


def waiting(row: QueueRow) -> str:
    """Return how long it has stood there, for whom it waits, and when it ends."""
    said = [stands_words(row), plain(waits_words(row)), plain(end_words(row))]
    return " ".join(f"{words.removesuffix('.')}." for words in said if words)


def badges(row: QueueRow) -> str:
    """Return what stands out as badges, the most pressing first."""
    late = [OVERDUE] if row.overdue else []
    return " ".join(late + [badge(row, flag) for flag in row.flags])


def badge(row: QueueRow, flag: Flag) -> str:
    """Return a flag as a badge with an icon and words: nothing rests on its colour."""
    colour = "red" if is_strong(row, flag) else "gray"
    return f":{colour}-badge[:material/{ICONS[flag]}: {flag_words(row, flag)}]"
