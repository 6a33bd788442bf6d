"""What all fields of the form of a decision share: their keys, and what is wrong beside them."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import Problem
from advisor.presentation.wording import start
from advisor.review.dossier.dossier_record import Dossier

KEEP: dict[str, Any] = {"persist_state": "session"}
"""What is typed outlives a look at another choice."""
_ALONE = ("reason", "number", "expires", "minutes", "compute")
_MANY = ("checklist.", "conditions.#", "override.")


def place(read: Dossier, name: str) -> str:
    """Return the key of a field; it names no version, so that what is typed outlives an edit."""
    return f"decide/{read.stored.id}/{name}"


def value(read: Dossier, name: str, otherwise: Any = None) -> Any:
    """Return what a field holds."""
    return st.session_state.get(place(read, name), otherwise)


def wrong(read: Dossier, where: str) -> None:
    """Show what was wrong with one field at the last attempt, beside it."""
    for problem in problems(read):
        if problem.where == where:
            words = plain(start(f"{problem.what}. {problem.mend}.".strip()))
            st.markdown(f":red[:material/error: {words}]")


def others(read: Dossier) -> None:
    """Show what was wrong and belongs to no field of the form, and how much is marked above."""
    marked = 0
    for problem in problems(read):
        if problem.where in _ALONE or problem.where.startswith(_MANY):
            marked += 1
        else:
            st.error(plain(str(problem) if problem.where else problem.what))
    if marked:
        what = "one thing is" if marked == 1 else f"{marked} things are"
        st.error(f"Nothing was recorded yet: {what} to be mended, marked in red above.")


def problems(read: Dossier) -> Iterator[Problem]:
    """Yield what was wrong at the last attempt."""
    yield from st.session_state.get(place(read, "problems"), ())
