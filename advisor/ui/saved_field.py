"""A widget that saves every change to one field of a proposal."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.core.strict import digest
from advisor.errors import AdvisorError
from advisor.proposal import Draft
from advisor.store import UNSET, Stored
from advisor.ui.session import author, store
from advisor.ui.widgets import press

NOTHING = object()
"""The one value that no field can hold."""


@dataclass
class FieldState:
    """What a window last saw saved in a field, and what it wants to save there."""

    base: Any
    turn: int = 0
    """Rises when the widget must start again from what is saved."""
    mine: Any = NOTHING
    """What this window holds while something newer is saved elsewhere."""
    wrong: tuple[str, ...] = ()
    """What is wrong with what the window holds."""
    fresh: bool = True
    """True until it was drawn once."""

    @property
    def differs(self) -> bool:
        """Whether the person must choose between theirs and what is saved."""
        return self.mine is not NOTHING

    def before_drawing(self, saved: Any) -> None:
        """Take over what another window saved, unless this one holds something of its own."""
        if not self.differs and not self.wrong and not same(saved, self.base):
            self.take(saved)

    def after_drawing(self, saved: Any, shown: Any) -> None:
        """Notice what a browser still held when the server had forgotten it."""
        if self.fresh and not same(shown, saved):
            self.mine = shown
        self.fresh = False

    def may_save(self, saved: Any, mine: Any) -> bool:
        """Tell whether `mine` may be saved; if something newer is, keep it and ask."""
        if same(saved, self.base) or same(saved, mine):
            return True
        self.mine = mine
        return False

    def kept(self, saved: Any) -> None:
        """Note what was saved."""
        self.base, self.mine, self.wrong = saved, NOTHING, ()

    def take(self, saved: Any) -> None:
        """Start again from what is saved."""
        self.kept(saved)
        self.turn += 1


def same(left: Any, right: Any) -> bool:
    """Tell whether two values of a field are equal; an empty text is none, and 1 is not True."""
    left, right = (None if value == "" else value for value in (left, right))
    return type(left) is type(right) and bool(left == right)


def value_at(draft: Draft, path: str) -> Any:
    """Return what a draft holds at a path of `Store.edit`; `UNSET` for what was not answered."""
    group, dot, name = path.partition(".")
    if not dot:
        return getattr(draft, path)
    if group in {"answers", "review"}:
        return getattr(draft, group).get(name, UNSET)
    return draft.corrections.get(name) if group == "corrections" else getattr(draft.current, name)


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
    field: FieldState = st.session_state.setdefault(name, FieldState(saved))
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


def _keep(stored: Stored, path: str, field: FieldState, mine: Any) -> None:
    """Save a field unless somebody saved something newer in it."""
    latest = store().get(stored.id)
    if field.may_save(value_at(latest.draft, path), mine):
        _write(stored, path, field, mine)


def _write(stored: Stored, path: str, field: FieldState, mine: Any) -> None:
    try:
        store().edit(stored.id, {path: mine}, author(), secrets.token_hex(8))
    except AdvisorError as error:
        field.wrong = tuple(str(error).splitlines())
    else:
        field.kept(value_at(store().get(stored.id).draft, path))


def _ask_which(stored: Stored, path: str, field: FieldState, key: str) -> None:
    """Show what is saved beside what this window holds, and let the person choose."""
    theirs = value_at(stored.draft, path)
    st.warning("Something else was saved here meanwhile, perhaps in another window. It says:")
    st.text(str(theirs if isinstance(theirs, str) and theirs else "nothing"))
    with st.container(horizontal=True):
        press("Keep what I have", _write, stored, path, field, field.mine, key=f"{key}/mine")
        press("Take what is saved", field.take, theirs, key=f"{key}/theirs")
