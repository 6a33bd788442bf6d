"""What else a dossier holds: the owner's answers, similar proposals, comments, decisions so far."""

import secrets

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.domain.lifecycle import BUTTONS, STATES, Role, picture
from advisor.domain.review import ApprovalCondition, Decision
from advisor.errors import AdvisorError
from advisor.presentation.wording import answer_words, counted, day_words, percent
from advisor.review.dossier.commenting import LIMIT, comment
from advisor.review.dossier.dossier_record import Dossier
from advisor.review.dossier.dossier_words import share_words
from advisor.review.dossier.similar_proposals import SimilarProposal
from advisor.rules import load
from advisor.rules.schema.answers import filled
from advisor.rules.schema.approval import ReviewField
from advisor.ui.review import record_exports
from advisor.ui.screens import go_to
from advisor.ui.session import local_time, store
from advisor.ui.widgets import press

TOPICS = (
    ("What it is for, and what was tried", ("problem", "reasons"), False),
    ("Data, rights and licences", ("data", "change"), True),
    ("Success, risks, stopping and the way back", ("success", "risk", "declarations"), True),
)
"""Sections of the form under the heads of the dossier, and whether they stand open."""


def answers(read: Dossier) -> None:
    """Draw the owner's answers, and how much training is added to the base model."""
    st.header("What the owner says", anchor="owner")
    st.markdown(f"**Share of training:** {plain(share_words(read.view))}")
    approval = load().approval
    asked = approval.fields.values() if approval else ()
    for title, sections, opened in TOPICS:
        here = [field for field in asked if field.section in sections]
        with st.expander(title, expanded=opened):
            fields(read, here)


def fields(read: Dossier, here: list[ReviewField]) -> None:
    """Draw the answers of some sections, side by side where there is room."""
    given = read.view.about.draft.review
    said = [field for field in here if filled(given.get(field.id))]
    for place in range(0, len(said), 2):
        for cell, field in zip(st.columns(2, gap="large"), said[place : place + 2], strict=False):
            cell.markdown(f"**{plain(field.ask)}**  \n{answer(field, given.get(field.id))}")
    if empty := [field for field in here if field not in said]:
        st.markdown(f"**No answer:** {plain('; '.join(field.ask for field in empty))}")


def answer(field: ReviewField, value: bool | float | str | None) -> str:
    """Return an answer as Markdown that shows it as typed."""
    if field.type == "text":
        return verbatim(str(value))
    return plain(answer_words(value, field.asked))


def similar(read: Dossier) -> None:
    """Draw earlier proposals that are similar, and how they ended."""
    found = read.similar
    st.header("Similar earlier proposals", anchor="similar")
    for proposal in found.found:
        like(proposal, linked=read.role is not Role.OWNER)
    waiting = f" {counted(found.waiting, 'more')} not read yet." if found.waiting else ""
    nothing = "" if found.found else "None is near. "
    st.markdown(
        f"{nothing}Compared with {counted(found.compared, 'proposal')} that came to review, by the "
        f"meaning of title and description; nothing else counts.{waiting.replace('mores', 'more')}"
    )


def like(proposal: SimilarProposal, linked: bool) -> None:
    """Draw one similar proposal."""
    with st.container(border=True):
        reason = f"  \n“{verbatim(proposal.reason)}”" if proposal.reason else ""
        st.markdown(
            f"**{plain(proposal.title)}** ({percent(proposal.closeness)} alike): "
            f"{STATES[proposal.state]}, {local_time(proposal.at)}{reason}"
        )
        if linked:
            go_to("dossier", "Its dossier", ":material/folder_open:", p=proposal.proposal)


def comments(read: Dossier, person: str) -> None:
    """Draw what people said, and the field to say something."""
    st.header(f"Comments ({len(read.comments)})", anchor="comments")
    for remark in read.comments:
        with st.chat_message("user", avatar=":material/person:"):
            who = plain(read.names.get(remark.actor, remark.actor))
            st.markdown(f"**{who}** on version {remark.version}, {local_time(remark.at)}")
            st.markdown(verbatim(remark.text))
    if read.role is not Role.AUDITOR:
        write(read.stored.id, person)


def write(id: str, person: str) -> None:
    """Draw the field for a comment; each turn of it is kept once, however often it is sent."""
    turn = st.session_state.setdefault(f"comment-turn/{id}", secrets.token_hex(8))
    box = f"comment/{turn}"
    st.text_area("Add a comment", key=box, max_chars=LIMIT, persist_state="session")
    for wrong in st.session_state.pop("comment-wrong", []):
        st.error(plain(wrong))
    press("Add the comment", say, id, turn, person, key=f"add/{turn}")


def say(id: str, turn: str, person: str) -> None:
    """Keep a comment."""
    try:
        comment(store(), id, st.session_state[f"comment/{turn}"], person, turn)
    except AdvisorError as error:
        st.session_state["comment-wrong"] = str(error).splitlines()
    else:
        st.session_state.pop(f"comment-turn/{id}", None)


def history(read: Dossier, person: str) -> None:
    """Draw all decisions, the newest first, with their conditions; and the way through review."""
    decided = read.view.history
    st.header(f"Decisions so far ({len(decided)})", anchor="history")
    for made in reversed(decided):
        decision(read, made)
    with st.container(key="record"):
        record_exports.record_downloads(read.view, person)
    with st.expander("The way through review"):
        st.mermaid_chart(picture(read.view.state))


def decision(read: Dossier, made: Decision) -> None:
    """Draw one decision."""
    with st.container(border=True):
        who = plain(read.names.get(made.actor, made.actor))
        role = f" ({made.role})" if made.role else ""
        st.markdown(
            f"**{BUTTONS[made.action]}**, version {made.version}, by {who}{role}, "
            f"{local_time(made.at)}"
        )
        if made.reason:
            st.markdown(verbatim(made.reason))
        for term in made.conditions:
            st.markdown(condition(read, term))


def condition(read: Dossier, term: ApprovalCondition) -> str:
    """Return a condition with who does it and by when."""
    who = plain(read.names.get(term.owner, term.owner))
    done = f"met, {local_time(term.met_at)}" if term.met_at else "open"
    icon = ":material/check_box:" if term.met_at else ":material/check_box_outline_blank:"
    return f"{icon} {plain(term.what)} ({who}, by {day_words(term.due)}; {done})"
