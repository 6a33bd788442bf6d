"""Small things that screens draw alike: buttons, lists, tables, pictures, files, problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from advisor.core.markdown import plain
from advisor.errors import AdvisorError, InputError
from advisor.presentation.file_names import FORMATS

_Row = TypeVar("_Row")
_MEDIA = {ending: media for ending, (_, media) in FORMATS.items()} | {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "yaml": "application/yaml",
    "zip": "application/zip",
}
NO_BREAK = "\u00a0%"
"""A percent sign that stays on the line of its figure."""


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


def show_errors(error: InputError) -> None:
    """Say what is wrong in what was given, each thing by itself."""
    for problem in error.problems:
        st.error(plain(str(problem)))


def bullets(lines: Iterable[str]) -> None:
    """Show lines of Markdown as a list."""
    st.markdown("\n".join(f"- {line}" for line in lines))


def tabs(parts: Mapping[str, Callable[[], None]]) -> None:
    """Draw parts behind their titles."""
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            draw()


def text_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Show a table that wraps on a phone and that screen readers read."""
    lines = [head, ["---"] * len(head), *([plain(cell) for cell in row] for row in rows)]
    st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def record_table(rows: Sequence[dict[str, str]]) -> None:
    """Show records as a table of texts."""
    st.table([{name: plain(value) for name, value in row.items()} for row in rows])


def figure(drawn: dict[str, Any], alt: str, **more: Any) -> Any:
    """Draw a chart, given as Vega-Lite, with the words that say the same."""
    return st.vega_lite_chart(drawn, theme=None, width="stretch", alt=alt, **more)


def download(label: str, data: Any, name: str, **look: Any) -> None:
    """Offer a file by its name; taking it does not draw the page again."""
    media = _MEDIA[name.rpartition(".")[2]]
    st.download_button(label, data, name, media, on_click="ignore", **look)


def first_shown(total: int, size: int, key: str) -> int:
    """Return where the page begins that was chosen last; the last page if there are fewer now."""
    last = -(-total // size) or 1
    return (min(int(st.session_state.get(key, 1)), last) - 1) * size


def page_of(rows: Sequence[_Row], size: int, key: str) -> Sequence[_Row]:
    """Return the rows of the page that was chosen last."""
    first = first_shown(len(rows), size, key)
    return rows[first : first + size]


def pager(total: int, size: int, key: str) -> None:
    """Draw the way to the other pages; nothing where one holds all."""
    if total > size:
        st.pagination(-(-total // size), key=key)


def some_of(rows: Sequence[_Row], size: int, key: str) -> Iterator[_Row]:
    """Yield so many rows of a long list; then say how many there are, and draw the way to them."""
    yield from page_of(rows, size, key)
    total_and_pager(len(rows), size, key)


def total_and_pager(total: int, size: int, key: str) -> None:
    """Say how many there are where one page does not hold all, and draw the way to the others."""
    if total > size:
        st.markdown(f"{total:,} in all")
        pager(total, size, key)
