"""Who there is and what they may be; an administrator gives and takes roles."""

import secrets
from collections.abc import Callable
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.settings import settings
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.review.people.role_words import locked_out, role_words
from advisor.store.people.people import Person
from advisor.ui import identity
from advisor.ui.identity import require
from advisor.ui.queue import undelivered_view
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
            if added := attempt(people.add, *given):
                st.session_state["acting"] = added.id
            st.rerun()


def add_person() -> None:
    """Add somebody with roles."""
    with st.expander("Add a person", icon=":material/person_add:"):
        turn = st.session_state.get("turn", 0)
        name, email, roles = (f"add-{part}-{turn}" for part in ("name", "email", "roles"))
        st.text_input("Name", key=name)
        st.text_input("Address, by which they are found at sign-in", key=email)
        st.multiselect("Roles", list(Role), format_func=role_words, key=roles)
        press("Add", add, name, email, roles, key="add", type="primary")


def add(name: str, email: str, roles: str) -> None:
    """Add a person from what the fields with these keys hold, and empty them."""
    given = (st.session_state[field] for field in (name, email, roles))
    if added := attempt(people.add, *given, me.id, secrets.token_hex(8)):
        st.session_state["turn"] = st.session_state.get("turn", 0) + 1
        say(f"{added.name} is here now: {listing(added.roles) or 'no role yet'}.")


def say(text: str) -> None:
    """Say on the next drawing what was done."""
    st.session_state["done"] = text


def everybody() -> None:
    """Draw everybody, some at a time; one of them may be open for changes."""
    found = [one for one in people.all() if not one.erased]
    text = st.text_input("Search names, addresses, roles", key="find", bind="query-params")
    wanted = [one for one in found if text.casefold() in words(one)]
    st.markdown("1 person" if len(wanted) == 1 else f"{len(wanted):,} people")
    for one in some_of(wanted, ROWS, f"page/{text}"):
        with st.container(border=True):
            left, right = st.columns([5, 1], vertical_alignment="center")
            address = f"  \n{plain(one.email)}" if one.email else ""
            left.markdown(
                f"**{plain(one.name)}**{' (you)' if one.id == me.id else ''}: "
                f"{listing(one.roles) or 'no role'}{address}"
            )
            with right:
                if st.session_state.get("open") == one.id:
                    press("Close", open_, None, key=f"open-{one.id}")
                else:
                    press("Change", open_, one.id, key=f"open-{one.id}")
            if st.session_state.get("open") == one.id:
                changes(one)


def words(one: Person) -> str:
    """Return what a search looks through."""
    return " ".join([one.name, one.email or "", *one.roles]).casefold()


def open_(id: str | None) -> None:
    """Open one person for changes, or close them."""
    st.session_state["open"] = id
    st.session_state.pop("sure", None)


def changes(one: Person) -> None:
    """Offer every role to be given or taken, and to erase the person."""
    asked = st.session_state.get("sure", ("", ""))
    for role in Role:
        st.toggle(
            role_words(role),
            role in one.roles,
            key=f"role/{one.id}/{role}/{st.session_state.get('turn', 0)}",
            on_change=switch,
            args=(one, role),
        )
        if asked == (one.id, role):
            confirm(one, role)
    st.markdown(f"Id, as the trail names them: `{one.id}`")
    press("Erase …", sure, (one.id, "erase"), key=f"erase-{one.id}", icon=":material/delete:")
    if asked == (one.id, "erase"):
        confirm(one, "erase")


def switch(one: Person, role: Role) -> None:
    """Give or take a role; ask first where taking it locks somebody out."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    if role not in one.roles:
        give(one, role)
    elif losses(one, role):
        sure((one.id, role))
    else:
        take(one, role)


def give(one: Person, role: Role) -> None:
    """Give a role."""
    sure(None)
    if attempt(people.give, one.id, role, me.id, secrets.token_hex(8)):
        say(f"{one.name} holds the role {role} now.")


def losses(one: Person, role: Role) -> list[str]:
    """Return what nobody could do any more, or this person could not."""
    return locked_out(people.all(), one, role, me.id)


def sure(asked: tuple[str, str] | None) -> None:
    """Ask whether somebody is sure, or stop asking."""
    st.session_state["sure"] = asked or ("", "")


def confirm(one: Person, what: str) -> None:
    """Say what follows, and let the person go on or not."""
    if what == "erase":
        st.warning(
            f"**Erase {plain(one.name)}?** Name, address and roles go for good, and they cannot "
            "sign in as this person again. What they decided stays, under the id above, because "
            "the trail must not change. Records that were exported before still hold the name."
        )
        do: Callable[[Person], None] = erase
        label = "Erase for good"
    else:
        role = Role(what)
        st.warning(" ".join(map(plain, losses(one, role))))
        do, label = partial(take, role=role), "Take it all the same"
    with st.container(horizontal=True):
        press(label, do, one, key=f"sure-{one.id}", type="primary")
        press("Keep", sure, None, key=f"keep-{one.id}")


def take(one: Person, role: Role) -> None:
    """Take a role."""
    sure(None)
    if attempt(people.take, one.id, role, me.id, secrets.token_hex(8)):
        say(f"{one.name} does not hold the role {role} any more.")


def erase(one: Person) -> None:
    """Erase a person."""
    open_(None)
    if attempt(people.erase, one.id, me.id, secrets.token_hex(8)):
        say(f"Erased. What {one.id} decided stays in the record.")


people = People(store())
st.title("People")
show_problems()
if not any(Role.ADMINISTRATOR in one.roles for one in people.all()):
    first_person()
    st.stop()
me = require(Role.ADMINISTRATOR)
if text := st.session_state.pop("done", ""):
    st.success(plain(text))
st.markdown(
    "An administrator gives and takes roles, and decides nothing. Every change stands in the "
    "audit trail, and counts from the next decision on."
)
add_person()
everybody()
undelivered_view.outbox()
