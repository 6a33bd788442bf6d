"""Who there is and what they may be; an administrator gives and takes roles."""

import secrets

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.settings import settings
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.review.people.role_words import role_words
from advisor.store.people.people import Person
from advisor.ui import identity
from advisor.ui.identity import require
from advisor.ui.review import undelivered_view
from advisor.ui.review.person_card import card, say
from advisor.ui.session import store
from advisor.ui.widgets import attempt, press, show_problems, some_of

ROWS = 20


def first_person() -> None:
    """Let the local user add the first person, who becomes administrator."""
    st.info("Nobody is here yet. The first person becomes administrator and adds the others.")
    if settings().signs_in or not identity.alone():
        st.markdown("Whoever runs the advisor adds them on that machine:")
        st.code("advisor people add NAME --email ADDRESS --role administrator", language=None)
        return
    with st.form("first", enter_to_submit=False):
        name = st.text_input("Your name", key="first-name")
        email = st.text_input("Your address (may stay empty)", key="first-email")
        if st.form_submit_button("Add me as administrator", type="primary"):
            given = (name, email, [Role.ADMINISTRATOR], None, secrets.token_hex(8))
            if added := attempt(People(store()).add, *given):
                st.session_state["acting"] = added.id
            st.rerun()


def add_person(by: str) -> None:
    """Add somebody with roles."""
    with st.expander("Add a person", icon=":material/person_add:"):
        turn = st.session_state.get("turn", 0)
        name, email, roles = (f"add-{part}-{turn}" for part in ("name", "email", "roles"))
        st.text_input("Name", key=name)
        st.text_input("Address, by which they are found at sign-in", key=email)
        st.multiselect("Roles", list(Role), format_func=role_words, key=roles)
        press("Add", add, name, email, roles, by, key="add", type="primary")


def add(name: str, email: str, roles: str, by: str) -> None:
    """Add a person from what the fields with these keys hold, and empty them."""
    given = (st.session_state[field] for field in (name, email, roles))
    if added := attempt(People(store()).add, *given, by, secrets.token_hex(8)):
        st.session_state["turn"] = st.session_state.get("turn", 0) + 1
        say(f"{added.name} is here now: {listing(added.roles) or 'no role yet'}.")


def everybody(by: str) -> None:
    """Draw everybody, some at a time; one of them may be open for changes."""
    text = st.text_input("Search names, addresses, roles", key="find", bind="query-params")
    wanted = [
        person
        for person in People(store()).all()
        if not person.erased and text.casefold() in words(person)
    ]
    st.markdown("1 person" if len(wanted) == 1 else f"{len(wanted):,} people")
    for person in some_of(wanted, ROWS, f"page/{text}"):
        with st.container(border=True):
            card(person, by)


def words(person: Person) -> str:
    """Return what a search looks through."""
    return " ".join([person.name, person.email or "", *person.roles]).casefold()


st.title("People")
show_problems()
if not any(Role.ADMINISTRATOR in person.roles for person in People(store()).all()):
    first_person()
    st.stop()
administrator = require(Role.ADMINISTRATOR)
if text := st.session_state.pop("done", ""):
    st.success(plain(text))
st.markdown(
    "An administrator gives and takes roles, and decides nothing. Every change stands in the "
    "audit trail, and counts from the next decision on."
)
add_person(administrator.id)
everybody(administrator.id)
undelivered_view.outbox()
