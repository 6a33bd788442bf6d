"""The texts of a failure as they are: of long ones the beginning, and a way to see all."""

import streamlit as st

from advisor.core.markdown import plain, verbatim
from advisor.documents.record import shorten
from advisor.failures.features.texts import READ
from advisor.presentation.differences import TEXTS
from advisor.proposal import Failure

BEGINNING = 600
"""Characters of one text that are shown at first."""
WHOLE = 200_000
"""Characters that a browser still shows at once without trouble."""


def show(failure: Failure, key: str, heading: str = "") -> None:
    """Draw the texts of one failure, nothing in them interpreted; `key` tells failures apart."""
    texts = {label: text for name, label in TEXTS.items() if (text := getattr(failure, name))}
    lines = [heading] if heading else []
    lines += [
        f"{told(label, text, BEGINNING)}:  \n{verbatim(shorten(text, BEGINNING))}"
        for label, text in texts.items()
    ]
    st.markdown("\n\n".join(lines))
    long = {label: text for label, text in texts.items() if len(text) > BEGINNING}
    if long and st.toggle("Show all of it", key=f"whole-{key}"):
        show_whole(long)


def show_whole(texts: dict[str, str]) -> None:
    """Draw long texts in full, each with a bar of its own to scroll it by."""
    for label, text in texts.items():
        st.markdown(f"{told(label, text, WHOLE)}:")
        with st.container(height=300):
            st.text(text[:WHOLE])
    if max(map(len, texts.values())) > READ:
        st.markdown(
            f"The advisor reads the beginning and the end of a text of more than {READ:,} "
            "characters."
        )


def told(label: str, text: str, most: int) -> str:
    """Return the name of a text, and how much of it is shown if not all."""
    if len(text) <= most:
        return plain(label)
    return f"{plain(label)} (the first {most:,} of {len(text):,} characters)"
