"""A widget that saves every change to one field of a proposal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.strict import digest
from advisor.errors import AdvisorError
from advisor.store import Stored
from advisor.ui.field_state import Live, value_at
from advisor.ui.session import author, store
from advisor.ui.widgets import press

if TYPE_CHECKING:
    pass


def live(
    stored: Stored,
    path: str,
    draw: Callable[..., Any],
    given: Callable[[Any], Any] = lambda value: value,
    place: str = "",
) -> None:
    """Draw a widget that saves every change to one field, and shows beside it what is wrong.

    Args:
        stored: The proposal as it is drawn.
        path: The field, as `Store.edit` names it.
        draw: Draws the widget: `draw(value, key=…, on_change=…)`; returns what it holds.
        given: Turns what the widget holds into what is stored.
        place: Tells two widgets for one field apart.
    """
    name = f"live/{place}{digest([stored.id, path])[:16]}"
    saved = value_at(stored.draft, path)
    field: Live = st.session_state.setdefault(name, Live(saved))
    field.before_drawing(saved)
    key = f"{name}/{field.turn}"

    def keep() -> None:
        _keep(stored, path, field, given(st.session_state[key]))

    shown = given(draw(saved, key=key, on_change=keep))
    field.after_drawing(saved, shown)
    for problem in field.wrong:
        st.error(plain(problem))
    if field.differs:
        _ask_which(stored, path, field, key)


def _keep(stored: Stored, path: str, field: Live, mine: Any) -> None:
    """Save a field unless somebody saved something newer in it."""
    latest = store().get(stored.id)
    if field.may_save(value_at(latest.draft, path), mine):
        _write(stored, path, field, mine)


def _write(stored: Stored, path: str, field: Live, mine: Any) -> None:
    try:
        store().edit(stored.id, {path: mine}, author(), secrets.token_hex(8))
    except AdvisorError as error:
        field.wrong = tuple(str(error).splitlines())
    else:
        field.kept(value_at(store().get(stored.id).draft, path))


def _ask_which(stored: Stored, path: str, field: Live, key: str) -> None:
    """Show what is saved beside what this window holds, and let the person choose."""
    theirs = value_at(stored.draft, path)
    st.warning("Something else was saved here meanwhile, perhaps in another window. It says:")
    st.text(str(theirs if isinstance(theirs, str) and theirs else "nothing"))
    with st.container(horizontal=True):
        press("Keep what I have", _write, stored, path, field, field.mine, key=f"{key}/mine")
        press("Take what is saved", field.take, theirs, key=f"{key}/theirs")
