"""The form of a decision: what is typed stays until it is recorded, and it is recorded once."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import BUTTONS, STATES, VOTES, Action
from advisor.domain.review import Decision
from advisor.errors import AdvisorError, ConflictError, InputError, Problem
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import SHORTEST
from advisor.review.dossier.decision_form import request_of, types_again
from advisor.review.dossier.decision_words import (
    after_words,
    forbidding,
    hindrances,
    offered,
    people_words,
    record_words,
)
from advisor.review.dossier.dossier_record import Dossier
from advisor.rules import load
from advisor.ui.dossier import approval_fields
from advisor.ui.dossier.form_fields import KEEP, others, place, value, wrong
from advisor.ui.session import local_time, store
from advisor.ui.widgets import press


def decide(read: Dossier, person: str) -> None:
    """Draw what was recorded, then the form, or why there is none."""
    st.header("Decision", anchor="decision")
    recorded(read)
    for line in hindrances(read.view):
        st.info(plain(line))
    can = offered(read.view)
    if not can:
        st.markdown(f"Nothing to decide for you: it is {STATES[read.view.state]}.")
        return
    with st.container(border=True, key="decide"):
        form(read, person, can)


def recorded(read: Dossier) -> None:
    """Say what this person recorded here last, and what can be done about it."""
    made: Decision | None = st.session_state.get(f"decided/{read.stored.id}")
    if made:
        st.success(
            f"Recorded: “{BUTTONS[made.action]}” on version {made.version}, "
            f"{local_time(made.at)}. {after_words(made)}"
        )


@st.fragment
def form(read: Dossier, person: str, can: tuple[Action, ...]) -> None:
    """Draw the form; only it is drawn again while somebody types."""
    if st.session_state.pop(f"reload/{read.stored.id}", False):
        st.rerun()
    action = st.radio(
        "What do you decide?", can, index=None, horizontal=True,
        format_func=BUTTONS.__getitem__, key=place(read, "action"), **KEEP,
    )  # fmt: skip
    if action is None:
        st.markdown("Choose one; what it needs appears below.")
        return
    warnings(read, action)
    if action in VOTES:
        approval_fields.vote(read, action)
    reason(read)
    again(read, action)
    others(read)
    situation = f"{read.stored.id}/{len(read.view.history)}"
    key = st.session_state.setdefault(f"key/{situation}", secrets.token_hex(8))
    label = record_words(read.view, action, value(read, f"expires/{action}"))
    press(label, record, read, action, person, key, key=f"record/{situation}", type="primary")


def warnings(read: Dossier, action: Action) -> None:
    """Say what would refuse it, and who else must agree, before anybody types."""
    for bar in forbidding(read.view, action):
        st.warning(f"This would be refused now. **{plain(bar.title)}.** {plain(bar.instead)}")
    if action in VOTES and read.view.missing:
        asks = "; ".join(plain(field.ask) for field in read.view.missing)
        st.warning(f"This would be refused now. The owner did not fill in: {asks}")
    if words := people_words(read.view, action):
        st.markdown(f":material/group: {words}")


def reason(read: Dossier) -> None:
    """Draw the field for the reason."""
    text = st.text_area(
        f"Your reason (at least {SHORTEST} characters; it is kept with the decision)",
        key=place(read, "reason"), max_chars=4_000, height=110, **KEEP,
    )  # fmt: skip
    left = SHORTEST - len(" ".join((text or "").split()))
    if text and left > 0:
        st.markdown(f"{left} characters more.")
    wrong(read, "reason")


def again(read: Dossier, action: Action) -> None:
    """Draw the field in which the number is typed again where much is at stake."""
    if types_again(read.view, action):
        st.text_input(
            f"Tier high: type the number of this proposal again ({read.number})",
            key=place(read, "number"), max_chars=40, **KEEP,
        )  # fmt: skip
        wrong(read, "number")


def record(read: Dossier, action: Action, person: str, key: str) -> None:
    """Send the decision in; whatever is refused leaves the form as it is."""
    if st.session_state.get(f"recorded/{key}"):
        return  # the second of two clicks; the first one has emptied the form
    st.session_state[place(read, "problems")] = ()
    try:
        request = request_of(read.view, approval_fields.typed(read, action))
        made = ReviewService(store(), load()).decide(read.stored.id, request, person, key)
    except InputError as error:
        st.session_state[place(read, "problems")] = error.problems
    except AdvisorError as error:
        st.session_state[place(read, "problems")] = (Problem("", str(error)),)
        st.session_state[f"reload/{read.stored.id}"] = isinstance(error, ConflictError)
    else:
        forget(read)
        st.session_state[f"recorded/{key}"] = True
        st.session_state[f"decided/{read.stored.id}"] = made
        st.session_state[f"reload/{read.stored.id}"] = True


def forget(read: Dossier) -> None:
    """Empty the form once it was recorded."""
    begins = place(read, "")
    for name in [name for name in st.session_state if str(name).startswith(begins)]:
        del st.session_state[name]
