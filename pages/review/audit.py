"""The audit trail: who did what, whether it is intact, and which overrides are in force."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.terminal import json_line
from advisor.domain.lifecycle import Role
from advisor.domain.trail import TrailEntry, TrailHead, Unreadable, head_of
from advisor.errors import AdvisorError, InputError
from advisor.presentation.wording import counted, start
from advisor.review.audit.trail_page import TrailPage, page_of
from advisor.review.audit.trail_proof import Proof, prove
from advisor.review.audit.trail_words import NOBODY, WORDS, name_of, title_of, told
from advisor.store.database.audit_trail import TrailQuery
from advisor.ui.identity import require
from advisor.ui.review import audit_exports
from advisor.ui.session import local_time, names, store
from advisor.ui.widgets import press, show_problems

ROWS = 50


def check() -> None:
    """Prove the whole trail when somebody asks, with progress."""
    st.header("Is the trail intact?")
    head = store().trail.head()
    st.markdown(
        f"{counted(head.seq, 'row')}. Keep the head below elsewhere, in mail or on paper: only "
        "with it can anybody see that rows were cut off the end."
    )
    st.code(str(head), language=None, wrap_lines=True)
    anchor = st.text_input(
        "A head that you kept (may stay empty)", key="anchor", placeholder="1000:ab12…"
    )
    with st.container(horizontal=True):
        asked = st.button("Check the whole trail", type="primary", icon=":material/verified:")
        audit_exports.trail_download(me.id)
    if asked:
        verify(anchor, head)


def verify(anchor: str, head: TrailHead) -> None:
    """Follow the trail from its first row and say what was found."""
    try:
        known = head_of(anchor, "The head that you kept") if anchor.strip() else None
        bar = st.progress(0.0, "Following the trail …")
        rows = max(1, head.seq)

        def tell(count: int) -> None:
            bar.progress(min(1.0, count / rows), f"{count:,} of {rows:,} rows")

        found = prove(store(), known, tell)
        bar.empty()
    except InputError as error:
        st.error(plain(str(error)))
    except AdvisorError as error:
        st.error(plain(f"It could not be checked. {error}"))
    else:
        verdict(found, known is not None)


def verdict(found: Proof, anchored: bool) -> None:
    """Say whether it is intact, and what was looked at."""
    chain = found.chain
    if found.intact:
        kept = " It goes on from the head that you kept." if anchored else ""
        st.success(f"Intact: {counted(chain.head.seq, 'row')}.{kept}")
    else:
        faults = [str(chain.fault)] if chain.fault else []
        faults += [fault for one in found.parts for fault in one.faults]
        st.error("**It is not intact.**\n\n" + "\n".join(f"- {plain(one)}" for one in faults))
    whole = [one.found for one in found.parts if not one.faults]
    st.markdown("  \n".join(f":material/check: {plain(one)}" for one in whole))


def history() -> None:
    """Draw the rows that are wanted, the newest first, a page at a time."""
    wanted = filters()
    found = page_of(store(), wanted)
    if not found.rows:
        st.info("No row is like this.")
    else:
        st.table([line(row, found) for row in found.rows])
    with st.container(horizontal=True):
        if wanted.before is not None:
            press("Newest", turn, None, key="newest", icon=":material/first_page:")
        if found.older is not None:
            press("Older", turn, found.older, key="older", icon=":material/chevron_right:")
    if found.rows and st.toggle("Show these rows as they are stored"):
        lines = [json_line(dict(row)) for row in found.rows if isinstance(row, TrailEntry)]
        st.code("\n".join(lines), language="json", wrap_lines=True)


def filters() -> TrailQuery:
    """Draw the filters, which stand in the URL, and return what they ask for."""
    people = names() | dict(NOBODY)
    one, two, three = st.columns(3)
    proposal = one.text_input("Proposal (its id)", **kept("proposal", given("proposal")))
    person = two.selectbox(
        "Person", ["", *sorted(people, key=lambda id: people[id].casefold())],
        format_func=lambda id: people.get(id, "Anybody"), **chosen("person", people),
    )  # fmt: skip
    action = three.selectbox(
        "What", ["", *sorted(WORDS, key=title_of)],
        format_func=lambda name: title_of(name) if name else "Anything", **chosen("action", WORDS),
    )  # fmt: skip
    first, last = st.columns(2)
    since = first.date_input("From", **kept("from", day("from")))
    until = last.date_input("To, that day included", **kept("to", day("to")))
    return TrailQuery(
        proposal.strip() or None, person or None, action or None, moment_of(since, 0), ROWS,
        moment_of(until, 1), before(),
    )  # fmt: skip


def given(name: str) -> str:
    """Return what the URL says about a filter."""
    return str(st.query_params.get(name, ""))


def day(name: str) -> date | None:
    """Return the day that the URL names, if it is one."""
    try:
        return date.fromisoformat(given(name))
    except ValueError:
        return None


def kept(name: str, value: str | date | None) -> dict[str, Any]:
    """Return what makes a filter begin as the URL says, and stand in it from then on."""
    return {"value": value, "key": f"filter-{name}", "on_change": keep, "args": (name,)}


def chosen(name: str, known: Collection[str]) -> dict[str, Any]:
    """Return the same for a choice, which begins empty where the URL names nothing known."""
    looks = kept(name, None)
    del looks["value"]
    st.session_state.setdefault(looks["key"], given(name) if given(name) in known else "")
    return looks


def keep(name: str) -> None:
    """Put a filter into the URL; the newest rows that fit come first."""
    value = st.session_state[f"filter-{name}"]
    turn(None)
    st.query_params.pop(name, None)
    if value:
        st.query_params[name] = str(value)


def moment_of(day: date | None, later: int) -> datetime | None:
    """Return the first moment of a day, or of one that comes later, in UTC."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=later)


def before() -> int | None:
    """Return the row before which the page begins, as the URL says."""
    text = st.query_params.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def turn(seq: int | None) -> None:
    """Go to the rows before one, or to the newest."""
    st.query_params.pop("before", None)
    if seq is not None:
        st.query_params["before"] = str(seq)


def line(row: TrailEntry | Unreadable, found: TrailPage) -> dict[str, str]:
    """Return one row of the table."""
    if isinstance(row, Unreadable):
        return {"Row": "?", "When": "", "Who did what": f"Cannot be read: {plain(row.what)}",
                "Proposal": ""}  # fmt: skip
    who = plain(start(name_of(row.actor, found.names)))
    role = f" ({plain(row.role)})" if row.role else ""
    about = plain(found.titles.get(row.proposal or "", row.proposal or "")) or "–"
    return {
        "Row": f"{row.seq:,}",
        "When": at(row),
        "Who did what": f"**{who}**{role} {plain(told(row, found.names))}",
        "Proposal": about,
    }


def at(row: TrailEntry) -> str:
    """Return when a row was written, in the reader's own zone."""
    try:
        return local_time(datetime.fromisoformat(row.at))
    except ValueError:
        return plain(row.at)


me = require(Role.AUDITOR, Role.ADMINISTRATOR, Role.RISK)
st.title("Audit")
show_problems()
reads_all = {Role.AUDITOR, Role.ADMINISTRATOR} & set(me.roles)
if reads_all:
    check()
    who, which = st.tabs(["Who did what", "Overrides"])
    with who:
        history()
    with which:
        audit_exports.overrides_list()
else:
    st.header("Overrides")
    audit_exports.overrides_list()
