"""The way in, and the corner of every screen that tells who is at work."""

from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.core.markdown import plain
from advisor.core.settings import settings
from advisor.errors import NotAllowedError
from advisor.presentation.wording import listing
from advisor.review.people.people import People, distinct_names
from advisor.store import open_store
from advisor.store.people.people import Person
from advisor.ui.identity import alone, entered, last_chosen
from advisor.ui.widgets import press

NOBODY = "Local user"


def enter(at_work: Person | None) -> None:
    """Let nobody past who has to sign in first; draw who is at work."""
    if not settings().signs_in:
        return local_corner(at_work)
    if at_work is None:
        door(why_not())
    with corner(at_work):
        st.markdown(about(at_work))
        press("Sign out", st.logout, key="sign-out")


def why_not() -> str:
    """Return why a sign-in does not count; nothing if nobody signed in."""
    try:
        entered()
    except NotAllowedError as error:
        return str(error)
    return ""


def door(why: str) -> NoReturn:
    """Draw the way in, and nothing else."""
    st.title("Advisor")
    if why:
        st.warning(why)
    st.markdown("Is this a behaviour problem or a knowledge problem? Sign in to find out.")
    press("Sign in", st.login, key="sign-in", type="primary", icon=":material/login:")
    st.stop()


def corner(at_work: Person | None) -> DeltaGenerator:
    """Return the place that tells who is at work."""
    with st.container(key="account"):
        return st.popover(plain(at_work.name) if at_work else NOBODY, icon=":material/person:")


def about(at_work: Person) -> str:
    """Return a person's name and roles in a line."""
    roles = listing(at_work.roles) or "no role yet; an administrator gives one"
    return f"**{plain(at_work.name)}**: {roles}"


def local_corner(at_work: Person | None) -> None:
    """Let the local user act as somebody, clearly labelled; nothing where there is nobody."""
    everybody = {person.id: person for person in People(open_store()).all()}
    known = distinct_names(everybody.values())
    if not known or not alone():
        return
    with corner(at_work):
        st.markdown(
            "**Local mode.** Nobody signs in here; you choose whom you act as. "
            "With a sign-in configured this is gone."
        )
        st.selectbox(
            "Acting as",
            ["", *known],
            index=["", *known].index(at_work.id) if at_work else 0,
            format_func=lambda id: choice(known[id], everybody[id]) if id else NOBODY,
            key="acting-as",
            on_change=act,
        )


def choice(name: str, person: Person) -> str:
    """Return a person as a line of the list."""
    return f"{name}: {listing(person.roles) or 'no role'}"


def act() -> None:
    """Act as the chosen person from now on, in this window and in those opened later."""
    st.session_state["acting"] = last_chosen()[0] = st.session_state["acting-as"]
