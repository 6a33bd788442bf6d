"""Where the screens lie, one file each in folders by what they are for, and links to them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st


@cache
def screen_files() -> dict[str, str]:
    """Return the file of every screen by its name, which is its address too."""
    return {path.stem: str(path) for path in sorted(pages_folder().rglob("*.py"))}


@cache
def pages_folder() -> Path:
    """Return the folder with the screens: beside the package, or inside an installed wheel."""
    here = Path(__file__).resolve().parents[1]
    checkout = here.parent / "pages"
    return checkout if checkout.is_dir() else here / "shipped" / "pages"


def page(name: str) -> str:
    """Return the path of a screen, for whatever leads there."""
    return screen_files()[name]


def go_to(name: str, label: str, icon: str | None = None, **query: str) -> None:
    """Draw a link to a screen; `query` stands in its address."""
    st.page_link(page(name), label=label, icon=icon, query_params=query or None)
