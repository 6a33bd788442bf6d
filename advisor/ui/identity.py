"""Who is at work: signed in, or acted as on this machine, and what they may open."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.settings import own_machine, settings
from advisor.domain.lifecycle import Role
from advisor.errors import NotAllowedError, NotFoundError
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.review.people.signing_in import signed_in
from advisor.store import open_store
from advisor.store.people.people import Person


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
        chosen = People(open_store()).find(id) if id else None
    except NotFoundError:
        return None
    return None if chosen and chosen.erased else chosen


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
