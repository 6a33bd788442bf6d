"""The owner's form: what a reviewer needs to know, asked once, saved as it is typed, submitted."""

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.domain.assessment import Assessment
from advisor.domain.lifecycle import STATES, Role
from advisor.errors import InputError
from advisor.presentation.wording import answer_words, combination_words, counted
from advisor.review.decisions.leases import PILOT_DAYS
from advisor.review.decisions.owner_form import OPEN, SECTIONS, OwnerForm, form
from advisor.rules import load
from advisor.store import Stored
from advisor.ui.assessing import assess
from advisor.ui.identity import require
from advisor.ui.navigation import link, steps
from advisor.ui.review import owner_fields, submit_view
from advisor.ui.session import current, local_time, store
from advisor.ui.widgets import bullets

SHOWN = 8
"""Missing answers that are named at once."""


def known(stored: Stored, result: Assessment) -> None:
    """Show what the advisor knows already, so that nothing is asked twice."""
    draft, book = stored.draft, load()
    asked = combination_words(draft.requested) if draft.requested else "nothing yet"
    said = [
        f"{plain(book.questions[name].ask)} **{plain(answer_words(value, book.questions[name]))}**"
        for name, value in draft.answers.items()
        if name in book.questions and value is not None
    ]
    with st.expander(f"What the advisor knows already and does not ask again ({len(said) + 3})"):
        bullets([
            f"What is asked for: **{plain(asked)}**",
            f"What it recommends: **{plain(combination_words(result.recommendation))}**",
            f"Failures shown: **{len(draft.failures):,}**",
            *said,
        ])
        link(stored, "questions", "Change an answer", ":material/quiz:")


def standing(stored: Stored, form: OwnerForm) -> bool:
    """Say where it stands, and return whether it may be changed now."""
    view = form.view
    if form.asked:
        who = plain(view.names.get(form.asked.actor, form.asked.actor))
        with st.container(border=True):
            st.markdown(
                f":material/edit_note: **{who} asked for changes**, "
                f"{local_time(form.asked.at)}:  \n{verbatim(form.asked.reason)}"
            )
    if view.state in OPEN:
        return True
    st.info(f"It is {STATES[view.state]}.")
    return st.toggle(
        "Change it all the same: it becomes a draft, and what was approved or submitted is void",
        key=f"change/{stored.id}",
    )


def stakes(form: OwnerForm) -> None:
    """Show how much is at stake, why, and what that takes."""
    view = form.view
    tier = view.tier
    st.markdown(f"**Tier so far: {plain(tier.name)}.** {plain(tier.meaning)}")
    bullets(plain(title) for title in view.tier_because if title not in form.waits)
    if form.waits:
        st.markdown("Not said yet, so taken to be true:")
        bullets(plain(title) for title in form.waits)
    risk = ", one of them from risk," if tier.one_from_risk else ""
    many = (
        "1 person agrees" if tier.pilot_people == 1 else f"{tier.pilot_people} people{risk} agree"
    )
    st.markdown(
        f"It takes: {many}. A pilot is approved for {PILOT_DAYS} days, adoption for "
        f"{counted(tier.months, 'month')}."
    )


def still_missing(form: OwnerForm) -> None:
    """List what keeps it from being submitted."""
    bars = [bar for bar in form.view.bars if form.view.stage == "submit" and not bar.needs]
    if not (form.missing or bars):
        st.markdown(":material/check_circle: Everything that is needed is there.")
        return
    st.markdown("**Still missing**")
    bullets(f"{plain(bar.title)}. {plain(bar.instead)}" for bar in bars)
    bullets(plain(field.ask) for field in form.missing[:SHOWN])
    if rest := len(form.missing) - SHOWN:
        st.markdown(f"and {rest} more below." if rest > 0 else "")


owner = require(Role.OWNER)
stored = current()
steps(stored, "review_form")
result = assess(stored)
try:
    found = form(store(), load(), stored.id, owner.id)
except InputError as error:
    st.error(plain(str(error)))
    st.stop()
st.header("Review form")
st.markdown("What a reviewer must know before anything is trained. Half a form is saved, too.")
changeable = standing(stored, found)
st.progress(
    found.done / max(1, len(found.needed)),
    f"{found.done} of {len(found.needed)} answers that tier {plain(found.view.tier.name)} needs",
)
left, right = st.columns([3, 2], gap="large")
with right, st.container(border=True, key="leaning"):
    stakes(found)
    still_missing(found)
with left:
    known(stored, result)
    for name, title in SECTIONS.items():
        owner_fields.section(stored, found, name, title, changeable)
submit_view.submit(stored, found, owner.id)
