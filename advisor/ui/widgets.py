"""Small things that screens draw alike: buttons, lists, pages of a list, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import AdvisorError

if TYPE_CHECKING:
    pass


_Row = TypeVar("_Row")


def attempt(do: Callable[..., Any], *args: Any) -> Any:
    """Do something; on an error return None and say on the next drawing what is wrong."""
    try:
        return do(*args)
    except AdvisorError as error:
        st.session_state["problems"] = str(error).splitlines()
    return None


def press(label: str, do: Callable[..., Any], *args: Any, key: str, **look: Any) -> None:
    """Draw a button that does something before the page is drawn again.

    A click that reaches a server which started again finds no callback; it is done all the same.
    """
    drawn: set[str] = st.session_state.setdefault("drawn", set())
    if st.button(label, key=key, on_click=do, args=args, **look) and key not in drawn:
        do(*args)
        st.rerun()
    drawn.add(key)


def show_problems() -> None:
    """Show what the last save found wrong, once."""
    for problem in st.session_state.pop("problems", []):
        st.error(plain(problem))


def bullets(lines: Iterable[str]) -> None:
    """Show lines of Markdown as a list."""
    st.markdown("\n".join(f"- {line}" for line in lines))


def some_of(found: Sequence[_Row], rows: int, key: str) -> Iterator[_Row]:
    """Yield so many rows of a long list; then draw the way to the others."""
    first = (st.session_state.get(key, 1) - 1) * rows
    yield from found[first : first + rows]
    if len(found) > rows:
        st.markdown(f"{len(found):,} in all")
        st.pagination(-(-len(found) // rows), key=key)
