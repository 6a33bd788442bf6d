"""Submitting for review: what the owner sees last, recorded once."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Action
from advisor.errors import AdvisorError, InputError
from advisor.review.decisions.decide import ReviewService
from advisor.review.decisions.decision_requests import DecisionRequest
from advisor.review.decisions.owner_form import OwnerForm
from advisor.review.decisions.review_view import Button
from advisor.rules import load
from advisor.store import Stored
from advisor.ui.assessing import assess
from advisor.ui.navigation import link
from advisor.ui.session import store
from advisor.ui.widgets import press

AFTER = {
    Action.SUBMIT: "It waits for a reviewer now. You see it under My proposals; a change takes it "
    "back.",
    Action.WITHDRAW: "It is withdrawn. A change makes it a draft again.",
}


def submit(stored: Stored, form: OwnerForm, person: str) -> None:
    """Draw what submits and what withdraws, or why not."""
    st.header("Submit", anchor="submit")
    recorded(stored)
    can = {button.move.action: button for button in form.view.buttons}
    if Action.SUBMIT in can:
        hand_in(stored, form, can[Action.SUBMIT], person)
    if Action.WITHDRAW in can and not can[Action.WITHDRAW].hindrance and form.view.history:
        with st.expander("Withdraw it"):
            st.markdown("Nobody decides about it then. A change makes it a draft again.")
            draw(stored, form, Action.WITHDRAW, person, f"Withdraw version {stored.version}")
    link(stored, "dossier", "See it as reviewers do", ":material/folder_open:")


def recorded(stored: Stored) -> None:
    """Say what was recorded, or what was wrong."""
    for line in st.session_state.pop(f"submit-wrong/{stored.id}", ()):
        st.error(plain(line))
    done = st.session_state.get(f"submitted/{stored.id}")
    if done:
        st.success(f"Recorded. {AFTER[done]}")


def hand_in(stored: Stored, form: OwnerForm, button: Button, person: str) -> None:
    """Draw the note for reviewers and the button that submits."""
    if button.hindrance:
        st.info(plain(button.hindrance))
        return
    st.text_input(
        "A word to the reviewers (may stay empty), such as what you changed",
        key=f"note/{stored.id}", max_chars=4_000, persist_state="session",
    )  # fmt: skip
    label = f"Submit version {stored.version} for review"
    draw(stored, form, Action.SUBMIT, person, label, type="primary")


def draw(
    stored: Stored, form: OwnerForm, action: Action, person: str, label: str, **look: str
) -> None:
    """Draw a button that is recorded once, however often it is pressed."""
    situation = f"{action}/{stored.id}/{len(form.view.history)}"
    key = st.session_state.setdefault(f"key/{situation}", secrets.token_hex(8))
    press(label, record, stored, form, action, person, key, key=f"record/{situation}", **look)


def record(stored: Stored, form: OwnerForm, action: Action, person: str, key: str) -> None:
    """Send it in; whatever is refused changes nothing."""
    reason = st.session_state.get(f"note/{stored.id}") or "" if action is Action.SUBMIT else ""
    try:
        version, content = meant(stored, form, person)
        if action is Action.SUBMIT:
            assess(store().get(stored.id, version), handed_in=True)
        request = DecisionRequest(action=action, version=version, content=content, reason=reason)
        ReviewService(store(), load()).decide(stored.id, request, person, key)
    except InputError as error:
        lines = tuple(f"{problem.where.removeprefix('review.')}: {problem.what}. {problem.mend}"
                      for problem in error.problems)  # fmt: skip
        st.session_state[f"submit-wrong/{stored.id}"] = lines
    except AdvisorError as error:
        st.session_state[f"submit-wrong/{stored.id}"] = str(error).splitlines()
    else:
        st.session_state[f"submitted/{stored.id}"] = action


def meant(stored: Stored, form: OwnerForm, person: str) -> tuple[int, str]:
    """Return the version that is meant: the one shown, with what this person saved since.

    The last field is saved by the click on the button itself, after the page was drawn.
    """
    newer = [version for version in store().versions(stored.id) if version.version > stored.version]
    if not newer or any(version.author != person for version in newer):
        return form.view.about.version, form.view.about.content
    return newer[0].version, newer[0].fingerprint
