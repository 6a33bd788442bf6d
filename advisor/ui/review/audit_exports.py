"""Taking the trail away, and the list of overrides of a month."""

from datetime import UTC, date, datetime

import streamlit as st

from advisor.core.markdown import plain
from advisor.presentation.wording import MONTHS, counted, day_words
from advisor.review.audit.trail_file import begin, pieces
from advisor.review.decisions.overrides import Overridden, overrides, overrides_csv
from advisor.rules import load
from advisor.ui.screens import go_to
from advisor.ui.session import local_time, store
from advisor.ui.widgets import bullets, download

MONTHS_BACK = 12


def trail_download(actor: str) -> None:
    """Offer the whole trail; that somebody took it stands in its last row."""
    download(
        "Export the trail",
        lambda: _trail(actor),
        "trail.jsonl",
        key="trail-export",
        icon=":material/download:",
        help="Prove it anywhere with: advisor audit verify trail.jsonl",
    )


def _trail(actor: str) -> bytes:
    head = begin(store(), actor)
    with pieces(store(), head) as lines:
        return b"".join(lines)


def overrides_list() -> None:
    """Draw what was set aside in a month, by whom, why and until when."""
    today = datetime.now(UTC).date()
    months = [_back(today, count) for count in range(MONTHS_BACK)]
    day = st.selectbox(
        "In force in", months, format_func=lambda month: f"{MONTHS[month.month - 1]} {month.year}",
        key="month",
    )  # fmt: skip
    listed = overrides(store(), load(), day)
    if not listed:
        st.markdown("None: nothing was approved against a rule in that month.")
        return
    st.markdown(f"{counted(len(listed), 'override')}, the newest first.")
    for place, override in enumerate(listed):
        _override(override, place)
    file = f"overrides-{day:%Y-%m}.csv"
    download("This list as CSV", overrides_csv(listed).encode(), file, key="overrides-csv")


_FOR = {"pilot": "a pilot", "adoption": "adoption"}


def _back(today: date, count: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return date(years, month + 1, 1)


def _override(override: Overridden, place: int) -> None:
    with st.container(border=True):
        go_to("dossier", f"**{plain(override.title)}**", p=override.proposal)
        ended = (
            f"; ended {local_time(override.ended_at)}: {plain(override.ended_why)}"
            if override.ended_at
            else ""
        )
        st.markdown(
            f"**{plain(override.name)}** for {_FOR[override.kind]}, version {override.version}, "
            f"{local_time(override.at)}, until **{day_words(override.last_day)}**{ended}"
        )
        aside = "; ".join(map(plain, override.set_aside)) or "a no on the checklist"
        bullets((
            f"Set aside: {aside}",
            f"Risk that is accepted: {plain(override.accepted_risk)}",
            f"What holds it down: {plain(override.control)}",
            f"Why: {plain(override.reason)}",
        ))
