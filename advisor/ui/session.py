"""What every screen asks first: the database, the proposal in the address, who saves."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from advisor.errors import NotFoundError
from advisor.presentation.wording import moment
from advisor.review.people.people import People
from advisor.store import SavedVersion, Store, Stored, open_store
from advisor.store.versions.version_records import AUTHOR
from advisor.ui.identity import person
from advisor.ui.screens import go_to
from advisor.ui.widgets import attempt


def store() -> Store:
    """Return the database, shared by all sessions."""
    return open_store()


def names() -> dict[str, str]:
    """Return how people are known, by id."""
    return {person.id: person.name for person in People(store()).all()}


def author() -> str:
    """Return the id of who is at work."""
    at_work = person()
    return at_work.id if at_work else AUTHOR


def current() -> Stored:
    """Return the proposal named in the URL (`?p=`); without one, say so and stop the page."""
    name = st.query_params.get("p")
    try:
        if name:
            return store().get(name)
    except NotFoundError:
        st.error("There is no such proposal. The link may be incomplete.")
    st.info("Choose a proposal first.")
    go_to("proposals", "All proposals", ":material/list:")
    st.stop()


def save(stored: Stored, changes: Mapping[str, Any], key: str | None = None) -> SavedVersion | None:
    """Save changes as a new version; a `key` makes that happen once, however often it is called."""
    done: SavedVersion | None = attempt(
        store().edit, stored.id, changes, author(), key or secrets.token_hex(8)
    )
    return done


def local_time(at: datetime) -> str:
    """Return a moment in the reader's own zone, if the browser tells it."""
    try:
        return moment(at.astimezone(ZoneInfo(st.context.timezone or "UTC")))
    except (ZoneInfoNotFoundError, ValueError):
        return moment(at)
