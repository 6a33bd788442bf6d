"""What people said failures are: disagreements to settle, corrections, what was settled."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from advisor.core.markdown import plain
from advisor.failures.learning.opinions import Opinion
from advisor.presentation.wording import MODES, counted, start
from advisor.store.versions.version_records import AUTHOR
from advisor.ui.library.learning_acts import end, reopen
from advisor.ui.proposal import failure_texts
from advisor.ui.screens import go_to
from advisor.ui.session import author, local_time, names
from advisor.ui.widgets import page_of, pager, press

ROWS = 10


def disagreements(opinions: Sequence[Opinion]) -> None:
    """Draw what people disagree about, and let somebody settle it."""
    for opinion in opinions[:ROWS]:
        name = opinion.digest[:16]
        with st.container(border=True):
            st.markdown(f"**{plain(opinion.told(author(), names()))}.**")
            failure_texts.show(opinion.failure, name)
            with st.container(horizontal=True):
                for mode in dict.fromkeys(label.mode for label in opinion.labels):
                    key = f"settle-{name}-{mode}"
                    press(f"It is {MODES[mode]}", end, opinion, mode, key=key)
                latest = opinion.labels[-1].proposal_id
                go_to("failures", "Something else", ":material/edit:", p=latest)
    if len(opinions) > ROWS:
        st.markdown(f"{len(opinions) - ROWS:,} more follow when these are settled.")


def corrections(agreed: Sequence[Opinion]) -> None:
    """List what it would learn from, some at a time, the newest first."""
    if author() == AUTHOR:
        st.markdown(
            "Nobody signs in here, so all count as one person: the latest word wins, and nobody "
            "can disagree."
        )
    st.table([
        {
            "Failure": plain(opinion.brief),
            "Is": start(MODES[opinion.agreed]),
            "Said by": plain(opinion.by(author(), names())),
            "When": local_time(opinion.labels[-1].at),
        }
        for opinion in page_of(agreed, ROWS, "corrections_page")
        if opinion.agreed
    ])
    pager(len(agreed), ROWS, "corrections_page")


def settled(opinions: Sequence[Opinion]) -> None:
    """List what was settled, and let it be opened again."""
    with st.expander(f"{counted(len(opinions), 'disagreement')} settled"):
        for opinion in opinions[:ROWS]:
            name = opinion.digest[:16]
            counts = MODES[opinion.agreed] if opinion.agreed else "nothing yet"
            st.markdown(f"{plain(opinion.told(author(), names()))}. Counts: {counts}.")
            failure_texts.show(opinion.failure, name)
            press("Open it again", reopen, opinion, key=f"reopen-{name}")
