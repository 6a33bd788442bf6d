"""One person: who they are, and every role given or taken; some changes are asked about first."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

import streamlit as st

from advisor.core.markdown import plain
from advisor.domain.lifecycle import Role
from advisor.presentation.wording import listing
from advisor.review.people.people import People
from advisor.review.people.role_words import locked_out, role_words
from advisor.store.people.people import Person
from advisor.ui.session import store
from advisor.ui.widgets import attempt, press

ERASE = "erase"


def say(text: str) -> None:
    """Say on the next drawing what was done."""
    st.session_state["done"] = text


def card(person: Person, by: str) -> None:
    """Draw one person; they may be open for changes by an administrator."""
    opened = st.session_state.get("open") == person.id
    left, right = st.columns([5, 1], vertical_alignment="center")
    address = f"  \n{plain(person.email)}" if person.email else ""
    left.markdown(
        f"**{plain(person.name)}**{' (you)' if person.id == by else ''}: "
        f"{listing(person.roles) or 'no role'}{address}"
    )
    with right:
        label, target = ("Close", None) if opened else ("Change", person.id)
        press(label, _open, target, key=f"open-{person.id}")
    if opened:
        _changes(person, by)


def _open(id: str | None) -> None:
    """Open one person for changes, or close them."""
    st.session_state["open"] = id
    st.session_state.pop("sure", None)


def _changes(person: Person, by: str) -> None:
    """Offer every role to be given or taken, and to erase the person."""
    asked = st.session_state.get("sure", ("", ""))
    for role in Role:
        st.toggle(
            role_words(role),
            role in person.roles,
            key=f"role/{person.id}/{role}/{st.session_state.get('turn', 0)}",
            on_change=_switch,
            args=(person, role, by),
        )
        if asked == (person.id, role):
            _confirm(person, role, by)
    st.markdown(f"Id, as the trail names them: `{person.id}`")
    icon = ":material/delete:"
    press("Erase …", _sure, (person.id, ERASE), key=f"erase-{person.id}", icon=icon)
    if asked == (person.id, ERASE):
        _confirm(person, ERASE, by)


def _switch(person: Person, role: Role, by: str) -> None:
    """Give or take a role; ask first where taking it locks somebody out."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1
    if role not in person.roles:
        _give(person, role, by)
    elif _losses(person, role, by):
        _sure((person.id, role))
    else:
        _take(person, role=role, by=by)


def _losses(person: Person, role: Role, by: str) -> list[str]:
    """Return what nobody could do any more, or this person could not."""
    return locked_out(People(store()).all(), person, role, by)


def _sure(asked: tuple[str, str] | None) -> None:
    """Ask whether somebody is sure, or stop asking."""
    st.session_state["sure"] = asked or ("", "")


def _confirm(person: Person, what: str, by: str) -> None:
    """Say what follows, and let the administrator go on or not."""
    if what == ERASE:
        st.warning(
            f"**Erase {plain(person.name)}?** Name, address and roles go for good, and they cannot "
            "sign in as this person again. What they decided stays, under the id above, because "
            "the trail must not change. Records that were exported before still hold the name."
        )
        do: Callable[[Person], None] = partial(_erase, by=by)
        label = "Erase for good"
    else:
        role = Role(what)
        st.warning(" ".join(map(plain, _losses(person, role, by))))
        do, label = partial(_take, role=role, by=by), "Take it all the same"
    with st.container(horizontal=True):
        press(label, do, person, key=f"sure-{person.id}", type="primary")
        press("Keep", _sure, None, key=f"keep-{person.id}")


def _give(person: Person, role: Role, by: str) -> None:
    _sure(None)
    if attempt(People(store()).give, person.id, role, by, secrets.token_hex(8)):
        say(f"{person.name} holds the role {role} now.")


def _take(person: Person, role: Role, by: str) -> None:
    _sure(None)
    if attempt(People(store()).take, person.id, role, by, secrets.token_hex(8)):
        say(f"{person.name} does not hold the role {role} any more.")


def _erase(person: Person, by: str) -> None:
    _open(None)
    if attempt(People(store()).erase, person.id, by, secrets.token_hex(8)):
        say(f"Erased. What {person.id} decided stays in the record.")
