"""The audit trail: who did what, whether it is intact, and which overrides are in force."""

from datetime import datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.terminal import json_line
from advisor.domain.lifecycle import Role
from advisor.domain.trail import TrailEntry, Unreadable
from advisor.presentation.wording import start
from advisor.review.audit.trail_page import TrailPage, page_of
from advisor.review.audit.trail_words import name_of, told
from advisor.ui.identity import require
from advisor.ui.review.audit_exports import overrides_list
from advisor.ui.review.trail_check import check
from advisor.ui.review.trail_filters import filters, turn
from advisor.ui.session import local_time, store
from advisor.ui.widgets import press, show_problems, tabs


def history() -> None:
    """Draw the rows that are wanted, the newest first, a page at a time."""
    wanted = filters()
    page = page_of(store(), wanted)
    if not page.rows:
        st.info("No row is like this.")
    else:
        st.table([line(row, page) for row in page.rows])
    with st.container(horizontal=True):
        if wanted.before is not None:
            press("Newest", turn, None, key="newest", icon=":material/first_page:")
        if page.older is not None:
            press("Older", turn, page.older, key="older", icon=":material/chevron_right:")
    if page.rows and st.toggle("Show these rows as they are stored"):
        lines = [json_line(dict(row)) for row in page.rows if isinstance(row, TrailEntry)]
        st.code("\n".join(lines), language="json", wrap_lines=True)


def line(row: TrailEntry | Unreadable, page: TrailPage) -> dict[str, str]:
    """Return one row of the table."""
    if isinstance(row, Unreadable):
        return {"Row": "?", "When": "", "Who did what": f"Cannot be read: {plain(row.what)}",
                "Proposal": ""}  # fmt: skip
    who = plain(start(name_of(row.actor, page.names)))
    role = f" ({plain(row.role)})" if row.role else ""
    about = plain(page.titles.get(row.proposal or "", row.proposal or "")) or "–"
    return {
        "Row": f"{row.seq:,}",
        "When": at(row),
        "Who did what": f"**{who}**{role} {plain(told(row, page.names))}",
        "Proposal": about,
    }


def at(row: TrailEntry) -> str:
    """Return when a row was written, in the reader's own zone."""
    try:
        return local_time(datetime.fromisoformat(row.at))
    except ValueError:
        return plain(row.at)


reader = require(Role.AUDITOR, Role.ADMINISTRATOR, Role.RISK)
st.title("Audit")
show_problems()
if {Role.AUDITOR, Role.ADMINISTRATOR} & set(reader.roles):
    check(reader.id)
    tabs({"Who did what": history, "Overrides": overrides_list})
else:
    st.header("Overrides")
    overrides_list()
