"""Who is at work: signed in, or acted as on this machine, and what they may open."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from advisor.core.markdown import plain
from advisor.core.settings import own_machine, settings
from advisor.domain.lifecycle import Role
from advisor.errors import NotAllowedError, NotFoundError
from advisor.presentation.wording import listing
from advisor.review.people.people import People, distinct_names
from advisor.review.people.signing_in import signed_in
from advisor.store import open_store
from advisor.store.people.people import Person
from advisor.ui.widgets import press

NOBODY = "Local user"


def person() -> Person | None:
    """Return who is at work; none for the local user."""
    if not settings().signs_in:
        return acting() if alone() else None
    try:
        return entered()
    except NotAllowedError:
        return None


def entered() -> Person | None:
    """Return who signed in; none if nobody did.

    Raises:
        NotAllowedError: the sign-in is over or cannot be used.
    """
    if not st.user.get("is_logged_in"):
        return None
    return signed_in(open_store(), st.user.to_dict(), datetime.now(UTC))


def alone() -> bool:
    """Tell whether only this machine reaches the server; elsewhere nobody acts as somebody."""
    return own_machine(str(st.get_option("server.address") or "localhost"))


@st.cache_resource
def last_chosen() -> list[str]:
    """Return whom somebody acted as last: a new window begins as the same person."""
    return [""]


def acting() -> Person | None:
    """Return whom the local user acts as."""
    id = st.session_state.setdefault("acting", last_chosen()[0])
    try:
        found = People(open_store()).find(id) if id else None
    except NotFoundError:
        return None
    return None if found and found.erased else found


def require(*roles: Role) -> Person:
    """Return who is at work; without one of these roles say so and stop the page."""
    at_work = person()
    if at_work and set(roles) & set(at_work.roles):
        return at_work
    st.error(refused(at_work, roles))
    st.stop()


def finds(at_work: Person | None, roles: Sequence[Role]) -> bool:
    """Tell whether a person has one of these roles, or none is needed.

    Before there is anybody, the local user finds the way to add the first administrator.
    """
    if not roles:
        return True
    if at_work is None:
        return [*roles] == [Role.ADMINISTRATOR] and not People(open_store()).all()
    return bool(set(roles) & set(at_work.roles))


def refused(at_work: Person | None, roles: Sequence[Role]) -> str:
    """Return why this person may not open a page, and what to do."""
    wanted = listing(roles, "or")
    if at_work:
        held = listing(at_work.roles) or "none"
        return (
            f"This page needs the role {wanted}. Roles of {plain(at_work.name)}: {held}. "
            "An administrator gives roles."
        )
    if settings().signs_in:
        return f"Sign in first. This page needs the role {wanted}."
    if not alone():
        return (
            f"This page needs the role {wanted}, and nobody can show one: the advisor is open to "
            "other machines and has no sign-in. Whoever runs it sets ADVISOR_SIGN_IN_URL."
        )
    return f"This page needs the role {wanted}. Choose above whom you act as, or add people first."


def admitted(at_work: Person | None) -> bool:
    """Tell whether nobody has to sign in, or somebody did."""
    return at_work is not None or not settings().signs_in


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
    everybody = {one.id: one for one in People(open_store()).all()}
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


def choice(name: str, one: Person) -> str:
    """Return a person as a line of the list."""
    return f"{name}: {listing(one.roles) or 'no role'}"


def act() -> None:
    """Act as the chosen person from now on, in this window and in those opened later."""
    st.session_state["acting"] = last_chosen()[0] = st.session_state["acting-as"]
