"""The top of a dossier: what is decided, the case against, the advice, and what changed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.domain.lifecycle import OPEN, STATES, Role
from advisor.presentation.differences import Difference, around
from advisor.presentation.flips import FlippingAnswers
from advisor.presentation.wording import counted, listing, start
from advisor.review.decisions.judgement import Bar, ask_of
from advisor.review.dossier.dossier_record import Dossier
from advisor.rules import RuleBook, load
from advisor.ui.navigation import link
from advisor.ui.proposal.grounds import flip_words
from advisor.ui.session import local_time
from advisor.ui.widgets import bullets

FIRST = 3
"""Lines of one kind that are shown at once."""


def header(read: Dossier) -> None:
    """Draw what exactly is decided, who asks, how much is at stake and for how long it waits."""
    view = read.view
    st.title(plain(read.stored.draft.title or "Untitled"))
    changed_meanwhile(read)
    with st.container(border=True, key="asks"):
        st.header(f"{plain(read.asks)}.", anchor="asks")
        with st.container(horizontal=True):
            for text, icon, colour in badges(read):
                st.badge(text, icon=icon, color=colour)
        because = "; ".join(view.tier_because) or view.tier.meaning.rstrip(".")
        waits = waiting(view.where.since) if view.state in OPEN else start(STATES[view.state])
        st.markdown(
            f"**Owner:** {plain(listing(read.writers))} · "
            f"**Tier:** {plain(view.tier.name)} ({plain(because)}) · "
            f"**{'Waiting' if view.state in OPEN else 'State'}:** {plain(waits)} · "
            f"**Number:** {read.number}"
        )
        if read.role is Role.OWNER:
            link(read.stored, "review_form", "Change it", ":material/fact_check:")
        else:
            st.markdown("[Go to the decision](#decision) · [Evidence](#evidence)")


Colour = Literal["red", "orange", "gray"]


def badges(read: Dossier) -> list[tuple[str, str, Colour]]:
    """Return what must not be overlooked, each with a sign and a colour."""
    view = read.view
    signs: list[tuple[bool, str, str, Colour]] = [
        (read.override, "Override: a veto was set aside", ":material/gpp_maybe:", "red"),
        (view.tier.id == "high", "Tier high", ":material/priority_high:", "orange"),
        (bool(view.over), f"Over: {view.over}", ":material/timer_off:", "orange"),
        (not read.advice.agrees, "Against the advice", ":material/thumb_down:", "orange"),
        (read.reads_only, "You read only", ":material/visibility:", "gray"),
    ]
    return [(text, icon, colour) for there, text, icon, colour in signs if there]


def waiting(since: datetime) -> str:
    """Return how long it waits: `3 days, since 25 November …`."""
    days = (datetime.now(UTC) - since).days
    return f"{counted(days, 'day') if days else 'since today'} ({local_time(since)})"


def changed_meanwhile(read: Dossier) -> None:
    """Say when another version is shown than the one that was opened."""
    key, version = f"dossier-version/{read.stored.id}", read.stored.version
    first = st.session_state.setdefault(key, version)
    if first != version:
        st.warning(
            f"It changed while you read: this is version {version}, you opened version {first}. "
            "What you typed below is still there. Read what changed first."
        )
        st.button("I have read it", on_click=st.session_state.update, args=({key: version},))


def against(read: Dossier) -> None:
    """Draw the case against, the gravest first."""
    case = read.against
    st.header("The case against", anchor="against")
    book = load()
    lines = [bar_words(bar, bar.id in case.set_aside, book) for bar in case.bars]
    lines += [
        f":material/block: **{plain(one.title)}.** {plain(one.because)} "
        f"Instead: {plain(one.instead)}"
        for one in case.vetoes
    ]
    if case.missing:
        asks = " ".join(plain(one.ask) for one in case.missing[:FIRST])
        lines.append(f":material/edit_off: **Not filled in ({len(case.missing)}):** {asks}")
    if case.rather:
        lines.append(f":material/balance: **Another remedy is recommended.** {plain(case.rather)}")
    lines += [
        f":material/call_split: **{plain(one.title)}.** {plain(one.because)}"
        for one in case.elsewhere[:FIRST]
    ]
    lines += [f":material/help: {plain(text)}" for text in case.doubts[:FIRST]]
    bullets(lines or ["Nothing that is known speaks against it. What is unknown stands below."])
    flips(case.flips, "Answers that would turn the recommendation round")
    flips(case.open, "Open questions that could turn it round")
    more(read)


def bar_words(bar: Bar, aside: bool, book: RuleBook) -> str:
    """Return a veto of approval with what to do instead."""
    asks = " ".join(plain(ask_of(name, book)) for name in bar.needs)
    waits = f" Nobody answered: {asks}" if asks else ""
    may = " The risk role may override it." if bar.override else " Nobody may override it."
    note = " **An override has set it aside.**" if aside else may
    return (
        f":material/block: **{plain(bar.title)}.**{waits} {plain(bar.because)} "
        f"Instead: {plain(bar.instead)}{note}"
    )


def flips(answers: Sequence[FlippingAnswers], title: str) -> None:
    """Draw single answers that would change the result."""
    if not answers:
        return
    with st.expander(f"{title} ({len(answers)})"):
        bullets(map(flip_words, answers))


def more(read: Dossier) -> None:
    """Draw the other reasons that point elsewhere, and what nobody answered."""
    case = read.against
    if rest := case.elsewhere[FIRST:]:
        with st.expander(f"More reasons that point elsewhere ({len(rest)})"):
            bullets(f"**{plain(reason.title)}.** {plain(reason.because)}" for reason in rest)
    if case.unknown:
        with st.expander(f"Nobody answered ({len(case.unknown)})"):
            bullets(plain(ask) for ask in case.unknown)


def advice(read: Dossier) -> None:
    """Draw the recommendation against the request, with the owner's reason."""
    said = read.advice
    st.header("Advice and request", anchor="advice")
    st.markdown(plain(said.headline))
    st.markdown(plain(said.request))
    st.markdown(f"**How firm:** {plain(said.firm)}")
    if said.reason:
        st.markdown(f"**The owner's reason:** {verbatim(said.reason)}")
    elif not said.agrees:
        st.markdown("**The owner gives no reason for asking for something else.**")
    link(read.stored, "recommendation", "The whole recommendation", ":material/balance:")


def since(read: Dossier) -> None:
    """Draw what changed since this person looked last."""
    change = read.since
    if change is None:
        seen = st.session_state.setdefault(f"seen/{read.stored.id}", read.seen_at)
        before = f"You saw this before, {local_time(seen)}." if seen else ""
        st.markdown(f":material/visibility: {before or 'You see this for the first time.'}")
        return
    st.subheader("Changed since you looked")
    st.markdown(f"You saw version {change.version}, {local_time(change.at)}.")
    bullets(plain(one) for one in change.happened)
    if change.rules:
        st.markdown(":material/rule: The rules changed since.")
    if not change.fields:
        st.markdown("No field differs.")
    for one in map(around, change.fields[:FIRST]):
        difference(one)
    if rest := change.fields[FIRST:]:
        with st.expander(f"{counted(len(rest), 'more field')} changed"):
            for one in map(around, rest):
                difference(one)


def difference(field: Difference) -> None:
    """Draw one field before and after."""
    with st.container(border=True):
        st.markdown(
            f"**{plain(field.what)}**  \n"
            f":material/remove: {verbatim(field.before)}  \n"
            f":material/add: {verbatim(field.after)}"
        )
